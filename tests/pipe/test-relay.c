/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#include "config.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "engine/aionet-reactor-private.h"
#include "relay-helpers.h"

static void
join (AionetPipe *pipe, AionetPipe *other)
{
  g_autoptr (GError) error = NULL;

  aionet_pipe_forward (pipe, other, &error);
  g_assert_no_error (error);
}

static void
assert_nothing_left (void)
{
  turn_a_little ();
  g_assert_cmpuint (_aionet_reactor_get_n_watches (g_main_context_default ()), ==, 0);
}

static void
relay_streams (GSocketFamily family, GSocketFamily other_family)
{
  int peers[2];
  g_autoptr (AionetPipe) a = stream_with_peer (&peers[0], family);
  g_autoptr (AionetPipe) b = stream_with_peer (&peers[1], other_family);
  const guint64 n_bytes = 1024 * 1024;
  Flow flows[2] = { { peers[0], peers[1], n_bytes, 0, 0 }, { peers[1], peers[0], n_bytes, 0, 0 } };

  join (a, b);
  run_flows (flows, 2);
  g_assert_cmpuint (aionet_pipe_get_bytes_received (a), ==, n_bytes);
  g_assert_cmpuint (aionet_pipe_get_bytes_sent (a), ==, n_bytes);
  g_assert_cmpuint (aionet_pipe_get_bytes_received (b), ==, n_bytes);
  g_assert_cmpuint (aionet_pipe_get_bytes_sent (b), ==, n_bytes);
  g_assert_cmpuint (aionet_pipe_get_n_received (a), ==, aionet_pipe_get_n_sent (b));
  g_assert_cmpuint (aionet_pipe_get_n_received (a), >, 0);
  aionet_pipe_close (a);
  g_assert_false (aionet_pipe_is_open (b));
  close (peers[0]);
  close (peers[1]);
}

static void
test_streams (void)
{
  g_test_summary ("C-22: a megabyte goes through either way, byte by byte, and is counted");

  relay_streams (G_SOCKET_FAMILY_IPV4, G_SOCKET_FAMILY_IPV4);
  assert_nothing_left ();
}

static void
test_families (void)
{
  g_test_summary ("IPv4 and IPv6 go together");

  if (!has_ipv6 ())
    return;
  relay_streams (G_SOCKET_FAMILY_IPV4, G_SOCKET_FAMILY_IPV6);
  assert_nothing_left ();
}

static void
test_datagrams (void)
{
  g_autoptr (AionetPipe) server =
      loopback_server (G_SOCKET_PROTOCOL_UDP, G_SOCKET_FAMILY_IPV4); /* who asks comes here */
  g_autoptr (AionetPipe) asker = open_client (server);
  int peer;
  g_autoptr (AionetPipe) out = datagrams_with_peer (&peer);
  g_autofree char *question = NULL;
  char             rest[8];

  g_test_summary ("C-23: datagrams are relayed as they are, empty ones too, and the answers back");

  join (server, out);
  send_text (asker, "what?", NULL);
  question = read_text (peer, 5);
  g_assert_cmpstr (question, ==, "what?");
  write_text (peer, "that");
  assert_receives (asker, "that");
  write_text (peer, "");
  assert_receives (asker, "");
  send_text (asker, "", NULL);
  while (recv (peer, rest, sizeof rest, MSG_DONTWAIT) < 0)
    g_main_context_iteration (NULL, FALSE);
  g_assert_cmpuint (aionet_pipe_get_n_received (server), ==, 2);
  g_assert_cmpuint (aionet_pipe_get_n_sent (server), ==, 2);
  aionet_pipe_close (out);
  aionet_pipe_close (asker);
  g_assert_false (aionet_pipe_is_open (server));
  close (peer);
  assert_nothing_left ();
}

static void
test_nobody_heard (void)
{
  g_autoptr (AionetPipe) server = loopback_server (G_SOCKET_PROTOCOL_UDP, G_SOCKET_FAMILY_IPV4);
  int peer;
  g_autoptr (AionetPipe) out = datagrams_with_peer (&peer);

  g_test_summary ("What there is nobody to send to is dropped and counted");

  join (server, out);
  write_text (peer, "hello?");
  while (aionet_pipe_get_n_received (out) == 0)
    g_main_context_iteration (NULL, TRUE);
  g_assert_cmpuint (aionet_pipe_get_n_dropped (server), ==, 1);
  g_assert_cmpuint (aionet_pipe_get_n_sent (server), ==, 0);
  aionet_pipe_close (server);
  close (peer);
  assert_nothing_left ();
}

static void
test_queued_first (void)
{
  int peers[2];
  g_autoptr (AionetPipe) a = stream_with_peer (&peers[0], G_SOCKET_FAMILY_IPV4);
  g_autoptr (AionetPipe) b = stream_with_peer (&peers[1], G_SOCKET_FAMILY_IPV4);
  g_autofree char *text = NULL;

  g_test_summary ("What arrived before the pipes were joined goes first");

  for (guint i = 0; i < 3; i++)
    {
      write_text (peers[0], i == 0 ? "one " : i == 1 ? "two " : "three ");
      while (aionet_pipe_get_n_received (a) <= i)
        g_main_context_iteration (NULL, TRUE);
    }
  write_text (peers[0], "four");
  join (b, a);
  text = read_text (peers[1], 18);
  g_assert_cmpstr (text, ==, "one two three four");
  aionet_pipe_close (b);
  close (peers[0]);
  close (peers[1]);
  assert_nothing_left ();
}

static void
test_queued_more_than_fits (void)
{
  int peers[2];
  g_autoptr (AionetPipe) a = stream_with_peer (&peers[0], G_SOCKET_FAMILY_IPV4);
  g_autoptr (AionetPipe) b = stream_with_peer (&peers[1], G_SOCKET_FAMILY_IPV4);
  Flow flow = { peers[0], peers[1], 32 * 1024 * 1024, 0, 0 };

  g_test_summary ("A full queue is passed on as the other side takes it");

  while (aionet_pipe_get_bytes_received (a) < aionet_pipe_get_receive_queue_bytes (a))
    {
      flow_push (&flow, G_MAXSIZE);
      g_main_context_iteration (NULL, FALSE);
    }
  join (a, b);
  for (guint i = 0; i < 200; i++)
    {
      flow_push (&flow, G_MAXSIZE);
      g_main_context_iteration (NULL, FALSE);
    }
  g_assert_cmpuint (flow.n_in, <, flow.n_total);
  run_flows (&flow, 1);
  g_assert_cmpuint (aionet_pipe_get_bytes_sent (b), ==, flow.n_total);
  aionet_pipe_close (a);
  close (peers[0]);
  close (peers[1]);
  assert_nothing_left ();
}

static void
test_stream_to_datagrams (void)
{
  int peers[2];
  g_autoptr (AionetPipe) stream = stream_with_peer (&peers[0], G_SOCKET_FAMILY_IPV4);
  g_autoptr (AionetPipe) datagrams = datagrams_with_peer (&peers[1]);
  g_autofree guint8 *large = g_malloc0 (65536);
  g_autofree char   *text = NULL;
  g_autofree char   *back = NULL;
  const int          room = 1024 * 1024;
  gsize              n_total = 0;

  g_test_summary ("A read of a stream is a datagram, a datagram a part of the stream");

  join (stream, datagrams);
  setsockopt (peers[1], SOL_SOCKET, SO_RCVBUF, &room, sizeof room);
  write_text (peers[0], "hello");
  text = read_text (peers[1], 5);
  g_assert_cmpstr (text, ==, "hello");
  write_text (peers[1], "good ");
  write_text (peers[1], "");
  write_text (peers[1], "bye");
  back = read_text (peers[0], 8);
  g_assert_cmpstr (back, ==, "good bye");

  g_assert_cmpint (send (peers[0], large, 65536, MSG_NOSIGNAL), ==, 65536);
  while (n_total < 65536)
    {
      gssize n = recv (peers[1], large, 65536, MSG_DONTWAIT);

      g_assert_cmpint (n, <=, 65507);
      n_total += n > 0 ? (gsize) n : 0;
      g_main_context_iteration (NULL, FALSE);
    }
  g_assert_cmpuint (n_total, ==, 65536);
  close (peers[0]);
  run_until_closed (datagrams);
  g_assert_false (aionet_pipe_is_open (stream));
  close (peers[1]);
  assert_nothing_left ();
}

static void
test_one_to_many (void)
{
  int peers[3];
  g_autoptr (AionetPipe) source = stream_with_peer (&peers[0], G_SOCKET_FAMILY_IPV4);
  g_autoptr (AionetPipe) first = stream_with_peer (&peers[1], G_SOCKET_FAMILY_IPV4);
  g_autoptr (AionetPipe) second = datagrams_with_peer (&peers[2]);

  g_test_summary ("All get what one receives, and it closes with the last of them");

  join (source, first);
  join (source, second);
  for (guint i = 0; i < 3; i++)
    {
      g_autofree char *one = NULL;
      g_autofree char *two = NULL;

      write_text (peers[0], "news");
      one = read_text (peers[1], 4);
      two = read_text (peers[2], 4);
      g_assert_cmpstr (one, ==, "news");
      g_assert_cmpstr (two, ==, "news");
    }
  aionet_pipe_close (first);
  g_assert_true (aionet_pipe_is_open (source));
  write_text (peers[0], "more");
  g_free (read_text (peers[2], 4));
  aionet_pipe_close (second);
  g_assert_false (aionet_pipe_is_open (source));
  for (guint i = 0; i < 3; i++)
    close (peers[i]);
  assert_nothing_left ();
}

static void
test_slowest_of_many (void)
{
  int peers[3];
  g_autoptr (AionetPipe) source = stream_with_peer (&peers[0], G_SOCKET_FAMILY_IPV4);
  g_autoptr (AionetPipe) first = stream_with_peer (&peers[1], G_SOCKET_FAMILY_IPV4);
  g_autoptr (AionetPipe) second = stream_with_peer (&peers[2], G_SOCKET_FAMILY_IPV4);
  const guint64 n_bytes = 8 * 1024 * 1024;
  Flow          fast = { peers[0], peers[1], n_bytes, 0, 0 };
  Flow          slow = { -1, peers[2], n_bytes, 0, 0 };

  g_test_summary ("One of many that takes nothing stops them all, and then all get all");

  join (source, first);
  join (source, second);
  for (guint i = 0; i < 2000; i++)
    {
      flow_push (&fast, G_MAXSIZE);
      flow_pull (&fast, G_MAXSIZE);
      g_main_context_iteration (NULL, FALSE);
    }
  g_assert_cmpuint (fast.n_out, <, n_bytes);
  while (fast.n_out < n_bytes || slow.n_out < n_bytes)
    {
      flow_push (&fast, G_MAXSIZE);
      flow_pull (&fast, G_MAXSIZE);
      flow_pull (&slow, G_MAXSIZE);
      g_main_context_iteration (NULL, FALSE);
    }
  aionet_pipe_close (source);
  for (guint i = 0; i < 3; i++)
    close (peers[i]);
  assert_nothing_left ();
}

static void
count_bytes (
    AionetPipe *pipe, const guint8 *data, gsize length, GSocketAddress *sender, gpointer user_data)
{
  *(guint64 *) user_data += length;
}

static void
test_readers_see_all (void)
{
  int peers[2];
  g_autoptr (AionetPipe) a = stream_with_peer (&peers[0], G_SOCKET_FAMILY_IPV4);
  g_autoptr (AionetPipe) b = stream_with_peer (&peers[1], G_SOCKET_FAMILY_IPV4);
  g_autoptr (AionetSubscription) subscription = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *seen = NULL;
  g_autofree char *text = NULL;
  Flow             flow = { peers[0], peers[1], 8 * 1024 * 1024, 0, 0 };
  guint64          n_seen = 0;

  g_test_summary ("Message function and subscriptions see what is relayed");

  aionet_pipe_set_message_func (a, count_bytes, &n_seen, NULL);
  join (a, b);
  run_flows (&flow, 1);
  g_assert_cmpuint (n_seen, ==, flow.n_total);

  aionet_pipe_set_message_func (a, NULL, NULL, NULL);
  subscription = aionet_pipe_subscribe (a, "^wanted", NULL, &error);
  g_assert_no_error (error);
  write_text (peers[0], "wanted");
  text = read_text (peers[1], 6);
  g_assert_cmpstr (text, ==, "wanted");
  seen = receive_from (subscription, -1, &error);
  g_assert_cmpstr (seen, ==, "wanted");
  aionet_pipe_close (a);
  close (peers[0]);
  close (peers[1]);
  assert_nothing_left ();
}

static void
test_refusals (void)
{
  int peers[2];
  g_autoptr (AionetPipe) a = stream_with_peer (&peers[0], G_SOCKET_FAMILY_IPV4);
  g_autoptr (AionetPipe) server = loopback_server (G_SOCKET_PROTOCOL_TCP, G_SOCKET_FAMILY_IPV4);
  g_autoptr (AionetPipe) closed = stream_with_peer (&peers[1], G_SOCKET_FAMILY_IPV4);
  g_autoptr (AionetPipe) foreign = NULL;
  g_autoptr (GMainContext) context = g_main_context_new ();
  g_autoptr (GError) error = NULL;

  g_test_summary ("Pipes that cannot be joined are refused");

  g_assert_false (aionet_pipe_forward (a, a, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT);
  g_clear_error (&error);
  g_assert_false (aionet_pipe_forward (server, a, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED);
  g_clear_error (&error);
  aionet_pipe_close (closed);
  g_assert_false (aionet_pipe_forward (a, closed, &error));
  g_assert_error (error, AIONET_ERROR, AIONET_ERROR_CLOSED);
  g_clear_error (&error);
  g_main_context_push_thread_default (context);
  foreign = aionet_pipe_new (G_SOCKET_PROTOCOL_UDP, "127.0.0.1:9", NULL);
  g_main_context_pop_thread_default (context);
  g_assert_false (aionet_pipe_forward (a, foreign, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT);
  aionet_pipe_unforward (a, server);
  g_assert_true (aionet_pipe_is_open (a));
  aionet_pipe_close (a);
  g_clear_object (&server);
  close (peers[0]);
  close (peers[1]);
  assert_nothing_left ();
}

static void
on_opened (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GError) error = NULL;

  aionet_pipe_open_finish (AIONET_PIPE (source), result, &error);
  *(int *) user_data = error != NULL ? error->code : -1;
}

static void
test_opening (void)
{
  int peer;
  g_autoptr (AionetPipe) a = stream_with_peer (&peer, G_SOCKET_FAMILY_IPV4);
  g_autoptr (AionetPipe) server = loopback_server (G_SOCKET_PROTOCOL_TCP, G_SOCKET_FAMILY_IPV4);
  g_autofree char *target = target_of (server);
  g_autoptr (AionetPipe) out = aionet_pipe_new (G_SOCKET_PROTOCOL_TCP, target, NULL);
  g_autoptr (AionetPipe) accepted = NULL;
  g_autofree char *answer = NULL;
  int              outcome = 0;

  g_test_summary ("A peer that says all and finishes is relayed once the other side is open");

  write_text (peer, "question");
  shutdown (peer, SHUT_WR);
  join (a, out);
  turn_a_little ();
  g_assert_cmpuint (aionet_pipe_get_n_received (a), ==, 0);
  aionet_pipe_open_async (out, NULL, on_opened, &outcome);
  accepted = accept_client (server);
  assert_receives (accepted, "question");
  assert_closed (accepted);
  g_clear_object (&accepted);
  run_until_closed (a);
  g_assert_cmpint (outcome, ==, -1);
  g_clear_object (&server);
  close (peer);
  assert_nothing_left ();
}

static void
test_opening_fails (void)
{
  int peer;
  g_autoptr (AionetPipe) a = stream_with_peer (&peer, G_SOCKET_FAMILY_IPV4);
  g_autoptr (GSocketAddress) nobody = closed_port (G_SOCKET_PROTOCOL_TCP);
  g_autofree char *target = g_socket_connectable_to_string (G_SOCKET_CONNECTABLE (nobody));
  g_autoptr (AionetPipe) out = aionet_pipe_new (G_SOCKET_PROTOCOL_TCP, target, NULL);
  Ending ending = { 0 };
  int    outcome = 0;

  g_test_summary ("A side that cannot be opened closes the other and says why");

  watch_ending (a, &ending);
  join (a, out);
  aionet_pipe_open_async (out, NULL, on_opened, &outcome);
  run_until_closed (a);
  turn_a_little ();
  g_assert_cmpint (outcome, ==, G_IO_ERROR_CONNECTION_REFUSED);
  g_assert_error (ending.error, G_IO_ERROR, G_IO_ERROR_CONNECTION_REFUSED);
  g_assert_cmpuint (ending.n_closed, ==, 1);
  g_assert_false (reads_end (peer));
  ending_clear (&ending);
  close (peer);
  assert_nothing_left ();
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/aionet/relay/streams", test_streams);
  g_test_add_func ("/aionet/relay/families", test_families);
  g_test_add_func ("/aionet/relay/datagrams", test_datagrams);
  g_test_add_func ("/aionet/relay/nobody-heard", test_nobody_heard);
  g_test_add_func ("/aionet/relay/queued-first", test_queued_first);
  g_test_add_func ("/aionet/relay/queued-more-than-fits", test_queued_more_than_fits);
  g_test_add_func ("/aionet/relay/stream-to-datagrams", test_stream_to_datagrams);
  g_test_add_func ("/aionet/relay/one-to-many", test_one_to_many);
  g_test_add_func ("/aionet/relay/slowest-of-many", test_slowest_of_many);
  g_test_add_func ("/aionet/relay/readers-see-all", test_readers_see_all);
  g_test_add_func ("/aionet/relay/refusals", test_refusals);
  g_test_add_func ("/aionet/relay/opening", test_opening);
  g_test_add_func ("/aionet/relay/opening-fails", test_opening_fails);
  return g_test_run ();
}
