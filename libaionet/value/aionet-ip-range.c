/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#include "config.h"

#include "value/aionet-ip-range.h"

#include "value/aionet-address-text-private.h"
#include "value/aionet-block-private.h"
#include "value/aionet-error.h"
#include "value/aionet-ip-range-private.h"
#include "value/aionet-quote-private.h"

/**
 * AionetIpRange:
 *
 * One IP address, or a block of addresses such as `8.8.0.0/16`.
 *
 * A range is immutable and may be shared between threads. It is a [iface@Gio.ListModel] of its
 * *usable* addresses ([class@Gio.InetAddress]), in ascending order. Nothing is stored for them:
 * an address is computed when it is asked for.
 *
 * What a range is follows from address and prefix, the way operating systems report addresses:
 *
 * - Host bits are zero (`8.8.0.0/16`): a block.
 * - Host bits are set (`192.168.0.20/24`), or there are none (`7.7.7.7/32`): a single address. The
 *   prefix that was given is remembered as the on-link one, see
 *   [method@IpRange.get_subnet_length].
 *
 * Usable addresses are, depending on the prefix:
 *
 * - The whole address (/32, /128): that one.
 * - IPv4 /31: both (RFC 3021).
 * - IPv4 /25 to /30: all but network and broadcast address.
 * - IPv4 up to /24: all that do not end in .0 or .255; 65024 in a /16.
 * - IPv6: all but the first, the subnet-router anycast address (RFC 4291).
 *
 * An IPv6 address may have a scope: the name of the interface that a link-local address belongs
 * to. IPv4 addresses mapped into IPv6 (`::ffff:1.2.3.4`) stay IPv6, and are neither public nor
 * private.
 *
 * An object made without a constructor of this class is the range `0.0.0.0`.
 *
 * ```c
 * g_autoptr (AionetIpRange) range = aionet_ip_range_new_from_string ("8.8.0.0/16", error);
 * guint64 n = aionet_ip_range_get_n_addresses (range); // 65024
 * g_autoptr (GInetAddress) last = aionet_ip_range_get_address_at (range, n - 1); // .255.254
 * ```
 *
 * Since: 0.1
 */
typedef enum
{
  PROP_ADDRESS = 1,
  PROP_FAMILY,
  PROP_PREFIX_LENGTH,
  PROP_SUBNET_LENGTH,
  PROP_SCOPE_NAME,
  PROP_N_ADDRESSES,
} AionetIpRangeProperty;

static GParamSpec *props[PROP_N_ADDRESSES + 1];

static void        aionet_ip_range_list_model_init (GListModelInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (AionetIpRange,
                               aionet_ip_range,
                               G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (G_TYPE_LIST_MODEL,
                                                      aionet_ip_range_list_model_init))

static AionetIpRange *
new_from_bits (AionetAddressBits bits, GSocketFamily family, guint prefix_length)
{
  AionetIpRange    *self = g_object_new (AIONET_TYPE_IP_RANGE, NULL);
  AionetAddressBits mask = _aionet_address_bits_mask (prefix_length);
  gboolean          is_block = (bits.high & ~mask.high) == 0 && (bits.low & ~mask.low) == 0;

  self->bits = bits;
  self->family = family;
  self->prefix_length = is_block ? prefix_length : _aionet_family_get_width (family);
  self->subnet_length = prefix_length;
  return self;
}

static void
set_scope_name (AionetIpRange *self, const char *scope_name)
{
  if (scope_name != NULL && scope_name[0] != '\0')
    self->scope_name = g_strdup (scope_name);
}

AionetAddressBits
_aionet_ip_range_get_bits (AionetIpRange *self)
{
  return self->bits;
}

static GType
aionet_ip_range_get_item_type (GListModel *model)
{
  return G_TYPE_INET_ADDRESS;
}

static guint
aionet_ip_range_get_n_items (GListModel *model)
{
  return MIN (aionet_ip_range_get_n_addresses (AIONET_IP_RANGE (model)), G_MAXUINT);
}

static gpointer
aionet_ip_range_get_item (GListModel *model, guint position)
{
  if (position >= aionet_ip_range_get_n_items (model))
    return NULL;
  return aionet_ip_range_get_address_at (AIONET_IP_RANGE (model), position);
}

static void
aionet_ip_range_list_model_init (GListModelInterface *iface)
{
  iface->get_item_type = aionet_ip_range_get_item_type;
  iface->get_n_items = aionet_ip_range_get_n_items;
  iface->get_item = aionet_ip_range_get_item;
}

static void
aionet_ip_range_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  AionetIpRange *self = AIONET_IP_RANGE (object);

  switch ((AionetIpRangeProperty) prop_id)
    {
    case PROP_ADDRESS:
      g_value_set_object (value, aionet_ip_range_get_address (self));
      break;
    case PROP_FAMILY:
      g_value_set_enum (value, self->family);
      break;
    case PROP_PREFIX_LENGTH:
      g_value_set_uint (value, self->prefix_length);
      break;
    case PROP_SUBNET_LENGTH:
      g_value_set_uint (value, self->subnet_length);
      break;
    case PROP_SCOPE_NAME:
      g_value_set_string (value, self->scope_name);
      break;
    case PROP_N_ADDRESSES:
      g_value_set_uint64 (value, aionet_ip_range_get_n_addresses (self));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
aionet_ip_range_finalize (GObject *object)
{
  AionetIpRange *self = AIONET_IP_RANGE (object);

  g_clear_object (&self->address);
  g_clear_pointer (&self->scope_name, g_free);

  G_OBJECT_CLASS (aionet_ip_range_parent_class)->finalize (object);
}

static void
aionet_ip_range_class_init (AionetIpRangeClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GParamFlags   flags = G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS;

  object_class->get_property = aionet_ip_range_get_property;
  object_class->finalize = aionet_ip_range_finalize;

  /**
   * AionetIpRange:address: (getter get_address)
   *
   * The single address, or the network address of the block.
   *
   * Since: 0.1
   */
  props[PROP_ADDRESS] = g_param_spec_object ("address", NULL, NULL, G_TYPE_INET_ADDRESS, flags);
  /**
   * AionetIpRange:family: (getter get_family)
   *
   * IPv4 or IPv6.
   *
   * Since: 0.1
   */
  props[PROP_FAMILY] =
      g_param_spec_enum ("family", NULL, NULL, G_TYPE_SOCKET_FAMILY, G_SOCKET_FAMILY_IPV4, flags);
  /**
   * AionetIpRange:prefix-length: (getter get_prefix_length)
   *
   * The number of bits that all addresses of the range have in common.
   *
   * Since: 0.1
   */
  props[PROP_PREFIX_LENGTH] = g_param_spec_uint ("prefix-length", NULL, NULL, 0, 128, 32, flags);
  /**
   * AionetIpRange:subnet-length: (getter get_subnet_length)
   *
   * The on-link prefix, in bits, that the range was made with.
   *
   * Since: 0.1
   */
  props[PROP_SUBNET_LENGTH] = g_param_spec_uint ("subnet-length", NULL, NULL, 0, 128, 32, flags);
  /**
   * AionetIpRange:scope-name: (getter get_scope_name)
   *
   * The interface that an IPv6 address is scoped to.
   *
   * Since: 0.1
   */
  props[PROP_SCOPE_NAME] = g_param_spec_string ("scope-name", NULL, NULL, NULL, flags);
  /**
   * AionetIpRange:n-addresses: (getter get_n_addresses)
   *
   * The number of usable addresses.
   *
   * Since: 0.1
   */
  props[PROP_N_ADDRESSES] =
      g_param_spec_uint64 ("n-addresses", NULL, NULL, 0, G_MAXUINT64, 1, flags);
  g_object_class_install_properties (object_class, G_N_ELEMENTS (props), props);
}

static void
aionet_ip_range_init (AionetIpRange *self)
{
  self->family = G_SOCKET_FAMILY_IPV4;
  self->prefix_length = 32;
  self->subnet_length = 32;
}

/**
 * aionet_ip_range_new:
 * @address: (transfer none): an address of either family
 * @prefix_length: prefix length in bits: up to 32 for IPv4, up to 128 for IPv6
 *
 * Creates the range of an address as an operating system reports it: a block when the host bits
 * of @address are zero, else a single address that remembers its on-link prefix.
 *
 * Returns: (transfer full): a new range
 *
 * Since: 0.1
 */
AionetIpRange *
aionet_ip_range_new (GInetAddress *address, guint prefix_length)
{
  return aionet_ip_range_new_scoped (address, prefix_length, NULL);
}

/**
 * aionet_ip_range_new_scoped:
 * @address: (transfer none): an address; an IPv6 one if @scope_name is given
 * @prefix_length: prefix length in bits: up to 32 for IPv4, up to 128 for IPv6
 * @scope_name: (nullable): the name of the interface the address is scoped to
 *
 * Creates a range as [ctor@IpRange.new] does, of an address that means something on one
 * interface only.
 *
 * Any name is kept. To survive a round trip through text it must be printable UTF-8 without `%`
 * and `/`, of at most 255 bytes, and neither begin nor end with a space.
 *
 * Returns: (transfer full): a new range
 *
 * Since: 0.1
 */
AionetIpRange *
aionet_ip_range_new_scoped (GInetAddress *address, guint prefix_length, const char *scope_name)
{
  AionetIpRange *self;
  GSocketFamily  family;

  g_return_val_if_fail (G_IS_INET_ADDRESS (address), NULL);

  family = g_inet_address_get_family (address);
  g_return_val_if_fail (prefix_length <= _aionet_family_get_width (family), NULL);
  g_return_val_if_fail (scope_name == NULL || family == G_SOCKET_FAMILY_IPV6, NULL);

  self = new_from_bits (_aionet_address_bits_from_address (address), family, prefix_length);
  self->address = g_object_ref (address);
  set_scope_name (self, scope_name);
  return self;
}

/**
 * aionet_ip_range_new_from_bytes:
 * @bytes: (array length=n_bytes) (element-type guint8): an address in network byte order
 * @n_bytes: 4 for IPv4, 16 for IPv6
 * @prefix_length: prefix length in bits: up to 32 for IPv4, up to 128 for IPv6
 * @scope_name: (nullable): the name of the interface that an IPv6 address is scoped to
 *
 * Creates a range as [ctor@IpRange.new_scoped] does, of an address as systems tell it. For many
 * ranges this is the cheapest way: address objects are made of those that are asked for one.
 *
 * Returns: (transfer full): a new range
 *
 * Since: 0.1
 */
AionetIpRange *
aionet_ip_range_new_from_bytes (const guint8 *bytes,
                                gsize         n_bytes,
                                guint         prefix_length,
                                const char   *scope_name)
{
  AionetIpRange *self;
  GSocketFamily  family = n_bytes == 4 ? G_SOCKET_FAMILY_IPV4 : G_SOCKET_FAMILY_IPV6;

  g_return_val_if_fail (bytes != NULL, NULL);
  g_return_val_if_fail (n_bytes == 4 || n_bytes == 16, NULL);
  g_return_val_if_fail (prefix_length <= n_bytes * 8, NULL);
  g_return_val_if_fail (scope_name == NULL || family == G_SOCKET_FAMILY_IPV6, NULL);

  self = new_from_bits (_aionet_address_bits_from_bytes (bytes, family), family, prefix_length);
  set_scope_name (self, scope_name);
  return self;
}

/**
 * aionet_ip_range_new_from_string:
 * @text: an address or block: `8.8.0.0/16`, `10.0.0.1`, `192.168.1.77/255.255.255.0`,
 *   `fe80::1%eth0`, `fe80::1%eth0/64`
 * @error: return location for a [struct@GLib.Error], or %NULL
 *
 * Creates a range from text.
 *
 * The whole text must be the range: no space, no leading zeros in octets or prefix. Behind the
 * slash stands a prefix length in bits or a netmask, and without slash the address is a single
 * one. What [method@IpRange.to_string] writes is read back as an equal range.
 *
 * Errors: %AIONET_ERROR_INVALID_ADDRESS when the text is anything else.
 *
 * Returns: (transfer full): a new range, or %NULL with @error set
 *
 * Since: 0.1
 */
AionetIpRange *
aionet_ip_range_new_from_string (const char *text, GError **error)
{
  g_auto (AionetAddressText) parsed = { 0 };
  g_autofree char *quoted = NULL;
  AionetIpRange   *self;

  g_return_val_if_fail (text != NULL, NULL);

  if (!_aionet_address_text_parse (text, &parsed, error))
    return NULL;
  if (parsed.family == G_SOCKET_FAMILY_IPV4 && parsed.scope_name != NULL)
    {
      quoted = _aionet_quote (text);
      g_set_error (error, AIONET_ERROR, AIONET_ERROR_INVALID_ADDRESS,
                   "%s has a scope, which IPv4 addresses have not", quoted);
      return NULL;
    }
  self = new_from_bits (parsed.bits, parsed.family, parsed.prefix_length);
  self->scope_name = g_steal_pointer (&parsed.scope_name);
  return self;
}

/**
 * aionet_ip_range_get_address: (get-property address)
 * @self: a range
 *
 * Gets the single address, or the network address of a block.
 *
 * Returns: (transfer none): an address
 *
 * Since: 0.1
 */
GInetAddress *
aionet_ip_range_get_address (AionetIpRange *self)
{
  GInetAddress *address;

  g_return_val_if_fail (AIONET_IS_IP_RANGE (self), NULL);

  if (g_atomic_pointer_get (&self->address) == NULL)
    {
      address = _aionet_address_bits_to_address (self->bits, self->family);
      /* Another thread may have been first; everybody has to get the same object. */
      if (!g_atomic_pointer_compare_and_exchange (&self->address, NULL, address))
        g_object_unref (address);
    }
  return g_atomic_pointer_get (&self->address);
}

/**
 * aionet_ip_range_get_prefix_length: (get-property prefix-length)
 * @self: a range
 *
 * Gets how many leading bits all addresses of the range have in common.
 *
 * Returns: prefix length in bits; 32 or 128 for a single address
 *
 * Since: 0.1
 */
guint
aionet_ip_range_get_prefix_length (AionetIpRange *self)
{
  g_return_val_if_fail (AIONET_IS_IP_RANGE (self), 0);

  return self->prefix_length;
}

/**
 * aionet_ip_range_get_subnet_length: (get-property subnet-length)
 * @self: a range
 *
 * Gets the on-link prefix that the range was made with: 24 for `192.168.0.20/24`, which is a
 * single address in a subnet of that length.
 *
 * Returns: prefix length in bits; for a block, that of the block
 *
 * Since: 0.1
 */
guint
aionet_ip_range_get_subnet_length (AionetIpRange *self)
{
  g_return_val_if_fail (AIONET_IS_IP_RANGE (self), 0);

  return self->subnet_length;
}

/**
 * aionet_ip_range_get_family: (get-property family)
 * @self: a range
 *
 * Gets the address family.
 *
 * Returns: %G_SOCKET_FAMILY_IPV4 or %G_SOCKET_FAMILY_IPV6
 *
 * Since: 0.1
 */
GSocketFamily
aionet_ip_range_get_family (AionetIpRange *self)
{
  g_return_val_if_fail (AIONET_IS_IP_RANGE (self), G_SOCKET_FAMILY_INVALID);

  return self->family;
}

/**
 * aionet_ip_range_get_scope_name: (get-property scope-name)
 * @self: a range
 *
 * Gets the name of the interface that an IPv6 address is scoped to.
 *
 * Returns: (transfer none) (nullable): an interface name, or %NULL
 *
 * Since: 0.1
 */
const char *
aionet_ip_range_get_scope_name (AionetIpRange *self)
{
  g_return_val_if_fail (AIONET_IS_IP_RANGE (self), NULL);

  return self->scope_name;
}

/**
 * aionet_ip_range_get_n_addresses: (get-property n-addresses)
 * @self: a range
 *
 * Counts the usable addresses.
 *
 * Larger numbers saturate: an IPv6 /48 reports %G_MAXUINT64, and a [iface@Gio.ListModel] never
 * more than %G_MAXUINT items.
 *
 * Returns: a number of addresses, at least 1
 *
 * Since: 0.1
 */
guint64
aionet_ip_range_get_n_addresses (AionetIpRange *self)
{
  g_return_val_if_fail (AIONET_IS_IP_RANGE (self), 0);

  return _aionet_block_count (self->family, self->prefix_length);
}

/**
 * aionet_ip_range_get_address_at:
 * @self: a range
 * @index: an index, counted from 0
 *
 * Computes a usable address of the range.
 *
 * Returns: (transfer full) (nullable): the address, or %NULL if @index is not less than
 *   [method@IpRange.get_n_addresses]
 *
 * Since: 0.1
 */
GInetAddress *
aionet_ip_range_get_address_at (AionetIpRange *self, guint64 index)
{
  AionetAddressBits bits;

  g_return_val_if_fail (AIONET_IS_IP_RANGE (self), NULL);

  if (index >= aionet_ip_range_get_n_addresses (self))
    return NULL;
  if (aionet_ip_range_is_single (self))
    return g_object_ref (aionet_ip_range_get_address (self));
  bits = _aionet_block_at (self->bits, self->family, self->prefix_length, index);
  return _aionet_address_bits_to_address (bits, self->family);
}

/**
 * aionet_ip_range_get_index_of:
 * @self: a range
 * @address: (transfer none): an address
 * @index: (out) (optional): the index of @address
 *
 * Finds a usable address; the inverse of [method@IpRange.get_address_at].
 *
 * Returns: %TRUE, or %FALSE with @index left alone: outside the range, not usable (network,
 *   broadcast, .0, .255), or beyond the count where it saturates
 *
 * Since: 0.1
 */
gboolean
aionet_ip_range_get_index_of (AionetIpRange *self, GInetAddress *address, guint64 *index)
{
  guint64 found;

  g_return_val_if_fail (AIONET_IS_IP_RANGE (self), FALSE);
  g_return_val_if_fail (G_IS_INET_ADDRESS (address), FALSE);

  if (!aionet_ip_range_contains (self, address) ||
      !_aionet_block_find (self->bits, self->family, self->prefix_length,
                           _aionet_address_bits_from_address (address), &found))
    return FALSE;
  if (index != NULL)
    *index = found;
  return TRUE;
}

/**
 * aionet_ip_range_to_string:
 * @self: a range
 *
 * Writes the range as text: `192.168.0.20`, `8.8.0.0/16`, `fe80::1%eth0`.
 *
 * The on-link prefix of a single address is not written.
 * [ctor@IpRange.new_from_string] makes an equal range of the text.
 *
 * Returns: (transfer full): the text
 *
 * Since: 0.1
 */
char *
aionet_ip_range_to_string (AionetIpRange *self)
{
  g_autofree char *address = NULL;
  const char      *percent;
  const char      *scope;

  g_return_val_if_fail (AIONET_IS_IP_RANGE (self), NULL);

  address = g_inet_address_to_string (aionet_ip_range_get_address (self));
  percent = self->scope_name != NULL ? "%" : "";
  scope = self->scope_name != NULL ? self->scope_name : "";
  if (aionet_ip_range_is_single (self))
    return g_strconcat (address, percent, scope, NULL);
  return g_strdup_printf ("%s%s%s/%u", address, percent, scope, self->prefix_length);
}
