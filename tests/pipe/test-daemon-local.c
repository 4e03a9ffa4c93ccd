/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#include "config.h"

#include <gio/gio.h>
#include <net/if.h>
#include <string.h>

#include "../plugins/netns.h"
#include "daemon-helpers.h"
#include "veth-fixture.h"

/* In a namespace of its own with a link that has public, private and link-local addresses. */

#define TCP G_SOCKET_PROTOCOL_TCP
#define UDP G_SOCKET_PROTOCOL_UDP

static const GSocketProtocol protocols[] = { TCP, UDP };

static void
test_loopback (void)
{
  g_autoptr (AionetDaemon) daemon = echo_func_daemon ();
  g_autoptr (AionetInterface) nic = veth_interface ();
  g_autoptr (GError) error = NULL;
  guint16 port = aionet_daemon_listen_loopback (daemon, TCP, 0, nic, &error);

  g_test_summary ("Case M-08: loopback is 127.0.0.1 and ::1 and nothing else");

  g_assert_no_error (error);
  g_assert_cmpuint (g_list_model_get_n_items (aionet_daemon_get_listeners (daemon)), ==, 2);
  assert_echo (TCP, "127.0.0.1", port);
  assert_echo (TCP, "[::1]", port);
  assert_refused (TCP, VETH_IPV4, port);
  assert_refused (TCP, VETH_PUBLIC_IPV4, port);
  assert_refused (TCP, "[" VETH_LINK_LOCAL "%veth0]", port);
}

static void
test_local (void)
{
  g_autoptr (AionetDaemon) daemon = echo_func_daemon ();
  g_autoptr (AionetInterface) nic = veth_interface ();
  g_autoptr (GError) error = NULL;
  guint16 port = aionet_daemon_listen_local (daemon, G_SOCKET_PROTOCOL_DEFAULT, 0, nic, &error);

  g_test_summary (
      "Local is private, link-local and loopback, not public; both protocols, one port");

  g_assert_no_error (error);
  g_assert_cmpuint (g_list_model_get_n_items (aionet_daemon_get_listeners (daemon)), ==, 8);
  for (guint i = 0; i < 2; i++)
    {
      assert_echo (protocols[i], VETH_IPV4, port);
      assert_echo (protocols[i], "[" VETH_LINK_LOCAL "%veth0]", port);
      assert_echo (protocols[i], "127.0.0.1", port);
      assert_echo (protocols[i], "[::1]", port);
    }
  assert_refused (TCP, VETH_PUBLIC_IPV4, port);
}

static void
test_not_loaded (void)
{
  g_autoptr (AionetDaemon) daemon = echo_func_daemon ();
  g_autoptr (AionetInterface) nic = aionet_interface_new ("veth0");
  g_autoptr (GError) error = NULL;

  g_test_summary ("An interface that is not loaded has no local addresses, which is said");

  g_assert_cmpuint (aionet_daemon_listen_local (daemon, TCP, 0, nic, &error), ==, 0);
  g_assert_error (error, AIONET_ERROR, AIONET_ERROR_NO_ROUTE);
  g_clear_error (&error);
  g_assert_cmpuint (aionet_daemon_listen_all (daemon, TCP, 0, nic, &error), !=, 0);
  g_assert_no_error (error);
}

static void
test_link_local (void)
{
  g_autofree char *address = g_strdup (VETH_LINK_LOCAL "%veth0");
  g_autofree char *host = g_strdup_printf ("[%s]", address);

  g_test_summary (
      "Case M-10: echo over TCP and UDP at a link-local address, three on a connection");

  for (guint i = 0; i < 2; i++)
    {
      g_autoptr (AionetDaemon) daemon = echo_func_daemon ();
      g_autoptr (AionetRoute) route = bound_route (address, 0);
      g_autoptr (GError) error = NULL;
      g_autoptr (AionetPipe) client = NULL;
      guint16 port = aionet_daemon_add_listener (daemon, protocols[i], route, &error);

      g_assert_no_error (error);
      client = connect_to (protocols[i], host, port, &error);
      g_assert_no_error (error);
      for (guint k = 0; k < 3; k++)
        {
          g_autofree char *text = g_strdup_printf ("message %u", k);

          send_text (client, text, NULL);
          assert_receives (client, text);
        }
    }
}

static void
test_all (void)
{
  static const char *const hosts[] = { "127.0.0.1", "[::1]", VETH_IPV4, VETH_PUBLIC_IPV4,
                                       "[" VETH_LINK_LOCAL "%veth0]" };
  g_autoptr (AionetDaemon) daemon = echo_func_daemon ();
  g_autoptr (AionetInterface) nic = veth_interface ();
  g_autoptr (GError) error = NULL;
  guint16 port = aionet_daemon_listen_all (daemon, G_SOCKET_PROTOCOL_DEFAULT, 0, nic, &error);

  g_test_summary ("Case M-07: all is every address, public, private, link-local and loopback");

  g_assert_no_error (error);
  for (guint i = 0; i < G_N_ELEMENTS (hosts); i++)
    for (guint k = 0; k < 2; k++)
      assert_echo (protocols[k], hosts[i], port);
}

static void
assert_three_of_four (guint16 port, GSocketProtocol held, gboolean everywhere)
{
  g_autoptr (AionetDaemon) daemon = echo_func_daemon ();
  g_autoptr (GError) error = NULL;
  g_auto (GStrv) failures = NULL;
  guint16 found =
      everywhere
          ? aionet_daemon_listen_all (daemon, G_SOCKET_PROTOCOL_DEFAULT, port, NULL, &error)
          : aionet_daemon_listen_loopback (daemon, G_SOCKET_PROTOCOL_DEFAULT, port, NULL, &error);

  g_assert_no_error (error);
  g_assert_cmpuint (found, ==, port);
  g_assert_cmpuint (g_list_model_get_n_items (aionet_daemon_get_listeners (daemon)), ==, 3);
  failures = aionet_daemon_get_failures (daemon);
  g_assert_cmpuint (g_strv_length (failures), ==, 1);
  g_assert_true (g_str_has_prefix (failures[0], held == G_SOCKET_PROTOCOL_TCP ? "tcp " : "udp "));
  for (guint i = 0; i < G_N_ELEMENTS (protocols); i++)
    if (protocols[i] != held)
      {
        assert_echo (protocols[i], "127.0.0.1", port);
        assert_echo (protocols[i], "[::1]", port);
      }
}

static void
test_one_in_use (void)
{
  static const GSocketFamily families[] = { G_SOCKET_FAMILY_IPV4, G_SOCKET_FAMILY_IPV6 };

  g_test_summary (
      "Case M-11: whichever of the four is in use, the other three stay, and it is told");

  for (guint i = 0; i < G_N_ELEMENTS (protocols); i++)
    for (guint k = 0; k < G_N_ELEMENTS (families); k++)
      {
        g_autoptr (AionetPipe) held = loopback_server (protocols[i], families[k]);
        GSocketAddress *local = aionet_pipe_get_local_address (held);
        guint16         port = g_inet_socket_address_get_port (G_INET_SOCKET_ADDRESS (local));

        assert_three_of_four (port, protocols[i], FALSE);
        assert_three_of_four (port, protocols[i], TRUE);
      }
}

static void
assert_listens_at (AionetRoute *route, const char *address)
{
  g_autoptr (AionetDaemon) daemon = echo_func_daemon ();
  g_autoptr (GInetAddress) expected = g_inet_address_new_from_string (address);
  g_autoptr (GError) error = NULL;
  guint16 port = aionet_daemon_add_listener (daemon, TCP, route, &error);

  g_assert_no_error (error);
  g_assert_nonnull (aionet_daemon_get_listener (daemon, TCP, expected, port));
}

static void
test_routes (void)
{
  static const char text[] =
      "{\"name\": \"veth0\", \"is_default\": {\"2\": true, \"10\": true}, \"rp\": {\"2\": "
      "[{\"af\": "
      "2, \"nic_ips\": [{\"ip\": \"10.9.0.1\", \"cidr\": 32, \"af\": 2}], \"ext_ips\": [{\"ip\": "
      "\"1.3.3.7\", \"cidr\": 32, \"af\": 2}]}], \"10\": [{\"af\": 10, \"nic_ips\": [{\"ip\": "
      "\"" VETH_LINK_LOCAL "\", \"cidr\": 128, \"af\": 10}], \"ext_ips\": [{\"ip\": \"2a00::1\", "
      "\"cidr\": 128, \"af\": 10}]}]}}";
  g_autoptr (GError) error = NULL;
  g_autoptr (AionetInterface) nic = aionet_interface_new_from_json_string (text, &error);
  g_autoptr (AionetRoute) v4 = NULL;
  g_autoptr (AionetRoute) v6 = NULL;

  g_test_summary ("Promises S38, S39: servers use the NIC side of IPv4 routes, the external side "
                  "of IPv6 routes");

  g_assert_no_error (error);
  v4 = aionet_interface_get_route (nic, G_SOCKET_FAMILY_IPV4, &error);
  g_assert_no_error (error);
  v6 = aionet_interface_get_route (nic, G_SOCKET_FAMILY_IPV6, &error);
  g_assert_no_error (error);
  assert_listens_at (v4, VETH_IPV4);
  assert_listens_at (v6, VETH_PUBLIC_IPV6);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  if (!veth_enter ())
    return 0;
  netns_run ("ip link set veth1 up");
  g_test_add_func ("/aionet/daemon-local/loopback", test_loopback);
  g_test_add_func ("/aionet/daemon-local/local", test_local);
  g_test_add_func ("/aionet/daemon-local/not-loaded", test_not_loaded);
  g_test_add_func ("/aionet/daemon-local/link-local", test_link_local);
  g_test_add_func ("/aionet/daemon-local/all", test_all);
  g_test_add_func ("/aionet/daemon-local/one-in-use", test_one_in_use);
  g_test_add_func ("/aionet/daemon-local/routes", test_routes);
  return g_test_run ();
}
