/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#include "config.h"

#include "aionet-getifaddrs-backend.h"
#include "link-text.h"
#include "netns.h"

#include <net/if.h>

/* The system call itself, in a namespace that has nothing but what a case puts in. */

static AionetAddressBackend *
new_backend (void)
{
  return g_object_new (AIONET_TYPE_GETIFADDRS_BACKEND, NULL);
}

static void
test_facts (gpointer *fixture, gconstpointer data)
{
  g_autoptr (AionetAddressBackend) backend = new_backend ();
  g_autoptr (GListModel) links = netns_list_links (backend);
  AionetLink *eth0 = find_link (links, "eth0");

  g_test_summary ("Links without an address are there, with index, MTU and hardware address");

  g_assert_cmpuint (g_list_model_get_n_items (links), ==, 3);
  g_assert_cmpuint (aionet_link_get_index (eth0), ==, if_nametoindex ("eth0"));
  g_assert_cmpuint (aionet_link_get_mtu (eth0), ==, 1400);
  g_assert_cmpstr (aionet_link_get_hardware_address (eth0), ==, "02:00:00:00:00:0a");
  g_assert_true (aionet_link_get_is_up (eth0));
  g_assert_cmpint (aionet_link_get_kind (find_link (links, "lo")), ==, AIONET_LINK_KIND_LOOPBACK);
  g_assert_cmpuint (g_list_model_get_n_items (aionet_link_get_addresses (eth0)), ==, 0);
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

  g_test_summary ("Masks become prefixes, labels no links, and link-locals have their scope");

  netns_run_batch ("addr add 192.168.0.20/24 dev eth0\n"
                   "addr add 10.1.2.3/9 dev eth0 label eth0:1\n"
                   "addr add 193.168.0.0/16 dev eth0\n"
                   "addr add 10.0.0.1/32 dev eth0\n"
                   "addr add 2001:db8:1::1/63 dev eth0 nodad\n"
                   "addr add fe80::1/64 dev eth0 nodad\n");
  links = netns_list_links (backend);
  addresses = addresses_to_string (find_link (links, "eth0"));

  g_assert_cmpuint (g_list_model_get_n_items (links), ==, 3);
  g_assert_cmpstr (addresses, ==,
                   "192.168.0.20 24 0; 10.1.2.3 9 0; 193.168.0.0/16 16 0; 10.0.0.1 32 0; "
                   "2001:db8:1::1 63 0; fe80::1%eth0 64 0");
}

static void
test_changed (gpointer *fixture, gconstpointer data)
{
  AionetAddressBackend *backend = new_backend ();
  g_autoptr (GListModel) links = netns_list_links (backend);
  guint n_emissions = 0;

  g_test_summary ("A route that comes or goes makes a signal, as soon as the monitor was found");

  g_assert_cmpuint (g_list_model_get_n_items (links), ==, 3);
  g_signal_connect (backend, "changed", G_CALLBACK (count_emission), &n_emissions);
  netns_run ("ip addr add 192.168.0.20/24 dev eth0");
  while (n_emissions == 0)
    {
      netns_run ("ip route add default via 192.168.0.1");
      run_for (100);
      netns_run ("ip route del default");
      run_for (100);
    }

  netns_run ("ip route add default via 192.168.0.1");
  g_main_context_iteration (NULL, FALSE);
  g_assert_finalize_object (backend);
  n_emissions = 0;
  run_for (200);
  g_assert_cmpuint (n_emissions, ==, 0);
}

#define ADD(name, func)                                                                            \
  g_test_add ("/aionet/getifaddrs/" name, gpointer, NULL, netns_add_eth0, func, netns_remove_eth0)

int
main (int argc, char *argv[])
{
  g_autofree char *reason = NULL;

  g_test_init (&argc, &argv, NULL);
  /* The one that is made without D-Bus. */
  g_setenv ("GIO_USE_NETWORK_MONITOR", "netlink", TRUE);
  if (!netns_enter (&reason))
    {
      g_print ("1..0 # SKIP %s\n", reason);
      return 0;
    }

  ADD ("facts", test_facts);
  ADD ("carrier", test_carrier);
  ADD ("addresses", test_addresses);
  ADD ("changed", test_changed);
  return g_test_run ();
}
