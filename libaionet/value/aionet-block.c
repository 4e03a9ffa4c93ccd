/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#include "config.h"

#include "value/aionet-block-private.h"

#define USABLE_PER_24 254

static guint64
count_ipv4 (guint prefix_length)
{
  if (prefix_length >= 31)
    return prefix_length == 32 ? 1 : 2;
  if (prefix_length >= 25)
    return (G_GUINT64_CONSTANT (1) << (32 - prefix_length)) - 2;
  return (G_GUINT64_CONSTANT (1) << (24 - prefix_length)) * USABLE_PER_24;
}

static guint64
count_ipv6 (guint prefix_length)
{
  if (prefix_length == 128)
    return 1;
  if (prefix_length <= 64)
    return G_MAXUINT64;
  return (G_GUINT64_CONSTANT (1) << (128 - prefix_length)) - 1;
}

guint64
_aionet_block_count (GSocketFamily family, guint prefix_length)
{
  return family == G_SOCKET_FAMILY_IPV4 ? count_ipv4 (prefix_length) : count_ipv6 (prefix_length);
}

static guint64
ipv4_index_to_offset (guint prefix_length, guint64 index)
{
  if (prefix_length >= 31)
    return index;
  if (prefix_length >= 25)
    return index + 1;
  return index / USABLE_PER_24 * 256 + index % USABLE_PER_24 + 1;
}

static gboolean
ipv4_offset_to_index (guint prefix_length, guint64 offset, guint64 *index)
{
  if (prefix_length >= 31)
    {
      *index = offset;
      return TRUE;
    }
  if (prefix_length >= 25)
    {
      *index = offset - 1;
      return offset > 0 && *index < count_ipv4 (prefix_length);
    }
  *index = offset / 256 * USABLE_PER_24 + offset % 256 - 1;
  return offset % 256 != 0 && offset % 256 != 255;
}

/* The host bits of a network are zero and an offset fits into them, so adding never carries. */
AionetAddressBits
_aionet_block_at (AionetAddressBits network,
                  GSocketFamily     family,
                  guint             prefix_length,
                  guint64           index)
{
  if (family == G_SOCKET_FAMILY_IPV4)
    network.high += ipv4_index_to_offset (prefix_length, index) << 32;
  else if (prefix_length < 128)
    network.low += index + 1;
  return network;
}

gboolean
_aionet_block_find (AionetAddressBits network,
                    GSocketFamily     family,
                    guint             prefix_length,
                    AionetAddressBits bits,
                    guint64          *index)
{
  guint64 offset = bits.low - network.low;

  if (family == G_SOCKET_FAMILY_IPV4)
    return ipv4_offset_to_index (prefix_length, (bits.high - network.high) >> 32, index);
  if (prefix_length == 128)
    {
      *index = 0;
      return TRUE;
    }
  *index = offset - 1;
  return bits.high == network.high && offset > 0;
}
