/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#pragma once

#if !defined(AIONET_INSIDE) && !defined(AIONET_COMPILATION)
#error "Only <aionet.h> can be included directly."
#endif

#include <gio/gio.h>

#include <aionet-version.h>

#include <pipe/aionet-message.h>
#include <pipe/aionet-pipe.h>
#include <topology/aionet-interface.h>
#include <topology/aionet-route.h>

G_BEGIN_DECLS

#define AIONET_TYPE_DAEMON (aionet_daemon_get_type ())

AIONET_AVAILABLE_IN_0_1
G_DECLARE_DERIVABLE_TYPE (AionetDaemon, aionet_daemon, AIONET, DAEMON, GObject)

/**
 * AionetDaemonClass:
 * @parent_class: the parent class
 * @message: takes a message, see [signal@Daemon::message]
 * @client: a TCP client has connected, see [signal@Daemon::client]
 * @client_closed: a TCP client has gone, see [signal@Daemon::client-closed]
 *
 * Class of daemons.
 *
 * Since: 0.1
 */
/**
 * AionetDaemonClass::message:
 * @self: the daemon
 * @pipe: the pipe to the TCP client, or the UDP listener
 * @message: the message
 *
 * Takes a message; class handler of [signal@Daemon::message]. Runs in the main context of the
 * daemon.
 *
 * Since: 0.1
 */
/**
 * AionetDaemonClass::client:
 * @self: the daemon
 * @client: a pipe to the client
 *
 * A TCP client has connected; class handler of [signal@Daemon::client]. Runs in the main context
 * of the daemon, before the first message of the client.
 *
 * Since: 0.1
 */
/**
 * AionetDaemonClass::client_closed:
 * @self: the daemon
 * @client: the pipe to the client, closed
 * @error: (nullable): why, or %NULL if either side has closed it
 *
 * A TCP client has gone; class handler of [signal@Daemon::client-closed]. Runs in the main context
 * of the daemon.
 *
 * Since: 0.1
 */
struct _AionetDaemonClass
{
  GObjectClass parent_class;

  void (*message) (AionetDaemon *self, AionetPipe *pipe, AionetMessage *message);
  void (*client) (AionetDaemon *self, AionetPipe *client);
  void (*client_closed) (AionetDaemon *self, AionetPipe *client, const GError *error);

  /*< private >*/
  gpointer padding[8];
};

AIONET_AVAILABLE_IN_0_1
AionetDaemon *aionet_daemon_new (void);

AIONET_AVAILABLE_IN_0_1
guint16 aionet_daemon_add_listener (AionetDaemon   *self,
                                    GSocketProtocol protocol,
                                    AionetRoute    *route,
                                    GError        **error);
AIONET_AVAILABLE_IN_0_1
guint16 aionet_daemon_listen_all (AionetDaemon    *self,
                                  GSocketProtocol  protocol,
                                  guint16          port,
                                  AionetInterface *interface,
                                  GError         **error);
AIONET_AVAILABLE_IN_0_1
guint16 aionet_daemon_listen_local (AionetDaemon    *self,
                                    GSocketProtocol  protocol,
                                    guint16          port,
                                    AionetInterface *interface,
                                    GError         **error);
AIONET_AVAILABLE_IN_0_1
guint16 aionet_daemon_listen_loopback (AionetDaemon    *self,
                                       GSocketProtocol  protocol,
                                       guint16          port,
                                       AionetInterface *interface,
                                       GError         **error);
AIONET_AVAILABLE_IN_0_1
GListModel *aionet_daemon_get_listeners (AionetDaemon *self);
AIONET_AVAILABLE_IN_0_1
AionetPipe *aionet_daemon_get_listener (AionetDaemon   *self,
                                        GSocketProtocol protocol,
                                        GInetAddress   *address,
                                        guint16         port);
AIONET_AVAILABLE_IN_0_1
char **aionet_daemon_get_failures (AionetDaemon *self);
AIONET_AVAILABLE_IN_0_1
GListModel *aionet_daemon_list_clients (AionetDaemon *self);

AIONET_AVAILABLE_IN_0_1
void aionet_daemon_set_message_func (AionetDaemon     *self,
                                     AionetMessageFunc func,
                                     gpointer          user_data,
                                     GDestroyNotify    destroy);

AIONET_AVAILABLE_IN_0_1
void aionet_daemon_stop_async (AionetDaemon       *self,
                               int                 timeout_ms,
                               GCancellable       *cancellable,
                               GAsyncReadyCallback callback,
                               gpointer            user_data);
AIONET_AVAILABLE_IN_0_1
int aionet_daemon_stop_finish (AionetDaemon *self, GAsyncResult *result, GError **error);
AIONET_AVAILABLE_IN_0_1
void aionet_daemon_close (AionetDaemon *self);

AIONET_AVAILABLE_IN_0_1
guint aionet_daemon_get_max_clients (AionetDaemon *self);
AIONET_AVAILABLE_IN_0_1
void aionet_daemon_set_max_clients (AionetDaemon *self, guint n_clients);
AIONET_AVAILABLE_IN_0_1
guint aionet_daemon_get_max_clients_per_address (AionetDaemon *self);
AIONET_AVAILABLE_IN_0_1
void aionet_daemon_set_max_clients_per_address (AionetDaemon *self, guint n_clients);
AIONET_AVAILABLE_IN_0_1
guint aionet_daemon_get_idle_timeout_ms (AionetDaemon *self);
AIONET_AVAILABLE_IN_0_1
void aionet_daemon_set_idle_timeout_ms (AionetDaemon *self, guint timeout_ms);
AIONET_AVAILABLE_IN_0_1
guint aionet_daemon_get_n_workers (AionetDaemon *self);
AIONET_AVAILABLE_IN_0_1
void aionet_daemon_set_n_workers (AionetDaemon *self, guint n_workers);
AIONET_AVAILABLE_IN_0_1
GTlsCertificate *aionet_daemon_get_tls_certificate (AionetDaemon *self);
AIONET_AVAILABLE_IN_0_1
void aionet_daemon_set_tls_certificate (AionetDaemon *self, GTlsCertificate *certificate);
AIONET_AVAILABLE_IN_0_1
guint aionet_daemon_get_n_clients (AionetDaemon *self);
AIONET_AVAILABLE_IN_0_1
guint64 aionet_daemon_get_n_refused (AionetDaemon *self);

G_END_DECLS
