/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#pragma once

#include <aionet.h>

G_BEGIN_DECLS

typedef struct _AionetNetlinkWatch AionetNetlinkWatch;

/* Calls changed in context, once for a burst of events, until it is freed (in that context's
 * thread). Errors: G_IO_ERROR by errno. */
AionetNetlinkWatch *aionet_netlink_watch_new (GMainContext *context,
                                              void (*changed) (gpointer user_data),
                                              gpointer user_data,
                                              GError **error);
void                aionet_netlink_watch_free (AionetNetlinkWatch *self);

G_END_DECLS
