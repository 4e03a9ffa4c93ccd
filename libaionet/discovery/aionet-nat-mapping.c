/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#include "config.h"

#include "discovery/aionet-nat-evidence-private.h"

#include "value/aionet-special-purpose-private.h"

/* Mapping behaviour (RFC 5780, section 4.3), by majority of the networks asked.
 *
 * All operators are asked from one socket. Under an endpoint-independent mapping all are told the
 * same, so two that are do agree; under another one no two are, and a server with an alternate
 * address sees the difference alone. Liars can make a difference where there is none, and, two of
 * them together, an agreement: that is why the majority decides, and not the first pair.
 *
 * What cannot be is thrown out before: an external address that most others contradict, a private
 * one where others see a public one. */

static gboolean
is_sane (const AionetNatObservations *observations, AionetNatEndpoint mapped)
{
  g_autoptr (GInetAddress) address = NULL;

  if (mapped.port == 0 || mapped.family != observations->local.family)
    return FALSE;
  if (_aionet_nat_endpoint_same_address (mapped, observations->local))
    return TRUE;
  address = _aionet_address_bits_to_address (mapped.bits, mapped.family);
  switch (_aionet_inet_address_classify (address))
    {
    case AIONET_ADDRESS_CLASS_PUBLIC:
    case AIONET_ADDRESS_CLASS_PRIVATE:
      return TRUE;
    case AIONET_ADDRESS_CLASS_LINK_LOCAL:
    case AIONET_ADDRESS_CLASS_LOOPBACK:
    case AIONET_ADDRESS_CLASS_MULTICAST:
    case AIONET_ADDRESS_CLASS_UNUSABLE:
    default:
      return FALSE;
    }
}

static gboolean
is_public (AionetNatEndpoint endpoint)
{
  g_autoptr (GInetAddress) address =
      _aionet_address_bits_to_address (endpoint.bits, endpoint.family);

  return _aionet_inet_address_is_public (address);
}

typedef struct
{
  const AionetNatObservations *observations;
  guint                        n_operators;
  gboolean                    *is_heard; /* (owned) its primary told something that can be */
  AionetNatVote               *votes;    /* (owned) of the question at hand */
} Poll;

static const AionetNatOperator *
get_operator (const Poll *self, guint index)
{
  return _aionet_nat_observations_get (self->observations, index);
}

static AionetNatEndpoint
get_mapped (const Poll *self, guint index)
{
  return get_operator (self, index)->mapping[AIONET_NAT_PLACE_PRIMARY].mapped;
}

/* Whether a place told something that can be, and told it itself. */
static gboolean
has_told (const Poll *self, guint index, AionetNatPlace place)
{
  const AionetNatOperator *server = get_operator (self, index);
  const AionetNatTest     *test = &server->mapping[place];
  AionetNatEndpoint        endpoint = _aionet_nat_operator_get_place (server, place);

  return test->answer == AIONET_NAT_ANSWER_MAPPED && endpoint.family != G_SOCKET_FAMILY_INVALID &&
         _aionet_nat_endpoint_equal (test->origin, endpoint) &&
         is_sane (self->observations, test->mapped);
}

/* Who was not heard yet may say either to any question. */
static AionetNatTally
count (Poll *self)
{
  for (guint i = 0; i < self->n_operators; i++)
    {
      if (!self->is_heard[i])
        self->votes[i] = _aionet_nat_operator_is_pending (get_operator (self, i))
                             ? AIONET_NAT_VOTE_PENDING
                             : AIONET_NAT_VOTE_NONE;
    }
  return _aionet_nat_tally (self->observations, self->votes);
}

static AionetNatVote
to_vote (gboolean yes)
{
  return yes ? AIONET_NAT_VOTE_YES : AIONET_NAT_VOTE_NO;
}

/* Throws out the external addresses that most contradict. Where each destination is given another
 * address there is no majority, and nothing to throw out. */
static void
drop_other_addresses (Poll *self, GPtrArray *reasons)
{
  for (guint i = 0; i < self->n_operators; i++)
    {
      AionetNatTally tally;
      guint          n_dropped = 0;

      if (!self->is_heard[i])
        continue;
      for (guint j = 0; j < self->n_operators; j++)
        self->votes[j] = to_vote (
            _aionet_nat_endpoint_same_address (get_mapped (self, i), get_mapped (self, j)));
      tally = count (self);
      if (tally.n_yes < 2 || tally.n_yes <= tally.n_no)
        continue;
      for (guint j = 0; j < self->n_operators; j++)
        {
          n_dropped += self->is_heard[j] && self->votes[j] == AIONET_NAT_VOTE_NO;
          self->is_heard[j] = self->is_heard[j] && self->votes[j] == AIONET_NAT_VOTE_YES;
        }
      if (n_dropped > 0)
        _aionet_nat_add_reason (reasons, "Not believed: %u that told another external address",
                                n_dropped);
      return;
    }
}

static void
drop_private_addresses (Poll *self, GPtrArray *reasons)
{
  guint          n_dropped = 0;
  AionetNatTally tally;

  for (guint i = 0; i < self->n_operators; i++)
    {
      if (self->is_heard[i])
        self->votes[i] = to_vote (is_public (get_mapped (self, i)));
    }
  tally = count (self);
  if (tally.n_yes == 0 || tally.n_yes < tally.n_no)
    return;
  for (guint i = 0; i < self->n_operators; i++)
    {
      if (!self->is_heard[i] || self->votes[i] == AIONET_NAT_VOTE_YES)
        continue;
      self->is_heard[i] = FALSE;
      n_dropped++;
    }
  if (n_dropped > 0)
    _aionet_nat_add_reason (reasons,
                            "Not believed: %u that told a private address, where others told a "
                            "public one",
                            n_dropped);
}

/* What an operator with an alternate address sees alone: YES: the same mapping at both addresses.
 * Who tells the same at one address and not at the other place of it contradicts itself. */
static AionetNatVote
get_own_vote (const Poll *self, guint index)
{
  AionetNatEndpoint mapped = get_mapped (self, index);
  guint             n_same = 0;
  guint             n_other = 0;

  for (AionetNatPlace place = AIONET_NAT_PLACE_ALTERNATE_ADDRESS;
       place <= AIONET_NAT_PLACE_ALTERNATE; place++)
    {
      if (!has_told (self, index, place))
        continue;
      if (_aionet_nat_endpoint_equal (get_operator (self, index)->mapping[place].mapped, mapped))
        n_same++;
      else
        n_other++;
    }
  if (n_same > 0 && n_other > 0)
    return AIONET_NAT_VOTE_NONE;
  return n_same > 0 ? AIONET_NAT_VOTE_YES : n_other > 0 ? AIONET_NAT_VOTE_NO : AIONET_NAT_VOTE_NONE;
}

/* What an operator says by what others were told; NONE if there are no others. */
static AionetNatVote
get_common_vote (const Poll *self, guint index)
{
  AionetNatVote vote = AIONET_NAT_VOTE_NONE;

  for (guint i = 0; i < self->n_operators; i++)
    {
      AionetNatEndpoint here = get_operator (self, index)->primary;
      AionetNatEndpoint there = get_operator (self, i)->primary;

      if (i == index || !self->is_heard[i] || _aionet_nat_endpoint_same_address (here, there))
        continue;
      if (_aionet_nat_endpoint_equal (get_mapped (self, index), get_mapped (self, i)))
        return AIONET_NAT_VOTE_YES;
      vote = AIONET_NAT_VOTE_NO;
    }
  return vote;
}

static AionetNatTally
ask_independent (Poll *self)
{
  for (guint i = 0; i < self->n_operators; i++)
    {
      if (!self->is_heard[i])
        continue;
      self->votes[i] = get_own_vote (self, i);
      /* Two servers are not told the same by chance; but one mapping that was taken already makes
       * the ones after it differ from those before. */
      if (self->votes[i] == AIONET_NAT_VOTE_NONE ||
          get_common_vote (self, i) == AIONET_NAT_VOTE_YES)
        self->votes[i] = get_common_vote (self, i);
    }
  return count (self);
}

static AionetNatTally
ask_translated (Poll *self)
{
  for (guint i = 0; i < self->n_operators; i++)
    {
      if (self->is_heard[i])
        self->votes[i] =
            to_vote (!_aionet_nat_endpoint_equal (get_mapped (self, i), self->observations->local));
    }
  return count (self);
}

/* YES: another port of one address is given another mapping. */
static AionetNatTally
ask_port_dependent (Poll *self)
{
  static const AionetNatPlace pairs[][2] = {
    { AIONET_NAT_PLACE_PRIMARY, AIONET_NAT_PLACE_ALTERNATE_PORT },
    { AIONET_NAT_PLACE_ALTERNATE_ADDRESS, AIONET_NAT_PLACE_ALTERNATE },
  };

  for (guint i = 0; i < self->n_operators; i++)
    {
      self->votes[i] = AIONET_NAT_VOTE_NONE;
      for (guint j = 0; j < G_N_ELEMENTS (pairs); j++)
        {
          const AionetNatTest *tests = get_operator (self, i)->mapping;

          if (self->is_heard[i] && has_told (self, i, pairs[j][0]) &&
              has_told (self, i, pairs[j][1]) && self->votes[i] != AIONET_NAT_VOTE_YES)
            self->votes[i] = to_vote (
                !_aionet_nat_endpoint_equal (tests[pairs[j][0]].mapped, tests[pairs[j][1]].mapped));
        }
    }
  return count (self);
}

static AionetNatBehavior
find_dependence (Poll *self, gboolean *is_assumed, GPtrArray *reasons)
{
  AionetNatTally tally = ask_port_dependent (self);

  if (tally.n_yes == 0 && tally.n_no == 0)
    {
      _aionet_nat_add_reason (reasons, "Whether the mapping depends on the port as well was not "
                                       "seen: it is assumed");
      *is_assumed = TRUE;
      return AIONET_NAT_BEHAVIOR_ADDRESS_AND_PORT_DEPENDENT;
    }
  if (tally.n_yes >= tally.n_no)
    {
      _aionet_nat_add_reason (reasons, "Another port of the same server is given another mapping");
      return AIONET_NAT_BEHAVIOR_ADDRESS_AND_PORT_DEPENDENT;
    }
  _aionet_nat_add_reason (reasons, "Another port of the same server is given the same mapping");
  return AIONET_NAT_BEHAVIOR_ADDRESS_DEPENDENT;
}

static AionetNatMappingFinding
find_translated (Poll *self, GPtrArray *reasons)
{
  AionetNatMappingFinding finding = { AIONET_NAT_BEHAVIOR_UNKNOWN, TRUE, FALSE, 0.3 };
  AionetNatTally          tally = ask_independent (self);

  if (tally.n_yes == 0 && tally.n_no == 0)
    {
      _aionet_nat_add_reason (reasons, "One address of one server only told a mapping: whether it "
                                       "depends on the destination was not seen");
      return finding;
    }
  if (tally.n_yes > tally.n_no)
    {
      _aionet_nat_add_reason (reasons,
                              "The mapping is the same for servers at different addresses");
      finding.behavior = AIONET_NAT_BEHAVIOR_ENDPOINT_INDEPENDENT;
      finding.confidence =
          _aionet_nat_weigh (tally.n_yes, tally.n_no, tally.n_pending, "the mapping", reasons);
      return finding;
    }
  _aionet_nat_add_reason (reasons, "The mapping is another one for servers at other addresses");
  finding.confidence =
      _aionet_nat_weigh (tally.n_no, tally.n_yes, tally.n_pending, "the mapping", reasons);
  finding.behavior = find_dependence (self, &finding.is_assumed, reasons);
  return finding;
}

static AionetNatMappingFinding
find (Poll *self, GPtrArray *reasons)
{
  AionetNatMappingFinding finding = { AIONET_NAT_BEHAVIOR_UNKNOWN, TRUE, FALSE, 0 };
  AionetNatTally          tally = ask_translated (self);

  if (tally.n_yes == 0 && tally.n_no == 0)
    {
      _aionet_nat_add_reason (reasons, "No server told a mapping");
      return finding;
    }
  finding.is_translated = tally.n_yes >= tally.n_no;
  if (!finding.is_translated)
    {
      _aionet_nat_add_reason (reasons, "Servers see the local address and port: there is no NAT");
      finding.behavior = AIONET_NAT_BEHAVIOR_ENDPOINT_INDEPENDENT;
      finding.confidence =
          _aionet_nat_weigh (tally.n_no, tally.n_yes, tally.n_pending, "the address", reasons);
      return finding;
    }
  finding = find_translated (self, reasons);
  finding.confidence =
      MIN (finding.confidence,
           _aionet_nat_weigh (tally.n_yes, tally.n_no, tally.n_pending, "the address", reasons));
  return finding;
}

AionetNatMappingFinding
_aionet_nat_find_mapping (const AionetNatObservations *observations, GPtrArray *reasons)
{
  guint                     n_operators = observations->operators->len;
  g_autofree gboolean      *is_heard = g_new0 (gboolean, n_operators + 1);
  g_autofree AionetNatVote *votes = g_new0 (AionetNatVote, n_operators + 1);
  Poll                      poll = { observations, n_operators, is_heard, votes };

  for (guint i = 0; i < n_operators; i++)
    is_heard[i] = has_told (&poll, i, AIONET_NAT_PLACE_PRIMARY);
  drop_other_addresses (&poll, reasons);
  drop_private_addresses (&poll, reasons);
  return find (&poll, reasons);
}
