/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#include "config.h"

#include "topology/aionet-route.h"

#include "topology/aionet-interface.h"
#include "topology/aionet-route-local-private.h"
#include "topology/aionet-route-private.h"
#include "value/aionet-error.h"

/* The half of AionetRoute that turns a route into a local endpoint and a socket. */

static gboolean
is_any (AionetRoute *self)
{
  return g_list_model_get_n_items (self->data->ext_ranges) == 0;
}

static gboolean
is_out_of_block (AionetRoute *self)
{
  g_autoptr (AionetIpRange) first = NULL;

  if (self->item_range != NULL)
    return !aionet_ip_range_is_single (self->item_range);
  first = _aionet_route_data_get_range (self->data->ext_ranges, 0);
  return first != NULL && !aionet_ip_range_is_single (first);
}

/* Takes local. */
static AionetRoute *
route_new_bound (AionetRoute *self, AionetLocal *local)
{
  AionetRoute *bound = _aionet_route_dup_view (self);

  bound->local = local;
  bound->local_address = _aionet_local_to_socket_address (local);
  return bound;
}

static AionetLocal *
default_local (AionetRoute *self, guint16 port, GError **error)
{
  return _aionet_route_local_new (self->data, aionet_route_get_ext_address (self),
                                  is_out_of_block (self), port, error);
}

/**
 * aionet_route_bind:
 * @self: a route
 * @port: the local port in host order; 0: the system chooses one when a socket is made
 * @error: (out) (optional) (nullable) (transfer full): return location for a #GError
 *
 * Chooses the local address that leads to the external address of the route.
 *
 * For IPv4 that is the first address of the local side. For IPv6 it is the external address when
 * the host has it, else the first address of the local side that is not link-local. The host
 * route of an address out of a block of the interface itself is bound to just this address. The
 * wildcard route leaves the address to the system.
 *
 * Nothing is bound yet: no socket is made before [method@Route.create_socket]. A bound route can
 * be bound again; @self never changes.
 *
 * Errors: %AIONET_ERROR_NO_INTERFACE or %AIONET_ERROR_INVALID_ADDRESS when the local address is
 * link-local and its interface is not known.
 *
 * Returns: (transfer full): a new route that is bound, or %NULL with @error set
 *
 * Since: 0.1
 */
AionetRoute *
aionet_route_bind (AionetRoute *self, guint16 port, GError **error)
{
  AionetLocal *local;

  g_return_val_if_fail (AIONET_IS_ROUTE (self), NULL);

  local = default_local (self, port, error);
  return local != NULL ? route_new_bound (self, local) : NULL;
}

/**
 * aionet_route_bind_to:
 * @self: a route
 * @address: (transfer none): a local address as text
 * @port: the local port in host order; 0: the system chooses one when a socket is made
 * @error: (out) (optional) (nullable) (transfer full): return location for a #GError
 *
 * Binds to a local address of the caller's choice.
 *
 * The address is taken as it is: it needs not be one of the route. `*`, the empty text, `0.0.0.0`
 * and `::` stand for all addresses, `localhost` for the loopback one. A link-local IPv6 address
 * without a scope gets that of the route's interface; a scope that is given wins.
 *
 * Errors: %AIONET_ERROR_INVALID_ADDRESS when @address is no address, or link-local and without any
 * scope, %AIONET_ERROR_UNSUPPORTED_FAMILY when it is of another family, %AIONET_ERROR_NO_INTERFACE
 * when there is no interface of the name its scope gives.
 *
 * Returns: (transfer full): a new route that is bound, or %NULL with @error set
 *
 * Since: 0.1
 */
AionetRoute *
aionet_route_bind_to (AionetRoute *self, const char *address, guint16 port, GError **error)
{
  AionetLocal *local;

  g_return_val_if_fail (AIONET_IS_ROUTE (self), NULL);
  g_return_val_if_fail (address != NULL, NULL);

  local = _aionet_route_local_new_from_text (self->data, address, port, error);
  return local != NULL ? route_new_bound (self, local) : NULL;
}

/**
 * aionet_route_bind_towards:
 * @self: a route
 * @destination: (transfer none): the address of the peer
 * @port: the local port in host order; 0: the system chooses one when a socket is made
 * @error: (out) (optional) (nullable) (transfer full): return location for a #GError
 *
 * Chooses the local address to speak with a certain peer from.
 *
 * A peer with a link-local IPv6 address is reached from the link-local address of the interface
 * only, with its scope. For all others this is [method@Route.bind], but that a socket towards a
 * loopback address is not tied to the interface.
 *
 * Errors: %AIONET_ERROR_UNSUPPORTED_FAMILY when @destination is of another family than the route,
 * %AIONET_ERROR_NO_ROUTE when the interface has no link-local address, and those of
 * [method@Route.bind].
 *
 * Returns: (transfer full): a new route that is bound, or %NULL with @error set
 *
 * Since: 0.1
 */
AionetRoute *
aionet_route_bind_towards (AionetRoute  *self,
                           GInetAddress *destination,
                           guint16       port,
                           GError      **error)
{
  g_autoptr (AionetLocal) local = NULL;

  g_return_val_if_fail (AIONET_IS_ROUTE (self), NULL);
  g_return_val_if_fail (G_IS_INET_ADDRESS (destination), NULL);

  if (g_inet_address_get_family (destination) != self->data->family)
    {
      g_autofree char *text = g_inet_address_to_string (destination);

      g_set_error (error, AIONET_ERROR, AIONET_ERROR_UNSUPPORTED_FAMILY,
                   "“%s” is not of the route's address family", text);
      return NULL;
    }
  if (!is_any (self) && self->data->family == G_SOCKET_FAMILY_IPV6 &&
      (g_inet_address_get_is_link_local (destination) ||
       g_inet_address_get_is_mc_link_local (destination)))
    local = _aionet_route_local_new_link_local (self->data, port, error);
  else
    local = default_local (self, port, error);
  if (local == NULL)
    return NULL;
  if (g_inet_address_get_is_loopback (destination))
    local->pin = FALSE;
  return route_new_bound (self, g_steal_pointer (&local));
}

/**
 * aionet_route_get_is_bound:
 * @self: a route
 *
 * Gets whether a local address has been chosen.
 *
 * Returns: %TRUE for routes that [method@Route.bind] and its variants return
 *
 * Since: 0.1
 */
gboolean
aionet_route_get_is_bound (AionetRoute *self)
{
  g_return_val_if_fail (AIONET_IS_ROUTE (self), FALSE);

  return self->local != NULL;
}

/**
 * aionet_route_get_local_address:
 * @self: a route
 *
 * Gets the local address that was chosen, with port and, for link-local addresses, scope id.
 *
 * Fits [property@Gio.SocketClient:local-address].
 *
 * Returns: (transfer none) (nullable): the address, %NULL when the route is not bound
 *
 * Since: 0.1
 */
GSocketAddress *
aionet_route_get_local_address (AionetRoute *self)
{
  g_return_val_if_fail (AIONET_IS_ROUTE (self), NULL);

  return self->local_address;
}

/* The system may choose this interface for the address by itself; a plain socket then does, and
 * needs no permission to be pinned. An interface object that is gone cannot be asked. */
static gboolean
must_pin (AionetRoute *self, const AionetLocal *local)
{
  AionetInterface *interface = aionet_route_get_interface (self);

  return local->pin &&
         (interface == NULL || !aionet_interface_is_default (interface, self->data->family));
}

AionetLocal *
_aionet_route_dup_local (AionetRoute *self, GError **error)
{
  AionetLocal *local =
      self->local != NULL ? _aionet_local_copy (self->local) : default_local (self, 0, error);

  if (local != NULL)
    local->pin = must_pin (self, local);
  return local;
}

/**
 * aionet_route_create_socket:
 * @self: a route
 * @protocol: TCP or UDP
 * @error: (out) (optional) (nullable) (transfer full): return location for a #GError
 *
 * Makes a socket that uses exactly this path.
 *
 * The socket is not blocking, bound to the local address of the route (of a route that is not
 * bound, the one [method@Route.bind] gives, with port 0), and tied to the interface whenever that
 * is not the one the system would choose.
 *
 * Errors: those of [method@Route.bind]; `G_IO_ERROR` codes of the socket, such as
 * %G_IO_ERROR_ADDRESS_IN_USE, or %G_IO_ERROR_PERMISSION_DENIED when the system refuses to tie it
 * to the interface.
 *
 * Returns: (transfer full): a new socket, or %NULL with @error set
 *
 * Since: 0.1
 */
GSocket *
aionet_route_create_socket (AionetRoute *self, GSocketProtocol protocol, GError **error)
{
  g_autoptr (AionetLocal) local = NULL;

  g_return_val_if_fail (AIONET_IS_ROUTE (self), NULL);
  g_return_val_if_fail (protocol == G_SOCKET_PROTOCOL_TCP || protocol == G_SOCKET_PROTOCOL_UDP,
                        NULL);

  local = _aionet_route_dup_local (self, error);
  return local != NULL ? _aionet_local_create_socket (local, protocol, error) : NULL;
}
