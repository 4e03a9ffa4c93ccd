/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#include "config.h"

#include <aionet.h>

#include <string.h>

/* Laws that hold for every range, tried on random ones; --seed repeats a run. */

#define N_RANGES 20000

static AionetIpRange *
make_random (void)
{
  GSocketFamily family = g_test_rand_bit () ? G_SOCKET_FAMILY_IPV4 : G_SOCKET_FAMILY_IPV6;
  guint         width = family == G_SOCKET_FAMILY_IPV4 ? 32 : 128;
  guint         prefix_length = g_test_rand_int_range (0, width + 1);
  gboolean      is_scoped = width == 128 && g_test_rand_bit ();
  guint8        bytes[16];
  g_autoptr (GInetAddress) address = NULL;

  for (guint i = 0; i < sizeof bytes; i++)
    bytes[i] = g_test_rand_int_range (0, 256);
  /* Half of them blocks: clear the host bits. */
  if (g_test_rand_bit ())
    for (guint bit = prefix_length; bit < width; bit++)
      bytes[bit / 8] &= ~(0x80 >> bit % 8);
  address = g_inet_address_new_from_bytes (bytes, family);
  return aionet_ip_range_new_scoped (address, prefix_length, is_scoped ? "eth0" : NULL);
}

static guint64
make_random_index (guint64 n_addresses)
{
  guint64 number = (guint64) (guint32) g_test_rand_int () << 32 | (guint32) g_test_rand_int ();

  switch (g_test_rand_int_range (0, 4))
    {
    case 0:
      return 0;
    case 1:
      return n_addresses - 1;
    case 2:
      return number % 1024 % n_addresses;
    default:
      return number % n_addresses;
    }
}

static void
test_index_is_inverse (void)
{
  g_test_summary ("get_index_of () undoes get_address_at ()");

  for (guint i = 0; i < N_RANGES; i++)
    {
      g_autoptr (AionetIpRange) range = make_random ();
      guint64 index = make_random_index (aionet_ip_range_get_n_addresses (range));
      g_autoptr (GInetAddress) address = aionet_ip_range_get_address_at (range, index);
      guint64 found = index + 1;

      g_assert_nonnull (address);
      g_assert_true (aionet_ip_range_contains (range, address));
      g_assert_true (aionet_ip_range_get_index_of (range, address, &found));
      g_assert_cmpuint (found, ==, index);
    }
}

static void
test_index_ascends (void)
{
  g_test_summary ("Neighbouring indices are neighbouring usable addresses, in order");

  for (guint i = 0; i < N_RANGES; i++)
    {
      g_autoptr (AionetIpRange) range = make_random ();
      guint64 n_addresses = aionet_ip_range_get_n_addresses (range);
      guint64 index = make_random_index (n_addresses);
      g_autoptr (GInetAddress) address = aionet_ip_range_get_address_at (range, index);
      g_autoptr (GInetAddress) next = NULL;

      if (index == n_addresses - 1)
        continue;
      next = aionet_ip_range_get_address_at (range, index + 1);
      g_assert_cmpint (memcmp (g_inet_address_to_bytes (address), g_inet_address_to_bytes (next),
                               g_inet_address_get_native_size (address)),
                       <, 0);
    }
}

static void
test_contains_every_index (void)
{
  guint n_indexed = 0;
  guint n_outside = 0;

  g_test_summary ("What has an index is contained, and nothing else comes back from it");

  for (guint i = 0; i < N_RANGES; i++)
    {
      g_autoptr (AionetIpRange) range = make_random ();
      g_autoptr (AionetIpRange) other = make_random ();
      GInetAddress *address = aionet_ip_range_get_address (other);
      g_autoptr (GInetAddress) back = NULL;
      guint64 index;

      if (!aionet_ip_range_contains (range, address))
        n_outside++;
      if (!aionet_ip_range_get_index_of (range, address, &index))
        continue;
      n_indexed++;
      g_assert_true (aionet_ip_range_contains (range, address));
      back = aionet_ip_range_get_address_at (range, index);
      g_assert_true (g_inet_address_equal (back, address));
    }
  g_assert_cmpuint (n_indexed, >, 0);
  g_assert_cmpuint (n_outside, >, 0);
}

static void
test_text_round_trip (void)
{
  g_test_summary ("to_string () is read back as an equal range");

  for (guint i = 0; i < N_RANGES; i++)
    {
      g_autoptr (AionetIpRange) range = make_random ();
      g_autofree char *text = aionet_ip_range_to_string (range);
      g_autoptr (GError) error = NULL;
      g_autoptr (AionetIpRange) again = aionet_ip_range_new_from_string (text, &error);

      g_assert_no_error (error);
      g_assert_true (aionet_ip_range_equal (range, again));
      g_assert_cmpint (aionet_ip_range_compare (range, again), ==, 0);
      g_assert_cmpuint (aionet_ip_range_hash (range), ==, aionet_ip_range_hash (again));
    }
}

static void
test_order_is_consistent (void)
{
  g_test_summary ("compare () is antisymmetric and agrees with equal () and overlaps ()");

  for (guint i = 0; i < N_RANGES; i++)
    {
      g_autoptr (AionetIpRange) a = make_random ();
      g_autoptr (AionetIpRange) b = make_random ();
      int forth = aionet_ip_range_compare (a, b);
      int back = aionet_ip_range_compare (b, a);

      g_assert_cmpint ((forth > 0) - (forth < 0), ==, (back < 0) - (back > 0));
      g_assert_cmpint (aionet_ip_range_equal (a, b), ==, forth == 0);
      g_assert_cmpint (aionet_ip_range_overlaps (a, b), ==, aionet_ip_range_overlaps (b, a));
      /* Networks either nest or are apart, so one holds the other's address. */
      g_assert_cmpint (aionet_ip_range_overlaps (a, b), ==,
                       aionet_ip_range_contains (a, aionet_ip_range_get_address (b)) ||
                           aionet_ip_range_contains (b, aionet_ip_range_get_address (a)));
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/aionet/ip-range/random/index-is-inverse", test_index_is_inverse);
  g_test_add_func ("/aionet/ip-range/random/index-ascends", test_index_ascends);
  g_test_add_func ("/aionet/ip-range/random/contains-every-index", test_contains_every_index);
  g_test_add_func ("/aionet/ip-range/random/text-round-trip", test_text_round_trip);
  g_test_add_func ("/aionet/ip-range/random/order-is-consistent", test_order_is_consistent);
  return g_test_run ();
}
