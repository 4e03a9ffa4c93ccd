/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#pragma once

#include "provider/aionet-link.h"
#include "provider/aionet-unique-list-private.h"

G_BEGIN_DECLS

/* For aionet-link*.c only. */
struct _AionetLink
{
  GObject          parent_instance;

  char            *name; /* (owned) */
  guint            index;
  char            *hardware_address; /* (owned) (nullable) */
  guint            mtu;
  AionetLinkKind   kind;
  gboolean         is_up;
  AionetUniqueList addresses;     /* (element-type AionetIpRange) */
  GArray          *address_flags; /* (owned) (element-type AionetAddressFlags): as addresses */
  AionetUniqueList blocks;        /* (element-type AionetIpRange) */
  AionetUniqueList gateways;      /* (element-type AionetGateway) */
  gboolean         sealed;
};

typedef enum
{
  AIONET_LINK_PROPERTY_NAME = 1,
  AIONET_LINK_PROPERTY_INDEX,
  AIONET_LINK_PROPERTY_HARDWARE_ADDRESS,
  AIONET_LINK_PROPERTY_MTU,
  AIONET_LINK_PROPERTY_KIND,
  AIONET_LINK_PROPERTY_IS_UP,
} AionetLinkProperty;

void _aionet_link_notify (AionetLink *self, AionetLinkProperty property);
/* Stricter than aionet_ip_range_equal (): a changed on-link prefix is a change of the link. */
gboolean _aionet_link_ranges_equal (gconstpointer a, gconstpointer b);

/* From now on the link is immutable; attempts to change it are criticals. */
void _aionet_link_seal (AionetLink *self);

G_END_DECLS
