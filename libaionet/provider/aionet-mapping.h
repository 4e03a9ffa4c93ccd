/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#pragma once

#if !defined(AIONET_INSIDE) && !defined(AIONET_COMPILATION)
#error "Only <aionet.h> can be included directly."
#endif

#include <gio/gio.h>

#include <aionet-version.h>

G_BEGIN_DECLS

#define AIONET_TYPE_MAPPING (aionet_mapping_get_type ())

AIONET_AVAILABLE_IN_0_1
G_DECLARE_FINAL_TYPE (AionetMapping, aionet_mapping, AIONET, MAPPING, GObject)

AIONET_AVAILABLE_IN_0_1
AionetMapping *aionet_mapping_new (GSocketProtocol     protocol,
                                   GInetSocketAddress *server,
                                   GInetSocketAddress *local,
                                   GInetSocketAddress *external);

AIONET_AVAILABLE_IN_0_1
GSocketProtocol aionet_mapping_get_protocol (AionetMapping *self);
AIONET_AVAILABLE_IN_0_1
GInetSocketAddress *aionet_mapping_get_server (AionetMapping *self);
AIONET_AVAILABLE_IN_0_1
GInetSocketAddress *aionet_mapping_get_local (AionetMapping *self);
AIONET_AVAILABLE_IN_0_1
GInetSocketAddress *aionet_mapping_get_external (AionetMapping *self);
AIONET_AVAILABLE_IN_0_1
GInetSocketAddress *aionet_mapping_get_origin (AionetMapping *self);
AIONET_AVAILABLE_IN_0_1
GInetSocketAddress *aionet_mapping_get_other_address (AionetMapping *self);
AIONET_AVAILABLE_IN_0_1
const char *aionet_mapping_get_software (AionetMapping *self);
AIONET_AVAILABLE_IN_0_1
gint64 aionet_mapping_get_round_trip_us (AionetMapping *self);
AIONET_AVAILABLE_IN_0_1
guint aionet_mapping_get_n_sent (AionetMapping *self);

G_END_DECLS
