/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#pragma once

#include <json-glib/json-glib.h>

#include "topology/aionet-interface-state-private.h"

G_BEGIN_DECLS

/* The guide's form of an interface (name, nat, rp) and what we add to it. A document of the guide
 * reads; what we write is a superset of it. Members of others are kept. Errors: INVALID_JSON, with
 * nothing made. Routes know interface weakly. */
AionetInterfaceState *
_aionet_interface_state_from_json (JsonNode *node, AionetInterface *interface, GError **error);
JsonNode *_aionet_interface_state_to_json (const AionetInterfaceState *self);

G_END_DECLS
