/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#pragma once

#include "topology/aionet-route-pool.h"

G_BEGIN_DECLS

/* A run of the host routes of a pool that goes on at its beginning, as a list: nothing is stored
 * for its items. */

#define AIONET_TYPE_ROUTE_SLICE (aionet_route_slice_get_type ())

G_DECLARE_FINAL_TYPE (AionetRouteSlice, aionet_route_slice, AIONET, ROUTE_SLICE, GObject)

/* n_items <= addresses of the pool; start is reduced modulo their number */
GListModel *_aionet_route_slice_new (AionetRoutePool *pool, guint64 start, guint n_items);

G_END_DECLS
