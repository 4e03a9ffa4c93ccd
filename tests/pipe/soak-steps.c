/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#include "config.h"

#include "soak-steps.h"

#define MAX_SUBSCRIPTIONS 10

guint
soak_pick (guint n)
{
  return (guint) g_test_rand_int_range (0, (gint32) n);
}

AionetPipe *
soak_pick_pipe (SoakPool *pool)
{
  return pool->pipes->len > 0 ? pool->pipes->pdata[soak_pick (pool->pipes->len)] : NULL;
}

static GCancellable *
pick_cancellable (SoakPool *pool)
{
  return soak_pick (3) == 0 ? pool->cancellable : NULL;
}

void
soak_pool_init (SoakPool *pool, void (*disturb) (SoakPool *pool, AionetPipe *pipe))
{
  *pool = (SoakPool){ .pipes = g_ptr_array_new_with_free_func (g_object_unref),
                      .subscriptions = g_ptr_array_new_with_free_func (g_object_unref),
                      .cancellable = g_cancellable_new (),
                      .disturb = disturb };
}

void
soak_pool_end (SoakPool *pool)
{
  g_cancellable_cancel (pool->cancellable);
  while (pool->pipes->len > 0)
    {
      g_autoptr (AionetPipe) pipe = g_object_ref (pool->pipes->pdata[0]);

      g_ptr_array_remove_fast (pool->pipes, pipe);
      aionet_pipe_close (pipe);
    }
  while (pool->n_pending > 0)
    g_main_context_iteration (NULL, TRUE);
}

void
soak_pool_clear (SoakPool *pool)
{
  g_ptr_array_unref (pool->subscriptions);
  g_ptr_array_unref (pool->pipes);
  g_object_unref (pool->cancellable);
}

static void
on_closed (AionetPipe *pipe, const GError *error, gpointer user_data)
{
  g_ptr_array_remove_fast (((SoakPool *) user_data)->pipes, pipe);
}

static void
on_message (AionetPipe *pipe, AionetMessage *message, gpointer user_data)
{
  SoakPool *pool = user_data;

  pool->n_messages++;
  pool->disturb (pool, pipe);
}

gboolean
soak_is_full (SoakPool *pool)
{
  return pool->pipes->len >= SOAK_MAX_PIPES;
}

void
soak_keep (SoakPool *pool, AionetPipe *pipe)
{
  g_signal_connect (pipe, "closed", G_CALLBACK (on_closed), pool);
  g_ptr_array_add (pool->pipes, g_object_ref (pipe));
}

static void
on_opened (GObject *source, GAsyncResult *result, gpointer user_data)
{
  SoakPool *pool = user_data;

  pool->n_pending--;
  pool->n_opened += aionet_pipe_open_finish (AIONET_PIPE (source), result, NULL);
  pool->disturb (pool, AIONET_PIPE (source));
}

void
soak_open (SoakPool *pool, AionetPipe *pipe)
{
  soak_keep (pool, pipe);
  if (soak_pick (2) == 0)
    g_signal_connect (pipe, "message", G_CALLBACK (on_message), pool);
  pool->n_pending++;
  aionet_pipe_open_async (pipe, pick_cancellable (pool), on_opened, pool);
}

static void
on_sent (GObject *source, GAsyncResult *result, gpointer user_data)
{
  SoakPool *pool = user_data;

  pool->n_pending--;
  aionet_pipe_send_finish (AIONET_PIPE (source), result, NULL);
  pool->disturb (pool, AIONET_PIPE (source));
}

void
soak_send (SoakPool *pool)
{
  AionetPipe *pipe = soak_pick_pipe (pool);
  gsize       size = soak_pick (8) == 0 ? soak_pick (60000) : soak_pick (200);
  g_autoptr (GBytes) bytes = g_bytes_new_take (g_malloc0 (size), size);

  if (pipe == NULL)
    return;
  if (soak_pick (2) == 0)
    {
      aionet_pipe_send (pipe, bytes, NULL, NULL);
      return;
    }
  pool->n_pending++;
  aionet_pipe_send_async (pipe, bytes, NULL, pick_cancellable (pool), on_sent, pool);
}

static void
on_received (GObject *source, GAsyncResult *result, gpointer user_data)
{
  SoakPool *pool = user_data;
  g_autoptr (AionetMessage) message =
      aionet_pipe_receive_finish (AIONET_PIPE (source), result, NULL);

  pool->n_pending--;
  pool->n_messages += message != NULL;
  pool->disturb (pool, AIONET_PIPE (source));
}

void
soak_receive (SoakPool *pool)
{
  AionetPipe *pipe = soak_pick_pipe (pool);

  if (pipe == NULL)
    return;
  pool->n_pending++;
  /* Never for ever: who waits keeps its pipe, which may be out of our hands. */
  aionet_pipe_receive_async (pipe, (int) soak_pick (20), pick_cancellable (pool), on_received,
                             pool);
}

static void
on_matched (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (AionetMessage) message =
      aionet_subscription_receive_finish (AIONET_SUBSCRIPTION (source), result, NULL);

  ((SoakPool *) user_data)->n_pending--;
}

void
soak_subscribe (SoakPool *pool)
{
  AionetPipe         *pipe = soak_pick_pipe (pool);
  AionetSubscription *subscription;

  if (pool->subscriptions->len >= MAX_SUBSCRIPTIONS)
    g_ptr_array_remove_index_fast (pool->subscriptions, soak_pick (pool->subscriptions->len));
  if (pipe == NULL)
    return;
  subscription = aionet_pipe_subscribe (pipe, soak_pick (2) == 0 ? "^.x" : NULL, NULL, NULL);
  if (subscription == NULL)
    return;
  g_ptr_array_add (pool->subscriptions, subscription);
  if (soak_pick (4) == 0)
    return;
  pool->n_pending++;
  aionet_subscription_receive_async (subscription, (int) soak_pick (20), NULL, on_matched, pool);
}

void
soak_cancel (SoakPool *pool)
{
  g_cancellable_cancel (pool->cancellable);
  g_object_unref (pool->cancellable);
  pool->cancellable = g_cancellable_new ();
}
