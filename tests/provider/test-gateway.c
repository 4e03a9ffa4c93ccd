/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#include "config.h"

#include <gio/gio.h>

#include "provider/aionet-gateway.h"

static void
test_facts (void)
{
  g_autoptr (GInetAddress) router = g_inet_address_new_from_string ("192.168.0.1");
  g_autoptr (AionetIpRange) source = aionet_ip_range_new_from_string ("10.0.0.0/8", NULL);
  g_autoptr (AionetGateway) gateway =
      aionet_gateway_new (G_SOCKET_FAMILY_IPV4, router, 600, 254, source);

  g_test_summary ("A gateway tells what it was made with");

  g_assert_cmpint (aionet_gateway_get_family (gateway), ==, G_SOCKET_FAMILY_IPV4);
  g_assert_true (aionet_gateway_get_address (gateway) == router);
  g_assert_cmpuint (aionet_gateway_get_metric (gateway), ==, 600);
  g_assert_cmpuint (aionet_gateway_get_table (gateway), ==, 254);
  g_assert_true (aionet_gateway_get_source (gateway) == source);
}

static void
test_on_link (void)
{
  g_autoptr (AionetGateway) gateway = aionet_gateway_new (G_SOCKET_FAMILY_IPV6, NULL, 0, 0, NULL);

  g_test_summary ("A default route may have no router and be for all sources");

  g_assert_cmpint (aionet_gateway_get_family (gateway), ==, G_SOCKET_FAMILY_IPV6);
  g_assert_null (aionet_gateway_get_address (gateway));
  g_assert_null (aionet_gateway_get_source (gateway));
}

static void
test_other_family (void)
{
  g_autoptr (GInetAddress) router = g_inet_address_new_from_string ("fe80::1");
  g_autoptr (AionetGateway) via = aionet_gateway_new (G_SOCKET_FAMILY_IPV4, router, 0, 254, NULL);
  g_autoptr (AionetGateway) scripted = g_object_new (AIONET_TYPE_GATEWAY, "address", router, NULL);

  g_test_summary ("An IPv4 route through an IPv6 router stays one; unsaid, the router's counts");

  g_assert_cmpint (aionet_gateway_get_family (via), ==, G_SOCKET_FAMILY_IPV4);
  g_assert_cmpint (aionet_gateway_get_family (scripted), ==, G_SOCKET_FAMILY_IPV6);
}

static AionetGateway *
make (GSocketFamily family, const char *address, guint metric, guint table, const char *source)
{
  g_autoptr (GInetAddress) router =
      address != NULL ? g_inet_address_new_from_string (address) : NULL;
  g_autoptr (AionetIpRange) range =
      source != NULL ? aionet_ip_range_new_from_string (source, NULL) : NULL;

  return aionet_gateway_new (family, router, metric, table, range);
}

static void
test_equal (void)
{
  const GSocketFamily v4 = G_SOCKET_FAMILY_IPV4;
  g_autoptr (AionetGateway) base = make (v4, "192.168.0.1", 1, 254, "10.0.0.0/8");
  g_autoptr (AionetGateway) same = make (v4, "192.168.0.1", 1, 254, "10.0.0.0/8");
  AionetGateway *others[] = {
    make (G_SOCKET_FAMILY_IPV6, "192.168.0.1", 1, 254, "10.0.0.0/8"),
    make (v4, "192.168.0.2", 1, 254, "10.0.0.0/8"),
    make (v4, NULL, 1, 254, "10.0.0.0/8"),
    make (v4, "192.168.0.1", 2, 254, "10.0.0.0/8"),
    make (v4, "192.168.0.1", 1, 255, "10.0.0.0/8"),
    make (v4, "192.168.0.1", 1, 254, "10.0.0.0/9"),
    make (v4, "192.168.0.1", 1, 254, NULL),
  };

  g_test_summary ("Gateways are equal if all they have is");

  g_assert_true (aionet_gateway_equal (base, same));
  for (guint i = 0; i < G_N_ELEMENTS (others); i++)
    {
      g_assert_false (aionet_gateway_equal (base, others[i]));
      g_assert_false (aionet_gateway_equal (others[i], base));
      g_object_unref (others[i]);
    }
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/aionet/gateway/facts", test_facts);
  g_test_add_func ("/aionet/gateway/on-link", test_on_link);
  g_test_add_func ("/aionet/gateway/other-family", test_other_family);
  g_test_add_func ("/aionet/gateway/equal", test_equal);
  return g_test_run ();
}
