/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#include <gio/gio.h>

/* Races such as the library could have, to show that ThreadSanitizer still finds them with what
 * glib-sync.c tells it. */

/* One try in some dozens goes unseen. */
#define N_TRIES 20

static int    shared;
static GMutex lock;

static gpointer
count (gpointer data)
{
  for (int i = 0; i < 1000; i++)
    shared++;
  return NULL;
}

static gpointer
count_beside_lock (gpointer data)
{
  g_mutex_lock (&lock);
  g_mutex_unlock (&lock);
  return count (data);
}

static void
race_beside_lock (void)
{
  GThread *thread = g_thread_new ("beside", count_beside_lock, NULL);

  g_mutex_lock (&lock);
  g_mutex_unlock (&lock);
  count (NULL);
  g_thread_join (thread);
}

static gboolean
on_idle (gpointer data)
{
  shared++;
  return G_SOURCE_REMOVE;
}

static gpointer
run_once (gpointer context)
{
  g_main_context_iteration (context, TRUE);
  return NULL;
}

/* What comes after g_source_attach () is not ordered with the callback. */
static void
race_after_attach (void)
{
  GMainContext *context = g_main_context_new ();
  GSource      *source = g_idle_source_new ();
  GThread      *thread = g_thread_new ("runner", run_once, context);

  g_source_set_callback (source, on_idle, NULL, NULL);
  g_source_attach (source, context);
  shared++;
  g_thread_join (thread);
  g_source_unref (source);
  g_main_context_unref (context);
}

static gpointer
unref (gpointer object)
{
  g_object_unref (object);
  return count (NULL);
}

static void
race_after_unref (void)
{
  GObject *object = g_object_new (G_TYPE_OBJECT, NULL);
  GThread *thread = g_thread_new ("unref", unref, g_object_ref (object));

  g_object_unref (object);
  count (NULL);
  g_thread_join (thread);
}

int
main (int argc, char **argv)
{
  const char *name = argc > 1 ? argv[1] : "";

  for (int i = 0; i < N_TRIES; i++)
    if (g_str_equal (name, "beside-lock"))
      race_beside_lock ();
    else if (g_str_equal (name, "after-attach"))
      race_after_attach ();
    else if (g_str_equal (name, "after-unref"))
      race_after_unref ();
  return shared == 0;
}
