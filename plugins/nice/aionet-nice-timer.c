/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#include "config.h"
#include "aionet-nice-timer.h"

static gboolean
dispatch (GSource *source, GSourceFunc func, gpointer user_data)
{
  g_source_set_ready_time (source, -1);
  return func (user_data);
}

static void
attach (GSource *source, const char *static_name)
{
  g_autoptr (GMainContext) context = g_main_context_ref_thread_default ();

  g_source_set_static_name (source, static_name);
  g_source_attach (source, context);
}

GSource *
aionet_nice_timer_new (const char *static_name, GSourceFunc func, gpointer user_data)
{
  static GSourceFuncs funcs = { .dispatch = dispatch };
  GSource            *self = g_source_new (&funcs, sizeof (GSource));

  g_source_set_callback (self, func, user_data, NULL);
  attach (self, static_name);
  return self;
}

void
aionet_nice_timer_set (GSource *self, gint64 due_us)
{
  g_source_set_ready_time (self, due_us);
}

GSource *
aionet_nice_cancel_source_new (GCancellable          *cancellable,
                               const char            *static_name,
                               GCancellableSourceFunc func,
                               gpointer               user_data)
{
  GSource *self;

  if (cancellable == NULL)
    return NULL;
  self = g_cancellable_source_new (cancellable);
  g_source_set_callback (self, G_SOURCE_FUNC (func), user_data, NULL);
  attach (self, static_name);
  return self;
}

void
aionet_nice_clear_source (GSource **source)
{
  if (*source == NULL)
    return;
  g_source_destroy (*source);
  g_clear_pointer (source, g_source_unref);
}

gint64
aionet_nice_get_end_us (AionetRequest *request)
{
  gint64 deadline_us = aionet_request_get_deadline_us (request);

  return deadline_us > 0 ? deadline_us - G_TIME_SPAN_MILLISECOND : 0;
}
