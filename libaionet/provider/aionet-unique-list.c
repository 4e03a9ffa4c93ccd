/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#include "config.h"

#include "provider/aionet-unique-list-private.h"

#include "value/aionet-frozen-list-private.h"

/* Up to here looking at each item is cheaper than a hash table. */
#define SHORT_LENGTH 8

void
_aionet_unique_list_init (AionetUniqueList *self)
{
  *self = (AionetUniqueList){ .items = g_ptr_array_new_with_free_func (g_object_unref) };
}

void
_aionet_unique_list_clear (AionetUniqueList *self)
{
  g_clear_pointer (&self->known, g_hash_table_unref);
  g_clear_object (&self->model);
  g_clear_pointer (&self->items, g_ptr_array_unref);
}

static void
remember (AionetUniqueList *self, guint position)
{
  g_hash_table_insert (self->known, self->items->pdata[position], GUINT_TO_POINTER (position + 1));
}

/* Position of an equal item, or G_MAXUINT. */
static guint
find (AionetUniqueList *self, gpointer item, GEqualFunc equal)
{
  if (self->known != NULL)
    return GPOINTER_TO_UINT (g_hash_table_lookup (self->known, item)) - 1;
  for (guint i = 0; i < self->items->len; i++)
    if (equal (item, self->items->pdata[i]))
      return i;
  return G_MAXUINT;
}

gboolean
_aionet_unique_list_append (
    AionetUniqueList *self, gpointer item, GHashFunc hash, GEqualFunc equal, guint *position)
{
  guint found = find (self, item, equal);

  if (found != G_MAXUINT)
    {
      if (position != NULL)
        *position = found;
      return FALSE;
    }
  g_ptr_array_add (self->items, g_object_ref (item));
  if (self->known != NULL)
    remember (self, self->items->len - 1);
  else if (self->items->len > SHORT_LENGTH)
    {
      self->known = g_hash_table_new (hash, equal);
      for (guint i = 0; i < self->items->len; i++)
        remember (self, i);
    }
  if (self->model != NULL)
    g_list_model_items_changed (self->model, self->items->len - 1, 0, 1);
  return TRUE;
}

void
_aionet_unique_list_seal (AionetUniqueList *self)
{
  g_clear_pointer (&self->known, g_hash_table_unref);
}

gboolean
_aionet_unique_list_equal (AionetUniqueList *self, AionetUniqueList *other, GEqualFunc equal)
{
  if (self->items->len != other->items->len)
    return FALSE;
  for (guint i = 0; i < self->items->len; i++)
    if (!equal (self->items->pdata[i], other->items->pdata[i]))
      return FALSE;
  return TRUE;
}

GListModel *
_aionet_unique_list_get_model (AionetUniqueList *self, GType item_type)
{
  GListModel *model;

  if (g_atomic_pointer_get (&self->model) == NULL)
    {
      model = _aionet_frozen_list_new_take (item_type, g_ptr_array_ref (self->items));
      /* Another thread may have been first; everybody has to get the same object. */
      if (!g_atomic_pointer_compare_and_exchange (&self->model, NULL, model))
        g_object_unref (model);
    }
  return g_atomic_pointer_get (&self->model);
}
