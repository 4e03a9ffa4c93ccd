/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#pragma once

#include <aionet.h>

#include "aionet-stun-responder.h"

G_BEGIN_DECLS

/* A STUN server on any number of endpoints, on the library's pipes, in the thread-default context.
 * Its memory is bounded whatever clients do. */

typedef struct
{
  AionetStunResponder responder;
  gboolean            silent;   /* receives and says nothing */
  guint               delay_ms; /* answers that much later */
} AionetStunServerOptions;

typedef struct _AionetStunServer AionetStunServer;

/* options must live as long as the server. */
AionetStunServer *aionet_stun_server_new (const AionetStunServerOptions *options);
void              aionet_stun_server_free (AionetStunServer *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AionetStunServer, aionet_stun_server_free)

/* Returns: (transfer full) (nullable): the endpoint, with the port the system chose for port 0 */
GInetSocketAddress *aionet_stun_server_listen (AionetStunServer   *self,
                                               GSocketProtocol     protocol,
                                               GInetSocketAddress *endpoint,
                                               GError            **error);
/* UDP and TCP on one port of the system's choice. Returns: (transfer full) (nullable) */
GInetSocketAddress       *aionet_stun_server_listen_any_port (AionetStunServer   *self,
                                                              GInetSocketAddress *endpoint,
                                                              GError            **error);
const AionetStunCounters *aionet_stun_server_get_counters (AionetStunServer *self);
/* TCP clients turned away or cut off: too many, too slow, or sending something else than STUN. */
guint64 aionet_stun_server_get_n_cut_off (AionetStunServer *self);

G_END_DECLS
