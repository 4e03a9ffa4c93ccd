/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#pragma once

#if !defined(AIONET_INSIDE) && !defined(AIONET_COMPILATION)
#error "Only <aionet.h> can be included directly."
#endif

#include <gio/gio.h>

#include <aionet-version.h>

#include <pipe/aionet-daemon.h>
#include <provider/aionet-stun-request.h>
#include <topology/aionet-route.h>

G_BEGIN_DECLS

#define AIONET_TYPE_STUN_SERVER (aionet_stun_server_get_type ())

AIONET_AVAILABLE_IN_0_1
G_DECLARE_DERIVABLE_TYPE (AionetStunServer, aionet_stun_server, AIONET, STUN_SERVER, AionetDaemon)

/**
 * AionetStunServerClass:
 * @parent_class: the parent class
 * @answer: sends an answer, if a subclass wants to see it first: @asked is the pipe that the
 *   request came by, @from the one to answer with, which may be another if the client asked for
 *   that; for TCP both are the pipe to the client. By default it is sent at once, the cheapest
 *   way; a method of a subclass sends it, later or never, by [method@Pipe.send]
 *
 * Class of STUN servers.
 *
 * Since: 0.1
 */
/**
 * AionetStunServerClass::answer:
 * @self: the server
 * @asked: the pipe that the request came by
 * @from: the pipe to answer with: another one if the client asked for that (RFC 5780,
 *   CHANGE-REQUEST); for TCP both are the pipe to the client
 * @bytes: the answer
 * @to: the endpoint of the client
 *
 * Sends an answer. By default it is sent at once, the cheapest way; a method of a subclass sends
 * it, later or never, by [method@Pipe.send]. Runs in the main context of the server.
 *
 * Since: 0.1
 */
struct _AionetStunServerClass
{
  AionetDaemonClass parent_class;

  void (*answer) (AionetStunServer *self,
                  AionetPipe       *asked,
                  AionetPipe       *from,
                  GBytes           *bytes,
                  GSocketAddress   *to);

  /*< private >*/
  gpointer padding[8];
};

AIONET_AVAILABLE_IN_0_1
AionetStunServer *aionet_stun_server_new (void);

AIONET_AVAILABLE_IN_0_1
gboolean aionet_stun_server_listen (AionetStunServer *self,
                                    AionetRoute      *route,
                                    AionetRoute      *alternate,
                                    GError          **error);
AIONET_AVAILABLE_IN_0_1
gboolean
aionet_stun_server_listen_routes (AionetStunServer *self, GListModel *routes, GError **error);
AIONET_AVAILABLE_IN_0_1
void aionet_stun_server_start_async (AionetStunServer   *self,
                                     GListModel         *interfaces,
                                     GCancellable       *cancellable,
                                     GAsyncReadyCallback callback,
                                     gpointer            user_data);
AIONET_AVAILABLE_IN_0_1
gboolean
aionet_stun_server_start_finish (AionetStunServer *self, GAsyncResult *result, GError **error);
AIONET_AVAILABLE_IN_0_1
GSocketAddress *aionet_stun_server_get_endpoint (AionetStunServer *self,
                                                 AionetPipe       *listener,
                                                 AionetStunChange  change);

AIONET_AVAILABLE_IN_0_1
guint aionet_stun_server_get_port (AionetStunServer *self);
AIONET_AVAILABLE_IN_0_1
void aionet_stun_server_set_port (AionetStunServer *self, guint port);
AIONET_AVAILABLE_IN_0_1
guint aionet_stun_server_get_alternate_port (AionetStunServer *self);
AIONET_AVAILABLE_IN_0_1
void aionet_stun_server_set_alternate_port (AionetStunServer *self, guint port);
AIONET_AVAILABLE_IN_0_1
gboolean aionet_stun_server_get_behavior_discovery (AionetStunServer *self);
AIONET_AVAILABLE_IN_0_1
void aionet_stun_server_set_behavior_discovery (AionetStunServer *self, gboolean on);
AIONET_AVAILABLE_IN_0_1
gboolean aionet_stun_server_get_echo_padding (AionetStunServer *self);
AIONET_AVAILABLE_IN_0_1
void aionet_stun_server_set_echo_padding (AionetStunServer *self, gboolean on);
AIONET_AVAILABLE_IN_0_1
const char *aionet_stun_server_get_software (AionetStunServer *self);
AIONET_AVAILABLE_IN_0_1
void aionet_stun_server_set_software (AionetStunServer *self, const char *software);
AIONET_AVAILABLE_IN_0_1
guint aionet_stun_server_get_max_rate (AionetStunServer *self);
AIONET_AVAILABLE_IN_0_1
void aionet_stun_server_set_max_rate (AionetStunServer *self, guint n_answers);
AIONET_AVAILABLE_IN_0_1
guint aionet_stun_server_get_max_addresses (AionetStunServer *self);
AIONET_AVAILABLE_IN_0_1
void aionet_stun_server_set_max_addresses (AionetStunServer *self, guint n_addresses);

AIONET_AVAILABLE_IN_0_1
guint64 aionet_stun_server_get_n_answered (AionetStunServer *self, GSocketProtocol protocol);
AIONET_AVAILABLE_IN_0_1
guint64 aionet_stun_server_get_n_errors (AionetStunServer *self, GSocketProtocol protocol);
AIONET_AVAILABLE_IN_0_1
guint64 aionet_stun_server_get_n_ignored (AionetStunServer *self, GSocketProtocol protocol);
AIONET_AVAILABLE_IN_0_1
guint64 aionet_stun_server_get_n_limited (AionetStunServer *self, GSocketProtocol protocol);
AIONET_AVAILABLE_IN_0_1
guint64 aionet_stun_server_get_n_lost (AionetStunServer *self, GSocketProtocol protocol);
AIONET_AVAILABLE_IN_0_1
guint64 aionet_stun_server_get_n_cut_off (AionetStunServer *self);

G_END_DECLS
