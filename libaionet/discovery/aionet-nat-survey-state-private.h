/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#pragma once

#include "discovery/aionet-delta-rounds-private.h"
#include "discovery/aionet-nat-survey-private.h"

G_BEGIN_DECLS

/* What a survey knows, for its parts; what follows from it is here, what is done in the survey. */

typedef struct
{
  GInetSocketAddress *server; /* (owned) */
  AionetNatPace       pace;
  gboolean            has_places; /* its other places are being asked */
} AionetNatSurveyOperator;

struct _AionetNatSurvey
{
  gboolean               allow_private;
  AionetNatObservations *observations; /* (owned) */
  GPtrArray             *servers;      /* (owned) (element-type GInetSocketAddress) */
  guint                  n_looked_at;  /* of servers */
  GArray                *operators; /* (owned) (element-type AionetNatSurveyOperator) as observed */
  AionetNatPace          all;
  GPtrArray             *questions; /* (owned) (element-type AionetNatQuestion) */
  guint                  n_sockets;
  AionetDeltaRounds     *delta; /* (owned) */
  guint                  delta_operator;
  gboolean               is_closed;
};

AionetNatSurveyOperator *_aionet_nat_survey_get_operator (AionetNatSurvey *self, guint index);
const AionetNatTest     *_aionet_nat_survey_get_primary (AionetNatSurvey *self, guint index);
gboolean                 _aionet_nat_survey_is_heard (AionetNatSurvey *self, guint index);
/* (transfer full) (nullable): NULL when there is none that may be asked */
GInetSocketAddress          *
_aionet_nat_survey_dup_place (AionetNatSurvey *self, guint index, AionetNatPlace place);
gboolean _aionet_nat_survey_has_alternate (AionetNatSurvey *self, guint index);
/* Its primary and its alternate answer. */
gboolean _aionet_nat_survey_is_alive (AionetNatSurvey *self, guint index);
/* Operators that have an alternate address, or may have one as far as is known. */
guint _aionet_nat_survey_count_candidates (AionetNatSurvey *self);
/* Servers of one network are under one hand, which has one vote. */
gboolean _aionet_nat_survey_is_new_network (AionetNatSurvey *self, GInetSocketAddress *server);
/* The next operator whose word on the mapping socket was that of the majority becomes the delta's;
 * FALSE: none, or no rounds are to be run. */
gboolean _aionet_nat_survey_choose_delta_operator (AionetNatSurvey *self);
gboolean _aionet_nat_survey_needs_delta (AionetNatSurvey *self);

G_END_DECLS
