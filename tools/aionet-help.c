/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#include "config.h"

#include "aionet-help.h"

#include "aionet-output.h"

#include <string.h>

#define INDENT 2
#define GAP 2
/* A name wider than this has its explanation on a line of its own. */
#define MAX_NAME_WIDTH 30

static void
print_heading (const char *text)
{
  g_print ("\n");
  _output_print (STYLE_HEADING, "%s:", text);
  g_print ("\n");
}

/* "  name  what it is", with the second part from column on. */
static void
print_pair (const char *name, const char *text, guint column)
{
  guint end = INDENT + _output_get_length (name);

  g_print ("%*s%s", INDENT, "", name);
  if (end + GAP > column)
    {
      g_print ("\n");
      end = 0;
    }
  _output_wrapped (text, end, column);
}

static char *
name_of (const GOptionEntry *entry)
{
  g_autoptr (GString) name = g_string_new (NULL);

  if (entry->short_name != 0)
    g_string_append_printf (name, "-%c, ", entry->short_name);
  g_string_append_printf (name, "--%s", entry->long_name);
  if (entry->arg_description != NULL)
    g_string_append_printf (name, "=%s", entry->arg_description);
  return g_string_free (g_steal_pointer (&name), FALSE);
}

static guint
column_of (const CommandLine *line, const LineSection *only)
{
  guint widest = 0;

  for (guint i = 0; i < line->sections->len; i++)
    {
      const LineSection *section = line->sections->pdata[i];

      for (guint j = 0; j < section->entries->len && (only == section || section->option == NULL);
           j++)
        {
          g_autofree char *name = name_of (&g_array_index (section->entries, GOptionEntry, j));
          guint            width = _output_get_length (name);

          if (width <= MAX_NAME_WIDTH)
            widest = MAX (widest, width);
        }
    }
  return INDENT + widest + GAP;
}

static void
print_section (const LineSection *section, guint column)
{
  if (section->entries->len == 0)
    return;
  print_heading (section->title);
  for (guint i = 0; i < section->entries->len; i++)
    {
      const GOptionEntry *entry = &g_array_index (section->entries, GOptionEntry, i);
      g_autofree char    *name = name_of (entry);

      print_pair (name, entry->description, column);
    }
}

static void
print_paragraphs (const char *text)
{
  g_auto (GStrv) paragraphs = g_strsplit (text, "\n", -1);

  for (char **paragraph = paragraphs; *paragraph != NULL; paragraph++)
    {
      g_print ("\n");
      _output_wrapped (*paragraph, 0, 0);
    }
}

static void
print_examples (const char *const *examples)
{
  print_heading ("Examples");
  for (; examples[0] != NULL; examples += 2)
    {
      /* Not wrapped: it is for copying. */
      g_print ("%*s%s\n", INDENT, "", examples[0]);
      _output_wrapped (examples[1], 0, 3 * INDENT);
    }
}

void
_help_print_line (const CommandLine *line, const LineSection *only)
{
  guint       column = column_of (line, only);
  const char *parameters = line->parameters;

  _output_print (STYLE_HEADING, "Usage:");
  g_print ("\n%*s%s [OPTION…]%s%s\n", INDENT, "", line->program, parameters != NULL ? " " : "",
           parameters != NULL ? parameters : "");
  print_paragraphs (line->summary);
  if (line->notes != NULL)
    print_paragraphs (line->notes);
  for (guint i = 0; i < line->sections->len; i++)
    {
      const LineSection *section = line->sections->pdata[i];

      if (only == section || (only == NULL && section->option == NULL))
        print_section (section, column);
    }
  if (only != NULL)
    return;
  if (line->examples != NULL)
    print_examples (line->examples);
  print_heading ("Exit status");
  _output_wrapped (line->exit_status != NULL
                       ? line->exit_status
                       : "0 done, 1 failed (one line on standard error says why), 2 wrong command "
                         "line, 130 interrupted by Ctrl-C.",
                   0, INDENT);
}

static void
print_variables (const char *const *variables)
{
  guint column = 0;

  for (guint i = 0; variables[i] != NULL; i += 2)
    column = MAX (column, _output_get_length (variables[i]));
  print_heading ("Environment");
  for (; variables[0] != NULL; variables += 2)
    print_pair (variables[0], variables[1], INDENT + column + GAP);
}

void
_help_print_commands (const AionetCommand *commands,
                      const char          *program,
                      const char *const   *variables)
{
  guint            column = 0;
  g_autofree char *hint =
      g_strdup_printf ("“%s COMMAND --help” tells the options of one command, with examples.%s",
                       program, variables != NULL ? " “aionet --version” tells the version." : "");

  for (const AionetCommand *command = commands; command->name != NULL; command++)
    column = MAX (column, _output_get_length (command->name));
  _output_print (STYLE_HEADING, "Usage:");
  g_print ("\n%*s%s COMMAND [OPTION…]\n", INDENT, "", program);
  print_heading ("Commands");
  for (const AionetCommand *command = commands; command->name != NULL; command++)
    if (command->summary != NULL)
      print_pair (command->name, command->summary, INDENT + column + GAP);
  if (variables != NULL)
    print_variables (variables);
  print_paragraphs (hint);
}
