/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#pragma once

#if !defined(AIONET_INSIDE) && !defined(AIONET_COMPILATION)
#error "Only <aionet.h> can be included directly."
#endif

#include <gio/gio.h>

#include <aionet-version.h>

#include <provider/aionet-gateway.h>
#include <value/aionet-ip-range.h>

G_BEGIN_DECLS

/**
 * AionetLinkKind:
 * @AIONET_LINK_KIND_OTHER: none of the below, or not known
 * @AIONET_LINK_KIND_ETHERNET: a wired network card
 * @AIONET_LINK_KIND_WIRELESS: a wireless network card
 * @AIONET_LINK_KIND_LOOPBACK: the loopback interface
 * @AIONET_LINK_KIND_TUNNEL: a tunnel or VPN: tun, tap, WireGuard, GRE, SIT ...
 * @AIONET_LINK_KIND_POINT_TO_POINT: a PPP line or a modem
 * @AIONET_LINK_KIND_BRIDGE: a bridge, bond or team
 * @AIONET_LINK_KIND_VIRTUAL: veth, macvlan, VLAN, dummy and the like
 *
 * What an interface is made of.
 *
 * Since: 0.1
 */
typedef enum
{
  AIONET_LINK_KIND_OTHER,
  AIONET_LINK_KIND_ETHERNET,
  AIONET_LINK_KIND_WIRELESS,
  AIONET_LINK_KIND_LOOPBACK,
  AIONET_LINK_KIND_TUNNEL,
  AIONET_LINK_KIND_POINT_TO_POINT,
  AIONET_LINK_KIND_BRIDGE,
  AIONET_LINK_KIND_VIRTUAL,
} AionetLinkKind;

/**
 * AionetAddressFlags:
 * @AIONET_ADDRESS_FLAGS_NONE: nothing special
 * @AIONET_ADDRESS_FLAGS_TEMPORARY: a privacy address (RFC 8981), or a secondary IPv4 one
 * @AIONET_ADDRESS_FLAGS_DEPRECATED: preferred lifetime is over (RFC 4862); not for new sockets
 * @AIONET_ADDRESS_FLAGS_TENTATIVE: duplicate address detection runs or failed; cannot be bound
 *
 * State of an address on a link.
 *
 * Since: 0.1
 */
typedef enum /*< flags >*/
{
  AIONET_ADDRESS_FLAGS_NONE = 0,
  AIONET_ADDRESS_FLAGS_TEMPORARY = 1 << 0,
  AIONET_ADDRESS_FLAGS_DEPRECATED = 1 << 1,
  AIONET_ADDRESS_FLAGS_TENTATIVE = 1 << 2,
} AionetAddressFlags;

AIONET_DECLARE_FLAGS (AionetAddressFlags)

#define AIONET_TYPE_LINK (aionet_link_get_type ())

AIONET_AVAILABLE_IN_0_1
G_DECLARE_FINAL_TYPE (AionetLink, aionet_link, AIONET, LINK, GObject)

AIONET_AVAILABLE_IN_0_1
AionetLink *aionet_link_new (const char *name, guint index);

AIONET_AVAILABLE_IN_0_1
void aionet_link_set_hardware_address (AionetLink *self, const char *hardware_address);
AIONET_AVAILABLE_IN_0_1
void aionet_link_set_mtu (AionetLink *self, guint mtu);
AIONET_AVAILABLE_IN_0_1
void aionet_link_set_kind (AionetLink *self, AionetLinkKind kind);
AIONET_AVAILABLE_IN_0_1
void aionet_link_set_is_up (AionetLink *self, gboolean is_up);
AIONET_AVAILABLE_IN_0_1
void aionet_link_add_address (AionetLink *self, AionetIpRange *range, AionetAddressFlags flags);
AIONET_AVAILABLE_IN_0_1
void aionet_link_add_block (AionetLink *self, AionetIpRange *range);
AIONET_AVAILABLE_IN_0_1
void aionet_link_add_gateway (AionetLink *self, AionetGateway *gateway);

AIONET_AVAILABLE_IN_0_1
const char *aionet_link_get_name (AionetLink *self);
AIONET_AVAILABLE_IN_0_1
guint aionet_link_get_index (AionetLink *self);
AIONET_AVAILABLE_IN_0_1
const char *aionet_link_get_hardware_address (AionetLink *self);
AIONET_AVAILABLE_IN_0_1
guint aionet_link_get_mtu (AionetLink *self);
AIONET_AVAILABLE_IN_0_1
AionetLinkKind aionet_link_get_kind (AionetLink *self);
AIONET_AVAILABLE_IN_0_1
gboolean aionet_link_get_is_up (AionetLink *self);
AIONET_AVAILABLE_IN_0_1
GListModel *aionet_link_get_addresses (AionetLink *self);
AIONET_AVAILABLE_IN_0_1
AionetAddressFlags aionet_link_get_address_flags (AionetLink *self, guint position);
AIONET_AVAILABLE_IN_0_1
GListModel *aionet_link_get_blocks (AionetLink *self);
AIONET_AVAILABLE_IN_0_1
GListModel *aionet_link_get_gateways (AionetLink *self);
AIONET_AVAILABLE_IN_0_1
gboolean aionet_link_equal (AionetLink *self, AionetLink *other);

G_END_DECLS
