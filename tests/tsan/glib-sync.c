/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#include <dlfcn.h>
#include <gio/gio.h>

/* ThreadSanitizer sees what a program orders with pthread and with atomics of its own. GLib is not
 * instrumented, and its locks are futexes: whatever is handed from thread to thread with GLib's
 * help looks like a race. Preloaded, these tell of the order that GLib keeps, call by call, so that
 * nothing has to be suppressed for that. They claim no more than GLib's documentation promises. */

void __tsan_acquire (void *address);
void __tsan_release (void *address);
void AnnotateIgnoreReadsBegin (const char *file, int line);
void AnnotateIgnoreReadsEnd (const char *file, int line);
void AnnotateIgnoreWritesBegin (const char *file, int line);
void AnnotateIgnoreWritesEnd (const char *file, int line);

#undef g_once_init_enter
#undef g_once_init_leave

/* Found anew at every call: a cache would have to be ordered between threads itself. */
#define REAL(name) __typeof__ (&name) real = (__typeof__ (&name)) dlsym (RTLD_NEXT, #name)

void
g_mutex_lock (GMutex *mutex)
{
  REAL (g_mutex_lock);
  real (mutex);
  __tsan_acquire (mutex);
}

gboolean
g_mutex_trylock (GMutex *mutex)
{
  REAL (g_mutex_trylock);
  if (!real (mutex))
    return FALSE;
  __tsan_acquire (mutex);
  return TRUE;
}

void
g_mutex_unlock (GMutex *mutex)
{
  REAL (g_mutex_unlock);
  __tsan_release (mutex);
  real (mutex);
}

void
g_cond_wait (GCond *cond, GMutex *mutex)
{
  REAL (g_cond_wait);
  __tsan_release (mutex);
  real (cond, mutex);
  __tsan_acquire (mutex);
}

/* Who drops the last reference has seen all that others did before they dropped theirs. */

void
g_object_unref (gpointer object)
{
  REAL (g_object_unref);
  __tsan_release (object);
  __tsan_acquire (object);
  real (object);
}

void
g_bytes_unref (GBytes *bytes)
{
  REAL (g_bytes_unref);
  __tsan_release (bytes);
  __tsan_acquire (bytes);
  real (bytes);
}

void
g_atomic_rc_box_release (gpointer box)
{
  REAL (g_atomic_rc_box_release);
  __tsan_release (box);
  __tsan_acquire (box);
  real (box);
}

void
g_atomic_rc_box_release_full (gpointer box, GDestroyNotify clear)
{
  REAL (g_atomic_rc_box_release_full);
  __tsan_release (box);
  __tsan_acquire (box);
  real (box, clear);
}

gboolean
g_atomic_ref_count_dec (gatomicrefcount *count)
{
  REAL (g_atomic_ref_count_dec);
  __tsan_release (count);
  if (!real (count))
    return FALSE;
  __tsan_acquire (count);
  return TRUE;
}

/* Who initialises something once has done so before others use it. */

gboolean
g_once_init_enter (volatile void *location)
{
  REAL (g_once_init_enter);
  if (real (location))
    return TRUE;
  __tsan_acquire ((void *) location);
  return FALSE;
}

void
g_once_init_leave (volatile void *location, gsize result)
{
  REAL (g_once_init_leave);
  __tsan_release ((void *) location);
  real (location, result);
}

/* What was done before a source was attached has been done when it is dispatched. */

typedef struct
{
  gint           n_refs;
  GSourceFunc    func;
  gpointer       data;
  GDestroyNotify notify;
} Callback;

static void
callback_ref (gpointer data)
{
  __tsan_acquire (data);
  g_atomic_int_inc (&((Callback *) data)->n_refs);
}

static void
callback_unref (gpointer data)
{
  Callback *self = data;

  __tsan_release (self);
  if (!g_atomic_int_dec_and_test (&self->n_refs))
    return;
  __tsan_acquire (self);
  if (self->notify != NULL)
    self->notify (self->data);
  g_free (self);
}

static void
callback_get (gpointer data, GSource *source, GSourceFunc *func, gpointer *func_data)
{
  __tsan_acquire (source);
  *func = ((Callback *) data)->func;
  *func_data = ((Callback *) data)->data;
}

static GSourceCallbackFuncs callback_funcs = { callback_ref, callback_unref, callback_get };

void
g_source_set_callback (GSource *source, GSourceFunc func, gpointer data, GDestroyNotify notify)
{
  Callback *callback = g_new (Callback, 1);

  *callback = (Callback){ 1, func, data, notify };
  __tsan_release (callback);
  g_source_set_callback_indirect (source, callback, &callback_funcs);
}

guint
g_source_attach (GSource *source, GMainContext *context)
{
  REAL (g_source_attach);
  guint id;

  __tsan_release (source);
  /* Tables of the context grow, under its lock. */
  AnnotateIgnoreWritesBegin (__FILE__, __LINE__);
  id = real (source, context);
  AnnotateIgnoreWritesEnd (__FILE__, __LINE__);
  return id;
}

/* The table of quarks has a lock inside of GLib. */

static void
ignore_begin (void)
{
  AnnotateIgnoreReadsBegin (__FILE__, __LINE__);
  AnnotateIgnoreWritesBegin (__FILE__, __LINE__);
}

static void
ignore_end (void)
{
  AnnotateIgnoreWritesEnd (__FILE__, __LINE__);
  AnnotateIgnoreReadsEnd (__FILE__, __LINE__);
}

#define QUARK_FUNCTION(name)                                                                       \
  GQuark name (const char *string)                                                                 \
  {                                                                                                \
    REAL (name);                                                                                   \
    GQuark quark;                                                                                  \
                                                                                                   \
    ignore_begin ();                                                                               \
    quark = real (string);                                                                         \
    ignore_end ();                                                                                 \
    return quark;                                                                                  \
  }

QUARK_FUNCTION (g_quark_try_string)
QUARK_FUNCTION (g_quark_from_string)
QUARK_FUNCTION (g_quark_from_static_string)

/* A context is of one thread after the other. */

gboolean
g_main_context_acquire (GMainContext *context)
{
  REAL (g_main_context_acquire);
  if (!real (context))
    return FALSE;
  __tsan_acquire (context);
  return TRUE;
}

void
g_main_context_release (GMainContext *context)
{
  REAL (g_main_context_release);
  __tsan_release (context);
  real (context);
}

gboolean
g_main_context_iteration (GMainContext *context, gboolean may_block)
{
  REAL (g_main_context_iteration);
  GMainContext *used = context != NULL ? context : g_main_context_default ();
  gboolean      dispatched;

  __tsan_acquire (used);
  dispatched = real (used, may_block);
  __tsan_release (used);
  return dispatched;
}
