/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#pragma once

#include "aionet-netlink-message.h"
#include "aionet-netlink-tables.h"

G_BEGIN_DECLS

/* FALSE: malformed, nothing added. Routes and rules of no interest are TRUE and add nothing. */
gboolean aionet_netlink_tables_add_route (AionetNetlinkTables   *self,
                                          const struct nlmsghdr *message);
gboolean aionet_netlink_tables_add_rule (AionetNetlinkTables *self, const struct nlmsghdr *message);

G_END_DECLS
