/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#pragma once

#include <aionet.h>

G_BEGIN_DECLS

/* What a link has as one line, so that a test compares it at once. */

char *ranges_to_string (GListModel *ranges);
/* "192.168.21.21 24 0": range, on-link prefix, flags. */
char *addresses_to_string (AionetLink *link);
/* "4 192.168.21.1 5 254 *": family, router, metric, table, source. */
char *gateways_to_string (GListModel *gateways);

/* The link of that name, which must be there. Returns: (transfer none) */
AionetLink *find_link (GListModel *links, const char *name);

G_END_DECLS
