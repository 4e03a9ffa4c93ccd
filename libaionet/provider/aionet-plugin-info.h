/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#pragma once

#if !defined(AIONET_INSIDE) && !defined(AIONET_COMPILATION)
#error "Only <aionet.h> can be included directly."
#endif

#include <gio/gio.h>

#include <aionet-version.h>

G_BEGIN_DECLS

/**
 * AionetPluginState:
 * @AIONET_PLUGIN_STATE_READY: may be used
 * @AIONET_PLUGIN_STATE_UNSUPPORTED: is fine, but does not work on this host
 * @AIONET_PLUGIN_STATE_REFUSED: was not loaded
 * @AIONET_PLUGIN_STATE_SHADOWED: another plugin of the same name came first
 *
 * What became of a plugin.
 *
 * Since: 0.1
 */
typedef enum
{
  AIONET_PLUGIN_STATE_READY,
  AIONET_PLUGIN_STATE_UNSUPPORTED,
  AIONET_PLUGIN_STATE_REFUSED,
  AIONET_PLUGIN_STATE_SHADOWED,
} AionetPluginState;

/**
 * AionetPluginOrigin:
 * @AIONET_PLUGIN_ORIGIN_BUILTIN: part of the library
 * @AIONET_PLUGIN_ORIGIN_PROGRAM: added by the program
 * @AIONET_PLUGIN_ORIGIN_MODULE: a module in a directory
 *
 * Through which door a plugin came in.
 *
 * Since: 0.1
 */
typedef enum
{
  AIONET_PLUGIN_ORIGIN_BUILTIN,
  AIONET_PLUGIN_ORIGIN_PROGRAM,
  AIONET_PLUGIN_ORIGIN_MODULE,
} AionetPluginOrigin;

#define AIONET_TYPE_PLUGIN_INFO (aionet_plugin_info_get_type ())

/* One provider of a plugin: a plugin with two kinds has two infos of one name. */
AIONET_AVAILABLE_IN_0_1
G_DECLARE_FINAL_TYPE (AionetPluginInfo, aionet_plugin_info, AIONET, PLUGIN_INFO, GObject)

AIONET_AVAILABLE_IN_0_1
const char *aionet_plugin_info_get_name (AionetPluginInfo *self);
AIONET_AVAILABLE_IN_0_1
const char *aionet_plugin_info_get_version (AionetPluginInfo *self);
AIONET_AVAILABLE_IN_0_1
const char *aionet_plugin_info_get_description (AionetPluginInfo *self);
AIONET_AVAILABLE_IN_0_1
const char *aionet_plugin_info_get_license (AionetPluginInfo *self);
AIONET_AVAILABLE_IN_0_1
const char *aionet_plugin_info_get_path (AionetPluginInfo *self);
AIONET_AVAILABLE_IN_0_1
GType aionet_plugin_info_get_provider_type (AionetPluginInfo *self);
AIONET_AVAILABLE_IN_0_1
const char *aionet_plugin_info_get_kind (AionetPluginInfo *self);
AIONET_AVAILABLE_IN_0_1
int aionet_plugin_info_get_priority (AionetPluginInfo *self);
AIONET_AVAILABLE_IN_0_1
AionetPluginOrigin aionet_plugin_info_get_origin (AionetPluginInfo *self);
AIONET_AVAILABLE_IN_0_1
AionetPluginState aionet_plugin_info_get_state (AionetPluginInfo *self);
AIONET_AVAILABLE_IN_0_1
const char *aionet_plugin_info_get_reason (AionetPluginInfo *self);

G_END_DECLS
