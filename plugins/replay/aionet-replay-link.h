/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#pragma once

#include "aionet-replay-reader.h"

G_BEGIN_DECLS

/* Returns: (transfer full): the link that a node describes; default_index for one without */
AionetLink *
aionet_replay_link_read (JsonNode *node, const char *path, guint default_index, GError **error);

G_END_DECLS
