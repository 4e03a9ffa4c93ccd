/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#include "config.h"

#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "engine/aionet-reactor-private.h"
#include "relay-helpers.h"

/* Pipes of both protocols joined, parted, closed, reset, flooded and stalled at random, also from
 * callbacks. What counts is that nothing is left. */

#define N_STEPS 20000
#define N_SEATS 12

typedef struct
{
  AionetPipe *pipe; /* (owned) (nullable) */
  int         peer;
} Seat;

typedef struct
{
  Seat    seats[N_SEATS];
  guint64 n_relayed;
  guint   n_joined;
  guint   n_closed;
} Soak;

static guint
pick (guint n)
{
  return (guint) g_test_rand_int_range (0, (gint32) n);
}

static AionetPipe *
pick_pipe (Soak *soak)
{
  return soak->seats[pick (N_SEATS)].pipe;
}

static void
disturb (Soak *soak, guint chance)
{
  AionetPipe *pipe = pick_pipe (soak);
  AionetPipe *other = pick_pipe (soak);

  if (pipe == NULL || other == NULL || pick (chance) > 0)
    return;
  if (pick (3) == 0)
    aionet_pipe_close (pipe);
  else if (pick (2) == 0)
    aionet_pipe_unforward (pipe, other);
  else
    soak->n_joined += aionet_pipe_forward (pipe, other, NULL);
}

static void
on_closed (AionetPipe *pipe, const GError *error, gpointer user_data)
{
  Soak *soak = user_data;

  soak->n_closed++;
  disturb (soak, 3);
}

static void
on_bytes (
    AionetPipe *pipe, const guint8 *data, gsize length, GSocketAddress *sender, gpointer user_data)
{
  disturb (user_data, 20);
}

static void
on_sent (GObject *source, GAsyncResult *result, gpointer user_data)
{
  aionet_pipe_send_finish (AIONET_PIPE (source), result, NULL);
  disturb (user_data, 5);
}

static void
leave (Seat *seat)
{
  /* A stream ends with its peer; datagrams have no end. */
  if (seat->pipe != NULL && aionet_pipe_get_protocol (seat->pipe) == G_SOCKET_PROTOCOL_UDP)
    aionet_pipe_close (seat->pipe);
  g_clear_object (&seat->pipe);
  if (seat->peer >= 0)
    close (seat->peer);
  seat->peer = -1;
}

static void
take_seat (Soak *soak, Seat *seat)
{
  if (seat->pipe != NULL && aionet_pipe_is_open (seat->pipe) && pick (4) > 0)
    return;
  leave (seat);
  seat->pipe = pick (4) == 0 ? datagrams_with_peer (&seat->peer)
                             : stream_with_peer (&seat->peer, G_SOCKET_FAMILY_IPV4);
  g_signal_connect (seat->pipe, "closed", G_CALLBACK (on_closed), soak);
  if (pick (4) == 0)
    aionet_pipe_set_message_func (seat->pipe, on_bytes, soak, NULL);
}

static void
push (Seat *seat)
{
  static guint8 buffer[262144];
  gsize         n = pick (3) == 0 ? sizeof buffer : pick (1000);

  if (seat->peer < 0)
    return;
  for (guint i = pick (8); i > 0; i--)
    if (send (seat->peer, buffer, n, MSG_DONTWAIT | MSG_NOSIGNAL) < 0)
      return;
}

static void
pull (Soak *soak, Seat *seat)
{
  static guint8 buffer[262144];
  gssize        n;

  for (guint i = pick (12); i > 0 && seat->peer >= 0; i--)
    {
      n = recv (seat->peer, buffer, sizeof buffer, MSG_DONTWAIT);
      if (n <= 0)
        return;
      soak->n_relayed += (guint64) n;
    }
}

static void
harm (Soak *soak, Seat *seat)
{
  g_autoptr (GBytes) bytes = g_bytes_new_take (g_malloc0 (1000), 1000);

  if (seat->peer < 0)
    return;
  switch (pick (4))
    {
    case 0:
      shutdown (seat->peer, SHUT_WR);
      break;
    case 1:
      reset_peer (&seat->peer);
      break;
    case 2:
      close (seat->peer);
      seat->peer = -1;
      break;
    default:
      aionet_pipe_send_async (seat->pipe, bytes, NULL, NULL, on_sent, soak);
    }
}

static void
step (Soak *soak)
{
  Seat *seat = &soak->seats[pick (N_SEATS)];

  switch (pick (10))
    {
    case 0:
      take_seat (soak, seat);
      break;
    case 1:
      disturb (soak, 1);
      break;
    case 2:
      if (pick (4) == 0)
        harm (soak, seat);
      break;
    case 3:
    case 4:
    case 5:
      push (seat);
      break;
    default:
      pull (soak, seat);
    }
}

static void
run (Soak *soak, gint64 end)
{
  for (guint i = 0; i < N_STEPS && g_get_monotonic_time () < end; i++)
    {
      step (soak);
      for (guint k = pick (4); k > 0; k--)
        g_main_context_iteration (NULL, FALSE);
    }
}

static void
test_soak (void)
{
  g_autoptr (GMainContext) context = g_main_context_ref_thread_default ();
  Soak  soak = { 0 };
  guint n_descriptors;

  g_test_summary ("After a random life every pipe, watch, descriptor and byte is accounted for");

  /* What GLib keeps for itself from the first turn and the first task on. */
  g_main_context_iteration (context, FALSE);
  g_type_ensure (G_TYPE_TASK);
  n_descriptors = count_descriptors ();
  for (guint i = 0; i < N_SEATS; i++)
    soak.seats[i].peer = -1;
  run (&soak, g_get_monotonic_time () + 4 * G_USEC_PER_SEC);
  g_test_message ("%u joined, %u closed, %" G_GUINT64_FORMAT " bytes through", soak.n_joined,
                  soak.n_closed, soak.n_relayed);
  g_assert_cmpuint (soak.n_joined, >, 0);
  g_assert_cmpuint (soak.n_closed, >, 0);
  g_assert_cmpuint (soak.n_relayed, >, 0);
  for (guint i = 0; i < N_SEATS; i++)
    if (soak.seats[i].pipe != NULL)
      {
        g_signal_handlers_disconnect_by_data (soak.seats[i].pipe, &soak);
        aionet_pipe_set_message_func (soak.seats[i].pipe, NULL, NULL, NULL);
      }
  for (guint i = 0; i < N_SEATS; i++)
    leave (&soak.seats[i]);
  while (_aionet_reactor_get_n_watches (context) > 0)
    g_main_context_iteration (context, TRUE);
  turn_a_little ();
  g_assert_cmpuint (count_descriptors (), ==, n_descriptors);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/aionet/relay-soak/random", test_soak);
  return g_test_run ();
}
