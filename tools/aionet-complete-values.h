/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* What a word can become, printed for a shell. */
typedef struct
{
  const char *prefix;  /* the word so far */
  gsize       skip;    /* how much of it is the name of an option, "--nat=" */
  const char *backend; /* (nullable) to list interfaces with */
  gboolean    wants_files;
  gboolean    wants_commands;
  int         command_at; /* word where another command line begins; 0: none */
} Completion;

/* Prints text if it continues the word. What a shell would take for more than a word is left out.
 */
void _completion_add (const Completion *self, const char *text, const char *about);
/* what: as --help names values, "NIC", "FILE", "tcp|udp". */
void _completion_add_values (Completion *self, const char *what);
/* Prints what the shell is to add. */
void _completion_end (const Completion *self);

G_END_DECLS
