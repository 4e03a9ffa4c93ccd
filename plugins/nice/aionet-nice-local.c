/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#include "config.h"
#include "aionet-nice-local.h"

#include <string.h>
#include <sys/socket.h>

/* Connecting a datagram socket chooses the source address and sends nothing. */
static GSocketAddress *
ask_system (GSocketAddress *server, const char *interface_name)
{
  g_autoptr (GSocket) socket = g_socket_new (g_socket_address_get_family (server),
                                             G_SOCKET_TYPE_DATAGRAM, G_SOCKET_PROTOCOL_UDP, NULL);

  if (socket == NULL)
    return NULL;
#ifdef SO_BINDTODEVICE
  if (interface_name != NULL &&
      setsockopt (g_socket_get_fd (socket), SOL_SOCKET, SO_BINDTODEVICE, interface_name,
                  (socklen_t) strlen (interface_name)) != 0)
    return NULL;
#endif
  if (!g_socket_connect (socket, server, NULL, NULL))
    return NULL;
  return g_socket_get_local_address (socket, NULL);
}

static GInetSocketAddress *
with_port (GInetSocketAddress *endpoint, guint16 port)
{
  gboolean v6 = g_socket_address_get_family (G_SOCKET_ADDRESS (endpoint)) == G_SOCKET_FAMILY_IPV6;

  return g_object_new (G_TYPE_INET_SOCKET_ADDRESS, "address",
                       g_inet_socket_address_get_address (endpoint), "port", (guint) port,
                       "scope-id", v6 ? g_inet_socket_address_get_scope_id (endpoint) : 0, NULL);
}

GInetSocketAddress *
aionet_nice_local_new (AionetStunRequest *request, GSocketAddress *bound)
{
  GInetSocketAddress *endpoint = G_INET_SOCKET_ADDRESS (bound);
  g_autoptr (GSocketAddress) chosen = NULL;

  if (!g_inet_address_get_is_any (g_inet_socket_address_get_address (endpoint)))
    return g_object_ref (endpoint);
  chosen = ask_system (G_SOCKET_ADDRESS (aionet_stun_request_get_server (request)),
                       aionet_stun_request_get_interface_name (request));
  if (!G_IS_INET_SOCKET_ADDRESS (chosen))
    return g_object_ref (endpoint);
  return with_port (G_INET_SOCKET_ADDRESS (chosen), g_inet_socket_address_get_port (endpoint));
}
