/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#include "config.h"

#include "pipe/aionet-pipe-private.h"

#include "pipe/aionet-relay-private.h"
#include "value/aionet-error.h"

static gboolean
check_end (AionetPipe *self, GError **error)
{
  if (self->state == AIONET_PIPE_CLOSED || self->end_seen || self->is_shut)
    {
      g_propagate_error (error, _aionet_pipe_new_closed_error (NULL));
      return FALSE;
    }
  if (self->protocol == G_SOCKET_PROTOCOL_UDP || !aionet_pipe_is_server (self))
    return TRUE;
  g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED,
                       "A TCP server forwards through the pipes of its clients");
  return FALSE;
}

static gboolean
check_pair (AionetPipe *self, AionetPipe *other, GError **error)
{
  if (self != other && self->context == other->context)
    return TRUE;
  g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
                       self == other ? "A pipe cannot be joined with itself"
                                     : "The pipes belong to different main contexts");
  return FALSE;
}

/**
 * aionet_pipe_forward:
 * @self: a pipe
 * @other: (transfer none): another pipe of the same main context
 * @error: return location for an error
 *
 * Joins two pipes into a relay: what one receives the other sends, both ways, until one of them
 * closes or [method@Pipe.unforward] parts them. The relay keeps both pipes.
 *
 * Either pipe may still have to be opened; what the other receives waits until it is. Messages that
 * wait in the queues of the pipes go first, in order. Joining two that are joined already changes
 * nothing. TCP and UDP go together:
 *
 * - A side that takes no more stops the other: it is not read until everything is written.
 * - Between two TCP pipes bytes are copied as long as reads are small, and moved inside of the
 *   kernel (`splice (2)`) when they are large. Half-close travels: when one peer finishes, the
 *   other is told so after the last byte, and may still send; both pipes close when both are done.
 * - From TCP to UDP every read becomes one datagram, of up to 65507 bytes (IPv6: 65527), and as
 *   many as needed if the read is larger. UDP has no end to tell of, so the end of the
 *   stream closes both. From UDP to TCP the bytes of the datagrams follow each other.
 * - A UDP pipe without a target sends to the endpoint it heard from last; before it heard from
 *   anybody, messages are dropped and counted.
 *
 * When a pipe closes, the other sends what it still has and closes too; if it was an error, the
 * other closes with the same domain and code, and its peer sees a connection that was reset, not
 * one that is complete.
 *
 * A pipe can be joined with several others: all get what it receives, as fast as the slowest
 * takes it, and it sends what any of them receives. It closes when the last of them has.
 *
 * Subscriptions, the message function and handlers of [signal@Pipe::message] of a joined pipe see
 * its messages too; as long as there are any, all bytes are copied. What is passed on is received
 * by no [method@Pipe.receive_async]. Statistics count bytes of either way; what is moved at once
 * inside of the kernel counts as one message.
 *
 * Errors: %AIONET_ERROR_CLOSED if a pipe is closed or its stream has ended,
 * %G_IO_ERROR_NOT_SUPPORTED for a TCP server, %G_IO_ERROR_INVALID_ARGUMENT for a pipe and itself,
 * and for pipes of different main contexts.
 *
 * Returns: %TRUE if the pipes are joined, %FALSE with @error set
 *
 * Since: 0.1
 */
gboolean
aionet_pipe_forward (AionetPipe *self, AionetPipe *other, GError **error)
{
  g_return_val_if_fail (AIONET_IS_PIPE (self), FALSE);
  g_return_val_if_fail (AIONET_IS_PIPE (other), FALSE);

  if (!check_end (self, error) || !check_end (other, error) || !check_pair (self, other, error))
    return FALSE;
  if (!_aionet_relay_are_joined (self, other))
    _aionet_relay_join (self, other);
  return TRUE;
}

/**
 * aionet_pipe_unforward:
 * @self: a pipe
 * @other: (transfer none): the pipe it is joined with
 *
 * Parts two pipes that [method@Pipe.forward] joined, which both stay open; harmless if they are not
 * joined.
 *
 * What one has received for the other already is still sent. A pipe whose peer has finished closes
 * after that, as it does without a relay.
 *
 * Since: 0.1
 */
void
aionet_pipe_unforward (AionetPipe *self, AionetPipe *other)
{
  g_autoptr (AionetPipe) alive = NULL;
  g_autoptr (AionetPipe) other_alive = NULL;

  g_return_if_fail (AIONET_IS_PIPE (self));
  g_return_if_fail (AIONET_IS_PIPE (other));

  /* The relay may have been the last to keep them. */
  alive = g_object_ref (self);
  other_alive = g_object_ref (other);
  _aionet_relay_part (self, other);
}
