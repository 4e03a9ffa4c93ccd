/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#include "config.h"

#include "value/aionet-json-private.h"

#include "aionet-enums.h"
#include "value/aionet-address-text-private.h"
#include "value/aionet-error.h"
#include "value/aionet-quote-private.h"

#include <string.h>

/* Ranges and NATs in the guide's JSON.
 *
 *   range  {"ip": "8.8.0.0", "cidr": 16, "af": 2}, and "scope": "eth0" if it has one
 *   nat    {"type", "nat_info", "delta": {"type", "value"}, "delta_info"}, and "tested"; once
 *          tested, "mapping", "filtering", "hairpinning" and "confidence" too
 *
 * Reading takes less: "cidr" and "af" follow from "ip" when absent, and the scope may stand in "ip"
 * behind a %. A NAT without "tested" is taken for untested if it says just what is assumed
 * before any test, as the guide's sample does, and for tested otherwise. Labels are not read. */

static gboolean
fail (GError **error, const char *member, const char *complaint)
{
  g_set_error (error, AIONET_ERROR, AIONET_ERROR_INVALID_JSON, "JSON: member “%s” %s", member,
               complaint);
  return FALSE;
}

static JsonObject *
get_object (JsonNode *node, const char *what, GError **error)
{
  if (JSON_NODE_HOLDS_OBJECT (node))
    return json_node_get_object (node);
  g_set_error (error, AIONET_ERROR, AIONET_ERROR_INVALID_JSON, "JSON: %s is not an object", what);
  return NULL;
}

GSocketFamily
_aionet_json_family_from_number (gint64 number)
{
  switch (number)
    {
    case 2:
      return G_SOCKET_FAMILY_IPV4;
    case 10: /* Linux */
    case 23: /* Windows */
    case 24: /* NetBSD, OpenBSD */
    case 28: /* FreeBSD */
    case 30: /* macOS */
      return G_SOCKET_FAMILY_IPV6;
    default:
      return G_SOCKET_FAMILY_INVALID;
    }
}

static gboolean
read_ip (JsonObject *object, AionetAddressText *parsed, GError **error)
{
  const char *ip = NULL;

  if (!_aionet_json_read_string (object, "ip", &ip, error))
    return FALSE;
  if (ip == NULL)
    return fail (error, "ip", "is missing");
  if (strchr (ip, '/') != NULL || !_aionet_address_text_parse (ip, parsed, NULL) ||
      (parsed->scope_name != NULL && parsed->family == G_SOCKET_FAMILY_IPV4))
    {
      g_autofree char *quoted = _aionet_quote (ip);
      g_autofree char *complaint = g_strdup_printf ("is not an address: %s", quoted);

      return fail (error, "ip", complaint);
    }
  return TRUE;
}

static gboolean
read_scope (JsonObject *object, AionetAddressText *parsed, GError **error)
{
  const char *scope_name = NULL;

  if (!_aionet_json_read_string (object, "scope", &scope_name, error))
    return FALSE;
  if (scope_name == NULL)
    return TRUE;
  if (parsed->family == G_SOCKET_FAMILY_IPV4)
    return fail (error, "scope", "is for IPv6 addresses only");
  if (!_aionet_scope_name_is_valid (scope_name))
    return fail (error, "scope", "is not the name of an interface");
  if (parsed->scope_name != NULL && strcmp (parsed->scope_name, scope_name) != 0)
    return fail (error, "scope", "contradicts the one in “ip”");
  g_free (parsed->scope_name);
  parsed->scope_name = g_strdup (scope_name);
  return TRUE;
}

static gboolean
check_family (JsonObject *object, GSocketFamily family, GError **error)
{
  gint64 number = family;

  if (!_aionet_json_read_int (object, "af", 0, G_MAXINT, &number, error))
    return FALSE;
  return (GSocketFamily) number == family || _aionet_json_family_from_number (number) == family ||
         fail (error, "af", "is not the family of “ip”");
}

AionetIpRange *
_aionet_ip_range_from_json (JsonNode *node, GError **error)
{
  g_auto (AionetAddressText) parsed = { 0 };
  g_autoptr (GInetAddress) address = NULL;
  JsonObject *object = get_object (node, "a range", error);
  gint64      cidr;

  if (object == NULL || !read_ip (object, &parsed, error) || !read_scope (object, &parsed, error) ||
      !check_family (object, parsed.family, error))
    return NULL;
  cidr = _aionet_family_get_width (parsed.family);
  if (!_aionet_json_read_int (object, "cidr", 0, cidr, &cidr, error))
    return NULL;
  address = _aionet_address_bits_to_address (parsed.bits, parsed.family);
  return aionet_ip_range_new_scoped (address, cidr, parsed.scope_name);
}

JsonNode *
_aionet_ip_range_to_json (AionetIpRange *range)
{
  g_autoptr (JsonObject) object = json_object_new ();
  g_autofree char *ip = g_inet_address_to_string (aionet_ip_range_get_address (range));
  const char      *scope_name = aionet_ip_range_get_scope_name (range);

  json_object_set_string_member (object, "ip", ip);
  json_object_set_int_member (object, "cidr", aionet_ip_range_get_prefix_length (range));
  json_object_set_int_member (object, "af", aionet_ip_range_get_family (range));
  if (scope_name != NULL)
    json_object_set_string_member (object, "scope", scope_name);
  return json_node_init_object (json_node_alloc (), object);
}

GPtrArray *
_aionet_ip_ranges_from_json (JsonNode *node, GError **error)
{
  g_autoptr (GPtrArray) ranges = g_ptr_array_new_with_free_func (g_object_unref);
  JsonArray *array;

  if (!JSON_NODE_HOLDS_ARRAY (node))
    {
      g_set_error (error, AIONET_ERROR, AIONET_ERROR_INVALID_JSON, "JSON: ranges are not an array");
      return NULL;
    }
  array = json_node_get_array (node);
  for (guint i = 0; i < json_array_get_length (array); i++)
    {
      AionetIpRange *range = _aionet_ip_range_from_json (json_array_get_element (array, i), error);

      if (range == NULL)
        {
          g_prefix_error (error, "Range %u: ", i);
          return NULL;
        }
      g_ptr_array_add (ranges, range);
    }
  return g_steal_pointer (&ranges);
}

JsonNode *
_aionet_ip_ranges_to_json (GListModel *ranges)
{
  g_autoptr (JsonArray) array = json_array_new ();

  for (guint i = 0; i < g_list_model_get_n_items (ranges); i++)
    {
      g_autoptr (AionetIpRange) range = g_list_model_get_item (ranges, i);

      json_array_add_element (array, _aionet_ip_range_to_json (range));
    }
  return json_node_init_array (json_node_alloc (), array);
}

static gboolean
read_nick (JsonObject *object, const char *member, GType type, int *value, GError **error)
{
  g_autoptr (GEnumClass) enum_class = g_type_class_ref (type);
  const char *nick = NULL;
  GEnumValue *found;

  if (!_aionet_json_read_string (object, member, &nick, error))
    return FALSE;
  if (nick == NULL)
    return TRUE;
  found = g_enum_get_value_by_nick (enum_class, nick);
  if (found == NULL)
    {
      g_autofree char *quoted = _aionet_quote (nick);
      g_autofree char *complaint = g_strdup_printf ("is unknown: %s", quoted);

      return fail (error, member, complaint);
    }
  *value = found->value;
  return TRUE;
}

static void
set_nick (JsonObject *object, const char *member, GType type, int value)
{
  g_autoptr (GEnumClass) enum_class = g_type_class_ref (type);

  json_object_set_string_member (object, member, g_enum_get_value (enum_class, value)->value_nick);
}

typedef struct
{
  gint64   type;
  gint64   delta_type;
  gint64   delta_value;
  int      mapping;
  int      filtering;
  int      hairpinning;
  gboolean tested;
  double   confidence;
  int      protocol;
  char   **reasons; /* (owned) */
} NatFields;

static gboolean
read_numbers (JsonObject *object, NatFields *fields, GError **error)
{
  JsonObject *delta = NULL;

  if (!_aionet_json_read_int (object, "type", 1, 7, &fields->type, error) ||
      !_aionet_json_read_object (object, "delta", &delta, error))
    return FALSE;
  if (delta == NULL ||
      (_aionet_json_read_int (delta, "type", 1, 6, &fields->delta_type, error) &&
       _aionet_json_read_int (delta, "value", -65535, 65535, &fields->delta_value, error)))
    return TRUE;
  g_prefix_error (error, "NAT, “delta”: ");
  return FALSE;
}

static gboolean
read_verdict (JsonObject *object, NatFields *fields, GError **error)
{
  GType behavior = AIONET_TYPE_NAT_BEHAVIOR;

  fields->tested = fields->type != AIONET_NAT_TYPE_PORT_RESTRICTED ||
                   fields->delta_type != AIONET_DELTA_TYPE_RANDOM || fields->delta_value != 0;
  if (!_aionet_json_read_boolean (object, "tested", &fields->tested, error))
    return FALSE;
  fields->confidence = fields->tested ? 1 : 0;
  return read_nick (object, "mapping", behavior, &fields->mapping, error) &&
         read_nick (object, "filtering", behavior, &fields->filtering, error) &&
         read_nick (object, "hairpinning", AIONET_TYPE_NAT_HAIRPINNING, &fields->hairpinning,
                    error) &&
         _aionet_json_read_double (object, "confidence", 0, 1, &fields->confidence, error);
}

static gboolean
read_reasons (JsonObject *object, char ***reasons, GError **error)
{
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  JsonArray *array = NULL;

  if (!_aionet_json_read_array (object, "reasons", &array, error))
    return FALSE;
  for (guint i = 0; array != NULL && i < json_array_get_length (array); i++)
    {
      JsonNode *node = json_array_get_element (array, i);

      if (json_node_get_value_type (node) != G_TYPE_STRING)
        return fail (error, "reasons", "is not an array of strings");
      g_strv_builder_add (builder, json_node_get_string (node));
    }
  *reasons = g_strv_builder_end (builder);
  return TRUE;
}

static gboolean
read_evidence (JsonObject *object, NatFields *fields, GError **error)
{
  fields->protocol = G_SOCKET_PROTOCOL_UNKNOWN;
  return read_nick (object, "protocol", G_TYPE_SOCKET_PROTOCOL, &fields->protocol, error) &&
         read_reasons (object, &fields->reasons, error);
}

AionetNat *
_aionet_nat_from_json (JsonNode *node, GError **error)
{
  NatFields fields = { .type = AIONET_NAT_TYPE_PORT_RESTRICTED,
                       .delta_type = AIONET_DELTA_TYPE_RANDOM };
  g_auto (GStrv) reasons = NULL;
  JsonObject *object;

  if (node == NULL || JSON_NODE_HOLDS_NULL (node))
    return aionet_nat_new_untested ();
  object = get_object (node, "a NAT", error);
  if (object == NULL || !read_numbers (object, &fields, error) ||
      !read_verdict (object, &fields, error) || !read_evidence (object, &fields, error))
    return NULL;
  reasons = fields.reasons;
  return g_object_new (AIONET_TYPE_NAT, "type", (int) fields.type, "delta-type",
                       (int) fields.delta_type, "delta-value", (int) fields.delta_value, "mapping",
                       fields.mapping, "filtering", fields.filtering, "hairpinning",
                       fields.hairpinning, "confidence", fields.confidence, "tested", fields.tested,
                       "protocol", fields.protocol, "reasons", reasons, NULL);
}

static JsonArray *
reasons_to_json (const char *const *reasons)
{
  JsonArray *array = json_array_new ();

  for (guint i = 0; reasons[i] != NULL; i++)
    json_array_add_string_element (array, reasons[i]);
  return array;
}

static JsonObject *
delta_to_json (AionetNat *nat)
{
  JsonObject *delta = json_object_new ();

  json_object_set_int_member (delta, "type", aionet_nat_get_delta_type (nat));
  json_object_set_int_member (delta, "value", aionet_nat_get_delta_value (nat));
  return delta;
}

JsonNode *
_aionet_nat_to_json (AionetNat *nat)
{
  g_autoptr (JsonObject) object = json_object_new ();
  gboolean tested = aionet_nat_get_tested (nat);

  json_object_set_int_member (object, "type", aionet_nat_get_nat_type (nat));
  json_object_set_string_member (object, "nat_info", aionet_nat_get_info (nat));
  json_object_set_object_member (object, "delta", delta_to_json (nat));
  json_object_set_string_member (object, "delta_info", aionet_nat_get_delta_info (nat));
  json_object_set_boolean_member (object, "tested", tested);
  /* An untested NAT can have them too, if a program says so: they are not lost either. */
  if (tested || aionet_nat_get_mapping (nat) != AIONET_NAT_BEHAVIOR_UNKNOWN)
    set_nick (object, "mapping", AIONET_TYPE_NAT_BEHAVIOR, aionet_nat_get_mapping (nat));
  if (tested || aionet_nat_get_filtering (nat) != AIONET_NAT_BEHAVIOR_UNKNOWN)
    set_nick (object, "filtering", AIONET_TYPE_NAT_BEHAVIOR, aionet_nat_get_filtering (nat));
  if (tested || aionet_nat_get_hairpinning (nat) != AIONET_NAT_HAIRPINNING_UNKNOWN)
    set_nick (object, "hairpinning", AIONET_TYPE_NAT_HAIRPINNING, aionet_nat_get_hairpinning (nat));
  if (tested || aionet_nat_get_confidence (nat) > 0)
    json_object_set_double_member (object, "confidence", aionet_nat_get_confidence (nat));
  if (aionet_nat_get_protocol (nat) != G_SOCKET_PROTOCOL_UNKNOWN)
    set_nick (object, "protocol", G_TYPE_SOCKET_PROTOCOL, aionet_nat_get_protocol (nat));
  if (aionet_nat_get_reasons (nat)[0] != NULL)
    json_object_set_array_member (object, "reasons",
                                  reasons_to_json (aionet_nat_get_reasons (nat)));
  return json_node_init_object (json_node_alloc (), object);
}
