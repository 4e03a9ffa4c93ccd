/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#include "config.h"

#include "topology/aionet-route-pool.h"

#include "topology/aionet-route-private.h"
#include "topology/route-fixture.h"
#include "value/aionet-error.h"

/* pairs: NIC side, external side, …, NULL */
static AionetRoutePool *
pool_from_text (const char *const *pairs)
{
  g_autoptr (GListStore) routes = g_list_store_new (AIONET_TYPE_ROUTE);
  g_autoptr (GError) error = NULL;
  GSocketFamily    family = G_SOCKET_FAMILY_IPV4;
  AionetRoutePool *pool;

  for (guint i = 0; pairs[i] != NULL; i += 2)
    {
      g_autoptr (AionetRoute) route = route_from_text (pairs[i], pairs[i + 1]);

      family = aionet_route_get_family (route);
      g_list_store_append (routes, route);
    }
  pool = aionet_route_pool_new (family, G_LIST_MODEL (routes), &error);
  g_assert_no_error (error);
  return pool;
}

static AionetRoutePool *
three_group_pool (void)
{
  static const char *const pairs[] = { "8.8.8.0/24", "8.8.8.0/24", "7.7.7.0/24", "7.7.7.0/24",
                                       "9.9.9.9",    "9.9.9.9",    NULL };

  return pool_from_text (pairs);
}

static void
assert_item (AionetRoutePool *pool, guint position, const char *expected)
{
  g_autoptr (AionetRoute) route = g_list_model_get_item (G_LIST_MODEL (pool), position);

  assert_ext_address (route, expected);
  g_assert_cmpuint (aionet_route_get_n_addresses (route), ==, 1);
}

static AionetRoute *
find_text (AionetRoutePool *pool, const char *text, guint64 *index)
{
  g_autoptr (GInetAddress) address = g_inet_address_new_from_string (text);

  g_assert_cmpint (aionet_route_pool_contains (pool, address), ==,
                   aionet_route_pool_find (pool, address, NULL) != NULL);
  return aionet_route_pool_find (pool, address, index);
}

static AionetRoute *
lookup_text (AionetRoutePool *pool, const char *text)
{
  g_autoptr (GInetAddress) address = g_inet_address_new_from_string (text);

  return aionet_route_pool_lookup (pool, address);
}

static void
test_index (void)
{
  g_autoptr (AionetRoutePool) pool = three_group_pool ();

  g_test_summary ("P-01..P-10: items are single external addresses over all groups");

  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (pool)), ==, 509);
  g_assert_cmpuint (aionet_route_pool_get_n_addresses (pool), ==, 509);
  assert_item (pool, 0, "8.8.8.1");
  assert_item (pool, 10, "8.8.8.11");
  assert_item (pool, 253, "8.8.8.254");
  assert_item (pool, 254, "7.7.7.1");
  assert_item (pool, 264, "7.7.7.11");
  assert_item (pool, 507, "7.7.7.254");
  assert_item (pool, 508, "9.9.9.9");
  g_assert_null (g_list_model_get_item (G_LIST_MODEL (pool), 509));
  g_assert_null (g_list_model_get_item (G_LIST_MODEL (pool), 1000));
  g_assert_null (aionet_route_pool_get_route_at (pool, G_MAXUINT64));
}

static void
test_iterate (void)
{
  g_autoptr (AionetRoutePool) pool = three_group_pool ();
  g_autoptr (GHashTable) seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  g_test_summary ("P-11, S55: 509 different items with one external address each");

  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (pool)); i++)
    {
      g_autoptr (AionetRoute) route = g_list_model_get_item (G_LIST_MODEL (pool), i);

      g_assert_cmpuint (g_list_model_get_n_items (aionet_route_get_ext_ranges (route)), ==, 1);
      g_assert_cmpuint (aionet_route_get_n_addresses (route), ==, 1);
      g_assert_true (
          g_hash_table_add (seen, g_inet_address_to_string (aionet_route_get_ext_address (route))));
    }
  g_assert_cmpuint (g_hash_table_size (seen), ==, 509);
}

static void
test_single_routes (void)
{
  g_autoptr (GListStore) routes = g_list_store_new (AIONET_TYPE_ROUTE);
  g_autoptr (AionetRoutePool) pool = NULL;

  g_test_summary ("P-13, P-14: 59 routes with one address each, every index");

  for (guint i = 0; i < 59; i++)
    {
      g_autofree char *nic = g_strdup_printf ("10.0.0.%u", i + 1);
      g_autofree char *ext = g_strdup_printf ("%u.%u.3.4", i + 11, 100 - i);
      g_autoptr (AionetRoute) route = route_from_text (nic, ext);

      g_list_store_append (routes, route);
    }
  pool = aionet_route_pool_new (G_SOCKET_FAMILY_IPV4, G_LIST_MODEL (routes), NULL);
  g_assert_cmpuint (aionet_route_pool_get_n_addresses (pool), ==, 59);
  for (guint i = 0; i < 59; i++)
    {
      g_autoptr (AionetRoute) item = aionet_route_pool_get_route_at (pool, i);
      g_autoptr (AionetRoute) route = g_list_model_get_item (G_LIST_MODEL (routes), i);

      g_assert_true (aionet_route_equal (item, route));
    }
}

static void
test_find (void)
{
  g_autoptr (AionetRoutePool) pool = three_group_pool ();
  GListModel *groups = aionet_route_pool_get_groups (pool);
  g_autoptr (AionetRoute) second = g_list_model_get_item (groups, 1);
  g_autoptr (AionetRoute) item = NULL;
  guint64 index = 0;

  g_test_summary ("P-16, P-17: a look-up gives the group and the position");

  g_assert_nonnull (find_text (pool, "8.8.8.77", &index));
  g_assert_cmpuint (index, ==, 76);
  g_assert_null (find_text (pool, "8.8.9.1", &index));
  g_assert_cmpuint (index, ==, G_MAXUINT64);
  g_assert_nonnull (find_text (pool, "9.9.9.9", &index));
  g_assert_cmpuint (index, ==, 508);
  g_assert_null (find_text (pool, "8.8.8.255", &index));
  g_assert_null (find_text (pool, "808:808::", NULL));

  g_assert_true (find_text (pool, "7.7.7.7", &index) == second);
  item = aionet_route_pool_get_route_at (pool, index);
  assert_address (aionet_route_get_nic_address (item), "7.7.7.7");
  assert_address (aionet_route_get_ext_address (item), "7.7.7.7");
  g_assert_null (lookup_text (pool, "8.8.9.1"));
  g_assert_null (lookup_text (pool, "808:808::"));
}

static void
assert_alternatives (AionetRoutePool *pool, AionetRoute *route, guint limit, const char *expected)
{
  g_autoptr (GListModel) found = aionet_route_pool_get_alternatives (pool, route, limit);
  g_autoptr (GString) text = g_string_new (NULL);

  for (guint i = 0; i < g_list_model_get_n_items (found); i++)
    {
      g_autoptr (AionetRoute) item = g_list_model_get_item (found, i);
      g_autofree char *address = g_inet_address_to_string (aionet_route_get_ext_address (item));

      g_string_append_printf (text, "%s%s", i > 0 ? " " : "", address);
    }
  g_assert_cmpstr (text->str, ==, expected);
  g_assert_null (g_list_model_get_item (found, g_list_model_get_n_items (found)));
}

static void
test_alternatives (void)
{
  g_autoptr (AionetRoutePool) pool = three_group_pool ();
  GListModel *groups = aionet_route_pool_get_groups (pool);
  g_autoptr (AionetRoute) first = aionet_route_pool_get_route_at (pool, 0);
  g_autoptr (AionetRoute) next = aionet_route_pool_get_route_at (pool, 1);
  g_autoptr (AionetRoute) last_of_block = aionet_route_pool_get_route_at (pool, 253);
  g_autoptr (AionetRoute) last = aionet_route_pool_get_route_at (pool, 508);
  g_autoptr (AionetRoute) block = g_list_model_get_item (groups, 0);
  g_autoptr (AionetRoute) last_group = g_list_model_get_item (groups, 2);
  g_autoptr (AionetRoute) stranger = route_from_text ("1.1.1.1", "1.1.1.1");
  g_autoptr (GListModel) all = NULL;

  g_test_summary ("P-19, P-20: what to try instead of an address or a group");

  assert_alternatives (pool, first, 2, "8.8.8.2 8.8.8.3");
  assert_alternatives (pool, next, 2, "8.8.8.3 8.8.8.4");
  assert_alternatives (pool, last_of_block, 1, "7.7.7.1");
  assert_alternatives (pool, last, 2, "8.8.8.1 8.8.8.2");
  assert_alternatives (pool, block, 1, "7.7.7.1");
  assert_alternatives (pool, last_group, 1, "8.8.8.1");
  assert_alternatives (pool, stranger, 1, "8.8.8.1");
  assert_alternatives (pool, first, 0, "");
  all = aionet_route_pool_get_alternatives (pool, first, G_MAXUINT);
  g_assert_cmpuint (g_list_model_get_n_items (all), ==, 508);
  g_clear_object (&all);
  all = aionet_route_pool_get_alternatives (pool, block, G_MAXUINT);
  g_assert_cmpuint (g_list_model_get_n_items (all), ==, 509);
}

static void
test_lonely_alternatives (void)
{
  static const char *const pairs[] = { "10.0.0.5", "9.9.9.9", NULL };
  g_autoptr (AionetRoutePool) pool = pool_from_text (pairs);
  g_autoptr (AionetRoute) only = aionet_route_pool_get_route_at (pool, 0);

  g_test_summary ("One address has no alternative");

  assert_alternatives (pool, only, 5, "");
}

static void
test_empty (void)
{
  g_autoptr (AionetRoutePool) pool = aionet_route_pool_new (G_SOCKET_FAMILY_IPV6, NULL, NULL);
  g_autoptr (AionetRoute) route = route_from_text ("2402::1", "2402::1");

  g_test_summary ("P-23: an empty pool has nothing");

  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (pool)), ==, 0);
  g_assert_null (g_list_model_get_item (G_LIST_MODEL (pool), 0));
  g_assert_cmpuint (g_list_model_get_n_items (aionet_route_pool_get_groups (pool)), ==, 0);
  g_assert_null (find_text (pool, "2402::1", NULL));
  g_assert_null (aionet_route_pool_pick_random (pool));
  assert_alternatives (pool, route, 5, "");
}

static void
test_large (void)
{
  static const char *const pairs[] = { "fe80::1", "2402:1f00:8101:83f::/64", "fe80::1",
                                       "2402:1f00:8101:840::/64", NULL };
  g_autoptr (AionetRoutePool) pool = pool_from_text (pairs);
  g_autoptr (AionetRoute) last = aionet_route_pool_get_route_at (pool, G_MAXUINT64 - 1);
  g_autoptr (AionetRoute) random = aionet_route_pool_pick_random (pool);
  g_autoptr (AionetRoute) beyond = NULL;
  guint64 index = 0;

  g_test_summary ("P-25: counts saturate, addresses beyond the count are still found");

  g_assert_cmpuint (aionet_route_pool_get_n_addresses (pool), ==, G_MAXUINT64);
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (pool)), ==, G_MAXUINT);
  assert_item (pool, 0, "2402:1f00:8101:83f::1");
  assert_item (pool, 1, "2402:1f00:8101:83f::2");
  assert_ext_address (last, "2402:1f00:8101:83f:ffff:ffff:ffff:ffff");
  g_assert_null (aionet_route_pool_get_route_at (pool, G_MAXUINT64));
  g_assert_nonnull (find_text (pool, "2402:1f00:8101:83f:ffff:ffff:ffff:ffff", &index));
  g_assert_cmpuint (index, ==, G_MAXUINT64 - 1);
  g_assert_nonnull (find_text (pool, "2402:1f00:8101:840::7", &index));
  g_assert_cmpuint (index, ==, G_MAXUINT64);
  beyond = lookup_text (pool, "2402:1f00:8101:840::7");
  assert_ext_address (beyond, "2402:1f00:8101:840::7");
  g_assert_nonnull (random);
}

static void
assert_groups (const char *const *pairs, const char *expected)
{
  g_autoptr (AionetRoutePool) pool = pool_from_text (pairs);
  GListModel *groups = aionet_route_pool_get_groups (pool);
  g_autoptr (GString) text = g_string_new (NULL);

  for (guint i = 0; i < g_list_model_get_n_items (groups); i++)
    {
      g_autoptr (AionetRoute) group = g_list_model_get_item (groups, i);
      g_autofree char *part = aionet_route_to_string (group);

      g_string_append_printf (text, "%s%s", i > 0 ? "; " : "", part);
    }
  g_assert_cmpstr (text->str, ==, expected);
}

static void
test_groups (void)
{
  static const char *const same[] = { "10.0.0.5", "1.3.3.7", "10.0.0.7", "1.3.3.8",
                                      "10.0.0.6", "1.3.3.7", NULL };
  static const char *const inside[] = { "10.0.0.5",   "8.8.0.5",    "10.0.0.7", "1.3.3.7",
                                        "8.8.0.0/16", "8.8.0.0/16", NULL };
  static const char *const bridge[] = { "10.0.0.5", "1.1.1.1",         "10.0.0.6", "2.2.2.2",
                                        "10.0.0.7", "2.2.2.2 1.1.1.1", NULL };
  static const char *const twice[] = { "10.0.0.5", "1.1.1.1 1.1.1.0/24 1.1.1.1", NULL };
  static const char *const six[] = { "fe80::1", "2402::1", "fd00::5 fe80::1", "2402::1", NULL };
  static const char *const own[] = { "fe80::1", "2402::1", "fe80::1 fe80::2", "2402::1", NULL };

  g_test_summary ("Routes with an external address in common are one group with both NIC sides");

  assert_groups (same, "[10.0.0.5, 10.0.0.6] -> [1.3.3.7]; [10.0.0.7] -> [1.3.3.8]");
  assert_groups (inside, "[10.0.0.5, 8.8.0.0/16] -> [8.8.0.0/16]; [10.0.0.7] -> [1.3.3.7]");
  assert_groups (bridge, "[10.0.0.5, 10.0.0.6, 10.0.0.7] -> [1.1.1.1, 2.2.2.2]");
  assert_groups (twice, "[10.0.0.5] -> [1.1.1.0/24]");
  assert_groups (six, "[2402::1, fd00::5, fe80::1] -> [2402::1]");
  assert_groups (own, "[fe80::1, fe80::2] -> [2402::1]");
}

static void
test_items_as_routes (void)
{
  g_autoptr (AionetRoutePool) pool = three_group_pool ();
  g_autoptr (GListStore) picked = g_list_store_new (AIONET_TYPE_ROUTE);
  g_autoptr (AionetRoute) item = aionet_route_pool_get_route_at (pool, 300);
  g_autoptr (AionetRoute) bound = aionet_route_bind (item, 80, NULL);
  g_autoptr (AionetRoutePool) small = NULL;
  g_autoptr (AionetRoute) only = NULL;

  g_test_summary ("A pool can be made of what came out of another pool");

  g_list_store_append (picked, bound);
  small = aionet_route_pool_new (G_SOCKET_FAMILY_IPV4, G_LIST_MODEL (picked), NULL);
  only = aionet_route_pool_get_route_at (small, 0);
  g_assert_cmpuint (aionet_route_pool_get_n_addresses (small), ==, 1);
  g_assert_true (aionet_route_equal (only, item));
  g_assert_false (aionet_route_get_is_bound (only));
}

static void
test_errors (void)
{
  g_autoptr (GListStore) routes = g_list_store_new (AIONET_TYPE_ROUTE);
  g_autoptr (GListModel) ranges = ranges_from_text ("1.1.1.1");
  g_autoptr (AionetRoute) route = route_from_text ("2402::1", "2402::1");
  g_autoptr (GError) error = NULL;

  g_test_summary ("Routes of another family, and what is no route, are refused");

  g_list_store_append (routes, route);
  g_assert_null (aionet_route_pool_new (G_SOCKET_FAMILY_IPV4, G_LIST_MODEL (routes), &error));
  g_assert_error (error, AIONET_ERROR, AIONET_ERROR_UNSUPPORTED_FAMILY);
  g_clear_error (&error);
  g_assert_null (aionet_route_pool_new (99, NULL, &error));
  g_assert_error (error, AIONET_ERROR, AIONET_ERROR_UNSUPPORTED_FAMILY);
  g_clear_error (&error);
  g_assert_null (aionet_route_pool_new (G_SOCKET_FAMILY_IPV4, ranges, &error));
  g_assert_error (error, AIONET_ERROR, AIONET_ERROR_INVALID_ROUTE);
}

/* Blocks that do not overlap: all have another second byte. */
static AionetRoutePool *
random_pool (GRand *random)
{
  g_autoptr (GListStore) routes = g_list_store_new (AIONET_TYPE_ROUTE);
  guint n_routes = (guint) g_rand_int_range (random, 1, 12);

  for (guint i = 0; i < n_routes; i++)
    {
      g_autofree char *ext = g_strdup_printf ("%d.%u.0.0/%d", g_rand_int_range (random, 11, 60), i,
                                              g_rand_int_range (random, 20, 32));
      g_autoptr (AionetRoute) route = route_from_text ("10.0.0.5", ext);

      g_list_store_append (routes, route);
    }
  return aionet_route_pool_new (G_SOCKET_FAMILY_IPV4, G_LIST_MODEL (routes), NULL);
}

static void
test_inverse (void)
{
  g_autoptr (GRand) random = g_rand_new_with_seed (g_test_rand_int ());

  g_test_summary ("Index and find are inverse, on random pools");

  for (guint round = 0; round < 20; round++)
    {
      g_autoptr (AionetRoutePool) pool = random_pool (random);
      guint64 n_addresses = aionet_route_pool_get_n_addresses (pool);

      for (guint64 i = 0; i < n_addresses; i += 1 + (i % 7))
        {
          g_autoptr (AionetRoute) item = aionet_route_pool_get_route_at (pool, i);
          g_autoptr (AionetRoute) again = NULL;
          guint64 index = 0;

          g_assert_nonnull (
              aionet_route_pool_find (pool, aionet_route_get_ext_address (item), &index));
          g_assert_cmpuint (index, ==, i);
          again = aionet_route_pool_lookup (pool, aionet_route_get_ext_address (item));
          g_assert_true (aionet_route_equal (again, item));
        }
    }
}

static void
test_random (void)
{
  g_autoptr (AionetRoutePool) pool = three_group_pool ();
  g_autoptr (GHashTable) seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  g_test_summary ("Random picks are in the pool, and are not always the same");

  for (guint i = 0; i < 200; i++)
    {
      g_autoptr (AionetRoute) route = aionet_route_pool_pick_random (pool);

      g_assert_true (aionet_route_pool_contains (pool, aionet_route_get_ext_address (route)));
      g_hash_table_add (seen, g_inet_address_to_string (aionet_route_get_ext_address (route)));
    }
  g_assert_cmpuint (g_hash_table_size (seen), >, 50);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/aionet/route-pool/index", test_index);
  g_test_add_func ("/aionet/route-pool/iterate", test_iterate);
  g_test_add_func ("/aionet/route-pool/single-routes", test_single_routes);
  g_test_add_func ("/aionet/route-pool/find", test_find);
  g_test_add_func ("/aionet/route-pool/alternatives", test_alternatives);
  g_test_add_func ("/aionet/route-pool/lonely-alternatives", test_lonely_alternatives);
  g_test_add_func ("/aionet/route-pool/empty", test_empty);
  g_test_add_func ("/aionet/route-pool/large", test_large);
  g_test_add_func ("/aionet/route-pool/groups", test_groups);
  g_test_add_func ("/aionet/route-pool/items-as-routes", test_items_as_routes);
  g_test_add_func ("/aionet/route-pool/errors", test_errors);
  g_test_add_func ("/aionet/route-pool/inverse", test_inverse);
  g_test_add_func ("/aionet/route-pool/random", test_random);

  return g_test_run ();
}
