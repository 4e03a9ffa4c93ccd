/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#pragma once

#include "pipe/aionet-pipe.h"
#include "topology/aionet-interface.h"
#include "topology/aionet-route.h"

G_BEGIN_DECLS

/* One endpoint to listen on, and its sockets: one, or one a worker. */
typedef struct
{
  GSocketProtocol protocol;
  AionetRoute    *route; /* (owned) bound once there is a port */
  char           *text;  /* (owned) (nullable) the address; NULL: that of the route */
  gboolean        from_block;
  GPtrArray      *sockets;  /* (owned) (nullable) (element-type GSocket) */
  AionetPipe     *listener; /* (owned) (nullable) once the daemon has it, without workers */
  GError         *error;    /* (owned) (nullable) */
} AionetListenPlace;

/* (element-type AionetListenPlace) */
GPtrArray *_aionet_listen_places_new (void);
/* route: one that is bound keeps its port, others get that of the call. */
void _aionet_listen_places_add (GPtrArray *places, GSocketProtocol protocol, AionetRoute *route);
/* G_SOCKET_PROTOCOL_DEFAULT stands for both. text: an address as aionet_route_bind_to () reads it,
 * of a block if from_block. */
void     _aionet_listen_places_add_address (GPtrArray       *places,
                                            GSocketProtocol  protocol,
                                            GSocketFamily    family,
                                            const char      *text,
                                            gboolean         from_block,
                                            AionetInterface *interface);
gboolean _aionet_listen_places_have (GPtrArray *places, const char *text);

/* Makes n sockets for each, bound to one port, on TCP listening. Returns the port, 0 if there is
 * none; each place that failed has its error. */
guint16 _aionet_listen_places_open (GPtrArray *places, guint16 port, guint n);

/* (transfer full) (nullable) the endpoint */
char *_aionet_listen_place_to_string (const AionetListenPlace *self, guint16 port);
/* Makes the route say what the sockets are bound to. */
void _aionet_listen_place_settle (AionetListenPlace *self, guint16 port);

G_END_DECLS
