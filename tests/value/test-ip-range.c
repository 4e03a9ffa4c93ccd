/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#include "config.h"

#include <aionet.h>

#include "value/aionet-quote-private.h"

static AionetIpRange *
parse (const char *text)
{
  g_autoptr (GError) error = NULL;
  AionetIpRange *range = aionet_ip_range_new_from_string (text, &error);

  g_assert_no_error (error);
  g_assert_true (AIONET_IS_IP_RANGE (range));
  return range;
}

static AionetIpRange *
make (const char *text, guint prefix_length)
{
  g_autoptr (GInetAddress) address = g_inet_address_new_from_string (text);

  g_assert_nonnull (address);
  return aionet_ip_range_new (address, prefix_length);
}

/* expected NULL: there is no such address */
static void
assert_address_at (AionetIpRange *range, guint64 index, const char *expected)
{
  g_autoptr (GInetAddress) address = aionet_ip_range_get_address_at (range, index);
  g_autofree char *text = address != NULL ? g_inet_address_to_string (address) : NULL;

  g_assert_cmpstr (text, ==, expected);
}

/* Cases IP-01 to IP-32 and the promises S26, S27, S35. */

typedef enum
{
  PUBLIC,
  PRIVATE,
  NEITHER,
} Reach;

static const struct
{
  const char *text;
  guint64     count;
  Reach       reach;
  const char *first;
  const char *last;
} ranges[] = {
  { "192.168.0.20/32", 1, PRIVATE, "192.168.0.20", "192.168.0.20" },
  { "193.168.0.0/16", 65024, PUBLIC, "193.168.0.1", "193.168.255.254" },
  { "8.8.0.0/16", 65024, PUBLIC, "8.8.0.1", "8.8.255.254" },
  { "7.7.7.7/32", 1, PUBLIC, "7.7.7.7", "7.7.7.7" },
  { "192.168.1.0/24", 254, PRIVATE, "192.168.1.1", "192.168.1.254" },
  { "10.0.0.0/8", 16646144, PRIVATE, "10.0.0.1", "10.255.255.254" },
  { "203.0.113.16/28", 14, PRIVATE, "203.0.113.17", "203.0.113.30" },
  { "8.8.8.0/25", 126, PUBLIC, "8.8.8.1", "8.8.8.126" },
  { "8.8.8.128/25", 126, PUBLIC, "8.8.8.129", "8.8.8.254" },
  { "8.8.8.32/27", 30, PUBLIC, "8.8.8.33", "8.8.8.62" },
  { "10.0.0.0/30", 2, PRIVATE, "10.0.0.1", "10.0.0.2" },
  { "10.0.0.4/31", 2, PRIVATE, "10.0.0.4", "10.0.0.5" },
  { "10.0.0.1", 1, PRIVATE, "10.0.0.1", "10.0.0.1" },
  { "0.0.0.0", 1, NEITHER, "0.0.0.0", "0.0.0.0" },
  { "0.0.0.0/0", G_GUINT64_CONSTANT (4261412864), NEITHER, "0.0.0.1", "255.255.255.254" },
  { "100.64.0.1", 1, PRIVATE, "100.64.0.1", "100.64.0.1" },
  { "172.32.0.1", 1, PUBLIC, "172.32.0.1", "172.32.0.1" },
  { "1.3.3.7", 1, PUBLIC, "1.3.3.7", "1.3.3.7" },
  { "8.8.8.8", 1, PUBLIC, "8.8.8.8", "8.8.8.8" },
  { "127.0.0.1", 1, PRIVATE, "127.0.0.1", "127.0.0.1" },
  { "169.254.3.4", 1, PRIVATE, "169.254.3.4", "169.254.3.4" },
  { "224.0.0.1", 1, NEITHER, "224.0.0.1", "224.0.0.1" },
  { "::", 1, NEITHER, "::", "::" },
  { "ff02::1", 1, NEITHER, "ff02::1", "ff02::1" },
  { "::ffff:8.8.8.8", 1, NEITHER, "::ffff:8.8.8.8", "::ffff:8.8.8.8" },
  { "fd12:3456:789a:1::1", 1, PRIVATE, "fd12:3456:789a:1::1", "fd12:3456:789a:1::1" },
  { "fe80::ae1f:6bff:fe94:531a", 1, PRIVATE, "fe80::ae1f:6bff:fe94:531a",
    "fe80::ae1f:6bff:fe94:531a" },
  { "FE80:DEED:BEEF::/128", 1, PRIVATE, "fe80:deed:beef::", "fe80:deed:beef::" },
  { "2020:DEED:BEEF::/128", 1, PUBLIC, "2020:deed:beef::", "2020:deed:beef::" },
  { "2020:DEED:DEED::/64", G_MAXUINT64, PUBLIC, "2020:deed:deed::1",
    "2020:deed:deed:0:ffff:ffff:ffff:ffff" },
  { "2402:1f00:8101:83f::/64", G_MAXUINT64, PUBLIC, "2402:1f00:8101:83f::1",
    "2402:1f00:8101:83f:ffff:ffff:ffff:ffff" },
  { "2402:1f00:8101:83f::/65", G_MAXINT64, PUBLIC, "2402:1f00:8101:83f::1",
    "2402:1f00:8101:83f:7fff:ffff:ffff:ffff" },
  { "2402:1f00:8101:83f::/120", 255, PUBLIC, "2402:1f00:8101:83f::1", "2402:1f00:8101:83f::ff" },
  { "2402:1f00:8101:83f::/127", 1, PUBLIC, "2402:1f00:8101:83f::1", "2402:1f00:8101:83f::1" },
};

static void
test_ranges (void)
{
  g_test_summary ("Count, first and last usable address, public or private");

  for (gsize i = 0; i < G_N_ELEMENTS (ranges); i++)
    {
      g_autoptr (AionetIpRange) range = parse (ranges[i].text);

      g_test_message ("%s", ranges[i].text);
      g_assert_cmpuint (aionet_ip_range_get_n_addresses (range), ==, ranges[i].count);
      g_assert_cmpint (aionet_ip_range_is_public (range), ==, ranges[i].reach == PUBLIC);
      g_assert_cmpint (aionet_ip_range_is_private (range), ==, ranges[i].reach == PRIVATE);
      assert_address_at (range, 0, ranges[i].first);
      assert_address_at (range, ranges[i].count - 1, ranges[i].last);
      assert_address_at (range, ranges[i].count, NULL);
      assert_address_at (range, G_MAXUINT64, NULL);
    }
}

static void
test_index (void)
{
  g_autoptr (AionetIpRange) sixteen = parse ("8.8.0.0/16");
  g_autoptr (AionetIpRange) single = parse ("7.7.7.7/32");
  g_autoptr (AionetIpRange) six = parse ("2402:1f00:8101:83f::/64");

  g_test_summary ("Indices skip .0 and .255, and never wrap (cases IP-04, IP-05, IP-22)");

  assert_address_at (sixteen, 253, "8.8.0.254");
  assert_address_at (sixteen, 254, "8.8.1.1");
  assert_address_at (sixteen, 10, "8.8.0.11");
  assert_address_at (sixteen, 65023, "8.8.255.254");
  assert_address_at (sixteen, 65024, NULL);
  assert_address_at (single, 0, "7.7.7.7");
  assert_address_at (single, 15, NULL);
  assert_address_at (six, 1, "2402:1f00:8101:83f::2");
}

static void
test_model (void)
{
  g_autoptr (AionetIpRange) range = parse ("192.168.1.0/24");
  g_autoptr (AionetIpRange) huge = parse ("2402:1f00:8101::/48");
  g_autoptr (GInetAddress) first = g_list_model_get_item (G_LIST_MODEL (huge), 0);
  g_autofree char *first_text = g_inet_address_to_string (first);
  guint            n_seen = 0;

  g_test_summary ("A range is a list model of its usable addresses (cases IP-07 to IP-10)");

  g_assert_true (g_list_model_get_item_type (G_LIST_MODEL (range)) == G_TYPE_INET_ADDRESS);
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (range)), ==, 254);
  for (;; n_seen++)
    {
      g_autoptr (GInetAddress) address = g_list_model_get_item (G_LIST_MODEL (range), n_seen);
      g_autofree char *text = NULL;
      g_autofree char *expected = g_strdup_printf ("192.168.1.%u", n_seen + 1);

      if (address == NULL)
        break;
      text = g_inet_address_to_string (address);
      g_assert_cmpstr (text, ==, expected);
    }
  g_assert_cmpuint (n_seen, ==, 254);

  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (huge)), ==, G_MAXUINT);
  g_assert_null (g_list_model_get_item (G_LIST_MODEL (huge), G_MAXUINT));
  g_assert_cmpstr (first_text, ==, "2402:1f00:8101::1");
}

static void
test_os_records (void)
{
  static const struct
  {
    const char *address;
    guint       mask;
    guint       prefix_length;
    const char *text;
  } rows[] = {
    { "192.168.1.100", 24, 32, "192.168.1.100" },
    { "192.168.1.128", 25, 25, "192.168.1.128/25" },
    { "2001:db8:1:200::", 56, 56, "2001:db8:1:200::/56" },
    { "10.10.0.1", 32, 32, "10.10.0.1" },
    { "10.0.0.5", 8, 32, "10.0.0.5" },
    { "2402:1f00:8101:83f::10", 64, 128, "2402:1f00:8101:83f::10" },
    { "0.0.0.0", 0, 0, "0.0.0.0/0" },
    { "128.0.0.0", 0, 32, "128.0.0.0" },
  };

  g_test_summary ("Host bits tell a block from an address in a subnet (cases IP-53 to IP-58)");

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (AionetIpRange) range = make (rows[i].address, rows[i].mask);
      g_autofree char *text = aionet_ip_range_to_string (range);
      g_autofree char *address = g_inet_address_to_string (aionet_ip_range_get_address (range));

      g_assert_cmpstr (text, ==, rows[i].text);
      g_assert_cmpstr (address, ==, rows[i].address);
      g_assert_cmpuint (aionet_ip_range_get_prefix_length (range), ==, rows[i].prefix_length);
      g_assert_cmpuint (aionet_ip_range_get_subnet_length (range), ==, rows[i].mask);
      g_assert_cmpint (aionet_ip_range_is_single (range), ==,
                       rows[i].prefix_length == (strchr (address, ':') != NULL ? 128 : 32));
    }
}

static void
test_text (void)
{
  static const struct
  {
    const char *text;
    const char *printed;
    guint       subnet_length;
    const char *scope_name;
  } rows[] = {
    { "10.0.0.0/24", "10.0.0.0/24", 24, NULL },
    { "10.0.0.1", "10.0.0.1", 32, NULL },
    { "192.168.1.77/24", "192.168.1.77", 24, NULL },
    { "192.168.1.77/255.255.255.0", "192.168.1.77", 24, NULL },
    { "192.168.1.0/255.255.255.0", "192.168.1.0/24", 24, NULL },
    { "0.0.0.0/0.0.0.0", "0.0.0.0/0", 0, NULL },
    { "::/0", "::/0", 0, NULL },
    { "2001:DB8::/ffff:ffff::", "2001:db8::/32", 32, NULL },
    { "fe80::1%eth0", "fe80::1%eth0", 128, "eth0" },
    { "fe80::1%eth0/64", "fe80::1%eth0", 64, "eth0" },
    { "fe80::%eth0/64", "fe80::%eth0/64", 64, "eth0" },
    { "fe80::1%Intel(R) Wi-Fi 6", "fe80::1%Intel(R) Wi-Fi 6", 128, "Intel(R) Wi-Fi 6" },
    { "fe80::9acb:c90e:7bf6:a093%enp3s0/ffff:ffff:ffff:ffff::/64",
      "fe80::9acb:c90e:7bf6:a093%enp3s0", 64, "enp3s0" },
    { "::ffff:1.2.3.4", "::ffff:1.2.3.4", 128, NULL },
  };

  g_test_summary ("Text in, text out, and the text out means the same (cases IP-32, IP-34)");

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (AionetIpRange) range = parse (rows[i].text);
      g_autofree char *printed = aionet_ip_range_to_string (range);
      g_autoptr (AionetIpRange) again = parse (printed);

      g_assert_cmpstr (printed, ==, rows[i].printed);
      g_assert_cmpuint (aionet_ip_range_get_subnet_length (range), ==, rows[i].subnet_length);
      g_assert_cmpstr (aionet_ip_range_get_scope_name (range), ==, rows[i].scope_name);
      g_assert_true (aionet_ip_range_equal (range, again));
      g_assert_cmpuint (aionet_ip_range_hash (range), ==, aionet_ip_range_hash (again));
    }
}

static void
test_text_invalid (void)
{
  static const char *const rows[] = {
    "meow",
    "256.1.1.1",
    "1.2.3",
    "",
    "1.2.3.4.5",
    "0x7f.0.0.1",
    "127.1",
    "2130706433",
    "01.2.3.4",
    " 1.2.3.4",
    "1.2.3.4 ",
    "1.2.3.4\n",
    "1.2.3.4x",
    "1.2.3.4,",
    "-1.2.3.4",
    "1..2.3",
    "1.2.3.4:80",
    "1.2.3.4/",
    "1.2.3.4/33",
    "1.2.3.4/-1",
    "1.2.3.4/+8",
    "1.2.3.4/08",
    "1.2.3.4/ 8",
    "1.2.3.4/8 ",
    "1.2.3.4/8/8",
    "1.2.3.4/4294967304",
    "1.2.3.4/x",
    "10.0.0.0/255.0.255.0",
    "10.0.0.0/0.0.0.255",
    "10.0.0.0/ffff::",
    "10.0.0.0/255.0.0.0/9",
    "1.2.3.4%eth0",
    "/",
    "/8",
    "%",
    "%eth0",
    ":",
    ":::",
    "1::2::3",
    "::1/129",
    "::1/255.0.0.0",
    "::g",
    "[::1]",
    "12345::",
    "::1%",
    "::1%/64",
    "::1%a%b",
    "::1% a",
    "::1%a ",
    "::1%a\tb",
    "::1%\xff",
    "::ffff:1.2.3",
    "1:2:3:4:5:6:7",
    "1:2:3:4:5:6:7:8:9",
  };

  g_test_summary ("Everything else is refused, with the text quoted (cases IP-43, IP-44)");

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autofree char *quoted = _aionet_quote (rows[i]);
      g_autoptr (AionetIpRange) range = aionet_ip_range_new_from_string (rows[i], &error);

      g_test_message ("%s", quoted);
      g_assert_null (range);
      g_assert_error (error, AIONET_ERROR, AIONET_ERROR_INVALID_ADDRESS);
      g_assert_true (g_str_has_prefix (error->message, "“"));
    }
}

static void
test_text_too_long (void)
{
  g_autofree char *scope = g_strnfill (256, 'a');
  g_autofree char *long_scope = g_strconcat ("fe80::1%", scope, NULL);
  g_autofree char *endless = g_strnfill (1 << 20, '1');
  g_autoptr (AionetIpRange) range = NULL;

  g_test_summary ("Neither text nor message grows without bounds");

  g_assert_null (aionet_ip_range_new_from_string (long_scope, NULL));
  long_scope[strlen (long_scope) - 1] = '\0';
  range = parse (long_scope);
  g_assert_cmpuint (strlen (aionet_ip_range_get_scope_name (range)), ==, 255);
  for (guint i = 0; i < 2; i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_null (aionet_ip_range_new_from_string (endless, &error));
      g_assert_error (error, AIONET_ERROR, AIONET_ERROR_INVALID_ADDRESS);
      g_assert_cmpuint (strlen (error->message), <, 256);
    }
}

static void
test_contains (void)
{
  static const struct
  {
    const char *range;
    const char *address;
    gboolean    contained;
    gboolean    indexed;
  } rows[] = {
    { "192.168.1.0/24", "192.168.1.77", TRUE, TRUE },
    { "192.168.1.0/24", "192.168.2.0", FALSE, FALSE },
    { "192.168.1.0/24", "192.168.1.0", TRUE, FALSE },
    { "192.168.1.0/24", "192.168.1.255", TRUE, FALSE },
    { "8.8.0.0/16", "8.8.7.0", TRUE, FALSE },
    { "8.8.0.0/16", "8.8.7.255", TRUE, FALSE },
    { "8.8.0.0/16", "8.8.7.1", TRUE, TRUE },
    { "8.8.8.128/25", "8.8.8.128", TRUE, FALSE },
    { "8.8.8.0/25", "8.8.8.127", TRUE, FALSE },
    { "10.0.0.4/31", "10.0.0.4", TRUE, TRUE },
    { "192.168.1.77/24", "192.168.1.77", TRUE, TRUE },
    { "192.168.1.77/24", "192.168.1.78", FALSE, FALSE },
    { "0.0.0.0/0", "::1", FALSE, FALSE },
    { "::/0", "0.0.0.1", FALSE, FALSE },
    { "::/0", "::1", TRUE, TRUE },
    { "::/0", "2001:db8::1", TRUE, FALSE },
    { "2402:1f00:8101:83f::/64", "2402:1f00:8101:83f::", TRUE, FALSE },
    { "2402:1f00:8101:83f::/64", "2402:1f00:8101:83f::1", TRUE, TRUE },
    { "fe80::1%eth0", "fe80::1", TRUE, TRUE },
  };

  g_test_summary ("Membership is that of a network, indices are for usable addresses (IP-35)");

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (AionetIpRange) range = parse (rows[i].range);
      g_autoptr (GInetAddress) address = g_inet_address_new_from_string (rows[i].address);
      guint64 index = 999;

      g_test_message ("%s in %s", rows[i].address, rows[i].range);
      g_assert_cmpint (aionet_ip_range_contains (range, address), ==, rows[i].contained);
      g_assert_cmpint (aionet_ip_range_get_index_of (range, address, &index), ==, rows[i].indexed);
      g_assert_cmpint (aionet_ip_range_get_index_of (range, address, NULL), ==, rows[i].indexed);
      if (rows[i].indexed)
        assert_address_at (range, index, rows[i].address);
      else
        g_assert_cmpuint (index, ==, 999);
    }
}

static void
test_overlaps (void)
{
  static const struct
  {
    const char *a;
    const char *b;
    gboolean    overlap;
  } rows[] = {
    { "192.168.1.0/24", "192.169.0.0/16", FALSE },
    { "192.168.1.0/24", "192.168.0.0/16", TRUE },
    { "192.168.1.0/24", "192.168.1.77", TRUE },
    { "192.168.1.77/24", "192.168.1.78/24", FALSE },
    { "0.0.0.0/0", "::/0", FALSE },
    { "fe80::1%eth0", "fe80::1%eth1", FALSE },
    { "fe80::1%eth0", "fe80::1", TRUE },
    { "fe80::1%eth0", "fe80::%eth0/64", TRUE },
  };

  g_test_summary ("Overlapping goes both ways (case IP-37)");

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (AionetIpRange) a = parse (rows[i].a);
      g_autoptr (AionetIpRange) b = parse (rows[i].b);

      g_assert_cmpint (aionet_ip_range_overlaps (a, b), ==, rows[i].overlap);
      g_assert_cmpint (aionet_ip_range_overlaps (b, a), ==, rows[i].overlap);
      g_assert_true (aionet_ip_range_overlaps (a, a));
    }
}

static void
test_order (void)
{
  static const char *const sorted[] = { "0.0.0.0",  "0.0.0.1",      "10.0.0.0/8",   "10.0.0.0/24",
                                        "10.0.0.0", "10.0.0.1",     "192.168.0.0",  "::1",
                                        "fe80::1",  "fe80::1%eth0", "fe80::1%eth1", "ff02::1" };

  g_test_summary ("Family, address, prefix, scope, in this order; never equal across families "
                  "(case IP-38)");

  for (guint i = 0; i < G_N_ELEMENTS (sorted); i++)
    for (guint j = 0; j < G_N_ELEMENTS (sorted); j++)
      {
        g_autoptr (AionetIpRange) a = parse (sorted[i]);
        g_autoptr (AionetIpRange) b = parse (sorted[j]);
        int order = aionet_ip_range_compare (a, b);

        g_assert_cmpint ((order > 0) - (order < 0), ==, (i > j) - (i < j));
        g_assert_cmpint (aionet_ip_range_equal (a, b), ==, i == j);
      }
}

static void
test_equal (void)
{
  g_autoptr (AionetIpRange) on_link = parse ("192.168.0.20/24");
  g_autoptr (AionetIpRange) host = parse ("192.168.0.20/32");

  g_test_summary ("The on-link prefix of a single address does not count");

  g_assert_true (aionet_ip_range_equal (on_link, host));
  g_assert_cmpuint (aionet_ip_range_hash (on_link), ==, aionet_ip_range_hash (host));
}

static void
test_properties (void)
{
  g_autoptr (AionetIpRange) range = parse ("fe80::1%eth0/64");
  g_autoptr (AionetIpRange) bare = g_object_new (AIONET_TYPE_IP_RANGE, NULL);
  g_autoptr (GInetAddress) address = NULL;
  g_autofree char *scope_name = NULL;
  g_autofree char *bare_text = aionet_ip_range_to_string (bare);
  GSocketFamily    family;
  guint            prefix_length;
  guint            subnet_length;
  guint64          n_addresses;

  g_test_summary ("Properties say what the getters say; an object without constructor is valid");

  g_object_get (range, "address", &address, "family", &family, "prefix-length", &prefix_length,
                "subnet-length", &subnet_length, "scope-name", &scope_name, "n-addresses",
                &n_addresses, NULL);
  g_assert_true (address == aionet_ip_range_get_address (range));
  g_assert_cmpint (family, ==, G_SOCKET_FAMILY_IPV6);
  g_assert_cmpuint (prefix_length, ==, 128);
  g_assert_cmpuint (subnet_length, ==, 64);
  g_assert_cmpstr (scope_name, ==, "eth0");
  g_assert_cmpuint (n_addresses, ==, 1);
  g_assert_true (aionet_ip_range_is_link_local (range));
  g_assert_cmpstr (bare_text, ==, "0.0.0.0");
  g_assert_cmpint (aionet_ip_range_get_family (bare), ==, G_SOCKET_FAMILY_IPV4);
}

static void
test_preconditions (void)
{
  g_autoptr (GInetAddress) four = g_inet_address_new_from_string ("1.2.3.4");
  g_autoptr (GInetAddress) six = g_inet_address_new_from_string ("::1");
  g_autoptr (AionetIpRange) unscoped = aionet_ip_range_new_scoped (six, 128, "");

  g_test_summary ("A prefix too long for the family is the caller's mistake");

  g_assert_null (aionet_ip_range_get_scope_name (unscoped));
  g_test_expect_message ("aionet", G_LOG_LEVEL_CRITICAL, "*prefix_length*");
  g_assert_null (aionet_ip_range_new (four, 33));
  g_test_assert_expected_messages ();
  g_test_expect_message ("aionet", G_LOG_LEVEL_CRITICAL, "*prefix_length*");
  g_assert_null (aionet_ip_range_new (six, 129));
  g_test_assert_expected_messages ();
  g_test_expect_message ("aionet", G_LOG_LEVEL_CRITICAL, "*scope_name*");
  g_assert_null (aionet_ip_range_new_scoped (four, 32, "eth0"));
  g_test_assert_expected_messages ();
  g_test_expect_message ("aionet", G_LOG_LEVEL_CRITICAL, "*n_bytes*");
  g_assert_null (aionet_ip_range_new_from_bytes (g_inet_address_to_bytes (six), 6, 32, NULL));
  g_test_assert_expected_messages ();
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/aionet/ip-range/ranges", test_ranges);
  g_test_add_func ("/aionet/ip-range/index", test_index);
  g_test_add_func ("/aionet/ip-range/model", test_model);
  g_test_add_func ("/aionet/ip-range/os-records", test_os_records);
  g_test_add_func ("/aionet/ip-range/text", test_text);
  g_test_add_func ("/aionet/ip-range/text-invalid", test_text_invalid);
  g_test_add_func ("/aionet/ip-range/text-too-long", test_text_too_long);
  g_test_add_func ("/aionet/ip-range/contains", test_contains);
  g_test_add_func ("/aionet/ip-range/overlaps", test_overlaps);
  g_test_add_func ("/aionet/ip-range/order", test_order);
  g_test_add_func ("/aionet/ip-range/equal", test_equal);
  g_test_add_func ("/aionet/ip-range/properties", test_properties);
  g_test_add_func ("/aionet/ip-range/preconditions", test_preconditions);
  return g_test_run ();
}
