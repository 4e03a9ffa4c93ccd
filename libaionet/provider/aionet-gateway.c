/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#include "config.h"

#include "provider/aionet-gateway.h"

/**
 * AionetGateway:
 *
 * A default route of the host as the kernel has it: where packets for the outside go that leave
 * through a [class@Link].
 *
 * Immutable, so it may be used from any thread.
 *
 * Since: 0.1
 */
struct _AionetGateway
{
  GObject        parent_instance;

  GSocketFamily  family;
  GInetAddress  *address; /* (owned) (nullable) */
  guint          metric;
  guint          table;
  AionetIpRange *source; /* (owned) (nullable) */
};

typedef enum
{
  PROP_FAMILY = 1,
  PROP_ADDRESS,
  PROP_METRIC,
  PROP_TABLE,
  PROP_SOURCE,
} AionetGatewayProperty;

static GParamSpec *props[PROP_SOURCE + 1];

G_DEFINE_FINAL_TYPE (AionetGateway, aionet_gateway, G_TYPE_OBJECT)

static void
aionet_gateway_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  AionetGateway *self = AIONET_GATEWAY (object);

  switch ((AionetGatewayProperty) id)
    {
    case PROP_FAMILY:
      g_value_set_enum (value, self->family);
      break;
    case PROP_ADDRESS:
      g_value_set_object (value, self->address);
      break;
    case PROP_METRIC:
      g_value_set_uint (value, self->metric);
      break;
    case PROP_TABLE:
      g_value_set_uint (value, self->table);
      break;
    case PROP_SOURCE:
      g_value_set_object (value, self->source);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
aionet_gateway_set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  AionetGateway *self = AIONET_GATEWAY (object);

  switch ((AionetGatewayProperty) id)
    {
    case PROP_FAMILY:
      self->family = g_value_get_enum (value);
      break;
    case PROP_ADDRESS:
      self->address = g_value_dup_object (value);
      break;
    case PROP_METRIC:
      self->metric = g_value_get_uint (value);
      break;
    case PROP_TABLE:
      self->table = g_value_get_uint (value);
      break;
    case PROP_SOURCE:
      self->source = g_value_dup_object (value);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
aionet_gateway_constructed (GObject *object)
{
  AionetGateway *self = AIONET_GATEWAY (object);

  G_OBJECT_CLASS (aionet_gateway_parent_class)->constructed (object);

  /* Scripts construct with properties alone, and may leave this one out. */
  if (self->family == G_SOCKET_FAMILY_INVALID && self->address != NULL)
    self->family = g_inet_address_get_family (self->address);
}

static void
aionet_gateway_finalize (GObject *object)
{
  AionetGateway *self = AIONET_GATEWAY (object);

  g_clear_object (&self->address);
  g_clear_object (&self->source);

  G_OBJECT_CLASS (aionet_gateway_parent_class)->finalize (object);
}

static void
aionet_gateway_class_init (AionetGatewayClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GParamFlags   flags =
      G_PARAM_READWRITE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS;

  object_class->get_property = aionet_gateway_get_property;
  object_class->set_property = aionet_gateway_set_property;
  object_class->constructed = aionet_gateway_constructed;
  object_class->finalize = aionet_gateway_finalize;

  /**
   * AionetGateway:family: (getter get_family)
   *
   * The address family that the route is for; when not given, that of the address.
   *
   * Since: 0.1
   */
  props[PROP_FAMILY] = g_param_spec_enum ("family", NULL, NULL, G_TYPE_SOCKET_FAMILY,
                                          G_SOCKET_FAMILY_INVALID, flags);

  /**
   * AionetGateway:address: (getter get_address)
   *
   * Address of the router; %NULL when the outside is reached without one, as on a PPP line.
   *
   * Its family may differ from [property@Gateway:family]: IPv4 can go through an IPv6 router
   * (RFC 8950).
   *
   * Since: 0.1
   */
  props[PROP_ADDRESS] = g_param_spec_object ("address", NULL, NULL, G_TYPE_INET_ADDRESS, flags);

  /**
   * AionetGateway:metric: (getter get_metric)
   *
   * Cost of the route; the lowest is preferred.
   *
   * Since: 0.1
   */
  props[PROP_METRIC] = g_param_spec_uint ("metric", NULL, NULL, 0, G_MAXUINT, 0, flags);

  /**
   * AionetGateway:table: (getter get_table)
   *
   * Number of the routing table that holds the route; 254 is Linux' main table, 0 not known.
   *
   * Since: 0.1
   */
  props[PROP_TABLE] = g_param_spec_uint ("table", NULL, NULL, 0, G_MAXUINT, 0, flags);

  /**
   * AionetGateway:source: (getter get_source)
   *
   * Local addresses that a policy rule sends to this route; %NULL for all.
   *
   * Since: 0.1
   */
  props[PROP_SOURCE] = g_param_spec_object ("source", NULL, NULL, AIONET_TYPE_IP_RANGE, flags);

  g_object_class_install_properties (object_class, G_N_ELEMENTS (props), props);
}

static void
aionet_gateway_init (AionetGateway *self)
{
}

/**
 * aionet_gateway_new:
 * @family: address family of the route, `G_SOCKET_FAMILY_IPV4` or `G_SOCKET_FAMILY_IPV6`
 * @address: (nullable): address of the router, or %NULL for an on-link default route
 * @metric: cost of the route, the lowest is preferred
 * @table: number of the routing table, 0 if not known
 * @source: (nullable): local addresses that a policy rule sends to this route, or %NULL for all
 *
 * Makes a gateway.
 *
 * Returns: (transfer full): a new gateway
 *
 * Since: 0.1
 */
AionetGateway *
aionet_gateway_new (
    GSocketFamily family, GInetAddress *address, guint metric, guint table, AionetIpRange *source)
{
  g_return_val_if_fail (family == G_SOCKET_FAMILY_IPV4 || family == G_SOCKET_FAMILY_IPV6, NULL);
  g_return_val_if_fail (address == NULL || G_IS_INET_ADDRESS (address), NULL);
  g_return_val_if_fail (source == NULL || AIONET_IS_IP_RANGE (source), NULL);

  return g_object_new (AIONET_TYPE_GATEWAY, "family", family, "address", address, "metric", metric,
                       "table", table, "source", source, NULL);
}

/**
 * aionet_gateway_get_family: (get-property family)
 * @self: a gateway
 *
 * Gets the address family that the route is for.
 *
 * Returns: the family
 *
 * Since: 0.1
 */
GSocketFamily
aionet_gateway_get_family (AionetGateway *self)
{
  g_return_val_if_fail (AIONET_IS_GATEWAY (self), G_SOCKET_FAMILY_INVALID);

  return self->family;
}

/**
 * aionet_gateway_get_address: (get-property address)
 * @self: a gateway
 *
 * Gets the address of the router.
 *
 * Returns: (transfer none) (nullable): the address, or %NULL for an on-link default route
 *
 * Since: 0.1
 */
GInetAddress *
aionet_gateway_get_address (AionetGateway *self)
{
  g_return_val_if_fail (AIONET_IS_GATEWAY (self), NULL);

  return self->address;
}

/**
 * aionet_gateway_get_metric: (get-property metric)
 * @self: a gateway
 *
 * Gets the cost of the route; the lowest is preferred.
 *
 * Returns: the metric
 *
 * Since: 0.1
 */
guint
aionet_gateway_get_metric (AionetGateway *self)
{
  g_return_val_if_fail (AIONET_IS_GATEWAY (self), 0);

  return self->metric;
}

/**
 * aionet_gateway_get_table: (get-property table)
 * @self: a gateway
 *
 * Gets the number of the routing table that holds the route.
 *
 * Returns: the number, 0 if not known
 *
 * Since: 0.1
 */
guint
aionet_gateway_get_table (AionetGateway *self)
{
  g_return_val_if_fail (AIONET_IS_GATEWAY (self), 0);

  return self->table;
}

/**
 * aionet_gateway_get_source: (get-property source)
 * @self: a gateway
 *
 * Gets the local addresses that a policy rule sends to this route.
 *
 * Returns: (transfer none) (nullable): the addresses, or %NULL for all
 *
 * Since: 0.1
 */
AionetIpRange *
aionet_gateway_get_source (AionetGateway *self)
{
  g_return_val_if_fail (AIONET_IS_GATEWAY (self), NULL);

  return self->source;
}

/**
 * aionet_gateway_equal:
 * @self: a gateway
 * @other: another gateway
 *
 * Compares two gateways in all they have.
 *
 * Returns: %TRUE if they are equal
 *
 * Since: 0.1
 */
gboolean
aionet_gateway_equal (AionetGateway *self, AionetGateway *other)
{
  g_return_val_if_fail (AIONET_IS_GATEWAY (self), FALSE);
  g_return_val_if_fail (AIONET_IS_GATEWAY (other), FALSE);

  if (self->family != other->family || self->metric != other->metric || self->table != other->table)
    return FALSE;
  if ((self->address == NULL) != (other->address == NULL) ||
      (self->source == NULL) != (other->source == NULL))
    return FALSE;
  if (self->address != NULL && !g_inet_address_equal (self->address, other->address))
    return FALSE;
  return self->source == NULL || aionet_ip_range_equal (self->source, other->source);
}
