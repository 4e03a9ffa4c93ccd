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

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/aionet/task/timer", test_timer);
  g_test_add_func ("/aionet/task/cleared", test_cleared);
  g_test_add_func ("/aionet/task/cancelled", test_cancelled);
  return g_test_run ();
}
