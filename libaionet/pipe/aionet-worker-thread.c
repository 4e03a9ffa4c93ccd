/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#include "config.h"

#include "pipe/aionet-worker-thread-private.h"

#include <pthread.h>

#include "engine/aionet-task-private.h"

#define MAX_LAST_TURNS 1000

struct _AionetWorkerThread
{
  GThread                 *thread;  /* (owned) */
  GMainContext            *context; /* (owned) */
  AionetClientLimits      *limits;  /* (not owned) */
  const AionetWorkerFuncs *funcs;
  gpointer                 user_data;

  /* Not GMutex: ThreadSanitizer knows only the locks of pthread. One call at a time. */
  pthread_mutex_t  lock;
  pthread_cond_t   cond;
  AionetWorkerCall call; /* (nullable) (mutex lock) NULL once it is done */
  gpointer         data; /* (mutex lock) */

  /* The thread's alone. */
  AionetWorker *worker; /* (owned) */
  gboolean      quit;
};

static gpointer
run (gpointer data)
{
  AionetWorkerThread *self = data;

  g_main_context_push_thread_default (self->context);
  self->worker = _aionet_worker_new (self->context, self->limits, self->funcs, self->user_data);
  while (!self->quit)
    g_main_context_iteration (self->context, TRUE);
  _aionet_worker_free (self->worker);
  /* Whoever waited for a pipe hears that it is closed; what goes on for ever is not waited for. */
  for (guint i = 0; i < MAX_LAST_TURNS && g_main_context_iteration (self->context, FALSE); i++)
    ;
  g_main_context_pop_thread_default (self->context);
  return NULL;
}

AionetWorkerThread *
_aionet_worker_thread_new (AionetClientLimits      *limits,
                           const AionetWorkerFuncs *funcs,
                           gpointer                 user_data)
{
  AionetWorkerThread *self = g_new0 (AionetWorkerThread, 1);

  self->limits = limits;
  self->funcs = funcs;
  self->user_data = user_data;
  self->context = g_main_context_new ();
  pthread_mutex_init (&self->lock, NULL);
  pthread_cond_init (&self->cond, NULL);
  self->thread = g_thread_new ("aionet-worker", run, self);
  return self;
}

static gboolean
on_call (gpointer user_data)
{
  AionetWorkerThread *self = user_data;

  pthread_mutex_lock (&self->lock);
  self->call (self->worker, self->data);
  self->call = NULL;
  pthread_cond_signal (&self->cond);
  pthread_mutex_unlock (&self->lock);
  return G_SOURCE_REMOVE;
}

void
_aionet_worker_thread_call (AionetWorkerThread *self, AionetWorkerCall call, gpointer data)
{
  g_autoptr (GSource) source = NULL;

  pthread_mutex_lock (&self->lock);
  self->call = call;
  self->data = data;
  source = _aionet_idle_new (self->context, "[aionet] worker call", on_call, self);
  while (self->call != NULL)
    pthread_cond_wait (&self->cond, &self->lock);
  pthread_mutex_unlock (&self->lock);
}

gboolean
_aionet_worker_thread_is_current (AionetWorkerThread *self)
{
  return self->thread == g_thread_self ();
}

static void
quit (AionetWorker *worker, gpointer data)
{
  ((AionetWorkerThread *) data)->quit = TRUE;
}

void
_aionet_worker_thread_free (AionetWorkerThread *self)
{
  _aionet_worker_thread_call (self, quit, self);
  g_thread_join (self->thread);
  pthread_cond_destroy (&self->cond);
  pthread_mutex_destroy (&self->lock);
  g_main_context_unref (self->context);
  g_free (self);
}
