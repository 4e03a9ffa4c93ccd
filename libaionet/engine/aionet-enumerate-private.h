/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* The endpoints a connectable stands for, as _aionet_resolve_async () has those of a target: of one
 * family (G_SOCKET_FAMILY_INVALID: any), in the order of the connectable, scope_id for link-local
 * ones that name none. Whatever comes later than 250 ms after the first is left out. */
void _aionet_enumerate_async (GSocketConnectable *connectable,
                              GSocketFamily       family,
                              guint32             scope_id,
                              GCancellable       *cancellable,
                              GAsyncReadyCallback callback,
                              gpointer            user_data);
/* Returns: (transfer full) (element-type GInetSocketAddress): never empty. Errors: those of the
 * connectable; AIONET_ERROR_UNSUPPORTED_FAMILY if it has none of the family. */
GPtrArray *_aionet_enumerate_finish (GAsyncResult *result, GError **error);

G_END_DECLS
