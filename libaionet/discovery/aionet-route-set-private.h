/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#pragma once

#include "discovery/aionet-probe-plan-private.h"

G_BEGIN_DECLS

/* From probes and their answers to routes. Pure. */

typedef struct
{
  GInetAddress *external; /* (owned) (nullable: no answer, or no agreement) */
  gboolean      confirmed;
  char         *reason; /* (owned) (nullable) why there is no external */
} AionetProbeResult;

void _aionet_probe_result_free (AionetProbeResult *result);

typedef struct
{
  GSocketFamily family;
  GPtrArray    *nic_ranges;  /* (owned) (element-type AionetIpRange) never empty */
  GPtrArray    *ext_ranges;  /* (owned) (element-type AionetIpRange) never empty */
  GPtrArray    *link_locals; /* (owned) (element-type AionetIpRange) */
  gboolean      confirmed;
} AionetRouteParts;

typedef struct
{
  AionetIpRange *range;  /* (owned) */
  char          *reason; /* (owned) */
} AionetUnreachable;

typedef struct
{
  GPtrArray *routes;      /* (owned) (element-type AionetRouteParts) in the guide's order */
  GPtrArray *unreachable; /* (owned) (element-type AionetUnreachable) */
} AionetRouteSet;

/* results: (element-type AionetProbeResult) one for each probe of the plan, in its order */
AionetRouteSet *_aionet_route_set_build (const AionetProbePlan *plan, GPtrArray *results);
void            _aionet_route_set_free (AionetRouteSet *set);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AionetRouteSet, _aionet_route_set_free)

G_END_DECLS
