/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#pragma once

#include "engine/aionet-sockaddr-private.h"

G_BEGIN_DECLS

/* How many answers the addresses of one prefix (IPv4 /24, IPv6 /56) get: a token bucket each,
 * filled within a second, in a table of fixed size. A source address may be forged: this bounds
 * what anybody's network gets to hear because of somebody else. Pure but for its seed: the caller
 * has the clock. */
typedef struct _AionetStunLimiter AionetStunLimiter;

/* max_rate: answers a second, and at once, at least 1 */
AionetStunLimiter *_aionet_stun_limiter_new (guint max_rate);
void               _aionet_stun_limiter_free (AionetStunLimiter *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AionetStunLimiter, _aionet_stun_limiter_free)

/* TRUE: may be answered, and is counted. */
gboolean
_aionet_stun_limiter_admit (AionetStunLimiter *self, const AionetSockaddr *source, gint64 now_us);

G_END_DECLS
