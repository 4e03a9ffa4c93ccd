/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#pragma once

#include "discovery/aionet-nat-survey-private.h"
#include "discovery/aionet-nat-verdict-private.h"

/* A NAT, five servers and a lossy network between them, made of arithmetic: a survey is run in it
 * from the first question to the verdict, by a clock that jumps from event to event. */

typedef enum
{
  NAT_WORLD_PORTS_EQUAL,
  NAT_WORLD_PORTS_PRESERVING, /* local port + 1000 */
  NAT_WORLD_PORTS_COUNTING,   /* last + step */
  NAT_WORLD_PORTS_RANDOM,
} NatWorldPorts;

#define NAT_WORLD_N_SERVERS 5

typedef struct
{
  gboolean          is_translated;
  AionetNatBehavior mapping;
  AionetNatBehavior filtering;
  NatWorldPorts     ports;
  int               step;
  double            loss; /* of each packet, each way */
  gint64            round_trip_us;
  gboolean          is_dark; /* nothing comes through */
  gboolean collides; /* the mapping is taken already at the last server: a new one from there on */
  gint64   blind_us; /* what is sent before is refused then, all at once */
  guint    n_liars;  /* tell one wrong address, all the same */
  gboolean lies_are_ports; /* liars tell the right address and one wrong port */
  guint    n_dead;         /* never answer */
  guint    n_deaf;         /* ignore CHANGE-REQUEST: answer from where they are asked */
} NatWorld;

typedef struct
{
  AionetNatVerdict *verdict; /* (owned) */
  AionetNat        *nat;     /* (owned) */
  gint64            took_us;
  guint             n_packets;
  guint             n_sockets;
} NatWorldRun;

void nat_world_run (const NatWorld *world, guint32 seed, NatWorldRun *run);
void nat_world_run_clear (NatWorldRun *run);
