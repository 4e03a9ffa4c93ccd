/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* Waits for the answers to asynchronous calls: Ctrl-C cancels them, and a terminal is told after a
 * while what takes so long. */
typedef struct _AionetWait AionetWait;

AionetWait                *_wait_new (const char *what);
void                       _wait_free (AionetWait *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AionetWait, _wait_free)

GCancellable *_wait_get_cancellable (AionetWait *self);
/* The GAsyncReadyCallback of the calls; user_data is the wait. */
void _wait_ready (GObject *source, GAsyncResult *result, gpointer user_data);
/* Until the next result, in the order they arrive. (transfer none) until the next call */
GAsyncResult *_wait_run (AionetWait *self);
/* The status to exit with for error; tells the user. */
int _wait_fail (AionetWait *self, const GError *error);

G_END_DECLS
