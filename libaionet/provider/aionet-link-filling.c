/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#include "config.h"

#include "provider/aionet-link.h"
#include "provider/aionet-link-private.h"

#include "engine/aionet-compat-private.h"
#include "provider/aionet-hardware-address-private.h"
#include "value/aionet-address-bits-private.h"

/* The part of AionetLink that its maker uses, until it is handed in. */

static gboolean
check_open (AionetLink *self)
{
  if (self->sealed)
    g_critical ("Link “%s” was handed in and cannot be changed any more", self->name);
  return !self->sealed;
}

gboolean
_aionet_link_ranges_equal (gconstpointer a, gconstpointer b)
{
  AionetIpRange *first = (gpointer) a, *second = (gpointer) b;

  return aionet_ip_range_equal (first, second) &&
         aionet_ip_range_get_subnet_length (first) == aionet_ip_range_get_subnet_length (second);
}

static guint
gateway_hash (gconstpointer data)
{
  AionetGateway    *gateway = (gpointer) data;
  GInetAddress     *address = aionet_gateway_get_address (gateway);
  AionetIpRange    *source = aionet_gateway_get_source (gateway);
  AionetAddressBits bits = { 0, 0 };
  guint hash = aionet_gateway_get_metric (gateway) * 31 + aionet_gateway_get_table (gateway);

  if (address != NULL)
    bits = _aionet_address_bits_from_address (address);
  if (source != NULL)
    hash ^= aionet_ip_range_hash (source);
  return hash ^ g_int64_hash (&bits.high) ^ g_int64_hash (&bits.low);
}

/**
 * aionet_link_add_address:
 * @self: a link that was not handed in yet
 * @range: an address with the prefix length that the system tells
 * @flags: state of the address
 *
 * Adds an address. Order is kept. An address that the link already has keeps its place, and has
 * the flags of both.
 *
 * Since: 0.1
 */
void
aionet_link_add_address (AionetLink *self, AionetIpRange *range, AionetAddressFlags flags)
{
  guint position;

  g_return_if_fail (AIONET_IS_LINK (self));
  g_return_if_fail (AIONET_IS_IP_RANGE (range));

  if (!check_open (self))
    return;
  if (_aionet_unique_list_append (&self->addresses, range, (GHashFunc) aionet_ip_range_hash,
                                  _aionet_link_ranges_equal, &position))
    g_array_append_val (self->address_flags, flags);
  else if (position < self->address_flags->len)
    g_array_index (self->address_flags, AionetAddressFlags, position) |= flags;
}

/**
 * aionet_link_add_block:
 * @self: a link that was not handed in yet
 * @range: a block of addresses
 *
 * Adds a block of addresses that the system accepts packets for. Order is kept; a block that the
 * link already has is ignored.
 *
 * Since: 0.1
 */
void
aionet_link_add_block (AionetLink *self, AionetIpRange *range)
{
  g_return_if_fail (AIONET_IS_LINK (self));
  g_return_if_fail (AIONET_IS_IP_RANGE (range));

  if (check_open (self))
    _aionet_unique_list_append (&self->blocks, range, (GHashFunc) aionet_ip_range_hash,
                                _aionet_link_ranges_equal, NULL);
}

/**
 * aionet_link_add_gateway:
 * @self: a link that was not handed in yet
 * @gateway: a default route
 *
 * Adds a default route that leaves through the interface. Order is kept; a route that the link
 * already has is ignored.
 *
 * Since: 0.1
 */
void
aionet_link_add_gateway (AionetLink *self, AionetGateway *gateway)
{
  g_return_if_fail (AIONET_IS_LINK (self));
  g_return_if_fail (AIONET_IS_GATEWAY (gateway));

  if (check_open (self))
    _aionet_unique_list_append (&self->gateways, gateway, gateway_hash,
                                (GEqualFunc) aionet_gateway_equal, NULL);
}

/**
 * aionet_link_set_hardware_address: (set-property hardware-address)
 * @self: a link that was not handed in yet
 * @hardware_address: (nullable): the address, or %NULL if there is none
 *
 * Sets the hardware (MAC) address, in any of the spellings that [property@Link:hardware-address]
 * names. What is no hardware address counts as none.
 *
 * Since: 0.1
 */
void
aionet_link_set_hardware_address (AionetLink *self, const char *hardware_address)
{
  g_autofree char *normal = NULL;

  g_return_if_fail (AIONET_IS_LINK (self));

  if (!check_open (self))
    return;
  normal = _aionet_hardware_address_normalize (hardware_address);
  if (normal == NULL && hardware_address != NULL)
    g_debug ("Link “%s”: “%s” is no hardware address", self->name, hardware_address);
  if (_aionet_set_str (&self->hardware_address, normal))
    _aionet_link_notify (self, AIONET_LINK_PROPERTY_HARDWARE_ADDRESS);
}

/**
 * aionet_link_set_mtu: (set-property mtu)
 * @self: a link that was not handed in yet
 * @mtu: the size in bytes, 0 if not known
 *
 * Sets the size of the largest packet.
 *
 * Since: 0.1
 */
void
aionet_link_set_mtu (AionetLink *self, guint mtu)
{
  g_return_if_fail (AIONET_IS_LINK (self));

  if (!check_open (self) || self->mtu == mtu)
    return;
  self->mtu = mtu;
  _aionet_link_notify (self, AIONET_LINK_PROPERTY_MTU);
}

/**
 * aionet_link_set_kind: (set-property kind)
 * @self: a link that was not handed in yet
 * @kind: the kind
 *
 * Sets what the interface is made of.
 *
 * Since: 0.1
 */
void
aionet_link_set_kind (AionetLink *self, AionetLinkKind kind)
{
  g_return_if_fail (AIONET_IS_LINK (self));

  if (!check_open (self) || self->kind == kind)
    return;
  self->kind = kind;
  _aionet_link_notify (self, AIONET_LINK_PROPERTY_KIND);
}

/**
 * aionet_link_set_is_up: (set-property is-up)
 * @self: a link that was not handed in yet
 * @is_up: whether packets can pass
 *
 * Sets whether packets can pass: switched on, and the cable is in.
 *
 * Since: 0.1
 */
void
aionet_link_set_is_up (AionetLink *self, gboolean is_up)
{
  g_return_if_fail (AIONET_IS_LINK (self));

  is_up = is_up != FALSE;
  if (!check_open (self) || self->is_up == is_up)
    return;
  self->is_up = is_up;
  _aionet_link_notify (self, AIONET_LINK_PROPERTY_IS_UP);
}
