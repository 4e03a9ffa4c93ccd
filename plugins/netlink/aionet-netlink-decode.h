/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#pragma once

#include "aionet-netlink-message.h"
#include "aionet-netlink-tables.h"

G_BEGIN_DECLS

/* Adds what one message says, if it is a new link, address, route or rule of that family
 * (AF_UNSPEC: of any). The message must be whole, as aionet_netlink_bytes_next_message () returns
 * it. FALSE: it is malformed, was counted as such, and nothing was added. */
gboolean aionet_netlink_tables_add_message (AionetNetlinkTables   *self,
                                            const struct nlmsghdr *message,
                                            guint8                 family);

/* The same for all messages in the bytes. */
void aionet_netlink_tables_add_bytes (AionetNetlinkTables *self, AionetNetlinkBytes bytes);

G_END_DECLS
