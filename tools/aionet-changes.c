/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#include "config.h"

#include "aionet-changes.h"

#include <gio/gio.h>
#include <string.h>

#define MAIN_TABLE 254

static const GSocketFamily FAMILIES[] = { G_SOCKET_FAMILY_IPV4, G_SOCKET_FAMILY_IPV6 };

/* The lists of a link, and what their items are called in events. */
static const struct
{
  const char *list;
  const char *item;
  const char *added;
  const char *removed;
} LISTS[] = {
  { "addresses", "address", "address-added", "address-removed" },
  { "blocks", "block", "block-added", "block-removed" },
  { "gateways", "gateway", "gateway-added", "gateway-removed" },
};

/* Single facts of a link: the event tells the new value and the old one. */
static const struct
{
  const char *member;
  const char *event;
} FACTS[] = {
  { "mtu", "mtu-changed" },
  { "hardware_address", "hardware-address-changed" },
  { "kind", "kind-changed" },
};

void
_change_free (Change *self)
{
  g_free (self->interface);
  json_object_unref (self->details);
  g_free (self->text);
  g_free (self);
}

/* Takes text. */
static Change *
add (GPtrArray *changes, const char *event, const char *interface, ChangeTone tone, char *text)
{
  Change *self = g_new0 (Change, 1);

  self->event = event;
  self->interface = g_strdup (interface);
  self->details = json_object_new ();
  self->text = text;
  self->tone = tone;
  g_ptr_array_add (changes, self);
  return self;
}

static void
tell (Change *self, const char *member, JsonNode *value)
{
  json_object_set_member (self->details, member,
                          value != NULL ? json_node_copy (value) : json_node_new (JSON_NODE_NULL));
}

static const char *
get_name (JsonObject *link)
{
  return json_object_get_string_member (link, "name");
}

/* ------------------------------------------------------------------ for a person */

static void
append_range (GString *text, JsonObject *range)
{
  g_string_append_printf (text, "%s/%" G_GINT64_FORMAT, json_object_get_string_member (range, "ip"),
                          json_object_get_int_member (range, "cidr"));
}

static void
append_flags (GString *text, JsonArray *flags)
{
  for (guint i = 0; i < json_array_get_length (flags); i++)
    g_string_append_printf (text, ", %s", json_array_get_string_element (flags, i));
}

static void
append_gateway (GString *text, JsonObject *gateway)
{
  gint64 table = json_object_get_int_member (gateway, "table");

  g_string_append (text,
                   json_object_get_string_member_with_default (gateway, "address", NULL) != NULL
                       ? json_object_get_string_member (gateway, "address")
                   : json_object_get_int_member (gateway, "af") == G_SOCKET_FAMILY_IPV4
                       ? "IPv4 without a gateway"
                       : "IPv6 without a gateway");
  g_string_append_printf (text, ", metric %" G_GINT64_FORMAT,
                          json_object_get_int_member (gateway, "metric"));
  if (table != MAIN_TABLE && table != 0)
    g_string_append_printf (text, ", table %" G_GINT64_FORMAT, table);
  if (!json_object_get_null_member (gateway, "source"))
    {
      g_string_append (text, ", from ");
      append_range (text, json_object_get_object_member (gateway, "source"));
    }
}

static char *
text_of_item (JsonObject *item)
{
  GString *text = g_string_new (NULL);

  if (json_object_has_member (item, "metric"))
    append_gateway (text, item);
  else
    append_range (text, item);
  if (json_object_has_member (item, "flags"))
    append_flags (text, json_object_get_array_member (item, "flags"));
  return g_string_free (text, FALSE);
}

static char *
text_of_link (JsonObject *link)
{
  GString *text = g_string_new (json_object_get_string_member (link, "kind"));

  g_string_append (text, json_object_get_boolean_member (link, "is_up") ? ", up" : ", down");
  for (guint k = 0; k < G_N_ELEMENTS (LISTS); k++)
    {
      JsonArray *items = json_object_get_array_member (link, LISTS[k].list);

      for (guint i = 0; i < json_array_get_length (items); i++)
        {
          g_autofree char *item = text_of_item (json_array_get_object_element (items, i));

          g_string_append_printf (text, "; %s %s", LISTS[k].item, item);
        }
    }
  return g_string_free (text, FALSE);
}

static char *
text_of_value (JsonNode *value)
{
  if (JSON_NODE_HOLDS_NULL (value))
    return g_strdup ("none");
  if (json_node_get_value_type (value) == G_TYPE_STRING)
    return json_node_dup_string (value);
  return g_strdup_printf ("%" G_GINT64_FORMAT, json_node_get_int (value));
}

/* ------------------------------------------------------------------ one link */

static gboolean
contains (JsonArray *array, JsonNode *wanted)
{
  for (guint i = 0; i < json_array_get_length (array); i++)
    if (json_node_equal (json_array_get_element (array, i), wanted))
      return TRUE;
  return FALSE;
}

/* The same address with other flags. */
static JsonNode *
find_address (JsonArray *addresses, JsonObject *wanted)
{
  for (guint i = 0; i < json_array_get_length (addresses); i++)
    {
      JsonNode   *node = json_array_get_element (addresses, i);
      JsonObject *address = json_node_get_object (node);

      if (strcmp (json_object_get_string_member (address, "ip"),
                  json_object_get_string_member (wanted, "ip")) == 0 &&
          json_object_get_int_member (address, "cidr") ==
              json_object_get_int_member (wanted, "cidr"))
        return node;
    }
  return NULL;
}

static void
compare_item (GPtrArray  *changes,
              const char *interface,
              guint       list,
              JsonNode   *item,
              JsonArray  *others,
              gboolean    is_added)
{
  JsonNode *other = NULL;
  Change   *change;

  if (contains (others, item))
    return;
  if (strcmp (LISTS[list].item, "address") == 0)
    other = find_address (others, json_node_get_object (item));
  if (other != NULL && !is_added)
    return;
  change = add (changes,
                other != NULL ? "address-changed"
                : is_added    ? LISTS[list].added
                              : LISTS[list].removed,
                interface,
                other != NULL ? CHANGE_NEUTRAL
                : is_added    ? CHANGE_GAIN
                              : CHANGE_LOSS,
                text_of_item (json_node_get_object (item)));
  tell (change, LISTS[list].item, item);
  if (other != NULL)
    tell (change, "was", other);
}

static void
compare_lists (GPtrArray *changes, JsonObject *before, JsonObject *after, guint list)
{
  JsonArray *old = json_object_get_array_member (before, LISTS[list].list);
  JsonArray *new = json_object_get_array_member (after, LISTS[list].list);

  for (guint i = 0; i < json_array_get_length (old); i++)
    compare_item (changes, get_name (after), list, json_array_get_element (old, i), new, FALSE);
  for (guint i = 0; i < json_array_get_length (new); i++)
    compare_item (changes, get_name (after), list, json_array_get_element (new, i), old, TRUE);
}

static void
compare_fact (GPtrArray *changes, JsonObject *before, JsonObject *after, guint fact)
{
  JsonNode *old = json_object_get_member (before, FACTS[fact].member);
  JsonNode *new = json_object_get_member (after, FACTS[fact].member);
  g_autofree char *old_text = NULL;
  g_autofree char *new_text = NULL;
  Change          *change;

  if (json_node_equal (old, new))
    return;
  old_text = text_of_value (old);
  new_text = text_of_value (new);
  change = add (changes, FACTS[fact].event, get_name (after), CHANGE_NEUTRAL,
                g_strdup_printf ("%s, was %s", new_text, old_text));
  tell (change, FACTS[fact].member, new);
  tell (change, "was", old);
}

static void
compare_links (GPtrArray *changes, JsonObject *before, JsonObject *after)
{
  gboolean is_up = json_object_get_boolean_member (after, "is_up");

  if (strcmp (get_name (before), get_name (after)) != 0)
    {
      Change *change = add (changes, "interface-renamed", get_name (after), CHANGE_NEUTRAL,
                            g_strdup_printf ("was %s", get_name (before)));

      tell (change, "was", json_object_get_member (before, "name"));
    }
  if (is_up != json_object_get_boolean_member (before, "is_up"))
    add (changes, is_up ? "interface-up" : "interface-down", get_name (after),
         is_up ? CHANGE_GAIN : CHANGE_LOSS, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (FACTS); i++)
    compare_fact (changes, before, after, i);
  for (guint i = 0; i < G_N_ELEMENTS (LISTS); i++)
    compare_lists (changes, before, after, i);
}

/* ------------------------------------------------------------------ all links */

/* Indexes outlive renaming; systems without them have names. One that was deleted and made anew
 * under its name is another one. */
static gboolean
is_same_link (JsonObject *link, JsonObject *other)
{
  gint64 index = json_object_get_int_member_with_default (link, "index", 0);

  if (index != json_object_get_int_member_with_default (other, "index", 0))
    return FALSE;
  return index != 0 || strcmp (get_name (link), get_name (other)) == 0;
}

static JsonObject *
find_link (JsonArray *links, JsonObject *wanted)
{
  for (guint i = 0; i < json_array_get_length (links); i++)
    {
      JsonObject *link = json_array_get_object_element (links, i);

      if (is_same_link (link, wanted))
        return link;
    }
  return NULL;
}

static guint64
best_metric (JsonObject *link, GSocketFamily family)
{
  JsonArray *gateways = json_object_get_array_member (link, "gateways");
  guint64    best = G_MAXUINT64;

  if (!json_object_get_boolean_member (link, "is_up"))
    return best;
  for (guint i = 0; i < json_array_get_length (gateways); i++)
    {
      JsonObject *gateway = json_array_get_object_element (gateways, i);
      gint64      table = json_object_get_int_member (gateway, "table");

      if (json_object_get_int_member (gateway, "af") == family &&
          (table == MAIN_TABLE || table == 0))
        best = MIN (best, (guint64) json_object_get_int_member (gateway, "metric"));
    }
  return best;
}

/* The interface of the family's default route: the lowest metric of the main table. */
static JsonObject *
find_default (JsonArray *links, GSocketFamily family)
{
  JsonObject *found = NULL;
  guint64     best = G_MAXUINT64;

  for (guint i = 0; i < json_array_get_length (links); i++)
    {
      JsonObject *link = json_array_get_object_element (links, i);
      guint64     metric = best_metric (link, family);

      if (metric < best)
        {
          found = link;
          best = metric;
        }
    }
  return found;
}

static void
compare_defaults (GPtrArray *changes, JsonArray *before, JsonArray *after, GSocketFamily family)
{
  JsonObject *old = before != NULL ? find_default (before, family) : NULL;
  JsonObject *new = find_default (after, family);
  const char *family_name = family == G_SOCKET_FAMILY_IPV4 ? "IPv4" : "IPv6";
  Change     *change;

  if (old == new || (old != NULL && new != NULL &&is_same_link (old, new)))
    return;
  change = add (changes, before != NULL ? "default-changed" : "default-present",
                new != NULL ? get_name (new) : NULL, new != NULL ? CHANGE_GAIN : CHANGE_LOSS,
                before == NULL ? g_strdup (family_name)
                               : g_strdup_printf ("%s, was %s", family_name,
                                                  old != NULL ? get_name (old) : "none"));
  json_object_set_int_member (change->details, "af", family);
  if (before != NULL)
    tell (change, "was", old != NULL ? json_object_get_member (old, "name") : NULL);
}

static void
add_link (GPtrArray *changes, const char *event, JsonNode *node, ChangeTone tone)
{
  JsonObject *link = json_node_get_object (node);

  tell (add (changes, event, get_name (link), tone, text_of_link (link)), "link", node);
}

GPtrArray *
_changes_of_links (JsonArray *before, JsonArray *after)
{
  GPtrArray *changes = g_ptr_array_new_with_free_func ((GDestroyNotify) _change_free);

  for (guint i = 0; before != NULL && i < json_array_get_length (before); i++)
    {
      JsonObject *link = json_array_get_object_element (before, i);

      if (find_link (after, link) == NULL)
        add (changes, "interface-gone", get_name (link), CHANGE_LOSS, NULL);
    }
  for (guint i = 0; i < json_array_get_length (after); i++)
    {
      JsonNode   *node = json_array_get_element (after, i);
      JsonObject *old = before != NULL ? find_link (before, json_node_get_object (node)) : NULL;

      if (old != NULL)
        compare_links (changes, old, json_node_get_object (node));
      else if (before != NULL)
        add_link (changes, "interface-appeared", node, CHANGE_GAIN);
      else
        add_link (changes, "interface-present", node, CHANGE_NEUTRAL);
    }
  for (guint i = 0; i < G_N_ELEMENTS (FAMILIES); i++)
    compare_defaults (changes, before, after, FAMILIES[i]);
  return changes;
}

/* ------------------------------------------------------------------ routes */

static void
append_ranges (GString *text, JsonArray *ranges)
{
  for (guint i = 0; i < json_array_get_length (ranges); i++)
    {
      JsonObject *range = json_array_get_object_element (ranges, i);

      if (i > 0)
        g_string_append (text, ", ");
      append_range (text, range);
    }
}

static char *
text_of_route (JsonObject *route)
{
  GString *text = g_string_new (NULL);

  append_ranges (text, json_object_get_array_member (route, "nic_ips"));
  g_string_append (text, " -> ");
  append_ranges (text, json_object_get_array_member (route, "ext_ips"));
  return g_string_free (text, FALSE);
}

static void
compare_routes (GPtrArray  *changes,
                const char *interface,
                JsonArray  *routes,
                JsonArray  *others,
                const char *event,
                ChangeTone  tone)
{
  for (guint i = 0; routes != NULL && i < json_array_get_length (routes); i++)
    {
      JsonNode *route = json_array_get_element (routes, i);

      if (others != NULL && contains (others, route))
        continue;
      tell (add (changes, event, interface, tone, text_of_route (json_node_get_object (route))),
            "route", route);
    }
}

static JsonArray *
get_routes (JsonObject *rp, GSocketFamily family)
{
  g_autofree char *key = g_strdup_printf ("%d", (int) family);

  return rp != NULL && json_object_has_member (rp, key) ? json_object_get_array_member (rp, key)
                                                        : NULL;
}

GPtrArray *
_changes_of_routes (const char *interface, JsonObject *before, JsonObject *after, gboolean present)
{
  GPtrArray *changes = g_ptr_array_new_with_free_func ((GDestroyNotify) _change_free);

  for (guint i = 0; i < G_N_ELEMENTS (FAMILIES); i++)
    compare_routes (changes, interface, get_routes (before, FAMILIES[i]),
                    get_routes (after, FAMILIES[i]), "route-removed", CHANGE_LOSS);
  for (guint i = 0; i < G_N_ELEMENTS (FAMILIES); i++)
    compare_routes (changes, interface, get_routes (after, FAMILIES[i]),
                    get_routes (before, FAMILIES[i]), present ? "route-present" : "route-added",
                    present ? CHANGE_NEUTRAL : CHANGE_GAIN);
  return changes;
}
