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
        i++;
      else if (text[i] == '"')
        scan.is_in_string = FALSE;
    }
  return scan.is_over || refuse (error, "the document: is not complete");
}
