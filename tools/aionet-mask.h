/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#pragma once

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/* Replaces what identifies a host in a record of it, in place. Names stay. */

/* 02:00:00:00:00:01 and so on: equal addresses stay equal, null and all zeros stay. */
void _mask_macs (JsonNode *document);
/* IP addresses in all texts, as aionet-address-mask.h says. */
gboolean _mask_addresses (JsonNode *document, GError **error);

G_END_DECLS
