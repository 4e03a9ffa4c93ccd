/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#include "config.h"

#include "topology/fake-providers.h"

#include "value/aionet-json-private.h"

#define V4 G_SOCKET_FAMILY_IPV4
#define V6 G_SOCKET_FAMILY_IPV6

/* The guide's text, to the letter. */
static char *
read_sample (void)
{
  g_autofree char *path = g_test_build_filename (G_TEST_DIST, "topology", "guide-sample.txt", NULL);
  char            *text = NULL;
  g_autoptr (GError) error = NULL;

  g_file_get_contents (path, &text, NULL, &error);
  g_assert_no_error (error);
  return g_strchomp (text);
}

static AionetInterface *
parse (const char *text)
{
  g_autoptr (GError) error = NULL;
  AionetInterface *nic = aionet_interface_new_from_json_string (text, &error);

  g_assert_no_error (error);
  return nic;
}

static JsonNode *
parse_node (const char *text)
{
  g_autoptr (GError) error = NULL;
  JsonNode *node = _aionet_json_parse (text, -1, &error);

  g_assert_no_error (error);
  return node;
}

/* Everything in part is in whole, with the same value. A family without routes has an empty list,
 * whatever its number is called there. */
static void
assert_superset (JsonNode *whole, JsonNode *part)
{
  if (JSON_NODE_HOLDS_OBJECT (part))
    {
      g_autoptr (GList) members = json_object_get_members (json_node_get_object (part));

      g_assert_true (JSON_NODE_HOLDS_OBJECT (whole));
      for (GList *l = members; l != NULL; l = l->next)
        {
          JsonNode   *wanted = json_object_get_member (json_node_get_object (part), l->data);
          const char *name = g_str_equal (l->data, "23") ? "10" : l->data;

          g_assert_true (json_object_has_member (json_node_get_object (whole), name));
          assert_superset (json_object_get_member (json_node_get_object (whole), name), wanted);
        }
      return;
    }
  if (JSON_NODE_HOLDS_ARRAY (part))
    {
      JsonArray *wanted = json_node_get_array (part);
      JsonArray *array = json_node_get_array (whole);

      g_assert_cmpuint (json_array_get_length (array), ==, json_array_get_length (wanted));
      for (guint i = 0; i < json_array_get_length (wanted); i++)
        assert_superset (json_array_get_element (array, i), json_array_get_element (wanted, i));
      return;
    }
  g_assert_true (json_node_equal (whole, part));
}

static void
test_sample (void)
{
  g_autofree char *text = read_sample ();
  g_autoptr (AionetInterface) nic = NULL;
  g_autoptr (AionetRoute) route = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *pool = NULL;
  AionetNat       *nat;

  g_test_summary ("The guide's sample reads, as printed (J-01, S8-S16)");

  nic = parse (text);
  g_assert_cmpstr (aionet_interface_get_name (nic), ==, "Intel(R) Wi-Fi 6 AX200 160MHz");
  nat = aionet_interface_get_nat (nic);
  g_assert_cmpint (aionet_nat_get_nat_type (nat), ==, 5);
  g_assert_cmpstr (aionet_nat_get_info (nat), ==, "restrict port");
  g_assert_cmpint (aionet_nat_get_delta_type (nat), ==, 6);
  g_assert_cmpint (aionet_nat_get_delta_value (nat), ==, 0);
  pool = fake_describe_pool (nic, V4);
  g_assert_cmpstr (pool, ==, "[192.168.21.21] -> [1.3.3.7]");
  g_assert_cmpuint (
      g_list_model_get_n_items (G_LIST_MODEL (aionet_interface_get_route_pool (nic, V6))), ==, 0);
  g_assert_true (aionet_interface_get_loaded (nic));
  g_assert_cmpuint (g_list_model_get_n_items (aionet_interface_get_addresses (nic)), ==, 1);
  route = aionet_interface_get_route (nic, V4, &error);
  g_assert_no_error (error);
  g_assert_true (aionet_route_get_interface (route) == nic);
}

static void
test_superset (void)
{
  g_autofree char *text = read_sample ();
  g_autofree char *inner = NULL;
  g_autoptr (AionetInterface) nic = parse (text);
  g_autoptr (JsonNode) whole = aionet_interface_to_json (nic);
  g_autoptr (JsonNode) part = NULL;
  g_autoptr (AionetInterface) again = NULL;

  g_test_summary ("What is written holds all of the sample with equal values (J-02, S15)");

  inner = g_strndup (text + strlen ("Interface.from_dict("),
                     strlen (text) - strlen ("Interface.from_dict()"));
  part = parse_node (inner);
  assert_superset (whole, part);
  again = aionet_interface_new_from_json (whole, NULL);
  g_assert_true (aionet_interface_equal (nic, again));
}

static void
test_text (void)
{
  g_autofree char *sample = read_sample ();
  g_autoptr (AionetInterface) nic = parse (sample);
  g_autoptr (AionetInterface) again = NULL;
  g_autofree char *text = aionet_interface_to_string (nic);

  g_test_summary ("The text begins as the guide's does, and reads as an equal interface (S6, S7)");

  g_assert_true (
      g_str_has_prefix (text, "Interface.from_dict({\n    \"name\": \"Intel(R) Wi-Fi 6"));
  g_assert_true (g_str_has_suffix (text, "\n})"));
  /* The guide's own lines, up to the end of what it has on NATs, are ours. */
  g_assert_true (strncmp (text, sample, (gsize) (strstr (sample, "\n    },") - sample)) == 0);
  again = parse (text);
  g_assert_true (aionet_interface_equal (nic, again));
}

#define FULL                                                                                       \
  "{\"name\": \"eth0\", \"nat\": null, \"is_default\": {\"2\": true, \"10\": false}, "             \
  "\"index\": 7, \"hardware_address\": \"02:00:00:00:00:01\", \"mtu\": 1500, "                     \
  "\"kind\": \"wireless\", \"is_up\": true, \"usable\": false, \"confirmed\": false, "             \
  "\"addresses\": [{\"ip\": \"8.8.0.0\", \"cidr\": 16, \"af\": 2}], "                              \
  "\"link_local_ips\": [{\"ip\": \"fe80::1\", \"cidr\": 128, \"af\": 10}], "                       \
  "\"unreachable\": [{\"ip\": \"5.5.5.5\", \"cidr\": 32, \"af\": 2, \"reason\": \"no answer\"}], " \
  "\"rp\": {\"2\": [{\"af\": 2, \"nic_ips\": [{\"ip\": \"8.8.0.0\", \"cidr\": 16, \"af\": 2}], "   \
  "\"ext_ips\": [{\"ip\": \"8.8.0.0\", \"cidr\": 16, \"af\": 2}]}], \"30\": null}, "               \
  "\"extra\": {\"deep\": [1, 2.5, null, \"x\"]}, \"netmask\": \"/16\"}"

static void
test_members (void)
{
  g_autoptr (AionetInterface) nic = parse (FULL);
  g_autoptr (AionetInterface) again = NULL;
  g_autofree char *text = NULL;
  g_autofree char *other_text = NULL;
  g_auto (GStrv) unreachable = NULL;

  g_test_summary ("All members are read, kept and written again (J-04, J-07, J-11, J-13)");

  g_assert_cmpuint (aionet_interface_get_index (nic), ==, 7);
  g_assert_cmpstr (aionet_interface_get_hardware_address (nic), ==, "02:00:00:00:00:01");
  g_assert_cmpuint (aionet_interface_get_mtu (nic), ==, 1500);
  g_assert_cmpint (aionet_interface_get_kind (nic), ==, AIONET_LINK_KIND_WIRELESS);
  g_assert_false (aionet_interface_get_usable (nic));
  g_assert_false (aionet_interface_get_confirmed (nic));
  g_assert_true (aionet_interface_is_default (nic, V4));
  g_assert_false (aionet_interface_is_default (nic, V6));
  g_assert_false (aionet_nat_get_tested (aionet_interface_get_nat (nic)));
  g_assert_cmpuint (aionet_route_pool_get_n_addresses (aionet_interface_get_route_pool (nic, V4)),
                    ==, 65024);
  g_assert_cmpuint (g_list_model_get_n_items (aionet_interface_get_link_locals (nic)), ==, 1);
  unreachable = aionet_interface_get_unreachable (nic);
  g_assert_cmpstr (unreachable[0], ==, "5.5.5.5: no answer");

  text = aionet_interface_to_json_string (nic);
  again = parse (text);
  other_text = aionet_interface_to_json_string (again);
  g_assert_cmpstr (text, ==, other_text);
}

static void
test_extra (void)
{
  g_autoptr (AionetInterface) nic = parse (FULL);
  g_autoptr (JsonNode) node = aionet_interface_to_json (nic);
  g_autoptr (JsonNode) source = parse_node (FULL);
  JsonObject *object = json_node_get_object (node);

  g_test_summary ("Members that are not ours are kept (J-08)");

  g_assert_true (json_node_equal (json_object_get_member (object, "extra"),
                                  json_object_get_member (json_node_get_object (source), "extra")));
  g_assert_cmpstr (json_object_get_string_member (object, "netmask"), ==, "/16");
}

static void
test_families (void)
{
  static const char *const keys[] = { "10", "23", "24", "28", "30" };

  g_test_summary (
      "IPv6 is read by the number of any platform, and written by this one's (S11, S14)");

  for (guint i = 0; i < G_N_ELEMENTS (keys); i++)
    {
      g_autofree char *text = g_strdup_printf (
          "{\"name\": \"x\", \"rp\": {\"%s\": [{\"af\": %s, \"nic_ips\": [{\"ip\": \"2402::1\", "
          "\"cidr\": 128, \"af\": %s}], \"ext_ips\": [{\"ip\": \"2402::1\", \"cidr\": 128, "
          "\"af\": %s}]}]}}",
          keys[i], keys[i], keys[i], keys[i]);
      g_autoptr (AionetInterface) nic = parse (text);
      g_autoptr (JsonNode) node = aionet_interface_to_json (nic);
      g_autofree char *own = g_strdup_printf ("%d", (int) V6);
      JsonObject      *rp;

      rp = json_object_get_object_member (json_node_get_object (node), "rp");
      g_assert_cmpuint (json_object_get_size (rp), ==, 2);
      g_assert_cmpuint (json_array_get_length (json_object_get_array_member (rp, own)), ==, 1);
      g_assert_cmpuint (json_array_get_length (json_object_get_array_member (rp, "2")), ==, 0);
    }
}

static void
test_default (void)
{
  g_autoptr (AionetInterface) nic = aionet_interface_new_default ();
  g_autoptr (AionetInterface) again = NULL;
  g_autoptr (AionetRoute) route = NULL;
  g_autofree char *text = aionet_interface_to_json_string (nic);

  g_test_summary ("The default interface makes the round trip through text (J-14)");

  again = parse (text);
  g_assert_true (aionet_interface_equal (nic, again));
  g_assert_true (aionet_interface_is_default (again, V6));
  route = aionet_interface_get_route (again, V4, NULL);
  g_assert_nonnull (route);
}

static void
test_nameless (void)
{
  g_autoptr (AionetInterface) nic = aionet_interface_new (NULL);
  g_autofree char *text = aionet_interface_to_json_string (nic);
  g_autoptr (AionetInterface) again = parse (text);
  g_autofree char *other_text = aionet_interface_to_json_string (again);

  g_test_summary ("One that was not loaded has no name yet, and makes the round trip as well");
  g_assert_null (aionet_interface_get_name (again));
  g_assert_false (aionet_interface_get_loaded (again));
  g_assert_cmpstr (text, ==, other_text);
}

static void
test_told_loaded (void)
{
  g_autoptr (AionetInterface) told = parse ("{\"name\": \"x\", \"loaded\": false}");
  g_autoptr (AionetInterface) guessed = parse ("{\"name\": \"x\"}");

  g_test_summary ("Without routes: nobody was asked, or nobody answered");
  g_assert_false (aionet_interface_get_loaded (told));
  g_assert_true (aionet_interface_get_loaded (guessed));
}

static void
test_refused (void)
{
  static const char *const texts[] = {
    "",
    "[]",
    "12",
    "{}",
    "{\"name\": 5}",
    "{\"name\": \"\"}",
    "{\"name\": \"x\", \"rp\": []}",
    "{\"name\": \"x\", \"rp\": {\"2\": 5}}",
    "{\"name\": \"x\", \"rp\": {\"2\": [5]}}",
    "{\"name\": \"x\", \"rp\": {\"99\": []}}",
    "{\"name\": \"x\", \"rp\": {\"ipv4\": []}}",
    "{\"name\": \"x\", \"rp\": {\"10\": [{\"af\": 2, \"nic_ips\": [{\"ip\": \"1.1.1.1\", "
    "\"cidr\": 32, \"af\": 2}], \"ext_ips\": [{\"ip\": \"1.1.1.1\", \"cidr\": 32, \"af\": 2}]}]}}",
    "{\"name\": \"x\", \"rp\": {\"2\": [{\"af\": 2, \"nic_ips\": [], \"ext_ips\": []}]}}",
    "{\"name\": \"x\", \"nat\": 5}",
    "{\"name\": \"x\", \"index\": -1}",
    "{\"name\": \"x\", \"index\": \"2\"}",
    "{\"name\": \"x\", \"mtu\": 1e300}",
    "{\"name\": \"x\", \"kind\": \"spoon\"}",
    "{\"name\": \"x\", \"is_up\": 1}",
    "{\"name\": \"x\", \"is_default\": {\"2\": \"yes\"}}",
    "{\"name\": \"x\", \"addresses\": {}}",
    "{\"name\": \"x\", \"addresses\": [{\"ip\": \"1.1.1.1\", \"cidr\": 33, \"af\": 2}]}",
    "{\"name\": \"x\", \"unreachable\": [null]}",
    "Interface.from_dict({\"name\": \"x\"}",
  };

  g_test_summary ("What is not of the form is refused with a reason, and nothing is made of it");

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (AionetInterface) nic = aionet_interface_new_from_json_string (texts[i], &error);

      g_test_message ("%s: %s", texts[i], error != NULL ? error->message : "taken");
      g_assert_null (nic);
      g_assert_error (error, AIONET_ERROR, AIONET_ERROR_INVALID_JSON);
    }
}

static void
test_loaded (void)
{
  g_autoptr (FakeBackend) backend = fake_backend_new ();
  g_autoptr (FakeStun) stun = fake_stun_new ();
  g_autoptr (AionetHost) host = fake_host_new (backend, stun, "9.1.1.1 9.2.1.1 [2a01:1::1]");
  g_autoptr (AionetInterface) nic = NULL;
  g_autoptr (AionetInterface) again = NULL;
  g_autofree char *text = NULL;

  g_test_summary ("A loaded interface makes the exact round trip, reasons and scopes included");

  fake_backend_add (backend,
                    fake_link_new ("eth0", 2, AIONET_LINK_KIND_ETHERNET, TRUE,
                                   "192.168.0.20/24 9.9.9.9/32 2402:1f00::10/64 fd00::5/64 "
                                   "fe80::20/64 169.254.1.1/16",
                                   "8.8.0.0/16 2402:2::/64", "4:200"));
  fake_stun_map (stun, "192.168.0.20", "1.3.3.7");
  fake_stun_map (stun, "8.8.0.1", "8.8.0.1");
  fake_stun_map (stun, "2402:1f00::10", "2402:1f00::10");
  fake_stun_map (stun, "fd00::5", "2402:1f00::99");
  aionet_host_set_timeout (host, 100);
  nic = fake_get_loaded (host, "eth0");
  text = aionet_interface_to_string (nic);
  again = parse (text);
  g_assert_true (aionet_interface_equal (nic, again));
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/aionet/interface-json/sample", test_sample);
  g_test_add_func ("/aionet/interface-json/superset", test_superset);
  g_test_add_func ("/aionet/interface-json/text", test_text);
  g_test_add_func ("/aionet/interface-json/members", test_members);
  g_test_add_func ("/aionet/interface-json/extra", test_extra);
  g_test_add_func ("/aionet/interface-json/families", test_families);
  g_test_add_func ("/aionet/interface-json/default", test_default);
  g_test_add_func ("/aionet/interface-json/nameless", test_nameless);
  g_test_add_func ("/aionet/interface-json/told-loaded", test_told_loaded);
  g_test_add_func ("/aionet/interface-json/refused", test_refused);
  g_test_add_func ("/aionet/interface-json/loaded", test_loaded);
  return g_test_run ();
}
