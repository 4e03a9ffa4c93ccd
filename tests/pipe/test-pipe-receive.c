/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#include "config.h"

#include <gio/gio.h>

#include "pipe-helpers.h"

/* Receiving at the edges: split messages, ends, and pipes that are not open; for both protocols and
 * families. */

#define TCP G_SOCKET_PROTOCOL_TCP
#define UDP G_SOCKET_PROTOCOL_UDP

static const GSocketProtocol protocols[] = { TCP, UDP };
static const GSocketFamily   families[] = { G_SOCKET_FAMILY_IPV4, G_SOCKET_FAMILY_IPV6 };

/* A client and what it talks to: on UDP the server. */
typedef struct
{
  AionetPipe *server, *client, *peer; /* (owned) */
} Pair;

static void
pair_init (Pair *self, GSocketProtocol protocol, GSocketFamily family)
{
  self->server = loopback_server (protocol, family);
  self->client = open_client (self->server);
  self->peer = protocol == TCP ? accept_client (self->server) : g_object_ref (self->server);
}

static void
pair_clear (Pair *self)
{
  g_object_unref (self->peer);
  g_object_unref (self->client);
  g_object_unref (self->server);
}

typedef void (*PairFunc) (Pair *pair);

static void
for_each_kind (PairFunc func)
{
  guint n_families = has_ipv6 () ? 2 : 1;

  for (guint i = 0; i < G_N_ELEMENTS (protocols); i++)
    for (guint k = 0; k < n_families; k++)
      {
        Pair pair;

        pair_init (&pair, protocols[i], families[k]);
        func (&pair);
        pair_clear (&pair);
      }
}

static void
send_and_wait (Pair *pair, const char *text)
{
  guint64 n = aionet_pipe_get_n_received (pair->peer);

  send_text (pair->client, text, NULL);
  while (aionet_pipe_get_n_received (pair->peer) == n)
    g_main_context_iteration (NULL, TRUE);
}

static void
assert_receives_n (AionetPipe *pipe, guint n, int timeout_ms, const char *want)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *text = receive_n (pipe, n, timeout_ms, &error);

  g_assert_no_error (error);
  g_assert_cmpstr (text, ==, want);
}

static void
assert_receive_fails (AionetPipe *pipe, int timeout_ms, GQuark domain, int code)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GError) n_error = NULL;

  g_assert_null (receive (pipe, timeout_ms, NULL, &error));
  g_assert_error (error, domain, code);
  g_assert_null (receive_n (pipe, 3, timeout_ms, &n_error));
  g_assert_error (n_error, domain, code);
}

static void
check_splits (Pair *pair)
{
  static const char *const parts[] = { "a", "bcd", "efgh", "ij" };

  for (guint i = 0; i < G_N_ELEMENTS (parts); i++)
    send_and_wait (pair, parts[i]);
  assert_receives_n (pair->peer, 2, -1, "ab");
  assert_receives_n (pair->peer, 6, 0, "cdefgh");
  assert_receives_n (pair->peer, 1, -1, "i");
  assert_receives_n (pair->peer, 4, 0, "j");
  assert_receive_fails (pair->peer, 0, G_IO_ERROR, G_IO_ERROR_TIMED_OUT);
}

static void
test_splits (void)
{
  g_test_summary (
      "Case C-13: bytes by number, whatever messages they came in; with time-out 0 what "
      "is there");

  for_each_kind (check_splits);
}

static void
check_own_close (Pair *pair)
{
  send_and_wait (pair, "one");
  send_and_wait (pair, "two");
  aionet_pipe_close (pair->peer);
  aionet_pipe_close (pair->peer);
  assert_receives (pair->peer, "one");
  assert_receives_n (pair->peer, 9, -1, "two");
  assert_receive_fails (pair->peer, -1, AIONET_ERROR, AIONET_ERROR_CLOSED);
  assert_receive_fails (pair->peer, 0, AIONET_ERROR, AIONET_ERROR_CLOSED);
}

static void
test_own_close (void)
{
  g_test_summary ("What was queued can be received after closing, twice closing too; then it is "
                  "closed");

  for_each_kind (check_own_close);
}

static void
test_remote_close (void)
{
  Pair pair;

  g_test_summary ("Bytes by number end short when the peer closes, and wake who waits for more");

  pair_init (&pair, TCP, G_SOCKET_FAMILY_IPV4);
  send_text (pair.client, "ab", NULL);
  aionet_pipe_close (pair.client);
  assert_receives_n (pair.peer, 4, -1, "ab");
  assert_receive_fails (pair.peer, -1, AIONET_ERROR, AIONET_ERROR_CLOSED);
  pair_clear (&pair);
}

typedef struct
{
  guint   n_done;
  GError *error; /* (nullable) of the last */
} Waiters;

static void
note (Waiters *self, GError *error)
{
  g_assert_nonnull (error);
  self->n_done++;
  g_clear_error (&self->error);
  self->error = error;
}

static void
on_received (GObject *source, GAsyncResult *result, gpointer user_data)
{
  GError *error = NULL;

  g_assert_null (aionet_pipe_receive_finish (AIONET_PIPE (source), result, &error));
  note (user_data, error);
}

static void
on_received_n (GObject *source, GAsyncResult *result, gpointer user_data)
{
  GError *error = NULL;

  g_assert_null (aionet_pipe_receive_n_finish (AIONET_PIPE (source), result, &error));
  note (user_data, error);
}

static void
on_subscription (GObject *source, GAsyncResult *result, gpointer user_data)
{
  GError *error = NULL;

  g_assert_null (aionet_subscription_receive_finish (AIONET_SUBSCRIPTION (source), result, &error));
  note (user_data, error);
}

static void
check_wakes (Pair *pair)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (AionetSubscription) all = aionet_pipe_subscribe (pair->peer, NULL, NULL, &error);
  Waiters waiters = { 0 };

  g_assert_no_error (error);
  aionet_pipe_receive_async (pair->peer, -1, NULL, on_received, &waiters);
  aionet_pipe_receive_n_async (pair->peer, 4, -1, NULL, on_received_n, &waiters);
  aionet_pipe_receive_async (pair->peer, 100000, NULL, on_received, &waiters);
  aionet_subscription_receive_async (all, -1, NULL, on_subscription, &waiters);
  turn_a_little ();
  g_assert_cmpuint (waiters.n_done, ==, 0);
  aionet_pipe_close (aionet_pipe_get_protocol (pair->peer) == TCP ? pair->client : pair->peer);
  while (waiters.n_done < 4)
    {
      g_main_context_iteration (NULL, TRUE);
      if (waiters.error != NULL)
        g_assert_error (waiters.error, AIONET_ERROR, AIONET_ERROR_CLOSED);
    }
  g_clear_error (&waiters.error);
}

static void
test_wakes (void)
{
  g_test_summary ("Case C-19: all who wait wake when the peer closes (TCP), or the pipe is (UDP)");

  for_each_kind (check_wakes);
}

static void
test_not_open (void)
{
  g_test_summary ("A pipe that is not open yet has nothing; one closed before it was opened is "
                  "closed");

  for (guint i = 0; i < G_N_ELEMENTS (protocols); i++)
    {
      g_autoptr (AionetPipe) pipe = aionet_pipe_new (protocols[i], "127.0.0.1:9", NULL);
      g_autoptr (GError) error = NULL;

      assert_receive_fails (pipe, 0, G_IO_ERROR, G_IO_ERROR_TIMED_OUT);
      aionet_pipe_close (pipe);
      aionet_pipe_close (pipe);
      assert_receive_fails (pipe, -1, AIONET_ERROR, AIONET_ERROR_CLOSED);
      g_assert_false (open_pipe (pipe, NULL, &error));
      g_assert_error (error, AIONET_ERROR, AIONET_ERROR_CLOSED);
    }
}

static void
test_subscribed_before (void)
{
  g_autoptr (AionetPipe) server = loopback_server (UDP, G_SOCKET_FAMILY_IPV4);
  g_autofree char *target = target_of (server);
  g_autoptr (AionetPipe) client = aionet_pipe_new (UDP, target, NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (AionetSubscription) answers = aionet_pipe_subscribe (client, "^A", NULL, &error);
  g_autofree char *text = NULL;

  g_test_summary ("A subscription made before the pipe is open has its messages");

  g_assert_no_error (error);
  open_pipe (client, NULL, &error);
  g_assert_no_error (error);
  send_text (server, "B1", aionet_pipe_get_local_address (client));
  send_text (server, "A2", aionet_pipe_get_local_address (client));
  text = receive_from (answers, -1, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (text, ==, "A2");
  assert_receives (client, "B1");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/aionet/pipe-receive/splits", test_splits);
  g_test_add_func ("/aionet/pipe-receive/own-close", test_own_close);
  g_test_add_func ("/aionet/pipe-receive/remote-close", test_remote_close);
  g_test_add_func ("/aionet/pipe-receive/wakes", test_wakes);
  g_test_add_func ("/aionet/pipe-receive/not-open", test_not_open);
  g_test_add_func ("/aionet/pipe-receive/subscribed-before", test_subscribed_before);
  return g_test_run ();
}
