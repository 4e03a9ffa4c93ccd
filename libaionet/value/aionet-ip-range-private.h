/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#pragma once

#include "value/aionet-address-bits-private.h"
#include "value/aionet-ip-range.h"

G_BEGIN_DECLS

/* For aionet-ip-range*.c only. A range is its first bits and their number; every other answer is
 * computed from them when asked for. There may be 10^5 ranges in a pool, so making one costs no
 * more than the object: no construct properties, no text. */
struct _AionetIpRange
{
  GObject           parent_instance;

  GInetAddress     *address;    /* (owned) */
  char             *scope_name; /* (owned) (nullable) */
  AionetAddressBits bits;
  GSocketFamily     family;
  guint8            prefix_length;
  guint8            subnet_length;
};

G_END_DECLS
