/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#pragma once

#include <gio/gio.h>

#include "engine/aionet-sockaddr-private.h"

G_BEGIN_DECLS

/* What all descriptors of a thread share while one of them is being read, so that an idle one owns
 * nothing: a buffer that holds any datagram, and the endpoints heard of lately as objects. */

#define AIONET_SCRATCH_SIZE 65536

/* The thread's buffer; another one while that is in use (a callback ran the main loop). */
guint8 *_aionet_scratch_acquire (void);
void    _aionet_scratch_release (guint8 *buffer);

/* Returns: (transfer full) (nullable) as _aionet_sockaddr_to_gio (), mostly without allocating. */
GSocketAddress *_aionet_scratch_lookup_address (const AionetSockaddr *address);

G_END_DECLS
