/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Each takes its own name as argv[0] and gives the exit status below. */

int _cmd_complete (int argc, char *argv[]);
int _cmd_connect (int argc, char *argv[]);
int _cmd_lab (int argc, char *argv[]);
int _cmd_list (int argc, char *argv[]);
int _cmd_listen (int argc, char *argv[]);
int _cmd_nat (int argc, char *argv[]);
int _cmd_plugins (int argc, char *argv[]);
int _cmd_record (int argc, char *argv[]);
int _cmd_relay (int argc, char *argv[]);
int _cmd_serve (int argc, char *argv[]);
int _cmd_show (int argc, char *argv[]);
int _cmd_stun (int argc, char *argv[]);
int _cmd_watch (int argc, char *argv[]);

/* Any of them: argv[1] is the name of the command. */
int _cmd_run (int argc, char *argv[]);

#define EXIT_DONE 0
#define EXIT_FAILED 1
#define EXIT_USAGE 2

typedef struct
{
  const char *name;
  int (*run) (int argc, char *argv[]);
  const char *summary; /* (nullable): NULL for hidden commands */
} AionetCommand;

/* Runs the one of commands (ended by a NULL name) that argv[1] names, and prints the help of all of
 * them for --help. program: what the usage line shows, "aionet" or "aionet lab". variables:
 * (nullable) pairs for the help, an environment variable and what it does. */
int _cmd_dispatch (const AionetCommand *commands,
                   const char          *program,
                   const char *const   *variables,
                   int                  argc,
                   char                *argv[]);

/* One line on standard error, "aionet: ...". */
int _cmd_fail (const char *format, ...) G_GNUC_PRINTF (1, 2);
int _cmd_fail_error (const GError *error);
/* The same, with a hint at --help. */
int _cmd_misuse (const char *program, const char *format, ...) G_GNUC_PRINTF (2, 3);

G_END_DECLS
