/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* A pipe of the kernel (splice (2)): bytes go from one socket to another without passing through
 * this process. One that carries nothing waits in the pool of its context for whoever needs it
 * next, so that an idle connection owns none. Use from the context's thread. */

typedef struct _AionetKernelPipe     AionetKernelPipe;
typedef struct _AionetKernelPipePool AionetKernelPipePool;

/* Returns: (transfer full) the pool of the context; it goes with the last reference. */
AionetKernelPipePool *_aionet_kernel_pipe_pool_get (GMainContext *context);
void                  _aionet_kernel_pipe_pool_unref (AionetKernelPipePool *self);

/* Returns: (transfer full) (nullable) an empty one; NULL: out of descriptors or of what the user
 * may have in pipes, or a system without splice. */
AionetKernelPipe *_aionet_kernel_pipe_take (AionetKernelPipePool *pool);
/* Whatever it still carries is gone. */
void _aionet_kernel_pipe_give_back (AionetKernelPipePool *pool, AionetKernelPipe *self);

/* From fd: the number of bytes, 0 at the end of the stream, or -1 and errno. An empty pipe says
 * EAGAIN only if fd has nothing. */
gssize _aionet_kernel_pipe_fill (AionetKernelPipe *self, int fd, gsize n_max);
/* To fd: as many as it takes now; -1 and errno if that is none. */
gssize _aionet_kernel_pipe_drain (AionetKernelPipe *self, int fd);
gsize  _aionet_kernel_pipe_get_n_bytes (AionetKernelPipe *self);
/* Returns: (transfer full) all it carries, in memory of this process */
GBytes *_aionet_kernel_pipe_unload (AionetKernelPipe *self);

G_END_DECLS
