/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#pragma once

#include "value/aionet-address-bits-private.h"
#include "value/aionet-ip-range.h"

G_BEGIN_DECLS

/* A range is its first bits and their number; every other answer is computed from them when asked
 * for. There may be 10^5 ranges in a pool, so making one costs no more than the object: no
 * construct properties, no text, no address object. The members are for aionet-ip-range*.c only. */
struct _AionetIpRange
{
  GObject           parent_instance;

  GInetAddress     *address;    /* (owned) (nullable) (atomic): made when asked for */
  char             *scope_name; /* (owned) (nullable) */
  AionetAddressBits bits;
  GSocketFamily     family;
  guint8            prefix_length;
  guint8            subnet_length;
};

/* What aionet_ip_range_get_address () would tell, without making an object of it. */
AionetAddressBits _aionet_ip_range_get_bits (AionetIpRange *self);

G_END_DECLS
