/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#include "config.h"

#include "pipe/aionet-worker-private.h"

#include "engine/aionet-task-private.h"
#include "pipe/aionet-pipe-private.h"

struct _AionetWorker
{
  GMainContext            *context; /* (owned) */
  AionetClientLimits      *limits;  /* (not owned) */
  const AionetWorkerFuncs *funcs;
  gpointer                 user_data;

  GPtrArray               *listeners; /* (owned) (element-type AionetPipe) */
  GHashTable              *clients;   /* (owned) AionetPipe (not owned) -> Client (owned) */
  guint                    idle_timeout_ms;
  GSource                 *sweep; /* (owned) (nullable) while there are clients to watch */
};

/* Nothing is noted when a message comes: a sweep compares what the pipe has counted. */
typedef struct
{
  AionetPipe    *pipe; /* (owned) */
  AionetSockaddr peer;
  guint64        n_seen;
  gint64         idle_since_us;
} Client;

static void
client_free (gpointer data)
{
  Client *self = data;

  g_object_unref (self->pipe);
  g_free (self);
}

static guint64
count_activity (AionetPipe *pipe)
{
  return pipe->n_received + pipe->n_sent + pipe->bytes_received + pipe->bytes_sent +
         _aionet_pipe_get_n_unsent_bytes (pipe);
}

static Client *
client_new (AionetPipe *pipe)
{
  Client *self = g_new0 (Client, 1);

  self->pipe = g_object_ref (pipe);
  self->peer = pipe->remote;
  self->idle_since_us = g_get_monotonic_time ();
  return self;
}

static gboolean
is_idle (Client *self, gint64 now_us, gint64 timeout_us)
{
  guint64 n_seen = count_activity (self->pipe);

  if (n_seen != self->n_seen)
    {
      self->n_seen = n_seen;
      self->idle_since_us = now_us;
    }
  return now_us - self->idle_since_us >= timeout_us;
}

/* Returns: (transfer full) (element-type AionetPipe) */
static GPtrArray *
find_idle (AionetWorker *self)
{
  GPtrArray     *idle = g_ptr_array_new_with_free_func (g_object_unref);
  gint64         now_us = g_get_monotonic_time ();
  GHashTableIter iter;
  gpointer       client;

  g_hash_table_iter_init (&iter, self->clients);
  while (g_hash_table_iter_next (&iter, NULL, &client))
    if (is_idle (client, now_us, (gint64) self->idle_timeout_ms * 1000))
      g_ptr_array_add (idle, g_object_ref (((Client *) client)->pipe));
  return idle;
}

static gboolean
on_sweep (gpointer user_data)
{
  AionetWorker *self = user_data;
  g_autoptr (GPtrArray) idle = find_idle (self);
  g_autoptr (GError) error = g_error_new (G_IO_ERROR, G_IO_ERROR_TIMED_OUT,
                                          "The client was idle for %u ms", self->idle_timeout_ms);

  /* Each of them may end the worker. */
  for (guint i = 0; i < idle->len; i++)
    _aionet_pipe_end (idle->pdata[i], error, TRUE);
  return G_SOURCE_CONTINUE;
}

static void
update_sweep (AionetWorker *self)
{
  gboolean wanted = self->idle_timeout_ms > 0 && g_hash_table_size (self->clients) > 0;

  if (!wanted)
    _aionet_clear_source (&self->sweep);
  else if (self->sweep == NULL)
    self->sweep = _aionet_timer_new (self->context, "[aionet] idle clients",
                                     CLAMP (self->idle_timeout_ms / 4, 5, 5000), on_sweep, self);
}

static gboolean
on_takes_messages (gpointer owner)
{
  AionetWorker *self = owner;

  return self->funcs->takes_messages (self->user_data);
}

static void
on_message (
    gpointer owner, AionetPipe *pipe, const guint8 *data, gsize length, GSocketAddress *sender)
{
  AionetWorker *self = owner;

  self->funcs->message (self->user_data, pipe, data, length, sender);
}

static void                       on_client (gpointer owner, AionetPipe *pipe);
static void                       on_closed (gpointer owner, AionetPipe *pipe, const GError *error);

static const AionetPipeOwnerFuncs owner_funcs = {
  .takes_messages = on_takes_messages,
  .message = on_message,
  .client = on_client,
  .closed = on_closed,
};

static void
own (AionetWorker *self, AionetPipe *pipe)
{
  pipe->owner_funcs = &owner_funcs;
  pipe->owner = self;
}

static void
disown (AionetPipe *pipe)
{
  pipe->owner_funcs = NULL;
  pipe->owner = NULL;
}

/* A client that nobody refers to is closed. */
static void
on_client (gpointer owner, AionetPipe *pipe)
{
  AionetWorker *self = owner;
  Client       *client;

  if (!_aionet_client_limits_admit (self->limits, &pipe->remote))
    return;
  own (self, pipe);
  client = client_new (pipe);
  g_hash_table_insert (self->clients, pipe, client);
  update_sweep (self);
  self->funcs->client (self->user_data, pipe);
}

static void
on_closed (gpointer owner, AionetPipe *pipe, const GError *error)
{
  AionetWorker *self = owner;
  Client       *client = g_hash_table_lookup (self->clients, pipe);

  disown (pipe);
  if (client == NULL)
    {
      g_ptr_array_remove_fast (self->listeners, pipe);
      self->funcs->listener_closed (self->user_data, pipe, error);
      return;
    }
  _aionet_client_limits_release (self->limits, &client->peer);
  g_hash_table_remove (self->clients, pipe);
  update_sweep (self);
  self->funcs->client_closed (self->user_data, pipe, error);
}

AionetWorker *
_aionet_worker_new (GMainContext            *context,
                    AionetClientLimits      *limits,
                    const AionetWorkerFuncs *funcs,
                    gpointer                 user_data)
{
  AionetWorker *self = g_new0 (AionetWorker, 1);

  self->context = g_main_context_ref (context);
  self->limits = limits;
  self->funcs = funcs;
  self->user_data = user_data;
  self->listeners = g_ptr_array_new_with_free_func (g_object_unref);
  self->clients = g_hash_table_new_full (NULL, NULL, NULL, client_free);
  return self;
}

/* Returns: (transfer full) (element-type AionetPipe) all pipes, so that closing one may end the
 * worker. */
static GPtrArray *
list_pipes (AionetWorker *self)
{
  GPtrArray     *pipes = g_ptr_array_new_with_free_func (g_object_unref);
  GHashTableIter iter;
  gpointer       pipe;

  for (guint i = 0; i < self->listeners->len; i++)
    g_ptr_array_add (pipes, g_object_ref (self->listeners->pdata[i]));
  g_hash_table_iter_init (&iter, self->clients);
  while (g_hash_table_iter_next (&iter, &pipe, NULL))
    g_ptr_array_add (pipes, g_object_ref (pipe));
  return pipes;
}

void
_aionet_worker_close (AionetWorker *self)
{
  g_autoptr (GPtrArray) pipes = list_pipes (self);

  for (guint i = 0; i < pipes->len; i++)
    aionet_pipe_close (pipes->pdata[i]);
}

static void
release_clients (AionetWorker *self)
{
  GHashTableIter iter;
  gpointer       client;

  g_hash_table_iter_init (&iter, self->clients);
  while (g_hash_table_iter_next (&iter, NULL, &client))
    _aionet_client_limits_release (self->limits, &((Client *) client)->peer);
}

void
_aionet_worker_abandon (AionetWorker *self)
{
  g_autoptr (GPtrArray) pipes = list_pipes (self);

  release_clients (self);
  for (guint i = 0; i < pipes->len; i++)
    disown (pipes->pdata[i]);
  _aionet_clear_source (&self->sweep);
  g_ptr_array_set_size (self->listeners, 0);
  g_hash_table_remove_all (self->clients);
  for (guint i = 0; i < pipes->len; i++)
    aionet_pipe_close (pipes->pdata[i]);
}

void
_aionet_worker_free (AionetWorker *self)
{
  _aionet_worker_abandon (self);
  g_ptr_array_unref (self->listeners);
  g_hash_table_unref (self->clients);
  g_main_context_unref (self->context);
  g_free (self);
}

AionetPipe *
_aionet_worker_listen (AionetWorker   *self,
                       GSocketProtocol protocol,
                       GSocket        *socket,
                       AionetRoute    *route,
                       GError        **error)
{
  g_autoptr (AionetPipe) pipe =
      g_object_new (AIONET_TYPE_PIPE, "protocol", protocol, "route", route, NULL);

  g_main_context_unref (pipe->context);
  pipe->context = g_main_context_ref (self->context);
  own (self, pipe);
  if (!_aionet_pipe_adopt (pipe, socket, -1, error))
    {
      disown (pipe);
      return NULL;
    }
  g_ptr_array_add (self->listeners, g_object_ref (pipe));
  return pipe;
}

void
_aionet_worker_stop_listening (AionetWorker *self)
{
  g_autoptr (GPtrArray) pipes = list_pipes (self);

  for (guint i = 0; i < pipes->len; i++)
    if (((AionetPipe *) pipes->pdata[i])->is_listener)
      aionet_pipe_close (pipes->pdata[i]);
}

gboolean
_aionet_worker_is_drained (AionetWorker *self)
{
  for (guint i = 0; i < self->listeners->len; i++)
    if (_aionet_pipe_has_unsent (self->listeners->pdata[i]))
      return FALSE;
  return g_hash_table_size (self->clients) == 0;
}

void
_aionet_worker_set_idle_timeout (AionetWorker *self, guint idle_timeout_ms)
{
  self->idle_timeout_ms = idle_timeout_ms;
  _aionet_clear_source (&self->sweep);
  update_sweep (self);
}

void
_aionet_worker_list_clients (AionetWorker *self, GListStore *clients)
{
  GHashTableIter iter;
  gpointer       pipe;

  g_hash_table_iter_init (&iter, self->clients);
  while (g_hash_table_iter_next (&iter, &pipe, NULL))
    g_list_store_append (clients, pipe);
}
