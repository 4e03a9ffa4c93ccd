/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#include "bench.h"

/* As the documentation of GIO teaches it. */

#define BUFFER_SIZE 16384

typedef struct
{
  GSocketConnection *connection; /* (owned) */
  guint8             buffer[BUFFER_SIZE];
} Client;

static void start_read (Client *self);

static void
client_free (Client *self)
{
  g_object_unref (self->connection);
  g_free (self);
}

static void
on_written (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Client *self = user_data;

  if (g_output_stream_write_all_finish (G_OUTPUT_STREAM (source), result, NULL, NULL))
    start_read (self);
  else
    client_free (self);
}

static void
on_read (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Client *self = user_data;
  gssize  n = g_input_stream_read_finish (G_INPUT_STREAM (source), result, NULL);

  if (n > 0)
    g_output_stream_write_all_async (g_io_stream_get_output_stream (G_IO_STREAM (self->connection)),
                                     self->buffer, (gsize) n, G_PRIORITY_DEFAULT, NULL, on_written,
                                     self);
  else
    client_free (self);
}

static void
start_read (Client *self)
{
  g_input_stream_read_async (g_io_stream_get_input_stream (G_IO_STREAM (self->connection)),
                             self->buffer, sizeof self->buffer, G_PRIORITY_DEFAULT, NULL, on_read,
                             self);
}

static gboolean
on_incoming (GSocketService    *service,
             GSocketConnection *connection,
             GObject           *source,
             gpointer           user_data)
{
  Client *self = g_new (Client, 1);

  self->connection = g_object_ref (connection);
  start_read (self);
  return TRUE;
}

void
serve_tcp_gio (int fd, gpointer data)
{
  g_autoptr (GMainLoop) loop = g_main_loop_new (NULL, FALSE);
  g_autoptr (GSocketService) service = g_socket_service_new ();
  g_autoptr (GSocket) socket = g_socket_new_from_fd (fd, NULL);

  g_socket_listener_add_socket (G_SOCKET_LISTENER (service), socket, NULL, NULL);
  g_signal_connect (service, "incoming", G_CALLBACK (on_incoming), NULL);
  g_main_loop_run (loop);
}

static gboolean
on_datagram (GSocket *socket, GIOCondition condition, gpointer user_data)
{
  static char buffer[65536];
  g_autoptr (GSocketAddress) sender = NULL;
  gssize n = g_socket_receive_from (socket, &sender, buffer, sizeof buffer, NULL, NULL);

  if (n >= 0)
    g_socket_send_to (socket, sender, buffer, (gsize) n, NULL, NULL);
  return G_SOURCE_CONTINUE;
}

void
serve_udp_gio (int fd, gpointer data)
{
  g_autoptr (GMainLoop) loop = g_main_loop_new (NULL, FALSE);
  g_autoptr (GSocket) socket = g_socket_new_from_fd (fd, NULL);
  g_autoptr (GSource) source = g_socket_create_source (socket, G_IO_IN, NULL);

  g_socket_set_blocking (socket, FALSE);
  g_source_set_callback (source, G_SOURCE_FUNC (on_datagram), NULL, NULL);
  g_source_attach (source, NULL);
  g_main_loop_run (loop);
}
