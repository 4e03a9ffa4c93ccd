/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* Rules for binding and pinning sockets. _aionet_local_* are pure; create_socket is the one place
 * in the library where sockets are made. */

/* A local endpoint: what a socket is to be bound to, and how. Plain data. */
typedef struct
{
  GInetAddress *address; /* (owned) (nullable: any address of family) */
  GSocketFamily family;
  guint16       port;           /* 0: the system picks */
  guint32       scope_id;       /* IPv6 link-local and multicast only, else 0 */
  char         *interface_name; /* (owned) (nullable: not tied to an interface) */
  gboolean      pin;            /* tie the socket to interface_name; a refusal is an error */
  gboolean      free_bind;      /* the address is out of a block (AnyIP): IP_FREEBIND */
  gboolean      reuse_address;  /* SO_REUSEADDR: several sockets share the port */
  gboolean      reuse_port;     /* SO_REUSEPORT: with others of the kind, which share the load */
} AionetLocal;

AionetLocal *_aionet_local_new (GInetAddress *address, GSocketFamily family, guint16 port);
AionetLocal *_aionet_local_copy (const AionetLocal *self);
void         _aionet_local_free (AionetLocal *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AionetLocal, _aionet_local_free)

/* (transfer full) the GInetSocketAddress to bind to, scope id included */
GSocketAddress *_aionet_local_to_socket_address (const AionetLocal *self);

/* Text that users write for a local address -> address (cases B-01..B-08): `*`, empty, `0.0.0.0`,
 * `::`, `::/0` are any, `localhost` is loopback. Pure: looks nothing up. */
gboolean _aionet_local_parse_address (const char    *text,
                                      GSocketFamily  family,
                                      GInetAddress **address,    /* (out) (nullable) NULL: any */
                                      char         **scope_name, /* (out) (nullable) */
                                      GError       **error);

/* Non-blocking, bound, pinned. Errors: G_IO_ERROR; they name address, interface and cause. UDP
 * sockets keep the ICMP refusals they get, with the destination each concerns, for
 * aionet-icmp-private.h. TCP has SO_REUSEADDR, so that a server restarts at once. TCP
 * without address and port stays unbound until it connects or listens. */
GSocket *
_aionet_local_create_socket (const AionetLocal *self, GSocketProtocol protocol, GError **error);

/* Lets sockets with reuse_port in on the endpoint of one that was bound without: so the first finds
 * out whether somebody else has it. */
gboolean _aionet_local_share (GSocket *socket, GError **error);

G_END_DECLS
