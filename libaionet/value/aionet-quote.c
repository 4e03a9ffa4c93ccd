/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#include "config.h"

#include "value/aionet-quote-private.h"

#include <string.h>

#define MAX_BYTES 64

static void
append_escaped (GString *quoted, gunichar character)
{
  if (character == '\\')
    g_string_append (quoted, "\\\\");
  else if (g_unichar_isprint (character))
    g_string_append_unichar (quoted, character);
  else
    g_string_append_printf (quoted, "\\x%02x", character);
}

char *
_aionet_quote (const char *text)
{
  g_autoptr (GString) quoted = NULL;
  const char *end;
  gsize       length;

  if (text == NULL)
    return g_strdup ("nothing");
  length = strnlen (text, MAX_BYTES + 1);
  end = text + MIN (length, MAX_BYTES);
  quoted = g_string_new ("“");
  while (text < end)
    {
      gunichar character = g_utf8_get_char_validated (text, end - text);

      /* A character that the limit cuts in two is only half there: leave it out. */
      if (character == (gunichar) -2 && length > MAX_BYTES)
        break;
      if ((gint32) character < 0)
        {
          g_string_append_printf (quoted, "\\x%02x", (guchar) *text++);
          continue;
        }
      append_escaped (quoted, character);
      text = g_utf8_next_char (text);
    }
  g_string_append (quoted, length > MAX_BYTES ? "…”" : "”");
  return g_string_free (g_steal_pointer (&quoted), FALSE);
}
