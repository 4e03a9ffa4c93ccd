/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#include "config.h"

#include "discovery/aionet-probe-plan-private.h"

#include "discovery/aionet-uplink-private.h"
#include "discovery/discovery-fixture.h"

static void
assert_address (GInetAddress *address, const char *expected)
{
  g_autofree char *text = g_inet_address_to_string (address);

  g_assert_cmpstr (text, ==, expected);
}

static void
assert_link_plan (AionetLink *link, GSocketFamily family, const char *expected)
{
  g_autoptr (AionetProbePlan) plan = _aionet_probe_plan_new (link, family);
  g_autofree char *text = plan_to_text (plan);

  g_assert_cmpint (plan->family, ==, family);
  g_assert_cmpstr (text, ==, expected);
}

static void
assert_plan (const char *addresses, const char *blocks, const char *expected)
{
  g_autoptr (AionetLink) link = link_from_text (addresses, blocks);

  assert_link_plan (link, G_SOCKET_FAMILY_IPV4, expected);
}

static void
assert_plan6 (const char *addresses, const char *blocks, const char *expected)
{
  g_autoptr (AionetLink) link = link_from_text (addresses, blocks);

  assert_link_plan (link, G_SOCKET_FAMILY_IPV6, expected);
}

static void
test_guide_example_1 (void)
{
  const char *expected = "192.168.0.20 [192.168.0.20]; 193.168.0.1* [193.168.0.0/16]; "
                         "8.8.0.1* [8.8.0.0/16]; 7.7.7.7 [7.7.7.7]";
  const char *other = "192.168.0.20 [192.168.0.20]; 8.8.0.1* [8.8.0.0/16]; "
                      "193.168.0.1* [193.168.0.0/16]; 7.7.7.7 [7.7.7.7]";

  g_test_summary ("R-02, S29..S31: four sources, whether blocks come as addresses or as AnyIP");

  assert_plan ("192.168.0.20/24 193.168.0.0/16 7.7.7.7/32 8.8.0.0/16", NULL, expected);
  assert_plan ("192.168.0.20/24 7.7.7.7", "193.168.0.0/16 8.8.0.0/16", expected);
  assert_plan ("7.7.7.7 192.168.0.20", "193.168.0.0/16 8.8.0.0/16", expected);
  assert_plan ("192.168.0.20 7.7.7.7 193.168.0.0/16", "8.8.0.0/16", expected);
  assert_plan ("192.168.0.20/24 7.7.7.7", "8.8.0.0/16 193.168.0.0/16", other);
}

static void
test_guide_example_2 (void)
{
  const char *expected =
      "2020:deed:beef:: [2020:deed:beef::]; 2020:deed:deed::1* [2020:deed:deed::/64]";
  g_autoptr (AionetLink) link =
      link_from_text ("2020:deed:beef::/128 fe80:deed:beef::/128", "2020:deed:deed::/64");
  g_autoptr (AionetProbePlan) plan = _aionet_probe_plan_new (link, G_SOCKET_FAMILY_IPV6);

  g_test_summary ("R-05: the host is itself, a block its first address, link-locals no source");

  assert_plan6 ("2020:deed:beef::/128 2020:deed:deed::/64 fe80:deed:beef::/128", NULL, expected);
  assert_link_plan (link, G_SOCKET_FAMILY_IPV6, expected);
  g_assert_cmpuint (plan->link_locals->len, ==, 1);
}

static void
test_private_group (void)
{
  g_autoptr (AionetLink) link = link_from_text ("192.168.21.21/24 10.0.0.5/8", NULL);

  g_test_summary ("R-07: private subnets with one gateway or none are one group");

  assert_plan ("192.168.21.21/24 10.0.0.5/8", NULL, "192.168.21.21 [192.168.21.21, 10.0.0.5]");
  assert_plan ("100.64.0.9/10 198.51.100.3 192.0.2.5 198.18.0.1", NULL,
               "100.64.0.9 [100.64.0.9, 198.51.100.3, 192.0.2.5, 198.18.0.1]");
  add_gateway (link, "10.0.0.1", 100, 254, NULL);
  assert_link_plan (link, G_SOCKET_FAMILY_IPV4, "192.168.21.21 [192.168.21.21, 10.0.0.5]");
}

static void
test_own_gateway (void)
{
  g_autoptr (AionetLink) link =
      link_from_text ("192.168.21.21/24 10.0.0.5/8 172.16.0.5/24 192.168.21.22/24", NULL);

  g_test_summary ("A private subnet with a gateway of its own is a group of its own");

  add_gateway (link, "192.168.21.1", 100, 254, NULL);
  add_gateway (link, "192.168.21.2", 200, 254, NULL);
  assert_link_plan (link, G_SOCKET_FAMILY_IPV4,
                    "192.168.21.21 [192.168.21.21, 10.0.0.5, 172.16.0.5, 192.168.21.22]");
  add_gateway (link, "10.0.0.1", 300, 254, NULL);
  assert_link_plan (link, G_SOCKET_FAMILY_IPV4,
                    "192.168.21.21 [192.168.21.21, 172.16.0.5, 192.168.21.22]; "
                    "10.0.0.5 [10.0.0.5]");
}

static void
test_policy_route (void)
{
  g_autoptr (AionetLink) link =
      link_from_text ("192.168.21.21/24 192.168.21.22/24 192.168.21.23/24", NULL);

  g_test_summary ("Addresses with a policy route are a group of their own");

  add_gateway (link, "192.168.21.1", 100, 254, NULL);
  add_gateway (link, "192.168.21.9", 100, 100, "192.168.21.22");
  assert_link_plan (link, G_SOCKET_FAMILY_IPV4,
                    "192.168.21.21 [192.168.21.21, 192.168.21.23]; "
                    "192.168.21.22 [192.168.21.22]");
  add_gateway (link, "192.168.21.8", 100, 101, "192.168.21.20/30");
  assert_link_plan (link, G_SOCKET_FAMILY_IPV4,
                    "192.168.21.21 [192.168.21.21, 192.168.21.23]; "
                    "192.168.21.22 [192.168.21.22]");
}

static void
test_default_gateway (void)
{
  g_autoptr (AionetLink) link = link_from_text ("10.1.0.5/24 10.2.0.5/24 10.3.0.5/24", NULL);

  g_test_summary ("What has no gateway in its subnet leaves by the main table's best one");

  add_gateway (link, "10.3.0.1", 5, 77, NULL);
  add_gateway (link, "10.1.0.1", 200, 254, NULL);
  add_gateway (link, NULL, 300, 254, NULL);
  assert_link_plan (link, G_SOCKET_FAMILY_IPV4,
                    "10.1.0.5 [10.1.0.5, 10.2.0.5]; 10.3.0.5 [10.3.0.5]");
}

static void
test_uplink_order (void)
{
  g_autoptr (AionetLink) link = link_from_text ("10.1.0.5/24", NULL);
  g_autoptr (AionetIpRange) range = aionet_ip_range_new_from_string ("10.1.0.5", NULL);
  GListModel    *gateways = aionet_link_get_gateways (link);
  AionetGateway *uplink;

  g_test_summary ("Of gateways that fit alike, the lowest metric wins, then the first");

  g_assert_null (_aionet_uplink_find (gateways, range));
  add_gateway (link, "172.16.0.1", 100, 254, NULL);
  add_gateway (link, "172.16.0.2", 100, 254, NULL);
  uplink = _aionet_uplink_find (gateways, range);
  assert_address (aionet_gateway_get_address (uplink), "172.16.0.1");
  add_gateway (link, "172.16.0.3", 99, 254, NULL);
  add_gateway (link, "2402::1", 1, 254, NULL);
  uplink = _aionet_uplink_find (gateways, range);
  assert_address (aionet_gateway_get_address (uplink), "172.16.0.3");
  g_assert_false (_aionet_uplink_same (uplink, NULL));
  g_assert_true (_aionet_uplink_same (uplink, uplink));
}

static void
test_not_probed (void)
{
  g_test_summary ("R-19, R-23: what is never probed");

  assert_plan ("169.254.3.4/16", NULL, "");
  assert_plan ("127.0.0.1/8 ?203.0.112.5/24 2402::1/64", "224.0.0.0/4 0.0.0.0/0", "");
  assert_plan6 ("fe80::1/64 ::1/128 ?2402::1/64 10.0.0.5", "::/0", "");
  assert_plan (NULL, NULL, "");
}

static void
test_link_locals (void)
{
  g_autoptr (AionetLink) link =
      link_from_text ("fe80::1%eth0/64 fe80::2%eth0/64 ?fe80::3%eth0/64 fe80::1%eth0/64", NULL);
  g_autoptr (AionetProbePlan) six = _aionet_probe_plan_new (link, G_SOCKET_FAMILY_IPV6);
  g_autoptr (AionetProbePlan) four = _aionet_probe_plan_new (link, G_SOCKET_FAMILY_IPV4);

  g_test_summary ("R-23: link-locals are kept, each once, tentative ones not");

  g_assert_cmpuint (six->link_locals->len, ==, 2);
  g_assert_cmpuint (six->probes->len, ==, 0);
  g_assert_cmpuint (four->link_locals->len, ==, 0);
}

static void
test_ipv6_order (void)
{
  g_test_summary ("R-20, R-22: ULA is private; temporary and deprecated addresses come later");

  assert_plan6 ("2402:1f00:8101:83f::10/64 2402:1f00:8101:83f::20/64 fe80::1/64 fd00::5/64", NULL,
                "fd00::5 [fd00::5]; 2402:1f00:8101:83f::10 [2402:1f00:8101:83f::10]; "
                "2402:1f00:8101:83f::20 [2402:1f00:8101:83f::20]");
  assert_plan6 ("!2402::1/64 ~2402::2/64 ~!2402::3/64 2402::4/64", NULL,
                "2402::4 [2402::4]; 2402::2 [2402::2]; 2402::1 [2402::1]; 2402::3 [2402::3]");
  assert_plan6 ("~fd00::1/64 fc00::2/64", NULL, "fc00::2 [fc00::2, fd00::1]");
}

static void
test_ipv4_order (void)
{
  g_test_summary ("R-08, R-10: single public addresses keep their order, secondary or not");

  assert_plan ("203.0.112.5/24 ~203.0.112.6/24", NULL,
               "203.0.112.5 [203.0.112.5]; 203.0.112.6 [203.0.112.6]");
  assert_plan ("!203.0.112.5/24 203.0.112.6/24", NULL,
               "203.0.112.6 [203.0.112.6]; 203.0.112.5 [203.0.112.5]");
}

static void
test_covered (void)
{
  g_test_summary ("What lies in a block of the link is not listed twice");

  assert_plan ("8.8.0.5/16 8.8.0.5/16", "8.8.0.0/16 8.8.1.0/24", "8.8.0.1* [8.8.0.0/16]");
  assert_plan ("8.8.0.0/16", "8.8.0.0/16", "8.8.0.1* [8.8.0.0/16]");
  assert_plan ("7.7.7.7/32 7.7.7.7/24", NULL, "7.7.7.7 [7.7.7.7]");
}

static void
test_private_block (void)
{
  g_test_summary ("A private block joins the group; an assigned address is the better source");

  assert_plan ("192.168.0.20/24", "10.0.0.0/8", "192.168.0.20 [192.168.0.20, 10.0.0.0/8]");
  assert_plan ("10.0.0.5/24", "10.0.0.0/8", "10.0.0.5 [10.0.0.0/8]");
  assert_plan (NULL, "10.0.0.0/8", "10.0.0.1* [10.0.0.0/8]");
}

static void
test_covered_group (void)
{
  g_autoptr (AionetLink) link = link_from_text ("10.9.0.5/24", "10.0.0.0/8");

  g_test_summary ("A group is never without members");

  add_gateway (link, "10.9.0.1", 1, 9, "10.9.0.5");
  assert_link_plan (link, G_SOCKET_FAMILY_IPV4, "10.0.0.1* [10.0.0.0/8]");
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/aionet/probe-plan/guide-example-1", test_guide_example_1);
  g_test_add_func ("/aionet/probe-plan/guide-example-2", test_guide_example_2);
  g_test_add_func ("/aionet/probe-plan/private-group", test_private_group);
  g_test_add_func ("/aionet/probe-plan/own-gateway", test_own_gateway);
  g_test_add_func ("/aionet/probe-plan/policy-route", test_policy_route);
  g_test_add_func ("/aionet/probe-plan/default-gateway", test_default_gateway);
  g_test_add_func ("/aionet/probe-plan/uplink-order", test_uplink_order);
  g_test_add_func ("/aionet/probe-plan/not-probed", test_not_probed);
  g_test_add_func ("/aionet/probe-plan/link-locals", test_link_locals);
  g_test_add_func ("/aionet/probe-plan/ipv6-order", test_ipv6_order);
  g_test_add_func ("/aionet/probe-plan/ipv4-order", test_ipv4_order);
  g_test_add_func ("/aionet/probe-plan/covered", test_covered);
  g_test_add_func ("/aionet/probe-plan/private-block", test_private_block);
  g_test_add_func ("/aionet/probe-plan/covered-group", test_covered_group);

  return g_test_run ();
}
