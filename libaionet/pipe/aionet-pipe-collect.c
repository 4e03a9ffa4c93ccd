/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#include "config.h"

#include "pipe/aionet-pipe-private.h"

#include <errno.h>
#include <string.h>
#include <time.h>

/* Datagrams that are sent while the context dispatches a batch of events are collected and sent
 * together when it ends: the answers to a burst of requests cost one call. One collection serves
 * all pipes of a thread, so it belongs to one pipe at a time, and another that sends has it
 * flushed. It is empty whenever nothing is being dispatched.
 *
 * No user code runs in here: what fails is counted, noted, and reported when the batch is over. */

#define MAX_BYTES (64 * 1024)

/* Larger ones are hardly cheaper together. */
#define MAX_LENGTH (8 * 1024)

#define MAX_FAILURES 32

typedef struct
{
  AionetPipe    *owner; /* (not owned: flushes before it goes) (nullable) */
  gboolean       is_flushing;
  guint          n;
  gsize          n_bytes;
  gint64         since; /* when the first was sent */
  AionetDatagram datagrams[AIONET_MAX_DATAGRAMS];
  AionetSockaddr peers[AIONET_MAX_DATAGRAMS];
  AionetSockaddr locals[AIONET_MAX_DATAGRAMS];
  guint8         bytes[MAX_BYTES];
} Collection;

typedef struct
{
  AionetSockaddr to;
  int            code;
} Failure;

static GPrivate collection_key = G_PRIVATE_INIT (g_free);

static Collection *
get_collection (void)
{
  Collection *self = g_private_get (&collection_key);

  if (self == NULL)
    {
      self = g_new (Collection, 1);
      self->owner = NULL;
      self->is_flushing = FALSE;
      self->n = 0;
      self->n_bytes = 0;
      g_private_set (&collection_key, self);
    }
  return self;
}

/* A tick of the coarse clock, some milliseconds, is as long as anything waits for a handler that
 * takes its time over the other messages. */
static gint64
get_tick (void)
{
#ifdef CLOCK_MONOTONIC_COARSE
  struct timespec now;

  clock_gettime (CLOCK_MONOTONIC_COARSE, &now);
  return (gint64) now.tv_sec * G_GINT64_CONSTANT (1000000000) + now.tv_nsec;
#else
  return g_get_monotonic_time () / 4000;
#endif
}

static void
note_failure (AionetPipe *self, const AionetSockaddr *to, int code)
{
  const Failure failure = { to->any.sa_family != AF_UNSPEC ? *to : self->remote, code };

  self->n_dropped++;
  if (self->failures == NULL)
    self->failures = g_array_new (FALSE, FALSE, sizeof (Failure));
  if (self->failures->len < MAX_FAILURES)
    g_array_append_val (self->failures, failure);
}

static void
queue_rest (AionetPipe *self, const AionetDatagram *datagrams, guint n)
{
  for (guint i = 0; i < n; i++)
    {
      g_autoptr (GBytes) bytes = g_bytes_new (datagrams[i].data, datagrams[i].length);

      _aionet_pipe_queue_write (self, bytes, 0, datagrams[i].peer, NULL);
    }
}

static void
send_collected (AionetPipe *self, const AionetDatagram *datagrams, guint n)
{
  guint n_done = 0;
  int   code;

  while (n_done < n)
    {
      n_done += _aionet_datagrams_send (self->fd, &datagrams[n_done], n - n_done,
                                        &self->max_segment, &code);
      if (n_done == n)
        return;
      if (_aionet_pipe_is_busy (code))
        {
          queue_rest (self, &datagrams[n_done], n - n_done);
          return;
        }
      note_failure (self, datagrams[n_done].peer, code);
      n_done++;
    }
}

void
_aionet_pipe_flush_collected (AionetPipe *self)
{
  Collection *collection;
  guint       n;

  if (!self->has_collected)
    return;
  collection = get_collection ();
  n = collection->n;
  self->has_collected = FALSE;
  collection->owner = NULL;
  collection->n = 0;
  collection->n_bytes = 0;
  collection->is_flushing = TRUE;
  send_collected (self, collection->datagrams, n);
  collection->is_flushing = FALSE;
}

static void
add (Collection *self, AionetPipe *pipe, const guint8 *data, gsize length, const AionetSockaddr *to)
{
  const AionetSockaddr *local = _aionet_pipe_find_asked (pipe, to);
  AionetDatagram       *datagram = &self->datagrams[self->n];
  guint8               *copy = self->bytes + self->n_bytes;

  if (length > 0)
    memcpy (copy, data, length);
  self->peers[self->n] = *to;
  *datagram = (AionetDatagram){ copy, length, &self->peers[self->n], NULL };
  if (local != NULL)
    {
      self->locals[self->n] = *local;
      datagram->local = &self->locals[self->n];
    }
  self->n++;
  self->n_bytes += length;
  self->owner = pipe;
  pipe->has_collected = TRUE;
}

static gboolean
has_room (Collection *self, gsize length, gint64 tick)
{
  return self->n < AIONET_MAX_DATAGRAMS && self->n_bytes + length <= MAX_BYTES &&
         self->since == tick;
}

gboolean
_aionet_pipe_collect (AionetPipe *self, const guint8 *data, gsize length, const AionetSockaddr *to)
{
  Collection *collection = get_collection ();
  gint64      tick;

  if (length > MAX_LENGTH || collection->is_flushing || self->watch == NULL ||
      !_aionet_watch_defer (self->watch, _aionet_pipe_run_deferred))
    {
      _aionet_pipe_flush_collected (self);
      return FALSE;
    }
  tick = get_tick ();
  if (collection->owner != NULL &&
      (collection->owner != self || !has_room (collection, length, tick)))
    _aionet_pipe_flush_collected (collection->owner);
  if (_aionet_pipe_has_unsent (self))
    return FALSE;
  if (collection->n == 0)
    collection->since = tick;
  add (collection, self, data, length, to);
  return TRUE;
}

static gsize
get_n_collected (AionetPipe *self)
{
  return self->has_collected ? get_collection ()->n_bytes : 0;
}

gsize
_aionet_pipe_get_n_waiting_bytes (AionetPipe *self)
{
  return _aionet_pipe_get_n_unsent_bytes (self) + get_n_collected (self);
}

void
_aionet_pipe_report_failures (AionetPipe *self)
{
  g_autoptr (GArray) failures = g_steal_pointer (&self->failures);

  for (guint i = 0; failures != NULL && i < failures->len && self->state == AIONET_PIPE_OPEN; i++)
    {
      const Failure *failure = &g_array_index (failures, Failure, i);
      g_autoptr (GSocketAddress) address = _aionet_sockaddr_to_gio (&failure->to);
      g_autoptr (GError) error = _aionet_pipe_new_send_error (self, &failure->to, failure->code);

      if (address != NULL)
        _aionet_pipe_emit_refused (self, address, error);
    }
}
