/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#include "config.h"

#include "topology/aionet-load-context-private.h"

#include "engine/aionet-task-private.h"
#include "topology/aionet-host-private.h"

static void
on_links (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  AionetLoadContext *self = g_task_get_task_data (task);
  GError            *error = NULL;

  self->links =
      aionet_address_backend_list_links_finish (AIONET_ADDRESS_BACKEND (source), result, &error);
  self->listed_us = g_get_monotonic_time ();
  if (self->links == NULL)
    g_task_return_error (task, error);
  else
    g_task_return_pointer (task, _aionet_load_context_ref (self),
                           (GDestroyNotify) _aionet_load_context_unref);
}

void
_aionet_load_context_new_async (AionetHost         *host,
                                GCancellable       *cancellable,
                                GAsyncReadyCallback callback,
                                gpointer            user_data)
{
  g_autoptr (GTask) task = NULL;
  AionetLoadContext    *self = g_new0 (AionetLoadContext, 1);
  AionetAddressBackend *backend;
  AionetStunProvider   *provider;
  GError               *error = NULL;

  g_atomic_ref_count_init (&self->ref_count);
  g_queue_init (&self->waiting);
  self->main_context = g_main_context_ref_thread_default ();
  self->min_agree = aionet_host_get_min_agree (host);
  self->allow_private = aionet_host_get_allow_private (host);
  self->deadline_us =
      g_get_monotonic_time () + aionet_host_get_timeout (host) * G_GINT64_CONSTANT (1000);
  task = _aionet_task_new (host, cancellable, _aionet_load_context_new_async, callback, user_data);
  g_task_set_task_data (task, self, (GDestroyNotify) _aionet_load_context_unref);

  backend = aionet_host_get_address_backend (host, &error);
  provider = backend != NULL ? aionet_host_get_stun_provider (host, &error) : NULL;
  if (provider != NULL)
    self->servers = _aionet_host_dup_servers (host, &error);
  if (self->servers == NULL)
    {
      g_task_return_error (task, error);
      return;
    }
  self->stun_provider = g_object_ref (provider);
  aionet_address_backend_list_links_async (backend, _aionet_load_context_get_time_left (self),
                                           cancellable, on_links, g_steal_pointer (&task));
}

AionetLoadContext *
_aionet_load_context_new_finish (GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

AionetLoadContext *
_aionet_load_context_ref (AionetLoadContext *self)
{
  g_atomic_ref_count_inc (&self->ref_count);
  return self;
}

void
_aionet_load_context_unref (AionetLoadContext *self)
{
  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;
  for (int i = 0; i < AIONET_N_FAMILIES; i++)
    if (self->server_sets[i] != NULL)
      {
        _aionet_server_set_stop (self->server_sets[i]);
        _aionet_server_set_unref (self->server_sets[i]);
      }
  g_queue_clear (&self->waiting);
  g_main_context_unref (self->main_context);
  g_clear_object (&self->links);
  g_clear_object (&self->stun_provider);
  g_clear_pointer (&self->servers, g_ptr_array_unref);
  g_free (self);
}

guint
_aionet_load_context_get_time_left (AionetLoadContext *self)
{
  gint64 left_us = self->deadline_us - g_get_monotonic_time ();

  /* 0 would mean no limit to some. */
  return (guint) CLAMP ((left_us + 999) / 1000, 1, G_MAXINT);
}

AionetServerSet *
_aionet_load_context_get_server_set (AionetLoadContext *self, GSocketFamily family)
{
  AionetServerSet **place = &self->server_sets[_aionet_family_position (family)];

  if (*place == NULL)
    *place = _aionet_server_set_new (self->servers, family, self->min_agree, self->deadline_us);
  return *place;
}
