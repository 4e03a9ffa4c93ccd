/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#pragma once

#include <aionet.h>

G_BEGIN_DECLS

/* How a NAT or firewall treats UDP and TCP: the truth about it, and what its rules are made from.
 */
typedef struct
{
  gboolean          translates; /* FALSE: it is a firewall at most */
  AionetNatBehavior mapping;    /* UNKNOWN: no UDP passes */
  AionetNatBehavior filtering;
  AionetDeltaType   delta;
  int               delta_value;
  guint16           first_port; /* of delta INDEPENDENT */
  gboolean          hairpins;   /* only with endpoint-independent filtering */
} LabNat;

AionetNatType _lab_nat_get_type (const LabNat *self);

/* Rules for `nft -f`, for a node whose inside is lan0 and whose outside is wan0. family: "ip" or
 * "ip6". routed: (nullable) a block that is not translated. random: chooses the ports. */
char *
_lab_nat_get_rules (const LabNat *self, const char *family, const char *routed, GRand *random);

G_END_DECLS
