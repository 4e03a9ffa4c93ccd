/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#pragma once

#include "topology/aionet-route.h"

G_BEGIN_DECLS

/* The groups of a pool out of its routes (element-type AionetRoute, one family). Routes with an
 * external address in common become one group that keeps all NIC sides, at the place of the first;
 * no two groups have an external address in common. */
GPtrArray *_aionet_route_grouping_new (GPtrArray *routes);

G_END_DECLS
