/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#pragma once

#include "aionet-command-line.h"

G_BEGIN_DECLS

/* What --help says, as wide as the terminal. */

/* section: (nullable) only this one of line, however hidden */
void _help_print_line (const CommandLine *line, const LineSection *section);
/* variables: (nullable) pairs: an environment variable, and what it does */
void _help_print_commands (const AionetCommand *commands,
                           const char          *program,
                           const char *const   *variables);

G_END_DECLS
