/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#pragma once

#include <json-glib/json-glib.h>

#include "discovery/aionet-route-set-private.h"
#include "topology/aionet-route.h"

G_BEGIN_DECLS

AionetRoute *_aionet_route_new_from_parts (const AionetRouteParts *parts,
                                           AionetInterface        *interface);
/* The wildcard route of the "default" interface: nothing known, the system chooses. */
AionetRoute *_aionet_route_new_any (GSocketFamily family, AionetInterface *interface);
/* The host route of one external address of a group: shares the group's lists, allocates only
 * itself. index counts over the group's external addresses. */
AionetRoute *_aionet_route_new_item (AionetRoute *group, guint64 index);

AionetRoute *_aionet_route_from_json (JsonNode *node, AionetInterface *interface, GError **error);
JsonNode    *_aionet_route_to_json (AionetRoute *self);

G_END_DECLS
