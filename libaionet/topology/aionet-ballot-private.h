/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#pragma once

#include "engine/aionet-local-private.h"
#include "topology/aionet-load-context-private.h"

G_BEGIN_DECLS

/* Asks the STUN servers of one family from one local address by one protocol until they agree on
 * an external address: round after round of the consensus, a new one each HEDGE_MS, or at once when
 * nobody is left to wait for. One main context. */
typedef struct _AionetBallot AionetBallot;

/* Called once, when the ballot is over. May be called out of start (). */
typedef void (*AionetBallotFunc) (gpointer user_data);

AionetBallot *_aionet_ballot_new (AionetLoadContext *context,
                                  const AionetLocal *local,
                                  GSocketProtocol    protocol,
                                  AionetBallotFunc   func,
                                  gpointer           user_data);
void          _aionet_ballot_start (AionetBallot *self);
/* Cancels what is under way, tells nobody, drops the reference. */
void _aionet_ballot_free (AionetBallot *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AionetBallot, _aionet_ballot_free)

/* The time is up: who has not answered by now is silent. May bring agreement; tells nobody. */
void     _aionet_ballot_close (AionetBallot *self);

gboolean _aionet_ballot_is_over (AionetBallot *self);
/* (nullable) (transfer none): only after agreement */
GInetAddress *_aionet_ballot_get_external (AionetBallot *self);
gboolean      _aionet_ballot_is_confirmed (AionetBallot *self);
guint         _aionet_ballot_get_n_heard (AionetBallot *self);
/* Why there is no agreement, with the first error that was no silence; without full stop */
char *_aionet_ballot_explain (AionetBallot *self);

G_END_DECLS
