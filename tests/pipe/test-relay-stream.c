/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#include "config.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "engine/aionet-reactor-private.h"
#include "relay-helpers.h"

/* Two TCP pipes joined, and the descriptors of their peers. */
typedef struct
{
  AionetPipe *pipes[2]; /* (owned) */
  int         peers[2];
  Ending      endings[2];
  guint       n_descriptors; /* before all this */
} Pair;

static void
pair_init (Pair *self)
{
  g_autoptr (GError) error = NULL;

  memset (self, 0, sizeof *self);
  /* What GLib keeps for itself from the first turn and the first task on. */
  g_main_context_iteration (NULL, FALSE);
  g_type_ensure (G_TYPE_TASK);
  self->n_descriptors = count_descriptors ();
  for (guint i = 0; i < 2; i++)
    {
      self->pipes[i] = stream_with_peer (&self->peers[i], G_SOCKET_FAMILY_IPV4);
      watch_ending (self->pipes[i], &self->endings[i]);
    }
  aionet_pipe_forward (self->pipes[0], self->pipes[1], &error);
  g_assert_no_error (error);
}

static void
pair_clear (Pair *self)
{
  for (guint i = 0; i < 2; i++)
    {
      aionet_pipe_close (self->pipes[i]);
      g_object_unref (self->pipes[i]);
      if (self->peers[i] >= 0)
        close (self->peers[i]);
      g_assert_cmpuint (self->endings[i].n_closed, ==, 1);
      ending_clear (&self->endings[i]);
    }
  turn_a_little ();
  g_assert_cmpuint (_aionet_reactor_get_n_watches (g_main_context_default ()), ==, 0);
  g_assert_cmpuint (count_descriptors (), ==, self->n_descriptors);
}

static Flow
flow_of (Pair *pair, guint from, guint64 n_total)
{
  return (Flow){ pair->peers[from], pair->peers[1 - from], n_total, 0, 0 };
}

static void
test_half_close (void)
{
  Pair pair;
  Flow there, back;

  g_test_summary ("One direction ends alone; both pipes close, without a reason, after the other");

  pair_init (&pair);
  there = flow_of (&pair, 0, 5 * 1024 * 1024);
  back = flow_of (&pair, 1, 5 * 1024 * 1024);
  run_flows (&there, 1);
  shutdown (pair.peers[0], SHUT_WR);
  g_assert_true (reads_end (pair.peers[1]));
  g_assert_true (aionet_pipe_is_open (pair.pipes[0]));
  g_assert_true (aionet_pipe_is_open (pair.pipes[1]));
  run_flows (&back, 1);
  shutdown (pair.peers[1], SHUT_WR);
  g_assert_true (reads_end (pair.peers[0]));
  run_until_closed (pair.pipes[0]);
  run_until_closed (pair.pipes[1]);
  g_assert_no_error (pair.endings[0].error);
  g_assert_no_error (pair.endings[1].error);
  pair_clear (&pair);
}

static void
test_end_behind_slow_reader (void)
{
  Pair pair;
  Flow there, back;

  g_test_summary ("The end comes after the last byte, however slowly that is read");

  pair_init (&pair);
  there = flow_of (&pair, 0, 16 * 1024 * 1024);
  back = flow_of (&pair, 1, 1000);
  while (there.n_in < there.n_total)
    {
      flow_push (&there, G_MAXSIZE);
      flow_pull (&there, 8192);
      g_main_context_iteration (NULL, FALSE);
    }
  shutdown (pair.peers[0], SHUT_WR);
  g_assert_cmpuint (there.n_out, <, there.n_total);
  turn_a_little ();
  run_flows (&there, 1);
  g_assert_true (reads_end (pair.peers[1]));
  run_flows (&back, 1);
  close (pair.peers[1]);
  pair.peers[1] = -1;
  g_assert_true (reads_end (pair.peers[0]));
  pair_clear (&pair);
}

static guint64
get_resident_bytes (void)
{
  g_autofree char *text = NULL;
  guint64          n_pages = 0;

  g_assert_true (g_file_get_contents ("/proc/self/statm", &text, NULL, NULL));
  g_assert_cmpint (sscanf (text, "%*u %" G_GINT64_MODIFIER "u", &n_pages), ==, 1);
  return n_pages * (guint64) sysconf (_SC_PAGESIZE);
}

static void
count_message (
    AionetPipe *pipe, const guint8 *data, gsize length, GSocketAddress *sender, gpointer user_data)
{
  *(guint64 *) user_data += length;
}

/* AddressSanitizer keeps freed memory for a while, to see it used. */
#ifdef __SANITIZE_ADDRESS__
#define N_QUARANTINED (G_GUINT64_CONSTANT (64) * 1024 * 1024)
#else
#define N_QUARANTINED G_GUINT64_CONSTANT (0)
#endif

static void
relay_slowly (gboolean with_reader)
{
  const guint64 n_slack = 16 * 1024 * 1024; /* what sockets and a kernel pipe hold, and a message */
  Pair          pair;
  Flow          flow;
  guint64       n_before, n_ahead = 0, n_resident = 0, n_seen = 0;

  pair_init (&pair);
  flow = flow_of (&pair, 0, 256 * 1024 * 1024);
  if (with_reader)
    aionet_pipe_set_message_func (pair.pipes[0], count_message, &n_seen, NULL);
  flow_pull (&flow, 1);
  n_before = get_resident_bytes ();
  while (flow.n_out < flow.n_total)
    {
      flow_push (&flow, G_MAXSIZE);
      g_main_context_iteration (NULL, FALSE);
      flow_pull (&flow, 100 * 1024);
      n_ahead = MAX (n_ahead, aionet_pipe_get_bytes_received (pair.pipes[0]) - flow.n_out);
      n_resident = MAX (n_resident, get_resident_bytes ());
    }
  g_test_message ("At most %" G_GUINT64_FORMAT " KiB ahead, %" G_GUINT64_FORMAT
                  " KiB more resident",
                  n_ahead / 1024, (n_resident - MIN (n_before, n_resident)) / 1024);
  g_assert_cmpuint (n_ahead, <, n_slack);
  g_assert_cmpuint (n_resident, <, n_before + n_slack + N_QUARANTINED);
  pair_clear (&pair);
}

static void
test_slow_consumer (void)
{
  g_test_summary ("256 MiB through a slow consumer need no memory");

  relay_slowly (FALSE);
  relay_slowly (TRUE);
}

static void
test_stops_producer (void)
{
  Pair    pair;
  Flow    flow;
  guint64 n_seen = 0, n_stalled;

  g_test_summary ("A side that takes nothing stops the other, copied or spliced");

  for (guint i = 0; i < 2; i++)
    {
      pair_init (&pair);
      flow = flow_of (&pair, 0, 64 * 1024 * 1024);
      if (i == 1)
        aionet_pipe_set_message_func (pair.pipes[0], count_message, &n_seen, NULL);
      for (guint k = 0; k < 3000; k++)
        {
          flow_push (&flow, G_MAXSIZE);
          g_main_context_iteration (NULL, FALSE);
        }
      n_stalled = aionet_pipe_get_bytes_received (pair.pipes[0]);
      for (guint k = 0; k < 1000; k++)
        {
          flow_push (&flow, G_MAXSIZE);
          g_main_context_iteration (NULL, FALSE);
        }
      g_assert_cmpuint (aionet_pipe_get_bytes_received (pair.pipes[0]), ==, n_stalled);
      g_assert_cmpuint (flow.n_in, <, flow.n_total);
      run_flows (&flow, 1);
      pair_clear (&pair);
    }
  g_assert_cmpuint (n_seen, ==, 64 * 1024 * 1024);
}

static void
test_reset (void)
{
  Pair pair;
  Flow flow;

  g_test_summary ("A reset closes the other side with the reason, and goes on to its peer");

  pair_init (&pair);
  flow = flow_of (&pair, 0, 8 * 1024 * 1024);
  while (flow.n_out < flow.n_total / 2)
    {
      flow_push (&flow, G_MAXSIZE);
      flow_pull (&flow, G_MAXSIZE);
      g_main_context_iteration (NULL, FALSE);
    }
  reset_peer (&pair.peers[0]);
  run_until_closed (pair.pipes[1]);
  g_assert_error (pair.endings[0].error, G_IO_ERROR, G_IO_ERROR_CONNECTION_CLOSED);
  g_assert_error (pair.endings[1].error, G_IO_ERROR, G_IO_ERROR_CONNECTION_CLOSED);
  g_assert_true (
      g_str_has_prefix (pair.endings[1].error->message, "The other side of the relay: "));
  g_assert_false (reads_end (pair.peers[1]));
  pair_clear (&pair);
}

static void
test_reset_of_stalled (void)
{
  Pair pair;
  Flow flow;

  g_test_summary ("A reset ends a relay whose other side takes nothing, at once");

  for (guint victim = 0; victim < 2; victim++)
    {
      pair_init (&pair);
      flow = flow_of (&pair, 0, 64 * 1024 * 1024);
      for (guint k = 0; k < 2000; k++)
        {
          flow_push (&flow, G_MAXSIZE);
          g_main_context_iteration (NULL, FALSE);
        }
      reset_peer (&pair.peers[victim]);
      run_until_closed (pair.pipes[1 - victim]);
      g_assert_nonnull (pair.endings[0].error);
      g_assert_nonnull (pair.endings[1].error);
      pair_clear (&pair);
    }
}

static void
test_close (void)
{
  Pair pair;
  Flow flow;

  g_test_summary ("Closing one side closes the other once everything is sent");

  pair_init (&pair);
  flow = flow_of (&pair, 0, 64 * 1024 * 1024);
  for (guint k = 0; k < 2000; k++)
    {
      flow_push (&flow, G_MAXSIZE);
      g_main_context_iteration (NULL, FALSE);
    }
  flow.n_total = aionet_pipe_get_bytes_received (pair.pipes[0]);
  flow.n_in = flow.n_total;
  aionet_pipe_close (pair.pipes[0]);
  g_assert_true (aionet_pipe_is_open (pair.pipes[1]));
  run_flows (&flow, 1);
  g_assert_true (reads_end (pair.peers[1]));
  run_until_closed (pair.pipes[1]);
  g_assert_no_error (pair.endings[1].error);
  pair_clear (&pair);
}

static void
test_unforward (void)
{
  Pair    pair;
  Flow    flow;
  guint64 n_relayed;

  g_test_summary ("Parted pipes are what they were; what was under way arrives");

  pair_init (&pair);
  flow = flow_of (&pair, 0, 64 * 1024 * 1024);
  for (guint k = 0; k < 2000; k++)
    {
      flow_push (&flow, G_MAXSIZE);
      g_main_context_iteration (NULL, FALSE);
    }
  n_relayed = aionet_pipe_get_bytes_received (pair.pipes[0]);
  aionet_pipe_unforward (pair.pipes[1], pair.pipes[0]);
  aionet_pipe_unforward (pair.pipes[0], pair.pipes[1]);
  while (flow.n_out < n_relayed)
    {
      flow_pull (&flow, G_MAXSIZE);
      g_main_context_iteration (NULL, FALSE);
    }
  /* What came later waits in the pipe, until it is joined again. */
  g_assert_cmpuint (aionet_pipe_get_bytes_received (pair.pipes[0]), >, n_relayed);
  g_assert_true (aionet_pipe_forward (pair.pipes[0], pair.pipes[1], NULL));
  run_flows (&flow, 1);
  aionet_pipe_unforward (pair.pipes[0], pair.pipes[1]);
  write_text (pair.peers[1], "to the second");
  assert_receives (pair.pipes[1], "to the second");
  send_text (pair.pipes[1], "from it", NULL);
  g_free (read_text (pair.peers[1], 7));
  close (pair.peers[0]);
  pair.peers[0] = -1;
  assert_closed (pair.pipes[0]);
  g_assert_true (aionet_pipe_is_open (pair.pipes[1]));
  pair_clear (&pair);
}

typedef enum
{
  CLOSE_SELF,
  CLOSE_OTHER,
  PART,
  N_DEEDS
} Deed;

typedef struct
{
  Pair *pair;
  Deed  deed;
} Plot;

static void
carry_out (
    AionetPipe *pipe, const guint8 *data, gsize length, GSocketAddress *sender, gpointer user_data)
{
  Plot *plot = user_data;

  if (plot->deed == CLOSE_SELF)
    aionet_pipe_close (plot->pair->pipes[0]);
  else if (plot->deed == CLOSE_OTHER)
    aionet_pipe_close (plot->pair->pipes[1]);
  else
    aionet_pipe_unforward (plot->pair->pipes[0], plot->pair->pipes[1]);
}

static void
test_callbacks (void)
{
  g_test_summary ("A callback may close either side or part them");

  for (guint deed = 0; deed < N_DEEDS; deed++)
    {
      Pair             pair;
      Plot             plot = { &pair, (Deed) deed };
      g_autofree char *text = NULL;

      pair_init (&pair);
      aionet_pipe_set_message_func (pair.pipes[0], carry_out, &plot, NULL);
      write_text (pair.peers[0], "now");
      text = read_text (pair.peers[1], 3);
      g_assert_cmpstr (text, ==, "now");
      turn_a_little ();
      g_assert_cmpint (aionet_pipe_is_open (pair.pipes[0]), ==, deed == PART);
      g_assert_cmpint (aionet_pipe_is_open (pair.pipes[1]), ==, deed == PART);
      aionet_pipe_set_message_func (pair.pipes[0], NULL, NULL, NULL);
      pair_clear (&pair);
    }
}

static void
part_others (AionetPipe *pipe, const GError *error, gpointer user_data)
{
  Pair *pair = user_data;

  aionet_pipe_unforward (pair->pipes[0], pair->pipes[1]);
  aionet_pipe_close (pair->pipes[0]);
  aionet_pipe_close (pair->pipes[1]);
}

static void
test_closed_callbacks (void)
{
  Pair pair;

  g_test_summary ("Handlers of closed may close and part what is being closed");

  pair_init (&pair);
  g_signal_connect (pair.pipes[0], "closed", G_CALLBACK (part_others), &pair);
  g_signal_connect (pair.pipes[1], "closed", G_CALLBACK (part_others), &pair);
  reset_peer (&pair.peers[1]);
  run_until_closed (pair.pipes[0]);
  pair_clear (&pair);
}

static void
test_kept_by_relay (void)
{
  Pair pair;
  Flow flow;

  g_test_summary ("A relay lives without anybody else who holds its pipes");

  pair_init (&pair);
  g_object_unref (pair.pipes[0]);
  g_object_unref (pair.pipes[1]);
  flow = flow_of (&pair, 1, 3 * 1024 * 1024);
  run_flows (&flow, 1);
  close (pair.peers[0]);
  close (pair.peers[1]);
  while (_aionet_reactor_get_n_watches (g_main_context_default ()) > 0)
    g_main_context_iteration (NULL, TRUE);
  turn_a_little ();
  g_assert_cmpuint (pair.endings[0].n_closed, ==, 1);
  g_assert_cmpuint (pair.endings[1].n_closed, ==, 1);
  g_assert_cmpuint (count_descriptors (), ==, pair.n_descriptors);
}

static void
test_chain (void)
{
  Pair    pairs[4];
  Flow    flows[2];
  guint64 n_bytes = 16 * 1024 * 1024;

  g_test_summary ("Relays behind relays carry all of it, and the end, both ways");

  for (guint i = 0; i < G_N_ELEMENTS (pairs); i++)
    pair_init (&pairs[i]);
  /* The far peer of one is the near peer of the next: joined by pipes of their own. */
  flows[0] = (Flow){ pairs[0].peers[0], pairs[3].peers[1], n_bytes, 0, 0 };
  flows[1] = (Flow){ pairs[3].peers[1], pairs[0].peers[0], n_bytes, 0, 0 };
  for (guint i = 0; i + 1 < G_N_ELEMENTS (pairs); i++)
    {
      g_autoptr (GSocket) near = g_socket_new_from_fd (pairs[i].peers[1], NULL);
      g_autoptr (GSocket) far = g_socket_new_from_fd (pairs[i + 1].peers[0], NULL);
      g_autoptr (AionetPipe) a = aionet_pipe_new_for_socket (near, NULL);
      g_autoptr (AionetPipe) b = aionet_pipe_new_for_socket (far, NULL);

      g_assert_true (aionet_pipe_forward (a, b, NULL));
      pairs[i].peers[1] = -1;
      pairs[i + 1].peers[0] = -1;
    }
  run_flows (flows, 2);
  shutdown (pairs[0].peers[0], SHUT_WR);
  g_assert_true (reads_end (pairs[3].peers[1]));
  close (pairs[3].peers[1]);
  pairs[3].peers[1] = -1;
  g_assert_true (reads_end (pairs[0].peers[0]));
  close (pairs[0].peers[0]);
  pairs[0].peers[0] = -1;
  while (_aionet_reactor_get_n_watches (g_main_context_default ()) > 0)
    g_main_context_iteration (NULL, TRUE);
  for (guint i = 0; i < G_N_ELEMENTS (pairs); i++)
    {
      pairs[i].n_descriptors = pairs[0].n_descriptors;
      pair_clear (&pairs[i]);
    }
}

static void
test_bounded_turns (void)
{
  const guint64 n_most = 2 * 1024 * 1024; /* of one stream in one turn */
  Pair          pair;
  Flow          flow;
  guint64       n_largest = 0;

  g_test_summary ("A turn of the loop moves a bounded number of bytes");

  pair_init (&pair);
  flow = flow_of (&pair, 0, 128 * 1024 * 1024);
  while (flow.n_out < flow.n_total)
    {
      guint64 n_before = aionet_pipe_get_bytes_received (pair.pipes[0]);

      flow_push (&flow, G_MAXSIZE);
      g_main_context_iteration (NULL, FALSE);
      n_largest = MAX (n_largest, aionet_pipe_get_bytes_received (pair.pipes[0]) - n_before);
      flow_pull (&flow, G_MAXSIZE);
    }
  g_assert_cmpuint (n_largest, >, 65536);
  g_assert_cmpuint (n_largest, <=, n_most);
  pair_clear (&pair);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/aionet/relay-stream/half-close", test_half_close);
  g_test_add_func ("/aionet/relay-stream/end-behind-slow-reader", test_end_behind_slow_reader);
  g_test_add_func ("/aionet/relay-stream/slow-consumer", test_slow_consumer);
  g_test_add_func ("/aionet/relay-stream/stops-producer", test_stops_producer);
  g_test_add_func ("/aionet/relay-stream/reset", test_reset);
  g_test_add_func ("/aionet/relay-stream/reset-of-stalled", test_reset_of_stalled);
  g_test_add_func ("/aionet/relay-stream/close", test_close);
  g_test_add_func ("/aionet/relay-stream/unforward", test_unforward);
  g_test_add_func ("/aionet/relay-stream/callbacks", test_callbacks);
  g_test_add_func ("/aionet/relay-stream/closed-callbacks", test_closed_callbacks);
  g_test_add_func ("/aionet/relay-stream/kept-by-relay", test_kept_by_relay);
  g_test_add_func ("/aionet/relay-stream/chain", test_chain);
  g_test_add_func ("/aionet/relay-stream/bounded-turns", test_bounded_turns);
  return g_test_run ();
}
