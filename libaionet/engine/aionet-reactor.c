/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#include "config.h"

#include "engine/aionet-reactor-private.h"

#include "engine/aionet-poller-private.h"

/* A reactor belongs to one context and is touched in its thread only; the table that finds it is
 * shared by all threads.
 *
 * A callback may do anything: remove watches whose events wait in the same batch, close their
 * descriptors and get the numbers again for new ones, run the main loop. Therefore a removed watch
 * is only marked, and freed when no batch is being dispatched any more: an event always finds the
 * watch it was reported for. */

typedef struct
{
  GSource       source;
  GMainContext *context; /* (owned) */
  AionetPoller *poller;  /* (owned) */
  guint         n_watches;
  guint64       n_turns;
  guint         n_before;  /* events of the turn before */
  guint         depth;     /* batches under way: callbacks may run the loop */
  AionetWatch  *graveyard; /* (owned) removed while depth > 0 */
  AionetWatch  *deferred;  /* (not owned) first of those with work left; none at depth 0 */
  AionetWatch  *last_deferred;
  guint         n_deferred;
  gboolean      is_ending; /* the outermost batch does what was deferred */
} AionetReactor;

struct _AionetWatch
{
  AionetReactor     *reactor; /* (not owned: lives as long as it has watches) */
  AionetWatchFunc    func;
  gpointer           user_data;
  gpointer           slot;
  AionetWatch       *next_dead;
  AionetWatch       *next_deferred;
  int                fd;
  GIOCondition       condition;
  gboolean           removed;

  AionetDeferredFunc deferred; /* (nullable) */
};

static GMutex      reactors_lock;
static GHashTable *reactors; /* (owned) (nullable) (mutex reactors_lock) GMainContext -> reactor */

static AionetReactor *
find_reactor (GMainContext *context)
{
  AionetReactor *self = NULL;

  g_mutex_lock (&reactors_lock);
  if (reactors != NULL)
    self = g_hash_table_lookup (reactors, context);
  g_mutex_unlock (&reactors_lock);
  return self;
}

static void
keep_reactor (AionetReactor *self)
{
  g_mutex_lock (&reactors_lock);
  if (reactors == NULL)
    reactors = g_hash_table_new (NULL, NULL);
  g_hash_table_insert (reactors, self->context, self);
  g_mutex_unlock (&reactors_lock);
}

static void
forget_reactor (AionetReactor *self)
{
  g_mutex_lock (&reactors_lock);
  g_hash_table_remove (reactors, self->context);
  if (g_hash_table_size (reactors) == 0)
    g_clear_pointer (&reactors, g_hash_table_unref);
  g_mutex_unlock (&reactors_lock);
}

static void
bury_dead (AionetReactor *self)
{
  AionetWatch *watch = g_steal_pointer (&self->graveyard);

  while (watch != NULL)
    {
      AionetWatch *next = watch->next_dead;

      g_free (watch);
      watch = next;
    }
}

static void
dispatch_one (const AionetReady *ready)
{
  AionetWatch *watch = ready->watch;
  GIOCondition condition;

  if (watch->removed)
    return;
  /* An earlier callback of the batch may have lost interest in what was reported. */
  condition = ready->condition & (watch->condition | G_IO_ERR | G_IO_HUP);
  if (condition != 0)
    watch->func (condition, watch->user_data);
}

/* Not what is deferred meanwhile: that may be without end. */
static void
run_deferred (AionetReactor *self)
{
  for (guint n = self->n_deferred; n > 0 && self->deferred != NULL; n--)
    {
      AionetWatch       *watch = self->deferred;
      AionetDeferredFunc func = g_steal_pointer (&watch->deferred);

      self->deferred = g_steal_pointer (&watch->next_deferred);
      self->n_deferred--;
      if (!watch->removed)
        func (watch->user_data);
    }
}

static void
push_deferred (AionetReactor *self, AionetWatch *watch)
{
  if (self->deferred == NULL)
    self->deferred = watch;
  else
    self->last_deferred->next_deferred = watch;
  self->last_deferred = watch;
  self->n_deferred++;
}

gboolean
_aionet_watch_defer (AionetWatch *self, AionetDeferredFunc func)
{
  AionetReactor *reactor = self->reactor;

  if (reactor->depth == 0 || reactor->is_ending)
    return FALSE;
  if (self->deferred == NULL)
    push_deferred (reactor, self);
  self->deferred = func;
  return TRUE;
}

/* A callback that runs the main loop may wait there for what it has deferred itself. */
static gboolean
reactor_prepare (GSource *source, int *timeout)
{
  *timeout = -1;
  return ((AionetReactor *) source)->deferred != NULL;
}

/* What the deferred work of the outermost batch defers would have nobody to do it. */
static void
end_batch (AionetReactor *self)
{
  gboolean was_ending = self->is_ending;

  self->is_ending = was_ending || self->depth == 1;
  run_deferred (self);
  self->is_ending = was_ending;
  self->depth--;
}

/* Sources of one priority take turns in the order they were attached in: of a timer that becomes
 * due during a turn, the next turn may still come first. So two in a row take no more than a batch
 * together; after a large one the reactor lets the others go first. */
static guint
get_allowance (AionetReactor *self)
{
  if (self->n_before < AIONET_REACTOR_BATCH / 2)
    return AIONET_REACTOR_BATCH - self->n_before;
  self->n_before = 0;
  return 0;
}

static gboolean
reactor_dispatch (GSource *source, GSourceFunc callback, gpointer user_data)
{
  AionetReactor *self = (AionetReactor *) source;
  AionetReady    ready[AIONET_REACTOR_BATCH];
  guint          allowance = get_allowance (self);
  guint          n;

  run_deferred (self);
  self->n_turns++;
  if (allowance == 0)
    return G_SOURCE_CONTINUE;
  n = _aionet_poller_take (self->poller, ready, allowance);
  self->n_before = n;
  self->depth++;
  for (guint i = 0; i < n; i++)
    dispatch_one (&ready[i]);
  end_batch (self);
  if (self->depth == 0)
    bury_dead (self);
  return G_SOURCE_CONTINUE;
}

static void
reactor_finalize (GSource *source)
{
  AionetReactor *self = (AionetReactor *) source;

  bury_dead (self);
  g_clear_pointer (&self->poller, _aionet_poller_free);
  g_clear_pointer (&self->context, g_main_context_unref);
}

static GSourceFuncs reactor_funcs = {
  .prepare = reactor_prepare,
  .dispatch = reactor_dispatch,
  .finalize = reactor_finalize,
};

static AionetReactor *
reactor_new (GMainContext *context, GError **error)
{
  GSource       *source = g_source_new (&reactor_funcs, sizeof (AionetReactor));
  AionetReactor *self = (AionetReactor *) source;

  self->poller = _aionet_poller_new (source, error);
  if (self->poller == NULL)
    {
      g_source_unref (source);
      return NULL;
    }
  self->context = g_main_context_ref (context);
  g_source_set_static_name (source, "[aionet] reactor");
  g_source_set_can_recurse (source, TRUE);
  g_source_attach (source, context);
  return self;
}

static void
drop_if_unused (AionetReactor *self)
{
  if (self->n_watches > 0)
    return;
  if (find_reactor (self->context) == self)
    forget_reactor (self);
  g_source_destroy (&self->source);
  g_source_unref (&self->source);
}

AionetWatch *
_aionet_reactor_add (GMainContext   *context,
                     int             fd,
                     GIOCondition    condition,
                     AionetWatchFunc func,
                     gpointer        user_data,
                     GError        **error)
{
  AionetReactor *reactor = find_reactor (context);
  gboolean       is_new = reactor == NULL;
  AionetWatch   *self;

  if (is_new)
    reactor = reactor_new (context, error);
  if (reactor == NULL)
    return NULL;
  self = g_new0 (AionetWatch, 1);
  self->reactor = reactor;
  self->func = func;
  self->user_data = user_data;
  self->fd = fd;
  self->condition = condition;
  if (!_aionet_poller_add (reactor->poller, fd, condition, self, &self->slot, error))
    {
      g_free (self);
      drop_if_unused (reactor);
      return NULL;
    }
  reactor->n_watches++;
  if (is_new)
    keep_reactor (reactor);
  return self;
}

void
_aionet_watch_set_condition (AionetWatch *self, GIOCondition condition)
{
  if (self->condition == condition)
    return;
  self->condition = condition;
  _aionet_poller_modify (self->reactor->poller, self->fd, condition, self, self->slot);
}

void
_aionet_watch_remove (AionetWatch *self)
{
  AionetReactor *reactor = self->reactor;

  _aionet_poller_remove (reactor->poller, self->fd, self->slot);
  self->removed = TRUE;
  if (reactor->depth > 0)
    {
      self->next_dead = reactor->graveyard;
      reactor->graveyard = self;
    }
  else
    g_free (self);
  reactor->n_watches--;
  drop_if_unused (reactor);
}

guint
_aionet_reactor_get_n_watches (GMainContext *context)
{
  AionetReactor *self = find_reactor (context);

  return self != NULL ? self->n_watches : 0;
}

guint64
_aionet_reactor_get_n_turns (GMainContext *context)
{
  AionetReactor *self = find_reactor (context);

  return self != NULL ? self->n_turns : 0;
}
