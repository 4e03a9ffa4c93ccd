/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#include "config.h"

#include "pipe/aionet-pipe-options.h"

#include "pipe/aionet-pipe-options-private.h"

/**
 * aionet_pipe_get_receive_timeout_ms: (get-property receive-timeout-ms)
 * @self: a pipe
 *
 * Gets how long [method@Pipe.receive_async] waits when it is given a negative time; see
 * [property@Pipe:receive-timeout-ms].
 *
 * Returns: a time in milliseconds
 *
 * Since: 0.1
 */
guint
aionet_pipe_get_receive_timeout_ms (AionetPipe *self)
{
  g_return_val_if_fail (AIONET_IS_PIPE (self), 0);

  return (guint) _aionet_pipe_get_option (self, AIONET_OPTION_RECEIVE_TIMEOUT_MS);
}

/**
 * aionet_pipe_set_receive_timeout_ms: (set-property receive-timeout-ms)
 * @self: a pipe
 * @value: a time in milliseconds; 0 for ever
 *
 * Sets how long [method@Pipe.receive_async] waits when it is given a negative time; see
 * [property@Pipe:receive-timeout-ms].
 *
 * Since: 0.1
 */
void
aionet_pipe_set_receive_timeout_ms (AionetPipe *self, guint value)
{
  g_return_if_fail (AIONET_IS_PIPE (self));
  g_return_if_fail (value <= G_MAXINT);

  _aionet_pipe_change_option (self, AIONET_OPTION_RECEIVE_TIMEOUT_MS, (int) value);
}

/**
 * aionet_pipe_get_idle_timeout_ms: (get-property idle-timeout-ms)
 * @self: a pipe
 *
 * Gets after how much silence the pipe is closed; see [property@Pipe:idle-timeout-ms].
 *
 * Returns: a time in milliseconds
 *
 * Since: 0.1
 */
guint
aionet_pipe_get_idle_timeout_ms (AionetPipe *self)
{
  g_return_val_if_fail (AIONET_IS_PIPE (self), 0);

  return (guint) _aionet_pipe_get_option (self, AIONET_OPTION_IDLE_TIMEOUT_MS);
}

/**
 * aionet_pipe_set_idle_timeout_ms: (set-property idle-timeout-ms)
 * @self: a pipe
 * @value: a time in milliseconds; 0 for never
 *
 * Sets after how much silence the pipe is closed; see [property@Pipe:idle-timeout-ms].
 *
 * Since: 0.1
 */
void
aionet_pipe_set_idle_timeout_ms (AionetPipe *self, guint value)
{
  g_return_if_fail (AIONET_IS_PIPE (self));
  g_return_if_fail (value <= G_MAXINT);

  _aionet_pipe_change_option (self, AIONET_OPTION_IDLE_TIMEOUT_MS, (int) value);
}

/**
 * aionet_pipe_get_keep_alive: (get-property keep-alive)
 * @self: a pipe
 *
 * Gets whether the system asks a silent peer for signs of life; see [property@Pipe:keep-alive].
 *
 * Returns: %TRUE or %FALSE
 *
 * Since: 0.1
 */
gboolean
aionet_pipe_get_keep_alive (AionetPipe *self)
{
  g_return_val_if_fail (AIONET_IS_PIPE (self), FALSE);

  return _aionet_pipe_get_option (self, AIONET_OPTION_KEEP_ALIVE);
}

/**
 * aionet_pipe_set_keep_alive: (set-property keep-alive)
 * @self: a pipe
 * @on: %TRUE to ask
 *
 * Sets whether the system asks a silent peer for signs of life; see [property@Pipe:keep-alive].
 *
 * Since: 0.1
 */
void
aionet_pipe_set_keep_alive (AionetPipe *self, gboolean on)
{
  g_return_if_fail (AIONET_IS_PIPE (self));

  _aionet_pipe_change_option (self, AIONET_OPTION_KEEP_ALIVE, on != FALSE);
}

/**
 * aionet_pipe_get_keep_alive_idle_s: (get-property keep-alive-idle-s)
 * @self: a pipe
 *
 * Gets after how much silence the first sign of life is asked for; see
 * [property@Pipe:keep-alive-idle-s].
 *
 * Returns: a time in seconds, at most 32767
 *
 * Since: 0.1
 */
guint
aionet_pipe_get_keep_alive_idle_s (AionetPipe *self)
{
  g_return_val_if_fail (AIONET_IS_PIPE (self), 0);

  return (guint) _aionet_pipe_get_option (self, AIONET_OPTION_KEEP_ALIVE_IDLE_S);
}

/**
 * aionet_pipe_set_keep_alive_idle_s: (set-property keep-alive-idle-s)
 * @self: a pipe
 * @value: a time in seconds, at most 32767
 *
 * Sets after how much silence the first sign of life is asked for; see
 * [property@Pipe:keep-alive-idle-s].
 *
 * Since: 0.1
 */
void
aionet_pipe_set_keep_alive_idle_s (AionetPipe *self, guint value)
{
  g_return_if_fail (AIONET_IS_PIPE (self));
  g_return_if_fail (value <= 32767);

  _aionet_pipe_change_option (self, AIONET_OPTION_KEEP_ALIVE_IDLE_S, (int) value);
}

/**
 * aionet_pipe_get_keep_alive_interval_s: (get-property keep-alive-interval-s)
 * @self: a pipe
 *
 * Gets how long to wait for a sign of life; see [property@Pipe:keep-alive-interval-s].
 *
 * Returns: a time in seconds, at most 32767
 *
 * Since: 0.1
 */
guint
aionet_pipe_get_keep_alive_interval_s (AionetPipe *self)
{
  g_return_val_if_fail (AIONET_IS_PIPE (self), 0);

  return (guint) _aionet_pipe_get_option (self, AIONET_OPTION_KEEP_ALIVE_INTERVAL_S);
}

/**
 * aionet_pipe_set_keep_alive_interval_s: (set-property keep-alive-interval-s)
 * @self: a pipe
 * @value: a time in seconds, at most 32767
 *
 * Sets how long to wait for a sign of life; see [property@Pipe:keep-alive-interval-s].
 *
 * Since: 0.1
 */
void
aionet_pipe_set_keep_alive_interval_s (AionetPipe *self, guint value)
{
  g_return_if_fail (AIONET_IS_PIPE (self));
  g_return_if_fail (value <= 32767);

  _aionet_pipe_change_option (self, AIONET_OPTION_KEEP_ALIVE_INTERVAL_S, (int) value);
}

/**
 * aionet_pipe_get_reuse_address: (get-property reuse-address)
 * @self: a pipe
 *
 * Gets whether other sockets may share the port; see [property@Pipe:reuse-address].
 *
 * Returns: %TRUE or %FALSE
 *
 * Since: 0.1
 */
gboolean
aionet_pipe_get_reuse_address (AionetPipe *self)
{
  g_return_val_if_fail (AIONET_IS_PIPE (self), FALSE);

  return _aionet_pipe_get_option (self, AIONET_OPTION_REUSE_ADDRESS);
}

/**
 * aionet_pipe_set_reuse_address: (set-property reuse-address)
 * @self: a pipe
 * @on: %TRUE to share
 *
 * Sets whether other sockets may share the port; see [property@Pipe:reuse-address].
 *
 * Since: 0.1
 */
void
aionet_pipe_set_reuse_address (AionetPipe *self, gboolean on)
{
  g_return_if_fail (AIONET_IS_PIPE (self));

  _aionet_pipe_change_option (self, AIONET_OPTION_REUSE_ADDRESS, on != FALSE);
}

/**
 * aionet_pipe_get_broadcast: (get-property broadcast)
 * @self: a pipe
 *
 * Gets whether the pipe may send to broadcast addresses; see [property@Pipe:broadcast].
 *
 * Returns: %TRUE or %FALSE
 *
 * Since: 0.1
 */
gboolean
aionet_pipe_get_broadcast (AionetPipe *self)
{
  g_return_val_if_fail (AIONET_IS_PIPE (self), FALSE);

  return _aionet_pipe_get_option (self, AIONET_OPTION_BROADCAST);
}

/**
 * aionet_pipe_set_broadcast: (set-property broadcast)
 * @self: a pipe
 * @on: %TRUE to allow it
 *
 * Sets whether the pipe may send to broadcast addresses; see [property@Pipe:broadcast].
 *
 * Since: 0.1
 */
void
aionet_pipe_set_broadcast (AionetPipe *self, gboolean on)
{
  g_return_if_fail (AIONET_IS_PIPE (self));

  _aionet_pipe_change_option (self, AIONET_OPTION_BROADCAST, on != FALSE);
}

/**
 * aionet_pipe_get_linger_ms: (get-property linger-ms)
 * @self: a pipe
 *
 * Gets how long the system goes on sending after the pipe is closed; see
 * [property@Pipe:linger-ms].
 *
 * Returns: a time in milliseconds
 *
 * Since: 0.1
 */
int
aionet_pipe_get_linger_ms (AionetPipe *self)
{
  g_return_val_if_fail (AIONET_IS_PIPE (self), -1);

  return _aionet_pipe_get_option (self, AIONET_OPTION_LINGER_MS);
}

/**
 * aionet_pipe_set_linger_ms: (set-property linger-ms)
 * @self: a pipe
 * @value: a time in milliseconds; 0 to reset the connection, -1 for what the system does
 *
 * Sets how long the system goes on sending after the pipe is closed; see
 * [property@Pipe:linger-ms].
 *
 * Since: 0.1
 */
void
aionet_pipe_set_linger_ms (AionetPipe *self, int value)
{
  g_return_if_fail (AIONET_IS_PIPE (self));
  g_return_if_fail (value >= -1);

  _aionet_pipe_change_option (self, AIONET_OPTION_LINGER_MS, value);
}

/**
 * aionet_pipe_get_ttl: (get-property ttl)
 * @self: a pipe
 *
 * Gets the hop limit of what is sent; see [property@Pipe:ttl].
 *
 * Returns: a number of hops, 1 to 255
 *
 * Since: 0.1
 */
guint
aionet_pipe_get_ttl (AionetPipe *self)
{
  g_return_val_if_fail (AIONET_IS_PIPE (self), 0);

  return (guint) _aionet_pipe_get_option (self, AIONET_OPTION_TTL);
}

/**
 * aionet_pipe_set_ttl: (set-property ttl)
 * @self: a pipe
 * @value: a number of hops, 1 to 255; 0 for what the system says
 *
 * Sets the hop limit of what is sent; see [property@Pipe:ttl].
 *
 * Since: 0.1
 */
void
aionet_pipe_set_ttl (AionetPipe *self, guint value)
{
  g_return_if_fail (AIONET_IS_PIPE (self));
  g_return_if_fail (value <= 255);

  _aionet_pipe_change_option (self, AIONET_OPTION_TTL, (int) value);
}

/**
 * aionet_pipe_get_tos: (get-property tos)
 * @self: a pipe
 *
 * Gets the type of service of what is sent; see [property@Pipe:tos].
 *
 * Returns: a byte
 *
 * Since: 0.1
 */
guint
aionet_pipe_get_tos (AionetPipe *self)
{
  g_return_val_if_fail (AIONET_IS_PIPE (self), 0);

  return (guint) _aionet_pipe_get_option (self, AIONET_OPTION_TOS);
}

/**
 * aionet_pipe_set_tos: (set-property tos)
 * @self: a pipe
 * @value: a byte
 *
 * Sets the type of service of what is sent; see [property@Pipe:tos].
 *
 * Since: 0.1
 */
void
aionet_pipe_set_tos (AionetPipe *self, guint value)
{
  g_return_if_fail (AIONET_IS_PIPE (self));
  g_return_if_fail (value <= 255);

  _aionet_pipe_change_option (self, AIONET_OPTION_TOS, (int) value);
}

/**
 * aionet_pipe_get_multicast_ttl: (get-property multicast-ttl)
 * @self: a pipe
 *
 * Gets the hop limit of multicast; see [property@Pipe:multicast-ttl].
 *
 * Returns: a number of hops, at most 255
 *
 * Since: 0.1
 */
guint
aionet_pipe_get_multicast_ttl (AionetPipe *self)
{
  g_return_val_if_fail (AIONET_IS_PIPE (self), 0);

  return (guint) _aionet_pipe_get_option (self, AIONET_OPTION_MULTICAST_TTL);
}

/**
 * aionet_pipe_set_multicast_ttl: (set-property multicast-ttl)
 * @self: a pipe
 * @value: a number of hops, at most 255
 *
 * Sets the hop limit of multicast; see [property@Pipe:multicast-ttl].
 *
 * Since: 0.1
 */
void
aionet_pipe_set_multicast_ttl (AionetPipe *self, guint value)
{
  g_return_if_fail (AIONET_IS_PIPE (self));
  g_return_if_fail (value <= 255);

  _aionet_pipe_change_option (self, AIONET_OPTION_MULTICAST_TTL, (int) value);
}

/**
 * aionet_pipe_get_multicast_loopback: (get-property multicast-loopback)
 * @self: a pipe
 *
 * Gets whether this host hears its own multicast; see [property@Pipe:multicast-loopback].
 *
 * Returns: %TRUE or %FALSE
 *
 * Since: 0.1
 */
gboolean
aionet_pipe_get_multicast_loopback (AionetPipe *self)
{
  g_return_val_if_fail (AIONET_IS_PIPE (self), FALSE);

  return _aionet_pipe_get_option (self, AIONET_OPTION_MULTICAST_LOOPBACK);
}

/**
 * aionet_pipe_set_multicast_loopback: (set-property multicast-loopback)
 * @self: a pipe
 * @on: %TRUE to be heard on this host
 *
 * Sets whether this host hears its own multicast; see [property@Pipe:multicast-loopback].
 *
 * Since: 0.1
 */
void
aionet_pipe_set_multicast_loopback (AionetPipe *self, gboolean on)
{
  g_return_if_fail (AIONET_IS_PIPE (self));

  _aionet_pipe_change_option (self, AIONET_OPTION_MULTICAST_LOOPBACK, on != FALSE);
}

/**
 * aionet_pipe_get_no_delay: (get-property no-delay)
 * @self: a pipe
 *
 * Gets whether small messages are sent at once; see [property@Pipe:no-delay].
 *
 * Returns: %TRUE or %FALSE
 *
 * Since: 0.1
 */
gboolean
aionet_pipe_get_no_delay (AionetPipe *self)
{
  g_return_val_if_fail (AIONET_IS_PIPE (self), FALSE);

  return _aionet_pipe_get_option (self, AIONET_OPTION_NO_DELAY);
}

/**
 * aionet_pipe_set_no_delay: (set-property no-delay)
 * @self: a pipe
 * @on: %TRUE to send at once
 *
 * Sets whether small messages are sent at once; see [property@Pipe:no-delay].
 *
 * Since: 0.1
 */
void
aionet_pipe_set_no_delay (AionetPipe *self, gboolean on)
{
  g_return_if_fail (AIONET_IS_PIPE (self));

  _aionet_pipe_change_option (self, AIONET_OPTION_NO_DELAY, on != FALSE);
}

/**
 * aionet_pipe_get_send_buffer_bytes: (get-property send-buffer-bytes)
 * @self: a pipe
 *
 * Gets the send buffer of the socket; see [property@Pipe:send-buffer-bytes].
 *
 * Returns: a number of bytes
 *
 * Since: 0.1
 */
guint
aionet_pipe_get_send_buffer_bytes (AionetPipe *self)
{
  g_return_val_if_fail (AIONET_IS_PIPE (self), 0);

  return (guint) _aionet_pipe_get_option (self, AIONET_OPTION_SEND_BUFFER_BYTES);
}

/**
 * aionet_pipe_set_send_buffer_bytes: (set-property send-buffer-bytes)
 * @self: a pipe
 * @value: a number of bytes
 *
 * Sets the send buffer of the socket; see [property@Pipe:send-buffer-bytes].
 *
 * Since: 0.1
 */
void
aionet_pipe_set_send_buffer_bytes (AionetPipe *self, guint value)
{
  g_return_if_fail (AIONET_IS_PIPE (self));
  g_return_if_fail (value <= G_MAXINT);

  _aionet_pipe_change_option (self, AIONET_OPTION_SEND_BUFFER_BYTES, (int) value);
}

/**
 * aionet_pipe_get_receive_buffer_bytes: (get-property receive-buffer-bytes)
 * @self: a pipe
 *
 * Gets the receive buffer of the socket; see [property@Pipe:receive-buffer-bytes].
 *
 * Returns: a number of bytes
 *
 * Since: 0.1
 */
guint
aionet_pipe_get_receive_buffer_bytes (AionetPipe *self)
{
  g_return_val_if_fail (AIONET_IS_PIPE (self), 0);

  return (guint) _aionet_pipe_get_option (self, AIONET_OPTION_RECEIVE_BUFFER_BYTES);
}

/**
 * aionet_pipe_set_receive_buffer_bytes: (set-property receive-buffer-bytes)
 * @self: a pipe
 * @value: a number of bytes
 *
 * Sets the receive buffer of the socket; see [property@Pipe:receive-buffer-bytes].
 *
 * Since: 0.1
 */
void
aionet_pipe_set_receive_buffer_bytes (AionetPipe *self, guint value)
{
  g_return_if_fail (AIONET_IS_PIPE (self));
  g_return_if_fail (value <= G_MAXINT);

  _aionet_pipe_change_option (self, AIONET_OPTION_RECEIVE_BUFFER_BYTES, (int) value);
}
