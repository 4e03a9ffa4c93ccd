/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#include "config.h"

#include "topology/fake-providers.h"

#define V4 G_SOCKET_FAMILY_IPV4
#define V6 G_SOCKET_FAMILY_IPV6
#define UDP G_SOCKET_PROTOCOL_UDP
#define CARD AIONET_LINK_KIND_ETHERNET

typedef struct
{
  FakeBackend *backend;
  FakeStun    *stun;
  AionetHost  *host;
} Fixture;

/* Interfaces made by name use the default host: it gets the made-up providers. */
static void
set_up (Fixture *fixture, gconstpointer data)
{
  const char *const servers[] = { "9.1.1.1", "9.2.1.1", "9.3.1.1", NULL };

  fixture->backend = fake_backend_new ();
  fixture->stun = fake_stun_new ();
  fixture->host = aionet_host_get_default ();
  aionet_host_set_address_backend (fixture->host, AIONET_ADDRESS_BACKEND (fixture->backend));
  aionet_host_set_stun_provider (fixture->host, AIONET_STUN_PROVIDER (fixture->stun));
  aionet_host_set_stun_servers (fixture->host, servers);
  aionet_host_set_timeout (fixture->host, 3000);

  fake_backend_add (fixture->backend, fake_link_new ("lo", 1, AIONET_LINK_KIND_LOOPBACK, TRUE,
                                                     "127.0.0.1/8", "", ""));
  fake_backend_add (fixture->backend, fake_link_new ("eth0", 2, CARD, TRUE,
                                                     "192.168.0.20/24 fe80::20/64", "", "4:200"));
  fake_backend_add (fixture->backend,
                    fake_link_new ("eth1", 3, CARD, TRUE, "192.168.1.20/24", "", "4:100"));
  fake_stun_map (fixture->stun, "192.168.0.20", "1.3.3.7");
  fake_stun_map (fixture->stun, "192.168.1.20", "1.3.3.8");
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  aionet_host_set_address_backend (fixture->host, NULL);
  aionet_host_set_stun_provider (fixture->host, NULL);
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_assert_finalize_object (fixture->backend);
  g_assert_finalize_object (fixture->stun);
}

static void
test_new (Fixture *fixture, gconstpointer data)
{
  g_autoptr (AionetInterface) nic = aionet_interface_new ("eth0");
  g_autoptr (GError) error = NULL;

  g_test_summary ("Making an interface looks nothing up; what is not loaded says so");

  g_assert_cmpstr (aionet_interface_get_name (nic), ==, "eth0");
  g_assert_cmpuint (fake_backend_get_n_requests (fixture->backend), ==, 0);
  g_assert_false (aionet_interface_get_loaded (nic));
  g_assert_false (aionet_interface_get_confirmed (nic));
  g_assert_cmpuint (aionet_nat_get_nat_type (aionet_interface_get_nat (nic)), ==,
                    AIONET_NAT_TYPE_PORT_RESTRICTED);
  g_assert_cmpuint (
      g_list_model_get_n_items (G_LIST_MODEL (aionet_interface_get_route_pool (nic, V4))), ==, 0);
  g_assert_null (aionet_interface_get_route_pool (nic, G_SOCKET_FAMILY_UNIX));
  g_assert_null (aionet_interface_get_route (nic, V4, &error));
  g_assert_error (error, AIONET_ERROR, AIONET_ERROR_NO_ROUTE);
  g_assert_cmpstr (error->message, ==, "Interface “eth0” has no route for IPv4: it is not loaded");
  g_clear_error (&error);
  g_assert_null (aionet_interface_get_route (nic, G_SOCKET_FAMILY_UNIX, &error));
  g_assert_error (error, AIONET_ERROR, AIONET_ERROR_UNSUPPORTED_FAMILY);
}

static void
test_preferred (Fixture *fixture, gconstpointer data)
{
  g_autoptr (AionetInterface) nic = aionet_interface_new (NULL);
  g_autoptr (GError) error = NULL;

  g_test_summary ("Without a name, the load finds the interface the system prefers (S2)");

  g_assert_null (aionet_interface_get_name (nic));
  g_assert_true (fake_load (nic, NULL, &error));
  g_assert_no_error (error);
  g_assert_cmpstr (aionet_interface_get_name (nic), ==, "eth1");
}

static void
test_facts (Fixture *fixture, gconstpointer data)
{
  g_autoptr (AionetInterface) nic = aionet_interface_new ("eth0");
  g_autofree GSocketFamily *families = NULL;
  gsize                     n_families = 0;
  guint                     n_notified = 0;

  g_test_summary ("A load sets the facts of the link and notifies (S3)");

  g_signal_connect_swapped (nic, "notify::index", G_CALLBACK (g_atomic_int_inc), &n_notified);
  g_assert_true (fake_load (nic, NULL, NULL));
  g_assert_cmpuint (n_notified, ==, 1);
  g_assert_cmpuint (aionet_interface_get_index (nic), ==, 2);
  g_assert_cmpstr (aionet_interface_get_hardware_address (nic), ==, "02:00:00:00:00:01");
  g_assert_cmpuint (aionet_interface_get_mtu (nic), ==, 1500);
  g_assert_cmpint (aionet_interface_get_kind (nic), ==, CARD);
  g_assert_true (aionet_interface_get_is_up (nic));
  g_assert_true (aionet_interface_get_usable (nic));
  g_assert_true (aionet_interface_get_loaded (nic));
  g_assert_true (aionet_interface_get_confirmed (nic));
  families = aionet_interface_get_families (nic, &n_families);
  g_assert_cmpuint (n_families, ==, 2);
  g_assert_cmpint (families[0], ==, V4);
  /* By its link-local address; there is no route out. */
  g_assert_true (aionet_interface_supports (nic, V6));
}

static void
test_route (Fixture *fixture, gconstpointer data)
{
  AionetInterface *nic = aionet_interface_new ("eth0");
  g_autoptr (AionetRoute) route = NULL;
  g_autoptr (AionetRoute) any = NULL;
  g_autoptr (GError) error = NULL;

  g_test_summary ("A route is a copy of the pool's first and keeps its interface (S44, S45, S51)");

  g_assert_true (fake_load (nic, NULL, NULL));
  route = aionet_interface_get_route (nic, V4, &error);
  g_assert_no_error (error);
  any = aionet_interface_get_route (nic, G_SOCKET_FAMILY_INVALID, &error);
  g_assert_no_error (error);
  g_assert_true (aionet_route_equal (route, any));
  g_object_unref (nic);
  g_assert_true (aionet_route_get_interface (route) == nic);
  g_assert_cmpstr (aionet_interface_get_name (aionet_route_get_interface (route)), ==, "eth0");
}

static void
test_no_interface (Fixture *fixture, gconstpointer data)
{
  g_autoptr (AionetInterface) nic = aionet_interface_new ("eth7");
  g_autoptr (AionetInterface) none = aionet_interface_new (NULL);
  g_autoptr (GError) error = NULL;

  g_test_summary ("An interface that is not there fails its load, which names those that are");

  g_assert_false (fake_load (nic, NULL, &error));
  g_assert_error (error, AIONET_ERROR, AIONET_ERROR_NO_INTERFACE);
  g_assert_cmpstr (error->message, ==,
                   "There is no interface “eth7”; this host has: lo, eth0, eth1");
  g_assert_false (aionet_interface_get_loaded (nic));
  g_clear_error (&error);

  fake_backend_clear (fixture->backend);
  g_assert_false (fake_load (none, NULL, &error));
  g_assert_error (error, AIONET_ERROR, AIONET_ERROR_NO_INTERFACE);
}

static void
test_reload (Fixture *fixture, gconstpointer data)
{
  g_autoptr (AionetInterface) nic = aionet_interface_new ("eth0");
  g_autoptr (AionetRoute) before = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *text = NULL;

  g_test_summary ("A second load replaces routes; those taken before stay; a failed one changes "
                  "nothing");

  g_assert_true (fake_load (nic, NULL, NULL));
  before = aionet_interface_get_route (nic, V4, NULL);
  fake_stun_map (fixture->stun, "192.168.0.20", "1.3.3.9");
  g_assert_true (fake_load (nic, NULL, NULL));
  text = fake_describe_pool (nic, V4);
  g_assert_cmpstr (text, ==, "[192.168.0.20] -> [1.3.3.9]");
  g_free (text);
  text = aionet_route_to_string (before);
  g_assert_cmpstr (text, ==, "[192.168.0.20] -> [1.3.3.7]");

  fake_backend_set_mood (fixture->backend, FAKE_MOOD_REFUSES);
  g_assert_false (fake_load (nic, NULL, &error));
  g_free (text);
  text = fake_describe_pool (nic, V4);
  g_assert_cmpstr (text, ==, "[192.168.0.20] -> [1.3.3.9]");
}

static void
on_done (GObject *source, GAsyncResult *result, gpointer user_data)
{
  GAsyncResult **place = user_data;

  *place = g_object_ref (result);
}

static void
test_shared (Fixture *fixture, gconstpointer data)
{
  g_autoptr (AionetInterface) nic = aionet_interface_new ("eth0");
  g_autoptr (GAsyncResult) first = NULL;
  g_autoptr (GAsyncResult) second = NULL;
  g_autoptr (GAsyncResult) third = NULL;
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GError) error = NULL;

  g_test_summary (
      "Loads at one time share one run; one that is cancelled costs the others nothing");

  aionet_interface_load_async (nic, cancellable, on_done, &first);
  aionet_interface_load_async (nic, NULL, on_done, &second);
  aionet_interface_load_async (nic, NULL, on_done, &third);
  g_cancellable_cancel (cancellable);
  while (first == NULL || second == NULL || third == NULL)
    g_main_context_iteration (NULL, TRUE);
  g_assert_false (aionet_interface_load_finish (nic, first, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_true (aionet_interface_load_finish (nic, second, NULL));
  g_assert_true (aionet_interface_load_finish (nic, third, NULL));
  g_assert_cmpuint (fake_backend_get_n_requests (fixture->backend), ==, 1);
  g_assert_cmpuint (fake_stun_get_n_requests (fixture->stun, UDP), ==, 3);
}

static void
cancel (gpointer cancellable)
{
  g_cancellable_cancel (cancellable);
}

static void
test_cancelled (Fixture *fixture, gconstpointer data)
{
  g_autoptr (AionetInterface) nic = aionet_interface_new ("eth0");
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GError) error = NULL;

  g_test_summary ("A load can be cancelled before, while links are listed, and while asking");

  g_cancellable_cancel (cancellable);
  g_assert_false (fake_load (nic, cancellable, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_cmpuint (fake_backend_get_n_requests (fixture->backend), ==, 0);
  g_clear_error (&error);

  g_cancellable_reset (cancellable);
  fake_stun_set_hook (fixture->stun, cancel, cancellable);
  g_assert_false (fake_load (nic, cancellable, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_false (aionet_interface_get_loaded (nic));
  g_clear_error (&error);

  /* The run that was given up does not stand in the way of the next. */
  fake_stun_set_hook (fixture->stun, NULL, NULL);
  g_assert_true (fake_load (nic, NULL, &error));
  g_assert_no_error (error);
}

static void
test_cancelled_while_listing (Fixture *fixture, gconstpointer data)
{
  g_autoptr (AionetInterface) nic = aionet_interface_new ("eth0");
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;

  g_test_summary ("A backend that never answers does not keep a load from being cancelled");

  fake_backend_set_mood (fixture->backend, FAKE_MOOD_SILENT);
  aionet_host_set_timeout (fixture->host, 60 * 60 * 1000);
  aionet_interface_load_async (nic, cancellable, on_done, &result);
  while (fake_backend_get_n_requests (fixture->backend) == 0)
    g_main_context_iteration (NULL, TRUE);
  g_cancellable_cancel (cancellable);
  while (result == NULL)
    g_main_context_iteration (NULL, TRUE);
  g_assert_false (aionet_interface_load_finish (nic, result, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

static void
test_dropped_while_loading (Fixture *fixture, gconstpointer data)
{
  AionetInterface *nic = aionet_interface_new ("eth0");

  g_test_summary ("A load without a callback keeps its interface as long as it runs");

  g_object_add_weak_pointer (G_OBJECT (nic), (gpointer *) &nic);
  aionet_interface_load_async (nic, NULL, NULL, NULL);
  g_object_unref (nic);
  g_assert_nonnull (nic);
  while (nic != NULL)
    g_main_context_iteration (NULL, TRUE);
  g_assert_cmpuint (fake_stun_get_n_requests (fixture->stun, UDP), ==, 3);
}

static void
test_equal (Fixture *fixture, gconstpointer data)
{
  g_autoptr (AionetInterface) one = aionet_interface_new ("eth0");
  g_autoptr (AionetInterface) other = aionet_interface_new ("eth0");

  g_test_summary ("Interfaces are equal when the same is known about them");

  g_assert_true (aionet_interface_equal (one, other));
  g_assert_true (fake_load (one, NULL, NULL));
  g_assert_false (aionet_interface_equal (one, other));
  g_assert_true (fake_load (other, NULL, NULL));
  g_assert_true (aionet_interface_equal (one, other));
}

#define ADD(name, func)                                                                            \
  g_test_add ("/aionet/interface/" name, Fixture, NULL, set_up, func, tear_down)

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  ADD ("new", test_new);
  ADD ("preferred", test_preferred);
  ADD ("facts", test_facts);
  ADD ("route", test_route);
  ADD ("no-interface", test_no_interface);
  ADD ("reload", test_reload);
  ADD ("shared", test_shared);
  ADD ("cancelled", test_cancelled);
  ADD ("cancelled-while-listing", test_cancelled_while_listing);
  ADD ("dropped-while-loading", test_dropped_while_loading);
  ADD ("equal", test_equal);
  return g_test_run ();
}
