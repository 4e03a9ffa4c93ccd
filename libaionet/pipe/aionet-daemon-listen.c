/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#include "config.h"

#include "pipe/aionet-daemon-private.h"

#include "value/aionet-error.h"

static const GSocketFamily families[] = { G_SOCKET_FAMILY_IPV4, G_SOCKET_FAMILY_IPV6 };

typedef struct
{
  AionetDaemon      *daemon;
  AionetListenPlace *place;
  guint              n_done;
} Handout;

static AionetPipe *
hand_out (AionetWorker *worker, Handout *self)
{
  AionetListenPlace *place = self->place;
  AionetPipe        *listener =
      _aionet_worker_listen (worker, place->protocol, place->sockets->pdata[self->n_done++],
                             place->route, place->error == NULL ? &place->error : NULL);

  if (listener != NULL)
    _aionet_daemon_secure (self->daemon, listener);
  return listener;
}

static void
hand_out_to_thread (AionetWorker *worker, gpointer data)
{
  hand_out (worker, data);
}

/* Returns FALSE with the error of the place set, if any of its sockets was not taken. */
static gboolean
place_adopt (AionetListenPlace *self, AionetDaemon *daemon)
{
  AionetDaemonPrivate *priv = _aionet_daemon_get_private (daemon);
  Handout              handout = { .daemon = daemon, .place = self };

  if (priv->threads->len == 0)
    {
      g_set_object (&self->listener, hand_out (priv->worker, &handout));
      if (self->listener != NULL)
        g_list_store_append (priv->listeners, self->listener);
    }
  for (guint i = 0; i < priv->threads->len; i++)
    _aionet_worker_thread_call (priv->threads->pdata[i], hand_out_to_thread, &handout);
  if (priv->threads->len > 0)
    g_ptr_array_add (priv->routes, g_object_ref (self->route));
  return self->error == NULL;
}

static void
place_report (AionetListenPlace *self, AionetDaemon *daemon, guint16 port)
{
  g_autofree char *where = _aionet_listen_place_to_string (self, port);

  _aionet_daemon_fail (daemon, self->protocol, where, self->error);
}

/* Returns the number of places that listen now. */
static guint
adopt_places (AionetDaemon *self, GPtrArray *places, guint16 port)
{
  guint n = 0;

  for (guint i = 0; i < places->len; i++)
    {
      AionetListenPlace *place = places->pdata[i];

      if (place->sockets == NULL)
        continue;
      _aionet_listen_place_settle (place, port);
      if (place_adopt (place, self))
        n++;
    }
  return n;
}

guint16
_aionet_daemon_listen (AionetDaemon *self, GPtrArray *places, guint16 port, GError **error)
{
  AionetDaemonPrivate *priv = _aionet_daemon_get_private (self);
  g_autoptr (AionetDaemon) alive = g_object_ref (self);
  guint16 found;
  guint   n_listening;

  if (!_aionet_daemon_check_tls (self, places, error) ||
      !_aionet_daemon_start_threads (self, error))
    return 0;
  found = _aionet_listen_places_open (places, port, MAX (priv->threads->len, 1));
  /* The first may have had a port of its own. */
  found = port != 0 && found != 0 ? port : found;
  n_listening = adopt_places (self, places, found);
  if (n_listening == 0)
    {
      if (priv->routes->len == 0)
        _aionet_daemon_end_threads (self);
      g_propagate_error (error, g_error_copy (((AionetListenPlace *) places->pdata[0])->error));
      return 0;
    }
  for (guint i = 0; i < places->len; i++)
    if (((AionetListenPlace *) places->pdata[i])->error != NULL)
      place_report (places->pdata[i], self, found);
  return found;
}

/**
 * aionet_daemon_add_listener:
 * @self: a daemon
 * @protocol: %G_SOCKET_PROTOCOL_TCP or %G_SOCKET_PROTOCOL_UDP
 * @route: (transfer none): the path to listen on; one that is not bound is bound as
 *   [method@Route.bind] says, to a port that the system chooses
 * @error: return location for an error
 *
 * Listens on the local address of a route.
 *
 * That is, of a route that was bound by [method@Route.bind], the address of the interface for IPv4
 * and the external one for IPv6; with [method@Route.bind_to] any that is given, such as
 * `127.0.0.1`. The listener is tied to the interface of the route if that is not the one the
 * system would choose for replies.
 *
 * A daemon may have any number of listeners, but no two share an endpoint. An endpoint is free
 * again as soon as the daemon is closed.
 *
 * Errors: %G_IO_ERROR_ADDRESS_IN_USE and other `G_IO_ERROR` codes of the socket, with the address;
 * those of [method@Route.create_socket]; %G_IO_ERROR_INVALID_ARGUMENT if there are to be workers,
 * but there is no message function; %G_IO_ERROR_NOT_SUPPORTED for UDP with
 * [property@Daemon:tls-certificate].
 *
 * Returns: the port it listens on in host order, 0 with @error set
 *
 * Since: 0.1
 */
guint16
aionet_daemon_add_listener (AionetDaemon   *self,
                            GSocketProtocol protocol,
                            AionetRoute    *route,
                            GError        **error)
{
  g_autoptr (GPtrArray) places = _aionet_listen_places_new ();
  g_autoptr (AionetRoute) bound = NULL;

  g_return_val_if_fail (AIONET_IS_DAEMON (self), 0);
  g_return_val_if_fail (protocol == G_SOCKET_PROTOCOL_TCP || protocol == G_SOCKET_PROTOCOL_UDP, 0);
  g_return_val_if_fail (AIONET_IS_ROUTE (route), 0);

  bound = aionet_route_get_is_bound (route) ? g_object_ref (route)
                                            : aionet_route_bind (route, 0, error);
  if (bound == NULL)
    return 0;
  _aionet_listen_places_add (places, protocol, bound);
  return _aionet_daemon_listen (self, places, 0, error);
}

static gboolean
is_protocol (GSocketProtocol protocol)
{
  return protocol == G_SOCKET_PROTOCOL_TCP || protocol == G_SOCKET_PROTOCOL_UDP ||
         protocol == G_SOCKET_PROTOCOL_DEFAULT;
}

/* An interface that is not loaded yet does not know its families. */
static gboolean
has_family (AionetInterface *interface, GSocketFamily family)
{
  return interface == NULL || aionet_interface_supports (interface, family) ||
         !(aionet_interface_supports (interface, G_SOCKET_FAMILY_IPV4) ||
           aionet_interface_supports (interface, G_SOCKET_FAMILY_IPV6));
}

/**
 * aionet_daemon_listen_all:
 * @self: a daemon
 * @protocol: %G_SOCKET_PROTOCOL_TCP, %G_SOCKET_PROTOCOL_UDP, or %G_SOCKET_PROTOCOL_DEFAULT for
 *   both
 * @port: the port in host order; 0: one that is free on all of them, for each family and protocol
 * @interface: (transfer none) (nullable): whose address families to serve, or %NULL for IPv4 and
 *   IPv6
 * @error: return location for an error
 *
 * Listens on every address: the wildcard address of each family that the interface supports.
 *
 * So the daemon is reached by all addresses of the host: those of the routes of the interface,
 * whole blocks of them, and loopback; those that are added later, and those of other interfaces,
 * too. To serve certain routes only, and always to reply from the address a datagram was sent to,
 * call [method@Daemon.add_listener] for each.
 *
 * An address that fails is told by [signal@Daemon::listener-failed] and
 * [method@Daemon.get_failures], the others stay. It is an error if all fail.
 *
 * Errors: those of [method@Daemon.add_listener].
 *
 * Returns: the port it listens on in host order, 0 with @error set
 *
 * Since: 0.1
 */
guint16
aionet_daemon_listen_all (AionetDaemon    *self,
                          GSocketProtocol  protocol,
                          guint16          port,
                          AionetInterface *interface,
                          GError         **error)
{
  g_autoptr (GPtrArray) places = _aionet_listen_places_new ();

  g_return_val_if_fail (AIONET_IS_DAEMON (self), 0);
  g_return_val_if_fail (is_protocol (protocol), 0);
  g_return_val_if_fail (interface == NULL || AIONET_IS_INTERFACE (interface), 0);

  for (guint i = 0; i < G_N_ELEMENTS (families); i++)
    if (has_family (interface, families[i]))
      _aionet_listen_places_add_address (places, protocol, families[i], "*", FALSE, interface);
  return _aionet_daemon_listen (self, places, port, error);
}

/* A block of addresses counts by its first, as it does in routes. */
static void
add_range (GPtrArray       *places,
           GSocketProtocol  protocol,
           AionetIpRange   *range,
           AionetInterface *interface)
{
  g_autoptr (GInetAddress) address = aionet_ip_range_get_address_at (range, 0);
  g_autofree char *host = g_inet_address_to_string (address);
  const char      *scope = aionet_ip_range_get_scope_name (range);
  g_autofree char *text = NULL;
  gboolean         from_block = !aionet_ip_range_is_single (range);

  if (g_inet_address_get_family (address) == G_SOCKET_FAMILY_IPV6 &&
      g_inet_address_get_is_link_local (address))
    text = g_strdup_printf ("%s%%%s", host,
                            scope != NULL ? scope : aionet_interface_get_name (interface));
  else
    text = g_strdup (host);
  if (!_aionet_listen_places_have (places, text))
    _aionet_listen_places_add_address (places, protocol, aionet_ip_range_get_family (range), text,
                                       from_block, interface);
}

static void
add_private_ranges (GPtrArray       *places,
                    GSocketProtocol  protocol,
                    GListModel      *ranges,
                    AionetInterface *interface)
{
  for (guint i = 0; i < g_list_model_get_n_items (ranges); i++)
    {
      g_autoptr (AionetIpRange) range = g_list_model_get_item (ranges, i);

      if (!aionet_ip_range_is_public (range))
        add_range (places, protocol, range, interface);
    }
}

static void
add_loopback (GPtrArray *places, GSocketProtocol protocol, AionetInterface *interface)
{
  _aionet_listen_places_add_address (places, protocol, G_SOCKET_FAMILY_IPV4, "127.0.0.1", FALSE,
                                     interface);
  _aionet_listen_places_add_address (places, protocol, G_SOCKET_FAMILY_IPV6, "::1", FALSE,
                                     interface);
}

/**
 * aionet_daemon_listen_local:
 * @self: a daemon
 * @protocol: %G_SOCKET_PROTOCOL_TCP, %G_SOCKET_PROTOCOL_UDP, or %G_SOCKET_PROTOCOL_DEFAULT for
 *   both
 * @port: the port in host order; 0: one that is free on all of them, for each address and protocol
 * @interface: (transfer none): a loaded interface
 * @error: return location for an error
 *
 * Listens on what can be reached from the local network only: the addresses of the interface that
 * are not public, its link-local ones, and loopback.
 *
 * An address that fails is told by [signal@Daemon::listener-failed] and
 * [method@Daemon.get_failures], the others stay. It is an error if all fail.
 *
 * Errors: %AIONET_ERROR_NO_ROUTE if the interface has no such address, or is not loaded; those of
 * [method@Daemon.add_listener].
 *
 * Returns: the port it listens on in host order, 0 with @error set
 *
 * Since: 0.1
 */
guint16
aionet_daemon_listen_local (AionetDaemon    *self,
                            GSocketProtocol  protocol,
                            guint16          port,
                            AionetInterface *interface,
                            GError         **error)
{
  g_autoptr (GPtrArray) places = _aionet_listen_places_new ();

  g_return_val_if_fail (AIONET_IS_DAEMON (self), 0);
  g_return_val_if_fail (is_protocol (protocol), 0);
  g_return_val_if_fail (AIONET_IS_INTERFACE (interface), 0);

  add_private_ranges (places, protocol, aionet_interface_get_addresses (interface), interface);
  add_private_ranges (places, protocol, aionet_interface_get_link_locals (interface), interface);
  if (places->len == 0)
    {
      g_set_error (error, AIONET_ERROR, AIONET_ERROR_NO_ROUTE,
                   "Interface “%s” has no address of the local network, or is not loaded",
                   aionet_interface_get_name (interface));
      return 0;
    }
  if (!_aionet_listen_places_have (places, "127.0.0.1") &&
      !_aionet_listen_places_have (places, "::1"))
    add_loopback (places, protocol, interface);
  return _aionet_daemon_listen (self, places, port, error);
}

/**
 * aionet_daemon_listen_loopback:
 * @self: a daemon
 * @protocol: %G_SOCKET_PROTOCOL_TCP, %G_SOCKET_PROTOCOL_UDP, or %G_SOCKET_PROTOCOL_DEFAULT for
 *   both
 * @port: the port in host order; 0: one that is free on all of them, for each family and protocol
 * @interface: (transfer none) (nullable): the interface that routes of clients are to tell, or
 *   %NULL; it changes no address
 * @error: return location for an error
 *
 * Listens on 127.0.0.1 and ::1 only, for programs on this host.
 *
 * An address that fails is told by [signal@Daemon::listener-failed] and
 * [method@Daemon.get_failures], the other stays. It is an error if all fail.
 *
 * Errors: those of [method@Daemon.add_listener].
 *
 * Returns: the port it listens on in host order, 0 with @error set
 *
 * Since: 0.1
 */
guint16
aionet_daemon_listen_loopback (AionetDaemon    *self,
                               GSocketProtocol  protocol,
                               guint16          port,
                               AionetInterface *interface,
                               GError         **error)
{
  g_autoptr (GPtrArray) places = _aionet_listen_places_new ();

  g_return_val_if_fail (AIONET_IS_DAEMON (self), 0);
  g_return_val_if_fail (is_protocol (protocol), 0);
  g_return_val_if_fail (interface == NULL || AIONET_IS_INTERFACE (interface), 0);

  add_loopback (places, protocol, interface);
  return _aionet_daemon_listen (self, places, port, error);
}
