/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#include "config.h"

#include "topology/fake-providers.h"

/* What happens to a host and its interfaces while calls are under way. */

#define SERVERS "9.1.1.1 9.2.1.1 9.3.1.1"
#define V4 G_SOCKET_FAMILY_IPV4
#define UDP G_SOCKET_PROTOCOL_UDP
#define CARD AIONET_LINK_KIND_ETHERNET

typedef struct
{
  FakeBackend *backend;
  FakeStun    *stun;
  AionetHost  *host;
  guint        n_hooked;
  guint        n_links; /* that the hook leaves */
} Fixture;

static void
add_link (Fixture *fixture, const char *name, guint index, const char *addresses)
{
  fake_backend_add (fixture->backend,
                    fake_link_new (name, index, CARD, TRUE, addresses, "", "4:100"));
}

static void
set_up (Fixture *fixture, gconstpointer data)
{
  fixture->backend = fake_backend_new ();
  fixture->stun = fake_stun_new ();
  fixture->host = fake_host_new (fixture->backend, fixture->stun, SERVERS);
  add_link (fixture, "eth0", 2, "192.168.0.20/24");
  fake_stun_map (fixture->stun, "192.168.0.20", "1.3.3.7");
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  g_clear_object (&fixture->host);
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_assert_finalize_object (G_OBJECT (fixture->backend));
  g_assert_finalize_object (G_OBJECT (fixture->stun));
}

/* At the first question the host lists other links than those the load began with. */
static void
change_links (gpointer user_data)
{
  Fixture *fixture = user_data;

  if (fixture->n_hooked++ > 0)
    return;
  fake_backend_clear (fixture->backend);
  if (fixture->n_links > 0)
    add_link (fixture, "eth0", 2, "192.168.0.21/24");
  aionet_host_refresh_async (fixture->host, NULL, NULL, NULL);
}

static AionetInterface *
load_while_links_change (Fixture *fixture, guint n_links)
{
  AionetInterface *nic;
  g_autoptr (GError) error = NULL;

  g_assert_true (fake_refresh (fixture->host, &error));
  nic = aionet_host_get_interface (fixture->host, "eth0");
  fixture->n_links = n_links;
  fake_stun_set_hook (fixture->stun, change_links, fixture);
  g_assert_true (fake_load (nic, NULL, &error));
  g_assert_no_error (error);
  g_assert_cmpuint (fixture->n_hooked, >=, 3);
  return nic;
}

static void
test_gone_while_loading (Fixture *fixture, gconstpointer data)
{
  g_autoptr (AionetInterface) nic = NULL;

  g_test_summary ("An interface that vanishes during its load is down afterwards");

  nic = load_while_links_change (fixture, 0);
  g_assert_true (aionet_interface_get_loaded (nic));
  g_assert_false (aionet_interface_get_is_up (nic));
  g_assert_false (aionet_interface_get_usable (nic));
  g_assert_false (aionet_interface_is_default (nic, V4));
  g_assert_cmpuint (g_list_model_get_n_items (aionet_interface_get_addresses (nic)), ==, 0);
}

static void
test_changed_while_loading (Fixture *fixture, gconstpointer data)
{
  g_autoptr (AionetInterface) nic = NULL;
  g_autoptr (AionetIpRange) range = NULL;
  g_autofree char *address = NULL;
  g_autofree char *pool = NULL;

  g_test_summary ("Addresses that change during a load are the new ones, routes what was asked");

  nic = load_while_links_change (fixture, 1);
  range = g_list_model_get_item (aionet_interface_get_addresses (nic), 0);
  address = aionet_ip_range_to_string (range);
  pool = fake_describe_pool (nic, V4);
  g_assert_cmpstr (address, ==, "192.168.0.21");
  g_assert_cmpstr (pool, ==, "[192.168.0.20] -> [1.3.3.7]");
}

static gboolean
on_time (gpointer done)
{
  *(gboolean *) done = TRUE;
  return G_SOURCE_REMOVE;
}

static void
run_for (guint ms)
{
  gboolean done = FALSE;

  g_timeout_add (ms, on_time, &done);
  while (!done)
    g_main_context_iteration (NULL, TRUE);
}

static void
test_changed_while_listing (Fixture *fixture, gconstpointer data)
{
  GListModel *list = G_LIST_MODEL (fixture->host);

  g_test_summary ("A change during a listing that does not have it yet is listed afterwards");

  g_assert_true (fake_refresh (fixture->host, NULL));
  fake_backend_set_mood (fixture->backend, FAKE_MOOD_SILENT);
  aionet_host_refresh_async (fixture->host, NULL, NULL, NULL);
  add_link (fixture, "eth1", 3, "192.168.1.20/24");
  aionet_address_backend_emit_changed (AIONET_ADDRESS_BACKEND (fixture->backend));
  /* Longer than changes are collected: what they lead to would join the listing. */
  run_for (120);
  g_assert_cmpuint (g_list_model_get_n_items (list), ==, 1);

  fake_backend_set_mood (fixture->backend, FAKE_MOOD_HONEST);
  fake_backend_answer_kept (fixture->backend);
  for (guint i = 0; i < 100 && g_list_model_get_n_items (list) < 2; i++)
    run_for (20);
  g_assert_cmpuint (g_list_model_get_n_items (list), ==, 2);
}

static void
test_storm (Fixture *fixture, gconstpointer data)
{
  guint    n_changes = 0;
  gboolean done = FALSE;

  g_test_summary ("Changes without end cost a listing each 50 ms, not one each");

  g_assert_true (fake_refresh (fixture->host, NULL));
  g_timeout_add (300, on_time, &done);
  for (; !done; n_changes++)
    {
      aionet_address_backend_emit_changed (AIONET_ADDRESS_BACKEND (fixture->backend));
      g_main_context_iteration (NULL, TRUE);
    }
  g_test_message ("%u changes, %u listings", n_changes,
                  fake_backend_get_n_requests (fixture->backend));
  g_assert_cmpuint (fake_backend_get_n_requests (fixture->backend), >=, 2);
  g_assert_cmpuint (fake_backend_get_n_requests (fixture->backend), <, n_changes / 4 + 3);
}

static void
test_host_gone (Fixture *fixture, gconstpointer data)
{
  g_autoptr (AionetInterface) nic = NULL;
  g_autoptr (GError) error = NULL;

  g_test_summary ("Without its host an interface asks nobody: other servers were not chosen");

  g_assert_true (fake_refresh (fixture->host, NULL));
  nic = aionet_host_get_interface (fixture->host, "eth0");
  g_clear_object (&fixture->host);
  g_assert_false (fake_load (nic, NULL, &error));
  g_assert_error (error, AIONET_ERROR, AIONET_ERROR_NO_PROVIDER);
  g_assert_nonnull (strstr (error->message, "eth0"));
  g_assert_cmpuint (fake_backend_get_n_requests (fixture->backend), ==, 1);
}

static gpointer
make_interface (gpointer place)
{
  AionetInterface **nic = place;

  *nic = aionet_interface_new ("eth0");
  return NULL;
}

static void
test_host_of_the_maker (Fixture *fixture, gconstpointer data)
{
  g_autoptr (AionetInterface) nic = NULL;
  g_autoptr (AionetInterface) own = NULL;
  g_autoptr (GError) error = NULL;

  g_test_summary (
      "An interface made by name belongs to the default host of the thread that made it");

  aionet_host_set_address_backend (aionet_host_get_default (),
                                   AIONET_ADDRESS_BACKEND (fixture->backend));
  aionet_host_set_stun_provider (aionet_host_get_default (), AIONET_STUN_PROVIDER (fixture->stun));
  g_thread_join (g_thread_new ("maker", make_interface, &nic));
  g_assert_false (fake_load (nic, NULL, &error));
  g_assert_error (error, AIONET_ERROR, AIONET_ERROR_NO_PROVIDER);
  g_clear_error (&error);

  make_interface (&own);
  aionet_host_set_timeout (aionet_host_get_default (), 20);
  g_assert_true (fake_load (own, NULL, &error));
  g_assert_no_error (error);
  g_assert_cmpuint (fake_backend_get_n_requests (fixture->backend), ==, 1);
  aionet_host_set_address_backend (aionet_host_get_default (), NULL);
  aionet_host_set_stun_provider (aionet_host_get_default (), NULL);
}

static void
remember (AionetInterface *nic, GListStore *seen)
{
  g_list_store_append (seen, nic);
}

static void
on_items_changed (
    GListModel *model, guint position, guint n_removed, guint n_added, gpointer user_data)
{
  for (guint i = 0; i < n_added; i++)
    {
      g_autoptr (AionetInterface) nic = g_list_model_get_item (model, position + i);

      remember (nic, user_data);
      aionet_interface_load_async (nic, NULL, NULL, NULL);
      aionet_host_refresh_async (AIONET_HOST (model), NULL, NULL, NULL);
    }
}

static void
test_calls_out_of_signals (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GListStore) seen = g_list_store_new (AIONET_TYPE_INTERFACE);
  g_autoptr (AionetInterface) nic = NULL;
  g_autofree char *pool = NULL;

  g_test_summary ("Handlers of items-changed may load and refresh");

  add_link (fixture, "eth1", 3, "192.168.1.20/24");
  fake_stun_map (fixture->stun, "192.168.1.20", "1.3.3.8");
  g_signal_connect (fixture->host, "items-changed", G_CALLBACK (on_items_changed), seen);
  g_assert_true (fake_load_all (fixture->host, NULL, NULL));
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (seen)), ==, 2);
  nic = g_list_model_get_item (G_LIST_MODEL (seen), 1);
  pool = fake_describe_pool (nic, V4);
  g_assert_cmpstr (pool, ==, "[192.168.1.20] -> [1.3.3.8]");
}

#define ADD(name, func) g_test_add ("/aionet/host/" name, Fixture, NULL, set_up, func, tear_down)

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  ADD ("gone-while-loading", test_gone_while_loading);
  ADD ("changed-while-loading", test_changed_while_loading);
  ADD ("changed-while-listing", test_changed_while_listing);
  ADD ("storm", test_storm);
  ADD ("host-gone", test_host_gone);
  ADD ("host-of-the-maker", test_host_of_the_maker);
  ADD ("calls-out-of-signals", test_calls_out_of_signals);
  return g_test_run ();
}
