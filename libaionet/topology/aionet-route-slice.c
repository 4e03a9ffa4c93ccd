/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#include "config.h"

#include "topology/aionet-route-slice-private.h"

struct _AionetRouteSlice
{
  GObject          parent_instance;

  AionetRoutePool *pool; /* (owned) */
  guint64          start;
  guint            n_items;
};

static void aionet_route_slice_list_model_init (GListModelInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (AionetRouteSlice,
                               aionet_route_slice,
                               G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (G_TYPE_LIST_MODEL,
                                                      aionet_route_slice_list_model_init))

static GType
aionet_route_slice_get_item_type (GListModel *model)
{
  return AIONET_TYPE_ROUTE;
}

static guint
aionet_route_slice_get_n_items (GListModel *model)
{
  return AIONET_ROUTE_SLICE (model)->n_items;
}

static gpointer
aionet_route_slice_get_item (GListModel *model, guint position)
{
  AionetRouteSlice *self = AIONET_ROUTE_SLICE (model);
  guint64           before_end = aionet_route_pool_get_n_addresses (self->pool) - self->start;

  if (position >= self->n_items)
    return NULL;
  return aionet_route_pool_get_route_at (self->pool, position < before_end ? self->start + position
                                                                           : position - before_end);
}

static void
aionet_route_slice_list_model_init (GListModelInterface *iface)
{
  iface->get_item_type = aionet_route_slice_get_item_type;
  iface->get_n_items = aionet_route_slice_get_n_items;
  iface->get_item = aionet_route_slice_get_item;
}

static void
aionet_route_slice_finalize (GObject *object)
{
  g_clear_object (&AIONET_ROUTE_SLICE (object)->pool);

  G_OBJECT_CLASS (aionet_route_slice_parent_class)->finalize (object);
}

static void
aionet_route_slice_class_init (AionetRouteSliceClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = aionet_route_slice_finalize;
}

static void
aionet_route_slice_init (AionetRouteSlice *self)
{
}

GListModel *
_aionet_route_slice_new (AionetRoutePool *pool, guint64 start, guint n_items)
{
  AionetRouteSlice *self = g_object_new (AIONET_TYPE_ROUTE_SLICE, NULL);
  guint64           n_addresses = aionet_route_pool_get_n_addresses (pool);

  self->pool = g_object_ref (pool);
  self->start = n_addresses > 0 ? start % n_addresses : 0;
  self->n_items = n_items;
  return G_LIST_MODEL (self);
}
