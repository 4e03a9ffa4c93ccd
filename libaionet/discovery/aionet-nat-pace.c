/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#include "config.h"

#include "discovery/aionet-nat-pace-private.h"

#define MS G_GINT64_CONSTANT (1000)
/* Before anybody was heard: short enough to cost little where packets are lost, long enough for
 * most networks; doubled each time. */
#define FIRST_WAIT (150 * MS)
/* What a busy host, on either side, adds to a round trip. */
#define GUARD (20 * MS)
/* A server that was never heard may be farther away than those that were. */
#define STRANGER_FACTOR 2

void
_aionet_nat_pace_add (AionetNatPace *self, gint64 round_trip_us)
{
  self->longest_us = MAX (self->longest_us, MAX (round_trip_us, 1));
}

gint64
_aionet_nat_pace_get_wait (const AionetNatPace *self, const AionetNatPace *all, guint n_sent)
{
  gint64 expected_us = self->longest_us;

  if (expected_us == 0)
    expected_us = all->longest_us * STRANGER_FACTOR;
  if (expected_us == 0)
    return FIRST_WAIT << MIN (n_sent - 1, AIONET_NAT_MAX_SENDS);
  return expected_us + expected_us / 2 + GUARD;
}

/* The first answer is waited for, since most come. Where it did not, either packets are lost or
 * silence is the answer: both want more requests, soon. */
gint64
_aionet_nat_pace_get_gap (const AionetNatPace *self, const AionetNatPace *all, guint n_sent)
{
  gint64 wait_us = _aionet_nat_pace_get_wait (self, all, n_sent);

  if (n_sent > 1 && self->longest_us + all->longest_us > 0)
    return wait_us / 2;
  return wait_us;
}
