/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */
/* A STUN server on the external addresses of this host, until Ctrl+C; then it tells how many
 * requests it has answered. With two external addresses it helps clients to find out about NATs.
 *
 *   $ ./stun-server 3478
 *   UDP 1.3.3.7:3478
 *   ...
 *   ^C
 *   answered 2 requests
 */

#include <aionet.h>
#include <glib-unix.h>
#include <stdlib.h>

static int status = EXIT_SUCCESS;

static void
print_listener (AionetPipe *listener)
{
  GSocketAddress  *local = aionet_pipe_get_local_address (listener);
  g_autofree char *text = g_socket_connectable_to_string (G_SOCKET_CONNECTABLE (local));
  gboolean         is_udp = aionet_pipe_get_protocol (listener) == G_SOCKET_PROTOCOL_UDP;

  g_print ("%s %s\n", is_udp ? "UDP" : "TCP", text);
}

static void
on_started (GObject *source, GAsyncResult *result, gpointer loop)
{
  AionetStunServer *server = AIONET_STUN_SERVER (source);
  GListModel       *listeners = aionet_daemon_get_listeners (AIONET_DAEMON (server));
  g_autoptr (GError) error = NULL;

  if (aionet_stun_server_start_finish (server, result, &error))
    {
      for (guint i = 0; i < g_list_model_get_n_items (listeners); i++)
        {
          g_autoptr (AionetPipe) listener = g_list_model_get_item (listeners, i);

          print_listener (listener);
        }
      return;
    }
  g_printerr ("%s\n", error->message);
  status = EXIT_FAILURE;
  g_main_loop_quit (loop);
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
  g_autoptr (AionetStunServer) server = aionet_stun_server_new ();
  guint64 port = 0;

  if (argc != 2 || !g_ascii_string_to_unsigned (argv[1], 10, 0, G_MAXUINT16, &port, NULL))
    {
      g_printerr ("usage: stun-server PORT\n");
      return 2;
    }
  g_unix_signal_add (SIGINT, on_interrupt, loop);
  aionet_stun_server_set_port (server, (guint) port);
  /* NULL: all interfaces of this host. Loads them first, to know what clients see of them. */
  aionet_stun_server_start_async (server, NULL, NULL, on_started, loop);
  g_main_loop_run (loop);
  if (status == EXIT_SUCCESS)
    g_print ("answered %" G_GUINT64_FORMAT " requests\n",
             aionet_stun_server_get_n_answered (server, G_SOCKET_PROTOCOL_DEFAULT));
  return status;
}
