/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#pragma once

#include <gio/gio.h>

#include "value/aionet-target.h"

G_BEGIN_DECLS

/* Resolves a target to the addresses of one family (G_SOCKET_FAMILY_INVALID: any, ordered as
 * RFC 8305 says: families interleaved, IPv6 first). Literals never leave the process. `0.0.0.0`
 * and `::` become loopback (case A-08), `localhost` by family. scope_id is used for link-local
 * destinations that name none (case A-04), the user's scope wins, a public or loopback
 * address never gets one. A name without an address of the family: error that names
 * the family. The resolver runs in a thread of GIO's; the loop never blocks. */
void _aionet_resolve_async (AionetTarget       *target,
                            GSocketFamily       family,
                            guint32             scope_id,
                            GCancellable       *cancellable,
                            GAsyncReadyCallback callback,
                            gpointer            user_data);
/* Returns: (transfer full) (element-type GInetSocketAddress): never empty. */
GPtrArray *_aionet_resolve_finish (GAsyncResult *result, GError **error);

G_END_DECLS
