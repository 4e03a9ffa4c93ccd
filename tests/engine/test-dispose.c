/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#include "config.h"

#include <gio/gio.h>

#include "engine/aionet-dispose-private.h"

typedef struct
{
  GObject       parent_instance;
  GMainContext *context; /* (owned) */
  AionetHome   *home;    /* (owned) */
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
dispose_here (GObject *object)
{
  Tenant *self = (Tenant *) object;

  if (!self->disposed)
    {
      disposed_in = g_thread_self ();
      g_assert_true (g_main_context_is_owner (self->context));
      g_atomic_int_inc (&n_disposed);
    }
  self->disposed = TRUE;
  G_OBJECT_CLASS (tenant_parent_class)->dispose (object);
}

static void
tenant_dispose (GObject *object)
{
  Tenant *self = (Tenant *) object;

  _aionet_dispose_in (self->context, self->home, object, dispose_here);
}

static void
tenant_finalize (GObject *object)
{
  g_assert_true (((Tenant *) object)->disposed);
  g_main_context_unref (((Tenant *) object)->context);
  _aionet_home_unref (((Tenant *) object)->home);
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
  self->home = _aionet_home_ref_current ();
}

static Tenant *
tenant_new (GMainContext *context)
{
  Tenant *self = g_object_new (tenant_get_type (), NULL);

  self->context = g_main_context_ref (context);
  return self;
}

static void
reset (void)
{
  disposed_in = NULL;
  n_disposed = n_finalized = 0;
}

static gpointer
drop (gpointer object)
{
  g_object_unref (object);
  return NULL;
}

static gpointer
make (gpointer context)
{
  return tenant_new (context);
}

static void
test_here (void)
{
  g_autoptr (GMainContext) context = g_main_context_new ();

  g_test_summary ("Nobody runs the context: finalized at once at home, or if home has ended");

  reset ();
  g_object_unref (tenant_new (context));
  g_assert_cmpint (n_finalized, ==, 1);
  g_object_unref (g_thread_join (g_thread_new ("home", make, context)));
  g_assert_cmpint (n_finalized, ==, 2);
  g_assert_false (g_main_context_pending (context));
}

static void
test_between_turns (void)
{
  g_autoptr (GMainContext) context = g_main_context_new ();

  g_test_summary (
      "Nobody runs the context yet: a foreign thread leaves it to home, which may use it");

  reset ();
  g_thread_join (g_thread_new ("foreign", drop, tenant_new (context)));
  g_assert_cmpint (n_disposed, ==, 0);
  while (g_main_context_iteration (context, FALSE))
    ;
  g_assert_cmpint (n_disposed, ==, 1);
  g_assert_cmpint (n_finalized, ==, 1);
  g_assert_true (disposed_in == g_thread_self ());
}

static void
test_elsewhere (void)
{
  g_autoptr (GMainContext) context = g_main_context_new ();
  Tenant  *tenant = tenant_new (context);
  gpointer watched = tenant;

  g_test_summary ("Dropped in a foreign thread: disposed of in the thread that runs the context");

  reset ();
  g_object_add_weak_pointer (G_OBJECT (tenant), &watched);
  g_assert_true (g_main_context_acquire (context));
  /* The thread is gone before: nobody is left to finalize it but this one. */
  g_thread_join (g_thread_new ("foreign", drop, tenant));
  g_assert_null (disposed_in);
  g_assert_nonnull (watched);
  while (g_main_context_iteration (context, FALSE))
    ;
  g_main_context_release (context);
  g_assert_true (disposed_in == g_thread_self ());
  g_assert_null (watched);
  g_assert_cmpint (n_disposed, ==, 1);
  g_assert_cmpint (n_finalized, ==, 1);
}

static gboolean
on_later (gpointer tenant)
{
  _aionet_dispose_later (((Tenant *) tenant)->context, tenant, dispose_here);
  g_object_unref (tenant);
  g_assert_cmpint (n_disposed, ==, 0);
  return G_SOURCE_REMOVE;
}

static void
test_later (void)
{
  g_autoptr (GMainContext) context = g_main_context_new ();
  g_autoptr (GSource) source = g_idle_source_new ();

  g_test_summary ("Later means when the stack is unwound, in the same thread, too");

  reset ();
  g_source_set_callback (source, on_later, tenant_new (context), NULL);
  g_source_attach (source, context);
  while (n_disposed == 0)
    g_main_context_iteration (context, TRUE);
  g_object_unref (tenant_new (context));
  g_assert_cmpint (n_disposed, ==, 2);
  g_assert_cmpint (n_finalized, ==, 2);
}

static gpointer
run_loop (gpointer loop)
{
  g_main_context_push_thread_default (g_main_loop_get_context (loop));
  g_main_loop_run (loop);
  g_main_context_pop_thread_default (g_main_loop_get_context (loop));
  return NULL;
}

/* Drops count objects one by one; all but the last ones are finalized by the next drop. */
static gpointer
drop_many (gpointer context)
{
  for (int i = 0; i < 20000; i++)
    {
      int before = g_atomic_int_get (&n_disposed);

      g_object_unref (tenant_new (context));
      while (g_atomic_int_get (&n_disposed) == before)
        g_thread_yield ();
      g_assert_cmpint (g_atomic_int_get (&n_finalized), >=, i - 1);
    }
  return NULL;
}

static void
test_races (void)
{
  g_autoptr (GMainContext) context = g_main_context_new ();
  g_autoptr (GMainLoop) loop = g_main_loop_new (context, FALSE);
  GThread *thread = g_thread_new ("loop", run_loop, loop);

  g_test_summary ("Neither thread touches it after the other has finalized it");

  reset ();
  while (!g_main_loop_is_running (loop))
    g_thread_yield ();
  g_thread_join (g_thread_new ("foreign", drop_many, context));
  g_main_loop_quit (loop);
  g_thread_join (thread);
  g_assert_cmpint (n_disposed, ==, 20000);
  g_assert_cmpint (n_finalized, ==, 20000);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/aionet/dispose/here", test_here);
  g_test_add_func ("/aionet/dispose/between-turns", test_between_turns);
  g_test_add_func ("/aionet/dispose/elsewhere", test_elsewhere);
  g_test_add_func ("/aionet/dispose/later", test_later);
  g_test_add_func ("/aionet/dispose/races", test_races);
  return g_test_run ();
}
