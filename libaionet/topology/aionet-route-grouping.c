/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#include "config.h"

#include "topology/aionet-route-grouping-private.h"

#include "topology/aionet-range-table-private.h"
#include "topology/aionet-route-private.h"
#include "value/aionet-frozen-list-private.h"

/* Two ranges overlap only when one contains the other, as prefixes do. So each external range has
 * one root: the largest range of the pool that contains it. Routes that share a root are joined
 * (union-find, the smallest index leads). All steps are linear in the number of ranges, times the
 * number of different prefix lengths. */

typedef struct
{
  AionetRangeKey key;
  AionetIpRange *range; /* (owned) */
  guint          root;  /* index of an entry */
  guint          owner; /* of a root: the first route that needs it, or G_MAXUINT */
  gboolean       listed;
} Entry;

typedef struct
{
  GPtrArray *routes;      /* (unowned) */
  GArray    *entries;     /* (owned) (element-type Entry) in the order of routes */
  GArray    *offsets;     /* (owned) (element-type guint) first entry of each route, and the end */
  AionetRangeTable table; /* of entries */
  guint           *leaders; /* (owned) of each route */
} Grouping;

static void
entry_clear (gpointer entry)
{
  g_object_unref (((Entry *) entry)->range);
}

static void
collect (Grouping *self)
{
  for (guint i = 0; i < self->routes->len; i++)
    {
      GListModel *ranges = aionet_route_get_ext_ranges (g_ptr_array_index (self->routes, i));
      guint       n_ranges = g_list_model_get_n_items (ranges);

      g_array_append_val (self->offsets, self->entries->len);
      for (guint j = 0; j < n_ranges; j++)
        {
          Entry entry = { .owner = G_MAXUINT };
          guint prefix_length;

          entry.range = g_list_model_get_item (ranges, j);
          prefix_length = aionet_ip_range_get_prefix_length (entry.range);
          _aionet_range_key_init (&entry.key, aionet_ip_range_get_address (entry.range),
                                  prefix_length);
          g_array_append_val (self->entries, entry);
        }
    }
  g_array_append_val (self->offsets, self->entries->len);
}

static guint
find_leader (Grouping *self, guint route)
{
  while (self->leaders[route] != route)
    {
      self->leaders[route] = self->leaders[self->leaders[route]];
      route = self->leaders[route];
    }
  return route;
}

static void
join (Grouping *self)
{
  for (guint i = 0; i < self->routes->len; i++)
    {
      guint end = g_array_index (self->offsets, guint, i + 1);

      for (guint j = g_array_index (self->offsets, guint, i); j < end; j++)
        {
          Entry *entry = &g_array_index (self->entries, Entry, j);
          Entry *root;

          entry->root = _aionet_range_table_find_largest (
              &self->table, aionet_ip_range_get_address (entry->range), entry->key.prefix_length);
          root = &g_array_index (self->entries, Entry, entry->root);
          if (root->owner == G_MAXUINT)
            root->owner = i;
          else
            {
              guint a = find_leader (self, root->owner);
              guint b = find_leader (self, i);

              self->leaders[MAX (a, b)] = MIN (a, b);
            }
        }
    }
}

static void
append_roots (Grouping *self, guint route, GPtrArray *ranges)
{
  guint end = g_array_index (self->offsets, guint, route + 1);

  for (guint j = g_array_index (self->offsets, guint, route); j < end; j++)
    {
      Entry *entry = &g_array_index (self->entries, Entry, j);
      Entry *root = &g_array_index (self->entries, Entry, entry->root);

      if (!root->listed)
        g_ptr_array_add (ranges, g_object_ref (root->range));
      root->listed = TRUE;
    }
}

static AionetRoute *
merge (Grouping *self, GArray *members)
{
  g_autoptr (GPtrArray) routes = g_ptr_array_new ();
  g_autoptr (GPtrArray) ranges = g_ptr_array_new_with_free_func (g_object_unref);
  g_autoptr (GListModel) ext_ranges = NULL;
  guint n_ranges = 0;

  for (guint i = 0; i < members->len; i++)
    {
      guint member = g_array_index (members, guint, i);

      g_ptr_array_add (routes, g_ptr_array_index (self->routes, member));
      append_roots (self, member, ranges);
      n_ranges += g_array_index (self->offsets, guint, member + 1) -
                  g_array_index (self->offsets, guint, member);
    }
  if (routes->len == 1 && ranges->len == n_ranges &&
      _aionet_route_is_plain (g_ptr_array_index (routes, 0)))
    return g_object_ref (g_ptr_array_index (routes, 0));
  ext_ranges = _aionet_frozen_list_new_take (AIONET_TYPE_IP_RANGE, g_steal_pointer (&ranges));
  return _aionet_route_new_merged (routes, ext_ranges);
}

static void
members_free (gpointer members)
{
  if (members != NULL)
    g_array_unref (members);
}

/* Members of each group, in the order of the routes; NULL where another route leads. */
static GPtrArray *
list_members (Grouping *self)
{
  GPtrArray *lists = g_ptr_array_new_full (self->routes->len, members_free);

  g_ptr_array_set_size (lists, (int) self->routes->len);
  for (guint i = 0; i < self->routes->len; i++)
    {
      guint leader = find_leader (self, i);

      if (leader == i)
        g_ptr_array_index (lists, i) = g_array_new (FALSE, FALSE, sizeof (guint));
      g_array_append_val (g_ptr_array_index (lists, leader), i);
    }
  return lists;
}

static GPtrArray *
make_groups (Grouping *self)
{
  GPtrArray *groups = g_ptr_array_new_full (self->routes->len, g_object_unref);
  g_autoptr (GPtrArray) lists = list_members (self);

  for (guint i = 0; i < lists->len; i++)
    {
      if (g_ptr_array_index (lists, i) != NULL)
        g_ptr_array_add (groups, merge (self, g_ptr_array_index (lists, i)));
    }
  return groups;
}

GPtrArray *
_aionet_route_grouping_new (GPtrArray *routes)
{
  g_autoptr (GArray) entries = g_array_new (FALSE, FALSE, sizeof (Entry));
  g_autoptr (GArray) offsets = g_array_new (FALSE, FALSE, sizeof (guint));
  g_autofree guint *leaders = g_new (guint, routes->len);
  Grouping self = { .routes = routes, .entries = entries, .offsets = offsets, .leaders = leaders };
  GPtrArray *groups;

  g_array_set_clear_func (entries, entry_clear);
  for (guint i = 0; i < routes->len; i++)
    leaders[i] = i;
  collect (&self);
  _aionet_range_table_init (&self.table, entries->data, sizeof (Entry), entries->len);
  join (&self);
  groups = make_groups (&self);
  _aionet_range_table_clear (&self.table);
  return groups;
}
