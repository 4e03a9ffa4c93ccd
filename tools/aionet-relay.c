/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#include "config.h"

#include "aionet-commands.h"
#include "aionet-relay-server.h"
#include "aionet-source.h"

#include <glib-unix.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define PROGRAM "aionet relay"
#define DEFAULT_IDLE_S 60
#define PROGRESS_EVERY_MS 500

/* What the command line says. */
typedef struct
{
  int             max_clients;
  int             idle_s;
  GSocketProtocol protocol;  /* to listen with */
  GPtrArray      *endpoints; /* (owned) (element-type GSocketAddress) to listen on */
} Arguments;

static void
arguments_clear (Arguments *self)
{
  g_clear_pointer (&self->endpoints, g_ptr_array_unref);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Arguments, arguments_clear)

/* "udp:rest" gives the protocol and the rest. */
static const char *
split_protocol (const char *text, GSocketProtocol *protocol)
{
  if (g_str_has_prefix (text, "tcp:"))
    *protocol = G_SOCKET_PROTOCOL_TCP;
  else if (g_str_has_prefix (text, "udp:"))
    *protocol = G_SOCKET_PROTOCOL_UDP;
  else
    return text;
  return text + strlen ("tcp:");
}

static void
add_endpoint (Arguments *self, GInetAddress *address, guint16 port)
{
  g_ptr_array_add (self->endpoints, g_inet_socket_address_new (address, port));
}

static gboolean
parse_listen (Arguments *self, const char *text)
{
  const char *where = split_protocol (text, &self->protocol);
  guint64     port;
  g_autoptr (AionetTarget) endpoint = NULL;

  if (g_ascii_string_to_unsigned (where, 10, 0, 65535, &port, NULL))
    {
      g_autoptr (GInetAddress) v4 = g_inet_address_new_any (G_SOCKET_FAMILY_IPV4);
      g_autoptr (GInetAddress) v6 = g_inet_address_new_any (G_SOCKET_FAMILY_IPV6);

      add_endpoint (self, v4, (guint16) port);
      add_endpoint (self, v6, (guint16) port);
      return TRUE;
    }
  endpoint = aionet_target_new_from_string (where, 0, NULL);
  if (endpoint == NULL || aionet_target_get_address (endpoint) == NULL)
    return FALSE;
  add_endpoint (self, aionet_target_get_address (endpoint), aionet_target_get_port (endpoint));
  return TRUE;
}

/* Takes the port that the first endpoint was given for those with 0. Returns TRUE if any listens:
 * a host without one of the families is none that cannot listen. */
static gboolean
listen_everywhere (AionetRelayServer *server, const Arguments *arguments)
{
  const char *name = arguments->protocol == G_SOCKET_PROTOCOL_TCP ? "tcp" : "udp";
  guint16     port = 0;
  g_autoptr (GError) error = NULL;

  for (guint i = 0; i < arguments->endpoints->len; i++)
    {
      GInetSocketAddress *endpoint = g_ptr_array_index (arguments->endpoints, i);
      guint16             wanted = g_inet_socket_address_get_port (endpoint);
      g_autoptr (GSocketAddress) local = g_inet_socket_address_new (
          g_inet_socket_address_get_address (endpoint), wanted != 0 ? wanted : port);
      g_autoptr (GSocketAddress) bound = NULL;
      g_autofree char *text = NULL;

      g_clear_error (&error);
      bound = aionet_relay_server_listen (server, arguments->protocol, local, &error);
      text = g_socket_connectable_to_string (G_SOCKET_CONNECTABLE (bound != NULL ? bound : local));
      if (bound == NULL)
        {
          _cmd_fail ("cannot listen on %s %s: %s", name, text, error->message);
          continue;
        }
      port = g_inet_socket_address_get_port (G_INET_SOCKET_ADDRESS (bound));
      g_print ("Listening on %s %s\n", name, text);
    }
  fflush (stdout);
  return port != 0;
}

static gboolean
on_signal (gpointer user_data)
{
  g_main_loop_quit (user_data);
  return G_SOURCE_CONTINUE;
}

static gboolean
on_progress (gpointer user_data)
{
  AionetRelayCounters now = aionet_relay_server_count (user_data);
  g_autofree char    *in = g_format_size_full (now.bytes_in, G_FORMAT_SIZE_IEC_UNITS);
  g_autofree char    *out = g_format_size_full (now.bytes_out, G_FORMAT_SIZE_IEC_UNITS);

  g_printerr ("\r%u connected, %" G_GUINT64_FORMAT " in all, %s in, %s out\033[K", now.n_now,
              now.n_clients, in, out);
  return G_SOURCE_CONTINUE;
}

static void
print_totals (AionetRelayServer *server)
{
  AionetRelayCounters now = aionet_relay_server_count (server);

  g_print ("Relayed %" G_GUINT64_FORMAT " clients, %" G_GUINT64_FORMAT
           " bytes in, %" G_GUINT64_FORMAT " bytes out, refused %" G_GUINT64_FORMAT
           ", failed %" G_GUINT64_FORMAT ", dropped %" G_GUINT64_FORMAT "\n",
           now.n_clients, now.bytes_in, now.bytes_out, now.n_refused, now.n_failed, now.n_dropped);
}

static int
run (const Arguments *arguments, const AionetRelayOptions *options)
{
  g_autoptr (GMainLoop) loop = g_main_loop_new (NULL, FALSE);
  g_autoptr (AionetRelayServer) server = aionet_relay_server_new (options);
  gboolean is_watched = isatty (STDERR_FILENO) && g_strcmp0 (g_getenv ("TERM"), "dumb") != 0;
  guint    sources[3] = { 0 };

  if (!listen_everywhere (server, arguments))
    return EXIT_FAILED;
  sources[0] = g_unix_signal_add (SIGTERM, on_signal, loop);
  sources[1] = g_unix_signal_add (SIGINT, on_signal, loop);
  if (is_watched)
    sources[2] = g_timeout_add (PROGRESS_EVERY_MS, on_progress, server);
  g_main_loop_run (loop);
  for (guint i = 0; i < G_N_ELEMENTS (sources); i++)
    g_clear_handle_id (&sources[i], g_source_remove);
  if (is_watched)
    g_printerr ("\r\033[K");
  print_totals (server);
  return EXIT_DONE;
}

static const char *
find_fault (const Arguments *arguments, int argc)
{
  if (argc != 3)
    return "takes LISTEN and TARGET, as in “8080 example.org:80”";
  if (arguments->max_clients < 0)
    return "--max-clients is 0 or more";
  if (arguments->idle_s < 1 || arguments->idle_s > 86400)
    return "--idle-timeout is 1 to 86400";
  return NULL;
}

static const char *const EXAMPLES[] = {
  "aionet relay 8080 example.org:80",
  "Pass on TCP on port 8080 of all addresses.",
  "aionet relay tcp:127.0.0.1:8080 '[2001:db8::1]:80' --max-clients=100",
  "Listen for programs of this host only, and take so many at a time.",
  "aionet relay udp:53 192.0.2.53:53 --route=eth0/4/2",
  "Pass on datagrams from the third external IPv4 address of eth0.",
  NULL,
};

int
_cmd_relay (int argc, char *argv[])
{
  g_auto (Arguments) arguments = { .idle_s = DEFAULT_IDLE_S, .protocol = G_SOCKET_PROTOCOL_TCP };
  const GOptionEntry entries[] = {
    { "max-clients", 0, 0, G_OPTION_ARG_INT, &arguments.max_clients,
      "turn away clients beyond so many at a time, 0 or more (0: no limit)", "N" },
    { "idle-timeout", 0, 0, G_OPTION_ARG_INT, &arguments.idle_s,
      "forget clients of UDP after so much silence, 1 to 86400 seconds (60)", "SECONDS" },
    { NULL }
  };
  g_autoptr (CommandLine) line =
      _line_new (PROGRAM, "LISTEN TARGET",
                 "Listens, and gives every client of TCP or UDP a connection of its own to the "
                 "target. On a terminal it counts meanwhile.");
  g_auto (SourceOptions) source = { 0 };
  g_autoptr (AionetTarget) target = NULL;
  g_autoptr (AionetRoute) route = NULL;
  g_autoptr (GError) error = NULL;
  AionetRelayOptions options = { 0 };
  const char        *fault;
  int                status;

  line->notes =
      "LISTEN is PORT, tcp:PORT, udp:PORT, tcp:ADDRESS:PORT or udp:ADDRESS:PORT; port 0 is "
      "any that is free. TARGET is HOST:PORT, tcp:HOST:PORT or udp:HOST:PORT.";
  line->examples = EXAMPLES;
  _line_add (line, "Options", entries);
  _source_options_add (&source, line);
  if (!_line_parse (line, &argc, &argv, &status))
    return status;
  fault = find_fault (&arguments, argc);
  if (fault != NULL)
    return _cmd_misuse (PROGRAM, "%s", fault);
  arguments.endpoints = g_ptr_array_new_with_free_func (g_object_unref);
  if (!parse_listen (&arguments, argv[1]))
    return _cmd_misuse (PROGRAM, "“%s” is no port and no address with one", argv[1]);
  options.protocol = arguments.protocol;
  options.target = split_protocol (argv[2], &options.protocol);
  options.max_clients = (guint) arguments.max_clients;
  options.idle_timeout_ms = (guint) arguments.idle_s * 1000;
  target = aionet_target_new_from_string (options.target, 0, &error);
  if (target == NULL)
    return _cmd_misuse (PROGRAM, "%s", error->message);
  if (aionet_target_get_port (target) == 0)
    return _cmd_misuse (PROGRAM, "“%s” has no port", options.target);
  if (!_source_find_route (&source, PROGRAM, &route, &status))
    return status;
  options.route = route;
  return run (&arguments, &options);
}
