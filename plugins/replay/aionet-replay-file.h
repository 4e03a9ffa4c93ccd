/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#pragma once

#include "aionet-replay-document.h"

G_BEGIN_DECLS

/* The file named by AIONET_REPLAY_FILE, as providers begin with. Returns: (transfer full)
 * (nullable) */
char *aionet_replay_file_dup_default (void);

/* Reads a file. The document's links are new ones each time. Errors: G_IO_ERROR, or
 * AIONET_ERROR_INVALID_JSON with the name of the file before the member. */
AionetReplayDocument *aionet_replay_file_load (const char *path, GError **error);

/* What tells one state of a file from another; 0 when it cannot be seen. */
guint64 aionet_replay_file_get_stamp (const char *path);

G_END_DECLS
