/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#pragma once

#include "aionet-output.h"

G_BEGIN_DECLS

/* Rows of text in aligned columns; widths count characters as a terminal shows them. On a terminal
 * that is too narrow cells are continued below, between words; a pipe gets a line a row. */
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
