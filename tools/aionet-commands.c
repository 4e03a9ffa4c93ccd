/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#include "config.h"

#include "aionet-commands.h"

#include "aionet-command-line.h"
#include "aionet-help.h"
#include "aionet-output.h"
#include "aionet-suggest.h"

static void
print_line (const char *format, va_list args, const char *hint)
{
  g_autofree char *text = g_strdup_vprintf (format, args);

  /* One line whatever the message holds: scripts read standard error by lines. */
  g_strdelimit (text, "\n\r", ' ');
  _output_tell ("aionet: %s%s\n", text, hint);
}

int
_cmd_fail (const char *format, ...)
{
  va_list args;

  va_start (args, format);
  print_line (format, args, "");
  va_end (args);
  return EXIT_FAILED;
}

int
_cmd_fail_error (const GError *error)
{
  return _cmd_fail ("%s", error->message);
}

int
_cmd_misuse (const char *program, const char *format, ...)
{
  g_autofree char *hint = g_strdup_printf (" (see “%s --help”)", program);
  va_list          args;

  va_start (args, format);
  print_line (format, args, hint);
  va_end (args);
  return EXIT_USAGE;
}

/* ------------------------------------------------------------------ finding a command */

static gboolean
asks_for_help (const char *word)
{
  return g_str_equal (word, "--help") || g_str_equal (word, "-h") || g_str_equal (word, "help");
}

static int
tell_unknown (const AionetCommand *commands, const char *program, const char *word)
{
  g_autoptr (GPtrArray) names = g_ptr_array_new ();
  const char *meant;

  for (const AionetCommand *command = commands; command->name != NULL; command++)
    if (command->summary != NULL)
      g_ptr_array_add (names, (char *) command->name);
  g_ptr_array_add (names, NULL);
  meant = _suggest_nearest (word, (const char *const *) names->pdata);
  if (meant != NULL)
    return _cmd_misuse (program, "there is no command “%s”; did you mean “%s”?", word, meant);
  return _cmd_misuse (program, "there is no command “%s”", word);
}

/* "help show" is "show --help", and completed as "show" is. (transfer full) */
static GPtrArray *
reorder_help (int argc, char *argv[])
{
  GPtrArray *words = g_ptr_array_new ();

  g_ptr_array_add (words, argv[0]);
  for (int i = 2; i < argc; i++)
    g_ptr_array_add (words, argv[i]);
  if (_line_get_observer () == NULL)
    g_ptr_array_add (words, (char *) "--help");
  return words;
}

int
_cmd_dispatch (const AionetCommand *commands,
               const char          *program,
               const char *const   *variables,
               int                  argc,
               char                *argv[])
{
  const LineObserver *observer = _line_get_observer ();
  g_autoptr (GPtrArray) words = NULL;

  if (argc > 2 && g_str_equal (argv[1], "help"))
    {
      words = reorder_help (argc, argv);
      argc = (int) words->len;
      g_ptr_array_add (words, NULL);
      argv = (char **) words->pdata;
    }
  if (observer != NULL && argc <= 2)
    {
      observer->see_commands (commands, argc, argv);
      return EXIT_DONE;
    }
  if (argc < 2)
    return _cmd_misuse (program, "no command given");
  if (asks_for_help (argv[1]))
    {
      _help_print_commands (commands, program, variables);
      return EXIT_DONE;
    }
  for (const AionetCommand *command = commands; command->name != NULL; command++)
    if (g_str_equal (argv[1], command->name))
      return command->run (argc - 1, argv + 1);
  return observer != NULL ? EXIT_DONE : tell_unknown (commands, program, argv[1]);
}
