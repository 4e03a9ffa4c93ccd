/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#include "config.h"

#include "provider/aionet-store-private.h"

/* Looking through a few items is faster than hashing them. */
#define MANY_ITEMS 32

static GHashTable *
index_items (GListStore *store, GHashFunc hash, GEqualFunc equal)
{
  GHashTable *known = g_hash_table_new (hash, equal);
  guint       n = g_list_model_get_n_items (G_LIST_MODEL (store));

  for (guint i = 0; i < n; i++)
    {
      g_autoptr (GObject) item = g_list_model_get_item (G_LIST_MODEL (store), i);

      g_hash_table_insert (known, item, GUINT_TO_POINTER (i));
    }
  return known;
}

gboolean
_aionet_store_append_unless_known (GListStore  *store,
                                   GHashTable **known,
                                   gpointer     item,
                                   GHashFunc    hash,
                                   GEqualFunc   equal,
                                   guint       *position)
{
  guint    n = g_list_model_get_n_items (G_LIST_MODEL (store));
  gpointer place;

  if (known == NULL || n < MANY_ITEMS)
    {
      if (g_list_store_find_with_equal_func (store, item, equal, position))
        return FALSE;
      g_list_store_append (store, item);
      return TRUE;
    }
  if (*known == NULL)
    *known = index_items (store, hash, equal);
  if (g_hash_table_lookup_extended (*known, item, NULL, &place))
    {
      if (position != NULL)
        *position = GPOINTER_TO_UINT (place);
      return FALSE;
    }
  g_hash_table_insert (*known, item, GUINT_TO_POINTER (n));
  g_list_store_append (store, item);
  return TRUE;
}

gboolean
_aionet_store_equal (GListStore *a, GListStore *b, GEqualFunc equal)
{
  guint n = g_list_model_get_n_items (G_LIST_MODEL (a));

  if (n != g_list_model_get_n_items (G_LIST_MODEL (b)))
    return FALSE;
  for (guint i = 0; i < n; i++)
    {
      g_autoptr (GObject) item_a = g_list_model_get_item (G_LIST_MODEL (a), i);
      g_autoptr (GObject) item_b = g_list_model_get_item (G_LIST_MODEL (b), i);

      if (!equal (item_a, item_b))
        return FALSE;
    }
  return TRUE;
}
