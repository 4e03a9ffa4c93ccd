/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#include "config.h"

#include "discovery/aionet-nat-survey-state-private.h"

#include "discovery/aionet-consensus-private.h"
#include "value/aionet-special-purpose-private.h"

/* A server that let so many requests go overdue is not waited for when votes are counted. */
#define LOST_TO_BE_PASSED_OVER 2
#define MIN_FOR_MAJORITY 4
#define MAJORITY 3

static void
operator_clear (gpointer operator)
{
  g_object_unref (((AionetNatSurveyOperator *) operator)->server);
}

AionetNatSurvey *
_aionet_nat_survey_new (GSocketProtocol     protocol,
                        GInetSocketAddress *local,
                        gboolean            allow_private,
                        guint64             random)
{
  AionetNatSurvey *self = g_new0 (AionetNatSurvey, 1);

  self->allow_private = allow_private;
  self->observations = _aionet_nat_observations_new (protocol, local);
  self->servers = g_ptr_array_new_with_free_func (g_object_unref);
  self->operators = g_array_new (FALSE, TRUE, sizeof (AionetNatSurveyOperator));
  g_array_set_clear_func (self->operators, operator_clear);
  self->questions = g_ptr_array_new_with_free_func ((GDestroyNotify) _aionet_nat_question_free);
  self->n_sockets = 1;
  self->delta = _aionet_delta_rounds_new (random);
  return self;
}

void
_aionet_nat_survey_free (AionetNatSurvey *self)
{
  _aionet_nat_observations_free (self->observations);
  g_ptr_array_unref (self->servers);
  g_array_unref (self->operators);
  g_ptr_array_unref (self->questions);
  _aionet_delta_rounds_free (self->delta);
  g_free (self);
}

AionetNatSurveyOperator *
_aionet_nat_survey_get_operator (AionetNatSurvey *self, guint index)
{
  return &g_array_index (self->operators, AionetNatSurveyOperator, index);
}

static AionetNatOperator *
get_facts (AionetNatSurvey *self, guint index)
{
  return _aionet_nat_observations_get (self->observations, index);
}

const AionetNatTest *
_aionet_nat_survey_get_primary (AionetNatSurvey *self, guint index)
{
  return &get_facts (self, index)->mapping[AIONET_NAT_PLACE_PRIMARY];
}

gboolean
_aionet_nat_survey_is_heard (AionetNatSurvey *self, guint index)
{
  return _aionet_nat_survey_get_primary (self, index)->answer == AIONET_NAT_ANSWER_MAPPED;
}

/* A server may tell any address, that of somebody it wishes ill, or one on this network: only one
 * that is private itself has a private one beside it. */
static gboolean
is_askable (AionetNatSurvey *self, guint index, GInetSocketAddress *place)
{
  GInetSocketAddress *server = _aionet_nat_survey_get_operator (self, index)->server;
  gboolean            is_private =
      !_aionet_inet_address_is_public (g_inet_socket_address_get_address (server));

  return _aionet_consensus_is_sane (place, g_socket_address_get_family (G_SOCKET_ADDRESS (server)),
                                    self->allow_private || is_private);
}

GInetSocketAddress *
_aionet_nat_survey_dup_place (AionetNatSurvey *self, guint index, AionetNatPlace place)
{
  AionetNatEndpoint endpoint = _aionet_nat_operator_get_place (get_facts (self, index), place);
  g_autoptr (GSocketAddress) address = _aionet_nat_endpoint_to_address (endpoint);

  if (address == NULL || !is_askable (self, index, G_INET_SOCKET_ADDRESS (address)))
    return NULL;
  return G_INET_SOCKET_ADDRESS (g_steal_pointer (&address));
}

gboolean
_aionet_nat_survey_has_alternate (AionetNatSurvey *self, guint index)
{
  g_autoptr (GInetSocketAddress) alternate =
      _aionet_nat_survey_dup_place (self, index, AIONET_NAT_PLACE_ALTERNATE);

  return alternate != NULL;
}

gboolean
_aionet_nat_survey_is_alive (AionetNatSurvey *self, guint index)
{
  const AionetNatTest *mapping = _aionet_nat_observations_get (self->observations, index)->mapping;

  return mapping[AIONET_NAT_PLACE_PRIMARY].answer == AIONET_NAT_ANSWER_MAPPED &&
         mapping[AIONET_NAT_PLACE_ALTERNATE].answer == AIONET_NAT_ANSWER_MAPPED;
}

/* May have an alternate address, as far as is known. */
static gboolean
is_candidate (AionetNatSurvey *self, guint index)
{
  switch (_aionet_nat_survey_get_primary (self, index)->answer)
    {
    case AIONET_NAT_ANSWER_NOT_ASKED:
    case AIONET_NAT_ANSWER_PENDING:
      return TRUE;
    case AIONET_NAT_ANSWER_MAPPED:
      return _aionet_nat_survey_has_alternate (self, index);
    case AIONET_NAT_ANSWER_SILENT:
    case AIONET_NAT_ANSWER_ERROR:
    case AIONET_NAT_ANSWER_REFUSED:
    default:
      return FALSE;
    }
}

gboolean
_aionet_nat_survey_is_new_network (AionetNatSurvey *self, GInetSocketAddress *server)
{
  for (guint i = 0; i < self->operators->len; i++)
    if (_aionet_inet_address_same_network (
            g_inet_socket_address_get_address (_aionet_nat_survey_get_operator (self, i)->server),
            g_inet_socket_address_get_address (server)))
      return FALSE;
  return TRUE;
}

guint
_aionet_nat_survey_count_candidates (AionetNatSurvey *self)
{
  guint n = 0;

  for (guint i = 0; i < self->operators->len; i++)
    n += is_candidate (self, i);
  return n;
}

static gboolean
counts_as_voter (AionetNatSurvey *self, guint index)
{
  const AionetNatTest *primary = _aionet_nat_survey_get_primary (self, index);

  return primary->answer == AIONET_NAT_ANSWER_MAPPED ||
         (primary->answer == AIONET_NAT_ANSWER_PENDING && primary->n_lost < LOST_TO_BE_PASSED_OVER);
}

typedef gboolean (*EndpointEqual) (AionetNatEndpoint a, AionetNatEndpoint b);

/* What more than half of those heard, or still to be heard, saw; family 0: nothing */
static AionetNatEndpoint
find_majority (AionetNatSurvey *self, EndpointEqual equal)
{
  AionetNatEndpoint none = { .family = G_SOCKET_FAMILY_INVALID };
  guint             n_voters = 0;

  for (guint i = 0; i < self->operators->len; i++)
    n_voters += counts_as_voter (self, i);
  for (guint i = 0; i < self->operators->len; i++)
    {
      guint n_like = 0;

      for (guint k = 0; k < self->operators->len && _aionet_nat_survey_is_heard (self, i); k++)
        n_like += _aionet_nat_survey_is_heard (self, k) &&
                  equal (_aionet_nat_survey_get_primary (self, k)->mapped,
                         _aionet_nat_survey_get_primary (self, i)->mapped);
      if (n_like * 2 > n_voters)
        return _aionet_nat_survey_get_primary (self, i)->mapped;
    }
  return none;
}

AionetNatEndpoint
_aionet_nat_survey_get_external (AionetNatSurvey *self)
{
  AionetNatEndpoint external = find_majority (self, _aionet_nat_endpoint_equal);

  if (external.family == G_SOCKET_FAMILY_INVALID)
    external = find_majority (self, _aionet_nat_endpoint_same_address);
  return external;
}

gboolean
_aionet_nat_survey_choose_delta_operator (AionetNatSurvey *self)
{
  AionetNatEndpoint external = _aionet_nat_survey_get_external (self);
  gboolean          same_port = find_majority (self, _aionet_nat_endpoint_equal).family != 0;

  if (external.family == G_SOCKET_FAMILY_INVALID)
    return FALSE;
  /* Where each server rightly sees another port, two that lie about it are not found out before. */
  if (!same_port && self->operators->len >= MIN_FOR_MAJORITY)
    _aionet_delta_rounds_set_agreeing (self->delta, MAJORITY);
  for (guint i = 1; i <= self->operators->len; i++)
    {
      guint             index = (self->delta_operator + i) % self->operators->len;
      AionetNatEndpoint mapped = _aionet_nat_survey_get_primary (self, index)->mapped;

      if (!_aionet_nat_survey_is_heard (self, index) ||
          !_aionet_nat_endpoint_same_address (mapped, external) ||
          (same_port && mapped.port != external.port))
        continue;
      self->delta_operator = index;
      return TRUE;
    }
  return FALSE;
}

/* Somebody may still be heard. */
static gboolean
is_undecided (AionetNatSurvey *self)
{
  for (guint i = 0; i < self->operators->len; i++)
    if (counts_as_voter (self, i) && !_aionet_nat_survey_is_heard (self, i))
      return TRUE;
  return FALSE;
}

gboolean
_aionet_nat_survey_needs_delta (AionetNatSurvey *self)
{
  AionetNatEndpoint external;

  if (self->observations->protocol != G_SOCKET_PROTOCOL_UDP ||
      self->observations->local.family == G_SOCKET_FAMILY_IPV6)
    return FALSE;
  external = _aionet_nat_survey_get_external (self);
  if (external.family == G_SOCKET_FAMILY_INVALID)
    return is_undecided (self);
  return !_aionet_nat_endpoint_equal (external, self->observations->local);
}

void
_aionet_nat_survey_add_server (AionetNatSurvey *self, GInetSocketAddress *server)
{
  g_ptr_array_add (self->servers, g_object_ref (server));
}

void
_aionet_nat_survey_add_hint (AionetNatSurvey *self, gint64 round_trip_us)
{
  if (self->all.longest_us == 0)
    _aionet_nat_pace_add (&self->all, round_trip_us);
}

AionetNatObservations *
_aionet_nat_survey_get_observations (AionetNatSurvey *self)
{
  return self->observations;
}

gint64
_aionet_nat_survey_get_round_trip (AionetNatSurvey *self)
{
  return self->all.longest_us;
}

guint
_aionet_nat_survey_get_n_heard (AionetNatSurvey *self)
{
  guint n = 0;

  for (guint i = 0; i < self->operators->len; i++)
    n += _aionet_nat_survey_is_heard (self, i);
  return n;
}
