/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* A list without duplicates, in the order of adding. Hosts have links by the thousand, and links
 * addresses by the thousand: what a list does not need costs nothing, and adding to a long one
 * takes no longer than to a short one. Once nothing is added any more, all threads may read. */
typedef struct
{
  GPtrArray  *items; /* (owned) (element-type GObject) */
  GHashTable *known; /* (owned) (nullable) item -> position + 1: of a long list */
  GListModel *model; /* (owned) (nullable) (atomic): made when asked for */
} AionetUniqueList;

void _aionet_unique_list_init (AionetUniqueList *self);
void _aionet_unique_list_clear (AionetUniqueList *self);

/* hash and equal: always the same for one list. position: (out) (optional): of the item that is
 * there already, if the result is FALSE */
gboolean _aionet_unique_list_append (
    AionetUniqueList *self, gpointer item, GHashFunc hash, GEqualFunc equal, guint *position);
/* Nothing will be added any more. */
void _aionet_unique_list_seal (AionetUniqueList *self);

/* Item by item, order included */
gboolean
_aionet_unique_list_equal (AionetUniqueList *self, AionetUniqueList *other, GEqualFunc equal);
/* (transfer none): shows what is added later, too, and lets nobody change anything */
GListModel *_aionet_unique_list_get_model (AionetUniqueList *self, GType item_type);

G_END_DECLS
