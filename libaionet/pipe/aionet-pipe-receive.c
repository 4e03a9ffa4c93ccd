/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#include "config.h"

#include "pipe/aionet-pipe-private.h"

#include "engine/aionet-task-private.h"
#include "pipe/aionet-pipe-options-private.h"
#include "pipe/aionet-subscription-private.h"

static void
receive (AionetPipe         *self,
         gsize               n_bytes,
         int                 timeout_ms,
         GCancellable       *cancellable,
         gpointer            tag,
         GAsyncReadyCallback callback,
         gpointer            user_data)
{
  g_autoptr (GTask) task = _aionet_task_new (self, cancellable, tag, callback, user_data);
  int usual_ms = _aionet_pipe_get_option (self, AIONET_OPTION_RECEIVE_TIMEOUT_MS);

  if (timeout_ms < 0 && usual_ms > 0)
    timeout_ms = usual_ms;
  _aionet_message_queue_receive (_aionet_pipe_ensure_queue (self), task, n_bytes, timeout_ms);
}

/**
 * aionet_pipe_receive_async:
 * @self: a pipe
 * @timeout_ms: how long to wait in milliseconds; 0 looks and returns at once, negative waits as
 *   long as [property@Pipe:receive-timeout-ms] says: for ever, unless that is set
 * @cancellable: (transfer none) (nullable): a cancellable, or %NULL
 * @callback: (scope async) (nullable): called in the main context of the pipe
 * @user_data: (closure): data for @callback
 *
 * Waits for the next message that no subscription, message function or handler of
 * [signal@Pipe::message] took.
 *
 * Several calls may wait; each message completes one, in the order of the calls. Messages that
 * arrive before the first call wait in a queue, up to [property@Pipe:receive-queue-messages] and
 * [property@Pipe:receive-queue-bytes].
 *
 * A TCP server gets no messages, as its clients do: see [method@Pipe.accept_async].
 *
 * Since: 0.1
 */
void
aionet_pipe_receive_async (AionetPipe         *self,
                           int                 timeout_ms,
                           GCancellable       *cancellable,
                           GAsyncReadyCallback callback,
                           gpointer            user_data)
{
  g_return_if_fail (AIONET_IS_PIPE (self));
  g_return_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable));

  receive (self, 0, timeout_ms, cancellable, aionet_pipe_receive_async, callback, user_data);
}

/**
 * aionet_pipe_receive_finish:
 * @self: a pipe
 * @result: (transfer none): the result given to the callback
 * @error: return location for an error
 *
 * Finishes [method@Pipe.receive_async].
 *
 * Errors: %G_IO_ERROR_TIMED_OUT if nothing arrived in time, %G_IO_ERROR_CANCELLED, and
 * %AIONET_ERROR_CLOSED once the pipe is closed and its queue empty.
 *
 * Returns: (transfer full): the message, or %NULL with @error set
 *
 * Since: 0.1
 */
AionetMessage *
aionet_pipe_receive_finish (AionetPipe *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (AIONET_IS_PIPE (self), NULL);
  g_return_val_if_fail (_aionet_task_is_valid (result, self, aionet_pipe_receive_async), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

/**
 * aionet_pipe_receive_n_async:
 * @self: a pipe
 * @n_bytes: number of bytes to wait for, at least 1
 * @timeout_ms: how long to wait in milliseconds; 0 looks and returns at once, negative waits as
 *   long as [property@Pipe:receive-timeout-ms] says: for ever, unless that is set
 * @cancellable: (transfer none) (nullable): a cancellable, or %NULL
 * @callback: (scope async) (nullable): called in the main context of the pipe
 * @user_data: (closure): data for @callback
 *
 * Waits for @n_bytes bytes, put together from as many messages as it takes; what is too much stays
 * for the next call. It is [method@Pipe.receive_async] in all else.
 *
 * Since: 0.1
 */
void
aionet_pipe_receive_n_async (AionetPipe         *self,
                             guint               n_bytes,
                             int                 timeout_ms,
                             GCancellable       *cancellable,
                             GAsyncReadyCallback callback,
                             gpointer            user_data)
{
  g_return_if_fail (AIONET_IS_PIPE (self));
  g_return_if_fail (n_bytes > 0);
  g_return_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable));

  receive (self, n_bytes, timeout_ms, cancellable, aionet_pipe_receive_n_async, callback,
           user_data);
}

/**
 * aionet_pipe_receive_n_finish:
 * @self: a pipe
 * @result: (transfer none): the result given to the callback
 * @error: return location for an error
 *
 * Finishes [method@Pipe.receive_n_async].
 *
 * The message is shorter than was asked for if the time was over, or the pipe closed, before the
 * rest came; its sender is that of its last byte.
 *
 * Errors: %G_IO_ERROR_TIMED_OUT if nothing arrived in time, %G_IO_ERROR_CANCELLED (the bytes that
 * had come stay in the queue), and %AIONET_ERROR_CLOSED once the pipe is closed and its queue
 * empty.
 *
 * Returns: (transfer full): the bytes, or %NULL with @error set
 *
 * Since: 0.1
 */
AionetMessage *
aionet_pipe_receive_n_finish (AionetPipe *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (AIONET_IS_PIPE (self), NULL);
  g_return_val_if_fail (_aionet_task_is_valid (result, self, aionet_pipe_receive_n_async), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

static gboolean
set_sender (AionetFilter *filter, GSocketAddress *sender, GError **error)
{
  filter->has_sender = sender != NULL;
  return sender == NULL || _aionet_sockaddr_set (&filter->sender, sender, error);
}

static AionetSubscription *
add_subscription (AionetPipe *self, AionetFilter *filter, GError **error)
{
  if (self->state == AIONET_PIPE_CLOSED)
    {
      _aionet_filter_clear (filter);
      g_propagate_error (error, _aionet_pipe_new_closed_error (NULL));
      return NULL;
    }
  return _aionet_pipe_add_subscription (self, filter);
}

/**
 * aionet_pipe_subscribe:
 * @self: a pipe
 * @pattern: (nullable): a regular expression over the bytes of a message, or %NULL for any content
 * @sender: (transfer none) (nullable): only messages from there; port 0 is any port, scope id 0
 *   any scope; %NULL for anybody
 * @error: return location for an error
 *
 * Subscribes to the messages that match both @pattern and @sender; with both %NULL, to all.
 *
 * The expression has the syntax of [struct@GLib.Regex] and works on bytes, not on characters; `^`
 * and `$` are the ends of the message. Each is tried on every message; for many subscriptions at
 * once use [method@Pipe.subscribe_literal], or a sender alone, which are found by hash.
 *
 * Errors: any of `G_REGEX_ERROR` for a bad @pattern, %G_IO_ERROR_NOT_SUPPORTED for a sender that is
 * no IP endpoint, %AIONET_ERROR_CLOSED if the pipe is closed.
 *
 * Returns: (transfer full): a new subscription, or %NULL with @error set
 *
 * Since: 0.1
 */
AionetSubscription *
aionet_pipe_subscribe (AionetPipe     *self,
                       const char     *pattern,
                       GSocketAddress *sender,
                       GError        **error)
{
  AionetFilter filter = { 0 };

  g_return_val_if_fail (AIONET_IS_PIPE (self), NULL);
  g_return_val_if_fail (sender == NULL || G_IS_SOCKET_ADDRESS (sender), NULL);

  if (!set_sender (&filter, sender, error))
    return NULL;
  if (pattern != NULL)
    {
      filter.regex = g_regex_new (
          pattern, G_REGEX_RAW | G_REGEX_OPTIMIZE | G_REGEX_DOLLAR_ENDONLY | G_REGEX_DOTALL, 0,
          error);
      if (filter.regex == NULL)
        return NULL;
    }
  return add_subscription (self, &filter, error);
}

/**
 * aionet_pipe_subscribe_literal:
 * @self: a pipe
 * @literal: (transfer none): the bytes, at least one
 * @offset: where they lie, in bytes from the beginning of the message
 * @sender: (transfer none) (nullable): only messages from there; port 0 is any port, scope id 0
 *   any scope; %NULL for anybody
 * @error: return location for an error
 *
 * Subscribes to the messages that have @literal at @offset, as the transaction id of STUN at 8.
 *
 * Found by hash: ten thousand of them cost a message no more than ten.
 *
 * Errors: %G_IO_ERROR_INVALID_ARGUMENT for an empty @literal, %G_IO_ERROR_NOT_SUPPORTED for a
 * sender that is no IP endpoint, %AIONET_ERROR_CLOSED if the pipe is closed.
 *
 * Returns: (transfer full): a new subscription, or %NULL with @error set
 *
 * Since: 0.1
 */
AionetSubscription *
aionet_pipe_subscribe_literal (
    AionetPipe *self, GBytes *literal, guint offset, GSocketAddress *sender, GError **error)
{
  AionetFilter filter = { 0 };

  g_return_val_if_fail (AIONET_IS_PIPE (self), NULL);
  g_return_val_if_fail (literal != NULL, NULL);
  g_return_val_if_fail (sender == NULL || G_IS_SOCKET_ADDRESS (sender), NULL);

  if (g_bytes_get_size (literal) == 0)
    {
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
                           "A literal has at least one byte");
      return NULL;
    }
  if (!set_sender (&filter, sender, error))
    return NULL;
  filter.literal = g_bytes_ref (literal);
  filter.offset = offset;
  return add_subscription (self, &filter, error);
}
