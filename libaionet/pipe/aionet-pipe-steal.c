/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#include "config.h"

#include "pipe/aionet-pipe-private.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "engine/aionet-icmp-private.h"

/* The way out of a pipe, for programs that know better what to do with a socket. */

/**
 * aionet_pipe_try_receive:
 * @self: a pipe
 *
 * Takes the next message that waits in the queue of the pipe, if there is one. Works on a closed
 * pipe, too.
 *
 * Returns: (transfer full) (nullable): the message, or %NULL if none waits
 *
 * Since: 0.1
 */
AionetMessage *
aionet_pipe_try_receive (AionetPipe *self)
{
  g_return_val_if_fail (AIONET_IS_PIPE (self), NULL);

  return self->queue != NULL ? _aionet_message_queue_pop (self->queue) : NULL;
}

static gboolean
check_stealable (AionetPipe *self, GError **error)
{
  _aionet_pipe_flush_collected (self);
  if (self->state == AIONET_PIPE_CLOSED)
    g_propagate_error (error, _aionet_pipe_new_closed_error (self->end_error));
  else if (self->state != AIONET_PIPE_OPEN)
    g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_NOT_CONNECTED, "The pipe is not open yet");
  else if (self->relay != NULL || !_aionet_pipe_is_plain (self))
    g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED,
                         "The socket of a relay, or under TLS, is of no use without the pipe");
  else if (_aionet_pipe_has_unsent (self))
    g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_PENDING,
                         "Something still waits to be sent through the pipe");
  else
    return TRUE;
  return FALSE;
}

/**
 * aionet_pipe_steal_socket:
 * @self: an open pipe
 * @error: return location for an error
 *
 * Takes the socket out of a pipe and closes the pipe, but not the socket: the way to hand a
 * connection that was opened over a route to another library or to another process.
 *
 * What the pipe has read before stays in its queue: take it with [method@Pipe.try_receive] before
 * reading from the socket. Stolen in the callback of [method@Pipe.open_async], or in a handler of
 * [signal@Pipe::client], nothing has been read.
 *
 * Errors: %G_IO_ERROR_NOT_CONNECTED before the pipe is open, %G_IO_ERROR_PENDING while something
 * waits to be sent, %G_IO_ERROR_NOT_SUPPORTED in a relay, %AIONET_ERROR_CLOSED afterwards, other
 * `G_IO_ERROR` codes from the system.
 *
 * Returns: (transfer full): the socket, connected, bound or listening as it was, or %NULL with
 *   @error set
 *
 * Since: 0.1
 */
GSocket *
aionet_pipe_steal_socket (AionetPipe *self, GError **error)
{
  g_autoptr (AionetPipe) alive = NULL;
  g_autoptr (GSocket) socket = NULL;
  int fd;

  g_return_val_if_fail (AIONET_IS_PIPE (self), NULL);

  alive = g_object_ref (self);
  if (!check_stealable (self, error))
    return NULL;
  /* Those who wait for messages are served, and may end the pipe. */
  _aionet_pipe_retire_datagrams (self);
  if (!check_stealable (self, error))
    return NULL;
  fd = fcntl (self->fd, F_DUPFD_CLOEXEC, 0);
  if (fd < 0)
    {
      g_set_error (error, G_IO_ERROR, g_io_error_from_errno (errno), "Cannot take the socket: %s",
                   g_strerror (errno));
      return NULL;
    }
  socket = g_socket_new_from_fd (fd, error);
  if (socket == NULL)
    {
      close (fd);
      return NULL;
    }
  if (self->protocol == G_SOCKET_PROTOCOL_UDP)
    _aionet_icmp_disable (fd, g_socket_get_family (socket));
  _aionet_pipe_end (self, NULL, TRUE);
  return g_steal_pointer (&socket);
}
