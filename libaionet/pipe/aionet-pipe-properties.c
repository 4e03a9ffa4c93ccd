/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#include "config.h"

#include "pipe/aionet-pipe-options-private.h"
#include "pipe/aionet-pipe-private.h"
#include "pipe/aionet-pipe-tls-private.h"

typedef enum
{
  PROP_PROTOCOL = 1,
  PROP_TARGET,
  PROP_CONNECTABLE,
  PROP_ROUTE,
  PROP_IS_OPEN,
  PROP_IS_SERVER,
  PROP_LOCAL_ADDRESS,
  PROP_REMOTE_ADDRESS,
  PROP_CONNECT_TIMEOUT_MS,
  PROP_RECEIVE_QUEUE_BYTES,
  PROP_RECEIVE_QUEUE_MESSAGES,
  PROP_SEND_QUEUE_BYTES,
  PROP_N_RECEIVED,
  PROP_N_SENT,
  PROP_N_DROPPED,
  PROP_BYTES_RECEIVED,
  PROP_BYTES_SENT,
  N_PROPS
} AionetPipeProperty;

#define FIRST_TLS_PROP (N_PROPS + AIONET_N_OPTIONS)
#define END_OF_PROPS (FIRST_TLS_PROP + AIONET_N_TLS_PROPERTIES)

#define DEFAULT_CONNECT_TIMEOUT_MS 2000
#define DEFAULT_QUEUE_BYTES (1024 * 1024)
#define DEFAULT_QUEUE_MESSAGES 4096

static GParamSpec *props[N_PROPS];

static void
get_state_property (AionetPipe *self, AionetPipeProperty property, GValue *value)
{
  switch ((int) property)
    {
    case PROP_PROTOCOL:
      g_value_set_enum (value, (int) self->protocol);
      break;
    case PROP_TARGET:
      g_value_set_string (value, self->target_text);
      break;
    case PROP_CONNECTABLE:
      g_value_set_object (value, self->connectable);
      break;
    case PROP_ROUTE:
      g_value_set_object (value, self->route);
      break;
    case PROP_IS_OPEN:
      g_value_set_boolean (value, aionet_pipe_is_open (self));
      break;
    case PROP_IS_SERVER:
      g_value_set_boolean (value, aionet_pipe_is_server (self));
      break;
    case PROP_LOCAL_ADDRESS:
      g_value_set_object (value, aionet_pipe_get_local_address (self));
      break;
    case PROP_REMOTE_ADDRESS:
      g_value_set_object (value, aionet_pipe_get_remote_address (self));
      break;
    default:
      break;
    }
}

static void
get_number_property (AionetPipe *self, AionetPipeProperty property, GValue *value)
{
  switch ((int) property)
    {
    case PROP_CONNECT_TIMEOUT_MS:
      g_value_set_uint (value, self->connect_timeout_ms);
      break;
    case PROP_RECEIVE_QUEUE_BYTES:
      g_value_set_uint (value, self->max_receive_bytes);
      break;
    case PROP_RECEIVE_QUEUE_MESSAGES:
      g_value_set_uint (value, self->max_receive_messages);
      break;
    case PROP_SEND_QUEUE_BYTES:
      g_value_set_uint (value, self->max_send_bytes);
      break;
    case PROP_N_RECEIVED:
      g_value_set_uint64 (value, self->n_received);
      break;
    case PROP_N_SENT:
      g_value_set_uint64 (value, self->n_sent);
      break;
    case PROP_N_DROPPED:
      g_value_set_uint64 (value, self->n_dropped);
      break;
    case PROP_BYTES_RECEIVED:
      g_value_set_uint64 (value, self->bytes_received);
      break;
    case PROP_BYTES_SENT:
      g_value_set_uint64 (value, self->bytes_sent);
      break;
    default:
      break;
    }
}

static void
aionet_pipe_get_property (GObject *object, guint property_id, GValue *value, GParamSpec *pspec)
{
  AionetPipe *self = AIONET_PIPE (object);

  if (property_id == 0 || property_id >= END_OF_PROPS)
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, property_id, pspec);
  else if (property_id >= FIRST_TLS_PROP)
    _aionet_pipe_get_tls_property (self, (AionetTlsProperty) (property_id - FIRST_TLS_PROP), value);
  else if (property_id >= N_PROPS)
    _aionet_pipe_get_option_property (self, (AionetPipeOption) (property_id - N_PROPS), value);
  else if (property_id < PROP_CONNECT_TIMEOUT_MS)
    get_state_property (self, (AionetPipeProperty) property_id, value);
  else
    get_number_property (self, (AionetPipeProperty) property_id, value);
}

static void
aionet_pipe_set_property (GObject      *object,
                          guint         property_id,
                          const GValue *value,
                          GParamSpec   *pspec)
{
  AionetPipe *self = AIONET_PIPE (object);

  switch ((int) property_id)
    {
    case PROP_PROTOCOL:
      self->protocol = (guint) g_value_get_enum (value);
      break;
    case PROP_TARGET:
      self->target_text = g_value_dup_string (value);
      break;
    case PROP_CONNECTABLE:
      self->connectable = g_value_dup_object (value);
      break;
    case PROP_ROUTE:
      self->route = g_value_dup_object (value);
      break;
    case PROP_CONNECT_TIMEOUT_MS:
      aionet_pipe_set_connect_timeout_ms (self, g_value_get_uint (value));
      break;
    case PROP_RECEIVE_QUEUE_BYTES:
      aionet_pipe_set_receive_queue_bytes (self, g_value_get_uint (value));
      break;
    case PROP_RECEIVE_QUEUE_MESSAGES:
      aionet_pipe_set_receive_queue_messages (self, g_value_get_uint (value));
      break;
    case PROP_SEND_QUEUE_BYTES:
      aionet_pipe_set_send_queue_bytes (self, g_value_get_uint (value));
      break;
    default:
      if (property_id >= FIRST_TLS_PROP && property_id < END_OF_PROPS)
        _aionet_pipe_set_tls_property (self, (AionetTlsProperty) (property_id - FIRST_TLS_PROP),
                                       value);
      else if (property_id >= N_PROPS && property_id < FIRST_TLS_PROP)
        _aionet_pipe_set_option_property (self, (AionetPipeOption) (property_id - N_PROPS), value);
      else
        G_OBJECT_WARN_INVALID_PROPERTY_ID (object, property_id, pspec);
    }
}

static void
install_state_properties (void)
{
  const GParamFlags constant = G_PARAM_READWRITE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS;
  const GParamFlags readable = G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS;

  /**
   * AionetPipe:protocol: (getter get_protocol)
   *
   * TCP or UDP.
   *
   * Since: 0.1
   */
  props[PROP_PROTOCOL] = g_param_spec_enum ("protocol", NULL, NULL, G_TYPE_SOCKET_PROTOCOL,
                                            G_SOCKET_PROTOCOL_TCP, constant);

  /**
   * AionetPipe:target:
   *
   * What the pipe connects to, as [ctor@Target.new_from_string] reads it; %NULL for a server.
   *
   * Since: 0.1
   */
  props[PROP_TARGET] = g_param_spec_string ("target", NULL, NULL, NULL, constant);

  /**
   * AionetPipe:connectable:
   *
   * What the pipe connects to instead of [property@Pipe:target].
   *
   * Since: 0.1
   */
  props[PROP_CONNECTABLE] =
      g_param_spec_object ("connectable", NULL, NULL, G_TYPE_SOCKET_CONNECTABLE, constant);

  /**
   * AionetPipe:route: (getter get_route)
   *
   * The path the pipe uses, or %NULL if the system chooses.
   *
   * Since: 0.1
   */
  props[PROP_ROUTE] = g_param_spec_object ("route", NULL, NULL, AIONET_TYPE_ROUTE, constant);

  /**
   * AionetPipe:is-open: (getter is_open)
   *
   * Whether the pipe can send and receive, or accept.
   *
   * Since: 0.1
   */
  props[PROP_IS_OPEN] = g_param_spec_boolean ("is-open", NULL, NULL, FALSE, readable);

  /**
   * AionetPipe:is-server: (getter is_server)
   *
   * Whether the pipe serves anybody, instead of speaking with one peer.
   *
   * Since: 0.1
   */
  props[PROP_IS_SERVER] = g_param_spec_boolean ("is-server", NULL, NULL, FALSE, readable);

  /**
   * AionetPipe:local-address: (getter get_local_address)
   *
   * The endpoint of the socket on this host. Changes are not notified.
   *
   * Since: 0.1
   */
  props[PROP_LOCAL_ADDRESS] =
      g_param_spec_object ("local-address", NULL, NULL, G_TYPE_SOCKET_ADDRESS, readable);

  /**
   * AionetPipe:remote-address: (getter get_remote_address)
   *
   * The endpoint of the peer. Changes are not notified.
   *
   * Since: 0.1
   */
  props[PROP_REMOTE_ADDRESS] =
      g_param_spec_object ("remote-address", NULL, NULL, G_TYPE_SOCKET_ADDRESS, readable);
}

static GParamSpec *
limit_property (const char *name, guint minimum, guint value)
{
  return g_param_spec_uint (name, NULL, NULL, minimum, G_MAXINT, value,
                            G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
}

static void
install_limit_properties (void)
{
  /**
   * AionetPipe:connect-timeout-ms: (getter get_connect_timeout_ms) (setter set_connect_timeout_ms)
   *
   * How long opening may take, name resolution included, in milliseconds; 0: as long as it takes.
   * 2000 unless set.
   *
   * Since: 0.1
   */
  props[PROP_CONNECT_TIMEOUT_MS] =
      limit_property ("connect-timeout-ms", 0, DEFAULT_CONNECT_TIMEOUT_MS);

  /**
   * AionetPipe:receive-queue-bytes: (getter get_receive_queue_bytes)
   *
   * How much may wait to be received, in bytes; 1 MiB unless set. Applies to the queue of the pipe
   * and, each for itself, to subscriptions made from then on. A TCP queue exceeds it by at most
   * one read of 64 KiB.
   *
   * Since: 0.1
   */
  props[PROP_RECEIVE_QUEUE_BYTES] = limit_property ("receive-queue-bytes", 1, DEFAULT_QUEUE_BYTES);

  /**
   * AionetPipe:receive-queue-messages: (getter get_receive_queue_messages)
   *
   * How many messages may wait to be received; 4096 unless set. Applies as
   * [property@Pipe:receive-queue-bytes] does.
   *
   * Since: 0.1
   */
  props[PROP_RECEIVE_QUEUE_MESSAGES] =
      limit_property ("receive-queue-messages", 1, DEFAULT_QUEUE_MESSAGES);

  /**
   * AionetPipe:send-queue-bytes: (getter get_send_queue_bytes) (setter set_send_queue_bytes)
   *
   * The high-water mark: once as many bytes wait to be sent, [method@Pipe.send] takes no more; 1
   * MiB unless set. Exceeded by at most one message.
   *
   * Since: 0.1
   */
  props[PROP_SEND_QUEUE_BYTES] = limit_property ("send-queue-bytes", 1, DEFAULT_QUEUE_BYTES);
}

static GParamSpec *
counter_property (const char *name)
{
  return g_param_spec_uint64 (name, NULL, NULL, 0, G_MAXUINT64, 0,
                              G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
}

static void
install_statistics (void)
{
  /**
   * AionetPipe:n-received: (getter get_n_received)
   *
   * Number of messages received so far. Changes are not notified.
   *
   * Since: 0.1
   */
  props[PROP_N_RECEIVED] = counter_property ("n-received");

  /**
   * AionetPipe:n-sent: (getter get_n_sent)
   *
   * Number of messages sent or queued so far. Changes are not notified.
   *
   * Since: 0.1
   */
  props[PROP_N_SENT] = counter_property ("n-sent");

  /**
   * AionetPipe:n-dropped: (getter get_n_dropped)
   *
   * Number of messages lost so far. Changes are not notified.
   *
   * Since: 0.1
   */
  props[PROP_N_DROPPED] = counter_property ("n-dropped");

  /**
   * AionetPipe:bytes-received: (getter get_bytes_received)
   *
   * Number of bytes received so far. Changes are not notified.
   *
   * Since: 0.1
   */
  props[PROP_BYTES_RECEIVED] = counter_property ("bytes-received");

  /**
   * AionetPipe:bytes-sent: (getter get_bytes_sent)
   *
   * Number of bytes sent or queued so far. Changes are not notified.
   *
   * Since: 0.1
   */
  props[PROP_BYTES_SENT] = counter_property ("bytes-sent");
}

void
_aionet_pipe_install_properties (GObjectClass *object_class)
{
  object_class->get_property = aionet_pipe_get_property;
  object_class->set_property = aionet_pipe_set_property;
  install_state_properties ();
  install_limit_properties ();
  install_statistics ();
  g_object_class_install_properties (object_class, N_PROPS, props);
  _aionet_pipe_install_options (object_class, N_PROPS);
  _aionet_pipe_install_tls (object_class, FIRST_TLS_PROP);
}

void
_aionet_pipe_init_limits (AionetPipe *self)
{
  self->connect_timeout_ms = DEFAULT_CONNECT_TIMEOUT_MS;
  self->max_receive_bytes = DEFAULT_QUEUE_BYTES;
  self->max_receive_messages = DEFAULT_QUEUE_MESSAGES;
  self->max_send_bytes = DEFAULT_QUEUE_BYTES;
}

void
_aionet_pipe_notify_is_open (AionetPipe *self)
{
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_IS_OPEN]);
}

static gboolean
set_limit (AionetPipe *self, AionetPipeProperty property, guint32 *limit, guint value)
{
  if (*limit == value)
    return FALSE;
  *limit = value;
  g_object_notify_by_pspec (G_OBJECT (self), props[property]);
  return TRUE;
}

/**
 * aionet_pipe_set_connect_timeout_ms: (set-property connect-timeout-ms)
 * @self: a pipe
 * @timeout_ms: a time in milliseconds, at most %G_MAXINT; 0 for no limit
 *
 * Sets how long opening may take. Has no effect on an opening that is under way.
 *
 * Since: 0.1
 */
void
aionet_pipe_set_connect_timeout_ms (AionetPipe *self, guint timeout_ms)
{
  g_return_if_fail (AIONET_IS_PIPE (self));
  g_return_if_fail (timeout_ms <= G_MAXINT);

  set_limit (self, PROP_CONNECT_TIMEOUT_MS, &self->connect_timeout_ms, timeout_ms);
}

/**
 * aionet_pipe_set_receive_queue_bytes: (set-property receive-queue-bytes)
 * @self: a pipe
 * @n_bytes: a number of bytes, 1 to %G_MAXINT
 *
 * Sets how many bytes may wait to be received.
 *
 * Since: 0.1
 */
void
aionet_pipe_set_receive_queue_bytes (AionetPipe *self, guint n_bytes)
{
  g_return_if_fail (AIONET_IS_PIPE (self));
  g_return_if_fail (n_bytes > 0 && n_bytes <= G_MAXINT);

  if (set_limit (self, PROP_RECEIVE_QUEUE_BYTES, &self->max_receive_bytes, n_bytes))
    _aionet_pipe_deliver_set_limits (self);
}

/**
 * aionet_pipe_set_receive_queue_messages: (set-property receive-queue-messages)
 * @self: a pipe
 * @n_messages: a number of messages, 1 to %G_MAXINT
 *
 * Sets how many messages may wait to be received.
 *
 * Since: 0.1
 */
void
aionet_pipe_set_receive_queue_messages (AionetPipe *self, guint n_messages)
{
  g_return_if_fail (AIONET_IS_PIPE (self));
  g_return_if_fail (n_messages > 0 && n_messages <= G_MAXINT);

  if (set_limit (self, PROP_RECEIVE_QUEUE_MESSAGES, &self->max_receive_messages, n_messages))
    _aionet_pipe_deliver_set_limits (self);
}

/**
 * aionet_pipe_set_send_queue_bytes: (set-property send-queue-bytes)
 * @self: a pipe
 * @n_bytes: a number of bytes, 1 to %G_MAXINT
 *
 * Sets the high-water mark of the bytes that wait to be sent.
 *
 * Since: 0.1
 */
void
aionet_pipe_set_send_queue_bytes (AionetPipe *self, guint n_bytes)
{
  g_return_if_fail (AIONET_IS_PIPE (self));
  g_return_if_fail (n_bytes > 0 && n_bytes <= G_MAXINT);

  set_limit (self, PROP_SEND_QUEUE_BYTES, &self->max_send_bytes, n_bytes);
}
