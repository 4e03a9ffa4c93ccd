/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#pragma once

#include "bench.h"

G_BEGIN_DECLS

/* A server and so many connections to it, a process each. They stay while the peers take turns:
 * short rounds one after the other see the same machine. */
typedef struct
{
  pid_t server;
  pid_t clients;
  int   control; /* to the clients */
} TcpCrowd;

typedef struct
{
  guint64 n_answers;
  double  seconds;
  double  cpu; /* of the server */
} TcpResult;

/* in_bursts: some speak before the next connect, as a slow server needs it; else all connect before
 * the first speaks. Returns once everybody was answered. */
void
tcp_crowd_open (TcpCrowd *self, const BenchPeer *peer, guint n_connections, gboolean in_bursts);
void tcp_crowd_close (TcpCrowd *self);
/* n_busy of the connections send the next message when the answer to the last is complete. */
TcpResult tcp_crowd_talk (TcpCrowd *self, guint size, guint n_busy);

/* A blocking connection that leaves no TIME_WAIT. */
int tcp_connect (const struct sockaddr *address, socklen_t size);

G_END_DECLS
