/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#include "config.h"

#include "pipe/aionet-pipe-private.h"

#include <errno.h>
#include <sys/socket.h>
#include <unistd.h>

#include "engine/aionet-task-private.h"
#include "pipe/aionet-pipe-options-private.h"
#include "pipe/aionet-pipe-tls-private.h"

/* Clients of a TCP server. They go to whoever waits for one, or to handlers of `client`; without
 * either a few are kept open, so that those who give up meanwhile are noticed, and the rest waits
 * in the kernel. */

#define MAX_ACCEPTS 16
#define MAX_KEPT 128
/* A handshake costs more than a connection that waits in the kernel. */
#define MAX_SECURING 128
/* Out of descriptors or memory: asking again at once would be a busy loop. */
#define PAUSE_MS 100

struct _AionetBacklog
{
  GQueue        clients; /* (owned) (element-type AionetPipe) taken by nobody yet */
  GQueue        waiters; /* (owned) (element-type Waiter) */
  GSource      *pause;   /* (owned) (nullable) */

  GCancellable *securing; /* (owned) (nullable) cancelled when the server closes */
  guint         n_securing;
};

typedef struct
{
  AionetPipe *pipe;   /* (not owned: the task keeps it) */
  GTask      *task;   /* (owned) */
  GSource    *timer;  /* (owned) (nullable) */
  GSource    *cancel; /* (owned) (nullable) */
} Waiter;

static void
waiter_stop (Waiter *self)
{
  _aionet_clear_source (&self->timer);
  _aionet_clear_source (&self->cancel);
}

static void
waiter_free (Waiter *self)
{
  waiter_stop (self);
  g_object_unref (self->task);
  g_free (self);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Waiter, waiter_free)

static AionetBacklog *
ensure_backlog (AionetPipe *self)
{
  if (self->backlog == NULL)
    {
      self->backlog = g_new0 (AionetBacklog, 1);
      g_queue_init (&self->backlog->clients);
      g_queue_init (&self->backlog->waiters);
    }
  return self->backlog;
}

static void
update_pause (AionetPipe *self)
{
  AionetBacklog *backlog = self->backlog;

  self->accept_paused = backlog->pause != NULL || backlog->clients.length >= MAX_KEPT ||
                        backlog->n_securing >= MAX_SECURING;
  _aionet_pipe_update_watch (self);
}

static gboolean
on_pause_over (gpointer user_data)
{
  AionetPipe *self = user_data;

  _aionet_clear_source (&self->backlog->pause);
  update_pause (self);
  return G_SOURCE_REMOVE;
}

static void
pause_accepting (AionetPipe *self)
{
  AionetBacklog *backlog = ensure_backlog (self);

  if (backlog->pause == NULL)
    backlog->pause =
        _aionet_timer_new (self->context, "[aionet] accept pause", PAUSE_MS, on_pause_over, self);
  update_pause (self);
}

/* One that said something before it left is still worth a reader. */
static gboolean
has_left (AionetPipe *client)
{
  return !aionet_pipe_is_open (client) &&
         (client->queue == NULL || _aionet_message_queue_get_n_queued (client->queue) == 0);
}

/* Returns: (transfer full) (nullable) the first client that is still there */
static AionetPipe *
take_kept (AionetPipe *self)
{
  AionetPipe *client = NULL;

  if (self->backlog == NULL)
    return NULL;
  while (self->backlog->clients.length > 0 && client == NULL)
    {
      g_autoptr (AionetPipe) next = g_queue_pop_head (&self->backlog->clients);

      if (!has_left (next))
        client = g_steal_pointer (&next);
    }
  return client;
}

static void
drop_gone (AionetPipe *self)
{
  GQueue kept = G_QUEUE_INIT;

  for (AionetPipe *client = take_kept (self); client != NULL; client = take_kept (self))
    g_queue_push_tail (&kept, client);
  self->backlog->clients = kept;
}

static void
on_kept_closed (AionetPipe *client, const GError *error, gpointer user_data)
{
  AionetPipe *self = user_data;

  if (self->backlog == NULL)
    return;
  drop_gone (self);
  update_pause (self);
}

/* Returns TRUE if somebody took the first of those kept. */
static gboolean
hand_out_one (AionetPipe *self)
{
  gboolean has_waiter = self->backlog->waiters.length > 0;
  g_autoptr (AionetPipe) client = NULL;
  g_autoptr (Waiter) waiter = NULL;

  if (!has_waiter && !_aionet_pipe_has_client_handler (self))
    return FALSE;
  client = take_kept (self);
  if (client == NULL)
    return FALSE;
  g_signal_handlers_disconnect_by_func (client, on_kept_closed, self);
  if (!has_waiter)
    {
      _aionet_pipe_emit_client (self, client);
      return TRUE;
    }
  waiter = g_queue_pop_head (&self->backlog->waiters);
  waiter_stop (waiter);
  g_task_return_pointer (waiter->task, g_steal_pointer (&client), g_object_unref);
  return TRUE;
}

static void
hand_out (AionetPipe *self)
{
  while (self->state == AIONET_PIPE_OPEN && hand_out_one (self))
    ;
  if (self->state == AIONET_PIPE_OPEN)
    update_pause (self);
}

/* The common case, a handler and nothing kept, needs no list. */
static void
hand_over (AionetPipe *self, AionetPipe *client)
{
  if (self->owner_funcs != NULL)
    {
      self->owner_funcs->client (self->owner, client);
      return;
    }
  if (self->backlog == NULL && _aionet_pipe_has_client_handler (self))
    {
      _aionet_pipe_emit_client (self, client);
      return;
    }
  g_signal_connect_object (client, "closed", G_CALLBACK (on_kept_closed), self, G_CONNECT_DEFAULT);
  g_queue_push_tail (&ensure_backlog (self)->clients, g_object_ref (client));
  hand_out (self);
}

/* The server may be gone when a handshake ends. */
static void
on_secured (GObject *source, GAsyncResult *result, gpointer user_data)
{
  AionetPipe *client = AIONET_PIPE (source);
  GWeakRef   *server = user_data;
  g_autoptr (AionetPipe) self = g_weak_ref_get (server);
  g_autoptr (GError) error = NULL;
  g_autoptr (GSocketAddress) address = NULL;
  gboolean secure = aionet_pipe_open_finish (client, result, &error);

  g_weak_ref_clear (server);
  g_free (server);
  if (self == NULL || self->state != AIONET_PIPE_OPEN)
    return;
  self->backlog->n_securing--;
  update_pause (self);
  if (secure)
    {
      hand_over (self, client);
      return;
    }
  self->n_dropped++;
  address = _aionet_sockaddr_to_gio (&client->remote);
  _aionet_pipe_emit_refused (self, address, error);
}

static gboolean
secure_client (AionetPipe *self, AionetPipe *client, int fd, GError **error)
{
  AionetBacklog *backlog = ensure_backlog (self);
  GWeakRef      *server;

  client->socket = g_socket_new_from_fd (fd, error);
  if (client->socket == NULL)
    return FALSE;
  server = g_new0 (GWeakRef, 1);
  g_weak_ref_init (server, self);
  if (backlog->securing == NULL)
    backlog->securing = g_cancellable_new ();
  backlog->n_securing++;
  update_pause (self);
  g_main_context_push_thread_default (self->context);
  aionet_pipe_open_async (client, backlog->securing, on_secured, server);
  g_main_context_pop_thread_default (self->context);
  return TRUE;
}

static void
adopt_client (AionetPipe *self, int fd, const AionetSockaddr *peer)
{
  g_autoptr (AionetPipe) client = g_object_new (AIONET_TYPE_PIPE, NULL);
  g_autoptr (GError) error = NULL;

  g_main_context_unref (client->context);
  client->context = g_main_context_ref (self->context);
  client->protocol = G_SOCKET_PROTOCOL_TCP;
  client->is_accepted = TRUE;
  client->remote = *peer;
  client->route = self->route != NULL ? g_object_ref (self->route) : NULL;
  client->max_receive_bytes = self->max_receive_bytes;
  client->max_receive_messages = self->max_receive_messages;
  client->max_send_bytes = self->max_send_bytes;
  _aionet_pipe_inherit_options (client, self);
  _aionet_pipe_inherit_tls (client, self);
  client->connect_timeout_ms = self->connect_timeout_ms;
  if (_aionet_pipe_wants_tls (client) && secure_client (self, client, fd, &error))
    return;
  if (error == NULL && _aionet_pipe_adopt (client, NULL, fd, &error))
    {
      hand_over (self, client);
      return;
    }
  g_debug ("Cannot take a client: %s", error->message);
  close (fd);
  self->n_dropped++;
  pause_accepting (self);
}

/* Returns FALSE when there is no more to accept now. */
static gboolean
survive_accept_error (AionetPipe *self, int code)
{
  g_autoptr (GError) error = NULL;

  switch (code)
    {
    case EAGAIN:
#if EWOULDBLOCK != EAGAIN
    case EWOULDBLOCK:
#endif
      return FALSE;
    case EMFILE:
    case ENFILE:
    case ENOBUFS:
    case ENOMEM:
      pause_accepting (self);
      return FALSE;
    case EBADF:
    case EINVAL:
    case ENOTSOCK:
    case EFAULT:
      error = g_error_new (G_IO_ERROR, g_io_error_from_errno (code), "Cannot accept: %s",
                           g_strerror (code));
      _aionet_pipe_end (self, error, TRUE);
      return FALSE;
    default:
      /* accept (2): what went wrong with that one connection. */
      return TRUE;
    }
}

void
_aionet_pipe_accept (AionetPipe *self)
{
  for (guint i = 0; i < MAX_ACCEPTS; i++)
    {
      AionetSockaddr peer = { 0 };
      socklen_t      size = sizeof peer;
      int            fd;

      if (self->state != AIONET_PIPE_OPEN || self->accept_paused)
        return;
      fd = accept4 (self->fd, &peer.any, &size, SOCK_NONBLOCK | SOCK_CLOEXEC);
      if (fd >= 0)
        adopt_client (self, fd, &peer);
      else if (!survive_accept_error (self, errno))
        return;
    }
}

void
_aionet_pipe_accept_end (AionetPipe *self, const GError *error)
{
  AionetBacklog *backlog = g_steal_pointer (&self->backlog);

  if (backlog == NULL)
    return;
  _aionet_clear_source (&backlog->pause);
  if (backlog->securing != NULL)
    g_cancellable_cancel (backlog->securing);
  g_clear_object (&backlog->securing);
  /* Their callbacks may run the loop: none may end a second time in there. */
  for (GList *link = backlog->waiters.head; link != NULL; link = link->next)
    waiter_stop (link->data);
  g_queue_clear_full (&backlog->clients, g_object_unref);
  while (backlog->waiters.length > 0)
    {
      g_autoptr (Waiter) waiter = g_queue_pop_head (&backlog->waiters);

      g_task_return_error (waiter->task, g_error_copy (error));
    }
  g_free (backlog);
}

static void
waiter_fail (Waiter *waiter, GError *error)
{
  g_autoptr (Waiter) self = waiter;

  g_queue_remove (&self->pipe->backlog->waiters, self);
  waiter_stop (self);
  g_task_return_error (self->task, error);
}

static gboolean
on_timeout (gpointer user_data)
{
  waiter_fail (user_data, g_error_new_literal (G_IO_ERROR, G_IO_ERROR_TIMED_OUT,
                                               "No client connected in time"));
  return G_SOURCE_REMOVE;
}

static gboolean
on_cancelled (GCancellable *cancellable, gpointer user_data)
{
  GError *error = NULL;

  g_cancellable_set_error_if_cancelled (cancellable, &error);
  waiter_fail (user_data, error);
  return G_SOURCE_REMOVE;
}

static void
wait_for_client (AionetPipe *self, GTask *task, int timeout_ms)
{
  GCancellable *cancellable = g_task_get_cancellable (task);
  Waiter       *waiter = g_new0 (Waiter, 1);

  waiter->pipe = self;
  waiter->task = g_object_ref (task);
  if (timeout_ms > 0)
    waiter->timer = _aionet_timer_new (self->context, "[aionet] accept timeout", (guint) timeout_ms,
                                       on_timeout, waiter);
  if (cancellable != NULL)
    waiter->cancel = _aionet_cancel_source_new (self->context, cancellable,
                                                "[aionet] accept cancelled", on_cancelled, waiter);
  g_queue_push_tail (&ensure_backlog (self)->waiters, waiter);
}

/* Returns: (transfer full) (nullable) */
static GError *
find_accept_error (AionetPipe *self)
{
  if (self->state == AIONET_PIPE_CLOSED)
    return _aionet_pipe_new_closed_error (NULL);
  if (self->state == AIONET_PIPE_OPEN && !self->is_listener)
    return g_error_new_literal (G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED,
                                "Only a TCP server has clients");
  return NULL;
}

/**
 * aionet_pipe_accept_async:
 * @self: a TCP server
 * @timeout_ms: how long to wait in milliseconds; 0 looks and returns at once, negative waits for
 *   ever
 * @cancellable: (transfer none) (nullable): a cancellable, or %NULL
 * @callback: (scope async) (nullable): called in the main context of the pipe
 * @user_data: (closure): data for @callback
 *
 * Waits for the next client, instead of a handler of [signal@Pipe::client].
 *
 * Clients come in the order they connected; those that left again without a word are skipped. One
 * that spoke before it left comes as a closed pipe whose queue can still be received.
 *
 * Since: 0.1
 */
void
aionet_pipe_accept_async (AionetPipe         *self,
                          int                 timeout_ms,
                          GCancellable       *cancellable,
                          GAsyncReadyCallback callback,
                          gpointer            user_data)
{
  g_autoptr (GTask) task = NULL;
  AionetPipe *client;
  GError     *error;

  g_return_if_fail (AIONET_IS_PIPE (self));
  g_return_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable));

  task = _aionet_task_new (self, cancellable, aionet_pipe_accept_async, callback, user_data);
  if (g_task_return_error_if_cancelled (task))
    return;
  /* From here on a client that was taken is handed over, cancelled or not. */
  g_task_set_check_cancellable (task, FALSE);
  error = find_accept_error (self);
  client = error == NULL ? take_kept (self) : NULL;
  if (client != NULL)
    {
      g_signal_handlers_disconnect_by_func (client, on_kept_closed, self);
      update_pause (self);
      g_task_return_pointer (task, client, g_object_unref);
    }
  else if (error != NULL)
    g_task_return_error (task, error);
  else if (timeout_ms == 0)
    g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_TIMED_OUT, "No client waits");
  else
    wait_for_client (self, task, timeout_ms);
}

/**
 * aionet_pipe_accept_finish:
 * @self: a TCP server
 * @result: (transfer none): the result given to the callback
 * @error: return location for an error
 *
 * Finishes [method@Pipe.accept_async].
 *
 * Errors: %G_IO_ERROR_TIMED_OUT if nobody came in time, %G_IO_ERROR_CANCELLED,
 * %G_IO_ERROR_NOT_SUPPORTED for a pipe that is no TCP server, %AIONET_ERROR_CLOSED once it is
 * closed.
 *
 * Returns: (transfer full): a pipe to the client, or %NULL with @error set
 *
 * Since: 0.1
 */
AionetPipe *
aionet_pipe_accept_finish (AionetPipe *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (AIONET_IS_PIPE (self), NULL);
  g_return_val_if_fail (_aionet_task_is_valid (result, self, aionet_pipe_accept_async), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}
