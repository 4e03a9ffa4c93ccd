/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#pragma once

#include "aionet-commands.h"

G_BEGIN_DECLS

/* The command line of one command: its parameters, options and examples. Parsing, --help and the
 * completion of shells all go by this one description. */

typedef struct
{
  const char *title;
  GArray     *entries; /* (owned) (element-type GOptionEntry) */
  const char *option;  /* (nullable) "help-lab": what alone shows this section */
  const char *about;   /* (nullable) what that option says of itself */
  gboolean    is_asked;
} LineSection;

typedef struct
{
  const char        *program;    /* "aionet show" */
  const char        *parameters; /* (nullable) "[NIC…]": what comes besides options */
  const char        *summary;
  const char        *notes;       /* (nullable) paragraphs for --help */
  const char *const *examples;    /* (nullable) pairs: a line for a shell, and what it does */
  const char        *exit_status; /* (nullable) instead of the usual one */
  gboolean           is_strict;   /* what follows the first parameter belongs to another program */
  GPtrArray         *sections;    /* (owned) (element-type LineSection) */
  gboolean           help;
  char              *colour; /* (owned) (nullable) */
} CommandLine;

/* All texts are kept as they are: they live longer. */
CommandLine *_line_new (const char *program, const char *parameters, const char *summary);
void         _line_free (CommandLine *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CommandLine, _line_free)

/* entries: ended by a NULL name. Those that take a value say in arg_description which one, and
 * completion goes by that. */
void _line_add (CommandLine *self, const char *title, const GOptionEntry *entries);
/* The same for few people: shown by option only, which is added. */
void _line_add_hidden (CommandLine        *self,
                       const char         *title,
                       const GOptionEntry *entries,
                       const char         *option,
                       const char         *about);

/* Takes the options out of argv. FALSE with *status when there is nothing more to do: help was
 * asked for, or something is wrong and the user has been told. */
gboolean _line_parse (CommandLine *self, int *argc, char ***argv, int *status);

/* Looks at commands instead of running them. argv: from the name of the command on. */
typedef struct
{
  void (*see_commands) (const AionetCommand *commands, int argc, char *argv[]);
  void (*see_line) (const CommandLine *line, int argc, char *argv[]);
} LineObserver;

/* observer: (nullable) for the rest of the process */
void                _line_set_observer (const LineObserver *observer);
const LineObserver *_line_get_observer (void);

G_END_DECLS
