/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#pragma once

#include "pipe/aionet-client-limits-private.h"
#include "pipe/aionet-pipe.h"

G_BEGIN_DECLS

/* The listeners and clients of a daemon in one main context: that of the caller, or that of a
 * thread of its own. All of it runs in that context. */
typedef struct _AionetWorker AionetWorker;

/* Any of these may end the worker. */
typedef struct
{
  gboolean (*takes_messages) (gpointer user_data);
  void (*message) (gpointer        user_data,
                   AionetPipe     *pipe,
                   const guint8   *data,
                   gsize           length,
                   GSocketAddress *sender);
  void (*client) (gpointer user_data, AionetPipe *client);
  void (*client_closed) (gpointer user_data, AionetPipe *client, const GError *error);
  void (*listener_closed) (gpointer user_data, AionetPipe *listener, const GError *error);
} AionetWorkerFuncs;

/* limits: (not owned) must live longer */
AionetWorker *_aionet_worker_new (GMainContext            *context,
                                  AionetClientLimits      *limits,
                                  const AionetWorkerFuncs *funcs,
                                  gpointer                 user_data);
/* Closes everything there is, and calls none of the functions for it any more. */
void _aionet_worker_abandon (AionetWorker *self);
void _aionet_worker_free (AionetWorker *self);

/* socket: bound, on TCP listening. Returns: (transfer none) */
AionetPipe *_aionet_worker_listen (AionetWorker   *self,
                                   GSocketProtocol protocol,
                                   GSocket        *socket,
                                   AionetRoute    *route,
                                   GError        **error);
/* No new clients; listeners of UDP stay, as they may have something to send yet. */
void _aionet_worker_stop_listening (AionetWorker *self);
/* After that: neither clients nor anything to be sent. */
gboolean _aionet_worker_is_drained (AionetWorker *self);
void     _aionet_worker_close (AionetWorker *self);

/* 0: never. Clients that neither send nor take anything for this long are closed, with an error. */
void _aionet_worker_set_idle_timeout (AionetWorker *self, guint idle_timeout_ms);

/* Appends references. */
void _aionet_worker_list_clients (AionetWorker *self, GListStore *clients);

G_END_DECLS
