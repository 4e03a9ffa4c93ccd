/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#pragma once

#include "engine/aionet-reactor-private.h"

G_BEGIN_DECLS

/* What a reactor waits with: aionet-poller-epoll.c where there is epoll, aionet-poller-poll.c
 * elsewhere; the build takes one. The source becomes ready when a descriptor is. */
typedef struct _AionetPoller AionetPoller;

typedef struct
{
  AionetWatch *watch;
  GIOCondition condition;
} AionetReady;

AionetPoller *_aionet_poller_new (GSource *source, GError **error);
void          _aionet_poller_free (AionetPoller *self);

/* slot: the poller's own note about the watch, handed back with each call */
gboolean _aionet_poller_add (AionetPoller *self,
                             int           fd,
                             GIOCondition  condition,
                             AionetWatch  *watch,
                             gpointer     *slot,
                             GError      **error);
void     _aionet_poller_modify (
        AionetPoller *self, int fd, GIOCondition condition, AionetWatch *watch, gpointer slot);
void _aionet_poller_remove (AionetPoller *self, int fd, gpointer slot);

/* Never blocks. What does not fit is reported the next time. */
guint _aionet_poller_take (AionetPoller *self, AionetReady *ready, guint n_max);

G_END_DECLS
