/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#pragma once

#include "topology/aionet-host.h"
#include "value/aionet-error.h"

/* A host that is made up: links from text, STUN servers that do as they are told, and a count of
 * what was asked. Nothing leaves the process. */

G_BEGIN_DECLS

#define FAKE_TYPE_BACKEND (fake_backend_get_type ())
G_DECLARE_FINAL_TYPE (FakeBackend, fake_backend, FAKE, BACKEND, AionetAddressBackend)

#define FAKE_TYPE_STUN (fake_stun_get_type ())
G_DECLARE_FINAL_TYPE (FakeStun, fake_stun, FAKE, STUN, AionetStunProvider)

typedef enum
{
  FAKE_MOOD_HONEST,
  FAKE_MOOD_LIAR,    /* tells fake_stun_lie ()'s address */
  FAKE_MOOD_SILENT,  /* never answers */
  FAKE_MOOD_REFUSES, /* fails at once, as by ICMP */
} FakeMood;

/* addresses, blocks: separated by blanks, as in "192.168.0.20/24 fe80::1/64"; "!" behind an address
 * is a tentative one. gateways: "4:100" is a gateway of IPv4 with metric 100 in the main table. */
AionetLink  *fake_link_new (const char    *name,
                            guint          index,
                            AionetLinkKind kind,
                            gboolean       is_up,
                            const char    *addresses,
                            const char    *blocks,
                            const char    *gateways);

FakeBackend *fake_backend_new (void);
/* Takes link. */
void  fake_backend_add (FakeBackend *self, AionetLink *link);
void  fake_backend_clear (FakeBackend *self);
void  fake_backend_set_mood (FakeBackend *self, FakeMood mood);
guint fake_backend_get_n_requests (FakeBackend *self);
/* Answers what FAKE_MOOD_SILENT kept, with the links as they were when it was asked. */
void      fake_backend_answer_kept (FakeBackend *self);

FakeStun *fake_stun_new (void);
/* Who asks from local is seen as external. Without a mapping nobody answers. */
void fake_stun_map (FakeStun *self, const char *local, const char *external);
/* server "1.2.3.4" or NULL for all that have no mood of their own */
void
fake_stun_set_mood (FakeStun *self, GSocketProtocol protocol, const char *server, FakeMood mood);
void fake_stun_lie (FakeStun *self, const char *server, const char *external);
/* Requests make their socket first, as real providers do. */
void fake_stun_use_sockets (FakeStun *self);
/* Called at each request, before it is answered. */
void fake_stun_set_hook (FakeStun *self, void (*hook) (gpointer), gpointer data);

/* Servers get a second address (9.1.2.1 beside 9.1.1.1, 2a01:1::2 beside 2a01:1::1) and port, and
 * honour CHANGE-REQUEST as far as a NAT of these behaviours lets answers in. A given local port is
 * the external one. */
void  fake_stun_set_nat (FakeStun *self, AionetNatBehavior mapping, AionetNatBehavior filtering);

guint fake_stun_get_n_requests (FakeStun *self, GSocketProtocol protocol);
/* Distinct local addresses that asked, sorted, separated by blanks */
char *fake_stun_get_sources (FakeStun *self);
/* How many requests came from local */
guint fake_stun_get_n_from (FakeStun *self, const char *local);
/* Requests that were never answered */
guint fake_stun_get_n_silent (FakeStun *self);

/* A host of these, that asks servers: separated by blanks */
AionetHost *fake_host_new (FakeBackend *backend, FakeStun *stun, const char *servers);

/* Runs the main context until the load is over. */
gboolean   fake_load (AionetInterface *interface, GCancellable *cancellable, GError **error);
AionetNat *fake_load_nat (AionetInterface *interface, GCancellable *cancellable, GError **error);
gboolean   fake_refresh (AionetHost *host, GError **error);
gboolean   fake_load_all (AionetHost *host, GCancellable *cancellable, GError **error);
/* Refreshes host, takes and loads its interface of that name. */
AionetInterface *fake_get_loaded (AionetHost *host, const char *name);

/* "[192.168.0.20] -> [1.3.3.7]; ..." of all groups of the family */
char *fake_describe_pool (AionetInterface *interface, GSocketFamily family);

G_END_DECLS
