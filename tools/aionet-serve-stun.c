/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#include "config.h"
#include "aionet-serve-stun.h"

#include "aionet-commands.h"
#include "aionet-crooked-server.h"
#include "aionet-host-options.h"

#include <glib-unix.h>
#include <stdio.h>

#define PROGRAM "aionet serve stun"
#define DEFAULT_PORT 3478
#define DEFAULT_ALTERNATE_PORT 3479
#define MAX_RATE 1000000
#define MAX_COPIES 1000

/* What the command line says. */
typedef struct
{
  HostOptions       host;
  int               port;
  int               alternate_port; /* -1: not said */
  int               rate;
  char            **addresses; /* (owned) (nullable) */
  gboolean          plain;
  gboolean          padding;
  char             *answer;    /* (owned) (nullable) */
  char             *alternate; /* (owned) (nullable) */
  int               delay_ms;
  int               error_code;
  int               n_copies;

  AionetCrookedness crooked;
} Arguments;

static void
arguments_clear (Arguments *self)
{
  _host_options_clear (&self->host);
  g_strfreev (self->addresses);
  g_free (self->answer);
  g_free (self->alternate);
  g_clear_object (&self->crooked.answer);
  g_clear_object (&self->crooked.alternate);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Arguments, arguments_clear)

static gboolean
check_arguments (const Arguments *arguments, int argc, const char **fault)
{
  *fault = NULL;
  if (argc > 1 && arguments->addresses != NULL)
    *fault = "listens on interfaces or on --address, not on both";
  else if (arguments->port < 0 || arguments->port > 65535)
    *fault = "--port is 0 to 65535";
  else if (arguments->alternate_port < -1 || arguments->alternate_port > 65535)
    *fault = "--alternate-port is 0 to 65535";
  else if (arguments->rate < 0 || arguments->rate > MAX_RATE)
    *fault = "--rate is 0 to 1000000";
  else if (arguments->delay_ms < 0 || arguments->delay_ms > 60000)
    *fault = "--delay is 0 to 60000";
  else if (arguments->error_code != 0 &&
           (arguments->error_code < 300 || arguments->error_code > 699))
    *fault = "--error is 300 to 699";
  else if (arguments->n_copies < 1 || arguments->n_copies > MAX_COPIES)
    *fault = "--flood is 1 to 1000";
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

/* Any local address, whatever interface it is on. */
static AionetRoute *
new_route (const char *text)
{
  g_autoptr (GInetSocketAddress) endpoint = parse_endpoint (text, 0);
  g_autoptr (AionetInterface) any = aionet_interface_new_default ();
  g_autoptr (AionetRoute) route = NULL;
  g_autofree char *address = NULL;
  g_autofree char *scoped = NULL;
  guint32          scope_id = 0;

  if (endpoint == NULL)
    return NULL;
  address = g_inet_address_to_string (g_inet_socket_address_get_address (endpoint));
  route = aionet_interface_get_route (
      any, g_socket_address_get_family (G_SOCKET_ADDRESS (endpoint)), NULL);
  if (g_socket_address_get_family (G_SOCKET_ADDRESS (endpoint)) == G_SOCKET_FAMILY_IPV6)
    scope_id = g_inet_socket_address_get_scope_id (endpoint);
  scoped = scope_id != 0 ? g_strdup_printf ("%s%%%u", address, scope_id) : g_strdup (address);
  return aionet_route_bind_to (route, scoped, g_inet_socket_address_get_port (endpoint), NULL);
}

/* What one --address says. (transfer full) (element-type AionetRoute) */
static GListStore *
parse_group (const char *text, gboolean *is_sound)
{
  GListStore *routes = g_list_store_new (AIONET_TYPE_ROUTE);
  g_auto (GStrv) addresses = g_strsplit (text, ",", -1);

  for (char **address = addresses; *address != NULL; address++)
    {
      g_autoptr (AionetRoute) route = new_route (*address);

      if (route != NULL)
        g_list_store_append (routes, route);
      else
        *is_sound = FALSE;
    }
  return routes;
}

/* Those of one argument are alternates of each other only, so are all that came alone.
 * Returns: (transfer full) (element-type GListModel) */
static GListStore *
parse_groups (char **texts, const char **fault)
{
  GListStore *groups = g_list_store_new (G_TYPE_LIST_MODEL);
  g_autoptr (GListStore) singles = g_list_store_new (AIONET_TYPE_ROUTE);

  for (char **text = texts; *text != NULL; text++)
    {
      gboolean is_sound = TRUE;
      g_autoptr (GListStore) group = parse_group (*text, &is_sound);
      g_autoptr (AionetRoute) first = g_list_model_get_item (G_LIST_MODEL (group), 0);

      if (!is_sound || first == NULL)
        *fault = *text;
      else if (g_list_model_get_n_items (G_LIST_MODEL (group)) > 1)
        g_list_store_append (groups, group);
      else
        g_list_store_append (singles, first);
    }
  if (g_list_model_get_n_items (G_LIST_MODEL (singles)) > 0)
    g_list_store_append (groups, singles);
  return groups;
}

static char *
endpoint_to_string (GSocketAddress *address)
{
  return g_socket_connectable_to_string (G_SOCKET_CONNECTABLE (address));
}

static void
print_outside (AionetStunServer *server, AionetPipe *listener, const char *protocol)
{
  g_autofree char *local = endpoint_to_string (aionet_pipe_get_local_address (listener));
  g_autoptr (GSocketAddress) own =
      aionet_stun_server_get_endpoint (server, listener, AIONET_STUN_CHANGE_NONE);
  g_autoptr (GSocketAddress) other = aionet_stun_server_get_endpoint (
      server, listener, AIONET_STUN_CHANGE_IP | AIONET_STUN_CHANGE_PORT);
  g_autofree char *own_text = own != NULL ? endpoint_to_string (own) : NULL;
  g_autofree char *other_text = other != NULL ? endpoint_to_string (other) : NULL;

  if (own_text != NULL && !g_str_equal (own_text, local))
    g_print ("Known outside as %s %s: %s\n", protocol, local, own_text);
  if (other_text != NULL)
    g_print ("Alternate of %s %s: %s\n", protocol, local, other_text);
}

static void
print_listeners (AionetStunServer *server)
{
  GListModel *listeners = aionet_daemon_get_listeners (AIONET_DAEMON (server));

  for (guint pass = 0; pass < 2; pass++)
    for (guint i = 0; i < g_list_model_get_n_items (listeners); i++)
      {
        g_autoptr (AionetPipe) listener = g_list_model_get_item (listeners, i);
        g_autofree char *local = endpoint_to_string (aionet_pipe_get_local_address (listener));
        const char      *protocol =
            aionet_pipe_get_protocol (listener) == G_SOCKET_PROTOCOL_UDP ? "udp" : "tcp";

        if (pass == 0)
          g_print ("Listening on %s %s\n", protocol, local);
        else
          print_outside (server, listener, protocol);
      }
  fflush (stdout);
}

typedef struct
{
  AionetStunServer *server;      /* (owned) */
  GMainLoop        *loop;        /* (owned) */
  GCancellable     *cancellable; /* (owned) */
  gboolean          is_listening;
} Serving;

/* One address that fails does not keep the others. error: (nullable) if all do */
static void
on_listening (Serving *self, const GError *error)
{
  g_auto (GStrv) failures = aionet_daemon_get_failures (AIONET_DAEMON (self->server));

  self->is_listening = error == NULL;
  if (error == NULL)
    print_listeners (self->server);
  for (char **failure = failures; *failure != NULL; failure++)
    _cmd_fail ("cannot listen on %s", *failure);
  if (error != NULL && !g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    _cmd_fail ("cannot listen: %s", error->message);
}

static void
on_started (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Serving *self = user_data;
  g_autoptr (GError) error = NULL;

  aionet_stun_server_start_finish (AIONET_STUN_SERVER (source), result, &error);
  on_listening (self, error);
  if (error != NULL)
    g_main_loop_quit (self->loop);
}

static gboolean
on_signal (gpointer user_data)
{
  Serving *self = user_data;

  g_cancellable_cancel (self->cancellable);
  if (self->is_listening)
    g_main_loop_quit (self->loop);
  return G_SOURCE_CONTINUE;
}

static void
print_counters (AionetStunServer *server)
{
  const GSocketProtocol all = G_SOCKET_PROTOCOL_DEFAULT;

  g_print ("Answered %" G_GUINT64_FORMAT ", with an error %" G_GUINT64_FORMAT
           ", ignored %" G_GUINT64_FORMAT ", above the rate %" G_GUINT64_FORMAT
           ", lost %" G_GUINT64_FORMAT ", cut off %" G_GUINT64_FORMAT "\n",
           aionet_stun_server_get_n_answered (server, all),
           aionet_stun_server_get_n_errors (server, all),
           aionet_stun_server_get_n_ignored (server, all),
           aionet_stun_server_get_n_limited (server, all),
           aionet_stun_server_get_n_lost (server, all), aionet_stun_server_get_n_cut_off (server));
}

static AionetStunServer *
new_server (const Arguments *arguments)
{
  int               alternate_port = arguments->alternate_port;
  AionetStunServer *server = aionet_crookedness_is_any (&arguments->crooked)
                                 ? aionet_crooked_server_new (&arguments->crooked)
                                 : aionet_stun_server_new ();

  if (alternate_port < 0)
    alternate_port = arguments->port == 0 ? 0 : DEFAULT_ALTERNATE_PORT;
  aionet_stun_server_set_port (server, (guint) arguments->port);
  aionet_stun_server_set_alternate_port (server, (guint) alternate_port);
  aionet_stun_server_set_behavior_discovery (server, !arguments->plain);
  aionet_stun_server_set_echo_padding (server, arguments->padding);
  aionet_stun_server_set_max_rate (server, (guint) arguments->rate);
  aionet_stun_server_set_max_addresses (server, 1024);
  aionet_stun_server_set_software (server, "libaionet " AIONET_VERSION_STRING);
  return server;
}

/* Returns what is no address, or NULL. */
static const char *
read_crookedness (Arguments *arguments)
{
  AionetCrookedness *crooked = &arguments->crooked;

  crooked->error_code = (guint) arguments->error_code;
  crooked->delay_ms = (guint) arguments->delay_ms;
  crooked->n_copies = (guint) arguments->n_copies;
  if (arguments->answer != NULL)
    crooked->answer = parse_endpoint (arguments->answer, 0);
  if (arguments->alternate != NULL)
    crooked->alternate = parse_endpoint (arguments->alternate, DEFAULT_ALTERNATE_PORT);
  if (arguments->answer != NULL && crooked->answer == NULL)
    return arguments->answer;
  return arguments->alternate != NULL && crooked->alternate == NULL ? arguments->alternate : NULL;
}

/* Listens at once on groups of routes, or on the interfaces once they are loaded. */
static void
start (Serving *self, GListModel *groups, GListModel *interfaces)
{
  g_autoptr (GError) error = NULL;

  if (groups == NULL)
    {
      aionet_stun_server_start_async (self->server, interfaces, self->cancellable, on_started,
                                      self);
      g_main_loop_run (self->loop);
      return;
    }
  for (guint i = 0; error == NULL && i < g_list_model_get_n_items (groups); i++)
    {
      g_autoptr (GListModel) routes = g_list_model_get_item (groups, i);

      aionet_stun_server_listen_routes (self->server, routes, &error);
    }
  on_listening (self, error);
  if (self->is_listening)
    g_main_loop_run (self->loop);
}

static int
run (AionetStunServer *server, GListModel *groups, GListModel *interfaces)
{
  g_autoptr (GMainLoop) loop = g_main_loop_new (NULL, FALSE);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  Serving serving = { server, loop, cancellable, FALSE };
  guint   signals[2];

  /* Whoever reads that it listens may end it at once. */
  signals[0] = g_unix_signal_add (SIGTERM, on_signal, &serving);
  signals[1] = g_unix_signal_add (SIGINT, on_signal, &serving);
  start (&serving, groups, interfaces);
  g_source_remove (signals[0]);
  g_source_remove (signals[1]);
  if (!serving.is_listening)
    return EXIT_FAILED;
  print_counters (server);
  return EXIT_DONE;
}

/* The interfaces of these names, or host itself for all. NULL after telling the user. */
static GListModel *
choose_interfaces (AionetHost *host, char **names, int *status)
{
  g_autoptr (GListStore) chosen = NULL;

  if (names[0] == NULL)
    return g_object_ref (G_LIST_MODEL (host));
  if (!_host_refresh (host, status))
    return NULL;
  chosen = g_list_store_new (AIONET_TYPE_INTERFACE);
  for (char **name = names; *name != NULL; name++)
    {
      g_autoptr (AionetInterface) nic = aionet_host_get_interface (host, *name);

      if (nic == NULL)
        {
          *status = _cmd_fail ("there is no interface “%s”", *name);
          return NULL;
        }
      g_list_store_append (chosen, nic);
    }
  return G_LIST_MODEL (g_steal_pointer (&chosen));
}

static int
run_on_interfaces (Arguments *arguments, AionetStunServer *server, char **names)
{
  g_autoptr (AionetHost) host = NULL;
  g_autoptr (GListModel) interfaces = NULL;
  int status = EXIT_DONE;

  host = _host_options_make_host (&arguments->host, PROGRAM, &status);
  if (host == NULL)
    return status;
  interfaces = choose_interfaces (host, names, &status);
  return interfaces != NULL ? run (server, NULL, interfaces) : status;
}

static int
run_with (Arguments *arguments, char **names)
{
  g_autoptr (GListStore) groups = NULL;
  g_autoptr (AionetStunServer) server = NULL;
  const char *fault = read_crookedness (arguments);

  if (fault == NULL && arguments->addresses != NULL)
    groups = parse_groups (arguments->addresses, &fault);
  if (fault != NULL)
    return _cmd_misuse (PROGRAM, "“%s” is no address", fault);
  server = new_server (arguments);
  return groups != NULL ? run (server, G_LIST_MODEL (groups), NULL)
                        : run_on_interfaces (arguments, server, names);
}

/* Hidden from --help: how a server of the lab misbehaves. */
static void
add_crooked_entries (CommandLine *line, Arguments *arguments)
{
  AionetCrookedness *crooked = &arguments->crooked;
  const GOptionEntry entries[] = {
    { "answer", 0, 0, G_OPTION_ARG_STRING, &arguments->answer, "tell everybody this mapped address",
      "ADDRESS" },
    { "error", 0, 0, G_OPTION_ARG_INT, &arguments->error_code,
      "answer everything with an error, 300 to 699", "CODE" },
    { "delay", 0, 0, G_OPTION_ARG_INT, &arguments->delay_ms,
      "answer later, 0 to 60000 milliseconds (0)", "MS" },
    { "silent", 0, 0, G_OPTION_ARG_NONE, &crooked->silent, "say nothing", NULL },
    { "stall", 0, 0, G_OPTION_ARG_NONE, &crooked->stalls,
      "TCP: send half an answer and then nothing; UDP: say nothing", NULL },
    { "truncate", 0, 0, G_OPTION_ARG_NONE, &crooked->truncates, "send half of each answer", NULL },
    { "flood", 0, 0, G_OPTION_ARG_INT, &arguments->n_copies,
      "send each answer so many times, 1 to 1000 (1)", "NUMBER" },
    { "elsewhere", 0, 0, G_OPTION_ARG_NONE, &crooked->from_elsewhere,
      "answer from the other port, whichever was asked", NULL },
    { "ignore-change", 0, 0, G_OPTION_ARG_NONE, &crooked->ignores_change,
      "answer from where it was asked, whatever CHANGE-REQUEST says", NULL },
    { "dead-alternate", 0, 0, G_OPTION_ARG_STRING, &arguments->alternate,
      "announce this as the other endpoint; answers from elsewhere never come", "ADDRESS[:PORT]" },
    { "same-alternate", 0, 0, G_OPTION_ARG_NONE, &crooked->same_address,
      "announce the other port of the same address as the other endpoint", NULL },
    { NULL }
  };

  _line_add_hidden (line, "For the lab", entries, "help-lab", "show how it can misbehave");
}

static const char *const EXAMPLES[] = {
  "aionet serve stun",
  "On the external addresses of all usable interfaces, as other servers tell them.",
  "aionet serve stun eth0 --port=3478",
  "On those of one interface.",
  "aionet serve stun --address=192.0.2.1,192.0.2.2",
  "On two addresses, each the alternate of the other; nobody is asked.",
  NULL,
};

int
aionet_serve_stun_main (int argc, char *argv[])
{
  g_auto (Arguments)
      arguments = { .port = DEFAULT_PORT, .alternate_port = -1, .rate = 1000, .n_copies = 1 };
  const GOptionEntry entries[] = {
    { "port", 'p', 0, G_OPTION_ARG_INT, &arguments.port,
      "port of UDP and TCP, 1 to 65535, 0 for any (3478)", "PORT" },
    { "alternate-port", 0, 0, G_OPTION_ARG_INT, &arguments.alternate_port,
      "port to answer from when a client asks for another one, 0 for any (3479)", "PORT" },
    { "address", 'a', 0, G_OPTION_ARG_STRING_ARRAY, &arguments.addresses,
      "listen on this address and on no interface; those in one option are alternates of each "
      "other "
      "only; can be given several times",
      "ADDRESS[,…]" },
    { "rate", 0, 0, G_OPTION_ARG_INT, &arguments.rate,
      "answers a second to an IPv4 /24 or IPv6 /56 by UDP, 0 to 1000000, 0 for no limit (1000)",
      "NUMBER" },
    { "padding", 0, 0, G_OPTION_ARG_NONE, &arguments.padding,
      "answer PADDING with as much of it (RFC 5780, 3.5)", NULL },
    { "plain", 0, 0, G_OPTION_ARG_NONE, &arguments.plain,
      "announce and serve no other port and address", NULL },
    { NULL }
  };
  g_autoptr (CommandLine) line =
      _line_new (PROGRAM, "[NIC…]",
                 "Answers STUN Binding requests on the external addresses of the interfaces named, "
                 "or of all that are usable: tells clients where their requests come from.");
  const char *fault;
  int         status;

  line->notes =
      "With two addresses or more of a family, each is announced the next one, at the alternate "
      "port, as the other endpoint (OTHER-ADDRESS of RFC 5780, CHANGED-ADDRESS of RFC 3489), and "
      "answers come from there when clients ask for that. With one address no other endpoint is "
      "announced. SIGINT and SIGTERM end it with a line of counters.";
  line->examples = EXAMPLES;
  _line_add (line, "Options", entries);
  _host_options_add_backend (&arguments.host, line);
  _host_options_add_consensus (&arguments.host, line);
  _host_options_add_asking (&arguments.host, line);
  add_crooked_entries (line, &arguments);
  if (!_line_parse (line, &argc, &argv, &status))
    return status;
  if (!check_arguments (&arguments, argc, &fault))
    return _cmd_misuse (PROGRAM, "%s", fault);
  return run_with (&arguments, argv + 1);
}

int
_cmd_serve (int argc, char *argv[])
{
  static const AionetCommand commands[] = {
    { "stun", aionet_serve_stun_main, "answer STUN Binding requests over UDP and TCP" }, { NULL }
  };

  return _cmd_dispatch (commands, "aionet serve", NULL, argc, argv);
}
