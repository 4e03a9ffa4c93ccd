/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

/* Echoes what TCP clients send, on every address of this host: tcp-echo-daemon [PORT] */

#include <aionet.h>
#include <stdlib.h>

static void
on_message (
    AionetPipe *pipe, const guint8 *data, gsize length, GSocketAddress *sender, gpointer user_data)
{
  g_autoptr (GError) error = NULL;

  /* Never blocks: a client that does not read what it asked for fails in the end. */
  if (aionet_pipe_send_data (pipe, data, length, sender, &error))
    return;
  g_printerr ("%s\n", error->message);
  aionet_pipe_close (pipe);
}

int
main (int argc, char **argv)
{
  g_autoptr (GMainLoop) loop = g_main_loop_new (NULL, FALSE);
  g_autoptr (AionetInterface) nic = aionet_interface_new_default ();
  g_autoptr (AionetDaemon) daemon = aionet_daemon_new ();
  g_autoptr (GError) error = NULL;
  guint16 port = argc > 1 ? (guint16) atoi (argv[1]) : 0;

  aionet_daemon_set_message_func (daemon, on_message, NULL, NULL);
  port = aionet_daemon_listen_all (daemon, G_SOCKET_PROTOCOL_TCP, port, nic, &error);
  if (port == 0)
    {
      g_printerr ("%s\n", error->message);
      return 1;
    }
  g_print ("port %u\n", port);
  g_main_loop_run (loop);
  return 0;
}
