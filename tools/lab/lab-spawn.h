/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#pragma once

#include <gio/gio.h>
#include <sys/types.h>

G_BEGIN_DECLS

/* Run `ip -batch` and `nft -f` on lines and wait for it. The error quotes what it wrote. Signals
 * stay blocked meanwhile, so the caller must be bounded by somebody who can kill it. */
gboolean _lab_run_ip (const char *lines, GError **error);
gboolean _lab_run_nft (const char *rules, GError **error);

/* Starts a server that belongs to the lab: session of its own (no signals of the terminal), no
 * standard input or output, standard error shared. */
pid_t _lab_spawn_server (const char *const *argv, GError **error);
/* The same for a command line of the user's: found in PATH, standard output goes to standard error,
 * /sys shows the network it starts in. */
pid_t _lab_spawn_command_line (const char *line, GError **error);

/* To be called in a child before it becomes something else. */
void _lab_reset_signals (void);

G_END_DECLS
