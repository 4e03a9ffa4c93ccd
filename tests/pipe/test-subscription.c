/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#include "config.h"

#include <gio/gio.h>
#include <string.h>

#include "pipe-helpers.h"

static AionetSubscription *
subscribe (AionetPipe *pipe, const char *pattern, GSocketAddress *sender)
{
  g_autoptr (GError) error = NULL;
  AionetSubscription *subscription = aionet_pipe_subscribe (pipe, pattern, sender, &error);

  g_assert_no_error (error);
  g_assert_nonnull (subscription);
  return subscription;
}

/* All that is queued: "A1 A3" */
static char *
take_all (AionetSubscription *subscription)
{
  g_autoptr (GString) text = g_string_new (NULL);

  while (aionet_subscription_get_n_queued (subscription) > 0)
    {
      g_autoptr (AionetMessage) message = aionet_subscription_try_receive (subscription);
      GBytes *bytes = aionet_message_get_bytes (message);

      g_string_append (text, text->len > 0 ? " " : "");
      g_string_append_len (text, g_bytes_get_data (bytes, NULL), (gssize) g_bytes_get_size (bytes));
    }
  g_assert_null (aionet_subscription_try_receive (subscription));
  return g_strdup (text->str);
}

static void
assert_took (AionetSubscription *subscription, const char *want)
{
  g_autofree char *text = take_all (subscription);

  g_assert_cmpstr (text, ==, want);
}

static void
receive_count (AionetPipe *pipe, guint64 n)
{
  while (aionet_pipe_get_n_received (pipe) < n)
    g_main_context_iteration (NULL, TRUE);
}

static void
test_patterns (void)
{
  g_autoptr (AionetPipe) server = loopback_server (G_SOCKET_PROTOCOL_UDP, G_SOCKET_FAMILY_IPV4);
  g_autoptr (AionetPipe) u1 = open_client (server);
  g_autoptr (AionetPipe) u2 = open_client (server);
  g_autoptr (GSocketAddress) any_port = g_inet_socket_address_new_from_string ("127.0.0.1", 0);
  g_autoptr (AionetSubscription) begins = subscribe (server, "^A.*", NULL);
  g_autoptr (AionetSubscription) from_u2 =
      subscribe (server, NULL, aionet_pipe_get_local_address (u2));
  g_autoptr (AionetSubscription) from_host = subscribe (server, NULL, any_port);
  g_autoptr (AionetSubscription) ends =
      subscribe (server, "B$", aionet_pipe_get_local_address (u1));
  g_autoptr (AionetSubscription) all = subscribe (server, NULL, NULL);
  g_autoptr (GError) error = NULL;

  g_test_summary ("Case C-07: each of five subscriptions gets exactly what matches it");

  send_text (u1, "A1", NULL);
  send_text (u2, "xA2", NULL);
  receive_count (server, 2);
  send_text (u2, "A3", NULL);
  receive_count (server, 3);
  send_text (u1, "zB", NULL);
  receive_count (server, 4);
  assert_took (begins, "A1 A3");
  assert_took (from_u2, "xA2 A3");
  assert_took (from_host, "A1 xA2 A3 zB");
  assert_took (ends, "zB");
  assert_took (all, "A1 xA2 A3 zB");
  g_assert_null (receive (server, 0, NULL, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_TIMED_OUT);
}

static void
test_unmatched (void)
{
  g_autoptr (AionetPipe) server = loopback_server (G_SOCKET_PROTOCOL_UDP, G_SOCKET_FAMILY_IPV4);
  g_autoptr (AionetPipe) client = open_client (server);
  g_autoptr (AionetSubscription) letters = subscribe (server, "^[a-z]", NULL);

  g_test_summary ("What no subscription matches waits in the queue of the pipe");

  send_text (client, "1", NULL);
  send_text (client, "a", NULL);
  receive_count (server, 2);
  assert_receives (server, "1");
  assert_took (letters, "a");
}

static void
test_ended (void)
{
  g_autoptr (AionetPipe) server = loopback_server (G_SOCKET_PROTOCOL_UDP, G_SOCKET_FAMILY_IPV4);
  g_autoptr (AionetPipe) client = open_client (server);
  g_autoptr (AionetSubscription) all = subscribe (server, NULL, NULL);
  g_autoptr (AionetSubscription) closed = subscribe (server, NULL, NULL);
  g_autoptr (AionetSubscription) made_up = g_object_new (AIONET_TYPE_SUBSCRIPTION, NULL);
  g_autoptr (GError) error = NULL;
  g_autofree char *text = NULL;

  g_test_summary ("Cases C-08, C-10: after the end what is queued is left, then it is an error");

  send_text (client, "last", NULL);
  receive_count (server, 1);
  aionet_subscription_cancel (all);
  aionet_subscription_cancel (all);
  send_text (client, "too late", NULL);
  receive_count (server, 2);
  text = receive_from (all, 0, &error);
  g_assert_cmpstr (text, ==, "last");
  g_assert_null (receive_from (all, -1, &error));
  g_assert_error (error, AIONET_ERROR, AIONET_ERROR_CLOSED);
  g_clear_error (&error);
  assert_took (closed, "last too late");
  aionet_pipe_close (server);
  g_assert_null (receive_from (closed, -1, &error));
  g_assert_error (error, AIONET_ERROR, AIONET_ERROR_CLOSED);
  g_clear_error (&error);
  g_assert_null (aionet_pipe_subscribe (server, NULL, NULL, &error));
  g_assert_error (error, AIONET_ERROR, AIONET_ERROR_CLOSED);
  g_clear_error (&error);
  g_assert_null (receive_from (made_up, -1, &error));
  g_assert_error (error, AIONET_ERROR, AIONET_ERROR_CLOSED);
}

static void
on_woken (GObject *source, GAsyncResult *result, gpointer user_data)
{
  GError **error = user_data;

  g_assert_null (aionet_subscription_receive_finish (AIONET_SUBSCRIPTION (source), result, error));
}

static void
test_wakes (void)
{
  g_autoptr (AionetPipe) server = loopback_server (G_SOCKET_PROTOCOL_UDP, G_SOCKET_FAMILY_IPV4);
  g_autoptr (AionetSubscription) first = subscribe (server, NULL, NULL);
  g_autoptr (AionetSubscription) second = subscribe (server, NULL, NULL);
  GError *errors[2] = { NULL, NULL };

  g_test_summary ("Who waits is woken by cancelling, and by the end of the pipe");

  aionet_subscription_receive_async (first, -1, NULL, on_woken, &errors[0]);
  aionet_subscription_receive_async (second, -1, NULL, on_woken, &errors[1]);
  turn_a_little ();
  aionet_subscription_cancel (first);
  turn_a_little ();
  g_assert_error (errors[0], AIONET_ERROR, AIONET_ERROR_CLOSED);
  g_assert_no_error (errors[1]);
  g_clear_object (&server);
  turn_a_little ();
  g_assert_error (errors[1], AIONET_ERROR, AIONET_ERROR_CLOSED);
  g_clear_error (&errors[0]);
  g_clear_error (&errors[1]);
}

static void
on_message (AionetSubscription *subscription, AionetMessage *message, gpointer user_data)
{
  ++*(guint *) user_data;
}

static void
on_message_end_others (AionetSubscription *subscription, AionetMessage *message, gpointer user_data)
{
  GPtrArray *others = user_data;

  for (guint i = 0; i < others->len; i++)
    aionet_subscription_cancel (others->pdata[i]);
}

static void
test_handler (void)
{
  g_autoptr (AionetPipe) server = loopback_server (G_SOCKET_PROTOCOL_UDP, G_SOCKET_FAMILY_IPV4);
  g_autoptr (AionetPipe) client = open_client (server);
  g_autoptr (AionetSubscription) all = subscribe (server, NULL, NULL);
  guint n = 0;

  g_test_summary ("Case C-11: with a handler the queue stays empty");

  g_signal_connect (all, "message", G_CALLBACK (on_message), &n);
  send_text (client, "a", NULL);
  receive_count (server, 1);
  g_assert_cmpuint (n, ==, 1);
  g_assert_cmpuint (aionet_subscription_get_n_queued (all), ==, 0);
}

static void
test_end_inside (void)
{
  g_autoptr (AionetPipe) server = loopback_server (G_SOCKET_PROTOCOL_UDP, G_SOCKET_FAMILY_IPV4);
  g_autoptr (AionetPipe) client = open_client (server);
  g_autoptr (GPtrArray) all = g_ptr_array_new_with_free_func (g_object_unref);
  guint n_queued = 0;

  g_test_summary ("A handler ends all subscriptions, its own too, while they are being served");

  for (guint i = 0; i < 5; i++)
    {
      g_ptr_array_add (all, subscribe (server, NULL, NULL));
      g_signal_connect (all->pdata[i], "message", G_CALLBACK (on_message_end_others), all);
    }
  send_text (client, "a", NULL);
  send_text (client, "b", NULL);
  receive_count (server, 2);
  for (guint i = 0; i < all->len; i++)
    n_queued += aionet_subscription_get_n_queued (all->pdata[i]);
  g_assert_cmpuint (n_queued, ==, 0);
  assert_receives (server, "b");
}

static void
test_literal (void)
{
  g_autoptr (AionetPipe) server = loopback_server (G_SOCKET_PROTOCOL_UDP, G_SOCKET_FAMILY_IPV4);
  g_autoptr (AionetPipe) client = open_client (server);
  g_autoptr (AionetPipe) stranger = open_client (server);
  g_autoptr (GBytes) id = g_bytes_new_static ("\0\1\2id", 5);
  g_autoptr (GBytes) none = g_bytes_new (NULL, 0);
  g_autoptr (GError) error = NULL;
  g_autoptr (AionetSubscription) from_client =
      aionet_pipe_subscribe_literal (server, id, 2, aionet_pipe_get_local_address (client), &error);
  g_autoptr (AionetSubscription) from_anybody =
      aionet_pipe_subscribe_literal (server, id, 2, NULL, &error);

  g_test_summary ("Bytes at a place, zeros too, from one sender or from all");

  g_assert_no_error (error);
  aionet_pipe_send_data (client, (const guint8 *) "xx\0\1\2idy", 8, NULL, &error);
  aionet_pipe_send_data (stranger, (const guint8 *) "xx\0\1\2id", 7, NULL, &error);
  aionet_pipe_send_data (stranger, (const guint8 *) "x\0\1\2id", 6, NULL, &error);
  g_assert_no_error (error);
  receive_count (server, 3);
  g_assert_cmpuint (aionet_subscription_get_n_queued (from_client), ==, 1);
  g_assert_cmpuint (aionet_subscription_get_n_queued (from_anybody), ==, 2);
  g_assert_null (aionet_pipe_subscribe_literal (server, none, 0, NULL, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT);
}

static void
test_bytes (void)
{
  g_autoptr (AionetPipe) server = loopback_server (G_SOCKET_PROTOCOL_UDP, G_SOCKET_FAMILY_IPV4);
  g_autoptr (AionetPipe) client = open_client (server);
  g_autoptr (AionetSubscription) behind_zero = subscribe (server, "B$", NULL);
  g_autoptr (AionetSubscription) not_text = subscribe (server, "^\\xff\\x00", NULL);
  g_autoptr (AionetSubscription) any_byte = subscribe (server, "^...$", NULL);
  g_autoptr (AionetSubscription) none = NULL;
  g_autoptr (GError) error = NULL;

  g_test_summary ("Patterns work on bytes: zeros, line ends and what is no text");

  aionet_pipe_send_data (client, (const guint8 *) "\xff\0B", 3, NULL, &error);
  aionet_pipe_send_data (client, (const guint8 *) "xB\n", 3, NULL, &error);
  receive_count (server, 2);
  g_assert_cmpuint (aionet_subscription_get_n_queued (behind_zero), ==, 1);
  g_assert_cmpuint (aionet_subscription_get_n_queued (not_text), ==, 1);
  g_assert_cmpuint (aionet_subscription_get_n_queued (any_byte), ==, 2);
  none = aionet_pipe_subscribe (server, "(", NULL, &error);
  g_assert_null (none);
  g_assert_true (error != NULL && error->domain == G_REGEX_ERROR);
}

static void
test_limit (void)
{
  g_autoptr (AionetPipe) server = loopback_server (G_SOCKET_PROTOCOL_UDP, G_SOCKET_FAMILY_IPV4);
  g_autoptr (AionetPipe) client = open_client (server);
  g_autoptr (AionetSubscription) small = NULL;
  guint64 n_dropped;
  guint   n_queued;

  g_test_summary ("A full subscription drops the newest and counts it; others are not concerned");

  aionet_pipe_set_receive_queue_messages (server, 2);
  small = subscribe (server, NULL, NULL);
  for (guint i = 0; i < 5; i++)
    {
      g_autofree char *text = g_strdup_printf ("%u", i);

      send_text (client, text, NULL);
    }
  receive_count (server, 5);
  g_object_get (small, "n-dropped", &n_dropped, "n-queued", &n_queued, NULL);
  g_assert_cmpuint (n_dropped, ==, 3);
  g_assert_cmpuint (n_queued, ==, 2);
  g_assert_cmpuint (aionet_pipe_get_n_dropped (server), ==, 0);
  assert_took (small, "0 1");
}

static void
test_stream_stops (void)
{
  g_autoptr (AionetPipe) server = loopback_server (G_SOCKET_PROTOCOL_TCP, G_SOCKET_FAMILY_IPV4);
  g_autoptr (AionetPipe) client = open_client (server);
  g_autoptr (AionetPipe) peer = accept_client (server);
  g_autoptr (AionetSubscription) all = NULL;

  g_test_summary ("A full subscription of a stream stops it; read or dropped, it goes on");

  aionet_pipe_set_receive_queue_messages (peer, 1);
  all = subscribe (peer, NULL, NULL);
  for (guint i = 0; i < 3; i++)
    {
      send_text (client, "x", NULL);
      turn_a_little ();
    }
  g_assert_cmpuint (aionet_pipe_get_n_received (peer), ==, 1);
  assert_took (all, "x");
  receive_count (peer, 2);
  turn_a_little ();
  assert_took (all, "xx");
  g_assert_cmpuint (aionet_subscription_get_n_dropped (all), ==, 0);
  send_text (client, "y", NULL);
  receive_count (peer, 3);
  g_clear_object (&all);
  send_text (client, "z", NULL);
  assert_receives (peer, "z");
}

static void
test_many (void)
{
  g_autoptr (AionetPipe) server = loopback_server (G_SOCKET_PROTOCOL_UDP, G_SOCKET_FAMILY_IPV4);
  g_autoptr (AionetPipe) client = open_client (server);
  g_autoptr (GPtrArray) all = g_ptr_array_new_with_free_func (g_object_unref);
  g_autoptr (GError) error = NULL;
  guint n_queued = 0;

  g_test_summary ("Of ten thousand transactions each finds its own answer");

  for (guint32 i = 0; i < 10000; i++)
    {
      g_autoptr (GBytes) id = g_bytes_new (&i, sizeof i);

      g_ptr_array_add (all, aionet_pipe_subscribe_literal (server, id, 8, NULL, &error));
    }
  for (guint32 i = 0; i < 10000; i += 1000)
    {
      guint8 packet[12] = { 0 };

      memcpy (packet + 8, &i, sizeof i);
      aionet_pipe_send_data (client, packet, sizeof packet, NULL, &error);
    }
  g_assert_no_error (error);
  receive_count (server, 10);
  for (guint i = 0; i < all->len; i++)
    {
      g_assert_cmpuint (aionet_subscription_get_n_queued (all->pdata[i]), ==, i % 1000 == 0);
      n_queued += aionet_subscription_get_n_queued (all->pdata[i]);
    }
  g_assert_cmpuint (n_queued, ==, 10);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/aionet/subscription/patterns", test_patterns);
  g_test_add_func ("/aionet/subscription/unmatched", test_unmatched);
  g_test_add_func ("/aionet/subscription/ended", test_ended);
  g_test_add_func ("/aionet/subscription/wakes", test_wakes);
  g_test_add_func ("/aionet/subscription/handler", test_handler);
  g_test_add_func ("/aionet/subscription/end-inside", test_end_inside);
  g_test_add_func ("/aionet/subscription/literal", test_literal);
  g_test_add_func ("/aionet/subscription/bytes", test_bytes);
  g_test_add_func ("/aionet/subscription/limit", test_limit);
  g_test_add_func ("/aionet/subscription/stream-stops", test_stream_stops);
  g_test_add_func ("/aionet/subscription/many", test_many);
  return g_test_run ();
}
