/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#include "config.h"

#include "topology/aionet-loader-private.h"

#include "engine/aionet-task-private.h"
#include "topology/aionet-probe-run-private.h"

typedef struct
{
  GTask             *task;                     /* (owned) (nullable: returned) */
  AionetLoadContext *context;                  /* (owned) */
  AionetProbePlan   *plans[AIONET_N_FAMILIES]; /* (owned) */
  GPtrArray         *runs; /* (owned) (element-type AionetProbeRun) those of the first plan, then
                              those of the second, in the plans' order */
  guint       n_pending;
  const char *skipped;      /* (nullable) why nothing is probed */
  GSource    *deadline;     /* (owned) (nullable) */
  GSource    *cancellation; /* (owned) (nullable) */
} Loader;

void
_aionet_load_result_free (AionetLoadResult *self)
{
  for (int i = 0; i < AIONET_N_FAMILIES; i++)
    g_clear_pointer (&self->sets[i], _aionet_route_set_free);
  g_free (self);
}

static void
loader_free (Loader *self)
{
  _aionet_clear_source (&self->deadline);
  _aionet_clear_source (&self->cancellation);
  /* Backwards: those that wait for their turn go first, so that none gets one now. */
  while (self->runs->len > 0)
    g_ptr_array_remove_index (self->runs, self->runs->len - 1);
  g_ptr_array_unref (self->runs);
  for (int i = 0; i < AIONET_N_FAMILIES; i++)
    g_clear_pointer (&self->plans[i], _aionet_probe_plan_free);
  _aionet_load_context_unref (self->context);
  g_free (self);
}

static AionetRouteSet *
build_set (Loader *self, int position, guint *next_run, gboolean *is_disputed)
{
  AionetProbePlan *plan = self->plans[position];
  g_autoptr (GPtrArray) results =
      g_ptr_array_new_with_free_func ((GDestroyNotify) _aionet_probe_result_free);

  for (guint i = 0; i < plan->probes->len; i++)
    {
      AionetProbeResult *result = NULL;

      if (self->skipped == NULL)
        {
          AionetProbeRun *run = self->runs->pdata[(*next_run)++];

          result = _aionet_probe_run_steal_result (run);
          *is_disputed = *is_disputed || _aionet_probe_run_is_disputed (run);
        }
      else
        {
          result = g_new0 (AionetProbeResult, 1);
          result->reason = g_strdup (self->skipped);
        }
      g_ptr_array_add (results, result);
    }
  return _aionet_route_set_build (plan, results);
}

static void
finish (Loader *self)
{
  g_autoptr (GTask) task = g_steal_pointer (&self->task);
  AionetLoadResult *result = g_new0 (AionetLoadResult, 1);
  guint             next_run = 0;

  _aionet_clear_source (&self->deadline);
  _aionet_clear_source (&self->cancellation);
  for (int i = 0; i < AIONET_N_FAMILIES; i++)
    result->sets[i] = build_set (self, i, &next_run, &result->is_disputed);
  g_task_return_pointer (task, result, (GDestroyNotify) _aionet_load_result_free);
}

static void
on_run (AionetProbeRun *run, gpointer user_data)
{
  Loader *self = user_data;

  self->n_pending--;
  if (self->n_pending == 0 && self->task != NULL)
    finish (self);
}

static gboolean
on_deadline (gpointer user_data)
{
  Loader *self = user_data;
  g_autoptr (GTask) task = g_object_ref (self->task);

  _aionet_clear_source (&self->deadline);
  /* Backwards, as in loader_free (). */
  for (guint i = self->runs->len; i > 0; i--)
    _aionet_probe_run_expire (self->runs->pdata[i - 1]);
  return G_SOURCE_REMOVE;
}

static gboolean
on_cancelled (GCancellable *cancellable, gpointer user_data)
{
  Loader *self = user_data;
  g_autoptr (GTask) task = g_steal_pointer (&self->task);

  _aionet_clear_source (&self->deadline);
  _aionet_clear_source (&self->cancellation);
  g_task_return_error_if_cancelled (task);
  return G_SOURCE_REMOVE;
}

AionetLocal *
_aionet_loader_make_local (AionetLoadContext *context, AionetLink *link, const AionetProbe *probe)
{
  AionetLocal *local = _aionet_local_new (probe->source, probe->family, 0);

  local->interface_name = g_strdup (aionet_link_get_name (link));
  local->pin = link != _aionet_links_get_default (context->links, probe->family);
  local->free_bind = probe->free_bind;
  if (probe->scope_name != NULL)
    local->scope_id = aionet_link_get_index (link);
  return local;
}

static void
add_runs (Loader *self, AionetLink *link, int position)
{
  for (guint i = 0; i < self->plans[position]->probes->len; i++)
    {
      g_autoptr (AionetLocal) local =
          _aionet_loader_make_local (self->context, link, self->plans[position]->probes->pdata[i]);

      g_ptr_array_add (self->runs, _aionet_probe_run_new (self->context, local, on_run, self));
    }
}

const char *
_aionet_loader_get_reason_to_skip (AionetLink *link)
{
  if (!aionet_link_get_is_up (link))
    return "the interface is down";
  if (aionet_link_get_kind (link) == AIONET_LINK_KIND_LOOPBACK)
    return "loopback has no external address";
  return NULL;
}

static void
start (Loader *self)
{
  GCancellable *cancellable = g_task_get_cancellable (self->task);

  self->deadline =
      _aionet_timer_new (self->context->main_context, "[aionet] load deadline",
                         _aionet_load_context_get_time_left (self->context), on_deadline, self);
  if (cancellable != NULL)
    self->cancellation = _aionet_cancel_source_new (self->context->main_context, cancellable,
                                                    "[aionet] load cancelled", on_cancelled, self);
  /* A run may end at once; the last of them must not find that it is the only one. */
  self->n_pending = self->runs->len + 1;
  for (guint i = 0; i < self->runs->len; i++)
    _aionet_probe_run_start (self->runs->pdata[i]);
  self->n_pending--;
  if (self->n_pending == 0)
    finish (self);
}

void
_aionet_loader_run_async (AionetLoadContext  *context,
                          AionetLink         *link,
                          GCancellable       *cancellable,
                          GAsyncReadyCallback callback,
                          gpointer            user_data)
{
  g_autoptr (GTask) task = NULL;
  Loader *self = g_new0 (Loader, 1);

  task = _aionet_task_new (NULL, cancellable, _aionet_loader_run_async, callback, user_data);
  g_task_set_task_data (task, self, (GDestroyNotify) loader_free);
  self->context = _aionet_load_context_ref (context);
  self->runs = g_ptr_array_new_with_free_func ((GDestroyNotify) _aionet_probe_run_free);
  self->skipped = _aionet_loader_get_reason_to_skip (link);
  for (int i = 0; i < AIONET_N_FAMILIES; i++)
    {
      self->plans[i] = _aionet_probe_plan_new (link, _aionet_families[i]);
      if (self->skipped == NULL)
        add_runs (self, link, i);
    }
  self->task = g_object_ref (task);
  start (self);
}

AionetLoadResult *
_aionet_loader_run_finish (GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}
