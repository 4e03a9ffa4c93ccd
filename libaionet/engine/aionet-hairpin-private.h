/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#pragma once

#include "engine/aionet-local-private.h"

G_BEGIN_DECLS

/* Hairpinning (RFC 4787, section 6): does what is sent to an external endpoint of this host, from
 * another socket of this host, come back to the socket that has it? One main context. */
typedef struct _AionetHairpin AionetHairpin;

/* Called once, when a datagram came back. from: where it seemed to come from */
typedef void (*AionetHairpinFunc) (GInetSocketAddress *from, gpointer user_data);

/* socket: the one that has the external endpoint; its descriptor is duplicated, so that whoever
 * read from it may let go of it, and has to. local: what the other socket is bound to, on any port
 */
AionetHairpin *_aionet_hairpin_new (GMainContext       *context,
                                    GSocket            *socket,
                                    GInetSocketAddress *external,
                                    const AionetLocal  *local,
                                    AionetHairpinFunc   func,
                                    gpointer            user_data,
                                    GError            **error);
void           _aionet_hairpin_free (AionetHairpin *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AionetHairpin, _aionet_hairpin_free)

/* Sends one datagram. That it could not be sent looks as if it had been lost. */
void _aionet_hairpin_send (AionetHairpin *self);

G_END_DECLS
