/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#include "config.h"

#include "pipe/aionet-relay-lane-private.h"

#include <errno.h>

#include "engine/aionet-scratch-private.h"
#include "pipe/aionet-relay-private.h"

/* A copied read that fills the buffer is large, a spliced one below this is small. So many in a row
 * change the way; that bulk ends is noticed later than that it begins, because a fast relay now
 * and then overtakes its sender. */
#define SMALL_READ (8 * 1024)
#define N_TURNING_LARGE 2
#define N_TURNING_SMALL 16
/* So that a busy stream does not hold up the others of its turn. */
#define MAX_SPLICE (256 * 1024)

/* RFC 768: 65535 less the headers; IPv6 does not count its own. */
#define MAX_DATAGRAM_IPV4 65507
#define MAX_DATAGRAM_IPV6 65527

static void
turn (AionetLane *self, gboolean to_bulk)
{
  self->is_bulk = to_bulk;
  self->n_turning = 0;
}

static void
observe (AionetLane *self, gboolean speaks_for_turning, guint n_needed)
{
  self->n_turning = speaks_for_turning ? self->n_turning + 1 : 0;
  if (self->n_turning >= n_needed)
    turn (self, !self->is_bulk);
}

void
_aionet_lane_hold (AionetLane *self)
{
  if (self->is_held)
    return;
  self->is_held = TRUE;
  self->from->n_stopped++;
  _aionet_pipe_update_watch (self->from);
}

gboolean
_aionet_lane_release (AionetLane *self)
{
  if (!self->is_held)
    return FALSE;
  self->is_held = FALSE;
  self->from->n_stopped--;
  return TRUE;
}

gboolean
_aionet_lane_is_clear (AionetLane *self)
{
  return self->carrier == NULL;
}

static void
count_sent (AionetPipe *to, gsize length)
{
  to->n_sent++;
  to->bytes_sent += length;
}

/* A UDP server answers whom it heard last. Returns FALSE if that is nobody. */
static gboolean
find_destination (AionetPipe *to, AionetSockaddr *destination)
{
  destination->any.sa_family = AF_UNSPEC;
  if (to->remote.any.sa_family != AF_UNSPEC)
    return TRUE;
  *destination = to->relay->heard;
  return destination->any.sa_family != AF_UNSPEC;
}

static void
write_piece (AionetLane *self, const guint8 *data, gsize length, const AionetSockaddr *destination)
{
  AionetPipe *to = self->to;
  g_autoptr (GBytes) rest = NULL;
  gsize n_sent;

  if (to->state != AIONET_PIPE_OPEN)
    {
      rest = g_bytes_new (data, length);
      count_sent (to, length);
      _aionet_pipe_queue_write (to, rest, 0, destination, NULL);
      return;
    }
  switch (_aionet_pipe_write_message (to, data, length, destination, &n_sent, NULL))
    {
    case AIONET_WRITE_COMPLETE:
      count_sent (to, length);
      break;
    case AIONET_WRITE_PARTIAL:
      count_sent (to, length);
      rest = g_bytes_new (data + n_sent, length - n_sent);
      _aionet_pipe_queue_write (to, rest, 0, destination, NULL);
      break;
    case AIONET_WRITE_FAILED:
    default:
      to->n_dropped++;
    }
}

static gsize
get_max_piece (AionetLane *self, const AionetSockaddr *destination)
{
  int family = destination->any.sa_family != AF_UNSPEC ? destination->any.sa_family
                                                       : self->to->remote.any.sa_family;

  /* A datagram that is too large for the other family is an error of its own, not two of them. */
  if (self->to->protocol == G_SOCKET_PROTOCOL_TCP || self->from->protocol != G_SOCKET_PROTOCOL_TCP)
    return G_MAXSIZE;
  return family == AF_INET6 ? MAX_DATAGRAM_IPV6 : MAX_DATAGRAM_IPV4;
}

void
_aionet_lane_copy (AionetLane *self, const guint8 *data, gsize length)
{
  AionetPipe    *to = self->to;
  gboolean       is_stream = to->protocol == G_SOCKET_PROTOCOL_TCP;
  AionetSockaddr destination;
  gsize          max;

  if (is_stream && length == 0)
    return;
  if (to->state == AIONET_PIPE_CLOSED || to->send_error != NULL ||
      !find_destination (to, &destination))
    {
      to->n_dropped++;
      return;
    }
  max = get_max_piece (self, &destination);
  for (gsize offset = 0; offset == 0 || offset < length; offset += MIN (max, length - offset))
    {
      write_piece (self, data + offset, MIN (max, length - offset), &destination);
      if (length == 0)
        break;
    }
  if (self->pool != NULL)
    observe (self, length == AIONET_SCRATCH_SIZE, N_TURNING_LARGE);
}

static void
drop_carrier (AionetLane *self)
{
  if (self->carrier != NULL)
    _aionet_kernel_pipe_give_back (self->pool, g_steal_pointer (&self->carrier));
}

void
_aionet_lane_flush (AionetLane *self)
{
  int code;

  if (self->carrier == NULL || self->to->state != AIONET_PIPE_OPEN)
    return;
  errno = EAGAIN;
  _aionet_kernel_pipe_drain (self->carrier, self->to->fd);
  code = errno;
  if (_aionet_kernel_pipe_get_n_bytes (self->carrier) == 0)
    {
      drop_carrier (self);
      return;
    }
  if (code == EAGAIN || code == EWOULDBLOCK || code == ENOBUFS || code == ENOMEM)
    return;
  drop_carrier (self);
  self->to->n_dropped++;
  _aionet_pipe_fail_stream (self->to, code);
}

gssize
_aionet_lane_splice (AionetLane *self)
{
  gssize n;
  int    code;

  self->carrier = _aionet_kernel_pipe_take (self->pool);
  if (self->carrier == NULL)
    {
      turn (self, FALSE);
      errno = EAGAIN;
      return -1;
    }
  n = _aionet_kernel_pipe_fill (self->carrier, self->from->fd, MAX_SPLICE);
  code = errno;
  if (n > 0)
    {
      self->from->n_received++;
      self->from->bytes_received += (gsize) n;
      count_sent (self->to, (gsize) n);
      observe (self, n < SMALL_READ, N_TURNING_SMALL);
      _aionet_lane_flush (self);
      _aionet_pipe_update_watch (self->to);
    }
  else
    drop_carrier (self);
  errno = code;
  return n;
}

void
_aionet_lane_unload (AionetLane *self)
{
  const AionetSockaddr nobody = { 0 };
  g_autoptr (GBytes) bytes = NULL;

  if (self->carrier == NULL)
    return;
  bytes = _aionet_kernel_pipe_unload (self->carrier);
  drop_carrier (self);
  if (self->to->state == AIONET_PIPE_OPEN && self->to->send_error == NULL)
    _aionet_pipe_queue_write (self->to, bytes, 0, &nobody, NULL);
  else
    self->to->n_dropped++;
}
