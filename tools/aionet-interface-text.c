/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#include "config.h"

#include "aionet-interface-text.h"

#include "aionet-table.h"

#include <string.h>

#define ARROW "->"

static const struct
{
  GSocketFamily family;
  const char   *name;
} FAMILIES[] = {
  { G_SOCKET_FAMILY_IPV4, "IPv4" },
  { G_SOCKET_FAMILY_IPV6, "IPv6" },
};

const char *
_text_of_kind (AionetInterface *nic)
{
  return _output_nick (AIONET_TYPE_LINK_KIND, (int) aionet_interface_get_kind (nic));
}

/* As `ip address` shows it: with the prefix of its network, without the scope. */
static char *
text_of_address (AionetIpRange *range)
{
  g_autofree char *address = g_inet_address_to_string (aionet_ip_range_get_address (range));
  gboolean         is_single = aionet_ip_range_is_single (range);

  return g_strdup_printf ("%s/%u", address,
                          is_single ? aionet_ip_range_get_subnet_length (range)
                                    : aionet_ip_range_get_prefix_length (range));
}

static void
collect (GPtrArray *texts, GListModel *ranges, char *(*to_string) (AionetIpRange *range))
{
  for (guint i = 0; i < g_list_model_get_n_items (ranges); i++)
    {
      g_autoptr (AionetIpRange) range = g_list_model_get_item (ranges, i);
      g_autofree char *text = to_string (range);

      if (!g_ptr_array_find_with_equal_func (texts, text, g_str_equal, NULL))
        g_ptr_array_add (texts, g_steal_pointer (&text));
    }
}

static char *
join (GPtrArray *texts)
{
  g_ptr_array_add (texts, NULL);
  return g_strjoinv (", ", (char **) texts->pdata);
}

static char *
text_of_ranges (GListModel *ranges)
{
  g_autoptr (GPtrArray) texts = g_ptr_array_new_with_free_func (g_free);

  collect (texts, ranges, aionet_ip_range_to_string);
  return join (texts);
}

char *
_text_of_addresses (AionetInterface *nic)
{
  g_autoptr (GPtrArray) texts = g_ptr_array_new_with_free_func (g_free);

  collect (texts, aionet_interface_get_addresses (nic), text_of_address);
  collect (texts, aionet_interface_get_link_locals (nic), text_of_address);
  return join (texts);
}

JsonNode *
_interfaces_to_json (GListModel *interfaces)
{
  JsonArray *array = json_array_new ();
  JsonNode  *node = json_node_new (JSON_NODE_ARRAY);

  for (guint i = 0; i < g_list_model_get_n_items (interfaces); i++)
    {
      g_autoptr (AionetInterface) nic = g_list_model_get_item (interfaces, i);

      json_array_add_element (array, aionet_interface_to_json (nic));
    }
  json_node_take_array (node, array);
  return node;
}

static void
print_head (AionetInterface *nic)
{
  AionetNat  *nat = aionet_interface_get_nat (nic);
  const char *hardware = aionet_interface_get_hardware_address (nic);
  gboolean    is_default = FALSE;

  for (guint i = 0; i < G_N_ELEMENTS (FAMILIES); i++)
    is_default |= aionet_interface_is_default (nic, FAMILIES[i].family);
  _output_print (STYLE_HEADING, "%s", aionet_interface_get_name (nic));
  g_print ("  %s%s", _text_of_kind (nic), is_default ? ", default" : "");
  if (!aionet_interface_get_is_up (nic))
    g_print (", down");
  if (hardware != NULL)
    _output_print (STYLE_PLAIN, "  %s", hardware);
  if (aionet_nat_get_tested (nat))
    _output_print (STYLE_PLAIN, "  nat: %s, %s", aionet_nat_get_info (nat),
                   aionet_nat_get_delta_info (nat));
  else
    _output_print (STYLE_FAINT, "  nat: %s (not tested)", aionet_nat_get_info (nat));
  g_print ("\n");
}

/* One line for each group of routes. */
static guint
add_routes (AionetTable *table, AionetInterface *nic, guint position)
{
  AionetRoutePool *pool = aionet_interface_get_route_pool (nic, FAMILIES[position].family);
  GListModel      *groups = aionet_route_pool_get_groups (pool);
  guint            n = g_list_model_get_n_items (groups);

  for (guint i = 0; i < n; i++)
    {
      g_autoptr (AionetRoute) route = g_list_model_get_item (groups, i);
      g_autofree char *inside = text_of_ranges (aionet_route_get_nic_ranges (route));
      g_autofree char *outside = text_of_ranges (aionet_route_get_ext_ranges (route));
      gboolean         confirmed = aionet_route_get_confirmed (route);

      _table_add_row (table, confirmed ? STYLE_GOOD : STYLE_PLAIN,
                      (const char *[]){ FAMILIES[position].name, inside, ARROW, outside,
                                        confirmed ? "" : "(not confirmed)" });
    }
  return n;
}

/* The reasons of addresses that have no external one: "192.168.21.21: no answer ...". */
static void
add_unreachable (AionetTable *table, char **unreachable)
{
  for (char **text = unreachable; *text != NULL; text++)
    {
      const char      *end = strstr (*text, ": ");
      g_autofree char *inside = end != NULL ? g_strndup (*text, (gsize) (end - *text)) : NULL;
      const char      *reason = end != NULL ? end + 2 : *text;
      gboolean         is_ipv6 = inside != NULL && strchr (inside, ':') != NULL;
      const char      *cells[] = { FAMILIES[is_ipv6].name, inside, ARROW, "none", reason };

      _table_add_row (table, STYLE_BAD, cells);
    }
}

static void
add_addresses (AionetTable *table, AionetInterface *nic)
{
  GListModel *addresses = aionet_interface_get_addresses (nic);

  for (guint i = 0; i < g_list_model_get_n_items (addresses); i++)
    {
      g_autoptr (AionetIpRange) range = g_list_model_get_item (addresses, i);
      g_autofree char *text = text_of_address (range);
      gboolean         is_ipv6 = aionet_ip_range_get_family (range) == G_SOCKET_FAMILY_IPV6;

      _table_add_row (table, STYLE_PLAIN,
                      (const char *[]){ FAMILIES[is_ipv6].name, text, "", "", "" });
    }
}

static void
print_no_internet (AionetInterface *nic, char **unreachable)
{
  const char *reason = "no address to ask from";

  if (unreachable[0] != NULL)
    {
      const char *end = strstr (unreachable[0], ": ");

      reason = end != NULL ? end + 2 : unreachable[0];
    }
  else if (!aionet_interface_get_is_up (nic))
    reason = "the interface is down";
  g_print ("  ");
  _output_print (STYLE_BAD, "No internet: %s", reason);
  g_print ("\n");
}

void
_interface_print (AionetInterface *nic, gboolean with_external)
{
  g_auto (GStrv) unreachable = aionet_interface_get_unreachable (nic);
  g_autofree char *link_locals = text_of_ranges (aionet_interface_get_link_locals (nic));
  g_autoptr (AionetTable) table = _table_new (5, NULL);
  guint n_routes = 0;

  print_head (nic);
  _table_set_indent (table, 2);
  for (guint i = 0; with_external && i < G_N_ELEMENTS (FAMILIES); i++)
    n_routes += add_routes (table, nic, i);
  if (with_external)
    add_unreachable (table, unreachable);
  else
    add_addresses (table, nic);
  if (*link_locals != '\0')
    _table_add_row (table, STYLE_FAINT, (const char *[]){ "link", link_locals, "", "", "" });
  _table_print (table);
  if (with_external && n_routes == 0 &&
      aionet_interface_get_kind (nic) != AIONET_LINK_KIND_LOOPBACK)
    print_no_internet (nic, unreachable);
}
