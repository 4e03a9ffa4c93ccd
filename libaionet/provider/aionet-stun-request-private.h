/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#pragma once

#include "provider/aionet-socket-source-private.h"
#include "provider/aionet-stun-request.h"

G_BEGIN_DECLS

/* Takes an AionetMapping whose protocol and server are those of the request. */
AionetStunRequest *_aionet_stun_request_new (GInetSocketAddress *server,
                                             GSocketProtocol     protocol,
                                             AionetStunChange    change,
                                             AionetSocketSource *source);

G_END_DECLS
