/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#include "config.h"

#include "topology/aionet-interface-list-private.h"

#include "topology/aionet-interface-private.h"

struct _AionetInterfaceList
{
  GPtrArray              *items;   /* (owned) (element-type AionetInterface) in order */
  GHashTable             *by_name; /* (owned) name (owned) -> item */
  AionetInterfaceListFunc func;
  gpointer                user_data;
};

static int
compare (gconstpointer a, gconstpointer b)
{
  AionetInterface *one = *(AionetInterface *const *) a;
  AionetInterface *other = *(AionetInterface *const *) b;
  guint            index = aionet_interface_get_index (one);
  guint            other_index = aionet_interface_get_index (other);

  if (aionet_interface_get_usable (one) != aionet_interface_get_usable (other))
    return aionet_interface_get_usable (one) ? -1 : 1;
  if (index != other_index)
    return index < other_index ? -1 : 1;
  return g_strcmp0 (aionet_interface_get_name (one), aionet_interface_get_name (other));
}

AionetInterfaceList *
_aionet_interface_list_new (AionetInterfaceListFunc func, gpointer user_data)
{
  AionetInterfaceList *self = g_new0 (AionetInterfaceList, 1);

  self->items = g_ptr_array_new_with_free_func (g_object_unref);
  self->by_name = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->func = func;
  self->user_data = user_data;
  return self;
}

void
_aionet_interface_list_free (AionetInterfaceList *self)
{
  g_hash_table_unref (self->by_name);
  g_ptr_array_unref (self->items);
  g_free (self);
}

static AionetInterface *
take_link (AionetInterfaceList *self, AionetHost *host, AionetLink *link, GListModel *links)
{
  AionetInterface *known = _aionet_interface_list_find (self, aionet_link_get_name (link));

  if (known == NULL)
    return _aionet_interface_new_for_link (host, link, links);
  _aionet_interface_refresh (known, link, links);
  return g_object_ref (known);
}

static void
tell (AionetInterfaceList *self, GPtrArray *old)
{
  guint n_old = old->len;
  guint n_new = self->items->len;
  guint start = 0;

  while (start < n_old && start < n_new && old->pdata[start] == self->items->pdata[start])
    start++;
  while (n_old > start && n_new > start && old->pdata[n_old - 1] == self->items->pdata[n_new - 1])
    {
      n_old--;
      n_new--;
    }
  if (n_old > start || n_new > start)
    self->func (start, n_old - start, n_new - start, self->user_data);
}

/* Programs may still hold an interface that is gone: it is down and has no address. */
static void
retire (GPtrArray *old, GHashTable *by_name)
{
  g_autoptr (GListStore) no_links = g_list_store_new (AIONET_TYPE_LINK);

  for (guint i = 0; i < old->len; i++)
    {
      AionetInterface *item = old->pdata[i];
      g_autoptr (AionetLink) link = NULL;

      if (g_hash_table_contains (by_name, aionet_interface_get_name (item)))
        continue;
      link = aionet_link_new (aionet_interface_get_name (item), aionet_interface_get_index (item));
      g_object_set (link, "is-up", FALSE, "kind", aionet_interface_get_kind (item), NULL);
      _aionet_interface_refresh (item, link, G_LIST_MODEL (no_links));
    }
}

void
_aionet_interface_list_update (AionetInterfaceList *self, AionetHost *host, GListModel *links)
{
  guint n_links = g_list_model_get_n_items (links);
  g_autoptr (GPtrArray) old = NULL;
  g_autoptr (GPtrArray) items = g_ptr_array_new_full (n_links, g_object_unref);
  g_autoptr (GHashTable) by_name = NULL;

  by_name = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  for (guint i = 0; i < n_links; i++)
    {
      g_autoptr (AionetLink) link = g_list_model_get_item (links, i);
      AionetInterface *item;

      if (g_hash_table_contains (by_name, aionet_link_get_name (link)))
        continue;
      item = take_link (self, host, link, links);
      g_ptr_array_add (items, item);
      g_hash_table_insert (by_name, g_strdup (aionet_link_get_name (link)), item);
    }
  g_ptr_array_sort (items, compare);

  old = g_steal_pointer (&self->items);
  self->items = g_steal_pointer (&items);
  g_hash_table_unref (self->by_name);
  self->by_name = g_steal_pointer (&by_name);
  retire (old, self->by_name);
  tell (self, old);
}

guint
_aionet_interface_list_get_n_items (AionetInterfaceList *self)
{
  return self->items->len;
}

AionetInterface *
_aionet_interface_list_get (AionetInterfaceList *self, guint position)
{
  return position < self->items->len ? self->items->pdata[position] : NULL;
}

AionetInterface *
_aionet_interface_list_find (AionetInterfaceList *self, const char *name)
{
  return g_hash_table_lookup (self->by_name, name);
}
