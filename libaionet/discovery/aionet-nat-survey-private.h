/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#pragma once

#include "discovery/aionet-nat-question-private.h"
#include "discovery/aionet-port-delta-private.h"
#include "provider/aionet-mapping.h"

G_BEGIN_DECLS

/* What to ask whom, and when, to find out the type of a NAT: servers and answers in, questions and
 * observations out. Pure: the caller sends, keeps the clock (us), and draws the random number.
 *
 * Everything that does not depend on an answer is asked at once: where the mapping socket is seen,
 * by all servers, and both filtering questions, each from a fresh socket, to each server. Who told
 * an alternate address is asked there as well, which shows the mapping and that silence from there
 * means something. Then come the rounds of probes for the delta; while one is being sent nothing
 * else is. What is not answered is sent again. */

/* So many servers are asked at once, on as many networks: two liars do not outvote the others. */
#define AIONET_NAT_SURVEY_N_OPERATORS 5
/* Where servers without an alternate address are replaced by others, so many in all. */
#define AIONET_NAT_SURVEY_MAX_OPERATORS 12

typedef struct _AionetNatSurvey AionetNatSurvey;

/* protocol: TCP asks for the mapping only. local: of the mapping socket, as far as it is known */
AionetNatSurvey *_aionet_nat_survey_new (GSocketProtocol     protocol,
                                         GInetSocketAddress *local,
                                         gboolean            allow_private,
                                         guint64             random);
void             _aionet_nat_survey_free (AionetNatSurvey *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AionetNatSurvey, _aionet_nat_survey_free)

/* One more that could be asked, best first. */
void _aionet_nat_survey_add_server (AionetNatSurvey *self, GInetSocketAddress *server);
/* How far servers are, from somebody else; for as long as nobody was heard. */
void _aionet_nat_survey_add_hint (AionetNatSurvey *self, gint64 round_trip_us);

/* Appends to due (element-type AionetNatQuestion) (transfer none) what is to be sent now; it
 * counts as sent. Call it after everything that happens, and at the time it returns; G_MAXINT64:
 * there is nothing to wait for. */
gint64 _aionet_nat_survey_step (AionetNatSurvey *self, gint64 now_us, GPtrArray *due);

/* sending: which one was answered, 0 is the first */
void _aionet_nat_survey_take_mapping (AionetNatSurvey   *self,
                                      AionetNatQuestion *question,
                                      guint              sending,
                                      AionetMapping     *mapping,
                                      gint64             now_us);
/* answer: ERROR or REFUSED */
void _aionet_nat_survey_take_failure (AionetNatSurvey   *self,
                                      AionetNatQuestion *question,
                                      guint              sending,
                                      AionetNatAnswer    answer);
/* The local port of a probe for the delta was taken. */
void _aionet_nat_survey_take_unbound (AionetNatSurvey *self, AionetNatQuestion *question);
/* Nothing is going to be asked or answered any more. */
void _aionet_nat_survey_close (AionetNatSurvey *self);

/* Whether nobody needs to wait for question any more. */
gboolean _aionet_nat_survey_is_over (AionetNatSurvey *self, const AionetNatQuestion *question);
/* Silence was given a fair chance to be none: a verdict that is settled may be believed. */
gboolean _aionet_nat_survey_is_thorough (AionetNatSurvey *self);
/* All is asked and answered, or given up. */
gboolean _aionet_nat_survey_is_exhausted (AionetNatSurvey *self);
/* Nothing else must be sent now: a round of probes is under way. */
gboolean _aionet_nat_survey_is_holding (AionetNatSurvey *self);
/* The delta is known, or does not apply: not translated, IPv6, TCP. */
gboolean _aionet_nat_survey_has_delta (AionetNatSurvey *self);
gboolean _aionet_nat_survey_get_delta (AionetNatSurvey *self, AionetPortDelta *delta);

/* Valid as long as the survey; changes with each step. */
AionetNatObservations *_aionet_nat_survey_get_observations (AionetNatSurvey *self);
/* What more than half of the servers asked see the mapping socket at, by address; family 0: no
 * such. Its port is that of one of them. */
AionetNatEndpoint _aionet_nat_survey_get_external (AionetNatSurvey *self);
/* Anybody can send to a mapping: what does not come back from the own side is kept by no filter. */
gboolean _aionet_nat_survey_lets_in (AionetNatSurvey *self);
/* From a sending to the time an answer of any server is overdue */
gint64 _aionet_nat_survey_get_wait (AionetNatSurvey *self);
/* The longest round trip heard, 0: none */
gint64 _aionet_nat_survey_get_round_trip (AionetNatSurvey *self);
guint  _aionet_nat_survey_get_n_heard (AionetNatSurvey *self);

G_END_DECLS
