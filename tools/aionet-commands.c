/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#include "config.h"

#include "aionet-commands.h"

#include <stdio.h>
#include <string.h>

static void
print_line (const char *format, va_list args, const char *hint)
{
  g_autofree char *text = g_strdup_vprintf (format, args);

  /* One line whatever the message holds: scripts read standard error by lines. */
  g_strdelimit (text, "\n\r", ' ');
  g_printerr ("aionet: %s%s\n", text, hint);
}

static void
print_commands (const AionetCommand *commands, const char *program)
{
  gsize width = 0;

  for (const AionetCommand *command = commands; command->name != NULL; command++)
    width = MAX (width, strlen (command->name));

  g_print ("Usage:\n  %s COMMAND [OPTION…]\n\nCommands:\n", program);
  for (const AionetCommand *command = commands; command->name != NULL; command++)
    if (command->summary != NULL)
      g_print ("  %-*s  %s\n", (int) width, command->name, command->summary);
  g_print ("\n“%s COMMAND --help” tells the options of one command.\n", program);
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

gboolean
_cmd_parse (GOptionContext *context, const char *program, int *argc, char ***argv, int *status)
{
  g_autoptr (GError) error = NULL;

  g_set_prgname (program);
  if (g_option_context_parse (context, argc, argv, &error))
    return TRUE;
  *status = _cmd_misuse (program, "%s", error->message);
  return FALSE;
}

int
_cmd_dispatch (const AionetCommand *commands, const char *program, int argc, char *argv[])
{
  if (argc < 2)
    return _cmd_misuse (program, "no command given");
  if (strcmp (argv[1], "--help") == 0 || strcmp (argv[1], "-h") == 0)
    {
      print_commands (commands, program);
      return EXIT_DONE;
    }
  for (const AionetCommand *command = commands; command->name != NULL; command++)
    if (strcmp (argv[1], command->name) == 0)
      return command->run (argc - 1, argv + 1);
  return _cmd_misuse (program, "there is no command “%s”", argv[1]);
}
