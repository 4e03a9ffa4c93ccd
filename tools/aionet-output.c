/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#include "config.h"

#include "aionet-output.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

struct _AionetTable
{
  guint      n_columns;
  guint      indent;
  GPtrArray *rows; /* (owned) (element-type Row) */
};

typedef struct
{
  OutputStyle style;
  char      **cells; /* (owned) n_columns of them */
} Row;

static const char *const ESCAPES[] = {
  [STYLE_PLAIN] = "",       [STYLE_HEADING] = "\033[1m", [STYLE_GOOD] = "\033[32m",
  [STYLE_BAD] = "\033[31m", [STYLE_FAINT] = "\033[2m",
};

static void
row_free (Row *row)
{
  g_strfreev (row->cells);
  g_free (row);
}

/* As a terminal shows it: an invalid byte is shown as one sign. */
static guint
width_of (const char *text)
{
  g_autofree char *valid = g_utf8_make_valid (text, -1);
  guint            width = 0;

  for (const char *p = valid; *p != '\0'; p = g_utf8_next_char (p))
    if (!g_unichar_iszerowidth (g_utf8_get_char (p)))
      width += g_unichar_iswide (g_utf8_get_char (p)) ? 2 : 1;
  return width;
}

/* Names come from outside (kernel, plugins, servers): none of them may steer the terminal. */
static char *
without_controls (const char *text)
{
  char *copy = g_utf8_make_valid (text != NULL ? text : "", -1);

  for (char *p = copy; *p != '\0'; p = g_utf8_next_char (p))
    if (g_unichar_iscntrl (g_utf8_get_char (p)))
      memset (p, '?', (gsize) (g_utf8_next_char (p) - p));
  return copy;
}

static void
print_row (AionetTable *self, const Row *row, const guint *widths)
{
  g_autoptr (GString) line = g_string_new (NULL);

  for (guint i = 0; i < self->n_columns; i++)
    {
      g_string_append (line, row->cells[i]);
      for (guint n = width_of (row->cells[i]); n < widths[i] + 2; n++)
        g_string_append_c (line, ' ');
    }
  g_string_truncate (line, strlen (g_strchomp (line->str)));
  for (guint i = 0; i < self->indent; i++)
    g_print (" ");
  _output_print (row->style, "%s", line->str);
  g_print ("\n");
}

gboolean
_output_has_colour (void)
{
  const char *no_colour = g_getenv ("NO_COLOR");

  return isatty (STDOUT_FILENO) && (no_colour == NULL || *no_colour == '\0') &&
         g_strcmp0 (g_getenv ("TERM"), "dumb") != 0;
}

void
_output_print (OutputStyle style, const char *format, ...)
{
  g_autofree char *text = NULL;
  gboolean         coloured = style != STYLE_PLAIN && _output_has_colour ();
  va_list          args;

  va_start (args, format);
  text = g_strdup_vprintf (format, args);
  va_end (args);
  g_print ("%s%s%s", coloured ? ESCAPES[style] : "", text, coloured ? "\033[0m" : "");
}

void
_output_json (JsonNode *node)
{
  g_autofree char *text = json_to_string (node, TRUE);

  /* Not g_print: JSON is UTF-8 whatever the locale. */
  fputs (text, stdout);
  fputc ('\n', stdout);
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

AionetTable *
_table_new (guint n_columns, const char *const *headings)
{
  AionetTable *self = g_new0 (AionetTable, 1);

  self->n_columns = n_columns;
  self->rows = g_ptr_array_new_with_free_func ((GDestroyNotify) row_free);
  if (headings != NULL)
    _table_add_row (self, STYLE_HEADING, headings);
  return self;
}

void
_table_free (AionetTable *self)
{
  g_ptr_array_unref (self->rows);
  g_free (self);
}

void
_table_add_row (AionetTable *self, OutputStyle style, const char *const *cells)
{
  Row *row = g_new0 (Row, 1);

  row->style = style;
  row->cells = g_new0 (char *, self->n_columns + 1);
  for (guint i = 0; i < self->n_columns; i++)
    row->cells[i] = without_controls (cells[i]);
  g_ptr_array_add (self->rows, row);
}

void
_table_set_indent (AionetTable *self, guint indent)
{
  self->indent = indent;
}

void
_table_print (AionetTable *self)
{
  g_autofree guint *widths = g_new0 (guint, self->n_columns);

  for (guint i = 0; i < self->rows->len; i++)
    for (guint column = 0; column < self->n_columns; column++)
      {
        const Row *row = self->rows->pdata[i];

        widths[column] = MAX (widths[column], width_of (row->cells[column]));
      }
  for (guint i = 0; i < self->rows->len; i++)
    print_row (self, self->rows->pdata[i], widths);
}
