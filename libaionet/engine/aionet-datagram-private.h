/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#pragma once

#include "engine/aionet-sockaddr-private.h"

G_BEGIN_DECLS

/* Several datagrams with one system call (sendmmsg, recvmmsg), and equal ones to one destination as
 * one that the kernel or the network card takes apart (UDP_SEGMENT), or has put together (UDP_GRO).
 * What the system cannot do is done one by one; nobody else need know. */

#define AIONET_MAX_DATAGRAMS 64 /* in one call of _aionet_datagrams_send () */

/* peer: whom it goes to, AF_UNSPEC for whom the socket is connected to, or who sent it. local:
 * (nullable) the address to leave from, or that it was sent to; its port means nothing. */
typedef struct
{
  const guint8         *data;
  gsize                 length;
  const AionetSockaddr *peer;
  const AionetSockaddr *local;
} AionetDatagram;

/* The largest segment that may be tried on a socket, its owner's to keep. A path refuses those that
 * do not fit its MTU, a device without checksums all of them: that is found out once. */
#define AIONET_ANY_SEGMENT G_MAXUINT16

/* Returns how many the kernel took, in order; if not all, code is the errno of the next one. */
guint _aionet_datagrams_send (
    int fd, const AionetDatagram *datagrams, guint n, guint16 *max_segment, int *code);

/* Room for what one call receives, shared by all sockets of a thread. */
typedef struct _AionetDatagramBatch AionetDatagramBatch;

#define AIONET_MAX_BUFFERS 32

AionetDatagramBatch *_aionet_datagram_batch_acquire (void);
void                 _aionet_datagram_batch_release (AionetDatagramBatch *self);
/* n: at most AIONET_MAX_BUFFERS; one buffer holds one datagram, or many that were put together.
 * Returns how many buffers are filled, or -1 and errno. */
int _aionet_datagram_batch_receive (AionetDatagramBatch *self, int fd, guint n);
/* Takes the next one out; it stays where it is until the batch is used again. */
gboolean _aionet_datagram_batch_next (AionetDatagramBatch *self, AionetDatagram *datagram);
gboolean _aionet_datagram_batch_is_empty (AionetDatagramBatch *self);

G_END_DECLS
