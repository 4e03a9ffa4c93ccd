/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#pragma once

#include <aionet.h>

G_BEGIN_DECLS

#define AIONET_REPLAY_MAX_BYTES (16 * 1024 * 1024)
#define AIONET_REPLAY_MAX_DEPTH 32

/* Whether a text has the shape of one JSON object: bounded in size and depth, in UTF-8, nothing
 * before or after it, no comments. Errors: AIONET_ERROR_INVALID_JSON. */
gboolean aionet_replay_shape_check (const char *text, gsize length, GError **error);

G_END_DECLS
