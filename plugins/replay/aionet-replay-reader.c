/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#include "config.h"

#include "aionet-replay-reader.h"

#include <string.h>

static char *
join_path (const char *path, const char *member)
{
  return path[0] == '\0' ? g_strdup (member) : g_strconcat (path, ".", member, NULL);
}

gboolean
aionet_replay_reader_refuse (AionetReplayReader *self,
                             const char         *member,
                             const char         *what,
                             GError            **error)
{
  g_autofree char *path = join_path (self->path, member);

  g_set_error (error, AIONET_ERROR, AIONET_ERROR_INVALID_JSON, "%s: %s", path, what);
  return FALSE;
}

static gboolean
check_members (AionetReplayReader *self, const char *const *known, GError **error)
{
  JsonObjectIter iter;
  const char    *name = NULL;

  json_object_iter_init (&iter, self->object);
  while (json_object_iter_next (&iter, &name, NULL))
    if (strcmp (name, "description") != 0 && !g_strv_contains (known, name))
      return aionet_replay_reader_refuse (self, name, "is no member of this format", error);
  return TRUE;
}

gboolean
aionet_replay_reader_open (AionetReplayReader *self,
                           JsonNode           *node,
                           const char         *path,
                           const char *const  *known,
                           GError            **error)
{
  self->path = path;
  if (node == NULL || !JSON_NODE_HOLDS_OBJECT (node))
    {
      g_set_error (error, AIONET_ERROR, AIONET_ERROR_INVALID_JSON, "%s: is no object",
                   path[0] == '\0' ? "the document" : path);
      return FALSE;
    }
  self->object = json_node_get_object (node);
  return check_members (self, known, error);
}

/* NULL for absent and null alike. */
static JsonNode *
find_node (AionetReplayReader *self, const char *member)
{
  JsonNode *node = json_object_get_member (self->object, member);

  return node == NULL || JSON_NODE_HOLDS_NULL (node) ? NULL : node;
}

static gboolean
holds (JsonNode *node, GType type)
{
  return JSON_NODE_HOLDS_VALUE (node) && json_node_get_value_type (node) == type;
}

gboolean
aionet_replay_reader_get_string (AionetReplayReader *self,
                                 const char         *member,
                                 gboolean            required,
                                 const char        **value,
                                 GError            **error)
{
  JsonNode *node = find_node (self, member);

  if (node == NULL)
    return !required || aionet_replay_reader_refuse (self, member, "is missing", error);
  if (!holds (node, G_TYPE_STRING) || json_node_get_string (node)[0] == '\0')
    return aionet_replay_reader_refuse (self, member, "is no text", error);
  *value = json_node_get_string (node);
  return TRUE;
}

gboolean
aionet_replay_reader_get_uint (AionetReplayReader *self,
                               const char         *member,
                               guint               min,
                               guint               max,
                               guint              *value,
                               GError            **error)
{
  JsonNode        *node = find_node (self, member);
  g_autofree char *what = NULL;

  if (node == NULL)
    return TRUE;
  if (holds (node, G_TYPE_INT64) && json_node_get_int (node) >= (gint64) min &&
      json_node_get_int (node) <= (gint64) max)
    {
      *value = (guint) json_node_get_int (node);
      return TRUE;
    }
  what = g_strdup_printf ("is no whole number from %u to %u", min, max);
  return aionet_replay_reader_refuse (self, member, what, error);
}

gboolean
aionet_replay_reader_get_boolean (AionetReplayReader *self,
                                  const char         *member,
                                  gboolean           *value,
                                  GError            **error)
{
  JsonNode *node = find_node (self, member);

  if (node == NULL)
    return TRUE;
  if (!holds (node, G_TYPE_BOOLEAN))
    return aionet_replay_reader_refuse (self, member, "is neither true nor false", error);
  *value = json_node_get_boolean (node);
  return TRUE;
}

gboolean
aionet_replay_reader_get_enum (
    AionetReplayReader *self, const char *member, GType type, int *value, GError **error)
{
  g_autoptr (GTypeClass) klass = g_type_class_ref (type);
  const char *nick = NULL;
  GEnumValue *found = NULL;

  if (!aionet_replay_reader_get_string (self, member, FALSE, &nick, error))
    return FALSE;
  if (nick == NULL)
    return TRUE;
  found = g_enum_get_value_by_nick (G_ENUM_CLASS (klass), nick);
  if (found == NULL)
    return aionet_replay_reader_refuse (self, member, "has an unknown name", error);
  *value = found->value;
  return TRUE;
}

gboolean
aionet_replay_reader_get_flags (
    AionetReplayReader *self, const char *member, GType type, guint *value, GError **error)
{
  g_autoptr (GTypeClass) klass = g_type_class_ref (type);
  JsonNode  *node = find_node (self, member);
  JsonArray *names = NULL;

  if (node == NULL)
    return TRUE;
  if (!JSON_NODE_HOLDS_ARRAY (node))
    return aionet_replay_reader_refuse (self, member, "is no array", error);

  names = json_node_get_array (node);
  for (guint i = 0; i < json_array_get_length (names); i++)
    {
      JsonNode    *name = json_array_get_element (names, i);
      GFlagsValue *found = NULL;

      if (holds (name, G_TYPE_STRING))
        found = g_flags_get_value_by_nick (G_FLAGS_CLASS (klass), json_node_get_string (name));
      if (found == NULL)
        return aionet_replay_reader_refuse (self, member, "has an unknown name", error);
      *value |= found->value;
    }
  return TRUE;
}

gboolean
aionet_replay_reader_get_address (AionetReplayReader *self,
                                  const char         *member,
                                  gboolean            required,
                                  GInetAddress      **value,
                                  GError            **error)
{
  const char *text = NULL;

  if (!aionet_replay_reader_get_string (self, member, required, &text, error))
    return FALSE;
  if (text == NULL)
    return TRUE;
  /* Scopes follow from the link; GLib would read and forget them. */
  if (strchr (text, '%') == NULL)
    *value = g_inet_address_new_from_string (text);
  return *value != NULL ||
         aionet_replay_reader_refuse (self, member, "is no IPv4 or IPv6 address", error);
}

gboolean
aionet_replay_reader_get_family (AionetReplayReader *self,
                                 const char         *member,
                                 GSocketFamily      *value,
                                 GError            **error)
{
  guint number = 0;

  if (!aionet_replay_reader_get_uint (self, member, 0, G_MAXINT, &number, error))
    return FALSE;
  switch (number)
    {
    case 0:
      if (find_node (self, member) == NULL)
        return TRUE;
      break;
    case 2:
      *value = G_SOCKET_FAMILY_IPV4;
      return TRUE;
    case 10:
    case 23:
    case 24:
    case 28:
    case 30:
      *value = G_SOCKET_FAMILY_IPV6;
      return TRUE;
    default:
      break;
    }
  return aionet_replay_reader_refuse (self, member, "is no address family", error);
}

gboolean
aionet_replay_reader_foreach (AionetReplayReader  *self,
                              const char          *member,
                              AionetReplayItemFunc func,
                              gpointer             user_data,
                              GError             **error)
{
  JsonNode        *node = find_node (self, member);
  g_autofree char *path = join_path (self->path, member);
  JsonArray       *items = NULL;

  if (node == NULL)
    return TRUE;
  if (!JSON_NODE_HOLDS_ARRAY (node))
    return aionet_replay_reader_refuse (self, member, "is no array", error);

  items = json_node_get_array (node);
  for (guint i = 0; i < json_array_get_length (items); i++)
    {
      g_autofree char *item_path = g_strdup_printf ("%s[%u]", path, i);

      if (!func (json_array_get_element (items, i), item_path, user_data, error))
        return FALSE;
    }
  return TRUE;
}
