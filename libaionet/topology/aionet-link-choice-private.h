/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#pragma once

#include "provider/aionet-link.h"

G_BEGIN_DECLS

/* Judging links by what a backend told of them. Pure. */

/* The two families, in the order in which they are preferred, shown and stored in arrays of
 * AIONET_N_FAMILIES. */
#define AIONET_N_FAMILIES 2
extern const GSocketFamily _aionet_families[AIONET_N_FAMILIES];

/* Position of family in such arrays; -1 for other families */
int _aionet_family_position (GSocketFamily family);

/* S18: up, not loopback, and either an address beyond link-local scope, or a default gateway, or,
 * on wired and wireless cards, a link-local address: neighbours are reachable by it, while
 * the kernel gives one to every virtual link, which says nothing. */
gboolean _aionet_link_is_usable (AionetLink *link);
gboolean _aionet_link_has_family (AionetLink *link, GSocketFamily family);

/* (nullable) (transfer none) The link through which the kernel sends packets of family whose
 * sender is not bound: the lowest metric among the default gateways of the main table. No gateway
 * is known at all: the link that alone has addresses of the family, else NULL. */
AionetLink *_aionet_links_get_default (GListModel *links, GSocketFamily family);

/* (nullable) (transfer none) What the system prefers: the default of IPv4, else of IPv6, else the
 * first usable link. */
AionetLink *_aionet_links_get_preferred (GListModel *links);

/* (nullable) (transfer none) */
AionetLink *_aionet_links_find (GListModel *links, const char *name);

/* "lo, eth0, wlan0" or "none" */
char *_aionet_links_describe (GListModel *links);

G_END_DECLS
