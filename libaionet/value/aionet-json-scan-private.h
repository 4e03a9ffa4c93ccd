/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Checks that text is one document of RFC 8259 that json-glib reads as it is meant, before
 * json-glib sees it. json-glib recurses without a limit, aborts on some broken surrogates, takes
 * comments and JavaScript assignments, overflows numbers, cuts strings at \u0000, and drops all but
 * the last of several members of one name.
 *
 * Fails with AIONET_ERROR_INVALID_JSON and the line and column of the fault. */
gboolean _aionet_json_scan (const char *text, gsize length, GError **error);

G_END_DECLS
