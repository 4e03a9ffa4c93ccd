/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#pragma once

#include <aionet.h>

G_BEGIN_DECLS

/* The local endpoint of an exchange. bound: what the socket is bound to. A socket bound to any
 * address sends from the one the system chooses for each destination: that one is looked up,
 * without sending anything. Returns: (transfer full) bound itself where nothing better is known */
GInetSocketAddress *aionet_nice_local_new (AionetStunRequest *request, GSocketAddress *bound);

G_END_DECLS
