/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#include "config.h"

#include "topology/aionet-route-private.h"

#include "topology/aionet-interface.h"
#include "topology/aionet-route-data-private.h"
#include "value/aionet-error.h"
#include "value/aionet-frozen-list-private.h"
#include "value/aionet-json-private.h"

/* The library's own ways to make a route: from discovery, JSON and other routes. */

static GListModel *
freeze (GPtrArray *ranges)
{
  GPtrArray *copy = g_ptr_array_new_full (ranges->len, g_object_unref);

  for (guint i = 0; i < ranges->len; i++)
    g_ptr_array_add (copy, g_object_ref (g_ptr_array_index (ranges, i)));
  return _aionet_frozen_list_new_take (AIONET_TYPE_IP_RANGE, copy);
}

AionetRoute *
_aionet_route_new_from_parts (const AionetRouteParts *parts, AionetInterface *interface)
{
  g_autoptr (GListModel) nic_ranges = freeze (parts->nic_ranges);
  g_autoptr (GListModel) ext_ranges = freeze (parts->ext_ranges);
  g_autoptr (GListModel) link_locals = freeze (parts->link_locals);
  g_autoptr (AionetRouteData) data = _aionet_route_data_new (
      parts->family, nic_ranges, ext_ranges, link_locals, parts->confirmed, interface);

  return _aionet_route_new_view (data, NULL);
}

AionetRoute *
_aionet_route_new_any (GSocketFamily family, AionetInterface *interface)
{
  g_autoptr (AionetRouteData) data =
      _aionet_route_data_new (family, NULL, NULL, NULL, FALSE, interface);

  return _aionet_route_new_view (data, NULL);
}

AionetRoute *
_aionet_route_dup_view (AionetRoute *self)
{
  g_autoptr (AionetInterface) interface = _aionet_route_data_dup_interface (self->data);
  AionetRoute *copy = _aionet_route_new_view (self->data, interface);

  copy->item_range = self->item_range;
  copy->item_index = self->item_index;
  return copy;
}

AionetRoute *
_aionet_route_new_copy (AionetRoute *self)
{
  return _aionet_route_dup_view (self);
}

AionetRoute *
_aionet_route_new_item_in (AionetRoute *group, AionetIpRange *range, guint64 index_in_range)
{
  AionetRoute *item = _aionet_route_dup_view (group);

  item->item_range = range;
  item->item_index = index_in_range;
  return item;
}

AionetRoute *
_aionet_route_new_item (AionetRoute *group, guint64 index)
{
  for (guint i = 0; i < g_list_model_get_n_items (group->data->ext_ranges); i++)
    {
      g_autoptr (AionetIpRange) range = _aionet_route_data_get_range (group->data->ext_ranges, i);
      guint64 n_addresses = aionet_ip_range_get_n_addresses (range);

      if (index < n_addresses)
        return _aionet_route_new_item_in (group, range, index);
      index -= n_addresses;
    }
  return NULL;
}

gboolean
_aionet_route_is_plain (AionetRoute *self)
{
  return self->item_range == NULL && self->local == NULL;
}

/* Takes range. seen: a set of the ranges that are in some list already. */
static void
add_unseen (GPtrArray *ranges, GHashTable *seen, AionetIpRange *range)
{
  if (g_hash_table_contains (seen, range))
    {
      g_object_unref (range);
      return;
    }
  g_hash_table_add (seen, range);
  g_ptr_array_add (ranges, range);
}

static void
append_new (GPtrArray *ranges, GHashTable *seen, GListModel *more)
{
  for (guint i = 0; i < g_list_model_get_n_items (more); i++)
    add_unseen (ranges, seen, _aionet_route_data_get_range (more, i));
}

static GHashTable *
range_set_new (void)
{
  return g_hash_table_new ((GHashFunc) aionet_ip_range_hash, (GEqualFunc) aionet_ip_range_equal);
}

/* Adds the NIC side of a route; link-local addresses go to late. An IPv6 address that is seen as
 * itself is on the external side only; next to addresses of other routes it has to be named. */
static gboolean
append_nic_ranges (GPtrArray *ranges, GPtrArray *late, GHashTable *seen, AionetRoute *route)
{
  GListModel *nic_ranges = aionet_route_get_nic_ranges (route);
  gboolean    has_any = FALSE;

  for (guint i = 0; i < g_list_model_get_n_items (nic_ranges); i++)
    {
      g_autoptr (AionetIpRange) range = _aionet_route_data_get_range (nic_ranges, i);

      gboolean is_late =
          route->data->family == G_SOCKET_FAMILY_IPV6 && aionet_ip_range_is_link_local (range);

      has_any |= !is_late;
      add_unseen (is_late ? late : ranges, seen, g_steal_pointer (&range));
    }
  if (!has_any)
    append_new (ranges, seen, aionet_route_get_ext_ranges (route));
  return has_any;
}

AionetRoute *
_aionet_route_new_merged (GPtrArray *routes, GListModel *ext_ranges)
{
  AionetRoute *first = g_ptr_array_index (routes, 0);
  g_autoptr (AionetInterface) interface = _aionet_route_data_dup_interface (first->data);
  g_autoptr (GPtrArray) nic_ranges = g_ptr_array_new_with_free_func (g_object_unref);
  g_autoptr (GPtrArray) late = g_ptr_array_new_with_free_func (g_object_unref);
  g_autoptr (GPtrArray) link_locals = g_ptr_array_new_with_free_func (g_object_unref);
  g_autoptr (GHashTable) seen = range_set_new ();
  g_autoptr (GListModel) nic_list = NULL;
  g_autoptr (GListModel) link_local_list = NULL;
  g_autoptr (AionetRouteData) data = NULL;
  gboolean confirmed = TRUE;
  gboolean has_any = FALSE;

  for (guint i = 0; i < routes->len; i++)
    {
      AionetRoute *route = g_ptr_array_index (routes, i);

      confirmed = confirmed && route->data->confirmed;
      has_any |= append_nic_ranges (nic_ranges, late, seen, route);
    }
  if (!has_any && late->len > 0)
    g_ptr_array_set_size (nic_ranges, 0);
  g_ptr_array_extend_and_steal (nic_ranges, g_steal_pointer (&late));
  g_hash_table_remove_all (seen);
  for (guint i = 0; i < routes->len; i++)
    append_new (link_locals, seen, aionet_route_get_link_locals (g_ptr_array_index (routes, i)));

  nic_list = freeze (nic_ranges);
  link_local_list = freeze (link_locals);
  data = _aionet_route_data_new (first->data->family, nic_list, ext_ranges, link_local_list,
                                 confirmed, interface);
  return _aionet_route_new_view (data, NULL);
}

/* What a document that says nothing about link-local addresses has on its NIC side counts. */
static gboolean
read_link_locals (JsonObject *object, GListModel **link_locals, GError **error)
{
  JsonNode *member = json_object_get_member (object, "link_local_ips");
  g_autoptr (GPtrArray) ranges = NULL;

  *link_locals = NULL;
  if (member == NULL || JSON_NODE_HOLDS_NULL (member))
    return TRUE;
  ranges = _aionet_ip_ranges_from_json (member, error);
  if (ranges == NULL)
    return FALSE;
  for (guint i = 0; i < ranges->len; i++)
    {
      if (!aionet_ip_range_is_link_local (g_ptr_array_index (ranges, i)))
        {
          g_set_error_literal (error, AIONET_ERROR, AIONET_ERROR_INVALID_JSON,
                               "“link_local_ips” has an address that is not link-local");
          return FALSE;
        }
    }
  *link_locals = freeze (ranges);
  return TRUE;
}

static GListModel *
read_side (JsonObject *object, const char *member, GError **error)
{
  JsonNode *node = json_object_get_member (object, member);
  g_autoptr (GPtrArray) ranges = NULL;

  if (node == NULL || !JSON_NODE_HOLDS_ARRAY (node))
    {
      g_set_error (error, AIONET_ERROR, AIONET_ERROR_INVALID_JSON, "A route has no list “%s”",
                   member);
      return NULL;
    }
  ranges = _aionet_ip_ranges_from_json (node, error);
  return ranges != NULL ? freeze (ranges) : NULL;
}

/* To a reader of a document it is the document that is wrong, whatever the reason. */
static gboolean
check_sides (GSocketFamily family, GListModel *nic_ranges, GListModel *ext_ranges, GError **error)
{
  g_autoptr (GError) local_error = NULL;

  if (_aionet_route_data_check (family, nic_ranges, ext_ranges, &local_error))
    return TRUE;
  g_set_error_literal (error, AIONET_ERROR, AIONET_ERROR_INVALID_JSON, local_error->message);
  return FALSE;
}

AionetRoute *
_aionet_route_from_json (JsonNode *node, AionetInterface *interface, GError **error)
{
  g_autoptr (AionetRouteData) data = NULL;
  g_autoptr (GListModel) nic_ranges = NULL;
  g_autoptr (GListModel) ext_ranges = NULL;
  g_autoptr (GListModel) link_locals = NULL;
  JsonObject *object;
  gint64      number = 0;
  gboolean    confirmed = FALSE;

  if (!JSON_NODE_HOLDS_OBJECT (node))
    {
      g_set_error_literal (error, AIONET_ERROR, AIONET_ERROR_INVALID_JSON,
                           "A route is not a JSON object");
      return NULL;
    }
  object = json_node_get_object (node);
  if (!_aionet_json_read_int (object, "af", 0, G_MAXINT, &number, error) ||
      !_aionet_json_read_boolean (object, "confirmed", &confirmed, error))
    return NULL;
  nic_ranges = read_side (object, "nic_ips", error);
  if (nic_ranges == NULL)
    return NULL;
  ext_ranges = read_side (object, "ext_ips", error);
  if (ext_ranges == NULL || !read_link_locals (object, &link_locals, error))
    return NULL;
  if (!check_sides (_aionet_json_family_from_number (number), nic_ranges, ext_ranges, error))
    return NULL;

  data = _aionet_route_data_new (_aionet_json_family_from_number (number), nic_ranges, ext_ranges,
                                 link_locals, confirmed, interface);
  return _aionet_route_new_view (data, NULL);
}

JsonNode *
_aionet_route_to_json (AionetRoute *self)
{
  JsonObject *object = json_object_new ();
  JsonNode   *node = json_node_new (JSON_NODE_OBJECT);

  json_object_set_int_member (object, "af", aionet_route_get_family (self));
  json_object_set_member (object, "nic_ips",
                          _aionet_ip_ranges_to_json (aionet_route_get_nic_ranges (self)));
  json_object_set_member (object, "ext_ips",
                          _aionet_ip_ranges_to_json (aionet_route_get_ext_ranges (self)));
  json_object_set_boolean_member (object, "confirmed", aionet_route_get_confirmed (self));
  if (self->data->family == G_SOCKET_FAMILY_IPV6)
    json_object_set_member (object, "link_local_ips",
                            _aionet_ip_ranges_to_json (aionet_route_get_link_locals (self)));
  json_node_take_object (node, object);
  return node;
}
