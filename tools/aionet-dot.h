/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#pragma once

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/* A picture of interfaces in the language of Graphviz, to be read from the left: local addresses,
 * the NAT, external addresses. Pure; the same documents give the same text.
 * interfaces: documents as aionet_interface_to_json() makes them. Returns: (transfer full) */
char *_interfaces_to_dot (JsonArray *interfaces);

G_END_DECLS
