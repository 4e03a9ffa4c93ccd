/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#include "config.h"

#include "pipe/aionet-subscription-private.h"

#include "engine/aionet-dispose-private.h"
#include "engine/aionet-task-private.h"
#include "value/aionet-error.h"

/**
 * AionetSubscription:
 *
 * A queue of the messages of a pipe that match a pattern and a sender.
 *
 * Made by [method@Pipe.subscribe] and [method@Pipe.subscribe_literal]. Every subscription that
 * matches a message gets it. The queue is bounded by the limits that the pipe had when it was made:
 * on UDP the newest message is dropped and counted when it is full, on TCP the pipe stops reading
 * until there is room, so a subscription nobody reads holds up its pipe. Dropping the last
 * reference cancels it.
 *
 * Use it in the thread of the pipe's main context; signals and callbacks arrive there.
 *
 * ```c
 * // What starts with NEWS goes here.
 * g_autoptr (AionetSubscription) news = aionet_pipe_subscribe (pipe, "^NEWS ", NULL, error);
 *
 * if (news != NULL)
 *   aionet_subscription_receive_async (news, 5000, cancellable, on_ready, user_data);
 * ```
 *
 * Since: 0.1
 */
struct _AionetSubscription
{
  GObject             parent_instance;
  GMainContext       *context; /* (owned) */
  AionetHome         *home;    /* (owned) */
  AionetFilterTable  *table;   /* (not owned) (nullable) NULL once it ended */
  AionetFilter        filter;
  AionetMessageQueue *queue; /* (owned) */
};

typedef enum
{
  PROP_N_QUEUED = 1,
  PROP_N_DROPPED,
  N_PROPS
} AionetSubscriptionProperty;

enum
{
  SIGNAL_MESSAGE,
  N_SIGNALS
};

static GParamSpec *props[N_PROPS];
static guint       signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (AionetSubscription, aionet_subscription, G_TYPE_OBJECT)

static void
aionet_subscription_get_property (GObject    *object,
                                  guint       property_id,
                                  GValue     *value,
                                  GParamSpec *pspec)
{
  AionetSubscription *self = AIONET_SUBSCRIPTION (object);

  switch ((AionetSubscriptionProperty) property_id)
    {
    case PROP_N_QUEUED:
      g_value_set_uint (value, aionet_subscription_get_n_queued (self));
      break;
    case PROP_N_DROPPED:
      g_value_set_uint64 (value, aionet_subscription_get_n_dropped (self));
      break;
    case N_PROPS:
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, property_id, pspec);
    }
}

static void
dispose_here (GObject *object)
{
  aionet_subscription_cancel (AIONET_SUBSCRIPTION (object));
  G_OBJECT_CLASS (aionet_subscription_parent_class)->dispose (object);
}

static void
aionet_subscription_dispose (GObject *object)
{
  AionetSubscription *self = AIONET_SUBSCRIPTION (object);

  _aionet_dispose_in (self->context, self->home, object, dispose_here);
}

static void
aionet_subscription_finalize (GObject *object)
{
  AionetSubscription *self = AIONET_SUBSCRIPTION (object);

  _aionet_filter_clear (&self->filter);
  _aionet_message_queue_free (self->queue);
  g_main_context_unref (self->context);
  _aionet_home_unref (self->home);
  G_OBJECT_CLASS (aionet_subscription_parent_class)->finalize (object);
}

static void
aionet_subscription_class_init (AionetSubscriptionClass *klass)
{
  GObjectClass     *object_class = G_OBJECT_CLASS (klass);
  const GParamFlags flags = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS;

  object_class->get_property = aionet_subscription_get_property;
  object_class->dispose = aionet_subscription_dispose;
  object_class->finalize = aionet_subscription_finalize;

  /**
   * AionetSubscription:n-queued: (getter get_n_queued)
   *
   * Number of messages that wait to be received. Changes are not notified.
   *
   * Since: 0.1
   */
  props[PROP_N_QUEUED] = g_param_spec_uint ("n-queued", NULL, NULL, 0, G_MAXUINT, 0, flags);

  /**
   * AionetSubscription:n-dropped: (getter get_n_dropped)
   *
   * Number of messages that matched and found the queue full. Changes are not notified.
   *
   * Since: 0.1
   */
  props[PROP_N_DROPPED] = g_param_spec_uint64 ("n-dropped", NULL, NULL, 0, G_MAXUINT64, 0, flags);

  g_object_class_install_properties (object_class, N_PROPS, props);

  /**
   * AionetSubscription::message:
   * @self: the subscription
   * @message: a message that matches
   *
   * Emitted for every message that matches. As long as a handler is connected, nothing is queued
   * for [method@Subscription.receive_async]. Arrives in the main context of the pipe.
   *
   * Since: 0.1
   */
  signals[SIGNAL_MESSAGE] = g_signal_new ("message", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST,
                                          0, NULL, NULL, NULL, G_TYPE_NONE, 1, AIONET_TYPE_MESSAGE);
}

static void
aionet_subscription_init (AionetSubscription *self)
{
  const AionetQueueLimits none = { 0, 0 };

  /* Scripts can construct any type: such a one has ended from the start. */
  self->context = g_main_context_ref_thread_default ();
  self->home = _aionet_home_ref_current ();
  self->queue = _aionet_message_queue_new (self->context, none, FALSE);
}

AionetSubscription *
_aionet_subscription_new (GMainContext       *context,
                          AionetFilterTable  *table,
                          const AionetFilter *filter,
                          AionetQueueLimits   limits,
                          gboolean            lossless,
                          AionetFlowFunc      flow,
                          gpointer            flow_data)
{
  AionetSubscription *self = g_object_new (AIONET_TYPE_SUBSCRIPTION, NULL);

  g_main_context_unref (self->context);
  _aionet_message_queue_free (self->queue);
  self->context = g_main_context_ref (context);
  self->table = table;
  self->filter = *filter;
  self->filter.owner = self;
  self->queue = _aionet_message_queue_new (context, limits, lossless);
  _aionet_message_queue_set_flow_func (self->queue, flow, flow_data);
  _aionet_filter_table_add (table, &self->filter);
  return self;
}

void
_aionet_subscription_deliver (AionetSubscription *self, AionetMessage *message)
{
  /* Another subscription's reader may have ended this one. */
  if (self->table == NULL)
    return;
  if (g_signal_has_handler_pending (self, signals[SIGNAL_MESSAGE], 0, FALSE))
    g_signal_emit (self, signals[SIGNAL_MESSAGE], 0, message);
  else
    _aionet_message_queue_push (self->queue, message);
}

void
_aionet_subscription_end (AionetSubscription *self, const GError *error)
{
  AionetFilterTable *table = g_steal_pointer (&self->table);

  if (table == NULL)
    return;
  _aionet_filter_table_remove (table, &self->filter);
  _aionet_message_queue_close (self->queue, error);
  _aionet_message_queue_set_flow_func (self->queue, NULL, NULL);
}

/**
 * aionet_subscription_receive_async:
 * @self: a subscription
 * @timeout_ms: how long to wait in milliseconds; 0 looks and returns at once, negative waits for
 *   ever
 * @cancellable: (transfer none) (nullable): a cancellable, or %NULL
 * @callback: (scope async) (nullable): called in the main context of the pipe
 * @user_data: (closure): data for @callback
 *
 * Waits for the next message that matches. Several calls may wait; each message completes one of
 * them, in the order of the calls. What was queued when the subscription ended can still be
 * received.
 *
 * Since: 0.1
 */
void
aionet_subscription_receive_async (AionetSubscription *self,
                                   int                 timeout_ms,
                                   GCancellable       *cancellable,
                                   GAsyncReadyCallback callback,
                                   gpointer            user_data)
{
  g_autoptr (GTask) task = NULL;

  g_return_if_fail (AIONET_IS_SUBSCRIPTION (self));
  g_return_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable));

  task =
      _aionet_task_new (self, cancellable, aionet_subscription_receive_async, callback, user_data);
  if (self->filter.owner == NULL)
    g_task_return_new_error (task, AIONET_ERROR, AIONET_ERROR_CLOSED,
                             "The subscription was not made by a pipe");
  else
    _aionet_message_queue_receive (self->queue, task, 0, timeout_ms);
}

/**
 * aionet_subscription_receive_finish:
 * @self: a subscription
 * @result: (transfer none): the result given to the callback
 * @error: return location for an error
 *
 * Finishes [method@Subscription.receive_async].
 *
 * Errors: %G_IO_ERROR_TIMED_OUT if nothing arrived in time, %G_IO_ERROR_CANCELLED, and
 * %AIONET_ERROR_CLOSED once the subscription was cancelled or its pipe closed and the queue is
 * empty, or if no pipe ever made it.
 *
 * Returns: (transfer full): the message, or %NULL with @error set
 *
 * Since: 0.1
 */
AionetMessage *
aionet_subscription_receive_finish (AionetSubscription *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (AIONET_IS_SUBSCRIPTION (self), NULL);
  g_return_val_if_fail (_aionet_task_is_valid (result, self, aionet_subscription_receive_async),
                        NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

/**
 * aionet_subscription_try_receive:
 * @self: a subscription
 *
 * Takes the next message if there is one.
 *
 * Returns: (transfer full) (nullable): the message, or %NULL if none waits
 *
 * Since: 0.1
 */
AionetMessage *
aionet_subscription_try_receive (AionetSubscription *self)
{
  g_return_val_if_fail (AIONET_IS_SUBSCRIPTION (self), NULL);

  return _aionet_message_queue_pop (self->queue);
}

/**
 * aionet_subscription_cancel:
 * @self: a subscription
 *
 * Ends the subscription: nothing more is queued, whoever waits is woken with %AIONET_ERROR_CLOSED.
 * Harmless when it has ended already.
 *
 * Since: 0.1
 */
void
aionet_subscription_cancel (AionetSubscription *self)
{
  g_autoptr (GError) error = NULL;

  g_return_if_fail (AIONET_IS_SUBSCRIPTION (self));

  if (self->table == NULL)
    return;
  error = g_error_new_literal (AIONET_ERROR, AIONET_ERROR_CLOSED, "The subscription was cancelled");
  _aionet_subscription_end (self, error);
}

/**
 * aionet_subscription_get_n_queued: (get-property n-queued)
 * @self: a subscription
 *
 * Gets how many messages wait to be received.
 *
 * Returns: the number of messages
 *
 * Since: 0.1
 */
guint
aionet_subscription_get_n_queued (AionetSubscription *self)
{
  g_return_val_if_fail (AIONET_IS_SUBSCRIPTION (self), 0);

  return _aionet_message_queue_get_n_queued (self->queue);
}

/**
 * aionet_subscription_get_n_dropped: (get-property n-dropped)
 * @self: a subscription
 *
 * Gets how many messages matched, found the queue full and were dropped.
 *
 * Returns: the number of messages
 *
 * Since: 0.1
 */
guint64
aionet_subscription_get_n_dropped (AionetSubscription *self)
{
  g_return_val_if_fail (AIONET_IS_SUBSCRIPTION (self), 0);

  return _aionet_message_queue_get_n_dropped (self->queue);
}
