/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */
/* Answers every datagram with where it came from, as seen here, and what it said, on every address
 * of this host until Ctrl+C. udp-request is its client; behind a NAT it learns its outside address.
 *
 *   $ ./udp-reply 7000
 *   port 7000
 */

#include <aionet.h>
#include <glib-unix.h>
#include <stdlib.h>

static void
on_message (AionetPipe     *server,
            const guint8   *data,
            gsize           length,
            GSocketAddress *sender,
            gpointer        user_data)
{
  g_autofree char *from = g_socket_connectable_to_string (G_SOCKET_CONNECTABLE (sender));
  g_autofree char *reply = g_strdup_printf ("%s said %.*s", from, (int) length, (char *) data);
  g_autoptr (GError) error = NULL;

  if (!aionet_pipe_send_text (server, reply, sender, &error))
    g_printerr ("%s: %s\n", from, error->message);
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
      g_printerr ("usage: udp-reply PORT\n");
      return 2;
    }
  aionet_daemon_set_message_func (daemon, on_message, NULL, NULL);
  port = aionet_daemon_listen_all (daemon, G_SOCKET_PROTOCOL_UDP, (guint16) port, NULL, &error);
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
