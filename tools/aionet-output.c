/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#include "config.h"

#include "aionet-output.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#define DEFAULT_WIDTH 80
#define MIN_WIDTH 40
/* Longer lines are hard to read. */
#define MAX_TEXT_WIDTH 100

typedef enum
{
  COLOUR_AUTO,
  COLOUR_ALWAYS,
  COLOUR_NEVER,
} Colour;

/* Only what every palette has, and no yellow, cyan or white, which vanish on white or black. */
static const char *const ESCAPES[] = {
  [STYLE_PLAIN] = "",       [STYLE_HEADING] = "\033[1m", [STYLE_GOOD] = "\033[32m",
  [STYLE_BAD] = "\033[31m", [STYLE_FAINT] = "\033[2m",
};

static Colour colour = COLOUR_AUTO;

/* ------------------------------------------------------------------ the terminal */

gboolean
_output_is_terminal (void)
{
  return isatty (STDOUT_FILENO);
}

guint
_output_get_width (void)
{
  struct winsize size = { 0 };

  if (!_output_is_terminal () || ioctl (STDOUT_FILENO, TIOCGWINSZ, &size) != 0 || size.ws_col == 0)
    return DEFAULT_WIDTH;
  return MAX (size.ws_col, MIN_WIDTH);
}

gboolean
_output_set_colour (const char *when)
{
  static const char *const names[] = { "auto", "always", "never", NULL };

  for (guint i = 0; names[i] != NULL; i++)
    if (g_str_equal (when, names[i]))
      {
        colour = (Colour) i;
        return TRUE;
      }
  return FALSE;
}

gboolean
_output_has_colour (void)
{
  const char *no_colour = g_getenv ("NO_COLOR");

  if (colour != COLOUR_AUTO)
    return colour == COLOUR_ALWAYS;
  return _output_is_terminal () && (no_colour == NULL || *no_colour == '\0') &&
         g_strcmp0 (g_getenv ("TERM"), "dumb") != 0;
}

/* ------------------------------------------------------------------ text */

guint
_output_get_length (const char *text)
{
  /* An invalid byte is shown as one sign. */
  g_autofree char *valid = g_utf8_make_valid (text, -1);
  guint            width = 0;

  for (const char *p = valid; *p != '\0'; p = g_utf8_next_char (p))
    if (!g_unichar_iszerowidth (g_utf8_get_char (p)))
      width += g_unichar_iswide (g_utf8_get_char (p)) ? 2 : 1;
  return width;
}

/* Control characters, C1 included, and those that turn the direction of writing. */
static gboolean
is_steering (gunichar c)
{
  GUnicodeType type = g_unichar_type (c);

  return type == G_UNICODE_CONTROL || type == G_UNICODE_FORMAT ||
         type == G_UNICODE_LINE_SEPARATOR || type == G_UNICODE_PARAGRAPH_SEPARATOR;
}

/* Names come from outside (kernel, plugins, servers): none of them may steer the terminal. */
char *
_output_clean (const char *text, gboolean with_newlines)
{
  g_autofree char *valid = g_utf8_make_valid (text, -1);
  GString         *clean = g_string_new (NULL);

  for (const char *p = valid; *p != '\0'; p = g_utf8_next_char (p))
    {
      gunichar c = g_utf8_get_char (p);
      gboolean is_newline = c == '\n' && with_newlines;

      if (is_steering (c) && !is_newline)
        g_string_append_c (clean, '?');
      else
        g_string_append_unichar (clean, c);
    }
  return g_string_free (clean, FALSE);
}

void
_output_print (OutputStyle style, const char *format, ...)
{
  g_autofree char *text = NULL;
  g_autofree char *clean = NULL;
  gboolean         coloured = style != STYLE_PLAIN && _output_has_colour ();
  va_list          args;

  va_start (args, format);
  text = g_strdup_vprintf (format, args);
  va_end (args);
  clean = _output_clean (text, TRUE);
  g_print ("%s%s%s", coloured ? ESCAPES[style] : "", clean, coloured ? "\033[0m" : "");
}

static guint
print_blanks (guint n)
{
  g_print ("%*s", (int) n, "");
  return n;
}

void
_output_wrapped (const char *text, guint at, guint indent)
{
  g_auto (GStrv) words = g_strsplit (text, " ", -1);
  guint width = MIN (_output_get_width (), MAX_TEXT_WIDTH);
  guint column = at;

  for (char **word = words; *word != NULL; word++)
    {
      guint length = _output_get_length (*word);

      if (column > indent && column + 1 + length > width)
        {
          g_print ("\n");
          column = 0;
        }
      column += print_blanks (column > indent ? 1 : indent - column);
      _output_print (STYLE_PLAIN, "%s", *word);
      column += length;
    }
  g_print ("\n");
}

void
_output_tell (const char *format, ...)
{
  g_autofree char *text = NULL;
  g_autofree char *clean = NULL;
  va_list          args;

  va_start (args, format);
  text = g_strdup_vprintf (format, args);
  va_end (args);
  clean = _output_clean (text, TRUE);
  g_printerr ("%s", clean);
}

/* ------------------------------------------------------------------ JSON */

/* The same document: what could steer a terminal can be written as \uXXXX everywhere it may be. */
void
_output_json_text (const char *json)
{
  for (const char *p = json; *p != '\0'; p = g_utf8_next_char (p))
    {
      gunichar c = g_utf8_get_char (p);

      if (c >= 0x7f && c <= 0xffff && is_steering (c))
        printf ("\\u%04x", c);
      else
        fwrite (p, 1, (gsize) (g_utf8_next_char (p) - p), stdout);
    }
  fputc ('\n', stdout);
}

void
_output_json (JsonNode *node)
{
  g_autofree char *text = json_to_string (node, TRUE);

  /* Not g_print: JSON is UTF-8 whatever the locale. */
  _output_json_text (text);
  json_node_unref (node);
}

const char *
_output_nick (GType type, int value)
{
  GEnumClass *klass = g_type_class_ref (type);
  GEnumValue *found = g_enum_get_value (klass, value);

  /* The class is never freed: enumerations are static types. */
  g_type_class_unref (klass);
  return found != NULL ? found->value_nick : "unknown";
}

void
_output_add_string (JsonObject *object, const char *member, const char *value)
{
  if (value != NULL)
    json_object_set_string_member (object, member, value);
  else
    json_object_set_null_member (object, member);
}
