/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */
/* Hands what one TCP client says to the next, and the other way round: rendezvous PORT */

#include <aionet.h>
#include <stdlib.h>

typedef struct
{
  AionetPipe *pipe;
  GBytes *offer;
} Waiting;

static void
tell (AionetPipe *pipe, GBytes *offer)
{
  g_autoptr (GError) error = NULL;

  if (!aionet_pipe_send (pipe, offer, NULL, &error))
    g_printerr ("%s\n", error->message);
}

/* An offer is small enough to come as one message. */
static void
on_message (
    AionetPipe *pipe, const guint8 *data, gsize length, GSocketAddress *sender, gpointer user_data)
{
  g_autoptr (GBytes) offer = g_bytes_new (data, length);
  Waiting *first = user_data;

  if (first->pipe == NULL)
    {
      first->pipe = g_object_ref (pipe);
      first->offer = g_steal_pointer (&offer);
      return;
    }
  tell (first->pipe, offer);
  tell (pipe, first->offer);
  g_clear_object (&first->pipe);
  g_clear_pointer (&first->offer, g_bytes_unref);
}

int
main (int argc, char **argv)
{
  g_autoptr (GMainLoop) loop = g_main_loop_new (NULL, FALSE);
  g_autoptr (AionetInterface) nic = aionet_interface_new_default ();
  g_autoptr (AionetDaemon) daemon = aionet_daemon_new ();
  g_autoptr (GError) error = NULL;
  guint16 port = argc > 1 ? (guint16) atoi (argv[1]) : 0;
  Waiting first = { NULL, NULL };

  aionet_daemon_set_message_func (daemon, on_message, &first, NULL);
  if (aionet_daemon_listen_all (daemon, G_SOCKET_PROTOCOL_TCP, port, nic, &error) != 0)
    g_main_loop_run (loop);
  g_printerr ("%s\n", error->message);
  return 1;
}
