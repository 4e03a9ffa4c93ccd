/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#pragma once

#if !defined(AIONET_INSIDE) && !defined(AIONET_COMPILATION)
#error "Only <aionet.h> can be included directly."
#endif

#include <gio/gio.h>

#include <aionet-version.h>

#include <pipe/aionet-pipe.h>

G_BEGIN_DECLS

AIONET_AVAILABLE_IN_0_1
guint aionet_pipe_get_receive_timeout_ms (AionetPipe *self);
AIONET_AVAILABLE_IN_0_1
void aionet_pipe_set_receive_timeout_ms (AionetPipe *self, guint value);
AIONET_AVAILABLE_IN_0_1
guint aionet_pipe_get_idle_timeout_ms (AionetPipe *self);
AIONET_AVAILABLE_IN_0_1
void aionet_pipe_set_idle_timeout_ms (AionetPipe *self, guint value);
AIONET_AVAILABLE_IN_0_1
gboolean aionet_pipe_get_keep_alive (AionetPipe *self);
AIONET_AVAILABLE_IN_0_1
void aionet_pipe_set_keep_alive (AionetPipe *self, gboolean on);
AIONET_AVAILABLE_IN_0_1
guint aionet_pipe_get_keep_alive_idle_s (AionetPipe *self);
AIONET_AVAILABLE_IN_0_1
void aionet_pipe_set_keep_alive_idle_s (AionetPipe *self, guint value);
AIONET_AVAILABLE_IN_0_1
guint aionet_pipe_get_keep_alive_interval_s (AionetPipe *self);
AIONET_AVAILABLE_IN_0_1
void aionet_pipe_set_keep_alive_interval_s (AionetPipe *self, guint value);
AIONET_AVAILABLE_IN_0_1
gboolean aionet_pipe_get_reuse_address (AionetPipe *self);
AIONET_AVAILABLE_IN_0_1
void aionet_pipe_set_reuse_address (AionetPipe *self, gboolean on);
AIONET_AVAILABLE_IN_0_1
gboolean aionet_pipe_get_broadcast (AionetPipe *self);
AIONET_AVAILABLE_IN_0_1
void aionet_pipe_set_broadcast (AionetPipe *self, gboolean on);
AIONET_AVAILABLE_IN_0_1
int aionet_pipe_get_linger_ms (AionetPipe *self);
AIONET_AVAILABLE_IN_0_1
void aionet_pipe_set_linger_ms (AionetPipe *self, int value);
AIONET_AVAILABLE_IN_0_1
guint aionet_pipe_get_ttl (AionetPipe *self);
AIONET_AVAILABLE_IN_0_1
void aionet_pipe_set_ttl (AionetPipe *self, guint value);
AIONET_AVAILABLE_IN_0_1
guint aionet_pipe_get_tos (AionetPipe *self);
AIONET_AVAILABLE_IN_0_1
void aionet_pipe_set_tos (AionetPipe *self, guint value);
AIONET_AVAILABLE_IN_0_1
guint aionet_pipe_get_multicast_ttl (AionetPipe *self);
AIONET_AVAILABLE_IN_0_1
void aionet_pipe_set_multicast_ttl (AionetPipe *self, guint value);
AIONET_AVAILABLE_IN_0_1
gboolean aionet_pipe_get_multicast_loopback (AionetPipe *self);
AIONET_AVAILABLE_IN_0_1
void aionet_pipe_set_multicast_loopback (AionetPipe *self, gboolean on);
AIONET_AVAILABLE_IN_0_1
gboolean aionet_pipe_get_no_delay (AionetPipe *self);
AIONET_AVAILABLE_IN_0_1
void aionet_pipe_set_no_delay (AionetPipe *self, gboolean on);
AIONET_AVAILABLE_IN_0_1
guint aionet_pipe_get_send_buffer_bytes (AionetPipe *self);
AIONET_AVAILABLE_IN_0_1
void aionet_pipe_set_send_buffer_bytes (AionetPipe *self, guint value);
AIONET_AVAILABLE_IN_0_1
guint aionet_pipe_get_receive_buffer_bytes (AionetPipe *self);
AIONET_AVAILABLE_IN_0_1
void aionet_pipe_set_receive_buffer_bytes (AionetPipe *self, guint value);

AIONET_AVAILABLE_IN_0_1
gboolean aionet_pipe_join_group (AionetPipe   *self,
                                 GInetAddress *group,
                                 GInetAddress *source,
                                 GError      **error);
AIONET_AVAILABLE_IN_0_1
gboolean aionet_pipe_leave_group (AionetPipe   *self,
                                  GInetAddress *group,
                                  GInetAddress *source,
                                  GError      **error);

G_END_DECLS
