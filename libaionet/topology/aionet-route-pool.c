/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#include "config.h"

#include "topology/aionet-route-pool.h"

#include "topology/aionet-route-grouping-private.h"
#include "topology/aionet-route-index-private.h"
#include "topology/aionet-route-private.h"
#include "topology/aionet-route-slice-private.h"
#include "value/aionet-error.h"
#include "value/aionet-frozen-list-private.h"

/**
 * AionetRoutePool:
 *
 * All routes of one address family of an interface, address by address.
 *
 * A pool is a [iface@Gio.ListModel] of [class@Route] with one item for each single external
 * address: item *i* is a host route to the *i*-th usable external address over all groups. So a
 * program can count external addresses, go through them and pick one. Host routes are made when
 * they are asked for; a pool needs memory for its groups only, however large their blocks are.
 *
 * [method@RoutePool.get_groups] gives the routes as they were found, each with all its ranges.
 * Routes that share an external address are one group, which keeps the local ranges of all.
 *
 * A list model counts up to %G_MAXUINT items. [method@RoutePool.get_n_addresses] and
 * [method@RoutePool.get_route_at] count further.
 *
 * Pools are immutable and may be shared between threads.
 *
 * ```c
 * // A pipe that leaves by the last external address, wherever that is among the blocks.
 * guint64 n = aionet_route_pool_get_n_addresses (pool);
 * g_autoptr (AionetRoute) last = n > 0 ? aionet_route_pool_get_route_at (pool, n - 1) : NULL;
 * g_autoptr (AionetPipe) leaving = aionet_pipe_new (G_SOCKET_PROTOCOL_TCP, "example.org:80", last);
 * ```
 *
 * Since: 0.1
 */
struct _AionetRoutePool
{
  GObject           parent_instance;

  GSocketFamily     family;
  GPtrArray        *routes; /* (owned) (element-type AionetRoute) the groups */
  GListModel       *groups; /* (owned) the same as a list */
  AionetRouteIndex *index;  /* (owned) */
};

typedef enum
{
  PROP_FAMILY = 1,
  PROP_GROUPS,
  PROP_N_ADDRESSES,
  N_PROPS
} AionetRoutePoolProperty;

static GParamSpec *props[N_PROPS];

static void        aionet_route_pool_list_model_init (GListModelInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (AionetRoutePool,
                               aionet_route_pool,
                               G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (G_TYPE_LIST_MODEL,
                                                      aionet_route_pool_list_model_init))

static GType
aionet_route_pool_get_item_type (GListModel *model)
{
  return AIONET_TYPE_ROUTE;
}

static guint
aionet_route_pool_get_n_items (GListModel *model)
{
  return (guint) MIN (aionet_route_pool_get_n_addresses (AIONET_ROUTE_POOL (model)), G_MAXUINT);
}

static gpointer
aionet_route_pool_get_item (GListModel *model, guint position)
{
  return aionet_route_pool_get_route_at (AIONET_ROUTE_POOL (model), position);
}

static void
aionet_route_pool_list_model_init (GListModelInterface *iface)
{
  iface->get_item_type = aionet_route_pool_get_item_type;
  iface->get_n_items = aionet_route_pool_get_n_items;
  iface->get_item = aionet_route_pool_get_item;
}

static void
aionet_route_pool_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  AionetRoutePool *self = AIONET_ROUTE_POOL (object);

  switch ((AionetRoutePoolProperty) prop_id)
    {
    case PROP_FAMILY:
      g_value_set_enum (value, self->family);
      break;
    case PROP_GROUPS:
      g_value_set_object (value, self->groups);
      break;
    case PROP_N_ADDRESSES:
      g_value_set_uint64 (value, aionet_route_pool_get_n_addresses (self));
      break;
    case N_PROPS:
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
aionet_route_pool_finalize (GObject *object)
{
  AionetRoutePool *self = AIONET_ROUTE_POOL (object);

  g_clear_pointer (&self->index, _aionet_route_index_free);
  g_clear_object (&self->groups);
  g_clear_pointer (&self->routes, g_ptr_array_unref);

  G_OBJECT_CLASS (aionet_route_pool_parent_class)->finalize (object);
}

static void
aionet_route_pool_class_init (AionetRoutePoolClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GParamFlags   flags = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY;

  object_class->get_property = aionet_route_pool_get_property;
  object_class->finalize = aionet_route_pool_finalize;

  /**
   * AionetRoutePool:family: (getter get_family)
   *
   * The address family: IPv4 or IPv6.
   *
   * Since: 0.1
   */
  props[PROP_FAMILY] =
      g_param_spec_enum ("family", NULL, NULL, G_TYPE_SOCKET_FAMILY, G_SOCKET_FAMILY_IPV4, flags);
  /**
   * AionetRoutePool:groups: (getter get_groups)
   *
   * The routes with all their ranges.
   *
   * Since: 0.1
   */
  props[PROP_GROUPS] = g_param_spec_object ("groups", NULL, NULL, G_TYPE_LIST_MODEL, flags);
  /**
   * AionetRoutePool:n-addresses: (getter get_n_addresses)
   *
   * The number of external addresses.
   *
   * Since: 0.1
   */
  props[PROP_N_ADDRESSES] =
      g_param_spec_uint64 ("n-addresses", NULL, NULL, 0, G_MAXUINT64, 0, flags);

  g_object_class_install_properties (object_class, N_PROPS, props);
}

static void
aionet_route_pool_init (AionetRoutePool *self)
{
}

static gboolean
check_route (gpointer item, GSocketFamily family, GError **error)
{
  if (!AIONET_IS_ROUTE (item))
    {
      g_set_error (error, AIONET_ERROR, AIONET_ERROR_INVALID_ROUTE, "A route pool cannot hold a %s",
                   G_OBJECT_TYPE_NAME (item));
      return FALSE;
    }
  if (aionet_route_get_family (item) != family)
    {
      g_autofree char *text = aionet_route_to_string (item);

      g_set_error (error, AIONET_ERROR, AIONET_ERROR_UNSUPPORTED_FAMILY,
                   "Route “%s” is not of the pool's address family", text);
      return FALSE;
    }
  return TRUE;
}

static GPtrArray *
dup_routes (GSocketFamily family, GListModel *routes, GError **error)
{
  guint n_routes = routes != NULL ? g_list_model_get_n_items (routes) : 0;
  g_autoptr (GPtrArray) copy = g_ptr_array_new_full (n_routes, g_object_unref);

  for (guint i = 0; i < n_routes; i++)
    {
      g_autoptr (GObject) route = g_list_model_get_item (routes, i);

      if (!check_route (route, family, error))
        return NULL;
      g_ptr_array_add (copy, g_steal_pointer (&route));
    }
  return g_steal_pointer (&copy);
}

static gboolean
are_plain (GPtrArray *routes)
{
  for (guint i = 0; i < routes->len; i++)
    {
      if (!_aionet_route_is_plain (g_ptr_array_index (routes, i)))
        return FALSE;
    }
  return TRUE;
}

/* Takes routes. The usual ones are groups already: grouping is only done when it is needed. */
static void
set_routes (AionetRoutePool *self, GPtrArray *routes)
{
  self->routes = routes;
  self->index = _aionet_route_index_new (routes);
  if (are_plain (routes) && !_aionet_route_index_has_overlaps (self->index))
    return;

  self->routes = _aionet_route_grouping_new (routes);
  _aionet_route_index_free (self->index);
  g_ptr_array_unref (routes);
  self->index = _aionet_route_index_new (self->routes);
}

/**
 * aionet_route_pool_new:
 * @family: IPv4 or IPv6
 * @routes: (transfer none) (nullable): a list of [class@Route], or %NULL for an empty pool
 * @error: (out) (optional) (nullable) (transfer full): return location for a #GError
 *
 * Makes a pool of routes, in their order.
 *
 * The list is copied. Routes that have an external address in common become one group, at the
 * place of the first of them. Of external ranges that contain one another the larger stays.
 *
 * Errors: %AIONET_ERROR_UNSUPPORTED_FAMILY when @family is neither IPv4 nor IPv6 or a route is of
 * another one, %AIONET_ERROR_INVALID_ROUTE when an item of @routes is no route.
 *
 * Returns: (transfer full): a new pool, or %NULL with @error set
 *
 * Since: 0.1
 */
AionetRoutePool *
aionet_route_pool_new (GSocketFamily family, GListModel *routes, GError **error)
{
  AionetRoutePool *self;
  g_autoptr (GPtrArray) copy = NULL;

  g_return_val_if_fail (routes == NULL || G_IS_LIST_MODEL (routes), NULL);

  if (family != G_SOCKET_FAMILY_IPV4 && family != G_SOCKET_FAMILY_IPV6)
    {
      g_set_error (error, AIONET_ERROR, AIONET_ERROR_UNSUPPORTED_FAMILY,
                   "A route pool cannot be of address family %d", (int) family);
      return NULL;
    }
  copy = dup_routes (family, routes, error);
  if (copy == NULL)
    return NULL;

  self = g_object_new (AIONET_TYPE_ROUTE_POOL, NULL);
  self->family = family;
  set_routes (self, g_steal_pointer (&copy));
  self->groups = _aionet_frozen_list_new_take (AIONET_TYPE_ROUTE, g_ptr_array_ref (self->routes));
  return self;
}

/**
 * aionet_route_pool_get_family:
 * @self: a pool
 *
 * Gets the address family of the routes.
 *
 * Returns: IPv4 or IPv6
 *
 * Since: 0.1
 */
GSocketFamily
aionet_route_pool_get_family (AionetRoutePool *self)
{
  g_return_val_if_fail (AIONET_IS_ROUTE_POOL (self), G_SOCKET_FAMILY_INVALID);

  return self->family;
}

/**
 * aionet_route_pool_get_n_addresses:
 * @self: a pool
 *
 * Counts the usable external addresses of all groups.
 *
 * Returns: the number of addresses, %G_MAXUINT64 when there are as many or more
 *
 * Since: 0.1
 */
guint64
aionet_route_pool_get_n_addresses (AionetRoutePool *self)
{
  g_return_val_if_fail (AIONET_IS_ROUTE_POOL (self), 0);

  return _aionet_route_index_get_n_addresses (self->index);
}

/**
 * aionet_route_pool_get_route_at:
 * @self: a pool
 * @index: position of an external address, from 0
 *
 * Gets the host route of one external address.
 *
 * The route is a new object with exactly one external address. It holds a reference on its
 * interface.
 *
 * Returns: (transfer full) (nullable): the route, %NULL when the pool has not so many addresses
 *
 * Since: 0.1
 */
AionetRoute *
aionet_route_pool_get_route_at (AionetRoutePool *self, guint64 index)
{
  const AionetRouteSegment *segment;

  g_return_val_if_fail (AIONET_IS_ROUTE_POOL (self), NULL);

  segment = _aionet_route_index_get (self->index, index);
  if (segment == NULL)
    return NULL;
  return _aionet_route_new_item_in (segment->group, segment->range, index - segment->start);
}

/**
 * aionet_route_pool_get_groups:
 * @self: a pool
 *
 * Gets the routes with all their ranges.
 *
 * They do not keep the interface alive; what [method@Route.bind] makes of them does.
 *
 * Returns: (transfer none): a list of [class@Route] that never changes
 *
 * Since: 0.1
 */
GListModel *
aionet_route_pool_get_groups (AionetRoutePool *self)
{
  g_return_val_if_fail (AIONET_IS_ROUTE_POOL (self), NULL);

  return self->groups;
}

static const AionetRouteSegment *
find_segment (AionetRoutePool *self, GInetAddress *address, guint64 *index_in_range)
{
  if (g_inet_address_get_family (address) != self->family)
    return NULL;
  return _aionet_route_index_find (self->index, address, index_in_range);
}

/**
 * aionet_route_pool_find:
 * @self: a pool
 * @ext_address: (transfer none): an external address
 * @index: (out) (optional): return location for the position of the address, for
 *   [method@RoutePool.get_route_at]; %G_MAXUINT64 when it is beyond what an index can count, or
 *   when there is no such address
 *
 * Finds the group that has an external address.
 *
 * Only usable addresses are found, that is, those the pool has a host route for.
 *
 * Returns: (transfer none) (nullable): the route of the whole group, or %NULL
 *
 * Since: 0.1
 */
AionetRoute *
aionet_route_pool_find (AionetRoutePool *self, GInetAddress *ext_address, guint64 *index)
{
  const AionetRouteSegment *segment;
  guint64                   index_in_range = 0;

  g_return_val_if_fail (AIONET_IS_ROUTE_POOL (self), NULL);
  g_return_val_if_fail (G_IS_INET_ADDRESS (ext_address), NULL);

  segment = find_segment (self, ext_address, &index_in_range);
  if (index != NULL)
    *index = segment != NULL && index_in_range <= G_MAXUINT64 - segment->start
                 ? segment->start + index_in_range
                 : G_MAXUINT64;
  return segment != NULL ? segment->group : NULL;
}

/**
 * aionet_route_pool_lookup:
 * @self: a pool
 * @ext_address: (transfer none): an external address
 *
 * Gets the host route of one external address that is known by itself, as
 * [method@RoutePool.get_route_at] gets that of a position.
 *
 * Only usable addresses are found, as with [method@RoutePool.find].
 *
 * Returns: (transfer full) (nullable): the route, or %NULL when the pool has no such address
 *
 * Since: 0.1
 */
AionetRoute *
aionet_route_pool_lookup (AionetRoutePool *self, GInetAddress *ext_address)
{
  const AionetRouteSegment *segment;
  guint64                   index_in_range = 0;

  g_return_val_if_fail (AIONET_IS_ROUTE_POOL (self), NULL);
  g_return_val_if_fail (G_IS_INET_ADDRESS (ext_address), NULL);

  segment = find_segment (self, ext_address, &index_in_range);
  if (segment == NULL)
    return NULL;
  return _aionet_route_new_item_in (segment->group, segment->range, index_in_range);
}

/**
 * aionet_route_pool_contains:
 * @self: a pool
 * @ext_address: (transfer none): an external address
 *
 * Gets whether the pool has a host route for an external address.
 *
 * Returns: %TRUE if so
 *
 * Since: 0.1
 */
gboolean
aionet_route_pool_contains (AionetRoutePool *self, GInetAddress *ext_address)
{
  return aionet_route_pool_find (self, ext_address, NULL) != NULL;
}

/* Where the alternatives to route begin, and how many of the pool's addresses are some. */
static guint64
find_start (AionetRoutePool *self, AionetRoute *route, guint64 *n_alternatives)
{
  guint64                   n_addresses = aionet_route_pool_get_n_addresses (self);
  GInetAddress             *address = aionet_route_get_ext_address (route);
  const AionetRouteSegment *segment = NULL;
  guint64                   index_in_range = 0;

  *n_alternatives = n_addresses;
  if (address != NULL)
    segment = find_segment (self, address, &index_in_range);
  if (segment == NULL)
    return 0;
  if (aionet_route_get_n_addresses (route) > 1)
    return _aionet_route_index_get_group_end (self->index, segment->position);
  if (index_in_range >= G_MAXUINT64 - segment->start)
    return 0;
  *n_alternatives = n_addresses - 1;
  return segment->start + index_in_range + 1;
}

/**
 * aionet_route_pool_get_alternatives:
 * @self: a pool
 * @route: (transfer none): a route of this pool
 * @limit: how many alternatives are wanted at most
 *
 * Gets host routes to try instead of a route.
 *
 * For the host route of one address these are the addresses that come after it: first those of
 * the same block, then those of the groups behind, then the pool from its beginning, never the
 * address itself. For the route of a whole group the addresses of all other groups come first, and
 * its own last. To pass over addresses that were tried already, ask for the alternatives to the
 * last one that was tried.
 *
 * Nothing is stored for the items, so a large @limit costs nothing.
 *
 * Returns: (transfer full): a list of [class@Route] that never changes
 *
 * Since: 0.1
 */
GListModel *
aionet_route_pool_get_alternatives (AionetRoutePool *self, AionetRoute *route, guint limit)
{
  guint64 n_alternatives;
  guint64 start;

  g_return_val_if_fail (AIONET_IS_ROUTE_POOL (self), NULL);
  g_return_val_if_fail (AIONET_IS_ROUTE (route), NULL);

  start = find_start (self, route, &n_alternatives);
  return _aionet_route_slice_new (self, start, (guint) MIN (limit, n_alternatives));
}

/* Uniform below n > 0: what would make the low values likelier is thrown away. */
static guint64
random_below (guint64 n)
{
  guint64 limit = G_MAXUINT64 - G_MAXUINT64 % n;
  guint64 number;

  do
    number = (guint64) g_random_int () << 32 | g_random_int ();
  while (number >= limit);
  return number % n;
}

/**
 * aionet_route_pool_pick_random:
 * @self: a pool
 *
 * Picks one external address, each with the same probability.
 *
 * Not for secrets: the generator is that of [func@GLib.random_int].
 *
 * Returns: (transfer full) (nullable): its host route, %NULL when the pool is empty
 *
 * Since: 0.1
 */
AionetRoute *
aionet_route_pool_pick_random (AionetRoutePool *self)
{
  guint64 n_addresses;

  g_return_val_if_fail (AIONET_IS_ROUTE_POOL (self), NULL);

  n_addresses = aionet_route_pool_get_n_addresses (self);
  return n_addresses > 0 ? aionet_route_pool_get_route_at (self, random_below (n_addresses)) : NULL;
}
