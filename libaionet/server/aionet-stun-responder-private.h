/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#pragma once

#include "engine/aionet-sockaddr-private.h"

G_BEGIN_DECLS

/* What a STUN server says: a request, where it came from and where it arrived, to an answer and the
 * endpoint that has to send it. Binding of RFC 8489 and, for clients that send no cookie, of RFC
 * 3489, with what RFC 5780 adds. No socket, no clock, nothing remembered between two requests.
 *
 * An answer is longer than its request by what is required only: by at most 12 bytes (IPv6: 24) for
 * the mapped address, and by at most 24 (48) for the two addresses of RFC 5780, or of RFC 3489,
 * where there is an alternate address. Everything else is left out unless it fits. */

/* Nothing that asks for a mapping is longer: PADDING is of about an MTU. */
#define AIONET_STUN_MAX_REQUEST 2048
/* A multiple of 4: libnice forgets the padding when it checks bounds. */
#define AIONET_STUN_MAX_ANSWER 2304
#define AIONET_STUN_MAX_EXCESS_IPV4 36
#define AIONET_STUN_MAX_EXCESS_IPV6 72

/* Endpoints of a server as the one that was asked sees them: the flags of CHANGE-REQUEST / 2. */
#define AIONET_STUN_N_ORIGINS 4
#define AIONET_STUN_ORIGIN_ASKED 0
#define AIONET_STUN_ORIGIN_OTHER_PORT 1
#define AIONET_STUN_ORIGIN_OTHER_ADDRESS 2
#define AIONET_STUN_ORIGIN_OTHER 3

typedef struct
{
  const guint8         *data;
  gsize                 length;
  const AionetSockaddr *source;
  /* AIONET_STUN_N_ORIGINS, as the outside knows them; AF_UNSPEC: there is none */
  const AionetSockaddr *origins;
  gboolean              is_stream; /* of a connection, that cannot be answered from elsewhere */
} AionetStunQuestion;

typedef struct
{
  gsize    length;
  guint    origin; /* which of the endpoints is to send it */
  guint16  port;   /* of the source to send it to, if not the one it came from; 0: that */
  gboolean is_error;
  guint8   data[AIONET_STUN_MAX_ANSWER];
} AionetStunReply;

typedef struct _AionetStunResponder AionetStunResponder;

/* software: (nullable) */
AionetStunResponder *_aionet_stun_responder_new (const char *software, gboolean has_padding);
void                 _aionet_stun_responder_free (AionetStunResponder *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AionetStunResponder, _aionet_stun_responder_free)

/* FALSE: no Binding request, which gets no answer. */
gboolean _aionet_stun_responder_answer (AionetStunResponder      *self,
                                        const AionetStunQuestion *question,
                                        AionetStunReply          *reply);

/* Length of the request that a stream begins with; 0: more bytes are needed; -1: none begins so. */
gssize _aionet_stun_responder_frame (const guint8 *data, gsize length);

G_END_DECLS
