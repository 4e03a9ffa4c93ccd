/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#include "config.h"

#include "pipe/aionet-pipe-private.h"

/* What a program can ask a pipe. */

/**
 * aionet_pipe_get_protocol: (get-property protocol)
 * @self: a pipe
 *
 * Gets the protocol.
 *
 * Returns: TCP or UDP
 *
 * Since: 0.1
 */
GSocketProtocol
aionet_pipe_get_protocol (AionetPipe *self)
{
  g_return_val_if_fail (AIONET_IS_PIPE (self), G_SOCKET_PROTOCOL_UNKNOWN);

  return (GSocketProtocol) self->protocol;
}

/**
 * aionet_pipe_is_open: (get-property is-open)
 * @self: a pipe
 *
 * Tells whether the pipe can send and receive, or accept.
 *
 * Returns: %TRUE if it is open
 *
 * Since: 0.1
 */
gboolean
aionet_pipe_is_open (AionetPipe *self)
{
  g_return_val_if_fail (AIONET_IS_PIPE (self), FALSE);

  return self->state == AIONET_PIPE_OPEN;
}

/**
 * aionet_pipe_is_server: (get-property is-server)
 * @self: a pipe
 *
 * Tells whether the pipe serves anybody: a TCP server, or UDP without a target.
 *
 * Returns: %TRUE for a server
 *
 * Since: 0.1
 */
gboolean
aionet_pipe_is_server (AionetPipe *self)
{
  g_return_val_if_fail (AIONET_IS_PIPE (self), FALSE);

  if (self->state == AIONET_PIPE_NEW || self->state == AIONET_PIPE_OPENING)
    return self->target_text == NULL && self->connectable == NULL && self->socket == NULL &&
           !self->is_accepted;
  return self->is_server;
}

/**
 * aionet_pipe_get_local_address: (get-property local-address)
 * @self: a pipe
 *
 * Gets the endpoint of the socket on this host. It is still known when the pipe is closed.
 *
 * Returns: (transfer none) (nullable): the endpoint, or %NULL before the pipe is open
 *
 * Since: 0.1
 */
GSocketAddress *
aionet_pipe_get_local_address (AionetPipe *self)
{
  g_return_val_if_fail (AIONET_IS_PIPE (self), NULL);

  _aionet_pipe_find_local (self);
  if (self->local_address == NULL)
    self->local_address = _aionet_sockaddr_to_gio (&self->local);
  return self->local_address;
}

/**
 * aionet_pipe_get_remote_address: (get-property remote-address)
 * @self: a pipe
 *
 * Gets the endpoint of the peer. It is still known when the pipe is closed.
 *
 * Returns: (transfer none) (nullable): the endpoint, or %NULL before the pipe is open, and for a
 *   server
 *
 * Since: 0.1
 */
GSocketAddress *
aionet_pipe_get_remote_address (AionetPipe *self)
{
  g_return_val_if_fail (AIONET_IS_PIPE (self), NULL);

  if (self->remote_address == NULL)
    self->remote_address = _aionet_sockaddr_to_gio (&self->remote);
  return self->remote_address;
}

/**
 * aionet_pipe_get_route: (get-property route)
 * @self: a pipe
 *
 * Gets the path the pipe was made for; the clients of a server have that of the server.
 *
 * Returns: (transfer none) (nullable): the route, or %NULL if the system chooses
 *
 * Since: 0.1
 */
AionetRoute *
aionet_pipe_get_route (AionetPipe *self)
{
  g_return_val_if_fail (AIONET_IS_PIPE (self), NULL);

  return self->route;
}

/**
 * aionet_pipe_get_connect_timeout_ms: (get-property connect-timeout-ms)
 * @self: a pipe
 *
 * Gets how long opening may take.
 *
 * Returns: the time in milliseconds, 0 for no limit
 *
 * Since: 0.1
 */
guint
aionet_pipe_get_connect_timeout_ms (AionetPipe *self)
{
  g_return_val_if_fail (AIONET_IS_PIPE (self), 0);

  return self->connect_timeout_ms;
}

/**
 * aionet_pipe_get_receive_queue_bytes: (get-property receive-queue-bytes)
 * @self: a pipe
 *
 * Gets how many bytes may wait to be received.
 *
 * Returns: the number of bytes
 *
 * Since: 0.1
 */
guint
aionet_pipe_get_receive_queue_bytes (AionetPipe *self)
{
  g_return_val_if_fail (AIONET_IS_PIPE (self), 0);

  return self->max_receive_bytes;
}

/**
 * aionet_pipe_get_receive_queue_messages: (get-property receive-queue-messages)
 * @self: a pipe
 *
 * Gets how many messages may wait to be received.
 *
 * Returns: the number of messages
 *
 * Since: 0.1
 */
guint
aionet_pipe_get_receive_queue_messages (AionetPipe *self)
{
  g_return_val_if_fail (AIONET_IS_PIPE (self), 0);

  return self->max_receive_messages;
}

/**
 * aionet_pipe_get_send_queue_bytes: (get-property send-queue-bytes)
 * @self: a pipe
 *
 * Gets the high-water mark of the bytes that wait to be sent.
 *
 * Returns: the number of bytes
 *
 * Since: 0.1
 */
guint
aionet_pipe_get_send_queue_bytes (AionetPipe *self)
{
  g_return_val_if_fail (AIONET_IS_PIPE (self), 0);

  return self->max_send_bytes;
}

/**
 * aionet_pipe_get_n_received: (get-property n-received)
 * @self: a pipe
 *
 * Gets how many messages were received: datagrams, or what one read of a stream returned.
 *
 * Returns: the number of messages
 *
 * Since: 0.1
 */
guint64
aionet_pipe_get_n_received (AionetPipe *self)
{
  g_return_val_if_fail (AIONET_IS_PIPE (self), 0);

  return self->n_received;
}

/**
 * aionet_pipe_get_n_sent: (get-property n-sent)
 * @self: a pipe
 *
 * Gets how many messages were sent or queued.
 *
 * Returns: the number of messages
 *
 * Since: 0.1
 */
guint64
aionet_pipe_get_n_sent (AionetPipe *self)
{
  g_return_val_if_fail (AIONET_IS_PIPE (self), 0);

  return self->n_sent;
}

/**
 * aionet_pipe_get_n_dropped: (get-property n-dropped)
 * @self: a pipe
 *
 * Gets how many messages were lost: received when the queue of the pipe was full or from
 * somebody else than the target, queued and then not sent, or clients there was no descriptor for.
 *
 * Returns: the number of messages
 *
 * Since: 0.1
 */
guint64
aionet_pipe_get_n_dropped (AionetPipe *self)
{
  g_return_val_if_fail (AIONET_IS_PIPE (self), 0);

  return self->n_dropped;
}

/**
 * aionet_pipe_get_bytes_received: (get-property bytes-received)
 * @self: a pipe
 *
 * Gets how many bytes were received.
 *
 * Returns: the number of bytes
 *
 * Since: 0.1
 */
guint64
aionet_pipe_get_bytes_received (AionetPipe *self)
{
  g_return_val_if_fail (AIONET_IS_PIPE (self), 0);

  return self->bytes_received;
}

/**
 * aionet_pipe_get_bytes_sent: (get-property bytes-sent)
 * @self: a pipe
 *
 * Gets how many bytes were sent or queued.
 *
 * Returns: the number of bytes
 *
 * Since: 0.1
 */
guint64
aionet_pipe_get_bytes_sent (AionetPipe *self)
{
  g_return_val_if_fail (AIONET_IS_PIPE (self), 0);

  return self->bytes_sent;
}
