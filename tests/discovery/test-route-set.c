/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#include "config.h"

#include "discovery/aionet-route-set-private.h"

#include "discovery/discovery-fixture.h"

/* map: "SOURCE=EXTERNAL …"; "SOURCE~EXTERNAL": not confirmed. A source without a row is silent. */
static GPtrArray *
results_from_map (const AionetProbePlan *plan, const char *map)
{
  GPtrArray *results = g_ptr_array_new_with_free_func ((GDestroyNotify) _aionet_probe_result_free);
  g_auto (GStrv) rows = g_strsplit (map, " ", -1);

  for (guint i = 0; i < plan->probes->len; i++)
    {
      const AionetProbe *probe = g_ptr_array_index (plan->probes, i);
      g_autofree char   *source = g_inet_address_to_string (probe->source);
      AionetProbeResult *result = NULL;

      for (guint j = 0; rows[j] != NULL; j++)
        {
          gsize length = strlen (source);

          if (g_str_has_prefix (rows[j], source) && strchr ("=~", rows[j][length]) != NULL &&
              result == NULL)
            result = result_new (rows[j] + length + 1, rows[j][length] == '=', NULL);
        }
      g_ptr_array_add (results, result != NULL ? result : result_new (NULL, FALSE, "silence"));
    }
  return results;
}

static AionetRouteSet *
build (const char *addresses, const char *blocks, GSocketFamily family, const char *map)
{
  g_autoptr (AionetLink) link = link_from_text (addresses, blocks);
  g_autoptr (AionetProbePlan) plan = _aionet_probe_plan_new (link, family);
  g_autoptr (GPtrArray) results = results_from_map (plan, map);

  return _aionet_route_set_build (plan, results);
}

static void
assert_routes (const char *addresses, const char *blocks, const char *map, const char *expected)
{
  g_autoptr (AionetRouteSet) set = build (addresses, blocks, G_SOCKET_FAMILY_IPV4, map);
  g_autofree char *text = route_set_to_text (set);

  g_assert_cmpstr (text, ==, expected);
}

static void
assert_routes6 (const char *addresses, const char *blocks, const char *map, const char *expected)
{
  g_autoptr (AionetRouteSet) set = build (addresses, blocks, G_SOCKET_FAMILY_IPV6, map);
  g_autofree char *text = route_set_to_text (set);

  g_assert_cmpstr (text, ==, expected);
}

static void
test_guide_example_1 (void)
{
  const char *map = "192.168.0.20=1.3.3.7 193.168.0.1=1.3.3.7 7.7.7.7=1.3.3.7 8.8.0.1=8.8.0.1";
  const char *expected = "[192.168.0.20, 193.168.0.0/16, 7.7.7.7] -> [1.3.3.7]; "
                         "[8.8.0.0/16] -> [8.8.0.0/16]";

  g_test_summary ("R-01, S28..S33: two routes, however the link lists its ranges");

  assert_routes ("192.168.0.20/32 193.168.0.0/16 7.7.7.7/32 8.8.0.0/16", NULL, map, expected);
  assert_routes ("192.168.0.20/24 7.7.7.7/32", "193.168.0.0/16 8.8.0.0/16", map, expected);
  assert_routes ("7.7.7.7/32 192.168.0.20/24", "8.8.0.0/16 193.168.0.0/16", map, expected);
  assert_routes ("8.8.0.0/16 7.7.7.7/32 193.168.0.0/16 192.168.0.20/24", NULL, map, expected);
}

static void
test_guide_example_2 (void)
{
  const char *map = "2020:deed:beef::=2020:deed:beef:: 2020:deed:deed::1=2020:deed:deed::1";
  const char *expected = "[fe80:deed:beef::] -> [2020:deed:beef::]; "
                         "[fe80:deed:beef::] -> [2020:deed:deed::/64]";

  g_test_summary ("R-04, S36, S37: each global forms a route, link-locals are copied to each");

  assert_routes6 ("2020:deed:beef::/128 2020:deed:deed::/64 fe80:deed:beef::/128", NULL, map,
                  expected);
  assert_routes6 ("fe80:deed:beef::/128 2020:deed:beef::/128", "2020:deed:deed::/64", map,
                  expected);
}

static void
test_ipv4 (void)
{
  g_test_summary ("R-07..R-11: single addresses");

  assert_routes ("192.168.21.21/24 10.0.0.5/8", NULL, "192.168.21.21=1.3.3.7 10.0.0.5=1.3.3.8",
                 "[192.168.21.21, 10.0.0.5] -> [1.3.3.7]");
  assert_routes ("203.0.112.5/24", NULL, "203.0.112.5=203.0.112.5",
                 "[203.0.112.5] -> [203.0.112.5]");
  assert_routes ("203.0.112.5/24 203.0.112.6/24", NULL, "203.0.112.5=9.9.9.9 203.0.112.6=9.9.9.8",
                 "[203.0.112.5] -> [9.9.9.9]; [203.0.112.6] -> [9.9.9.8]");
  assert_routes ("203.0.112.5/24 10.0.0.5/24", NULL, "203.0.112.5=203.0.112.5 10.0.0.5=1.3.3.7",
                 "[10.0.0.5] -> [1.3.3.7]; [203.0.112.5] -> [203.0.112.5]");
}

static void
test_silence (void)
{
  g_autoptr (AionetLink) link = link_from_text ("10.0.0.5/24 203.0.112.5/24", NULL);
  g_autoptr (AionetProbePlan) plan = _aionet_probe_plan_new (link, G_SOCKET_FAMILY_IPV4);
  g_autoptr (GPtrArray) nothing = g_ptr_array_new ();
  g_autoptr (AionetRouteSet) set = _aionet_route_set_build (plan, nothing);
  g_autofree char *text = route_set_to_text (set);

  g_test_summary ("R-13: without an answer there is no route, and the addresses are still told");

  g_assert_cmpstr (text, ==, " - 10.0.0.5 (no answer) - 203.0.112.5 (no answer)");
  assert_routes ("192.168.21.21/24", NULL, "", " - 192.168.21.21 (silence)");
  assert_routes ("192.168.21.21/24 10.0.0.5/24 203.0.112.5/24", NULL, "203.0.112.5=203.0.112.5",
                 "[203.0.112.5] -> [203.0.112.5] - 192.168.21.21 (silence) - 10.0.0.5 (silence)");
  assert_routes ("169.254.3.4/16", NULL, "169.254.3.4=1.3.3.7", "");
}

static void
test_wrong_family (void)
{
  g_test_summary ("An answer of another family is no answer");

  assert_routes ("10.0.0.5/24", NULL, "10.0.0.5=2402::1",
                 " - 10.0.0.5 (the answer is of another address family)");
}

static void
test_ipv6 (void)
{
  g_test_summary ("R-20..R-23: stable globals, ULA, NAT66, only link-locals, no link-local");

  assert_routes6 ("2402:1f00:8101:83f::10/64 2402:1f00:8101:83f::20/64 fe80::1/64 fd00::5/64", NULL,
                  "2402:1f00:8101:83f::10=2402:1f00:8101:83f::10 "
                  "2402:1f00:8101:83f::20=2402:1f00:8101:83f::20",
                  "[fe80::1] -> [2402:1f00:8101:83f::10]; "
                  "[fe80::1] -> [2402:1f00:8101:83f::20] - fd00::5 (silence)");
  assert_routes6 ("fc00::5/64", NULL, "fc00::5=2402::99", "[fc00::5] -> [2402::99]");
  assert_routes6 ("fc00::5/64 fe80::1/64", NULL, "fc00::5=2402::99",
                  "[fc00::5, fe80::1] -> [2402::99]");
  assert_routes6 ("fe80::1/64", NULL, "", "");
  assert_routes6 ("2402::1/64", NULL, "2402::1=2402::1", "[2402::1] -> [2402::1]");
  assert_routes6 ("2402::1/64 2402::2/64 fe80::1/64 fe80::2/64", NULL,
                  "2402::1=2606::9 2402::2=2606::9",
                  "[2402::1, 2402::2, fe80::1, fe80::2] -> [2606::9]");
}

static void
test_joined_own (void)
{
  g_test_summary ("An address that others are seen as is named on the NIC side as well");

  assert_routes6 ("2402::1/64 fd00::5/64 fe80::1/64", NULL, "2402::1=2402::1 fd00::5=2402::1",
                  "[fd00::5, 2402::1, fe80::1] -> [2402::1]");
  assert_routes6 ("fd00::5/64 fd01::5/64 fe80::1/64", NULL, "fd00::5=fd00::5",
                  "[fd00::5, fd01::5, fe80::1] -> [fd00::5]");
  assert_routes ("203.0.112.5/24 10.0.0.5/24", NULL, "203.0.112.5=203.0.112.5 10.0.0.5=203.0.112.5",
                 "[10.0.0.5, 203.0.112.5] -> [203.0.112.5]");
}

static void
test_inside_own_block (void)
{
  g_test_summary ("An answer out of a block that is seen as itself joins the route of the block");

  assert_routes ("7.7.7.7/32", "8.8.0.0/16", "7.7.7.7=8.8.0.5 8.8.0.1=8.8.0.1",
                 "[8.8.0.0/16, 7.7.7.7] -> [8.8.0.0/16]");
  assert_routes ("10.0.0.5/24", "9.9.0.0/16 8.8.0.0/16",
                 "10.0.0.5=8.8.0.5 9.9.0.1=8.8.0.6 8.8.0.1=8.8.0.1",
                 "[10.0.0.5, 9.9.0.0/16, 8.8.0.0/16] -> [8.8.0.0/16]");
  assert_routes ("10.0.0.5/24", "8.8.0.0/16", "10.0.0.5=8.8.0.5 8.8.0.1=1.3.3.7",
                 "[10.0.0.5] -> [8.8.0.5]; [8.8.0.0/16] -> [1.3.3.7]");
}

static void
test_private_answers (void)
{
  g_test_summary ("R-17: private externals, where they are allowed, are externals");

  assert_routes ("10.1.0.5/24 10.2.0.5/24", NULL, "10.1.0.5=10.9.9.9",
                 "[10.1.0.5, 10.2.0.5] -> [10.9.9.9]");
  assert_routes ("10.1.0.5/24", NULL, "10.1.0.5=10.1.0.5", "[10.1.0.5] -> [10.1.0.5]");
  assert_routes (NULL, "10.0.0.0/8", "10.0.0.1=10.0.0.1", "[10.0.0.0/8] -> [10.0.0.0/8]");
}

static void
test_confirmed (void)
{
  g_autoptr (AionetRouteSet) set =
      build ("10.0.0.5/24 7.7.7.7/32 9.9.9.9/32", NULL, G_SOCKET_FAMILY_IPV4,
             "10.0.0.5=1.3.3.7 7.7.7.7~1.3.3.7 9.9.9.9=9.9.9.9");
  const AionetRouteParts *first = g_ptr_array_index (set->routes, 0);
  const AionetRouteParts *second = g_ptr_array_index (set->routes, 1);

  g_test_summary ("A route is confirmed when all answers that formed it were");

  g_assert_cmpuint (set->routes->len, ==, 2);
  g_assert_false (first->confirmed);
  g_assert_true (second->confirmed);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/aionet/route-set/guide-example-1", test_guide_example_1);
  g_test_add_func ("/aionet/route-set/guide-example-2", test_guide_example_2);
  g_test_add_func ("/aionet/route-set/ipv4", test_ipv4);
  g_test_add_func ("/aionet/route-set/silence", test_silence);
  g_test_add_func ("/aionet/route-set/wrong-family", test_wrong_family);
  g_test_add_func ("/aionet/route-set/ipv6", test_ipv6);
  g_test_add_func ("/aionet/route-set/joined-own", test_joined_own);
  g_test_add_func ("/aionet/route-set/inside-own-block", test_inside_own_block);
  g_test_add_func ("/aionet/route-set/private-answers", test_private_answers);
  g_test_add_func ("/aionet/route-set/confirmed", test_confirmed);

  return g_test_run ();
}
