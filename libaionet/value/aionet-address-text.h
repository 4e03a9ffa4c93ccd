/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#pragma once

#if !defined(AIONET_INSIDE) && !defined(AIONET_COMPILATION)
#error "Only <aionet.h> can be included directly."
#endif

#include <gio/gio.h>

#include <aionet-version.h>

G_BEGIN_DECLS

AIONET_AVAILABLE_IN_0_1
gboolean
aionet_prefix_length_from_netmask (const char *netmask, guint *prefix_length, GError **error);
AIONET_AVAILABLE_IN_0_1
char *aionet_address_normalize (const char *text, GError **error);
AIONET_AVAILABLE_IN_0_1
char *aionet_hardware_address_normalize (const char *text, GError **error);

G_END_DECLS
