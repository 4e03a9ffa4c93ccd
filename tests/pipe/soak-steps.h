/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

/* Steps of a random life of pipes. Nothing is expected of a step: it may meet a pipe in any state.
 */

#pragma once

#include <aionet.h>

#define SOAK_MAX_PIPES 24

typedef struct _SoakPool SoakPool;

struct _SoakPool
{
  GPtrArray    *pipes;         /* (owned) */
  GPtrArray    *subscriptions; /* (owned) */
  GCancellable *cancellable;   /* (owned) */
  guint         n_pending;     /* callbacks to come */
  guint         n_opened;
  guint         n_messages;
  /* Called in every callback, with the pipe that it is of. */
  void (*disturb) (SoakPool *pool, AionetPipe *pipe);
};

guint       soak_pick (guint n);
AionetPipe *soak_pick_pipe (SoakPool *pool);

void        soak_pool_init (SoakPool *pool, void (*disturb) (SoakPool *pool, AionetPipe *pipe));
/* Closes all pipes, and turns until every callback came. */
void     soak_pool_end (SoakPool *pool);
void     soak_pool_clear (SoakPool *pool);

gboolean soak_is_full (SoakPool *pool);
/* Until it is closed. */
void soak_keep (SoakPool *pool, AionetPipe *pipe);
/* Opens it, and listens to its messages now and then. */
void soak_open (SoakPool *pool, AionetPipe *pipe);
void soak_send (SoakPool *pool);
void soak_receive (SoakPool *pool);
void soak_subscribe (SoakPool *pool);
void soak_cancel (SoakPool *pool);
