/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#pragma once

#include "provider/aionet-plugin-info.h"
#include "provider/aionet-plugin.h"

G_BEGIN_DECLS

/* path: (nullable). Ready, and without a provider. */
AionetPluginInfo *
_aionet_plugin_info_new (AionetPluginOrigin origin, const char *name, const char *path);

/* For filling a new info, before others see it. */
void _aionet_plugin_info_set_provider (AionetPluginInfo *self, GType type, int priority);
void _aionet_plugin_info_set_descriptor (AionetPluginInfo             *self,
                                         const AionetPluginDescriptor *descriptor);

/* reason: (nullable). From any thread. */
void
_aionet_plugin_info_set_state (AionetPluginInfo *self, AionetPluginState state, const char *reason);

G_END_DECLS
