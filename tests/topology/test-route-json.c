/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#include "config.h"

#include "topology/aionet-route-private.h"
#include "topology/route-fixture.h"
#include "value/aionet-error.h"
#include "value/aionet-json-private.h"

#define V4(ip) "{\"ip\": \"" ip "\", \"cidr\": 32, \"af\": 2}"
#define V6(ip) "{\"ip\": \"" ip "\", \"cidr\": 128, \"af\": 10}"
#define ROUTE(af, nic, ext) "{\"af\": " af ", \"nic_ips\": [" nic "], \"ext_ips\": [" ext "]}"

static AionetRoute *
read_route (const char *text, GError **error)
{
  g_autoptr (GError) local_error = NULL;
  g_autoptr (JsonNode) node = _aionet_json_parse (text, -1, &local_error);

  g_assert_no_error (local_error);
  return _aionet_route_from_json (node, NULL, error);
}

static void
test_sample (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (AionetRoute) route =
      read_route (ROUTE ("2", V4 ("192.168.21.21"), V4 ("1.3.3.7")), &error);
  g_autofree char *text = NULL;

  g_test_summary ("J-01: the route of the guide's sample");

  g_assert_no_error (error);
  text = aionet_route_to_string (route);
  g_assert_cmpstr (text, ==, "[192.168.21.21] -> [1.3.3.7]");
  g_assert_false (aionet_route_get_confirmed (route));
}

static void
assert_round_trip (const char *text)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonNode) before = _aionet_json_parse (text, -1, &error);
  g_autoptr (AionetRoute) route = _aionet_route_from_json (before, NULL, &error);
  g_autoptr (JsonNode) after = NULL;

  g_assert_no_error (error);
  after = _aionet_route_to_json (route);
  g_assert_true (json_node_equal (before, after));
}

static void
test_round_trip (void)
{
  g_test_summary ("J-11, P-26: what was read is written again");

  assert_round_trip ("{\"af\": 2, \"nic_ips\": [" V4 ("10.0.0.1") ", " V4 (
      "10.0.0.2") "], \"ext_ips\": [" V4 ("1.3.3.7") "], \"confirmed\": true}");
  assert_round_trip ("{\"af\": 2, \"nic_ips\": [{\"ip\": \"8.8.0.0\", \"cidr\": 16, \"af\": 2}], "
                     "\"ext_ips\": [{\"ip\": \"8.8.0.0\", \"cidr\": 16, \"af\": 2}], "
                     "\"confirmed\": false}");
  assert_round_trip ("{\"af\": 10, \"nic_ips\": [" V6 ("fd00::5") ", " V6 (
      "fe80::1") "], "
                 "\"ext_ips\": [" V6 ("2402::99") "], \"confirmed\": true, "
                                                  "\"link_local_ips\": [" V6 ("fe80::1") "]}");
}

static void
test_families (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (AionetRoute) route = read_route (
      "{\"af\": 23, \"nic_ips\": [{\"ip\": \"fe80::1\", \"cidr\": 128, \"af\": 23}], "
      "\"ext_ips\": [{\"ip\": \"2402::1\", \"cidr\": 128, \"af\": 30}], \"colour\": \"red\", "
      "\"link_local_ips\": null}",
      &error);

  g_test_summary ("S11, J-08: IPv6 by the numbers of all systems; unknown members do not matter");

  g_assert_no_error (error);
  g_assert_cmpint (aionet_route_get_family (route), ==, G_SOCKET_FAMILY_IPV6);
  g_assert_cmpuint (g_list_model_get_n_items (aionet_route_get_link_locals (route)), ==, 1);
}

static void
test_errors (void)
{
  static const char *const bad[] = {
    "{}",
    "[]",
    "null",
    "3",
    ROUTE ("99", V4 ("10.0.0.1"), V4 ("1.3.3.7")),
    ROUTE ("\"2\"", V4 ("10.0.0.1"), V4 ("1.3.3.7")),
    ROUTE ("2", "", V4 ("1.3.3.7")),
    ROUTE ("2", V4 ("10.0.0.1"), ""),
    ROUTE ("2", V4 ("10.0.0.1"), V4 ("0.0.0.0")),
    ROUTE ("2", V4 ("10.0.0.1"), V6 ("2402::1")),
    ROUTE ("10", V4 ("10.0.0.1"), V4 ("1.3.3.7")),
    ROUTE ("2", "7", V4 ("1.3.3.7")),
    "{\"af\": 2, \"nic_ips\": {}, \"ext_ips\": [" V4 ("1.3.3.7") "]}",
    "{\"af\": 2, \"nic_ips\": [" V4 ("10.0.0.1") "]}",
    "{\"af\": 2, \"nic_ips\": [" V4 ("10.0.0.1") "], \"ext_ips\": [" V4 (
        "1.3.3.7") "], \"confirmed\": \"yes\"}",
    "{\"af\": 10, \"nic_ips\": [" V6 ("fe80::1") "], \"ext_ips\": [" V6 (
        "2402::1") "], \"link_local_ips\": [" V6 ("2402::5") "]}",
    "{\"af\": 10, \"nic_ips\": [" V6 ("fe80::1") "], \"ext_ips\": [" V6 (
        "2402::1") "], \"link_local_ips\": 5}",
  };

  g_test_summary ("A document that is no route is refused, whatever is wrong with it");

  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_autoptr (GError) error = NULL;

      g_test_message ("%s", bad[i]);
      g_assert_null (read_route (bad[i], &error));
      g_assert_error (error, AIONET_ERROR, AIONET_ERROR_INVALID_JSON);
    }
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/aionet/route-json/sample", test_sample);
  g_test_add_func ("/aionet/route-json/round-trip", test_round_trip);
  g_test_add_func ("/aionet/route-json/families", test_families);
  g_test_add_func ("/aionet/route-json/errors", test_errors);

  return g_test_run ();
}
