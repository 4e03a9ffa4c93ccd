/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#pragma once

#include "provider/aionet-plugin.h"

G_BEGIN_DECLS

/* What the doors of the registry check before they let something in. Errors:
 * AIONET_ERROR_PLUGIN_INVALID and AIONET_ERROR_PLUGIN_ABI, in words that a person understands. */

gboolean _aionet_plugin_name_is_valid (const char *name);
gboolean _aionet_plugin_type_check (GType type, GError **error);
/* name: what the plugin is to be called; NULL: any. */
gboolean
_aionet_descriptor_check (const AionetPluginDescriptor *self, const char *name, GError **error);

G_END_DECLS
