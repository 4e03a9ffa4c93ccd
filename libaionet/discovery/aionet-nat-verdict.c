/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#include "config.h"

#include "discovery/aionet-nat-verdict-private.h"

#include "discovery/aionet-nat-evidence-private.h"

/* Nothing came back at all: then nothing is known of loss either. That so many are lost in a row is
 * taken for possible; behind it there is a block. */
#define DARK_LOSS 0.65
/* A refusal is as good as some silence. */
#define N_LOST_IN_REFUSAL 4
/* Hairpinning decides less: it may be wrong more often. */
#define MAX_HAIRPIN_ERROR 0.01

static AionetNatType
name_type (gboolean is_translated, AionetNatBehavior mapping, AionetNatBehavior filtering)
{
  if (!is_translated)
    return filtering == AIONET_NAT_BEHAVIOR_ENDPOINT_INDEPENDENT ? AIONET_NAT_TYPE_OPEN
                                                                 : AIONET_NAT_TYPE_FIREWALL;
  if (mapping == AIONET_NAT_BEHAVIOR_ADDRESS_DEPENDENT ||
      mapping == AIONET_NAT_BEHAVIOR_ADDRESS_AND_PORT_DEPENDENT)
    return AIONET_NAT_TYPE_SYMMETRIC;
  switch (filtering)
    {
    case AIONET_NAT_BEHAVIOR_ENDPOINT_INDEPENDENT:
      return mapping == AIONET_NAT_BEHAVIOR_UNKNOWN ? AIONET_NAT_TYPE_PORT_RESTRICTED
                                                    : AIONET_NAT_TYPE_FULL_CONE;
    case AIONET_NAT_BEHAVIOR_ADDRESS_DEPENDENT:
      return mapping == AIONET_NAT_BEHAVIOR_UNKNOWN ? AIONET_NAT_TYPE_PORT_RESTRICTED
                                                    : AIONET_NAT_TYPE_RESTRICTED;
    case AIONET_NAT_BEHAVIOR_UNKNOWN:
    case AIONET_NAT_BEHAVIOR_ADDRESS_AND_PORT_DEPENDENT:
    default:
      return AIONET_NAT_TYPE_PORT_RESTRICTED;
    }
}

static gboolean
is_anything_heard (const AionetNatObservations *observations)
{
  for (guint i = 0; i < observations->operators->len; i++)
    {
      if (_aionet_nat_operator_is_heard (_aionet_nat_observations_get (observations, i)))
        return TRUE;
    }
  return FALSE;
}

static double
predict_darkness (AionetNatEffort effort)
{
  double odds = 1;

  for (guint i = 0; i < effort.n_lost + N_LOST_IN_REFUSAL * effort.n_refused; i++)
    odds *= DARK_LOSS;
  return odds;
}

static double
weigh_darkness (AionetNatEffort effort, GPtrArray *reasons)
{
  double error = predict_darkness (effort);

  _aionet_nat_add_reason (reasons,
                          "Nothing came back over UDP: servers on %u networks, %u requests, %u of "
                          "them refused",
                          effort.n_networks, effort.n_lost + effort.n_refused, effort.n_refused);
  if (effort.n_networks < 2)
    {
      _aionet_nat_add_reason (reasons, "Servers on one network may all be down");
      return 0.4;
    }
  if (error <= AIONET_NAT_MAX_ERROR)
    return 1 - error;
  _aionet_nat_add_reason (reasons, "So few requests may all have been lost");
  return 0.49 * (1 - error);
}

static void
judge_blocked (AionetNatVerdict            *self,
               const AionetNatObservations *udp,
               const AionetNatObservations *tcp,
               GPtrArray                   *reasons)
{
  AionetNatMappingFinding mapping;

  self->type = AIONET_NAT_TYPE_BLOCKED;
  self->confidence = weigh_darkness (_aionet_nat_effort_count (udp), reasons);
  self->is_settled = self->confidence >= AIONET_NAT_CERTAIN;
  if (tcp == NULL)
    return;
  if (!is_anything_heard (tcp))
    {
      _aionet_nat_add_reason (reasons, "Nothing came back over TCP either");
      return;
    }
  _aionet_nat_add_reason (reasons, "Servers answer over TCP: what is said of the mapping is so "
                                   "over TCP");
  mapping = _aionet_nat_find_mapping (tcp, reasons);
  self->protocol = G_SOCKET_PROTOCOL_TCP;
  self->mapping = mapping.behavior;
  self->is_settled = self->is_settled && mapping.confidence >= AIONET_NAT_CERTAIN;
}

static void
judge_type (AionetNatVerdict *self, const AionetNatObservations *udp, GPtrArray *reasons)
{
  AionetNatMappingFinding   mapping = _aionet_nat_find_mapping (udp, reasons);
  AionetNatFilteringFinding filtering = _aionet_nat_find_filtering (udp, reasons);

  self->mapping = mapping.behavior;
  self->filtering = filtering.behavior;
  self->type = name_type (mapping.is_translated, mapping.behavior, filtering.behavior);
  self->is_settled = !mapping.is_assumed && mapping.confidence >= AIONET_NAT_CERTAIN &&
                     filtering.confidence >= AIONET_NAT_CERTAIN;
  self->confidence = MIN (mapping.confidence, filtering.confidence);
  if (self->type != AIONET_NAT_TYPE_SYMMETRIC || mapping.confidence < AIONET_NAT_CERTAIN ||
      filtering.confidence >= AIONET_NAT_CERTAIN)
    return;
  /* What is symmetric is so however it filters: then the guess is left out, not the type. */
  self->confidence = mapping.confidence;
  self->filtering = AIONET_NAT_BEHAVIOR_UNKNOWN;
}

static AionetNatHairpinning
judge_hairpin (const AionetNatObservations *udp, GPtrArray *reasons)
{
  const AionetNatTest *test = &udp->hairpin;

  if (test->answer == AIONET_NAT_ANSWER_MAPPED)
    {
      _aionet_nat_add_reason (reasons, "A packet to the own external endpoint came back");
      return AIONET_NAT_HAIRPINNING_YES;
    }
  if (test->n_lost == 0 ||
      _aionet_nat_loss_predict (_aionet_nat_loss_count (udp), test->n_lost) > MAX_HAIRPIN_ERROR)
    return AIONET_NAT_HAIRPINNING_UNKNOWN;
  _aionet_nat_add_reason (reasons, "Of %u packets to the own external endpoint none came back",
                          test->n_lost);
  return AIONET_NAT_HAIRPINNING_NO;
}

AionetNatVerdict *
_aionet_nat_verdict_new (const AionetNatObservations *udp, const AionetNatObservations *tcp)
{
  AionetNatVerdict *self = g_new0 (AionetNatVerdict, 1);
  g_autoptr (GPtrArray) reasons = g_ptr_array_new ();

  self->type = AIONET_NAT_TYPE_PORT_RESTRICTED;
  self->protocol = G_SOCKET_PROTOCOL_UDP;
  if (_aionet_nat_effort_count (udp).n_networks == 0)
    {
      self->protocol = G_SOCKET_PROTOCOL_UNKNOWN;
      _aionet_nat_add_reason (reasons, "No server was asked");
    }
  else if (!is_anything_heard (udp))
    judge_blocked (self, udp, tcp, reasons);
  else
    {
      judge_type (self, udp, reasons);
      self->hairpinning = judge_hairpin (udp, reasons);
    }
  g_ptr_array_add (reasons, NULL);
  self->reasons = (char **) g_ptr_array_steal (reasons, NULL);
  return self;
}

void
_aionet_nat_verdict_free (AionetNatVerdict *self)
{
  g_strfreev (self->reasons);
  g_free (self);
}

static gboolean
has_delta (const AionetNatVerdict *self, GSocketFamily family)
{
  return family != G_SOCKET_FAMILY_IPV6 && self->type != AIONET_NAT_TYPE_OPEN &&
         self->type != AIONET_NAT_TYPE_FIREWALL;
}

AionetNat *
_aionet_nat_verdict_to_nat (const AionetNatVerdict *self,
                            GSocketFamily           family,
                            const AionetPortDelta  *delta)
{
  AionetDeltaType type = AIONET_DELTA_TYPE_NOT_APPLICABLE;
  int             value = 0;

  if (has_delta (self, family))
    {
      type = delta != NULL ? delta->type : AIONET_DELTA_TYPE_RANDOM;
      value = delta != NULL ? delta->value : 0;
    }
  return g_object_new (AIONET_TYPE_NAT, "type", self->type, "delta-type", type, "delta-value",
                       value, "mapping", self->mapping, "filtering", self->filtering, "hairpinning",
                       self->hairpinning, "confidence", self->confidence, "tested",
                       self->protocol != G_SOCKET_PROTOCOL_UNKNOWN, "protocol", self->protocol,
                       "reasons", self->reasons, NULL);
}
