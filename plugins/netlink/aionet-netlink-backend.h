/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#pragma once

#include <aionet.h>

G_BEGIN_DECLS

#define AIONET_TYPE_NETLINK_BACKEND (aionet_netlink_backend_get_type ())

G_DECLARE_FINAL_TYPE (
    AionetNetlinkBackend, aionet_netlink_backend, AIONET, NETLINK_BACKEND, AionetAddressBackend)

G_END_DECLS
