/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#include "config.h"

#include "../plugins/netns.h"
#include "../topology/route-fixture.h"
#include "stun-server-helpers.h"
#include "topology/aionet-host.h"
#include "topology/aionet-interface.h"

#include <net/if.h>
#include <signal.h>

/* In a namespace with several addresses, and with clients that others wrote. */

static AionetInterface *
make_interface (const char *text)
{
  g_autoptr (GError) error = NULL;
  AionetInterface *nic = aionet_interface_new_from_json_string (text, &error);

  g_assert_no_error (error);
  return nic;
}

static void
on_started (GObject *source, GAsyncResult *result, gpointer user_data)
{
  GError **error = user_data;

  if (aionet_stun_server_start_finish (AIONET_STUN_SERVER (source), result, error))
    *error = g_error_new_literal (G_IO_ERROR, G_IO_ERROR_UNKNOWN, "started");
}

/* Returns the error, NULL for none. */
static GError *
start (AionetStunServer *server, GListModel *interfaces)
{
  GError *error = NULL;

  aionet_stun_server_start_async (server, interfaces, NULL, on_started, &error);
  while (error == NULL)
    g_main_context_iteration (NULL, TRUE);
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_UNKNOWN))
    g_clear_error (&error);
  return error;
}

static void
assert_endpoint (AionetStunServer *server,
                 const char       *local,
                 AionetStunChange  change,
                 const char       *expected)
{
  g_autofree char *text = get_endpoint (server, find_listener (server, local, FALSE), change);

  g_assert_cmpstr (text, ==, expected);
}

static void
test_pools (void)
{
  g_autoptr (AionetStunServer) server = aionet_stun_server_new ();
  g_autoptr (GListStore) nics = g_list_store_new (AIONET_TYPE_INTERFACE);
  g_autoptr (AionetInterface) first = make_interface (
      "{\"name\": \"lo\", \"is_up\": true, \"rp\": {"
      "\"2\": [{\"af\": 2, \"nic_ips\": [{\"ip\": \"10.1.0.1\", \"cidr\": 32, \"af\": 2}],"
      " \"ext_ips\": [{\"ip\": \"8.8.8.1\", \"cidr\": 32, \"af\": 2}]}],"
      "\"10\": [{\"af\": 10, \"nic_ips\": [{\"ip\": \"2400:cafe::1\", \"cidr\": 128, \"af\": 10}],"
      " \"ext_ips\": [{\"ip\": \"2400:cafe::1\", \"cidr\": 128, \"af\": 10}]}]}}");
  g_autoptr (AionetInterface) second = make_interface (
      "{\"name\": \"lo\", \"is_up\": true, \"rp\": {"
      "\"2\": [{\"af\": 2, \"nic_ips\": [{\"ip\": \"10.1.0.2\", \"cidr\": 32, \"af\": 2}],"
      " \"ext_ips\": [{\"ip\": \"8.8.8.2\", \"cidr\": 32, \"af\": 2}]},"
      "{\"af\": 2, \"nic_ips\": [{\"ip\": \"10.1.0.3\", \"cidr\": 32, \"af\": 2}],"
      " \"ext_ips\": [{\"ip\": \"8.8.8.1\", \"cidr\": 32, \"af\": 2}]}],"
      "\"10\": [{\"af\": 10, \"nic_ips\": [{\"ip\": \"2400:cafe::2\", \"cidr\": 128, \"af\": 10}],"
      " \"ext_ips\": [{\"ip\": \"2400:cafe::2\", \"cidr\": 128, \"af\": 10}]}]}}");

  g_test_summary ("Over several interfaces each family finds its alternates by external address");
  g_list_store_append (nics, first);
  g_list_store_append (nics, second);
  g_assert_no_error (start (server, G_LIST_MODEL (nics)));
  /* Two addresses of two families, two ports, two protocols: 8.8.8.1 counts once. */
  g_assert_cmpuint (g_list_model_get_n_items (aionet_daemon_get_listeners (AIONET_DAEMON (server))),
                    ==, 16);
  assert_endpoint (server, "10.1.0.1", 0, "8.8.8.1:3478");
  assert_endpoint (server, "10.1.0.1", 6, "8.8.8.2:3479");
  assert_endpoint (server, "10.1.0.2", 4, "8.8.8.1:3478");
  assert_endpoint (server, "2400:cafe::1", 6, "[2400:cafe::2]:3479");
  assert_endpoint (server, "2400:cafe::2", 6, "[2400:cafe::1]:3479");
}

static void
test_unusable (void)
{
  g_autoptr (AionetStunServer) server = aionet_stun_server_new ();
  g_autoptr (GListStore) nics = g_list_store_new (AIONET_TYPE_INTERFACE);
  g_autoptr (GError) error = start (server, G_LIST_MODEL (nics));

  g_test_summary ("No interface to listen on is an error");
  g_assert_error (error, AIONET_ERROR, AIONET_ERROR_NO_INTERFACE);
}

static void
check_four_answers_v6 (guint i, guint8 change, AionetStunServer *server, GSocket *client)
{
  AionetPipe *asked = find_listener (server, i / 2 == 0 ? "2400:cafe::1" : "2400:cafe::2", i % 2);
  g_autoptr (GByteArray) request = new_change_request (change);
  g_auto (Answer) answer = { 0 };
  g_autofree char *from = NULL;
  g_autofree char *expected = get_endpoint (server, asked, change);
  g_autofree char *mapped = NULL;

  ask (client, request, asked, &answer);
  from = endpoint_text (answer.from);
  mapped = get_address (&answer, STUN_XOR_MAPPED);
  g_assert_cmpstr (from, ==, expected);
  g_assert_true (g_str_has_prefix (mapped, "[2400:cafe::3]:"));
}

static void
test_ipv6 (void)
{
  g_autoptr (AionetStunServer) server = server_new ("2400:cafe::1", "2400:cafe::2");
  g_autoptr (GSocket) client = new_client ("2400:cafe::3");

  g_test_summary ("IPv6: from each of four endpoints answers come from all four");
  for (guint i = 0; i < 4; i++)
    for (guint8 change = 0; change <= 6; change += 2)
      check_four_answers_v6 (i, change, server, client);
}

static void
on_ended (GObject *source, GAsyncResult *result, gpointer user_data)
{
  char **output = user_data;
  g_autoptr (GError) error = NULL;

  g_subprocess_communicate_utf8_finish (G_SUBPROCESS (source), result, output, NULL, &error);
  g_assert_no_error (error);
}

/* What a program says, while the server in this process serves it. (nullable): not installed */
static char *
run_client (const char *const *argv)
{
  g_autofree char *program = g_find_program_in_path (argv[0]);
  g_autoptr (GSubprocess) client = NULL;
  g_autoptr (GError) error = NULL;
  char *output = NULL;

  if (program == NULL)
    {
      g_test_skip ("coturn's utilities are not installed");
      return NULL;
    }
  client = g_subprocess_newv (
      argv, G_SUBPROCESS_FLAGS_STDOUT_PIPE | G_SUBPROCESS_FLAGS_STDERR_MERGE, &error);
  g_assert_no_error (error);
  g_subprocess_communicate_utf8_async (client, NULL, NULL, on_ended, &output);
  while (output == NULL)
    g_main_context_iteration (NULL, TRUE);
  g_test_message ("%s", output);
  g_assert_true (g_subprocess_get_successful (client));
  return output;
}

typedef struct
{
  const char *address, *other, *client;
} CoturnCase;

static const CoturnCase ipv4 = { "10.1.0.1", "10.1.0.2", "10.1.0.3" };
static const CoturnCase ipv6 = { "2400:cafe::1", "2400:cafe::2", "2400:cafe::3" };

static void
test_coturn_discovery (gconstpointer data)
{
  const CoturnCase *at = data;
  g_autoptr (AionetStunServer) server = aionet_stun_server_new ();
  g_autoptr (AionetRoute) route = bound_route (at->address, 0);
  g_autoptr (AionetRoute) alternate = bound_route (at->other, 0);
  const char *const argv[] = {
    "turnutils_natdiscovery", "-m", "-f", "-L", at->client, at->address, NULL
  };
  g_autofree char *output = NULL;
  g_autoptr (GError) error = NULL;

  g_test_summary ("coturn's client finds no NAT where there is none, by all four endpoints");
  aionet_stun_server_listen (server, route, alternate, &error);
  g_assert_no_error (error);
  output = run_client (argv);
  if (output == NULL)
    return;
  g_assert_nonnull (strstr (output, "No NAT! (Endpoint Independent Mapping)"));
  g_assert_nonnull (strstr (output, "NAT with Endpoint Independent Filtering!"));
}

static void
test_coturn_client (gconstpointer data)
{
  const CoturnCase *at = data;
  g_autoptr (AionetStunServer) server = aionet_stun_server_new ();
  g_autoptr (AionetRoute) route = bound_route (at->address, 0);
  g_autoptr (AionetRoute) alternate = bound_route (at->other, 0);
  const char *const argv[] = { "turnutils_stunclient", "-L", at->client, at->address, NULL };
  g_autofree char  *output = NULL;
  g_autofree char  *expected = g_strdup_printf ("UDP reflexive addr: %s", at->client);
  g_autoptr (GError) error = NULL;

  g_test_summary ("coturn's client gets what it asks for, RESPONSE-PORT and PADDING included");
  aionet_stun_server_set_echo_padding (server, TRUE);
  aionet_stun_server_listen (server, route, alternate, &error);
  g_assert_no_error (error);
  output = run_client (argv);
  if (output == NULL)
    return;
  g_assert_nonnull (strstr (output, "RFC 5780 response 3"));
  g_assert_nonnull (strstr (output, expected));
  g_assert_cmpuint (aionet_stun_server_get_n_errors (server, G_SOCKET_PROTOCOL_UDP), ==, 0);
  g_assert_cmpuint (aionet_stun_server_get_n_ignored (server, G_SOCKET_PROTOCOL_UDP), ==, 0);
}

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
  netns_run_batch ("link set lo up\n"
                   "address add 10.1.0.1/32 dev lo\naddress add 10.1.0.2/32 dev lo\n"
                   "address add 10.1.0.3/32 dev lo\n"
                   "address add 2400:cafe::1/128 dev lo\naddress add 2400:cafe::2/128 dev lo\n"
                   "address add 2400:cafe::3/128 dev lo\n");
  g_test_add_func ("/aionet/stun-server-lab/pools", test_pools);
  g_test_add_func ("/aionet/stun-server-lab/unusable", test_unusable);
  g_test_add_func ("/aionet/stun-server-lab/ipv6", test_ipv6);
  g_test_add_data_func ("/aionet/stun-server-lab/coturn-discovery/ipv4", &ipv4,
                        test_coturn_discovery);
  g_test_add_data_func ("/aionet/stun-server-lab/coturn-discovery/ipv6", &ipv6,
                        test_coturn_discovery);
  g_test_add_data_func ("/aionet/stun-server-lab/coturn-client/ipv4", &ipv4, test_coturn_client);
  g_test_add_data_func ("/aionet/stun-server-lab/coturn-client/ipv6", &ipv6, test_coturn_client);
  return g_test_run ();
}
