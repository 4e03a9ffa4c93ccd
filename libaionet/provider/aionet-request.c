/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#include "config.h"

#include "provider/aionet-request.h"
#include "provider/aionet-request-private.h"

#include "engine/aionet-task-private.h"
#include "provider/aionet-provider-private.h"
#include "value/aionet-error.h"

/* Who holds whom. The provider holds the request for as long as it means to answer; the request
 * holds its Run; so do the sources for deadline and cancellation. The Run holds the task, and
 * through it the caller's callback, but not the request: when the provider lets go of the last
 * reference, that can be seen. Whoever comes first takes the task out of the Run (lock), which ends
 * the request, and hands it with the result to the context of the caller. From there on no other
 * thread has a reference to the task or to the provider, so that neither can be finalized there. */
typedef struct
{
  gatomicrefcount ref_count;
  GMutex          lock;
  GTask          *task;               /* (owned) (nullable) (mutex lock): NULL once ended */
  GSource        *deadline;           /* (owned) (nullable) (mutex lock) */
  GSource        *cancellation;       /* (owned) (nullable) (mutex lock) */
  guint           n_late_answers;     /* (mutex lock) */
  char           *provider_name;      /* (owned) */
  int            *n_late_of_provider; /* (owned) (atomic): the provider's own count */
  GCancellable   *cancellable;        /* (owned): the request's own, tells the provider to stop */
  guint           timeout_ms;
} Run;

/* A result on its way. */
typedef struct
{
  GTask   *task;   /* (owned) */
  GObject *result; /* (owned) (nullable) */
  GError  *error;  /* (owned) (nullable) */
} Delivery;

/**
 * AionetRequest:
 *
 * A question to a [class@Provider].
 *
 * The `begin` function of a provider gets a request, and answers it once, then or later: with
 * [method@Request.complete] or [method@Request.fail]. Until then it keeps a reference; a provider
 * that drops its last reference without an answer has failed with
 * `AIONET_ERROR_PROVIDER_DROPPED`. A request ends too when its deadline passes or its caller
 * cancels it, whichever is first. What comes later is counted and ignored.
 *
 * Requests may be answered, and released, from any thread. The answer reaches the caller in the
 * main context that was thread-default when it asked, never before its call returned.
 *
 * Since: 0.1
 */
typedef struct
{
  Run          *run;         /* (owned) (nullable): NULL before it was handed to a provider */
  GCancellable *cancellable; /* (owned) */
  gint64        deadline_us;
} AionetRequestPrivate;

G_DEFINE_ABSTRACT_TYPE_WITH_PRIVATE (AionetRequest, aionet_request, G_TYPE_OBJECT)

static Run *
run_ref (Run *run)
{
  g_atomic_ref_count_inc (&run->ref_count);
  return run;
}

static void
run_unref (Run *run)
{
  if (!g_atomic_ref_count_dec (&run->ref_count))
    return;
  g_assert (run->task == NULL);
  g_mutex_clear (&run->lock);
  g_atomic_rc_box_release (run->n_late_of_provider);
  g_free (run->provider_name);
  g_clear_object (&run->cancellable);
  g_free (run);
}

static void
destroy_source (GSource *source)
{
  if (source == NULL)
    return;
  g_source_destroy (source);
  g_source_unref (source);
}

static void
delivery_free (Delivery *self)
{
  g_clear_object (&self->task);
  g_clear_object (&self->result);
  g_clear_error (&self->error);
  g_free (self);
}

static gboolean
on_delivery (gpointer user_data)
{
  Delivery *self = user_data;

  if (self->error != NULL)
    g_task_return_error (self->task, g_steal_pointer (&self->error));
  else
    g_task_return_pointer (self->task, g_steal_pointer (&self->result), g_object_unref);
  return G_SOURCE_REMOVE;
}

static void
deliver (Delivery *delivery)
{
  g_autoptr (GMainContext) context = g_main_context_ref (g_task_get_context (delivery->task));
  g_autoptr (GSource) source = g_idle_source_new ();

  g_source_set_static_name (source, "[aionet] request result");
  g_source_set_priority (source, g_task_get_priority (delivery->task));
  g_source_set_callback (source, on_delivery, delivery, (GDestroyNotify) delivery_free);
  g_source_attach (source, context);
}

/* result, error: (transfer full) (nullable). Returns: whether nobody was first */
static gboolean
run_end (Run *run, GObject *result, GError *error)
{
  Delivery *delivery = g_new0 (Delivery, 1);
  GSource  *deadline, *cancellation;

  delivery->result = result;
  delivery->error = error;
  g_mutex_lock (&run->lock);
  delivery->task = g_steal_pointer (&run->task);
  deadline = g_steal_pointer (&run->deadline);
  cancellation = g_steal_pointer (&run->cancellation);
  g_mutex_unlock (&run->lock);

  destroy_source (deadline);
  destroy_source (cancellation);
  if (delivery->task == NULL)
    {
      delivery_free (delivery);
      return FALSE;
    }
  deliver (delivery);
  return TRUE;
}

static gboolean
run_is_done (Run *run)
{
  gboolean done;

  g_mutex_lock (&run->lock);
  done = run->task == NULL;
  g_mutex_unlock (&run->lock);
  return done;
}

static void
run_count_late_answer (Run *run)
{
  guint n;

  g_mutex_lock (&run->lock);
  n = ++run->n_late_answers;
  g_mutex_unlock (&run->lock);
  g_atomic_int_inc (run->n_late_of_provider);
  g_debug ("Provider “%s” answered a request that had ended (answer too many: %u)",
           run->provider_name, n);
}

static gboolean
on_deadline (gpointer user_data)
{
  Run    *run = user_data;
  GError *error;

  error =
      g_error_new (G_IO_ERROR, G_IO_ERROR_TIMED_OUT, "Provider “%s” did not answer within %u ms",
                   run->provider_name, run->timeout_ms);
  if (run_end (run, NULL, error))
    g_cancellable_cancel (run->cancellable);
  return G_SOURCE_REMOVE;
}

static gboolean
on_cancelled (GCancellable *callers, gpointer user_data)
{
  g_autoptr (GError) error = NULL;
  Run *run = user_data;

  if (!g_cancellable_set_error_if_cancelled (callers, &error))
    return G_SOURCE_CONTINUE;
  if (run_end (run, NULL, g_steal_pointer (&error)))
    g_cancellable_cancel (run->cancellable);
  return G_SOURCE_REMOVE;
}

static GSource *
attach (Run *run, GSource *source, const char *static_name, GSourceFunc func)
{
  g_source_set_static_name (source, static_name);
  g_source_set_callback (source, func, run_ref (run), (GDestroyNotify) run_unref);
  g_source_attach (source, g_task_get_context (run->task));
  return source;
}

static Run *
run_new (GTask *task, AionetProvider *provider, GCancellable *own, guint timeout_ms)
{
  Run *run = g_new0 (Run, 1);

  g_atomic_ref_count_init (&run->ref_count);
  g_mutex_init (&run->lock);
  run->task = g_object_ref (task);
  run->n_late_of_provider = _aionet_provider_dup_late_counter (provider);
  run->provider_name = g_strdup (aionet_provider_get_name (provider));
  run->cancellable = g_object_ref (own);
  run->timeout_ms = timeout_ms;
  return run;
}

/* Locked, since another thread may run the context already. */
static void
run_watch (Run *run, GCancellable *cancellable)
{
  g_mutex_lock (&run->lock);
  if (run->timeout_ms > 0)
    run->deadline = attach (run, g_timeout_source_new (run->timeout_ms),
                            "[aionet] request deadline", on_deadline);
  if (cancellable != NULL)
    run->cancellation = attach (run, g_cancellable_source_new (cancellable),
                                "[aionet] request cancellation", G_SOURCE_FUNC (on_cancelled));
  g_mutex_unlock (&run->lock);
}

static void
aionet_request_dispose (GObject *object)
{
  AionetRequestPrivate *priv = aionet_request_get_instance_private (AIONET_REQUEST (object));

  if (priv->run != NULL && !run_is_done (priv->run))
    run_end (priv->run, NULL,
             g_error_new (AIONET_ERROR, AIONET_ERROR_PROVIDER_DROPPED,
                          "Provider “%s” let go of a request without answering it",
                          priv->run->provider_name));

  G_OBJECT_CLASS (aionet_request_parent_class)->dispose (object);
}

static void
aionet_request_finalize (GObject *object)
{
  AionetRequestPrivate *priv = aionet_request_get_instance_private (AIONET_REQUEST (object));

  g_clear_pointer (&priv->run, run_unref);
  g_clear_object (&priv->cancellable);

  G_OBJECT_CLASS (aionet_request_parent_class)->finalize (object);
}

static void
aionet_request_class_init (AionetRequestClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = aionet_request_dispose;
  object_class->finalize = aionet_request_finalize;
}

static void
aionet_request_init (AionetRequest *self)
{
  AionetRequestPrivate *priv = aionet_request_get_instance_private (self);

  priv->cancellable = g_cancellable_new ();
}

void
_aionet_request_run_async (AionetRequest      *self,
                           AionetProvider     *provider,
                           AionetRequestBegin  begin,
                           guint               timeout_ms,
                           GCancellable       *cancellable,
                           GAsyncReadyCallback callback,
                           gpointer            user_data)
{
  AionetRequestPrivate *priv = aionet_request_get_instance_private (self);
  g_autoptr (GTask) task = NULL;

  g_return_if_fail (AIONET_IS_REQUEST (self));
  g_return_if_fail (AIONET_IS_PROVIDER (provider));
  g_return_if_fail (priv->run == NULL);

  task = _aionet_task_new (provider, cancellable, _aionet_request_run_async, callback, user_data);
  priv->run = run_new (task, provider, priv->cancellable, timeout_ms);
  if (timeout_ms > 0)
    priv->deadline_us = g_get_monotonic_time () + (gint64) timeout_ms * 1000;

  /* A provider is not bothered with what nobody wants any more. */
  if (g_cancellable_is_cancelled (cancellable))
    {
      run_end (priv->run, NULL,
               g_error_new_literal (G_IO_ERROR, G_IO_ERROR_CANCELLED, "Operation was cancelled"));
      return;
    }
  run_watch (priv->run, cancellable);
  begin (provider, self);
}

GObject *
_aionet_request_run_finish (AionetProvider *provider, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (_aionet_task_is_valid (result, provider, _aionet_request_run_async), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

guint
_aionet_request_get_n_late_answers (AionetRequest *self)
{
  AionetRequestPrivate *priv = aionet_request_get_instance_private (self);
  guint                 n;

  if (priv->run == NULL)
    return 0;
  g_mutex_lock (&priv->run->lock);
  n = priv->run->n_late_answers;
  g_mutex_unlock (&priv->run->lock);
  return n;
}

void
_aionet_request_fail_unimplemented (AionetRequest *self)
{
  AionetRequestPrivate *priv = aionet_request_get_instance_private (self);

  run_end (priv->run, NULL,
           g_error_new (AIONET_ERROR, AIONET_ERROR_PROVIDER_MISBEHAVED,
                        "Provider “%s” does not implement begin()", priv->run->provider_name));
}

/* The words of the check, with the name of who is to blame. */
static GError *
blame (Run *run, const GError *reason)
{
  return g_error_new (AIONET_ERROR, AIONET_ERROR_PROVIDER_MISBEHAVED,
                      "Provider “%s” misbehaved: %s", run->provider_name,
                      reason != NULL ? reason->message : "its answer was refused");
}

/**
 * aionet_request_complete:
 * @self: a request
 * @result: (nullable): the answer; its type depends on the kind of the provider
 *
 * Answers the request. An answer that is not what the kind of the provider promises ends the
 * request with `AIONET_ERROR_PROVIDER_MISBEHAVED`; so does %NULL.
 *
 * May be called from any thread.
 *
 * Returns: %TRUE if @result is the answer now; %FALSE if it was refused, or if the request had
 *   ended before
 *
 * Since: 0.1
 */
gboolean
aionet_request_complete (AionetRequest *self, GObject *result)
{
  AionetRequestPrivate *priv = aionet_request_get_instance_private (self);
  g_autoptr (GObject) checked = NULL;
  g_autoptr (GError) error = NULL;
  gboolean accepted;

  g_return_val_if_fail (AIONET_IS_REQUEST (self), FALSE);
  g_return_val_if_fail (result == NULL || G_IS_OBJECT (result), FALSE);
  g_return_val_if_fail (priv->run != NULL, FALSE);

  if (run_is_done (priv->run))
    {
      run_count_late_answer (priv->run);
      return FALSE;
    }
  if (result != NULL)
    checked = AIONET_REQUEST_GET_CLASS (self)->check_result (self, result, &error);
  else
    error = g_error_new_literal (AIONET_ERROR, AIONET_ERROR_PROVIDER_MISBEHAVED,
                                 "it answered with nothing");
  accepted = checked != NULL;
  if (run_end (priv->run, g_steal_pointer (&checked), accepted ? NULL : blame (priv->run, error)))
    return accepted;
  run_count_late_answer (priv->run);
  return FALSE;
}

/**
 * aionet_request_fail:
 * @self: a request
 * @error: what went wrong
 *
 * Answers the request with an error. The caller gets it as it is.
 *
 * May be called from any thread.
 *
 * Returns: %TRUE if @error is the answer now; %FALSE if the request had ended before
 *
 * Since: 0.1
 */
gboolean
aionet_request_fail (AionetRequest *self, const GError *error)
{
  AionetRequestPrivate *priv = aionet_request_get_instance_private (self);

  g_return_val_if_fail (AIONET_IS_REQUEST (self), FALSE);
  g_return_val_if_fail (error != NULL, FALSE);
  g_return_val_if_fail (priv->run != NULL, FALSE);

  if (run_end (priv->run, NULL, g_error_copy (error)))
    return TRUE;
  run_count_late_answer (priv->run);
  return FALSE;
}

/**
 * aionet_request_is_done:
 * @self: a request
 *
 * Tells whether the request has ended: answered, timed out or cancelled.
 *
 * May be called from any thread.
 *
 * Returns: %TRUE if an answer would come too late
 *
 * Since: 0.1
 */
gboolean
aionet_request_is_done (AionetRequest *self)
{
  AionetRequestPrivate *priv = aionet_request_get_instance_private (self);

  g_return_val_if_fail (AIONET_IS_REQUEST (self), TRUE);

  return priv->run != NULL && run_is_done (priv->run);
}

/**
 * aionet_request_get_cancellable:
 * @self: a request
 *
 * Gets a cancellable for the provider's own operations: it is cancelled when the request ends
 * without the provider's answer, because its caller cancelled it or its deadline passed. That
 * happens in the main context of the caller.
 *
 * Returns: (transfer none): the cancellable
 *
 * Since: 0.1
 */
GCancellable *
aionet_request_get_cancellable (AionetRequest *self)
{
  AionetRequestPrivate *priv = aionet_request_get_instance_private (self);

  g_return_val_if_fail (AIONET_IS_REQUEST (self), NULL);

  return priv->cancellable;
}

/**
 * aionet_request_get_deadline_us:
 * @self: a request
 *
 * Gets the time at which the request ends without an answer.
 *
 * Returns: the time in microseconds as [func@GLib.get_monotonic_time] counts it; 0 for none
 *
 * Since: 0.1
 */
gint64
aionet_request_get_deadline_us (AionetRequest *self)
{
  AionetRequestPrivate *priv = aionet_request_get_instance_private (self);

  g_return_val_if_fail (AIONET_IS_REQUEST (self), 0);

  return priv->deadline_us;
}
