/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* STUN answers taken apart and put together otherwise, for servers that lie. Pure. None of the
 * results has a FINGERPRINT. */

#define AIONET_STUN_MAPPED_ADDRESS 0x0001
#define AIONET_STUN_SOURCE_ADDRESS 0x0004
#define AIONET_STUN_CHANGED_ADDRESS 0x0005
#define AIONET_STUN_XOR_MAPPED_ADDRESS 0x0020
#define AIONET_STUN_RESPONSE_ORIGIN 0x802b
#define AIONET_STUN_OTHER_ADDRESS 0x802c

gboolean aionet_stun_bytes_is_error (GBytes *self);
/* RFC 3489: no cookie */
gboolean aionet_stun_bytes_is_classic (GBytes *self);

/* The answer with an address attribute replaced or, if it has none of that type, added. */
GBytes *aionet_stun_bytes_with_address (GBytes *self, guint16 type, GInetSocketAddress *address);
/* An answer to the same request: success with the mapped address and nothing else, or an error. */
GBytes *aionet_stun_bytes_new_success (GBytes *self, GInetSocketAddress *mapped);
GBytes *aionet_stun_bytes_new_error (GBytes *self, guint code);

G_END_DECLS
