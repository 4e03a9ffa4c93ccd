/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#include "config.h"

#include "aionet-replay-shape.h"

#include <string.h>

/* What has to be sure before json-glib sees a text. Its parser recurses once a level, leaks the
 * first of several documents in one text, and reads comments, in which quotes and brackets mean
 * nothing. Whether the text is JSON in detail is left to it. */

typedef struct
{
  guint    depth;
  gboolean is_in_string;
  gboolean is_over;
} Scan;

static gboolean refuse (GError **error, const char *format, ...) G_GNUC_PRINTF (2, 3);

static gboolean
refuse (GError **error, const char *format, ...)
{
  va_list arguments;

  va_start (arguments, format);
  if (error != NULL)
    *error = g_error_new_valist (AIONET_ERROR, AIONET_ERROR_INVALID_JSON, format, arguments);
  va_end (arguments);
  return FALSE;
}

static gboolean
is_space (char character)
{
  return character == ' ' || character == '\t' || character == '\n' || character == '\r';
}

static gboolean
open_bracket (Scan *self, char character, GError **error)
{
  if (self->depth == 0 && character != '{')
    return refuse (error, "the document: is no object");
  if (++self->depth > AIONET_REPLAY_MAX_DEPTH)
    return refuse (error, "the document: is more than %d levels deep", AIONET_REPLAY_MAX_DEPTH);
  return TRUE;
}

static gboolean
take_outside_string (Scan *self, char character, GError **error)
{
  if (is_space (character))
    return TRUE;
  if (self->is_over)
    return refuse (error, "the document: has something after it");
  if (character == '{' || character == '[')
    return open_bracket (self, character, error);
  if (self->depth == 0)
    return refuse (error, "the document: is no object");

  if (character == '"')
    self->is_in_string = TRUE;
  else if (character == '}' || character == ']')
    self->is_over = --self->depth == 0;
  else if (!g_ascii_isalnum (character) && strchr (",:+-.", character) == NULL)
    return refuse (error, "the document: has characters outside of texts that are not JSON");
  return TRUE;
}

/* The code unit of \uXXXX whose backslash is at text; -1 for anything else. */
static int
read_code_unit (const char *text, gsize n_left)
{
  int unit = 0;

  if (n_left < 6 || text[0] != '\\' || text[1] != 'u')
    return -1;
  for (int i = 2; i < 6; i++)
    {
      if (!g_ascii_isxdigit (text[i]))
        return -1;
      unit = unit * 16 + g_ascii_xdigit_value (text[i]);
    }
  return unit;
}

/* Bytes of the escape that text begins with, 0 when RFC 8259 has none such. json-glib also takes
 * octal ones and halves of surrogate pairs, and makes texts of them that are not UTF-8. */
static gsize
measure_escape (const char *text, gsize n_left)
{
  int unit = read_code_unit (text, n_left);

  if (unit < 0)
    return n_left >= 2 && strchr ("\"\\/bfnrt", text[1]) != NULL ? 2 : 0;
  if (unit < 0xd800 || unit > 0xdfff)
    return unit != 0 ? 6 : 0;
  if (unit > 0xdbff)
    return 0;
  unit = read_code_unit (text + 6, n_left - 6);
  return unit >= 0xdc00 && unit <= 0xdfff ? 12 : 0;
}

gboolean
aionet_replay_shape_check (const char *text, gsize length, GError **error)
{
  Scan scan = { 0 };

  if (length > AIONET_REPLAY_MAX_BYTES)
    return refuse (error, "the document: has more than %d bytes", AIONET_REPLAY_MAX_BYTES);
  /* Takes a NUL for wrong, too. */
  if (!g_utf8_validate_len (text, length, NULL))
    return refuse (error, "the document: is not UTF-8");

  for (gsize i = 0; i < length; i++)
    {
      if (!scan.is_in_string)
        {
          if (!take_outside_string (&scan, text[i], error))
            return FALSE;
        }
      else if (text[i] == '\\')
        {
          gsize n_bytes = measure_escape (text + i, length - i);

          if (n_bytes == 0)
            return refuse (error, "the document: has an escape that JSON has not");
          i += n_bytes - 1;
        }
      else if (text[i] == '"')
        scan.is_in_string = FALSE;
    }
  return scan.is_over || refuse (error, "the document: is not complete");
}
