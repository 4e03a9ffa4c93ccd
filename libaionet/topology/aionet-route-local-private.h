/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#pragma once

#include "engine/aionet-local-private.h"
#include "topology/aionet-route-data-private.h"

G_BEGIN_DECLS

/* The bind rules: which local endpoint a route stands for. In all of them `pin` of
 * the result only says that the socket may be pinned to the route's interface; whether it has to
 * be is decided when the socket is made. */

/* external: the first external address of the route, or the one of a host route; NULL: the
 * wildcard route. from_block: external is out of a block. */
AionetLocal *_aionet_route_local_new (AionetRouteData *data,
                                      GInetAddress    *external,
                                      gboolean         from_block,
                                      guint16          port,
                                      GError         **error);
/* An address as a user wrote it, taken verbatim (S40). */
AionetLocal *_aionet_route_local_new_from_text (AionetRouteData *data,
                                                const char      *text,
                                                guint16          port,
                                                GError         **error);
/* The link-local address to speak with a link-local peer from. */
AionetLocal *
_aionet_route_local_new_link_local (AionetRouteData *data, guint16 port, GError **error);

/* TRUE when external is an address of the host itself and not only of a NAT before it. */
gboolean _aionet_route_local_owns (AionetRouteData *data, GInetAddress *external);

G_END_DECLS
