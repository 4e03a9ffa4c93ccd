/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#include "config.h"

#include "topology/fake-providers.h"

/* Testing the NAT of an interface against made-up servers, each behind its own two addresses.
 * Nothing here depends on how fast the machine is. */

#define V4_SERVERS "9.1.1.1 9.2.1.1 9.3.1.1 9.4.1.1 9.5.1.1"
#define V6_SERVERS "[2a01:1::1] [2a01:2::1] [2a01:3::1]"
#define V4 G_SOCKET_FAMILY_IPV4
#define UDP G_SOCKET_PROTOCOL_UDP
#define TCP G_SOCKET_PROTOCOL_TCP
#define CARD AIONET_LINK_KIND_ETHERNET
#define EI AIONET_NAT_BEHAVIOR_ENDPOINT_INDEPENDENT
#define AD AIONET_NAT_BEHAVIOR_ADDRESS_DEPENDENT
#define APD AIONET_NAT_BEHAVIOR_ADDRESS_AND_PORT_DEPENDENT

typedef struct
{
  FakeBackend *backend;
  FakeStun    *stun;
  AionetHost  *host;
} Fixture;

static void
add_links (Fixture *fixture, const char *addresses)
{
  fake_backend_clear (fixture->backend);
  fake_backend_add (fixture->backend, fake_link_new ("lo", 1, AIONET_LINK_KIND_LOOPBACK, TRUE,
                                                     "127.0.0.1/8", "", ""));
  fake_backend_add (fixture->backend,
                    fake_link_new ("eth0", 2, CARD, TRUE, addresses, "", "4:100 6:100"));
}

static void
set_up (Fixture *fixture, gconstpointer servers)
{
  fixture->backend = fake_backend_new ();
  fixture->stun = fake_stun_new ();
  fixture->host = fake_host_new (fixture->backend, fixture->stun, servers);
  add_links (fixture, "192.168.0.20/24");
  fake_stun_map (fixture->stun, "192.168.0.20", "1.3.3.7");
  fake_stun_set_nat (fixture->stun, EI, APD);
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

static AionetInterface *
get_interface (Fixture *fixture, const char *name)
{
  g_autoptr (GError) error = NULL;

  fake_refresh (fixture->host, &error);
  g_assert_no_error (error);
  return aionet_host_get_interface (fixture->host, name);
}

static void
test_behaviours (Fixture *fixture, gconstpointer data)
{
  static const struct
  {
    AionetNatBehavior mapping;
    AionetNatBehavior filtering;
    AionetNatType     type;
  } rows[] = {
    { EI, EI, AIONET_NAT_TYPE_FULL_CONE },        { EI, AD, AIONET_NAT_TYPE_RESTRICTED },
    { EI, APD, AIONET_NAT_TYPE_PORT_RESTRICTED }, { AD, EI, AIONET_NAT_TYPE_SYMMETRIC },
    { AD, APD, AIONET_NAT_TYPE_SYMMETRIC },       { APD, APD, AIONET_NAT_TYPE_SYMMETRIC },
  };

  g_test_summary ("What servers see and what comes in gives the type (S22, N-04, N-05, N-07)");

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (AionetInterface) nic = get_interface (fixture, "eth0");
      g_autoptr (AionetNat) nat = NULL;
      g_autoptr (GError) error = NULL;

      fake_stun_set_nat (fixture->stun, rows[i].mapping, rows[i].filtering);
      nat = fake_load_nat (nic, NULL, &error);
      g_assert_no_error (error);
      g_assert_cmpint (aionet_nat_get_nat_type (nat), ==, rows[i].type);
      g_assert_cmpint (aionet_nat_get_mapping (nat), ==, rows[i].mapping);
      g_assert_cmpint (aionet_nat_get_filtering (nat), ==, rows[i].filtering);
      g_assert_cmpint (aionet_nat_get_protocol (nat), ==, UDP);
      g_assert_true (aionet_nat_get_tested (nat));
      g_assert_cmpfloat (aionet_nat_get_confidence (nat), >=, 0.5);
    }
}

static void
test_unloaded (Fixture *fixture, gconstpointer data)
{
  g_autoptr (AionetInterface) nic = get_interface (fixture, "eth0");
  g_autoptr (AionetNat) nat = NULL;
  g_autofree char *pool = NULL;
  g_autofree char *text = NULL;
  guint            n_notified = 0;

  g_test_summary ("An interface is loaded beside the test, and keeps the verdict (S5, S9, S10)");

  g_assert_false (aionet_nat_get_tested (aionet_interface_get_nat (nic)));
  g_signal_connect_swapped (nic, "notify::nat", G_CALLBACK (g_atomic_int_inc), &n_notified);
  nat = fake_load_nat (nic, NULL, NULL);
  g_assert_true (aionet_interface_get_loaded (nic));
  pool = fake_describe_pool (nic, V4);
  g_assert_cmpstr (pool, ==, "[192.168.0.20] -> [1.3.3.7]");
  g_assert_cmpuint (n_notified, ==, 1);
  g_assert_true (aionet_interface_get_nat (nic) == nat);
  /* The made-up NAT keeps the ports of probes. */
  g_assert_cmpint (aionet_nat_get_delta_type (nat), ==, AIONET_DELTA_TYPE_EQUAL);
  text = aionet_interface_to_json_string (nic);
  g_assert_nonnull (strstr (text, "\"restrict port\""));
  g_assert_nonnull (strstr (text, "\"equal delta (local port == mapped port)\""));
}

static void
test_loaded (Fixture *fixture, gconstpointer data)
{
  g_autoptr (AionetInterface) nic = fake_get_loaded (fixture->host, "eth0");
  g_autoptr (AionetNat) nat = NULL;
  guint n_requests = fake_backend_get_n_requests (fixture->backend);
  guint n_notified = 0;

  g_test_summary ("What is loaded is not loaded again");

  g_signal_connect_swapped (nic, "notify", G_CALLBACK (g_atomic_int_inc), &n_notified);
  nat = fake_load_nat (nic, NULL, NULL);
  g_assert_cmpint (aionet_nat_get_nat_type (nat), ==, AIONET_NAT_TYPE_PORT_RESTRICTED);
  g_assert_cmpuint (n_notified, ==, 1);
  /* One more listing shows whether addresses are the same. */
  g_assert_cmpuint (fake_backend_get_n_requests (fixture->backend), ==, n_requests + 1);
}

static void
test_later_load (Fixture *fixture, gconstpointer data)
{
  g_autoptr (AionetInterface) nic = get_interface (fixture, "eth0");
  g_autoptr (AionetNat) nat = fake_load_nat (nic, NULL, NULL);

  g_test_summary ("A later load keeps the verdict until addresses change");

  g_assert_true (fake_load (nic, NULL, NULL));
  g_assert_true (aionet_interface_get_nat (nic) == nat);

  /* The same address, seen as another one: the network has changed. */
  fake_stun_map (fixture->stun, "192.168.0.20", "1.3.3.8");
  g_assert_true (fake_load (nic, NULL, NULL));
  g_assert_false (aionet_nat_get_tested (aionet_interface_get_nat (nic)));

  g_clear_object (&nat);
  nat = fake_load_nat (nic, NULL, NULL);
  fake_stun_map (fixture->stun, "192.168.0.21", "1.3.3.8");
  add_links (fixture, "192.168.0.21/24");
  g_assert_true (fake_load (nic, NULL, NULL));
  g_assert_false (aionet_nat_get_tested (aionet_interface_get_nat (nic)));
}

static void
test_liars (Fixture *fixture, gconstpointer data)
{
  g_autoptr (AionetInterface) nic = get_interface (fixture, "eth0");
  g_autoptr (AionetNat) nat = NULL;

  g_test_summary ("Two of five servers that tell the same lie change nothing (N-13)");

  fake_stun_lie (fixture->stun, "9.1.1.1", "6.6.6.6");
  fake_stun_lie (fixture->stun, "9.1.2.1", "6.6.6.6");
  fake_stun_lie (fixture->stun, "9.4.1.1", "6.6.6.6");
  fake_stun_lie (fixture->stun, "9.4.2.1", "6.6.6.6");
  nat = fake_load_nat (nic, NULL, NULL);
  g_assert_cmpint (aionet_nat_get_nat_type (nat), ==, AIONET_NAT_TYPE_PORT_RESTRICTED);
  g_assert_cmpint (aionet_nat_get_delta_type (nat), ==, AIONET_DELTA_TYPE_EQUAL);
}

static void
test_tcp (Fixture *fixture, gconstpointer data)
{
  g_autoptr (AionetInterface) nic = get_interface (fixture, "eth0");
  g_autoptr (AionetNat) nat = NULL;

  g_test_summary ("Where UDP is refused TCP shows the mapping, and is named");

  fake_stun_set_mood (fixture->stun, UDP, NULL, FAKE_MOOD_REFUSES);
  nat = fake_load_nat (nic, NULL, NULL);
  g_assert_cmpint (aionet_nat_get_nat_type (nat), ==, AIONET_NAT_TYPE_BLOCKED);
  g_assert_cmpint (aionet_nat_get_protocol (nat), ==, TCP);
  g_assert_cmpint (aionet_nat_get_mapping (nat), ==, EI);
}

static void
test_silence (Fixture *fixture, gconstpointer data)
{
  g_autoptr (AionetInterface) nic = get_interface (fixture, "eth0");
  g_autoptr (AionetNat) nat = NULL;

  g_test_summary ("Silence of all is a verdict once the time is over, and no error");

  fake_stun_set_mood (fixture->stun, UDP, NULL, FAKE_MOOD_SILENT);
  fake_stun_set_mood (fixture->stun, TCP, NULL, FAKE_MOOD_SILENT);
  aionet_host_set_timeout (fixture->host, 300);
  nat = fake_load_nat (nic, NULL, NULL);
  g_assert_cmpint (aionet_nat_get_nat_type (nat), ==, AIONET_NAT_TYPE_BLOCKED);
  g_assert_true (aionet_nat_get_tested (nat));
  /* Five servers, three questions each, repeated a few times, and the load's own. */
  g_assert_cmpuint (fake_stun_get_n_requests (fixture->stun, UDP), <=, 100);
}

static void
test_ipv6 (Fixture *fixture, gconstpointer data)
{
  g_autoptr (AionetInterface) nic = NULL;
  g_autoptr (AionetNat) nat = NULL;

  g_test_summary ("With IPv6 only, filtering gives the type, and there is no delta");

  add_links (fixture, "2400:cafe::21/64");
  fake_stun_map (fixture->stun, "2400:cafe::21", "2400:cafe::21");
  nic = get_interface (fixture, "eth0");
  nat = fake_load_nat (nic, NULL, NULL);
  g_assert_cmpint (aionet_nat_get_nat_type (nat), ==, AIONET_NAT_TYPE_FIREWALL);
  g_assert_cmpint (aionet_nat_get_delta_type (nat), ==, AIONET_DELTA_TYPE_NOT_APPLICABLE);
}

static void
test_second_family (Fixture *fixture, gconstpointer data)
{
  g_autoptr (AionetInterface) nic = NULL;
  g_autoptr (AionetNat) nat = NULL;

  g_test_summary ("Where IPv4 does not get through, IPv6 has the word");

  aionet_host_set_stun_servers (fixture->host,
                                (const char *const[]){ "9.1.1.1", "9.2.1.1", "[2a01:1::1]",
                                                       "[2a01:2::1]", "[2a01:3::1]", NULL });
  add_links (fixture, "192.168.0.20/24 2400:cafe::21/64");
  fake_stun_map (fixture->stun, "2400:cafe::21", "2400:cafe::21");
  for (guint i = 1; i <= 2; i++)
    {
      g_autofree char *server = g_strdup_printf ("9.%u.1.1", i);

      fake_stun_set_mood (fixture->stun, UDP, server, FAKE_MOOD_REFUSES);
      fake_stun_set_mood (fixture->stun, TCP, server, FAKE_MOOD_REFUSES);
    }
  nic = get_interface (fixture, "eth0");
  nat = fake_load_nat (nic, NULL, NULL);
  g_assert_cmpint (aionet_nat_get_nat_type (nat), ==, AIONET_NAT_TYPE_FIREWALL);
}

static void
test_nothing_to_test (Fixture *fixture, gconstpointer data)
{
  g_autoptr (AionetInterface) lo = get_interface (fixture, "lo");
  g_autoptr (AionetInterface) nic = NULL;
  g_autoptr (GError) error = NULL;

  g_test_summary ("No way out, no server to ask: errors that say so, and nothing is changed");

  g_assert_null (fake_load_nat (lo, NULL, &error));
  g_assert_error (error, AIONET_ERROR, AIONET_ERROR_NO_ROUTE);
  g_assert_cmpstr (error->message, ==,
                   "The NAT of interface “lo” cannot be tested: loopback has no external address");
  g_assert_false (aionet_nat_get_tested (aionet_interface_get_nat (lo)));
  /* What could be loaded is. */
  g_assert_true (aionet_interface_get_loaded (lo));

  g_clear_error (&error);
  aionet_host_set_stun_servers (fixture->host, (const char *const[]){ "[2a01:1::1]", NULL });
  nic = get_interface (fixture, "eth0");
  g_assert_null (fake_load_nat (nic, NULL, &error));
  g_assert_error (error, AIONET_ERROR, AIONET_ERROR_NAT_UNKNOWN);
  g_assert_false (aionet_nat_get_tested (aionet_interface_get_nat (nic)));
}

static void
test_cancelled (Fixture *fixture, gconstpointer data)
{
  g_autoptr (AionetInterface) nic = get_interface (fixture, "eth0");
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (AionetNat) nat = NULL;
  g_autoptr (GError) error = NULL;

  g_test_summary ("A cancelled test ends, changes nothing, and can be begun again");

  g_cancellable_cancel (cancellable);
  g_assert_null (fake_load_nat (nic, cancellable, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_cmpuint (fake_stun_get_n_requests (fixture->stun, UDP), ==, 0);

  g_clear_error (&error);
  g_cancellable_reset (cancellable);
  fake_stun_set_hook (fixture->stun, (void (*) (gpointer)) g_cancellable_cancel, cancellable);
  g_assert_null (fake_load_nat (nic, cancellable, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_false (aionet_nat_get_tested (aionet_interface_get_nat (nic)));

  fake_stun_set_hook (fixture->stun, NULL, NULL);
  nat = fake_load_nat (nic, NULL, NULL);
  g_assert_cmpint (aionet_nat_get_nat_type (nat), ==, AIONET_NAT_TYPE_PORT_RESTRICTED);
}

static void
on_result (GObject *source, GAsyncResult *result, gpointer user_data)
{
  GAsyncResult **place = user_data;

  *place = g_object_ref (result);
}

static void
test_shared (Fixture *fixture, gconstpointer data)
{
  g_autoptr (AionetInterface) nic = get_interface (fixture, "eth0");
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GAsyncResult) one = NULL;
  g_autoptr (GAsyncResult) other = NULL;
  g_autoptr (AionetNat) nat = NULL;
  g_autoptr (GError) error = NULL;

  g_test_summary ("Two callers share one test; one gives up, the other gets it");

  aionet_interface_load_nat_async (nic, cancellable, on_result, &one);
  aionet_interface_load_nat_async (nic, NULL, on_result, &other);
  g_cancellable_cancel (cancellable);
  while (one == NULL || other == NULL)
    g_main_context_iteration (NULL, TRUE);
  g_assert_null (aionet_interface_load_nat_finish (nic, one, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  nat = aionet_interface_load_nat_finish (nic, other, NULL);
  g_assert_cmpint (aionet_nat_get_nat_type (nat), ==, AIONET_NAT_TYPE_PORT_RESTRICTED);
  /* A listing for the host's refresh and one for the test. */
  g_assert_cmpuint (fake_backend_get_n_requests (fixture->backend), ==, 2);
}

static void
test_host_gone (Fixture *fixture, gconstpointer data)
{
  g_autoptr (AionetHost) host = fake_host_new (fixture->backend, fixture->stun, V4_SERVERS);
  g_autoptr (AionetInterface) nic = NULL;
  g_autoptr (GError) error = NULL;

  g_test_summary ("Without its host an interface does not ask servers nobody chose");

  fake_refresh (host, NULL);
  nic = aionet_host_get_interface (host, "eth0");
  g_clear_object (&host);
  g_assert_null (fake_load_nat (nic, NULL, &error));
  g_assert_error (error, AIONET_ERROR, AIONET_ERROR_NO_PROVIDER);
}

#define ADD(name, function, servers)                                                               \
  g_test_add ("/aionet/interface-nat/" name, Fixture, servers, set_up, function, tear_down)

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  ADD ("behaviours", test_behaviours, V4_SERVERS);
  ADD ("unloaded", test_unloaded, V4_SERVERS);
  ADD ("loaded", test_loaded, V4_SERVERS);
  ADD ("later-load", test_later_load, V4_SERVERS);
  ADD ("liars", test_liars, V4_SERVERS);
  ADD ("tcp", test_tcp, V4_SERVERS);
  ADD ("silence", test_silence, V4_SERVERS);
  ADD ("ipv6", test_ipv6, V6_SERVERS);
  ADD ("second-family", test_second_family, V4_SERVERS);
  ADD ("nothing-to-test", test_nothing_to_test, V4_SERVERS);
  ADD ("cancelled", test_cancelled, V4_SERVERS);
  ADD ("shared", test_shared, V4_SERVERS);
  ADD ("host-gone", test_host_gone, V4_SERVERS);
  return g_test_run ();
}
