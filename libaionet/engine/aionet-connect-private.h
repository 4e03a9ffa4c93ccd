/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* Connects TCP to the first of several endpoints that answers (RFC 8305, section 5): an attempt
 * starts when the one before failed or has been silent for 250 ms; the first to be connected wins,
 * the others are closed. No deadline of its own: cancel it. */

/* Makes the socket of one attempt, non-blocking. Returns: (transfer full) */
typedef GSocket *(*AionetConnectSocketFunc) (GSocketAddress *to,
                                             gpointer        user_data,
                                             GError        **error);

/* endpoints: (element-type GSocketAddress), not empty; socket_data must outlive the operation.
 * Errors: G_IO_ERROR of the attempt that came furthest in the list, with the endpoint's name. */
void _aionet_connect_async (GPtrArray              *endpoints,
                            AionetConnectSocketFunc make_socket,
                            gpointer                socket_data,
                            GCancellable           *cancellable,
                            GAsyncReadyCallback     callback,
                            gpointer                user_data);
/* Returns: (transfer full) the connected socket */
GSocket *_aionet_connect_finish (GAsyncResult *result, GError **error);

/* connect (2) once; UDP is done with that. FALSE with G_IO_ERROR_PENDING: under way. */
gboolean _aionet_connect_socket (GSocket *socket, GSocketAddress *to, GError **error);

G_END_DECLS
