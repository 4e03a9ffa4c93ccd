/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#include "config.h"

#include "discovery/aionet-nat-question-private.h"

/* What is sent once (TCP repeats by itself) is waited for as if it had been sent so often before.
 */
#define PATIENCE 3
#define FINAL_REFUSALS 2

AionetNatQuestion *
_aionet_nat_question_new (AionetNatQuestionKind kind, guint operator, GInetSocketAddress * server)
{
  AionetNatQuestion *self = g_new0 (AionetNatQuestion, 1);

  self->kind = kind;
  self->operator= operator;
  self->server = server;
  self->max_sends = kind == AIONET_NAT_QUESTION_DELTA ? 1 : AIONET_NAT_MAX_SENDS;
  if (kind == AIONET_NAT_QUESTION_CHANGE_BOTH)
    self->change = AIONET_STUN_CHANGE_IP | AIONET_STUN_CHANGE_PORT;
  else if (kind == AIONET_NAT_QUESTION_CHANGE_PORT)
    self->change = AIONET_STUN_CHANGE_PORT;
  return self;
}

void
_aionet_nat_question_free (AionetNatQuestion *self)
{
  g_object_unref (self->server);
  g_free (self);
}

AionetNatTest *
_aionet_nat_question_get_test (const AionetNatQuestion     *self,
                               const AionetNatObservations *observations)
{
  AionetNatOperator *it = _aionet_nat_observations_get (observations, self->operator);

  switch (self->kind)
    {
    case AIONET_NAT_QUESTION_MAPPING:
      return &it->mapping[self->place];
    case AIONET_NAT_QUESTION_CHANGE_BOTH:
      return &it->change_both.change;
    case AIONET_NAT_QUESTION_CHANGE_PORT:
      return &it->change_port.change;
    case AIONET_NAT_QUESTION_DELTA:
    default:
      g_return_val_if_reached (NULL);
    }
}

gint64
_aionet_nat_question_get_due (const AionetNatQuestion *self,
                              const AionetNatPace     *pace,
                              const AionetNatPace     *all)
{
  if (self->is_answered || self->n_sent == self->max_sends)
    return G_MAXINT64;
  if (self->n_sent == 0)
    return 0;
  return self->sent_us[self->n_sent - 1] + _aionet_nat_pace_get_gap (pace, all, self->n_sent);
}

guint
_aionet_nat_question_send (AionetNatQuestion *self, gint64 now_us)
{
  self->sent_us[self->n_sent] = now_us;
  return self->n_sent++;
}

/* While the next hop is being looked for, packets wait for it, and are refused together when it is
 * not found: that is one refusal, and may be bad luck. */
gboolean
_aionet_nat_question_refuse (AionetNatQuestion *self, guint sending)
{
  if (sending < self->n_sent_refused)
    return FALSE;
  self->n_sent_refused = self->n_sent;
  self->n_refused++;
  return self->n_refused == FINAL_REFUSALS || self->max_sends == 1;
}

guint
_aionet_nat_question_count_overdue (const AionetNatQuestion *self,
                                    const AionetNatPace     *pace,
                                    const AionetNatPace     *all,
                                    gint64                   now_us,
                                    gint64                  *next_us)
{
  guint patience = self->max_sends == 1 ? PATIENCE : 0;

  for (guint i = 0; i < self->n_sent; i++)
    {
      gint64 overdue_us =
          self->sent_us[i] + _aionet_nat_pace_get_wait (pace, all, i + 1 + patience);

      if (overdue_us > now_us)
        {
          *next_us = overdue_us;
          return i;
        }
    }
  *next_us = G_MAXINT64;
  return self->n_sent;
}
