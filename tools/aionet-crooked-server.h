/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#pragma once

#include <aionet.h>

G_BEGIN_DECLS

/* A STUN server that misbehaves, for the lab and for tests of clients: it takes the answers of the
 * real one and spoils them. */

typedef struct
{
  GInetSocketAddress *answer;     /* (nullable) told to everybody as mapped; port 0: theirs */
  GInetSocketAddress *alternate;  /* (nullable) announced as the other endpoint; nobody serves it */
  guint               error_code; /* 300..699: the answer to everything; 0: none */
  guint               delay_ms;   /* answers that much later */
  guint               n_copies;   /* how many times each answer is sent, at least 1 */
  gboolean            silent;     /* receives and says nothing */
  gboolean            stalls;     /* TCP: half an answer, then nothing; UDP: nothing */
  gboolean            truncates;  /* half an answer */
  gboolean            ignores_change; /* answers from where it was asked, and says so */
  gboolean            same_address;   /* announces its other port as the other endpoint */
  gboolean            from_elsewhere; /* answers come from a port that was not asked */
} AionetCrookedness;

#define AIONET_TYPE_CROOKED_SERVER (aionet_crooked_server_get_type ())
G_DECLARE_FINAL_TYPE (
    AionetCrookedServer, aionet_crooked_server, AIONET, CROOKED_SERVER, AionetStunServer)

gboolean aionet_crookedness_is_any (const AionetCrookedness *self);

/* crookedness must live as long as the server. */
AionetStunServer *aionet_crooked_server_new (const AionetCrookedness *crookedness);

G_END_DECLS
