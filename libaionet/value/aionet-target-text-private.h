/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* Splits the text of a target into a host (an address with its scope, or a name in ASCII and lower
 * case) and a port. Fails with AIONET_ERROR_INVALID_ADDRESS. */
gboolean _aionet_target_text_parse (
    const char *text, guint16 default_port, char **host, guint16 *port, GError **error);

G_END_DECLS
