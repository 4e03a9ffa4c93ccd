/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#include "config.h"

#include "value/aionet-frozen-list-private.h"

struct _AionetFrozenList
{
  GObject    parent_instance;

  GType      item_type;
  GPtrArray *items; /* (owned) (element-type GObject) */
};

static void aionet_frozen_list_list_model_init (GListModelInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (AionetFrozenList,
                               aionet_frozen_list,
                               G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (G_TYPE_LIST_MODEL,
                                                      aionet_frozen_list_list_model_init))

static GType
aionet_frozen_list_get_item_type (GListModel *model)
{
  return AIONET_FROZEN_LIST (model)->item_type;
}

static guint
aionet_frozen_list_get_n_items (GListModel *model)
{
  return AIONET_FROZEN_LIST (model)->items->len;
}

static gpointer
aionet_frozen_list_get_item (GListModel *model, guint position)
{
  AionetFrozenList *self = AIONET_FROZEN_LIST (model);

  if (position >= self->items->len)
    return NULL;
  return g_object_ref (g_ptr_array_index (self->items, position));
}

static void
aionet_frozen_list_list_model_init (GListModelInterface *iface)
{
  iface->get_item_type = aionet_frozen_list_get_item_type;
  iface->get_n_items = aionet_frozen_list_get_n_items;
  iface->get_item = aionet_frozen_list_get_item;
}

static void
aionet_frozen_list_finalize (GObject *object)
{
  AionetFrozenList *self = AIONET_FROZEN_LIST (object);

  g_ptr_array_unref (self->items);

  G_OBJECT_CLASS (aionet_frozen_list_parent_class)->finalize (object);
}

static void
aionet_frozen_list_class_init (AionetFrozenListClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = aionet_frozen_list_finalize;
}

static void
aionet_frozen_list_init (AionetFrozenList *self)
{
}

GListModel *
_aionet_frozen_list_new_take (GType item_type, GPtrArray *items)
{
  AionetFrozenList *self = g_object_new (AIONET_TYPE_FROZEN_LIST, NULL);

  self->item_type = item_type;
  self->items = items;
  return G_LIST_MODEL (self);
}

GListModel *
_aionet_frozen_list_new_from_model (GType item_type, GListModel *model)
{
  g_autoptr (GPtrArray) items = NULL;
  guint n_items = model != NULL ? g_list_model_get_n_items (model) : 0;

  if (model != NULL && AIONET_IS_FROZEN_LIST (model))
    return g_object_ref (model);

  items = g_ptr_array_new_full (n_items, g_object_unref);
  for (guint i = 0; i < n_items; i++)
    {
      gpointer item = g_list_model_get_item (model, i);

      if (item != NULL)
        g_ptr_array_add (items, item);
    }
  return _aionet_frozen_list_new_take (item_type, g_steal_pointer (&items));
}
