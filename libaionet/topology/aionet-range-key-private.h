/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#pragma once

#include "value/aionet-ip-range.h"

G_BEGIN_DECLS

/* A range of one family as plain bytes, for hash tables that are asked often: the prefix length
 * and the network address, host bits zero, IPv4 in the first four bytes. */
typedef struct
{
  guint64 network[2];
  guint   prefix_length;
} AionetRangeKey;

void     _aionet_range_key_init (AionetRangeKey *key, GInetAddress *address, guint prefix_length);
guint    _aionet_range_key_hash (gconstpointer key);
gboolean _aionet_range_key_equal (gconstpointer a, gconstpointer b);

/* The longest prefix there is */
#define AIONET_MAX_PREFIX_LENGTH 128

G_END_DECLS
