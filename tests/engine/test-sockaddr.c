/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#include "config.h"

#include <gio/gio.h>
#include <gio/gunixsocketaddress.h>

#include "engine/aionet-scratch-private.h"
#include "engine/aionet-sockaddr-private.h"

static AionetSockaddr
parse (const char *host, guint port, guint32 scope_id)
{
  g_autoptr (GInetAddress) address = g_inet_address_new_from_string (host);
  g_autoptr (GSocketAddress) endpoint = g_object_new (
      G_TYPE_INET_SOCKET_ADDRESS, "address", address, "port", port, "scope-id", scope_id, NULL);
  AionetSockaddr native;

  g_assert_true (_aionet_sockaddr_set (&native, endpoint, NULL));
  return native;
}

static void
test_text (void)
{
  AionetSockaddr   v4 = parse ("192.0.2.1", 80, 0);
  AionetSockaddr   v6 = parse ("fe80::1", 81, 3);
  AionetSockaddr   none = { 0 };
  g_autofree char *v4_text = _aionet_sockaddr_to_string (&v4);
  g_autofree char *v6_text = _aionet_sockaddr_to_string (&v6);
  g_autoptr (GSocketAddress) back = _aionet_sockaddr_to_gio (&v6);

  g_test_summary ("Endpoints keep address, port and scope on the way there and back");

  g_assert_cmpstr (v4_text, ==, "192.0.2.1:80");
  g_assert_cmpstr (v6_text, ==, "[fe80::1%3]:81");
  g_assert_cmpuint (g_inet_socket_address_get_scope_id (G_INET_SOCKET_ADDRESS (back)), ==, 3);
  g_assert_cmpuint (g_inet_socket_address_get_port (G_INET_SOCKET_ADDRESS (back)), ==, 81);
  g_assert_null (_aionet_sockaddr_to_gio (&none));
}

static void
test_matches (void)
{
  AionetSockaddr exact = parse ("fe80::1", 80, 3);
  AionetSockaddr any_port = parse ("fe80::1", 0, 3);
  AionetSockaddr any_scope = parse ("fe80::1", 80, 0);
  AionetSockaddr other_scope = parse ("fe80::1", 80, 4);
  AionetSockaddr other = parse ("fe80::2", 80, 3);
  AionetSockaddr v4 = parse ("0.0.0.1", 80, 0);

  g_test_summary ("A pattern without port or scope takes any, families never meet");

  g_assert_true (_aionet_sockaddr_matches (&exact, &exact));
  g_assert_true (_aionet_sockaddr_matches (&exact, &any_port));
  g_assert_true (_aionet_sockaddr_matches (&exact, &any_scope));
  g_assert_false (_aionet_sockaddr_matches (&exact, &other_scope));
  g_assert_false (_aionet_sockaddr_matches (&exact, &other));
  g_assert_false (_aionet_sockaddr_matches (&exact, &v4));
  g_assert_true (_aionet_sockaddr_equal (&exact, &other_scope));
  g_assert_cmpuint (_aionet_sockaddr_hash (&exact), ==, _aionet_sockaddr_hash (&other_scope));
  g_assert_false (_aionet_sockaddr_equal (&exact, &any_port));
}

static void
test_unix (void)
{
  g_autoptr (GSocketAddress) address = g_unix_socket_address_new ("/nowhere");
  g_autoptr (GError) error = NULL;
  AionetSockaddr native;

  g_test_summary ("What is no IP endpoint is refused");

  g_assert_false (_aionet_sockaddr_set (&native, address, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED);
}

static void
test_scratch (void)
{
  guint8 *outer = _aionet_scratch_acquire ();
  guint8 *inner = _aionet_scratch_acquire ();
  guint8 *again;

  g_test_summary ("A thread has one buffer, and another while that is in use");

  g_assert_true (outer != inner);
  _aionet_scratch_release (inner);
  _aionet_scratch_release (outer);
  again = _aionet_scratch_acquire ();
  g_assert_true (again == outer);
  _aionet_scratch_release (again);
}

static void
test_cache (void)
{
  AionetSockaddr first = parse ("fe80::1", 80, 3);
  AionetSockaddr other_scope = parse ("fe80::1", 80, 4);
  g_autoptr (GSocketAddress) once = _aionet_scratch_lookup_address (&first);
  g_autoptr (GSocketAddress) twice = _aionet_scratch_lookup_address (&first);
  g_autoptr (GSocketAddress) other = _aionet_scratch_lookup_address (&other_scope);

  g_test_summary ("The same endpoint is the same object; another scope is another endpoint");

  g_assert_true (once == twice);
  g_assert_true (once != other);
  g_assert_cmpuint (g_inet_socket_address_get_scope_id (G_INET_SOCKET_ADDRESS (other)), ==, 4);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/aionet/sockaddr/text", test_text);
  g_test_add_func ("/aionet/sockaddr/matches", test_matches);
  g_test_add_func ("/aionet/sockaddr/unix", test_unix);
  g_test_add_func ("/aionet/scratch/buffer", test_scratch);
  g_test_add_func ("/aionet/scratch/cache", test_cache);
  return g_test_run ();
}
