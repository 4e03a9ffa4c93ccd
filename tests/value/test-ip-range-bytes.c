/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#include "config.h"

#include "value/aionet-ip-range.h"

/* Ranges made of bytes: their address objects are made when they are asked for. */

#define N_READERS 4

static void
test_from_bytes (void)
{
  static const struct
  {
    const char *text;
    guint       prefix_length;
    const char *scope_name;
  } cases[] = {
    { "192.168.0.20", 24, NULL }, { "8.8.0.0", 16, NULL },   { "0.0.0.0", 32, NULL },
    { "2001:db8::1", 64, NULL },  { "fe80::1", 64, "eth0" }, { "fe80::1", 128, "" },
  };

  g_test_summary ("A range of bytes is the range of the address they are");

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GInetAddress) address = g_inet_address_new_from_string (cases[i].text);
      g_autoptr (AionetIpRange) expected =
          aionet_ip_range_new_scoped (address, cases[i].prefix_length, cases[i].scope_name);
      g_autoptr (AionetIpRange) range = aionet_ip_range_new_from_bytes (
          g_inet_address_to_bytes (address), g_inet_address_get_native_size (address),
          cases[i].prefix_length, cases[i].scope_name);

      g_assert_true (aionet_ip_range_equal (range, expected));
      g_assert_cmpuint (aionet_ip_range_get_subnet_length (range), ==,
                        aionet_ip_range_get_subnet_length (expected));
      g_assert_true (g_inet_address_equal (aionet_ip_range_get_address (range), address));
      g_assert_true (aionet_ip_range_get_address (range) == aionet_ip_range_get_address (range));
    }
}

static gpointer
read_addresses (gpointer data)
{
  GPtrArray *ranges = data;
  GPtrArray *addresses = g_ptr_array_new_full (ranges->len, NULL);

  for (guint i = 0; i < ranges->len; i++)
    g_ptr_array_add (addresses, aionet_ip_range_get_address (ranges->pdata[i]));
  return addresses;
}

static void
test_threads (void)
{
  g_autoptr (GPtrArray) ranges = g_ptr_array_new_with_free_func (g_object_unref);
  GThread   *threads[N_READERS];
  GPtrArray *addresses[N_READERS];

  g_test_summary ("Threads that ask for an address at once get the same object");

  for (guint32 i = 0; i < 20000; i++)
    g_ptr_array_add (ranges,
                     aionet_ip_range_new_from_bytes ((const guint8 *) &i, sizeof i, 32, NULL));
  for (guint i = 0; i < N_READERS; i++)
    threads[i] = g_thread_new ("reader", read_addresses, ranges);
  for (guint i = 0; i < N_READERS; i++)
    addresses[i] = g_thread_join (threads[i]);
  for (guint i = 0; i < N_READERS; i++)
    {
      g_assert_cmpmem (addresses[i]->pdata, ranges->len * sizeof (gpointer), addresses[0]->pdata,
                       ranges->len * sizeof (gpointer));
      if (i > 0)
        g_ptr_array_unref (addresses[i]);
    }
  g_ptr_array_unref (addresses[0]);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/aionet/ip-range/from-bytes", test_from_bytes);
  g_test_add_func ("/aionet/ip-range/threads", test_threads);
  return g_test_run ();
}
