/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#pragma once

#if !defined(AIONET_INSIDE) && !defined(AIONET_COMPILATION)
#error "Only <aionet.h> can be included directly."
#endif

#include <gio/gio.h>

#include <aionet-version.h>

#include <topology/aionet-route.h>

G_BEGIN_DECLS

#define AIONET_TYPE_ROUTE_POOL (aionet_route_pool_get_type ())

AIONET_AVAILABLE_IN_0_1
G_DECLARE_FINAL_TYPE (AionetRoutePool, aionet_route_pool, AIONET, ROUTE_POOL, GObject)

AIONET_AVAILABLE_IN_0_1
AionetRoutePool *aionet_route_pool_new (GSocketFamily family, GListModel *routes, GError **error);

AIONET_AVAILABLE_IN_0_1
GSocketFamily aionet_route_pool_get_family (AionetRoutePool *self);
AIONET_AVAILABLE_IN_0_1
guint64 aionet_route_pool_get_n_addresses (AionetRoutePool *self);
AIONET_AVAILABLE_IN_0_1
AionetRoute *aionet_route_pool_get_route_at (AionetRoutePool *self, guint64 index);
AIONET_AVAILABLE_IN_0_1
GListModel *aionet_route_pool_get_groups (AionetRoutePool *self);
AIONET_AVAILABLE_IN_0_1
AionetRoute *
aionet_route_pool_find (AionetRoutePool *self, GInetAddress *ext_address, guint64 *index);
AIONET_AVAILABLE_IN_0_1
AionetRoute *aionet_route_pool_lookup (AionetRoutePool *self, GInetAddress *ext_address);
AIONET_AVAILABLE_IN_0_1
gboolean aionet_route_pool_contains (AionetRoutePool *self, GInetAddress *ext_address);
AIONET_AVAILABLE_IN_0_1
GListModel *
aionet_route_pool_get_alternatives (AionetRoutePool *self, AionetRoute *route, guint limit);
AIONET_AVAILABLE_IN_0_1
AionetRoute *aionet_route_pool_pick_random (AionetRoutePool *self);

G_END_DECLS
