/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* Moves this process, which must have one thread only, into new user and network namespaces. FALSE
 * with the reason when the system does not let it. */
gboolean netns_enter (char **reason);

/* Runs a command (no shell); it must succeed. */
void netns_run (const char *format, ...) G_GNUC_PRINTF (1, 2);
/* Whether a command succeeds, for what not every kernel has. */
gboolean netns_try (const char *format, ...) G_GNUC_PRINTF (1, 2);
/* Runs `ip -batch` on the lines. */
void netns_run_batch (const char *lines);

/* A GAsyncReadyCallback that keeps the result in the GAsyncResult * that user_data points to. */
void keep_result (GObject *source, GAsyncResult *result, gpointer user_data);
/* Runs the default main context until *pointer is set. */
void wait_for (gpointer pointer);

G_END_DECLS
