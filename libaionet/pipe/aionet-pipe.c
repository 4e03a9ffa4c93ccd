/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#include "config.h"

#include "pipe/aionet-pipe-private.h"

#include <sys/socket.h>

#include "engine/aionet-connect-private.h"
#include "engine/aionet-dispose-private.h"
#include "pipe/aionet-pipe-options-private.h"
#include "pipe/aionet-pipe-tls-private.h"

/**
 * AionetPipe:
 *
 * One socket, TCP or UDP, client or server, bound to a route.
 *
 * A message goes to every subscription that matches it, to the message function, and to the
 * handlers of [signal@Pipe::message]. What none of them takes waits in the queue of the pipe for
 * [method@Pipe.receive_async]; so nothing is lost that arrives before a program is ready. The
 * queue is bounded by [property@Pipe:receive-queue-bytes] and
 * [property@Pipe:receive-queue-messages]: when it is full UDP drops the newest message and counts
 * it, TCP stops reading, so that the peer stops sending.
 *
 * All pipes of a main context share one descriptor in it. Use a pipe in the thread of the main
 * context that was the thread-default one when it was made; signals and callbacks arrive there. It
 * may be dropped in any thread. Dropping an open pipe closes it.
 *
 * ```c
 * static void
 * on_reply (AionetPipe *pipe, AionetMessage *message, gpointer user_data)
 * {
 *   g_print ("%" G_GSIZE_FORMAT " bytes\n", g_bytes_get_size (aionet_message_get_bytes (message)));
 * }
 *
 * static AionetPipe *
 * open_client (AionetRoute *route, GAsyncReadyCallback on_open)
 * {
 *   AionetPipe *pipe = aionet_pipe_new (G_SOCKET_PROTOCOL_UDP, "example.org:7", route);
 *
 *   g_signal_connect (pipe, "message", G_CALLBACK (on_reply), NULL);
 *   aionet_pipe_open_async (pipe, NULL, on_open, NULL);
 *   return pipe;
 * }
 * ```
 *
 * Since: 0.1
 */

enum
{
  SIGNAL_MESSAGE,
  SIGNAL_CLIENT,
  SIGNAL_CLOSED,
  SIGNAL_REFUSED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (AionetPipe, aionet_pipe, G_TYPE_OBJECT)

gboolean
_aionet_pipe_has_message_handler (AionetPipe *self)
{
  return g_signal_has_handler_pending (self, signals[SIGNAL_MESSAGE], 0, FALSE);
}

gboolean
_aionet_pipe_has_client_handler (AionetPipe *self)
{
  return g_signal_has_handler_pending (self, signals[SIGNAL_CLIENT], 0, FALSE);
}

void
_aionet_pipe_emit_message (AionetPipe *self, AionetMessage *message)
{
  g_signal_emit (self, signals[SIGNAL_MESSAGE], 0, message);
}

void
_aionet_pipe_emit_client (AionetPipe *self, AionetPipe *client)
{
  g_signal_emit (self, signals[SIGNAL_CLIENT], 0, client);
}

void
_aionet_pipe_emit_refused (AionetPipe *self, GSocketAddress *to, const GError *error)
{
  g_signal_emit (self, signals[SIGNAL_REFUSED], 0, to, error);
}

void
_aionet_pipe_emit_closed (AionetPipe *self, const GError *error)
{
  g_signal_emit (self, signals[SIGNAL_CLOSED], 0, error);
}

static void
dispose_here (GObject *object)
{
  AionetPipe *self = AIONET_PIPE (object);

  _aionet_pipe_end (self, NULL, FALSE);
  _aionet_pipe_deliver_clear (self);
  G_OBJECT_CLASS (aionet_pipe_parent_class)->dispose (object);
}

static void
aionet_pipe_dispose (GObject *object)
{
  AionetPipe *self = AIONET_PIPE (object);

  _aionet_dispose_in (self->context, self->home, object, dispose_here);
}

static void
aionet_pipe_finalize (GObject *object)
{
  AionetPipe *self = AIONET_PIPE (object);

  _aionet_pipe_deliver_clear (self);
  _aionet_pipe_clear_options (self);
  _aionet_pipe_clear_tls (self);
  g_clear_object (&self->connectable);
  g_clear_object (&self->target);
  g_clear_object (&self->route);
  g_clear_object (&self->local_address);
  g_clear_object (&self->remote_address);
  g_clear_error (&self->open_error);
  g_clear_error (&self->end_error);
  g_clear_error (&self->send_error);
  g_clear_pointer (&self->failures, g_array_unref);
  g_clear_pointer (&self->asked, g_free);
  g_free (self->target_text);
  g_main_context_unref (self->context);
  _aionet_home_unref (self->home);
  G_OBJECT_CLASS (aionet_pipe_parent_class)->finalize (object);
}

static void
install_signals (GType type)
{
  /**
   * AionetPipe::message:
   * @self: the pipe
   * @message: the message
   *
   * Emitted for every message. As long as a handler is connected nothing is queued for
   * [method@Pipe.receive_async]; a message that waits already when the first handler connects is
   * emitted before the next that arrives.
   *
   * Since: 0.1
   */
  signals[SIGNAL_MESSAGE] =
      g_signal_new ("message", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                    g_cclosure_marshal_VOID__BOXED, G_TYPE_NONE, 1, AIONET_TYPE_MESSAGE);
  g_signal_set_va_marshaller (signals[SIGNAL_MESSAGE], type, g_cclosure_marshal_VOID__BOXEDv);

  /**
   * AionetPipe::client:
   * @self: the pipe, a TCP server
   * @client: an open pipe to a new client
   *
   * Emitted for every client that connects, unless a call of [method@Pipe.accept_async] waits for
   * it. A handler that takes no reference refuses the client: it is closed.
   *
   * Since: 0.1
   */
  signals[SIGNAL_CLIENT] = g_signal_new ("client", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                         G_TYPE_NONE, 1, AIONET_TYPE_PIPE);

  /**
   * AionetPipe::closed:
   * @self: the pipe
   * @error: (nullable): what went wrong, or %NULL if the peer finished or this side closed
   *
   * Emitted once, when a pipe that was open is closed. What it had received before can still be
   * taken from its queue.
   *
   * Since: 0.1
   */
  signals[SIGNAL_CLOSED] = g_signal_new ("closed", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                         G_TYPE_NONE, 1, G_TYPE_ERROR);

  /**
   * AionetPipe::refused:
   * @self: the pipe, of UDP
   * @destination: where a datagram had been sent to, or who the client was
   * @error: a `G_IO_ERROR`: %G_IO_ERROR_CONNECTION_REFUSED if nobody listens there,
   *   %G_IO_ERROR_HOST_UNREACHABLE, %G_IO_ERROR_NETWORK_UNREACHABLE and others as the network says
   *
   * Emitted when the network reports (ICMP, RFC 792 and RFC 4443) that a datagram could not be
   * delivered, or the system that one which [method@Pipe.send] had collected could not be sent. It
   * concerns that destination only; the pipe stays open. Networks do not always report. A TCP
   * server with [property@Pipe:tls] emits it for a client that did not become secure, with what
   * went wrong, mostly a `G_TLS_ERROR`.
   *
   * Since: 0.1
   */
  signals[SIGNAL_REFUSED] = g_signal_new ("refused", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                          G_TYPE_NONE, 2, G_TYPE_SOCKET_ADDRESS, G_TYPE_ERROR);
}

static void
aionet_pipe_class_init (AionetPipeClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = aionet_pipe_dispose;
  object_class->finalize = aionet_pipe_finalize;
  _aionet_pipe_install_properties (object_class);
  install_signals (G_TYPE_FROM_CLASS (klass));
}

static void
aionet_pipe_init (AionetPipe *self)
{
  self->context = g_main_context_ref_thread_default ();
  self->home = _aionet_home_ref_current ();
  self->fd = -1;
  self->read_budget = 1;
  self->max_segment = AIONET_ANY_SEGMENT;
  _aionet_pipe_init_limits (self);
}

/**
 * aionet_pipe_new:
 * @protocol: %G_SOCKET_PROTOCOL_TCP or %G_SOCKET_PROTOCOL_UDP
 * @target: (nullable): what to connect to, `host:port`, `1.2.3.4:80`, `[::1]:80` or
 *   `[fe80::1%eth0]:80`; %NULL for a server
 * @route: (transfer none) (nullable): the path to use, or %NULL for what the system chooses; one
 * that is not bound is bound towards the target, or as a server with a port the system chooses
 *
 * Creates a pipe that is not open yet. Does no I/O.
 *
 * A UDP client receives from its target only, a UDP server from anybody. What @target holds is
 * checked by [method@Pipe.open_async].
 *
 * Returns: (transfer full): a new pipe
 *
 * Since: 0.1
 */
AionetPipe *
aionet_pipe_new (GSocketProtocol protocol, const char *target, AionetRoute *route)
{
  g_return_val_if_fail (protocol == G_SOCKET_PROTOCOL_TCP || protocol == G_SOCKET_PROTOCOL_UDP,
                        NULL);
  g_return_val_if_fail (route == NULL || AIONET_IS_ROUTE (route), NULL);

  return g_object_new (AIONET_TYPE_PIPE, "protocol", protocol, "target", target, "route", route,
                       NULL);
}

static gboolean
is_connected (GSocket *socket)
{
  AionetSockaddr peer;
  socklen_t      size = sizeof peer;

  return getpeername (g_socket_get_fd (socket), &peer.any, &size) == 0;
}

/* Returns TRUE if there is nothing to wait for. */
static gboolean
is_ready_made (AionetPipe *self, GSocketAddress *remote_address)
{
  return remote_address == NULL || self->protocol == G_SOCKET_PROTOCOL_UDP ||
         is_connected (self->socket);
}

static gboolean
open_at_once (AionetPipe *self, GSocketAddress *remote_address, GError **error)
{
  if (remote_address != NULL && self->protocol == G_SOCKET_PROTOCOL_UDP &&
      !_aionet_connect_socket (self->socket, remote_address, error))
    return FALSE;
  return _aionet_pipe_adopt (self, self->socket, -1, error);
}

/**
 * aionet_pipe_new_for_socket:
 * @socket: (transfer none): an IPv4 or IPv6 socket of TCP or UDP; the pipe takes it over and
 *   closes it in the end
 * @remote_address: (transfer none) (nullable): whom to speak with, or %NULL for whom @socket is
 *   connected to, or for anybody
 *
 * Creates a pipe on a socket that exists, such as one that a STUN request hands out.
 *
 * An unconnected UDP socket with %NULL receives from anybody, and every [method@Pipe.send] says
 * where to. A TCP socket with %NULL is connected or listens already. All these, and UDP with a
 * @remote_address, are open at once; a failure is told by [method@Pipe.open_async]. Only a TCP
 * socket that is to be connected to @remote_address needs [method@Pipe.open_async].
 *
 * Returns: (transfer full): a new pipe
 *
 * Since: 0.1
 */
AionetPipe *
aionet_pipe_new_for_socket (GSocket *socket, GSocketAddress *remote_address)
{
  AionetPipe *self;
  GError     *error = NULL;

  g_return_val_if_fail (G_IS_SOCKET (socket), NULL);
  g_return_val_if_fail (remote_address == NULL || G_IS_SOCKET_ADDRESS (remote_address), NULL);

  self = g_object_new (AIONET_TYPE_PIPE, "protocol",
                       g_socket_get_socket_type (socket) == G_SOCKET_TYPE_DATAGRAM
                           ? G_SOCKET_PROTOCOL_UDP
                           : G_SOCKET_PROTOCOL_TCP,
                       NULL);
  self->socket = g_object_ref (socket);
  if (remote_address != NULL && !_aionet_sockaddr_set (&self->remote, remote_address, &error))
    _aionet_pipe_refuse (self, error);
  else if (is_ready_made (self, remote_address) && !open_at_once (self, remote_address, &error))
    _aionet_pipe_refuse (self, error);
  return self;
}

/**
 * aionet_pipe_close:
 * @self: a pipe
 *
 * Closes the pipe at once, whatever waits to be sent; harmless when it is closed.
 *
 * Whoever waits is woken with %AIONET_ERROR_CLOSED. What was received before can still be taken
 * from the queue. To have everything sent, wait for the last [method@Pipe.send_async] first.
 *
 * Since: 0.1
 */
void
aionet_pipe_close (AionetPipe *self)
{
  g_return_if_fail (AIONET_IS_PIPE (self));

  _aionet_pipe_end (self, NULL, TRUE);
}
