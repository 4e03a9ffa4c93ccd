/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* Lists as values: without duplicates, and compared item by item. */

/* known: (inout) (nullable): a table of what is in store, made when there are many; the caller's to
 * unref. position: (out) (optional): of the item that is there already, if the result is FALSE */
gboolean _aionet_store_append_unless_known (GListStore  *store,
                                            GHashTable **known,
                                            gpointer     item,
                                            GHashFunc    hash,
                                            GEqualFunc   equal,
                                            guint       *position);
gboolean _aionet_store_equal (GListStore *a, GListStore *b, GEqualFunc equal);

G_END_DECLS
