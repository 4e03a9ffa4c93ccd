/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#pragma once

#if !defined(AIONET_INSIDE) && !defined(AIONET_COMPILATION)
#error "Only <aionet.h> can be included directly."
#endif

#include <gio/gio.h>

#include <aionet-version.h>

#include <pipe/aionet-message.h>
#include <pipe/aionet-subscription.h>
#include <topology/aionet-route.h>

G_BEGIN_DECLS

#define AIONET_TYPE_PIPE (aionet_pipe_get_type ())

AIONET_AVAILABLE_IN_0_1
G_DECLARE_FINAL_TYPE (AionetPipe, aionet_pipe, AIONET, PIPE, GObject)

/**
 * AionetMessageFunc:
 * @pipe: the pipe
 * @data: (array length=length) (element-type guint8): the bytes; valid during the call only
 * @length: number of bytes; 0 is an empty datagram
 * @sender: the endpoint the bytes came from
 * @user_data: data given with the function
 *
 * Takes messages of a pipe as they arrive, without a copy.
 *
 * Since: 0.1
 */
typedef void (*AionetMessageFunc) (
    AionetPipe *pipe, const guint8 *data, gsize length, GSocketAddress *sender, gpointer user_data);

AIONET_AVAILABLE_IN_0_1
AionetPipe *aionet_pipe_new (GSocketProtocol protocol, const char *target, AionetRoute *route);
AIONET_AVAILABLE_IN_0_1
AionetPipe *aionet_pipe_new_for_connectable (GSocketProtocol     protocol,
                                             GSocketConnectable *connectable,
                                             AionetRoute        *route);
AIONET_AVAILABLE_IN_0_1
AionetPipe *aionet_pipe_new_for_socket (GSocket *socket, GSocketAddress *remote_address);

AIONET_AVAILABLE_IN_0_1
void aionet_pipe_open_async (AionetPipe         *self,
                             GCancellable       *cancellable,
                             GAsyncReadyCallback callback,
                             gpointer            user_data);
AIONET_AVAILABLE_IN_0_1
gboolean aionet_pipe_open_finish (AionetPipe *self, GAsyncResult *result, GError **error);
AIONET_AVAILABLE_IN_0_1
gboolean aionet_pipe_send (AionetPipe *self, GBytes *bytes, GSocketAddress *to, GError **error);
AIONET_AVAILABLE_IN_0_1
gboolean aionet_pipe_send_data (
    AionetPipe *self, const guint8 *data, gsize length, GSocketAddress *to, GError **error);
AIONET_AVAILABLE_IN_0_1
gboolean
aionet_pipe_send_text (AionetPipe *self, const char *text, GSocketAddress *to, GError **error);
AIONET_AVAILABLE_IN_0_1
gssize aionet_pipe_send_many (
    AionetPipe *self, GBytes **messages, gsize n_messages, GSocketAddress *to, GError **error);
AIONET_AVAILABLE_IN_0_1
void aionet_pipe_send_async (AionetPipe         *self,
                             GBytes             *bytes,
                             GSocketAddress     *to,
                             GCancellable       *cancellable,
                             GAsyncReadyCallback callback,
                             gpointer            user_data);
AIONET_AVAILABLE_IN_0_1
gboolean aionet_pipe_send_finish (AionetPipe *self, GAsyncResult *result, GError **error);
AIONET_AVAILABLE_IN_0_1
void aionet_pipe_receive_async (AionetPipe         *self,
                                int                 timeout_ms,
                                GCancellable       *cancellable,
                                GAsyncReadyCallback callback,
                                gpointer            user_data);
AIONET_AVAILABLE_IN_0_1
AionetMessage *aionet_pipe_receive_finish (AionetPipe *self, GAsyncResult *result, GError **error);
AIONET_AVAILABLE_IN_0_1
void aionet_pipe_receive_n_async (AionetPipe         *self,
                                  guint               n_bytes,
                                  int                 timeout_ms,
                                  GCancellable       *cancellable,
                                  GAsyncReadyCallback callback,
                                  gpointer            user_data);
AIONET_AVAILABLE_IN_0_1
AionetMessage *
aionet_pipe_receive_n_finish (AionetPipe *self, GAsyncResult *result, GError **error);
AIONET_AVAILABLE_IN_0_1
void aionet_pipe_accept_async (AionetPipe         *self,
                               int                 timeout_ms,
                               GCancellable       *cancellable,
                               GAsyncReadyCallback callback,
                               gpointer            user_data);
AIONET_AVAILABLE_IN_0_1
AionetPipe *aionet_pipe_accept_finish (AionetPipe *self, GAsyncResult *result, GError **error);
AIONET_AVAILABLE_IN_0_1
AionetSubscription *aionet_pipe_subscribe (AionetPipe     *self,
                                           const char     *pattern,
                                           GSocketAddress *sender,
                                           GError        **error);
AIONET_AVAILABLE_IN_0_1
AionetSubscription *aionet_pipe_subscribe_literal (
    AionetPipe *self, GBytes *literal, guint offset, GSocketAddress *sender, GError **error);
AIONET_AVAILABLE_IN_0_1
void aionet_pipe_set_message_func (AionetPipe       *self,
                                   AionetMessageFunc func,
                                   gpointer          user_data,
                                   GDestroyNotify    destroy);
AIONET_AVAILABLE_IN_0_1
gboolean aionet_pipe_forward (AionetPipe *self, AionetPipe *other, GError **error);
AIONET_AVAILABLE_IN_0_1
void aionet_pipe_unforward (AionetPipe *self, AionetPipe *other);
AIONET_AVAILABLE_IN_0_1
AionetMessage *aionet_pipe_try_receive (AionetPipe *self);
AIONET_AVAILABLE_IN_0_1
GSocket *aionet_pipe_steal_socket (AionetPipe *self, GError **error);
AIONET_AVAILABLE_IN_0_1
void aionet_pipe_close (AionetPipe *self);
AIONET_AVAILABLE_IN_0_1
GIOStream *aionet_pipe_get_io_stream (AionetPipe *self, GError **error);

AIONET_AVAILABLE_IN_0_1
GSocketProtocol aionet_pipe_get_protocol (AionetPipe *self);
AIONET_AVAILABLE_IN_0_1
gboolean aionet_pipe_is_open (AionetPipe *self);
AIONET_AVAILABLE_IN_0_1
gboolean aionet_pipe_is_server (AionetPipe *self);
AIONET_AVAILABLE_IN_0_1
GSocketAddress *aionet_pipe_get_local_address (AionetPipe *self);
AIONET_AVAILABLE_IN_0_1
GSocketAddress *aionet_pipe_get_remote_address (AionetPipe *self);
AIONET_AVAILABLE_IN_0_1
AionetRoute *aionet_pipe_get_route (AionetPipe *self);
AIONET_AVAILABLE_IN_0_1
guint aionet_pipe_get_connect_timeout_ms (AionetPipe *self);
AIONET_AVAILABLE_IN_0_1
void aionet_pipe_set_connect_timeout_ms (AionetPipe *self, guint timeout_ms);
AIONET_AVAILABLE_IN_0_1
guint aionet_pipe_get_receive_queue_bytes (AionetPipe *self);
AIONET_AVAILABLE_IN_0_1
void aionet_pipe_set_receive_queue_bytes (AionetPipe *self, guint n_bytes);
AIONET_AVAILABLE_IN_0_1
guint aionet_pipe_get_receive_queue_messages (AionetPipe *self);
AIONET_AVAILABLE_IN_0_1
void aionet_pipe_set_receive_queue_messages (AionetPipe *self, guint n_messages);
AIONET_AVAILABLE_IN_0_1
guint aionet_pipe_get_send_queue_bytes (AionetPipe *self);
AIONET_AVAILABLE_IN_0_1
void aionet_pipe_set_send_queue_bytes (AionetPipe *self, guint n_bytes);
AIONET_AVAILABLE_IN_0_1
guint64 aionet_pipe_get_n_received (AionetPipe *self);
AIONET_AVAILABLE_IN_0_1
guint64 aionet_pipe_get_n_sent (AionetPipe *self);
AIONET_AVAILABLE_IN_0_1
guint64 aionet_pipe_get_n_dropped (AionetPipe *self);
AIONET_AVAILABLE_IN_0_1
guint64 aionet_pipe_get_bytes_received (AionetPipe *self);
AIONET_AVAILABLE_IN_0_1
guint64 aionet_pipe_get_bytes_sent (AionetPipe *self);

G_END_DECLS
