/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#pragma once

#include "../pipe/daemon-helpers.h"
#include "../plugins/stun-bytes.h"
#include "server/aionet-stun-server.h"

G_BEGIN_DECLS

/* STUN servers on loopback, asked by plain sockets that share nothing with them. */

#define STUN_ID "abcdefghijkl"
#define STUN_CHANGE_REQUEST 0x0003
#define STUN_RESPONSE_PORT 0x0027
#define STUN_XOR_MAPPED 0x0020
#define STUN_RESPONSE_ORIGIN 0x802b
#define STUN_OTHER_ADDRESS 0x802c

typedef struct
{
  guint8          data[2048];
  gssize          length; /* -1: nothing came */
  GSocketAddress *from;   /* (owned) (nullable) */
} Answer;

void answer_clear (Answer *self);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Answer, answer_clear)

/* A server with ports that the system chooses, without rate limit, on these addresses. */
AionetStunServer *server_new (const char *first, const char *second);
/* Its listener of UDP on address; alternate: the one on the other port */
AionetPipe *find_listener (AionetStunServer *server, const char *address, gboolean alternate);
/* The address text of where it says answers come from, "-" for nowhere. */
char       *get_endpoint (AionetStunServer *server, AionetPipe *listener, AionetStunChange change);

GByteArray *new_request (void);
GByteArray *new_change_request (guint8 change);
GSocket    *new_client (const char *address);
void        send_to (GSocket *client, GByteArray *request, AionetPipe *listener);
/* Runs the server until an answer is there. */
void hear (GSocket *client, Answer *answer);
/* Runs it until nothing is pending, and asserts that nothing came. */
void assert_silence (GSocket *client);
void ask (GSocket *client, GByteArray *request, AionetPipe *listener, Answer *answer);
/* "192.0.2.1:80" of an address attribute, NULL if there is none */
char *get_address (const Answer *answer, guint type);
char *endpoint_text (GSocketAddress *address);

G_END_DECLS
