/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#include "config.h"

#include "discovery/aionet-nat-evidence-private.h"

/* Filtering behaviour (RFC 5780, section 4.4): two questions, each with votes of networks.
 *
 * An answer that came in from a place that was never asked is a fact that no server can make up: it
 * wins over as many that say nothing. Silence says something only of a server whose other place is
 * alive and whose primary answers; and only as much as loss does not explain. */

typedef struct
{
  AionetNatTally tally;    /* YES: an answer came in */
  guint          n_silent; /* overdue requests of those that say NO */
  guint          n_open;   /* operators that say nothing yet: is their other place alive? */
} Question;

static AionetNatVote
judge_silence (const AionetNatOperator   *server,
               const AionetNatFilterTest *test,
               AionetNatPlace             place)
{
  if (_aionet_nat_operator_get_place (server, place).family == G_SOCKET_FAMILY_INVALID)
    return AIONET_NAT_VOTE_NONE;
  if (test->change.answer == AIONET_NAT_ANSWER_PENDING && test->change.n_lost == 0)
    return AIONET_NAT_VOTE_PENDING;
  if (test->change.n_lost == 0 || !_aionet_nat_operator_is_alive (server, place) ||
      !_aionet_nat_operator_is_alive (server, AIONET_NAT_PLACE_PRIMARY))
    return AIONET_NAT_VOTE_NONE;
  if (test->control.answer != AIONET_NAT_ANSWER_NOT_ASKED &&
      test->control.answer != AIONET_NAT_ANSWER_MAPPED)
    return AIONET_NAT_VOTE_NONE;
  return AIONET_NAT_VOTE_NO;
}

static AionetNatVote
judge (const AionetNatOperator   *server,
       const AionetNatFilterTest *test,
       AionetNatPlace             place,
       gboolean                   came_in)
{
  switch (test->change.answer)
    {
    case AIONET_NAT_ANSWER_MAPPED:
      /* Else it answered from where it was asked: it ignores CHANGE-REQUEST. */
      return came_in ? AIONET_NAT_VOTE_YES : AIONET_NAT_VOTE_NONE;
    case AIONET_NAT_ANSWER_PENDING:
    case AIONET_NAT_ANSWER_SILENT:
      return judge_silence (server, test, place);
    case AIONET_NAT_ANSWER_NOT_ASKED:
    case AIONET_NAT_ANSWER_ERROR:
    case AIONET_NAT_ANSWER_REFUSED:
    default:
      return AIONET_NAT_VOTE_NONE;
    }
}

static gboolean
is_from_other_address (const AionetNatOperator *server, const AionetNatFilterTest *test)
{
  return test->change.answer == AIONET_NAT_ANSWER_MAPPED &&
         test->change.origin.family == server->primary.family &&
         !_aionet_nat_endpoint_same_address (test->change.origin, server->primary);
}

static gboolean
is_from_other_port (const AionetNatOperator *server, const AionetNatFilterTest *test)
{
  return test->change.answer == AIONET_NAT_ANSWER_MAPPED &&
         _aionet_nat_endpoint_same_address (test->change.origin, server->primary) &&
         test->change.origin.port != server->primary.port;
}

static AionetNatVote
judge_both (const AionetNatOperator *server)
{
  return judge (server, &server->change_both, AIONET_NAT_PLACE_ALTERNATE,
                is_from_other_address (server, &server->change_both));
}

static AionetNatVote
judge_port (const AionetNatOperator *server)
{
  /* One address only: the answer to "both" comes from another port then. */
  if (is_from_other_port (server, &server->change_both))
    return AIONET_NAT_VOTE_YES;
  return judge (server, &server->change_port, AIONET_NAT_PLACE_ALTERNATE_PORT,
                is_from_other_port (server, &server->change_port));
}

static AionetNatVote
or_pending (const AionetNatOperator *server, AionetNatVote vote)
{
  if (vote == AIONET_NAT_VOTE_NONE && _aionet_nat_operator_is_pending (server))
    return AIONET_NAT_VOTE_PENDING;
  return vote;
}

static gboolean
is_open (const AionetNatOperator *server, const AionetNatFilterTest *test, AionetNatPlace place)
{
  return test->change.answer == AIONET_NAT_ANSWER_PENDING &&
         (server->alive[place].answer == AIONET_NAT_ANSWER_PENDING ||
          server->mapping[place].answer == AIONET_NAT_ANSWER_PENDING ||
          test->control.answer == AIONET_NAT_ANSWER_PENDING);
}

static gboolean
is_open_about (const AionetNatOperator *server, gboolean about_both)
{
  return about_both ? is_open (server, &server->change_both, AIONET_NAT_PLACE_ALTERNATE)
                    : is_open (server, &server->change_port, AIONET_NAT_PLACE_ALTERNATE_PORT);
}

static Question
ask (const AionetNatObservations *observations, gboolean about_both)
{
  guint                     n_operators = observations->operators->len;
  g_autofree AionetNatVote *votes = g_new0 (AionetNatVote, n_operators + 1);
  Question                  question = { { 0, 0, 0 }, 0, 0 };

  for (guint i = 0; i < n_operators; i++)
    {
      const AionetNatOperator *server = _aionet_nat_observations_get (observations, i);

      votes[i] = or_pending (server, about_both ? judge_both (server) : judge_port (server));
      if (votes[i] == AIONET_NAT_VOTE_NO)
        question.n_silent +=
            about_both ? server->change_both.change.n_lost : server->change_port.change.n_lost;
      else if (votes[i] == AIONET_NAT_VOTE_NONE && is_open_about (server, about_both))
        question.n_open++;
    }
  question.tally = _aionet_nat_tally (observations, votes);
  return question;
}

/* What an answer that came in is worth: a fact, unless more say that it cannot. A single one may
 * also have come in by what an earlier socket opened that had the same local port: as long as there
 * are others to hear of, it takes a second. */
static double
weigh_fact (const Question *question, GPtrArray *reasons)
{
  if (question->tally.n_yes < 2 && question->tally.n_pending + question->n_open > 0)
    {
      _aionet_nat_add_reason (reasons, "Servers on one network only have shown that yet");
      return 0.45;
    }
  if (question->tally.n_no == 0)
    return 1;
  _aionet_nat_add_reason (reasons,
                          "Nothing came in from servers on %u networks, which may not honour "
                          "requests for answers from elsewhere",
                          question->tally.n_no);
  return MAX ((double) question->tally.n_yes / (question->tally.n_yes + question->tally.n_no), 0.6);
}

static double
weigh_silence (const AionetNatObservations *observations,
               const Question              *question,
               GPtrArray                   *reasons)
{
  AionetNatLoss loss = _aionet_nat_loss_count (observations);
  double        error = _aionet_nat_loss_predict (loss, question->n_silent);
  double        confidence = _aionet_nat_weigh (question->tally.n_no, question->tally.n_yes,
                                                question->tally.n_pending, "filtering", reasons);

  _aionet_nat_add_reason (reasons,
                          "Of %u requests answered elsewhere %u were lost; of %u that were to be "
                          "answered from a place that was not asked, none was answered",
                          loss.n_answered + loss.n_lost, loss.n_lost, question->n_silent);
  if (error <= AIONET_NAT_MAX_ERROR)
    return confidence * (1 - error);
  _aionet_nat_add_reason (reasons, "Loss could explain that");
  return MIN (confidence, 0.49 * (1 - error));
}

static gboolean
is_answered (const Question *question)
{
  return question->tally.n_yes > 0 && question->tally.n_yes >= question->tally.n_no;
}

static gboolean
is_asked (const Question *question)
{
  return question->tally.n_yes + question->tally.n_no > 0;
}

/* Nothing comes in from another address: and from another port of a known one? */
static AionetNatFilteringFinding
find_strictness (const AionetNatObservations *observations, double confidence, GPtrArray *reasons)
{
  Question                  port = ask (observations, FALSE);
  AionetNatFilteringFinding finding = { AIONET_NAT_BEHAVIOR_ADDRESS_AND_PORT_DEPENDENT, 0.3 };

  if (is_answered (&port))
    {
      _aionet_nat_add_reason (reasons, "An answer came in from another port of a server asked");
      finding.behavior = AIONET_NAT_BEHAVIOR_ADDRESS_DEPENDENT;
      finding.confidence = MIN (confidence, weigh_fact (&port, reasons));
    }
  else if (is_asked (&port))
    {
      _aionet_nat_add_reason (reasons,
                              "Nothing came in from another port of a server that was asked");
      finding.confidence = MIN (confidence, weigh_silence (observations, &port, reasons));
    }
  else
    _aionet_nat_add_reason (reasons, "Whether another port of a server asked may answer was not "
                                     "seen: that it may not is assumed");
  return finding;
}

AionetNatFilteringFinding
_aionet_nat_find_filtering (const AionetNatObservations *observations, GPtrArray *reasons)
{
  AionetNatFilteringFinding finding = { AIONET_NAT_BEHAVIOR_UNKNOWN, 0 };
  Question                  both = ask (observations, TRUE);
  Question                  port = ask (observations, FALSE);

  if (is_answered (&both))
    {
      _aionet_nat_add_reason (reasons, "An answer came in from an address that was never asked");
      finding.behavior = AIONET_NAT_BEHAVIOR_ENDPOINT_INDEPENDENT;
      finding.confidence = weigh_fact (&both, reasons);
      return finding;
    }
  if (is_asked (&both))
    {
      _aionet_nat_add_reason (reasons, "Nothing came in from an address that was not asked");
      return find_strictness (observations, weigh_silence (observations, &both, reasons), reasons);
    }
  if (is_asked (&port))
    {
      _aionet_nat_add_reason (reasons, "No server has a second address that is alive: whether "
                                       "others than those asked may answer was not seen");
      return find_strictness (observations, 0.4, reasons);
    }
  _aionet_nat_add_reason (reasons, "No server can answer from elsewhere: filtering was not seen");
  return finding;
}
