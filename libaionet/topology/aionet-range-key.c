/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#include "config.h"

#include "topology/aionet-range-key-private.h"

#include <string.h>

static guint64
mask_of (guint n_bits)
{
  return n_bits == 0 ? 0 : G_MAXUINT64 << (64 - MIN (n_bits, 64));
}

void
_aionet_range_key_init (AionetRangeKey *key, GInetAddress *address, guint prefix_length)
{
  guint64 words[2] = { 0, 0 };

  memcpy (words, g_inet_address_to_bytes (address), g_inet_address_get_native_size (address));
  key->prefix_length = prefix_length;
  key->network[0] = GUINT64_FROM_BE (words[0]) & mask_of (MIN (prefix_length, 64));
  key->network[1] =
      GUINT64_FROM_BE (words[1]) & mask_of (prefix_length > 64 ? prefix_length - 64 : 0);
}

guint
_aionet_range_key_hash (gconstpointer key)
{
  const AionetRangeKey *self = key;
  guint64               mixed = self->network[0] * G_GUINT64_CONSTANT (0x9e3779b97f4a7c15);

  mixed = (mixed ^ (mixed >> 29) ^ self->network[1] ^ self->prefix_length) *
          G_GUINT64_CONSTANT (0xbf58476d1ce4e5b9);
  return (guint) (mixed >> 32);
}

gboolean
_aionet_range_key_equal (gconstpointer a, gconstpointer b)
{
  const AionetRangeKey *left = a;
  const AionetRangeKey *right = b;

  return left->prefix_length == right->prefix_length && left->network[0] == right->network[0] &&
         left->network[1] == right->network[1];
}
