/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#include "config.h"

#include "pipe/aionet-daemon-private.h"
#include "pipe/aionet-listen-place-private.h"
#include "server/aionet-stun-server-private.h"
#include "value/aionet-error.h"

static const GSocketProtocol protocols[] = { G_SOCKET_PROTOCOL_UDP, G_SOCKET_PROTOCOL_TCP };

/* The port of a route that was bound to one is its primary port. */
static guint16
get_own_port (AionetRoute *route)
{
  GSocketAddress *local = aionet_route_get_local_address (route);

  return local != NULL ? g_inet_socket_address_get_port (G_INET_SOCKET_ADDRESS (local)) : 0;
}

static char *
dup_bound_text (AionetRoute *route)
{
  GInetSocketAddress *local = G_INET_SOCKET_ADDRESS (aionet_route_get_local_address (route));
  g_autofree char    *text = NULL;
  guint32             scope_id = 0;

  if (local == NULL)
    return NULL;
  text = g_inet_address_to_string (g_inet_socket_address_get_address (local));
  if (g_socket_address_get_family (G_SOCKET_ADDRESS (local)) == G_SOCKET_FAMILY_IPV6)
    scope_id = g_inet_socket_address_get_scope_id (local);
  return scope_id != 0 ? g_strdup_printf ("%s%%%u", text, scope_id) : g_steal_pointer (&text);
}

static void
add_places (GPtrArray *places, AionetRoute *route, gboolean keeps_port)
{
  g_autofree char *text = keeps_port && get_own_port (route) != 0 ? NULL : dup_bound_text (route);

  for (guint i = 0; i < G_N_ELEMENTS (protocols); i++)
    {
      AionetListenPlace *place;

      _aionet_listen_places_add (places, protocols[i], route);
      place = places->pdata[places->len - 1];
      place->text = g_strdup (text);
    }
}

/* Gives the sites the listeners of one of their ports: as many places a site as protocols. */
static void
take_listeners (GPtrArray *sites, GPtrArray *routes, GPtrArray *places, guint position)
{
  for (guint i = 0; i < places->len; i++)
    {
      guint              k = i / G_N_ELEMENTS (protocols);
      AionetListenPlace *place = places->pdata[i];

      if (place->listener != NULL)
        _aionet_stun_site_add (sites->pdata[k], place->listener, routes->pdata[k], position);
    }
}

static void
report (AionetStunServer *self, GPtrArray *places, guint16 port)
{
  for (guint i = 0; i < places->len; i++)
    {
      AionetListenPlace *place = places->pdata[i];
      g_autofree char   *where = _aionet_listen_place_to_string (place, port);

      if (place->error != NULL)
        _aionet_daemon_fail (AIONET_DAEMON (self), place->protocol, where, place->error);
    }
}

static gboolean
open_port (
    AionetStunServer *self, GPtrArray *sites, GPtrArray *routes, guint position, GError **error)
{
  AionetStunServerPrivate *priv = _aionet_stun_server_get_private (self);
  guint16                  port = (guint16) (position == 0 ? priv->port : priv->alternate_port);
  g_autoptr (GPtrArray) places = _aionet_listen_places_new ();
  g_autoptr (GError) fault = NULL;

  for (guint i = 0; i < routes->len; i++)
    add_places (places, routes->pdata[i], position == 0);
  if (_aionet_daemon_listen (AIONET_DAEMON (self), places, port, &fault) == 0)
    {
      if (position != 0)
        report (self, places, port);
      else
        g_propagate_error (error, g_steal_pointer (&fault));
      return FALSE;
    }
  take_listeners (sites, routes, places, position);
  return TRUE;
}

static gboolean
listen_on (AionetStunServer *self, GPtrArray *routes, GError **error)
{
  AionetStunServerPrivate *priv = _aionet_stun_server_get_private (self);
  g_autoptr (AionetStunServer) alive = g_object_ref (self);
  g_autoptr (GPtrArray) sites = g_ptr_array_new_with_free_func (_aionet_stun_site_free);

  if (aionet_daemon_get_n_workers (AIONET_DAEMON (self)) > 0)
    {
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED,
                           "A STUN server has no workers");
      return FALSE;
    }
  for (guint i = 0; i < routes->len; i++)
    g_ptr_array_add (sites, _aionet_stun_site_new (self));
  if (!open_port (self, sites, routes, 0, error))
    return FALSE;
  if (priv->behavior_discovery)
    open_port (self, sites, routes, 1, NULL);
  _aionet_stun_sites_join (sites);
  g_ptr_array_extend_and_steal (priv->sites, g_steal_pointer (&sites));
  _aionet_stun_sites_update (priv->sites, priv->behavior_discovery);
  return TRUE;
}

/**
 * aionet_stun_server_listen:
 * @self: a server
 * @route: (transfer none): the address to serve
 * @alternate: (transfer none) (nullable): another address of the same family, or %NULL for none
 * @error: return location for an error
 *
 * Listens on the address of a route, and on an alternate one, as
 * [method@StunServer.listen_routes] does.
 *
 * Errors: those of [method@StunServer.listen_routes].
 *
 * Returns: %TRUE if it listens on any of the endpoints, %FALSE with @error set
 *
 * Since: 0.1
 */
gboolean
aionet_stun_server_listen (AionetStunServer *self,
                           AionetRoute      *route,
                           AionetRoute      *alternate,
                           GError          **error)
{
  g_autoptr (GPtrArray) routes = g_ptr_array_new ();

  g_return_val_if_fail (AIONET_IS_STUN_SERVER (self), FALSE);
  g_return_val_if_fail (AIONET_IS_ROUTE (route), FALSE);
  g_return_val_if_fail (alternate == NULL || AIONET_IS_ROUTE (alternate), FALSE);

  g_ptr_array_add (routes, route);
  if (alternate != NULL)
    g_ptr_array_add (routes, alternate);
  return listen_on (self, routes, error);
}

/* (transfer full) */
static char *
name_place (AionetRoute *route)
{
  GSocketAddress *local = aionet_route_get_local_address (route);
  GInetAddress   *address = aionet_route_get_ext_address (route);

  if (local != NULL)
    return g_socket_connectable_to_string (G_SOCKET_CONNECTABLE (local));
  return address != NULL ? g_inet_address_to_string (address) : g_strdup ("*");
}

/* Every place of a family once, and no more of them than wanted. */
static gboolean
is_wanted (AionetRoute *route, GHashTable *seen, guint max_addresses, guint *n_of_family)
{
  gboolean is_v6 = aionet_route_get_family (route) == G_SOCKET_FAMILY_IPV6;

  if (n_of_family[is_v6] >= max_addresses || !g_hash_table_add (seen, name_place (route)))
    return FALSE;
  n_of_family[is_v6]++;
  return TRUE;
}

/**
 * aionet_stun_server_listen_routes:
 * @self: a server
 * @routes: (transfer none): a list of [class@Route], such as a [class@RoutePool]
 * @error: return location for an error
 *
 * Listens on the addresses of routes, by UDP and TCP.
 *
 * A route that is not bound is bound as [method@Route.bind] does, to [property@StunServer:port];
 * one that is keeps its address, and its port if it has one. Every address is also served on
 * [property@StunServer:alternate-port]. To clients it is the external address of its route, if the
 * socket is bound to a local address of that.
 *
 * The addresses of one family are alternates of each other, each of the one before it in the list.
 * Of each external address the first route counts, and of each family the first
 * [property@StunServer:max-addresses]. Addresses of different calls are no alternates of each
 * other.
 *
 * An endpoint that fails is told by [signal@Daemon::listener-failed] and
 * [method@Daemon.get_failures], and not announced; the others stay. It is an error if all primary
 * ones fail.
 *
 * Errors: those of [method@Daemon.add_listener]; %AIONET_ERROR_NO_ROUTE if the list is empty;
 * %G_IO_ERROR_NOT_SUPPORTED if the daemon is to have workers.
 *
 * Returns: %TRUE if it listens on any of the endpoints, %FALSE with @error set
 *
 * Since: 0.1
 */
gboolean
aionet_stun_server_listen_routes (AionetStunServer *self, GListModel *routes, GError **error)
{
  g_autoptr (GPtrArray) chosen = g_ptr_array_new_with_free_func (g_object_unref);
  g_autoptr (GHashTable) seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  guint n_of_family[2] = { 0, 0 };
  guint n_routes, max_addresses;

  g_return_val_if_fail (AIONET_IS_STUN_SERVER (self), FALSE);
  g_return_val_if_fail (G_IS_LIST_MODEL (routes), FALSE);
  g_return_val_if_fail (g_type_is_a (g_list_model_get_item_type (routes), AIONET_TYPE_ROUTE),
                        FALSE);

  n_routes = g_list_model_get_n_items (routes);
  max_addresses = _aionet_stun_server_get_private (self)->max_addresses;
  /* A pool may be of millions, all of one family. */
  for (guint i = 0; i < n_routes && chosen->len < 2 * max_addresses; i++)
    {
      g_autoptr (AionetRoute) route = g_list_model_get_item (routes, i);

      if (is_wanted (route, seen, max_addresses, n_of_family))
        g_ptr_array_add (chosen, g_steal_pointer (&route));
      else if (AIONET_IS_ROUTE_POOL (routes) && chosen->len == max_addresses)
        break;
    }
  if (chosen->len > 0)
    return listen_on (self, chosen, error);
  g_set_error_literal (error, AIONET_ERROR, AIONET_ERROR_NO_ROUTE,
                       "There is no route to listen on");
  return FALSE;
}

/**
 * aionet_stun_server_get_endpoint:
 * @self: a server
 * @listener: (transfer none): one of its listeners
 * @change: what a client asks for
 *
 * Gets where answers come from, as the outside sees it, when a client asks @listener with such a
 * `CHANGE-REQUEST`.
 *
 * So %AIONET_STUN_CHANGE_NONE gives the endpoint that clients reach @listener by, and both flags
 * together the one that is announced as the other one, if any is.
 *
 * Returns: (transfer full) (nullable): the endpoint, or %NULL if such requests are refused
 *
 * Since: 0.1
 */
GSocketAddress *
aionet_stun_server_get_endpoint (AionetStunServer *self,
                                 AionetPipe       *listener,
                                 AionetStunChange  change)
{
  AionetStunServerPrivate *priv;
  AionetStunEndpoint      *endpoint = NULL;
  AionetSockaddr           local;

  g_return_val_if_fail (AIONET_IS_STUN_SERVER (self), NULL);
  g_return_val_if_fail (AIONET_IS_PIPE (listener), NULL);
  priv = _aionet_stun_server_get_private (self);

  if (aionet_pipe_get_local_address (listener) != NULL &&
      _aionet_sockaddr_set (&local, aionet_pipe_get_local_address (listener), NULL))
    endpoint = _aionet_stun_sites_find (priv->sites, &local);
  if (endpoint == NULL)
    return NULL;
  return _aionet_sockaddr_to_gio (&endpoint->origins[(guint) change / 2 % AIONET_STUN_N_ORIGINS]);
}
