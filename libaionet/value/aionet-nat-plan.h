/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#pragma once

#if !defined(AIONET_INSIDE) && !defined(AIONET_COMPILATION)
#error "Only <aionet.h> can be included directly."
#endif

#include <gio/gio.h>

#include <aionet-version.h>

#include <value/aionet-nat.h>

G_BEGIN_DECLS

/**
 * AionetNatMethod:
 * @AIONET_NAT_METHOD_NONE: there is no way: packets have to be relayed
 * @AIONET_NAT_METHOD_DIRECT: one host sends to the external endpoint of the other, which answers to
 *   where that came from
 * @AIONET_NAT_METHOD_HOLE_PUNCHING: both hosts send to the external endpoint of the other, until
 *   something comes in; and from then on to where that came from
 * @AIONET_NAT_METHOD_PORT_PREDICTION: as hole punching, to the ports that the NAT of the other is
 *   going to pick
 *
 * How two hosts behind two NATs reach each other over UDP.
 *
 * Since: 0.1
 */
typedef enum
{
  AIONET_NAT_METHOD_NONE,
  AIONET_NAT_METHOD_DIRECT,
  AIONET_NAT_METHOD_HOLE_PUNCHING,
  AIONET_NAT_METHOD_PORT_PREDICTION,
} AionetNatMethod;

/**
 * AionetNatStarter:
 * @AIONET_NAT_STARTER_NONE: nobody: there is no way
 * @AIONET_NAT_STARTER_EITHER: whoever likes to
 * @AIONET_NAT_STARTER_SELF: the host behind the first NAT
 * @AIONET_NAT_STARTER_OTHER: the host behind the second NAT
 * @AIONET_NAT_STARTER_BOTH: both, at about the same time
 *
 * Who has to send without having received anything.
 *
 * Since: 0.1
 */
typedef enum
{
  AIONET_NAT_STARTER_NONE,
  AIONET_NAT_STARTER_EITHER,
  AIONET_NAT_STARTER_SELF,
  AIONET_NAT_STARTER_OTHER,
  AIONET_NAT_STARTER_BOTH,
} AionetNatStarter;

#define AIONET_TYPE_NAT_PLAN (aionet_nat_plan_get_type ())

AIONET_AVAILABLE_IN_0_1
G_DECLARE_FINAL_TYPE (AionetNatPlan, aionet_nat_plan, AIONET, NAT_PLAN, GObject)

AIONET_AVAILABLE_IN_0_1
AionetNatPlan *aionet_nat_plan_new (AionetNat *nat, AionetNat *other);

AIONET_AVAILABLE_IN_0_1
gboolean aionet_nat_plan_is_possible (AionetNatPlan *self);
AIONET_AVAILABLE_IN_0_1
AionetNatMethod aionet_nat_plan_get_method (AionetNatPlan *self);
AIONET_AVAILABLE_IN_0_1
AionetNatStarter aionet_nat_plan_get_starter (AionetNatPlan *self);
AIONET_AVAILABLE_IN_0_1
double aionet_nat_plan_get_confidence (AionetNatPlan *self);
AIONET_AVAILABLE_IN_0_1
const char *aionet_nat_plan_get_reason (AionetNatPlan *self);

AIONET_AVAILABLE_IN_0_1
gboolean aionet_nat_can_connect (AionetNat *self, AionetNat *other);
AIONET_AVAILABLE_IN_0_1
guint16 *aionet_nat_predict_ports (AionetNat *self,
                                   guint16    last_local,
                                   guint16    last_mapped,
                                   guint16    local,
                                   guint      max_ports,
                                   gsize     *n_ports);

G_END_DECLS
