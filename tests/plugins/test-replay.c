/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#include "config.h"

#include "aionet-replay-backend.h"
#include "aionet-replay-document.h"
#include "aionet-replay-provider.h"
#include "aionet-replay-shape.h"
#include "link-text.h"
#include "netns.h"

#include <glib/gstdio.h>
#include <string.h>

/* (owned): of this run */
static char *directory;

static AionetReplayDocument *
read_text (const char *text, GError **error)
{
  return aionet_replay_document_new (text, strlen (text), error);
}

static char *
build_fixture_path (const char *name)
{
  return g_test_build_filename (G_TEST_DIST, "..", "data", "fixtures", name, NULL);
}

static void
test_document (void)
{
  const char *text =
      "{\"description\":\"all members\",\"links\":[{\"name\":\"eth0\",\"index\":7,"
      "\"hardware_address\":\"02:00:00:00:00:07\",\"mtu\":1400,\"kind\":\"point-to-point\","
      "\"is_up\":false,\"addresses\":["
      "{\"ip\":\"192.168.0.20\",\"cidr\":24,\"af\":2,\"flags\":[\"temporary\",\"tentative\"]},"
      "{\"ip\":\"fe80::1\",\"cidr\":64,\"af\":23}],"
      "\"blocks\":[{\"ip\":\"8.8.0.0\",\"cidr\":16,\"af\":2}],"
      "\"gateways\":[{\"af\":2,\"address\":\"192.168.0.1\",\"metric\":5,\"table\":101,"
      "\"source\":{\"ip\":\"192.168.0.20\",\"cidr\":32,\"af\":2}},"
      "{\"af\":10,\"address\":null},{\"af\":2,\"address\":\"fe80::1\"}]}]}";
  g_autoptr (GError) error = NULL;
  g_autoptr (AionetReplayDocument) document = read_text (text, &error);
  AionetLink      *link = NULL;
  g_autofree char *addresses = NULL;
  g_autofree char *blocks = NULL;
  g_autofree char *gateways = NULL;

  g_test_summary ("Every member of the format ends up in the link");

  g_assert_no_error (error);
  link = find_link (aionet_replay_document_get_links (document), "eth0");
  addresses = addresses_to_string (link);
  blocks = ranges_to_string (aionet_link_get_blocks (link));
  gateways = gateways_to_string (aionet_link_get_gateways (link));
  g_assert_cmpuint (aionet_link_get_index (link), ==, 7);
  g_assert_cmpuint (aionet_link_get_mtu (link), ==, 1400);
  g_assert_cmpint (aionet_link_get_kind (link), ==, AIONET_LINK_KIND_POINT_TO_POINT);
  g_assert_false (aionet_link_get_is_up (link));
  g_assert_cmpstr (aionet_link_get_hardware_address (link), ==, "02:00:00:00:00:07");
  g_assert_cmpstr (addresses, ==, "192.168.0.20 24 5; fe80::1%eth0 64 0");
  g_assert_cmpstr (blocks, ==, "8.8.0.0/16");
  g_assert_cmpstr (gateways, ==,
                   "4 192.168.0.1 5 101 192.168.0.20; 6 - 0 254 *; 4 fe80::1 0 254 *");
}

static void
test_defaults (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (AionetReplayDocument) document = read_text (
      "{\"links\":[{\"name\":\"a\"},{\"name\":\"b\",\"addresses\":[{\"ip\":\"10.0.0.1\"}]}]}",
      &error);
  AionetLink      *link = NULL;
  g_autofree char *addresses = NULL;

  g_test_summary ("What a link does not say has the defaults that are documented");

  g_assert_no_error (error);
  link = find_link (aionet_replay_document_get_links (document), "b");
  addresses = addresses_to_string (link);
  g_assert_cmpuint (aionet_link_get_index (link), ==, 2);
  g_assert_cmpuint (aionet_link_get_mtu (link), ==, 1500);
  g_assert_true (aionet_link_get_is_up (link));
  g_assert_null (aionet_link_get_hardware_address (link));
  g_assert_cmpstr (addresses, ==, "10.0.0.1 32 0");
}

static const struct
{
  const char *text;
  const char *words; /* in the message */
} bad_rows[] = {
  { "", "the document: is not complete" },
  { "   ", "the document: is not complete" },
  { "{} {}", "the document: has something after it" },
  { "0{}", "the document: is no object" },
  { "\"{}\"", "the document: is no object" },
  { "{/* \" */}", "the document: has characters" },
  { "{// \"\n}", "the document: has characters" },
  { "{'links':[]}", "the document: has characters" },
  { "{\"links\":[],}", "" },
  { "{\"links\":[\\\"]}", "the document: has characters" },
  { "{\"\\615\":1}", "the document: has an escape" },
  { "{\"\\u12g4\":1}", "the document: has an escape" },
  { "{\"\\u0000\":1}", "the document: has an escape" },
  { "{\"\\ud800\":1}", "the document: has an escape" },
  { "{\"\\udc00\":1}", "the document: has an escape" },
  { "{\"\\ud83d\\ude00\":1}", ": is no member" },
  { "[]", "the document: is no object" },
  { "{\"links\":", "" },
  { "{\"linkz\":[]}", "linkz: is no member" },
  { "{\"links\":{}}", "links: is no array" },
  { "{\"links\":[1]}", "links[0]: is no object" },
  { "{\"links\":[{}]}", "links[0].name: is missing" },
  { "{\"links\":[{\"name\":\"\"}]}", "links[0].name: is no text" },
  { "{\"links\":[{\"name\":7}]}", "links[0].name: is no text" },
  { "{\"links\":[{\"name\":\"a\",\"index\":0}]}", "links[0].index: is no whole number" },
  { "{\"links\":[{\"name\":\"a\",\"index\":1.5}]}", "links[0].index: is no whole number" },
  { "{\"links\":[{\"name\":\"a\",\"mtu\":-1}]}", "links[0].mtu: is no whole number" },
  { "{\"links\":[{\"name\":\"a\",\"kind\":\"cable\"}]}", "links[0].kind: has an unknown name" },
  { "{\"links\":[{\"name\":\"a\",\"is_up\":1}]}", "links[0].is_up: is neither" },
  { "{\"links\":[{\"name\":\"a\",\"hardware_address\":\"x\"}]}", "hardware_address: is no hardw" },
  { "{\"links\":[{\"name\":\"a\"},{\"name\":\"a\"}]}", "links[1].name: is that of another link" },
  { "{\"links\":[{\"name\":\"a\",\"index\":2},{\"name\":\"b\"}]}", "links[1].index: is that of" },
  { "{\"links\":[{\"name\":\"a\",\"addresses\":[{}]}]}", "links[0].addresses[0].ip: is missing" },
  { "{\"links\":[{\"name\":\"a\",\"addresses\":[{\"ip\":\"1.2.3\"}]}]}", "[0].ip: is no IPv4 or" },
  { "{\"links\":[{\"name\":\"a\",\"addresses\":[{\"ip\":\"fe80::1%a\"}]}]}", "ip: is no IPv4 or" },
  { "{\"links\":[{\"name\":\"a\",\"addresses\":[{\"ip\":\"1.2.3.4\",\"cidr\":33}]}]}",
    "addresses[0].cidr: is no whole number from 0 to 32" },
  { "{\"links\":[{\"name\":\"a\",\"addresses\":[{\"ip\":\"1.2.3.4\",\"af\":10}]}]}",
    "addresses[0].af: is not the family" },
  { "{\"links\":[{\"name\":\"a\",\"addresses\":[{\"ip\":\"1.2.3.4\",\"af\":99}]}]}",
    "addresses[0].af: is no address family" },
  { "{\"links\":[{\"name\":\"a\",\"addresses\":[{\"ip\":\"1.2.3.4\",\"flags\":[\"old\"]}]}]}",
    "addresses[0].flags: has an unknown name" },
  { "{\"links\":[{\"name\":\"a\",\"blocks\":[{\"ip\":\"8.8.0.0\",\"flags\":[]}]}]}",
    "blocks[0].flags: is no member" },
  { "{\"links\":[{\"name\":\"a\",\"gateways\":[{}]}]}", "gateways[0].af: is missing" },
  { "{\"links\":[{\"name\":\"a\",\"gateways\":[{\"af\":2,\"source\":{\"ip\":\"::1\"}}]}]}",
    "gateways[0].source: is of another family" },
  { "{\"links\":[{\"name\":\"a\",\"gateways\":[{\"af\":2,\"source\":{\"ip\":\"x\"}}]}]}",
    "gateways[0].source.ip: is no" },
  { "{\"stun_servers\":{}}", "stun_servers: is no array" },
  { "{\"stun_servers\":[1]}", "stun_servers[0]: is no address with a port" },
  { "{\"stun_servers\":[\"stun.example\"]}", "stun_servers[0]: is no address with a port" },
  { "{\"mappings\":[{\"local\":\"10.0.0.1\",\"external\":\"1.3.3.7\",\"port\":0}]}",
    "mappings[0].port: is no whole number" },
  { "{\"mappings\":[{\"local\":\"10.0.0.1\",\"external\":\"1.3.3.7\",\"protocol\":\"dccp\"}]}",
    "mappings[0].protocol: is neither" },
  { "{\"mappings\":[{\"local\":\"10.0.0.1\"}]}", "mappings[0].external: is missing" },
  { "{\"mappings\":[{\"external\":\"10.0.0.1\"}]}", "mappings[0].local: is missing" },
  { "{\"mappings\":[{\"local\":\"10.0.0.1\",\"external\":\"::1\"}]}", "another family" },
  { "{\"mappings\":[{\"local\":\"10.0.0.1\",\"external\":\"1.3.3.7\",\"server\":\"::1\"}]}",
    "another family" },
  { "{\"mappings\":[{\"local\":\"10.0.0.1\",\"external\":\"1.3.3.7\",\"server\":\"example\"}]}",
    "mappings[0].server: is no IPv4 or" },
  { "{\"mappings\":[{\"local\":\"10.0.0.1\",\"external\":\"1.3.3.7\",\"rtt_ms\":3600001}]}",
    "mappings[0].rtt_ms: is no whole number" },
  { "{\"mappings\":[{\"local\":\"10.0.0.1\",\"external\":\"1.3.3.7\",\"fail\":\"x\"}]}",
    "mappings[0].fail: contradicts" },
};

static void
test_bad (void)
{
  g_test_summary ("What is wrong is refused, and the message says where and why");

  for (guint i = 0; i < G_N_ELEMENTS (bad_rows); i++)
    {
      g_autoptr (GError) error = NULL;

      g_test_message ("%s", bad_rows[i].text);
      g_assert_null (read_text (bad_rows[i].text, &error));
      g_assert_error (error, AIONET_ERROR, (int) AIONET_ERROR_INVALID_JSON);
      g_assert_nonnull (strstr (error->message, bad_rows[i].words));
    }
}

static void
test_limits (void)
{
  g_autoptr (GString) deep = g_string_new ("{\"links\":");
  g_autofree char *large = g_malloc (AIONET_REPLAY_MAX_BYTES + 1);
  g_autoptr (GError) error = NULL;

  g_test_summary ("Depth and size are bounded, brackets in texts do not count");

  for (guint i = 0; i < 100000; i++)
    g_string_append_c (deep, '[');
  g_assert_null (read_text (deep->str, &error));
  g_assert_error (error, AIONET_ERROR, (int) AIONET_ERROR_INVALID_JSON);
  g_clear_error (&error);

  memset (large, ' ', AIONET_REPLAY_MAX_BYTES + 1);
  g_assert_null (aionet_replay_document_new (large, AIONET_REPLAY_MAX_BYTES + 1, &error));
  g_assert_error (error, AIONET_ERROR, (int) AIONET_ERROR_INVALID_JSON);
  g_clear_error (&error);

  g_string_assign (deep, "{\"description\":\"\\\"");
  for (guint i = 0; i < 1000; i++)
    g_string_append_c (deep, '[');
  g_string_append (deep, "\"}");
  {
    g_autoptr (AionetReplayDocument) document = read_text (deep->str, &error);

    g_assert_no_error (error);
    g_assert_nonnull (document);
  }
}

static GListModel *
list_links (AionetAddressBackend *backend, GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  aionet_address_backend_list_links_async (backend, 10000, NULL, keep_result, &result);
  wait_for (&result);
  return aionet_address_backend_list_links_finish (backend, result, error);
}

static void
test_fixtures (void)
{
  const struct
  {
    const char *name;
    const char *link;
    const char *addresses;
    const char *gateways;
  } rows[] = {
    { "guide-example-1.json", "eth0",
      "192.168.0.20 32 0; 193.168.0.0/16 16 0; 7.7.7.7 32 0; 8.8.0.0/16 16 0",
      "4 192.168.0.1 100 254 *" },
    { "guide-example-2.json", "eth0",
      "2020:deed:beef:: 128 0; 2020:deed:deed::/64 64 0; fe80:deed:beef::%eth0 128 0",
      "6 fe80::1 1024 254 *" },
    { "sample.json", "Intel(R) Wi-Fi 6 AX200 160MHz", "192.168.21.21 24 0",
      "4 192.168.21.1 600 254 *" },
    { "dual-homed.json", "eth1", "192.168.22.22 24 0; fe80::3%eth1 64 0",
      "4 192.168.22.1 0 101 192.168.22.22" },
  };

  g_test_summary ("The hosts in data/fixtures are what the guide says, as often as asked");

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autofree char *path = build_fixture_path (rows[i].name);
      g_autoptr (AionetAddressBackend) backend =
          g_object_new (AIONET_TYPE_REPLAY_BACKEND, "file", path, NULL);

      g_assert_true (aionet_provider_is_supported (AIONET_PROVIDER (backend), NULL));
      for (guint n = 0; n < 2; n++)
        {
          g_autoptr (GError) error = NULL;
          g_autoptr (GListModel) links = list_links (backend, &error);
          g_autofree char *addresses = NULL;
          g_autofree char *gateways = NULL;

          g_assert_no_error (error);
          addresses = addresses_to_string (find_link (links, rows[i].link));
          gateways =
              gateways_to_string (aionet_link_get_gateways (find_link (links, rows[i].link)));
          g_assert_cmpstr (addresses, ==, rows[i].addresses);
          g_assert_cmpstr (gateways, ==, rows[i].gateways);
        }
    }
}

static void
test_files (void)
{
  g_autofree char *fifo = g_build_filename (directory, "fifo", NULL);
  g_autoptr (AionetProvider) provider = g_object_new (AIONET_TYPE_REPLAY_BACKEND, NULL);
  g_autoptr (GError) error = NULL;

  g_test_summary ("No file, no such file, a directory, a pipe: each is refused with its reason");

  g_assert_false (aionet_provider_is_supported (provider, &error));
  g_assert_error (error, AIONET_ERROR, (int) AIONET_ERROR_NO_PROVIDER);
  g_clear_error (&error);

  g_object_set (provider, "file", "/nonexistent/file", NULL);
  g_assert_false (aionet_provider_is_supported (provider, &error));
  g_assert_error (error, G_IO_ERROR, (int) G_IO_ERROR_NOT_FOUND);
  g_clear_error (&error);

  g_object_set (provider, "file", "/", NULL);
  g_assert_null (list_links (AIONET_ADDRESS_BACKEND (provider), &error));
  g_assert_error (error, G_IO_ERROR, (int) G_IO_ERROR_NOT_REGULAR_FILE);
  g_clear_error (&error);

  netns_run ("mkfifo %s", fifo);
  g_object_set (provider, "file", fifo, NULL);
  g_assert_false (aionet_provider_is_supported (provider, &error));
  g_assert_error (error, G_IO_ERROR, (int) G_IO_ERROR_NOT_REGULAR_FILE);
  g_unlink (fifo);
}

static AionetStunProvider *
new_provider (const char *text)
{
  g_autofree char *path = g_build_filename (directory, "replay.json", NULL);

  g_assert_true (g_file_set_contents (path, text, -1, NULL));
  return g_object_new (AIONET_TYPE_REPLAY_PROVIDER, "file", path, NULL);
}

static AionetMapping *
ask (AionetStunProvider *provider,
     const char         *server_host,
     const char         *local_host,
     guint16             local_port,
     AionetStunChange    change,
     guint               timeout_ms,
     GError            **error)
{
  g_autoptr (GSocketAddress) server = g_inet_socket_address_new_from_string (server_host, 3478);
  g_autoptr (GSocketAddress) local =
      local_host != NULL ? g_inet_socket_address_new_from_string (local_host, local_port) : NULL;
  g_autoptr (GAsyncResult) result = NULL;

  aionet_stun_provider_ask_async (provider, G_INET_SOCKET_ADDRESS (server), G_SOCKET_PROTOCOL_UDP,
                                  local, NULL, change, timeout_ms, NULL, keep_result, &result);
  wait_for (&result);
  return aionet_stun_provider_ask_finish (provider, result, error);
}

static char *
endpoint_to_string (GInetSocketAddress *endpoint)
{
  return g_socket_connectable_to_string (G_SOCKET_CONNECTABLE (endpoint));
}

static const char *const stun_text =
    "{\"mappings\":["
    "{\"local\":\"192.168.0.20\",\"server\":\"203.0.113.9\",\"external\":\"6.6.6.6\"},"
    "{\"local\":\"192.168.0.20\",\"external\":\"1.3.3.7\",\"rtt_ms\":20},"
    "{\"local\":\"192.168.0.21\",\"fail\":\"no way out\",\"rtt_ms\":1},"
    "{\"local\":\"192.168.0.22\",\"protocol\":\"tcp\",\"external\":\"6.6.6.6\"},"
    "{\"local\":\"192.168.0.22\",\"port\":99,\"external\":\"6.6.6.6\"},"
    "{\"local\":\"192.168.0.22\",\"protocol\":\"udp\",\"external\":\"1.3.3.8\"},"
    "{\"local\":\"2001:db8::1\",\"external\":\"2001:db8::2\"}],"
    "\"stun_servers\":[\"203.0.113.1:3478\",\"[2001:db8:9::9]:99\"]}";

static void
test_stun (void)
{
  const struct
  {
    const char *server;
    const char *local;
    guint16     port;
    const char *want;
  } rows[] = {
    { "203.0.113.1", "192.168.0.20", 5000, "1.3.3.7:5000" },
    { "203.0.113.9", "192.168.0.20", 5000, "6.6.6.6:5000" },
    { "203.0.113.1", "192.168.0.20", 0, "1.3.3.7:49152" },
    { "203.0.113.1", NULL, 0, "1.3.3.7:49152" },
    { "203.0.113.1", "192.168.0.22", 5000, "1.3.3.8:5000" },
    { "2001:db8:9::9", NULL, 0, "[2001:db8::2]:49152" },
    { "2001:db8:9::9", "2001:db8::1", 7, "[2001:db8::2]:7" },
  };
  g_autoptr (AionetStunProvider) provider = new_provider (stun_text);

  g_test_summary ("The first mapping that fits local address and server answers");

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (AionetMapping) mapping =
          ask (provider, rows[i].server, rows[i].local, rows[i].port, 0, 10000, &error);
      g_autofree char *external = NULL;

      g_assert_no_error (error);
      external = endpoint_to_string (aionet_mapping_get_external (mapping));
      g_assert_cmpstr (external, ==, rows[i].want);
      g_assert_cmpuint (g_inet_socket_address_get_port (aionet_mapping_get_server (mapping)), ==,
                        3478);
    }
}

static void
test_servers (void)
{
  g_autoptr (AionetStunProvider) provider = new_provider (stun_text);
  g_auto (GStrv) servers = aionet_stun_provider_dup_servers (provider);
  g_autoptr (AionetStunProvider) without = new_provider ("{}");

  g_test_summary ("The servers that were asked are the ones to ask");
  g_assert_true (
      g_strv_equal ((const char *const *) servers,
                    (const char *const[]){ "203.0.113.1:3478", "[2001:db8:9::9]:99", NULL }));
  g_assert_null (aionet_stun_provider_dup_servers (without));
}

static void
test_round_trip (void)
{
  g_autoptr (AionetStunProvider) provider = new_provider (stun_text);
  g_autoptr (GError) error = NULL;
  const gint64 before = g_get_monotonic_time ();
  g_autoptr (AionetMapping) mapping =
      ask (provider, "203.0.113.1", "192.168.0.20", 5000, 0, 10000, &error);

  g_test_summary ("An answer takes at least its round trip, and says so");

  g_assert_no_error (error);
  g_assert_cmpint (g_get_monotonic_time () - before, >=, 20000);
  g_assert_cmpint (aionet_mapping_get_round_trip_us (mapping), ==, 20000);
}

static void
test_no_answer (void)
{
  g_autoptr (AionetStunProvider) provider = new_provider (stun_text);
  g_autoptr (GError) error = NULL;

  g_test_summary ("Failures fail; no mapping and change requests are silence to the deadline");

  g_assert_null (ask (provider, "203.0.113.1", "192.168.0.21", 1, 0, 10000, &error));
  g_assert_error (error, AIONET_ERROR, (int) AIONET_ERROR_STUN_FAILED);
  g_assert_nonnull (strstr (error->message, "no way out"));
  g_clear_error (&error);

  g_assert_null (ask (provider, "203.0.113.1", "192.168.0.99", 1, 0, 20, &error));
  g_assert_error (error, G_IO_ERROR, (int) G_IO_ERROR_TIMED_OUT);
  g_clear_error (&error);

  g_assert_null (ask (provider, "203.0.113.1", "192.168.0.20", 1,
                      AIONET_STUN_CHANGE_IP | AIONET_STUN_CHANGE_PORT, 20, &error));
  g_assert_error (error, G_IO_ERROR, (int) G_IO_ERROR_TIMED_OUT);
}

static void
test_cancelled (void)
{
  const char *locals[] = { "192.168.0.20", "192.168.0.99" };

  g_test_summary ("Cancelling ends a request on its way and a silent one; nothing holds them");

  for (guint i = 0; i < G_N_ELEMENTS (locals); i++)
    {
      AionetStunProvider *provider = new_provider (stun_text);
      g_autoptr (GSocketAddress) server =
          g_inet_socket_address_new_from_string ("203.0.113.1", 3478);
      g_autoptr (GSocketAddress) local = g_inet_socket_address_new_from_string (locals[i], 9);
      g_autoptr (GCancellable) cancellable = g_cancellable_new ();
      g_autoptr (GError) error = NULL;
      GAsyncResult *result = NULL;

      aionet_stun_provider_ask_async (provider, G_INET_SOCKET_ADDRESS (server),
                                      G_SOCKET_PROTOCOL_TCP, local, NULL, 0, 10000, cancellable,
                                      keep_result, &result);
      g_main_context_iteration (NULL, FALSE);
      g_cancellable_cancel (cancellable);
      wait_for (&result);
      g_assert_null (aionet_stun_provider_ask_finish (provider, result, &error));
      g_assert_error (error, G_IO_ERROR, (int) G_IO_ERROR_CANCELLED);
      g_clear_object (&result);
      while (g_main_context_iteration (NULL, FALSE))
        ;
      g_assert_finalize_object (provider);
    }
}

static void
test_rewritten (void)
{
  g_autoptr (AionetStunProvider) provider = new_provider (stun_text);
  g_autoptr (AionetMapping) before =
      ask (provider, "203.0.113.1", "192.168.0.20", 5, 0, 10000, NULL);
  g_autoptr (AionetStunProvider) writer =
      new_provider ("{\"mappings\":[{\"local\":\"192.168.0.20\",\"external\":\"1.3.3.8\"}]}");
  g_autoptr (GError) error = NULL;
  g_autoptr (AionetMapping) after =
      ask (provider, "203.0.113.1", "192.168.0.20", 5, 0, 10000, &error);
  g_autofree char *external = NULL;

  g_test_summary ("A file that was written anew is read anew");

  g_assert_no_error (error);
  g_assert_nonnull (before);
  g_assert_nonnull (writer);
  external = endpoint_to_string (aionet_mapping_get_external (after));
  g_assert_cmpstr (external, ==, "1.3.3.8:5");
}

static void
remove_directory (void)
{
  g_autofree char *file = g_build_filename (directory, "replay.json", NULL);

  g_unlink (file);
  g_rmdir (directory);
  g_free (directory);
}

int
main (int argc, char *argv[])
{
  int status = 0;

  g_test_init (&argc, &argv, NULL);
  g_unsetenv ("AIONET_REPLAY_FILE");
  directory = g_dir_make_tmp ("aionet-replay-XXXXXX", NULL);
  g_assert_nonnull (directory);

  g_test_add_func ("/aionet/replay/document", test_document);
  g_test_add_func ("/aionet/replay/defaults", test_defaults);
  g_test_add_func ("/aionet/replay/bad", test_bad);
  g_test_add_func ("/aionet/replay/limits", test_limits);
  g_test_add_func ("/aionet/replay/fixtures", test_fixtures);
  g_test_add_func ("/aionet/replay/files", test_files);
  g_test_add_func ("/aionet/replay/stun", test_stun);
  g_test_add_func ("/aionet/replay/servers", test_servers);
  g_test_add_func ("/aionet/replay/round-trip", test_round_trip);
  g_test_add_func ("/aionet/replay/no-answer", test_no_answer);
  g_test_add_func ("/aionet/replay/cancelled", test_cancelled);
  g_test_add_func ("/aionet/replay/rewritten", test_rewritten);
  status = g_test_run ();
  remove_directory ();
  return status;
}
