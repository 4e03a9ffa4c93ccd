/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#include "config.h"

#include "pipe/aionet-daemon-private.h"

#include "engine/aionet-dispose-private.h"
#include "pipe/aionet-message-private.h"
#include "value/aionet-error.h"

/**
 * AionetDaemon:
 *
 * A set of listening pipes with one message handler, for TCP and UDP alike.
 *
 * Messages of TCP clients and of UDP listeners go to the function set with
 * [method@Daemon.set_message_func], or else to the `message` method of a subclass and the handlers
 * of [signal@Daemon::message]. [method@Pipe.send] with the sender of the message replies, whatever
 * the protocol. If nobody takes them they wait in the queue of their pipe, so that a handler of
 * [signal@Daemon::client] may as well receive them one by one. A pipe with a message function of
 * its own keeps its messages to itself; its subscriptions and handlers get them besides.
 *
 * Without workers everything happens in the main context that was the thread-default one when the
 * daemon was made; use it in the thread of that context.
 *
 * With [property@Daemon:n-workers] every worker is a thread with a main context and with sockets of
 * its own, between which the kernel spreads clients and senders (`SO_REUSEPORT`). There is only
 * the message function then, called in the threads of the workers, several at a time: no signals,
 * and no methods of a subclass. A pipe belongs to the thread in which the function got it, and
 * must not be used in another one. The daemon itself is used as it is without workers, and never
 * from their threads.
 *
 * A daemon that is dropped closes its listeners and clients.
 *
 * ```c
 * static void
 * on_message (AionetDaemon *daemon, AionetPipe *pipe, AionetMessage *message, gpointer user_data)
 * {
 *   GSocketAddress *sender = aionet_message_get_sender (message);
 *
 *   aionet_pipe_send (pipe, aionet_message_get_bytes (message), sender, NULL);
 * }
 *
 * static guint16
 * start_echo (AionetDaemon *daemon, GError **error)
 * {
 *   g_signal_connect (daemon, "message", G_CALLBACK (on_message), NULL);
 *   return aionet_daemon_listen_all (daemon, G_SOCKET_PROTOCOL_DEFAULT, 7, NULL, error);
 * }
 * ```
 *
 * Since: 0.1
 */

enum
{
  SIGNAL_MESSAGE,
  SIGNAL_CLIENT,
  SIGNAL_CLIENT_CLOSED,
  SIGNAL_LISTENER_FAILED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

/* Counted without atomics: a function may be replaced by the very call it is in. Threads do not
 * count, it cannot be replaced while they run. */
struct _AionetDaemonHandler
{
  guint             n_refs;
  AionetMessageFunc func;
  gpointer          user_data;
  GDestroyNotify    destroy;
};

G_DEFINE_TYPE_WITH_PRIVATE (AionetDaemon, aionet_daemon, G_TYPE_OBJECT)

AionetDaemonPrivate *
_aionet_daemon_get_private (AionetDaemon *self)
{
  return aionet_daemon_get_instance_private (self);
}

static void
handler_unref (AionetDaemonHandler *self)
{
  if (--self->n_refs > 0)
    return;
  if (self->destroy != NULL)
    self->destroy (self->user_data);
  g_free (self);
}

static gboolean
on_takes_messages (gpointer user_data)
{
  AionetDaemon        *self = user_data;
  AionetDaemonPrivate *priv = aionet_daemon_get_instance_private (self);

  return priv->handler != NULL || AIONET_DAEMON_GET_CLASS (self)->message != NULL ||
         g_signal_has_handler_pending (self, signals[SIGNAL_MESSAGE], 0, FALSE);
}

static void
on_message (
    gpointer user_data, AionetPipe *pipe, const guint8 *data, gsize length, GSocketAddress *sender)
{
  AionetDaemon        *self = user_data;
  AionetDaemonPrivate *priv = aionet_daemon_get_instance_private (self);
  AionetDaemonHandler *handler = priv->handler;
  g_autoptr (AionetMessage) message = NULL;

  if (handler != NULL)
    {
      handler->n_refs++;
      handler->func (pipe, data, length, sender, handler->user_data);
      handler_unref (handler);
      return;
    }
  message = _aionet_message_new_take (g_bytes_new (data, length), sender);
  g_signal_emit (self, signals[SIGNAL_MESSAGE], 0, pipe, message);
}

static void
on_client (gpointer user_data, AionetPipe *client)
{
  g_signal_emit (user_data, signals[SIGNAL_CLIENT], 0, client);
}

static void
on_client_closed (gpointer user_data, AionetPipe *client, const GError *error)
{
  g_signal_emit (user_data, signals[SIGNAL_CLIENT_CLOSED], 0, client, error);
}

static void
on_listener_closed (gpointer user_data, AionetPipe *listener, const GError *error)
{
  AionetDaemon        *self = user_data;
  AionetDaemonPrivate *priv = aionet_daemon_get_instance_private (self);
  g_autofree char     *where = NULL;
  guint                position;

  if (g_list_store_find (priv->listeners, listener, &position))
    g_list_store_remove (priv->listeners, position);
  if (error == NULL)
    return;
  where = g_socket_connectable_to_string (
      G_SOCKET_CONNECTABLE (aionet_pipe_get_local_address (listener)));
  _aionet_daemon_fail (self, aionet_pipe_get_protocol (listener), where, error);
}

static const AionetWorkerFuncs own_funcs = {
  .takes_messages = on_takes_messages,
  .message = on_message,
  .client = on_client,
  .client_closed = on_client_closed,
  .listener_closed = on_listener_closed,
};

static gboolean
on_thread_takes_messages (gpointer user_data)
{
  return TRUE;
}

static void
on_thread_message (
    gpointer user_data, AionetPipe *pipe, const guint8 *data, gsize length, GSocketAddress *sender)
{
  const AionetDaemonHandler *handler = user_data;

  handler->func (pipe, data, length, sender, handler->user_data);
}

static void
on_thread_client (gpointer user_data, AionetPipe *client)
{
}

static void
on_thread_closed (gpointer user_data, AionetPipe *pipe, const GError *error)
{
  if (error != NULL)
    g_debug ("A worker lost a pipe: %s", error->message);
}

static const AionetWorkerFuncs thread_funcs = {
  .takes_messages = on_thread_takes_messages,
  .message = on_thread_message,
  .client = on_thread_client,
  .client_closed = on_thread_closed,
  .listener_closed = on_thread_closed,
};

static void
set_idle_timeout (AionetWorker *worker, gpointer data)
{
  _aionet_worker_set_idle_timeout (worker, *(guint *) data);
}

gboolean
_aionet_daemon_start_threads (AionetDaemon *self, GError **error)
{
  AionetDaemonPrivate *priv = aionet_daemon_get_instance_private (self);

  if (priv->n_workers == 0 || priv->threads->len > 0)
    return TRUE;
  if (priv->handler == NULL)
    {
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
                           "A daemon with workers needs a message function");
      return FALSE;
    }
  for (guint i = 0; i < priv->n_workers; i++)
    g_ptr_array_add (priv->threads,
                     _aionet_worker_thread_new (priv->limits, &thread_funcs, priv->handler));
  _aionet_daemon_call (self, set_idle_timeout, &priv->idle_timeout_ms);
  return TRUE;
}

void
_aionet_daemon_end_threads (AionetDaemon *self)
{
  AionetDaemonPrivate *priv = aionet_daemon_get_instance_private (self);

  g_ptr_array_set_size (priv->threads, 0);
  g_ptr_array_set_size (priv->routes, 0);
}

void
_aionet_daemon_call (AionetDaemon *self, AionetWorkerCall call, gpointer data)
{
  AionetDaemonPrivate *priv = aionet_daemon_get_instance_private (self);

  call (priv->worker, data);
  for (guint i = 0; i < priv->threads->len; i++)
    _aionet_worker_thread_call (priv->threads->pdata[i], call, data);
}

void
_aionet_daemon_fail (AionetDaemon   *self,
                     GSocketProtocol protocol,
                     const char     *endpoint,
                     const GError   *error)
{
  AionetDaemonPrivate *priv = aionet_daemon_get_instance_private (self);
  const char          *name = protocol == G_SOCKET_PROTOCOL_TCP   ? "tcp "
                              : protocol == G_SOCKET_PROTOCOL_UDP ? "udp "
                                                                  : "";
  g_autofree char     *where = g_strconcat (name, endpoint, NULL);

  g_ptr_array_add (priv->failures, g_strdup_printf ("%s: %s", where, error->message));
  g_signal_emit (self, signals[SIGNAL_LISTENER_FAILED], 0, where, error);
}

static gboolean
is_in_worker (AionetDaemon *self)
{
  AionetDaemonPrivate *priv = aionet_daemon_get_instance_private (self);

  for (guint i = 0; i < priv->threads->len; i++)
    if (_aionet_worker_thread_is_current (priv->threads->pdata[i]))
      return TRUE;
  return FALSE;
}

static void
dispose_here (GObject *object)
{
  AionetDaemon        *self = AIONET_DAEMON (object);
  AionetDaemonPrivate *priv = aionet_daemon_get_instance_private (self);

  _aionet_daemon_end_threads (self);
  _aionet_worker_abandon (priv->worker);
  g_list_store_remove_all (priv->listeners);
  g_clear_pointer (&priv->handler, handler_unref);
  G_OBJECT_CLASS (aionet_daemon_parent_class)->dispose (object);
}

static void
aionet_daemon_dispose (GObject *object)
{
  AionetDaemon        *self = AIONET_DAEMON (object);
  AionetDaemonPrivate *priv = aionet_daemon_get_instance_private (self);

  /* If the function that a worker runs held the last reference: its thread cannot wait for itself.
   */
  if (is_in_worker (self))
    _aionet_dispose_later (priv->context, object, dispose_here);
  else
    _aionet_dispose_in (priv->context, priv->home, object, dispose_here);
}

static void
aionet_daemon_finalize (GObject *object)
{
  AionetDaemonPrivate *priv = aionet_daemon_get_instance_private (AIONET_DAEMON (object));

  _aionet_worker_free (priv->worker);
  g_ptr_array_unref (priv->threads);
  g_ptr_array_unref (priv->routes);
  g_ptr_array_unref (priv->failures);
  g_clear_object (&priv->tls_certificate);
  g_object_unref (priv->listeners);
  _aionet_client_limits_free (priv->limits);
  g_main_context_unref (priv->context);
  _aionet_home_unref (priv->home);
  G_OBJECT_CLASS (aionet_daemon_parent_class)->finalize (object);
}

static void
install_client_signals (GType type)
{
  /**
   * AionetDaemon::client:
   * @self: the daemon
   * @client: a pipe to the client
   *
   * Emitted when a TCP client has connected, before its first message. A handler may close the
   * client; the daemon keeps it until then, or until it leaves. Not with workers.
   *
   * Since: 0.1
   */
  signals[SIGNAL_CLIENT] =
      g_signal_new ("client", type, G_SIGNAL_RUN_LAST, G_STRUCT_OFFSET (AionetDaemonClass, client),
                    NULL, NULL, NULL, G_TYPE_NONE, 1, AIONET_TYPE_PIPE);

  /**
   * AionetDaemon::client-closed:
   * @self: the daemon
   * @client: the pipe to the client, closed
   * @error: (nullable): why, or %NULL if either side has closed it
   *
   * Emitted when a TCP client has gone, and is counted no more. Not with workers.
   *
   * Since: 0.1
   */
  signals[SIGNAL_CLIENT_CLOSED] = g_signal_new (
      "client-closed", type, G_SIGNAL_RUN_LAST, G_STRUCT_OFFSET (AionetDaemonClass, client_closed),
      NULL, NULL, NULL, G_TYPE_NONE, 2, AIONET_TYPE_PIPE, G_TYPE_ERROR);
}

static void
install_signals (GType type)
{
  /**
   * AionetDaemon::message:
   * @self: the daemon
   * @pipe: the pipe to the TCP client, or the UDP listener
   * @message: the message
   *
   * Emitted for every message, if there is no message function. Not with workers.
   *
   * Since: 0.1
   */
  signals[SIGNAL_MESSAGE] = g_signal_new (
      "message", type, G_SIGNAL_RUN_LAST, G_STRUCT_OFFSET (AionetDaemonClass, message), NULL, NULL,
      NULL, G_TYPE_NONE, 2, AIONET_TYPE_PIPE, AIONET_TYPE_MESSAGE);
  install_client_signals (type);

  /**
   * AionetDaemon::listener-failed:
   * @self: the daemon
   * @where: the protocol and the local endpoint, such as `tcp [::1]:80`, or the name of an
   * interface that could not be loaded
   * @error: why, mostly a `G_IO_ERROR`
   *
   * Emitted when one of several addresses cannot be listened on, during the call that was to do it,
   * or when a listener fails later. The others stay.
   *
   * Since: 0.1
   */
  signals[SIGNAL_LISTENER_FAILED] =
      g_signal_new ("listener-failed", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 2,
                    G_TYPE_STRING, G_TYPE_ERROR);
}

static void
aionet_daemon_class_init (AionetDaemonClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = aionet_daemon_dispose;
  object_class->finalize = aionet_daemon_finalize;
  _aionet_daemon_install_properties (object_class);
  install_signals (G_TYPE_FROM_CLASS (klass));
  /* For good, and before there are threads that would do it. */
  g_type_class_ref (AIONET_TYPE_PIPE);
}

static void
aionet_daemon_init (AionetDaemon *self)
{
  AionetDaemonPrivate *priv = aionet_daemon_get_instance_private (self);

  priv->context = g_main_context_ref_thread_default ();
  priv->home = _aionet_home_ref_current ();
  priv->limits = _aionet_client_limits_new ();
  priv->worker = _aionet_worker_new (priv->context, priv->limits, &own_funcs, self);
  priv->threads = g_ptr_array_new_with_free_func ((GDestroyNotify) _aionet_worker_thread_free);
  priv->routes = g_ptr_array_new_with_free_func (g_object_unref);
  priv->failures = g_ptr_array_new_with_free_func (g_free);
  priv->listeners = g_list_store_new (AIONET_TYPE_PIPE);
}

/**
 * aionet_daemon_new:
 *
 * Creates a daemon that listens nowhere yet. Does no I/O.
 *
 * Returns: (transfer full): a new daemon
 *
 * Since: 0.1
 */
AionetDaemon *
aionet_daemon_new (void)
{
  return g_object_new (AIONET_TYPE_DAEMON, NULL);
}

/**
 * aionet_daemon_set_message_func:
 * @self: a daemon
 * @func: (scope notified) (closure user_data) (destroy destroy) (nullable): called for every
 *   message, or %NULL for none
 * @user_data: data for @func
 * @destroy: (nullable): called with @user_data when @func is replaced or the daemon goes
 *
 * Sets the function that takes the messages of all pipes as they arrive, the cheapest way.
 *
 * It is called instead of [signal@Daemon::message]. With [property@Daemon:n-workers] it has to be
 * set before the daemon listens, stays until it is closed, and is called in the threads of the
 * workers, several at a time.
 *
 * Since: 0.1
 */
void
aionet_daemon_set_message_func (AionetDaemon     *self,
                                AionetMessageFunc func,
                                gpointer          user_data,
                                GDestroyNotify    destroy)
{
  AionetDaemonPrivate *priv;
  AionetDaemonHandler *old;

  g_return_if_fail (AIONET_IS_DAEMON (self));
  priv = aionet_daemon_get_instance_private (self);
  g_return_if_fail (priv->threads->len == 0);

  old = g_steal_pointer (&priv->handler);
  if (func != NULL)
    {
      priv->handler = g_new (AionetDaemonHandler, 1);
      *priv->handler = (AionetDaemonHandler){ 1, func, user_data, destroy };
    }
  if (old != NULL)
    handler_unref (old);
}

/**
 * aionet_daemon_get_listeners:
 * @self: a daemon
 *
 * Gets the pipes it listens with: TCP servers, and UDP pipes that receive from anybody. A live
 * list.
 *
 * Empty with workers, as those pipes belong to their threads.
 *
 * Returns: (transfer none): a list of [class@Pipe]
 *
 * Since: 0.1
 */
GListModel *
aionet_daemon_get_listeners (AionetDaemon *self)
{
  AionetDaemonPrivate *priv;

  g_return_val_if_fail (AIONET_IS_DAEMON (self), NULL);
  priv = aionet_daemon_get_instance_private (self);

  return G_LIST_MODEL (priv->listeners);
}

static gboolean
is_at (AionetPipe *listener, GSocketProtocol protocol, GInetAddress *address, guint16 port)
{
  GInetSocketAddress *local = G_INET_SOCKET_ADDRESS (aionet_pipe_get_local_address (listener));

  return aionet_pipe_get_protocol (listener) == protocol &&
         g_inet_socket_address_get_port (local) == port &&
         (address == NULL ||
          g_inet_address_equal (g_inet_socket_address_get_address (local), address));
}

/**
 * aionet_daemon_get_listener:
 * @self: a daemon
 * @protocol: %G_SOCKET_PROTOCOL_TCP or %G_SOCKET_PROTOCOL_UDP
 * @address: (transfer none) (nullable): the address it listens on, or %NULL for the first that fits
 * @port: the port in host order
 *
 * Finds a listener by what it listens on.
 *
 * Returns: (transfer none) (nullable): the pipe, or %NULL if there is none, and with workers
 *
 * Since: 0.1
 */
AionetPipe *
aionet_daemon_get_listener (AionetDaemon   *self,
                            GSocketProtocol protocol,
                            GInetAddress   *address,
                            guint16         port)
{
  AionetDaemonPrivate *priv;
  GListModel          *listeners;

  g_return_val_if_fail (AIONET_IS_DAEMON (self), NULL);
  g_return_val_if_fail (address == NULL || G_IS_INET_ADDRESS (address), NULL);
  priv = aionet_daemon_get_instance_private (self);

  listeners = G_LIST_MODEL (priv->listeners);
  for (guint i = 0; i < g_list_model_get_n_items (listeners); i++)
    {
      g_autoptr (AionetPipe) listener = g_list_model_get_item (listeners, i);

      /* The list keeps it. */
      if (is_at (listener, protocol, address, port))
        return listener;
    }
  return NULL;
}

/**
 * aionet_daemon_get_failures:
 * @self: a daemon
 *
 * Gets which addresses could not be listened on, and why, since the daemon was last closed.
 *
 * Returns: (transfer full) (array zero-terminated=1): lines such as `tcp [::1]:80: reason`
 *
 * Since: 0.1
 */
char **
aionet_daemon_get_failures (AionetDaemon *self)
{
  AionetDaemonPrivate *priv;
  g_autoptr (GStrvBuilder) lines = NULL;

  g_return_val_if_fail (AIONET_IS_DAEMON (self), NULL);
  priv = aionet_daemon_get_instance_private (self);

  lines = g_strv_builder_new ();
  for (guint i = 0; i < priv->failures->len; i++)
    g_strv_builder_add (lines, priv->failures->pdata[i]);
  return g_strv_builder_end (lines);
}

/**
 * aionet_daemon_list_clients:
 * @self: a daemon
 *
 * Lists the pipes to the TCP clients there are now, in no order.
 *
 * Empty with workers, as those pipes belong to their threads.
 *
 * Returns: (transfer full): a list of [class@Pipe] that does not change any more
 *
 * Since: 0.1
 */
GListModel *
aionet_daemon_list_clients (AionetDaemon *self)
{
  AionetDaemonPrivate *priv;
  GListStore          *clients;

  g_return_val_if_fail (AIONET_IS_DAEMON (self), NULL);
  priv = aionet_daemon_get_instance_private (self);

  clients = g_list_store_new (AIONET_TYPE_PIPE);
  _aionet_worker_list_clients (priv->worker, clients);
  return G_LIST_MODEL (clients);
}
