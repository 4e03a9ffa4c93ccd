/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#pragma once

#include "engine/aionet-local-private.h"

G_BEGIN_DECLS

/* Where requests that belong together get their sockets from (refcounted, any thread).
 *
 * UDP: one socket, made at the first call and shared by all requests of the source, so that a NAT
 * with several external addresses shows one of them to all servers. TCP: a new socket a call, all
 * from the same local port where the system allows. Errors of the first try are kept and repeated:
 * an address that cannot be bound fails each request at once, with the same words. */
typedef struct _AionetSocketSource AionetSocketSource;

AionetSocketSource                *_aionet_socket_source_new (const AionetLocal *local);
AionetSocketSource                *_aionet_socket_source_ref (AionetSocketSource *self);
void                               _aionet_socket_source_unref (AionetSocketSource *self);
const AionetLocal                 *_aionet_socket_source_get_local (AionetSocketSource *self);
/* remote: (nullable): where a TCP socket is to connect to. One local port cannot have two
 * connections to it, so a second socket for it gets a port of its own. */
GSocket *_aionet_socket_source_dup_socket (AionetSocketSource *self,
                                           GSocketProtocol     protocol,
                                           GInetSocketAddress *remote,
                                           GError            **error);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AionetSocketSource, _aionet_socket_source_unref)

G_END_DECLS
