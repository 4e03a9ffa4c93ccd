/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#pragma once

#include "topology/aionet-range-table-private.h"
#include "topology/aionet-route.h"

G_BEGIN_DECLS

/* Where an external address is in a pool, and the other way round. Memory per external range, none
 * per address; immutable. */

/* The addresses of one external range: start .. start + their number - 1 of the pool. */
typedef struct
{
  AionetRangeKey key;
  guint64        start;    /* G_MAXUINT64: beyond what an index can count */
  AionetRoute   *group;    /* (unowned) */
  AionetIpRange *range;    /* (unowned) of the group's external side */
  guint          position; /* of the group */
} AionetRouteSegment;

typedef struct _AionetRouteIndex AionetRouteIndex;

/* groups: (element-type AionetRoute) that must outlive the index */
AionetRouteIndex *_aionet_route_index_new (GPtrArray *groups);
void              _aionet_route_index_free (AionetRouteIndex *self);

/* Whether some external ranges have addresses in common. Such an index is of no other use. */
gboolean _aionet_route_index_has_overlaps (AionetRouteIndex *self);

/* Saturates at G_MAXUINT64 */
guint64 _aionet_route_index_get_n_addresses (AionetRouteIndex *self);
/* (nullable): by binary search */
const AionetRouteSegment *_aionet_route_index_get (AionetRouteIndex *self, guint64 index);
/* (nullable): the segment that has address as a usable one; by one hash look-up a prefix length */
const AionetRouteSegment *
_aionet_route_index_find (AionetRouteIndex *self, GInetAddress *address, guint64 *index_in_range);
/* First index behind the addresses of the group */
guint64 _aionet_route_index_get_group_end (AionetRouteIndex *self, guint position);

G_END_DECLS
