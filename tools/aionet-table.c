/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#include "config.h"

#include "aionet-table.h"

#include <string.h>

#define GAP 2

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

/* Of a column. */
typedef struct
{
  guint    wanted;   /* by the longest cell */
  guint    least;    /* by the longest word */
  gboolean is_empty; /* but for a heading */
} Width;

static void
row_free (Row *row)
{
  g_strfreev (row->cells);
  g_free (row);
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
    row->cells[i] = _output_clean (cells[i] != NULL ? cells[i] : "", FALSE);
  g_ptr_array_add (self->rows, row);
}

void
_table_set_indent (AionetTable *self, guint indent)
{
  self->indent = indent;
}

/* ------------------------------------------------------------------ widths */

static void
widen (Width *width, const char *cell)
{
  g_auto (GStrv) words = g_strsplit (cell, " ", -1);

  width->wanted = MAX (width->wanted, _output_get_length (cell));
  for (char **word = words; *word != NULL; word++)
    width->least = MAX (width->least, _output_get_length (*word));
}

/* Takes from the widest column that has something to give, until all fit or none has. */
static void
narrow (const AionetTable *self, Width *widths)
{
  guint room = _output_get_width () + GAP;
  guint total = self->indent;

  for (guint i = 0; i < self->n_columns; i++)
    if (!widths[i].is_empty)
      total += widths[i].wanted + GAP;
  while (total > room)
    {
      Width *widest = NULL;

      for (guint i = 0; i < self->n_columns; i++)
        if (!widths[i].is_empty && widths[i].wanted > widths[i].least &&
            (widest == NULL || widths[i].wanted > widest->wanted))
          widest = &widths[i];
      if (widest == NULL)
        return;
      widest->wanted--;
      total--;
    }
}

/* A person is not shown columns of nothing. */
static void
find_empty (const AionetTable *self, Width *widths)
{
  for (guint column = 0; column < self->n_columns; column++)
    {
      widths[column].is_empty = TRUE;
      for (guint i = 0; i < self->rows->len; i++)
        {
          const Row *row = self->rows->pdata[i];

          if (row->style != STYLE_HEADING && *row->cells[column] != '\0')
            widths[column].is_empty = FALSE;
        }
    }
}

static Width *
measure (const AionetTable *self)
{
  Width *widths = g_new0 (Width, self->n_columns);

  for (guint i = 0; i < self->rows->len; i++)
    for (guint column = 0; column < self->n_columns; column++)
      {
        const Row *row = self->rows->pdata[i];

        widen (&widths[column], row->cells[column]);
      }
  if (_output_is_terminal ())
    {
      find_empty (self, widths);
      narrow (self, widths);
    }
  return widths;
}

/* ------------------------------------------------------------------ printing */

/* Takes as many words off *rest as fit into width, one at least. (transfer full) */
static char *
take_line (const char **rest, guint width)
{
  const char *end = *rest;
  char       *line;

  while (*end != '\0')
    {
      gsize            n = strcspn (end + (*end == ' '), " ") + (*end == ' ');
      g_autofree char *longer = g_strndup (*rest, (gsize) (end - *rest) + n);

      if (end > *rest && _output_get_length (longer) > width)
        break;
      end += n;
    }
  line = g_strndup (*rest, (gsize) (end - *rest));
  *rest = end + (*end == ' ');
  return line;
}

/* One line of the row. rests: what is left of each cell, moved on. Returns FALSE if nothing was. */
static gboolean
print_line (const AionetTable *self, OutputStyle style, const char **rests, const Width *widths)
{
  g_autoptr (GString) line = g_string_new (NULL);
  gboolean has_text = FALSE;

  for (guint i = 0; i < self->n_columns; i++)
    {
      g_autofree char *text = NULL;

      if (widths[i].is_empty)
        continue;
      text = take_line (&rests[i], widths[i].wanted);
      has_text |= *text != '\0';
      g_string_append (line, text);
      for (guint n = _output_get_length (text); n < widths[i].wanted + GAP; n++)
        g_string_append_c (line, ' ');
    }
  if (!has_text)
    return FALSE;
  g_string_truncate (line, strlen (g_strchomp (line->str)));
  g_print ("%*s", (int) self->indent, "");
  _output_print (style, "%s", line->str);
  g_print ("\n");
  return TRUE;
}

void
_table_print (AionetTable *self)
{
  g_autofree Width       *widths = measure (self);
  g_autofree const char **rests = g_new0 (const char *, self->n_columns);

  for (guint i = 0; i < self->rows->len; i++)
    {
      const Row *row = self->rows->pdata[i];

      memcpy (rests, row->cells, self->n_columns * sizeof *rests);
      while (print_line (self, row->style, rests, widths))
        continue;
    }
}
