/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#include "config.h"

#include "topology/aionet-route-index-private.h"

struct _AionetRouteIndex
{
  GArray          *segments; /* (owned) (element-type AionetRouteSegment) by start */
  GArray          *starts;   /* (owned) (element-type guint64) of the segments: dense, to search */
  GArray          *group_ends; /* (owned) (element-type guint64) */
  AionetRangeTable table;      /* of segments */
  guint64          n_addresses;
};

static guint64
add_saturated (guint64 a, guint64 b)
{
  return a > G_MAXUINT64 - b ? G_MAXUINT64 : a + b;
}

static void
append_group (AionetRouteIndex *self, AionetRoute *group, guint position)
{
  GListModel *ranges = aionet_route_get_ext_ranges (group);
  guint       n_ranges = g_list_model_get_n_items (ranges);

  for (guint i = 0; i < n_ranges; i++)
    {
      g_autoptr (AionetIpRange) range = g_list_model_get_item (ranges, i);
      AionetRouteSegment segment = {
        .start = self->n_addresses, .group = group, .range = range, .position = position
      };

      _aionet_range_key_init (&segment.key, aionet_ip_range_get_address (range),
                              aionet_ip_range_get_prefix_length (range));
      g_array_append_val (self->segments, segment);
      g_array_append_val (self->starts, self->n_addresses);
      self->n_addresses =
          add_saturated (self->n_addresses, aionet_ip_range_get_n_addresses (range));
    }
  g_array_append_val (self->group_ends, self->n_addresses);
}

AionetRouteIndex *
_aionet_route_index_new (GPtrArray *groups)
{
  AionetRouteIndex *self = g_new0 (AionetRouteIndex, 1);

  self->segments = g_array_sized_new (FALSE, FALSE, sizeof (AionetRouteSegment), groups->len);
  self->starts = g_array_sized_new (FALSE, FALSE, sizeof (guint64), groups->len);
  self->group_ends = g_array_sized_new (FALSE, FALSE, sizeof (guint64), groups->len);
  for (guint i = 0; i < groups->len; i++)
    append_group (self, g_ptr_array_index (groups, i), i);
  _aionet_range_table_init (&self->table, self->segments->data, sizeof (AionetRouteSegment),
                            self->segments->len);
  return self;
}

void
_aionet_route_index_free (AionetRouteIndex *self)
{
  _aionet_range_table_clear (&self->table);
  g_array_unref (self->segments);
  g_array_unref (self->starts);
  g_array_unref (self->group_ends);
  g_free (self);
}

gboolean
_aionet_route_index_has_overlaps (AionetRouteIndex *self)
{
  if (self->table.has_duplicates)
    return TRUE;
  /* Ranges of one length overlap only when they are equal. */
  for (guint i = 0; i < self->segments->len && self->table.n_lengths > 1; i++)
    {
      const AionetRouteSegment *segment = &g_array_index (self->segments, AionetRouteSegment, i);

      if (_aionet_range_table_find_largest (&self->table,
                                            aionet_ip_range_get_address (segment->range),
                                            segment->key.prefix_length) != i)
        return TRUE;
    }
  return FALSE;
}

guint64
_aionet_route_index_get_n_addresses (AionetRouteIndex *self)
{
  return self->n_addresses;
}

/* The last segment in low .. high - 1 that starts at or before index; low does. */
static guint
search (const guint64 *starts, guint low, guint high, guint64 index)
{
  while (high - low > 1)
    {
      guint middle = low + (high - low) / 2;

      if (starts[middle] <= index)
        low = middle;
      else
        high = middle;
    }
  return low;
}

const AionetRouteSegment *
_aionet_route_index_get (AionetRouteIndex *self, guint64 index)
{
  const guint64 *starts = (const guint64 *) (gconstpointer) self->starts->data;
  guint          n_segments = self->starts->len;
  guint          low;
  guint          high;
  guint          step = 1;

  if (index >= self->n_addresses)
    return NULL;
  /* Segments are mostly of one size. So begin where the index would then be, and widen in doubling
   * steps until it is between low and high. */
  low = MIN ((guint) ((double) index / (double) self->n_addresses * n_segments), n_segments - 1);
  high = low + 1;
  for (; starts[low] > index; step *= 2)
    {
      high = low;
      low -= MIN (step, low);
    }
  for (; high < n_segments && starts[high] <= index; step *= 2)
    {
      low = high;
      high += MIN (step, n_segments - high);
    }
  return &g_array_index (self->segments, AionetRouteSegment, search (starts, low, high, index));
}

const AionetRouteSegment *
_aionet_route_index_find (AionetRouteIndex *self, GInetAddress *address, guint64 *index_in_range)
{
  guint n_bits = (guint) g_inet_address_get_native_size (address) * 8;
  guint found = _aionet_range_table_find_largest (&self->table, address, n_bits);
  const AionetRouteSegment *segment;

  if (found == G_MAXUINT)
    return NULL;
  segment = &g_array_index (self->segments, AionetRouteSegment, found);
  return aionet_ip_range_get_index_of (segment->range, address, index_in_range) ? segment : NULL;
}

guint64
_aionet_route_index_get_group_end (AionetRouteIndex *self, guint position)
{
  return g_array_index (self->group_ends, guint64, position);
}
