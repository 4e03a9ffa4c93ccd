/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#pragma once

#include <aionet.h>

G_BEGIN_DECLS

/* Sources on the thread-default context, named for sysprof and gdb. */

/* A timer that is set again and again without being made anew. due_us: monotonic time. */
GSource *aionet_nice_timer_new (const char *static_name, GSourceFunc func, gpointer user_data);
void     aionet_nice_timer_set (GSource *self, gint64 due_us);

/* Calls func in the context when cancellable is cancelled. NULL: never, and returns NULL */
GSource *aionet_nice_cancel_source_new (GCancellable          *cancellable,
                                        const char            *static_name,
                                        GCancellableSourceFunc func,
                                        gpointer               user_data);

void     aionet_nice_clear_source (GSource **source);

/* When to give up a request, in monotonic time: a little before its deadline, since whoever asked
 * several servers then hears which of them was silent. 0: never */
gint64 aionet_nice_get_end_us (AionetRequest *request);

G_END_DECLS
