/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#include "config.h"

#include "topology/aionet-route-pool.h"

#include <stdio.h>
#include <stdlib.h>

#include "topology/aionet-route-private.h"

/* Building, indexing and searching a large route pool, best of several rounds. The goals: 10^5
 * groups are built in less than 100 ms, index and find take less than 1 us. */

#define N_ROUNDS 5
#define N_LOOKUPS 200000

typedef struct
{
  const char *name;
  guint       n_groups;
  guint       prefix_length; /* 0: /32, /28 and /24 in turn */
} Case;

static AionetRoute *
make_route (guint number, guint prefix_length)
{
  guint8 bytes[4] = { (guint8) (11 + (number >> 16)), (guint8) (number >> 8), (guint8) number, 0 };
  guint  lengths[] = { 32, 28, 24 };
  g_autoptr (GInetAddress) address = NULL;
  g_autoptr (AionetIpRange) range = NULL;
  g_autoptr (GListStore) ranges = g_list_store_new (AIONET_TYPE_IP_RANGE);

  if (prefix_length == 0)
    prefix_length = lengths[number % G_N_ELEMENTS (lengths)];
  bytes[3] = prefix_length == 32 ? 7 : 0;
  address = g_inet_address_new_from_bytes (bytes, G_SOCKET_FAMILY_IPV4);
  range = aionet_ip_range_new (address, prefix_length);
  g_list_store_append (ranges, range);
  return aionet_route_new (G_SOCKET_FAMILY_IPV4, G_LIST_MODEL (ranges), G_LIST_MODEL (ranges), NULL,
                           NULL);
}

static GListModel *
make_routes (const Case *bench)
{
  GListStore *routes = g_list_store_new (AIONET_TYPE_ROUTE);
  g_autoptr (GPtrArray) batch = g_ptr_array_new_with_free_func (g_object_unref);

  for (guint i = 0; i < bench->n_groups; i++)
    g_ptr_array_add (batch, make_route (i, bench->prefix_length));
  g_list_store_splice (routes, 0, 0, batch->pdata, batch->len);
  return G_LIST_MODEL (routes);
}

static double
measure_build (GListModel *routes, AionetRoutePool **pool)
{
  gint64 best = G_MAXINT64;

  for (guint round = 0; round < N_ROUNDS; round++)
    {
      gint64 start = g_get_monotonic_time ();

      g_clear_object (pool);
      start = g_get_monotonic_time ();
      *pool = aionet_route_pool_new (G_SOCKET_FAMILY_IPV4, routes, NULL);
      best = MIN (best, g_get_monotonic_time () - start);
    }
  return (double) best / 1000;
}

static guint64
scatter (guint number, guint64 n_addresses)
{
  return number * G_GUINT64_CONSTANT (0x9e3779b97f4a7c15) % n_addresses;
}

static double
measure_index (AionetRoutePool *pool)
{
  guint64 n_addresses = aionet_route_pool_get_n_addresses (pool);
  gint64  best = G_MAXINT64;

  for (guint round = 0; round < N_ROUNDS; round++)
    {
      gint64 start = g_get_monotonic_time ();

      for (guint i = 0; i < N_LOOKUPS; i++)
        g_object_unref (aionet_route_pool_get_route_at (pool, scatter (i, n_addresses)));
      best = MIN (best, g_get_monotonic_time () - start);
    }
  return (double) best * 1000 / N_LOOKUPS;
}

static double
measure_find (AionetRoutePool *pool)
{
  guint64 n_addresses = aionet_route_pool_get_n_addresses (pool);
  g_autoptr (GPtrArray) addresses = g_ptr_array_new_with_free_func (g_object_unref);
  gint64 best = G_MAXINT64;
  guint  n_found = 0;

  for (guint i = 0; i < N_LOOKUPS; i++)
    {
      g_autoptr (AionetRoute) route =
          aionet_route_pool_get_route_at (pool, scatter (i, n_addresses));

      g_ptr_array_add (addresses, g_object_ref (aionet_route_get_ext_address (route)));
    }
  for (guint round = 0; round < N_ROUNDS; round++)
    {
      gint64  start = g_get_monotonic_time ();
      guint64 index;

      for (guint i = 0; i < N_LOOKUPS; i++)
        n_found += aionet_route_pool_find (pool, addresses->pdata[i], &index) != NULL ? 1 : 0;
      best = MIN (best, g_get_monotonic_time () - start);
    }
  return n_found == N_ROUNDS * N_LOOKUPS ? (double) best * 1000 / N_LOOKUPS : -1;
}

static void
print (const char *name, const char *metric, double value, double *first)
{
  if (*first == 0)
    *first = value;
  printf ("route pool\t%s\t%s\t%.3f\t%.3f\n", name, metric, value, value / *first);
}

int
main (void)
{
  static const Case cases[] = {
    { "1000 single addresses", 1000, 32 },           { "one block", 1, 24 },
    { "100000 single addresses", 100000, 32 },       { "100000 /24 blocks", 100000, 24 },
    { "100000 of three prefix lengths", 100000, 0 },
  };
  double first[3] = { 0 };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GListModel) routes = make_routes (&cases[i]);
      g_autoptr (AionetRoutePool) pool = NULL;

      print (cases[i].name, "build ms", measure_build (routes, &pool), &first[0]);
      print (cases[i].name, "index ns", measure_index (pool), &first[1]);
      print (cases[i].name, "find ns", measure_find (pool), &first[2]);
      fflush (stdout);
    }
  return EXIT_SUCCESS;
}
