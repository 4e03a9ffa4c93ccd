/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#pragma once

#include <aionet.h>

G_BEGIN_DECLS

typedef struct _AionetGetifaddrsMonitor AionetGetifaddrsMonitor;

/* Calls aionet_address_backend_emit_changed () in context, once for a burst of changes, as long as
 * the backend lives. Returns at once: GNetworkMonitor is found in a thread. */
AionetGetifaddrsMonitor *aionet_getifaddrs_monitor_new (GMainContext         *context,
                                                        AionetAddressBackend *backend);
void                     aionet_getifaddrs_monitor_free (AionetGetifaddrsMonitor *self);

G_END_DECLS
