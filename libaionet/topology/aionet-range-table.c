/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#include "config.h"

#include "topology/aionet-range-table-private.h"

#include <string.h>

static guint64
mask_of (guint n_bits)
{
  return n_bits == 0 ? 0 : G_MAXUINT64 << (64 - MIN (n_bits, 64));
}

static void
key_cut (AionetRangeKey *key, const guint64 words[2], guint prefix_length)
{
  key->prefix_length = prefix_length;
  key->network[0] = words[0] & mask_of (prefix_length);
  key->network[1] = words[1] & mask_of (prefix_length > 64 ? prefix_length - 64 : 0);
}

static void
read_words (GInetAddress *address, guint64 words[2])
{
  words[0] = words[1] = 0;
  memcpy (words, g_inet_address_to_bytes (address), g_inet_address_get_native_size (address));
  words[0] = GUINT64_FROM_BE (words[0]);
  words[1] = GUINT64_FROM_BE (words[1]);
}

void
_aionet_range_key_init (AionetRangeKey *key, GInetAddress *address, guint prefix_length)
{
  guint64 words[2];

  read_words (address, words);
  key_cut (key, words, prefix_length);
}

static guint32
key_hash (const AionetRangeKey *key)
{
  guint64 mixed = key->network[0] * G_GUINT64_CONSTANT (0x9e3779b97f4a7c15);

  mixed = (mixed ^ (mixed >> 29) ^ key->network[1] ^ key->prefix_length) *
          G_GUINT64_CONSTANT (0xbf58476d1ce4e5b9);
  return (guint32) (mixed >> 32);
}

static gboolean
key_equal (const AionetRangeKey *a, const AionetRangeKey *b)
{
  return a->prefix_length == b->prefix_length && a->network[0] == b->network[0] &&
         a->network[1] == b->network[1];
}

static const AionetRangeKey *
get_key (const AionetRangeTable *self, guint position)
{
  return (const AionetRangeKey *) (gconstpointer) (self->records + position * self->record_size);
}

/* The slot that holds key, or the empty one where it belongs. */
static guint64 *
find_slot (const AionetRangeTable *self, const AionetRangeKey *key, guint32 hash)
{
  for (guint i = hash & self->mask;; i = (i + 1) & self->mask)
    {
      guint64 slot = self->slots[i];

      if (slot == 0 || (slot >> 32 == hash && key_equal (get_key (self, (guint32) slot - 1), key)))
        return &self->slots[i];
    }
}

void
_aionet_range_table_init (AionetRangeTable *self,
                          gconstpointer     records,
                          gsize             record_size,
                          guint             n_records)
{
  gboolean occurs[AIONET_MAX_PREFIX_LENGTH + 1] = { FALSE };
  guint    n_slots = 4;

  while (n_slots / 2 < n_records)
    n_slots *= 2;
  *self = (AionetRangeTable){ .mask = n_slots - 1, .records = records, .record_size = record_size };
  self->slots = g_new0 (guint64, n_slots);
  for (guint i = 0; i < n_records; i++)
    {
      const AionetRangeKey *key = get_key (self, i);
      guint32               hash = key_hash (key);
      guint64              *slot = find_slot (self, key, hash);

      occurs[key->prefix_length] = TRUE;
      if (*slot == 0)
        *slot = (guint64) hash << 32 | (i + 1);
      else
        self->has_duplicates = TRUE;
    }
  for (guint length = 0; length <= AIONET_MAX_PREFIX_LENGTH; length++)
    {
      if (occurs[length])
        self->lengths[self->n_lengths++] = length;
    }
}

void
_aionet_range_table_clear (AionetRangeTable *self)
{
  g_clear_pointer (&self->slots, g_free);
}

guint
_aionet_range_table_find (const AionetRangeTable *self, const AionetRangeKey *key)
{
  return (guint32) *find_slot (self, key, key_hash (key)) - 1;
}

guint
_aionet_range_table_find_largest (const AionetRangeTable *self,
                                  GInetAddress           *address,
                                  guint                   max_length)
{
  guint64 words[2];

  read_words (address, words);
  for (guint i = 0; i < self->n_lengths && self->lengths[i] <= max_length; i++)
    {
      AionetRangeKey key;
      guint          found;

      key_cut (&key, words, self->lengths[i]);
      found = _aionet_range_table_find (self, &key);
      if (found != G_MAXUINT)
        return found;
    }
  return G_MAXUINT;
}
