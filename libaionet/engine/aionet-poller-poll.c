/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#include "config.h"

#include "engine/aionet-poller-private.h"

/* Portable: every descriptor is one of the source's own, poll () looks at all of them. */

typedef struct
{
  AionetWatch *watch;
  gpointer     tag;   /* GLib's name for the descriptor */
  guint        index; /* in slots */
} Slot;

struct _AionetPoller
{
  GSource   *source; /* (not owned: owns this) */
  GPtrArray *slots;  /* (owned) (element-type Slot) */
  guint      next;   /* where the next turn begins, so that none is always last */
};

AionetPoller *
_aionet_poller_new (GSource *source, GError **error)
{
  AionetPoller *self = g_new0 (AionetPoller, 1);

  self->source = source;
  self->slots = g_ptr_array_new_with_free_func (g_free);
  return self;
}

void
_aionet_poller_free (AionetPoller *self)
{
  g_ptr_array_unref (self->slots);
  g_free (self);
}

gboolean
_aionet_poller_add (AionetPoller *self,
                    int           fd,
                    GIOCondition  condition,
                    AionetWatch  *watch,
                    gpointer     *slot,
                    GError      **error)
{
  Slot *added = g_new0 (Slot, 1);

  added->watch = watch;
  added->tag = g_source_add_unix_fd (self->source, fd, condition | G_IO_ERR | G_IO_HUP);
  added->index = self->slots->len;
  g_ptr_array_add (self->slots, added);
  *slot = added;
  return TRUE;
}

void
_aionet_poller_modify (
    AionetPoller *self, int fd, GIOCondition condition, AionetWatch *watch, gpointer slot)
{
  g_source_modify_unix_fd (self->source, ((Slot *) slot)->tag, condition | G_IO_ERR | G_IO_HUP);
}

void
_aionet_poller_remove (AionetPoller *self, int fd, gpointer slot)
{
  Slot *removed = slot;
  Slot *last = self->slots->pdata[self->slots->len - 1];

  g_source_remove_unix_fd (self->source, removed->tag);
  last->index = removed->index;
  g_ptr_array_remove_index_fast (self->slots, removed->index);
}

guint
_aionet_poller_take (AionetPoller *self, AionetReady *ready, guint n_max)
{
  guint n_slots = self->slots->len;
  guint start = n_slots > 0 ? self->next % n_slots : 0;
  guint n = 0;

  for (guint i = 0; i < n_slots && n < n_max; i++)
    {
      Slot        *slot = self->slots->pdata[(start + i) % n_slots];
      GIOCondition condition = g_source_query_unix_fd (self->source, slot->tag);

      if (condition == 0)
        continue;
      ready[n].watch = slot->watch;
      ready[n++].condition = condition;
      self->next = start + i + 1;
    }
  return n;
}
