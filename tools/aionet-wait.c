/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#include "config.h"

#include "aionet-wait.h"

#include "aionet-commands.h"

#include <glib-unix.h>
#include <unistd.h>

#define PROGRESS_AFTER_US (300 * 1000)
#define PROGRESS_EVERY_MS 100
#define STATUS_INTERRUPTED 130

struct _AionetWait
{
  const char   *what;        /* (unowned) */
  GCancellable *cancellable; /* (owned) */
  GQueue        results;     /* (element-type GAsyncResult) arrived and not yet taken */
  GAsyncResult *current;     /* (owned) (nullable) */
  gint64        began_us;
  guint         signal_id;
  guint         progress_id;
  gboolean      has_progress;
  gboolean      interrupted;
  gboolean      has_failed; /* the interruption has been told */
};

static gboolean
on_interrupt (gpointer user_data)
{
  AionetWait *self = user_data;

  self->interrupted = TRUE;
  self->signal_id = 0;
  g_cancellable_cancel (self->cancellable);
  /* Removed: a second Ctrl-C ends the process. */
  return G_SOURCE_REMOVE;
}

static gboolean
on_progress (gpointer user_data)
{
  AionetWait *self = user_data;
  gint64      waited_us = g_get_monotonic_time () - self->began_us;

  if (waited_us < PROGRESS_AFTER_US)
    return G_SOURCE_CONTINUE;
  self->has_progress = TRUE;
  g_printerr ("\r%s… %.1f s", self->what, (double) waited_us / G_USEC_PER_SEC);
  return G_SOURCE_CONTINUE;
}

static void
clear_progress (AionetWait *self)
{
  if (self->has_progress)
    g_printerr ("\r\033[K");
  self->has_progress = FALSE;
}

AionetWait *
_wait_new (const char *what)
{
  AionetWait *self = g_new0 (AionetWait, 1);

  self->what = what;
  self->cancellable = g_cancellable_new ();
  g_queue_init (&self->results);
  self->began_us = g_get_monotonic_time ();
  self->signal_id = g_unix_signal_add (SIGINT, on_interrupt, self);
  if (isatty (STDERR_FILENO) && g_strcmp0 (g_getenv ("TERM"), "dumb") != 0)
    self->progress_id = g_timeout_add (PROGRESS_EVERY_MS, on_progress, self);
  return self;
}

void
_wait_free (AionetWait *self)
{
  clear_progress (self);
  g_clear_handle_id (&self->signal_id, g_source_remove);
  g_clear_handle_id (&self->progress_id, g_source_remove);
  g_queue_clear_full (&self->results, g_object_unref);
  g_clear_object (&self->current);
  g_clear_object (&self->cancellable);
  g_free (self);
}

GCancellable *
_wait_get_cancellable (AionetWait *self)
{
  return self->cancellable;
}

void
_wait_ready (GObject *source, GAsyncResult *result, gpointer user_data)
{
  AionetWait *self = user_data;

  g_queue_push_tail (&self->results, g_object_ref (result));
}

GAsyncResult *
_wait_run (AionetWait *self)
{
  g_clear_object (&self->current);
  while (g_queue_is_empty (&self->results))
    g_main_context_iteration (NULL, TRUE);
  clear_progress (self);
  self->current = g_queue_pop_head (&self->results);
  return self->current;
}

int
_wait_fail (AionetWait *self, const GError *error)
{
  clear_progress (self);
  if (self->interrupted)
    {
      if (!self->has_failed)
        _cmd_fail ("interrupted");
      self->has_failed = TRUE;
      return STATUS_INTERRUPTED;
    }
  return _cmd_fail_error (error);
}
