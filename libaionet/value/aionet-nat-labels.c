/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#include "config.h"

#include "value/aionet-nat.h"

/**
 * aionet_nat_type_get_label:
 * @type: a type
 *
 * Gets the label of a NAT type, as it stands in the JSON of an interface.
 *
 * Returns: (transfer none) (nullable): a label, in English, or %NULL for a number that is none
 *
 * Since: 0.1
 */
const char *
aionet_nat_type_get_label (AionetNatType type)
{
  switch (type)
    {
    case AIONET_NAT_TYPE_OPEN:
      return "open internet (no NAT)";
    case AIONET_NAT_TYPE_FIREWALL:
      return "possible firewall (no NAT)";
    case AIONET_NAT_TYPE_FULL_CONE:
      return "full cone";
    case AIONET_NAT_TYPE_RESTRICTED:
      return "restrict reuse";
    case AIONET_NAT_TYPE_PORT_RESTRICTED:
      return "restrict port";
    case AIONET_NAT_TYPE_SYMMETRIC:
      return "symmetric";
    case AIONET_NAT_TYPE_BLOCKED:
      return "unknown (all responses blocked)";
    default:
      return NULL;
    }
}

/**
 * aionet_delta_type_get_label:
 * @type: a type
 *
 * Gets the label of a delta type, as it stands in the JSON of an interface.
 *
 * Returns: (transfer none) (nullable): a label, in English, or %NULL for a number that is none
 *
 * Since: 0.1
 */
const char *
aionet_delta_type_get_label (AionetDeltaType type)
{
  switch (type)
    {
    case AIONET_DELTA_TYPE_NOT_APPLICABLE:
      return "not applicable";
    case AIONET_DELTA_TYPE_EQUAL:
      return "equal delta (local port == mapped port)";
    case AIONET_DELTA_TYPE_PRESERVING:
      return "preserving delta ((local port + dist) == (mapped_start + dist))";
    case AIONET_DELTA_TYPE_INDEPENDENT:
      return "independent delta (rand port == (last_mapped += delta))";
    case AIONET_DELTA_TYPE_DEPENDENT:
      return "dependent delta ((local port += [1 to delta]) == (last_mapped += [1 to delta]))";
    case AIONET_DELTA_TYPE_RANDOM:
      return "random delta (local port == rand port)";
    default:
      return NULL;
    }
}
