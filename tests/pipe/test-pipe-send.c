/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#include "config.h"

#include <errno.h>
#include <gio/gio.h>
#include <string.h>
#include <sys/socket.h>

#include "pipe-helpers.h"

/* A TCP connection whose far end does not read until it is told to. */
typedef struct
{
  AionetPipe *server; /* (owned) */
  AionetPipe *sender; /* (owned) */
  AionetPipe *reader; /* (owned) */
} Line;

static void
line_init (Line *self)
{
  self->server = loopback_server (G_SOCKET_PROTOCOL_TCP, G_SOCKET_FAMILY_IPV4);
  self->sender = open_client (self->server);
  self->reader = accept_client (self->server);
  aionet_pipe_set_receive_queue_bytes (self->reader, 1);
}

static void
line_clear (Line *self)
{
  g_clear_object (&self->sender);
  g_clear_object (&self->reader);
  g_clear_object (&self->server);
}

static GBytes *
new_block (guint8 fill)
{
  guint8 *data = g_malloc (256 * 1024);

  memset (data, fill, 256 * 1024);
  return g_bytes_new_take (data, 256 * 1024);
}

/* Returns how many blocks went in until the high-water mark. */
static guint
fill_line (Line *self)
{
  g_autoptr (GError) error = NULL;
  guint n = 0;

  for (gboolean taken = TRUE; taken; n += taken)
    {
      g_autoptr (GBytes) block = new_block ((guint8) n);

      g_assert_cmpuint (n, <, 1000);
      taken = aionet_pipe_send (self->sender, block, NULL, &error);
      turn_a_little ();
    }
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_WOULD_BLOCK);
  return n;
}

static void
read_blocks (Line *self, guint n)
{
  for (guint i = 0; i < n; i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (GBytes) want = new_block ((guint8) i);
      g_autofree char *text = receive_n (self->reader, 256 * 1024, -1, &error);

      g_assert_no_error (error);
      /* Texts end at their first zero, blocks of zeros too. */
      if (i % 256 != 0)
        g_assert_cmpint (memcmp (text, g_bytes_get_data (want, NULL), 256 * 1024), ==, 0);
    }
}

static void
test_back_pressure (void)
{
  Line    line;
  guint   n;
  guint64 n_read;

  g_test_summary ("A reader that stops stops the sender; then everything arrives in order");

  line_init (&line);
  n = fill_line (&line);
  g_assert_cmpuint (n, >, 4);
  g_assert_cmpuint (aionet_pipe_get_n_sent (line.sender), ==, n);
  n_read = aionet_pipe_get_bytes_received (line.reader);
  turn_a_little ();
  g_assert_cmpuint (aionet_pipe_get_bytes_received (line.reader), ==, n_read);
  read_blocks (&line, n);
  g_assert_cmpuint (aionet_pipe_get_bytes_received (line.reader), ==, n * 256 * 1024);
  g_assert_cmpuint (aionet_pipe_get_n_dropped (line.reader), ==, 0);
  send_text (line.sender, "again", NULL);
  assert_receives (line.reader, "again");
  line_clear (&line);
}

typedef struct
{
  guint   n_done;
  guint   n_failed;
  GError *error;
} Count;

static void
on_sent (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Count  *count = user_data;
  GError *error = NULL;

  count->n_done += aionet_pipe_send_finish (AIONET_PIPE (source), result, &error);
  if (error == NULL)
    return;
  count->n_failed++;
  g_clear_error (&count->error);
  count->error = error;
}

static void
test_async_waits (void)
{
  Line  line;
  Count count = { 0 };
  g_autoptr (GError) error = NULL;
  guint n;

  g_test_summary ("An asynchronous send waits for the reader, and nobody overtakes it");

  line_init (&line);
  n = fill_line (&line);
  for (guint i = 0; i < 4; i++)
    {
      g_autoptr (GBytes) block = new_block ((guint8) (n + i));

      aionet_pipe_send_async (line.sender, block, NULL, NULL, on_sent, &count);
    }
  turn_a_little ();
  g_assert_cmpuint (count.n_done, ==, 0);
  g_assert_false (aionet_pipe_send_data (line.sender, (const guint8 *) "x", 1, NULL, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_WOULD_BLOCK);
  read_blocks (&line, n + 4);
  while (count.n_done < 4)
    g_main_context_iteration (NULL, TRUE);
  g_assert_cmpuint (aionet_pipe_get_n_sent (line.sender), ==, n + 4);
  line_clear (&line);
}

static void
test_async_cancel (void)
{
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GBytes) block = new_block (0xee);
  g_autoptr (GError) error = NULL;
  Line  line;
  Count count = { 0 };
  guint n;

  g_test_summary ("A cancelled send leaves nothing of its message in the stream");

  line_init (&line);
  n = fill_line (&line);
  aionet_pipe_send_async (line.sender, block, NULL, cancellable, on_sent, &count);
  turn_a_little ();
  g_cancellable_cancel (cancellable);
  turn_a_little ();
  g_assert_cmpuint (count.n_failed, ==, 1);
  g_assert_error (count.error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_clear_error (&count.error);
  aionet_pipe_send_async (line.sender, block, NULL, cancellable, on_sent, &count);
  turn_a_little ();
  g_assert_error (count.error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_clear_error (&count.error);
  read_blocks (&line, n);
  g_assert_null (receive (line.reader, 0, NULL, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_TIMED_OUT);
  line_clear (&line);
}

static void
test_close_with_unsent (void)
{
  g_autoptr (GBytes) block = new_block (1);
  Line  line;
  Count count = { 0 };

  g_test_summary ("Closing wakes senders that wait");

  line_init (&line);
  fill_line (&line);
  aionet_pipe_send_async (line.sender, block, NULL, NULL, on_sent, &count);
  aionet_pipe_close (line.sender);
  turn_a_little ();
  g_assert_cmpuint (count.n_failed, ==, 1);
  g_assert_error (count.error, AIONET_ERROR, AIONET_ERROR_CLOSED);
  g_clear_error (&count.error);
  line_clear (&line);
}

static void
on_closed (AionetPipe *pipe, const GError *error, gpointer user_data)
{
  GError **place = user_data;

  g_assert_no_error (*place);
  *place = error != NULL ? g_error_copy (error)
                         : g_error_new_literal (G_IO_ERROR, G_IO_ERROR_CLOSED, "quietly");
}

static void
test_peer_resets (void)
{
  const struct linger now = { 1, 0 };
  g_autoptr (GSocket) listener = loopback_socket (G_SOCKET_PROTOCOL_TCP, G_SOCKET_FAMILY_IPV4);
  g_autoptr (GSocketAddress) address = g_socket_get_local_address (listener, NULL);
  g_autofree char *target = g_socket_connectable_to_string (G_SOCKET_CONNECTABLE (address));
  g_autoptr (AionetPipe) pipe = aionet_pipe_new (G_SOCKET_PROTOCOL_TCP, target, NULL);
  g_autoptr (GSocket) peer = NULL;
  g_autoptr (GError) error = NULL;

  g_test_summary ("A reset is told with its error, once, and what came before it is still there");

  g_assert_cmpint (listen (g_socket_get_fd (listener), 1), ==, 0);
  open_pipe (pipe, NULL, &error);
  g_assert_no_error (error);
  g_socket_set_blocking (listener, TRUE);
  peer = g_socket_accept (listener, NULL, &error);
  g_assert_no_error (error);
  g_signal_connect (pipe, "closed", G_CALLBACK (on_closed), &error);
  g_assert_cmpint (g_socket_send (peer, "last", 4, NULL, NULL), ==, 4);
  assert_receives (pipe, "last");
  g_assert_cmpint (setsockopt (g_socket_get_fd (peer), SOL_SOCKET, SO_LINGER, &now, sizeof now), ==,
                   0);
  g_socket_close (peer, NULL);
  assert_closed (pipe);
  g_assert_error (error, G_IO_ERROR, (int) g_io_error_from_errno (ECONNRESET));
}

static void
test_half_closed (void)
{
  g_autoptr (AionetPipe) server = loopback_server (G_SOCKET_PROTOCOL_TCP, G_SOCKET_FAMILY_IPV4);
  GSocketAddress *address = aionet_pipe_get_local_address (server);
  g_autoptr (GSocket) client = loopback_socket (G_SOCKET_PROTOCOL_TCP, G_SOCKET_FAMILY_IPV4);
  g_autoptr (AionetPipe) peer = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *buffer = g_malloc (65536);
  guint            n_blocks = 0;
  gsize            n_read = 0;

  g_test_summary ("A peer that has finished sending still gets what waits for it");

  g_socket_set_blocking (client, TRUE);
  g_assert_true (g_socket_connect (client, address, NULL, &error));
  peer = accept_client (server);
  for (gboolean taken = TRUE; taken; n_blocks += taken)
    {
      g_autoptr (GBytes) block = new_block (7);

      taken = aionet_pipe_send (peer, block, NULL, NULL);
    }
  g_assert_true (g_socket_shutdown (client, FALSE, TRUE, &error));
  g_socket_set_blocking (client, FALSE);
  while (n_read < n_blocks * 256 * 1024)
    {
      gssize n = g_socket_receive (client, buffer, 65536, NULL, NULL);

      turn_a_little ();
      g_assert_cmpint (n, !=, 0);
      n_read += (gsize) MAX (n, 0);
    }
  assert_closed (peer);
}

static void
test_empty (void)
{
  Line line;
  g_autoptr (GError) error = NULL;

  g_test_summary ("Nothing to send is sent: a stream has no empty messages");

  line_init (&line);
  g_assert_true (aionet_pipe_send_data (line.sender, NULL, 0, NULL, &error));
  g_assert_no_error (error);
  send_text (line.sender, "x", NULL);
  assert_receives (line.reader, "x");
  line_clear (&line);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/aionet/pipe-send/back-pressure", test_back_pressure);
  g_test_add_func ("/aionet/pipe-send/async-waits", test_async_waits);
  g_test_add_func ("/aionet/pipe-send/async-cancel", test_async_cancel);
  g_test_add_func ("/aionet/pipe-send/close", test_close_with_unsent);
  g_test_add_func ("/aionet/pipe-send/reset", test_peer_resets);
  g_test_add_func ("/aionet/pipe-send/half-closed", test_half_closed);
  g_test_add_func ("/aionet/pipe-send/empty", test_empty);
  return g_test_run ();
}
