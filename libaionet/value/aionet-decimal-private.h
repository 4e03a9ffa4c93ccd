/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Decimal digits and nothing else, at most max. g_ascii_string_to_unsigned () is not for us: in
 * GLib 2.74 its first call fails at random while another thread makes the C locale, whose lock
 * leaves its errno behind. */
gboolean _aionet_decimal_parse (const char *text, guint64 max, guint64 *number);

G_END_DECLS
