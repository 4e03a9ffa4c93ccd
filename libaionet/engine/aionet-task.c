/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#include "config.h"

#include "engine/aionet-task-private.h"

/* Tasks and sources as the whole library makes them. Sources are always named and always attached
 * to a context somebody captured; nobody here ever asks for the global one. */

static GSource *
attach (GSource      *source,
        GMainContext *context,
        const char   *static_name,
        GSourceFunc   func,
        gpointer      data)
{
  g_source_set_static_name (source, static_name);
  g_source_set_callback (source, func, data, NULL);
  g_source_attach (source, context);
  return source;
}

GTask *
_aionet_task_new (gpointer            source_object,
                  GCancellable       *cancellable,
                  gpointer            source_tag,
                  GAsyncReadyCallback callback,
                  gpointer            user_data)
{
  GTask *task = g_task_new (source_object, cancellable, callback, user_data);

  g_task_set_source_tag (task, source_tag);
  g_task_set_check_cancellable (task, TRUE);
  return task;
}

gboolean
_aionet_task_is_valid (GAsyncResult *result, gpointer source_object, gpointer source_tag)
{
  return g_task_is_valid (result, source_object) &&
         g_task_get_source_tag (G_TASK (result)) == source_tag;
}

GSource *
_aionet_timer_new (GMainContext *context,
                   const char   *static_name,
                   guint         delay_ms,
                   GSourceFunc   func,
                   gpointer      user_data)
{
  return attach (g_timeout_source_new (delay_ms), context, static_name, func, user_data);
}

GSource *
_aionet_idle_new (GMainContext *context,
                  const char   *static_name,
                  GSourceFunc   func,
                  gpointer      user_data)
{
  GSource *source = g_idle_source_new ();

  /* "As soon as the stack is unwound", not "when nothing else is to be done". */
  g_source_set_priority (source, G_PRIORITY_DEFAULT);
  return attach (source, context, static_name, func, user_data);
}

GSource *
_aionet_cancel_source_new (GMainContext          *context,
                           GCancellable          *cancellable,
                           const char            *static_name,
                           GCancellableSourceFunc func,
                           gpointer               user_data)
{
  return attach (g_cancellable_source_new (cancellable), context, static_name, G_SOURCE_FUNC (func),
                 user_data);
}

void
_aionet_clear_source (GSource **source)
{
  GSource *old = g_steal_pointer (source);

  if (old == NULL)
    return;
  g_source_destroy (old);
  g_source_unref (old);
}
