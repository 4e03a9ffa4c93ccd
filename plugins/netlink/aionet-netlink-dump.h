/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#pragma once

#include "aionet-netlink-tables.h"

G_BEGIN_DECLS

/* Reads all tables in the thread-default main context, without ever blocking it. Errors:
 * G_IO_ERROR by the kernel's errno, G_IO_ERROR_CANCELLED. */
void aionet_netlink_dump_async (GCancellable       *cancellable,
                                GAsyncReadyCallback callback,
                                gpointer            user_data);
/* Returns: (transfer full) */
AionetNetlinkTables *aionet_netlink_dump_finish (GAsyncResult *result, GError **error);

G_END_DECLS
