/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#pragma once

#include "discovery/aionet-nat-observations-private.h"
#include "value/aionet-nat.h"

G_BEGIN_DECLS

/* What a verdict is put together from: votes, what is lost, and findings. Pure. */

/* From here on a finding is certain. */
#define AIONET_NAT_CERTAIN 0.5
/* The odds of being wrong that a certain finding may have. */
#define AIONET_NAT_MAX_ERROR 0.001

typedef enum
{
  AIONET_NAT_VOTE_NONE,
  AIONET_NAT_VOTE_YES,
  AIONET_NAT_VOTE_NO,
  AIONET_NAT_VOTE_PENDING, /* may still say either */
} AionetNatVote;

/* Numbers of networks. One whose operators contradict each other has no vote. */
typedef struct
{
  guint n_yes;
  guint n_no;
  guint n_pending;
} AionetNatTally;

/* votes: one an operator, in order. */
AionetNatTally _aionet_nat_tally (const AionetNatObservations *observations,
                                  const AionetNatVote         *votes);
/* What it is worth that n_for networks say so: below AIONET_NAT_CERTAIN when it is one only, or
 * when those against and those still to come could outvote it. Adds a reason why not. question:
 * "the mapping", for the reason. */
double _aionet_nat_weigh (
    guint n_for, guint n_against, guint n_pending, const char *question, GPtrArray *reasons);

/* Requests to places that are known to be alive: how many were answered, how many lost. */
typedef struct
{
  guint n_answered;
  guint n_lost;
} AionetNatLoss;

AionetNatLoss _aionet_nat_loss_count (const AionetNatObservations *observations);
/* How likely n_silent requests are all lost where what is in the way is loss only. */
double _aionet_nat_loss_predict (AionetNatLoss loss, guint n_silent);

/* An answer from where it has to come from. */
gboolean _aionet_nat_operator_is_alive (const AionetNatOperator *self, AionetNatPlace place);
/* Anything came back at all; nothing yet, but it may. */
gboolean _aionet_nat_operator_is_heard (const AionetNatOperator *self);
gboolean _aionet_nat_operator_is_pending (const AionetNatOperator *self);

/* All that was asked of all operators. */
typedef struct
{
  guint n_networks; /* asked anything */
  guint n_refused;  /* tests */
  guint n_lost;     /* requests */
} AionetNatEffort;

AionetNatEffort _aionet_nat_effort_count (const AionetNatObservations *observations);

typedef struct
{
  AionetNatBehavior behavior;
  gboolean          is_translated;
  gboolean          is_assumed; /* which of the two dependent ones it is was not seen */
  double            confidence; /* of is_translated, and of its being endpoint-independent or not */
} AionetNatMappingFinding;

/* reasons: (element-type utf8) appended to */
AionetNatMappingFinding _aionet_nat_find_mapping (const AionetNatObservations *observations,
                                                  GPtrArray                   *reasons);

typedef struct
{
  AionetNatBehavior behavior; /* UNKNOWN: no operator could be asked */
  double            confidence;
} AionetNatFilteringFinding;

AionetNatFilteringFinding _aionet_nat_find_filtering (const AionetNatObservations *observations,
                                                      GPtrArray                   *reasons);

void _aionet_nat_add_reason (GPtrArray *reasons, const char *format, ...) G_GNUC_PRINTF (2, 3);

G_END_DECLS
