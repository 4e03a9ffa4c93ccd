/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#include "config.h"

#include <errno.h>
#include <gio/gio.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include "engine/aionet-local-private.h"
#include "engine/aionet-sockaddr-private.h"
#include "value/aionet-error.h"

typedef struct
{
  const char   *text;
  GSocketFamily family;
  const char   *want; /* what one binds to, port 80, on interface 3 */
} GoodRow;

static const GoodRow good_rows[] = {
  { "localhost", G_SOCKET_FAMILY_IPV4, "127.0.0.1:80" },
  { "LOCALHOST", G_SOCKET_FAMILY_IPV6, "[::1]:80" },
  { "127.0.0.1", G_SOCKET_FAMILY_IPV4, "127.0.0.1:80" },
  { "*", G_SOCKET_FAMILY_IPV4, "0.0.0.0:80" },
  { "0.0.0.0", G_SOCKET_FAMILY_IPV4, "0.0.0.0:80" },
  { "0.0.0.0/0", G_SOCKET_FAMILY_IPV4, "0.0.0.0:80" },
  { "", G_SOCKET_FAMILY_IPV4, "0.0.0.0:80" },
  { NULL, G_SOCKET_FAMILY_IPV4, "0.0.0.0:80" },
  { "*", G_SOCKET_FAMILY_IPV6, "[::]:80" },
  { "::", G_SOCKET_FAMILY_IPV6, "[::]:80" },
  { "::/0", G_SOCKET_FAMILY_IPV6, "[::]:80" },
  { "", G_SOCKET_FAMILY_IPV6, "[::]:80" },
  { "192.168.0.1", G_SOCKET_FAMILY_IPV4, "192.168.0.1:80" },
  { "8.8.8.8", G_SOCKET_FAMILY_IPV4, "8.8.8.8:80" },
  { "8.8.8.8", G_SOCKET_FAMILY_INVALID, "8.8.8.8:80" },
  { "fd12:3456:789a:1::1", G_SOCKET_FAMILY_IPV6, "[fd12:3456:789a:1::1]:80" },
  { "2402:1f00:8101:83f::1", G_SOCKET_FAMILY_IPV6, "[2402:1f00:8101:83f::1]:80" },
  { "fe80::1", G_SOCKET_FAMILY_IPV6, "[fe80::1%3]:80" },
  { "ff02::1", G_SOCKET_FAMILY_IPV6, "[ff02::1%3]:80" },
};

static char *
to_text (AionetLocal *local)
{
  g_autoptr (GSocketAddress) address = _aionet_local_to_socket_address (local);
  AionetSockaddr native;

  g_assert_true (_aionet_sockaddr_set (&native, address, NULL));
  return _aionet_sockaddr_to_string (&native);
}

static void
test_parse_good (void)
{
  g_test_summary ("Cases B-01 to B-08: what users write becomes what the socket is bound to");

  for (gsize i = 0; i < G_N_ELEMENTS (good_rows); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (GInetAddress) address = NULL;
      g_autoptr (AionetLocal) local = NULL;
      g_autofree char *scope = NULL;
      g_autofree char *text = NULL;

      g_assert_true (_aionet_local_parse_address (good_rows[i].text, good_rows[i].family, &address,
                                                  &scope, &error));
      g_assert_no_error (error);
      g_assert_null (scope);
      local = _aionet_local_new (address, good_rows[i].family, 80);
      local->scope_id = 3;
      text = to_text (local);
      g_assert_cmpstr (text, ==, good_rows[i].want);
    }
}

static void
test_parse_scope (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GInetAddress) address = NULL;
  g_autofree char *scope = NULL;

  g_test_summary ("A scope stays with link-local addresses and is refused on others");

  g_assert_true (
      _aionet_local_parse_address ("fe80::1%eth0", G_SOCKET_FAMILY_IPV6, &address, &scope, &error));
  g_assert_no_error (error);
  g_assert_cmpstr (scope, ==, "eth0");
  g_clear_object (&address);
  g_clear_pointer (&scope, g_free);
  g_assert_false (
      _aionet_local_parse_address ("2402::1%eth0", G_SOCKET_FAMILY_IPV6, &address, &scope, &error));
  g_assert_error (error, AIONET_ERROR, AIONET_ERROR_INVALID_ADDRESS);
  g_assert_null (address);
  g_assert_null (scope);
}

static void
test_parse_bad (void)
{
  static const char *const texts[] = { "meow", "256.1.1.1", "1.2.3", "1.2.3.4/0",
                                       "::1%", "%eth0",     " " };

  g_test_summary ("What is no address is an error and leaves nothing behind");

  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autoptr (GError) error = NULL;
      GInetAddress *address = NULL;
      char         *scope = NULL;

      g_assert_false (_aionet_local_parse_address (texts[i], G_SOCKET_FAMILY_INVALID, &address,
                                                   &scope, &error));
      g_assert_error (error, AIONET_ERROR, AIONET_ERROR_INVALID_ADDRESS);
      g_assert_null (address);
      g_assert_null (scope);
    }
}

static void
test_parse_family (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GInetAddress) address = NULL;

  g_test_summary ("An address of the other family is refused, and the family named");

  g_assert_false (
      _aionet_local_parse_address ("8.8.8.8", G_SOCKET_FAMILY_IPV6, &address, NULL, &error));
  g_assert_error (error, AIONET_ERROR, AIONET_ERROR_UNSUPPORTED_FAMILY);
  g_assert_nonnull (strstr (error->message, "IPv6"));
}

static void
test_copy (void)
{
  g_autoptr (GInetAddress) address = g_inet_address_new_from_string ("fe80::1");
  g_autoptr (AionetLocal) local = _aionet_local_new (address, G_SOCKET_FAMILY_INVALID, 7);
  g_autoptr (AionetLocal) copy = NULL;
  g_autofree char *text = NULL;

  g_test_summary ("A copy owns what it holds");

  g_assert_cmpint (local->family, ==, G_SOCKET_FAMILY_IPV6);
  local->interface_name = g_strdup ("eth0");
  local->scope_id = 4;
  copy = _aionet_local_copy (local);
  g_clear_pointer (&local, _aionet_local_free);
  text = to_text (copy);
  g_assert_cmpstr (text, ==, "[fe80::1%4]:7");
  g_assert_cmpstr (copy->interface_name, ==, "eth0");
}

static int
get_option (GSocket *socket, int level, int name)
{
  int value = -1;

  g_assert_true (g_socket_get_option (socket, level, name, &value, NULL));
  return value;
}

static void
test_socket_options (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GInetAddress) loopback = g_inet_address_new_loopback (G_SOCKET_FAMILY_IPV4);
  g_autoptr (AionetLocal) local = _aionet_local_new (loopback, G_SOCKET_FAMILY_IPV4, 0);
  g_autoptr (GSocket) socket = NULL;
  g_autoptr (GSocketAddress) address = NULL;

  g_test_summary ("A UDP socket is bound, non-blocking, reports ICMP and is not shared");

  socket = _aionet_local_create_socket (local, G_SOCKET_PROTOCOL_UDP, &error);
  g_assert_no_error (error);
  g_assert_false (g_socket_get_blocking (socket));
  g_assert_cmpint (get_option (socket, SOL_SOCKET, SO_REUSEADDR), ==, 0);
#ifdef IP_RECVERR
  g_assert_cmpint (get_option (socket, IPPROTO_IP, IP_RECVERR), ==, 1);
#endif
  address = g_socket_get_local_address (socket, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (g_inet_socket_address_get_port (G_INET_SOCKET_ADDRESS (address)), !=, 0);
}

static void
test_socket_ipv6_only (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (AionetLocal) local = _aionet_local_new (NULL, G_SOCKET_FAMILY_IPV6, 0);
  g_autoptr (GSocket) socket = NULL;

  g_test_summary ("IPv6 sockets speak IPv6 only");

  socket = _aionet_local_create_socket (local, G_SOCKET_PROTOCOL_TCP, &error);
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED))
    {
      g_test_skip ("this host has no IPv6");
      return;
    }
  g_assert_no_error (error);
  g_assert_cmpint (get_option (socket, IPPROTO_IPV6, IPV6_V6ONLY), ==, 1);
}

static void
test_socket_free_bind (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GInetAddress) foreign = g_inet_address_new_from_string ("198.51.100.9");
  g_autoptr (AionetLocal) local = _aionet_local_new (foreign, G_SOCKET_FAMILY_IPV4, 0);
  g_autoptr (GSocket) socket = NULL;

  g_test_summary ("An address out of a block binds with free_bind and not without");

  socket = _aionet_local_create_socket (local, G_SOCKET_PROTOCOL_UDP, &error);
  g_assert_null (socket);
  g_assert_error (error, G_IO_ERROR, (int) g_io_error_from_errno (EADDRNOTAVAIL));
  g_assert_nonnull (strstr (error->message, "Cannot bind to 198.51.100.9 port 0: "));
  g_clear_error (&error);
  local->free_bind = TRUE;
  socket = _aionet_local_create_socket (local, G_SOCKET_PROTOCOL_UDP, &error);
  g_assert_no_error (error);
}

static void
test_socket_pin (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (AionetLocal) local = _aionet_local_new (NULL, G_SOCKET_FAMILY_IPV4, 0);
  g_autoptr (GSocket) socket = NULL;

  g_test_summary ("A refused pin is an error that names the interface");

  local->interface_name = g_strdup ("aionet-nowhere");
  local->pin = TRUE;
  socket = _aionet_local_create_socket (local, G_SOCKET_PROTOCOL_UDP, &error);
  g_assert_null (socket);
  g_assert_nonnull (error);
  g_assert_true (error->domain == G_IO_ERROR);
  g_assert_nonnull (strstr (error->message, "“aionet-nowhere”"));
  g_clear_error (&error);
  local->pin = FALSE;
  socket = _aionet_local_create_socket (local, G_SOCKET_PROTOCOL_UDP, &error);
  g_assert_no_error (error);
}

static void
test_socket_in_use (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GInetAddress) loopback = g_inet_address_new_loopback (G_SOCKET_FAMILY_IPV4);
  g_autoptr (AionetLocal) local = _aionet_local_new (loopback, G_SOCKET_FAMILY_IPV4, 0);
  g_autoptr (GSocket) first = NULL;
  g_autoptr (GSocket) second = NULL;
  g_autoptr (GSocketAddress) address = NULL;

  g_test_summary ("A second UDP socket on the port is refused unless both agreed to share it");

  local->reuse_address = TRUE;
  first = _aionet_local_create_socket (local, G_SOCKET_PROTOCOL_UDP, &error);
  g_assert_no_error (error);
  address = g_socket_get_local_address (first, NULL);
  local->port = g_inet_socket_address_get_port (G_INET_SOCKET_ADDRESS (address));
  local->reuse_address = FALSE;
  second = _aionet_local_create_socket (local, G_SOCKET_PROTOCOL_UDP, &error);
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_ADDRESS_IN_USE);
  g_clear_error (&error);
  local->reuse_address = TRUE;
  second = _aionet_local_create_socket (local, G_SOCKET_PROTOCOL_UDP, &error);
  g_assert_no_error (error);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/aionet/local/parse/good", test_parse_good);
  g_test_add_func ("/aionet/local/parse/scope", test_parse_scope);
  g_test_add_func ("/aionet/local/parse/bad", test_parse_bad);
  g_test_add_func ("/aionet/local/parse/family", test_parse_family);
  g_test_add_func ("/aionet/local/copy", test_copy);
  g_test_add_func ("/aionet/local/socket/options", test_socket_options);
  g_test_add_func ("/aionet/local/socket/ipv6-only", test_socket_ipv6_only);
  g_test_add_func ("/aionet/local/socket/free-bind", test_socket_free_bind);
  g_test_add_func ("/aionet/local/socket/pin", test_socket_pin);
  g_test_add_func ("/aionet/local/socket/in-use", test_socket_in_use);
  return g_test_run ();
}
