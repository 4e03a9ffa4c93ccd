/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#pragma once

#include "pipe/aionet-worker-private.h"

G_BEGIN_DECLS

/* A worker with a thread and a main context of its own. */
typedef struct _AionetWorkerThread AionetWorkerThread;

typedef void (*AionetWorkerCall) (AionetWorker *worker, gpointer data);

AionetWorkerThread *_aionet_worker_thread_new (AionetClientLimits      *limits,
                                               const AionetWorkerFuncs *funcs,
                                               gpointer                 user_data);
/* Closes everything and waits for the thread, so never to be called from there. */
void     _aionet_worker_thread_free (AionetWorkerThread *self);

gboolean _aionet_worker_thread_is_current (AionetWorkerThread *self);

/* Runs call in the thread, and waits for it. */
void _aionet_worker_thread_call (AionetWorkerThread *self, AionetWorkerCall call, gpointer data);

G_END_DECLS
