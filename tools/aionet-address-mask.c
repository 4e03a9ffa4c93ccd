/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#include "config.h"

#include "aionet-address-mask.h"

#include <aionet.h>
#include <string.h>

/* A bit is flipped or not by a hash of the bits before it, so that addresses that begin alike still
 * do (Xu, Fan, Ammar and Moon: Prefix-preserving IP address anonymization, 2002). The bits that say
 * what kind of address it is stay, and so do the host bits that begin a block. What else has to
 * hold is checked: a key with which it does not is dropped for the next one. */

#define MAX_BYTES 16
#define KEY_BYTES 16
#define MAX_TRIES 10000

/* Within these, addresses stay. What lies in another one stands before it. */
static const struct
{
  const char *ip;
  guint       length;
  gboolean    is_fixed;
} KINDS[] = {
  { "0.0.0.0", 8, TRUE },
  { "10.0.0.0", 8, FALSE },
  { "100.64.0.0", 10, FALSE },
  { "127.0.0.0", 8, TRUE },
  { "169.254.0.0", 16, FALSE },
  { "172.16.0.0", 12, FALSE },
  { "192.0.0.0", 24, FALSE },
  { "192.0.2.0", 24, FALSE },
  { "192.88.99.0", 24, FALSE },
  { "192.168.0.0", 16, FALSE },
  { "198.18.0.0", 15, FALSE },
  { "198.51.100.0", 24, FALSE },
  { "203.0.113.0", 24, FALSE },
  { "224.0.0.0", 4, FALSE },
  { "240.0.0.0", 4, FALSE },
  { "::ffff:0:0", 96, FALSE },
  { "::", 8, TRUE },
  { "64:ff9b::", 96, FALSE },
  { "64:ff9b:1::", 48, FALSE },
  { "100::", 64, FALSE },
  { "2001:db8::", 32, FALSE },
  { "2001::", 23, FALSE },
  { "2002::", 16, FALSE },
  { "3fff::", 20, FALSE },
  { "2000::", 3, FALSE },
  { "5f00::", 16, FALSE },
  { "fc00::", 7, FALSE },
  { "fe80::", 64, FALSE },
  { "fe80::", 10, FALSE },
  { "ff00::", 8, FALSE },
};

typedef struct
{
  guint8 bytes[MAX_BYTES];
  guint  width; /* 32 or 128 */
} Bits;

typedef struct
{
  Bits  bits;
  guint length;
  Bits  masked;
} Place;

struct _AddressMask
{
  guint8  key[KEY_BYTES];
  GArray *places; /* (owned) (element-type Place) */
  Bits    kinds[G_N_ELEMENTS (KINDS)];
};

/* ------------------------------------------------------------------ bits */

static Bits
bits_of (GInetAddress *address)
{
  Bits bits = { { 0 }, (guint) g_inet_address_get_native_size (address) * 8 };

  memcpy (bits.bytes, g_inet_address_to_bytes (address), bits.width / 8);
  return bits;
}

static GInetAddress *
address_of (const Bits *bits)
{
  return g_inet_address_new_from_bytes (bits->bytes, bits->width == 32 ? G_SOCKET_FAMILY_IPV4
                                                                       : G_SOCKET_FAMILY_IPV6);
}

static gboolean
get_bit (const Bits *bits, guint position)
{
  return (bits->bytes[position / 8] >> (7 - position % 8)) & 1;
}

static gboolean
is_equal (const Bits *a, const Bits *b, guint length)
{
  guint rest = length % 8;

  return a->width == b->width && memcmp (a->bytes, b->bytes, length / 8) == 0 &&
         (rest == 0 || (a->bytes[length / 8] ^ b->bytes[length / 8]) >> (8 - rest) == 0);
}

/* Whether the bits from length on are zero; but_last: the last one does not count. */
static gboolean
is_zero_from (const Bits *bits, guint length, gboolean but_last)
{
  for (guint i = length; i < bits->width - (but_last ? 1 : 0); i++)
    if (get_bit (bits, i))
      return FALSE;
  return TRUE;
}

static guint
kind_of (AddressMask *self, const Bits *bits)
{
  guint i = 0;

  while (i < G_N_ELEMENTS (KINDS) && !is_equal (bits, &self->kinds[i], KINDS[i].length))
    i++;
  return i;
}

static gboolean
is_public (const Bits *bits)
{
  g_autoptr (GInetAddress) address = address_of (bits);
  g_autoptr (AionetIpRange) range = aionet_ip_range_new (address, bits->width);

  return aionet_ip_range_is_public (range);
}

/* ------------------------------------------------------------------ mapping */

static gboolean
is_flipped (AddressMask *self, const Bits *bits, guint position)
{
  g_autoptr (GChecksum) checksum = g_checksum_new (G_CHECKSUM_SHA256);
  guint8 prefix[MAX_BYTES + 2] = { 0 };
  guint8 digest[32];
  gsize  length = sizeof digest;

  memcpy (prefix, bits->bytes, position / 8);
  if (position % 8 != 0)
    prefix[position / 8] = bits->bytes[position / 8] & (guint8) (0xff00 >> position % 8);
  prefix[MAX_BYTES] = (guint8) position;
  prefix[MAX_BYTES + 1] = (guint8) bits->width;
  g_checksum_update (checksum, self->key, sizeof self->key);
  g_checksum_update (checksum, prefix, sizeof prefix);
  g_checksum_get_digest (checksum, digest, &length);
  return digest[0] & 1;
}

/* Where the bits begin that stay since the address begins a block, or is the first one in it. */
static guint
get_kept_tail (AddressMask *self, const Bits *bits)
{
  guint tail = bits->width;

  for (guint i = 0; i < self->places->len; i++)
    {
      const Place *place = &g_array_index (self->places, Place, i);

      if (place->length < tail && place->length > 0 &&
          is_equal (&place->bits, bits, place->length) &&
          is_zero_from (&place->bits, place->length, FALSE) &&
          is_zero_from (bits, place->length, TRUE))
        tail = place->length;
    }
  return tail;
}

static guint
get_kept_head (AddressMask *self, const Bits *bits)
{
  guint kind = kind_of (self, bits);

  if (kind == G_N_ELEMENTS (KINDS))
    return 0;
  return KINDS[kind].is_fixed ? bits->width : KINDS[kind].length;
}

static Bits
map (AddressMask *self, const Bits *bits)
{
  Bits  masked = *bits;
  guint end = get_kept_tail (self, bits);

  for (guint i = get_kept_head (self, bits); i < end; i++)
    if (is_flipped (self, bits, i))
      masked.bytes[i / 8] ^= (guint8) (0x80 >> i % 8);
  return masked;
}

/* ------------------------------------------------------------------ checking */

static gboolean
is_edge (const Bits *bits)
{
  return bits->width == 32 && (bits->bytes[3] == 0 || bits->bytes[3] == 255);
}

/* What has to stay of one address. */
static gboolean
is_like (AddressMask *self, const Place *place)
{
  return kind_of (self, &place->bits) == kind_of (self, &place->masked) &&
         is_public (&place->bits) == is_public (&place->masked) &&
         is_edge (&place->bits) == is_edge (&place->masked) &&
         is_zero_from (&place->bits, place->length, FALSE) ==
             is_zero_from (&place->masked, place->length, FALSE);
}

/* What has to stay between two of them; no original may come back as the mask of another. */
static gboolean
is_related_alike (AddressMask *self, const Place *place, const Place *other)
{
  guint    width = place->bits.width;
  gboolean is_free = get_kept_head (self, &place->bits) < get_kept_tail (self, &place->bits);

  if (is_free && is_equal (&place->masked, &other->bits, width))
    return FALSE;
  return is_equal (&place->bits, &other->bits, width) ==
             is_equal (&place->masked, &other->masked, width) &&
         is_equal (&place->bits, &other->bits, place->length) ==
             is_equal (&place->masked, &other->masked, place->length);
}

/* Whether the key will do. */
static gboolean
mask_all (AddressMask *self)
{
  for (guint i = 0; i < self->places->len; i++)
    {
      Place *place = &g_array_index (self->places, Place, i);

      place->masked = map (self, &place->bits);
      if (!is_like (self, place))
        return FALSE;
    }
  for (guint i = 0; i < self->places->len; i++)
    for (guint k = 0; k < self->places->len; k++)
      if (!is_related_alike (self, &g_array_index (self->places, Place, i),
                             &g_array_index (self->places, Place, k)))
        return FALSE;
  return TRUE;
}

AddressMask *
_address_mask_new (void)
{
  AddressMask *self = g_new0 (AddressMask, 1);

  self->places = g_array_new (FALSE, FALSE, sizeof (Place));
  for (guint i = 0; i < G_N_ELEMENTS (KINDS); i++)
    {
      g_autoptr (GInetAddress) address = g_inet_address_new_from_string (KINDS[i].ip);

      self->kinds[i] = bits_of (address);
    }
  return self;
}

void
_address_mask_free (AddressMask *self)
{
  g_array_unref (self->places);
  g_free (self);
}

void
_address_mask_add (AddressMask *self, GInetAddress *address, guint length)
{
  Place place = { bits_of (address), length };

  for (guint i = 0; i < self->places->len; i++)
    {
      const Place *known = &g_array_index (self->places, Place, i);

      if (known->length == length && is_equal (&known->bits, &place.bits, place.bits.width))
        return;
    }
  g_array_append_val (self->places, place);
}

gboolean
_address_mask_prepare (AddressMask *self, GError **error)
{
  for (guint try = 0; try < MAX_TRIES; try++)
    {
      for (guint i = 0; i < KEY_BYTES; i++)
        self->key[i] = (guint8) g_random_int_range (0, 256);
      if (mask_all (self))
        return TRUE;
    }
  g_set_error (error, G_IO_ERROR, G_IO_ERROR_FAILED,
               "The addresses cannot be masked: they fill their networks");
  return FALSE;
}

GInetAddress *
_address_mask_map (AddressMask *self, GInetAddress *address)
{
  Bits bits = bits_of (address);
  Bits masked = map (self, &bits);

  return address_of (&masked);
}
