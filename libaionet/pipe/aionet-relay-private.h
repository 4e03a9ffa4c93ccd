/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#pragma once

#include "pipe/aionet-pipe-private.h"

G_BEGIN_DECLS

/* Pipes joined by aionet_pipe_forward (), from the point of view of one of them: reading asks where
 * the bytes go to, writing tells when there is room again. A pipe that is not joined has no
 * AionetRelay (pipe->relay is NULL) and calls none of these. */

struct _AionetRelay
{
  GPtrArray     *joins; /* (owned) (element-type AionetJoin) at least one */
  AionetSockaddr heard; /* who sent the last message; AF_UNSPEC: nobody yet */
};

/* Joins two pipes of one context that are not joined yet. */
void     _aionet_relay_join (AionetPipe *pipe, AionetPipe *other);
void     _aionet_relay_part (AionetPipe *pipe, AionetPipe *other);
gboolean _aionet_relay_are_joined (AionetPipe *pipe, AionetPipe *other);

/* Gives a message to all the pipe is joined with. from: (nullable) unknown */
void
_aionet_relay_pass (AionetPipe *pipe, const guint8 *data, gsize length, const AionetSockaddr *from);
/* TRUE: somebody takes no more, pass nothing now. */
gboolean _aionet_relay_is_held (AionetPipe *pipe);

/* TRUE: read by _splice (), which is to recv () as splice is: bytes, 0 or -1 and errno. */
gboolean _aionet_relay_is_bulk (AionetPipe *pipe);
gssize   _aionet_relay_splice (AionetPipe *pipe);

/* The peer of pipe has finished sending. */
void _aionet_relay_end_of_stream (AionetPipe *pipe);
/* Bytes of others wait in the kernel for room in the pipe. */
gboolean _aionet_relay_has_unsent (AionetPipe *pipe);
/* The pipe has become open, or has written all that waited in its own queue. */
void _aionet_relay_flush (AionetPipe *pipe);

/* For a pipe that has closed: parts it from all. Returns: (transfer full) (nullable) whom it was
 * joined with, for _end_orphans () once the pipe itself has told its users. */
GPtrArray *_aionet_relay_leave (AionetPipe *pipe);
/* orphans: (transfer full) (nullable) */
void _aionet_relay_end_orphans (GPtrArray *orphans, const GError *cause);

G_END_DECLS
