/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#pragma once

#include "engine/aionet-local-private.h"
#include "provider/aionet-stun-request.h"

G_BEGIN_DECLS

/* Where requests that belong together get their sockets from (refcounted, one main context).
 *
 * UDP: one socket, made at the first call and shared by all requests of the source, so that a NAT
 * with several external addresses shows one of them to all servers. TCP: a new socket a call, all
 * from the same local port where the system allows. Errors of the first try are kept and repeated:
 * an address that cannot be bound fails each request at once, with the same words. */
typedef struct _AionetSocketSource AionetSocketSource;

AionetSocketSource                *_aionet_socket_source_new (const AionetLocal *local);
AionetSocketSource                *_aionet_socket_source_ref (AionetSocketSource *self);
void                               _aionet_socket_source_unref (AionetSocketSource *self);
GSocket                           *_aionet_socket_source_dup_socket (AionetSocketSource *self,
                                                                     GSocketProtocol     protocol,
                                                                     GError            **error);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AionetSocketSource, _aionet_socket_source_unref)

AionetStunRequest *_aionet_stun_request_new (GInetSocketAddress *server,
                                             GSocketProtocol     protocol,
                                             AionetStunChange    change,
                                             AionetSocketSource *source);

G_END_DECLS
