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
 * AIONET_PLUGIN_ABI:
 *
 * Number of the binary interface between library and plugins.
 *
 * It is part of the symbol that a module exports, so that a module of another interface has no
 * symbol that could be called.
 *
 * Since: 0.1
 */
#define AIONET_PLUGIN_ABI 1

/**
 * AionetPluginProvider: (skip)
 * @get_type: returns the type, derived from a kind of [class@Provider]
 * @priority: higher goes first; the built-in ones use 0 to 100
 *
 * One provider that a plugin has.
 *
 * Since: 0.1
 */
typedef struct
{
  GType (*get_type) (void);
  int priority;
} AionetPluginProvider;

/**
 * AionetPluginDescriptor: (skip)
 * @abi: `AIONET_PLUGIN_ABI` at the time the plugin was compiled
 * @size: size of this struct then
 * @name: short name, `[a-z][a-z0-9-]*`
 * @version: the plugin's own version
 * @description: one line on what it does
 * @license: SPDX licence expression
 * @providers: ends with a NULL @get_type
 *
 * What a plugin tells about itself. Define it with `AIONET_PLUGIN_DEFINE`.
 *
 * Since: 0.1
 */
typedef struct
{
  guint                       abi;
  gsize                       size;
  const char                 *name;
  const char                 *version;
  const char                 *description;
  const char                 *license;
  const AionetPluginProvider *providers;
} AionetPluginDescriptor;

/**
 * AIONET_PLUGIN_SYMBOL: (skip)
 * @ident: the plugin's name with `_` for `-`
 *
 * Name of the one symbol that a plugin exports, `aionet_plugin_1_<ident>_describe`: a function
 * without arguments that returns the plugin's descriptor, static and unchanging.
 *
 * Since: 0.1
 */
#define AIONET_PLUGIN_SYMBOL(ident) aionet_plugin_1_##ident##_describe

/**
 * AIONET_PLUGIN_DEFINE: (skip)
 * @ident: the plugin's name with `_` for `-`
 * @...: members of the descriptor after `size`, in order
 *
 * Defines and exports the one symbol of a plugin: `aionet_plugin_1_<ident>_describe`. Module files
 * are named `libaionet-<name>.so`.
 *
 * Since: 0.1
 */
#define AIONET_PLUGIN_DEFINE(ident, ...)                                                           \
  G_BEGIN_DECLS                                                                                    \
  G_MODULE_EXPORT const AionetPluginDescriptor *AIONET_PLUGIN_SYMBOL (ident) (void);               \
  G_END_DECLS                                                                                      \
  const AionetPluginDescriptor *AIONET_PLUGIN_SYMBOL (ident) (void)                                \
  {                                                                                                \
    static const AionetPluginDescriptor descriptor = { AIONET_PLUGIN_ABI,                          \
                                                       sizeof (AionetPluginDescriptor),            \
                                                       __VA_ARGS__ };                              \
    return &descriptor;                                                                            \
  }

G_END_DECLS
