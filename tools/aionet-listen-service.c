/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#include "config.h"

#include "aionet-listen-service.h"

#include "aionet-commands.h"
#include "aionet-copy.h"
#include "aionet-lanes.h"
#include "aionet-output.h"

#include <fcntl.h>

/* Clients that are served at once with --echo; more of them wait. */
#define MAX_THREADS 256

static void
echo_client (gpointer data, gpointer user_data)
{
  g_autoptr (GSocket) socket = data;

  _copy_echo (socket);
  g_socket_close (socket, NULL);
}

static void
on_command_ended (GPid pid, int status, gpointer user_data)
{
  g_autofree char *peer = user_data;
  g_autoptr (GError) error = NULL;

  if (!g_spawn_check_wait_status (status, &error) && peer != NULL)
    _output_tell ("aionet: command for %s: %s\n", peer, error->message);
  g_spawn_close_pid (pid);
}

static void
on_secure_command_ended (const GError *error, gpointer user_data)
{
  g_autofree char *peer = user_data;

  if (error != NULL && peer != NULL)
    _output_tell ("aionet: command for %s: %s\n", peer, error->message);
}

static void
on_echo_ended (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GIOStream) stream = user_data;

  /* A client that breaks off is no failure of the server. */
  g_output_stream_splice_finish (G_OUTPUT_STREAM (source), result, NULL);
}

/* Standard error stays the tool's own. */
static void
start_command (const ListenService *self, GSocket *socket, const char *peer)
{
  g_auto (GStrv) environment = g_environ_setenv (g_get_environ (), "AIONET_PEER", peer, TRUE);
  int  fd = g_socket_get_fd (socket);
  GPid pid;
  g_autoptr (GError) error = NULL;

  if (!g_spawn_async_with_fds (NULL, self->command, environment,
                               G_SPAWN_SEARCH_PATH | G_SPAWN_DO_NOT_REAP_CHILD, NULL, NULL, &pid,
                               fd, fd, -1, &error))
    {
      _cmd_fail_error (error);
      return;
    }
  g_child_watch_add (pid, on_command_ended, self->verbose ? g_strdup (peer) : NULL);
}

/* A command cannot write to what is TLS: it gets pipes, and what they carry is copied. */
static void
start_secure_command (const ListenService *self, GIOStream *stream, const char *peer)
{
  g_autoptr (GSubprocessLauncher) launcher =
      g_subprocess_launcher_new (G_SUBPROCESS_FLAGS_STDIN_PIPE | G_SUBPROCESS_FLAGS_STDOUT_PIPE);
  g_autoptr (GError) error = NULL;
  g_autoptr (GSubprocess) command = NULL;

  g_subprocess_launcher_setenv (launcher, "AIONET_PEER", peer, TRUE);
  command = g_subprocess_launcher_spawnv (launcher, (const char *const *) self->command, &error);
  if (command == NULL)
    _cmd_fail_error (error);
  else
    _lanes_start_command (stream, command, on_secure_command_ended,
                          self->verbose ? g_strdup (peer) : NULL);
}

void
_listen_serve_secure (const ListenService *self, GIOStream *stream, const char *peer)
{
  if (self->command != NULL)
    start_secure_command (self, stream, peer);
  else
    g_output_stream_splice_async (
        g_io_stream_get_output_stream (stream), g_io_stream_get_input_stream (stream),
        G_OUTPUT_STREAM_SPLICE_CLOSE_SOURCE | G_OUTPUT_STREAM_SPLICE_CLOSE_TARGET,
        G_PRIORITY_DEFAULT, NULL, on_echo_ended, g_object_ref (stream));
}

void
_listen_serve (const ListenService *self, GSocket *socket, const char *peer)
{
  int fd = g_socket_get_fd (socket);

  /* Commands and threads wait in read () and write (). */
  fcntl (fd, F_SETFL, fcntl (fd, F_GETFL) & ~O_NONBLOCK);
  if (self->command != NULL)
    start_command (self, socket, peer);
  else
    g_thread_pool_push (self->echoes, g_object_ref (socket), NULL);
}

void
_listen_service_init (ListenService *self, char **command, gboolean verbose)
{
  self->command = command;
  self->verbose = verbose;
  if (command == NULL)
    self->echoes = g_thread_pool_new (echo_client, NULL, MAX_THREADS, FALSE, NULL);
}

void
_listen_service_clear (ListenService *self)
{
  if (self->echoes != NULL)
    g_thread_pool_free (self->echoes, TRUE, FALSE);
}
