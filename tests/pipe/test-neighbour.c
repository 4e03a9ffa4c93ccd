/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#include "config.h"

#include <gio/gio.h>
#include <net/if.h>

#include "daemon-helpers.h"
#include "neighbour.h"
#include "veth-fixture.h"

/* Two hosts on one link: what is reached from the local network, and by which address. */

#define TCP G_SOCKET_PROTOCOL_TCP
#define UDP G_SOCKET_PROTOCOL_UDP

static const GSocketProtocol protocols[] = { TCP, UDP };

static void
assert_visit (GSocketProtocol protocol, const char *host, guint16 port, const char *want)
{
  g_autofree char *target = g_strdup_printf ("%s:%u", host, port);
  g_autofree char *got = neighbour_visits (protocol, target);

  g_test_message ("%s %s: %s", protocol == TCP ? "tcp" : "udp", target, got);
  g_assert_cmpstr (got, ==, want);
}

static void
assert_visits (const char *host, guint16 port, const char *want)
{
  for (guint i = 0; i < G_N_ELEMENTS (protocols); i++)
    assert_visit (protocols[i], host, port, want);
}

static void
test_loopback (void)
{
  g_autoptr (AionetDaemon) daemon = echo_func_daemon ();
  g_autoptr (AionetInterface) nic = veth_interface ();
  g_autoptr (GError) error = NULL;
  guint16 port = aionet_daemon_listen_loopback (daemon, G_SOCKET_PROTOCOL_DEFAULT, 0, nic, &error);

  g_test_summary ("Case M-08: who listens on loopback is not there for the local network");

  g_assert_no_error (error);
  for (guint i = 0; i < G_N_ELEMENTS (protocols); i++)
    {
      assert_echo (protocols[i], "127.0.0.1", port);
      assert_echo (protocols[i], "[::1]", port);
    }
  assert_visits (VETH_IPV4, port, "refused");
  assert_visits (VETH_PUBLIC_IPV4, port, "refused");
  assert_visits ("[" VETH_LINK_LOCAL "%veth1]", port, "refused");
}

static void
test_local (void)
{
  g_autoptr (AionetDaemon) daemon = echo_func_daemon ();
  g_autoptr (AionetInterface) nic = veth_interface ();
  g_autoptr (GError) error = NULL;
  guint16 port = aionet_daemon_listen_local (daemon, G_SOCKET_PROTOCOL_DEFAULT, 0, nic, &error);

  g_test_summary ("Case M-10: a neighbour reaches the private and the link-local address, and "
                  "not the public one");

  g_assert_no_error (error);
  assert_visits (VETH_IPV4, port, "echo");
  assert_visits ("[" VETH_LINK_LOCAL "%veth1]", port, "echo");
  assert_visits (VETH_PUBLIC_IPV4, port, "refused");
}

static void
test_all (void)
{
  g_autoptr (AionetDaemon) daemon = echo_func_daemon ();
  g_autoptr (AionetInterface) nic = veth_interface ();
  g_autoptr (GError) error = NULL;
  guint16 port = aionet_daemon_listen_all (daemon, G_SOCKET_PROTOCOL_DEFAULT, 0, nic, &error);

  g_test_summary ("Case M-07: who listens on all is reached by a neighbour as well");

  g_assert_no_error (error);
  assert_visits (VETH_IPV4, port, "echo");
  assert_visits ("[" VETH_LINK_LOCAL "%veth1]", port, "echo");
  /* A datagram's reply leaves from the address that the system chooses, see test_routes (). */
  assert_visit (TCP, VETH_PUBLIC_IPV4, port, "echo");
}

static void
test_routes (void)
{
  static const char *const addresses[] = { VETH_IPV4, VETH_PUBLIC_IPV4, VETH_LINK_LOCAL "%veth0" };
  static const char *const hosts[] = { VETH_IPV4, VETH_PUBLIC_IPV4, "[" VETH_LINK_LOCAL "%veth1]" };
  g_autoptr (AionetDaemon) daemon = echo_func_daemon ();
  g_autoptr (GError) error = NULL;
  guint16 port = 0;

  g_test_summary ("Listeners on one address each reply from the one they were asked at");

  for (guint i = 0; i < G_N_ELEMENTS (addresses); i++)
    for (guint k = 0; k < G_N_ELEMENTS (protocols); k++)
      {
        g_autoptr (AionetRoute) route = bound_route (addresses[i], port);

        port = aionet_daemon_add_listener (daemon, protocols[k], route, &error);
        g_assert_no_error (error);
      }
  for (guint i = 0; i < G_N_ELEMENTS (hosts); i++)
    assert_visits (hosts[i], port, "echo");
}

/* Three messages, from the link-local address of veth0. */
static void
assert_link_local_client (GSocketProtocol protocol, const char *target, AionetRoute *route)
{
  g_autoptr (AionetPipe) client = aionet_pipe_new (protocol, target, route);
  g_autoptr (GError) error = NULL;
  GSocketAddress  *local;
  guint32          scope_id;
  g_autofree char *expected = NULL;
  g_autofree char *text = NULL;

  open_pipe (client, NULL, &error);
  g_assert_no_error (error);
  local = aionet_pipe_get_local_address (client);
  text =
      g_inet_address_to_string (g_inet_socket_address_get_address (G_INET_SOCKET_ADDRESS (local)));
  g_assert_cmpstr (text, ==, VETH_LINK_LOCAL);
  scope_id = g_inet_socket_address_get_scope_id (G_INET_SOCKET_ADDRESS (local));
  g_assert_cmpuint (scope_id, ==, if_nametoindex ("veth0"));
  for (guint i = 0; i < 3; i++)
    {
      g_autofree char *message = g_strdup_printf ("message %u", i);

      send_text (client, message, NULL);
      assert_receives (client, message);
    }
}

static void
test_client (void)
{
  static const char *const hosts[] = { NEIGHBOUR_LINK_LOCAL, NEIGHBOUR_LINK_LOCAL "%veth0" };
  g_autoptr (AionetInterface) nic = veth_interface ();
  g_autoptr (GError) error = NULL;
  g_autoptr (AionetRoute) route = aionet_interface_get_route (nic, G_SOCKET_FAMILY_IPV6, &error);
  g_autoptr (AionetRoute) bound = aionet_route_bind_to (route, VETH_LINK_LOCAL, 0, &error);

  g_test_summary ("Case B-11, promise S60: a route reaches a link-local neighbour from the "
                  "link-local address of its interface, which is the scope unless one is given");

  g_assert_no_error (error);
  for (guint i = 0; i < G_N_ELEMENTS (protocols); i++)
    for (guint k = 0; k < G_N_ELEMENTS (hosts); k++)
      {
        g_autofree char *target = g_strdup_printf ("[%s]:%u", hosts[k], NEIGHBOUR_PORT);

        assert_link_local_client (protocols[i], target, route);
        assert_link_local_client (protocols[i], target, bound);
        if (k == 1)
          assert_link_local_client (protocols[i], target, NULL);
      }
}

int
main (int argc, char **argv)
{
  g_autofree char *reason = NULL;
  int              status;

  g_test_init (&argc, &argv, NULL);
  if (!veth_enter ())
    return 0;
  neighbour_start ();
  g_test_add_func ("/aionet/neighbour/loopback", test_loopback);
  g_test_add_func ("/aionet/neighbour/local", test_local);
  g_test_add_func ("/aionet/neighbour/all", test_all);
  g_test_add_func ("/aionet/neighbour/routes", test_routes);
  g_test_add_func ("/aionet/neighbour/client", test_client);
  status = g_test_run ();
  neighbour_stop ();
  return status;
}
