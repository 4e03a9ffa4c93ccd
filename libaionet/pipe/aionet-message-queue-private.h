/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#pragma once

#include "pipe/aionet-message.h"

G_BEGIN_DECLS

/* A bounded queue of messages and the tasks that wait for them: what a pipe and a subscription
 * have in common. One context, no locks.
 *
 * A lossy queue (datagrams) drops the newest message when it is full and counts it: what came
 * first is what a reader that starts late wants. A lossless one (a stream) takes everything and
 * tells its producer to stop: flow (TRUE) when it gets full, flow (FALSE) once it is half empty. */
typedef struct _AionetMessageQueue AionetMessageQueue;

typedef void (*AionetFlowFunc) (gboolean stop, gpointer user_data);

typedef struct
{
  guint max_messages;
  gsize max_bytes;
} AionetQueueLimits;

AionetMessageQueue      *
_aionet_message_queue_new (GMainContext *context, AionetQueueLimits limits, gboolean lossless);
void _aionet_message_queue_free (AionetMessageQueue *self);
void _aionet_message_queue_set_limits (AionetMessageQueue *self, AionetQueueLimits limits);
void _aionet_message_queue_set_flow_func (AionetMessageQueue *self,
                                          AionetFlowFunc      func,
                                          gpointer            user_data);

/* FALSE: dropped. May complete a waiting task, hence run any code of the user's: whoever calls
 * keeps the owner of the queue alive meanwhile. */
gboolean _aionet_message_queue_push (AionetMessageQueue *self, AionetMessage *message);
/* Returns: (transfer full) (nullable) */
AionetMessage *_aionet_message_queue_pop (AionetMessageQueue *self);

/* Completes task with an AionetMessage (transfer full). n_bytes 0: the next message. Otherwise that
 * many bytes put together from as many messages as it takes, less if the time is over or the queue
 * is closed before; too many bytes stay in the queue. timeout_ms: 0 looks and returns, negative
 * waits for ever. Errors: G_IO_ERROR_TIMED_OUT, G_IO_ERROR_CANCELLED, what it was closed with. */
void _aionet_message_queue_receive (AionetMessageQueue *self,
                                    GTask              *task,
                                    gsize               n_bytes,
                                    int                 timeout_ms);

/* What is queued can still be received, then and for ever after tasks get this error. */
void    _aionet_message_queue_close (AionetMessageQueue *self, const GError *error);

guint   _aionet_message_queue_get_n_queued (AionetMessageQueue *self);
guint64 _aionet_message_queue_get_n_dropped (AionetMessageQueue *self);

G_END_DECLS
