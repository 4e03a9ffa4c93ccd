/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* A STUN server on a loopback address that behaves as badly as a test wants. Runs in the
 * thread-default context; its messages are put together by hand. */

typedef struct _FakeStunServer FakeStunServer;

/* Called for each datagram, or for the first 20 bytes of a connection. socket: what it came in on;
 * connection of the client with TCP. */
typedef void (*FakeStunFunc) (FakeStunServer *server,
                              GSocket        *socket,
                              const guint8   *request,
                              GSocketAddress *sender,
                              gpointer        user_data);

struct _FakeStunServer
{
  GMainContext       *context;  /* (owned) */
  GSocket            *socket;   /* (owned) */
  GSocket            *other;    /* (owned) (nullable): UDP; another port of the same address */
  GInetSocketAddress *endpoint; /* (owned) */
  GPtrArray          *sources;  /* (owned) (element-type GSource) */
  GPtrArray          *requests; /* (owned) (element-type GBytes): all that came in */
  GPtrArray          *senders;  /* (owned) (element-type GSocketAddress): of each of them */
  FakeStunFunc        func;
  gpointer            user_data;
};

FakeStunServer *fake_stun_server_new (GSocketProtocol protocol,
                                      const char     *address,
                                      FakeStunFunc    func,
                                      gpointer        user_data);
void            fake_stun_server_free (FakeStunServer *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (FakeStunServer, fake_stun_server_free)

/* A good answer: XOR-MAPPED-ADDRESS says mapped. Returns: (transfer full) */
GByteArray *fake_stun_answer (const guint8 *request, GSocketAddress *mapped);
/* Sends to a UDP client, or (to NULL) into a connection. */
void fake_stun_send (GSocket *socket, const GByteArray *bytes, GSocketAddress *to);
/* A port of the address that nobody listens on. Returns: (transfer full) */
GInetSocketAddress *fake_stun_closed_endpoint (GSocketProtocol protocol, const char *address);

G_END_DECLS
