/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#pragma once

#include <gio/gio.h>

#include "pipe/aionet-pipe.h"
#include "value/aionet-error.h"

/* Blocking forms of the asynchronous calls, and pipes over loopback. */

void            turn_until (const gboolean *done);
void            turn_a_little (void); /* until nothing is pending */
gboolean        has_ipv6 (void);      /* skips the case when FALSE */

GSocket        *loopback_socket (GSocketProtocol protocol, GSocketFamily family);
AionetPipe     *loopback_server (GSocketProtocol protocol, GSocketFamily family);
char           *target_of (AionetPipe *server);
GSocketAddress *closed_port (GSocketProtocol protocol);

gboolean        open_pipe (AionetPipe *pipe, GCancellable *cancellable, GError **error);
AionetPipe     *open_client (AionetPipe *server);
AionetPipe     *accept_client (AionetPipe *server);
gboolean        send_all (AionetPipe *pipe, GBytes *bytes, GSocketAddress *to, GError **error);

/* The text of the next message, or NULL and an error */
char *receive (AionetPipe *pipe, int timeout_ms, GSocketAddress **sender, GError **error);
char *receive_n (AionetPipe *pipe, guint n, int timeout_ms, GError **error);
char *receive_from (AionetSubscription *subscription, int timeout_ms, GError **error);
void  send_text (AionetPipe *pipe, const char *text, GSocketAddress *to);

void  assert_receives (AionetPipe *pipe, const char *text);
void  assert_closed (AionetPipe *pipe);

guint count_descriptors (void);
