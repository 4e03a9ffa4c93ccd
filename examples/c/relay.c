/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */
/* Joins the TCP clients of a port of this host with a server elsewhere, until Ctrl+C.
 *
 *   $ ./relay 8080 192.0.2.10:80
 *   port 8080
 */

#include <aionet.h>
#include <glib-unix.h>
#include <stdlib.h>

static void
on_open (GObject *pipe, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GError) error = NULL;

  /* A pipe that cannot be opened is closed, and its client with it. */
  if (!aionet_pipe_open_finish (AIONET_PIPE (pipe), result, &error))
    g_printerr ("%s\n", error->message);
}

/* The relay keeps both pipes until the last byte has passed. */
static void
on_client (AionetDaemon *daemon, AionetPipe *client, const char *target)
{
  g_autoptr (AionetPipe) pipe = aionet_pipe_new (G_SOCKET_PROTOCOL_TCP, target, NULL);
  g_autoptr (GError) error = NULL;

  if (aionet_pipe_forward (client, pipe, &error))
    aionet_pipe_open_async (pipe, NULL, on_open, NULL);
  else
    g_printerr ("%s\n", error->message);
}

static gboolean
on_interrupt (gpointer loop)
{
  g_main_loop_quit (loop);
  return G_SOURCE_REMOVE;
}

int
main (int argc, char **argv)
{
  g_autoptr (GMainLoop) loop = g_main_loop_new (NULL, FALSE);
  g_autoptr (AionetDaemon) daemon = aionet_daemon_new ();
  g_autoptr (GError) error = NULL;
  guint64 port = 0;

  if (argc != 3 || !g_ascii_string_to_unsigned (argv[1], 10, 0, G_MAXUINT16, &port, NULL))
    {
      g_printerr ("usage: relay PORT HOST:PORT\n");
      return 2;
    }
  g_signal_connect (daemon, "client", G_CALLBACK (on_client), argv[2]);
  port = aionet_daemon_listen_all (daemon, G_SOCKET_PROTOCOL_TCP, (guint16) port, NULL, &error);
  if (port == 0)
    {
      g_printerr ("%s\n", error->message);
      return EXIT_FAILURE;
    }
  g_print ("port %u\n", (guint) port);
  g_unix_signal_add (SIGINT, on_interrupt, loop);
  g_main_loop_run (loop);
  return EXIT_SUCCESS;
}
