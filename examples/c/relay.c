/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */
/* Joins the clients of a port of this host with a server elsewhere: relay PORT HOST:PORT */

#include <aionet.h>
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
on_client (AionetPipe *server, AionetPipe *client, gpointer target)
{
  g_autoptr (AionetPipe) pipe = aionet_pipe_new (G_SOCKET_PROTOCOL_TCP, target, NULL);
  g_autoptr (GError) error = NULL;

  if (aionet_pipe_forward (client, pipe, &error))
    aionet_pipe_open_async (pipe, NULL, on_open, NULL);
  else
    g_printerr ("%s\n", error->message);
}

static void
on_listening (GObject *server, GAsyncResult *result, gpointer loop)
{
  g_autoptr (GError) error = NULL;

  if (aionet_pipe_open_finish (AIONET_PIPE (server), result, &error))
    return;
  g_printerr ("%s\n", error->message);
  g_main_loop_quit (loop);
}

int
main (int argc, char **argv)
{
  g_autoptr (GMainLoop) loop = g_main_loop_new (NULL, FALSE);
  g_autoptr (AionetInterface) nic = aionet_interface_new_default ();
  g_autoptr (AionetRoute) any = aionet_interface_get_route (nic, G_SOCKET_FAMILY_IPV4, NULL);
  g_autoptr (AionetRoute) route = NULL;
  g_autoptr (AionetPipe) server = NULL;

  if (argc != 3)
    return 2;
  route = aionet_route_bind (any, (guint16) atoi (argv[1]), NULL);
  server = aionet_pipe_new (G_SOCKET_PROTOCOL_TCP, NULL, route);
  g_signal_connect (server, "client", G_CALLBACK (on_client), argv[2]);
  aionet_pipe_open_async (server, NULL, on_listening, loop);
  g_main_loop_run (loop);
  return 1;
}
