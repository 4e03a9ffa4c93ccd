/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#pragma once

#include "discovery/aionet-nat-observations-private.h"
#include "engine/aionet-local-private.h"

G_BEGIN_DECLS

/* The hairpin test of a NAT run: takes over a socket that a server was asked from, sends to the
 * external endpoint it has, a few times, and fills in what came of it. One main context. */
typedef struct _AionetHairpinTest AionetHairpinTest;

typedef void (*AionetHairpinTestFunc) (gpointer user_data);

/* func: called when a datagram came back; step () is to follow. NULL: no sockets to be had */
AionetHairpinTest *_aionet_hairpin_test_new (GMainContext         *context,
                                             GSocket              *socket,
                                             GInetSocketAddress   *external,
                                             const AionetLocal    *local,
                                             AionetHairpinTestFunc func,
                                             gpointer              user_data);
void               _aionet_hairpin_test_free (AionetHairpinTest *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AionetHairpinTest, _aionet_hairpin_test_free)

/* Sends what is due, and notes in test how it stands. wait_us: from a sending to the time it is
 * overdue. Returns when to call again; G_MAXINT64: it is over */
gint64 _aionet_hairpin_test_step (AionetHairpinTest *self,
                                  AionetNatTest     *test,
                                  gint64             now_us,
                                  gint64             wait_us);

G_END_DECLS
