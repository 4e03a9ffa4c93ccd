/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#pragma once

#include <aionet.h>
#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/* An array of links, in the form that the plugin “replay” reads. Pure.
 * links: (element-type AionetLink) */
JsonNode *_links_to_json (GListModel *links);

G_END_DECLS
