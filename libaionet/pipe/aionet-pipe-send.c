/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#include "config.h"

#include "pipe/aionet-pipe-private.h"

#include "engine/aionet-task-private.h"
#include "value/aionet-error.h"

/* RFC 768: 65535 less the headers; IPv6 does not count its own. */
#define MAX_DATAGRAM_IPV4 65507
#define MAX_DATAGRAM_IPV6 65527

static gboolean
check_state (AionetPipe *self, GError **error)
{
  if (self->state == AIONET_PIPE_OPEN && !self->is_listener && self->send_error == NULL &&
      !self->is_shut)
    return TRUE;
  if (self->send_error != NULL)
    g_propagate_error (error, g_error_copy (self->send_error));
  else if (self->state == AIONET_PIPE_CLOSED)
    g_propagate_error (error, _aionet_pipe_new_closed_error (NULL));
  else if (self->is_shut)
    g_set_error_literal (error, AIONET_ERROR, AIONET_ERROR_CLOSED,
                         "The relay has ended what the pipe sends");
  else if (self->is_listener)
    g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_NOT_CONNECTED,
                         "A TCP server sends through the pipes of its clients");
  else
    g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_NOT_CONNECTED, "The pipe is not open yet");
  return FALSE;
}

static gboolean
check_destination (AionetPipe *self, GSocketAddress *to, AionetSockaddr *native, GError **error)
{
  gboolean connected = self->remote.any.sa_family != AF_UNSPEC;

  native->any.sa_family = AF_UNSPEC;
  /* Who answers a message passes the very object that came with it. */
  if (to != NULL && to == self->remote_address)
    return TRUE;
  if (to != NULL && !_aionet_sockaddr_set (native, to, error))
    return FALSE;
  if (to == NULL && !connected)
    {
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
                           "A pipe without a target needs to be told where to send to");
      return FALSE;
    }
  if (to == NULL || !connected)
    return TRUE;
  if (!_aionet_sockaddr_equal (native, &self->remote))
    {
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
                           "A connected pipe sends to its target only");
      return FALSE;
    }
  native->any.sa_family = AF_UNSPEC;
  return TRUE;
}

gboolean
_aionet_pipe_check_length (AionetPipe *self, gsize length, const AionetSockaddr *to, GError **error)
{
  int   family = to->any.sa_family != AF_UNSPEC ? to->any.sa_family : self->remote.any.sa_family;
  gsize max = family == AF_INET6 ? MAX_DATAGRAM_IPV6 : MAX_DATAGRAM_IPV4;

  if (self->protocol == G_SOCKET_PROTOCOL_TCP || length <= max)
    return TRUE;
  g_set_error (error, G_IO_ERROR, G_IO_ERROR_MESSAGE_TOO_LARGE,
               "A datagram holds %" G_GSIZE_FORMAT " bytes, not %" G_GSIZE_FORMAT, max, length);
  return FALSE;
}

gboolean
_aionet_pipe_check_send (AionetPipe     *self,
                         GSocketAddress *to,
                         AionetSockaddr *native,
                         GError        **error)
{
  return check_state (self, error) && check_destination (self, to, native, error);
}

static gboolean
check (AionetPipe *self, gsize length, GSocketAddress *to, AionetSockaddr *native, GError **error)
{
  return _aionet_pipe_check_send (self, to, native, error) &&
         _aionet_pipe_check_length (self, length, native, error);
}

gboolean
_aionet_pipe_has_room (AionetPipe *self, GError **error)
{
  gsize n_unsent = _aionet_pipe_get_n_waiting_bytes (self);

  if (n_unsent < self->max_send_bytes)
    return TRUE;
  _aionet_pipe_flush_collected (self);
  n_unsent = _aionet_pipe_get_n_unsent_bytes (self);
  if (n_unsent < self->max_send_bytes)
    return TRUE;
  g_set_error (error, G_IO_ERROR, G_IO_ERROR_WOULD_BLOCK,
               "%" G_GSIZE_FORMAT " bytes wait to be sent already", n_unsent);
  return FALSE;
}

/* bytes: (nullable) the object that holds data, if there is one */
static gboolean
send_data (AionetPipe     *self,
           const guint8   *data,
           gsize           length,
           GBytes         *bytes,
           GSocketAddress *to,
           GError        **error)
{
  g_autoptr (GBytes) rest = NULL;
  AionetSockaddr native;
  gsize          n_sent;

  if (!check (self, length, to, &native, error) || !_aionet_pipe_has_room (self, error))
    return FALSE;
  switch (_aionet_pipe_write_message (self, data, length, &native, &n_sent, error))
    {
    case AIONET_WRITE_COMPLETE:
      break;
    case AIONET_WRITE_PARTIAL:
      rest = bytes != NULL ? g_bytes_new_from_bytes (bytes, n_sent, length - n_sent)
                           : g_bytes_new (data + n_sent, length - n_sent);
      _aionet_pipe_queue_write (self, rest, 0, &native, NULL);
      break;
    case AIONET_WRITE_FAILED:
    default:
      return FALSE;
    }
  self->n_sent++;
  self->bytes_sent += length;
  return TRUE;
}

/**
 * aionet_pipe_send:
 * @self: a pipe
 * @bytes: (transfer none): what to send; on UDP one datagram, which may be empty
 * @to: (transfer none) (nullable): where to send to; %NULL for the target of the pipe, required if
 *   it has none
 * @error: return location for an error
 *
 * Sends without ever blocking: what the kernel does not take at once is queued, in order.
 *
 * Once [property@Pipe:send-queue-bytes] wait, nothing more is taken; use [method@Pipe.send_async]
 * to wait for room.
 *
 * Datagrams that are sent from callbacks of pipes are collected, and leave together when the batch
 * of events that the main context is working on ends, after some milliseconds, or when the callback
 * runs the main loop; in order, and before the pipe closes. One of them that the system then does
 * not take counts in [property@Pipe:n-dropped], and [signal@Pipe::refused] tells why.
 *
 * Errors: %G_IO_ERROR_WOULD_BLOCK past the high-water mark, with nothing taken;
 * %G_IO_ERROR_MESSAGE_TOO_LARGE for a datagram of more than 65507 bytes (IPv6: 65527);
 * %G_IO_ERROR_NOT_CONNECTED before the pipe is open; %G_IO_ERROR_INVALID_ARGUMENT for a
 * missing destination, or one that is not the target of a connected pipe; %AIONET_ERROR_CLOSED
 * afterwards; other `G_IO_ERROR` codes from the system, after which a TCP pipe sends no more.
 *
 * Returns: %TRUE if all bytes were sent or queued, %FALSE with @error set
 *
 * Since: 0.1
 */
gboolean
aionet_pipe_send (AionetPipe *self, GBytes *bytes, GSocketAddress *to, GError **error)
{
  const guint8 *data;
  gsize         length;

  g_return_val_if_fail (AIONET_IS_PIPE (self), FALSE);
  g_return_val_if_fail (bytes != NULL, FALSE);
  g_return_val_if_fail (to == NULL || G_IS_SOCKET_ADDRESS (to), FALSE);

  data = g_bytes_get_data (bytes, &length);
  return send_data (self, data, length, bytes, to, error);
}

/**
 * aionet_pipe_send_data:
 * @self: a pipe
 * @data: (array length=length) (element-type guint8) (nullable): what to send; copied only if it
 *   has to be queued
 * @length: number of bytes
 * @to: (transfer none) (nullable): where to send to; %NULL for the target of the pipe, required if
 *   it has none
 * @error: return location for an error
 *
 * Sends as [method@Pipe.send] does, from memory of the caller's.
 *
 * Errors: those of [method@Pipe.send].
 *
 * Returns: %TRUE if all bytes were sent or queued, %FALSE with @error set
 *
 * Since: 0.1
 */
gboolean
aionet_pipe_send_data (
    AionetPipe *self, const guint8 *data, gsize length, GSocketAddress *to, GError **error)
{
  g_return_val_if_fail (AIONET_IS_PIPE (self), FALSE);
  g_return_val_if_fail (data != NULL || length == 0, FALSE);
  g_return_val_if_fail (to == NULL || G_IS_SOCKET_ADDRESS (to), FALSE);

  return send_data (self, data != NULL ? data : (const guint8 *) "", length, NULL, to, error);
}

/**
 * aionet_pipe_send_text:
 * @self: a pipe
 * @text: what to send, without its final zero byte
 * @to: (transfer none) (nullable): where to send to; %NULL for the target of the pipe, required if
 *   it has none
 * @error: return location for an error
 *
 * Sends as [method@Pipe.send] does, for protocols that are text. [method@Message.dup_text] is its
 * counterpart.
 *
 * Errors: those of [method@Pipe.send].
 *
 * Returns: %TRUE if all bytes were sent or queued, %FALSE with @error set
 *
 * Since: 0.1
 */
gboolean
aionet_pipe_send_text (AionetPipe *self, const char *text, GSocketAddress *to, GError **error)
{
  g_return_val_if_fail (AIONET_IS_PIPE (self), FALSE);
  g_return_val_if_fail (text != NULL, FALSE);
  g_return_val_if_fail (to == NULL || G_IS_SOCKET_ADDRESS (to), FALSE);

  return send_data (self, (const guint8 *) text, strlen (text), NULL, to, error);
}

static void
start_send (AionetPipe *self, GBytes *bytes, const AionetSockaddr *to, GTask *task)
{
  gsize         size, n_sent;
  const guint8 *data = g_bytes_get_data (bytes, &size);
  GError       *error = NULL;

  switch (_aionet_pipe_write (self, data, size, to, &n_sent, &error))
    {
    case AIONET_WRITE_COMPLETE:
      self->n_sent++;
      self->bytes_sent += size;
      g_task_return_boolean (task, TRUE);
      break;
    case AIONET_WRITE_PARTIAL:
      _aionet_pipe_queue_write (self, bytes, n_sent, to, task);
      break;
    case AIONET_WRITE_FAILED:
    default:
      g_task_return_error (task, error);
    }
}

/**
 * aionet_pipe_send_async:
 * @self: a pipe
 * @bytes: (transfer none): what to send; on UDP one datagram, which may be empty
 * @to: (transfer none) (nullable): where to send to; %NULL for the target of the pipe, required if
 *   it has none
 * @cancellable: (transfer none) (nullable): a cancellable, or %NULL; on TCP it has no effect once
 *   a part of @bytes is sent
 * @callback: (scope async) (nullable): called in the main context of the pipe
 * @user_data: (closure): data for @callback
 *
 * Sends, and waits until the kernel has taken all of @bytes: whoever sends the next message only
 * then goes exactly as fast as the peer.
 *
 * Since: 0.1
 */
void
aionet_pipe_send_async (AionetPipe         *self,
                        GBytes             *bytes,
                        GSocketAddress     *to,
                        GCancellable       *cancellable,
                        GAsyncReadyCallback callback,
                        gpointer            user_data)
{
  g_autoptr (GTask) task = NULL;
  AionetSockaddr native;
  GError        *error = NULL;

  g_return_if_fail (AIONET_IS_PIPE (self));
  g_return_if_fail (bytes != NULL);
  g_return_if_fail (to == NULL || G_IS_SOCKET_ADDRESS (to));
  g_return_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable));

  task = _aionet_task_new (self, cancellable, aionet_pipe_send_async, callback, user_data);
  if (g_task_return_error_if_cancelled (task))
    return;
  /* What is sent is sent, cancelled or not. */
  g_task_set_check_cancellable (task, FALSE);
  if (check (self, g_bytes_get_size (bytes), to, &native, &error))
    start_send (self, bytes, &native, task);
  else
    g_task_return_error (task, error);
}

/**
 * aionet_pipe_send_finish:
 * @self: a pipe
 * @result: (transfer none): the result given to the callback
 * @error: return location for an error
 *
 * Finishes [method@Pipe.send_async].
 *
 * Errors: those of [method@Pipe.send] but %G_IO_ERROR_WOULD_BLOCK; %G_IO_ERROR_CANCELLED, with
 * nothing sent; %AIONET_ERROR_CLOSED if the pipe closed before everything was sent.
 *
 * Returns: %TRUE if the kernel took all bytes, %FALSE with @error set
 *
 * Since: 0.1
 */
gboolean
aionet_pipe_send_finish (AionetPipe *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (AIONET_IS_PIPE (self), FALSE);
  g_return_val_if_fail (_aionet_task_is_valid (result, self, aionet_pipe_send_async), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}
