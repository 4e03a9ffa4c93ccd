/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#pragma once

#include <gio/gio.h>
#include <sys/types.h>

G_BEGIN_DECLS

/* Runs a helper of the system ("ip", "nft") with input on its standard input and waits for it.
 * package: where Debian has it. The error quotes what the helper wrote. Signals stay blocked while
 * it runs, so the caller must be bounded by somebody who can kill it. */
gboolean
_lab_run_helper (const char *const *argv, const char *package, const char *input, GError **error);

/* Starts a server that belongs to the lab: session of its own (no signals of the terminal), no
 * standard input or output, standard error shared. */
pid_t _lab_spawn_server (const char *const *argv, GError **error);
/* The same for a command of the user's: found in PATH, standard output goes to standard error. */
pid_t _lab_spawn_command (const char *const *argv, GError **error);

/* To be called in a child before it becomes something else. */
void _lab_reset_signals (void);

G_END_DECLS
