/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#pragma once

#include "provider/aionet-module-directory-private.h"
#include "provider/aionet-plugin.h"

G_BEGIN_DECLS

/* The plugin's name in the name of a module's file; NULL if it is none. */
char *_aionet_module_dup_plugin_name (const char *file_name);

/* Opens a module for good and asks it to describe itself. Modules are never unloaded, refused ones
 * neither: what they left behind in the process can be called at any time.
 * Returns: (transfer none) a descriptor that was checked; NULL with AIONET_ERROR_PLUGIN_INVALID or
 * AIONET_ERROR_PLUGIN_ABI */
const AionetPluginDescriptor *_aionet_module_load (AionetModuleDirectory *directory,
                                                   const char            *file_name,
                                                   const char            *plugin_name,
                                                   GError               **error);

G_END_DECLS
