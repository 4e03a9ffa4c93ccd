/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#include "config.h"

#include "value/aionet-special-purpose-private.h"

#define PUBLIC AIONET_ADDRESS_CLASS_PUBLIC
#define PRIVATE AIONET_ADDRESS_CLASS_PRIVATE
#define LINK_LOCAL AIONET_ADDRESS_CLASS_LINK_LOCAL
#define LOOPBACK AIONET_ADDRESS_CLASS_LOOPBACK
#define MULTICAST AIONET_ADDRESS_CLASS_MULTICAST
#define UNUSABLE AIONET_ADDRESS_CLASS_UNUSABLE

typedef struct
{
  const char        *address;
  AionetAddressClass address_class;
} Row;

/* First and last address of every network in the registries, and their neighbours. */
/* clang-format off */
static const Row rows[] = {
  { "0.0.0.0", UNUSABLE }, { "0.255.255.255", UNUSABLE }, { "1.0.0.0", PUBLIC },
  { "9.255.255.255", PUBLIC }, { "10.0.0.0", PRIVATE }, { "10.255.255.255", PRIVATE },
  { "11.0.0.0", PUBLIC },
  { "100.63.255.255", PUBLIC }, { "100.64.0.0", PRIVATE }, { "100.127.255.255", PRIVATE },
  { "100.128.0.0", PUBLIC },
  { "126.255.255.255", PUBLIC }, { "127.0.0.0", LOOPBACK }, { "127.255.255.255", LOOPBACK },
  { "128.0.0.0", PUBLIC },
  { "169.253.255.255", PUBLIC }, { "169.254.0.0", LINK_LOCAL }, { "169.254.255.255", LINK_LOCAL },
  { "169.255.0.0", PUBLIC },
  { "172.15.255.255", PUBLIC }, { "172.16.0.0", PRIVATE }, { "172.31.255.255", PRIVATE },
  { "172.32.0.1", PUBLIC },
  { "191.255.255.255", PUBLIC }, { "192.0.0.0", PRIVATE }, { "192.0.0.7", PRIVATE },
  { "192.0.0.8", PRIVATE }, { "192.0.0.9", PUBLIC }, { "192.0.0.10", PUBLIC },
  { "192.0.0.11", PRIVATE }, { "192.0.0.169", PRIVATE }, { "192.0.0.170", UNUSABLE },
  { "192.0.0.171", UNUSABLE }, { "192.0.0.172", PRIVATE }, { "192.0.0.255", PRIVATE },
  { "192.0.1.0", PUBLIC },
  { "192.0.1.255", PUBLIC }, { "192.0.2.0", PRIVATE }, { "192.0.2.255", PRIVATE },
  { "192.0.3.0", PUBLIC },
  { "192.31.196.0", PUBLIC }, { "192.31.196.255", PUBLIC },
  { "192.52.193.0", PUBLIC }, { "192.52.193.255", PUBLIC },
  { "192.88.98.255", PUBLIC }, { "192.88.99.0", PRIVATE }, { "192.88.99.2", PRIVATE },
  { "192.88.99.255", PRIVATE }, { "192.88.100.0", PUBLIC },
  { "192.167.255.255", PUBLIC }, { "192.168.0.0", PRIVATE }, { "192.168.255.255", PRIVATE },
  { "192.169.0.0", PUBLIC },
  { "192.175.48.0", PUBLIC }, { "192.175.48.255", PUBLIC },
  { "193.168.0.1", PUBLIC }, { "1.3.3.7", PUBLIC }, { "7.7.7.7", PUBLIC }, { "8.8.8.8", PUBLIC },
  { "198.17.255.255", PUBLIC }, { "198.18.0.0", PRIVATE }, { "198.19.255.255", PRIVATE },
  { "198.20.0.0", PUBLIC },
  { "198.51.99.255", PUBLIC }, { "198.51.100.0", PRIVATE }, { "198.51.100.255", PRIVATE },
  { "198.51.101.0", PUBLIC },
  { "203.0.112.255", PUBLIC }, { "203.0.113.0", PRIVATE }, { "203.0.113.255", PRIVATE },
  { "203.0.114.0", PUBLIC },
  { "223.255.255.255", PUBLIC }, { "224.0.0.1", MULTICAST }, { "239.255.255.255", MULTICAST },
  { "240.0.0.0", UNUSABLE }, { "255.255.255.254", UNUSABLE }, { "255.255.255.255", UNUSABLE },

  { "::", UNUSABLE }, { "::1", LOOPBACK }, { "::2", UNUSABLE },
  { "::fffe:ffff:ffff", UNUSABLE }, { "::ffff:0:0", UNUSABLE }, { "::ffff:8.8.8.8", UNUSABLE },
  { "64:ff9a:ffff::", UNUSABLE }, { "64:ff9b::", PUBLIC }, { "64:ff9b::8.8.8.8", PUBLIC },
  { "64:ff9b::1:0:0", UNUSABLE },
  { "64:ff9b:1::", PRIVATE }, { "64:ff9b:1:ffff:ffff:ffff:ffff:ffff", PRIVATE },
  { "64:ff9b:2::", UNUSABLE },
  { "100::", UNUSABLE }, { "100::ffff:ffff:ffff:ffff", UNUSABLE }, { "100:0:0:1::", UNUSABLE },
  { "100:0:0:2::", UNUSABLE },
  { "1fff:ffff::", UNUSABLE }, { "2000::", PUBLIC }, { "2000:ffff::", PUBLIC },
  { "2001::", PRIVATE }, { "2001:0:ffff::", PRIVATE }, { "2001:1::", PRIVATE },
  { "2001:1::1", PUBLIC }, { "2001:1::2", PUBLIC }, { "2001:1::3", PUBLIC },
  { "2001:1::4", PRIVATE },
  { "2001:2::", PRIVATE }, { "2001:2:0:ffff::", PRIVATE }, { "2001:2:1::", PRIVATE },
  { "2001:3::", PUBLIC }, { "2001:3:ffff::", PUBLIC }, { "2001:4::", PRIVATE },
  { "2001:4:112::", PUBLIC }, { "2001:4:112:ffff::", PUBLIC }, { "2001:4:113::", PRIVATE },
  { "2001:10::", PRIVATE }, { "2001:1f:ffff::", PRIVATE }, { "2001:20::", PUBLIC },
  { "2001:2f:ffff::", PUBLIC }, { "2001:30::", PUBLIC }, { "2001:3f:ffff::", PUBLIC },
  { "2001:40::", PRIVATE }, { "2001:1ff:ffff::", PRIVATE }, { "2001:200::", PUBLIC },
  { "2001:db7:ffff::", PUBLIC }, { "2001:db8::", PRIVATE }, { "2001:db8:ffff::", PRIVATE },
  { "2001:db9::", PUBLIC },
  { "2001:ffff::", PUBLIC }, { "2002::", PRIVATE }, { "2002:ffff::", PRIVATE },
  { "2003::", PUBLIC },
  { "2020:deed:beef::", PUBLIC }, { "2402:1f00:8101:83f::1", PUBLIC },
  { "2620:4f:8000::", PUBLIC }, { "2620:4f:8000:ffff::", PUBLIC },
  { "3ffe:ffff::", PUBLIC }, { "3fff::", PRIVATE }, { "3fff:fff:ffff::", PRIVATE },
  { "3fff:1000::", PUBLIC }, { "3fff:ffff::", PUBLIC }, { "4000::", UNUSABLE },
  { "5eff:ffff::", UNUSABLE }, { "5f00::", PRIVATE }, { "5f00:ffff::", PRIVATE },
  { "5f01::", UNUSABLE },
  { "fbff:ffff::", UNUSABLE }, { "fc00::", PRIVATE }, { "fd12:3456:789a:1::1", PRIVATE },
  { "fdff:ffff::", PRIVATE }, { "fe00::", UNUSABLE },
  { "fe7f:ffff::", UNUSABLE }, { "fe80::", LINK_LOCAL }, { "febf:ffff::", LINK_LOCAL },
  { "fec0::", PRIVATE }, { "feff:ffff::", PRIVATE }, { "ff00::", MULTICAST },
  { "ff02::1", MULTICAST }, { "ffff:ffff::", MULTICAST },
};
/* clang-format on */

static void
test_rows (void)
{
  g_test_summary ("Every row of the registries, at its borders; more specific rows win");

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (GInetAddress) address = g_inet_address_new_from_string (rows[i].address);

      g_assert_nonnull (address);
      g_test_message ("%s", rows[i].address);
      g_assert_cmpint (_aionet_inet_address_classify (address), ==, rows[i].address_class);
      g_assert_cmpint (_aionet_inet_address_is_public (address), ==,
                       rows[i].address_class == PUBLIC);
    }
}

static gboolean
classify_network (const char *text, guint prefix_length, AionetAddressClass *address_class)
{
  g_autoptr (GInetAddress) address = g_inet_address_new_from_string (text);

  return _aionet_network_classify (_aionet_address_bits_from_address (address), prefix_length,
                                   g_inet_address_get_family (address), address_class);
}

static void
test_networks (void)
{
  AionetAddressClass found;

  g_test_summary ("A network has a class only if all of its addresses share it");

  g_assert_true (classify_network ("8.8.0.0", 16, &found));
  g_assert_cmpint (found, ==, PUBLIC);
  g_assert_true (classify_network ("10.0.0.0", 8, &found));
  g_assert_cmpint (found, ==, PRIVATE);
  g_assert_false (classify_network ("10.0.0.0", 7, &found));
  g_assert_false (classify_network ("192.0.0.0", 8, &found));
  g_assert_false (classify_network ("192.0.0.0", 24, &found));
  g_assert_false (classify_network ("0.0.0.0", 0, &found));
  g_assert_true (classify_network ("192.0.0.0", 29, &found));
  g_assert_cmpint (found, ==, PRIVATE);
  g_assert_true (classify_network ("192.0.0.8", 31, &found) == FALSE);
  g_assert_true (classify_network ("224.0.0.0", 4, &found));
  g_assert_cmpint (found, ==, MULTICAST);
  g_assert_true (classify_network ("2402:1f00::", 32, &found));
  g_assert_cmpint (found, ==, PUBLIC);
  g_assert_false (classify_network ("2000::", 3, &found));
  g_assert_false (classify_network ("2001:1::", 64, &found));
  g_assert_true (classify_network ("fe80::", 10, &found));
  g_assert_cmpint (found, ==, LINK_LOCAL);
}

static gboolean
same_network (const char *a_text, const char *b_text)
{
  g_autoptr (GInetAddress) a = g_inet_address_new_from_string (a_text);
  g_autoptr (GInetAddress) b = g_inet_address_new_from_string (b_text);

  return _aionet_inet_address_same_network (a, b);
}

static void
test_same_network (void)
{
  g_test_summary ("Consensus counts an IPv4 /24 and an IPv6 /48 as one network");

  g_assert_true (same_network ("8.8.8.1", "8.8.8.254"));
  g_assert_false (same_network ("8.8.8.255", "8.8.9.0"));
  g_assert_true (same_network ("2402:1f00:8101::1", "2402:1f00:8101:ffff::1"));
  g_assert_false (same_network ("2402:1f00:8101::1", "2402:1f00:8102::1"));
  g_assert_false (same_network ("0.0.0.1", "::1"));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/aionet/special-purpose/rows", test_rows);
  g_test_add_func ("/aionet/special-purpose/networks", test_networks);
  g_test_add_func ("/aionet/special-purpose/same-network", test_same_network);
  return g_test_run ();
}
