/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#include "config.h"

#include "batch-helpers.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "pipe-helpers.h"
#include "pipe/aionet-pipe-options.h"

int
connect_to (AionetPipe *pipe)
{
  const int large = 4 * 1024 * 1024;
  int       fd = socket (AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);

  _aionet_pipe_find_local (pipe);
  setsockopt (fd, SOL_SOCKET, SO_RCVBUF, &large, sizeof large);
  g_assert_cmpint (connect (fd, &pipe->local.any, sizeof pipe->local.v4), ==, 0);
  return fd;
}

static void
on_refused (AionetPipe *pipe, GSocketAddress *to, const GError *error, gpointer user_data)
{
  Server *self = user_data;

  g_ptr_array_add (self->failed, g_error_copy (error));
}

void
server_open (Server *self)
{
  *self = (Server){ .pipe = loopback_server (G_SOCKET_PROTOCOL_UDP, G_SOCKET_FAMILY_IPV4) };
  aionet_pipe_set_receive_buffer_bytes (self->pipe, 4 * 1024 * 1024);
  self->client = connect_to (self->pipe);
  self->heard = g_ptr_array_new_with_free_func ((GDestroyNotify) g_bytes_unref);
  self->failed = g_ptr_array_new_with_free_func ((GDestroyNotify) g_error_free);
  g_signal_connect (self->pipe, "refused", G_CALLBACK (on_refused), self);
  memset (&socket_calls, 0, sizeof socket_calls);
}

void
server_close (Server *self)
{
  if (self->pipe != NULL)
    g_signal_handlers_disconnect_by_data (self->pipe, self);
  g_clear_object (&self->pipe);
  close (self->client);
  g_ptr_array_unref (self->heard);
  g_ptr_array_unref (self->failed);
  memset (&socket_calls, 0, sizeof socket_calls);
}

GBytes *
new_numbered (guint number, gsize length)
{
  guint8 *data = g_malloc (length + 1);

  /* An empty one has an address, too. */
  memset (data, (int) (number % 251), length);
  return g_bytes_new_take (data, length);
}

void
client_send (Server *self, guint number, gsize length)
{
  g_autoptr (GBytes) bytes = new_numbered (number, length);

  g_assert_cmpint (send (self->client, g_bytes_get_data (bytes, NULL), length, 0), ==, length);
}

void
assert_heard_by (int fd, guint number, gsize length)
{
  g_autoptr (GBytes) expected = new_numbered (number, length);
  g_autofree guint8 *buffer = g_malloc (65536);
  gssize             n = recv (fd, buffer, 65536, MSG_DONTWAIT);

  g_assert_cmpint (n, >=, 0);
  g_assert_cmpmem (buffer, n, g_bytes_get_data (expected, NULL), length);
}

void
assert_nothing_left (int fd)
{
  char byte;

  g_assert_cmpint (recv (fd, &byte, 1, MSG_DONTWAIT), ==, -1);
  g_assert_cmpint (errno, ==, EAGAIN);
}

void
echo (
    AionetPipe *pipe, const guint8 *data, gsize length, GSocketAddress *sender, gpointer user_data)
{
  g_autoptr (GError) error = NULL;

  aionet_pipe_send_data (pipe, data, length, sender, &error);
  g_assert_no_error (error);
}

void
keep (
    AionetPipe *pipe, const guint8 *data, gsize length, GSocketAddress *sender, gpointer user_data)
{
  Server *self = user_data;

  g_ptr_array_add (self->heard, g_bytes_new (data, length));
}

void
send_burst (Server *self, guint n, gsize length)
{
  for (guint i = 0; i < n; i++)
    client_send (self, i, length);
}

void
assert_echo_of_burst (Server *self, guint n, gsize length)
{
  for (guint i = 0; i < n; i++)
    assert_heard_by (self->client, i, length);
  assert_nothing_left (self->client);
}
