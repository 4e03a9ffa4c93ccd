/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#pragma once

#if !defined(AIONET_INSIDE) && !defined(AIONET_COMPILATION)
#error "Only <aionet.h> can be included directly."
#endif

#include <gio/gio.h>

#include <aionet-version.h>

G_BEGIN_DECLS

#define AIONET_TYPE_IP_RANGE (aionet_ip_range_get_type ())

AIONET_AVAILABLE_IN_0_1
G_DECLARE_FINAL_TYPE (AionetIpRange, aionet_ip_range, AIONET, IP_RANGE, GObject)

AIONET_AVAILABLE_IN_0_1
AionetIpRange *aionet_ip_range_new (GInetAddress *address, guint prefix_length);
AIONET_AVAILABLE_IN_0_1
AionetIpRange *
aionet_ip_range_new_scoped (GInetAddress *address, guint prefix_length, const char *scope_name);
AIONET_AVAILABLE_IN_0_1
AionetIpRange *aionet_ip_range_new_from_bytes (const guint8 *bytes,
                                               gsize         n_bytes,
                                               guint         prefix_length,
                                               const char   *scope_name);
AIONET_AVAILABLE_IN_0_1
AionetIpRange *aionet_ip_range_new_from_string (const char *text, GError **error);

AIONET_AVAILABLE_IN_0_1
GInetAddress *aionet_ip_range_get_address (AionetIpRange *self);
AIONET_AVAILABLE_IN_0_1
guint aionet_ip_range_get_prefix_length (AionetIpRange *self);
AIONET_AVAILABLE_IN_0_1
guint aionet_ip_range_get_subnet_length (AionetIpRange *self);
AIONET_AVAILABLE_IN_0_1
GSocketFamily aionet_ip_range_get_family (AionetIpRange *self);
AIONET_AVAILABLE_IN_0_1
const char *aionet_ip_range_get_scope_name (AionetIpRange *self);
AIONET_AVAILABLE_IN_0_1
guint64 aionet_ip_range_get_n_addresses (AionetIpRange *self);
AIONET_AVAILABLE_IN_0_1
GInetAddress *aionet_ip_range_get_address_at (AionetIpRange *self, guint64 index);
AIONET_AVAILABLE_IN_0_1
gboolean aionet_ip_range_get_index_of (AionetIpRange *self, GInetAddress *address, guint64 *index);
AIONET_AVAILABLE_IN_0_1
gboolean aionet_ip_range_is_single (AionetIpRange *self);
AIONET_AVAILABLE_IN_0_1
gboolean aionet_ip_range_is_public (AionetIpRange *self);
AIONET_AVAILABLE_IN_0_1
gboolean aionet_ip_range_is_private (AionetIpRange *self);
AIONET_AVAILABLE_IN_0_1
gboolean aionet_ip_range_is_link_local (AionetIpRange *self);
AIONET_AVAILABLE_IN_0_1
gboolean aionet_ip_range_contains (AionetIpRange *self, GInetAddress *address);
AIONET_AVAILABLE_IN_0_1
gboolean aionet_ip_range_overlaps (AionetIpRange *self, AionetIpRange *other);
AIONET_AVAILABLE_IN_0_1
gboolean aionet_ip_range_equal (AionetIpRange *self, AionetIpRange *other);
AIONET_AVAILABLE_IN_0_1
guint aionet_ip_range_hash (AionetIpRange *self);
AIONET_AVAILABLE_IN_0_1
int aionet_ip_range_compare (AionetIpRange *self, AionetIpRange *other);
AIONET_AVAILABLE_IN_0_1
char *aionet_ip_range_to_string (AionetIpRange *self);

G_END_DECLS
