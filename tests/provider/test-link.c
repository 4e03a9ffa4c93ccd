/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#include "config.h"

#include <gio/gio.h>

#include "provider/aionet-link-private.h"

static void
add (AionetLink *link, const char *text, AionetAddressFlags flags)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (AionetIpRange) range = aionet_ip_range_new_from_string (text, &error);

  g_assert_no_error (error);
  aionet_link_add_address (link, range, flags);
}

static void
add_block (AionetLink *link, const char *text)
{
  g_autoptr (AionetIpRange) range = aionet_ip_range_new_from_string (text, NULL);

  aionet_link_add_block (link, range);
}

static void
add_gateway (AionetLink *link, const char *address)
{
  g_autoptr (GInetAddress) router = g_inet_address_new_from_string (address);
  g_autoptr (AionetGateway) gateway =
      aionet_gateway_new (g_inet_address_get_family (router), router, 100, 254, NULL);

  aionet_link_add_gateway (link, gateway);
}

static AionetLink *
make_full (void)
{
  AionetLink *link = aionet_link_new ("eth0", 2);

  g_object_set (link, "hardware-address", "02:00:00:00:00:01", "mtu", 1500, "kind",
                AIONET_LINK_KIND_ETHERNET, "is-up", TRUE, NULL);
  add (link, "192.168.0.20/24", AIONET_ADDRESS_FLAGS_NONE);
  add (link, "2001:db8::1/64", AIONET_ADDRESS_FLAGS_TEMPORARY);
  add_block (link, "8.8.0.0/16");
  add_gateway (link, "192.168.0.1");
  return link;
}

static void
assert_range (GListModel *list, guint position, const char *expected)
{
  g_autoptr (AionetIpRange) range = g_list_model_get_item (list, position);
  g_autoptr (AionetIpRange) other = aionet_ip_range_new_from_string (expected, NULL);

  g_assert_true (aionet_ip_range_equal (range, other));
}

static void
test_facts (void)
{
  g_autoptr (AionetLink) empty = aionet_link_new ("wlan0", 7);
  g_autoptr (AionetLink) link = make_full ();

  g_test_summary ("A link tells what was put into it, in order");

  g_assert_cmpstr (aionet_link_get_name (empty), ==, "wlan0");
  g_assert_cmpuint (aionet_link_get_index (empty), ==, 7);
  g_assert_null (aionet_link_get_hardware_address (empty));
  g_assert_cmpuint (aionet_link_get_mtu (empty), ==, 0);
  g_assert_false (aionet_link_get_is_up (empty));
  g_assert_cmpuint (g_list_model_get_n_items (aionet_link_get_addresses (empty)), ==, 0);

  g_assert_cmpstr (aionet_link_get_hardware_address (link), ==, "02:00:00:00:00:01");
  g_assert_cmpuint (aionet_link_get_mtu (link), ==, 1500);
  g_assert_cmpint (aionet_link_get_kind (link), ==, AIONET_LINK_KIND_ETHERNET);
  g_assert_true (aionet_link_get_is_up (link));
  assert_range (aionet_link_get_addresses (link), 1, "2001:db8::1/64");
  assert_range (aionet_link_get_blocks (link), 0, "8.8.0.0/16");
  g_assert_cmpuint (g_list_model_get_n_items (aionet_link_get_gateways (link)), ==, 1);
  g_assert_cmpint (aionet_link_get_address_flags (link, 0), ==, AIONET_ADDRESS_FLAGS_NONE);
  g_assert_cmpint (aionet_link_get_address_flags (link, 1), ==, AIONET_ADDRESS_FLAGS_TEMPORARY);
  g_assert_cmpint (aionet_link_get_address_flags (link, 2), ==, AIONET_ADDRESS_FLAGS_NONE);
}

static void
test_duplicates (void)
{
  g_autoptr (AionetLink) link = make_full ();

  g_test_summary ("What a link has already keeps its place; flags are joined");

  add (link, "2001:db8::1/64", AIONET_ADDRESS_FLAGS_DEPRECATED);
  add (link, "192.168.0.20/24", AIONET_ADDRESS_FLAGS_NONE);
  add_block (link, "8.8.0.0/16");
  add_gateway (link, "192.168.0.1");
  g_assert_cmpuint (g_list_model_get_n_items (aionet_link_get_addresses (link)), ==, 2);
  g_assert_cmpuint (g_list_model_get_n_items (aionet_link_get_blocks (link)), ==, 1);
  g_assert_cmpuint (g_list_model_get_n_items (aionet_link_get_gateways (link)), ==, 1);
  g_assert_cmpint (aionet_link_get_address_flags (link, 1), ==,
                   AIONET_ADDRESS_FLAGS_TEMPORARY | AIONET_ADDRESS_FLAGS_DEPRECATED);

  add (link, "192.168.0.20/25", AIONET_ADDRESS_FLAGS_NONE);
  g_assert_cmpuint (g_list_model_get_n_items (aionet_link_get_addresses (link)), ==, 3);
}

static void
test_hardware_address (void)
{
  static const struct
  {
    const char *text;
    const char *normal;
  } cases[] = {
    { "AA:BB:CC:dd:e:f", "aa:bb:cc:dd:0e:0f" },
    { "aa-bb-cc-dd-ee-ff", "aa:bb:cc:dd:ee:ff" },
    { "aabb.ccdd.eeff", "aa:bb:cc:dd:ee:ff" },
    { "aabbccddeeff", "aa:bb:cc:dd:ee:ff" },
    { "80:00:02:08:fe:80:00:00:00:00:00:00:00:02:c9:03:00:01:02:03",
      "80:00:02:08:fe:80:00:00:00:00:00:00:00:02:c9:03:00:01:02:03" },
    { NULL, NULL },
    { "", NULL },
    { ":", NULL },
    { "aa:", NULL },
    { "aa::bb", NULL },
    { "meow", NULL },
    { "aa:bb:cc:dd:ee:fg", NULL },
    { "000000000000000000000000000000000000000000000000000000000000000000", NULL },
  };

  g_test_summary ("Hardware addresses of every spelling become one; others are none (IP-59)");

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (AionetLink) link = aionet_link_new ("eth0", 1);

      g_object_set (link, "hardware-address", "00:00:00:00:00:00", NULL);
      g_object_set (link, "hardware-address", cases[i].text, NULL);
      g_assert_cmpstr (aionet_link_get_hardware_address (link), ==, cases[i].normal);
    }
}

static void
on_notify (GObject *object, GParamSpec *pspec, gpointer user_data)
{
  g_string_append_printf (user_data, "%s ", pspec->name);
}

static void
test_notify (void)
{
  g_autoptr (AionetLink) link = aionet_link_new ("eth0", 1);
  g_autoptr (GString) seen = g_string_new (NULL);

  g_test_summary ("Properties notify when they change, and only then");

  g_signal_connect (link, "notify", G_CALLBACK (on_notify), seen);
  for (guint i = 0; i < 2; i++)
    {
      g_object_set (link, "mtu", 1500, NULL);
      g_object_set (link, "is-up", TRUE, NULL);
      g_object_set (link, "kind", AIONET_LINK_KIND_TUNNEL, NULL);
    }
  g_object_set (link, "hardware-address", "aabbccddeeff", NULL);
  g_object_set (link, "hardware-address", "AA:BB:CC:DD:EE:FF", NULL);
  g_assert_cmpstr (seen->str, ==, "mtu is-up kind hardware-address ");
}

static void
test_sealed (void)
{
  g_autoptr (AionetLink) link = make_full ();
  g_autoptr (AionetLink) same = make_full ();

  g_test_summary ("A link that was handed in cannot be changed any more");

  _aionet_link_seal (link);
  for (guint i = 0; i < 4; i++)
    g_test_expect_message ("aionet", G_LOG_LEVEL_CRITICAL, "*“eth0” was handed in*");
  g_object_set (link, "mtu", 9000, NULL);
  add (link, "10.0.0.1/8", AIONET_ADDRESS_FLAGS_NONE);
  add_block (link, "9.9.0.0/16");
  add_gateway (link, "10.0.0.2");
  g_test_assert_expected_messages ();
  g_assert_true (aionet_link_equal (link, same));
}

static void
on_items_changed (
    GListModel *list, guint position, guint n_removed, guint n_added, gpointer user_data)
{
  g_string_append_printf (user_data, "%u-%u+%u ", position, n_removed, n_added);
}

static void
test_setters (void)
{
  g_autoptr (AionetLink) link = aionet_link_new ("eth0", 1);
  g_autoptr (GString) seen = g_string_new (NULL);

  g_test_summary ("Setters do what the properties do");

  g_signal_connect (link, "notify", G_CALLBACK (on_notify), seen);
  for (guint i = 0; i < 2; i++)
    {
      aionet_link_set_mtu (link, 1400);
      aionet_link_set_is_up (link, TRUE);
      aionet_link_set_kind (link, AIONET_LINK_KIND_BRIDGE);
      aionet_link_set_hardware_address (link, "AABB.CCDD.EEFF");
    }
  g_assert_cmpstr (seen->str, ==, "mtu is-up kind hardware-address ");
  g_assert_cmpuint (aionet_link_get_mtu (link), ==, 1400);
  g_assert_true (aionet_link_get_is_up (link));
  g_assert_cmpint (aionet_link_get_kind (link), ==, AIONET_LINK_KIND_BRIDGE);
  g_assert_cmpstr (aionet_link_get_hardware_address (link), ==, "aa:bb:cc:dd:ee:ff");
  aionet_link_set_hardware_address (link, NULL);
  g_assert_null (aionet_link_get_hardware_address (link));
}

static void
test_live_lists (void)
{
  g_autoptr (AionetLink) link = aionet_link_new ("eth0", 1);
  GListModel *addresses = aionet_link_get_addresses (link);
  g_autoptr (GString) seen = g_string_new (NULL);

  g_test_summary ("Lists show what is added later, and nobody else can add to them");

  g_signal_connect (addresses, "items-changed", G_CALLBACK (on_items_changed), seen);
  add (link, "10.0.0.1/8", AIONET_ADDRESS_FLAGS_NONE);
  add (link, "10.0.0.2/8", AIONET_ADDRESS_FLAGS_NONE);
  add (link, "10.0.0.1/8", AIONET_ADDRESS_FLAGS_TENTATIVE);
  g_assert_cmpstr (seen->str, ==, "0-0+1 1-0+1 ");
  g_assert_true (aionet_link_get_addresses (link) == addresses);
  g_assert_cmpuint (g_list_model_get_n_items (addresses), ==, 2);
  g_assert_true (g_list_model_get_item_type (addresses) == AIONET_TYPE_IP_RANGE);
  g_assert_true (g_list_model_get_item_type (aionet_link_get_gateways (link)) ==
                 AIONET_TYPE_GATEWAY);
  g_assert_false (G_IS_LIST_STORE (addresses));
}

/* Round 0 adds, round 1 finds all of it there already; odd ones have a prefix of their own. */
static void
test_many (void)
{
  g_autoptr (AionetLink) link = aionet_link_new ("eth0", 1);
  const guint n = 3000;

  g_test_summary ("Of thousands of addresses, blocks and gateways, duplicates are found too");

  for (guint i = 0; i < 2 * n; i++)
    {
      const guint      number = i % n;
      g_autofree char *address = g_strdup_printf ("10.%u.%u.7/%u", number >> 9, number >> 1 & 255,
                                                  number % 2 == 0 ? 24 : 25);
      g_autofree char *block = g_strdup_printf ("11.%u.%u.0/24", number >> 8, number & 255);
      g_autofree char *router = g_strdup_printf ("12.0.%u.%u", number >> 8, number & 255);

      add (link, address, i < n ? AIONET_ADDRESS_FLAGS_TEMPORARY : AIONET_ADDRESS_FLAGS_DEPRECATED);
      add_block (link, block);
      add_gateway (link, router);
    }
  g_assert_cmpuint (g_list_model_get_n_items (aionet_link_get_addresses (link)), ==, n);
  g_assert_cmpuint (g_list_model_get_n_items (aionet_link_get_blocks (link)), ==, n);
  g_assert_cmpuint (g_list_model_get_n_items (aionet_link_get_gateways (link)), ==, n);
  for (guint i = 0; i < n; i++)
    g_assert_cmpint (aionet_link_get_address_flags (link, i), ==,
                     AIONET_ADDRESS_FLAGS_TEMPORARY | AIONET_ADDRESS_FLAGS_DEPRECATED);
}

static void
test_equal (void)
{
  g_test_summary ("Links are equal if all they have is, order included");

  for (guint i = 0; i <= 8; i++)
    {
      g_autoptr (AionetLink) link = make_full ();
      g_autoptr (AionetLink) other = i == 1 ? aionet_link_new ("eth0", 3) : make_full ();

      if (i == 2)
        g_object_set (other, "mtu", 1400, NULL);
      if (i == 3)
        g_object_set (other, "hardware-address", "02:00:00:00:00:02", NULL);
      if (i == 4)
        g_object_set (other, "is-up", FALSE, NULL);
      if (i == 5)
        add (other, "2001:db8::1/64", AIONET_ADDRESS_FLAGS_TENTATIVE);
      if (i == 6)
        add (other, "10.0.0.1/8", AIONET_ADDRESS_FLAGS_NONE);
      if (i == 7)
        add_block (other, "9.9.0.0/16");
      if (i == 8)
        add_gateway (other, "192.168.0.2");
      g_assert_cmpint (aionet_link_equal (link, other), ==, i == 0);
      g_assert_cmpint (aionet_link_equal (other, link), ==, i == 0);
    }
}

static void
test_equal_order (void)
{
  g_autoptr (AionetLink) first = aionet_link_new ("eth0", 1);
  g_autoptr (AionetLink) second = aionet_link_new ("eth0", 1);

  g_test_summary ("The order of addresses counts");

  add (first, "10.0.0.1/8", AIONET_ADDRESS_FLAGS_NONE);
  add (first, "10.0.0.2/8", AIONET_ADDRESS_FLAGS_NONE);
  add (second, "10.0.0.2/8", AIONET_ADDRESS_FLAGS_NONE);
  add (second, "10.0.0.1/8", AIONET_ADDRESS_FLAGS_NONE);
  g_assert_false (aionet_link_equal (first, second));
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/aionet/link/facts", test_facts);
  g_test_add_func ("/aionet/link/duplicates", test_duplicates);
  g_test_add_func ("/aionet/link/hardware-address", test_hardware_address);
  g_test_add_func ("/aionet/link/notify", test_notify);
  g_test_add_func ("/aionet/link/setters", test_setters);
  g_test_add_func ("/aionet/link/live-lists", test_live_lists);
  g_test_add_func ("/aionet/link/many", test_many);
  g_test_add_func ("/aionet/link/sealed", test_sealed);
  g_test_add_func ("/aionet/link/equal", test_equal);
  g_test_add_func ("/aionet/link/equal-order", test_equal_order);
  return g_test_run ();
}
