/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#include "config.h"

#include "pipe/aionet-daemon-private.h"

#include "engine/aionet-task-private.h"
#include "value/aionet-error.h"

/* Whether all clients have left is asked again and again, as some are in threads, which would have
 * to be stopped to tell; only as long as a stop is under way. */
#define POLL_MS 10

struct _AionetStopping
{
  GTask   *task;   /* (owned) keeps the daemon */
  GSource *poll;   /* (owned) */
  GSource *cancel; /* (owned) (nullable) */
  gint64   deadline_us;
};

static void
stopping_free (AionetStopping *self)
{
  _aionet_clear_source (&self->poll);
  _aionet_clear_source (&self->cancel);
  g_object_unref (self->task);
  g_free (self);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AionetStopping, stopping_free)

static AionetStopping *
steal_stopping (AionetDaemon *self)
{
  return g_steal_pointer (&_aionet_daemon_get_private (self)->stopping);
}

void
_aionet_daemon_stopped (AionetDaemon *self, guint n_closed)
{
  g_autoptr (AionetStopping) stopping = steal_stopping (self);

  if (stopping != NULL)
    g_task_return_int (stopping->task, n_closed);
}

static void
stop_listening (AionetWorker *worker, gpointer data)
{
  _aionet_worker_stop_listening (worker);
}

static void
check_drained (AionetWorker *worker, gpointer data)
{
  *(gboolean *) data &= _aionet_worker_is_drained (worker);
}

static gboolean
is_drained (AionetDaemon *self)
{
  gboolean drained = TRUE;

  if (aionet_daemon_get_n_clients (self) > 0)
    return FALSE;
  _aionet_daemon_call (self, check_drained, &drained);
  return drained;
}

static gboolean
on_poll (gpointer user_data)
{
  g_autoptr (AionetDaemon) self = g_object_ref (user_data);
  AionetStopping *stopping = _aionet_daemon_get_private (self)->stopping;

  if (!is_drained (self) && g_get_monotonic_time () < stopping->deadline_us)
    return G_SOURCE_CONTINUE;
  aionet_daemon_close (self);
  return G_SOURCE_REMOVE;
}

static gboolean
on_cancelled (GCancellable *cancellable, gpointer user_data)
{
  g_autoptr (AionetStopping) stopping = steal_stopping (user_data);

  g_task_return_error_if_cancelled (stopping->task);
  return G_SOURCE_REMOVE;
}

static void
start (AionetDaemon *self, GTask *task, int timeout_ms)
{
  AionetDaemonPrivate *priv = _aionet_daemon_get_private (self);
  GCancellable        *cancellable = g_task_get_cancellable (task);
  AionetStopping      *stopping = g_new0 (AionetStopping, 1);

  stopping->task = g_object_ref (task);
  stopping->deadline_us =
      timeout_ms < 0 ? G_MAXINT64 : g_get_monotonic_time () + (gint64) timeout_ms * 1000;
  stopping->poll =
      _aionet_timer_new (priv->context, "[aionet] daemon drains", POLL_MS, on_poll, self);
  if (cancellable != NULL)
    stopping->cancel = _aionet_cancel_source_new (priv->context, cancellable,
                                                  "[aionet] stop cancelled", on_cancelled, self);
  priv->stopping = stopping;
  _aionet_daemon_call (self, stop_listening, NULL);
}

/**
 * aionet_daemon_stop_async:
 * @self: a daemon
 * @timeout_ms: how long clients may stay in milliseconds; negative: as long as they like
 * @cancellable: (transfer none) (nullable): a cancellable, or %NULL
 * @callback: (scope async) (nullable): called in the main context of the daemon
 * @user_data: (closure): data for @callback
 *
 * Stops the daemon gracefully: takes no new TCP clients, waits until those there are have left, and
 * everything is sent, and closes what is left when the time is over.
 *
 * UDP is served until then. Whoever cancels gives up waiting: the clients stay, the TCP listeners
 * are gone.
 *
 * Since: 0.1
 */
void
aionet_daemon_stop_async (AionetDaemon       *self,
                          int                 timeout_ms,
                          GCancellable       *cancellable,
                          GAsyncReadyCallback callback,
                          gpointer            user_data)
{
  g_autoptr (GTask) task = NULL;

  g_return_if_fail (AIONET_IS_DAEMON (self));
  g_return_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable));

  task = _aionet_task_new (self, cancellable, aionet_daemon_stop_async, callback, user_data);
  if (g_task_return_error_if_cancelled (task))
    return;
  if (_aionet_daemon_get_private (self)->stopping != NULL)
    g_task_return_new_error (task, AIONET_ERROR, AIONET_ERROR_BUSY,
                             "The daemon is being stopped already");
  else
    start (self, task, timeout_ms);
}

/**
 * aionet_daemon_stop_finish:
 * @self: a daemon
 * @result: (transfer none): the result given to the callback
 * @error: return location for an error
 *
 * Finishes [method@Daemon.stop_async].
 *
 * Errors: %G_IO_ERROR_CANCELLED; %AIONET_ERROR_BUSY while another stop is under way.
 *
 * Returns: how many clients had to be closed, 0 if all left by themselves; -1 with @error set
 *
 * Since: 0.1
 */
int
aionet_daemon_stop_finish (AionetDaemon *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (AIONET_IS_DAEMON (self), -1);
  g_return_val_if_fail (_aionet_task_is_valid (result, self, aionet_daemon_stop_async), -1);

  return (int) g_task_propagate_int (G_TASK (result), error);
}

static void
close_all (AionetWorker *worker, gpointer data)
{
  _aionet_worker_close (worker);
}

/**
 * aionet_daemon_close:
 * @self: a daemon
 *
 * Closes all listeners and clients at once, whatever waits to be sent, and ends the threads of
 * workers; harmless when it is closed.
 *
 * The addresses are free again, and the daemon may listen again. Ends a stop that is under way.
 *
 * Since: 0.1
 */
void
aionet_daemon_close (AionetDaemon *self)
{
  AionetDaemonPrivate *priv;
  g_autoptr (AionetDaemon) alive = NULL;
  guint n_clients;

  g_return_if_fail (AIONET_IS_DAEMON (self));

  alive = g_object_ref (self);
  priv = _aionet_daemon_get_private (self);
  n_clients = aionet_daemon_get_n_clients (self);
  close_all (priv->worker, NULL);
  _aionet_daemon_end_threads (self);
  g_ptr_array_set_size (priv->failures, 0);
  _aionet_daemon_stopped (self, n_clients);
}
