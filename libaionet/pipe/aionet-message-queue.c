/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#include "config.h"

#include "pipe/aionet-message-queue-private.h"

#include "engine/aionet-task-private.h"
#include "pipe/aionet-message-private.h"

struct _AionetMessageQueue
{
  GMainContext     *context; /* (owned) */
  AionetQueueLimits limits;
  GQueue            messages; /* (owned) (element-type AionetMessage) */
  GQueue            waiters;  /* (owned) (element-type Waiter) */
  gsize             n_bytes;
  guint64           n_dropped;
  GError           *closed; /* (owned) (nullable) */
  AionetFlowFunc    flow;
  gpointer          flow_data;
  gboolean          lossless;
  gboolean          stopped; /* flow (TRUE) was called */
};

/* Completing a task runs code of the user's at once when the task is older than this turn of the
 * loop: everything is put in order before. Tasks keep the owner of the queue alive. */
typedef struct
{
  AionetMessageQueue *queue; /* (not owned: outlives its waiters) */
  GTask              *task;  /* (owned) */
  gsize               n_wanted;
  GByteArray         *gathered; /* (owned) (nullable) less than n_wanted */
  GSocketAddress     *sender;   /* (owned) (nullable) of the gathered bytes */
  int                 timeout_ms;
  GSource            *timer;  /* (owned) (nullable) */
  GSource            *cancel; /* (owned) (nullable) */
} Waiter;

static void
waiter_stop (Waiter *self)
{
  _aionet_clear_source (&self->timer);
  _aionet_clear_source (&self->cancel);
}

static void
waiter_free (Waiter *self)
{
  waiter_stop (self);
  g_clear_pointer (&self->gathered, g_byte_array_unref);
  g_clear_object (&self->sender);
  g_object_unref (self->task);
  g_free (self);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Waiter, waiter_free)

AionetMessageQueue *
_aionet_message_queue_new (GMainContext *context, AionetQueueLimits limits, gboolean lossless)
{
  AionetMessageQueue *self = g_new0 (AionetMessageQueue, 1);

  self->context = g_main_context_ref (context);
  self->limits = limits;
  self->lossless = lossless;
  g_queue_init (&self->messages);
  g_queue_init (&self->waiters);
  return self;
}

void
_aionet_message_queue_free (AionetMessageQueue *self)
{
  if (self == NULL)
    return;
  g_queue_clear_full (&self->waiters, (GDestroyNotify) waiter_free);
  g_queue_clear_full (&self->messages, (GDestroyNotify) aionet_message_unref);
  g_clear_error (&self->closed);
  g_main_context_unref (self->context);
  g_free (self);
}

static gsize
size_of (AionetMessage *message)
{
  return g_bytes_get_size (aionet_message_get_bytes (message));
}

static gboolean
is_full (AionetMessageQueue *self)
{
  return self->messages.length >= self->limits.max_messages ||
         self->n_bytes >= self->limits.max_bytes;
}

static gboolean
is_half_empty (AionetMessageQueue *self)
{
  return self->messages.length <= self->limits.max_messages / 2 &&
         self->n_bytes <= self->limits.max_bytes / 2;
}

static void
set_stopped (AionetMessageQueue *self, gboolean stopped)
{
  if (self->stopped == stopped)
    return;
  self->stopped = stopped;
  if (self->flow != NULL)
    self->flow (stopped, self->flow_data);
}

static void
update_flow (AionetMessageQueue *self)
{
  if (!self->lossless)
    return;
  if (self->closed != NULL || is_half_empty (self))
    set_stopped (self, FALSE);
  else if (is_full (self))
    set_stopped (self, TRUE);
}

void
_aionet_message_queue_set_limits (AionetMessageQueue *self, AionetQueueLimits limits)
{
  self->limits = limits;
  update_flow (self);
}

void
_aionet_message_queue_set_flow_func (AionetMessageQueue *self,
                                     AionetFlowFunc      func,
                                     gpointer            user_data)
{
  self->flow = func;
  self->flow_data = user_data;
}

static void
put_back (AionetMessageQueue *self, AionetMessage *message)
{
  self->n_bytes += size_of (message);
  g_queue_push_head (&self->messages, message);
}

static AionetMessage *
take (AionetMessageQueue *self)
{
  AionetMessage *message = g_queue_pop_head (&self->messages);

  if (message != NULL)
    self->n_bytes -= size_of (message);
  return message;
}

/* Returns: (transfer full) */
static AionetMessage *
part_of (AionetMessage *message, gsize offset, gsize length)
{
  return _aionet_message_new_take (
      g_bytes_new_from_bytes (aionet_message_get_bytes (message), offset, length),
      aionet_message_get_sender (message));
}

/* Returns: (transfer full) what a waiter has gathered so far, as one message */
static AionetMessage *
waiter_take_gathered (Waiter *self)
{
  return _aionet_message_new_take (g_byte_array_free_to_bytes (g_steal_pointer (&self->gathered)),
                                   self->sender);
}

static void
waiter_gather (Waiter *self, AionetMessage *message)
{
  gsize n_missing = self->n_wanted - (self->gathered != NULL ? self->gathered->len : 0);
  gsize size = size_of (message);
  gsize n_taken = MIN (size, n_missing);

  if (self->gathered == NULL)
    self->gathered = g_byte_array_new ();
  g_byte_array_append (self->gathered, g_bytes_get_data (aionet_message_get_bytes (message), NULL),
                       (guint) n_taken);
  g_set_object (&self->sender, aionet_message_get_sender (message));
  if (n_taken < size)
    put_back (self->queue, part_of (message, n_taken, size - n_taken));
}

/* Returns: (transfer full) (nullable) what the waiter waits for, if it is there */
static AionetMessage *
waiter_try (Waiter *self)
{
  AionetMessageQueue *queue = self->queue;

  if (self->n_wanted == 0)
    return take (queue);
  while (queue->messages.length > 0)
    {
      g_autoptr (AionetMessage) message = take (queue);

      waiter_gather (self, message);
      if (self->gathered->len == self->n_wanted)
        return waiter_take_gathered (self);
    }
  return NULL;
}

static void
return_message (GTask *task, AionetMessage *message)
{
  g_task_return_pointer (task, message, (GDestroyNotify) aionet_message_unref);
}

/* Hands out what is there; the waiter is out of the queue already. */
static void
waiter_end (Waiter *waiter, GError *error)
{
  g_autoptr (Waiter) self = waiter;

  waiter_stop (self);
  if (self->gathered == NULL)
    {
      g_task_return_error (self->task, error);
      return;
    }
  g_clear_error (&error);
  return_message (self->task, waiter_take_gathered (self));
}

static GError *
new_timeout_error (int timeout_ms)
{
  return g_error_new (G_IO_ERROR, G_IO_ERROR_TIMED_OUT, "Nothing arrived within %d ms", timeout_ms);
}

/* Whoever cancels loses nothing: the bytes wait for the next. */
static void
waiter_cancel (Waiter *self)
{
  GError *error = NULL;

  g_queue_remove (&self->queue->waiters, self);
  if (self->gathered != NULL)
    put_back (self->queue, waiter_take_gathered (self));
  g_cancellable_set_error_if_cancelled (g_task_get_cancellable (self->task), &error);
  waiter_end (self, error);
}

/* One that waits for many bytes empties the queue on the way, so the head is all there is to try.
 * One that was cancelled may not have been told yet, and would take what nobody then gets. */
static void
serve (AionetMessageQueue *self)
{
  while (self->waiters.length > 0)
    {
      Waiter        *waiter = g_queue_peek_head (&self->waiters);
      AionetMessage *message;
      g_autoptr (Waiter) served = NULL;

      if (g_cancellable_is_cancelled (g_task_get_cancellable (waiter->task)))
        {
          waiter_cancel (waiter);
          continue;
        }
      message = waiter_try (waiter);
      if (message == NULL)
        break;
      served = g_queue_pop_head (&self->waiters);
      waiter_stop (served);
      update_flow (self);
      return_message (served->task, message);
    }
  update_flow (self);
}

static gboolean
on_timeout (gpointer user_data)
{
  Waiter *self = user_data;
  g_autoptr (GTask) task = g_object_ref (self->task);

  g_queue_remove (&self->queue->waiters, self);
  waiter_end (self, new_timeout_error (self->timeout_ms));
  return G_SOURCE_REMOVE;
}

static gboolean
on_cancelled (GCancellable *cancellable, gpointer user_data)
{
  Waiter             *self = user_data;
  AionetMessageQueue *queue = self->queue;
  g_autoptr (GTask) task = g_object_ref (self->task);

  waiter_cancel (self);
  serve (queue);
  return G_SOURCE_REMOVE;
}

gboolean
_aionet_message_queue_push (AionetMessageQueue *self, AionetMessage *message)
{
  if (self->closed != NULL || (!self->lossless && self->waiters.length == 0 && is_full (self)))
    {
      self->n_dropped++;
      return FALSE;
    }
  self->n_bytes += size_of (message);
  g_queue_push_tail (&self->messages, aionet_message_ref (message));
  serve (self);
  return TRUE;
}

AionetMessage *
_aionet_message_queue_pop (AionetMessageQueue *self)
{
  AionetMessage *message = take (self);

  update_flow (self);
  return message;
}

void
_aionet_message_queue_receive (AionetMessageQueue *self, GTask *task, gsize n_bytes, int timeout_ms)
{
  g_autoptr (Waiter) waiter = g_new0 (Waiter, 1);
  GCancellable  *cancellable = g_task_get_cancellable (task);
  AionetMessage *message = NULL;

  waiter->queue = self;
  waiter->task = g_object_ref (task);
  waiter->n_wanted = n_bytes;
  waiter->timeout_ms = timeout_ms;
  if (g_task_return_error_if_cancelled (task))
    return;
  /* From here on a message that was taken out is delivered, cancelled or not. */
  g_task_set_check_cancellable (task, FALSE);
  if (self->waiters.length == 0)
    message = waiter_try (waiter);
  if (message != NULL)
    {
      update_flow (self);
      return_message (task, message);
    }
  else if (self->closed != NULL)
    waiter_end (g_steal_pointer (&waiter), g_error_copy (self->closed));
  else if (timeout_ms == 0)
    waiter_end (g_steal_pointer (&waiter), new_timeout_error (0));
  else
    {
      if (timeout_ms > 0)
        waiter->timer = _aionet_timer_new (self->context, "[aionet] receive timeout",
                                           (guint) timeout_ms, on_timeout, waiter);
      if (cancellable != NULL)
        waiter->cancel = _aionet_cancel_source_new (
            self->context, cancellable, "[aionet] receive cancelled", on_cancelled, waiter);
      g_queue_push_tail (&self->waiters, g_steal_pointer (&waiter));
      update_flow (self);
    }
}

void
_aionet_message_queue_close (AionetMessageQueue *self, const GError *error)
{
  GQueue waiters = self->waiters;

  if (self->closed != NULL)
    return;
  self->closed = g_error_copy (error);
  g_queue_init (&self->waiters);
  /* Their callbacks may run the loop: none may end a second time in there. */
  for (GList *link = waiters.head; link != NULL; link = link->next)
    waiter_stop (link->data);
  update_flow (self);
  while (waiters.length > 0)
    waiter_end (g_queue_pop_head (&waiters), g_error_copy (error));
}

guint
_aionet_message_queue_get_n_queued (AionetMessageQueue *self)
{
  return self->messages.length;
}

guint64
_aionet_message_queue_get_n_dropped (AionetMessageQueue *self)
{
  return self->n_dropped;
}
