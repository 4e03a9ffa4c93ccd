/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#pragma once

#include "engine/aionet-dispose-private.h"
#include "pipe/aionet-client-limits-private.h"
#include "pipe/aionet-daemon.h"
#include "pipe/aionet-listen-place-private.h"
#include "pipe/aionet-worker-private.h"
#include "pipe/aionet-worker-thread-private.h"

G_BEGIN_DECLS

/* The parts of a daemon, one file each: aionet-daemon.c is the class and hands on what its own
 * worker reports, -listen makes the sockets, -stop ends it, -tls and -properties are what the name
 * says. */

typedef struct _AionetDaemonHandler AionetDaemonHandler;
typedef struct _AionetStopping      AionetStopping;

typedef struct
{
  GMainContext       *context; /* (owned) */
  AionetHome         *home;    /* (owned) */
  AionetClientLimits *limits;  /* (owned) */
  AionetWorker       *worker;  /* (owned) in the caller's context */
  GPtrArray          *threads; /* (owned) (element-type AionetWorkerThread) instead, if there are */
  GListStore         *listeners; /* (owned) of worker */
  GPtrArray          *routes;    /* (owned) of threads, which must not be the last to let go */
  GPtrArray          *failures;  /* (owned) (element-type utf8) */
  AionetDaemonHandler *handler;  /* (owned) (nullable) */
  AionetStopping      *stopping; /* (owned) (nullable) */
  GTlsCertificate     *tls_certificate; /* (owned) (nullable) */

  guint                n_workers;
  guint                max_clients;
  guint                max_clients_per_address;
  guint                idle_timeout_ms;
} AionetDaemonPrivate;

/* aionet-daemon.c */
AionetDaemonPrivate *_aionet_daemon_get_private (AionetDaemon *self);
/* Calls call for the worker, or for those of the threads one after the other. */
void _aionet_daemon_call (AionetDaemon *self, AionetWorkerCall call, gpointer data);
/* FALSE: workers are wanted, but have nobody to hand messages to. */
gboolean _aionet_daemon_start_threads (AionetDaemon *self, GError **error);
void     _aionet_daemon_end_threads (AionetDaemon *self);
/* protocol: G_SOCKET_PROTOCOL_DEFAULT where none is meant. endpoint: the local one as text */
void _aionet_daemon_fail (AionetDaemon   *self,
                          GSocketProtocol protocol,
                          const char     *endpoint,
                          const GError   *error);

/* aionet-daemon-listen.c */
/* places: (element-type AionetListenPlace) which afterwards have their listeners. Returns the port
 * of those that had none of their own, 0 if all failed. */
guint16 _aionet_daemon_listen (AionetDaemon *self, GPtrArray *places, guint16 port, GError **error);

/* aionet-daemon-tls.c */
/* places: (element-type AionetListenPlace) */
gboolean _aionet_daemon_check_tls (AionetDaemon *self, GPtrArray *places, GError **error);
/* In the context of the listener, before anybody was accepted. */
void _aionet_daemon_secure (AionetDaemon *self, AionetPipe *listener);

/* aionet-daemon-properties.c */
void _aionet_daemon_install_properties (GObjectClass *object_class);

/* aionet-daemon-stop.c */
/* Completes a stop under way. n_closed: clients that had to be closed. */
void _aionet_daemon_stopped (AionetDaemon *self, guint n_closed);

G_END_DECLS
