/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#pragma once

#include "aionet-netlink-tables.h"

G_BEGIN_DECLS

/* What a link is made of, by ARPHRD_ type and the kernel's name of its driver kind. */
AionetLinkKind aionet_netlink_link_get_kind (const AionetNetlinkLink *link);

/* Returns: (transfer full): a list of AionetLink, in the kernel's order */
GListModel *aionet_netlink_tables_build_links (AionetNetlinkTables *self);

G_END_DECLS
