/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#include "config.h"

#include "provider/aionet-store-private.h"

gboolean
_aionet_store_append_unless_known (GListStore *store,
                                   gpointer    item,
                                   GEqualFunc  equal,
                                   guint      *position)
{
  if (g_list_store_find_with_equal_func (store, item, equal, position))
    return FALSE;
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
