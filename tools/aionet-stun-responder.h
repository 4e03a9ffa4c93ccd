/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* What a STUN server says: bytes and where they came from to the bytes of the answer, or nothing.
 * Binding of RFC 8489 and, for clients that send no cookie, of RFC 3489. No socket, no clock. */

/* Larger requests are nothing a Binding client sends. */
#define AIONET_STUN_MAX_REQUEST 1280

typedef struct
{
  const char         *software; /* (nullable) */
  GInetSocketAddress *answer;   /* (nullable) told to everybody, whatever is true; port 0: theirs */
  guint               error_code; /* 300..699 answers everything with that error; 0: none */
} AionetStunResponder;

typedef struct
{
  guint64 n_answered; /* success */
  guint64 n_errors;   /* answers of the error class */
  guint64 n_ignored;  /* malformed, or no Binding request */
} AionetStunCounters;

/* counters: (inout). Returns: (transfer full) (nullable) */
GBytes *aionet_stun_responder_answer (const AionetStunResponder *self,
                                      const guint8              *data,
                                      gsize                      length,
                                      GInetSocketAddress        *source,
                                      AionetStunCounters        *counters);

/* Length of the request that a stream begins with; 0: more bytes are needed; -1: none begins so. */
gssize aionet_stun_responder_frame (const guint8 *data, gsize length);

G_END_DECLS
