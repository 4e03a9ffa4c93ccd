/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */
/* Echoes what TCP clients send, on every address of this host, over IPv4 and IPv6, until Ctrl+C.
 * For port 0 the system picks one, the same for both.
 *
 *   $ ./tcp-echo-daemon 0
 *   port 40001
 */

#include <aionet.h>
#include <glib-unix.h>
#include <stdlib.h>

static void
on_message (AionetPipe     *client,
            const guint8   *data,
            gsize           length,
            GSocketAddress *sender,
            gpointer        user_data)
{
  g_autoptr (GError) error = NULL;

  /* Never blocks: a client that does not read what it asked for fails in the end. */
  if (aionet_pipe_send_data (client, data, length, sender, &error))
    return;
  g_printerr ("%s\n", error->message);
  aionet_pipe_close (client);
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
      g_printerr ("usage: tcp-echo-daemon PORT\n");
      return 2;
    }
  aionet_daemon_set_message_func (daemon, on_message, NULL, NULL);
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
