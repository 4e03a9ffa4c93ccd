/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#include "config.h"

#include <aionet.h>

#include "value/aionet-json-private.h"

#include <string.h>

/* The "nat" of the guide's sample document. */
#define SAMPLE_NAT                                                                                 \
  "{\"type\":5,\"nat_info\":\"restrict port\",\"delta\":{\"type\":6,\"value\":0},"                 \
  "\"delta_info\":\"random delta (local port == rand port)\"}"

static JsonNode *
parse (const char *text)
{
  g_autoptr (GError) error = NULL;
  JsonNode *node = _aionet_json_parse (text, -1, &error);

  g_assert_no_error (error);
  return node;
}

static AionetIpRange *
read_range (const char *text)
{
  g_autoptr (JsonNode) node = parse (text);
  g_autoptr (GError) error = NULL;
  AionetIpRange *range = _aionet_ip_range_from_json (node, &error);

  g_assert_no_error (error);
  g_assert_nonnull (range);
  return range;
}

static AionetNat *
read_nat (const char *text)
{
  g_autoptr (JsonNode) node = parse (text);
  g_autoptr (GError) error = NULL;
  AionetNat *nat = _aionet_nat_from_json (node, &error);

  g_assert_no_error (error);
  g_assert_nonnull (nat);
  return nat;
}

static char *
write_nat (AionetNat *nat)
{
  g_autoptr (JsonNode) node = _aionet_nat_to_json (nat);

  return _aionet_json_to_string (node, FALSE);
}

static void
test_range (void)
{
  static const struct
  {
    const char *json;
    const char *text;
    guint       subnet_length;
  } rows[] = {
    { "{\"ip\":\"192.168.21.21\",\"cidr\":32,\"af\":2}", "192.168.21.21", 32 },
    { "{\"ip\":\"8.8.0.0\",\"cidr\":16,\"af\":2}", "8.8.0.0/16", 16 },
    { "{\"ip\":\"192.168.1.77\",\"cidr\":24,\"af\":2}", "192.168.1.77", 24 },
    { "{\"ip\":\"1.2.3.4\"}", "1.2.3.4", 32 },
    { "{\"ip\":\"1.2.3.4\",\"cidr\":null,\"af\":null}", "1.2.3.4", 32 },
    { "{\"ip\":\"1.2.3.4\",\"more\":[1,2]}", "1.2.3.4", 32 },
    { "{\"ip\":\"2020:DEED:DEED::0000\",\"cidr\":64,\"af\":10}", "2020:deed:deed::/64", 64 },
    { "{\"ip\":\"::1\",\"cidr\":128,\"af\":23}", "::1", 128 },
    { "{\"ip\":\"::1\",\"cidr\":128,\"af\":24}", "::1", 128 },
    { "{\"ip\":\"::1\",\"cidr\":128,\"af\":28}", "::1", 128 },
    { "{\"ip\":\"::1\",\"cidr\":128,\"af\":30}", "::1", 128 },
    { "{\"ip\":\"fe80::1\",\"cidr\":128,\"af\":10,\"scope\":\"eth0\"}", "fe80::1%eth0", 128 },
    { "{\"ip\":\"fe80::1%eth0\",\"cidr\":64,\"af\":10}", "fe80::1%eth0", 64 },
    { "{\"ip\":\"fe80::1%eth0\",\"scope\":\"eth0\"}", "fe80::1%eth0", 128 },
    { "{\"ip\":\"fe80::1\",\"scope\":null}", "fe80::1", 128 },
  };

  g_test_summary ("Ranges in JSON mean what they mean as text (cases J-04, J-08)");

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (AionetIpRange) range = read_range (rows[i].json);
      g_autofree char *text = aionet_ip_range_to_string (range);

      g_assert_cmpstr (text, ==, rows[i].text);
      g_assert_cmpuint (aionet_ip_range_get_subnet_length (range), ==, rows[i].subnet_length);
    }
}

static void
test_range_invalid (void)
{
  static const struct
  {
    const char *json;
    const char *member;
  } rows[] = {
    { "[]", "not an object" },
    { "1", "not an object" },
    { "\"1.2.3.4\"", "not an object" },
    { "{}", "“ip”" },
    { "{\"ip\":null}", "“ip”" },
    { "{\"ip\":1}", "“ip”" },
    { "{\"ip\":[\"1.2.3.4\"]}", "“ip”" },
    { "{\"ip\":\"\"}", "“ip”" },
    { "{\"ip\":\"meow\"}", "“ip”" },
    { "{\"ip\":\"1.2.3.4/32\"}", "“ip”" },
    { "{\"ip\":\"1.2.3.4%eth0\"}", "“ip”" },
    { "{\"ip\":\"fe80::1%\"}", "“ip”" },
    { "{\"ip\":\"1.2.3.4\",\"cidr\":33}", "“cidr”" },
    { "{\"ip\":\"1.2.3.4\",\"cidr\":-1}", "“cidr”" },
    { "{\"ip\":\"1.2.3.4\",\"cidr\":\"32\"}", "“cidr”" },
    { "{\"ip\":\"1.2.3.4\",\"cidr\":24.0}", "“cidr”" },
    { "{\"ip\":\"1.2.3.4\",\"cidr\":4294967328}", "“cidr”" },
    { "{\"ip\":\"::1\",\"cidr\":129}", "“cidr”" },
    { "{\"ip\":\"1.2.3.4\",\"af\":10}", "“af”" },
    { "{\"ip\":\"::1\",\"af\":2}", "“af”" },
    { "{\"ip\":\"::1\",\"af\":99}", "“af”" },
    { "{\"ip\":\"::1\",\"af\":\"10\"}", "“af”" },
    { "{\"ip\":\"1.2.3.4\",\"scope\":\"eth0\"}", "“scope”" },
    { "{\"ip\":\"fe80::1\",\"scope\":\"\"}", "“scope”" },
    { "{\"ip\":\"fe80::1\",\"scope\":\"a/b\"}", "“scope”" },
    { "{\"ip\":\"fe80::1\",\"scope\":1}", "“scope”" },
    { "{\"ip\":\"fe80::1%eth0\",\"scope\":\"eth1\"}", "“scope”" },
  };

  g_test_summary ("Ranges that are none are refused by member");

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (JsonNode) node = parse (rows[i].json);
      g_autoptr (GError) error = NULL;

      g_test_message ("%s", rows[i].json);
      g_assert_null (_aionet_ip_range_from_json (node, &error));
      g_assert_error (error, AIONET_ERROR, AIONET_ERROR_INVALID_JSON);
      g_assert_nonnull (strstr (error->message, rows[i].member));
    }
}

static void
test_range_written (void)
{
  static const struct
  {
    const char *text;
    const char *json;
  } rows[] = {
    { "192.168.21.21", "{\"ip\":\"192.168.21.21\",\"cidr\":32,\"af\":2}" },
    { "192.168.21.21/24", "{\"ip\":\"192.168.21.21\",\"cidr\":32,\"af\":2}" },
    { "8.8.0.0/16", "{\"ip\":\"8.8.0.0\",\"cidr\":16,\"af\":2}" },
  };
  g_autoptr (AionetIpRange) scoped = aionet_ip_range_new_from_string ("fe80::1%eth0/64", NULL);
  g_autoptr (JsonNode) node = _aionet_ip_range_to_json (scoped);
  g_autofree char *expected = g_strdup_printf (
      "{\"ip\":\"fe80::1\",\"cidr\":128,\"af\":%d,\"scope\":\"eth0\"}", G_SOCKET_FAMILY_IPV6);
  g_autofree char *json = _aionet_json_to_string (node, FALSE);

  g_test_summary ("Members as in the guide, in its order; the platform's own AF numbers");

  g_assert_cmpstr (json, ==, expected);
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (AionetIpRange) range = aionet_ip_range_new_from_string (rows[i].text, NULL);
      g_autoptr (JsonNode) row_node = _aionet_ip_range_to_json (range);
      g_autofree char *row_json = _aionet_json_to_string (row_node, FALSE);

      g_assert_cmpstr (row_json, ==, rows[i].json);
    }
}

static void
test_range_random (void)
{
  g_test_summary ("Random ranges survive the round trip through JSON text");

  for (guint i = 0; i < 5000; i++)
    {
      gboolean is_ipv4 = g_test_rand_bit ();
      guint    prefix_length = g_test_rand_int_range (0, is_ipv4 ? 33 : 129);
      guint8   bytes[16];
      g_autoptr (GInetAddress) address = NULL;
      g_autoptr (AionetIpRange) range = NULL;
      g_autoptr (AionetIpRange) again = NULL;
      g_autoptr (JsonNode) node = NULL;
      g_autofree char *json = NULL;

      for (guint byte = 0; byte < sizeof bytes; byte++)
        bytes[byte] = byte < prefix_length / 8 ? g_test_rand_int_range (0, 256) : 0;
      if (g_test_rand_bit ())
        bytes[is_ipv4 ? 3 : 15] = g_test_rand_int_range (0, 256);
      address = g_inet_address_new_from_bytes (bytes, is_ipv4 ? G_SOCKET_FAMILY_IPV4
                                                              : G_SOCKET_FAMILY_IPV6);
      range = aionet_ip_range_new_scoped (address, prefix_length, is_ipv4 ? NULL : "büro 1");
      node = _aionet_ip_range_to_json (range);
      json = _aionet_json_to_string (node, g_test_rand_bit ());
      again = read_range (json);
      g_assert_true (aionet_ip_range_equal (range, again));
    }
}

static void
test_ranges (void)
{
  g_autoptr (JsonNode) node = parse (
      "[{\"ip\":\"192.168.0.20\",\"cidr\":32,\"af\":2},{\"ip\":\"8.8.0.0\",\"cidr\":16,\"af\":2}]");
  g_autoptr (JsonNode) broken = parse ("[{\"ip\":\"1.2.3.4\"},{\"ip\":\"meow\"}]");
  g_autoptr (JsonNode) object = parse ("{}");
  g_autoptr (GListStore) store = g_list_store_new (AIONET_TYPE_IP_RANGE);
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) ranges = _aionet_ip_ranges_from_json (node, &error);
  g_autoptr (JsonNode) again = NULL;

  g_test_summary ("Arrays of ranges; one broken element breaks the array, and is named");

  g_assert_no_error (error);
  g_assert_cmpuint (ranges->len, ==, 2);
  for (guint i = 0; i < ranges->len; i++)
    g_list_store_append (store, ranges->pdata[i]);
  again = _aionet_ip_ranges_to_json (G_LIST_MODEL (store));
  g_assert_true (json_node_equal (node, again));

  g_assert_null (_aionet_ip_ranges_from_json (broken, &error));
  g_assert_error (error, AIONET_ERROR, AIONET_ERROR_INVALID_JSON);
  g_assert_nonnull (strstr (error->message, "Range 1: "));
  g_clear_error (&error);
  g_assert_null (_aionet_ip_ranges_from_json (object, &error));
  g_assert_error (error, AIONET_ERROR, AIONET_ERROR_INVALID_JSON);
}

static void
test_nat_sample (void)
{
  g_autoptr (AionetNat) nat = read_nat (SAMPLE_NAT);
  g_autoptr (AionetNat) untested = aionet_nat_new_untested ();
  g_autofree char *json = write_nat (nat);
  g_autofree char *start = g_strndup (SAMPLE_NAT, strlen (SAMPLE_NAT) - 1);

  g_test_summary ("The guide's sample loads and is written again, key by key (J-01, J-02)");

  g_assert_true (aionet_nat_equal (nat, untested));
  g_assert_true (g_str_has_prefix (json, start));
  g_assert_cmpstr (json + strlen (start), ==, ",\"tested\":false}");
}

static void
test_nat_untested (void)
{
  static const char *const rows[] = { "null",
                                      "{}",
                                      "{\"type\":null,\"delta\":null}",
                                      "{\"type\":5}",
                                      "{\"delta\":{}}",
                                      "{\"tested\":false,\"confidence\":0}" };
  g_autoptr (AionetNat) untested = aionet_nat_new_untested ();
  g_autoptr (AionetNat) absent = _aionet_nat_from_json (NULL, NULL);

  g_test_summary ("No NAT is an untested one (case J-07)");

  g_assert_true (aionet_nat_equal (absent, untested));
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (AionetNat) nat = read_nat (rows[i]);

      g_assert_true (aionet_nat_equal (nat, untested));
    }
}

static void
test_nat_numbers_win (void)
{
  g_autoptr (AionetNat) nat =
      read_nat ("{\"type\":6,\"nat_info\":\"full "
                "cone\",\"delta\":{\"type\":4,\"value\":-1},\"delta_info\":7}");

  g_test_summary ("Labels are for people (case J-10); other numbers than assumed are a verdict");

  g_assert_cmpint (aionet_nat_get_nat_type (nat), ==, AIONET_NAT_TYPE_SYMMETRIC);
  g_assert_cmpstr (aionet_nat_get_info (nat), ==, "symmetric");
  g_assert_cmpint (aionet_nat_get_delta_type (nat), ==, AIONET_DELTA_TYPE_INDEPENDENT);
  g_assert_cmpint (aionet_nat_get_delta_value (nat), ==, -1);
  g_assert_true (aionet_nat_get_tested (nat));
  g_assert_cmpfloat (aionet_nat_get_confidence (nat), ==, 1);
}

static void
test_nat_invalid (void)
{
  static const struct
  {
    const char *json;
    const char *member;
  } rows[] = {
    { "[]", "not an object" },
    { "5", "not an object" },
    { "{\"type\":0}", "“type”" },
    { "{\"type\":8}", "“type”" },
    { "{\"type\":\"5\"}", "“type”" },
    { "{\"delta\":6}", "“delta”" },
    { "{\"delta\":{\"type\":7}}", "“delta”" },
    { "{\"delta\":{\"type\":0}}", "“type”" },
    { "{\"delta\":{\"value\":65536}}", "“value”" },
    { "{\"delta\":{\"value\":-65536}}", "“value”" },
    { "{\"tested\":1}", "“tested”" },
    { "{\"mapping\":\"magic\"}", "“mapping”" },
    { "{\"mapping\":1}", "“mapping”" },
    { "{\"filtering\":\"\"}", "“filtering”" },
    { "{\"hairpinning\":\"maybe\"}", "“hairpinning”" },
    { "{\"confidence\":1.5}", "“confidence”" },
    { "{\"confidence\":-0.5}", "“confidence”" },
    { "{\"protocol\":\"smoke\"}", "“protocol”" },
    { "{\"protocol\":17}", "“protocol”" },
    { "{\"reasons\":\"because\"}", "“reasons”" },
    { "{\"reasons\":[\"because\",1]}", "“reasons”" },
    { "{\"reasons\":[null]}", "“reasons”" },
  };

  g_test_summary ("NATs that are none are refused by member");

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (JsonNode) node = parse (rows[i].json);
      g_autoptr (GError) error = NULL;

      g_test_message ("%s", rows[i].json);
      g_assert_null (_aionet_nat_from_json (node, &error));
      g_assert_error (error, AIONET_ERROR, AIONET_ERROR_INVALID_JSON);
      g_assert_nonnull (strstr (error->message, rows[i].member));
    }
}

static void
test_nat_written (void)
{
  g_autoptr (AionetNat) nat =
      aionet_nat_new (AIONET_NAT_TYPE_FULL_CONE, AIONET_DELTA_TYPE_EQUAL, 0);
  g_autofree char *json = write_nat (nat);

  g_test_summary ("A tested NAT says more, behind the guide's members");

  g_assert_cmpstr (json, ==,
                   "{\"type\":3,\"nat_info\":\"full cone\",\"delta\":{\"type\":2,\"value\":0},"
                   "\"delta_info\":\"equal delta (local port == mapped port)\",\"tested\":true,"
                   "\"mapping\":\"unknown\",\"filtering\":\"unknown\",\"hairpinning\":\"unknown\","
                   "\"confidence\":1.0}");
}

static void
test_nat_evidence (void)
{
  static const char *const sentences[] = { "“Seen”\n", "", NULL };
  g_autoptr (AionetNat) nat =
      g_object_new (AIONET_TYPE_NAT, "protocol", G_SOCKET_PROTOCOL_TCP, "reasons", sentences, NULL);
  g_autofree char *json = write_nat (nat);
  g_autoptr (AionetNat) again = read_nat (json);

  g_test_summary ("Protocol and reasons stand behind the rest, and survive");

  g_assert_true (g_str_has_suffix (
      json, ",\"tested\":false,\"protocol\":\"tcp\",\"reasons\":[\"“Seen”\\n\",\"\"]}"));
  g_assert_true (aionet_nat_equal (nat, again));
}

static void
test_nat_random (void)
{
  g_test_summary ("Random NATs survive the round trip through JSON text to the last bit");

  for (guint i = 0; i < 2000; i++)
    {
      double          exponent = g_test_rand_int_range (0, 40);
      double          confidence = g_test_rand_double ();
      GSocketProtocol protocol = g_test_rand_bit () ? G_SOCKET_PROTOCOL_UDP : G_SOCKET_PROTOCOL_TCP;
      g_autoptr (AionetNat) nat = NULL;
      g_autoptr (AionetNat) again = NULL;
      g_autofree char *json = NULL;

      /* Powers of ten too, which json-glib alone would write wrongly. */
      for (double step = 0; step < exponent; step++)
        confidence = g_test_rand_bit () ? confidence / 10 : 1 / (1 + step * 1e9);
      nat = g_object_new (AIONET_TYPE_NAT, "type", g_test_rand_int_range (1, 8), "delta-type",
                          g_test_rand_int_range (1, 7), "delta-value",
                          g_test_rand_int_range (-65535, 65536), "mapping",
                          g_test_rand_int_range (0, 4), "filtering", g_test_rand_int_range (0, 4),
                          "hairpinning", g_test_rand_int_range (0, 3), "confidence", confidence,
                          "tested", g_test_rand_bit (), "protocol", protocol, NULL);
      json = write_nat (nat);
      again = read_nat (json);
      g_assert_true (aionet_nat_equal (nat, again));
    }
}

static void
test_nat_small_confidence (void)
{
  g_autoptr (AionetNat) nat = g_object_new (AIONET_TYPE_NAT, "confidence", 1e-10, NULL);
  g_autofree char *json = write_nat (nat);
  g_autoptr (AionetNat) again = read_nat (json);

  g_test_summary ("json-glib writes 1e-10 as 1e-10.0; here it comes back");

  g_assert_nonnull (strstr (json, "1e-10}"));
  g_assert_true (aionet_nat_equal (nat, again));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/aionet/json-values/range", test_range);
  g_test_add_func ("/aionet/json-values/range-invalid", test_range_invalid);
  g_test_add_func ("/aionet/json-values/range-written", test_range_written);
  g_test_add_func ("/aionet/json-values/range-random", test_range_random);
  g_test_add_func ("/aionet/json-values/ranges", test_ranges);
  g_test_add_func ("/aionet/json-values/nat-sample", test_nat_sample);
  g_test_add_func ("/aionet/json-values/nat-untested", test_nat_untested);
  g_test_add_func ("/aionet/json-values/nat-numbers-win", test_nat_numbers_win);
  g_test_add_func ("/aionet/json-values/nat-invalid", test_nat_invalid);
  g_test_add_func ("/aionet/json-values/nat-written", test_nat_written);
  g_test_add_func ("/aionet/json-values/nat-evidence", test_nat_evidence);
  g_test_add_func ("/aionet/json-values/nat-random", test_nat_random);
  g_test_add_func ("/aionet/json-values/nat-small-confidence", test_nat_small_confidence);
  return g_test_run ();
}
