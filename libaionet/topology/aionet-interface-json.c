/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#include "config.h"

#include "topology/aionet-interface-json-private.h"

#include <aionet-enums.h>

#include "topology/aionet-route-private.h"
#include "value/aionet-decimal-private.h"
#include "value/aionet-error.h"
#include "value/aionet-json-private.h"
#include "value/aionet-quote-private.h"

static const char *const own_members[] = {
  "name",      "nat",         "rp",     "index",      "hardware_address", "mtu",
  "kind",      "is_up",       "usable", "is_default", "addresses",        "link_local_ips",
  "confirmed", "unreachable", "loaded", NULL,
};

static gboolean
fail (GError **error, const char *reason, const char *detail)
{
  g_autofree char *quoted = _aionet_quote (detail);

  g_set_error (error, AIONET_ERROR, AIONET_ERROR_INVALID_JSON, "JSON: %s %s", reason, quoted);
  return FALSE;
}

/* Position of a family key, "2" or "10": the AF number of any platform */
static int
parse_family (const char *text, GError **error)
{
  guint64 number;
  int     position = -1;

  if (_aionet_decimal_parse (text, G_MAXINT, &number))
    position = _aionet_family_position (_aionet_json_family_from_number ((gint64) number));
  if (position < 0)
    fail (error, "not the number of an address family:", text);
  return position;
}

/* null is the name of one that the system is to choose and has not yet. */
static gboolean
read_name (JsonObject *object, const char **name, GError **error)
{
  if (!_aionet_json_read_string (object, "name", name, error))
    return FALSE;
  if (*name != NULL ? **name != '\0' : json_object_has_member (object, "name"))
    return TRUE;
  return fail (error, "an interface needs the member", "name");
}

static gboolean
read_kind (JsonObject *object, AionetInterfaceState *self, GError **error)
{
  g_autoptr (GEnumClass) kinds = g_type_class_ref (AIONET_TYPE_LINK_KIND);
  const char       *nick = NULL;
  const GEnumValue *value;

  if (!_aionet_json_read_string (object, "kind", &nick, error))
    return FALSE;
  if (nick == NULL)
    return TRUE;
  value = g_enum_get_value_by_nick (kinds, nick);
  if (value == NULL)
    return fail (error, "member “kind” is no kind of link:", nick);
  self->kind = (AionetLinkKind) value->value;
  return TRUE;
}

static gboolean
read_facts (JsonObject *object, AionetInterfaceState *self, GError **error)
{
  gint64      index = 0;
  gint64      mtu = 0;
  const char *hardware_address = NULL;

  if (!_aionet_json_read_int (object, "index", 0, G_MAXINT32, &index, error) ||
      !_aionet_json_read_int (object, "mtu", 0, G_MAXUINT32, &mtu, error) ||
      !_aionet_json_read_string (object, "hardware_address", &hardware_address, error) ||
      !_aionet_json_read_boolean (object, "is_up", &self->is_up, error) ||
      !_aionet_json_read_boolean (object, "usable", &self->usable, error) ||
      !_aionet_json_read_boolean (object, "loaded", &self->loaded, error) ||
      !_aionet_json_read_boolean (object, "confirmed", &self->confirmed, error) ||
      !read_kind (object, self, error))
    return FALSE;
  self->index = (guint) index;
  self->mtu = (guint) mtu;
  g_free (self->hardware_address);
  self->hardware_address = g_strdup (hardware_address);
  return TRUE;
}

static gboolean
read_nat (JsonObject *object, AionetInterfaceState *self, GError **error)
{
  AionetNat *nat;

  if (!json_object_has_member (object, "nat"))
    return TRUE;
  nat = _aionet_nat_from_json (json_object_get_member (object, "nat"), error);
  if (nat == NULL)
    {
      g_prefix_error (error, "nat: ");
      return FALSE;
    }
  g_object_unref (self->nat);
  self->nat = nat;
  return TRUE;
}

static gboolean
read_is_default (JsonObject *object, AionetInterfaceState *self, GError **error)
{
  JsonObject *families = NULL;
  g_autoptr (GList) members = NULL;

  if (!_aionet_json_read_object (object, "is_default", &families, error))
    return FALSE;
  if (families != NULL)
    members = json_object_get_members (families);
  for (GList *l = members; l != NULL; l = l->next)
    {
      int position = parse_family (l->data, error);

      if (position < 0 ||
          !_aionet_json_read_boolean (families, l->data, &self->is_default[position], error))
        {
          g_prefix_error (error, "is_default: ");
          return FALSE;
        }
    }
  return TRUE;
}

/* (transfer container) NULL without error: not there */
static GPtrArray *
read_ranges (JsonObject *object, const char *member, GError **error)
{
  GPtrArray *ranges;

  if (!json_object_has_member (object, member) || json_object_get_null_member (object, member))
    return NULL;
  ranges = _aionet_ip_ranges_from_json (json_object_get_member (object, member), error);
  if (ranges == NULL)
    g_prefix_error (error, "%s: ", member);
  return ranges;
}

static gboolean
read_routes (
    JsonArray *array, int position, GPtrArray *routes, AionetInterface *interface, GError **error)
{
  for (guint i = 0; i < json_array_get_length (array); i++)
    {
      AionetRoute *route =
          _aionet_route_from_json (json_array_get_element (array, i), interface, error);

      if (route == NULL)
        return FALSE;
      g_ptr_array_add (routes, route);
      if (aionet_route_get_family (route) != _aionet_families[position])
        return fail (error, "a route is of another family than its key", "af");
    }
  return TRUE;
}

static gboolean
read_pools (JsonObject           *object,
            AionetInterfaceState *self,
            AionetInterface      *interface,
            GError              **error)
{
  JsonObject *rp = NULL;
  g_autoptr (GList) members = NULL;
  g_autoptr (GPtrArray) ipv4 = g_ptr_array_new_with_free_func (g_object_unref);
  g_autoptr (GPtrArray) ipv6 = g_ptr_array_new_with_free_func (g_object_unref);
  GPtrArray *routes[AIONET_N_FAMILIES] = { ipv4, ipv6 };

  if (!_aionet_json_read_object (object, "rp", &rp, error))
    return FALSE;
  if (rp != NULL)
    members = json_object_get_members (rp);
  for (GList *l = members; l != NULL; l = l->next)
    {
      JsonArray *array = NULL;
      int        position = parse_family (l->data, error);

      if (position < 0 || !_aionet_json_read_array (rp, l->data, &array, error) ||
          (array != NULL && !read_routes (array, position, routes[position], interface, error)))
        return FALSE;
    }
  for (int i = 0; i < AIONET_N_FAMILIES; i++)
    if (!_aionet_interface_state_set_routes (self, i, routes[i], error))
      return FALSE;
  return TRUE;
}

static gboolean
read_unreachable_item (JsonNode *node, AionetInterfaceState *self, GError **error)
{
  g_autoptr (AionetIpRange) range = _aionet_ip_range_from_json (node, error);
  const char *reason = NULL;

  if (range == NULL ||
      !_aionet_json_read_string (json_node_get_object (node), "reason", &reason, error))
    return FALSE;
  g_ptr_array_add (self->unreachable,
                   _aionet_unreachable_new (range, reason != NULL ? reason : "not known why"));
  return TRUE;
}

static gboolean
read_unreachable (JsonObject *object, AionetInterfaceState *self, GError **error)
{
  JsonArray *array = NULL;

  if (!_aionet_json_read_array (object, "unreachable", &array, error))
    return FALSE;
  for (guint i = 0; array != NULL && i < json_array_get_length (array); i++)
    if (!read_unreachable_item (json_array_get_element (array, i), self, error))
      {
        g_prefix_error (error, "unreachable: ");
        return FALSE;
      }
  return TRUE;
}

static void
add_new_ranges (GPtrArray *ranges, GHashTable *seen, GListModel *more, gboolean link_local)
{
  for (guint i = 0; i < g_list_model_get_n_items (more); i++)
    {
      g_autoptr (AionetIpRange) range = g_list_model_get_item (more, i);

      if (aionet_ip_range_is_link_local (range) == link_local && g_hash_table_add (seen, range))
        g_ptr_array_add (ranges, g_steal_pointer (&range));
    }
}

/* The guide's documents name addresses only as parts of routes. */
static void
derive_ranges (AionetInterfaceState *self, GPtrArray *ranges, gboolean link_local)
{
  g_autoptr (GHashTable) seen =
      g_hash_table_new ((GHashFunc) aionet_ip_range_hash, (GEqualFunc) aionet_ip_range_equal);

  for (int f = 0; f < AIONET_N_FAMILIES; f++)
    {
      GListModel *groups = aionet_route_pool_get_groups (self->pools[f]);

      for (guint i = 0; i < g_list_model_get_n_items (groups); i++)
        {
          g_autoptr (AionetRoute) route = g_list_model_get_item (groups, i);

          add_new_ranges (ranges, seen, aionet_route_get_nic_ranges (route), link_local);
          if (link_local)
            add_new_ranges (ranges, seen, aionet_route_get_link_locals (route), TRUE);
        }
    }
}

static gboolean
read_addresses (JsonObject *object, AionetInterfaceState *self, GError **error)
{
  const char *members[] = { "addresses", "link_local_ips" };
  GPtrArray **places[] = { &self->addresses, &self->link_locals };

  for (int i = 0; i < 2; i++)
    {
      g_autoptr (GError) local_error = NULL;
      GPtrArray *ranges = read_ranges (object, members[i], &local_error);

      if (local_error != NULL)
        {
          g_propagate_error (error, g_steal_pointer (&local_error));
          return FALSE;
        }
      if (ranges == NULL)
        derive_ranges (self, *places[i], i == 1);
      else
        {
          g_ptr_array_unref (*places[i]);
          *places[i] = ranges;
        }
    }
  return TRUE;
}

static void
keep_extra (JsonObject *object, AionetInterfaceState *self)
{
  g_autoptr (GList) members = json_object_get_members (object);

  for (GList *l = members; l != NULL; l = l->next)
    {
      if (g_strv_contains (own_members, l->data))
        continue;
      if (self->extra == NULL)
        self->extra = json_object_new ();
      json_object_set_member (self->extra, l->data,
                              json_node_copy (json_object_get_member (object, l->data)));
    }
}

static void
guess_facts (AionetInterfaceState *self)
{
  self->is_up = TRUE;
  self->usable = TRUE;
  self->loaded = TRUE;
  self->confirmed = TRUE;
  for (int f = 0; f < AIONET_N_FAMILIES; f++)
    {
      GListModel *groups = aionet_route_pool_get_groups (self->pools[f]);

      for (guint i = 0; i < g_list_model_get_n_items (groups); i++)
        {
          g_autoptr (AionetRoute) route = g_list_model_get_item (groups, i);

          self->confirmed = self->confirmed && aionet_route_get_confirmed (route);
        }
    }
}

AionetInterfaceState *
_aionet_interface_state_from_json (JsonNode *node, AionetInterface *interface, GError **error)
{
  g_autoptr (AionetInterfaceState) self = NULL;
  JsonObject *object;
  const char *name = NULL;

  if (!JSON_NODE_HOLDS_OBJECT (node))
    {
      g_set_error_literal (error, AIONET_ERROR, AIONET_ERROR_INVALID_JSON,
                           "An interface is not an object");
      return NULL;
    }
  object = json_node_get_object (node);
  if (!read_name (object, &name, error))
    return NULL;
  self = _aionet_interface_state_new (name);
  if (!read_pools (object, self, interface, error))
    return NULL;
  guess_facts (self);
  if (!read_facts (object, self, error) || !read_nat (object, self, error) ||
      !read_is_default (object, self, error) || !read_addresses (object, self, error) ||
      !read_unreachable (object, self, error))
    return NULL;
  keep_extra (object, self);
  return g_steal_pointer (&self);
}

static JsonNode *
ranges_to_json (GPtrArray *ranges)
{
  g_autoptr (GListStore) list = g_list_store_new (AIONET_TYPE_IP_RANGE);

  if (ranges->len > 0)
    g_list_store_splice (list, 0, 0, ranges->pdata, ranges->len);
  return _aionet_ip_ranges_to_json (G_LIST_MODEL (list));
}

static JsonArray *
pool_to_json (AionetRoutePool *pool)
{
  GListModel *groups = aionet_route_pool_get_groups (pool);
  JsonArray  *array = json_array_new ();

  for (guint i = 0; i < g_list_model_get_n_items (groups); i++)
    {
      g_autoptr (AionetRoute) route = g_list_model_get_item (groups, i);

      json_array_add_element (array, _aionet_route_to_json (route));
    }
  return array;
}

static JsonArray *
unreachable_to_json (GPtrArray *unreachable)
{
  JsonArray *array = json_array_new ();

  for (guint i = 0; i < unreachable->len; i++)
    {
      const AionetUnreachable *item = unreachable->pdata[i];
      JsonNode                *node = _aionet_ip_range_to_json (item->range);

      json_object_set_string_member (json_node_get_object (node), "reason", item->reason);
      json_array_add_element (array, node);
    }
  return array;
}

static void
set_text (JsonObject *object, const char *member, const char *text)
{
  if (text != NULL)
    json_object_set_string_member (object, member, text);
  else
    json_object_set_null_member (object, member);
}

static void
write_facts (const AionetInterfaceState *self, JsonObject *object, JsonObject *is_default)
{
  g_autoptr (GEnumClass) kinds = g_type_class_ref (AIONET_TYPE_LINK_KIND);

  json_object_set_int_member (object, "index", self->index);
  set_text (object, "hardware_address", self->hardware_address);
  json_object_set_int_member (object, "mtu", self->mtu);
  json_object_set_string_member (object, "kind",
                                 g_enum_get_value (kinds, (int) self->kind)->value_nick);
  json_object_set_boolean_member (object, "is_up", self->is_up);
  json_object_set_boolean_member (object, "usable", self->usable);
  json_object_set_object_member (object, "is_default", is_default);
  json_object_set_member (object, "addresses", ranges_to_json (self->addresses));
  json_object_set_member (object, "link_local_ips", ranges_to_json (self->link_locals));
  json_object_set_boolean_member (object, "loaded", self->loaded);
  json_object_set_boolean_member (object, "confirmed", self->confirmed);
  json_object_set_array_member (object, "unreachable", unreachable_to_json (self->unreachable));
}

static void
write_extra (const AionetInterfaceState *self, JsonObject *object)
{
  g_autoptr (GList) members = NULL;

  if (self->extra != NULL)
    members = json_object_get_members (self->extra);
  for (GList *l = members; l != NULL; l = l->next)
    json_object_set_member (object, l->data,
                            json_node_copy (json_object_get_member (self->extra, l->data)));
}

JsonNode *
_aionet_interface_state_to_json (const AionetInterfaceState *self)
{
  JsonObject *object = json_object_new ();
  JsonObject *rp = json_object_new ();
  JsonObject *is_default = json_object_new ();
  JsonNode   *node = json_node_new (JSON_NODE_OBJECT);

  for (int i = 0; i < AIONET_N_FAMILIES; i++)
    {
      g_autofree char *key = g_strdup_printf ("%d", (int) _aionet_families[i]);

      json_object_set_array_member (rp, key, pool_to_json (self->pools[i]));
      json_object_set_boolean_member (is_default, key, self->is_default[i]);
    }
  set_text (object, "name", self->name);
  json_object_set_member (object, "nat", _aionet_nat_to_json (self->nat));
  json_object_set_object_member (object, "rp", rp);
  write_facts (self, object, is_default);
  write_extra (self, object);
  json_node_take_object (node, object);
  return node;
}
