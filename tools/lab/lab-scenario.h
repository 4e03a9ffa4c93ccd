/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#pragma once

#include "lab/lab-nat.h"

G_BEGIN_DECLS

/* A small network as data. Every node becomes a network namespace, every link a pair of veth ends.
 * The first node is the client, where the command runs; "world" is where the servers are. */

#define LAB_MAX_NODES 5
#define LAB_MAX_LINKS 4
#define LAB_MAX_SERVERS 16

typedef struct
{
  const char   *name;
  gboolean      forwards;
  const char   *sysctls; /* (nullable) lines "net/ipv4/...=value", written once the links exist */
  const char   *setup;   /* (nullable) lines for `ip -batch`; the links are up by then */
  const LabNat *nat;     /* (nullable) between its lan0 and its wan0 */
  const char   *routed;  /* (nullable) a block that the NAT leaves alone */
  const char   *rules;   /* (nullable) more for `nft -f` */
} LabNode;

typedef struct
{
  const char *node;
  const char *name;
} LabEnd;

typedef struct
{
  LabEnd   ends[2];
  gboolean outside; /* delay and loss happen here */
} LabLink;

typedef struct
{
  const char   *name;
  const char   *alias; /* (nullable) */
  const char   *summary;
  gboolean      ipv4; /* servers of this family are told to the command */
  gboolean      ipv6;
  const LabNat *truth; /* (nullable) what all NATs together are to the client's first interface */
  LabNode       nodes[LAB_MAX_NODES + 1];
  LabLink       links[LAB_MAX_LINKS + 1];
} LabScenario;

/* Ended by a NULL name. The first is the default. */
extern const LabScenario LAB_SCENARIOS[];

const LabScenario       *_lab_scenario_find (const char *name);

G_END_DECLS
