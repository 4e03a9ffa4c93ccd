/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#pragma once

#if !defined(AIONET_INSIDE) && !defined(AIONET_COMPILATION)
#error "Only <aionet.h> can be included directly."
#endif

#include <gio/gio.h>

#include <aionet-version.h>

#include <provider/aionet-address-backend.h>
#include <provider/aionet-registry.h>
#include <provider/aionet-stun-provider.h>
#include <topology/aionet-interface.h>

G_BEGIN_DECLS

#define AIONET_TYPE_HOST (aionet_host_get_type ())

AIONET_AVAILABLE_IN_0_1
G_DECLARE_FINAL_TYPE (AionetHost, aionet_host, AIONET, HOST, GObject)

AIONET_AVAILABLE_IN_0_1
AionetHost *aionet_host_get_default (void);
AIONET_AVAILABLE_IN_0_1
AionetHost *aionet_host_new (void);

AIONET_AVAILABLE_IN_0_1
AionetRegistry *aionet_host_get_registry (AionetHost *self);
AIONET_AVAILABLE_IN_0_1
AionetAddressBackend *aionet_host_get_address_backend (AionetHost *self, GError **error);
AIONET_AVAILABLE_IN_0_1
void aionet_host_set_address_backend (AionetHost *self, AionetAddressBackend *backend);
AIONET_AVAILABLE_IN_0_1
AionetStunProvider *aionet_host_get_stun_provider (AionetHost *self, GError **error);
AIONET_AVAILABLE_IN_0_1
void aionet_host_set_stun_provider (AionetHost *self, AionetStunProvider *provider);
AIONET_AVAILABLE_IN_0_1
const char *const *aionet_host_get_stun_servers (AionetHost *self);
AIONET_AVAILABLE_IN_0_1
void aionet_host_set_stun_servers (AionetHost *self, const char *const *servers);
AIONET_AVAILABLE_IN_0_1
guint aionet_host_get_min_agree (AionetHost *self);
AIONET_AVAILABLE_IN_0_1
void aionet_host_set_min_agree (AionetHost *self, guint min_agree);
AIONET_AVAILABLE_IN_0_1
guint aionet_host_get_timeout (AionetHost *self);
AIONET_AVAILABLE_IN_0_1
void aionet_host_set_timeout (AionetHost *self, guint timeout_ms);
AIONET_AVAILABLE_IN_0_1
gboolean aionet_host_get_allow_private (AionetHost *self);
AIONET_AVAILABLE_IN_0_1
void aionet_host_set_allow_private (AionetHost *self, gboolean allow_private);

AIONET_AVAILABLE_IN_0_1
void aionet_host_refresh_async (AionetHost         *self,
                                GCancellable       *cancellable,
                                GAsyncReadyCallback callback,
                                gpointer            user_data);
AIONET_AVAILABLE_IN_0_1
gboolean aionet_host_refresh_finish (AionetHost *self, GAsyncResult *result, GError **error);
AIONET_AVAILABLE_IN_0_1
void aionet_host_load_all_async (AionetHost         *self,
                                 GCancellable       *cancellable,
                                 GAsyncReadyCallback callback,
                                 gpointer            user_data);
AIONET_AVAILABLE_IN_0_1
gboolean aionet_host_load_all_finish (AionetHost *self, GAsyncResult *result, GError **error);
AIONET_AVAILABLE_IN_0_1
AionetInterface *aionet_host_get_interface (AionetHost *self, const char *name);
AIONET_AVAILABLE_IN_0_1
AionetInterface *aionet_host_get_preferred_interface (AionetHost *self);

G_END_DECLS
