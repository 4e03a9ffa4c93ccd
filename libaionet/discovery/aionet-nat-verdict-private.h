/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#pragma once

#include "discovery/aionet-nat-observations-private.h"
#include "discovery/aionet-port-delta-private.h"
#include "value/aionet-nat.h"

G_BEGIN_DECLS

/* Observations in, verdict out. Pure. How votes are counted is told in the .c. */

typedef struct
{
  AionetNatType        type;
  AionetNatBehavior    mapping;
  AionetNatBehavior    filtering;
  AionetNatHairpinning hairpinning;
  GSocketProtocol      protocol;   /* what mapping was tested over */
  double               confidence; /* 0.5 and more: the type is certain */
  gboolean             is_settled; /* so is all else: nothing is left to wait for */
  char               **reasons;    /* (owned) English sentences, without full stop: what was seen,
                                      then what keeps it from being certain */
} AionetNatVerdict;

/* tcp: (nullable): asked where nothing comes back over UDP; looked at in that case only. Then the
 * type is BLOCKED all the same, and mapping is that of TCP. That UDP is blocked is certain once 17
 * requests are overdue, on two networks; a refusal is worth four. */
AionetNatVerdict *_aionet_nat_verdict_new (const AionetNatObservations *udp,
                                           const AionetNatObservations *tcp);
void              _aionet_nat_verdict_free (AionetNatVerdict *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AionetNatVerdict, _aionet_nat_verdict_free)

/* The value object; untested, if nothing was asked. Without port translation (types 1 and 2, IPv6)
 * there is no delta, whatever it says. delta: (nullable): NULL when it was not tested */
AionetNat *_aionet_nat_verdict_to_nat (const AionetNatVerdict *self,
                                       GSocketFamily           family,
                                       const AionetPortDelta  *delta);

G_END_DECLS
