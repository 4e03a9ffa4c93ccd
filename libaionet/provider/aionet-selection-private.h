/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#pragma once

#include "provider/aionet-plugin-info.h"
#include "provider/aionet-provider.h"

G_BEGIN_DECLS

/* Which provider of a kind is used: the one that is named, else by priority, then by name; and it
 * must work on this host. infos: (element-type AionetPluginInfo), a snapshot. */

AionetPluginInfo *_aionet_selection_find (GPtrArray *infos, GType kind, const char *name);
AionetProvider *
_aionet_selection_create (GPtrArray *infos, GType kind, const char *name, GError **error);
/* Tries every provider once, so that states are known. */
void  _aionet_selection_check (GPtrArray *infos);
char *_aionet_selection_explain (GPtrArray *infos, GType kind);

G_END_DECLS
