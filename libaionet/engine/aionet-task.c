/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#include "config.h"

#include "engine/aionet-task-private.h"

/* Tasks and sources as the whole library makes them. Sources are always named and always attached
 * to a context somebody captured; nobody here ever asks for the global one. */

typedef struct
{
  GObject      *object;  /* (owned) the reference that keeps it alive until its context is free */
  GMainContext *context; /* (owned) */
} Farewell;

static void
farewell_free (Farewell *self)
{
  g_object_unref (self->object);
  g_main_context_unref (self->context);
  g_free (self);
}

static gboolean
on_farewell (gpointer user_data)
{
  Farewell *self = user_data;

  /* The foreign thread may still be on its way out of g_object_unref (): then its reference is the
   * last one after all, and nobody disposes again before the object is finalized. */
  g_object_run_dispose (self->object);
  return G_SOURCE_REMOVE;
}

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

gboolean
_aionet_dispose_elsewhere (GObject *object, GMainContext *context)
{
  g_autoptr (GSource) source = NULL;
  Farewell *farewell;

  if (g_main_context_acquire (context))
    {
      g_main_context_release (context);
      return FALSE;
    }
  farewell = g_new0 (Farewell, 1);
  farewell->object = g_object_ref (object);
  farewell->context = g_main_context_ref (context);
  source = g_idle_source_new ();
  g_source_set_static_name (source, "[aionet] dispose");
  g_source_set_priority (source, G_PRIORITY_DEFAULT);
  g_source_set_callback (source, on_farewell, farewell, (GDestroyNotify) farewell_free);
  g_source_attach (source, context);
  return TRUE;
}
