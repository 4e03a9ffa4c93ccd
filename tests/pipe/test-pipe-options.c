/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#include "config.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <string.h>
#include <sys/socket.h>

#include "pipe-helpers.h"
#include "pipe/aionet-pipe-options.h"
#include "pipe/aionet-pipe-private.h"
#include "topology/aionet-interface.h"
#include "topology/aionet-route-private.h"

static int
option_of (AionetPipe *pipe, int level, int name)
{
  int       value = -1;
  socklen_t size = sizeof value;

  g_assert_cmpint (getsockopt (pipe->fd, level, name, &value, &size), ==, 0);
  return value;
}

static gboolean
resets (AionetPipe *pipe)
{
  struct linger linger = { -1, -1 };
  socklen_t     size = sizeof linger;

  g_assert_cmpint (getsockopt (pipe->fd, SOL_SOCKET, SO_LINGER, &linger, &size), ==, 0);
  return linger.l_onoff != 0 && linger.l_linger == 0;
}

static void
set_tcp_options (AionetPipe *pipe)
{
  g_object_set (pipe, "keep-alive", TRUE, "keep-alive-idle-s", 33, "keep-alive-interval-s", 7,
                "no-delay", FALSE, "linger-ms", 0, "ttl", 9, "tos", 0x48, "send-buffer-bytes",
                20000, "receive-buffer-bytes", 30000, NULL);
}

static void
assert_tcp_options (AionetPipe *pipe, gboolean is_v6)
{
  g_assert_cmpint (option_of (pipe, SOL_SOCKET, SO_KEEPALIVE), !=, 0);
  g_assert_cmpint (option_of (pipe, IPPROTO_TCP, TCP_KEEPIDLE), ==, 33);
  g_assert_cmpint (option_of (pipe, IPPROTO_TCP, TCP_KEEPINTVL), ==, 7);
  g_assert_cmpint (option_of (pipe, IPPROTO_TCP, TCP_NODELAY), ==, 0);
  g_assert_true (resets (pipe));
  g_assert_cmpint (is_v6 ? option_of (pipe, IPPROTO_IPV6, IPV6_UNICAST_HOPS)
                         : option_of (pipe, IPPROTO_IP, IP_TTL),
                   ==, 9);
  g_assert_cmpint (is_v6 ? option_of (pipe, IPPROTO_IPV6, IPV6_TCLASS)
                         : option_of (pipe, IPPROTO_IP, IP_TOS),
                   ==, 0x48);
  g_assert_cmpint (option_of (pipe, SOL_SOCKET, SO_SNDBUF), ==, 40000);
  g_assert_cmpint (option_of (pipe, SOL_SOCKET, SO_RCVBUF), ==, 60000);
}

static void
test_tcp (GSocketFamily family)
{
  g_autoptr (AionetPipe) server = loopback_server (G_SOCKET_PROTOCOL_TCP, family);
  g_autofree char *target = target_of (server);
  g_autoptr (AionetPipe) before = aionet_pipe_new (G_SOCKET_PROTOCOL_TCP, target, NULL);
  g_autoptr (AionetPipe) after = NULL;
  g_autoptr (GError) error = NULL;
  gboolean is_v6 = family == G_SOCKET_FAMILY_IPV6;

  set_tcp_options (before);
  g_assert_true (open_pipe (before, NULL, &error));
  g_assert_no_error (error);
  assert_tcp_options (before, is_v6);
  after = open_client (server);
  g_assert_cmpint (option_of (after, IPPROTO_TCP, TCP_NODELAY), !=, 0);
  g_assert_cmpint (option_of (after, SOL_SOCKET, SO_KEEPALIVE), ==, 0);
  g_assert_false (resets (after));
  set_tcp_options (after);
  assert_tcp_options (after, is_v6);
  g_object_set (after, "no-delay", TRUE, "linger-ms", -1, "ttl", 0, "keep-alive", FALSE, NULL);
  g_assert_cmpint (option_of (after, IPPROTO_TCP, TCP_NODELAY), !=, 0);
  g_assert_cmpint (option_of (after, SOL_SOCKET, SO_KEEPALIVE), ==, 0);
  g_assert_false (resets (after));
  g_assert_cmpint (is_v6 ? option_of (after, IPPROTO_IPV6, IPV6_UNICAST_HOPS)
                         : option_of (after, IPPROTO_IP, IP_TTL),
                   >, 9);
}

static void
test_tcp_ipv4 (void)
{
  g_test_summary ("TCP: options reach the socket, set before it is opened or after");

  test_tcp (G_SOCKET_FAMILY_IPV4);
}

static void
test_tcp_ipv6 (void)
{
  g_test_summary ("TCP over IPv6: options reach the socket, set before it is opened or after");

  if (has_ipv6 ())
    test_tcp (G_SOCKET_FAMILY_IPV6);
}

static void
test_inherited (void)
{
  g_autoptr (AionetPipe) server = loopback_server (G_SOCKET_PROTOCOL_TCP, G_SOCKET_FAMILY_IPV4);
  g_autoptr (AionetPipe) client = NULL;
  g_autoptr (AionetPipe) peer = NULL;

  g_test_summary ("What is set on a TCP server holds for its clients");

  set_tcp_options (server);
  aionet_pipe_set_receive_timeout_ms (server, 17);
  client = open_client (server);
  peer = accept_client (server);
  g_assert_cmpint (option_of (peer, SOL_SOCKET, SO_KEEPALIVE), !=, 0);
  g_assert_cmpint (option_of (peer, IPPROTO_TCP, TCP_KEEPIDLE), ==, 33);
  g_assert_cmpint (option_of (peer, IPPROTO_TCP, TCP_NODELAY), ==, 0);
  g_assert_true (aionet_pipe_get_keep_alive (peer));
  g_assert_cmpuint (aionet_pipe_get_receive_timeout_ms (peer), ==, 17);
  g_assert_cmpint (aionet_pipe_get_linger_ms (peer), ==, 0);
  g_assert_true (resets (peer));
}

static void
test_reset (void)
{
  g_autoptr (AionetPipe) server = loopback_server (G_SOCKET_PROTOCOL_TCP, G_SOCKET_FAMILY_IPV4);
  g_autoptr (AionetPipe) client = open_client (server);
  g_autoptr (AionetPipe) peer = accept_client (server);
  g_autoptr (GError) error = NULL;

  g_test_summary ("A linger time of 0 resets the connection");

  aionet_pipe_set_linger_ms (client, 0);
  aionet_pipe_close (client);
  g_assert_null (receive (peer, 10000, NULL, &error));
  g_assert_error (error, AIONET_ERROR, AIONET_ERROR_CLOSED);
  g_assert_nonnull (strstr (error->message, g_strerror (ECONNRESET)));
}

static void
test_udp (void)
{
  g_autoptr (AionetPipe) pipe = loopback_server (G_SOCKET_PROTOCOL_UDP, G_SOCKET_FAMILY_IPV4);

  g_test_summary ("UDP: options reach the socket; those of TCP do no harm");

  g_assert_cmpint (option_of (pipe, SOL_SOCKET, SO_BROADCAST), ==, 0);
  g_object_set (pipe, "broadcast", TRUE, "ttl", 3, "multicast-ttl", 4, "multicast-loopback", FALSE,
                "keep-alive", TRUE, "linger-ms", 0, "no-delay", FALSE, NULL);
  g_assert_cmpint (option_of (pipe, SOL_SOCKET, SO_BROADCAST), !=, 0);
  g_assert_cmpint (option_of (pipe, IPPROTO_IP, IP_TTL), ==, 3);
  g_assert_cmpint (option_of (pipe, IPPROTO_IP, IP_MULTICAST_TTL), ==, 4);
  g_assert_cmpint (option_of (pipe, IPPROTO_IP, IP_MULTICAST_LOOP), ==, 0);
}

static AionetPipe *
any_server (guint16 port, gboolean reuse, GError **error)
{
  g_autoptr (AionetRoute) any = _aionet_route_new_any (G_SOCKET_FAMILY_IPV4, NULL);
  g_autoptr (AionetRoute) route = aionet_route_bind_to (any, "*", port, NULL);
  AionetPipe *pipe = aionet_pipe_new (G_SOCKET_PROTOCOL_UDP, NULL, route);

  aionet_pipe_set_reuse_address (pipe, reuse);
  open_pipe (pipe, NULL, error);
  return pipe;
}

static guint16
port_of (AionetPipe *pipe)
{
  return g_inet_socket_address_get_port (
      G_INET_SOCKET_ADDRESS (aionet_pipe_get_local_address (pipe)));
}

static void
test_reuse (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (AionetPipe) first = any_server (0, TRUE, &error);
  g_autoptr (AionetPipe) second = NULL;
  g_autoptr (AionetPipe) third = NULL;

  g_test_summary ("Two UDP servers share a port if both want to, case M-04 otherwise");

  g_assert_no_error (error);
  second = any_server (port_of (first), TRUE, &error);
  g_assert_no_error (error);
  third = any_server (port_of (first), FALSE, &error);
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_ADDRESS_IN_USE);
}

static void
test_receive_timeout (void)
{
  g_autoptr (AionetPipe) pipe = loopback_server (G_SOCKET_PROTOCOL_UDP, G_SOCKET_FAMILY_IPV4);
  g_autoptr (GError) error = NULL;

  g_test_summary ("A receive without a time-out of its own takes that of the pipe");

  aionet_pipe_set_receive_timeout_ms (pipe, 20);
  g_assert_null (receive (pipe, -1, NULL, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_TIMED_OUT);
  g_clear_error (&error);
  g_assert_null (receive_n (pipe, 4, -1, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_TIMED_OUT);
}

static void
on_closed (AionetPipe *pipe, const GError *error, gpointer user_data)
{
  GError **reason = user_data;

  g_assert_null (*reason);
  *reason = error != NULL ? g_error_copy (error) : NULL;
}

static void
wait_until_closed (AionetPipe *pipe)
{
  while (aionet_pipe_is_open (pipe))
    g_main_context_iteration (NULL, TRUE);
}

static void
test_idle (void)
{
  g_autoptr (AionetPipe) server = loopback_server (G_SOCKET_PROTOCOL_TCP, G_SOCKET_FAMILY_IPV4);
  g_autoptr (AionetPipe) client = open_client (server);
  g_autoptr (AionetPipe) peer = accept_client (server);
  g_autoptr (GError) reason = NULL;

  g_test_summary ("A pipe that is silent too long is closed, and says why; its peer just hears it");

  g_signal_connect (client, "closed", G_CALLBACK (on_closed), &reason);
  aionet_pipe_set_idle_timeout_ms (client, 20);
  wait_until_closed (client);
  g_assert_error (reason, G_IO_ERROR, G_IO_ERROR_TIMED_OUT);
  assert_closed (peer);
  assert_closed (client);
}

/* One that talks lives through several of the time-outs of one that does not. */
static void
test_idle_activity (void)
{
  g_autoptr (AionetPipe) talker = loopback_server (G_SOCKET_PROTOCOL_UDP, G_SOCKET_FAMILY_IPV4);

  g_test_summary ("Traffic puts the idle time-out off, and 0 takes it away");

  aionet_pipe_set_idle_timeout_ms (talker, 400);
  for (guint i = 0; i < 12; i++)
    {
      g_autoptr (AionetPipe) silent = loopback_server (G_SOCKET_PROTOCOL_UDP, G_SOCKET_FAMILY_IPV4);

      aionet_pipe_set_idle_timeout_ms (silent, 40);
      send_text (silent, "x", aionet_pipe_get_local_address (talker));
      assert_receives (talker, "x");
      wait_until_closed (silent);
    }
  g_assert_true (aionet_pipe_is_open (talker));
  aionet_pipe_set_idle_timeout_ms (talker, 0);
  g_assert_null (receive (talker, 600, NULL, NULL));
  g_assert_true (aionet_pipe_is_open (talker));
}

static void
test_idle_listener (void)
{
  g_autoptr (AionetPipe) server = loopback_server (G_SOCKET_PROTOCOL_TCP, G_SOCKET_FAMILY_IPV4);
  g_autoptr (AionetPipe) client = NULL;
  g_autoptr (AionetPipe) peer = NULL;

  g_test_summary ("A TCP server has clients with an idle time-out, none of its own");

  aionet_pipe_set_idle_timeout_ms (server, 20);
  client = open_client (server);
  peer = accept_client (server);
  wait_until_closed (peer);
  assert_closed (client);
  g_assert_true (aionet_pipe_is_open (server));
}

static void
test_group (void)
{
  g_autoptr (GInetAddress) group = g_inet_address_new_from_string ("239.255.77.77");
  g_autoptr (GInetAddress) unicast = g_inet_address_new_from_string ("127.0.0.1");
  g_autoptr (AionetInterface) lo = aionet_interface_new ("lo");
  g_autoptr (AionetRoute) any = _aionet_route_new_any (G_SOCKET_FAMILY_IPV4, lo);
  g_autoptr (AionetRoute) route = aionet_route_bind_to (any, "*", 0, NULL);
  g_autoptr (AionetPipe) member = aionet_pipe_new (G_SOCKET_PROTOCOL_UDP, NULL, route);
  g_autoptr (AionetPipe) tcp = aionet_pipe_new (G_SOCKET_PROTOCOL_TCP, NULL, route);
  g_autoptr (GSocketAddress) to = NULL;
  g_autoptr (GError) error = NULL;

  g_test_summary ("A member of a multicast group, joined before opening, hears it until it leaves");

  g_assert_false (aionet_pipe_join_group (tcp, group, NULL, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED);
  g_clear_error (&error);
  g_assert_false (aionet_pipe_join_group (member, unicast, NULL, &error));
  g_assert_error (error, AIONET_ERROR, AIONET_ERROR_INVALID_ADDRESS);
  g_clear_error (&error);
  g_assert_true (aionet_pipe_join_group (member, group, NULL, &error));
  g_assert_true (open_pipe (member, NULL, &error));
  g_assert_no_error (error);
  to = g_inet_socket_address_new (group, port_of (member));
  send_text (member, "to all", to);
  assert_receives (member, "to all");
  g_assert_false (aionet_pipe_join_group (member, group, NULL, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_ADDRESS_IN_USE);
  g_clear_error (&error);
  g_assert_true (aionet_pipe_leave_group (member, group, NULL, &error));
  g_assert_no_error (error);
  g_assert_false (aionet_pipe_leave_group (member, group, NULL, &error));
  g_assert_nonnull (error);
  send_text (member, "to nobody", to);
  g_assert_null (receive (member, 50, NULL, NULL));
}

static void
test_notify (void)
{
  g_autoptr (AionetPipe) pipe = aionet_pipe_new (G_SOCKET_PROTOCOL_TCP, NULL, NULL);
  guint n = 0;

  g_test_summary ("An option notifies when it changes, only then");

  g_signal_connect_swapped (pipe, "notify::ttl", G_CALLBACK (g_atomic_int_inc), &n);
  aionet_pipe_set_ttl (pipe, 5);
  aionet_pipe_set_ttl (pipe, 5);
  g_assert_cmpuint (n, ==, 1);
  g_assert_cmpuint (aionet_pipe_get_ttl (pipe), ==, 5);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/aionet/pipe-options/tcp/ipv4", test_tcp_ipv4);
  g_test_add_func ("/aionet/pipe-options/tcp/ipv6", test_tcp_ipv6);
  g_test_add_func ("/aionet/pipe-options/inherited", test_inherited);
  g_test_add_func ("/aionet/pipe-options/reset", test_reset);
  g_test_add_func ("/aionet/pipe-options/udp", test_udp);
  g_test_add_func ("/aionet/pipe-options/reuse", test_reuse);
  g_test_add_func ("/aionet/pipe-options/receive-timeout", test_receive_timeout);
  g_test_add_func ("/aionet/pipe-options/idle/silent", test_idle);
  g_test_add_func ("/aionet/pipe-options/idle/activity", test_idle_activity);
  g_test_add_func ("/aionet/pipe-options/idle/listener", test_idle_listener);
  g_test_add_func ("/aionet/pipe-options/group", test_group);
  g_test_add_func ("/aionet/pipe-options/notify", test_notify);
  return g_test_run ();
}
