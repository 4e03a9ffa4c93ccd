/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#include "config.h"

#include "aionet-getifaddrs-monitor.h"

/* The default GNetworkMonitor may be NetworkManager's, whose making waits for D-Bus; hence the
 * thread. It then signals in whatever context it likes, which is why each signal only starts a
 * timer in ours. Thread and signal handler hold a reference to what they touch, so the backend can
 * go at any time. */

#define COALESCE_MS 50

struct _AionetGetifaddrsMonitor
{
  GMainContext    *context;
  GWeakRef         backend;
  GMutex           mutex;
  GSource         *timer;      /* (owned) (nullable) (mutex mutex) */
  GNetworkMonitor *monitor;    /* (owned) (nullable) (mutex mutex) */
  gulong           handler;    /* (mutex mutex) */
  gboolean         is_stopped; /* (mutex mutex) */
};

static void
monitor_clear (gpointer data)
{
  AionetGetifaddrsMonitor *self = data;

  g_clear_pointer (&self->timer, g_source_unref);
  g_clear_object (&self->monitor);
  g_weak_ref_clear (&self->backend);
  g_mutex_clear (&self->mutex);
  g_main_context_unref (self->context);
}

static void
monitor_unref (gpointer data)
{
  g_atomic_rc_box_release_full (data, monitor_clear);
}

static void
unref_closure_data (gpointer data, GClosure *closure)
{
  monitor_unref (data);
}

static gboolean
on_burst_over (gpointer user_data)
{
  AionetGetifaddrsMonitor *self = user_data;
  g_autoptr (AionetAddressBackend) backend = NULL;

  g_mutex_lock (&self->mutex);
  g_clear_pointer (&self->timer, g_source_unref);
  g_mutex_unlock (&self->mutex);

  backend = g_weak_ref_get (&self->backend);
  if (backend != NULL)
    aionet_address_backend_emit_changed (backend);
  return G_SOURCE_REMOVE;
}

static void
on_network_changed (GNetworkMonitor *monitor, gboolean available, gpointer user_data)
{
  AionetGetifaddrsMonitor *self = user_data;

  g_mutex_lock (&self->mutex);
  if (!self->is_stopped && self->timer == NULL)
    {
      self->timer = g_timeout_source_new (COALESCE_MS);
      g_source_set_static_name (self->timer, "[aionet] getifaddrs burst");
      g_source_set_callback (self->timer, on_burst_over, g_atomic_rc_box_acquire (self),
                             monitor_unref);
      g_source_attach (self->timer, self->context);
    }
  g_mutex_unlock (&self->mutex);
}

static void
find_monitor (GTask *task, gpointer source, gpointer task_data, GCancellable *cancellable)
{
  AionetGetifaddrsMonitor *self = task_data;
  GNetworkMonitor         *monitor = g_network_monitor_get_default ();

  g_mutex_lock (&self->mutex);
  if (!self->is_stopped && monitor != NULL)
    {
      self->monitor = g_object_ref (monitor);
      self->handler = g_signal_connect_data (
          monitor, "network-changed", G_CALLBACK (on_network_changed),
          g_atomic_rc_box_acquire (self), unref_closure_data, G_CONNECT_DEFAULT);
    }
  g_mutex_unlock (&self->mutex);
}

AionetGetifaddrsMonitor *
aionet_getifaddrs_monitor_new (GMainContext *context, AionetAddressBackend *backend)
{
  AionetGetifaddrsMonitor *self = g_atomic_rc_box_new0 (AionetGetifaddrsMonitor);
  g_autoptr (GTask) task = g_task_new (NULL, NULL, NULL, NULL);

  self->context = g_main_context_ref (context);
  g_weak_ref_init (&self->backend, backend);
  g_mutex_init (&self->mutex);

  g_task_set_source_tag (task, aionet_getifaddrs_monitor_new);
  g_task_set_task_data (task, g_atomic_rc_box_acquire (self), monitor_unref);
  g_task_run_in_thread (task, find_monitor);
  return self;
}

void
aionet_getifaddrs_monitor_free (AionetGetifaddrsMonitor *self)
{
  g_autoptr (GNetworkMonitor) monitor = NULL;
  g_autoptr (GSource) timer = NULL;

  g_mutex_lock (&self->mutex);
  self->is_stopped = TRUE;
  monitor = g_steal_pointer (&self->monitor);
  timer = g_steal_pointer (&self->timer);
  g_mutex_unlock (&self->mutex);

  /* Both give back references to self, so not with the lock held. */
  if (timer != NULL)
    g_source_destroy (timer);
  if (monitor != NULL)
    g_signal_handler_disconnect (monitor, self->handler);
  monitor_unref (self);
}
