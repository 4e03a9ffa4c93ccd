/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* TLS over one connected socket, through GIO: whichever backend is installed. It never blocks the
 * caller; GIO runs the handshake in a thread, so the socket must neither be closed nor used
 * otherwise before the handshake has ended, be it by its cancellation. */

typedef struct
{
  gboolean               is_server;
  GTlsCertificate       *certificate; /* (nullable) our own */
  GTlsDatabase          *database;    /* (nullable) NULL: the system's */
  GTlsCertificateFlags   validation_flags;
  GTlsAuthenticationMode authentication_mode; /* of clients, by a server */
  char                 **alpn;                /* (nullable) */
  GSocketConnectable    *identity;            /* (nullable) whom a client expects */
} AionetTlsParameters;

typedef struct _AionetTlsSession AionetTlsSession;

/* Errors: G_TLS_ERROR_UNAVAILABLE, G_TLS_ERROR_CERTIFICATE_REQUIRED of a server. */
AionetTlsSession *
_aionet_tls_session_new (GSocket *socket, const AionetTlsParameters *parameters, GError **error);
/* Closes the socket. notify: say goodbye first if that is possible without waiting. */
void _aionet_tls_session_close (AionetTlsSession *self, gboolean notify);
void _aionet_tls_session_free (AionetTlsSession *self);
/* Leaves the socket to the stream. Returns: (transfer full) */
GIOStream *_aionet_tls_session_free_to_stream (AionetTlsSession *self);

/* The session is the callback's from now on: it frees it, or keeps it. */
void _aionet_tls_session_handshake_async (AionetTlsSession   *self,
                                          GMainContext       *context,
                                          GCancellable       *cancellable,
                                          GAsyncReadyCallback callback,
                                          gpointer            user_data);
gboolean
_aionet_tls_session_handshake_finish (AionetTlsSession *self, GAsyncResult *result, GError **error);

/* -1 with G_IO_ERROR_WOULD_BLOCK: later. Reading, 0 is the end the peer announced. Whoever stops
 * reading earlier asks again without waiting for the socket: the rest may be in here. Writing, what
 * would block has to be repeated with the same bytes. */
gssize
_aionet_tls_session_read (AionetTlsSession *self, guint8 *buffer, gsize length, GError **error);
gssize      _aionet_tls_session_write (AionetTlsSession *self,
                                       const guint8     *data,
                                       gsize             length,
                                       GError          **error);

const char *_aionet_tls_session_get_protocol (AionetTlsSession *self);
/* Returns: (transfer none) (nullable) */
GTlsCertificate *_aionet_tls_session_get_peer_certificate (AionetTlsSession *self);

G_END_DECLS
