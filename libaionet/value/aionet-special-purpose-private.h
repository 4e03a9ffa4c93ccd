/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#pragma once

#include <gio/gio.h>

#include "value/aionet-address-bits-private.h"

G_BEGIN_DECLS

/* The IANA special-purpose address registries as of October 2025, longest prefix wins. */

typedef enum
{
  AIONET_ADDRESS_CLASS_PUBLIC,  /* globally reachable unicast */
  AIONET_ADDRESS_CLASS_PRIVATE, /* unicast that a host can have but that is not globally
                                   reachable: private use, shared (CGNAT), unique local,
                                   documentation, benchmarking ... */
  AIONET_ADDRESS_CLASS_LINK_LOCAL,
  AIONET_ADDRESS_CLASS_LOOPBACK,
  AIONET_ADDRESS_CLASS_MULTICAST,
  AIONET_ADDRESS_CLASS_UNUSABLE, /* unspecified, broadcast, reserved, discard, mapped ... */
} AionetAddressClass;

AionetAddressClass _aionet_inet_address_classify (GInetAddress *address);
gboolean           _aionet_inet_address_is_public (GInetAddress *address);

/* The class that all addresses of a network share; FALSE when they share none (192.0.0.0/8). */
gboolean _aionet_network_classify (AionetAddressBits   network,
                                   guint               prefix_length,
                                   GSocketFamily       family,
                                   AionetAddressClass *address_class);

/* Networks as consensus counts them: IPv4 /24, IPv6 /48. TRUE when both are in the same one. */
gboolean _aionet_inet_address_same_network (GInetAddress *a, GInetAddress *b);

G_END_DECLS
