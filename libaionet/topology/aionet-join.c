/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#include "config.h"

#include "topology/aionet-join-private.h"

#include "engine/aionet-task-private.h"

typedef struct
{
  AionetJoin *join;
  GTask      *task;         /* (owned) */
  GSource    *cancellation; /* (owned) (nullable) */
} Waiter;

struct _AionetJoin
{
  GPtrArray    *waiters; /* (owned) (element-type Waiter) */
  GCancellable *run;     /* (owned) (nullable: nothing runs) */
};

static void
waiter_free (gpointer data)
{
  Waiter *waiter = data;

  _aionet_clear_source (&waiter->cancellation);
  g_object_unref (waiter->task);
  g_free (waiter);
}

static gboolean
on_cancelled (GCancellable *cancellable, gpointer user_data)
{
  Waiter     *waiter = user_data;
  AionetJoin *self = waiter->join;
  g_autoptr (GTask) task = g_object_ref (waiter->task);
  g_autoptr (GCancellable) run = NULL;

  g_ptr_array_remove (self->waiters, waiter);
  if (self->waiters->len == 0)
    run = g_steal_pointer (&self->run);
  if (run != NULL)
    g_cancellable_cancel (run);
  g_task_return_error_if_cancelled (task);
  return G_SOURCE_REMOVE;
}

AionetJoin *
_aionet_join_new (void)
{
  AionetJoin *self = g_new0 (AionetJoin, 1);

  self->waiters = g_ptr_array_new_with_free_func (waiter_free);
  return self;
}

void
_aionet_join_free (AionetJoin *self)
{
  g_ptr_array_unref (self->waiters);
  g_clear_object (&self->run);
  g_free (self);
}

GCancellable *
_aionet_join_add (AionetJoin *self, GTask *task)
{
  Waiter       *waiter = g_new0 (Waiter, 1);
  GCancellable *cancellable = g_task_get_cancellable (task);

  waiter->join = self;
  waiter->task = g_object_ref (task);
  if (cancellable != NULL)
    waiter->cancellation =
        _aionet_cancel_source_new (g_task_get_context (task), cancellable,
                                   "[aionet] shared call cancelled", on_cancelled, waiter);
  g_ptr_array_add (self->waiters, waiter);
  if (self->run != NULL)
    return NULL;
  self->run = g_cancellable_new ();
  return g_object_ref (self->run);
}

gboolean
_aionet_join_is_running (AionetJoin *self)
{
  return self->run != NULL;
}

void
_aionet_join_return (AionetJoin *self, GCancellable *run, const GError *error)
{
  g_autoptr (GPtrArray) waiters = NULL;

  if (self->run != run)
    return;
  g_clear_object (&self->run);
  /* What the callbacks start is a new run. */
  waiters = self->waiters;
  self->waiters = g_ptr_array_new_with_free_func (waiter_free);
  for (guint i = 0; i < waiters->len; i++)
    {
      Waiter *waiter = waiters->pdata[i];

      _aionet_clear_source (&waiter->cancellation);
      if (error != NULL)
        g_task_return_error (waiter->task, g_error_copy (error));
      else
        g_task_return_boolean (waiter->task, TRUE);
    }
}
