/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#include "config.h"

#include "server/aionet-stun-server-private.h"

#define DEFAULT_PORT 3478
#define DEFAULT_ALTERNATE_PORT 3479
#define DEFAULT_MAX_RATE 1000
#define MAX_RATE 1000000
#define DEFAULT_MAX_ADDRESSES 16
#define MAX_ADDRESSES 1024

typedef enum
{
  PROP_PORT = 1,
  PROP_ALTERNATE_PORT,
  PROP_BEHAVIOR_DISCOVERY,
  PROP_ECHO_PADDING,
  PROP_SOFTWARE,
  PROP_MAX_RATE,
  PROP_MAX_ADDRESSES,
  N_PROPS
} AionetStunServerProperty;

static GParamSpec *props[N_PROPS];

static void
get_property (GObject *object, guint property_id, GValue *value, GParamSpec *pspec)
{
  AionetStunServerPrivate *priv = _aionet_stun_server_get_private (AIONET_STUN_SERVER (object));

  switch ((int) property_id)
    {
    case PROP_PORT:
      g_value_set_uint (value, priv->port);
      break;
    case PROP_ALTERNATE_PORT:
      g_value_set_uint (value, priv->alternate_port);
      break;
    case PROP_BEHAVIOR_DISCOVERY:
      g_value_set_boolean (value, priv->behavior_discovery);
      break;
    case PROP_ECHO_PADDING:
      g_value_set_boolean (value, priv->echo_padding);
      break;
    case PROP_SOFTWARE:
      g_value_set_string (value, priv->software);
      break;
    case PROP_MAX_RATE:
      g_value_set_uint (value, priv->max_rate);
      break;
    case PROP_MAX_ADDRESSES:
      g_value_set_uint (value, priv->max_addresses);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, property_id, pspec);
    }
}

static void
set_property (GObject *object, guint property_id, const GValue *value, GParamSpec *pspec)
{
  AionetStunServer *self = AIONET_STUN_SERVER (object);

  switch ((int) property_id)
    {
    case PROP_PORT:
      aionet_stun_server_set_port (self, g_value_get_uint (value));
      break;
    case PROP_ALTERNATE_PORT:
      aionet_stun_server_set_alternate_port (self, g_value_get_uint (value));
      break;
    case PROP_BEHAVIOR_DISCOVERY:
      aionet_stun_server_set_behavior_discovery (self, g_value_get_boolean (value));
      break;
    case PROP_ECHO_PADDING:
      aionet_stun_server_set_echo_padding (self, g_value_get_boolean (value));
      break;
    case PROP_SOFTWARE:
      aionet_stun_server_set_software (self, g_value_get_string (value));
      break;
    case PROP_MAX_RATE:
      aionet_stun_server_set_max_rate (self, g_value_get_uint (value));
      break;
    case PROP_MAX_ADDRESSES:
      aionet_stun_server_set_max_addresses (self, g_value_get_uint (value));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, property_id, pspec);
    }
}

static const GParamFlags flags =
    G_PARAM_READWRITE | G_PARAM_CONSTRUCT | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS;

static void
install_places (void)
{
  /**
   * AionetStunServer:port: (getter get_port) (setter set_port)
   *
   * The primary port in host order, of UDP and TCP; 0 for one that the system chooses, the same on
   * all addresses. For what listens from now on.
   *
   * Since: 0.1
   */
  props[PROP_PORT] = g_param_spec_uint ("port", NULL, NULL, 0, G_MAXUINT16, DEFAULT_PORT, flags);

  /**
   * AionetStunServer:alternate-port: (getter get_alternate_port) (setter set_alternate_port)
   *
   * The port to answer from when a client asks for another one, in host order; 0 for one that the
   * system chooses. For what listens from now on, unless [property@StunServer:behavior-discovery]
   * is %FALSE.
   *
   * Since: 0.1
   */
  props[PROP_ALTERNATE_PORT] = g_param_spec_uint ("alternate-port", NULL, NULL, 0, G_MAXUINT16,
                                                  DEFAULT_ALTERNATE_PORT, flags);

  /**
   * AionetStunServer:max-addresses: (getter get_max_addresses) (setter set_max_addresses)
   *
   * How many addresses of each family [method@StunServer.listen_routes] takes from one list, each
   * of which costs four sockets.
   *
   * Since: 0.1
   */
  props[PROP_MAX_ADDRESSES] = g_param_spec_uint ("max-addresses", NULL, NULL, 1, MAX_ADDRESSES,
                                                 DEFAULT_MAX_ADDRESSES, flags);
}

static void
install_manners (void)
{
  /**
   * AionetStunServer:behavior-discovery: (getter get_behavior_discovery)
   *
   * Whether clients are helped to find out what their NAT does (RFC 5780): answers from other
   * endpoints when asked to, and tells which there are.
   *
   * With %FALSE the alternate port is not listened on by what listens from now on, and requests
   * for answers from elsewhere are refused.
   *
   * Since: 0.1
   */
  props[PROP_BEHAVIOR_DISCOVERY] =
      g_param_spec_boolean ("behavior-discovery", NULL, NULL, TRUE, flags);

  /**
   * AionetStunServer:echo-padding: (getter get_echo_padding) (setter set_echo_padding)
   *
   * Whether the answer to a request with `PADDING` has as much of it, for clients that look for
   * NATs that lose fragments (RFC 5780, section 3.5). Otherwise such requests are refused.
   *
   * Since: 0.1
   */
  props[PROP_ECHO_PADDING] = g_param_spec_boolean ("echo-padding", NULL, NULL, FALSE, flags);

  /**
   * AionetStunServer:software: (getter get_software) (setter set_software)
   *
   * What the server calls itself towards clients whose requests have room for it, or %NULL to
   * say nothing.
   *
   * Since: 0.1
   */
  props[PROP_SOFTWARE] = g_param_spec_string ("software", NULL, NULL, NULL, flags);

  /**
   * AionetStunServer:max-rate: (getter get_max_rate) (setter set_max_rate)
   *
   * How many answers a second the addresses of one prefix get together by UDP, IPv4 /24 or IPv6
   * /56, and at once after a pause; 0 for no limit. Requests in excess are dropped, and counted.
   *
   * Since: 0.1
   */
  props[PROP_MAX_RATE] =
      g_param_spec_uint ("max-rate", NULL, NULL, 0, MAX_RATE, DEFAULT_MAX_RATE, flags);
}

void
_aionet_stun_server_install_properties (GObjectClass *object_class)
{
  object_class->get_property = get_property;
  object_class->set_property = set_property;
  install_places ();
  install_manners ();
  g_object_class_install_properties (object_class, N_PROPS, props);
}

/**
 * aionet_stun_server_get_port:
 * @self: a server
 *
 * Gets the primary port.
 *
 * Returns: the value of [property@StunServer:port]
 *
 * Since: 0.1
 */
guint
aionet_stun_server_get_port (AionetStunServer *self)
{
  g_return_val_if_fail (AIONET_IS_STUN_SERVER (self), 0);

  return _aionet_stun_server_get_private (self)->port;
}

/**
 * aionet_stun_server_set_port:
 * @self: a server
 * @port: in host order, or 0
 *
 * Sets the primary port, for what listens from now on.
 *
 * Since: 0.1
 */
void
aionet_stun_server_set_port (AionetStunServer *self, guint port)
{
  AionetStunServerPrivate *priv;

  g_return_if_fail (AIONET_IS_STUN_SERVER (self));
  g_return_if_fail (port <= G_MAXUINT16);
  priv = _aionet_stun_server_get_private (self);

  if (priv->port == port)
    return;
  priv->port = port;
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_PORT]);
}

/**
 * aionet_stun_server_get_alternate_port:
 * @self: a server
 *
 * Gets the port to answer from when a client asks for another one.
 *
 * Returns: the value of [property@StunServer:alternate-port]
 *
 * Since: 0.1
 */
guint
aionet_stun_server_get_alternate_port (AionetStunServer *self)
{
  g_return_val_if_fail (AIONET_IS_STUN_SERVER (self), 0);

  return _aionet_stun_server_get_private (self)->alternate_port;
}

/**
 * aionet_stun_server_set_alternate_port:
 * @self: a server
 * @port: in host order, or 0
 *
 * Sets the port to answer from when a client asks for another one, for what listens from now
 * on.
 *
 * Since: 0.1
 */
void
aionet_stun_server_set_alternate_port (AionetStunServer *self, guint port)
{
  AionetStunServerPrivate *priv;

  g_return_if_fail (AIONET_IS_STUN_SERVER (self));
  g_return_if_fail (port <= G_MAXUINT16);
  priv = _aionet_stun_server_get_private (self);

  if (priv->alternate_port == port)
    return;
  priv->alternate_port = port;
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_ALTERNATE_PORT]);
}

/**
 * aionet_stun_server_get_behavior_discovery:
 * @self: a server
 *
 * Gets whether clients are helped to find out what their NAT does.
 *
 * Returns: the value of [property@StunServer:behavior-discovery]
 *
 * Since: 0.1
 */
gboolean
aionet_stun_server_get_behavior_discovery (AionetStunServer *self)
{
  g_return_val_if_fail (AIONET_IS_STUN_SERVER (self), FALSE);

  return _aionet_stun_server_get_private (self)->behavior_discovery;
}

/**
 * aionet_stun_server_set_behavior_discovery:
 * @self: a server
 * @on: whether to
 *
 * Sets whether clients are helped to find out what their NAT does.
 *
 * Since: 0.1
 */
void
aionet_stun_server_set_behavior_discovery (AionetStunServer *self, gboolean on)
{
  AionetStunServerPrivate *priv;

  g_return_if_fail (AIONET_IS_STUN_SERVER (self));
  priv = _aionet_stun_server_get_private (self);

  if (priv->behavior_discovery == !!on)
    return;
  priv->behavior_discovery = !!on;
  _aionet_stun_sites_update (priv->sites, priv->behavior_discovery);
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_BEHAVIOR_DISCOVERY]);
}

/**
 * aionet_stun_server_get_echo_padding:
 * @self: a server
 *
 * Gets whether the answer to a request with `PADDING` has as much of it.
 *
 * Returns: the value of [property@StunServer:echo-padding]
 *
 * Since: 0.1
 */
gboolean
aionet_stun_server_get_echo_padding (AionetStunServer *self)
{
  g_return_val_if_fail (AIONET_IS_STUN_SERVER (self), FALSE);

  return _aionet_stun_server_get_private (self)->echo_padding;
}

/**
 * aionet_stun_server_set_echo_padding:
 * @self: a server
 * @on: whether to
 *
 * Sets whether the answer to a request with `PADDING` has as much of it.
 *
 * Since: 0.1
 */
void
aionet_stun_server_set_echo_padding (AionetStunServer *self, gboolean on)
{
  AionetStunServerPrivate *priv;

  g_return_if_fail (AIONET_IS_STUN_SERVER (self));
  priv = _aionet_stun_server_get_private (self);

  if (priv->echo_padding == !!on)
    return;
  priv->echo_padding = !!on;
  g_clear_pointer (&priv->responder, _aionet_stun_responder_free);
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_ECHO_PADDING]);
}

/**
 * aionet_stun_server_get_software:
 * @self: a server
 *
 * Gets what the server calls itself.
 *
 * Returns: (transfer none) (nullable): the value of [property@StunServer:software]
 *
 * Since: 0.1
 */
const char *
aionet_stun_server_get_software (AionetStunServer *self)
{
  g_return_val_if_fail (AIONET_IS_STUN_SERVER (self), NULL);

  return _aionet_stun_server_get_private (self)->software;
}

/**
 * aionet_stun_server_set_software:
 * @self: a server
 * @software: (transfer none) (nullable): a name and version, or %NULL to say nothing
 *
 * Sets what the server calls itself.
 *
 * Since: 0.1
 */
void
aionet_stun_server_set_software (AionetStunServer *self, const char *software)
{
  AionetStunServerPrivate *priv;
  g_autofree char         *copy = g_strdup (software);

  g_return_if_fail (AIONET_IS_STUN_SERVER (self));
  priv = _aionet_stun_server_get_private (self);

  if (g_strcmp0 (priv->software, software) == 0)
    return;
  g_free (priv->software);
  priv->software = g_steal_pointer (&copy);
  g_clear_pointer (&priv->responder, _aionet_stun_responder_free);
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_SOFTWARE]);
}

/**
 * aionet_stun_server_get_max_rate:
 * @self: a server
 *
 * Gets how many answers a second one prefix gets.
 *
 * Returns: the value of [property@StunServer:max-rate]
 *
 * Since: 0.1
 */
guint
aionet_stun_server_get_max_rate (AionetStunServer *self)
{
  g_return_val_if_fail (AIONET_IS_STUN_SERVER (self), 0);

  return _aionet_stun_server_get_private (self)->max_rate;
}

/**
 * aionet_stun_server_set_max_rate:
 * @self: a server
 * @n_answers: a number up to 1000000, or 0 for no limit
 *
 * Sets how many answers a second one prefix gets, and forgets what it has got.
 *
 * Since: 0.1
 */
void
aionet_stun_server_set_max_rate (AionetStunServer *self, guint n_answers)
{
  AionetStunServerPrivate *priv;

  g_return_if_fail (AIONET_IS_STUN_SERVER (self));
  g_return_if_fail (n_answers <= MAX_RATE);
  priv = _aionet_stun_server_get_private (self);

  if (priv->max_rate == n_answers)
    return;
  priv->max_rate = n_answers;
  g_clear_pointer (&priv->limiter, _aionet_stun_limiter_free);
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_MAX_RATE]);
}

/**
 * aionet_stun_server_get_max_addresses:
 * @self: a server
 *
 * Gets how many addresses of each family are taken from a list.
 *
 * Returns: the value of [property@StunServer:max-addresses]
 *
 * Since: 0.1
 */
guint
aionet_stun_server_get_max_addresses (AionetStunServer *self)
{
  g_return_val_if_fail (AIONET_IS_STUN_SERVER (self), 0);

  return _aionet_stun_server_get_private (self)->max_addresses;
}

/**
 * aionet_stun_server_set_max_addresses:
 * @self: a server
 * @n_addresses: a number from 1 to 1024
 *
 * Sets how many addresses of each family are taken from a list.
 *
 * Since: 0.1
 */
void
aionet_stun_server_set_max_addresses (AionetStunServer *self, guint n_addresses)
{
  AionetStunServerPrivate *priv;

  g_return_if_fail (AIONET_IS_STUN_SERVER (self));
  g_return_if_fail (n_addresses >= 1 && n_addresses <= MAX_ADDRESSES);
  priv = _aionet_stun_server_get_private (self);

  if (priv->max_addresses == n_addresses)
    return;
  priv->max_addresses = n_addresses;
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_MAX_ADDRESSES]);
}
