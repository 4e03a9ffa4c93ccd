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

#define AIONET_TYPE_GATEWAY (aionet_gateway_get_type ())

AIONET_AVAILABLE_IN_0_1
G_DECLARE_FINAL_TYPE (AionetGateway, aionet_gateway, AIONET, GATEWAY, GObject)

AIONET_AVAILABLE_IN_0_1
AionetGateway *aionet_gateway_new (
    GSocketFamily family, GInetAddress *address, guint metric, guint table, AionetIpRange *source);

AIONET_AVAILABLE_IN_0_1
GSocketFamily aionet_gateway_get_family (AionetGateway *self);
AIONET_AVAILABLE_IN_0_1
GInetAddress *aionet_gateway_get_address (AionetGateway *self);
AIONET_AVAILABLE_IN_0_1
guint aionet_gateway_get_metric (AionetGateway *self);
AIONET_AVAILABLE_IN_0_1
guint aionet_gateway_get_table (AionetGateway *self);
AIONET_AVAILABLE_IN_0_1
AionetIpRange *aionet_gateway_get_source (AionetGateway *self);
AIONET_AVAILABLE_IN_0_1
gboolean aionet_gateway_equal (AionetGateway *self, AionetGateway *other);

G_END_DECLS
