/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#pragma once

#if !defined(AIONET_INSIDE) && !defined(AIONET_COMPILATION)
#error "Only <aionet.h> can be included directly."
#endif

#include <gio/gio.h>

#include <aionet-version.h>

#include <provider/aionet-plugin-info.h>
#include <provider/aionet-provider.h>

G_BEGIN_DECLS

#define AIONET_TYPE_REGISTRY (aionet_registry_get_type ())

AIONET_AVAILABLE_IN_0_1
G_DECLARE_FINAL_TYPE (AionetRegistry, aionet_registry, AIONET, REGISTRY, GObject)

AIONET_AVAILABLE_IN_0_1
AionetRegistry *aionet_registry_get_default (void);
AIONET_AVAILABLE_IN_0_1
AionetRegistry *aionet_registry_new (void);

AIONET_AVAILABLE_IN_0_1
gboolean aionet_registry_add_type (
    AionetRegistry *self, GType type, const char *name, int priority, GError **error);
AIONET_AVAILABLE_IN_0_1
gboolean aionet_registry_scan (AionetRegistry *self, const char *directory, GError **error);
AIONET_AVAILABLE_IN_0_1
AionetProvider *aionet_registry_create_provider (AionetRegistry *self,
                                                 GType           kind,
                                                 const char     *name,
                                                 GError        **error);
AIONET_AVAILABLE_IN_0_1
AionetPluginInfo *aionet_registry_lookup (AionetRegistry *self, GType kind, const char *name);
AIONET_AVAILABLE_IN_0_1
void aionet_registry_check_support (AionetRegistry *self);
AIONET_AVAILABLE_IN_0_1
char *aionet_registry_explain (AionetRegistry *self, GType kind);

G_END_DECLS
