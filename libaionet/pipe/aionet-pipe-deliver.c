/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#include "config.h"

#include "pipe/aionet-pipe-private.h"

#include "engine/aionet-scratch-private.h"
#include "engine/aionet-task-private.h"
#include "pipe/aionet-message-private.h"
#include "pipe/aionet-relay-private.h"
#include "pipe/aionet-subscription-private.h"

/* From bytes to readers. A message object exists only if somebody wants to keep it; the function of
 * a C program gets the bytes where they were read. */

/* Counted without atomics: a function may be replaced by the very call it is in. */
struct _AionetMessageHandler
{
  guint             n_refs;
  AionetMessageFunc func;
  gpointer          user_data;
  GDestroyNotify    destroy;
};

typedef struct
{
  const guint8         *data;
  gsize                 length;
  const AionetSockaddr *from;
  GSocketAddress       *sender;  /* (owned) (nullable) made when needed, if the pipe has none */
  AionetMessage        *message; /* (owned) (nullable) made when needed */
} Arrival;

static void
handler_unref (AionetMessageHandler *self)
{
  if (--self->n_refs > 0)
    return;
  if (self->destroy != NULL)
    self->destroy (self->user_data);
  g_free (self);
}

static GSocketAddress *
arrival_get_sender (Arrival *self, AionetPipe *pipe)
{
  if (self->sender != NULL || self->from == NULL)
    return self->sender;
  if (self->from == &pipe->remote)
    return aionet_pipe_get_remote_address (pipe);
  self->sender = _aionet_scratch_lookup_address (self->from);
  return self->sender;
}

static AionetMessage *
arrival_get_message (Arrival *self, AionetPipe *pipe)
{
  if (self->message == NULL)
    self->message = _aionet_message_new_take (g_bytes_new (self->data, self->length),
                                              arrival_get_sender (self, pipe));
  return self->message;
}

static void
arrival_clear (Arrival *self)
{
  g_clear_object (&self->sender);
  g_clear_pointer (&self->message, aionet_message_unref);
}

static void
on_flow (gboolean stop, gpointer user_data)
{
  AionetPipe *self = user_data;

  if (stop)
    self->n_stopped++;
  else
    self->n_stopped--;
  _aionet_pipe_update_watch (self);
}

static AionetQueueLimits
get_limits (AionetPipe *self)
{
  return (AionetQueueLimits){ self->max_receive_messages, self->max_receive_bytes };
}

static gboolean
is_lossless (AionetPipe *self)
{
  return self->protocol == G_SOCKET_PROTOCOL_TCP;
}

AionetMessageQueue *
_aionet_pipe_ensure_queue (AionetPipe *self)
{
  g_autoptr (GError) error = NULL;

  if (self->queue != NULL)
    return self->queue;
  self->queue = _aionet_message_queue_new (self->context, get_limits (self), is_lossless (self));
  _aionet_message_queue_set_flow_func (self->queue, on_flow, self);
  if (self->state == AIONET_PIPE_CLOSED)
    {
      error = _aionet_pipe_new_closed_error (self->end_error);
      _aionet_message_queue_close (self->queue, error);
    }
  return self->queue;
}

AionetSubscription *
_aionet_pipe_add_subscription (AionetPipe *self, const AionetFilter *filter)
{
  if (self->filters == NULL)
    self->filters = _aionet_filter_table_new ();
  return _aionet_subscription_new (self->context, self->filters, filter, get_limits (self),
                                   is_lossless (self), on_flow, self);
}

/* Returns TRUE if a subscription got it. */
static gboolean
deliver_to_subscriptions (AionetPipe *self, Arrival *arrival)
{
  /* Taken out, so that a message delivered inside of a callback of this one gets its own. */
  g_autoptr (GPtrArray) matches = g_steal_pointer (&self->matches);
  guint n_matches;

  if (matches == NULL)
    matches = g_ptr_array_new_with_free_func (g_object_unref);
  _aionet_filter_table_match (self->filters, arrival->data, arrival->length, arrival->from,
                              matches);
  n_matches = matches->len;
  for (guint i = 0; i < n_matches; i++)
    _aionet_subscription_deliver (matches->pdata[i], arrival_get_message (arrival, self));
  g_ptr_array_set_size (matches, 0);
  if (self->matches == NULL)
    self->matches = g_steal_pointer (&matches);
  return n_matches > 0;
}

static gboolean
deliver_to_handler (AionetPipe *self, Arrival *arrival)
{
  AionetMessageHandler *handler = self->handler;

  if (handler == NULL)
    return FALSE;
  handler->n_refs++;
  handler->func (self, arrival->data, arrival->length, arrival_get_sender (arrival, self),
                 handler->user_data);
  handler_unref (handler);
  return TRUE;
}

static gboolean
owner_takes_messages (AionetPipe *self)
{
  return self->owner_funcs != NULL && self->owner_funcs->takes_messages (self->owner);
}

static gboolean
deliver_to_owner (AionetPipe *self, Arrival *arrival)
{
  if (!owner_takes_messages (self))
    return FALSE;
  self->owner_funcs->message (self->owner, self, arrival->data, arrival->length,
                              arrival_get_sender (arrival, self));
  return TRUE;
}

/* A function of the pipe's own stands for that of its owner. */
static gboolean
deliver_to_function (AionetPipe *self, Arrival *arrival)
{
  return deliver_to_handler (self, arrival) || deliver_to_owner (self, arrival);
}

static gboolean
deliver_to_signal (AionetPipe *self, Arrival *arrival)
{
  if (!_aionet_pipe_has_message_handler (self))
    return FALSE;
  _aionet_pipe_emit_message (self, arrival_get_message (arrival, self));
  return TRUE;
}

static gboolean
has_handler (AionetPipe *self)
{
  return self->handler != NULL || owner_takes_messages (self) ||
         _aionet_pipe_has_message_handler (self);
}

static gboolean
has_filters (AionetPipe *self)
{
  return self->filters != NULL && _aionet_filter_table_get_n_filters (self->filters) > 0;
}

gboolean
_aionet_pipe_has_reader (AionetPipe *self)
{
  return has_filters (self) || has_handler (self);
}

static gboolean
has_taker (AionetPipe *self)
{
  return self->relay != NULL ? !_aionet_relay_is_held (self) : has_handler (self);
}

/* Returns TRUE if anybody got it for good. */
static gboolean
deliver_to_takers (AionetPipe *self, Arrival *arrival)
{
  gboolean taken = self->relay != NULL;

  if (taken)
    _aionet_relay_pass (self, arrival->data, arrival->length, arrival->from);
  taken |= deliver_to_function (self, arrival);
  taken |= deliver_to_signal (self, arrival);
  return taken;
}

/* What waited for a handler comes before what has just arrived. */
void
_aionet_pipe_catch_up (AionetPipe *self)
{
  while (self->state == AIONET_PIPE_OPEN && self->queue != NULL && has_taker (self))
    {
      g_autoptr (AionetMessage) message = _aionet_message_queue_pop (self->queue);
      AionetSockaddr from;
      Arrival        arrival = { .message = message };

      if (message == NULL)
        return;
      arrival.data = g_bytes_get_data (aionet_message_get_bytes (message), &arrival.length);
      g_set_object (&arrival.sender, aionet_message_get_sender (message));
      if (arrival.sender != NULL && _aionet_sockaddr_set (&from, arrival.sender, NULL))
        arrival.from = &from;
      deliver_to_takers (self, &arrival);
      g_clear_object (&arrival.sender);
    }
}

static gboolean
on_catch_up (gpointer user_data)
{
  g_autoptr (AionetPipe) self = g_object_ref (user_data);

  _aionet_clear_source (&self->catch_up);
  _aionet_pipe_catch_up (self);
  return G_SOURCE_REMOVE;
}

static void
queue_message (AionetPipe *self, Arrival *arrival)
{
  if (!_aionet_message_queue_push (_aionet_pipe_ensure_queue (self),
                                   arrival_get_message (arrival, self)))
    self->n_dropped++;
}

/* Joined in the middle of a batch: what came before is still in the queue. */
static gboolean
must_wait (AionetPipe *self)
{
  return self->relay != NULL && self->queue != NULL &&
         _aionet_message_queue_get_n_queued (self->queue) > 0 && _aionet_relay_is_held (self);
}

void
_aionet_pipe_deliver (AionetPipe           *self,
                      const guint8         *data,
                      gsize                 length,
                      const AionetSockaddr *sender)
{
  Arrival  arrival = { .data = data, .length = length, .from = sender };
  gboolean taken = FALSE;

  self->n_received++;
  self->bytes_received += length;
  if (self->queue != NULL)
    _aionet_pipe_catch_up (self);
  if (has_filters (self))
    taken = deliver_to_subscriptions (self, &arrival);
  if (must_wait (self))
    queue_message (self, &arrival);
  else if (!deliver_to_takers (self, &arrival) && !taken)
    queue_message (self, &arrival);
  arrival_clear (&arrival);
}

void
_aionet_pipe_keep (AionetPipe *self, const guint8 *data, gsize length, const AionetSockaddr *sender)
{
  Arrival arrival = { .data = data, .length = length, .from = sender };

  self->n_received++;
  self->bytes_received += length;
  queue_message (self, &arrival);
  arrival_clear (&arrival);
}

void
_aionet_pipe_deliver_end (AionetPipe *self, const GError *error)
{
  g_autoptr (GPtrArray) owners = g_ptr_array_new_with_free_func (g_object_unref);

  _aionet_clear_source (&self->catch_up);
  if (self->filters != NULL)
    _aionet_filter_table_list (self->filters, owners);
  for (guint i = 0; i < owners->len; i++)
    _aionet_subscription_end (owners->pdata[i], error);
  if (self->queue != NULL)
    _aionet_message_queue_close (self->queue, error);
}

void
_aionet_pipe_deliver_clear (AionetPipe *self)
{
  g_clear_pointer (&self->queue, _aionet_message_queue_free);
  g_clear_pointer (&self->filters, _aionet_filter_table_free);
  g_clear_pointer (&self->matches, g_ptr_array_unref);
  g_clear_pointer (&self->handler, handler_unref);
}

void
_aionet_pipe_deliver_set_limits (AionetPipe *self)
{
  if (self->queue != NULL)
    _aionet_message_queue_set_limits (self->queue, get_limits (self));
}

/**
 * aionet_pipe_set_message_func:
 * @self: a pipe
 * @func: (scope notified) (closure user_data) (destroy destroy) (nullable): called for every
 *   message, or %NULL for none
 * @user_data: data for @func
 * @destroy: (nullable): called with @user_data when @func is replaced or the pipe goes
 *
 * Sets the function that takes the messages as they arrive, the cheapest way to read a pipe.
 *
 * Messages that waited in the queue of the pipe are handed to @func first, from the main context
 * of the pipe, where all calls arrive. The function may close the pipe.
 *
 * Since: 0.1
 */
void
aionet_pipe_set_message_func (AionetPipe       *self,
                              AionetMessageFunc func,
                              gpointer          user_data,
                              GDestroyNotify    destroy)
{
  AionetMessageHandler *old;

  g_return_if_fail (AIONET_IS_PIPE (self));

  old = g_steal_pointer (&self->handler);
  if (func != NULL)
    {
      self->handler = g_new (AionetMessageHandler, 1);
      *self->handler = (AionetMessageHandler){ 1, func, user_data, destroy };
      if (self->state == AIONET_PIPE_OPEN && self->queue != NULL && self->catch_up == NULL)
        self->catch_up =
            _aionet_idle_new (self->context, "[aionet] late handler", on_catch_up, self);
    }
  if (old != NULL)
    handler_unref (old);
}
