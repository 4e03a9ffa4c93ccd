/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#pragma once

#include "value/aionet-nat.h"

G_BEGIN_DECLS

/* How a NAT picks external ports, from which ports it picked for a series of local ones. Pure. */

/* So many of eight must follow a pattern. */
#define AIONET_PORT_DELTA_N_PROBES 8
#define AIONET_PORT_DELTA_THRESHOLD 5

/* One request from a socket of its own; all to one server. Sent once: a repetition would make its
 * mapping later than those of the probes after it. */
typedef struct
{
  guint16 local;
  guint16 mapped; /* 0: no answer. Such probes must not be left out: the NAT may have made a mapping
                     for them */
} AionetPortProbe;

typedef struct
{
  AionetDeltaType type;  /* never NOT_APPLICABLE */
  int             value; /* of independent and dependent ones, else 0 */
  guint           n_answered;
} AionetPortDelta;

/* probes: in the order they were sent in. threshold: steps from one probe to the next, of
 * AIONET_PORT_DELTA_N_PROBES, that must follow a pattern for it to be one; where probes are lost,
 * or there are more of them, the same share. Fewer than four answers: random. */
AionetPortDelta
_aionet_port_delta_find (const AionetPortProbe *probes, guint n_probes, guint threshold);

/* Which local ports to probe from, in order, so that all types can be told apart: ports far from
 * each other, then a run of neighbours. Send one every AIONET_PORT_PLAN_INTERVAL_MS: in order, and
 * before somebody else behind the NAT takes a port. A port that cannot be bound is left out of the
 * probes (that spoils one step of a run, which is tolerated). */
#define AIONET_PORT_PLAN_N_SPREAD 8
#define AIONET_PORT_PLAN_N_RUN 12
#define AIONET_PORT_PLAN_N_PORTS (AIONET_PORT_PLAN_N_SPREAD + AIONET_PORT_PLAN_N_RUN)
#define AIONET_PORT_PLAN_INTERVAL_MS 2

/* random: the caller's random numbers; the same ones give the same ports. Ports are distinct, of
 * 32768 to 65535, from where systems take the ports of programs. */
void _aionet_port_plan_fill (guint16 ports[AIONET_PORT_PLAN_N_PORTS], guint64 random);

G_END_DECLS
