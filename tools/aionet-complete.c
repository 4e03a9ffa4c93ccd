/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#include "config.h"

#include "aionet-command-line.h"
#include "aionet-complete-values.h"

#include <stdio.h>
#include <string.h>

/* `aionet __complete WORD...`: what the last word can become. The scripts of the shells ask this,
 * so that they know nothing of their own that could become untrue. Prints candidates, each with a
 * tabulator and an explanation, then what the shell itself is to add:
 *   :done        nothing
 *   :files       names of files
 *   :commands    names of commands
 *   :command N   what belongs to the command line that begins at word N */

/* With "aionet" itself. */
static int n_words = 0;

static void
see_commands (const AionetCommand *commands, int argc, char *argv[])
{
  Completion completion = { .prefix = argc > 1 ? argv[1] : "" };

  for (const AionetCommand *command = commands; command->name != NULL; command++)
    if (command->summary != NULL)
      _completion_add (&completion, command->name, command->summary);
  _completion_add (&completion, "help", "tell about a command");
  if (argc == n_words)
    _completion_add (&completion, "--version", "tell the version");
  _completion_add (&completion, "--help", "tell about all commands");
  _completion_end (&completion);
}

/* ------------------------------------------------------------------ options */

static const GOptionEntry *
find_option (const CommandLine *line, const char *word)
{
  gboolean is_long = g_str_has_prefix (word, "--");
  gsize    length = is_long ? strcspn (word + 2, "=") : 0;

  for (guint i = 0; i < line->sections->len; i++)
    {
      const LineSection *section = line->sections->pdata[i];

      for (guint j = 0; j < section->entries->len; j++)
        {
          const GOptionEntry *entry = &g_array_index (section->entries, GOptionEntry, j);

          if (is_long ? strlen (entry->long_name) == length &&
                            strncmp (entry->long_name, word + 2, length) == 0
                      : word[0] == '-' && word[1] == entry->short_name && word[1] != '\0' &&
                            word[2] == '\0')
            return entry;
        }
    }
  return NULL;
}

static void
add_options (const CommandLine *line, Completion *completion)
{
  for (guint i = 0; i < line->sections->len; i++)
    {
      const LineSection *section = line->sections->pdata[i];

      for (guint j = 0; j < section->entries->len && section->option == NULL; j++)
        {
          const GOptionEntry *entry = &g_array_index (section->entries, GOptionEntry, j);
          g_autofree char    *name = g_strdup_printf ("--%s%s", entry->long_name,
                                                   entry->arg_description != NULL ? "=" : "");

          _completion_add (completion, name, entry->description);
        }
    }
}

/* ------------------------------------------------------------------ the word */

/* What is between the name of the command and the last word. */
typedef struct
{
  guint               n_parameters;
  int                 first_parameter; /* index in argv; 0: none */
  gboolean            only_parameters; /* "--" was there */
  const GOptionEntry *awaiting;        /* (nullable) whose value the last word is */
  const char         *backend;         /* (nullable) of --backend */
} Before;

static void
take_option (Before *self, const CommandLine *line, const char *word, const char *next)
{
  const GOptionEntry *option = find_option (line, word);
  const char         *equals = strchr (word, '=');

  if (option == NULL || option->arg == G_OPTION_ARG_NONE)
    return;
  if (equals == NULL)
    self->awaiting = option;
  if (g_str_equal (option->long_name, "backend"))
    self->backend = equals != NULL ? equals + 1 : next;
}

static Before
read_before (const CommandLine *line, int argc, char *argv[])
{
  Before self = { 0 };

  for (int i = 1; i < argc - 1; i++)
    {
      gboolean is_over = line->is_strict && self.n_parameters > 0;

      if (self.awaiting != NULL)
        self.awaiting = NULL;
      else if (!self.only_parameters && !is_over && g_str_equal (argv[i], "--"))
        self.only_parameters = TRUE;
      else if (!self.only_parameters && !is_over && argv[i][0] == '-' && argv[i][1] != '\0')
        take_option (&self, line, argv[i], argv[i + 1]);
      else if (self.n_parameters++ == 0)
        self.first_parameter = i;
    }
  return self;
}

/* The one of "tcp|udp HOST:PORT" or "[NIC…]" that comes after n others. (transfer full) (nullable)
 */
static char *
find_parameter (const CommandLine *line, guint n)
{
  g_auto (GStrv) words = g_strsplit (line->parameters != NULL ? line->parameters : "", " ", -1);

  for (char **word = words; *word != NULL; word++)
    {
      gboolean repeats = strstr (*word, "…") != NULL;

      if (g_str_equal (*word, "[--]") || g_str_equal (*word, "") || (n-- > 0 && !repeats))
        continue;
      if ((*word)[0] == '[')
        return g_strndup (*word + 1, strcspn (*word + 1, repeats ? "…" : "]"));
      return g_strdup (*word);
    }
  return NULL;
}

static void
add_parameters (const CommandLine *line, const Before *before, int argc, Completion *completion)
{
  g_autofree char *what = find_parameter (line, before->n_parameters);

  if (line->is_strict)
    completion->command_at =
        n_words - argc + (before->first_parameter != 0 ? before->first_parameter : argc - 1);
  else if (what != NULL)
    _completion_add_values (completion, what);
}

static void
see_line (const CommandLine *line, int argc, char *argv[])
{
  const char *word = argv[argc - 1];
  Before      before = read_before (line, argc, argv);
  gboolean    is_over = before.only_parameters || (line->is_strict && before.n_parameters > 0);
  Completion  completion = { .prefix = word, .backend = before.backend };
  const GOptionEntry *option = is_over || word[0] != '-' ? NULL : find_option (line, word);

  if (before.awaiting != NULL)
    _completion_add_values (&completion, before.awaiting->arg_description);
  else if (option != NULL && strchr (word, '=') != NULL)
    {
      completion.skip = (gsize) (strchr (word, '=') + 1 - word);
      if (option->arg_description != NULL)
        _completion_add_values (&completion, option->arg_description);
    }
  else if (!is_over && word[0] == '-')
    add_options (line, &completion);
  else
    add_parameters (line, &before, argc, &completion);
  _completion_end (&completion);
}

int
_cmd_complete (int argc, char *argv[])
{
  const LineObserver observer = { see_commands, see_line };

  _line_set_observer (&observer);
  n_words = argc;
  return _cmd_run (argc, argv);
}
