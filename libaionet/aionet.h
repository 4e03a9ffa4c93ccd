/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#pragma once

#define AIONET_INSIDE

#include <aionet-enums.h>
#include <aionet-version.h>

#include <pipe/aionet-daemon.h>
#include <pipe/aionet-hole-punch.h>
#include <pipe/aionet-message.h>
#include <pipe/aionet-pipe-options.h>
#include <pipe/aionet-pipe-tls.h>
#include <pipe/aionet-pipe.h>
#include <pipe/aionet-subscription.h>
#include <provider/aionet-address-backend.h>
#include <provider/aionet-gateway.h>
#include <provider/aionet-link.h>
#include <provider/aionet-mapping.h>
#include <provider/aionet-plugin-info.h>
#include <provider/aionet-plugin.h>
#include <provider/aionet-provider.h>
#include <provider/aionet-registry.h>
#include <provider/aionet-request.h>
#include <provider/aionet-stun-provider.h>
#include <provider/aionet-stun-request.h>
#include <server/aionet-stun-server.h>
#include <topology/aionet-host.h>
#include <topology/aionet-interface.h>
#include <topology/aionet-route-pool.h>
#include <topology/aionet-route.h>
#include <value/aionet-address-text.h>
#include <value/aionet-error.h>
#include <value/aionet-ip-range.h>
#include <value/aionet-nat.h>
#include <value/aionet-nat-plan.h>
#include <value/aionet-target.h>

#undef AIONET_INSIDE
