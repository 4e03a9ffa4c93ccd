/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#include "config.h"

#include "topology/aionet-route.h"

#include "topology/aionet-interface.h"
#include "topology/aionet-route-data-private.h"
#include "topology/aionet-route-private.h"
#include "value/aionet-error.h"
#include "value/aionet-frozen-list-private.h"

/**
 * AionetRoute:
 *
 * The pairing of local addresses with the external addresses they are seen as.
 *
 * A route belongs to one interface and one address family. Its *NIC side* lists ranges that are
 * assigned to the interface, its *external side* the ranges the rest of the world sees. Routes are
 * found by [method@Interface.load_async] and kept in a [class@RoutePool].
 *
 * To use a route, bind it: [method@Route.bind] picks the local address that leads to the external
 * one, and returns a new, bound route. Its [method@Route.get_local_address] fits
 * [property@Gio.SocketClient:local-address], its [method@Route.create_socket] gives a socket.
 *
 * Routes are immutable and may be shared between threads. A copy, such as one returned by
 * [method@Route.bind], holds a reference on its interface; the groups inside of a pool do not, as
 * the interface owns the pool.
 *
 * ```c
 * g_autoptr (AionetRoute) bound = aionet_route_bind (route, 0, error);
 * g_autoptr (GSocketClient) client = g_socket_client_new ();
 *
 * if (bound != NULL)
 *   g_socket_client_set_local_address (client, aionet_route_get_local_address (bound));
 * ```
 *
 * Since: 0.1
 */
typedef enum
{
  PROP_FAMILY = 1,
  PROP_NIC_RANGES,
  PROP_EXT_RANGES,
  PROP_LINK_LOCALS,
  PROP_INTERFACE,
  PROP_CONFIRMED,
  PROP_IS_BOUND,
  PROP_LOCAL_ADDRESS,
  N_PROPS
} AionetRouteProperty;

static GParamSpec *props[N_PROPS];

G_DEFINE_FINAL_TYPE (AionetRoute, aionet_route, G_TYPE_OBJECT)

/* Takes object. */
static gpointer
set_once (gpointer place, gpointer object)
{
  gpointer *pointer = place;

  if (object != NULL && !g_atomic_pointer_compare_and_exchange (pointer, NULL, object))
    g_object_unref (object);
  return g_atomic_pointer_get (pointer);
}

AionetRoute *
_aionet_route_new_view (AionetRouteData *data, AionetInterface *interface)
{
  AionetRoute *self = g_object_new (AIONET_TYPE_ROUTE, NULL);

  self->data = _aionet_route_data_ref (data);
  if (interface != NULL)
    self->interface = (AionetInterface *) g_object_ref ((GObject *) interface);
  return self;
}

static GListModel *
list_of (AionetIpRange *range)
{
  GPtrArray *items = g_ptr_array_new_with_free_func (g_object_unref);

  g_ptr_array_add (items, range);
  return _aionet_frozen_list_new_take (AIONET_TYPE_IP_RANGE, items);
}

static AionetIpRange *
new_single (GInetAddress *address)
{
  return aionet_ip_range_new (address, g_inet_address_get_native_size (address) * 8);
}

/* A host route out of an own block has that address on the NIC side, all others what the group
 * has: behind a NAT any of the NIC addresses is seen as the external one. */
static GListModel *
make_nic_ranges (AionetRoute *self)
{
  GInetAddress *external = aionet_route_get_ext_address (self);
  GPtrArray    *items;

  if (self->item_range == NULL || aionet_ip_range_is_single (self->item_range) ||
      !_aionet_route_data_has_address (self->data->nic_ranges, external))
    return g_object_ref (self->data->nic_ranges);

  items = g_ptr_array_new_with_free_func (g_object_unref);
  g_ptr_array_add (items, new_single (external));
  for (guint i = 0; i < g_list_model_get_n_items (self->data->nic_ranges); i++)
    {
      g_autoptr (AionetIpRange) range = _aionet_route_data_get_range (self->data->nic_ranges, i);

      if (self->data->family == G_SOCKET_FAMILY_IPV6 && aionet_ip_range_is_link_local (range))
        g_ptr_array_add (items, g_steal_pointer (&range));
    }
  return _aionet_frozen_list_new_take (AIONET_TYPE_IP_RANGE, items);
}

static GInetAddress *
make_first_address (GListModel *ranges)
{
  g_autoptr (AionetIpRange) range = _aionet_route_data_get_range (ranges, 0);

  return range != NULL ? aionet_ip_range_get_address_at (range, 0) : NULL;
}

static void
aionet_route_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  AionetRoute *self = AIONET_ROUTE (object);

  switch ((AionetRouteProperty) prop_id)
    {
    case PROP_FAMILY:
      g_value_set_enum (value, aionet_route_get_family (self));
      break;
    case PROP_NIC_RANGES:
      g_value_set_object (value, aionet_route_get_nic_ranges (self));
      break;
    case PROP_EXT_RANGES:
      g_value_set_object (value, aionet_route_get_ext_ranges (self));
      break;
    case PROP_LINK_LOCALS:
      g_value_set_object (value, aionet_route_get_link_locals (self));
      break;
    case PROP_INTERFACE:
      g_value_set_object (value, aionet_route_get_interface (self));
      break;
    case PROP_CONFIRMED:
      g_value_set_boolean (value, aionet_route_get_confirmed (self));
      break;
    case PROP_IS_BOUND:
      g_value_set_boolean (value, aionet_route_get_is_bound (self));
      break;
    case PROP_LOCAL_ADDRESS:
      g_value_set_object (value, aionet_route_get_local_address (self));
      break;
    case N_PROPS:
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
aionet_route_finalize (GObject *object)
{
  AionetRoute *self = AIONET_ROUTE (object);

  g_clear_pointer (&self->data, _aionet_route_data_unref);
  g_clear_pointer (&self->local, _aionet_local_free);
  g_clear_object (&self->local_address);
  g_clear_object (&self->nic_ranges);
  g_clear_object (&self->ext_ranges);
  g_clear_object (&self->nic_address);
  g_clear_object (&self->ext_address);
  if (self->interface != NULL)
    g_object_unref ((GObject *) self->interface);

  G_OBJECT_CLASS (aionet_route_parent_class)->finalize (object);
}

static void
aionet_route_class_init (AionetRouteClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GParamFlags   flags = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY;

  object_class->get_property = aionet_route_get_property;
  object_class->finalize = aionet_route_finalize;

  /**
   * AionetRoute:family: (getter get_family)
   *
   * The address family: IPv4 or IPv6.
   *
   * Since: 0.1
   */
  props[PROP_FAMILY] =
      g_param_spec_enum ("family", NULL, NULL, G_TYPE_SOCKET_FAMILY, G_SOCKET_FAMILY_IPV4, flags);
  /**
   * AionetRoute:nic-ranges: (getter get_nic_ranges)
   *
   * The local side: ranges that are assigned to the interface.
   *
   * Since: 0.1
   */
  props[PROP_NIC_RANGES] = g_param_spec_object ("nic-ranges", NULL, NULL, G_TYPE_LIST_MODEL, flags);
  /**
   * AionetRoute:ext-ranges: (getter get_ext_ranges)
   *
   * The external side: ranges that the rest of the world sees.
   *
   * Since: 0.1
   */
  props[PROP_EXT_RANGES] = g_param_spec_object ("ext-ranges", NULL, NULL, G_TYPE_LIST_MODEL, flags);
  /**
   * AionetRoute:link-locals: (getter get_link_locals)
   *
   * The link-local addresses of the interface; empty for IPv4.
   *
   * Since: 0.1
   */
  props[PROP_LINK_LOCALS] =
      g_param_spec_object ("link-locals", NULL, NULL, G_TYPE_LIST_MODEL, flags);
  /**
   * AionetRoute:interface: (getter get_interface) (type Aionet.Interface)
   *
   * The interface the route belongs to.
   *
   * Since: 0.1
   */
  props[PROP_INTERFACE] = g_param_spec_object ("interface", NULL, NULL, G_TYPE_OBJECT, flags);
  /**
   * AionetRoute:confirmed: (getter get_confirmed)
   *
   * Whether enough independent STUN servers agreed on the external side.
   *
   * Since: 0.1
   */
  props[PROP_CONFIRMED] = g_param_spec_boolean ("confirmed", NULL, NULL, FALSE, flags);
  /**
   * AionetRoute:is-bound: (getter get_is_bound)
   *
   * Whether a local address has been chosen.
   *
   * Since: 0.1
   */
  props[PROP_IS_BOUND] = g_param_spec_boolean ("is-bound", NULL, NULL, FALSE, flags);
  /**
   * AionetRoute:local-address: (getter get_local_address)
   *
   * The local address that was chosen.
   *
   * Since: 0.1
   */
  props[PROP_LOCAL_ADDRESS] =
      g_param_spec_object ("local-address", NULL, NULL, G_TYPE_SOCKET_ADDRESS, flags);

  g_object_class_install_properties (object_class, N_PROPS, props);
}

static void
aionet_route_init (AionetRoute *self)
{
}

/**
 * aionet_route_new:
 * @family: IPv4 or IPv6
 * @nic_ranges: (transfer none): the local side, a list of [class@IpRange], not empty
 * @ext_ranges: (transfer none): the external side, a list of [class@IpRange], not empty
 * @interface: (transfer none) (nullable): the interface the ranges of @nic_ranges are on, or %NULL
 *   when the system is to choose
 * @error: (out) (optional) (nullable) (transfer full): return location for a #GError
 *
 * Makes a route out of addresses that are known in other ways than by asking STUN servers.
 *
 * The lists are copied. The route is not confirmed, and holds a reference on @interface.
 *
 * Errors: %AIONET_ERROR_UNSUPPORTED_FAMILY when @family is neither IPv4 nor IPv6,
 * %AIONET_ERROR_INVALID_ROUTE when a list is empty, or holds something that is no range, of
 * another family, or that no host can have, such as `0.0.0.0` or a multicast address.
 *
 * Returns: (transfer full): a new route, or %NULL with @error set
 *
 * Since: 0.1
 */
AionetRoute *
aionet_route_new (GSocketFamily    family,
                  GListModel      *nic_ranges,
                  GListModel      *ext_ranges,
                  AionetInterface *interface,
                  GError         **error)
{
  g_autoptr (AionetRouteData) data = NULL;

  g_return_val_if_fail (G_IS_LIST_MODEL (nic_ranges), NULL);
  g_return_val_if_fail (G_IS_LIST_MODEL (ext_ranges), NULL);
  g_return_val_if_fail (interface == NULL || G_IS_OBJECT (interface), NULL);

  if (!_aionet_route_data_check (family, nic_ranges, ext_ranges, error))
    return NULL;
  data = _aionet_route_data_new (family, nic_ranges, ext_ranges, NULL, FALSE, interface);
  return _aionet_route_new_view (data, interface);
}

/**
 * aionet_route_get_family:
 * @self: a route
 *
 * Gets the address family.
 *
 * Returns: IPv4 or IPv6
 *
 * Since: 0.1
 */
GSocketFamily
aionet_route_get_family (AionetRoute *self)
{
  g_return_val_if_fail (AIONET_IS_ROUTE (self), G_SOCKET_FAMILY_INVALID);

  return self->data->family;
}

/**
 * aionet_route_get_nic_ranges:
 * @self: a route
 *
 * Gets the local side: the ranges of the interface that are seen as the external ones.
 *
 * For IPv6 the link-local addresses are among them, after all others. The host route of an
 * address out of a block of the interface itself has this address alone (and, for IPv6, the
 * link-local ones). The wildcard route has none.
 *
 * Returns: (transfer none): a list of [class@IpRange] that never changes
 *
 * Since: 0.1
 */
GListModel *
aionet_route_get_nic_ranges (AionetRoute *self)
{
  g_return_val_if_fail (AIONET_IS_ROUTE (self), NULL);

  if (self->item_range == NULL)
    return self->data->nic_ranges;
  if (g_atomic_pointer_get (&self->nic_ranges) == NULL)
    set_once (&self->nic_ranges, make_nic_ranges (self));
  return self->nic_ranges;
}

/**
 * aionet_route_get_ext_ranges:
 * @self: a route
 *
 * Gets the external side: the ranges that the rest of the world sees.
 *
 * A host route of a pool has exactly one address here. The wildcard route has none.
 *
 * Returns: (transfer none): a list of [class@IpRange] that never changes
 *
 * Since: 0.1
 */
GListModel *
aionet_route_get_ext_ranges (AionetRoute *self)
{
  g_return_val_if_fail (AIONET_IS_ROUTE (self), NULL);

  if (self->item_range == NULL)
    return self->data->ext_ranges;
  if (g_atomic_pointer_get (&self->ext_ranges) == NULL)
    set_once (&self->ext_ranges, list_of (new_single (aionet_route_get_ext_address (self))));
  return self->ext_ranges;
}

/**
 * aionet_route_get_link_locals:
 * @self: a route
 *
 * Gets the link-local addresses of the interface, to speak with link-local peers.
 *
 * Returns: (transfer none): a list of [class@IpRange] that never changes, empty for IPv4
 *
 * Since: 0.1
 */
GListModel *
aionet_route_get_link_locals (AionetRoute *self)
{
  g_return_val_if_fail (AIONET_IS_ROUTE (self), NULL);

  return self->data->link_locals;
}

/**
 * aionet_route_get_interface:
 * @self: a route
 *
 * Gets the interface the route belongs to.
 *
 * Returns: (transfer none) (nullable): the interface; %NULL when the route was made without one, or
 *   when @self is a group of a pool and the interface is gone
 *
 * Since: 0.1
 */
AionetInterface *
aionet_route_get_interface (AionetRoute *self)
{
  g_autoptr (AionetInterface) interface = NULL;

  g_return_val_if_fail (AIONET_IS_ROUTE (self), NULL);

  if (self->interface != NULL)
    return self->interface;
  interface = _aionet_route_data_dup_interface (self->data);
  return interface;
}

/**
 * aionet_route_get_confirmed:
 * @self: a route
 *
 * Gets whether enough STUN servers on distinct networks agreed on the external side.
 *
 * Returns: %FALSE when fewer servers were asked than have to agree, or when the route was not
 *   found by asking servers
 *
 * Since: 0.1
 */
gboolean
aionet_route_get_confirmed (AionetRoute *self)
{
  g_return_val_if_fail (AIONET_IS_ROUTE (self), FALSE);

  return self->data->confirmed;
}

/**
 * aionet_route_get_nic_address:
 * @self: a route
 *
 * Gets the first usable address of the local side.
 *
 * Returns: (transfer none) (nullable): the address, %NULL for the wildcard route
 *
 * Since: 0.1
 */
GInetAddress *
aionet_route_get_nic_address (AionetRoute *self)
{
  g_return_val_if_fail (AIONET_IS_ROUTE (self), NULL);

  if (g_atomic_pointer_get (&self->nic_address) == NULL)
    set_once (&self->nic_address, make_first_address (aionet_route_get_nic_ranges (self)));
  return self->nic_address;
}

/**
 * aionet_route_get_ext_address:
 * @self: a route
 *
 * Gets the first usable address of the external side.
 *
 * Returns: (transfer none) (nullable): the address, %NULL for the wildcard route
 *
 * Since: 0.1
 */
GInetAddress *
aionet_route_get_ext_address (AionetRoute *self)
{
  g_return_val_if_fail (AIONET_IS_ROUTE (self), NULL);

  if (g_atomic_pointer_get (&self->ext_address) == NULL)
    set_once (&self->ext_address,
              self->item_range != NULL
                  ? aionet_ip_range_get_address_at (self->item_range, self->item_index)
                  : make_first_address (self->data->ext_ranges));
  return self->ext_address;
}

/**
 * aionet_route_get_n_addresses:
 * @self: a route
 *
 * Counts the usable addresses of the external side.
 *
 * Returns: the number of addresses, %G_MAXUINT64 when there are as many or more
 *
 * Since: 0.1
 */
guint64
aionet_route_get_n_addresses (AionetRoute *self)
{
  guint64 n_addresses = 0;

  g_return_val_if_fail (AIONET_IS_ROUTE (self), 0);

  if (self->item_range != NULL)
    return 1;
  for (guint i = 0; i < g_list_model_get_n_items (self->data->ext_ranges); i++)
    {
      g_autoptr (AionetIpRange) range = _aionet_route_data_get_range (self->data->ext_ranges, i);
      guint64 more = aionet_ip_range_get_n_addresses (range);

      n_addresses = more > G_MAXUINT64 - n_addresses ? G_MAXUINT64 : n_addresses + more;
    }
  return n_addresses;
}
