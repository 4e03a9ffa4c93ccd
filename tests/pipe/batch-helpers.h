/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#pragma once

#include <gio/gio.h>

#include "pipe/aionet-pipe-private.h"
#include "socket-calls.h"

/* A pipe, a socket that speaks with it, and what either has heard. A burst is put into the socket
 * of the pipe before the pipe may read, so that what it does next does not depend on time. */

#define N_BURST 120
/* Reads of one turn double: 1, 2, 4, ... 32. Of 120 datagrams that leaves 8. */
#define N_CALLS_OF_BURST 9

typedef struct
{
  AionetPipe *pipe;    /* (owned) (nullable) */
  int         client;  /* (owned) connected to it */
  GPtrArray  *heard;   /* (owned) (element-type GBytes) by keep () */
  GPtrArray  *failed;  /* (owned) (element-type GError) by the signal refused */
  guint       n_calls; /* for handlers of the tests */
} Server;

void server_open (Server *self);
void server_close (Server *self);

int  connect_to (AionetPipe *pipe);
/* Says in every byte which one it is. */
GBytes *new_numbered (guint number, gsize length);
void    client_send (Server *self, guint number, gsize length);
void    send_burst (Server *self, guint n, gsize length);
void    assert_heard_by (int fd, guint number, gsize length);
void    assert_nothing_left (int fd);
void    assert_echo_of_burst (Server *self, guint n, gsize length);

/* Message functions; user_data of keep () is the server. */
void echo (
    AionetPipe *pipe, const guint8 *data, gsize length, GSocketAddress *sender, gpointer user_data);
void keep (
    AionetPipe *pipe, const guint8 *data, gsize length, GSocketAddress *sender, gpointer user_data);
