/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#include "config.h"
#include "aionet-nice-rto-cache.h"

typedef struct
{
  gint64 smoothed_us;  /* SRTT */
  gint64 variation_us; /* RTTVAR */
  gint64 heard_us;
} Estimate;

struct _AionetNiceRtoCache
{
  GHashTable *estimates; /* (owned) (element-type utf8 Estimate) */
};

AionetNiceRtoCache *
aionet_nice_rto_cache_new (void)
{
  AionetNiceRtoCache *self = g_rc_box_new0 (AionetNiceRtoCache);

  self->estimates = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  return self;
}

AionetNiceRtoCache *
aionet_nice_rto_cache_ref (AionetNiceRtoCache *self)
{
  return g_rc_box_acquire (self);
}

static void
clear (gpointer data)
{
  AionetNiceRtoCache *self = data;

  g_hash_table_unref (self->estimates);
}

void
aionet_nice_rto_cache_unref (AionetNiceRtoCache *self)
{
  g_rc_box_release_full (self, clear);
}

static gboolean
is_stale (const Estimate *estimate, gint64 now_us)
{
  return now_us - estimate->heard_us >= AIONET_NICE_RTO_MAX_AGE_US;
}

static void
make_room (AionetNiceRtoCache *self, gint64 now_us)
{
  GHashTableIter iter;
  gpointer       value;

  g_hash_table_iter_init (&iter, self->estimates);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    if (is_stale (value, now_us))
      g_hash_table_iter_remove (&iter);
  /* Still full: estimates cost a round trip to make again, so which ones go does not matter. */
  if (g_hash_table_size (self->estimates) >= AIONET_NICE_RTO_MAX_SERVERS)
    g_hash_table_remove_all (self->estimates);
}

void
aionet_nice_rto_cache_add (AionetNiceRtoCache *self,
                           GInetAddress       *server,
                           gint64              round_trip_us,
                           gint64              now_us)
{
  g_autofree char *key = g_inet_address_to_string (server);
  Estimate        *estimate = g_hash_table_lookup (self->estimates, key);

  if (round_trip_us < 0)
    return;
  if (estimate == NULL && g_hash_table_size (self->estimates) >= AIONET_NICE_RTO_MAX_SERVERS)
    make_room (self, now_us);
  if (estimate == NULL || is_stale (estimate, now_us))
    {
      estimate = g_new0 (Estimate, 1);
      estimate->smoothed_us = round_trip_us;
      estimate->variation_us = round_trip_us / 2;
      g_hash_table_replace (self->estimates, g_steal_pointer (&key), estimate);
    }
  else
    {
      gint64 difference_us = ABS (estimate->smoothed_us - round_trip_us);

      estimate->variation_us = (3 * estimate->variation_us + difference_us) / 4;
      estimate->smoothed_us = (7 * estimate->smoothed_us + round_trip_us) / 8;
    }
  estimate->heard_us = now_us;
}

guint
aionet_nice_rto_cache_get (AionetNiceRtoCache *self,
                           GInetAddress       *server,
                           guint               initial_ms,
                           gint64              now_us)
{
  g_autofree char *key = g_inet_address_to_string (server);
  const Estimate  *estimate = g_hash_table_lookup (self->estimates, key);
  gint64           rto_ms;

  if (estimate == NULL || is_stale (estimate, now_us))
    return initial_ms;
  rto_ms = (estimate->smoothed_us + MAX (1000, 4 * estimate->variation_us) + 999) / 1000;
  return (guint) CLAMP (rto_ms, (gint64) initial_ms,
                        (gint64) MAX (initial_ms, AIONET_NICE_RTO_MAX_MS));
}

guint
aionet_nice_rto_cache_get_size (AionetNiceRtoCache *self)
{
  return g_hash_table_size (self->estimates);
}
