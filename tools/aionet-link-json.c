/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#include "config.h"

#include "aionet-link-json.h"

#include "aionet-output.h"

static JsonNode *
take_object (JsonObject *object)
{
  JsonNode *node = json_node_new (JSON_NODE_OBJECT);

  json_node_take_object (node, object);
  return node;
}

/* As the system has it: a single address with the prefix of its network. */
static JsonNode *
range_to_json (AionetIpRange *range)
{
  JsonObject      *object = json_object_new ();
  g_autofree char *ip = g_inet_address_to_string (aionet_ip_range_get_address (range));
  guint length = aionet_ip_range_is_single (range) ? aionet_ip_range_get_subnet_length (range)
                                                   : aionet_ip_range_get_prefix_length (range);

  json_object_set_string_member (object, "ip", ip);
  json_object_set_int_member (object, "cidr", length);
  json_object_set_int_member (object, "af", aionet_ip_range_get_family (range));
  return take_object (object);
}

static JsonArray *
flags_to_json (AionetAddressFlags flags)
{
  g_autoptr (GFlagsClass) klass = g_type_class_ref (AIONET_TYPE_ADDRESS_FLAGS);
  JsonArray *array = json_array_new ();

  for (guint i = 0; i < klass->n_values; i++)
    if ((klass->values[i].value & flags) != 0)
      json_array_add_string_element (array, klass->values[i].value_nick);
  return array;
}

static JsonNode *
address_to_json (AionetLink *link, guint position)
{
  g_autoptr (AionetIpRange) range =
      g_list_model_get_item (aionet_link_get_addresses (link), position);
  AionetAddressFlags flags = aionet_link_get_address_flags (link, position);
  JsonNode          *node = range_to_json (range);

  if (flags != AIONET_ADDRESS_FLAGS_NONE)
    json_object_set_array_member (json_node_get_object (node), "flags", flags_to_json (flags));
  return node;
}

static JsonNode *
gateway_to_json (AionetGateway *gateway)
{
  JsonObject      *object = json_object_new ();
  GInetAddress    *address = aionet_gateway_get_address (gateway);
  AionetIpRange   *source = aionet_gateway_get_source (gateway);
  g_autofree char *text = address != NULL ? g_inet_address_to_string (address) : NULL;

  json_object_set_int_member (object, "af", aionet_gateway_get_family (gateway));
  _output_add_string (object, "address", text);
  json_object_set_int_member (object, "metric", aionet_gateway_get_metric (gateway));
  json_object_set_int_member (object, "table", aionet_gateway_get_table (gateway));
  json_object_set_member (object, "source",
                          source != NULL ? range_to_json (source) : json_node_new (JSON_NODE_NULL));
  return take_object (object);
}

static JsonArray *
addresses_to_json (AionetLink *link)
{
  JsonArray *array = json_array_new ();

  for (guint i = 0; i < g_list_model_get_n_items (aionet_link_get_addresses (link)); i++)
    json_array_add_element (array, address_to_json (link, i));
  return array;
}

static JsonArray *
blocks_to_json (AionetLink *link)
{
  GListModel *blocks = aionet_link_get_blocks (link);
  JsonArray  *array = json_array_new ();

  for (guint i = 0; i < g_list_model_get_n_items (blocks); i++)
    {
      g_autoptr (AionetIpRange) range = g_list_model_get_item (blocks, i);

      json_array_add_element (array, range_to_json (range));
    }
  return array;
}

static JsonArray *
gateways_to_json (AionetLink *link)
{
  GListModel *gateways = aionet_link_get_gateways (link);
  JsonArray  *array = json_array_new ();

  for (guint i = 0; i < g_list_model_get_n_items (gateways); i++)
    {
      g_autoptr (AionetGateway) gateway = g_list_model_get_item (gateways, i);

      json_array_add_element (array, gateway_to_json (gateway));
    }
  return array;
}

static JsonNode *
link_to_json (AionetLink *link)
{
  JsonObject *object = json_object_new ();

  json_object_set_string_member (object, "name", aionet_link_get_name (link));
  if (aionet_link_get_index (link) != 0)
    json_object_set_int_member (object, "index", aionet_link_get_index (link));
  _output_add_string (object, "hardware_address", aionet_link_get_hardware_address (link));
  json_object_set_int_member (object, "mtu", aionet_link_get_mtu (link));
  json_object_set_string_member (
      object, "kind", _output_nick (AIONET_TYPE_LINK_KIND, (int) aionet_link_get_kind (link)));
  json_object_set_boolean_member (object, "is_up", aionet_link_get_is_up (link));
  json_object_set_array_member (object, "addresses", addresses_to_json (link));
  json_object_set_array_member (object, "blocks", blocks_to_json (link));
  json_object_set_array_member (object, "gateways", gateways_to_json (link));
  return take_object (object);
}

JsonNode *
_links_to_json (GListModel *links)
{
  JsonArray *array = json_array_new ();
  JsonNode  *node = json_node_new (JSON_NODE_ARRAY);

  for (guint i = 0; i < g_list_model_get_n_items (links); i++)
    {
      g_autoptr (AionetLink) link = g_list_model_get_item (links, i);

      json_array_add_element (array, link_to_json (link));
    }
  json_node_take_array (node, array);
  return node;
}
