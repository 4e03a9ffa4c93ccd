/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#pragma once

#include <json-glib/json-glib.h>

#include "discovery/aionet-route-set-private.h"
#include "engine/aionet-local-private.h"
#include "topology/aionet-route.h"

G_BEGIN_DECLS

/* These make the routes that pools consist of. They know their interface weakly only, as the
 * interface owns the pools; what a program gets (host routes, bound routes, copies) owns it. */
AionetRoute *_aionet_route_new_from_parts (const AionetRouteParts *parts,
                                           AionetInterface        *interface);
AionetRoute *_aionet_route_from_json (JsonNode *node, AionetInterface *interface, GError **error);
/* The wildcard route of the "default" interface: nothing known, the system chooses. */
AionetRoute *_aionet_route_new_any (GSocketFamily family, AionetInterface *interface);
/* One route of several that have an external address in common (none bound, one family): all NIC
 * sides one after the other. ext_ranges: the external side of the result. */
AionetRoute *_aionet_route_new_merged (GPtrArray *routes, GListModel *ext_ranges);

/* An unbound copy that owns the interface: what aionet_interface_get_route () hands out. */
AionetRoute *_aionet_route_new_copy (AionetRoute *self);
/* The host route of one external address of a group: shares the group's lists, allocates only
 * itself. index counts over the group's external addresses. Owns the interface. */
AionetRoute *_aionet_route_new_item (AionetRoute *group, guint64 index);
/* The same, where range (one of the group's ext-ranges) and the index in it are known. */
AionetRoute *
_aionet_route_new_item_in (AionetRoute *group, AionetIpRange *range, guint64 index_in_range);
/* TRUE for a route that is neither bound nor the host route of a group. */
gboolean  _aionet_route_is_plain (AionetRoute *self);

JsonNode *_aionet_route_to_json (AionetRoute *self);

/* (transfer full) What a socket of the route is to be bound to and whether it has to be pinned,
 * now. A route that is not bound gives its address with port 0. */
AionetLocal *_aionet_route_dup_local (AionetRoute *self, GError **error);

G_END_DECLS
