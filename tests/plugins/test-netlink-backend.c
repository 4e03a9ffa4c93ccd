/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#include "config.h"

#include "aionet-netlink-backend.h"
#include "link-text.h"
#include "netns.h"

#include <glib/gstdio.h>
#include <net/if.h>
#include <unistd.h>

/* The kernel itself, in a namespace that has nothing but what a case puts in. Each case begins with
 * the links of netns_add_eth0 () and ends with none. */

static AionetAddressBackend *
new_backend (void)
{
  return g_object_new (AIONET_TYPE_NETLINK_BACKEND, NULL);
}

static void
test_facts (gpointer *fixture, gconstpointer data)
{
  g_autoptr (AionetAddressBackend) backend = new_backend ();
  g_autoptr (GListModel) links = netns_list_links (backend);
  AionetLink *eth0 = find_link (links, "eth0");
  AionetLink *lo = find_link (links, "lo");

  g_test_summary ("Links come with index, MTU, hardware address, kind and state");

  g_assert_cmpuint (g_list_model_get_n_items (links), ==, 3);
  g_assert_cmpuint (aionet_link_get_index (eth0), ==, if_nametoindex ("eth0"));
  g_assert_cmpuint (aionet_link_get_mtu (eth0), ==, 1400);
  g_assert_cmpstr (aionet_link_get_hardware_address (eth0), ==, "02:00:00:00:00:0a");
  g_assert_cmpint (aionet_link_get_kind (eth0), ==, AIONET_LINK_KIND_VIRTUAL);
  g_assert_true (aionet_link_get_is_up (eth0));
  g_assert_cmpuint (aionet_link_get_index (lo), ==, 1);
  g_assert_cmpint (aionet_link_get_kind (lo), ==, AIONET_LINK_KIND_LOOPBACK);
}

static void
test_carrier (gpointer *fixture, gconstpointer data)
{
  g_autoptr (AionetAddressBackend) backend = new_backend ();
  g_autoptr (GListModel) links = NULL;

  g_test_summary ("A link whose other end is down is not up");

  netns_run ("ip link set far down");
  links = netns_list_links (backend);
  g_assert_false (aionet_link_get_is_up (find_link (links, "eth0")));
}

static void
test_addresses (gpointer *fixture, gconstpointer data)
{
  g_autoptr (AionetAddressBackend) backend = new_backend ();
  g_autoptr (GListModel) links = NULL;
  g_autofree char *addresses = NULL;
  g_autofree char *blocks = NULL;
  g_autofree char *lo_blocks = NULL;

  g_test_summary ("Addresses with prefix, peer, scope and flags; blocks of the local table");

  netns_run_batch ("addr add 192.168.0.20/24 dev eth0\n"
                   "addr add 192.168.0.21/24 dev eth0\n"
                   "addr add 10.9.9.0 peer 10.9.9.2/24 dev eth0\n"
                   "addr add 193.168.0.0/16 dev eth0\n"
                   "addr add 2001:db8:1::1/64 dev eth0 nodad\n"
                   "addr add fe80::1/64 dev eth0 nodad preferred_lft 0\n"
                   "route add local 8.8.0.0/16 dev eth0\n"
                   "route add local 192.168.0.20/32 dev eth0 metric 5\n"
                   "route add local 7.7.7.7 dev lo\n"
                   "route add local 2001:db8:8::/48 dev lo\n");
  links = netns_list_links (backend);
  addresses = addresses_to_string (find_link (links, "eth0"));
  blocks = ranges_to_string (aionet_link_get_blocks (find_link (links, "eth0")));
  lo_blocks = ranges_to_string (aionet_link_get_blocks (find_link (links, "lo")));

  g_assert_cmpstr (addresses, ==,
                   "192.168.0.20 24 0; 10.9.9.0 32 0; 193.168.0.0/16 16 0; 192.168.0.21 24 1; "
                   "2001:db8:1::1 64 0; fe80::1%eth0 64 2");
  g_assert_cmpstr (blocks, ==, "8.8.0.0/16");
  g_assert_cmpstr (lo_blocks, ==, "7.7.7.7 2001:db8:8::/48");
  netns_run_batch ("route del local 7.7.7.7 dev lo\n"
                   "route del local 2001:db8:8::/48 dev lo\n");
}

static void
test_gateways (gpointer *fixture, gconstpointer data)
{
  g_autoptr (AionetAddressBackend) backend = new_backend ();
  g_autoptr (GListModel) links = NULL;
  g_autofree char *gateways = NULL;

  g_test_summary ("Gateways: multipath, RTA_VIA, on-link, of rules for sources and for the link");

  netns_run_batch ("addr add 192.168.0.20/24 dev eth0\n"
                   "addr add fe80::20/64 dev eth0 nodad\n"
                   "route add default metric 5 nexthop via 192.168.0.1 dev eth0 nexthop via "
                   "192.168.0.2 dev eth0\n"
                   "route add default dev eth0 metric 9\n"
                   "route add default via fe80::1 dev eth0 metric 100\n"
                   "route add default via 192.168.0.3 dev eth0 table 1001\n"
                   "route add default via 192.168.0.4 dev eth0 table 1002\n"
                   "route add default via 192.168.0.5 dev eth0 table 1003\n"
                   "route add default via 192.168.0.6 dev eth0 table 1004\n"
                   "rule add from 192.168.0.0/28 lookup 1001 priority 100\n"
                   "rule add fwmark 5 lookup 1002 priority 101\n"
                   "rule add oif eth0 lookup 1003 priority 102\n"
                   "rule add oif far lookup 1004 priority 103\n");
  netns_run ("ip -4 route add default via inet6 fe80::1 dev eth0 metric 7");
  links = netns_list_links (backend);
  gateways = gateways_to_string (aionet_link_get_gateways (find_link (links, "eth0")));

  g_assert_cmpstr (gateways, ==,
                   "4 192.168.0.3 0 1001 192.168.0.0/28; 4 192.168.0.5 0 1003 *; "
                   "4 192.168.0.1 5 254 *; 4 192.168.0.2 5 254 *; 4 fe80::1 7 254 *; "
                   "4 - 9 254 *; 6 fe80::1 100 254 *");
  netns_run_batch ("rule del priority 100\nrule del priority 101\nrule del priority 102\n"
                   "rule del priority 103\n");
}

static void
test_many_tables (gpointer *fixture, gconstpointer data)
{
  g_autoptr (AionetAddressBackend) backend = new_backend ();
  g_autoptr (GListModel) links = NULL;
  g_autoptr (GString) up = g_string_new ("addr add 192.168.0.20/24 dev eth0\n");
  g_autoptr (GString) down = g_string_new (NULL);
  GListModel *gateways = NULL;

  g_test_summary ("Many tables are read at once, tables that no rule names are not taken from it");

  for (guint i = 1; i <= 20; i++)
    {
      g_string_append_printf (up, "route add default via 192.168.0.1 dev eth0 table %u\n",
                              1000 + i);
      if (i == 1)
        continue;
      g_string_append_printf (up, "rule add from 10.0.0.%u lookup %u priority %u\n", i, 1000 + i,
                              i);
      g_string_append_printf (down, "rule del priority %u\n", i);
    }
  netns_run_batch (up->str);
  links = netns_list_links (backend);
  gateways = aionet_link_get_gateways (find_link (links, "eth0"));

  g_assert_cmpuint (g_list_model_get_n_items (gateways), ==, 19);
  for (guint i = 0; i < 19; i++)
    {
      g_autoptr (AionetGateway) gateway = g_list_model_get_item (gateways, i);

      g_assert_cmpuint (aionet_gateway_get_table (gateway), ==, 1002 + i);
    }
  netns_run_batch (down->str);
}

static void
test_many_addresses (gpointer *fixture, gconstpointer data)
{
  g_autoptr (AionetAddressBackend) backend = new_backend ();
  g_autoptr (GListModel) links = NULL;
  g_autoptr (GString) lines = g_string_new (NULL);
  GListModel *addresses = NULL;

  g_test_summary ("Two thousand addresses, several buffers full, arrive complete and in order");

  for (guint i = 0; i < 2000; i++)
    g_string_append_printf (lines, "addr add 10.%u.%u.1/32 dev eth0\n", i / 250, i % 250);
  netns_run_batch (lines->str);
  links = netns_list_links (backend);
  addresses = aionet_link_get_addresses (find_link (links, "eth0"));

  g_assert_cmpuint (g_list_model_get_n_items (addresses), ==, 2000);
  for (guint i = 0; i < 2000; i++)
    {
      g_autoptr (AionetIpRange) range = g_list_model_get_item (addresses, i);
      g_autofree char *text = aionet_ip_range_to_string (range);
      g_autofree char *want = g_strdup_printf ("10.%u.%u.1", i / 250, i % 250);

      g_assert_cmpstr (text, ==, want);
    }
}

static void
test_restless (gpointer *fixture, gconstpointer data)
{
  g_autoptr (AionetAddressBackend) backend = new_backend ();
  g_autoptr (GString) stable = g_string_new (NULL);
  g_autoptr (GString) lines = g_string_new (NULL);
  g_autoptr (GSubprocess) changer = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *path = g_strdup_printf ("%s/aionet-restless-%d", g_get_tmp_dir (), getpid ());
  guint            n_listings = 0;

  g_test_summary ("Listings made while addresses come and go succeed and keep what stays");

  /* More than a buffer full, or no dump would be interrupted. */
  for (guint i = 0; i < 1500; i++)
    g_string_append_printf (stable, "addr add 172.16.%u.%u/32 dev eth0\n", i / 250, 1 + i % 250);
  netns_run_batch (stable->str);
  for (guint i = 0; i < 3000; i++)
    g_string_append_printf (lines, "addr %s 10.0.0.%u/32 dev eth0\n", i % 2 == 0 ? "add" : "del",
                            i / 2 % 250);
  g_assert_true (g_file_set_contents (path, lines->str, -1, NULL));
  changer = g_subprocess_new (G_SUBPROCESS_FLAGS_NONE, &error, "ip", "-batch", path, NULL);
  g_assert_no_error (error);

  do
    {
      g_autoptr (GListModel) links = netns_list_links (backend);
      GListModel *addresses = aionet_link_get_addresses (find_link (links, "eth0"));

      g_assert_cmpuint (g_list_model_get_n_items (addresses), >=, 1500);
      g_assert_cmpuint (g_list_model_get_n_items (addresses), <=, 1502);
      n_listings++;
    }
  while (g_subprocess_get_identifier (changer) != NULL && n_listings < 5000);
  g_assert_true (g_subprocess_wait_check (changer, NULL, &error));
  g_assert_no_error (error);
  g_unlink (path);
  g_test_message ("%u listings", n_listings);
}

static void
test_changed (gpointer *fixture, gconstpointer data)
{
  g_autoptr (AionetAddressBackend) backend = new_backend ();
  g_autoptr (GListModel) links = netns_list_links (backend);
  g_autoptr (GString) lines = g_string_new (NULL);
  const char *commands[] = { "ip addr add 192.168.0.20/24 dev eth0",
                             "ip route add default via 192.168.0.1",
                             "ip route add local 8.8.0.0/16 dev eth0",
                             "ip rule add from 192.168.0.20 lookup 1001 priority 50",
                             "ip rule del priority 50",
                             "ip route del default via 192.168.0.1",
                             "ip -6 addr add 2001:db8::1/64 dev eth0 nodad",
                             "ip -6 route add default dev eth0",
                             "ip link set eth0 mtu 1300" };
  guint       n_emissions = 0;

  g_test_summary ("Each kind of change makes a signal, a burst of them fewer than its changes");

  g_assert_cmpuint (g_list_model_get_n_items (links), ==, 3);
  run_for (300);
  g_signal_connect (backend, "changed", G_CALLBACK (count_emission), &n_emissions);
  for (guint i = 0; i < G_N_ELEMENTS (commands); i++)
    {
      n_emissions = 0;
      netns_run ("%s", commands[i]);
      while (n_emissions == 0)
        g_main_context_iteration (NULL, TRUE);
    }

  run_for (300);
  n_emissions = 0;
  for (guint i = 0; i < 200; i++)
    g_string_append_printf (lines, "addr add 10.0.0.%u/32 dev eth0\n", i);
  netns_run_batch (lines->str);
  run_for (300);
  g_assert_cmpuint (n_emissions, >=, 1);
  g_assert_cmpuint (n_emissions, <, 100);
}

static void
test_other_routes (gpointer *fixture, gconstpointer data)
{
  g_autoptr (AionetAddressBackend) backend = new_backend ();
  g_autoptr (GListModel) links = NULL;
  g_autoptr (GString) lines = g_string_new (NULL);
  guint n_emissions = 0;

  g_test_summary ("Routes that are no default routes do not wake the watch");

  netns_run ("ip addr add 192.168.0.20/24 dev eth0");
  links = netns_list_links (backend);
  run_for (300);
  g_signal_connect (backend, "changed", G_CALLBACK (count_emission), &n_emissions);
  for (guint i = 0; i < 200; i++)
    g_string_append_printf (lines, "route add 10.%u.0.0/16 via 192.168.0.1\n", i);
  netns_run_batch (lines->str);
  run_for (300);
  g_assert_cmpuint (n_emissions, ==, 0);
}

static void
test_cancelled (gpointer *fixture, gconstpointer data)
{
  g_autoptr (AionetAddressBackend) backend = new_backend ();
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (GListModel) links = NULL;

  g_test_summary ("A listing cancelled on its way ends at once, and the next one works");

  aionet_address_backend_list_links_async (backend, 10000, cancellable, keep_result, &result);
  g_cancellable_cancel (cancellable);
  wait_for (&result);
  g_assert_null (aionet_address_backend_list_links_finish (backend, result, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);

  links = netns_list_links (backend);
  g_assert_cmpuint (g_list_model_get_n_items (links), ==, 3);
}

static void
test_dropped (gpointer *fixture, gconstpointer data)
{
  AionetAddressBackend *backend = new_backend ();
  g_autoptr (GListModel) links = netns_list_links (backend);

  g_test_summary ("A backend that is gone does not hear of changes that were on their way");

  g_assert_cmpuint (g_list_model_get_n_items (links), ==, 3);
  netns_run ("ip addr add 192.168.0.20/24 dev eth0");
  /* Long enough for the event, not for the burst to be over. */
  g_main_context_iteration (NULL, FALSE);
  g_assert_finalize_object (backend);
  run_for (200);
}

#define ADD(name, func)                                                                            \
  g_test_add ("/aionet/netlink-backend/" name, gpointer, NULL, netns_add_eth0, func,               \
              netns_remove_eth0)

int
main (int argc, char *argv[])
{
  g_autofree char *reason = NULL;

  g_test_init (&argc, &argv, NULL);
  if (!netns_enter (&reason))
    {
      g_print ("1..0 # SKIP %s\n", reason);
      return 0;
    }

  ADD ("facts", test_facts);
  ADD ("carrier", test_carrier);
  ADD ("addresses", test_addresses);
  ADD ("gateways", test_gateways);
  ADD ("many-tables", test_many_tables);
  ADD ("many-addresses", test_many_addresses);
  ADD ("restless", test_restless);
  ADD ("changed", test_changed);
  ADD ("other-routes", test_other_routes);
  ADD ("cancelled", test_cancelled);
  ADD ("dropped", test_dropped);
  return g_test_run ();
}
