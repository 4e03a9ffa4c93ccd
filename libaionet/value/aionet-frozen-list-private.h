/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* A GListModel that nobody can change, so that an immutable object can show its lists without
 * copying them: a GListStore could be appended to by whoever gets it. */

#define AIONET_TYPE_FROZEN_LIST (aionet_frozen_list_get_type ())

G_DECLARE_FINAL_TYPE (AionetFrozenList, aionet_frozen_list, AIONET, FROZEN_LIST, GObject)

/* Takes items: (element-type GObject), each of item_type, with g_object_unref as free function.
 * Nobody may change the array afterwards. */
GListModel *_aionet_frozen_list_new_take (GType item_type, GPtrArray *items);
/* A copy of what model holds now; a frozen list is only referenced. NULL: empty. */
GListModel *_aionet_frozen_list_new_from_model (GType item_type, GListModel *model);

G_END_DECLS
