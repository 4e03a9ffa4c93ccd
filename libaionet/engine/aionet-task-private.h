/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* Task helper: checks cancellation on return, names the source tag, keeps priority. */
GTask   *_aionet_task_new (gpointer            source_object,
                           GCancellable       *cancellable,
                           gpointer            source_tag,
                           GAsyncReadyCallback callback,
                           gpointer            user_data);
gboolean _aionet_task_is_valid (GAsyncResult *result, gpointer source_object, gpointer source_tag);

/* A timer on a context, named "[aionet] name" for sysprof and gdb. One shot unless the function
 * returns G_SOURCE_CONTINUE. Returns: (transfer full); end it with _aionet_clear_source (). */
GSource *_aionet_timer_new (GMainContext *context,
                            const char   *static_name,
                            guint         delay_ms,
                            GSourceFunc   func,
                            gpointer      user_data);
GSource *_aionet_idle_new (GMainContext *context,
                           const char   *static_name,
                           GSourceFunc   func,
                           gpointer      user_data);
GSource *_aionet_cancel_source_new (GMainContext          *context,
                                    GCancellable          *cancellable,
                                    const char            *static_name,
                                    GCancellableSourceFunc func,
                                    gpointer               user_data);
void     _aionet_clear_source (GSource **source);

G_END_DECLS
