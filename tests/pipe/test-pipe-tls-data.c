/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#include "config.h"

#include "pipe/aionet-pipe-private.h"
#include "pipe/aionet-pipe-tls.h"
#include "tls-fixture.h"

#define LARGE (1024 * 1024)

typedef struct
{
  gsize   n_received;
  guint32 sum;
} Sink;

static void
on_data (AionetPipe *pipe, const guint8 *data, gsize length, GSocketAddress *sender, gpointer user)
{
  Sink *self = user;

  for (gsize i = 0; i < length; i++)
    self->sum += data[i] * (guint32) (self->n_received++ + 1);
}

static GBytes *
make_large (Sink *expected)
{
  guint8 *data = g_malloc (LARGE);

  for (gsize i = 0; i < LARGE; i++)
    data[i] = (guint8) ((i * 7 + i / 251) | 1); /* no NUL: helpers take it for text */
  on_data (NULL, data, LARGE, NULL, expected);
  return g_bytes_new_take (data, LARGE);
}

static void
on_sent (GObject *source, GAsyncResult *result, gpointer user_data)
{
  guint *n_done = user_data;
  g_autoptr (GError) error = NULL;

  aionet_pipe_send_finish (AIONET_PIPE (source), result, &error);
  g_assert_no_error (error);
  (*n_done)++;
}

static void
test_large (void)
{
  Sink expected = { 0 }, to_client = { 0 }, to_server = { 0 };
  g_autoptr (GBytes) bytes = make_large (&expected);
  guint n_done = 0;
  Pair  pair;

  g_test_summary ("1 MiB goes both ways at once, byte by byte");

  pair_init (&pair);
  aionet_pipe_set_message_func (pair.client, on_data, &to_client, NULL);
  aionet_pipe_set_message_func (pair.peer, on_data, &to_server, NULL);
  aionet_pipe_send_async (pair.client, bytes, NULL, NULL, on_sent, &n_done);
  aionet_pipe_send_async (pair.peer, bytes, NULL, NULL, on_sent, &n_done);
  while (n_done < 2 || to_client.n_received < LARGE || to_server.n_received < LARGE)
    g_main_context_iteration (NULL, TRUE);
  g_assert_cmpuint (to_client.n_received, ==, LARGE);
  g_assert_cmpuint (to_server.n_received, ==, LARGE);
  g_assert_cmpuint (to_client.sum, ==, expected.sum);
  g_assert_cmpuint (to_server.sum, ==, expected.sum);
  pair_clear (&pair);
}

/* The reader is slower than the queue is long: what waits inside the session has no event. */
static void
test_slow_reader (void)
{
  Sink expected = { 0 }, received = { 0 };
  g_autoptr (GBytes) bytes = make_large (&expected);
  guint n_done = 0;
  Pair  pair;

  g_test_summary ("A reader with a short queue gets everything, though the session buffers");

  pair_init (&pair);
  aionet_pipe_set_receive_queue_bytes (pair.client, 1);
  aionet_pipe_send_async (pair.peer, bytes, NULL, NULL, on_sent, &n_done);
  while (received.n_received < LARGE)
    {
      g_autoptr (GError) error = NULL;
      g_autofree char *part = receive_n (pair.client, 4096, 10000, &error);

      g_assert_no_error (error);
      on_data (NULL, (const guint8 *) part, 4096, NULL, &received);
    }
  g_assert_cmpuint (received.sum, ==, expected.sum);
  g_assert_cmpuint (n_done, ==, 1);
  pair_clear (&pair);
}

static void
on_cancelled_send (GObject *source, GAsyncResult *result, gpointer user_data)
{
  guint *n_done = user_data;
  g_autoptr (GError) error = NULL;

  if (!aionet_pipe_send_finish (AIONET_PIPE (source), result, &error))
    g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  (*n_done)++;
}

/* The session holds a record of the first message, which the socket had no room for. */
static void
test_cancelled_send (void)
{
  Sink expected = { 0 }, received = { 0 };
  g_autoptr (GBytes) bytes = make_large (&expected);
  g_autoptr (GBytes) record = g_bytes_new_static ("record", 6);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  guint n_done = 0, n_first = 0;
  Pair  pair;

  g_test_summary ("A cancelled send never leaves half a message in the stream");

  pair_init (&pair);
  aionet_pipe_set_receive_queue_bytes (pair.client, 1);
  while (n_first < 64 && !_aionet_pipe_has_unsent (pair.peer))
    {
      aionet_pipe_send_async (pair.peer, bytes, NULL, NULL, on_sent, &n_done);
      n_first++;
    }
  aionet_pipe_send_async (pair.peer, record, NULL, cancellable, on_cancelled_send, &n_done);
  g_cancellable_cancel (cancellable);
  aionet_pipe_set_message_func (pair.client, on_data, &received, NULL);
  while (n_done < n_first + 1)
    g_main_context_iteration (NULL, TRUE);
  while (received.n_received < (gsize) n_first * LARGE)
    g_main_context_iteration (NULL, TRUE);
  turn_a_little ();
  g_assert_cmpuint (received.n_received, ==, (gsize) n_first * LARGE);
  pair_clear (&pair);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  if (!has_tls ())
    return 0;
  g_test_add_func ("/aionet/pipe-tls-data/large", test_large);
  g_test_add_func ("/aionet/pipe-tls-data/slow-reader", test_slow_reader);
  g_test_add_func ("/aionet/pipe-tls-data/cancelled-send", test_cancelled_send);
  return g_test_run ();
}
