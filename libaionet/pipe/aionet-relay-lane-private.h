/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#pragma once

#include "engine/aionet-kernel-pipe-private.h"
#include "pipe/aionet-pipe-private.h"

G_BEGIN_DECLS

/* One direction between two joined pipes. It is held while its receiver takes no more: the sender
 * is not read meanwhile, so that its peer stops sending.
 *
 * A stream to a stream is carried either way: a read that is copied is the cheapest for a few
 * bytes, a kernel pipe for many. */
typedef struct
{
  AionetPipe           *from;    /* (not owned: the join owns both) */
  AionetPipe           *to;      /* (not owned) */
  AionetKernelPipePool *pool;    /* (not owned) (nullable: not between two streams) */
  AionetKernelPipe     *carrier; /* (owned) (nullable) holds bytes that to has no room for */
  gboolean              is_held;
  gboolean              is_bulk;
  guint8                n_turning; /* reads in a row that speak for the other way */
} AionetLane;

/* Parts of it that the kernel does not take wait in the queue of to. */
void   _aionet_lane_copy (AionetLane *self, const guint8 *data, gsize length);
gssize _aionet_lane_splice (AionetLane *self);
/* Moves on what is carried. */
void _aionet_lane_flush (AionetLane *self);
/* Puts what is carried into the queue of to, to be sent as any message is. */
void     _aionet_lane_unload (AionetLane *self);
gboolean _aionet_lane_is_clear (AionetLane *self);

void     _aionet_lane_hold (AionetLane *self);
/* Returns TRUE if it was held. */
gboolean _aionet_lane_release (AionetLane *self);

G_END_DECLS
