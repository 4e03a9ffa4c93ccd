/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#include "config.h"

#include "provider/aionet-mapping.h"

/* RFC 8489, section 14.14: SOFTWARE has fewer than 128 characters. */
#define MAX_SOFTWARE_CHARACTERS 127

/**
 * AionetMapping:
 *
 * What one STUN server saw: the local endpoint that asked, and the external endpoint its request
 * came from.
 *
 * Immutable, so it may be used from any thread. STUN providers make it; the four facts of the
 * constructor are always there, what else a server tells is set with construct properties.
 *
 * Since: 0.1
 */
struct _AionetMapping
{
  GObject             parent_instance;

  GSocketProtocol     protocol;
  GInetSocketAddress *server;        /* (owned) */
  GInetSocketAddress *local;         /* (owned) */
  GInetSocketAddress *external;      /* (owned) */
  GInetSocketAddress *origin;        /* (owned) (nullable) */
  GInetSocketAddress *other_address; /* (owned) (nullable) */
  char               *software;      /* (owned) (nullable) */
  gint64              round_trip_us;
  guint               n_sent;
};

typedef enum
{
  PROP_PROTOCOL = 1,
  PROP_SERVER,
  PROP_LOCAL,
  PROP_EXTERNAL,
  PROP_ORIGIN,
  PROP_OTHER_ADDRESS,
  PROP_SOFTWARE,
  PROP_ROUND_TRIP_US,
  PROP_N_SENT,
} AionetMappingProperty;

static GParamSpec *props[PROP_N_SENT + 1];

G_DEFINE_FINAL_TYPE (AionetMapping, aionet_mapping, G_TYPE_OBJECT)

static gboolean
is_presentable (gunichar character)
{
  return g_unichar_isprint (character) && character != 0x2028 && character != 0x2029;
}

/* The text comes from the network and ends up on terminals and in logs: line breaks, escape
 * sequences and writing-direction marks must not get there. */
static char *
sanitize_software (const char *text)
{
  g_autofree char *valid = NULL;
  g_autoptr (GString) clean = g_string_new (NULL);
  guint n = 0;

  if (text == NULL)
    return NULL;
  valid = g_utf8_make_valid (text, -1);
  for (const char *p = valid; *p != '\0' && n < MAX_SOFTWARE_CHARACTERS; p = g_utf8_next_char (p))
    {
      if (is_presentable (g_utf8_get_char (p)))
        {
          g_string_append_unichar (clean, g_utf8_get_char (p));
          n++;
        }
    }
  g_strstrip (clean->str);
  return clean->str[0] != '\0' ? g_strdup (clean->str) : NULL;
}

static void
aionet_mapping_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  AionetMapping *self = AIONET_MAPPING (object);

  switch ((AionetMappingProperty) id)
    {
    case PROP_PROTOCOL:
      g_value_set_enum (value, self->protocol);
      break;
    case PROP_SERVER:
      g_value_set_object (value, self->server);
      break;
    case PROP_LOCAL:
      g_value_set_object (value, self->local);
      break;
    case PROP_EXTERNAL:
      g_value_set_object (value, self->external);
      break;
    case PROP_ORIGIN:
      g_value_set_object (value, self->origin);
      break;
    case PROP_OTHER_ADDRESS:
      g_value_set_object (value, self->other_address);
      break;
    case PROP_SOFTWARE:
      g_value_set_string (value, self->software);
      break;
    case PROP_ROUND_TRIP_US:
      g_value_set_int64 (value, self->round_trip_us);
      break;
    case PROP_N_SENT:
      g_value_set_uint (value, self->n_sent);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
aionet_mapping_set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  AionetMapping *self = AIONET_MAPPING (object);

  switch ((AionetMappingProperty) id)
    {
    case PROP_PROTOCOL:
      self->protocol = g_value_get_enum (value);
      break;
    case PROP_SERVER:
      self->server = g_value_dup_object (value);
      break;
    case PROP_LOCAL:
      self->local = g_value_dup_object (value);
      break;
    case PROP_EXTERNAL:
      self->external = g_value_dup_object (value);
      break;
    case PROP_ORIGIN:
      self->origin = g_value_dup_object (value);
      break;
    case PROP_OTHER_ADDRESS:
      self->other_address = g_value_dup_object (value);
      break;
    case PROP_SOFTWARE:
      self->software = sanitize_software (g_value_get_string (value));
      break;
    case PROP_ROUND_TRIP_US:
      self->round_trip_us = g_value_get_int64 (value);
      break;
    case PROP_N_SENT:
      self->n_sent = g_value_get_uint (value);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
aionet_mapping_finalize (GObject *object)
{
  AionetMapping *self = AIONET_MAPPING (object);

  g_clear_object (&self->server);
  g_clear_object (&self->local);
  g_clear_object (&self->external);
  g_clear_object (&self->origin);
  g_clear_object (&self->other_address);
  g_clear_pointer (&self->software, g_free);

  G_OBJECT_CLASS (aionet_mapping_parent_class)->finalize (object);
}

static void
aionet_mapping_class_init (AionetMappingClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GType         address_type = G_TYPE_INET_SOCKET_ADDRESS;
  GParamFlags   flags =
      G_PARAM_READWRITE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS;

  object_class->get_property = aionet_mapping_get_property;
  object_class->set_property = aionet_mapping_set_property;
  object_class->finalize = aionet_mapping_finalize;

  /**
   * AionetMapping:protocol: (getter get_protocol)
   *
   * UDP or TCP.
   *
   * Since: 0.1
   */
  props[PROP_PROTOCOL] = g_param_spec_enum ("protocol", NULL, NULL, G_TYPE_SOCKET_PROTOCOL,
                                            G_SOCKET_PROTOCOL_UDP, flags);

  /**
   * AionetMapping:server: (getter get_server)
   *
   * The server's endpoint that was asked.
   *
   * Since: 0.1
   */
  props[PROP_SERVER] = g_param_spec_object ("server", NULL, NULL, address_type, flags);

  /**
   * AionetMapping:local: (getter get_local)
   *
   * The local endpoint that asked.
   *
   * Since: 0.1
   */
  props[PROP_LOCAL] = g_param_spec_object ("local", NULL, NULL, address_type, flags);

  /**
   * AionetMapping:external: (getter get_external)
   *
   * The endpoint that the server saw: XOR-MAPPED-ADDRESS or MAPPED-ADDRESS.
   *
   * Since: 0.1
   */
  props[PROP_EXTERNAL] = g_param_spec_object ("external", NULL, NULL, address_type, flags);

  /**
   * AionetMapping:origin: (getter get_origin)
   *
   * The endpoint that the answer came from by the server's own words: RESPONSE-ORIGIN (RFC 5780)
   * or SOURCE-ADDRESS (RFC 3489).
   *
   * Since: 0.1
   */
  props[PROP_ORIGIN] = g_param_spec_object ("origin", NULL, NULL, address_type, flags);

  /**
   * AionetMapping:other-address: (getter get_other_address)
   *
   * The server's alternate endpoint: OTHER-ADDRESS (RFC 5780) or CHANGED-ADDRESS (RFC 3489).
   *
   * Since: 0.1
   */
  props[PROP_OTHER_ADDRESS] =
      g_param_spec_object ("other-address", NULL, NULL, address_type, flags);

  /**
   * AionetMapping:software: (getter get_software)
   *
   * What the server says it is. Made safe to print: valid UTF-8, no control characters, 127
   * characters at most.
   *
   * Since: 0.1
   */
  props[PROP_SOFTWARE] = g_param_spec_string ("software", NULL, NULL, NULL, flags);

  /**
   * AionetMapping:round-trip-us: (getter get_round_trip_us)
   *
   * Time between request and answer in microseconds; -1 if it was not measured, or if it cannot
   * be told which transmission was answered.
   *
   * Since: 0.1
   */
  props[PROP_ROUND_TRIP_US] =
      g_param_spec_int64 ("round-trip-us", NULL, NULL, -1, G_MAXINT64, -1, flags);

  /**
   * AionetMapping:n-sent: (getter get_n_sent)
   *
   * How often the request was sent until the answer came.
   *
   * Since: 0.1
   */
  props[PROP_N_SENT] = g_param_spec_uint ("n-sent", NULL, NULL, 0, G_MAXUINT, 1, flags);

  g_object_class_install_properties (object_class, G_N_ELEMENTS (props), props);
}

static void
aionet_mapping_init (AionetMapping *self)
{
}

/**
 * aionet_mapping_new:
 * @protocol: UDP or TCP
 * @server: the server's endpoint that was asked
 * @local: the local endpoint that asked
 * @external: the endpoint that the server saw
 *
 * Makes a mapping. To tell more, construct the object with properties.
 *
 * Returns: (transfer full): a new mapping
 *
 * Since: 0.1
 */
AionetMapping *
aionet_mapping_new (GSocketProtocol     protocol,
                    GInetSocketAddress *server,
                    GInetSocketAddress *local,
                    GInetSocketAddress *external)
{
  g_return_val_if_fail (G_IS_INET_SOCKET_ADDRESS (server), NULL);
  g_return_val_if_fail (G_IS_INET_SOCKET_ADDRESS (local), NULL);
  g_return_val_if_fail (G_IS_INET_SOCKET_ADDRESS (external), NULL);

  return g_object_new (AIONET_TYPE_MAPPING, "protocol", protocol, "server", server, "local", local,
                       "external", external, NULL);
}

/**
 * aionet_mapping_get_protocol: (get-property protocol)
 * @self: a mapping
 *
 * Gets the protocol that was used.
 *
 * Returns: UDP or TCP
 *
 * Since: 0.1
 */
GSocketProtocol
aionet_mapping_get_protocol (AionetMapping *self)
{
  g_return_val_if_fail (AIONET_IS_MAPPING (self), G_SOCKET_PROTOCOL_UNKNOWN);

  return self->protocol;
}

/**
 * aionet_mapping_get_server: (get-property server)
 * @self: a mapping
 *
 * Gets the server's endpoint that was asked.
 *
 * Returns: (transfer none): the endpoint
 *
 * Since: 0.1
 */
GInetSocketAddress *
aionet_mapping_get_server (AionetMapping *self)
{
  g_return_val_if_fail (AIONET_IS_MAPPING (self), NULL);

  return self->server;
}

/**
 * aionet_mapping_get_local: (get-property local)
 * @self: a mapping
 *
 * Gets the local endpoint that asked.
 *
 * Returns: (transfer none): the endpoint
 *
 * Since: 0.1
 */
GInetSocketAddress *
aionet_mapping_get_local (AionetMapping *self)
{
  g_return_val_if_fail (AIONET_IS_MAPPING (self), NULL);

  return self->local;
}

/**
 * aionet_mapping_get_external: (get-property external)
 * @self: a mapping
 *
 * Gets the endpoint that the server saw.
 *
 * Returns: (transfer none): the endpoint
 *
 * Since: 0.1
 */
GInetSocketAddress *
aionet_mapping_get_external (AionetMapping *self)
{
  g_return_val_if_fail (AIONET_IS_MAPPING (self), NULL);

  return self->external;
}

/**
 * aionet_mapping_get_origin: (get-property origin)
 * @self: a mapping
 *
 * Gets the endpoint that the answer came from, by the server's own words.
 *
 * Returns: (transfer none) (nullable): the endpoint, or %NULL if the server did not say
 *
 * Since: 0.1
 */
GInetSocketAddress *
aionet_mapping_get_origin (AionetMapping *self)
{
  g_return_val_if_fail (AIONET_IS_MAPPING (self), NULL);

  return self->origin;
}

/**
 * aionet_mapping_get_other_address: (get-property other-address)
 * @self: a mapping
 *
 * Gets the server's alternate endpoint.
 *
 * Returns: (transfer none) (nullable): the endpoint, or %NULL if the server has none
 *
 * Since: 0.1
 */
GInetSocketAddress *
aionet_mapping_get_other_address (AionetMapping *self)
{
  g_return_val_if_fail (AIONET_IS_MAPPING (self), NULL);

  return self->other_address;
}

/**
 * aionet_mapping_get_software: (get-property software)
 * @self: a mapping
 *
 * Gets what the server says it is.
 *
 * Returns: (transfer none) (nullable): the text, or %NULL if the server did not say
 *
 * Since: 0.1
 */
const char *
aionet_mapping_get_software (AionetMapping *self)
{
  g_return_val_if_fail (AIONET_IS_MAPPING (self), NULL);

  return self->software;
}

/**
 * aionet_mapping_get_round_trip_us: (get-property round-trip-us)
 * @self: a mapping
 *
 * Gets the time between request and answer.
 *
 * Returns: the time in microseconds, -1 if not known
 *
 * Since: 0.1
 */
gint64
aionet_mapping_get_round_trip_us (AionetMapping *self)
{
  g_return_val_if_fail (AIONET_IS_MAPPING (self), -1);

  return self->round_trip_us;
}

/**
 * aionet_mapping_get_n_sent: (get-property n-sent)
 * @self: a mapping
 *
 * Gets how often the request was sent until the answer came.
 *
 * Returns: the number of transmissions
 *
 * Since: 0.1
 */
guint
aionet_mapping_get_n_sent (AionetMapping *self)
{
  g_return_val_if_fail (AIONET_IS_MAPPING (self), 0);

  return self->n_sent;
}
