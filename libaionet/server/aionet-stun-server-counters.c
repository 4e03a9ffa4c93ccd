/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#include "config.h"

#include "server/aionet-stun-server-private.h"

/* What a server has counted since it was made. */

static guint64
add_up (AionetStunServer *self, GSocketProtocol protocol, gsize offset)
{
  AionetStunServerPrivate *priv = _aionet_stun_server_get_private (self);
  guint64                  n = 0;

  if (protocol != G_SOCKET_PROTOCOL_TCP)
    n += G_STRUCT_MEMBER (guint64, &priv->udp, offset);
  if (protocol != G_SOCKET_PROTOCOL_UDP)
    n += G_STRUCT_MEMBER (guint64, &priv->tcp, offset);
  return n;
}

/**
 * aionet_stun_server_get_n_answered:
 * @self: a server
 * @protocol: %G_SOCKET_PROTOCOL_UDP, %G_SOCKET_PROTOCOL_TCP, or %G_SOCKET_PROTOCOL_DEFAULT for both
 *
 * Gets how many requests were answered with the address they came from.
 *
 * Returns: the number since the server was made
 *
 * Since: 0.1
 */
guint64
aionet_stun_server_get_n_answered (AionetStunServer *self, GSocketProtocol protocol)
{
  g_return_val_if_fail (AIONET_IS_STUN_SERVER (self), 0);

  return add_up (self, protocol, G_STRUCT_OFFSET (AionetStunCounters, n_answered));
}

/**
 * aionet_stun_server_get_n_errors:
 * @self: a server
 * @protocol: %G_SOCKET_PROTOCOL_UDP, %G_SOCKET_PROTOCOL_TCP, or %G_SOCKET_PROTOCOL_DEFAULT for both
 *
 * Gets how many requests were answered with an error, for what they asked.
 *
 * Returns: the number since the server was made
 *
 * Since: 0.1
 */
guint64
aionet_stun_server_get_n_errors (AionetStunServer *self, GSocketProtocol protocol)
{
  g_return_val_if_fail (AIONET_IS_STUN_SERVER (self), 0);

  return add_up (self, protocol, G_STRUCT_OFFSET (AionetStunCounters, n_errors));
}

/**
 * aionet_stun_server_get_n_ignored:
 * @self: a server
 * @protocol: %G_SOCKET_PROTOCOL_UDP, %G_SOCKET_PROTOCOL_TCP, or %G_SOCKET_PROTOCOL_DEFAULT for both
 *
 * Gets how many messages were not answered: no Binding requests, or from where nobody can be
 * answered.
 *
 * Returns: the number since the server was made
 *
 * Since: 0.1
 */
guint64
aionet_stun_server_get_n_ignored (AionetStunServer *self, GSocketProtocol protocol)
{
  g_return_val_if_fail (AIONET_IS_STUN_SERVER (self), 0);

  return add_up (self, protocol, G_STRUCT_OFFSET (AionetStunCounters, n_ignored));
}

/**
 * aionet_stun_server_get_n_limited:
 * @self: a server
 * @protocol: %G_SOCKET_PROTOCOL_UDP, %G_SOCKET_PROTOCOL_TCP, or %G_SOCKET_PROTOCOL_DEFAULT for both
 *
 * Gets how many requests were dropped because their prefix had got
 * [property@StunServer:max-rate] answers.
 *
 * Returns: the number since the server was made
 *
 * Since: 0.1
 */
guint64
aionet_stun_server_get_n_limited (AionetStunServer *self, GSocketProtocol protocol)
{
  g_return_val_if_fail (AIONET_IS_STUN_SERVER (self), 0);

  return add_up (self, protocol, G_STRUCT_OFFSET (AionetStunCounters, n_limited));
}

/**
 * aionet_stun_server_get_n_lost:
 * @self: a server
 * @protocol: %G_SOCKET_PROTOCOL_UDP, %G_SOCKET_PROTOCOL_TCP, or %G_SOCKET_PROTOCOL_DEFAULT for both
 *
 * Gets how many answers were lost because they could not be sent.
 *
 * Returns: the number since the server was made
 *
 * Since: 0.1
 */
guint64
aionet_stun_server_get_n_lost (AionetStunServer *self, GSocketProtocol protocol)
{
  g_return_val_if_fail (AIONET_IS_STUN_SERVER (self), 0);

  return add_up (self, protocol, G_STRUCT_OFFSET (AionetStunCounters, n_lost));
}

/**
 * aionet_stun_server_get_n_cut_off:
 * @self: a server
 *
 * Gets how many TCP clients were turned away or closed by the server: too many, idle, too slow, or
 * sending something else than requests.
 *
 * Returns: the number since the server was made
 *
 * Since: 0.1
 */
guint64
aionet_stun_server_get_n_cut_off (AionetStunServer *self)
{
  g_return_val_if_fail (AIONET_IS_STUN_SERVER (self), 0);

  return _aionet_stun_server_get_private (self)->n_cut_off +
         aionet_daemon_get_n_refused (AIONET_DAEMON (self));
}
