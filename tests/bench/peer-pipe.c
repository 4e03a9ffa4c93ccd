/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#include "bench.h"

#include <aionet.h>

static guint n_clients;
static guint n_messages;

/* Tells what so many idle pipes cost, and what they cost after each had a message. */
static void
note_memory (guint64 *bytes, guint64 *pages)
{
  *bytes = bench_heap_bytes ();
  *pages = bench_resident_pages ();
}

static void
echo (
    AionetPipe *pipe, const guint8 *data, gsize length, GSocketAddress *sender, gpointer user_data)
{
  aionet_pipe_send_data (pipe, data, length, sender, NULL);
  if (++n_messages == bench_shared->n_noted)
    note_memory (&bench_shared->bytes_used, &bench_shared->pages_used);
}

static void
on_message (AionetPipe *pipe, AionetMessage *message, gpointer user_data)
{
  aionet_pipe_send (pipe, aionet_message_get_bytes (message), aionet_message_get_sender (message),
                    NULL);
}

static void
listen_to (AionetPipe *pipe, gpointer use_signal)
{
  if (use_signal != NULL)
    g_signal_connect (pipe, "message", G_CALLBACK (on_message), NULL);
  else
    aionet_pipe_set_message_func (pipe, echo, NULL, NULL);
}

static void
on_closed (AionetPipe *client, const GError *error, gpointer user_data)
{
  g_object_unref (client);
}

static void
on_client (AionetPipe *server, AionetPipe *client, gpointer use_signal)
{
  g_signal_connect (g_object_ref (client), "closed", G_CALLBACK (on_closed), NULL);
  listen_to (client, use_signal);
  if (++n_clients == 1 && bench_shared->n_noted > 0)
    note_memory (&bench_shared->bytes_first, &bench_shared->pages_first);
  else if (n_clients == bench_shared->n_noted)
    note_memory (&bench_shared->bytes_all, &bench_shared->pages_all);
}

static AionetPipe *
new_pipe (int fd)
{
  g_autoptr (GSocket) socket = g_socket_new_from_fd (fd, NULL);

  g_socket_set_blocking (socket, FALSE);
  return aionet_pipe_new_for_socket (socket, NULL);
}

void
serve_tcp_pipe (int fd, gpointer use_signal)
{
  g_autoptr (GMainLoop) loop = g_main_loop_new (NULL, FALSE);
  g_autoptr (AionetPipe) server = new_pipe (fd);

  g_signal_connect (server, "client", G_CALLBACK (on_client), use_signal);
  g_main_loop_run (loop);
}

void
serve_udp_pipe (int fd, gpointer use_signal)
{
  g_autoptr (GMainLoop) loop = g_main_loop_new (NULL, FALSE);
  g_autoptr (AionetPipe) pipe = new_pipe (fd);

  listen_to (pipe, use_signal);
  g_main_loop_run (loop);
}

static void
count (
    AionetPipe *pipe, const guint8 *data, gsize length, GSocketAddress *sender, gpointer user_data)
{
  bench_shared->n_received++;
}

void
serve_sink_pipe (int fd, gpointer data)
{
  g_autoptr (GMainLoop) loop = g_main_loop_new (NULL, FALSE);
  g_autoptr (AionetPipe) pipe = new_pipe (fd);

  aionet_pipe_set_message_func (pipe, count, NULL, NULL);
  g_main_loop_run (loop);
}
