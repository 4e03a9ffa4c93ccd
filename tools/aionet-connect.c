/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#include "config.h"

#include "aionet-commands.h"
#include "aionet-copy.h"
#include "aionet-source.h"
#include "aionet-wait.h"

#define PROGRAM "aionet connect"
#define MAX_WAIT_S 86400
#define CONNECT_TIMEOUT_MS 30000

typedef struct
{
  SourceOptions source;
  double        wait_s; /* 0: for ever */
  gboolean      verbose;
} ConnectOptions;

static void
connect_options_clear (ConnectOptions *self)
{
  _source_options_clear (&self->source);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (ConnectOptions, connect_options_clear)

static GSocket *
open_socket (AionetPipe *pipe, int *status)
{
  g_autoptr (AionetWait) wait = _wait_new ("connecting");
  g_autoptr (GError) error = NULL;
  GSocket *socket;

  aionet_pipe_open_async (pipe, _wait_get_cancellable (wait), _wait_ready, wait);
  if (!aionet_pipe_open_finish (pipe, _wait_run (wait), &error))
    {
      *status = _wait_fail (wait, error);
      return NULL;
    }
  socket = aionet_pipe_steal_socket (pipe, &error);
  if (socket == NULL)
    *status = _wait_fail (wait, error);
  return socket;
}

static void
tell_peer (AionetPipe *pipe)
{
  g_autofree char *local =
      g_socket_connectable_to_string (G_SOCKET_CONNECTABLE (aionet_pipe_get_local_address (pipe)));
  g_autofree char *remote =
      g_socket_connectable_to_string (G_SOCKET_CONNECTABLE (aionet_pipe_get_remote_address (pipe)));

  g_printerr ("aionet: connected %s to %s\n", local, remote);
}

static int
run (const ConnectOptions *options,
     GSocketProtocol       protocol,
     const char           *target,
     AionetRoute          *route)
{
  g_autoptr (AionetPipe) pipe = aionet_pipe_new (protocol, target, route);
  g_autoptr (GSocket) socket = NULL;
  int wait_ms = options->wait_s > 0 ? (int) (options->wait_s * 1000) : -1;
  int status;

  aionet_pipe_set_connect_timeout_ms (pipe, wait_ms > 0 ? (guint) wait_ms : CONNECT_TIMEOUT_MS);
  socket = open_socket (pipe, &status);
  if (socket == NULL)
    return status;
  if (options->verbose)
    tell_peer (pipe);
  if (!_copy_received (pipe))
    return _cmd_fail ("cannot write the output");
  return _copy_standard_streams (socket, wait_ms);
}

int
_cmd_connect (int argc, char *argv[])
{
  g_auto (ConnectOptions) options = { 0 };
  const GOptionEntry entries[] = {
    { "wait", 'w', 0, G_OPTION_ARG_DOUBLE, &options.wait_s,
      "end after so long without data; also for connecting", "SECONDS" },
    { "verbose", 'v', 0, G_OPTION_ARG_NONE, &options.verbose, "tell who is connected", NULL },
    { NULL },
  };
  g_autoptr (GOptionContext) context = g_option_context_new ("tcp|udp HOST:PORT");
  g_autoptr (AionetTarget) target = NULL;
  g_autoptr (AionetRoute) route = NULL;
  g_autoptr (GError) error = NULL;
  GSocketProtocol protocol;
  int             status;

  g_option_context_add_main_entries (context, entries, NULL);
  _source_options_add (&options.source, context);
  g_option_context_set_summary (context,
                                "Connects to a server and copies standard input to it, and "
                                "what it sends to standard output.");
  if (!_cmd_parse (context, PROGRAM, &argc, &argv, &status))
    return status;
  if (argc != 3)
    return _cmd_misuse (PROGRAM, "a protocol and a target are needed");
  if (!_source_parse_protocol (argv[1], &protocol))
    return _cmd_misuse (PROGRAM, "the protocol is tcp or udp, not “%s”", argv[1]);
  if (!(options.wait_s >= 0 && options.wait_s <= MAX_WAIT_S))
    return _cmd_misuse (PROGRAM, "--wait is 0 to %d seconds", MAX_WAIT_S);
  target = aionet_target_new_from_string (argv[2], 0, &error);
  if (target == NULL)
    return _cmd_misuse (PROGRAM, "%s", error->message);
  if (aionet_target_get_port (target) == 0)
    return _cmd_misuse (PROGRAM, "“%s” has no port", argv[2]);
  if (!_source_find_route (&options.source, PROGRAM, &route, &status))
    return status;
  return run (&options, protocol, argv[2], route);
}
