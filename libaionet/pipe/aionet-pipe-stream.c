/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#include "config.h"

#include "pipe/aionet-message.h"
#include "pipe/aionet-pipe-private.h"
#include "pipe/aionet-pipe-tls-private.h"
#include "pipe/aionet-prefixed-stream-private.h"
#include "value/aionet-error.h"

/* The way out of the library: the socket moves into a stream of GIO's, and the pipe is over. */

static gboolean
check (AionetPipe *self, GError **error)
{
  if (self->protocol != G_SOCKET_PROTOCOL_TCP || self->is_listener)
    g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED,
                         "Only a TCP connection is a stream");
  else if (self->state == AIONET_PIPE_CLOSED || self->end_seen || self->is_shut)
    g_propagate_error (error, _aionet_pipe_new_closed_error (NULL));
  else if (self->state != AIONET_PIPE_OPEN)
    g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_NOT_CONNECTED, "The pipe is not open yet");
  else if (self->send_error != NULL)
    g_propagate_error (error, g_error_copy (self->send_error));
  else if (self->relay != NULL || _aionet_pipe_has_unsent (self))
    g_set_error_literal (error, AIONET_ERROR, AIONET_ERROR_BUSY,
                         self->relay != NULL ? "The pipe is joined with another"
                                             : "Bytes of the pipe wait to be sent");
  else
    return TRUE;
  return FALSE;
}

/* Returns: (transfer full) (nullable) what was received already, but read by nobody */
static GBytes *
take_queued (AionetPipe *self)
{
  g_autoptr (GByteArray) bytes = g_byte_array_new ();

  while (self->queue != NULL)
    {
      g_autoptr (AionetMessage) message = _aionet_message_queue_pop (self->queue);
      gconstpointer data;
      gsize         size;

      if (message == NULL)
        break;
      data = g_bytes_get_data (aionet_message_get_bytes (message), &size);
      g_byte_array_append (bytes, data, (guint) size);
    }
  return bytes->len > 0 ? g_byte_array_free_to_bytes (g_steal_pointer (&bytes)) : NULL;
}

/* Returns: (transfer full) */
static GIOStream *
move_socket_out (AionetPipe *self, GError **error)
{
  g_autoptr (GSocket) socket = NULL;
  GIOStream *stream;

  _aionet_pipe_find_local (self);
  socket =
      self->socket != NULL ? g_object_ref (self->socket) : g_socket_new_from_fd (self->fd, error);
  if (socket == NULL)
    return NULL;
  if (_aionet_pipe_is_secure (self))
    stream = _aionet_pipe_move_session_out (self);
  else
    stream = G_IO_STREAM (g_socket_connection_factory_create_connection (socket));
  g_clear_pointer (&self->watch, _aionet_watch_remove);
  g_clear_object (&self->socket);
  self->fd = -1;
  return stream;
}

/**
 * aionet_pipe_get_io_stream:
 * @self: a TCP pipe that is open
 * @error: return location for an error
 *
 * Turns the pipe into a stream of GIO's, for programs and libraries that work with those.
 *
 * The connection moves: the stream owns it from then on, and closes it in the end. The pipe is
 * closed without a word to the peer ([signal@Pipe::closed] tells no error), reads and sends no
 * more, and may be dropped; its addresses and statistics stay. What it had received and nobody had
 * taken is what the stream gives first. With [property@Pipe:tls] the stream is a
 * [class@Gio.TlsConnection], otherwise a [class@Gio.SocketConnection]; something else that wraps
 * one of them if there is anything to be given first.
 *
 * Protocols that begin in the clear and go on with TLS (STARTTLS) go this way, too: when both sides
 * have agreed, make a [func@Gio.TlsClientConnection.new] (a server: a
 * [func@Gio.TlsServerConnection.new]) of the stream. What came too early, in the clear, then fails
 * the handshake instead of being taken for secure.
 *
 * Errors: %G_IO_ERROR_NOT_SUPPORTED for UDP and servers, %G_IO_ERROR_NOT_CONNECTED before the pipe
 * is open, %AIONET_ERROR_CLOSED afterwards, %AIONET_ERROR_BUSY while bytes wait to be sent or the
 * pipe is joined with another; the pipe is as it was then.
 *
 * Returns: (transfer full): the stream, or %NULL with @error set
 *
 * Since: 0.1
 */
GIOStream *
aionet_pipe_get_io_stream (AionetPipe *self, GError **error)
{
  g_autoptr (AionetPipe) alive = NULL;
  g_autoptr (GIOStream) stream = NULL;
  g_autoptr (GBytes) queued = NULL;

  g_return_val_if_fail (AIONET_IS_PIPE (self), NULL);

  if (!check (self, error))
    return NULL;
  alive = g_object_ref (self);
  stream = move_socket_out (self, error);
  if (stream == NULL)
    return NULL;
  queued = take_queued (self);
  _aionet_pipe_end (self, NULL, TRUE);
  return queued != NULL ? _aionet_prefixed_stream_new (stream, queued) : g_steal_pointer (&stream);
}
