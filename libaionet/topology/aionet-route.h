/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#pragma once

#if !defined(AIONET_INSIDE) && !defined(AIONET_COMPILATION)
#error "Only <aionet.h> can be included directly."
#endif

#include <gio/gio.h>

#include <aionet-version.h>

#include <value/aionet-ip-range.h>

G_BEGIN_DECLS

typedef struct _AionetInterface AionetInterface;

#define AIONET_TYPE_ROUTE (aionet_route_get_type ())

AIONET_AVAILABLE_IN_0_1
G_DECLARE_FINAL_TYPE (AionetRoute, aionet_route, AIONET, ROUTE, GObject)

AIONET_AVAILABLE_IN_0_1
AionetRoute *aionet_route_new (GSocketFamily    family,
                               GListModel      *nic_ranges,
                               GListModel      *ext_ranges,
                               AionetInterface *interface,
                               GError         **error);

AIONET_AVAILABLE_IN_0_1
GSocketFamily aionet_route_get_family (AionetRoute *self);
AIONET_AVAILABLE_IN_0_1
GListModel *aionet_route_get_nic_ranges (AionetRoute *self);
AIONET_AVAILABLE_IN_0_1
GListModel *aionet_route_get_ext_ranges (AionetRoute *self);
AIONET_AVAILABLE_IN_0_1
GListModel *aionet_route_get_link_locals (AionetRoute *self);
AIONET_AVAILABLE_IN_0_1
AionetInterface *aionet_route_get_interface (AionetRoute *self);
AIONET_AVAILABLE_IN_0_1
gboolean aionet_route_get_confirmed (AionetRoute *self);
AIONET_AVAILABLE_IN_0_1
GInetAddress *aionet_route_get_nic_address (AionetRoute *self);
AIONET_AVAILABLE_IN_0_1
GInetAddress *aionet_route_get_ext_address (AionetRoute *self);
AIONET_AVAILABLE_IN_0_1
guint64 aionet_route_get_n_addresses (AionetRoute *self);
AIONET_AVAILABLE_IN_0_1
gboolean aionet_route_has_nic_address (AionetRoute *self, GInetAddress *address);
AIONET_AVAILABLE_IN_0_1
gboolean aionet_route_has_ext_address (AionetRoute *self, GInetAddress *address);

AIONET_AVAILABLE_IN_0_1
AionetRoute *aionet_route_bind (AionetRoute *self, guint16 port, GError **error);
AIONET_AVAILABLE_IN_0_1
AionetRoute *
aionet_route_bind_to (AionetRoute *self, const char *address, guint16 port, GError **error);
AIONET_AVAILABLE_IN_0_1
AionetRoute *aionet_route_bind_towards (AionetRoute  *self,
                                        GInetAddress *destination,
                                        guint16       port,
                                        GError      **error);
AIONET_AVAILABLE_IN_0_1
gboolean aionet_route_get_is_bound (AionetRoute *self);
AIONET_AVAILABLE_IN_0_1
GSocketAddress *aionet_route_get_local_address (AionetRoute *self);
AIONET_AVAILABLE_IN_0_1
GSocket *aionet_route_create_socket (AionetRoute *self, GSocketProtocol protocol, GError **error);

AIONET_AVAILABLE_IN_0_1
gboolean aionet_route_equal (AionetRoute *self, AionetRoute *other);
AIONET_AVAILABLE_IN_0_1
guint aionet_route_hash (AionetRoute *self);
AIONET_AVAILABLE_IN_0_1
char *aionet_route_to_string (AionetRoute *self);

G_END_DECLS
