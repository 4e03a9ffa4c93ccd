/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#include "config.h"

#include "discovery/aionet-nat-survey-private.h"

#include "discovery/aionet-nat-survey-state-private.h"

/* With fewer servers left that may have an alternate address, others join. */
#define MIN_CANDIDATES 3
#define MAPPING_SOCKET 0
/* How often each server has to be silent before that is looked at. A verdict is asked for with each
 * event; that many looks at few requests find what they look for. */
#define ENOUGH 2
#define ENOUGH_WITH_LOSS 3
#define ENOUGH_FOR_DARKNESS 4
/* Where others were answered from elsewhere: an answer that came in is a fact. */
#define ENOUGH_TO_CONTEST 5

static AionetNatQuestion *
add_question (
    AionetNatSurvey *self, AionetNatQuestionKind kind, guint operator, GInetSocketAddress * server)
{
  AionetNatQuestion *question = _aionet_nat_question_new (kind, operator, g_object_ref (server));

  if (self->observations->protocol == G_SOCKET_PROTOCOL_TCP)
    question->max_sends = 1;
  question->socket = kind == AIONET_NAT_QUESTION_MAPPING ? MAPPING_SOCKET : self->n_sockets++;
  g_ptr_array_add (self->questions, question);
  return question;
}

static void
open_operator (AionetNatSurvey *self, GInetSocketAddress *server)
{
  AionetNatSurveyOperator operator= { .server = g_object_ref (server) };
  guint                   index = _aionet_nat_observations_add (self->observations, server);

  g_array_append_val (self->operators, operator);
  add_question (self, AIONET_NAT_QUESTION_MAPPING, index, server);
  if (self->observations->protocol != G_SOCKET_PROTOCOL_UDP)
    return;
  add_question (self, AIONET_NAT_QUESTION_CHANGE_BOTH, index, server);
  add_question (self, AIONET_NAT_QUESTION_CHANGE_PORT, index, server);
}

static void
open_operators (AionetNatSurvey *self)
{
  guint n_candidates = _aionet_nat_survey_count_candidates (self);

  while (
      self->n_looked_at < self->servers->len &&
      (self->operators->len < AIONET_NAT_SURVEY_N_OPERATORS ||
       (n_candidates < MIN_CANDIDATES && self->operators->len < AIONET_NAT_SURVEY_MAX_OPERATORS)))
    {
      GInetSocketAddress *server = self->servers->pdata[self->n_looked_at++];

      if (!_aionet_nat_survey_is_new_network (self, server))
        continue;
      open_operator (self, server);
      n_candidates++;
    }
}

static void
open_places (AionetNatSurvey *self)
{
  for (guint i = 0; i < self->operators->len; i++)
    {
      if (!_aionet_nat_survey_is_heard (self, i) ||
          _aionet_nat_survey_get_operator (self, i)->has_places)
        continue;
      _aionet_nat_survey_get_operator (self, i)->has_places = TRUE;
      for (AionetNatPlace place = AIONET_NAT_PLACE_ALTERNATE_PORT; place < AIONET_NAT_N_PLACES;
           place++)
        {
          g_autoptr (GInetSocketAddress) server = _aionet_nat_survey_dup_place (self, i, place);

          if (server != NULL)
            add_question (self, AIONET_NAT_QUESTION_MAPPING, i, server)->place = place;
        }
    }
}

static gboolean
is_filtering (const AionetNatQuestion *question)
{
  return question->change != AIONET_STUN_CHANGE_NONE;
}

static gint64
get_due (AionetNatSurvey *self, const AionetNatQuestion *question)
{
  /* Silence from who was not heard, or has nowhere else to answer from, says nothing. */
  if (is_filtering (question) && question->n_sent > 0 &&
      (!_aionet_nat_survey_is_heard (self, question->operator) ||
       !_aionet_nat_survey_has_alternate (self, question->operator)))
    return G_MAXINT64;
  return _aionet_nat_question_get_due (
      question, &_aionet_nat_survey_get_operator (self, question->operator)->pace, &self->all);
}

/* Returns when the number of overdue requests grows next. */
static gint64
note_losses (AionetNatSurvey *self, AionetNatQuestion *question, gint64 now_us)
{
  AionetNatTest *test;
  gint64         next_us;
  guint          n_overdue;

  if (question->is_answered || question->kind == AIONET_NAT_QUESTION_DELTA)
    return G_MAXINT64;
  test = _aionet_nat_question_get_test (question, self->observations);
  n_overdue = _aionet_nat_question_count_overdue (
      question, &_aionet_nat_survey_get_operator (self, question->operator)->pace, &self->all,
      now_us, &next_us);
  /* A filter may stop these anyway: only of who answers otherwise they are evidence. */
  test->n_lost = is_filtering (question) && !_aionet_nat_survey_is_heard (self, question->operator)
                     ? 0
                     : n_overdue;
  if (n_overdue == question->max_sends)
    test->answer = AIONET_NAT_ANSWER_SILENT;
  return next_us;
}

static void
send (AionetNatSurvey *self, AionetNatQuestion *question, gint64 now_us, GPtrArray *due)
{
  if (question->kind != AIONET_NAT_QUESTION_DELTA)
    _aionet_nat_question_get_test (question, self->observations)->answer =
        AIONET_NAT_ANSWER_PENDING;
  _aionet_nat_question_send (question, now_us);
  g_ptr_array_add (due, question);
}

static gint64
send_all (AionetNatSurvey *self, gint64 now_us, GPtrArray *due)
{
  gint64 next_us = G_MAXINT64;

  for (guint i = 0; i < self->questions->len; i++)
    {
      AionetNatQuestion *question = self->questions->pdata[i];

      if (get_due (self, question) <= now_us)
        send (self, question, now_us, due);
      next_us = MIN (next_us, get_due (self, question));
      next_us = MIN (next_us, note_losses (self, question, now_us));
    }
  return next_us;
}

static void
begin_round (AionetNatSurvey *self, gint64 now_us)
{
  if (_aionet_nat_survey_needs_delta (self) && _aionet_delta_rounds_wants (self->delta) &&
      _aionet_nat_survey_choose_delta_operator (self))
    _aionet_delta_rounds_begin (self->delta, now_us);
}

static gint64
send_probe (AionetNatSurvey *self, gint64 now_us, GPtrArray *due)
{
  AionetNatQuestion *question;

  if (_aionet_delta_rounds_get_due (self->delta) > now_us)
    return _aionet_delta_rounds_get_due (self->delta);
  question = add_question (self, AIONET_NAT_QUESTION_DELTA, self->delta_operator,
                           _aionet_nat_survey_get_operator (self, self->delta_operator)->server);
  question->round = _aionet_delta_rounds_get_n_rounds (self->delta) - 1;
  question->probe = _aionet_delta_rounds_send (self->delta, now_us, &question->local_port);
  send (self, question, now_us, due);
  return _aionet_delta_rounds_is_sending (self->delta) ? _aionet_delta_rounds_get_due (self->delta)
                                                       : now_us;
}

gint64
_aionet_nat_survey_get_wait (AionetNatSurvey *self)
{
  return _aionet_nat_pace_get_wait (&self->all, &self->all, 1);
}

gint64
_aionet_nat_survey_step (AionetNatSurvey *self, gint64 now_us, GPtrArray *due)
{
  gint64 next_us = G_MAXINT64;

  if (self->is_closed)
    return G_MAXINT64;
  _aionet_delta_rounds_tick (self->delta, now_us, _aionet_nat_survey_get_wait (self));
  if (!_aionet_delta_rounds_is_sending (self->delta))
    {
      open_operators (self);
      open_places (self);
      next_us = send_all (self, now_us, due);
      begin_round (self, now_us);
      next_us = MIN (
          next_us, _aionet_delta_rounds_get_next (self->delta, _aionet_nat_survey_get_wait (self)));
    }
  if (_aionet_delta_rounds_is_sending (self->delta))
    next_us = send_probe (self, now_us, due);
  return next_us;
}

static void
note_alternate (AionetNatSurvey *self, const AionetNatQuestion *question, AionetMapping *mapping)
{
  AionetNatOperator *operator=
      _aionet_nat_observations_get (self->observations, question->operator);

  operator->alternate = _aionet_nat_endpoint_make (aionet_mapping_get_other_address (mapping));
  self->observations->local = _aionet_nat_endpoint_make (aionet_mapping_get_local (mapping));
}

static void
take_probe (AionetNatSurvey *self, AionetNatQuestion *question, AionetMapping *mapping)
{
  _aionet_delta_rounds_take (
      self->delta, question->round, question->probe,
      g_inet_socket_address_get_port (aionet_mapping_get_local (mapping)),
      g_inet_socket_address_get_port (aionet_mapping_get_external (mapping)));
}

static void
take_test (AionetNatSurvey *self, AionetNatQuestion *question, AionetMapping *mapping)
{
  AionetNatTest *test = _aionet_nat_question_get_test (question, self->observations);

  test->answer = AIONET_NAT_ANSWER_MAPPED;
  test->mapped = _aionet_nat_endpoint_make (aionet_mapping_get_external (mapping));
  /* Providers take plain answers from who was asked only; what the server says of its origin is
   * not to be believed. */
  test->origin = _aionet_nat_endpoint_make (
      is_filtering (question) ? aionet_mapping_get_origin (mapping) : question->server);
}

void
_aionet_nat_survey_take_mapping (AionetNatSurvey   *self,
                                 AionetNatQuestion *question,
                                 guint              sending,
                                 AionetMapping     *mapping,
                                 gint64             now_us)
{
  AionetNatPace *pace = &_aionet_nat_survey_get_operator (self, question->operator)->pace;
  gint64         round_trip_us = now_us - question->sent_us[sending];

  if (question->is_answered)
    return;
  question->is_answered = TRUE;
  _aionet_nat_pace_add (pace, round_trip_us);
  _aionet_nat_pace_add (&self->all, round_trip_us);
  if (question->kind == AIONET_NAT_QUESTION_DELTA)
    {
      take_probe (self, question, mapping);
      return;
    }
  take_test (self, question, mapping);
  if (question->kind == AIONET_NAT_QUESTION_MAPPING && question->place == AIONET_NAT_PLACE_PRIMARY)
    note_alternate (self, question, mapping);
}

void
_aionet_nat_survey_take_failure (AionetNatSurvey   *self,
                                 AionetNatQuestion *question,
                                 guint              sending,
                                 AionetNatAnswer    answer)
{
  AionetNatTest *test;

  if (question->is_answered)
    return;
  if (answer == AIONET_NAT_ANSWER_REFUSED && !_aionet_nat_question_refuse (question, sending))
    return;
  question->is_answered = TRUE;
  if (question->kind == AIONET_NAT_QUESTION_DELTA)
    return;
  test = _aionet_nat_question_get_test (question, self->observations);
  test->answer = answer;
  test->origin = _aionet_nat_endpoint_make (question->server);
}

void
_aionet_nat_survey_take_unbound (AionetNatSurvey *self, AionetNatQuestion *question)
{
  question->is_answered = TRUE;
  _aionet_delta_rounds_take_unbound (self->delta, question->round, question->probe);
}

void
_aionet_nat_survey_close (AionetNatSurvey *self)
{
  self->is_closed = TRUE;
  for (guint i = 0; i < self->questions->len; i++)
    {
      AionetNatQuestion *question = self->questions->pdata[i];
      AionetNatTest     *test;

      if (question->kind == AIONET_NAT_QUESTION_DELTA)
        continue;
      test = _aionet_nat_question_get_test (question, self->observations);
      if (test->answer == AIONET_NAT_ANSWER_PENDING)
        test->answer = AIONET_NAT_ANSWER_SILENT;
    }
  _aionet_delta_rounds_tick (self->delta, G_MAXINT64, 0);
}

gboolean
_aionet_nat_survey_is_over (AionetNatSurvey *self, const AionetNatQuestion *question)
{
  if (question->is_answered || self->is_closed)
    return TRUE;
  return question->kind == AIONET_NAT_QUESTION_DELTA &&
         _aionet_delta_rounds_is_over (self->delta, question->round);
}

/* Nothing is going to be sent for it, and nothing is waited for. */
static gboolean
is_exhausted (AionetNatSurvey *self, AionetNatQuestion *question)
{
  AionetNatAnswer answer;

  if (question->is_answered || question->kind == AIONET_NAT_QUESTION_DELTA)
    return TRUE;
  answer = _aionet_nat_question_get_test (question, self->observations)->answer;
  if (answer != AIONET_NAT_ANSWER_NOT_ASKED && answer != AIONET_NAT_ANSWER_PENDING)
    return TRUE;
  /* One request is all that such a server gets; whether it comes to more depends on the primary. */
  return is_filtering (question) && question->n_sent > 0 && get_due (self, question) == G_MAXINT64;
}

static gboolean
is_loss_seen (AionetNatSurvey *self)
{
  for (guint i = 0; i < self->questions->len; i++)
    {
      const AionetNatQuestion *question = self->questions->pdata[i];

      if (question->kind == AIONET_NAT_QUESTION_MAPPING &&
          _aionet_nat_question_get_test (question, self->observations)->n_lost > 0)
        return TRUE;
    }
  return FALSE;
}

static gboolean
is_any_answered (AionetNatSurvey *self, AionetNatQuestionKind kind)
{
  for (guint i = 0; i < self->questions->len; i++)
    {
      const AionetNatQuestion *question = self->questions->pdata[i];

      if (question->kind == kind &&
          _aionet_nat_question_get_test (question, self->observations)->answer ==
              AIONET_NAT_ANSWER_MAPPED)
        return TRUE;
    }
  return FALSE;
}

gboolean
_aionet_nat_survey_lets_in (AionetNatSurvey *self)
{
  return is_any_answered (self, AIONET_NAT_QUESTION_CHANGE_BOTH);
}

static gboolean
is_silence_enough (AionetNatSurvey *self, AionetNatQuestionKind kind, guint n_lost)
{
  for (guint i = 0; i < self->questions->len; i++)
    {
      const AionetNatQuestion *question = self->questions->pdata[i];
      const AionetNatTest     *test;

      if (question->kind != kind || question->is_answered ||
          !_aionet_nat_survey_is_alive (self, question->operator))
        continue;
      test = _aionet_nat_question_get_test (question, self->observations);
      if (test->answer == AIONET_NAT_ANSWER_PENDING && test->n_lost < n_lost)
        return FALSE;
    }
  return TRUE;
}

static gboolean
is_darkness_enough (AionetNatSurvey *self)
{
  for (guint i = 0; i < self->operators->len; i++)
    {
      const AionetNatTest *primary = _aionet_nat_survey_get_primary (self, i);

      if (primary->answer == AIONET_NAT_ANSWER_PENDING && primary->n_lost < ENOUGH_FOR_DARKNESS)
        return FALSE;
    }
  return TRUE;
}

gboolean
_aionet_nat_survey_is_thorough (AionetNatSurvey *self)
{
  gboolean both = is_any_answered (self, AIONET_NAT_QUESTION_CHANGE_BOTH);
  gboolean port = is_any_answered (self, AIONET_NAT_QUESTION_CHANGE_PORT);
  guint    n_lost = is_loss_seen (self) ? ENOUGH_WITH_LOSS : ENOUGH;

  if (_aionet_nat_survey_get_n_heard (self) == 0)
    return is_darkness_enough (self);
  if (!is_silence_enough (self, AIONET_NAT_QUESTION_CHANGE_BOTH, both ? ENOUGH_TO_CONTEST : n_lost))
    return FALSE;
  return both || is_silence_enough (self, AIONET_NAT_QUESTION_CHANGE_PORT,
                                    port ? ENOUGH_TO_CONTEST : n_lost);
}

gboolean
_aionet_nat_survey_is_exhausted (AionetNatSurvey *self)
{
  if (self->is_closed)
    return TRUE;
  if (self->n_looked_at < self->servers->len &&
      self->operators->len < AIONET_NAT_SURVEY_MAX_OPERATORS &&
      _aionet_nat_survey_count_candidates (self) < MIN_CANDIDATES)
    return FALSE;
  for (guint i = 0; i < self->questions->len; i++)
    if (!is_exhausted (self, self->questions->pdata[i]))
      return FALSE;
  return _aionet_nat_survey_has_delta (self);
}

gboolean
_aionet_nat_survey_is_holding (AionetNatSurvey *self)
{
  return !self->is_closed && _aionet_delta_rounds_is_sending (self->delta);
}

gboolean
_aionet_nat_survey_has_delta (AionetNatSurvey *self)
{
  return !_aionet_nat_survey_needs_delta (self) || _aionet_delta_rounds_is_settled (self->delta);
}

gboolean
_aionet_nat_survey_get_delta (AionetNatSurvey *self, AionetPortDelta *delta)
{
  return _aionet_nat_survey_needs_delta (self) && _aionet_delta_rounds_get (self->delta, delta);
}
