/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#include "config.h"

#include "value/aionet-target.h"

#include "value/aionet-address-text-private.h"
#include "value/aionet-target-text-private.h"

#include <string.h>

/**
 * AionetTarget:
 *
 * What to talk to: a host name or an address, and a port.
 *
 * A target is immutable and may be shared between threads. It knows the difference between a
 * name, which has to be looked up, and an address, but looks nothing up itself.
 *
 * ```c
 * g_autoptr (AionetTarget) target = aionet_target_new_from_string ("[fe80::1%eth0]:80", 0, error);
 * g_autoptr (AionetTarget) web = aionet_target_new_from_string ("https://example.org/", 0, error);
 *
 * g_print ("%u\n", aionet_target_get_port (web)); // 443
 * ```
 *
 * Since: 0.1
 */
struct _AionetTarget
{
  GObject       parent_instance;

  char         *hostname;   /* (owned): a name, or an address without scope */
  GInetAddress *address;    /* (owned) (nullable): NULL for names */
  char         *scope_name; /* (owned) (nullable) */
  guint16       port;
};

typedef enum
{
  PROP_HOSTNAME = 1,
  PROP_PORT,
  PROP_ADDRESS,
  PROP_SCOPE_NAME,
} AionetTargetProperty;

static GParamSpec *props[PROP_SCOPE_NAME + 1];

G_DEFINE_FINAL_TYPE (AionetTarget, aionet_target, G_TYPE_OBJECT)

/* Takes an address apart; equal addresses and equal names become equal text. */
static void
aionet_target_constructed (GObject *object)
{
  AionetTarget    *self = AIONET_TARGET (object);
  g_autofree char *given = g_steal_pointer (&self->hostname);
  g_auto (AionetAddressText) parsed = { 0 };

  if (given != NULL && strchr (given, '/') == NULL &&
      _aionet_address_text_parse (given, &parsed, NULL) &&
      (parsed.scope_name == NULL || parsed.family == G_SOCKET_FAMILY_IPV6))
    {
      self->address = _aionet_address_bits_to_address (parsed.bits, parsed.family);
      self->scope_name = g_steal_pointer (&parsed.scope_name);
      self->hostname = g_inet_address_to_string (self->address);
    }
  else
    self->hostname = g_ascii_strdown (given != NULL ? given : "localhost", -1);

  G_OBJECT_CLASS (aionet_target_parent_class)->constructed (object);
}

static void
aionet_target_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  AionetTarget *self = AIONET_TARGET (object);

  switch ((AionetTargetProperty) prop_id)
    {
    case PROP_HOSTNAME:
      g_value_set_string (value, self->hostname);
      break;
    case PROP_PORT:
      g_value_set_uint (value, self->port);
      break;
    case PROP_ADDRESS:
      g_value_set_object (value, self->address);
      break;
    case PROP_SCOPE_NAME:
      g_value_set_string (value, self->scope_name);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
aionet_target_set_property (GObject *object, guint prop_id, const GValue *value, GParamSpec *pspec)
{
  AionetTarget *self = AIONET_TARGET (object);

  switch ((AionetTargetProperty) prop_id)
    {
    case PROP_HOSTNAME:
      self->hostname = g_value_dup_string (value);
      break;
    case PROP_PORT:
      self->port = (guint16) g_value_get_uint (value);
      break;
    case PROP_ADDRESS:
    case PROP_SCOPE_NAME:
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
aionet_target_finalize (GObject *object)
{
  AionetTarget *self = AIONET_TARGET (object);

  g_clear_pointer (&self->hostname, g_free);
  g_clear_pointer (&self->scope_name, g_free);
  g_clear_object (&self->address);

  G_OBJECT_CLASS (aionet_target_parent_class)->finalize (object);
}

static void
aionet_target_class_init (AionetTargetClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GParamFlags   readable = G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS;
  GParamFlags   construct = readable | G_PARAM_WRITABLE | G_PARAM_CONSTRUCT_ONLY;

  object_class->constructed = aionet_target_constructed;
  object_class->get_property = aionet_target_get_property;
  object_class->set_property = aionet_target_set_property;
  object_class->finalize = aionet_target_finalize;

  /**
   * AionetTarget:hostname: (getter get_hostname)
   *
   * A host name, or an address without its scope. When constructing, the scope may follow a `%`.
   *
   * Since: 0.1
   */
  props[PROP_HOSTNAME] = g_param_spec_string ("hostname", NULL, NULL, NULL, construct);
  /**
   * AionetTarget:port: (getter get_port)
   *
   * A port in host byte order.
   *
   * Since: 0.1
   */
  props[PROP_PORT] = g_param_spec_uint ("port", NULL, NULL, 0, G_MAXUINT16, 0, construct);
  /**
   * AionetTarget:address: (getter get_address)
   *
   * The address that the host is given by, or %NULL if it is given by name.
   *
   * Since: 0.1
   */
  props[PROP_ADDRESS] = g_param_spec_object ("address", NULL, NULL, G_TYPE_INET_ADDRESS, readable);
  /**
   * AionetTarget:scope-name: (getter get_scope_name)
   *
   * The interface that an IPv6 address is scoped to.
   *
   * Since: 0.1
   */
  props[PROP_SCOPE_NAME] = g_param_spec_string ("scope-name", NULL, NULL, NULL, readable);
  g_object_class_install_properties (object_class, G_N_ELEMENTS (props), props);
}

static void
aionet_target_init (AionetTarget *self)
{
}

/**
 * aionet_target_new:
 * @hostname: a host name or an address, an IPv6 one with its scope if it has any: `example.org`,
 *   `fe80::1%eth0`
 * @port: a port in host byte order
 *
 * Creates a target of its two parts.
 *
 * What is no address is taken for a name and not checked; looking it up will tell. For text that
 * people typed there is [ctor@Target.new_from_string].
 *
 * Returns: (transfer full): a new target
 *
 * Since: 0.1
 */
AionetTarget *
aionet_target_new (const char *hostname, guint16 port)
{
  g_return_val_if_fail (hostname != NULL && hostname[0] != '\0', NULL);

  return g_object_new (AIONET_TYPE_TARGET, "hostname", hostname, "port", (guint) port, NULL);
}

/**
 * aionet_target_new_from_string:
 * @text: a target as people write it
 * @default_port: the port, in host byte order, when @text has none; 0 if it must have one
 * @error: return location for a [struct@GLib.Error], or %NULL
 *
 * Creates a target from text:
 *
 * - `example.org:80`, `1.2.3.4:80`, `[::1]:80`, `[fe80::1%eth0]:80`;
 * - `example.org`, `1.2.3.4`, `::1`, `fe80::1%eth0`, with @default_port. An IPv6 address without
 *   brackets never has a port;
 * - `stun:example.org:3478`, `https://example.org/path`: the port of the scheme comes before
 *   @default_port, and what follows the port is ignored. The scheme itself is not kept.
 *
 * Host names follow RFC 1123. International names are converted to ASCII (RFC 3490), names are
 * put in lower case. A name that ends in a number is a mistyped address (`256.1.1.1`) and refused.
 *
 * Errors: %AIONET_ERROR_INVALID_ADDRESS when the text is anything else.
 *
 * Returns: (transfer full): a new target, or %NULL with @error set
 *
 * Since: 0.1
 */
AionetTarget *
aionet_target_new_from_string (const char *text, guint16 default_port, GError **error)
{
  g_autofree char *host = NULL;
  guint16          port;

  g_return_val_if_fail (text != NULL, NULL);

  if (!_aionet_target_text_parse (text, default_port, &host, &port, error))
    return NULL;
  return aionet_target_new (host, port);
}

/**
 * aionet_target_get_hostname: (get-property hostname)
 * @self: a target
 *
 * Gets the host: a name, or an address without scope.
 *
 * Returns: (transfer none): the host
 *
 * Since: 0.1
 */
const char *
aionet_target_get_hostname (AionetTarget *self)
{
  g_return_val_if_fail (AIONET_IS_TARGET (self), NULL);

  return self->hostname;
}

/**
 * aionet_target_get_port: (get-property port)
 * @self: a target
 *
 * Gets the port.
 *
 * Returns: a port in host byte order
 *
 * Since: 0.1
 */
guint16
aionet_target_get_port (AionetTarget *self)
{
  g_return_val_if_fail (AIONET_IS_TARGET (self), 0);

  return self->port;
}

/**
 * aionet_target_get_address: (get-property address)
 * @self: a target
 *
 * Gets the address of a target that needs no look-up.
 *
 * Returns: (transfer none) (nullable): an address, or %NULL if the host is given by name
 *
 * Since: 0.1
 */
GInetAddress *
aionet_target_get_address (AionetTarget *self)
{
  g_return_val_if_fail (AIONET_IS_TARGET (self), NULL);

  return self->address;
}

/**
 * aionet_target_get_scope_name: (get-property scope-name)
 * @self: a target
 *
 * Gets the scope of an IPv6 address: the name of an interface, or its index as text.
 *
 * Returns: (transfer none) (nullable): a scope, or %NULL
 *
 * Since: 0.1
 */
const char *
aionet_target_get_scope_name (AionetTarget *self)
{
  g_return_val_if_fail (AIONET_IS_TARGET (self), NULL);

  return self->scope_name;
}

/**
 * aionet_target_equal:
 * @self: a target
 * @other: (transfer none): another target
 *
 * Checks whether two targets are the same: host, scope and port. A name never equals an address.
 *
 * Returns: whether they are equal
 *
 * Since: 0.1
 */
gboolean
aionet_target_equal (AionetTarget *self, AionetTarget *other)
{
  g_return_val_if_fail (AIONET_IS_TARGET (self), FALSE);
  g_return_val_if_fail (AIONET_IS_TARGET (other), FALSE);

  return self->port == other->port && strcmp (self->hostname, other->hostname) == 0 &&
         g_strcmp0 (self->scope_name, other->scope_name) == 0;
}

/**
 * aionet_target_hash:
 * @self: a target
 *
 * Hashes a target so that equal targets have equal hashes.
 *
 * Returns: a hash value, good within one process only
 *
 * Since: 0.1
 */
guint
aionet_target_hash (AionetTarget *self)
{
  g_return_val_if_fail (AIONET_IS_TARGET (self), 0);

  return g_str_hash (self->hostname) * 31 + self->port;
}

/**
 * aionet_target_to_string:
 * @self: a target
 *
 * Writes the target as text, with its port: `example.org:80`, `[fe80::1%eth0]:80`.
 *
 * [ctor@Target.new_from_string] makes an equal target of the text.
 *
 * Returns: (transfer full): the text
 *
 * Since: 0.1
 */
char *
aionet_target_to_string (AionetTarget *self)
{
  g_return_val_if_fail (AIONET_IS_TARGET (self), NULL);

  if (self->address == NULL || g_inet_address_get_family (self->address) == G_SOCKET_FAMILY_IPV4)
    return g_strdup_printf ("%s:%u", self->hostname, self->port);
  return g_strdup_printf ("[%s%s%s]:%u", self->hostname, self->scope_name != NULL ? "%" : "",
                          self->scope_name != NULL ? self->scope_name : "", self->port);
}
