/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#include "config.h"

#include "topology/aionet-route.h"

#include <net/if.h>

#include "topology/aionet-route-private.h"
#include "topology/route-fixture.h"
#include "value/aionet-error.h"

static void
test_sides (void)
{
  g_autoptr (AionetRoute) route =
      route_from_text ("192.168.0.20 193.168.0.0/16 7.7.7.7", "1.3.3.7");
  g_autofree char *text = aionet_route_to_string (route);

  g_test_summary ("A route keeps both sides in order and prints them (S24, S56)");

  g_assert_cmpstr (text, ==, "[192.168.0.20, 193.168.0.0/16, 7.7.7.7] -> [1.3.3.7]");
  g_assert_cmpint (aionet_route_get_family (route), ==, G_SOCKET_FAMILY_IPV4);
  g_assert_cmpuint (g_list_model_get_n_items (aionet_route_get_nic_ranges (route)), ==, 3);
  g_assert_cmpuint (g_list_model_get_n_items (aionet_route_get_link_locals (route)), ==, 0);
  g_assert_cmpuint (aionet_route_get_n_addresses (route), ==, 1);
  g_assert_null (aionet_route_get_interface (route));
  g_assert_false (aionet_route_get_confirmed (route));
  assert_address (aionet_route_get_nic_address (route), "192.168.0.20");
  assert_address (aionet_route_get_ext_address (route), "1.3.3.7");
}

static void
test_immutable (void)
{
  g_autoptr (GListModel) nic = ranges_from_text ("192.168.0.20");
  g_autoptr (GListModel) ext = ranges_from_text ("1.3.3.7");
  g_autoptr (AionetRoute) route = aionet_route_new (G_SOCKET_FAMILY_IPV4, nic, ext, NULL, NULL);

  g_test_summary ("Changing a list that a route was made of does not change the route");

  g_list_store_remove_all (G_LIST_STORE (nic));
  g_assert_cmpuint (g_list_model_get_n_items (aionet_route_get_nic_ranges (route)), ==, 1);
  g_assert_false (G_IS_LIST_STORE (aionet_route_get_nic_ranges (route)));
}

static void
assert_invalid (GSocketFamily family, const char *nic_text, const char *ext_text, int code)
{
  g_autoptr (GListModel) nic = ranges_from_text (nic_text);
  g_autoptr (GListModel) ext = ranges_from_text (ext_text);
  g_autoptr (GError) error = NULL;
  g_autoptr (AionetRoute) route = aionet_route_new (family, nic, ext, NULL, &error);

  g_assert_error (error, AIONET_ERROR, code);
  g_assert_null (route);
}

static void
test_invalid (void)
{
  g_autoptr (GListStore) strangers = g_list_store_new (G_TYPE_OBJECT);
  g_autoptr (GListModel) ext = ranges_from_text ("1.3.3.7");
  g_autoptr (GObject) stranger = g_object_new (G_TYPE_OBJECT, NULL);
  g_autoptr (GError) error = NULL;

  g_test_summary ("R-26: what cannot be a route is refused with an error");

  assert_invalid (99, "10.0.0.1", "1.3.3.7", AIONET_ERROR_UNSUPPORTED_FAMILY);
  assert_invalid (G_SOCKET_FAMILY_UNIX, "10.0.0.1", "1.3.3.7", AIONET_ERROR_UNSUPPORTED_FAMILY);
  assert_invalid (G_SOCKET_FAMILY_IPV4, "", "1.3.3.7", AIONET_ERROR_INVALID_ROUTE);
  assert_invalid (G_SOCKET_FAMILY_IPV4, "10.0.0.1", "", AIONET_ERROR_INVALID_ROUTE);
  assert_invalid (G_SOCKET_FAMILY_IPV4, "10.0.0.1", "0.0.0.0", AIONET_ERROR_INVALID_ROUTE);
  assert_invalid (G_SOCKET_FAMILY_IPV6, "fd00::1", "::", AIONET_ERROR_INVALID_ROUTE);
  assert_invalid (G_SOCKET_FAMILY_IPV4, "10.0.0.1", "224.0.0.1", AIONET_ERROR_INVALID_ROUTE);
  assert_invalid (G_SOCKET_FAMILY_IPV4, "10.0.0.1", "2402::1", AIONET_ERROR_INVALID_ROUTE);
  assert_invalid (G_SOCKET_FAMILY_IPV4, "fd00::1", "1.3.3.7", AIONET_ERROR_INVALID_ROUTE);
  assert_invalid (G_SOCKET_FAMILY_IPV4, "10.0.0.1 fd00::1", "1.3.3.7", AIONET_ERROR_INVALID_ROUTE);

  g_list_store_append (strangers, stranger);
  g_assert_null (
      aionet_route_new (G_SOCKET_FAMILY_IPV4, G_LIST_MODEL (strangers), ext, NULL, &error));
  g_assert_error (error, AIONET_ERROR, AIONET_ERROR_INVALID_ROUTE);
}

static void
test_has_address (void)
{
  g_autoptr (AionetRoute) route = route_from_text ("192.168.0.1 10.0.0.0/8", "1.3.3.7");
  g_autoptr (GInetAddress) own = g_inet_address_new_from_string ("192.168.0.1");
  g_autoptr (GInetAddress) other = g_inet_address_new_from_string ("192.168.0.2");
  g_autoptr (GInetAddress) in_block = g_inet_address_new_from_string ("10.20.30.40");
  g_autoptr (GInetAddress) external = g_inet_address_new_from_string ("1.3.3.7");
  g_autoptr (GInetAddress) next = g_inet_address_new_from_string ("1.3.3.8");
  g_autoptr (GInetAddress) six = g_inet_address_new_from_string ("::1.3.3.7");

  g_test_summary ("R-28, R-29: a route knows the addresses of both sides");

  g_assert_true (aionet_route_has_nic_address (route, own));
  g_assert_false (aionet_route_has_nic_address (route, other));
  g_assert_true (aionet_route_has_nic_address (route, in_block));
  g_assert_false (aionet_route_has_nic_address (route, external));
  g_assert_true (aionet_route_has_ext_address (route, external));
  g_assert_false (aionet_route_has_ext_address (route, next));
  g_assert_false (aionet_route_has_ext_address (route, six));
}

static void
test_equal (void)
{
  g_autoptr (AionetRoute) route = route_from_text ("192.168.21.21", "1.3.3.7");
  g_autoptr (AionetRoute) same = route_from_text ("192.168.21.21", "1.3.3.7");
  g_autoptr (AionetRoute) bound = aionet_route_bind (same, 80, NULL);
  g_autoptr (AionetRoute) other_nic = route_from_text ("192.168.21.22", "1.3.3.7");
  g_autoptr (AionetRoute) other_ext = route_from_text ("192.168.21.21", "1.3.3.8");
  g_autoptr (AionetRoute) more = route_from_text ("192.168.21.21 192.168.21.22", "1.3.3.7");

  g_test_summary ("R-29: routes with the same ranges are equal, whatever they are bound to");

  g_assert_true (aionet_route_equal (route, same));
  g_assert_cmpuint (aionet_route_hash (route), ==, aionet_route_hash (same));
  g_assert_true (aionet_route_equal (route, bound));
  g_assert_cmpuint (aionet_route_hash (route), ==, aionet_route_hash (bound));
  g_assert_false (aionet_route_equal (route, other_nic));
  g_assert_false (aionet_route_equal (route, other_ext));
  g_assert_false (aionet_route_equal (route, more));
}

static void
assert_local (AionetRoute *route, const char *expected)
{
  GSocketAddress  *address;
  g_autofree char *text = NULL;

  g_assert_nonnull (route);
  address = aionet_route_get_local_address (route);
  g_assert_true (aionet_route_get_is_bound (route));
  text = g_socket_connectable_to_string (G_SOCKET_CONNECTABLE (address));
  g_assert_cmpstr (text, ==, expected);
}

static void
assert_binds (const char *nic, const char *ext, guint64 item, const char *expected, int free_bind)
{
  g_autoptr (AionetRoute) group = route_from_text (nic, ext);
  g_autoptr (AionetRoute) route =
      item == G_MAXUINT64 ? g_object_ref (group) : _aionet_route_new_item (group, item);
  g_autoptr (GError) error = NULL;
  g_autoptr (AionetRoute) bound = aionet_route_bind (route, 80, &error);
  g_autoptr (AionetLocal) local = NULL;

  g_assert_no_error (error);
  assert_local (bound, expected);
  local = _aionet_route_dup_local (bound, &error);
  g_assert_no_error (error);
  g_assert_cmpint (local->free_bind, ==, free_bind);
  g_assert_false (local->pin);
}

static void
test_bind_rules (void)
{
  g_test_summary ("S38, S47, B-10, R-32: the local address that leads to the external one");

  assert_binds ("192.168.0.20 193.168.0.0/16 7.7.7.7", "1.3.3.7", G_MAXUINT64, "192.168.0.20:80",
                FALSE);
  assert_binds ("193.168.0.0/16 7.7.7.7", "1.3.3.7", G_MAXUINT64, "193.168.0.1:80", TRUE);
  assert_binds ("203.0.112.5", "203.0.112.5", G_MAXUINT64, "203.0.112.5:80", FALSE);
  assert_binds ("8.8.0.0/16", "8.8.0.0/16", 10, "8.8.0.11:80", TRUE);
  assert_binds ("8.8.0.0/16 7.7.7.7", "8.8.0.0/16", 40000, "8.8.157.123:80", TRUE);
  assert_binds ("10.0.0.5 203.0.112.5", "203.0.112.5", 0, "10.0.0.5:80", FALSE);
  assert_binds ("fe80::1%lo", "2020:deed:beef::/128", G_MAXUINT64, "[2020:deed:beef::]:80", FALSE);
  assert_binds ("fe80::1%lo", "2020:deed:deed::/64", G_MAXUINT64, "[2020:deed:deed::1]:80", TRUE);
  assert_binds ("fe80::1%lo", "2020:deed:deed::/64", 8, "[2020:deed:deed::9]:80", TRUE);
  assert_binds ("2020:deed:deed::/64", "2020:deed:deed::/64", 8, "[2020:deed:deed::9]:80", TRUE);
  assert_binds ("fd00::5 fe80::1%lo", "2402::99", G_MAXUINT64, "[fd00::5]:80", FALSE);
  assert_binds ("fd00::5 2402::99 fe80::1%lo", "2402::99", 0, "[2402::99]:80", FALSE);
}

static void
test_bind_is_a_copy (void)
{
  g_autoptr (AionetRoute) route = route_from_text ("192.168.0.20", "1.3.3.7");
  g_autoptr (AionetRoute) bound = aionet_route_bind (route, 80, NULL);
  g_autoptr (AionetRoute) again = aionet_route_bind (bound, 81, NULL);
  g_autofree char *text = aionet_route_to_string (bound);

  g_test_summary ("S45, R-31: binding makes a new route and leaves the other as it is");

  g_assert_false (aionet_route_get_is_bound (route));
  g_assert_null (aionet_route_get_local_address (route));
  assert_local (bound, "192.168.0.20:80");
  assert_local (again, "192.168.0.20:81");
  g_assert_cmpstr (text, ==, "[192.168.0.20] -> [1.3.3.7] at 192.168.0.20:80");
}

static void
test_bind_to (void)
{
  static const struct
  {
    const char *address;
    const char *v4; /* NULL: an error */
    const char *v6;
  } rows[] = {
    { "*", "0.0.0.0:80", "[::]:80" },
    { "", "0.0.0.0:80", "[::]:80" },
    { "localhost", "127.0.0.1:80", "[::1]:80" },
    { "127.0.0.1", "127.0.0.1:80", NULL },
    { "192.168.0.1", "192.168.0.1:80", NULL },
    { "8.8.8.8", "8.8.8.8:80", NULL },
    { "::1", NULL, "[::1]:80" },
    { "fd12:3456:789a:1::1", NULL, "[fd12:3456:789a:1::1]:80" },
    { "2402:1f00:8101:83f::1", NULL, "[2402:1f00:8101:83f::1]:80" },
    { "256.1.1.1", NULL, NULL },
    { "fe80::1", NULL, NULL },
    { "fe80::1%no-such-if", NULL, NULL },
  };
  g_autoptr (AionetRoute) four = route_from_text ("192.168.0.20", "1.3.3.7");
  g_autoptr (AionetRoute) six = route_from_text ("2402::1", "2402::1");

  g_test_summary ("S40, B-01..B-08: an address that is given is used as it is");

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (GError) error4 = NULL;
      g_autoptr (GError) error6 = NULL;
      g_autoptr (AionetRoute) bound4 = aionet_route_bind_to (four, rows[i].address, 80, &error4);
      g_autoptr (AionetRoute) bound6 = aionet_route_bind_to (six, rows[i].address, 80, &error6);

      g_test_message ("“%s”", rows[i].address);
      g_assert_true ((bound4 != NULL) == (rows[i].v4 != NULL));
      g_assert_true ((bound4 == NULL) == (error4 != NULL));
      g_assert_true ((bound6 != NULL) == (rows[i].v6 != NULL));
      g_assert_true ((bound6 == NULL) == (error6 != NULL));
      if (bound4 != NULL)
        assert_local (bound4, rows[i].v4);
      if (bound6 != NULL)
        assert_local (bound6, rows[i].v6);
    }
}

static guint32
get_scope_id (AionetRoute *route)
{
  GSocketAddress *address = aionet_route_get_local_address (route);

  return g_inet_socket_address_get_scope_id (G_INET_SOCKET_ADDRESS (address));
}

static void
test_scope (void)
{
  g_autoptr (AionetRoute) route = route_from_text ("2402::1 fe80::1%lo", "2402::1");
  g_autoptr (GError) error = NULL;
  g_autoptr (AionetRoute) named = aionet_route_bind_to (route, "fe80::2%lo", 80, &error);
  g_autoptr (AionetRoute) numbered = aionet_route_bind_to (route, "fe80::2%3", 80, &error);

  g_test_summary ("A-04, A-05: link-local addresses get the scope id that is meant");

  g_assert_no_error (error);
  g_assert_cmpuint (get_scope_id (named), ==, if_nametoindex ("lo"));
  g_assert_cmpuint (get_scope_id (numbered), ==, 3);
  g_assert_null (aionet_route_bind_to (route, "fe80::2", 80, &error));
  g_assert_error (error, AIONET_ERROR, AIONET_ERROR_INVALID_ADDRESS);
  g_clear_error (&error);
  g_assert_null (aionet_route_bind_to (route, "fe80::2%no-such-if", 80, &error));
  g_assert_error (error, AIONET_ERROR, AIONET_ERROR_NO_INTERFACE);
}

static void
test_bind_towards (void)
{
  g_autoptr (AionetRoute) route = route_from_text ("fe80::1%lo", "2402::1");
  g_autoptr (AionetRoute) lonely = route_from_text ("2402::1", "2402::1");
  g_autoptr (GInetAddress) neighbour = g_inet_address_new_from_string ("fe80::99");
  g_autoptr (GInetAddress) group = g_inet_address_new_from_string ("ff02::1");
  g_autoptr (GInetAddress) far = g_inet_address_new_from_string ("2606:4700::1");
  g_autoptr (GInetAddress) four = g_inet_address_new_from_string ("1.2.3.4");
  g_autoptr (GError) error = NULL;
  g_autoptr (AionetRoute) near_bound = aionet_route_bind_towards (route, neighbour, 80, &error);
  g_autoptr (AionetRoute) group_bound = aionet_route_bind_towards (route, group, 80, &error);
  g_autofree char *expected = g_strdup_printf ("[fe80::1%%%u]:80", if_nametoindex ("lo"));
  g_autoptr (AionetRoute) far_bound = aionet_route_bind_towards (route, far, 80, &error);

  g_test_summary ("B-11, S60: a link-local peer is reached from the link-local address");

  g_assert_no_error (error);
  assert_local (near_bound, expected);
  g_assert_cmpuint (get_scope_id (near_bound), ==, if_nametoindex ("lo"));
  assert_local (group_bound, expected);
  assert_local (far_bound, "[2402::1]:80");
  g_assert_cmpuint (get_scope_id (far_bound), ==, 0);

  g_assert_null (aionet_route_bind_towards (lonely, neighbour, 80, &error));
  g_assert_error (error, AIONET_ERROR, AIONET_ERROR_NO_ROUTE);
  g_clear_error (&error);
  g_assert_null (aionet_route_bind_towards (route, four, 80, &error));
  g_assert_error (error, AIONET_ERROR, AIONET_ERROR_UNSUPPORTED_FAMILY);
}

static void
assert_socket (AionetRoute *route, GSocketProtocol protocol, const char *expected)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GSocket) socket = aionet_route_create_socket (route, protocol, &error);
  g_autoptr (GSocketAddress) address = NULL;
  g_autofree char *text = NULL;

  g_assert_no_error (error);
  g_assert_false (g_socket_get_blocking (socket));
  address = g_socket_get_local_address (socket, &error);
  g_assert_no_error (error);
  text = g_inet_address_to_string (
      g_inet_socket_address_get_address (G_INET_SOCKET_ADDRESS (address)));
  g_assert_cmpstr (text, ==, expected);
  g_assert_cmpuint (g_inet_socket_address_get_port (G_INET_SOCKET_ADDRESS (address)), >, 0);
}

static void
test_create_socket (void)
{
  g_autoptr (AionetRoute) group = route_from_text ("127.0.0.0/8", "127.0.0.0/8");
  g_autoptr (AionetRoute) item = _aionet_route_new_item (group, 76);
  g_autoptr (AionetRoute) bound = aionet_route_bind (item, 0, NULL);
  g_autoptr (AionetRoute) any = _aionet_route_new_any (G_SOCKET_FAMILY_IPV4, NULL);
  g_autoptr (AionetRoute) elsewhere = route_from_text ("192.0.2.77", "192.0.2.77");
  g_autoptr (GError) error = NULL;

  g_test_summary ("S52, S58: a socket is bound to exactly the address of its route");

  assert_socket (bound, G_SOCKET_PROTOCOL_UDP, "127.0.0.77");
  assert_socket (bound, G_SOCKET_PROTOCOL_TCP, "127.0.0.77");
  assert_socket (item, G_SOCKET_PROTOCOL_UDP, "127.0.0.77");
  assert_socket (any, G_SOCKET_PROTOCOL_UDP, "0.0.0.0");
  g_assert_null (aionet_route_create_socket (elsewhere, G_SOCKET_PROTOCOL_UDP, &error));
  g_assert_nonnull (error);
}

static void
test_any (void)
{
  g_autoptr (AionetRoute) any = _aionet_route_new_any (G_SOCKET_FAMILY_IPV6, NULL);
  g_autoptr (AionetRoute) bound = aionet_route_bind (any, 80, NULL);
  g_autoptr (GInetAddress) neighbour = g_inet_address_new_from_string ("fe80::99");
  g_autoptr (AionetRoute) towards = aionet_route_bind_towards (any, neighbour, 80, NULL);
  g_autofree char *text = aionet_route_to_string (any);

  g_test_summary ("The wildcard route knows nothing and leaves all to the system");

  g_assert_cmpuint (aionet_route_get_n_addresses (any), ==, 0);
  g_assert_null (aionet_route_get_nic_address (any));
  g_assert_null (aionet_route_get_ext_address (any));
  g_assert_cmpstr (text, ==, "[*] -> [*]");
  assert_local (bound, "[::]:80");
  assert_local (towards, "[::]:80");
}

static void
test_items (void)
{
  g_autoptr (AionetRoute) own = route_from_text ("8.8.0.0/16 7.7.7.7", "8.8.0.0/16");
  g_autoptr (AionetRoute) natted = route_from_text ("10.0.0.5 10.0.0.6", "1.3.3.7 1.3.3.8");
  g_autoptr (AionetRoute) six = route_from_text ("fe80::1%lo", "2402::/64");
  g_autoptr (AionetRoute) own_item = _aionet_route_new_item (own, 65023);
  g_autoptr (AionetRoute) natted_item = _aionet_route_new_item (natted, 1);
  g_autoptr (AionetRoute) six_item = _aionet_route_new_item (six, G_MAXUINT64 - 1);
  g_autofree char *own_text = aionet_route_to_string (own_item);
  g_autofree char *natted_text = aionet_route_to_string (natted_item);
  g_autofree char *six_text = aionet_route_to_string (six_item);

  g_test_summary ("S55, P-17: a host route has one external address and its NIC side");

  g_assert_cmpstr (own_text, ==, "[8.8.255.254] -> [8.8.255.254]");
  g_assert_cmpstr (natted_text, ==, "[10.0.0.5, 10.0.0.6] -> [1.3.3.8]");
  g_assert_cmpstr (six_text, ==, "[fe80::1%lo] -> [2402::ffff:ffff:ffff:ffff]");
  g_assert_cmpuint (aionet_route_get_n_addresses (own_item), ==, 1);
  g_assert_null (_aionet_route_new_item (own, 65024));
}

static void
test_properties (void)
{
  g_autoptr (AionetRoute) route = route_from_text ("fe80::1%lo", "2402::1");
  g_autoptr (AionetRoute) bound = aionet_route_bind (route, 80, NULL);
  g_autoptr (GListModel) nic = NULL;
  g_autoptr (GListModel) ext = NULL;
  g_autoptr (GListModel) link_locals = NULL;
  g_autoptr (GObject) interface = NULL;
  g_autoptr (GSocketAddress) local = NULL;
  GSocketFamily family;
  gboolean      confirmed;
  gboolean      is_bound;

  g_test_summary ("Properties say what the getters say");

  g_object_get (bound, "family", &family, "nic-ranges", &nic, "ext-ranges", &ext, "link-locals",
                &link_locals, "interface", &interface, "confirmed", &confirmed, "is-bound",
                &is_bound, "local-address", &local, NULL);
  g_assert_cmpint (family, ==, G_SOCKET_FAMILY_IPV6);
  g_assert_true (nic == aionet_route_get_nic_ranges (bound));
  g_assert_true (ext == aionet_route_get_ext_ranges (bound));
  g_assert_cmpuint (g_list_model_get_n_items (link_locals), ==, 1);
  g_assert_null (interface);
  g_assert_false (confirmed);
  g_assert_true (is_bound);
  g_assert_true (local == aionet_route_get_local_address (bound));
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/aionet/route/sides", test_sides);
  g_test_add_func ("/aionet/route/immutable", test_immutable);
  g_test_add_func ("/aionet/route/invalid", test_invalid);
  g_test_add_func ("/aionet/route/has-address", test_has_address);
  g_test_add_func ("/aionet/route/equal", test_equal);
  g_test_add_func ("/aionet/route/bind-rules", test_bind_rules);
  g_test_add_func ("/aionet/route/bind-is-a-copy", test_bind_is_a_copy);
  g_test_add_func ("/aionet/route/bind-to", test_bind_to);
  g_test_add_func ("/aionet/route/scope", test_scope);
  g_test_add_func ("/aionet/route/bind-towards", test_bind_towards);
  g_test_add_func ("/aionet/route/create-socket", test_create_socket);
  g_test_add_func ("/aionet/route/any", test_any);
  g_test_add_func ("/aionet/route/items", test_items);
  g_test_add_func ("/aionet/route/properties", test_properties);

  return g_test_run ();
}
