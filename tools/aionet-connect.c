/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#include "config.h"

#include "aionet-commands.h"
#include "aionet-copy.h"
#include "aionet-lanes.h"
#include "aionet-output.h"
#include "aionet-source.h"
#include "aionet-tls-options.h"
#include "aionet-wait.h"

#define PROGRAM "aionet connect"
#define MAX_WAIT_S 86400
#define CONNECT_TIMEOUT_MS 30000

typedef struct
{
  SourceOptions source;
  TlsOptions    tls;
  double        wait_s; /* 0: for ever */
  gboolean      verbose;
} ConnectOptions;

static void
connect_options_clear (ConnectOptions *self)
{
  _source_options_clear (&self->source);
  _tls_options_clear (&self->tls);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (ConnectOptions, connect_options_clear)

static gboolean
open_pipe (AionetPipe *pipe, int *status)
{
  g_autoptr (AionetWait) wait = _wait_new ("connecting");
  g_autoptr (GError) error = NULL;

  aionet_pipe_open_async (pipe, _wait_get_cancellable (wait), _wait_ready, wait);
  if (aionet_pipe_open_finish (pipe, _wait_run (wait), &error))
    return TRUE;
  *status = _wait_fail (wait, error);
  return FALSE;
}

static void
tell_peer (AionetPipe *pipe)
{
  g_autofree char *local =
      g_socket_connectable_to_string (G_SOCKET_CONNECTABLE (aionet_pipe_get_local_address (pipe)));
  g_autofree char *remote =
      g_socket_connectable_to_string (G_SOCKET_CONNECTABLE (aionet_pipe_get_remote_address (pipe)));

  _output_tell ("aionet: connected %s to %s\n", local, remote);
  if (aionet_pipe_get_tls_negotiated_protocol (pipe) != NULL)
    _output_tell ("aionet: they speak %s\n", aionet_pipe_get_tls_negotiated_protocol (pipe));
}

static int
copy_plain (AionetPipe *pipe, int wait_ms)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GSocket) socket = aionet_pipe_steal_socket (pipe, &error);

  if (socket == NULL)
    return _cmd_fail_error (error);
  if (!_copy_received (pipe))
    return _cmd_fail ("cannot write the output");
  return _copy_standard_streams (socket, wait_ms);
}

static int
copy_secure (AionetPipe *pipe, int wait_ms)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GIOStream) stream = aionet_pipe_get_io_stream (pipe, &error);

  if (stream != NULL)
    return _lanes_standard_streams (stream, wait_ms);
  if (!g_error_matches (error, AIONET_ERROR, AIONET_ERROR_CLOSED))
    return _cmd_fail_error (error);
  /* It spoke and left at once. */
  return _copy_received (pipe) ? EXIT_DONE : _cmd_fail ("cannot write the output");
}

static int
run (const ConnectOptions *options,
     GSocketProtocol       protocol,
     const char           *target,
     AionetRoute          *route)
{
  g_autoptr (AionetPipe) pipe = aionet_pipe_new (protocol, target, route);
  int wait_ms = options->wait_s > 0 ? (int) (options->wait_s * 1000) : -1;
  int status;

  aionet_pipe_set_connect_timeout_ms (pipe, wait_ms > 0 ? (guint) wait_ms : CONNECT_TIMEOUT_MS);
  _tls_options_apply (&options->tls, pipe);
  if (!open_pipe (pipe, &status))
    return status;
  if (options->verbose)
    tell_peer (pipe);
  return options->tls.tls ? copy_secure (pipe, wait_ms) : copy_plain (pipe, wait_ms);
}

static const char *const EXAMPLES[] = {
  "printf 'GET / HTTP/1.0\\r\\n\\r\\n' | aionet connect tcp example.org:80",
  "Fetch a page.",
  "aionet connect tcp example.org:443 --tls --route=eth0/4/2",
  "Speak TLS by hand, from the third external IPv4 address of eth0.",
  "echo hello | aionet connect udp 192.0.2.10:7 --wait=2",
  "Send a datagram, and print what comes back within two seconds.",
  NULL,
};

int
_cmd_connect (int argc, char *argv[])
{
  g_auto (ConnectOptions) options = { 0 };
  const GOptionEntry entries[] = {
    { "wait", 'w', 0, G_OPTION_ARG_DOUBLE, &options.wait_s,
      "end after so long without data, 0 to 86400 seconds (0: never); connecting may take as long "
      "(30)",
      "SECONDS" },
    { "verbose", 'v', 0, G_OPTION_ARG_NONE, &options.verbose,
      "tell on standard error who is connected", NULL },
    { NULL },
  };
  g_autoptr (CommandLine) line = _line_new (PROGRAM, "tcp|udp HOST:PORT",
                                            "Connects to a server and copies standard input to it, "
                                            "and what it sends to standard output.");
  g_autoptr (AionetTarget) target = NULL;
  g_autoptr (AionetRoute) route = NULL;
  g_autoptr (GError) error = NULL;
  GSocketProtocol protocol;
  int             status;

  line->examples = EXAMPLES;
  _line_add (line, "Options", entries);
  _tls_options_add (&options.tls, line, FALSE);
  _source_options_add (&options.source, line);
  if (!_line_parse (line, &argc, &argv, &status))
    return status;
  if (argc != 3)
    return _cmd_misuse (PROGRAM, "a protocol and a target are needed, as in “tcp example.org:80”");
  if (!_source_parse_protocol (argv[1], &protocol))
    return _cmd_misuse (PROGRAM, "the protocol is tcp or udp, not “%s”", argv[1]);
  if (!(options.wait_s >= 0 && options.wait_s <= MAX_WAIT_S))
    return _cmd_misuse (PROGRAM, "--wait is 0 to %d seconds", MAX_WAIT_S);
  target = aionet_target_new_from_string (argv[2], 0, &error);
  if (target == NULL)
    return _cmd_misuse (PROGRAM, "%s", error->message);
  if (aionet_target_get_port (target) == 0)
    return _cmd_misuse (PROGRAM, "“%s” has no port", argv[2]);
  if (!_tls_options_load (&options.tls, PROGRAM, protocol, FALSE, &status))
    return status;
  if (!_source_find_route (&options.source, PROGRAM, &route, &status))
    return status;
  return run (&options, protocol, argv[2], route);
}
