/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#include "config.h"

#include "engine/aionet-connect-private.h"

#include <errno.h>
#include <sys/socket.h>

#include "engine/aionet-reactor-private.h"
#include "engine/aionet-sockaddr-private.h"
#include "engine/aionet-task-private.h"

/* The Connection Attempt Delay that RFC 8305 section 8 recommends. */
#define STAGGER_MS 250

typedef struct
{
  GPtrArray              *endpoints; /* (owned) */
  AionetConnectSocketFunc make_socket;
  gpointer                socket_data;
  guint                   next;     /* index of the endpoint to try next */
  GPtrArray              *attempts; /* (owned) (element-type Attempt) under way */
  GSource                *stagger;  /* (owned) (nullable) */
  GSource                *cancel;   /* (owned) (nullable) */
  GError                 *error;    /* (owned) (nullable) the latest failure */
} Race;

typedef struct
{
  GTask          *task;   /* (not owned: the race keeps it until all attempts are gone) */
  GSocket        *socket; /* (owned) */
  GSocketAddress *to;     /* (not owned: in endpoints) */
  AionetWatch    *watch;  /* (owned) */
} Attempt;

static void
attempt_free (Attempt *self)
{
  /* Before the descriptor goes. */
  g_clear_pointer (&self->watch, _aionet_watch_remove);
  g_object_unref (self->socket);
  g_free (self);
}

static void
race_free (Race *self)
{
  _aionet_clear_source (&self->stagger);
  _aionet_clear_source (&self->cancel);
  g_ptr_array_unref (self->attempts);
  g_ptr_array_unref (self->endpoints);
  g_clear_error (&self->error);
  g_free (self);
}

static void
set_connect_error (GSocketAddress *to, int code, GError **error)
{
  g_autofree char *text = NULL;
  AionetSockaddr   native;

  if (_aionet_sockaddr_set (&native, to, error))
    {
      text = _aionet_sockaddr_to_string (&native);
      g_set_error (error, G_IO_ERROR, g_io_error_from_errno (code), "Cannot connect to %s: %s",
                   text, g_strerror (code));
    }
}

/* A GSocket that did not connect itself takes only this for a sign that it is connected, without
 * which a GSocketConnection knows no remote address. */
static void
tell_connected (GSocket *socket)
{
  g_socket_check_connect_result (socket, NULL);
}

gboolean
_aionet_connect_socket (GSocket *socket, GSocketAddress *to, GError **error)
{
  AionetSockaddr native;
  int            code;

  if (!_aionet_sockaddr_set (&native, to, error))
    return FALSE;
  if (connect (g_socket_get_fd (socket), &native.any, _aionet_sockaddr_get_size (&native)) == 0)
    {
      tell_connected (socket);
      return TRUE;
    }
  code = errno;
  if (code == EINPROGRESS)
    g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_PENDING, "The connection is being made");
  else
    set_connect_error (to, code, error);
  return FALSE;
}

/* Ends the race: the caller holds a reference to the task. */
static void
finish (GTask *task, GSocket *winner, GError *error)
{
  Race *self = g_task_get_task_data (task);

  _aionet_clear_source (&self->stagger);
  _aionet_clear_source (&self->cancel);
  g_ptr_array_set_size (self->attempts, 0);
  if (winner != NULL)
    g_task_return_pointer (task, winner, g_object_unref);
  else
    g_task_return_error (task, error);
  /* The reference that the race held. */
  g_object_unref (task);
}

static void start_next (GTask *task);

static void
keep_error (Race *self, GError *error)
{
  g_clear_error (&self->error);
  self->error = error;
}

static void
on_answer (GIOCondition condition, gpointer user_data)
{
  Attempt *attempt = user_data;
  g_autoptr (GTask) task = g_object_ref (attempt->task);
  Race     *self = g_task_get_task_data (task);
  GError   *error = NULL;
  int       code = 0;
  socklen_t size = sizeof code;

  if (getsockopt (g_socket_get_fd (attempt->socket), SOL_SOCKET, SO_ERROR, &code, &size) != 0)
    code = errno;
  if (code == 0)
    {
      tell_connected (attempt->socket);
      finish (task, g_object_ref (attempt->socket), NULL);
      return;
    }
  set_connect_error (attempt->to, code, &error);
  keep_error (self, error);
  g_ptr_array_remove_fast (self->attempts, attempt);
  start_next (task);
}

static gboolean
on_silence (gpointer user_data)
{
  g_autoptr (GTask) task = g_object_ref (user_data);

  start_next (task);
  return G_SOURCE_REMOVE;
}

static gboolean
on_cancelled (GCancellable *cancellable, gpointer user_data)
{
  g_autoptr (GTask) task = g_object_ref (user_data);
  GError *error = NULL;

  g_cancellable_set_error_if_cancelled (cancellable, &error);
  finish (task, NULL, error);
  return G_SOURCE_REMOVE;
}

/* Returns: (transfer full) (nullable): a socket that is connected already */
static GSocket *
start_attempt (GTask *task, GSocketAddress *to, GError **error)
{
  Race *self = g_task_get_task_data (task);
  g_autoptr (GSocket) socket = self->make_socket (to, self->socket_data, error);
  g_autoptr (GError) local_error = NULL;
  Attempt *attempt;

  if (socket == NULL)
    return NULL;
  if (_aionet_connect_socket (socket, to, &local_error))
    return g_steal_pointer (&socket);
  if (!g_error_matches (local_error, G_IO_ERROR, G_IO_ERROR_PENDING))
    {
      g_propagate_error (error, g_steal_pointer (&local_error));
      return NULL;
    }
  attempt = g_new0 (Attempt, 1);
  attempt->task = task;
  attempt->to = to;
  attempt->socket = g_steal_pointer (&socket);
  attempt->watch =
      _aionet_reactor_add (g_task_get_context (task), g_socket_get_fd (attempt->socket), G_IO_OUT,
                           on_answer, attempt, error);
  if (attempt->watch != NULL)
    g_ptr_array_add (self->attempts, attempt);
  else
    attempt_free (attempt);
  return NULL;
}

static void
start_next (GTask *task)
{
  Race *self = g_task_get_task_data (task);

  _aionet_clear_source (&self->stagger);
  while (self->next < self->endpoints->len)
    {
      GError  *error = NULL;
      GSocket *winner = start_attempt (task, self->endpoints->pdata[self->next++], &error);

      if (winner != NULL)
        {
          finish (task, winner, NULL);
          return;
        }
      if (error == NULL)
        break;
      keep_error (self, error);
    }
  if (self->attempts->len == 0)
    finish (task, NULL, g_steal_pointer (&self->error));
  else if (self->next < self->endpoints->len)
    self->stagger = _aionet_timer_new (g_task_get_context (task), "[aionet] next endpoint",
                                       STAGGER_MS, on_silence, task);
}

void
_aionet_connect_async (GPtrArray              *endpoints,
                       AionetConnectSocketFunc make_socket,
                       gpointer                socket_data,
                       GCancellable           *cancellable,
                       GAsyncReadyCallback     callback,
                       gpointer                user_data)
{
  GTask *task;
  Race  *self;

  g_return_if_fail (endpoints->len > 0);

  task = _aionet_task_new (NULL, cancellable, _aionet_connect_async, callback, user_data);
  self = g_new0 (Race, 1);
  self->endpoints = g_ptr_array_ref (endpoints);
  self->make_socket = make_socket;
  self->socket_data = socket_data;
  self->attempts = g_ptr_array_new_with_free_func ((GDestroyNotify) attempt_free);
  g_task_set_task_data (task, self, (GDestroyNotify) race_free);
  if (g_task_return_error_if_cancelled (task))
    {
      g_object_unref (task);
      return;
    }
  if (cancellable != NULL)
    self->cancel = _aionet_cancel_source_new (g_task_get_context (task), cancellable,
                                              "[aionet] connect cancelled", on_cancelled, task);
  start_next (task);
}

GSocket *
_aionet_connect_finish (GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (_aionet_task_is_valid (result, NULL, _aionet_connect_async), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}
