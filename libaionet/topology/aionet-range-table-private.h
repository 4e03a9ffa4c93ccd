/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#pragma once

#include "value/aionet-ip-range.h"

G_BEGIN_DECLS

/* A hash table of ranges of one family that is filled once and asked often. It holds positions in
 * an array of records, which has to stay where it is. A look-up touches one slot and one record:
 * in a pool of 10^5 groups it is cache misses that cost. */

/* The first member of a record: prefix length and network, host bits zero, IPv4 leftmost. */
typedef struct
{
  guint64 network[2];
  guint   prefix_length;
} AionetRangeKey;

#define AIONET_MAX_PREFIX_LENGTH 128

typedef struct
{
  guint64      *slots; /* (owned) hash in the upper half, position + 1 in the lower; 0: empty */
  guint         mask;
  const guint8 *records; /* (unowned) */
  gsize         record_size;
  gboolean      has_duplicates;                        /* of equal keys the first is found */
  guint         lengths[AIONET_MAX_PREFIX_LENGTH + 1]; /* that occur, ascending */
  guint         n_lengths;
} AionetRangeTable;

void _aionet_range_key_init (AionetRangeKey *key, GInetAddress *address, guint prefix_length);

void _aionet_range_table_init (AionetRangeTable *self,
                               gconstpointer     records,
                               gsize             record_size,
                               guint             n_records);
void _aionet_range_table_clear (AionetRangeTable *self);

/* Position, or G_MAXUINT */
guint _aionet_range_table_find (const AionetRangeTable *self, const AionetRangeKey *key);
/* Position of the largest range that contains address, of those with prefixes up to max_length. */
guint _aionet_range_table_find_largest (const AionetRangeTable *self,
                                        GInetAddress           *address,
                                        guint                   max_length);

G_END_DECLS
