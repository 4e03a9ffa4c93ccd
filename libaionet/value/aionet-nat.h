/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#pragma once

#if !defined(AIONET_INSIDE) && !defined(AIONET_COMPILATION)
#error "Only <aionet.h> can be included directly."
#endif

#include <gio/gio.h>

#include <aionet-version.h>

G_BEGIN_DECLS

/**
 * AionetNatType:
 * @AIONET_NAT_TYPE_OPEN: the mapped address is the interface's own, anything gets in
 * @AIONET_NAT_TYPE_FIREWALL: own public address, but unsolicited packets are filtered
 * @AIONET_NAT_TYPE_FULL_CONE: any host may use the mapping
 * @AIONET_NAT_TYPE_RESTRICTED: only contacted addresses may answer, from any port
 * @AIONET_NAT_TYPE_PORT_RESTRICTED: only contacted endpoints may answer
 * @AIONET_NAT_TYPE_SYMMETRIC: a new mapping for each destination
 * @AIONET_NAT_TYPE_BLOCKED: nothing came back
 *
 * Kinds of NAT, numbered as in RFC 3489's decision tree.
 *
 * Since: 0.1
 */
typedef enum
{
  AIONET_NAT_TYPE_OPEN = 1,
  AIONET_NAT_TYPE_FIREWALL = 2,
  AIONET_NAT_TYPE_FULL_CONE = 3,
  AIONET_NAT_TYPE_RESTRICTED = 4,
  AIONET_NAT_TYPE_PORT_RESTRICTED = 5,
  AIONET_NAT_TYPE_SYMMETRIC = 6,
  AIONET_NAT_TYPE_BLOCKED = 7,
} AionetNatType;

/**
 * AionetDeltaType:
 * @AIONET_DELTA_TYPE_NOT_APPLICABLE: there is no port translation to speak of
 * @AIONET_DELTA_TYPE_EQUAL: the external port is the local one
 * @AIONET_DELTA_TYPE_PRESERVING: external ports are as far apart as local ones
 * @AIONET_DELTA_TYPE_INDEPENDENT: each new mapping is the last one plus a constant
 * @AIONET_DELTA_TYPE_DEPENDENT: as independent, but only for neighbouring local ports
 * @AIONET_DELTA_TYPE_RANDOM: no pattern
 *
 * How a NAT picks external ports.
 *
 * Since: 0.1
 */
typedef enum
{
  AIONET_DELTA_TYPE_NOT_APPLICABLE = 1,
  AIONET_DELTA_TYPE_EQUAL = 2,
  AIONET_DELTA_TYPE_PRESERVING = 3,
  AIONET_DELTA_TYPE_INDEPENDENT = 4,
  AIONET_DELTA_TYPE_DEPENDENT = 5,
  AIONET_DELTA_TYPE_RANDOM = 6,
} AionetDeltaType;

/**
 * AionetNatBehavior:
 * @AIONET_NAT_BEHAVIOR_UNKNOWN: not tested, or no verdict
 * @AIONET_NAT_BEHAVIOR_ENDPOINT_INDEPENDENT: the same for every remote endpoint
 * @AIONET_NAT_BEHAVIOR_ADDRESS_DEPENDENT: depends on the remote address
 * @AIONET_NAT_BEHAVIOR_ADDRESS_AND_PORT_DEPENDENT: depends on the remote address and port
 *
 * Mapping or filtering behaviour in the words of RFC 4787, sections 4.1 and 5.
 *
 * Since: 0.1
 */
typedef enum
{
  AIONET_NAT_BEHAVIOR_UNKNOWN,
  AIONET_NAT_BEHAVIOR_ENDPOINT_INDEPENDENT,
  AIONET_NAT_BEHAVIOR_ADDRESS_DEPENDENT,
  AIONET_NAT_BEHAVIOR_ADDRESS_AND_PORT_DEPENDENT,
} AionetNatBehavior;

/**
 * AionetNatHairpinning:
 * @AIONET_NAT_HAIRPINNING_UNKNOWN: not tested, or no verdict
 * @AIONET_NAT_HAIRPINNING_NO: packets to the own external endpoint are lost
 * @AIONET_NAT_HAIRPINNING_YES: they arrive
 *
 * Whether two hosts behind one NAT reach each other by their external endpoints (RFC 4787,
 * section 6).
 *
 * Since: 0.1
 */
typedef enum
{
  AIONET_NAT_HAIRPINNING_UNKNOWN,
  AIONET_NAT_HAIRPINNING_NO,
  AIONET_NAT_HAIRPINNING_YES,
} AionetNatHairpinning;

#define AIONET_TYPE_NAT (aionet_nat_get_type ())

AIONET_AVAILABLE_IN_0_1
G_DECLARE_FINAL_TYPE (AionetNat, aionet_nat, AIONET, NAT, GObject)

AIONET_AVAILABLE_IN_0_1
AionetNat *aionet_nat_new (AionetNatType type, AionetDeltaType delta_type, int delta_value);
AIONET_AVAILABLE_IN_0_1
AionetNat *aionet_nat_new_untested (void);

AIONET_AVAILABLE_IN_0_1
AionetNatType aionet_nat_get_nat_type (AionetNat *self);
AIONET_AVAILABLE_IN_0_1
AionetDeltaType aionet_nat_get_delta_type (AionetNat *self);
AIONET_AVAILABLE_IN_0_1
int aionet_nat_get_delta_value (AionetNat *self);
AIONET_AVAILABLE_IN_0_1
AionetNatBehavior aionet_nat_get_mapping (AionetNat *self);
AIONET_AVAILABLE_IN_0_1
AionetNatBehavior aionet_nat_get_filtering (AionetNat *self);
AIONET_AVAILABLE_IN_0_1
AionetNatHairpinning aionet_nat_get_hairpinning (AionetNat *self);
AIONET_AVAILABLE_IN_0_1
double aionet_nat_get_confidence (AionetNat *self);
AIONET_AVAILABLE_IN_0_1
gboolean aionet_nat_get_tested (AionetNat *self);
AIONET_AVAILABLE_IN_0_1
GSocketProtocol aionet_nat_get_protocol (AionetNat *self);
AIONET_AVAILABLE_IN_0_1
const char *const *aionet_nat_get_reasons (AionetNat *self);
AIONET_AVAILABLE_IN_0_1
const char *aionet_nat_get_info (AionetNat *self);
AIONET_AVAILABLE_IN_0_1
const char *aionet_nat_get_delta_info (AionetNat *self);
AIONET_AVAILABLE_IN_0_1
gboolean aionet_nat_equal (AionetNat *self, AionetNat *other);

AIONET_AVAILABLE_IN_0_1
const char *aionet_nat_type_get_label (AionetNatType type);
AIONET_AVAILABLE_IN_0_1
const char *aionet_delta_type_get_label (AionetDeltaType type);

G_END_DECLS
