/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#pragma once

#include "provider/aionet-link.h"
#include "value/aionet-ip-range.h"

G_BEGIN_DECLS

/* Which sources to probe. Pure. */

typedef struct
{
  GSocketFamily family;
  GInetAddress *source;  /* (owned) the address to bind to: first usable of the first member; an
                            assigned address of a private group even if a block covers it */
  char      *scope_name; /* (owned) (nullable) */
  gboolean   free_bind;  /* source is out of a block */
  GPtrArray *members;    /* (owned) (element-type AionetIpRange) in order; never empty */
  gboolean   is_private; /* a private group: all members share the answer of the first */
} AionetProbe;

typedef struct
{
  GSocketFamily family;
  GPtrArray    *probes;      /* (owned) (element-type AionetProbe) private groups first */
  GPtrArray    *link_locals; /* (owned) (element-type AionetIpRange) never probed */
} AionetProbePlan;

/* The order of probes, and what is a group, is told in the .c. Tentative addresses, loopback,
 * multicast and IPv4 link-local are left out; deprecated ones are probed after the others. family:
 * IPV4 or IPV6. */
AionetProbePlan *_aionet_probe_plan_new (AionetLink *link, GSocketFamily family);
void             _aionet_probe_plan_free (AionetProbePlan *plan);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AionetProbePlan, _aionet_probe_plan_free)

G_END_DECLS
