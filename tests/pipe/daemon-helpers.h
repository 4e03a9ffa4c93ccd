/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#pragma once

#include "pipe-helpers.h"
#include "pipe/aionet-daemon.h"

/* Daemons that answer what they hear, and clients of them. */

void echo_func (
    AionetPipe *pipe, const guint8 *data, gsize length, GSocketAddress *sender, gpointer user_data);
void on_echo_message (AionetDaemon  *daemon,
                      AionetPipe    *pipe,
                      AionetMessage *message,
                      gpointer       user_data);

/* One that echoes all by its message function. */
AionetDaemon *echo_func_daemon (void);

AionetRoute  *bound_route (const char *address, guint16 port);
/* An open pipe to host (an address, IPv6 in brackets), or NULL and why */
AionetPipe *connect_to (GSocketProtocol protocol, const char *host, guint16 port, GError **error);
void        assert_echo (GSocketProtocol protocol, const char *host, guint16 port);
void        assert_refused (GSocketProtocol protocol, const char *host, guint16 port);
void        turn_until_clients (AionetDaemon *daemon, guint n_clients);
