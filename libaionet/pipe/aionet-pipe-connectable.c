/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#include "config.h"

#include "pipe/aionet-pipe-private.h"

/**
 * aionet_pipe_new_for_connectable:
 * @protocol: %G_SOCKET_PROTOCOL_TCP or %G_SOCKET_PROTOCOL_UDP
 * @connectable: (transfer none): what to connect to: a [class@Gio.NetworkAddress], a
 *   [class@Gio.NetworkService] (which finds hosts by SRV records), a
 *   [class@Gio.InetSocketAddress] or any other
 * @route: (transfer none) (nullable): the path to use, as for [ctor@Pipe.new]
 *
 * Creates a pipe that is not open yet, to a target that is not a text. Does no I/O.
 *
 * [method@Pipe.open_async] asks @connectable for its endpoints and takes those of the family of
 * @route; the first it names is what others have 250 ms from to be named, too, 64 at most. With
 * TLS, the certificate of the server has to be for @connectable. Proxies are not looked for.
 *
 * Returns: (transfer full): a new pipe
 *
 * Since: 0.1
 */
AionetPipe *
aionet_pipe_new_for_connectable (GSocketProtocol     protocol,
                                 GSocketConnectable *connectable,
                                 AionetRoute        *route)
{
  g_return_val_if_fail (protocol == G_SOCKET_PROTOCOL_TCP || protocol == G_SOCKET_PROTOCOL_UDP,
                        NULL);
  g_return_val_if_fail (G_IS_SOCKET_CONNECTABLE (connectable), NULL);
  g_return_val_if_fail (route == NULL || AIONET_IS_ROUTE (route), NULL);

  return g_object_new (AIONET_TYPE_PIPE, "protocol", protocol, "connectable", connectable, "route",
                       route, NULL);
}
