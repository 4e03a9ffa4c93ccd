/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#include "config.h"

#include <gio/gio.h>

#include "engine/aionet-task-private.h"

static gboolean
on_tick (gpointer user_data)
{
  guint *n = user_data;

  return ++*n < 3 ? G_SOURCE_CONTINUE : G_SOURCE_REMOVE;
}

static void
test_timer (void)
{
  g_autoptr (GMainContext) context = g_main_context_new ();
  GSource *timer;
  guint    n = 0;

  g_test_summary ("A timer runs on the context it was given, as often as its function asks");

  timer = _aionet_timer_new (context, "[aionet] test", 1, on_tick, &n);
  g_assert_cmpstr (g_source_get_name (timer), ==, "[aionet] test");
  g_assert_true (g_source_get_context (timer) == context);
  while (!g_source_is_destroyed (timer))
    g_main_context_iteration (context, TRUE);
  g_assert_cmpuint (n, ==, 3);
  _aionet_clear_source (&timer);
  g_assert_null (timer);
  _aionet_clear_source (&timer);
}

static void
test_cleared (void)
{
  g_autoptr (GMainContext) context = g_main_context_new ();
  GSource *idle;
  guint    n = 0;

  g_test_summary ("A cleared source never runs");

  idle = _aionet_idle_new (context, "[aionet] test", on_tick, &n);
  g_assert_true (g_main_context_pending (context));
  _aionet_clear_source (&idle);
  g_assert_false (g_main_context_iteration (context, FALSE));
  g_assert_cmpuint (n, ==, 0);
}

static void
on_done (GObject *source, GAsyncResult *result, gpointer user_data)
{
  GError **error = user_data;

  g_assert_true (_aionet_task_is_valid (result, NULL, on_done));
  g_assert_false (_aionet_task_is_valid (result, NULL, on_tick));
  g_assert_false (g_task_propagate_boolean (G_TASK (result), error));
}

static void
test_cancelled (void)
{
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GTask) task = NULL;
  g_autoptr (GError) error = NULL;

  g_test_summary ("A task whose cancellable fired says so, whatever it returned");

  task = _aionet_task_new (NULL, cancellable, on_done, on_done, &error);
  g_task_return_boolean (task, TRUE);
  g_cancellable_cancel (cancellable);
  while (error == NULL)
    g_main_context_iteration (NULL, TRUE);
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

typedef struct
{
  GObject       parent_instance;
  GMainContext *context; /* (owned) */
  gboolean      disposed;
} Tenant;

typedef struct
{
  GObjectClass parent_class;
} TenantClass;

GType tenant_get_type (void);
G_DEFINE_TYPE (Tenant, tenant, G_TYPE_OBJECT)

static GThread *disposed_in;
static int      n_disposed;
static int      n_finalized;

static void
tenant_dispose (GObject *object)
{
  Tenant *self = (Tenant *) object;

  if (_aionet_dispose_elsewhere (object, self->context))
    return;
  disposed_in = g_thread_self ();
  if (!self->disposed)
    g_atomic_int_inc (&n_disposed);
  self->disposed = TRUE;
  G_OBJECT_CLASS (tenant_parent_class)->dispose (object);
}

static void
tenant_finalize (GObject *object)
{
  g_main_context_unref (((Tenant *) object)->context);
  g_atomic_int_inc (&n_finalized);
  G_OBJECT_CLASS (tenant_parent_class)->finalize (object);
}

static void
tenant_class_init (TenantClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = tenant_dispose;
  G_OBJECT_CLASS (klass)->finalize = tenant_finalize;
}

static void
tenant_init (Tenant *self)
{
}

static gpointer
drop (gpointer object)
{
  g_object_unref (object);
  return NULL;
}

static void
test_dispose_elsewhere (void)
{
  g_autoptr (GMainContext) context = g_main_context_new ();
  Tenant  *tenant = g_object_new (tenant_get_type (), NULL);
  gpointer watched = tenant;

  g_test_summary ("An object dropped in a foreign thread is disposed of where its sources run");

  tenant->context = g_main_context_ref (context);
  g_object_add_weak_pointer (G_OBJECT (tenant), &watched);
  disposed_in = NULL;
  g_assert_true (g_main_context_acquire (context));
  g_thread_join (g_thread_new ("foreign", drop, tenant));
  g_assert_null (disposed_in);
  g_assert_nonnull (watched);
  while (g_main_context_iteration (context, FALSE))
    ;
  g_main_context_release (context);
  g_assert_true (disposed_in == g_thread_self ());
  g_assert_null (watched);
}

static gpointer
run_loop (gpointer loop)
{
  g_main_context_push_thread_default (g_main_loop_get_context (loop));
  g_main_loop_run (loop);
  g_main_context_pop_thread_default (g_main_loop_get_context (loop));
  return NULL;
}

static void
test_dispose_elsewhere_races (void)
{
  g_autoptr (GMainContext) context = g_main_context_new ();
  g_autoptr (GMainLoop) loop = g_main_loop_new (context, FALSE);
  GThread *thread = g_thread_new ("loop", run_loop, loop);

  g_test_summary ("It is disposed of there, too, when both threads let go of it at once");

  while (!g_main_loop_is_running (loop))
    g_thread_yield ();
  n_disposed = n_finalized = 0;
  /* GLib 2.74 itself warns about once in two million: its g_object_unref () shares a queue of
   * notifications between a thread that revives an object and one that disposes of it. */
  for (int i = 0; i < 2000; i++)
    {
      Tenant *tenant = g_object_new (tenant_get_type (), NULL);

      tenant->context = g_main_context_ref (context);
      g_object_unref (tenant);
      while (g_atomic_int_get (&n_finalized) == i)
        g_thread_yield ();
      g_assert_cmpint (n_disposed, ==, i + 1);
    }
  g_main_loop_quit (loop);
  g_thread_join (thread);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/aionet/task/timer", test_timer);
  g_test_add_func ("/aionet/task/cleared", test_cleared);
  g_test_add_func ("/aionet/task/cancelled", test_cancelled);
  g_test_add_func ("/aionet/task/dispose-elsewhere", test_dispose_elsewhere);
  g_test_add_func ("/aionet/task/dispose-elsewhere-races", test_dispose_elsewhere_races);
  return g_test_run ();
}
