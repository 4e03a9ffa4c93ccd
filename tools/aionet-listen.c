/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#include "config.h"

#include "aionet-commands.h"
#include "aionet-copy.h"
#include "aionet-lanes.h"
#include "aionet-listen-service.h"
#include "aionet-output.h"
#include "aionet-source.h"
#include "aionet-tls-options.h"
#include "aionet-wait.h"

#define PROGRAM "aionet listen"
#define MAX_WAIT_S 86400

typedef struct
{
  char      *address;
  char      *exec;
  gboolean   echo;
  gboolean   keep_open;
  gboolean   verbose;
  double     wait_s;  /* 0: for ever */
  char     **command; /* (owned) (nullable) of exec */
  TlsOptions tls;
} ListenOptions;

static void
listen_options_clear (ListenOptions *self)
{
  g_clear_pointer (&self->address, g_free);
  g_clear_pointer (&self->exec, g_free);
  g_clear_pointer (&self->command, g_strfreev);
  _tls_options_clear (&self->tls);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (ListenOptions, listen_options_clear)

typedef struct
{
  const ListenOptions *options;
  GPtrArray           *servers; /* (owned) (element-type AionetPipe) */
  GQueue        clients;    /* (element-type AionetPipe|GIOStream) for standard input and output */
  gboolean      is_serving; /* by service, with --exec and --echo */
  ListenService service;
} Listener;

static void
listener_clear (Listener *self)
{
  g_ptr_array_unref (self->servers);
  g_queue_clear_full (&self->clients, g_object_unref);
  _listen_service_clear (&self->service);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Listener, listener_clear)

static char *
describe (GSocketAddress *address)
{
  return g_socket_connectable_to_string (G_SOCKET_CONNECTABLE (address));
}

static void
take_secure (Listener *self, AionetPipe *client, const char *peer)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GIOStream) stream = aionet_pipe_get_io_stream (client, &error);

  if (stream == NULL)
    _cmd_fail_error (error);
  else if (self->is_serving)
    _listen_serve_secure (&self->service, stream, peer);
  else
    g_queue_push_tail (&self->clients, g_steal_pointer (&stream));
}

static void
take (Listener *self, AionetPipe *client, const char *peer)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GSocket) socket = NULL;

  if (!self->is_serving)
    {
      g_queue_push_tail (&self->clients, g_object_ref (client));
      return;
    }
  socket = aionet_pipe_steal_socket (client, &error);
  if (socket == NULL)
    _cmd_fail_error (error);
  else
    _listen_serve (&self->service, socket, peer);
}

static void
on_client (AionetPipe *server, AionetPipe *client, gpointer user_data)
{
  Listener        *self = user_data;
  g_autofree char *peer = describe (aionet_pipe_get_remote_address (client));

  if (self->options->verbose)
    _output_tell ("aionet: connection from %s\n", peer);
  if (self->options->tls.tls)
    take_secure (self, client, peer);
  else
    take (self, client, peer);
}

static void
on_refused (AionetPipe *server, GSocketAddress *address, const GError *error, gpointer user_data)
{
  Listener        *self = user_data;
  g_autofree char *peer = describe (address);

  if (self->options->verbose)
    _output_tell ("aionet: %s: %s\n", peer, error->message);
}

static void
on_datagram (AionetPipe     *server,
             const guint8   *data,
             gsize           length,
             GSocketAddress *sender,
             gpointer        user_data)
{
  /* What cannot be sent now is lost, as a datagram may be. */
  aionet_pipe_send_data (server, data, length, sender, NULL);
}

/* ------------------------------------------------------------------ opening */

static AionetPipe *
open_server (
    Listener *self, GSocketProtocol protocol, const char *address, guint16 port, GError **error)
{
  g_autoptr (AionetInterface) any = aionet_interface_new_default ();
  g_autoptr (AionetIpRange) range = aionet_ip_range_new_from_string (address, error);
  g_autoptr (AionetRoute) route = NULL;
  g_autoptr (AionetRoute) bound = NULL;
  g_autoptr (AionetPipe) pipe = NULL;
  g_autoptr (AionetWait) wait = NULL;

  if (range == NULL)
    return NULL;
  route = aionet_interface_get_route (any, aionet_ip_range_get_family (range), error);
  bound = route != NULL ? aionet_route_bind_to (route, address, port, error) : NULL;
  if (bound == NULL)
    return NULL;
  pipe = aionet_pipe_new (protocol, NULL, bound);
  _tls_options_apply (&self->options->tls, pipe);
  wait = _wait_new ("opening");
  aionet_pipe_open_async (pipe, _wait_get_cancellable (wait), _wait_ready, wait);
  return aionet_pipe_open_finish (pipe, _wait_run (wait), error) ? g_steal_pointer (&pipe) : NULL;
}

static void
add_server (Listener *self, AionetPipe *server)
{
  if (aionet_pipe_get_protocol (server) == G_SOCKET_PROTOCOL_TCP)
    {
      g_signal_connect (server, "client", G_CALLBACK (on_client), self);
      g_signal_connect (server, "refused", G_CALLBACK (on_refused), self);
    }
  else if (self->options->echo)
    aionet_pipe_set_message_func (server, on_datagram, self, NULL);
  g_ptr_array_add (self->servers, g_object_ref (server));
}

/* On the given address, or on all of both families: then IPv6 is welcome but not needed. */
static gboolean
open_servers (Listener *self, GSocketProtocol protocol, guint16 port, int *status)
{
  const char *address = self->options->address != NULL ? self->options->address : "0.0.0.0";
  g_autoptr (GError) error = NULL;
  g_autoptr (AionetPipe) first = open_server (self, protocol, address, port, &error);
  g_autoptr (AionetPipe) second = NULL;
  GSocketAddress *local;

  if (first == NULL)
    {
      *status = _cmd_fail_error (error);
      return FALSE;
    }
  add_server (self, first);
  if (self->options->address != NULL)
    return TRUE;
  local = aionet_pipe_get_local_address (first);
  port = g_inet_socket_address_get_port (G_INET_SOCKET_ADDRESS (local));
  second = open_server (self, protocol, "::", port, NULL);
  if (second != NULL)
    add_server (self, second);
  return TRUE;
}

/* ------------------------------------------------------------------ standard input and output */

static int
wait_ms (const ListenOptions *options)
{
  return options->wait_s > 0 ? (int) (options->wait_s * 1000) : -1;
}

/* client: an AionetPipe or a GIOStream */
static int
copy_with (gpointer client, const ListenOptions *options)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GSocket) socket = NULL;

  if (G_IS_IO_STREAM (client))
    return _lanes_standard_streams (client, wait_ms (options));
  if (!_copy_received (client))
    return _cmd_fail ("cannot write the output");
  /* One that spoke and left while another was served. */
  if (!aionet_pipe_is_open (client))
    return EXIT_DONE;
  socket = aionet_pipe_steal_socket (client, &error);
  return socket != NULL ? _copy_standard_streams (socket, wait_ms (options))
                        : _cmd_fail_error (error);
}

static void
close_server (gpointer server, gpointer user_data)
{
  aionet_pipe_close (server);
}

static int
serve_one_by_one (Listener *self)
{
  int status = EXIT_DONE;

  do
    {
      g_autoptr (GObject) client = NULL;

      while (g_queue_is_empty (&self->clients))
        g_main_context_iteration (NULL, TRUE);
      client = g_queue_pop_head (&self->clients);
      if (!self->options->keep_open)
        g_ptr_array_foreach (self->servers, close_server, NULL);
      status = copy_with (client, self->options);
    }
  while (self->options->keep_open);
  return status;
}

/* The first sender is the peer from then on. */
static int
serve_first_sender (Listener *self)
{
  g_autoptr (GError) error = NULL;

  while (TRUE)
    {
      for (guint i = 0; i < self->servers->len; i++)
        {
          AionetPipe *server = self->servers->pdata[i];
          g_autoptr (AionetMessage) first = aionet_pipe_try_receive (server);
          g_autoptr (GSocket) socket = NULL;

          if (first == NULL)
            continue;
          socket = aionet_pipe_steal_socket (server, &error);
          if (socket == NULL ||
              !g_socket_connect (socket, aionet_message_get_sender (first), NULL, &error))
            return _cmd_fail_error (error);
          return _copy_write_message (first)
                     ? _copy_standard_streams (socket, wait_ms (self->options))
                     : _cmd_fail ("cannot write the output");
        }
      g_main_context_iteration (NULL, TRUE);
    }
}

static void
tell_servers (Listener *self)
{
  for (guint i = 0; i < self->servers->len; i++)
    {
      g_autofree char *address = describe (aionet_pipe_get_local_address (self->servers->pdata[i]));

      _output_tell ("aionet: listening on %s\n", address);
    }
}

static int
run (const ListenOptions *options, GSocketProtocol protocol, guint16 port)
{
  g_auto (Listener) self = { .options = options };
  int status;

  self.servers = g_ptr_array_new_with_free_func (g_object_unref);
  self.is_serving = options->echo || options->command != NULL;
  if (self.is_serving)
    _listen_service_init (&self.service, options->command, options->verbose);
  if (!open_servers (&self, protocol, port, &status))
    return status;
  if (options->verbose)
    tell_servers (&self);
  while (self.is_serving)
    g_main_context_iteration (NULL, TRUE);
  return protocol == G_SOCKET_PROTOCOL_TCP ? serve_one_by_one (&self) : serve_first_sender (&self);
}

/* ------------------------------------------------------------------ the command line */

static gboolean
check (ListenOptions *options, GSocketProtocol protocol, int *status)
{
  g_autoptr (GError) error = NULL;

  *status = EXIT_USAGE;
  if (options->echo && options->exec != NULL)
    _cmd_misuse (PROGRAM, "--echo and --exec exclude each other");
  else if (protocol == G_SOCKET_PROTOCOL_UDP && (options->exec != NULL || options->keep_open))
    _cmd_misuse (PROGRAM, "--exec and --keep-open need tcp");
  else if (!(options->wait_s >= 0 && options->wait_s <= MAX_WAIT_S))
    _cmd_misuse (PROGRAM, "--wait is 0 to %d seconds", MAX_WAIT_S);
  else if (options->exec != NULL &&
           !g_shell_parse_argv (options->exec, NULL, &options->command, &error))
    _cmd_misuse (PROGRAM, "--exec: %s", error->message);
  else
    return TRUE;
  return FALSE;
}

static const char *const EXAMPLES[] = {
  "aionet listen tcp 7000 > received",
  "Write what the first client sends to a file.",
  "aionet listen udp 7 --echo",
  "Send back to everybody what they send.",
  "aionet listen tcp 7000 --exec='sh -c \"date; uptime\"'",
  "Tell every client the time.",
  "aionet listen tcp 7443 --tls --cert=server.pem --key=server.key",
  "Take one client that speaks TLS.",
  NULL,
};

int
_cmd_listen (int argc, char *argv[])
{
  g_auto (ListenOptions) options = { 0 };
  const GOptionEntry entries[] = {
    { "address", 0, 0, G_OPTION_ARG_STRING, &options.address,
      "listen on this address only (all of them)", "ADDRESS" },
    { "echo", 0, 0, G_OPTION_ARG_NONE, &options.echo, "send back what each client sends", NULL },
    { "exec", 0, 0, G_OPTION_ARG_STRING, &options.exec,
      "run a command with each client as its standard input and output, and its address in "
      "AIONET_PEER",
      "COMMAND LINE" },
    { "keep-open", 'k', 0, G_OPTION_ARG_NONE, &options.keep_open,
      "take the next client when one has ended", NULL },
    { "wait", 'w', 0, G_OPTION_ARG_DOUBLE, &options.wait_s,
      "end with a client after so long without data, 0 to 86400 seconds (0: never)", "SECONDS" },
    { "verbose", 'v', 0, G_OPTION_ARG_NONE, &options.verbose,
      "tell addresses and clients on standard error", NULL },
    { NULL },
  };
  g_autoptr (CommandLine) line =
      _line_new (PROGRAM, "tcp|udp PORT",
                 "Waits for a client and copies what it sends to standard output, and standard "
                 "input to it. Port 0 is any that is free; --verbose tells which.");
  GSocketProtocol protocol;
  guint64         port;
  int             status;

  line->examples = EXAMPLES;
  _line_add (line, "Options", entries);
  _tls_options_add (&options.tls, line, TRUE);
  if (!_line_parse (line, &argc, &argv, &status))
    return status;
  if (argc != 3)
    return _cmd_misuse (PROGRAM, "a protocol and a port are needed, as in “tcp 7000”");
  if (!_source_parse_protocol (argv[1], &protocol))
    return _cmd_misuse (PROGRAM, "the protocol is tcp or udp, not “%s”", argv[1]);
  if (!g_ascii_string_to_unsigned (argv[2], 10, 0, G_MAXUINT16, &port, NULL))
    return _cmd_misuse (PROGRAM, "the port is 0 (any) to 65535, not “%s”", argv[2]);
  if (!check (&options, protocol, &status) ||
      !_tls_options_load (&options.tls, PROGRAM, protocol, TRUE, &status))
    return status;
  return run (&options, protocol, (guint16) port);
}
