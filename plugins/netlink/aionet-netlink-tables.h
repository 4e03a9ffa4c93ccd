/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#pragma once

#include <aionet.h>

#include <net/if.h>

G_BEGIN_DECLS

/* What dumps of the kernel's tables say, as plain data: numbers in host order, addresses as bytes
 * in network order, 4 or 16 by family. */

typedef struct
{
  guint   index;
  guint   mtu;
  guint32 flags;         /* IFF_ */
  guint16 hardware_type; /* ARPHRD_ */
  guint8  hardware_address[32];
  guint   hardware_address_length;
  char    name[IF_NAMESIZE];
  char    kind[32]; /* "veth" ...; empty for hardware */
  /* Not in any message: found by who made the dump. */
  gboolean is_wireless;
} AionetNetlinkLink;

typedef struct
{
  guint   index;
  guint8  family;
  guint8  prefix_length;
  guint32 flags; /* IFA_F_ */
  guint8  bytes[16];
} AionetNetlinkAddress;

/* One next hop of a route of interest: a default route, or an operator-made local entry. */
typedef struct
{
  guint   index;
  guint8  family;
  guint8  type; /* RTN_UNICAST or RTN_LOCAL */
  guint8  prefix_length;
  guint8  gateway_family; /* 0: on link */
  guint32 table;
  guint32 metric;
  guint8  destination[16];
  guint8  gateway[16];
} AionetNetlinkRoute;

/* A rule that traffic of this host's own sockets may match. */
typedef struct
{
  guint8  family;
  guint8  source_length; /* 0: from anywhere */
  guint32 priority;
  guint32 table;
  guint8  source[16];
  char    interface_name[IF_NAMESIZE]; /* only sockets bound to it; empty: all */
} AionetNetlinkRule;

typedef struct
{
  GArray  *links;        /* (element-type AionetNetlinkLink) */
  GArray  *addresses;    /* (element-type AionetNetlinkAddress) */
  GArray  *routes;       /* (element-type AionetNetlinkRoute) */
  GArray  *rules;        /* (element-type AionetNetlinkRule) */
  gboolean has_rules[2]; /* IPv4, IPv6: whether any rule was told of, usable or not */
  guint    n_messages;
  guint    n_malformed;
  guint    n_strays; /* of links that were not listed; counted when links are built */
} AionetNetlinkTables;

AionetNetlinkTables *aionet_netlink_tables_new (void);
void                 aionet_netlink_tables_free (AionetNetlinkTables *self);
void                 aionet_netlink_tables_clear (AionetNetlinkTables *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AionetNetlinkTables, aionet_netlink_tables_free)

G_END_DECLS
