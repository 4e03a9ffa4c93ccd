/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#include "config.h"

#include "pipe/aionet-daemon-private.h"

#define MAX_WORKERS 1024

typedef enum
{
  PROP_MAX_CLIENTS = 1,
  PROP_MAX_CLIENTS_PER_ADDRESS,
  PROP_IDLE_TIMEOUT_MS,
  PROP_N_WORKERS,
  PROP_TLS_CERTIFICATE,
  PROP_N_CLIENTS,
  PROP_N_REFUSED,
  N_PROPS
} AionetDaemonProperty;

static GParamSpec *props[N_PROPS];

static void
aionet_daemon_get_property (GObject *object, guint property_id, GValue *value, GParamSpec *pspec)
{
  AionetDaemon        *self = AIONET_DAEMON (object);
  AionetDaemonPrivate *priv = _aionet_daemon_get_private (self);

  switch ((int) property_id)
    {
    case PROP_MAX_CLIENTS:
      g_value_set_uint (value, priv->max_clients);
      break;
    case PROP_MAX_CLIENTS_PER_ADDRESS:
      g_value_set_uint (value, priv->max_clients_per_address);
      break;
    case PROP_IDLE_TIMEOUT_MS:
      g_value_set_uint (value, priv->idle_timeout_ms);
      break;
    case PROP_N_WORKERS:
      g_value_set_uint (value, priv->n_workers);
      break;
    case PROP_TLS_CERTIFICATE:
      g_value_set_object (value, priv->tls_certificate);
      break;
    case PROP_N_CLIENTS:
      g_value_set_uint (value, aionet_daemon_get_n_clients (self));
      break;
    case PROP_N_REFUSED:
      g_value_set_uint64 (value, aionet_daemon_get_n_refused (self));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, property_id, pspec);
    }
}

static void
aionet_daemon_set_property (GObject      *object,
                            guint         property_id,
                            const GValue *value,
                            GParamSpec   *pspec)
{
  AionetDaemon *self = AIONET_DAEMON (object);

  switch ((int) property_id)
    {
    case PROP_MAX_CLIENTS:
      aionet_daemon_set_max_clients (self, g_value_get_uint (value));
      break;
    case PROP_MAX_CLIENTS_PER_ADDRESS:
      aionet_daemon_set_max_clients_per_address (self, g_value_get_uint (value));
      break;
    case PROP_IDLE_TIMEOUT_MS:
      aionet_daemon_set_idle_timeout_ms (self, g_value_get_uint (value));
      break;
    case PROP_N_WORKERS:
      aionet_daemon_set_n_workers (self, g_value_get_uint (value));
      break;
    case PROP_TLS_CERTIFICATE:
      aionet_daemon_set_tls_certificate (self, g_value_get_object (value));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, property_id, pspec);
    }
}

static void
install_limits (void)
{
  const GParamFlags flags = G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS;

  /**
   * AionetDaemon:max-clients: (getter get_max_clients) (setter set_max_clients)
   *
   * How many TCP clients there may be at a time; 0 for as many as come.
   *
   * Those in excess are closed at once, and counted in [property@Daemon:n-refused]. Who is there
   * already stays.
   *
   * Since: 0.1
   */
  props[PROP_MAX_CLIENTS] = g_param_spec_uint ("max-clients", NULL, NULL, 0, G_MAXUINT, 0, flags);

  /**
   * AionetDaemon:max-clients-per-address: (getter get_max_clients_per_address)
   *
   * How many TCP clients there may be at a time from one address; 0 for as many as come.
   *
   * Those in excess are closed at once, and counted in [property@Daemon:n-refused].
   *
   * Since: 0.1
   */
  props[PROP_MAX_CLIENTS_PER_ADDRESS] =
      g_param_spec_uint ("max-clients-per-address", NULL, NULL, 0, G_MAXUINT, 0, flags);

  /**
   * AionetDaemon:idle-timeout-ms: (getter get_idle_timeout_ms) (setter set_idle_timeout_ms)
   *
   * After how many milliseconds a TCP client that neither sends nor takes anything is closed, with
   * %G_IO_ERROR_TIMED_OUT; 0 for never. Up to a quarter of the time may be added, 5 s at most.
   *
   * Since: 0.1
   */
  props[PROP_IDLE_TIMEOUT_MS] =
      g_param_spec_uint ("idle-timeout-ms", NULL, NULL, 0, G_MAXUINT, 0, flags);

  /**
   * AionetDaemon:n-workers: (getter get_n_workers) (setter set_n_workers)
   *
   * How many threads serve, each with a main context and sockets of its own; 0 for none, in the
   * main context of the daemon. Cannot change while it listens.
   *
   * Since: 0.1
   */
  props[PROP_N_WORKERS] = g_param_spec_uint ("n-workers", NULL, NULL, 0, MAX_WORKERS, 0, flags);

  /**
   * AionetDaemon:tls-certificate: (getter get_tls_certificate) (setter set_tls_certificate)
   *
   * The certificate, with its private key, that TCP clients are shown; %NULL for no TLS.
   *
   * With one all clients speak TLS; they are clients once the handshake is done, and one that fails
   * is told by [signal@Pipe::refused] of the listener. There is no UDP then. Whatever else a
   * server may want, as certificates of its clients, is a property of its listeners, see
   * [method@Daemon.get_listeners]. Cannot change while it listens.
   *
   * Since: 0.1
   */
  props[PROP_TLS_CERTIFICATE] =
      g_param_spec_object ("tls-certificate", NULL, NULL, G_TYPE_TLS_CERTIFICATE, flags);
}

void
_aionet_daemon_install_properties (GObjectClass *object_class)
{
  const GParamFlags readable = G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS;

  object_class->get_property = aionet_daemon_get_property;
  object_class->set_property = aionet_daemon_set_property;
  install_limits ();

  /**
   * AionetDaemon:n-clients: (getter get_n_clients)
   *
   * How many TCP clients there are, those of workers included. Changes are not notified of.
   *
   * Since: 0.1
   */
  props[PROP_N_CLIENTS] = g_param_spec_uint ("n-clients", NULL, NULL, 0, G_MAXUINT, 0, readable);

  /**
   * AionetDaemon:n-refused: (getter get_n_refused)
   *
   * How many TCP clients have been refused for a limit. Changes are not notified of.
   *
   * Since: 0.1
   */
  props[PROP_N_REFUSED] =
      g_param_spec_uint64 ("n-refused", NULL, NULL, 0, G_MAXUINT64, 0, readable);

  g_object_class_install_properties (object_class, N_PROPS, props);
}

static void
apply_limits (AionetDaemonPrivate *priv)
{
  _aionet_client_limits_set (priv->limits, priv->max_clients, priv->max_clients_per_address);
}

/**
 * aionet_daemon_get_max_clients: (get-property max-clients)
 * @self: a daemon
 *
 * Gets how many TCP clients there may be at a time.
 *
 * Returns: the number, or 0 for as many as come
 *
 * Since: 0.1
 */
guint
aionet_daemon_get_max_clients (AionetDaemon *self)
{
  g_return_val_if_fail (AIONET_IS_DAEMON (self), 0);

  return _aionet_daemon_get_private (self)->max_clients;
}

/**
 * aionet_daemon_set_max_clients: (set-property max-clients)
 * @self: a daemon
 * @n_clients: the number, or 0 for as many as come
 *
 * Sets how many TCP clients there may be at a time.
 *
 * Since: 0.1
 */
void
aionet_daemon_set_max_clients (AionetDaemon *self, guint n_clients)
{
  AionetDaemonPrivate *priv;

  g_return_if_fail (AIONET_IS_DAEMON (self));
  priv = _aionet_daemon_get_private (self);

  if (priv->max_clients == n_clients)
    return;
  priv->max_clients = n_clients;
  apply_limits (priv);
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_MAX_CLIENTS]);
}

/**
 * aionet_daemon_get_max_clients_per_address: (get-property max-clients-per-address)
 * @self: a daemon
 *
 * Gets how many TCP clients there may be at a time from one address.
 *
 * Returns: the number, or 0 for as many as come
 *
 * Since: 0.1
 */
guint
aionet_daemon_get_max_clients_per_address (AionetDaemon *self)
{
  g_return_val_if_fail (AIONET_IS_DAEMON (self), 0);

  return _aionet_daemon_get_private (self)->max_clients_per_address;
}

/**
 * aionet_daemon_set_max_clients_per_address: (set-property max-clients-per-address)
 * @self: a daemon
 * @n_clients: the number, or 0 for as many as come
 *
 * Sets how many TCP clients there may be at a time from one address.
 *
 * Since: 0.1
 */
void
aionet_daemon_set_max_clients_per_address (AionetDaemon *self, guint n_clients)
{
  AionetDaemonPrivate *priv;

  g_return_if_fail (AIONET_IS_DAEMON (self));
  priv = _aionet_daemon_get_private (self);

  if (priv->max_clients_per_address == n_clients)
    return;
  priv->max_clients_per_address = n_clients;
  apply_limits (priv);
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_MAX_CLIENTS_PER_ADDRESS]);
}

static void
set_idle_timeout (AionetWorker *worker, gpointer data)
{
  _aionet_worker_set_idle_timeout (worker, *(guint *) data);
}

/**
 * aionet_daemon_get_idle_timeout_ms: (get-property idle-timeout-ms)
 * @self: a daemon
 *
 * Gets after how long an idle TCP client is closed.
 *
 * Returns: the time in milliseconds, or 0 for never
 *
 * Since: 0.1
 */
guint
aionet_daemon_get_idle_timeout_ms (AionetDaemon *self)
{
  g_return_val_if_fail (AIONET_IS_DAEMON (self), 0);

  return _aionet_daemon_get_private (self)->idle_timeout_ms;
}

/**
 * aionet_daemon_set_idle_timeout_ms: (set-property idle-timeout-ms)
 * @self: a daemon
 * @timeout_ms: the time in milliseconds, or 0 for never
 *
 * Sets after how long an idle TCP client is closed.
 *
 * Since: 0.1
 */
void
aionet_daemon_set_idle_timeout_ms (AionetDaemon *self, guint timeout_ms)
{
  AionetDaemonPrivate *priv;

  g_return_if_fail (AIONET_IS_DAEMON (self));
  priv = _aionet_daemon_get_private (self);

  if (priv->idle_timeout_ms == timeout_ms)
    return;
  priv->idle_timeout_ms = timeout_ms;
  _aionet_daemon_call (self, set_idle_timeout, &priv->idle_timeout_ms);
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_IDLE_TIMEOUT_MS]);
}

/**
 * aionet_daemon_get_n_workers: (get-property n-workers)
 * @self: a daemon
 *
 * Gets how many threads serve.
 *
 * Returns: the number, or 0 if there are none
 *
 * Since: 0.1
 */
guint
aionet_daemon_get_n_workers (AionetDaemon *self)
{
  g_return_val_if_fail (AIONET_IS_DAEMON (self), 0);

  return _aionet_daemon_get_private (self)->n_workers;
}

/**
 * aionet_daemon_set_n_workers: (set-property n-workers)
 * @self: a daemon
 * @n_workers: the number, at most 1024, or 0 to serve in the main context of the daemon
 *
 * Sets how many threads serve.
 *
 * To be called before the daemon listens, which is when they start.
 *
 * Since: 0.1
 */
void
aionet_daemon_set_n_workers (AionetDaemon *self, guint n_workers)
{
  AionetDaemonPrivate *priv;

  g_return_if_fail (AIONET_IS_DAEMON (self));
  priv = _aionet_daemon_get_private (self);
  g_return_if_fail (n_workers <= MAX_WORKERS);
  g_return_if_fail (priv->threads->len == 0);
  g_return_if_fail (g_list_model_get_n_items (G_LIST_MODEL (priv->listeners)) == 0);

  if (priv->n_workers == n_workers)
    return;
  priv->n_workers = n_workers;
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_N_WORKERS]);
}

/**
 * aionet_daemon_get_n_clients: (get-property n-clients)
 * @self: a daemon
 *
 * Gets how many TCP clients there are, those of workers included.
 *
 * Returns: the number
 *
 * Since: 0.1
 */
guint
aionet_daemon_get_n_clients (AionetDaemon *self)
{
  g_return_val_if_fail (AIONET_IS_DAEMON (self), 0);

  return _aionet_client_limits_get_n_clients (_aionet_daemon_get_private (self)->limits);
}

/**
 * aionet_daemon_get_n_refused: (get-property n-refused)
 * @self: a daemon
 *
 * Gets how many TCP clients have been refused for a limit, workers included.
 *
 * Returns: the number
 *
 * Since: 0.1
 */
guint64
aionet_daemon_get_n_refused (AionetDaemon *self)
{
  g_return_val_if_fail (AIONET_IS_DAEMON (self), 0);

  return _aionet_client_limits_get_n_refused (_aionet_daemon_get_private (self)->limits);
}
