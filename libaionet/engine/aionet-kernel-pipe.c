/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#include "config.h"

#include "engine/aionet-kernel-pipe-private.h"

#include <errno.h>
#include <fcntl.h>
#include <gio/gio.h>
#include <unistd.h>

/* A pool belongs to one context and is touched in its thread only; the table that finds it is
 * shared by all threads. */

#define WANTED_SIZE (1024 * 1024)
/* Below this a copy is cheaper. */
#define LEAST_SIZE (64 * 1024)
/* Streams that wait for their receiver have one each. Empty, it is some KiB of the kernel's; its size
 * counts against the limit of the user, though, which is 64 MiB by default. */
#define MAX_SPARE 16

struct _AionetKernelPipe
{
  int   ends[2]; /* read from the first, written to the second */
  gsize n_bytes;
};

struct _AionetKernelPipePool
{
  GMainContext *context; /* (owned) */
  guint         n_refs;  /* (mutex pools_lock) */
  GPtrArray    *spare;   /* (owned) (element-type AionetKernelPipe) empty ones */
};

static GMutex      pools_lock;
static GHashTable *pools; /* (owned) (nullable) (mutex pools_lock) GMainContext -> pool */

static void
kernel_pipe_free (gpointer data)
{
  AionetKernelPipe *self = data;

  close (self->ends[0]);
  close (self->ends[1]);
  g_free (self);
}

#ifdef HAVE_SPLICE

/* The limit of this system, and that of the user: past it the kernel refuses to make a pipe
 * larger, and in the end makes new ones tiny. */
static int
enlarge (int fd)
{
  for (int size = WANTED_SIZE; size >= LEAST_SIZE; size /= 2)
    if (fcntl (fd, F_SETPIPE_SZ, size) >= 0)
      break;
  return fcntl (fd, F_GETPIPE_SZ);
}

static AionetKernelPipe *
kernel_pipe_new (void)
{
  AionetKernelPipe *self = g_new0 (AionetKernelPipe, 1);

  if (pipe2 (self->ends, O_CLOEXEC | O_NONBLOCK) != 0)
    {
      g_free (self);
      return NULL;
    }
  if (enlarge (self->ends[1]) < LEAST_SIZE)
    g_clear_pointer (&self, kernel_pipe_free);
  return self;
}

static gssize
move (int from, int to, gsize n_max)
{
  gssize n;

  do
    n = splice (from, NULL, to, NULL, n_max, SPLICE_F_MOVE | SPLICE_F_NONBLOCK);
  while (n < 0 && errno == EINTR);
  return n;
}

#else

static AionetKernelPipe *
kernel_pipe_new (void)
{
  return NULL;
}

static gssize
move (int from, int to, gsize n_max)
{
  errno = ENOSYS;
  return -1;
}

#endif

AionetKernelPipePool *
_aionet_kernel_pipe_pool_get (GMainContext *context)
{
  AionetKernelPipePool *self;

  /* Writing to a socket whose peer is gone raises SIGPIPE, and splice has no flag against it;
   * GSocket has the process ignore the signal. */
  g_type_ensure (G_TYPE_SOCKET);
  g_type_class_unref (g_type_class_ref (G_TYPE_SOCKET));

  g_mutex_lock (&pools_lock);
  if (pools == NULL)
    pools = g_hash_table_new (NULL, NULL);
  self = g_hash_table_lookup (pools, context);
  if (self == NULL)
    {
      self = g_new0 (AionetKernelPipePool, 1);
      self->context = g_main_context_ref (context);
      self->spare = g_ptr_array_new_with_free_func (kernel_pipe_free);
      g_hash_table_insert (pools, context, self);
    }
  self->n_refs++;
  g_mutex_unlock (&pools_lock);
  return self;
}

static gboolean
forget_if_unused (AionetKernelPipePool *self)
{
  if (--self->n_refs > 0)
    return FALSE;
  g_hash_table_remove (pools, self->context);
  if (g_hash_table_size (pools) == 0)
    g_clear_pointer (&pools, g_hash_table_unref);
  return TRUE;
}

void
_aionet_kernel_pipe_pool_unref (AionetKernelPipePool *self)
{
  gboolean is_unused;

  g_mutex_lock (&pools_lock);
  is_unused = forget_if_unused (self);
  g_mutex_unlock (&pools_lock);
  if (!is_unused)
    return;
  g_ptr_array_unref (self->spare);
  g_main_context_unref (self->context);
  g_free (self);
}

AionetKernelPipe *
_aionet_kernel_pipe_take (AionetKernelPipePool *pool)
{
  if (pool->spare->len > 0)
    return g_ptr_array_steal_index_fast (pool->spare, pool->spare->len - 1);
  return kernel_pipe_new ();
}

void
_aionet_kernel_pipe_give_back (AionetKernelPipePool *pool, AionetKernelPipe *self)
{
  if (self->n_bytes == 0 && pool->spare->len < MAX_SPARE)
    g_ptr_array_add (pool->spare, self);
  else
    kernel_pipe_free (self);
}

gssize
_aionet_kernel_pipe_fill (AionetKernelPipe *self, int fd, gsize n_max)
{
  gssize n = move (fd, self->ends[1], n_max);

  if (n > 0)
    self->n_bytes += (gsize) n;
  return n;
}

gssize
_aionet_kernel_pipe_drain (AionetKernelPipe *self, int fd)
{
  gssize n_moved = 0;

  while (self->n_bytes > 0)
    {
      gssize n = move (self->ends[0], fd, self->n_bytes);

      if (n <= 0)
        return n_moved > 0 ? n_moved : -1;
      self->n_bytes -= (gsize) n;
      n_moved += n;
    }
  return n_moved;
}

gsize
_aionet_kernel_pipe_get_n_bytes (AionetKernelPipe *self)
{
  return self->n_bytes;
}

GBytes *
_aionet_kernel_pipe_unload (AionetKernelPipe *self)
{
  g_autofree guint8 *data = g_malloc (self->n_bytes);
  gsize              length = 0;

  while (length < self->n_bytes)
    {
      gssize n = read (self->ends[0], data + length, self->n_bytes - length);

      if (n <= 0 && errno != EINTR)
        break;
      if (n > 0)
        length += (gsize) n;
    }
  self->n_bytes -= length;
  return g_bytes_new_take (g_steal_pointer (&data), length);
}
