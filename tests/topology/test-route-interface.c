/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#include "config.h"

#include "topology/aionet-route.h"

#include "topology/aionet-interface.h"
#include "topology/aionet-route-private.h"
#include "topology/route-fixture.h"

/* Routes and the interface they belong to: who owns whom, and when a socket is pinned. */

#define DOCUMENT                                                                                   \
  "{\"name\": \"eth7\", \"index\": 7, \"is_default\": {\"2\": %s, \"10\": false}, \"rp\": {"       \
  "\"2\": [{\"af\": 2, \"nic_ips\": [{\"ip\": \"192.168.21.21\", \"cidr\": 32, \"af\": 2}], "      \
  "\"ext_ips\": [{\"ip\": \"1.3.3.7\", \"cidr\": 32, \"af\": 2}]}], \"10\": [{\"af\": 10, "        \
  "\"nic_ips\": [{\"ip\": \"fe80::1\", \"cidr\": 128, \"af\": 10}], "                              \
  "\"ext_ips\": [{\"ip\": \"2402::\", \"cidr\": 64, \"af\": 10}]}]}}"

static AionetInterface *
interface_new (gboolean is_default)
{
  g_autofree char *text = g_strdup_printf (DOCUMENT, is_default ? "true" : "false");
  g_autoptr (GError) error = NULL;
  AionetInterface *interface = aionet_interface_new_from_json_string (text, &error);

  g_assert_no_error (error);
  return interface;
}

static AionetRoutePool *
get_pool (AionetInterface *interface, GSocketFamily family)
{
  return aionet_interface_get_route_pool (interface, family);
}

static void
test_ownership (void)
{
  AionetInterface *interface = interface_new (TRUE);
  AionetInterface *watch = interface;
  g_autoptr (AionetRoutePool) pool = g_object_ref (get_pool (interface, G_SOCKET_FAMILY_IPV4));
  g_autoptr (AionetRoute) group = g_list_model_get_item (aionet_route_pool_get_groups (pool), 0);
  AionetRoute *item = aionet_route_pool_get_route_at (pool, 0);
  AionetRoute *bound = aionet_route_bind (group, 80, NULL);

  g_test_summary ("S45: routes that are handed out own the interface, groups of a pool do not");

  g_object_add_weak_pointer (G_OBJECT (interface), (gpointer *) &watch);
  g_assert_true (aionet_route_get_interface (group) == interface);
  g_object_unref (interface);
  g_assert_nonnull (watch);
  g_assert_true (aionet_route_get_interface (item) == watch);
  g_object_unref (item);
  g_assert_nonnull (watch);
  g_object_unref (bound);
  g_assert_null (watch);
  g_assert_null (aionet_route_get_interface (group));
}

static gboolean
is_pinned (AionetRoute *route, const char *expected_name)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (AionetLocal) local = _aionet_route_dup_local (route, &error);

  g_assert_no_error (error);
  g_assert_cmpstr (local->interface_name, ==, expected_name);
  return local->pin;
}

static void
test_pin (void)
{
  g_autoptr (AionetInterface) preferred = interface_new (TRUE);
  g_autoptr (AionetInterface) second = interface_new (FALSE);
  g_autoptr (AionetRoute) plain =
      aionet_interface_get_route (preferred, G_SOCKET_FAMILY_IPV4, NULL);
  g_autoptr (AionetRoute) pinned = aionet_interface_get_route (second, G_SOCKET_FAMILY_IPV4, NULL);
  g_autoptr (AionetRoute) all = aionet_route_bind_to (pinned, "*", 80, NULL);
  g_autoptr (AionetRoute) loopback = aionet_route_bind_to (pinned, "127.0.0.1", 80, NULL);
  g_autoptr (GInetAddress) self_address = g_inet_address_new_loopback (G_SOCKET_FAMILY_IPV4);
  g_autoptr (AionetRoute) towards = aionet_route_bind_towards (pinned, self_address, 80, NULL);

  g_test_summary ("R-25: a socket is pinned when the system would choose another interface");

  g_assert_false (is_pinned (plain, "eth7"));
  g_assert_true (is_pinned (pinned, "eth7"));
  g_assert_true (is_pinned (all, "eth7"));
  g_assert_false (is_pinned (loopback, "eth7"));
  g_assert_false (is_pinned (towards, "eth7"));
}

static void
test_pin_without_interface (void)
{
  AionetInterface *interface = interface_new (FALSE);
  g_autoptr (AionetRoutePool) pool = g_object_ref (get_pool (interface, G_SOCKET_FAMILY_IPV4));
  g_autoptr (AionetRoute) item = NULL;

  g_test_summary ("A route outlives its interface object without losing the path");

  g_object_unref (interface);
  item = aionet_route_pool_get_route_at (pool, 0);
  g_assert_null (aionet_route_get_interface (item));
  g_assert_true (is_pinned (item, "eth7"));
}

static void
test_refused_pin (void)
{
  g_autoptr (AionetInterface) interface = interface_new (FALSE);
  g_autoptr (AionetRoute) route =
      aionet_interface_get_route (interface, G_SOCKET_FAMILY_IPV4, NULL);
  g_autoptr (AionetRoute) all = aionet_route_bind_to (route, "*", 0, NULL);
  g_autoptr (GError) error = NULL;

  g_test_summary ("A pin that the system refuses is an error");

  g_assert_null (aionet_route_create_socket (all, G_SOCKET_PROTOCOL_UDP, &error));
  g_assert_nonnull (error);
  g_assert_nonnull (strstr (error->message, "eth7"));
}

static void
assert_scope_id (AionetRoute *route, guint32 expected)
{
  GSocketAddress *address;

  g_assert_nonnull (route);
  address = aionet_route_get_local_address (route);
  g_assert_cmpuint (g_inet_socket_address_get_scope_id (G_INET_SOCKET_ADDRESS (address)), ==,
                    expected);
}

static void
test_scope (void)
{
  g_autoptr (AionetInterface) interface = interface_new (FALSE);
  g_autoptr (AionetRoute) route =
      aionet_interface_get_route (interface, G_SOCKET_FAMILY_IPV6, NULL);
  g_autoptr (GInetAddress) neighbour = g_inet_address_new_from_string ("fe80::99");
  g_autoptr (AionetRoute) own = aionet_route_bind_to (route, "fe80::2", 80, NULL);
  g_autoptr (AionetRoute) named = aionet_route_bind_to (route, "fe80::2%eth7", 80, NULL);
  g_autoptr (AionetRoute) other = aionet_route_bind_to (route, "fe80::2%9", 80, NULL);
  g_autoptr (AionetRoute) private_one = aionet_route_bind_to (route, "fd12::1", 80, NULL);
  g_autoptr (AionetRoute) towards = aionet_route_bind_towards (route, neighbour, 80, NULL);

  g_test_summary ("A-04, A-05, B-07, B-11: the interface's index is the scope of link-locals only");

  assert_scope_id (own, 7);
  assert_scope_id (named, 7);
  assert_scope_id (other, 9);
  assert_scope_id (private_one, 0);
  assert_scope_id (towards, 7);
  g_assert_false (is_pinned (other, "eth7"));
}

static void
test_wildcard (void)
{
  g_autoptr (AionetInterface) interface = interface_new (FALSE);
  g_autoptr (AionetRoute) any = _aionet_route_new_any (G_SOCKET_FAMILY_IPV4, interface);
  g_autoptr (AionetRoute) bound = aionet_route_bind_to (any, "*", 80, NULL);

  g_test_summary ("The wildcard route is never pinned");

  g_assert_false (is_pinned (any, NULL));
  g_assert_false (is_pinned (bound, NULL));
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/aionet/route-interface/ownership", test_ownership);
  g_test_add_func ("/aionet/route-interface/pin", test_pin);
  g_test_add_func ("/aionet/route-interface/pin-without-interface", test_pin_without_interface);
  g_test_add_func ("/aionet/route-interface/refused-pin", test_refused_pin);
  g_test_add_func ("/aionet/route-interface/scope", test_scope);
  g_test_add_func ("/aionet/route-interface/wildcard", test_wildcard);

  return g_test_run ();
}
