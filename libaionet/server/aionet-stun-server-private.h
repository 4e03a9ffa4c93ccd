/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#pragma once

#include "server/aionet-stun-limiter-private.h"
#include "server/aionet-stun-responder-private.h"
#include "server/aionet-stun-server.h"

G_BEGIN_DECLS

/* The parts of a STUN server, one file each: aionet-stun-server.c is the class and answers, -listen
 * opens sockets, -properties are what the name says; aionet-stun-site.c knows which socket stands
 * for which. */

#define AIONET_STUN_N_PORTS 2

typedef struct _AionetStunSite AionetStunSite;

/* Where requests arrive: one port of a site. */
typedef struct
{
  AionetStunServer *server;   /* (not owned) */
  AionetStunSite   *site;     /* (not owned) (nullable) NULL: of no site */
  guint             position; /* of the port: 0 primary, 1 alternate */
  AionetSockaddr    origins[AIONET_STUN_N_ORIGINS];
} AionetStunEndpoint;

/* One local address with its two ports. */
struct _AionetStunSite
{
  AionetPipe        *udp[AIONET_STUN_N_PORTS];      /* (owned) (nullable) */
  AionetPipe        *tcp[AIONET_STUN_N_PORTS];      /* (owned) (nullable) */
  AionetSockaddr     local[AIONET_STUN_N_PORTS];    /* AF_UNSPEC: not served */
  AionetSockaddr     external[AIONET_STUN_N_PORTS]; /* the same as others see it */
  AionetStunSite    *other; /* (not owned) (nullable) the alternate address */
  AionetStunEndpoint endpoints[AIONET_STUN_N_PORTS];
};

typedef struct
{
  guint64 n_answered, n_errors, n_ignored, n_limited, n_lost;
} AionetStunCounters;

typedef struct
{
  AionetStunResponder *responder; /* (owned) (nullable) made when the first request comes */
  AionetStunLimiter   *limiter;   /* (owned) (nullable) likewise */
  GPtrArray           *sites;     /* (owned) (element-type AionetStunSite) */
  AionetStunEndpoint   lone;      /* for listeners that the program added itself */

  guint                port;
  guint                alternate_port;
  gboolean             behavior_discovery;
  gboolean             echo_padding;
  char                *software; /* (owned) (nullable) */
  guint                max_rate;
  guint                max_addresses;

  AionetStunCounters   udp, tcp;
  guint64              n_cut_off; /* besides those that the daemon counts */
} AionetStunServerPrivate;

/* aionet-stun-server.c */
AionetStunServerPrivate *_aionet_stun_server_get_private (AionetStunServer *self);
/* What a request that arrives at a listener of a site goes to. */
void _aionet_stun_server_on_datagram (
    AionetPipe *pipe, const guint8 *data, gsize length, GSocketAddress *sender, gpointer user_data);
/* FALSE: no request. The server and the pipe may be gone, if a subclass sees the answers. */
gboolean _aionet_stun_server_serve (AionetStunEndpoint *endpoint,
                                    AionetPipe         *pipe,
                                    const guint8       *data,
                                    gsize               length,
                                    GSocketAddress     *sender);

/* aionet-stun-site.c */
AionetStunSite *_aionet_stun_site_new (AionetStunServer *server);
void            _aionet_stun_site_free (gpointer data);
/* listener: made for route, which tells how the outside sees it */
void _aionet_stun_site_add (AionetStunSite *self,
                            AionetPipe     *listener,
                            AionetRoute    *route,
                            guint           position);
/* Of each family every site gets the next one as its alternate. sites: (element-type
 * AionetStunSite) those of one call */
void _aionet_stun_sites_join (GPtrArray *sites);
/* Forgets listeners that are closed, and tells all endpoints what there is. */
void _aionet_stun_sites_update (GPtrArray *sites, gboolean behavior_discovery);
/* (nullable) */
AionetStunEndpoint *_aionet_stun_sites_find (GPtrArray *sites, const AionetSockaddr *local);
gboolean            _aionet_stun_sites_own (GPtrArray *sites, const AionetSockaddr *endpoint);

/* aionet-stun-stream.c */
/* Answers what client, a pipe of TCP, asks for, until it is closed. */
void _aionet_stun_stream_start (AionetStunServer *server, AionetPipe *client);

/* aionet-stun-server-properties.c */
void _aionet_stun_server_install_properties (GObjectClass *object_class);

G_END_DECLS
