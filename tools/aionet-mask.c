/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#include "config.h"

#include "aionet-mask.h"

#include "aionet-address-mask.h"

#include <string.h>

/* Addresses stand in members of their own, in lists ("192.0.2.1:3478") and in texts of errors, so
 * all texts are looked through, but for those that are names. */

static const char *const NAMES[] = { "name",  "kind",        "protocol",
                                     "flags", "description", "hardware_address",
                                     NULL };

/* An IPv6 address, maybe with an IPv4 one at its end, or an IPv4 one; what is none is left alone.
 */
#define ADDRESS_PATTERN                                                                            \
  "(?<![0-9A-Za-z.:])(?:[0-9A-Fa-f:]*:[0-9A-Fa-f:]*(?:[0-9]{1,3}(?:\\.[0-9]{1,3}){3})?|"           \
  "[0-9]{1,3}(?:\\.[0-9]{1,3}){3})"

/* parent: the object that node is in; member: the name it, or the array that it is in, has there */
typedef void (*TextFunc) (JsonNode   *node,
                          JsonObject *parent,
                          const char *member,
                          gpointer    user_data);

static void
walk (JsonNode *node, JsonObject *parent, const char *member, TextFunc func, gpointer user_data)
{
  if (JSON_NODE_HOLDS_OBJECT (node))
    {
      JsonObject *object = json_node_get_object (node);
      g_autoptr (GList) members = json_object_get_members (object);

      for (GList *l = members; l != NULL; l = l->next)
        walk (json_object_get_member (object, l->data), object, l->data, func, user_data);
    }
  else if (JSON_NODE_HOLDS_ARRAY (node))
    {
      JsonArray *array = json_node_get_array (node);

      for (guint i = 0; i < json_array_get_length (array); i++)
        walk (json_array_get_element (array, i), parent, member, func, user_data);
    }
  else if (JSON_NODE_HOLDS_VALUE (node) && json_node_get_value_type (node) == G_TYPE_STRING)
    func (node, parent, member, user_data);
}

/* ------------------------------------------------------------------ hardware addresses */

static gboolean
is_mac (JsonNode *node, const char *member)
{
  const char *mac = json_node_get_string (node);

  return g_strcmp0 (member, "hardware_address") == 0 && strspn (mac, "0:") != strlen (mac);
}

static void
collect_mac (JsonNode *node, JsonObject *parent, const char *member, gpointer user_data)
{
  GPtrArray  *macs = user_data;
  const char *mac = json_node_get_string (node);

  if (is_mac (node, member) && !g_ptr_array_find_with_equal_func (macs, mac, g_str_equal, NULL))
    g_ptr_array_add (macs, g_strdup (mac));
}

/* As long as it was: some are longer than those of Ethernet. */
static char *
build_mac (const char *mac, guint number)
{
  guint    n_bytes = (guint) (strlen (mac) + 1) / 3;
  GString *text = g_string_new ("02");

  for (guint i = 1; i < n_bytes; i++)
    {
      guint shift = 8 * (n_bytes - 1 - i);

      g_string_append_printf (text, ":%02x", shift < 32 ? (number >> shift) & 0xff : 0);
    }
  return g_string_free (text, FALSE);
}

static void
replace_mac (JsonNode *node, JsonObject *parent, const char *member, gpointer user_data)
{
  GHashTable *masks = user_data;

  if (is_mac (node, member))
    json_node_set_string (node, g_hash_table_lookup (masks, json_node_get_string (node)));
}

void
_mask_macs (JsonNode *document)
{
  g_autoptr (GPtrArray) macs = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GHashTable) masks = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, g_free);
  guint number = 0;

  walk (document, NULL, NULL, collect_mac, macs);
  for (guint i = 0; i < macs->len; i++)
    {
      char *masked = build_mac (macs->pdata[i], ++number);

      /* One of the host's own would be no mask. */
      while (g_ptr_array_find_with_equal_func (macs, masked, g_str_equal, NULL))
        {
          g_free (masked);
          masked = build_mac (macs->pdata[i], ++number);
        }
      g_hash_table_insert (masks, macs->pdata[i], masked);
    }
  walk (document, NULL, NULL, replace_mac, masks);
}

/* ------------------------------------------------------------------ IP addresses */

typedef struct
{
  GRegex      *regex;    /* (owned) */
  AddressMask *mask;     /* (owned) */
  JsonObject  *parent;   /* of the text that is looked through */
  gboolean     is_ready; /* replace; else collect */
} Masking;

/* A colon after an address belongs to the sentence. */
static GInetAddress *
parse (const char *text, gsize *length)
{
  g_autofree char *copy = g_strdup (text);

  for (*length = strlen (copy); *length > 0; copy[--*length] = '\0')
    {
      GInetAddress *address = g_inet_address_new_from_string (copy);

      if (address != NULL)
        return address;
      if (copy[*length - 1] != ':')
        return NULL;
    }
  return NULL;
}

static gboolean
on_match (const GMatchInfo *match, GString *result, gpointer user_data)
{
  Masking         *self = user_data;
  g_autofree char *text = g_match_info_fetch (match, 0);
  gsize            length;
  g_autoptr (GInetAddress) address = parse (text, &length);
  g_autoptr (GInetAddress) masked = NULL;
  g_autofree char *masked_text = NULL;

  if (address == NULL)
    {
      g_string_append (result, text);
      return FALSE;
    }
  if (!self->is_ready)
    {
      gint64 width = (gint64) g_inet_address_get_native_size (address) * 8;

      /* Whatever else the object has: "cidr" is the network of its address. */
      _address_mask_add (
          self->mask, address,
          (guint) CLAMP (json_object_get_int_member_with_default (self->parent, "cidr", width), 0,
                         width));
      return FALSE;
    }
  masked = _address_mask_map (self->mask, address);
  masked_text = g_inet_address_to_string (masked);
  g_string_append_printf (result, "%s%s", masked_text, text + length);
  return FALSE;
}

static void
take_text (JsonNode *node, JsonObject *parent, const char *member, gpointer user_data)
{
  Masking         *self = user_data;
  g_autofree char *text = NULL;

  if (member == NULL || g_strv_contains (NAMES, member))
    return;
  self->parent = parent;
  text = g_regex_replace_eval (self->regex, json_node_get_string (node), -1, 0, 0, on_match, self,
                               NULL);
  if (self->is_ready && text != NULL)
    json_node_set_string (node, text);
}

gboolean
_mask_addresses (JsonNode *document, GError **error)
{
  g_autoptr (GRegex) regex = g_regex_new (ADDRESS_PATTERN, G_REGEX_OPTIMIZE, 0, error);
  g_autoptr (AddressMask) mask = _address_mask_new ();
  Masking self = { regex, mask };

  if (regex == NULL)
    return FALSE;
  walk (document, NULL, NULL, take_text, &self);
  if (!_address_mask_prepare (mask, error))
    return FALSE;
  self.is_ready = TRUE;
  walk (document, NULL, NULL, take_text, &self);
  return TRUE;
}
