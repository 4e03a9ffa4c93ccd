/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#include "config.h"

#include "engine/aionet-dispose-private.h"

/* An object that a foreign thread drops gets a reference in dispose (), and is disposed of in the
 * thread that runs its context. Who lets go of that reference? Not that thread: the foreign one may
 * still be inside g_object_unref (), which in GLib 2.74 goes on to use the object (its queue of
 * notifications) after it has given its own reference back. Nothing tells when it has left.
 *
 * But the foreign thread itself has left when it disposes of the next object, or ends. So the
 * reference goes back to it: what is left by then, an object without sources, sockets and handlers,
 * is finalized there. A thread keeps no more of them than it has dropped since it last did so. */

struct _AionetHome
{
  gatomicrefcount n_refs;
  int             has_ended; /* (atomic) */
};

typedef enum
{
  PENDING,
  DISPOSED, /* the thread that dropped it is to let go of it */
  LEFT,     /* that thread has ended: whoever disposes of it lets go */
} FarewellState;

typedef struct
{
  gatomicrefcount   n_refs;
  int               state;   /* (atomic) FarewellState */
  GObject          *object;  /* (owned by whom state says) */
  GMainContext     *context; /* (owned) */
  AionetDisposeFunc func;
} Farewell;

static void farewells_free (gpointer data);

/* (element-type Farewell) of the thread */
static GPrivate farewells = G_PRIVATE_INIT (farewells_free);

static void     home_end (gpointer data);

/* (owned) AionetHome of the thread */
static GPrivate home_key = G_PRIVATE_INIT (home_end);

static void
home_end (gpointer data)
{
  AionetHome *self = data;

  g_atomic_int_set (&self->has_ended, TRUE);
  _aionet_home_unref (self);
}

static AionetHome *
home_get (void)
{
  AionetHome *self = g_private_get (&home_key);

  if (self != NULL)
    return self;
  self = g_new0 (AionetHome, 1);
  g_atomic_ref_count_init (&self->n_refs);
  g_private_set (&home_key, self);
  return self;
}

AionetHome *
_aionet_home_ref_current (void)
{
  AionetHome *self = home_get ();

  g_atomic_ref_count_inc (&self->n_refs);
  return self;
}

void
_aionet_home_unref (AionetHome *self)
{
  if (g_atomic_ref_count_dec (&self->n_refs))
    g_free (self);
}

static GQuark
get_disposed_quark (void)
{
  return g_quark_from_static_string ("aionet-disposed");
}

static Farewell *
farewell_ref (Farewell *self)
{
  g_atomic_ref_count_inc (&self->n_refs);
  return self;
}

static void
farewell_unref (gpointer data)
{
  Farewell *self = data;

  if (!g_atomic_ref_count_dec (&self->n_refs))
    return;
  g_main_context_unref (self->context);
  g_free (self);
}

/* Takes the step that the other thread has not taken yet; FALSE: it has. */
static gboolean
take_step (Farewell *self, FarewellState state)
{
  return g_atomic_int_compare_and_exchange (&self->state, PENDING, state);
}

static gboolean
on_farewell (gpointer user_data)
{
  Farewell *self = user_data;
  GObject  *object = self->object;

  /* A callback that ran meanwhile may have got hold of the object: it sees it disposed of, which
   * is no more than closed. */
  self->func (object);
  g_object_set_qdata (object, get_disposed_quark (), GINT_TO_POINTER (TRUE));
  if (!take_step (self, DISPOSED))
    g_object_unref (object);
  return G_SOURCE_REMOVE;
}

static void
farewells_free (gpointer data)
{
  g_autoptr (GPtrArray) list = data;

  for (guint i = 0; i < list->len; i++)
    {
      Farewell *farewell = list->pdata[i];

      if (!take_step (farewell, LEFT))
        g_object_unref (farewell->object);
    }
}

/* Returns: (transfer full) (nullable) */
static GObject *
take_disposed (void)
{
  GPtrArray *list = g_private_get (&farewells);

  for (guint i = 0; list != NULL && i < list->len; i++)
    {
      Farewell *farewell = list->pdata[i];
      GObject  *object = farewell->object;

      if (g_atomic_int_get (&farewell->state) != DISPOSED)
        continue;
      g_ptr_array_remove_index_fast (list, i);
      return object;
    }
  return NULL;
}

/* For a thread inside g_object_unref () of another object: it has left all before. */
static void
let_go_of_disposed (void)
{
  GObject *object;

  /* Finalizing one may drop others. */
  while ((object = take_disposed ()) != NULL)
    g_object_unref (object);
}

static void
keep_farewell (Farewell *farewell)
{
  GPtrArray *list = g_private_get (&farewells);

  if (list == NULL)
    {
      list = g_ptr_array_new_with_free_func (farewell_unref);
      g_private_set (&farewells, list);
    }
  g_ptr_array_add (list, farewell_ref (farewell));
}

void
_aionet_dispose_later (GMainContext *context, GObject *object, AionetDisposeFunc func)
{
  g_autoptr (GSource) source = g_idle_source_new ();
  Farewell *farewell = g_new0 (Farewell, 1);

  g_atomic_ref_count_init (&farewell->n_refs);
  farewell->object = g_object_ref (object);
  farewell->context = g_main_context_ref (context);
  farewell->func = func;
  keep_farewell (farewell);
  g_source_set_static_name (source, "[aionet] dispose");
  g_source_set_priority (source, G_PRIORITY_DEFAULT);
  g_source_set_callback (source, on_farewell, farewell, farewell_unref);
  g_source_attach (source, context);
}

/* Between two turns nobody owns a context, but the thread it is of may use what lives in it. */
static gboolean
acquire (GMainContext *context, AionetHome *home)
{
  if (!g_main_context_is_owner (context) && home != g_private_get (&home_key) &&
      !g_atomic_int_get (&home->has_ended))
    return FALSE;
  return g_main_context_acquire (context);
}

void
_aionet_dispose_in (GMainContext     *context,
                    AionetHome       *home,
                    GObject          *object,
                    AionetDisposeFunc func)
{
  if (g_object_get_qdata (object, get_disposed_quark ()) != NULL)
    {
      func (object);
      return;
    }
  let_go_of_disposed ();
  if (!acquire (context, home))
    {
      _aionet_dispose_later (context, object, func);
      return;
    }
  func (object);
  g_main_context_release (context);
}
