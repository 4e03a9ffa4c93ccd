/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#pragma once

#include "pipe/aionet-pipe-private.h"
#include "pipe/aionet-tls-session-private.h"

G_BEGIN_DECLS

/* The last step of opening a pipe that speaks TLS: the handshake over its connected socket, which
 * nobody else may use or close meanwhile. */
void _aionet_pipe_secure_async (AionetPipe         *self,
                                GSocket            *socket,
                                GCancellable       *cancellable,
                                GAsyncReadyCallback callback,
                                gpointer            user_data);
/* Returns: (transfer full) */
AionetTlsSession *_aionet_pipe_secure_finish (GAsyncResult *result, GError **error);
/* Closes the socket, too. */
void _aionet_pipe_drop_session (AionetTlsSession *session);

/* Settings that can lead nowhere. */
gboolean _aionet_pipe_check_tls (AionetPipe *self, GError **error);

G_END_DECLS
