/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#include "config.h"
#include "aionet-serve-stun.h"

#include "aionet-commands.h"
#include "aionet-stun-server.h"

#include <glib-unix.h>
#include <ifaddrs.h>
#include <net/if.h>
#include <netinet/in.h>
#include <stdio.h>

#define PROGRAM "aionet serve stun"
#define DEFAULT_PORT 3478

/* What the command line says. */
typedef struct
{
  int      port;
  char   **addresses; /* (owned) (nullable) */
  char    *answer;    /* (owned) (nullable) */
  gboolean silent;
  int      delay_ms;
  int      error_code;
} Arguments;

static void
arguments_clear (Arguments *self)
{
  g_strfreev (self->addresses);
  g_free (self->answer);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Arguments, arguments_clear)

static gboolean
check_arguments (const Arguments *arguments, int argc, const char **fault)
{
  *fault = NULL;
  if (argc > 1)
    *fault = "takes options only";
  else if (arguments->port < 0 || arguments->port > 65535)
    *fault = "--port is 0 to 65535";
  else if (arguments->delay_ms < 0 || arguments->delay_ms > 60000)
    *fault = "--delay is 0 to 60000";
  else if (arguments->error_code != 0 &&
           (arguments->error_code < 300 || arguments->error_code > 699))
    *fault = "--error is 300 to 699";
  return *fault == NULL;
}

/* Text to endpoint; "1.2.3.4:80" and "[::1]:80" keep their port, others get port. */
static GInetSocketAddress *
parse_endpoint (const char *text, guint16 port)
{
  g_autoptr (GSocketAddress) plain = g_inet_socket_address_new_from_string (text, port);
  g_autoptr (AionetTarget) target = NULL;

  if (plain != NULL)
    return G_INET_SOCKET_ADDRESS (g_steal_pointer (&plain));
  target = aionet_target_new_from_string (text, port, NULL);
  if (target == NULL || aionet_target_get_address (target) == NULL)
    return NULL;
  return G_INET_SOCKET_ADDRESS (g_inet_socket_address_new (aionet_target_get_address (target),
                                                           aionet_target_get_port (target)));
}

static GInetSocketAddress *
with_port (GInetSocketAddress *endpoint, guint16 port)
{
  gboolean v6 = g_socket_address_get_family (G_SOCKET_ADDRESS (endpoint)) == G_SOCKET_FAMILY_IPV6;

  return g_object_new (G_TYPE_INET_SOCKET_ADDRESS, "address",
                       g_inet_socket_address_get_address (endpoint), "port", (guint) port,
                       "scope-id", v6 ? g_inet_socket_address_get_scope_id (endpoint) : 0, NULL);
}

/* Every address of this host that can be bound. */
static GPtrArray *
list_local_endpoints (guint16 port)
{
  GPtrArray      *endpoints = g_ptr_array_new_with_free_func (g_object_unref);
  struct ifaddrs *list = NULL;

  if (getifaddrs (&list) != 0)
    return endpoints;
  for (struct ifaddrs *each = list; each != NULL; each = each->ifa_next)
    {
      int family = each->ifa_addr != NULL ? each->ifa_addr->sa_family : 0;
      g_autoptr (GSocketAddress) native = NULL;

      if ((family != AF_INET && family != AF_INET6) || (each->ifa_flags & IFF_UP) == 0)
        continue;
      native = g_socket_address_new_from_native (each->ifa_addr,
                                                 family == AF_INET ? sizeof (struct sockaddr_in)
                                                                   : sizeof (struct sockaddr_in6));
      g_ptr_array_add (endpoints, with_port (G_INET_SOCKET_ADDRESS (native), port));
    }
  freeifaddrs (list);
  return endpoints;
}

static GPtrArray *
parse_endpoints (char **addresses, guint16 port, const char **fault)
{
  GPtrArray *endpoints = g_ptr_array_new_with_free_func (g_object_unref);

  for (char **text = addresses; *text != NULL; text++)
    {
      GInetSocketAddress *endpoint = parse_endpoint (*text, port);

      if (endpoint != NULL)
        g_ptr_array_add (endpoints, endpoint);
      else
        *fault = *text;
    }
  return endpoints;
}

static void
print_listening (const char *protocol, GInetSocketAddress *local)
{
  g_autofree char *text = g_socket_connectable_to_string (G_SOCKET_CONNECTABLE (local));

  g_print ("Listening on %s %s\n", protocol, text);
}

static void
add_fault (GPtrArray *faults, const char *protocol, GInetSocketAddress *endpoint, GError *error)
{
  g_autofree char *text = g_socket_connectable_to_string (G_SOCKET_CONNECTABLE (endpoint));

  g_ptr_array_add (faults,
                   g_strdup_printf ("cannot listen on %s %s: %s", protocol, text, error->message));
}

/* Returns TRUE if anything is served there. */
static gboolean
listen_on (AionetStunServer *server, GInetSocketAddress *endpoint, GPtrArray *faults)
{
  static const struct
  {
    GSocketProtocol protocol;
    const char     *name;
  } transports[] = { { G_SOCKET_PROTOCOL_UDP, "udp" }, { G_SOCKET_PROTOCOL_TCP, "tcp" } };
  gboolean listening = FALSE;

  for (gsize i = 0; i < G_N_ELEMENTS (transports); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (GInetSocketAddress) local =
          aionet_stun_server_listen (server, transports[i].protocol, endpoint, &error);

      if (local == NULL)
        add_fault (faults, transports[i].name, endpoint, error);
      else
        print_listening (transports[i].name, local);
      listening = listening || local != NULL;
    }
  return listening;
}

static gboolean
listen_on_any_port (AionetStunServer *server, GInetSocketAddress *endpoint, GPtrArray *faults)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GInetSocketAddress) local =
      aionet_stun_server_listen_any_port (server, endpoint, &error);

  if (local == NULL)
    {
      add_fault (faults, "udp and tcp", endpoint, error);
      return FALSE;
    }
  print_listening ("udp", local);
  print_listening ("tcp", local);
  return TRUE;
}

/* One that fails does not keep the others. Returns TRUE if any is served. */
static gboolean
listen_everywhere (AionetStunServer *server, GPtrArray *endpoints)
{
  g_autoptr (GPtrArray) faults = g_ptr_array_new_with_free_func (g_free);
  gboolean listening = FALSE;

  for (guint i = 0; i < endpoints->len; i++)
    {
      GInetSocketAddress *endpoint = g_ptr_array_index (endpoints, i);
      gboolean            served = g_inet_socket_address_get_port (endpoint) == 0
                                       ? listen_on_any_port (server, endpoint, faults)
                                       : listen_on (server, endpoint, faults);

      listening = listening || served;
    }
  fflush (stdout);
  if (!listening)
    {
      _cmd_fail ("%s",
                 faults->len > 0 ? (const char *) faults->pdata[0] : "no address to listen on");
      return FALSE;
    }
  for (guint i = 0; i < faults->len; i++)
    _cmd_fail ("%s", (const char *) faults->pdata[i]);
  return TRUE;
}

static gboolean
on_signal (gpointer user_data)
{
  g_main_loop_quit (user_data);
  return G_SOURCE_CONTINUE;
}

static int
run (const AionetStunServerOptions *options, GPtrArray *endpoints)
{
  g_autoptr (GMainLoop) loop = g_main_loop_new (NULL, FALSE);
  g_autoptr (AionetStunServer) server = aionet_stun_server_new (options);
  const AionetStunCounters *counters = aionet_stun_server_get_counters (server);
  guint                     signals[2];
  gboolean                  listening;

  signals[0] = g_unix_signal_add (SIGTERM, on_signal, loop);
  signals[1] = g_unix_signal_add (SIGINT, on_signal, loop);
  /* Whoever reads that it listens may end it at once. */
  listening = listen_everywhere (server, endpoints);
  if (listening)
    g_main_loop_run (loop);
  g_source_remove (signals[0]);
  g_source_remove (signals[1]);
  if (!listening)
    return EXIT_FAILED;
  g_print ("Answered %" G_GUINT64_FORMAT ", with an error %" G_GUINT64_FORMAT
           ", ignored %" G_GUINT64_FORMAT ", cut off %" G_GUINT64_FORMAT "\n",
           counters->n_answered, counters->n_errors, counters->n_ignored,
           aionet_stun_server_get_n_cut_off (server));
  return EXIT_DONE;
}

static int
run_with (const Arguments *arguments)
{
  g_autoptr (GPtrArray) endpoints = NULL;
  g_autoptr (GInetSocketAddress) answer = NULL;
  const char             *fault = NULL;
  AionetStunServerOptions options = {
    .responder = { .software = "libaionet " AIONET_VERSION_STRING,
                   .error_code = (guint) arguments->error_code },
    .silent = arguments->silent,
    .delay_ms = (guint) arguments->delay_ms,
  };

  if (arguments->addresses != NULL)
    endpoints = parse_endpoints (arguments->addresses, (guint16) arguments->port, &fault);
  else
    endpoints = list_local_endpoints ((guint16) arguments->port);
  if (fault == NULL && arguments->answer != NULL)
    {
      answer = parse_endpoint (arguments->answer, 0);
      options.responder.answer = answer;
      if (answer == NULL)
        fault = arguments->answer;
    }
  if (fault != NULL)
    return _cmd_misuse (PROGRAM, "“%s” is no address", fault);
  return run (&options, endpoints);
}

int
aionet_serve_stun_main (int argc, char *argv[])
{
  g_auto (Arguments) arguments = { .port = DEFAULT_PORT };
  const GOptionEntry entries[] = {
    { "port", 'p', 0, G_OPTION_ARG_INT, &arguments.port, "Port of UDP and TCP (3478)", "PORT" },
    { "address", 'a', 0, G_OPTION_ARG_STRING_ARRAY, &arguments.addresses,
      "Listen here only; may be given again (every address of this host)", "ADDRESS" },
    { "answer", 0, G_OPTION_FLAG_HIDDEN, G_OPTION_ARG_STRING, &arguments.answer,
      "Tell everybody this mapped address", "ADDRESS" },
    { "silent", 0, G_OPTION_FLAG_HIDDEN, G_OPTION_ARG_NONE, &arguments.silent, "Say nothing",
      NULL },
    { "delay", 0, G_OPTION_FLAG_HIDDEN, G_OPTION_ARG_INT, &arguments.delay_ms, "Answer later",
      "MS" },
    { "error", 0, G_OPTION_FLAG_HIDDEN, G_OPTION_ARG_INT, &arguments.error_code,
      "Answer everything with an error", "CODE" },
    { NULL }
  };
  g_autoptr (GOptionContext) context = g_option_context_new ("– answer STUN Binding requests");
  const char *fault;
  int         status;

  g_option_context_add_main_entries (context, entries, NULL);
  if (!_cmd_parse (context, PROGRAM, &argc, &argv, &status))
    return status;
  if (!check_arguments (&arguments, argc, &fault))
    return _cmd_misuse (PROGRAM, "%s", fault);
  return run_with (&arguments);
}

int
_cmd_serve (int argc, char *argv[])
{
  static const AionetCommand commands[] = {
    { "stun", aionet_serve_stun_main, "answer STUN Binding requests over UDP and TCP" }, { NULL }
  };

  return _cmd_dispatch (commands, "aionet serve", argc, argv);
}
