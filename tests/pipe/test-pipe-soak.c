/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#include "config.h"

#include "engine/aionet-reactor-private.h"
#include "pipe-helpers.h"
#include "soak-steps.h"

/* Random opens, sends, receives, cancels and closes, from callbacks too, at both ends. Nothing is
 * expected of single steps; what counts is that nothing is left. */

#define N_STEPS 4000

typedef struct
{
  SoakPool    pool;
  AionetPipe *servers[2]; /* (owned) TCP, UDP */
  char       *targets[2]; /* (owned) */
} Soak;

static void
maybe_close (SoakPool *pool, AionetPipe *pipe)
{
  if (soak_pick (40) == 0)
    aionet_pipe_close (pipe);
  if (soak_pick (40) == 0)
    g_ptr_array_remove_fast (pool->pipes, pipe);
}

static void
on_client (AionetPipe *server, AionetPipe *client, gpointer user_data)
{
  Soak *soak = user_data;

  if (!soak_is_full (&soak->pool))
    soak_keep (&soak->pool, client);
}

static void
on_datagram (AionetPipe *server, AionetMessage *message, gpointer user_data)
{
  ((Soak *) user_data)->pool.n_messages++;
  aionet_pipe_send (server, aionet_message_get_bytes (message), aionet_message_get_sender (message),
                    NULL);
}

static void
step_open (Soak *soak)
{
  guint kind = soak_pick (2);
  g_autoptr (AionetPipe) pipe = NULL;

  if (soak_is_full (&soak->pool))
    return;
  pipe = aionet_pipe_new (kind == 0 ? G_SOCKET_PROTOCOL_TCP : G_SOCKET_PROTOCOL_UDP,
                          soak_pick (6) == 0 ? "127.0.0.1:1" : soak->targets[kind], NULL);
  soak_open (&soak->pool, pipe);
}

static void
step (Soak *soak)
{
  static void (*const steps[]) (SoakPool *) = { soak_send,      soak_send,    soak_send,
                                                soak_send,      soak_receive, soak_receive,
                                                soak_subscribe, soak_cancel };
  guint       i = soak_pick (G_N_ELEMENTS (steps) + 4);
  AionetPipe *pipe = soak_pick_pipe (&soak->pool);

  if (i < G_N_ELEMENTS (steps))
    steps[i](&soak->pool);
  else if (i < G_N_ELEMENTS (steps) + 2)
    step_open (soak);
  else if (pipe != NULL)
    maybe_close (&soak->pool, pipe);
}

static void
soak_init (Soak *soak)
{
  static const GSocketProtocol protocols[2] = { G_SOCKET_PROTOCOL_TCP, G_SOCKET_PROTOCOL_UDP };

  soak_pool_init (&soak->pool, maybe_close);
  for (guint i = 0; i < 2; i++)
    {
      soak->servers[i] = loopback_server (protocols[i], G_SOCKET_FAMILY_IPV4);
      soak->targets[i] = target_of (soak->servers[i]);
    }
  g_signal_connect (soak->servers[0], "client", G_CALLBACK (on_client), soak);
  g_signal_connect (soak->servers[1], "message", G_CALLBACK (on_datagram), soak);
}

static void
soak_clear (Soak *soak)
{
  soak_pool_end (&soak->pool);
  turn_a_little ();
  for (guint i = 0; i < 2; i++)
    {
      g_object_unref (soak->servers[i]);
      g_free (soak->targets[i]);
    }
  turn_a_little ();
  soak_pool_clear (&soak->pool);
}

static void
test_soak (void)
{
  g_autoptr (GMainContext) context = g_main_context_ref_thread_default ();
  const gint64 end = g_get_monotonic_time () + 2 * G_USEC_PER_SEC;
  guint        n_descriptors;
  Soak         soak;

  g_test_summary (
      "After a random life every watch, descriptor, callback and pipe is accounted for");

  /* What GLib keeps for itself from the first turn and the first task on. */
  g_main_context_iteration (context, FALSE);
  g_type_ensure (G_TYPE_TASK);
  n_descriptors = count_descriptors ();
  soak_init (&soak);
  for (guint i = 0; i < N_STEPS && g_get_monotonic_time () < end; i++)
    {
      step (&soak);
      for (guint k = soak_pick (4); k > 0; k--)
        g_main_context_iteration (context, FALSE);
    }
  soak_clear (&soak);
  g_test_message ("%u opened, %u messages", soak.pool.n_opened, soak.pool.n_messages);
  g_assert_cmpuint (soak.pool.n_opened, >, 0);
  g_assert_cmpuint (soak.pool.n_messages, >, 0);
  g_assert_cmpuint (soak.pool.n_pending, ==, 0);
  g_assert_cmpuint (_aionet_reactor_get_n_watches (context), ==, 0);
  g_assert_cmpuint (count_descriptors (), ==, n_descriptors);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/aionet/pipe-soak/random", test_soak);
  return g_test_run ();
}
