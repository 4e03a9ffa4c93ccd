/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#pragma once

#include <aionet.h>

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

/* The links that a backend lists. Returns: (transfer full) */
GListModel *netns_list_links (AionetAddressBackend *backend);
/* Fixture: eth0 with 02:00:00:00:00:0a, MTU 1400 and no address, its other end is far; both up. */
void netns_add_eth0 (gpointer *fixture, gconstpointer data);
void netns_remove_eth0 (gpointer *fixture, gconstpointer data);

/* A GAsyncReadyCallback that keeps the result in the GAsyncResult * that user_data points to. */
void keep_result (GObject *source, GAsyncResult *result, gpointer user_data);
/* Runs the default main context until *pointer is set. */
void wait_for (gpointer pointer);
/* Runs it for a while: several bursts of events long, so that a watch does what it has to. */
void run_for (guint ms);
/* A handler of a signal without arguments. */
void count_emission (gpointer instance, guint *n_emissions);

G_END_DECLS
