/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#include "config.h"

#include "topology/aionet-route-index-private.h"

struct _AionetRouteIndex
{
  GArray     *segments;   /* (owned) (element-type AionetRouteSegment) by start */
  GHashTable *by_key;     /* (owned) AionetRangeKey -> AionetRouteSegment, both in segments */
  GArray     *group_ends; /* (owned) (element-type guint64) */
  guint64     n_addresses;
  guint       lengths[AIONET_MAX_PREFIX_LENGTH + 1]; /* that occur */
  guint       n_lengths;
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
      AionetRouteSegment segment = { .start = self->n_addresses,
                                     .group = position,
                                     .range = range };

      _aionet_range_key_init (&segment.key, aionet_ip_range_get_address (range),
                              aionet_ip_range_get_prefix_length (range));
      g_array_append_val (self->segments, segment);
      self->n_addresses =
          add_saturated (self->n_addresses, aionet_ip_range_get_n_addresses (range));
    }
  g_array_append_val (self->group_ends, self->n_addresses);
}

/* Pointers into the array, which does not grow any more. */
static void
index_segments (AionetRouteIndex *self)
{
  gboolean occurs[AIONET_MAX_PREFIX_LENGTH + 1] = { FALSE };

  for (guint i = 0; i < self->segments->len; i++)
    {
      AionetRouteSegment *segment = &g_array_index (self->segments, AionetRouteSegment, i);

      g_hash_table_insert (self->by_key, &segment->key, segment);
      occurs[segment->key.prefix_length] = TRUE;
    }
  for (guint length = 0; length <= AIONET_MAX_PREFIX_LENGTH; length++)
    {
      if (occurs[length])
        self->lengths[self->n_lengths++] = length;
    }
}

AionetRouteIndex *
_aionet_route_index_new (GPtrArray *groups)
{
  AionetRouteIndex *self = g_new0 (AionetRouteIndex, 1);

  self->segments = g_array_sized_new (FALSE, FALSE, sizeof (AionetRouteSegment), groups->len);
  self->group_ends = g_array_sized_new (FALSE, FALSE, sizeof (guint64), groups->len);
  self->by_key = g_hash_table_new (_aionet_range_key_hash, _aionet_range_key_equal);
  for (guint i = 0; i < groups->len; i++)
    append_group (self, g_ptr_array_index (groups, i), i);
  index_segments (self);
  return self;
}

void
_aionet_route_index_free (AionetRouteIndex *self)
{
  g_hash_table_unref (self->by_key);
  g_array_unref (self->segments);
  g_array_unref (self->group_ends);
  g_free (self);
}

guint64
_aionet_route_index_get_n_addresses (AionetRouteIndex *self)
{
  return self->n_addresses;
}

const AionetRouteSegment *
_aionet_route_index_get (AionetRouteIndex *self, guint64 index)
{
  guint low = 0;
  guint high = self->segments->len;

  if (index >= self->n_addresses)
    return NULL;
  /* The last segment that starts at or before index. */
  while (high - low > 1)
    {
      guint middle = low + (high - low) / 2;

      if (g_array_index (self->segments, AionetRouteSegment, middle).start <= index)
        low = middle;
      else
        high = middle;
    }
  return &g_array_index (self->segments, AionetRouteSegment, low);
}

const AionetRouteSegment *
_aionet_route_index_find (AionetRouteIndex *self, GInetAddress *address, guint64 *index_in_range)
{
  guint n_bits = (guint) g_inet_address_get_native_size (address) * 8;

  for (guint i = 0; i < self->n_lengths && self->lengths[i] <= n_bits; i++)
    {
      AionetRouteSegment *segment;
      AionetRangeKey      key;

      _aionet_range_key_init (&key, address, self->lengths[i]);
      segment = g_hash_table_lookup (self->by_key, &key);
      if (segment != NULL)
        return aionet_ip_range_get_index_of (segment->range, address, index_in_range) ? segment
                                                                                      : NULL;
    }
  return NULL;
}

guint64
_aionet_route_index_get_group_end (AionetRouteIndex *self, guint group)
{
  return g_array_index (self->group_ends, guint64, group);
}
