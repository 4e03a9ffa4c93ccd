/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#include "config.h"

#include "topology/fake-providers.h"

/* Loading against made-up hosts and servers. Nothing here depends on how fast the machine is:
 * questions are counted, and silence is ended by the host's timeout. */

#define V4_SERVERS "9.1.1.1 9.2.1.1 9.3.1.1 9.4.1.1 9.5.1.1"
#define V6_SERVERS "[2a01:1::1] [2a01:2::1] [2a01:3::1]"
#define V4 G_SOCKET_FAMILY_IPV4
#define V6 G_SOCKET_FAMILY_IPV6
#define UDP G_SOCKET_PROTOCOL_UDP
#define TCP G_SOCKET_PROTOCOL_TCP
#define CARD AIONET_LINK_KIND_ETHERNET

typedef struct
{
  FakeBackend *backend;
  FakeStun    *stun;
  AionetHost  *host;
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer servers)
{
  fixture->backend = fake_backend_new ();
  fixture->stun = fake_stun_new ();
  fixture->host = fake_host_new (fixture->backend, fixture->stun, servers);
}

static void
tear_down (Fixture *fixture, gconstpointer servers)
{
  g_object_add_weak_pointer (G_OBJECT (fixture->host), (gpointer *) &fixture->host);
  g_object_unref (fixture->host);
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_assert_null (fixture->host);
  g_object_unref (fixture->backend);
  g_object_unref (fixture->stun);
}

static void
assert_pool (AionetInterface *interface, GSocketFamily family, const char *expected)
{
  g_autofree char *text = fake_describe_pool (interface, family);

  g_assert_cmpstr (text, ==, expected);
}

static void
assert_unreachable (AionetInterface *interface, const char *expected)
{
  g_auto (GStrv) list = aionet_interface_get_unreachable (interface);
  g_autofree char *text = g_strjoinv ("; ", list);

  g_assert_cmpstr (text, ==, expected);
}

static void
test_guide_example_1 (Fixture *fixture, gconstpointer data)
{
  g_autoptr (AionetInterface) nic = NULL;
  g_autofree char *sources = NULL;
  AionetRoutePool *pool;

  g_test_summary ("The guide's example 1: four sources, two groups, 65025 addresses (R-01, R-02)");

  fake_backend_add (fixture->backend,
                    fake_link_new ("eth0", 2, CARD, TRUE, "192.168.0.20/24 7.7.7.7/32",
                                   "193.168.0.0/16 8.8.0.0/16", "4:100"));
  fake_stun_map (fixture->stun, "192.168.0.20", "1.3.3.7");
  fake_stun_map (fixture->stun, "193.168.0.1", "1.3.3.7");
  fake_stun_map (fixture->stun, "7.7.7.7", "1.3.3.7");
  fake_stun_map (fixture->stun, "8.8.0.1", "8.8.0.1");
  nic = fake_get_loaded (fixture->host, "eth0");

  sources = fake_stun_get_sources (fixture->stun);
  g_assert_cmpstr (sources, ==, "192.168.0.20 193.168.0.1 7.7.7.7 8.8.0.1");
  pool = aionet_interface_get_route_pool (nic, V4);
  g_assert_cmpuint (aionet_route_pool_get_n_addresses (pool), ==, 65025);
  g_assert_cmpuint (g_list_model_get_n_items (aionet_route_pool_get_groups (pool)), ==, 2);
  g_assert_true (aionet_interface_get_confirmed (nic));
  assert_unreachable (nic, "");
  /* Healthy: the first round, three servers a source, and no TCP. */
  g_assert_cmpuint (fake_stun_get_n_requests (fixture->stun, UDP), ==, 12);
  g_assert_cmpuint (fake_stun_get_n_requests (fixture->stun, TCP), ==, 0);
}

static void
test_guide_example_2 (Fixture *fixture, gconstpointer data)
{
  g_autoptr (AionetInterface) nic = NULL;
  g_autofree char *sources = NULL;

  g_test_summary ("The guide's example 2: globals are routes, link-locals on each (R-04, R-05)");

  fake_backend_add (fixture->backend, fake_link_new ("eth0", 2, CARD, TRUE,
                                                     "2020:deed:beef::/128 fe80:deed:beef::/128",
                                                     "2020:deed:deed::/64", "6:100"));
  fake_stun_map (fixture->stun, "2020:deed:beef::", "2020:deed:beef::");
  fake_stun_map (fixture->stun, "2020:deed:deed::1", "2020:deed:deed::1");
  nic = fake_get_loaded (fixture->host, "eth0");

  sources = fake_stun_get_sources (fixture->stun);
  g_assert_cmpstr (sources, ==, "2020:deed:beef:: 2020:deed:deed::1");
  assert_pool (nic, V6,
               "[fe80:deed:beef::%eth0] -> [2020:deed:beef::]; "
               "[fe80:deed:beef::%eth0] -> [2020:deed:deed::/64]");
  assert_pool (nic, V4, "");
  g_assert_cmpuint (g_list_model_get_n_items (aionet_interface_get_link_locals (nic)), ==, 1);
}

static void
add_simple (Fixture *fixture)
{
  fake_backend_add (fixture->backend,
                    fake_link_new ("eth0", 2, CARD, TRUE, "192.168.0.20/24", "", "4:100"));
  fake_stun_map (fixture->stun, "192.168.0.20", "1.3.3.7");
}

static void
test_liar_and_silence (Fixture *fixture, gconstpointer data)
{
  g_autoptr (AionetInterface) nic = NULL;

  g_test_summary ("One lying and one silent server among five change nothing (R-14)");

  add_simple (fixture);
  fake_stun_lie (fixture->stun, "9.1.1.1", "6.6.6.6");
  fake_stun_set_mood (fixture->stun, UDP, "9.2.1.1", FAKE_MOOD_SILENT);
  nic = fake_get_loaded (fixture->host, "eth0");

  assert_pool (nic, V4, "[192.168.0.20] -> [1.3.3.7]");
  g_assert_true (aionet_interface_get_confirmed (nic));
}

static void
test_disagreement (Fixture *fixture, gconstpointer data)
{
  g_autoptr (AionetInterface) nic = NULL;
  g_autoptr (AionetRoute) route = NULL;
  g_autoptr (GError) error = NULL;
  g_auto (GStrv) unreachable = NULL;

  g_test_summary ("Five servers that disagree give no address and no confirmation (R-16)");

  add_simple (fixture);
  fake_stun_lie (fixture->stun, "9.1.1.1", "6.6.6.1");
  fake_stun_lie (fixture->stun, "9.2.1.1", "6.6.6.2");
  fake_stun_lie (fixture->stun, "9.3.1.1", "6.6.6.3");
  fake_stun_lie (fixture->stun, "9.4.1.1", "6.6.6.4");
  fake_stun_lie (fixture->stun, "9.5.1.1", "6.6.6.5");
  nic = fake_get_loaded (fixture->host, "eth0");

  assert_pool (nic, V4, "");
  g_assert_true (aionet_interface_get_loaded (nic));
  g_assert_false (aionet_interface_get_confirmed (nic));
  unreachable = aionet_interface_get_unreachable (nic);
  g_assert_cmpuint (g_strv_length (unreachable), ==, 1);
  g_assert_true (g_str_has_prefix (unreachable[0], "192.168.0.20: "));
  g_assert_true (g_str_has_suffix (unreachable[0], " different addresses"));
  route = aionet_interface_get_route (nic, V4, &error);
  g_assert_error (error, AIONET_ERROR, AIONET_ERROR_NO_ROUTE);
  g_assert_true (g_str_has_prefix (error->message, "Interface “eth0” has no route for IPv4: "));
  g_assert_nonnull (strstr (error->message, " different addresses"));
  /* All were heard, so TCP could tell nothing more. */
  g_assert_cmpuint (fake_stun_get_n_requests (fixture->stun, UDP), ==, 5);
  g_assert_cmpuint (fake_stun_get_n_requests (fixture->stun, TCP), ==, 0);
}

static void
test_tcp_when_udp_is_silent (Fixture *fixture, gconstpointer data)
{
  g_autoptr (AionetInterface) nic = NULL;

  g_test_summary ("TCP is tried when UDP is silent, and its agreement counts");

  add_simple (fixture);
  fake_stun_set_mood (fixture->stun, UDP, NULL, FAKE_MOOD_SILENT);
  nic = fake_get_loaded (fixture->host, "eth0");

  assert_pool (nic, V4, "[192.168.0.20] -> [1.3.3.7]");
  g_assert_true (aionet_interface_get_confirmed (nic));
  g_assert_cmpuint (fake_stun_get_n_requests (fixture->stun, TCP), ==, 3);
}

static void
test_refused (Fixture *fixture, gconstpointer data)
{
  g_autoptr (AionetInterface) nic = NULL;

  g_test_summary ("Refusals end a load at once: it is over though its time never is");

  add_simple (fixture);
  aionet_host_set_timeout (fixture->host, 60 * 60 * 1000);
  fake_stun_set_mood (fixture->stun, UDP, NULL, FAKE_MOOD_REFUSES);
  fake_stun_set_mood (fixture->stun, TCP, NULL, FAKE_MOOD_REFUSES);
  nic = fake_get_loaded (fixture->host, "eth0");

  assert_pool (nic, V4, "");
  g_assert_cmpuint (fake_stun_get_n_requests (fixture->stun, UDP), ==, 5);
  g_assert_cmpuint (fake_stun_get_n_requests (fixture->stun, TCP), ==, 5);
  assert_unreachable (nic, "192.168.0.20: no answer from 5 servers (port unreachable)");
  /* Nobody contradicted anybody. */
  g_assert_true (aionet_interface_get_confirmed (nic));
  g_assert_cmpuint (g_list_model_get_n_items (aionet_interface_get_addresses (nic)), ==, 1);
}

static void
test_refused_udp_only (Fixture *fixture, gconstpointer data)
{
  g_autoptr (AionetInterface) nic = NULL;

  g_test_summary ("UDP refused by all servers: TCP answers without waiting for a timer");

  add_simple (fixture);
  fake_stun_set_mood (fixture->stun, UDP, NULL, FAKE_MOOD_REFUSES);
  nic = fake_get_loaded (fixture->host, "eth0");

  assert_pool (nic, V4, "[192.168.0.20] -> [1.3.3.7]");
}

static void
test_silence (Fixture *fixture, gconstpointer data)
{
  g_autoptr (AionetInterface) nic = NULL;
  g_autoptr (AionetRoute) route = NULL;
  g_autoptr (GError) error = NULL;

  g_test_summary ("Nothing answers: the load succeeds, addresses are known, pools empty (R-13)");

  fake_backend_add (fixture->backend,
                    fake_link_new ("eth0", 2, CARD, TRUE, "192.168.0.20/24", "", "4:100"));
  aionet_host_set_timeout (fixture->host, 50);
  nic = fake_get_loaded (fixture->host, "eth0");

  g_assert_true (aionet_interface_get_loaded (nic));
  assert_pool (nic, V4, "");
  g_assert_cmpuint (g_list_model_get_n_items (aionet_interface_get_addresses (nic)), ==, 1);
  route = aionet_interface_get_route (nic, V4, &error);
  g_assert_error (error, AIONET_ERROR, AIONET_ERROR_NO_ROUTE);
  g_clear_error (&error);
  g_assert_null (aionet_interface_get_route (nic, V6, &error));
  g_assert_error (error, AIONET_ERROR, AIONET_ERROR_UNSUPPORTED_FAMILY);
}

static void
test_nat66 (Fixture *fixture, gconstpointer data)
{
  g_autoptr (AionetInterface) nic = NULL;

  g_test_summary ("A unique local address that is seen as another is a route (R-22)");

  fake_backend_add (fixture->backend,
                    fake_link_new ("eth0", 2, CARD, TRUE, "fd00::5/64 fe80::1/64", "", "6:100"));
  fake_stun_map (fixture->stun, "fd00::5", "2402::99");
  nic = fake_get_loaded (fixture->host, "eth0");

  g_assert_cmpuint (aionet_route_pool_get_n_addresses (aionet_interface_get_route_pool (nic, V6)),
                    ==, 1);
  assert_unreachable (nic, "");
}

static void
test_unbindable (Fixture *fixture, gconstpointer data)
{
  g_autoptr (AionetInterface) nic = NULL;
  g_auto (GStrv) unreachable = NULL;

  g_test_summary ("An address that cannot be bound fails alone and at once, with the reason");

  fake_backend_add (fixture->backend,
                    fake_link_new ("no-such-nic", 2, CARD, TRUE, "203.0.112.5/24", "", "4:100"));
  aionet_host_set_timeout (fixture->host, 60 * 60 * 1000);
  fake_stun_use_sockets (fixture->stun);
  fake_stun_map (fixture->stun, "203.0.112.5", "203.0.112.5");
  nic = fake_get_loaded (fixture->host, "no-such-nic");

  assert_pool (nic, V4, "");
  unreachable = aionet_interface_get_unreachable (nic);
  g_assert_cmpuint (g_strv_length (unreachable), ==, 1);
  g_assert_nonnull (strstr (unreachable[0], "203.0.112.5: no answer from 5 servers ("));
}

static void
test_dead_family (Fixture *fixture, gconstpointer data)
{
  g_autoptr (AionetInterface) nic = NULL;

  g_test_summary ("A family that refuses costs the other nothing");

  aionet_host_set_timeout (fixture->host, 60 * 60 * 1000);
  fake_backend_add (
      fixture->backend,
      fake_link_new ("eth0", 2, CARD, TRUE, "192.168.0.20/24 2402:1f00::10/64", "", "4:100 6:100"));
  fake_stun_map (fixture->stun, "192.168.0.20", "1.3.3.7");
  for (guint i = 1; i <= 3; i++)
    {
      g_autofree char *server = g_strdup_printf ("2a01:%u::1", i);

      fake_stun_set_mood (fixture->stun, UDP, server, FAKE_MOOD_REFUSES);
      fake_stun_set_mood (fixture->stun, TCP, server, FAKE_MOOD_REFUSES);
    }
  nic = fake_get_loaded (fixture->host, "eth0");

  assert_pool (nic, V4, "[192.168.0.20] -> [1.3.3.7]");
  assert_pool (nic, V6, "");
  assert_unreachable (nic, "2402:1f00::10: no answer from 3 servers (port unreachable)");
}

static void
test_no_server_of_family (Fixture *fixture, gconstpointer data)
{
  g_autoptr (AionetInterface) nic = NULL;

  g_test_summary ("A family without a server says so at once");

  aionet_host_set_timeout (fixture->host, 60 * 60 * 1000);
  fake_backend_add (fixture->backend,
                    fake_link_new ("eth0", 2, CARD, TRUE, "2402:1f00::10/64", "", "6:100"));
  nic = fake_get_loaded (fixture->host, "eth0");

  assert_unreachable (nic, "2402:1f00::10: no STUN server for IPv6 is configured");
}

static void
test_few_servers (Fixture *fixture, gconstpointer data)
{
  g_autoptr (AionetInterface) nic = NULL;
  g_autoptr (AionetRoute) route = NULL;

  g_test_summary ("Fewer servers than must agree: accepted, but not confirmed");

  add_simple (fixture);
  nic = fake_get_loaded (fixture->host, "eth0");

  assert_pool (nic, V4, "[192.168.0.20] -> [1.3.3.7]");
  g_assert_false (aionet_interface_get_confirmed (nic));
  route = aionet_interface_get_route (nic, V4, NULL);
  g_assert_false (aionet_route_get_confirmed (route));
}

static void
test_few_and_silent (Fixture *fixture, gconstpointer data)
{
  g_autoptr (AionetInterface) nic = NULL;

  g_test_summary ("Where all have to agree, one that is silent does not undo what another said");

  add_simple (fixture);
  fake_stun_set_mood (fixture->stun, UDP, "9.1.1.2", FAKE_MOOD_SILENT);
  aionet_host_set_timeout (fixture->host, 50);
  nic = fake_get_loaded (fixture->host, "eth0");

  assert_pool (nic, V4, "[192.168.0.20] -> [1.3.3.7]");
  g_assert_false (aionet_interface_get_confirmed (nic));
}

static void
test_private_external (Fixture *fixture, gconstpointer data)
{
  g_autoptr (AionetInterface) nic = NULL;
  g_autoptr (AionetInterface) again = NULL;

  g_test_summary ("A private external address is taken only when that is allowed (R-17)");

  fake_backend_add (fixture->backend,
                    fake_link_new ("eth0", 2, CARD, TRUE, "192.168.0.20/24", "", "4:100"));
  fake_stun_map (fixture->stun, "192.168.0.20", "10.9.9.9");
  nic = fake_get_loaded (fixture->host, "eth0");
  assert_pool (nic, V4, "");
  assert_unreachable (nic, "192.168.0.20: 10.9.9.9 was told, which cannot be an external address");

  aionet_host_set_allow_private (fixture->host, TRUE);
  again = fake_get_loaded (fixture->host, "eth0");
  g_assert_true (again == nic);
  assert_pool (nic, V4, "[192.168.0.20] -> [10.9.9.9]");
  assert_unreachable (nic, "");
}

static void
test_left_out (Fixture *fixture, gconstpointer data)
{
  g_autoptr (AionetInterface) nic = NULL;
  g_autofree char *sources = NULL;

  g_test_summary ("Link-local and tentative addresses are not probed, nothing is lost (R-19)");

  add_simple (fixture);
  fake_backend_clear (fixture->backend);
  fake_backend_add (fixture->backend,
                    fake_link_new ("eth0", 2, CARD, TRUE,
                                   "192.168.0.20/24 169.254.3.4/16 2402:1f00::10/64!", "",
                                   "4:100"));
  nic = fake_get_loaded (fixture->host, "eth0");

  sources = fake_stun_get_sources (fixture->stun);
  g_assert_cmpstr (sources, ==, "192.168.0.20");
  assert_unreachable (nic, "2402:1f00::10: duplicate address detection has not passed");
  g_assert_cmpuint (g_list_model_get_n_items (aionet_interface_get_link_locals (nic)), ==, 1);
}

static void
test_out_of_block (Fixture *fixture, gconstpointer data)
{
  g_autoptr (AionetInterface) nic = NULL;

  g_test_summary ("An address out of a block goes where the block goes, and is not unreachable");

  fake_stun_map (fixture->stun, "8.8.0.1", "8.8.0.1");
  fake_stun_map (fixture->stun, "9.9.9.9", "9.9.9.9");
  fake_backend_add (fixture->backend,
                    fake_link_new ("eth0", 2, CARD, TRUE, "8.8.0.5/16 8.8.0.6/16! 9.9.9.9/24",
                                   "8.8.0.0/16", "4:100"));
  nic = fake_get_loaded (fixture->host, "eth0");

  assert_pool (nic, V4, "[8.8.0.0/16] -> [8.8.0.0/16]; [9.9.9.9] -> [9.9.9.9]");
  assert_unreachable (nic, "8.8.0.6: duplicate address detection has not passed");
}

static void
test_not_probed (Fixture *fixture, gconstpointer data)
{
  g_autoptr (AionetInterface) lo = NULL;
  g_autoptr (AionetInterface) down = NULL;

  g_test_summary ("Loopback and interfaces that are down are loaded without a question");

  fake_backend_add (fixture->backend, fake_link_new ("lo", 1, AIONET_LINK_KIND_LOOPBACK, TRUE,
                                                     "127.0.0.1/8 10.5.5.5/32", "", ""));
  fake_backend_add (fixture->backend,
                    fake_link_new ("eth1", 3, CARD, FALSE, "192.168.1.20/24", "", ""));
  lo = fake_get_loaded (fixture->host, "lo");
  down = fake_get_loaded (fixture->host, "eth1");

  g_assert_cmpuint (fake_stun_get_n_requests (fixture->stun, UDP), ==, 0);
  g_assert_cmpuint (fake_stun_get_n_requests (fixture->stun, TCP), ==, 0);
  assert_unreachable (down, "192.168.1.20: the interface is down");
  assert_unreachable (lo, "10.5.5.5: loopback has no external address; "
                          "127.0.0.1: loopback has no external address");
}

static void
test_many_addresses (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GString) addresses = g_string_new ("");
  g_autoptr (AionetInterface) nic = NULL;

  g_test_summary ("300 addresses of one interface: each is asked for once, none is forgotten");

  for (guint i = 0; i < 300; i++)
    {
      g_autofree char *address = g_strdup_printf ("5.5.%u.%u", i / 200, 1 + i % 200);

      g_string_append_printf (addresses, "%s%s/32", i > 0 ? " " : "", address);
      fake_stun_map (fixture->stun, address, address);
    }
  fake_backend_add (fixture->backend,
                    fake_link_new ("eth0", 2, CARD, TRUE, addresses->str, "", "4:100"));
  nic = fake_get_loaded (fixture->host, "eth0");

  g_assert_cmpuint (aionet_route_pool_get_n_addresses (aionet_interface_get_route_pool (nic, V4)),
                    ==, 300);
  g_assert_cmpuint (fake_stun_get_n_requests (fixture->stun, UDP), ==, 900);
  g_assert_cmpuint (fake_stun_get_n_requests (fixture->stun, TCP), ==, 0);
}

static void
test_more_than_fit (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GString) addresses = g_string_new ("");
  g_autoptr (AionetInterface) nic = NULL;
  g_auto (GStrv) unreachable = NULL;
  guint n_waiting = 0;

  g_test_summary ("Silence: 256 probes run at a time, what had no turn is reported");

  for (guint i = 0; i < 300; i++)
    g_string_append_printf (addresses, "%s5.5.%u.%u/32", i > 0 ? " " : "", i / 200, 1 + i % 200);
  fake_backend_add (fixture->backend,
                    fake_link_new ("eth0", 2, CARD, TRUE, addresses->str, "", "4:100"));
  aionet_host_set_timeout (fixture->host, 50);
  nic = fake_get_loaded (fixture->host, "eth0");

  unreachable = aionet_interface_get_unreachable (nic);
  g_assert_cmpuint (g_strv_length (unreachable), ==, 300);
  for (guint i = 0; unreachable[i] != NULL; i++)
    n_waiting += strstr (unreachable[i], "before its turn") != NULL;
  g_assert_cmpuint (n_waiting, ==, 44);
}

static void
test_crowd_at_once (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GString) addresses = g_string_new ("");
  g_autoptr (AionetInterface) nic = NULL;
  g_auto (GStrv) unreachable = NULL;

  g_test_summary (
      "Forty thousand addresses that nobody can be asked from end in no deep recursion");

  for (guint i = 0; i < 40000; i++)
    g_string_append_printf (addresses, "%s2a03:%x::%x/64", i > 0 ? " " : "", 1 + i / 100, 1 + i);
  fake_backend_add (fixture->backend,
                    fake_link_new ("eth0", 2, CARD, TRUE, addresses->str, "", "6:100"));
  nic = fake_get_loaded (fixture->host, "eth0");

  unreachable = aionet_interface_get_unreachable (nic);
  g_assert_cmpuint (g_strv_length (unreachable), ==, 40000);
  g_assert_cmpuint (fake_stun_get_n_requests (fixture->stun, UDP), ==, 0);
}

#define ADD(name, servers, func)                                                                   \
  g_test_add ("/aionet/loader/" name, Fixture, servers, set_up, func, tear_down)

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  ADD ("guide-example-1", V4_SERVERS " " V6_SERVERS, test_guide_example_1);
  ADD ("guide-example-2", V4_SERVERS " " V6_SERVERS, test_guide_example_2);
  ADD ("liar-and-silence", V4_SERVERS, test_liar_and_silence);
  ADD ("disagreement", V4_SERVERS, test_disagreement);
  ADD ("tcp-when-udp-is-silent", V4_SERVERS, test_tcp_when_udp_is_silent);
  ADD ("refused", V4_SERVERS, test_refused);
  ADD ("refused-udp-only", V4_SERVERS, test_refused_udp_only);
  ADD ("silence", V4_SERVERS, test_silence);
  ADD ("nat66", V6_SERVERS, test_nat66);
  ADD ("unbindable", V4_SERVERS, test_unbindable);
  ADD ("dead-family", V4_SERVERS " " V6_SERVERS, test_dead_family);
  ADD ("no-server-of-family", V4_SERVERS, test_no_server_of_family);
  ADD ("few-servers", "9.1.1.1", test_few_servers);
  ADD ("few-and-silent", "9.1.1.1 9.1.1.2", test_few_and_silent);
  ADD ("private-external", V4_SERVERS, test_private_external);
  ADD ("left-out", V4_SERVERS " " V6_SERVERS, test_left_out);
  ADD ("out-of-block", V4_SERVERS, test_out_of_block);
  ADD ("not-probed", V4_SERVERS, test_not_probed);
  ADD ("many-addresses", V4_SERVERS, test_many_addresses);
  ADD ("more-than-fit", V4_SERVERS, test_more_than_fit);
  /* A scope is looked up like a name, and fails once the first probes wait for it. */
  ADD ("crowd-at-once", "[fe80::1%no-such-nic]", test_crowd_at_once);
  return g_test_run ();
}
