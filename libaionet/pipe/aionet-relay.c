/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#include "config.h"

#include "pipe/aionet-relay-private.h"

#include <errno.h>
#include <sys/socket.h>

#include "pipe/aionet-relay-lane-private.h"

/* A join of two pipes has a lane each way and keeps both pipes until it is over. Writing to a pipe
 * may run code of the user's that ends any join: whoever writes holds a reference to the join, and
 * looks at the pipe again afterwards.
 *
 * A stream that ended lets its receivers finish what they have, then ends theirs: half-close
 * travels. A pipe whose two halves are over is closed; one that is left alone because its peer
 * closed, closes as well. */

typedef struct
{
  guint                 n_refs;
  gboolean              is_over;
  AionetPipe           *pipes[2]; /* (owned) */
  AionetLane            lanes[2]; /* from the pipe of the same index to the other */
  AionetKernelPipePool *pool;     /* (owned) (nullable: not two plain streams) */
} AionetJoin;

static AionetJoin *
join_ref (AionetJoin *self)
{
  self->n_refs++;
  return self;
}

static void
join_unref (AionetJoin *self)
{
  if (--self->n_refs > 0)
    return;
  g_clear_pointer (&self->pool, _aionet_kernel_pipe_pool_unref);
  g_object_unref (self->pipes[0]);
  g_object_unref (self->pipes[1]);
  g_free (self);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AionetJoin, join_unref)

static AionetLane *
lane_from (AionetJoin *self, AionetPipe *pipe)
{
  return &self->lanes[pipe == self->pipes[0] ? 0 : 1];
}

static AionetLane *
lane_to (AionetJoin *self, AionetPipe *pipe)
{
  return &self->lanes[pipe == self->pipes[0] ? 1 : 0];
}

static AionetPipe *
get_peer (AionetJoin *self, AionetPipe *pipe)
{
  return lane_from (self, pipe)->to;
}

static guint
get_n_joins (AionetPipe *pipe)
{
  return pipe->relay != NULL ? pipe->relay->joins->len : 0;
}

static AionetJoin *
get_join (AionetPipe *pipe, guint i)
{
  return pipe->relay->joins->pdata[i];
}

/* Returns: (transfer full) the joins as they are now: any of them may end while they are used */
static GPtrArray *
list_joins (AionetPipe *pipe)
{
  GPtrArray *list = g_ptr_array_new_with_free_func ((GDestroyNotify) join_unref);

  for (guint i = 0; i < get_n_joins (pipe); i++)
    g_ptr_array_add (list, join_ref (get_join (pipe, i)));
  return list;
}

static AionetJoin *
find_join (AionetPipe *pipe, AionetPipe *other)
{
  for (guint i = 0; i < get_n_joins (pipe); i++)
    if (get_peer (get_join (pipe, i), pipe) == other)
      return get_join (pipe, i);
  return NULL;
}

gboolean
_aionet_relay_are_joined (AionetPipe *pipe, AionetPipe *other)
{
  return find_join (pipe, other) != NULL;
}

gboolean
_aionet_relay_has_unsent (AionetPipe *pipe)
{
  for (guint i = 0; i < get_n_joins (pipe); i++)
    if (!_aionet_lane_is_clear (lane_to (get_join (pipe, i), pipe)))
      return TRUE;
  return FALSE;
}

gboolean
_aionet_relay_is_held (AionetPipe *pipe)
{
  for (guint i = 0; i < get_n_joins (pipe); i++)
    if (lane_from (get_join (pipe, i), pipe)->is_held)
      return TRUE;
  return FALSE;
}

static gboolean
has_room (AionetPipe *to)
{
  return to->state == AIONET_PIPE_OPEN && to->send_error == NULL && !_aionet_pipe_has_unsent (to) &&
         !_aionet_relay_has_unsent (to);
}

static void
hold_if_full (AionetJoin *join, AionetLane *lane)
{
  if (!join->is_over && !has_room (lane->to))
    _aionet_lane_hold (lane);
}

static void
pass_to (AionetJoin *join, AionetPipe *pipe, const guint8 *data, gsize length)
{
  AionetLane *lane = lane_from (join, pipe);

  if (join->is_over)
    return;
  _aionet_lane_copy (lane, data, length);
  hold_if_full (join, lane);
}

void
_aionet_relay_pass (AionetPipe *pipe, const guint8 *data, gsize length, const AionetSockaddr *from)
{
  g_autoptr (AionetJoin) only = NULL;
  g_autoptr (GPtrArray) joins = NULL;

  if (from != NULL)
    pipe->relay->heard = *from;
  if (get_n_joins (pipe) == 1)
    {
      only = join_ref (get_join (pipe, 0));
      pass_to (only, pipe, data, length);
      return;
    }
  joins = list_joins (pipe);
  for (guint i = 0; i < joins->len; i++)
    pass_to (joins->pdata[i], pipe, data, length);
}

gboolean
_aionet_relay_is_bulk (AionetPipe *pipe)
{
  AionetLane *lane;

  if (get_n_joins (pipe) != 1)
    return FALSE;
  lane = lane_from (get_join (pipe, 0), pipe);
  return lane->is_bulk && get_n_joins (lane->to) == 1 && has_room (lane->to) &&
         !_aionet_pipe_has_reader (pipe);
}

gssize
_aionet_relay_splice (AionetPipe *pipe)
{
  g_autoptr (AionetJoin) join = join_ref (get_join (pipe, 0));
  AionetLane *lane = lane_from (join, pipe);
  gssize      n = _aionet_lane_splice (lane);
  int         code = errno;

  hold_if_full (join, lane);
  errno = code;
  return n;
}

static gboolean
have_all_ended (AionetPipe *to)
{
  for (guint i = 0; i < get_n_joins (to); i++)
    if (!get_peer (get_join (to, i), to)->end_seen)
      return FALSE;
  return TRUE;
}

/* TLS has no half-close that every peer survives: it ends both halves. */
static void
shut (AionetPipe *pipe)
{
  pipe->is_shut = TRUE;
  if (_aionet_pipe_is_plain (pipe))
    shutdown (pipe->fd, SHUT_WR);
  else
    pipe->end_seen = TRUE;
}

/* Everybody who writes to the pipe has ended, and all of it is written. */
static void
finish_if_done (AionetPipe *to)
{
  if (get_n_joins (to) == 0 || to->protocol != G_SOCKET_PROTOCOL_TCP || !has_room (to) ||
      !have_all_ended (to))
    return;
  if (!to->is_shut)
    shut (to);
  if (to->end_seen)
    _aionet_pipe_end (to, NULL, TRUE);
}

static gboolean
has_stream_peer (AionetPipe *pipe)
{
  for (guint i = 0; i < get_n_joins (pipe); i++)
    if (get_peer (get_join (pipe, i), pipe)->protocol == G_SOCKET_PROTOCOL_TCP)
      return TRUE;
  return FALSE;
}

void
_aionet_relay_end_of_stream (AionetPipe *pipe)
{
  g_autoptr (GPtrArray) joins = list_joins (pipe);

  if (pipe->send_error != NULL || !has_stream_peer (pipe))
    {
      _aionet_pipe_end (pipe, pipe->send_error, TRUE);
      return;
    }
  for (guint i = 0; i < joins->len; i++)
    finish_if_done (get_peer (joins->pdata[i], pipe));
  _aionet_pipe_update_watch (pipe);
}

/* What waited for room comes before what waits in the socket. */
static void
resume (AionetPipe *pipe)
{
  if (pipe->state != AIONET_PIPE_OPEN)
    return;
  _aionet_pipe_catch_up (pipe);
  _aionet_pipe_update_watch (pipe);
}

void
_aionet_relay_flush (AionetPipe *pipe)
{
  g_autoptr (GPtrArray) joins = list_joins (pipe);

  for (guint i = 0; i < joins->len; i++)
    _aionet_lane_flush (lane_to (joins->pdata[i], pipe));
  for (guint i = 0; i < joins->len && has_room (pipe); i++)
    if (_aionet_lane_release (lane_to (joins->pdata[i], pipe)))
      resume (get_peer (joins->pdata[i], pipe));
  finish_if_done (pipe);
  _aionet_pipe_update_watch (pipe);
}

static void
attach (AionetPipe *pipe, AionetJoin *join)
{
  if (pipe->relay == NULL)
    {
      pipe->relay = g_new0 (AionetRelay, 1);
      pipe->relay->joins = g_ptr_array_new_with_free_func ((GDestroyNotify) join_unref);
    }
  /* From now on there are others beside the one whose bytes the kernel carries. */
  for (guint i = 0; i < get_n_joins (pipe); i++)
    {
      _aionet_lane_unload (&get_join (pipe, i)->lanes[0]);
      _aionet_lane_unload (&get_join (pipe, i)->lanes[1]);
    }
  g_ptr_array_add (pipe->relay->joins, join_ref (join));
}

static void
detach (AionetPipe *pipe, AionetJoin *join)
{
  if (pipe->relay == NULL)
    return;
  g_ptr_array_remove (pipe->relay->joins, join);
  if (pipe->relay->joins->len > 0)
    return;
  g_ptr_array_unref (pipe->relay->joins);
  g_clear_pointer (&pipe->relay, g_free);
}

static gboolean
may_splice (AionetPipe *pipe)
{
  return pipe->protocol == G_SOCKET_PROTOCOL_TCP && _aionet_pipe_is_plain (pipe);
}

void
_aionet_relay_join (AionetPipe *pipe, AionetPipe *other)
{
  g_autoptr (AionetJoin) join = g_new0 (AionetJoin, 1);

  join->n_refs = 1;
  join->pipes[0] = g_object_ref (pipe);
  join->pipes[1] = g_object_ref (other);
  if (may_splice (pipe) && may_splice (other))
    join->pool = _aionet_kernel_pipe_pool_get (pipe->context);
  for (guint i = 0; i < 2; i++)
    {
      join->lanes[i].from = join->pipes[i];
      join->lanes[i].to = join->pipes[1 - i];
      join->lanes[i].pool = join->pool;
    }
  attach (pipe, join);
  attach (other, join);
  hold_if_full (join, &join->lanes[0]);
  hold_if_full (join, &join->lanes[1]);
  resume (pipe);
  resume (other);
}

/* Takes the join apart; the pipes are in order and no user code has run. */
static void
dissolve (AionetJoin *join)
{
  join->is_over = TRUE;
  for (guint i = 0; i < 2; i++)
    {
      detach (join->pipes[i], join);
      _aionet_lane_release (&join->lanes[i]);
    }
  for (guint i = 0; i < 2; i++)
    _aionet_lane_unload (&join->lanes[i]);
}

/* A stream that has ended outside of a relay closes once all is written. */
static void
go_on_alone (AionetPipe *pipe)
{
  if (pipe->state == AIONET_PIPE_OPEN && pipe->relay == NULL && pipe->end_seen &&
      !_aionet_pipe_has_unsent (pipe))
    _aionet_pipe_end (pipe, pipe->send_error, TRUE);
  else
    resume (pipe);
}

void
_aionet_relay_part (AionetPipe *pipe, AionetPipe *other)
{
  AionetJoin *found = find_join (pipe, other);
  g_autoptr (AionetJoin) join = NULL;

  if (found == NULL)
    return;
  join = join_ref (found);
  dissolve (join);
  go_on_alone (pipe);
  go_on_alone (other);
}

GPtrArray *
_aionet_relay_leave (AionetPipe *pipe)
{
  g_autoptr (GPtrArray) joins = NULL;
  GPtrArray *peers;

  if (pipe->relay == NULL)
    return NULL;
  joins = list_joins (pipe);
  peers = g_ptr_array_new_with_free_func (g_object_unref);
  for (guint i = 0; i < joins->len; i++)
    {
      AionetPipe *peer = get_peer (joins->pdata[i], pipe);

      dissolve (joins->pdata[i]);
      g_ptr_array_add (peers, g_object_ref (peer));
      /* What comes in now has nobody to go to. */
      if (peer->relay == NULL)
        peer->end_seen = TRUE;
      _aionet_pipe_update_watch (peer);
    }
  return peers;
}

/* A stream that was cut off must not look complete to whoever reads it. */
static void
fail_orphan (AionetPipe *orphan, const GError *cause)
{
  const struct linger reset = { .l_onoff = 1 };
  g_autoptr (GError) reason =
      g_error_new (cause->domain, cause->code, "The other side of the relay: %s", cause->message);

  if (orphan->protocol == G_SOCKET_PROTOCOL_TCP && orphan->fd >= 0)
    setsockopt (orphan->fd, SOL_SOCKET, SO_LINGER, &reset, sizeof reset);
  _aionet_pipe_end (orphan, reason, TRUE);
}

void
_aionet_relay_end_orphans (GPtrArray *orphans, const GError *cause)
{
  g_autoptr (GPtrArray) peers = orphans;

  for (guint i = 0; peers != NULL && i < peers->len; i++)
    {
      AionetPipe *peer = peers->pdata[i];

      if (peer->state == AIONET_PIPE_CLOSED)
        continue;
      if (peer->relay != NULL)
        {
          resume (peer);
          finish_if_done (peer);
        }
      else if (cause != NULL)
        fail_orphan (peer, cause);
      else if (peer->state != AIONET_PIPE_OPEN || !_aionet_pipe_has_unsent (peer))
        _aionet_pipe_end (peer, NULL, TRUE);
    }
}
