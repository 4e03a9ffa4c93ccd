/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#include "config.h"

#include <gio/gio.h>

#include "provider/aionet-socket-source-private.h"

static AionetSocketSource *
make_source (const char *address)
{
  g_autoptr (GInetAddress) host = g_inet_address_new_from_string (address);
  g_autoptr (AionetLocal) local = _aionet_local_new (host, G_SOCKET_FAMILY_INVALID, 0);

  return _aionet_socket_source_new (local);
}

static GInetSocketAddress *
get_local (GSocket *socket)
{
  g_autoptr (GError) error = NULL;
  GSocketAddress *address = g_socket_get_local_address (socket, &error);

  g_assert_no_error (error);
  return G_INET_SOCKET_ADDRESS (address);
}

static guint
get_port (GSocket *socket)
{
  g_autoptr (GInetSocketAddress) address = get_local (socket);

  return g_inet_socket_address_get_port (address);
}

static GSocket *
dup_socket (AionetSocketSource *source, GSocketProtocol protocol, GSocketAddress *remote)
{
  g_autoptr (GError) error = NULL;
  GSocket *socket;

  socket =
      _aionet_socket_source_dup_socket (source, protocol, (GInetSocketAddress *) remote, &error);
  g_assert_no_error (error);
  return socket;
}

static void
test_udp (void)
{
  g_autoptr (AionetSocketSource) source = make_source ("127.0.0.1");
  g_autoptr (GSocketAddress) first_remote = g_inet_socket_address_new_from_string ("127.0.0.1", 9);
  g_autoptr (GSocketAddress) second_remote = g_inet_socket_address_new_from_string ("127.0.0.2", 9);
  g_autoptr (GSocket) first = dup_socket (source, G_SOCKET_PROTOCOL_UDP, first_remote);
  g_autoptr (GSocket) second = dup_socket (source, G_SOCKET_PROTOCOL_UDP, second_remote);

  g_test_summary ("Over UDP all requests of a source ask from one socket");

  g_assert_true (first == second);
  g_assert_false (g_socket_get_blocking (first));
  g_assert_cmpint (g_socket_get_socket_type (first), ==, G_SOCKET_TYPE_DATAGRAM);
  g_assert_cmpuint (get_port (first), !=, 0);
}

static GSocket *
make_listener (GSocketAddress **address)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GSocketAddress) any_port = g_inet_socket_address_new_from_string ("127.0.0.1", 0);
  GSocket *listener;

  listener =
      g_socket_new (G_SOCKET_FAMILY_IPV4, G_SOCKET_TYPE_STREAM, G_SOCKET_PROTOCOL_TCP, &error);
  g_assert_no_error (error);
  g_socket_bind (listener, any_port, TRUE, &error);
  g_assert_no_error (error);
  g_socket_listen (listener, &error);
  g_assert_no_error (error);
  *address = G_SOCKET_ADDRESS (get_local (listener));
  return listener;
}

static void
connect_now (GSocket *socket, GSocketAddress *remote)
{
  g_autoptr (GError) error = NULL;

  g_socket_set_blocking (socket, TRUE);
  g_socket_connect (socket, remote, NULL, &error);
  g_assert_no_error (error);
}

static void
test_tcp (void)
{
  g_autoptr (AionetSocketSource) source = make_source ("127.0.0.1");
  g_autoptr (GSocketAddress) first_remote = NULL;
  g_autoptr (GSocketAddress) second_remote = NULL;
  g_autoptr (GSocket) first_listener = make_listener (&first_remote);
  g_autoptr (GSocket) second_listener = make_listener (&second_remote);
  g_autoptr (GSocket) first = NULL;
  g_autoptr (GSocket) second = NULL;
  g_autoptr (GSocket) again = NULL;

  g_test_summary ("Over TCP each request has a socket, all connect from one port where they can");

  first = dup_socket (source, G_SOCKET_PROTOCOL_TCP, first_remote);
  second = dup_socket (source, G_SOCKET_PROTOCOL_TCP, second_remote);
  again = dup_socket (source, G_SOCKET_PROTOCOL_TCP, first_remote);
  g_assert_true (first != second);
  g_assert_cmpuint (get_port (first), ==, get_port (second));
  g_assert_cmpuint (get_port (first), !=, get_port (again));
  connect_now (first, first_remote);
  connect_now (second, second_remote);
  connect_now (again, first_remote);
}

static void
test_tcp_unbound (void)
{
  g_autoptr (AionetLocal) local = _aionet_local_new (NULL, G_SOCKET_FAMILY_IPV4, 0);
  g_autoptr (AionetSocketSource) source = _aionet_socket_source_new (local);
  g_autoptr (GSocketAddress) remote = NULL;
  g_autoptr (GSocket) listener = make_listener (&remote);

  g_test_summary ("Without a local address TCP sockets connect from where the system likes");

  for (guint i = 0; i < 3; i++)
    {
      g_autoptr (GSocket) socket = dup_socket (source, G_SOCKET_PROTOCOL_TCP, remote);

      connect_now (socket, remote);
    }
}

static void
test_error (void)
{
  /* A documentation address (RFC 5737): no host has it. */
  g_autoptr (AionetSocketSource) source = make_source ("203.0.113.77");
  const GSocketProtocol protocols[] = { G_SOCKET_PROTOCOL_UDP, G_SOCKET_PROTOCOL_TCP };

  g_test_summary ("An address that cannot be bound fails each request, with the same words");

  for (guint i = 0; i < G_N_ELEMENTS (protocols); i++)
    {
      g_autoptr (GError) first = NULL;
      g_autoptr (GError) second = NULL;

      g_assert_null (_aionet_socket_source_dup_socket (source, protocols[i], NULL, &first));
      g_assert_null (_aionet_socket_source_dup_socket (source, protocols[i], NULL, &second));
      g_assert_nonnull (first);
      g_assert_nonnull (strstr (first->message, "203.0.113.77"));
      g_assert_cmpint (first->domain, ==, second->domain);
      g_assert_cmpint (first->code, ==, second->code);
      g_assert_cmpstr (first->message, ==, second->message);
    }
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/aionet/socket-source/udp", test_udp);
  g_test_add_func ("/aionet/socket-source/tcp", test_tcp);
  g_test_add_func ("/aionet/socket-source/tcp-unbound", test_tcp_unbound);
  g_test_add_func ("/aionet/socket-source/error", test_error);
  return g_test_run ();
}
