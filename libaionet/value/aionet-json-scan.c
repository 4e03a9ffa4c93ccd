/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#include "config.h"

#include "value/aionet-json-scan-private.h"

#include "value/aionet-decimal-private.h"
#include "value/aionet-error.h"
#include "value/aionet-json-private.h"
#include "value/aionet-quote-private.h"

#include <math.h>
#include <string.h>

/* A recursive descent without a tree: as deep as AIONET_JSON_MAX_DEPTH, never deeper. Every
 * function below stops at the first fault, leaves `at` on it and says in `complaint` what is wrong.
 * The byte at `end` is NUL, hence looking at `at` is always allowed. */
typedef struct
{
  const char *start;
  const char *at;
  const char *end;
  guint       depth;
  char       *complaint; /* (owned) (nullable) */
} Scan;

static gboolean scan_value (Scan *scan);

static gboolean
fail (Scan *scan, const char *complaint)
{
  scan->complaint = g_strdup (complaint);
  return FALSE;
}

static void
skip_space (Scan *scan)
{
  /* Not g_ascii_isspace (): form feeds are no white space in JSON. */
  while (*scan->at == ' ' || *scan->at == '\t' || *scan->at == '\n' || *scan->at == '\r')
    scan->at++;
}

static gboolean
accept (Scan *scan, char character)
{
  if (*scan->at != character)
    return FALSE;
  scan->at++;
  return TRUE;
}

static gboolean
scan_hex4 (Scan *scan, gunichar *unit)
{
  *unit = 0;
  for (guint i = 0; i < 4; i++, scan->at++)
    {
      if (!g_ascii_isxdigit (*scan->at))
        return fail (scan, "expected four hexadecimal digits");
      *unit = *unit << 4 | g_ascii_xdigit_value (*scan->at);
    }
  return TRUE;
}

/* Behind \u. */
static gboolean
scan_unicode_escape (Scan *scan, GString *decoded)
{
  gunichar unit;
  gunichar low;

  if (!scan_hex4 (scan, &unit))
    return FALSE;
  if (unit == 0)
    return fail (scan, "a string must not contain \\u0000");
  if (unit >= 0xdc00 && unit <= 0xdfff)
    return fail (scan, "a low surrogate stands alone");
  if (unit >= 0xd800 && unit <= 0xdbff)
    {
      if (!accept (scan, '\\') || !accept (scan, 'u'))
        return fail (scan, "a high surrogate stands alone");
      if (!scan_hex4 (scan, &low))
        return FALSE;
      if (low < 0xdc00 || low > 0xdfff)
        return fail (scan, "a high surrogate stands alone");
      unit = 0x10000 + ((unit - 0xd800) << 10 | (low - 0xdc00));
    }
  if (decoded != NULL)
    g_string_append_unichar (decoded, unit);
  return TRUE;
}

/* Behind the backslash. */
static gboolean
scan_escape (Scan *scan, GString *decoded)
{
  static const char letters[] = "\"\\/bfnrt";
  static const char meanings[] = "\"\\/\b\f\n\r\t";
  const char       *letter;

  if (accept (scan, 'u'))
    return scan_unicode_escape (scan, decoded);
  letter = *scan->at != '\0' ? strchr (letters, *scan->at) : NULL;
  if (letter == NULL)
    return fail (scan, "no such escape");
  scan->at++;
  if (decoded != NULL)
    g_string_append_c (decoded, meanings[letter - letters]);
  return TRUE;
}

static gboolean
scan_string (Scan *scan, GString *decoded)
{
  if (!accept (scan, '"'))
    return fail (scan, "expected a string in double quotes");
  while (!accept (scan, '"'))
    {
      if (scan->at == scan->end)
        return fail (scan, "a string has no end");
      if ((guchar) *scan->at < 0x20)
        return fail (scan, "a control character must be written as an escape");
      if (accept (scan, '\\'))
        {
          if (!scan_escape (scan, decoded))
            return FALSE;
          continue;
        }
      if (decoded != NULL)
        g_string_append_c (decoded, *scan->at);
      scan->at++;
    }
  return TRUE;
}

static gboolean
scan_digits (Scan *scan)
{
  if (!g_ascii_isdigit (*scan->at))
    return fail (scan, "expected a digit");
  while (g_ascii_isdigit (*scan->at))
    scan->at++;
  return TRUE;
}

/* What fits no gint64 or double would come out of json-glib as another number. */
static gboolean
check_magnitude (Scan *scan, const char *start, gboolean is_integer)
{
  g_autofree char *number = g_strndup (start, scan->at - start);
  gboolean         negative = number[0] == '-';
  guint64          limit = (guint64) G_MAXINT64 + negative;
  guint64          magnitude;

  if (is_integer ? !_aionet_decimal_parse (number + negative, limit, &magnitude)
                 : !isfinite (g_ascii_strtod (number, NULL)))
    return fail (scan, "a number is too large");
  return TRUE;
}

static gboolean
scan_number (Scan *scan)
{
  const char *start = scan->at;
  gboolean    is_integer = TRUE;

  accept (scan, '-');
  if (accept (scan, '0'))
    {
      if (g_ascii_isdigit (*scan->at))
        return fail (scan, "a number must not begin with a zero");
    }
  else if (!scan_digits (scan))
    return FALSE;
  if (accept (scan, '.'))
    {
      is_integer = FALSE;
      if (!scan_digits (scan))
        return FALSE;
    }
  if (accept (scan, 'e') || accept (scan, 'E'))
    {
      is_integer = FALSE;
      if (!accept (scan, '+'))
        accept (scan, '-');
      if (!scan_digits (scan))
        return FALSE;
    }
  return check_magnitude (scan, start, is_integer);
}

static gboolean
scan_member (Scan *scan, GHashTable *names)
{
  g_autoptr (GString) name = g_string_new (NULL);

  if (!scan_string (scan, name))
    return FALSE;
  if (g_hash_table_contains (names, name->str))
    {
      g_autofree char *quoted = _aionet_quote (name->str);

      scan->complaint = g_strdup_printf ("member %s is there twice", quoted);
      return FALSE;
    }
  g_hash_table_add (names, g_string_free (g_steal_pointer (&name), FALSE));
  skip_space (scan);
  if (!accept (scan, ':'))
    return fail (scan, "expected a colon");
  return scan_value (scan);
}

static gboolean
scan_members (Scan *scan)
{
  g_autoptr (GHashTable) names = NULL;

  skip_space (scan);
  if (accept (scan, '}'))
    return TRUE;
  names = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  for (;;)
    {
      skip_space (scan);
      if (!scan_member (scan, names))
        return FALSE;
      if (accept (scan, '}'))
        return TRUE;
      if (!accept (scan, ','))
        return fail (scan, "expected a comma or the end of the object");
    }
}

static gboolean
scan_elements (Scan *scan)
{
  skip_space (scan);
  if (accept (scan, ']'))
    return TRUE;
  for (;;)
    {
      if (!scan_value (scan))
        return FALSE;
      if (accept (scan, ']'))
        return TRUE;
      if (!accept (scan, ','))
        return fail (scan, "expected a comma or the end of the array");
    }
}

static gboolean
scan_container (Scan *scan)
{
  gboolean is_object = *scan->at++ == '{';
  gboolean is_good;

  if (scan->depth == AIONET_JSON_MAX_DEPTH)
    return fail (scan, "too deep");
  scan->depth++;
  is_good = is_object ? scan_members (scan) : scan_elements (scan);
  scan->depth--;
  return is_good;
}

static gboolean
scan_word (Scan *scan)
{
  static const char *const words[] = { "true", "false", "null" };

  for (guint i = 0; i < G_N_ELEMENTS (words); i++)
    if (g_str_has_prefix (scan->at, words[i]))
      {
        scan->at += strlen (words[i]);
        return TRUE;
      }
  return fail (scan, scan->at == scan->end ? "the document ends here" : "expected a value");
}

/* A value and the space around it. */
static gboolean
scan_value (Scan *scan)
{
  gboolean is_good;

  skip_space (scan);
  if (*scan->at == '{' || *scan->at == '[')
    is_good = scan_container (scan);
  else if (*scan->at == '"')
    is_good = scan_string (scan, NULL);
  else if (*scan->at == '-' || g_ascii_isdigit (*scan->at))
    is_good = scan_number (scan);
  else
    is_good = scan_word (scan);
  if (is_good)
    skip_space (scan);
  return is_good;
}

static void
set_error (Scan *scan, GError **error)
{
  guint       line = 1;
  const char *line_start = scan->start;

  for (const char *at = scan->start; at < scan->at; at++)
    if (*at == '\n')
      {
        line++;
        line_start = at + 1;
      }
  g_set_error (error, AIONET_ERROR, AIONET_ERROR_INVALID_JSON, "JSON, line %u, column %ld: %s",
               line, g_utf8_strlen (line_start, scan->at - line_start) + 1, scan->complaint);
}

gboolean
_aionet_json_scan (const char *text, gsize length, GError **error)
{
  /* json-glib and the functions above want a NUL behind the text. */
  g_autofree char *copy = g_strndup (text, length);
  g_autofree char *complaint = NULL;
  Scan             scan = { .start = copy, .at = copy, .end = copy + length };
  const char      *broken;
  gboolean         is_good;

  if (!g_utf8_validate_len (text, length, &broken))
    {
      scan.at = copy + (broken - text);
      is_good = fail (&scan, "not UTF-8");
    }
  else
    is_good = scan_value (&scan) &&
              (scan.at == scan.end || fail (&scan, "something follows the document"));
  if (!is_good)
    set_error (&scan, error);
  complaint = scan.complaint;
  return is_good;
}
