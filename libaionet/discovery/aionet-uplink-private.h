/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#pragma once

#include "provider/aionet-gateway.h"
#include "value/aionet-ip-range.h"

G_BEGIN_DECLS

/* The gateway that packets of a local address leave by, as far as the gateways of its link tell
 * (GListModel of AionetGateway):
 *
 * 1. that of a policy route for the address: its source contains it, the longest prefix wins;
 * 2. else one that is itself in the address's on-link subnet;
 * 3. else the default one: of the main table before others, then by lowest metric;
 *
 * the first of the link among equals. (transfer none) (nullable: there is no gateway)
 *
 * With one gateway or none, all addresses share it. */
AionetGateway *_aionet_uplink_find (GListModel *gateways, AionetIpRange *range);

/* Same next hop in the same table; NULLs are equal. */
gboolean _aionet_uplink_same (AionetGateway *a, AionetGateway *b);

G_END_DECLS
