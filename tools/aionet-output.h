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

/* What --color says: auto, always or never. FALSE for anything else. */
gboolean _output_set_colour (const char *when);
/* As said; otherwise on a terminal that is not dumb, and not with NO_COLOR (no-color.org). */
gboolean _output_has_colour (void);
/* format is printed in style, or plainly where there is no colour; newlines are the only control
 * characters that get through. */
void _output_print (OutputStyle style, const char *format, ...) G_GNUC_PRINTF (2, 3);
/* Words of text in lines that are not too wide, from column indent on; the first begins at column
 * at. Ends with a newline. */
void _output_wrapped (const char *text, guint at, guint indent);
/* As _output_print () on standard error, without colours. */
void _output_tell (const char *format, ...) G_GNUC_PRINTF (1, 2);
/* Takes node; readable, one document, one newline at the end. */
void _output_json (JsonNode *node);

/* The same of a document in UTF-8, as it is. */
void     _output_json_text (const char *json);

gboolean _output_is_terminal (void);
/* Of the terminal; 80 where there is none. */
guint _output_get_width (void);
/* As a terminal shows text. */
guint _output_get_length (const char *text);
/* Without what could steer a terminal. (transfer full) */
char *_output_clean (const char *text, gboolean with_newlines);

/* The short name of an enumeration's value, "port-restricted". */
const char *_output_nick (GType type, int value);
/* value: (nullable) becomes null */
void _output_add_string (JsonObject *object, const char *member, const char *value);

G_END_DECLS
