/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */
/* Hands what one TCP client says to the next, and the other way round, until Ctrl+C: hole-punch
 * needs such a third host for the two to tell each other where they are.
 *
 *   $ ./rendezvous 9000
 *   port 9000
 */

#include <aionet.h>
#include <glib-unix.h>
#include <stdlib.h>

static void
tell (AionetPipe *client, GBytes *offer)
{
  g_autoptr (GError) error = NULL;

  if (!aionet_pipe_send (client, offer, NULL, &error))
    g_printerr ("%s\n", error->message);
}

/* An offer is small enough to come as one message. The first client waits for the second. */
static void
on_message (AionetDaemon *daemon, AionetPipe *client, AionetMessage *message, gpointer user_data)
{
  static AionetPipe *waiting;
  static GBytes     *offer;

  if (waiting == NULL)
    {
      waiting = g_object_ref (client);
      offer = g_bytes_ref (aionet_message_get_bytes (message));
      return;
    }
  tell (waiting, aionet_message_get_bytes (message));
  tell (client, offer);
  g_clear_object (&waiting);
  g_clear_pointer (&offer, g_bytes_unref);
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

  if (argc != 2 || !g_ascii_string_to_unsigned (argv[1], 10, 0, G_MAXUINT16, &port, NULL))
    {
      g_printerr ("usage: rendezvous PORT\n");
      return 2;
    }
  g_signal_connect (daemon, "message", G_CALLBACK (on_message), NULL);
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
