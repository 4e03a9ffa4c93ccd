/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#include "config.h"

#include "aionet-changes.h"

#include <sys/socket.h>

/* What `aionet watch` makes of two states of a host. */

/* A link as short as can be; what a case is about comes as lists. */
#define LINK(name, index, is_up, addresses, gateways)                                              \
  "{\"name\": \"" name "\", \"index\": " #index ", \"hardware_address\": null, \"mtu\": 1500,"     \
  " \"kind\": \"virtual\", \"is_up\": " is_up ", \"addresses\": [" addresses "],"                  \
  " \"blocks\": [], \"gateways\": [" gateways "]}"
#define UP "true"
#define DOWN "false"
#define A7 "{\"ip\": \"10.0.0.7\", \"cidr\": 24, \"af\": 2}"
#define A8 "{\"ip\": \"10.0.0.8\", \"cidr\": 24, \"af\": 2}"
#define A7_OLD "{\"ip\": \"10.0.0.7\", \"cidr\": 24, \"af\": 2, \"flags\": [\"deprecated\"]}"
#define GATEWAY(metric, table, source)                                                             \
  "{\"af\": 2, \"address\": \"10.0.0.1\", \"metric\": " #metric ", \"table\": " #table             \
  ", \"source\": " source "}"
#define G0 GATEWAY (0, 254, "null")
#define G9 GATEWAY (9, 254, "null")
#define POLICY GATEWAY (0, 101, A7)

static JsonNode *
parse (const char *text)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *document = g_strdup_printf ("[%s]", text);
  JsonNode        *node = json_from_string (document, &error);

  g_assert_no_error (error);
  return node;
}

/* One "event interface: text" a line */
static char *
describe (GPtrArray *changes)
{
  GString *lines = g_string_new (NULL);

  for (guint i = 0; i < changes->len; i++)
    {
      const Change *change = changes->pdata[i];

      g_string_append_printf (lines, "%s%s %s: %s", i > 0 ? "\n" : "", change->event,
                              change->interface != NULL ? change->interface : "none",
                              change->text != NULL ? change->text : "");
    }
  return g_string_free (lines, FALSE);
}

static const struct
{
  const char *name;
  const char *before; /* NULL: nothing was known */
  const char *after;
  const char *changes;
} LINKS[] = {
  { "nothing", LINK ("a", 2, UP, A7, G0), LINK ("a", 2, UP, A7, G0), "" },
  { "empty at first", NULL, "", "" },
  { "present", NULL, LINK ("a", 2, UP, A7, G0) "," LINK ("b", 3, DOWN, "", ""),
    "interface-present a: virtual, up; address 10.0.0.7/24; gateway 10.0.0.1, metric 0\n"
    "interface-present b: virtual, down\n"
    "default-present a: IPv4" },
  { "appears", "", LINK ("a", 2, UP, A7_OLD, ""),
    "interface-appeared a: virtual, up; address 10.0.0.7/24, deprecated" },
  { "goes", LINK ("a", 2, UP, A7, G0), "",
    "interface-gone a: \ndefault-changed none: IPv4, was a" },
  { "made anew", LINK ("a", 2, UP, "", ""), LINK ("a", 3, UP, "", ""),
    "interface-gone a: \ninterface-appeared a: virtual, up" },
  { "renamed", LINK ("a", 2, UP, A7, G0), LINK ("b", 2, UP, A7, G0), "interface-renamed b: was a" },
  { "no indexes", LINK ("a", 0, UP, "", "") "," LINK ("b", 0, UP, "", ""),
    LINK ("a", 0, UP, "", "") "," LINK ("c", 0, UP, "", ""),
    "interface-gone b: \ninterface-appeared c: virtual, up" },
  { "order is no change", LINK ("a", 2, UP, A7 "," A8, "") "," LINK ("b", 3, UP, "", ""),
    LINK ("b", 3, UP, "", "") "," LINK ("a", 2, UP, A8 "," A7, ""), "" },
  { "up", LINK ("a", 2, DOWN, "", ""), LINK ("a", 2, UP, "", ""), "interface-up a: " },
  { "down", LINK ("a", 2, UP, A7, G0), LINK ("a", 2, DOWN, A7, G0),
    "interface-down a: \ndefault-changed none: IPv4, was a" },
  { "address for another", LINK ("a", 2, UP, A7, ""), LINK ("a", 2, UP, A8, ""),
    "address-removed a: 10.0.0.7/24\naddress-added a: 10.0.0.8/24" },
  { "flags", LINK ("a", 2, UP, A7, ""), LINK ("a", 2, UP, A7_OLD, ""),
    "address-changed a: 10.0.0.7/24, deprecated" },
  { "another metric", LINK ("a", 2, UP, A7, G0), LINK ("a", 2, UP, A7, G9),
    "gateway-removed a: 10.0.0.1, metric 0\ngateway-added a: 10.0.0.1, metric 9" },
  { "policy route is no default", LINK ("a", 2, UP, A7, ""), LINK ("a", 2, UP, A7, POLICY),
    "gateway-added a: 10.0.0.1, metric 0, table 101, from 10.0.0.7/24" },
  { "default moves", LINK ("a", 2, UP, "", G0) "," LINK ("b", 3, UP, "", G9),
    LINK ("a", 2, DOWN, "", G0) "," LINK ("b", 3, UP, "", G9),
    "interface-down a: \ndefault-changed b: IPv4, was a" },
};

static void
test_links (void)
{
  g_test_summary ("Two states of the links of a host, and what has changed");
  for (guint i = 0; i < G_N_ELEMENTS (LINKS); i++)
    {
      g_autoptr (JsonNode) before = LINKS[i].before != NULL ? parse (LINKS[i].before) : NULL;
      g_autoptr (JsonNode) after = parse (LINKS[i].after);
      g_autoptr (GPtrArray) changes = _changes_of_links (
          before != NULL ? json_node_get_array (before) : NULL, json_node_get_array (after));
      g_autofree char *lines = describe (changes);

      g_test_message ("%s", LINKS[i].name);
      g_assert_cmpstr (lines, ==, LINKS[i].changes);
    }
}

static void
test_details (void)
{
  g_autoptr (JsonNode) before = parse (LINK ("a", 2, UP, A7, ""));
  g_autoptr (JsonNode) after = parse (LINK ("a", 2, UP, A7_OLD, ""));
  g_autoptr (GPtrArray) changes =
      _changes_of_links (json_node_get_array (before), json_node_get_array (after));
  const Change *change = changes->pdata[0];
  g_autoptr (JsonNode) old = json_from_string (A7, NULL);
  g_autoptr (JsonNode) new = json_from_string (A7_OLD, NULL);

  g_test_summary ("A change holds the new value and the old one");
  g_assert_cmpuint (changes->len, ==, 1);
  g_assert_true (json_node_equal (json_object_get_member (change->details, "address"), new));
  g_assert_true (json_node_equal (json_object_get_member (change->details, "was"), old));
}

#define ROUTE(nic, ext)                                                                            \
  "{\"af\": 2, \"nic_ips\": [{\"ip\": \"" nic "\", \"cidr\": 32, \"af\": 2}],"                     \
  " \"ext_ips\": [{\"ip\": \"" ext "\", \"cidr\": 32, \"af\": 2}]}"
#define R7 ROUTE ("10.0.0.7", "1.3.3.7")
#define R8 ROUTE ("10.0.0.7", "1.3.3.8")

static const struct
{
  const char *before; /* NULL: not loaded */
  const char *after;
  gboolean    present;
  const char *changes;
} ROUTES[] = {
  { R7, R7, FALSE, "" },
  { NULL, R7, TRUE, "route-present a: 10.0.0.7/32 -> 1.3.3.7/32" },
  { NULL, R7, FALSE, "route-added a: 10.0.0.7/32 -> 1.3.3.7/32" },
  { R7, NULL, FALSE, "route-removed a: 10.0.0.7/32 -> 1.3.3.7/32" },
  { R7, R8, FALSE,
    "route-removed a: 10.0.0.7/32 -> 1.3.3.7/32\nroute-added a: 10.0.0.7/32 -> 1.3.3.8/32" },
  { R7 "," R8, R8 "," R7, FALSE, "" },
};

static JsonNode *
parse_pools (const char *routes)
{
  g_autofree char *document = NULL;

  if (routes == NULL)
    return NULL;
  document = g_strdup_printf ("{\"2\": [%s], \"%d\": []}", routes, AF_INET6);
  return json_from_string (document, NULL);
}

static void
test_routes (void)
{
  g_test_summary ("Two states of the routes of an interface, and what has changed");
  for (guint i = 0; i < G_N_ELEMENTS (ROUTES); i++)
    {
      g_autoptr (JsonNode) before = parse_pools (ROUTES[i].before);
      g_autoptr (JsonNode) after = parse_pools (ROUTES[i].after);
      g_autoptr (GPtrArray) changes = _changes_of_routes (
          "a", before != NULL ? json_node_get_object (before) : NULL,
          after != NULL ? json_node_get_object (after) : NULL, ROUTES[i].present);
      g_autofree char *lines = describe (changes);

      g_assert_cmpstr (lines, ==, ROUTES[i].changes);
    }
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/tool/changes/links", test_links);
  g_test_add_func ("/tool/changes/details", test_details);
  g_test_add_func ("/tool/changes/routes", test_routes);
  return g_test_run ();
}
