/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* How long an answer is waited for, and when a request is sent again. Pure; times in us.
 *
 * RFC 8489 starts at 500 ms since it knows nothing of the network. A test of a NAT asks several
 * servers at once: what the first of them took to answer tells what to expect of the others. */

#define AIONET_NAT_MAX_SENDS 8

/* Of one server; zeroed at first: nothing known. */
typedef struct
{
  gint64 longest_us; /* 0: never heard */
} AionetNatPace;

void _aionet_nat_pace_add (AionetNatPace *self, gint64 round_trip_us);

/* From a sending to the time its answer is overdue. all: what is known of all servers together.
 * n_sent: that many have been sent; 1 or more */
gint64
_aionet_nat_pace_get_wait (const AionetNatPace *self, const AionetNatPace *all, guint n_sent);
/* From a sending to the next. */
gint64 _aionet_nat_pace_get_gap (const AionetNatPace *self, const AionetNatPace *all, guint n_sent);

G_END_DECLS
