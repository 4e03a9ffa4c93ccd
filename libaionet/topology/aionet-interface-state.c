/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#include "config.h"

#include "topology/aionet-interface-state-private.h"

#include "topology/aionet-route-private.h"

static void
unreachable_free (gpointer data)
{
  AionetUnreachable *self = data;

  g_object_unref (self->range);
  g_free (self->reason);
  g_free (self);
}

AionetUnreachable *
_aionet_unreachable_new (AionetIpRange *range, const char *reason)
{
  AionetUnreachable *self = g_new0 (AionetUnreachable, 1);

  self->range = g_object_ref (range);
  self->reason = g_strdup (reason);
  return self;
}

AionetInterfaceState *
_aionet_interface_state_new (const char *name)
{
  AionetInterfaceState *self = g_new0 (AionetInterfaceState, 1);

  self->name = g_strdup (name);
  self->is_wildcard = g_strcmp0 (name, "default") == 0;
  self->loaded = self->confirmed = self->is_up = self->usable = self->is_wildcard;
  self->nat = aionet_nat_new_untested ();
  self->addresses = g_ptr_array_new_with_free_func (g_object_unref);
  self->link_locals = g_ptr_array_new_with_free_func (g_object_unref);
  self->unreachable = g_ptr_array_new_with_free_func (unreachable_free);
  for (int i = 0; i < AIONET_N_FAMILIES; i++)
    {
      self->is_default[i] = self->is_wildcard;
      _aionet_interface_state_set_routes (self, i, NULL, NULL);
    }
  return self;
}

void
_aionet_interface_state_free (AionetInterfaceState *self)
{
  g_free (self->name);
  g_free (self->hardware_address);
  g_object_unref (self->nat);
  for (int i = 0; i < AIONET_N_FAMILIES; i++)
    g_clear_object (&self->pools[i]);
  g_ptr_array_unref (self->addresses);
  g_ptr_array_unref (self->link_locals);
  g_ptr_array_unref (self->unreachable);
  g_clear_pointer (&self->extra, json_object_unref);
  g_clear_object (&self->link);
  g_clear_object (&self->links);
  g_free (self);
}

gboolean
_aionet_interface_state_set_routes (AionetInterfaceState *self,
                                    int                   position,
                                    GPtrArray            *routes,
                                    GError              **error)
{
  g_autoptr (GListStore) list = g_list_store_new (AIONET_TYPE_ROUTE);
  AionetRoutePool *pool;

  if (routes != NULL && routes->len > 0)
    g_list_store_splice (list, 0, 0, routes->pdata, routes->len);
  pool = aionet_route_pool_new (_aionet_families[position], G_LIST_MODEL (list), error);
  if (pool == NULL)
    return FALSE;
  g_clear_object (&self->pools[position]);
  self->pools[position] = pool;
  return TRUE;
}

/* Address and prefix; the on-link prefix that a range may remember makes no other address. */
static char *
get_key (AionetIpRange *range)
{
  g_autofree char *address = g_inet_address_to_string (aionet_ip_range_get_address (range));

  return g_strdup_printf ("%s/%u", address, aionet_ip_range_get_prefix_length (range));
}

static void
add_ranges (AionetInterfaceState *self, GListModel *ranges, GHashTable *seen)
{
  for (guint i = 0; i < g_list_model_get_n_items (ranges); i++)
    {
      g_autoptr (AionetIpRange) range = g_list_model_get_item (ranges, i);
      GPtrArray *list = aionet_ip_range_is_link_local (range) ? self->link_locals : self->addresses;

      /* A block may be told as an address and as a local route. */
      if (g_hash_table_add (seen, get_key (range)))
        g_ptr_array_add (list, g_steal_pointer (&range));
    }
}

static AionetInterfaceState *
state_new_from_link (AionetLink *link, GListModel *links)
{
  AionetInterfaceState *self = _aionet_interface_state_new (aionet_link_get_name (link));
  g_autoptr (GHashTable) seen = NULL;

  seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->index = aionet_link_get_index (link);
  self->hardware_address = g_strdup (aionet_link_get_hardware_address (link));
  self->mtu = aionet_link_get_mtu (link);
  self->kind = aionet_link_get_kind (link);
  self->is_up = aionet_link_get_is_up (link);
  self->usable = _aionet_link_is_usable (link);
  self->link = g_object_ref (link);
  self->links = g_object_ref (links);
  self->listed_us = g_get_monotonic_time ();
  for (int i = 0; i < AIONET_N_FAMILIES; i++)
    self->is_default[i] = _aionet_links_get_default (links, _aionet_families[i]) == link;
  add_ranges (self, aionet_link_get_addresses (link), seen);
  add_ranges (self, aionet_link_get_blocks (link), seen);
  return self;
}

AionetInterfaceState *
_aionet_interface_state_new_refreshed (const AionetInterfaceState *old,
                                       AionetLink                 *link,
                                       GListModel                 *links)
{
  AionetInterfaceState *self = state_new_from_link (link, links);

  g_set_object (&self->nat, old->nat);
  for (int i = 0; i < AIONET_N_FAMILIES; i++)
    g_set_object (&self->pools[i], old->pools[i]);
  for (guint i = 0; i < old->unreachable->len; i++)
    {
      AionetUnreachable *item = old->unreachable->pdata[i];

      g_ptr_array_add (self->unreachable, _aionet_unreachable_new (item->range, item->reason));
    }
  self->loaded = old->loaded;
  self->confirmed = old->confirmed;
  if (old->extra != NULL)
    self->extra = json_object_ref (old->extra);
  return self;
}

/* What is in a route, or told to be in none */
typedef struct
{
  GHashTable *keys;   /* (owned) set of utf8 */
  GPtrArray  *blocks; /* (owned) (element-type AionetIpRange) */
} Account;

static void
account_add (Account *self, AionetIpRange *range)
{
  if (g_hash_table_add (self->keys, get_key (range)) && !aionet_ip_range_is_single (range))
    g_ptr_array_add (self->blocks, g_object_ref (range));
}

static void
account_add_all (Account *self, GPtrArray *ranges)
{
  for (guint i = 0; i < ranges->len; i++)
    account_add (self, ranges->pdata[i]);
}

/* An address out of a block, and a block out of a larger one, go where that goes. */
static gboolean
account_covers (Account *self, AionetIpRange *range)
{
  for (guint i = 0; i < self->blocks->len; i++)
    if (aionet_ip_range_get_prefix_length (self->blocks->pdata[i]) <
            aionet_ip_range_get_prefix_length (range) &&
        aionet_ip_range_contains (self->blocks->pdata[i], aionet_ip_range_get_address (range)))
      return TRUE;
  return FALSE;
}

static GHashTable *
get_tentative (AionetLink *link)
{
  GListModel *addresses = aionet_link_get_addresses (link);
  GHashTable *keys = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  for (guint i = 0; i < g_list_model_get_n_items (addresses); i++)
    {
      g_autoptr (AionetIpRange) range = g_list_model_get_item (addresses, i);

      if ((aionet_link_get_address_flags (link, i) & AIONET_ADDRESS_FLAGS_TENTATIVE) != 0)
        g_hash_table_add (keys, get_key (range));
    }
  return keys;
}

/* Addresses that the plan left out are in no route; nothing is lost silently. */
static void
add_left_out (AionetInterfaceState *self, AionetLink *link, Account *accounted)
{
  g_autoptr (GHashTable) tentative = get_tentative (link);

  for (guint i = 0; i < self->addresses->len; i++)
    {
      AionetIpRange   *range = self->addresses->pdata[i];
      const char      *reason = "not an address that hosts on other networks could see";
      g_autofree char *key = get_key (range);

      if (g_hash_table_contains (accounted->keys, key))
        continue;
      if (g_hash_table_contains (tentative, key))
        reason = "duplicate address detection has not passed";
      else if (account_covers (accounted, range))
        continue;
      else if (g_inet_address_get_is_loopback (aionet_ip_range_get_address (range)))
        reason = "loopback has no external address";
      g_ptr_array_add (self->unreachable, _aionet_unreachable_new (range, reason));
    }
}

static void
take_set (AionetInterfaceState *self,
          int                   position,
          AionetInterface      *interface,
          const AionetRouteSet *set,
          Account              *accounted)
{
  g_autoptr (GPtrArray) routes = g_ptr_array_new_with_free_func (g_object_unref);
  g_autoptr (GError) error = NULL;

  for (guint i = 0; i < set->routes->len; i++)
    {
      const AionetRouteParts *parts = set->routes->pdata[i];

      g_ptr_array_add (routes, _aionet_route_new_from_parts (parts, interface));
      self->confirmed = self->confirmed && parts->confirmed;
      account_add_all (accounted, parts->nic_ranges);
      account_add_all (accounted, parts->ext_ranges);
    }
  if (!_aionet_interface_state_set_routes (self, position, routes, &error))
    g_critical ("Interface “%s”: routes do not form a pool: %s", self->name, error->message);
  for (guint i = 0; i < set->unreachable->len; i++)
    {
      const AionetUnreachable *item = set->unreachable->pdata[i];

      g_ptr_array_add (self->unreachable, _aionet_unreachable_new (item->range, item->reason));
      account_add (accounted, item->range);
    }
}

AionetInterfaceState *
_aionet_interface_state_new_loaded (AionetInterface         *interface,
                                    AionetLink              *link,
                                    const AionetLoadContext *context,
                                    const AionetLoadResult  *result)
{
  AionetInterfaceState *self = state_new_from_link (link, context->links);
  g_autoptr (GHashTable) keys = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autoptr (GPtrArray) blocks = g_ptr_array_new_with_free_func (g_object_unref);
  Account accounted = { keys, blocks };

  self->listed_us = context->listed_us;
  self->loaded = TRUE;
  self->confirmed = !result->is_disputed;
  for (int i = 0; i < AIONET_N_FAMILIES; i++)
    take_set (self, i, interface, result->sets[i], &accounted);
  add_left_out (self, link, &accounted);
  return self;
}

static gboolean
same_ranges (GPtrArray *one, GPtrArray *other)
{
  gboolean same = one->len == other->len;

  for (guint i = 0; i < one->len && same; i++)
    same = aionet_ip_range_equal (one->pdata[i], other->pdata[i]);
  return same;
}

/* A pool that is empty knows nothing: its network may just be away. */
static gboolean
same_pool (AionetRoutePool *one, AionetRoutePool *other)
{
  GListModel *groups = aionet_route_pool_get_groups (one);
  GListModel *other_groups = aionet_route_pool_get_groups (other);
  guint       n_groups = g_list_model_get_n_items (groups);
  guint       n_others = g_list_model_get_n_items (other_groups);

  if (n_groups == 0 || n_others == 0)
    return TRUE;
  if (n_groups != n_others)
    return FALSE;
  for (guint i = 0; i < n_groups; i++)
    {
      g_autoptr (AionetRoute) route = g_list_model_get_item (groups, i);
      g_autoptr (AionetRoute) other_route = g_list_model_get_item (other_groups, i);

      if (!aionet_route_equal (route, other_route))
        return FALSE;
    }
  return TRUE;
}

gboolean
_aionet_interface_state_same_addresses (const AionetInterfaceState *one,
                                        const AionetInterfaceState *other)
{
  if (!same_ranges (one->addresses, other->addresses))
    return FALSE;
  for (int i = 0; i < AIONET_N_FAMILIES; i++)
    if (!same_pool (one->pools[i], other->pools[i]))
      return FALSE;
  return TRUE;
}
