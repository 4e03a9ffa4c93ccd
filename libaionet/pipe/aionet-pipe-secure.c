/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#include "config.h"

#include "pipe/aionet-pipe-secure-private.h"

#include "engine/aionet-task-private.h"
#include "pipe/aionet-pipe-tls-private.h"

/* While the handshake goes on the session owns the socket, not the pipe: a thread of GIO's uses it,
 * and closing it under that thread could hit whatever gets the number next. So a pipe that ends
 * meanwhile cancels, and the socket is closed once the thread has let go of it. */

/* The host a certificate has to be for. An address stands for itself. Returns: (transfer full) */
static GSocketConnectable *
new_identity (AionetPipe *self, GSocket *socket, GError **error)
{
  const char     *name = aionet_pipe_get_tls_server_name (self);
  GSocketAddress *remote;

  if (name == NULL && self->connectable != NULL)
    return g_object_ref (self->connectable);
  remote = g_socket_get_remote_address (socket, error);
  if (remote == NULL)
    return NULL;
  if (name == NULL && self->target != NULL && aionet_target_get_address (self->target) == NULL)
    name = aionet_target_get_hostname (self->target);
  if (name == NULL)
    return G_SOCKET_CONNECTABLE (remote);
  g_object_unref (remote);
  return g_network_address_new (name, 0);
}

static AionetTlsSession *
new_session (AionetPipe *self, GSocket *socket, GError **error)
{
  g_autoptr (GSocketConnectable) identity = NULL;
  AionetTlsParameters parameters = {
    .is_server = self->is_accepted,
    .certificate = self->tls->certificate,
    .database = self->tls->database,
    .validation_flags = self->tls->validation_flags,
    .authentication_mode = self->tls->authentication_mode,
    .alpn = self->tls->alpn,
  };

  if (!parameters.is_server)
    {
      identity = new_identity (self, socket, error);
      if (identity == NULL)
        return NULL;
      parameters.identity = identity;
    }
  return _aionet_tls_session_new (socket, &parameters, error);
}

void
_aionet_pipe_drop_session (AionetTlsSession *session)
{
  _aionet_tls_session_close (session, FALSE);
  _aionet_tls_session_free (session);
}

static void
on_shaken (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  AionetTlsSession *session = g_task_get_task_data (task);
  GError           *error = NULL;

  if (_aionet_tls_session_handshake_finish (session, result, &error))
    {
      g_task_return_pointer (task, session, (GDestroyNotify) _aionet_pipe_drop_session);
      return;
    }
  _aionet_pipe_drop_session (session);
  g_task_return_error (task, error);
}

void
_aionet_pipe_secure_async (AionetPipe         *self,
                           GSocket            *socket,
                           GCancellable       *cancellable,
                           GAsyncReadyCallback callback,
                           gpointer            user_data)
{
  GError *error = NULL;
  g_autoptr (GTask) task =
      _aionet_task_new (NULL, cancellable, _aionet_pipe_secure_async, callback, user_data);
  AionetTlsSession *session = new_session (self, socket, &error);

  if (session == NULL)
    {
      g_socket_close (socket, NULL);
      g_task_return_error (task, error);
      return;
    }
  g_task_set_task_data (task, session, NULL);
  _aionet_tls_session_handshake_async (session, self->context, cancellable, on_shaken,
                                       g_steal_pointer (&task));
}

AionetTlsSession *
_aionet_pipe_secure_finish (GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (_aionet_task_is_valid (result, NULL, _aionet_pipe_secure_async), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

gboolean
_aionet_pipe_check_tls (AionetPipe *self, GError **error)
{
  gboolean has_target = self->target_text != NULL || self->connectable != NULL;

  if (!_aionet_pipe_wants_tls (self))
    return TRUE;
  if (self->protocol != G_SOCKET_PROTOCOL_TCP)
    g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED, "TLS needs TCP");
  else if (!has_target && self->socket == NULL && self->tls->certificate == NULL)
    g_set_error_literal (error, G_TLS_ERROR, G_TLS_ERROR_CERTIFICATE_REQUIRED,
                         "A TLS server needs a certificate");
  else
    return TRUE;
  return FALSE;
}
