/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* Remembers how long each server address takes to answer, whatever the port (RFC 8489, section
 * 6.2.1; estimated as in RFC 6298, to 1 ms). Bounded; reads no clock; for one
 * thread. */

#define AIONET_NICE_RTO_MAX_AGE_US (10 * 60 * G_USEC_PER_SEC)
#define AIONET_NICE_RTO_MAX_SERVERS 256
#define AIONET_NICE_RTO_MAX_MS 60000

typedef struct _AionetNiceRtoCache AionetNiceRtoCache;

AionetNiceRtoCache                *aionet_nice_rto_cache_new (void);
AionetNiceRtoCache                *aionet_nice_rto_cache_ref (AionetNiceRtoCache *self);
void                               aionet_nice_rto_cache_unref (AionetNiceRtoCache *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AionetNiceRtoCache, aionet_nice_rto_cache_unref)

/* Only for answers to a request that was sent once (Karn): else nobody knows what was answered. */
void aionet_nice_rto_cache_add (AionetNiceRtoCache *self,
                                GInetAddress       *server,
                                gint64              round_trip_us,
                                gint64              now_us);
/* initial_ms: for servers not heard of lately, and the least that is returned. RFC 8489: SHOULD be
 * 500 ms or more, save where the network is known. */
guint aionet_nice_rto_cache_get (AionetNiceRtoCache *self,
                                 GInetAddress       *server,
                                 guint               initial_ms,
                                 gint64              now_us);
guint aionet_nice_rto_cache_get_size (AionetNiceRtoCache *self);

G_END_DECLS
