/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* An address as a number of 128 bits, the first bit of the address leftmost: IPv4 addresses fill
 * the upper half of `high`. A prefix is then the same mask in both families, and nobody has to
 * loop over bytes. */
typedef struct
{
  guint64 high;
  guint64 low;
} AionetAddressBits;

/* 32 or 128. */
guint             _aionet_family_get_width (GSocketFamily family);

AionetAddressBits _aionet_address_bits_from_bytes (const guint8 *bytes, GSocketFamily family);
AionetAddressBits _aionet_address_bits_from_address (GInetAddress *address);
GInetAddress     *_aionet_address_bits_to_address (AionetAddressBits bits, GSocketFamily family);

/* The first `prefix_length` bits set, the others clear. */
AionetAddressBits _aionet_address_bits_mask (guint prefix_length);
/* FALSE for 255.0.255.0 and its like. */
gboolean _aionet_address_bits_is_mask (AionetAddressBits bits, guint *prefix_length);

gboolean _aionet_address_bits_equal (AionetAddressBits a, AionetAddressBits b);
int      _aionet_address_bits_compare (AionetAddressBits a, AionetAddressBits b);
/* Whether both begin with the same `prefix_length` bits. */
gboolean _aionet_address_bits_match (AionetAddressBits a, AionetAddressBits b, guint prefix_length);

G_END_DECLS
