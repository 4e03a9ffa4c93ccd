/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#include "config.h"

#include <errno.h>

#include "topology/fake-providers.h"

#define SERVERS "9.1.1.1 9.2.1.1 9.3.1.1"
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

static void
set_up (Fixture *fixture, gconstpointer data)
{
  fixture->backend = fake_backend_new ();
  fixture->stun = fake_stun_new ();
  fixture->host = fake_host_new (fixture->backend, fixture->stun, SERVERS);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
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
add_dual_homed (Fixture *fixture)
{
  fake_backend_add (fixture->backend, fake_link_new ("lo", 1, AIONET_LINK_KIND_LOOPBACK, TRUE,
                                                     "127.0.0.1/8", "", ""));
  fake_backend_add (fixture->backend,
                    fake_link_new ("eth0", 2, CARD, TRUE, "192.168.0.20/24", "", "4:200"));
  fake_backend_add (fixture->backend,
                    fake_link_new ("eth1", 3, CARD, TRUE, "192.168.1.20/24", "", "4:100"));
  fake_stun_map (fixture->stun, "192.168.0.20", "1.3.3.7");
  fake_stun_map (fixture->stun, "192.168.1.20", "1.3.3.8");
}

static char *
describe (AionetHost *host)
{
  g_autoptr (GString) text = g_string_new ("");

  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (host)); i++)
    {
      g_autoptr (AionetInterface) nic = g_list_model_get_item (G_LIST_MODEL (host), i);

      g_string_append_printf (text, "%s%s%s", i > 0 ? " " : "", aionet_interface_get_name (nic),
                              aionet_interface_get_usable (nic) ? "" : "-");
    }
  return g_strdup (text->str);
}

static void
assert_list (AionetHost *host, const char *expected)
{
  g_autofree char *text = describe (host);

  g_assert_cmpstr (text, ==, expected);
}

static void
test_usable_first (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  g_test_summary ("All links are listed, usable ones first, then by index (S17, S18)");

  fake_backend_add (fixture->backend, fake_link_new ("lo", 1, AIONET_LINK_KIND_LOOPBACK, TRUE,
                                                     "127.0.0.1/8 ::1/128", "", ""));
  fake_backend_add (fixture->backend, fake_link_new ("dummy0", 2, AIONET_LINK_KIND_VIRTUAL, TRUE,
                                                     "fe80::2/64", "", ""));
  fake_backend_add (fixture->backend,
                    fake_link_new ("tun0", 5, AIONET_LINK_KIND_TUNNEL, TRUE, "", "", "4:0"));
  fake_backend_add (fixture->backend, fake_link_new ("veth0", 4, AIONET_LINK_KIND_VIRTUAL, TRUE,
                                                     "10.0.0.2/24", "", ""));
  fake_backend_add (fixture->backend, fake_link_new ("eth9", 9, CARD, TRUE, "fe80::9/64", "", ""));
  fake_backend_add (fixture->backend,
                    fake_link_new ("eth8", 8, CARD, FALSE, "10.1.0.2/24", "", ""));
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (fixture->host)), ==, 0);
  g_assert_true (g_list_model_get_item_type (G_LIST_MODEL (fixture->host)) ==
                 AIONET_TYPE_INTERFACE);
  g_assert_true (fake_refresh (fixture->host, &error));
  g_assert_no_error (error);

  assert_list (fixture->host, "veth0 tun0 eth9 lo- dummy0- eth8-");
  g_assert_null (g_list_model_get_item (G_LIST_MODEL (fixture->host), 6));
  g_assert_cmpuint (fake_stun_get_n_requests (fixture->stun, UDP), ==, 0);
}

typedef struct
{
  guint position;
  guint n_removed;
  guint n_added;
  guint n_signals;
} Change;

static void
on_items_changed (
    GListModel *model, guint position, guint n_removed, guint n_added, gpointer user_data)
{
  Change *change = user_data;

  change->position = position;
  change->n_removed = n_removed;
  change->n_added = n_added;
  change->n_signals++;
}

static void
test_identity (Fixture *fixture, gconstpointer data)
{
  g_autoptr (AionetInterface) before = NULL;
  g_autoptr (AionetInterface) after = NULL;
  Change change = { 0 };

  g_test_summary ("A refresh keeps objects, and tells of the smallest stretch that differs");

  add_dual_homed (fixture);
  g_signal_connect (fixture->host, "items-changed", G_CALLBACK (on_items_changed), &change);
  g_assert_true (fake_refresh (fixture->host, NULL));
  g_assert_cmpuint (change.n_signals, ==, 1);
  g_assert_cmpuint (change.n_added, ==, 3);
  before = aionet_host_get_interface (fixture->host, "eth0");

  g_assert_true (fake_refresh (fixture->host, NULL));
  g_assert_cmpuint (change.n_signals, ==, 1);

  fake_backend_add (fixture->backend,
                    fake_link_new ("eth2", 7, CARD, TRUE, "192.168.2.20/24", "", ""));
  g_assert_true (fake_refresh (fixture->host, NULL));
  assert_list (fixture->host, "eth0 eth1 eth2 lo-");
  g_assert_cmpuint (change.n_signals, ==, 2);
  g_assert_cmpuint (change.position, ==, 2);
  g_assert_cmpuint (change.n_removed, ==, 0);
  g_assert_cmpuint (change.n_added, ==, 1);

  after = aionet_host_get_interface (fixture->host, "eth0");
  g_assert_true (before == after);
  g_assert_null (aionet_host_get_interface (fixture->host, "eth7"));
}

static void
test_gone (Fixture *fixture, gconstpointer data)
{
  g_autoptr (AionetInterface) nic = NULL;
  g_autoptr (GError) error = NULL;

  g_test_summary ("An interface that is gone leaves the list, and is down for who holds it");

  add_dual_homed (fixture);
  nic = fake_get_loaded (fixture->host, "eth0");
  g_assert_true (aionet_interface_get_usable (nic));
  fake_backend_clear (fixture->backend);
  g_assert_true (fake_refresh (fixture->host, NULL));

  assert_list (fixture->host, "");
  g_assert_cmpstr (aionet_interface_get_name (nic), ==, "eth0");
  g_assert_false (aionet_interface_get_is_up (nic));
  g_assert_false (aionet_interface_get_usable (nic));
  g_assert_cmpuint (g_list_model_get_n_items (aionet_interface_get_addresses (nic)), ==, 0);
  g_assert_false (fake_load (nic, NULL, &error));
  g_assert_error (error, AIONET_ERROR, AIONET_ERROR_NO_INTERFACE);
}

static void
test_live (Fixture *fixture, gconstpointer data)
{
  Change change = { 0 };

  g_test_summary ("After a refresh the list follows the backend, before it does not");

  g_signal_connect (fixture->host, "items-changed", G_CALLBACK (on_items_changed), &change);
  aionet_address_backend_emit_changed (AIONET_ADDRESS_BACKEND (fixture->backend));
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_assert_cmpuint (fake_backend_get_n_requests (fixture->backend), ==, 0);

  g_assert_true (fake_refresh (fixture->host, NULL));
  add_dual_homed (fixture);
  for (guint i = 0; i < 100; i++)
    aionet_address_backend_emit_changed (AIONET_ADDRESS_BACKEND (fixture->backend));
  while (change.n_signals == 0)
    g_main_context_iteration (NULL, TRUE);
  assert_list (fixture->host, "eth0 eth1 lo-");
  /* A hundred changes, one listing. */
  g_assert_cmpuint (fake_backend_get_n_requests (fixture->backend), ==, 2);
}

static void
test_load_all (Fixture *fixture, gconstpointer data)
{
  g_autoptr (AionetInterface) eth0 = NULL;
  g_autoptr (AionetInterface) eth1 = NULL;
  g_autoptr (AionetInterface) lo = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *text0 = NULL;
  g_autofree char *text1 = NULL;

  g_test_summary ("Two interfaces behind two NATs: one listing, each has its own (R-25, S19)");

  add_dual_homed (fixture);
  g_assert_true (fake_load_all (fixture->host, NULL, &error));
  g_assert_no_error (error);

  g_assert_cmpuint (fake_backend_get_n_requests (fixture->backend), ==, 1);
  eth0 = aionet_host_get_interface (fixture->host, "eth0");
  eth1 = aionet_host_get_interface (fixture->host, "eth1");
  lo = aionet_host_get_interface (fixture->host, "lo");
  text0 = fake_describe_pool (eth0, V4);
  text1 = fake_describe_pool (eth1, V4);
  g_assert_cmpstr (text0, ==, "[192.168.0.20] -> [1.3.3.7]");
  g_assert_cmpstr (text1, ==, "[192.168.1.20] -> [1.3.3.8]");
  g_assert_true (aionet_interface_get_loaded (lo));
  g_assert_false (aionet_interface_is_default (eth0, V4));
  g_assert_true (aionet_interface_is_default (eth1, V4));
  g_assert_false (aionet_interface_is_default (eth1, V6));
}

static void
test_pinned (Fixture *fixture, gconstpointer data)
{
  g_autoptr (AionetInterface) other = NULL;
  g_autoptr (AionetInterface) preferred = NULL;
  g_auto (GStrv) of_other = NULL;
  g_auto (GStrv) of_preferred = NULL;

  g_test_summary ("Probes are pinned to an interface that is not the kernel's choice, and only to "
                  "that (R-25)");

  /* Neither exists, so that the sockets tell what was tried first. */
  fake_backend_add (fixture->backend,
                    fake_link_new ("no-nic0", 2, CARD, TRUE, "203.0.112.5/24", "", "4:200"));
  fake_backend_add (fixture->backend,
                    fake_link_new ("no-nic1", 3, CARD, TRUE, "203.0.112.6/24", "", "4:100"));
  fake_stun_use_sockets (fixture->stun);
  g_assert_true (fake_load_all (fixture->host, NULL, NULL));

  other = aionet_host_get_interface (fixture->host, "no-nic0");
  preferred = aionet_host_get_interface (fixture->host, "no-nic1");
  of_other = aionet_interface_get_unreachable (other);
  of_preferred = aionet_interface_get_unreachable (preferred);
  g_test_message ("%s / %s", of_other[0], of_preferred[0]);
  g_assert_nonnull (strstr (of_other[0], g_strerror (ENODEV)));
  g_assert_null (strstr (of_preferred[0], g_strerror (ENODEV)));
}

static void
test_load_all_fails_alone (Fixture *fixture, gconstpointer data)
{
  g_autoptr (AionetInterface) eth0 = NULL;
  g_autoptr (AionetInterface) eth1 = NULL;
  g_autoptr (GError) error = NULL;
  g_auto (GStrv) unreachable = NULL;

  g_test_summary ("An interface without answers does not fail the others");

  add_dual_homed (fixture);
  fake_backend_clear (fixture->backend);
  fake_backend_add (fixture->backend,
                    fake_link_new ("eth0", 2, CARD, TRUE, "192.168.0.20/24", "", "4:200"));
  fake_backend_add (fixture->backend,
                    fake_link_new ("eth1", 3, CARD, TRUE, "192.168.3.20/24", "", "4:100"));
  aionet_host_set_timeout (fixture->host, 300);
  g_assert_true (fake_load_all (fixture->host, NULL, &error));
  g_assert_no_error (error);

  eth0 = aionet_host_get_interface (fixture->host, "eth0");
  eth1 = aionet_host_get_interface (fixture->host, "eth1");
  g_assert_cmpuint (aionet_route_pool_get_n_addresses (aionet_interface_get_route_pool (eth0, V4)),
                    ==, 1);
  unreachable = aionet_interface_get_unreachable (eth1);
  g_assert_cmpuint (g_strv_length (unreachable), ==, 1);
}

static void
cancel (gpointer cancellable)
{
  g_cancellable_cancel (cancellable);
}

static void
test_load_all_cancelled (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GError) error = NULL;

  g_test_summary ("Loading all can be cancelled before and while it runs");

  add_dual_homed (fixture);
  g_cancellable_cancel (cancellable);
  g_assert_false (fake_load_all (fixture->host, cancellable, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_cmpuint (fake_backend_get_n_requests (fixture->backend), ==, 0);
  g_clear_error (&error);

  g_cancellable_reset (cancellable);
  fake_stun_set_hook (fixture->stun, cancel, cancellable);
  g_assert_false (fake_load_all (fixture->host, cancellable, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

static void
test_preferred (Fixture *fixture, gconstpointer data)
{
  g_autoptr (AionetInterface) none = NULL;
  g_autoptr (AionetInterface) nic = NULL;

  g_test_summary ("The preferred interface has the default route of the lowest metric");

  none = aionet_host_get_preferred_interface (fixture->host);
  g_assert_null (none);
  add_dual_homed (fixture);
  g_assert_true (fake_refresh (fixture->host, NULL));
  nic = aionet_host_get_preferred_interface (fixture->host);
  g_assert_cmpstr (aionet_interface_get_name (nic), ==, "eth1");
}

static void
test_backend_fails (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  g_test_summary ("A failing backend fails refresh and load, and leaves the list as it was");

  add_dual_homed (fixture);
  g_assert_true (fake_refresh (fixture->host, NULL));
  fake_backend_set_mood (fixture->backend, FAKE_MOOD_REFUSES);
  g_assert_false (fake_refresh (fixture->host, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CONNECTION_REFUSED);
  g_clear_error (&error);
  g_assert_false (fake_load_all (fixture->host, NULL, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CONNECTION_REFUSED);
  g_clear_error (&error);
  assert_list (fixture->host, "eth0 eth1 lo-");

  fake_backend_set_mood (fixture->backend, FAKE_MOOD_SILENT);
  aionet_host_set_timeout (fixture->host, 20);
  g_assert_false (fake_load_all (fixture->host, NULL, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_TIMED_OUT);
}

static void
test_bad_servers (Fixture *fixture, gconstpointer data)
{
  const char *const servers[] = { "9.1.1.1", "nonsense:99999", NULL };
  g_autoptr (GError) error = NULL;

  g_test_summary ("A server that is none fails the load, which quotes it");

  add_dual_homed (fixture);
  aionet_host_set_stun_servers (fixture->host, servers);
  g_assert_false (fake_load_all (fixture->host, NULL, &error));
  g_assert_error (error, AIONET_ERROR, AIONET_ERROR_INVALID_ADDRESS);
  g_assert_nonnull (strstr (error->message, "nonsense:99999"));
  g_assert_cmpuint (fake_stun_get_n_requests (fixture->stun, UDP), ==, 0);
}

static void
test_settings (Fixture *fixture, gconstpointer data)
{
  g_autoptr (AionetHost) host = aionet_host_new ();
  const char *const servers[] = { "9.1.1.1:99", NULL };
  guint             n_notified = 0;

  g_test_summary ("Settings have the documented defaults and notify when they change");

  g_assert_cmpuint (aionet_host_get_min_agree (host), ==, 2);
  g_assert_cmpuint (aionet_host_get_timeout (host), ==, 3000);
  g_assert_false (aionet_host_get_allow_private (host));
  g_signal_connect_swapped (host, "notify::timeout", G_CALLBACK (g_atomic_int_inc), &n_notified);
  aionet_host_set_timeout (host, 3000);
  g_assert_cmpuint (n_notified, ==, 0);
  aionet_host_set_timeout (host, 100);
  g_assert_cmpuint (n_notified, ==, 1);
  aionet_host_set_stun_servers (host, servers);
  g_assert_cmpstrv (aionet_host_get_stun_servers (host), servers);
  g_assert_true (aionet_host_get_default () == aionet_host_get_default ());
}

#define ADD(name, func) g_test_add ("/aionet/host/" name, Fixture, NULL, set_up, func, tear_down)

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  ADD ("usable-first", test_usable_first);
  ADD ("identity", test_identity);
  ADD ("gone", test_gone);
  ADD ("live", test_live);
  ADD ("load-all", test_load_all);
  ADD ("pinned", test_pinned);
  ADD ("load-all-fails-alone", test_load_all_fails_alone);
  ADD ("load-all-cancelled", test_load_all_cancelled);
  ADD ("preferred", test_preferred);
  ADD ("backend-fails", test_backend_fails);
  ADD ("bad-servers", test_bad_servers);
  ADD ("settings", test_settings);
  return g_test_run ();
}
