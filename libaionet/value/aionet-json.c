/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#include "config.h"

#include "value/aionet-json-private.h"

#include "value/aionet-error.h"
#include "value/aionet-json-scan-private.h"
#include "value/aionet-quote-private.h"

#include <string.h>

/* The guide's documents are indented by this. */
#define INDENT 4

JsonNode *
_aionet_json_parse (const char *text, gssize length, GError **error)
{
  g_autoptr (JsonParser) parser = NULL;
  g_autoptr (GError) local_error = NULL;
  g_autofree char *message = NULL;
  gsize            size = length >= 0 ? (gsize) length : strnlen (text, AIONET_JSON_MAX_BYTES + 1);

  if (size > AIONET_JSON_MAX_BYTES)
    {
      g_set_error (error, AIONET_ERROR, AIONET_ERROR_INVALID_JSON, "JSON: larger than %d bytes",
                   AIONET_JSON_MAX_BYTES);
      return NULL;
    }
  if (!_aionet_json_scan (text, size, error))
    return NULL;
  parser = json_parser_new ();
  if (!json_parser_load_from_data (parser, text, size, &local_error) ||
      json_parser_get_root (parser) == NULL)
    {
      /* json-glib may cut what it quotes in the middle of a character. */
      message = g_utf8_make_valid (local_error != NULL ? local_error->message : "empty", -1);
      g_set_error (error, AIONET_ERROR, AIONET_ERROR_INVALID_JSON, "JSON: %s", message);
      return NULL;
    }
  return json_parser_steal_root (parser);
}

/* Copies the string that begins at `from`, quotes included. Returns: what follows it. */
static const char *
copy_string (GString *to, const char *from)
{
  gboolean is_escaped = FALSE;

  g_string_append_c (to, *from++);
  for (; *from != '\0' && (*from != '"' || is_escaped); from++)
    {
      is_escaped = *from == '\\' && !is_escaped;
      if ((guchar) *from < 0x20)
        g_string_append_printf (to, "\\u%04x", *from);
      else
        g_string_append_c (to, *from);
    }
  g_string_append_c (to, '"');
  return *from == '"' ? from + 1 : from;
}

/* Copies everything up to the next string. */
static const char *
copy_rest (GString *to, const char *from)
{
  gboolean in_exponent = FALSE;

  for (; *from != '\0' && *from != '"'; from++)
    {
      if (in_exponent && g_str_has_prefix (from, ".0"))
        {
          from++;
          continue;
        }
      if (g_str_has_prefix (from, " :"))
        continue;
      /* The e of "true" and "false" has no digit before it. */
      if (*from == 'e' && to->len > 0 && g_ascii_isdigit (to->str[to->len - 1]))
        in_exponent = TRUE;
      else if (!g_ascii_isdigit (*from) && *from != '+' && *from != '-')
        in_exponent = FALSE;
      g_string_append_c (to, *from);
    }
  return from;
}

/* json-glib writes two things that no one can read again, itself included: it makes the double 1e20
 * "1e+20.0", and leaves the control character U+001F as it is. And it puts a blank before colons
 * where it indents, which neither the guide nor anybody else does. */
static char *
repair (const char *json)
{
  GString *repaired = g_string_sized_new (strlen (json) + 1);

  while (*json != '\0')
    json = *json == '"' ? copy_string (repaired, json) : copy_rest (repaired, json);
  return g_string_free (repaired, FALSE);
}

char *
_aionet_json_to_string (JsonNode *node, gboolean pretty)
{
  g_autoptr (JsonGenerator) generator = json_generator_new ();
  g_autofree char *json = NULL;

  json_generator_set_root (generator, node);
  json_generator_set_pretty (generator, pretty);
  json_generator_set_indent (generator, INDENT);
  json = json_generator_to_data (generator, NULL);
  return repair (json);
}

static gboolean
fail (GError **error, const char *member, const char *expected)
{
  g_autofree char *quoted = _aionet_quote (member);

  g_set_error (error, AIONET_ERROR, AIONET_ERROR_INVALID_JSON, "JSON: member %s is not %s", quoted,
               expected);
  return FALSE;
}

/* NULL when there is nothing to read: the member is absent or null. */
static JsonNode *
find_member (JsonObject *object, const char *member)
{
  JsonNode *node = json_object_get_member (object, member);

  return node == NULL || JSON_NODE_HOLDS_NULL (node) ? NULL : node;
}

static gboolean
holds (JsonNode *node, GType type)
{
  return JSON_NODE_HOLDS_VALUE (node) && json_node_get_value_type (node) == type;
}

gboolean
_aionet_json_read_string (JsonObject  *object,
                          const char  *member,
                          const char **value,
                          GError     **error)
{
  JsonNode *node = find_member (object, member);

  if (node == NULL)
    return TRUE;
  if (!holds (node, G_TYPE_STRING))
    return fail (error, member, "a string");
  *value = json_node_get_string (node);
  return TRUE;
}

gboolean
_aionet_json_read_int (
    JsonObject *object, const char *member, gint64 min, gint64 max, gint64 *value, GError **error)
{
  JsonNode        *node = find_member (object, member);
  g_autofree char *expected = NULL;

  if (node == NULL)
    return TRUE;
  if (holds (node, G_TYPE_INT64) && json_node_get_int (node) >= min &&
      json_node_get_int (node) <= max)
    {
      *value = json_node_get_int (node);
      return TRUE;
    }
  expected =
      g_strdup_printf ("an integer from %" G_GINT64_FORMAT " to %" G_GINT64_FORMAT, min, max);
  return fail (error, member, expected);
}

gboolean
_aionet_json_read_double (
    JsonObject *object, const char *member, double min, double max, double *value, GError **error)
{
  JsonNode        *node = find_member (object, member);
  g_autofree char *expected = NULL;

  if (node == NULL)
    return TRUE;
  if ((holds (node, G_TYPE_INT64) || holds (node, G_TYPE_DOUBLE)) &&
      json_node_get_double (node) >= min && json_node_get_double (node) <= max)
    {
      *value = json_node_get_double (node);
      return TRUE;
    }
  expected = g_strdup_printf ("a number from %g to %g", min, max);
  return fail (error, member, expected);
}

gboolean
_aionet_json_read_boolean (JsonObject *object, const char *member, gboolean *value, GError **error)
{
  JsonNode *node = find_member (object, member);

  if (node == NULL)
    return TRUE;
  if (!holds (node, G_TYPE_BOOLEAN))
    return fail (error, member, "true or false");
  *value = json_node_get_boolean (node);
  return TRUE;
}

gboolean
_aionet_json_read_object (JsonObject  *object,
                          const char  *member,
                          JsonObject **value,
                          GError     **error)
{
  JsonNode *node = find_member (object, member);

  if (node == NULL)
    return TRUE;
  if (!JSON_NODE_HOLDS_OBJECT (node))
    return fail (error, member, "an object");
  *value = json_node_get_object (node);
  return TRUE;
}

gboolean
_aionet_json_read_array (JsonObject *object, const char *member, JsonArray **value, GError **error)
{
  JsonNode *node = find_member (object, member);

  if (node == NULL)
    return TRUE;
  if (!JSON_NODE_HOLDS_ARRAY (node))
    return fail (error, member, "an array");
  *value = json_node_get_array (node);
  return TRUE;
}
