/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#pragma once

#include "discovery/aionet-port-delta-private.h"

G_BEGIN_DECLS

/* Rounds of probes that show how a NAT picks ports. Pure; times in us.
 *
 * A round is one plan of ports, probed in order from fresh sockets at one server. While one is
 * being sent nothing else must be: on a NAT that counts, any other new mapping would move the
 * next. One round is one server's word, and packets get lost; so rounds go on, at different
 * servers, until enough say the same. */

#define AIONET_DELTA_MAX_ROUNDS 5

typedef struct _AionetDeltaRounds AionetDeltaRounds;

/* random: the caller's random number. Two rounds have to say the same, until set otherwise. */
AionetDeltaRounds *_aionet_delta_rounds_new (guint64 random);
void               _aionet_delta_rounds_free (AionetDeltaRounds *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AionetDeltaRounds, _aionet_delta_rounds_free)

/* How many rounds have to say the same, as many as MAX_ROUNDS at most. */
void _aionet_delta_rounds_set_agreeing (AionetDeltaRounds *self, guint n_agreeing);
/* Returns whether another round is wanted now. begin () starts it. */
gboolean _aionet_delta_rounds_wants (const AionetDeltaRounds *self);
void     _aionet_delta_rounds_begin (AionetDeltaRounds *self, gint64 now_us);
guint    _aionet_delta_rounds_get_n_rounds (const AionetDeltaRounds *self);

gboolean _aionet_delta_rounds_is_sending (const AionetDeltaRounds *self);
/* Only while sending: when the next probe is due. */
gint64 _aionet_delta_rounds_get_due (const AionetDeltaRounds *self);
/* Counts the next probe of the last round as sent, and returns its index; *port is the local one.
 */
guint _aionet_delta_rounds_send (AionetDeltaRounds *self, gint64 now_us, guint16 *port);

/* local: the port that the probe really came from */
void _aionet_delta_rounds_take (
    AionetDeltaRounds *self, guint round, guint probe, guint16 local, guint16 mapped);
/* The port could not be bound: nothing was sent. */
void _aionet_delta_rounds_take_unbound (AionetDeltaRounds *self, guint round, guint probe);

/* Ends rounds whose answers are all there, or overdue. wait_us: from a sending to that */
void _aionet_delta_rounds_tick (AionetDeltaRounds *self, gint64 now_us, gint64 wait_us);
/* When tick () would end the next round; G_MAXINT64: no round is waited for */
gint64   _aionet_delta_rounds_get_next (const AionetDeltaRounds *self, gint64 wait_us);
gboolean _aionet_delta_rounds_is_over (const AionetDeltaRounds *self, guint round);

/* No more rounds are of use: enough agree, or there were enough. */
gboolean _aionet_delta_rounds_is_settled (const AionetDeltaRounds *self);
/* What the rounds that are over say; FALSE: nothing. */
gboolean _aionet_delta_rounds_get (const AionetDeltaRounds *self, AionetPortDelta *delta);

G_END_DECLS
