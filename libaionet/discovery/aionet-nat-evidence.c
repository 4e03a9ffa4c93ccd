/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#include "config.h"

#include "discovery/aionet-nat-evidence-private.h"

/* What was lost among the probes beside it tells how likely silence is where nothing filters. The
 * rate of loss itself is unknown, and a short run without loss may be luck; so the odds are those
 * of all rates it could have been, each weighed by how well it explains what was seen (Laplace's
 * rule of succession: as if one request more had been lost, and one more answered). */
#define PRIOR_LOST 1.0
#define PRIOR_ANSWERED 1.0

void
_aionet_nat_add_reason (GPtrArray *reasons, const char *format, ...)
{
  g_autofree char *reason = NULL;
  va_list          args;

  va_start (args, format);
  reason = g_strdup_vprintf (format, args);
  va_end (args);
  /* Several questions may have the same. */
  if (!g_ptr_array_find_with_equal_func (reasons, reason, g_str_equal, NULL))
    g_ptr_array_add (reasons, g_steal_pointer (&reason));
}

static gboolean
is_same_network (const AionetNatObservations *observations, guint a, guint b)
{
  AionetNatEndpoint one = _aionet_nat_observations_get (observations, a)->primary;
  AionetNatEndpoint two = _aionet_nat_observations_get (observations, b)->primary;
  /* As consensus counts them. */
  guint length = one.family == G_SOCKET_FAMILY_IPV4 ? 24 : 48;

  return one.family == two.family && _aionet_address_bits_match (one.bits, two.bits, length);
}

/* The vote of the network that the operator at index is the first of; NONE for the others. */
static AionetNatVote
get_network_vote (const AionetNatObservations *observations,
                  const AionetNatVote         *votes,
                  guint                        index)
{
  AionetNatVote vote = AIONET_NAT_VOTE_NONE;

  for (guint i = 0; i < index; i++)
    {
      if (is_same_network (observations, i, index))
        return AIONET_NAT_VOTE_NONE;
    }
  for (guint i = index; i < observations->operators->len; i++)
    {
      if (votes[i] == AIONET_NAT_VOTE_NONE || !is_same_network (observations, i, index))
        continue;
      if (vote == AIONET_NAT_VOTE_NONE || vote == AIONET_NAT_VOTE_PENDING)
        vote = votes[i];
      else if (votes[i] != AIONET_NAT_VOTE_PENDING && votes[i] != vote)
        return AIONET_NAT_VOTE_NONE;
    }
  return vote;
}

AionetNatTally
_aionet_nat_tally (const AionetNatObservations *observations, const AionetNatVote *votes)
{
  AionetNatTally tally = { 0, 0, 0 };

  for (guint i = 0; i < observations->operators->len; i++)
    {
      AionetNatVote vote = get_network_vote (observations, votes, i);

      tally.n_yes += vote == AIONET_NAT_VOTE_YES;
      tally.n_no += vote == AIONET_NAT_VOTE_NO;
      tally.n_pending += vote == AIONET_NAT_VOTE_PENDING;
    }
  return tally;
}

double
_aionet_nat_weigh (
    guint n_for, guint n_against, guint n_pending, const char *question, GPtrArray *reasons)
{
  if (n_for <= n_against)
    {
      _aionet_nat_add_reason (reasons, "Servers disagree on %s: %u to %u", question, n_for,
                              n_against);
      return 0.3;
    }
  if (n_against > 0)
    _aionet_nat_add_reason (reasons, "Of the servers on %u networks, those on %u disagree on %s",
                            n_for + n_against, n_against, question);
  if (n_for < 2)
    {
      _aionet_nat_add_reason (reasons, "Servers on one network only tell %s, two must agree",
                              question);
      return 0.45;
    }
  if (n_for <= n_against + n_pending)
    {
      _aionet_nat_add_reason (reasons, "Servers on %u networks may still disagree on %s", n_pending,
                              question);
      return 0.45;
    }
  return (double) n_for / (n_for + n_against);
}

gboolean
_aionet_nat_operator_is_alive (const AionetNatOperator *self, AionetNatPlace place)
{
  AionetNatEndpoint    endpoint = _aionet_nat_operator_get_place (self, place);
  const AionetNatTest *tests[] = { &self->alive[place], &self->mapping[place] };

  for (guint i = 0; i < G_N_ELEMENTS (tests); i++)
    {
      if (tests[i]->answer == AIONET_NAT_ANSWER_MAPPED &&
          _aionet_nat_endpoint_equal (tests[i]->origin, endpoint))
        return TRUE;
    }
  return FALSE;
}

typedef void (*TestFunc) (const AionetNatTest *test, AionetNatPlace asked, gpointer user_data);

/* All tests of an operator but those that ask for an answer from elsewhere. */
static void
for_each_plain_test (const AionetNatOperator *self, TestFunc func, gpointer user_data)
{
  for (AionetNatPlace place = 0; place < AIONET_NAT_N_PLACES; place++)
    {
      func (&self->mapping[place], place, user_data);
      func (&self->alive[place], place, user_data);
    }
  func (&self->change_both.control, AIONET_NAT_PLACE_PRIMARY, user_data);
  func (&self->change_port.control, AIONET_NAT_PLACE_PRIMARY, user_data);
}

static void
for_each_test (const AionetNatOperator *self, TestFunc func, gpointer user_data)
{
  for_each_plain_test (self, func, user_data);
  func (&self->change_both.change, AIONET_NAT_PLACE_PRIMARY, user_data);
  func (&self->change_port.change, AIONET_NAT_PLACE_PRIMARY, user_data);
}

static void
find_heard (const AionetNatTest *test, AionetNatPlace asked, gpointer is_heard)
{
  if (test->answer == AIONET_NAT_ANSWER_MAPPED || test->answer == AIONET_NAT_ANSWER_ERROR)
    *(gboolean *) is_heard = TRUE;
}

gboolean
_aionet_nat_operator_is_heard (const AionetNatOperator *self)
{
  gboolean is_heard = FALSE;

  for_each_test (self, find_heard, &is_heard);
  return is_heard;
}

static void
find_pending (const AionetNatTest *test, AionetNatPlace asked, gpointer is_pending)
{
  if (test->answer == AIONET_NAT_ANSWER_PENDING)
    *(gboolean *) is_pending = TRUE;
}

gboolean
_aionet_nat_operator_is_pending (const AionetNatOperator *self)
{
  gboolean is_pending = FALSE;

  for_each_test (self, find_pending, &is_pending);
  return is_pending && !_aionet_nat_operator_is_heard (self);
}

static void
count_loss (const AionetNatTest *test, AionetNatPlace asked, gpointer by_place)
{
  AionetNatLoss *loss = (AionetNatLoss *) by_place + asked;

  loss->n_answered += test->answer == AIONET_NAT_ANSWER_MAPPED;
  loss->n_lost += test->n_lost;
}

AionetNatLoss
_aionet_nat_loss_count (const AionetNatObservations *observations)
{
  AionetNatLoss loss = { 0, 0 };

  for (guint i = 0; i < observations->operators->len; i++)
    {
      AionetNatLoss by_place[AIONET_NAT_N_PLACES] = { { 0, 0 } };

      for_each_plain_test (_aionet_nat_observations_get (observations, i), count_loss, by_place);
      for (guint place = 0; place < AIONET_NAT_N_PLACES; place++)
        {
          /* One that never answers may be dead: that is not loss. */
          if (by_place[place].n_answered == 0)
            continue;
          loss.n_answered += by_place[place].n_answered;
          loss.n_lost += by_place[place].n_lost;
        }
    }
  return loss;
}

double
_aionet_nat_loss_predict (AionetNatLoss loss, guint n_silent)
{
  double odds = 1;

  for (guint i = 0; i < n_silent; i++)
    odds *= (PRIOR_LOST + loss.n_lost + i) /
            (PRIOR_LOST + PRIOR_ANSWERED + loss.n_lost + loss.n_answered + i);
  return odds;
}

static void
count_effort (const AionetNatTest *test, AionetNatPlace asked, gpointer user_data)
{
  AionetNatEffort *effort = user_data;

  effort->n_networks += test->answer != AIONET_NAT_ANSWER_NOT_ASKED;
  effort->n_refused += test->answer == AIONET_NAT_ANSWER_REFUSED;
  effort->n_lost += test->n_lost;
}

AionetNatEffort
_aionet_nat_effort_count (const AionetNatObservations *observations)
{
  guint                     n_operators = observations->operators->len;
  g_autofree AionetNatVote *votes = g_new0 (AionetNatVote, n_operators + 1);
  AionetNatEffort           effort = { 0, 0, 0 };

  for (guint i = 0; i < n_operators; i++)
    {
      effort.n_networks = 0;
      for_each_test (_aionet_nat_observations_get (observations, i), count_effort, &effort);
      if (effort.n_networks > 0)
        votes[i] = AIONET_NAT_VOTE_YES;
    }
  effort.n_networks = _aionet_nat_tally (observations, votes).n_yes;
  return effort;
}
