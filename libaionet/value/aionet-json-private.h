/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#pragma once

#include <json-glib/json-glib.h>

#include "value/aionet-ip-range.h"
#include "value/aionet-nat.h"

G_BEGIN_DECLS

/* A document larger or deeper than this is refused before an object is made of it. */
#define AIONET_JSON_MAX_BYTES (16 * 1024 * 1024)
#define AIONET_JSON_MAX_DEPTH 64

/* All fail with AIONET_ERROR_INVALID_JSON and name the member that is wrong. */

/* length: bytes, or -1 for NUL-terminated text. What is not RFC 8259 to the letter is refused, and
 * so are members of one name in one object, numbers that overflow and strings with \u0000. */
JsonNode *_aionet_json_parse (const char *text, gssize length, GError **error);
char     *_aionet_json_to_string (JsonNode *node, gboolean pretty);

/* Member access with type checks: FALSE and error when the member has another type or is out of
 * bounds; absent or null members leave *value alone, set nothing, and return TRUE. */
gboolean _aionet_json_read_string (JsonObject  *object,
                                   const char  *member,
                                   const char **value,
                                   GError     **error);
gboolean _aionet_json_read_int (
    JsonObject *object, const char *member, gint64 min, gint64 max, gint64 *value, GError **error);
gboolean _aionet_json_read_double (
    JsonObject *object, const char *member, double min, double max, double *value, GError **error);
gboolean
_aionet_json_read_boolean (JsonObject *object, const char *member, gboolean *value, GError **error);
gboolean _aionet_json_read_object (JsonObject  *object,
                                   const char  *member,
                                   JsonObject **value,
                                   GError     **error);
gboolean
_aionet_json_read_array (JsonObject *object, const char *member, JsonArray **value, GError **error);

/* AF numbers of any platform (2; 10, 23, 24, 28, 30) <-> GSocketFamily; INVALID (0) when unknown.
 */
GSocketFamily  _aionet_json_family_from_number (gint64 number);

AionetIpRange *_aionet_ip_range_from_json (JsonNode *node, GError **error);
JsonNode      *_aionet_ip_range_to_json (AionetIpRange *range);
/* node: array of ranges. Result: (element-type AionetIpRange), owned */
GPtrArray *_aionet_ip_ranges_from_json (JsonNode *node, GError **error);
JsonNode  *_aionet_ip_ranges_to_json (GListModel *ranges);

/* A NULL or null node gives the untested NAT. Numbers win over labels. Without "tested" the numbers
 * decide: 5/6/0, as assumed before any test, is untested, everything else tested. */
AionetNat *_aionet_nat_from_json (JsonNode *node, GError **error);
JsonNode  *_aionet_nat_to_json (AionetNat *nat);

G_END_DECLS
