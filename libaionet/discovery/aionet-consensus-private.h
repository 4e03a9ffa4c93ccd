/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* Agreement of STUN servers on one external address. Pure: events in, verdict out;
 * the caller keeps the clock. A network (IPv4 /24, IPv6 /48) of servers has one vote an address. */

typedef struct _AionetConsensus AionetConsensus;

typedef enum
{
  AIONET_CONSENSUS_OPEN,   /* more answers could decide */
  AIONET_CONSENSUS_AGREED, /* external is accepted */
  AIONET_CONSENSUS_FAILED, /* no answer that is still to come could bring agreement */
} AionetConsensusState;

/* servers: (element-type GInetSocketAddress) all that could be asked, in order of preference;
 * min_agree >= 1 */
AionetConsensus *_aionet_consensus_new (GPtrArray *servers, guint min_agree);
void             _aionet_consensus_free (AionetConsensus *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AionetConsensus, _aionet_consensus_free)

/* One more server that could be asked: its name was resolved after the first round had begun. Its
 * index is the number of servers before. A consensus that had FAILED may be OPEN again. An empty
 * consensus, made to be filled so, is FAILED. */
void _aionet_consensus_add_server (AionetConsensus *self, GInetSocketAddress *server);

/* Indexes of the servers to ask in the next round, appended to indexes (element-type guint): the
 * first call gives three on distinct networks; each later one hedges more widely, so that half of
 * the servers dead costs one hedge only. Nothing appended: all were asked. */
void _aionet_consensus_next_round (AionetConsensus *self, GArray *indexes);

/* A second answer of a server is ignored; when it differs, the server loses its vote. An answer
 * after a failure counts. */
void _aionet_consensus_add_answer (AionetConsensus *self, guint server, GInetAddress *external);
/* The server was asked and will not answer any more: refused, reset, error class, insane. */
void _aionet_consensus_add_failure (AionetConsensus *self, guint server);
/* The time is up, nobody answers any more. With fewer networks than min_agree, where the verdict
 * waits for all servers, this is what lets those that did answer agree. */
void                 _aionet_consensus_close (AionetConsensus *self);

AionetConsensusState _aionet_consensus_get_state (AionetConsensus *self);
/* (nullable) (transfer none): only when AGREED */
GInetAddress *_aionet_consensus_get_external (AionetConsensus *self);
/* Whether min_agree networks agreed: FALSE without agreement, and when fewer networks than that
 * were there when it was reached. */
gboolean _aionet_consensus_is_confirmed (AionetConsensus *self);
/* Servers asked that have neither answered nor failed; servers heard. */
guint _aionet_consensus_get_n_pending (AionetConsensus *self);
guint _aionet_consensus_get_n_heard (AionetConsensus *self);
/* One sentence without full stop on why there is no agreement: "no answer from 5 servers",
 * "5 servers gave 5 different addresses", "only 1 of 5 servers answered, 2 must agree". */
char *_aionet_consensus_explain (AionetConsensus *self);

/* A mapped address that a server may tell: unicast, not loopback, link-local, unspecified, right
 * family, port not 0. Private ones only with allow_private. */
gboolean _aionet_consensus_is_sane (GInetSocketAddress *external,
                                    GSocketFamily       family,
                                    gboolean            allow_private);

G_END_DECLS
