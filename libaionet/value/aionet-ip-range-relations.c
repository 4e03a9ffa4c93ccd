/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#include "config.h"

#include "value/aionet-ip-range.h"

#include "value/aionet-ip-range-private.h"
#include "value/aionet-special-purpose-private.h"

#include <string.h>

/* How a range relates to addresses, to other ranges and to the Internet. */

/* A block can hold networks of several classes: 192.0.0.0/8 is neither public nor private. */
static AionetAddressClass
get_class (AionetIpRange *self)
{
  AionetAddressClass address_class;

  if (!_aionet_network_classify (self->bits, self->prefix_length, self->family, &address_class))
    return AIONET_ADDRESS_CLASS_UNUSABLE;
  return address_class;
}

/**
 * aionet_ip_range_is_single:
 * @self: a range
 *
 * Tells a single address from a block.
 *
 * Returns: whether the prefix is the whole address
 *
 * Since: 0.1
 */
gboolean
aionet_ip_range_is_single (AionetIpRange *self)
{
  g_return_val_if_fail (AIONET_IS_IP_RANGE (self), FALSE);

  return self->prefix_length == _aionet_family_get_width (self->family);
}

/**
 * aionet_ip_range_is_public:
 * @self: a range
 *
 * Checks whether all addresses of the range are globally reachable unicast, by the IANA
 * special-purpose address registries.
 *
 * Shared (100.64.0.0/10), unique local, documentation and multicast addresses are not.
 *
 * Returns: whether the whole range is public
 *
 * Since: 0.1
 */
gboolean
aionet_ip_range_is_public (AionetIpRange *self)
{
  g_return_val_if_fail (AIONET_IS_IP_RANGE (self), FALSE);

  return get_class (self) == AIONET_ADDRESS_CLASS_PUBLIC;
}

/**
 * aionet_ip_range_is_private:
 * @self: a range
 *
 * Checks whether all addresses of the range are such as a host can have without being reached
 * from everywhere: private, shared, unique local, link-local, loopback.
 *
 * Unspecified, multicast and reserved addresses are neither public nor private, nor is a block
 * that contains some of both.
 *
 * Returns: whether the whole range is private
 *
 * Since: 0.1
 */
gboolean
aionet_ip_range_is_private (AionetIpRange *self)
{
  AionetAddressClass address_class;

  g_return_val_if_fail (AIONET_IS_IP_RANGE (self), FALSE);

  address_class = get_class (self);
  return address_class == AIONET_ADDRESS_CLASS_PRIVATE ||
         address_class == AIONET_ADDRESS_CLASS_LINK_LOCAL ||
         address_class == AIONET_ADDRESS_CLASS_LOOPBACK;
}

/**
 * aionet_ip_range_is_link_local:
 * @self: a range
 *
 * Checks whether the range lies in 169.254.0.0/16 or fe80::/10.
 *
 * Returns: whether the whole range is link-local
 *
 * Since: 0.1
 */
gboolean
aionet_ip_range_is_link_local (AionetIpRange *self)
{
  g_return_val_if_fail (AIONET_IS_IP_RANGE (self), FALSE);

  return get_class (self) == AIONET_ADDRESS_CLASS_LINK_LOCAL;
}

/**
 * aionet_ip_range_contains:
 * @self: a range
 * @address: (transfer none): an address
 *
 * Checks whether an address belongs to the range as a network: network and broadcast address of
 * a block do. A single address contains itself only, whatever its subnet. Scopes do not matter.
 *
 * Returns: whether @address is in the range
 *
 * Since: 0.1
 */
gboolean
aionet_ip_range_contains (AionetIpRange *self, GInetAddress *address)
{
  g_return_val_if_fail (AIONET_IS_IP_RANGE (self), FALSE);
  g_return_val_if_fail (G_IS_INET_ADDRESS (address), FALSE);

  return g_inet_address_get_family (address) == self->family &&
         _aionet_address_bits_match (_aionet_address_bits_from_address (address), self->bits,
                                     self->prefix_length);
}

/**
 * aionet_ip_range_overlaps:
 * @self: a range
 * @other: (transfer none): another range
 *
 * Checks whether two ranges have an address in common.
 *
 * Ranges scoped to different interfaces have not; one without scope may be on any interface.
 *
 * Returns: whether the ranges overlap
 *
 * Since: 0.1
 */
gboolean
aionet_ip_range_overlaps (AionetIpRange *self, AionetIpRange *other)
{
  g_return_val_if_fail (AIONET_IS_IP_RANGE (self), FALSE);
  g_return_val_if_fail (AIONET_IS_IP_RANGE (other), FALSE);

  if (self->scope_name != NULL && other->scope_name != NULL &&
      strcmp (self->scope_name, other->scope_name) != 0)
    return FALSE;
  return self->family == other->family &&
         _aionet_address_bits_match (self->bits, other->bits,
                                     MIN (self->prefix_length, other->prefix_length));
}

/**
 * aionet_ip_range_equal:
 * @self: a range
 * @other: (transfer none): another range
 *
 * Checks whether two ranges are the same: family, address, prefix and scope. The on-link prefix of
 * a single address is a remark and does not count.
 *
 * Returns: whether the ranges are equal
 *
 * Since: 0.1
 */
gboolean
aionet_ip_range_equal (AionetIpRange *self, AionetIpRange *other)
{
  g_return_val_if_fail (AIONET_IS_IP_RANGE (self), FALSE);
  g_return_val_if_fail (AIONET_IS_IP_RANGE (other), FALSE);

  return aionet_ip_range_compare (self, other) == 0;
}

/**
 * aionet_ip_range_hash:
 * @self: a range
 *
 * Hashes a range so that equal ranges have equal hashes.
 *
 * Returns: a hash value, good within one process only
 *
 * Since: 0.1
 */
guint
aionet_ip_range_hash (AionetIpRange *self)
{
  guint64 mixed;

  g_return_val_if_fail (AIONET_IS_IP_RANGE (self), 0);

  mixed = self->bits.high * G_GUINT64_CONSTANT (0x9e3779b97f4a7c15) + self->bits.low;
  mixed = (mixed ^ mixed >> 29) * G_GUINT64_CONSTANT (0xbf58476d1ce4e5b9);
  mixed += (guint64) self->family << 8 | self->prefix_length;
  if (self->scope_name != NULL)
    mixed ^= g_str_hash (self->scope_name);
  return (guint) (mixed ^ mixed >> 32);
}

/**
 * aionet_ip_range_compare:
 * @self: a range
 * @other: (transfer none): another range
 *
 * Orders ranges: IPv4 before IPv6, then by address, prefix length and scope.
 *
 * Returns: a negative number, 0 or a positive number, as [func@GLib.strcmp0] does
 *
 * Since: 0.1
 */
int
aionet_ip_range_compare (AionetIpRange *self, AionetIpRange *other)
{
  int order;

  g_return_val_if_fail (AIONET_IS_IP_RANGE (self), 0);
  g_return_val_if_fail (AIONET_IS_IP_RANGE (other), 0);

  if (self->family != other->family)
    return self->family == G_SOCKET_FAMILY_IPV4 ? -1 : 1;
  order = _aionet_address_bits_compare (self->bits, other->bits);
  if (order != 0)
    return order;
  if (self->prefix_length != other->prefix_length)
    return self->prefix_length < other->prefix_length ? -1 : 1;
  return g_strcmp0 (self->scope_name, other->scope_name);
}
