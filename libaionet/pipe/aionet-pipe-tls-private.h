/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#pragma once

#include "pipe/aionet-pipe-private.h"
#include "pipe/aionet-pipe-tls.h"
#include "pipe/aionet-tls-session-private.h"

G_BEGIN_DECLS

/* What a pipe that speaks TLS has besides. -tls.c is what a program sets and asks, -tls-io.c reads
 * and writes, -secure.c makes the session, while the pipe is being opened. */

typedef enum
{
  AIONET_TLS_ENABLED,
  AIONET_TLS_CERTIFICATE,
  AIONET_TLS_DATABASE,
  AIONET_TLS_VALIDATION_FLAGS,
  AIONET_TLS_AUTHENTICATION_MODE,
  AIONET_TLS_ALPN,
  AIONET_TLS_SERVER_NAME,
  AIONET_TLS_NEGOTIATED_PROTOCOL,
  AIONET_TLS_PEER_CERTIFICATE,
  AIONET_N_TLS_PROPERTIES
} AionetTlsProperty;

struct _AionetPipeTls
{
  /* What the program wants. */
  gboolean               enabled;
  GTlsCertificate       *certificate; /* (owned) (nullable) */
  GTlsDatabase          *database;    /* (owned) (nullable) */
  GTlsCertificateFlags   validation_flags;
  GTlsAuthenticationMode authentication_mode;
  char                 **alpn;        /* (owned) (nullable) */
  char                  *server_name; /* (owned) (nullable) */

  /* What it got. */
  AionetTlsSession *session;          /* (owned) (nullable) while the pipe is open */
  GError           *write_error;      /* (owned) (nullable) of the last write */
  GSource          *resume;           /* (owned) (nullable) reads on without the socket's word */
  gboolean          has_more;         /* the session was not read until it would block */
  char             *protocol;         /* (owned) (nullable) */
  GTlsCertificate  *peer_certificate; /* (owned) (nullable) */
};

/* aionet-pipe-tls.c */
void _aionet_pipe_install_tls (GObjectClass *object_class, guint first_id);
void _aionet_pipe_get_tls_property (AionetPipe *self, AionetTlsProperty property, GValue *value);
void
_aionet_pipe_set_tls_property (AionetPipe *self, AionetTlsProperty property, const GValue *value);
void     _aionet_pipe_inherit_tls (AionetPipe *self, AionetPipe *server);
gboolean _aionet_pipe_wants_tls (AionetPipe *self);
void     _aionet_pipe_clear_tls (AionetPipe *self);

/* aionet-pipe-tls-io.c */
/* TRUE: the bytes on the socket are not those of the program. */
gboolean _aionet_pipe_is_secure (AionetPipe *self);
/* Takes session over. */
void _aionet_pipe_set_session (AionetPipe *self, AionetTlsSession *session);
void _aionet_pipe_tls_read (AionetPipe *self, guint8 *buffer);
/* As send (2), errno included. */
gssize _aionet_pipe_tls_write (AionetPipe *self, const guint8 *data, gsize length);
/* Returns: (transfer full) (nullable) */
GError *_aionet_pipe_tls_steal_write_error (AionetPipe *self);
/* Reads what the socket will not report, if somebody wants it. */
void _aionet_pipe_tls_update (AionetPipe *self);
/* Returns: (transfer full) the session as a stream, which owns the socket now */
GIOStream *_aionet_pipe_move_session_out (AionetPipe *self);
/* in_order: not because of an error */
void _aionet_pipe_tls_close (AionetPipe *self, gboolean in_order);

G_END_DECLS
