/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#include "config.h"

#include "value/aionet-address-bits-private.h"

#include <string.h>

guint
_aionet_family_get_width (GSocketFamily family)
{
  return family == G_SOCKET_FAMILY_IPV4 ? 32 : 128;
}

AionetAddressBits
_aionet_address_bits_from_bytes (const guint8 *bytes, GSocketFamily family)
{
  guint64 words[2] = { 0, 0 };

  memcpy (words, bytes, _aionet_family_get_width (family) / 8);
  return (AionetAddressBits){ GUINT64_FROM_BE (words[0]), GUINT64_FROM_BE (words[1]) };
}

AionetAddressBits
_aionet_address_bits_from_address (GInetAddress *address)
{
  return _aionet_address_bits_from_bytes (g_inet_address_to_bytes (address),
                                          g_inet_address_get_family (address));
}

GInetAddress *
_aionet_address_bits_to_address (AionetAddressBits bits, GSocketFamily family)
{
  guint64 words[2] = { GUINT64_TO_BE (bits.high), GUINT64_TO_BE (bits.low) };

  return g_inet_address_new_from_bytes ((const guint8 *) words, family);
}

AionetAddressBits
_aionet_address_bits_mask (guint prefix_length)
{
  AionetAddressBits mask = { G_MAXUINT64, G_MAXUINT64 };

  /* Shifting a 64-bit word by 64 is undefined, hence the border cases. */
  if (prefix_length <= 64)
    mask.low = 0;
  else if (prefix_length < 128)
    mask.low <<= 128 - prefix_length;
  if (prefix_length == 0)
    mask.high = 0;
  else if (prefix_length < 64)
    mask.high <<= 64 - prefix_length;
  return mask;
}

gboolean
_aionet_address_bits_is_mask (AionetAddressBits bits, guint *prefix_length)
{
  guint ones = __builtin_popcountll (bits.high) + __builtin_popcountll (bits.low);

  if (!_aionet_address_bits_equal (bits, _aionet_address_bits_mask (ones)))
    return FALSE;
  *prefix_length = ones;
  return TRUE;
}

gboolean
_aionet_address_bits_equal (AionetAddressBits a, AionetAddressBits b)
{
  return a.high == b.high && a.low == b.low;
}

int
_aionet_address_bits_compare (AionetAddressBits a, AionetAddressBits b)
{
  if (a.high != b.high)
    return a.high < b.high ? -1 : 1;
  return (a.low > b.low) - (a.low < b.low);
}

gboolean
_aionet_address_bits_match (AionetAddressBits a, AionetAddressBits b, guint prefix_length)
{
  AionetAddressBits mask = _aionet_address_bits_mask (prefix_length);

  return ((a.high ^ b.high) & mask.high) == 0 && ((a.low ^ b.low) & mask.low) == 0;
}
