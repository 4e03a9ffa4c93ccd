/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#pragma once

#include "discovery/aionet-nat-observations-private.h"
#include "discovery/aionet-nat-pace-private.h"
#include "provider/aionet-stun-request.h"

G_BEGIN_DECLS

/* One question to one server, sent until it is answered or often enough. Pure; times in us. */

typedef enum
{
  AIONET_NAT_QUESTION_MAPPING,     /* plain, to one of the places, from the mapping socket */
  AIONET_NAT_QUESTION_CHANGE_BOTH, /* to the primary, from a socket of its own */
  AIONET_NAT_QUESTION_CHANGE_PORT, /* to the primary, from a socket of its own */
  AIONET_NAT_QUESTION_DELTA,       /* plain, to the primary, from a socket of its own */
} AionetNatQuestionKind;

typedef struct
{
  AionetNatQuestionKind kind;
  guint                 operator; /* index in the observations */
  AionetNatPlace        place;    /* of MAPPING, else the primary */
  guint                 round;    /* of DELTA */
  guint                 probe;    /* of DELTA */
  GInetSocketAddress   *server;   /* (owned) where it is sent to */
  AionetStunChange      change;
  guint                 socket;     /* questions of one number share one */
  guint16               local_port; /* 0: any */
  guint                 max_sends;
  guint                 n_sent;
  gint64                sent_us[AIONET_NAT_MAX_SENDS];
  guint                 n_refused;      /* times, not sendings */
  guint                 n_sent_refused; /* that many sendings were refused together, at most */
  gboolean              is_answered;    /* or refused: no more is to come */
} AionetNatQuestion;

/* Takes server. */
AionetNatQuestion *
_aionet_nat_question_new (AionetNatQuestionKind kind, guint operator, GInetSocketAddress * server);
void _aionet_nat_question_free (AionetNatQuestion *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AionetNatQuestion, _aionet_nat_question_free)

/* What it fills; not for DELTA. */
AionetNatTest *_aionet_nat_question_get_test (const AionetNatQuestion     *self,
                                              const AionetNatObservations *observations);

/* When to send it next; G_MAXINT64: no more. */
gint64 _aionet_nat_question_get_due (const AionetNatQuestion *self,
                                     const AionetNatPace     *pace,
                                     const AionetNatPace     *all);
/* Counts it as sent; returns which sending it is. */
guint _aionet_nat_question_send (AionetNatQuestion *self, gint64 now_us);
/* Counts a refusal of that sending; returns whether it is final. */
gboolean _aionet_nat_question_refuse (AionetNatQuestion *self, guint sending);
/* How many of its sendings have had time enough to be answered; *next_us: when that number grows,
 * G_MAXINT64: not without another sending. */
guint _aionet_nat_question_count_overdue (const AionetNatQuestion *self,
                                          const AionetNatPace     *pace,
                                          const AionetNatPace     *all,
                                          gint64                   now_us,
                                          gint64                  *next_us);

G_END_DECLS
