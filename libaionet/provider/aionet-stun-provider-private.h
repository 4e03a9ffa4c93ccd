/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#pragma once

#include "provider/aionet-stun-provider.h"
#include "provider/aionet-stun-request-private.h"

G_BEGIN_DECLS

/* As aionet_stun_provider_ask_async (), for requests that share a socket source. Finish with
 * aionet_stun_provider_ask_finish (). */
void _aionet_stun_provider_ask_from_source_async (AionetStunProvider *self,
                                                  GInetSocketAddress *server,
                                                  GSocketProtocol     protocol,
                                                  AionetStunChange    change,
                                                  AionetSocketSource *source,
                                                  guint               timeout_ms,
                                                  GCancellable       *cancellable,
                                                  GAsyncReadyCallback callback,
                                                  gpointer            user_data);

G_END_DECLS
