/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#pragma once

#include <glib.h>
#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/* Standard output as a terminal or a pipe needs it. */

typedef enum
{
  STYLE_PLAIN,
  STYLE_HEADING,
  STYLE_GOOD,
  STYLE_BAD,
  STYLE_FAINT,
} OutputStyle;

/* Only on a terminal that is not dumb, and not with NO_COLOR (no-color.org). */
gboolean _output_has_colour (void);
/* format is printed in style, or plainly where there is no colour. */
void _output_print (OutputStyle style, const char *format, ...) G_GNUC_PRINTF (2, 3);
/* Takes node; readable, one document, one newline at the end. */
void _output_json (JsonNode *node);

/* The short name of an enumeration's value, "port-restricted". */
const char *_output_nick (GType type, int value);
/* value: (nullable) becomes null */
void _output_add_string (JsonObject *object, const char *member, const char *value);

/* Rows of text in aligned columns; widths count characters as a terminal shows them. */
typedef struct _AionetTable AionetTable;

/* headings: (nullable) (array length=n_columns) */
AionetTable *_table_new (guint n_columns, const char *const *headings);
void         _table_free (AionetTable *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AionetTable, _table_free)

/* cells: (array length=n_columns), a NULL cell is empty. The row is printed in style. */
void _table_add_row (AionetTable *self, OutputStyle style, const char *const *cells);
void _table_set_indent (AionetTable *self, guint indent);
void _table_print (AionetTable *self);

G_END_DECLS
