/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#pragma once

#include "value/aionet-address-bits-private.h"

G_BEGIN_DECLS

/* The usable addresses of a network, as arithmetic: how many there are, and where.
 *
 *   IPv4 /32, /31    all (RFC 3021)
 *   IPv4 /25 .. /30  all but network and broadcast address
 *   IPv4 /0 .. /24   all that do not end in .0 or .255
 *   IPv6 /128        the one
 *   IPv6 /0 .. /127  all but the subnet-router anycast address, which is the first (RFC 4291)
 */

/* Saturates at G_MAXUINT64. */
guint64 _aionet_block_count (GSocketFamily family, guint prefix_length);

/* index: below the count. */
AionetAddressBits _aionet_block_at (AionetAddressBits network,
                                    GSocketFamily     family,
                                    guint             prefix_length,
                                    guint64           index);

/* bits: within the network. FALSE for addresses that are left out or beyond the count. */
gboolean _aionet_block_find (AionetAddressBits network,
                             GSocketFamily     family,
                             guint             prefix_length,
                             AionetAddressBits bits,
                             guint64          *index);

G_END_DECLS
