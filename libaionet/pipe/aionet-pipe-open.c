/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#include "config.h"

#include "pipe/aionet-pipe-private.h"

#include <errno.h>
#include <sys/socket.h>

#include "engine/aionet-connect-private.h"
#include "engine/aionet-enumerate-private.h"
#include "engine/aionet-local-private.h"
#include "engine/aionet-resolve-private.h"
#include "engine/aionet-task-private.h"
#include "pipe/aionet-pipe-options-private.h"
#include "pipe/aionet-pipe-secure-private.h"
#include "pipe/aionet-pipe-tls-private.h"
#include "topology/aionet-interface.h"
#include "topology/aionet-route-private.h"
#include "value/aionet-error.h"

/* From a target to an open socket: resolve, connect (TCP: race the endpoints; UDP: the first that
 * has a route), adopt. A server only binds. One deadline for all of it.
 *
 * The steps under way hold a reference to the pipe and find out for themselves that the opening
 * they belong to is over: its cancellable was cancelled. */

struct _AionetOpening
{
  GTask        *task;     /* (owned) */
  GCancellable *steps;    /* (owned) cancelled when the opening ends, however */
  GSource      *deadline; /* (owned) (nullable) */
  GSource      *cancel;   /* (owned) (nullable) */
};

static void
opening_free (AionetOpening *self)
{
  _aionet_clear_source (&self->deadline);
  _aionet_clear_source (&self->cancel);
  g_object_unref (self->steps);
  g_object_unref (self->task);
  g_free (self);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AionetOpening, opening_free)

void
_aionet_pipe_opening_end (AionetPipe *self, const GError *error)
{
  g_autoptr (AionetOpening) opening = g_steal_pointer (&self->opening);

  if (opening == NULL)
    return;
  _aionet_clear_source (&opening->deadline);
  _aionet_clear_source (&opening->cancel);
  g_cancellable_cancel (opening->steps);
  if (error != NULL)
    g_task_return_error (opening->task, g_error_copy (error));
  else
    g_task_return_boolean (opening->task, TRUE);
}

/* Takes error. The task gets it, whoever waits otherwise hears that the pipe is closed. */
static void
fail (AionetPipe *self, GError *error)
{
  g_autoptr (GError) owned = error;

  _aionet_pipe_end (self, owned, FALSE);
}

static void
succeed (AionetPipe *self, GSocket *socket)
{
  g_autoptr (AionetPipe) alive = g_object_ref (self);
  GError *error = NULL;

  if (!_aionet_pipe_adopt (self, socket, -1, &error))
    {
      fail (self, error);
      return;
    }
  if (_aionet_pipe_is_secure (self))
    _aionet_pipe_tls_update (self);
  _aionet_pipe_opening_end (self, NULL);
}

/* A step that ends after its opening did has nothing to say any more. */
static gboolean
is_over (AionetPipe *self, GCancellable *steps)
{
  return self->opening == NULL || self->opening->steps != steps;
}

/* The wildcard of a family unless there is a route. */
static GSocket *
make_local_socket (AionetPipe *self, AionetRoute *route, GSocketFamily family, GError **error)
{
  g_autoptr (AionetLocal) local =
      route != NULL ? _aionet_route_dup_local (route, error) : _aionet_local_new (NULL, family, 0);
  g_autoptr (GSocket) socket = NULL;

  if (local == NULL)
    return NULL;
  local->reuse_address = _aionet_pipe_get_option (self, AIONET_OPTION_REUSE_ADDRESS);
  socket = _aionet_local_create_socket (local, (GSocketProtocol) self->protocol, error);
  if (socket == NULL || !_aionet_pipe_apply_options (self, g_socket_get_fd (socket), error))
    return NULL;
  return g_steal_pointer (&socket);
}

static GSocket *
make_socket_towards (GSocketAddress *to, gpointer user_data, GError **error)
{
  AionetPipe   *self = user_data;
  GInetAddress *address = g_inet_socket_address_get_address (G_INET_SOCKET_ADDRESS (to));
  g_autoptr (AionetRoute) bound = NULL;

  /* Made for a socket of the user's. */
  if (self->socket != NULL)
    return g_object_ref (self->socket);
  if (self->route == NULL || aionet_route_get_is_bound (self->route))
    return make_local_socket (self, self->route, g_socket_address_get_family (to), error);
  bound = aionet_route_bind_towards (self->route, address, 0, error);
  if (bound == NULL)
    return NULL;
  return make_local_socket (self, bound, g_socket_address_get_family (to), error);
}

typedef struct
{
  AionetPipe   *pipe;   /* (owned) */
  GCancellable *steps;  /* (owned) */
  GSocket      *socket; /* (owned) (nullable) that is being made secure */
} Step;

static Step *
step_new (AionetPipe *self)
{
  Step *step = g_new0 (Step, 1);

  step->pipe = g_object_ref (self);
  step->steps = g_object_ref (self->opening->steps);
  return step;
}

static void
step_free (Step *self)
{
  g_object_unref (self->pipe);
  g_object_unref (self->steps);
  g_clear_object (&self->socket);
  g_free (self);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Step, step_free)

static void
on_secure (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (Step) step = user_data;
  g_autoptr (GError) error = NULL;
  AionetTlsSession *session = _aionet_pipe_secure_finish (result, &error);

  if (is_over (step->pipe, step->steps))
    g_clear_pointer (&session, _aionet_pipe_drop_session);
  else if (session == NULL)
    fail (step->pipe, g_steal_pointer (&error));
  else
    {
      _aionet_pipe_set_session (step->pipe, session);
      succeed (step->pipe, step->socket);
    }
}

static void
secure (AionetPipe *self, GSocket *socket)
{
  Step *step = step_new (self);

  step->socket = g_object_ref (socket);
  /* Nor is a socket of the user's the pipe's to close meanwhile. */
  g_clear_object (&self->socket);
  _aionet_pipe_secure_async (self, step->socket, self->opening->steps, on_secure, step);
}

static void
on_connected (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (Step) step = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GSocket) socket = _aionet_connect_finish (result, &error);

  if (is_over (step->pipe, step->steps))
    return;
  if (socket == NULL)
    fail (step->pipe, g_steal_pointer (&error));
  else if (_aionet_pipe_wants_tls (step->pipe))
    secure (step->pipe, socket);
  else
    succeed (step->pipe, socket);
}

static void
connect_stream (AionetPipe *self, GPtrArray *endpoints)
{
  _aionet_connect_async (endpoints, make_socket_towards, self, self->opening->steps, on_connected,
                         step_new (self));
}

static GSocket *
connect_datagram (AionetPipe *self, GSocketAddress *to, GError **error)
{
  g_autoptr (GSocket) socket = make_socket_towards (to, self, error);

  if (socket == NULL || !_aionet_connect_socket (socket, to, error))
    return NULL;
  return g_steal_pointer (&socket);
}

/* Nobody answers: the first endpoint that the host has a route to is it. */
static void
connect_datagrams (AionetPipe *self, GPtrArray *endpoints)
{
  g_autoptr (GSocket) socket = NULL;
  GError *error = NULL;

  for (guint i = 0; i < endpoints->len && socket == NULL; i++)
    {
      g_clear_error (&error);
      socket = connect_datagram (self, endpoints->pdata[i], &error);
    }
  if (socket != NULL)
    succeed (self, socket);
  else
    fail (self, error);
}

/* endpoints: (nullable) NULL with error, which is taken */
static void
connect_to (Step *step, GPtrArray *endpoints, GError *error)
{
  g_autoptr (GError) owned = error;

  if (is_over (step->pipe, step->steps))
    return;
  if (endpoints == NULL)
    fail (step->pipe, g_steal_pointer (&owned));
  else if (step->pipe->protocol == G_SOCKET_PROTOCOL_UDP)
    connect_datagrams (step->pipe, endpoints);
  else
    connect_stream (step->pipe, endpoints);
}

static void
on_resolved (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (Step) step = user_data;
  GError *error = NULL;
  g_autoptr (GPtrArray) endpoints = _aionet_resolve_finish (result, &error);

  connect_to (step, endpoints, error);
}

static void
on_enumerated (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (Step) step = user_data;
  GError *error = NULL;
  g_autoptr (GPtrArray) endpoints = _aionet_enumerate_finish (result, &error);

  connect_to (step, endpoints, error);
}

static GSocketFamily
get_family (AionetPipe *self)
{
  return self->route != NULL ? aionet_route_get_family (self->route) : G_SOCKET_FAMILY_INVALID;
}

/* What a link-local target without a scope of its own means: the interface of the route. */
static guint32
get_scope_id (AionetPipe *self)
{
  GSocketAddress  *local;
  AionetInterface *interface;
  guint32          scope_id = 0;

  if (self->route == NULL || get_family (self) != G_SOCKET_FAMILY_IPV6)
    return 0;
  local = aionet_route_get_local_address (self->route);
  if (local != NULL && G_IS_INET_SOCKET_ADDRESS (local))
    scope_id = g_inet_socket_address_get_scope_id (G_INET_SOCKET_ADDRESS (local));
  interface = aionet_route_get_interface (self->route);
  if (scope_id == 0 && interface != NULL)
    scope_id = aionet_interface_get_index (interface);
  return scope_id;
}

static gboolean
parse_target (AionetPipe *self, GError **error)
{
  g_clear_object (&self->target);
  self->target = aionet_target_new_from_string (self->target_text, 0, error);
  if (self->target == NULL)
    return FALSE;
  if (aionet_target_get_port (self->target) != 0)
    return TRUE;
  g_set_error (error, AIONET_ERROR, AIONET_ERROR_INVALID_ADDRESS, "Target “%s” has no port",
               self->target_text);
  return FALSE;
}

static void
open_target (AionetPipe *self)
{
  GError *error = NULL;

  if (parse_target (self, &error))
    _aionet_resolve_async (self->target, get_family (self), get_scope_id (self),
                           self->opening->steps, on_resolved, step_new (self));
  else
    fail (self, error);
}

static void
open_connectable (AionetPipe *self)
{
  _aionet_enumerate_async (self->connectable, get_family (self), get_scope_id (self),
                           self->opening->steps, on_enumerated, step_new (self));
}

static void
on_hello (GIOCondition condition, gpointer user_data)
{
  g_autoptr (AionetPipe) self = g_object_ref (user_data);

  g_clear_pointer (&self->watch, _aionet_watch_remove);
  secure (self, self->socket);
}

/* A handshake takes a thread: a client that is silent gets none. */
static void
wait_for_hello (AionetPipe *self)
{
  GError *error = NULL;

  self->watch = _aionet_reactor_add (self->context, g_socket_get_fd (self->socket), G_IO_IN,
                                     on_hello, self, &error);
  if (self->watch == NULL)
    fail (self, error);
}

static void
open_socket (AionetPipe *self)
{
  g_autoptr (GPtrArray) endpoints = g_ptr_array_new_with_free_func (g_object_unref);

  g_ptr_array_add (endpoints, _aionet_sockaddr_to_gio (&self->remote));
  connect_stream (self, endpoints);
}

static void
open_server (AionetPipe *self)
{
  GSocketFamily family = self->route != NULL ? get_family (self) : G_SOCKET_FAMILY_IPV4;
  GError       *error = NULL;
  g_autoptr (GSocket) socket = make_local_socket (self, self->route, family, &error);

  if (socket != NULL && self->protocol == G_SOCKET_PROTOCOL_TCP &&
      listen (g_socket_get_fd (socket), SOMAXCONN) != 0)
    {
      int code = errno;

      g_clear_object (&socket);
      g_set_error (&error, G_IO_ERROR, g_io_error_from_errno (code), "Cannot listen: %s",
                   g_strerror (code));
    }
  if (socket != NULL)
    succeed (self, socket);
  else
    fail (self, error);
}

static gboolean
on_deadline (gpointer user_data)
{
  AionetPipe *self = user_data;

  fail (self, g_error_new (G_IO_ERROR, G_IO_ERROR_TIMED_OUT, "No connection with %s within %u ms",
                           self->target_text != NULL ? self->target_text : "the peer",
                           self->connect_timeout_ms));
  return G_SOURCE_REMOVE;
}

static gboolean
on_cancelled (GCancellable *cancellable, gpointer user_data)
{
  GError *error = NULL;

  g_cancellable_set_error_if_cancelled (cancellable, &error);
  fail (user_data, error);
  return G_SOURCE_REMOVE;
}

static void
start (AionetPipe *self, GTask *task)
{
  GCancellable  *cancellable = g_task_get_cancellable (task);
  AionetOpening *opening = g_new0 (AionetOpening, 1);
  GError        *error = NULL;

  self->opening = opening;
  self->state = AIONET_PIPE_OPENING;
  opening->task = g_object_ref (task);
  opening->steps = g_cancellable_new ();
  if (self->connect_timeout_ms > 0)
    opening->deadline = _aionet_timer_new (self->context, "[aionet] connect timeout",
                                           self->connect_timeout_ms, on_deadline, self);
  if (cancellable != NULL)
    opening->cancel = _aionet_cancel_source_new (self->context, cancellable,
                                                 "[aionet] open cancelled", on_cancelled, self);
  if (!_aionet_pipe_check_tls (self, &error))
    fail (self, error);
  else if (self->target_text != NULL)
    open_target (self);
  else if (self->connectable != NULL)
    open_connectable (self);
  else if (self->is_accepted)
    wait_for_hello (self);
  else if (self->socket != NULL)
    open_socket (self);
  else
    open_server (self);
}

/* Returns: (transfer full) */
static GError *
new_closed_or_open_error (AionetPipe *self)
{
  return self->open_error != NULL ? g_error_copy (self->open_error)
                                  : _aionet_pipe_new_closed_error (NULL);
}

/**
 * aionet_pipe_open_async:
 * @self: a pipe
 * @cancellable: (transfer none) (nullable): a cancellable, or %NULL
 * @callback: (scope async) (nullable): called in the main context of the pipe
 * @user_data: (closure): data for @callback
 *
 * Opens the pipe: resolves, connects and, with [property@Pipe:tls], secures a client, binds a
 * server.
 *
 * All of it takes [property@Pipe:connect-timeout-ms] at most. A TCP client tries the endpoints of a
 * name as RFC 8305 says: the next one when an attempt failed or was silent for 250 ms. A UDP
 * client sends nothing. A server without a route listens on the IPv4 wildcard address, on a port
 * the system chooses; connect to [signal@Pipe::client] or call [method@Pipe.accept_async] before
 * the main context runs again.
 *
 * A pipe for a socket that is connected, listening or of UDP is open already; this succeeds then.
 * After a failure the pipe is closed for good.
 *
 * Since: 0.1
 */
void
aionet_pipe_open_async (AionetPipe         *self,
                        GCancellable       *cancellable,
                        GAsyncReadyCallback callback,
                        gpointer            user_data)
{
  g_autoptr (GTask) task = NULL;

  g_return_if_fail (AIONET_IS_PIPE (self));
  g_return_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable));

  task = _aionet_task_new (self, cancellable, aionet_pipe_open_async, callback, user_data);
  if (g_task_return_error_if_cancelled (task))
    return;
  /* The pipe is open or not, cancelled or not. */
  g_task_set_check_cancellable (task, FALSE);
  switch ((AionetPipeState) self->state)
    {
    case AIONET_PIPE_NEW:
      start (self, task);
      break;
    case AIONET_PIPE_OPENING:
      g_task_return_new_error (task, AIONET_ERROR, AIONET_ERROR_BUSY, "The pipe is being opened");
      break;
    case AIONET_PIPE_OPEN:
      g_task_return_boolean (task, TRUE);
      break;
    case AIONET_PIPE_CLOSED:
    default:
      g_task_return_error (task, new_closed_or_open_error (self));
    }
}

/**
 * aionet_pipe_open_finish:
 * @self: a pipe
 * @result: (transfer none): the result given to the callback
 * @error: return location for an error
 *
 * Finishes [method@Pipe.open_async].
 *
 * Errors: %G_IO_ERROR_TIMED_OUT, %G_IO_ERROR_CANCELLED, %G_IO_ERROR_CONNECTION_REFUSED,
 * %G_IO_ERROR_ADDRESS_IN_USE and other `G_IO_ERROR` codes of the socket; any of `G_RESOLVER_ERROR`;
 * %AIONET_ERROR_INVALID_ADDRESS for a bad target, %AIONET_ERROR_UNSUPPORTED_FAMILY if it is not of
 * the family of the route, %AIONET_ERROR_NO_INTERFACE for an unknown scope; `G_TLS_ERROR` codes of
 * the handshake: %G_TLS_ERROR_BAD_CERTIFICATE, %G_TLS_ERROR_NOT_TLS, %G_TLS_ERROR_UNAVAILABLE
 * without a TLS backend, %G_TLS_ERROR_CERTIFICATE_REQUIRED for a server that has none;
 * %AIONET_ERROR_BUSY
 * while another call is under way, %AIONET_ERROR_CLOSED if the pipe was closed; those of
 * [method@Route.create_socket].
 *
 * Returns: %TRUE if the pipe is open, %FALSE with @error set
 *
 * Since: 0.1
 */
gboolean
aionet_pipe_open_finish (AionetPipe *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (AIONET_IS_PIPE (self), FALSE);
  g_return_val_if_fail (_aionet_task_is_valid (result, self, aionet_pipe_open_async), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}
