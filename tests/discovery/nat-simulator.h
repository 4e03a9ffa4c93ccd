/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#pragma once

#include "discovery/aionet-nat-verdict-private.h"

/* A NAT, loss, and STUN servers, true or not, without packets: fills observations as a network
 * would. */

typedef enum
{
  SERVER_HONEST = 0,
  SERVER_PLAIN = 1 << 0,          /* has one address only */
  SERVER_IGNORES_CHANGE = 1 << 1, /* answers from the primary */
  SERVER_DROPS_CHANGE = 1 << 2,   /* says nothing to CHANGE-REQUEST */
  SERVER_REFUSES_CHANGE = 1 << 3, /* error class */
  SERVER_DEAD_ALTERNATE = 1 << 4,
  SERVER_SAME_ADDRESS = 1 << 5, /* its alternate is at its own address */
  SERVER_PRIVATE = 1 << 6,      /* tells a private mapped address */
  SERVER_ERROR = 1 << 7,        /* error class to everything */
  SERVER_DEAD = 1 << 8,
  SERVER_SPREADS = 1 << 9,    /* lies: another port for each request */
  SERVER_COLLUDES = 1 << 10,  /* lies: with all that do, the same mapped endpoint always */
  SERVER_ELSEWHERE = 1 << 11, /* lies: another external address */
  SERVER_ALTERNATE_FROM_PRIMARY = 1 << 12, /* asked at the alternate, answers from the primary */
  SERVER_INSANE = 1 << 13,                 /* tells port 0 */
  SERVER_LOOPBACK = 1 << 14,               /* tells 127.0.0.1 */
} ServerFlags;

typedef struct
{
  gboolean          is_open; /* no translation */
  gboolean          is_blocked;
  AionetNatBehavior mapping;
  AionetNatBehavior filtering;
  gboolean          hairpins;
  gboolean          is_pooled; /* another external address for each mapping */
  double            loss;      /* of packets, each way */
  guint             n_sends;   /* at most, of each request */
  gboolean          has_controls;
} Network;

AionetNatEndpoint endpoint_from_text (const char *text);
/* servers: one operator each, all on networks of their own */
AionetNatObservations *
simulate (const Network *network, const ServerFlags *servers, guint n_servers, guint32 seed);
