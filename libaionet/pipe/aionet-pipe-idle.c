/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#include "config.h"

#include "pipe/aionet-pipe-options-private.h"

#include "engine/aionet-task-private.h"

/* The timer compares what the pipe counts anyway, so that a message costs nothing more. */

#define CHECKS 4

static guint64
get_progress (AionetPipe *self)
{
  /* What leaves the queue is a sign of life of the peer, too; each number alone may stay. */
  return self->n_received * 3 + self->bytes_received * 5 + self->n_sent * 7 +
         self->bytes_sent * 11 - _aionet_pipe_get_n_unsent_bytes (self);
}

static gboolean
on_check (gpointer user_data)
{
  g_autoptr (AionetPipe) self = g_object_ref (user_data);
  AionetPipeOptions *options = self->options;
  guint64            progress = get_progress (self);
  g_autoptr (GError) error = NULL;

  options->idle_checks = progress == options->idle_progress ? options->idle_checks + 1 : 0;
  options->idle_progress = progress;
  if (options->idle_checks < CHECKS)
    return G_SOURCE_CONTINUE;
  error = g_error_new (G_IO_ERROR, G_IO_ERROR_TIMED_OUT, "Nothing was sent or received for %d ms",
                       options->values[AIONET_OPTION_IDLE_TIMEOUT_MS]);
  _aionet_pipe_end (self, error, TRUE);
  return G_SOURCE_REMOVE;
}

void
_aionet_pipe_update_idle (AionetPipe *self)
{
  int timeout_ms = _aionet_pipe_get_option (self, AIONET_OPTION_IDLE_TIMEOUT_MS);

  if (self->options == NULL)
    return;
  _aionet_clear_source (&self->options->idle_timer);
  if (timeout_ms == 0 || self->state != AIONET_PIPE_OPEN || self->is_listener)
    return;
  self->options->idle_checks = 0;
  self->options->idle_progress = get_progress (self);
  self->options->idle_timer =
      _aionet_timer_new (self->context, "[aionet] idle timeout",
                         ((guint) timeout_ms + CHECKS - 1) / CHECKS, on_check, self);
}
