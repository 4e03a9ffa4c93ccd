/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#include "config.h"

#include "pipe/aionet-pipe-private.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>

#include "engine/aionet-scratch-private.h"
#include "pipe/aionet-pipe-tls-private.h"
#include "pipe/aionet-relay-private.h"

/* A turn reads a bounded number of times, so that one busy peer never holds up the others. */
#define MAX_STREAM_READS 4

GError *
_aionet_pipe_new_socket_error (AionetPipe *self, int code)
{
  g_autofree char *peer = _aionet_sockaddr_to_string (&self->remote);

  return g_error_new (G_IO_ERROR, g_io_error_from_errno (code), "Connection with %s: %s", peer,
                      g_strerror (code));
}

static gboolean
may_read (AionetPipe *self)
{
  return self->state == AIONET_PIPE_OPEN && self->n_stopped == 0 && !self->end_seen;
}

void
_aionet_pipe_end_of_stream (AionetPipe *self)
{
  self->end_seen = TRUE;
  if (self->relay != NULL)
    _aionet_relay_end_of_stream (self);
  else if (_aionet_pipe_has_unsent (self))
    _aionet_pipe_update_watch (self);
  else
    _aionet_pipe_end (self, self->send_error, TRUE);
}

/* Returns TRUE if there may be more. */
static gboolean
read_stream_once (AionetPipe *self, guint8 *buffer)
{
  gboolean is_bulk = self->relay != NULL && _aionet_relay_is_bulk (self);
  gssize   n = is_bulk ? _aionet_relay_splice (self)
                       : recv (self->fd, buffer, AIONET_SCRATCH_SIZE, MSG_DONTWAIT);
  int      code = errno;
  g_autoptr (GError) error = NULL;

  if (n > 0)
    {
      /* Many streams that splice a little in turn find their pages in the cache still. */
      if (is_bulk)
        return FALSE;
      _aionet_pipe_deliver (self, buffer, (gsize) n, &self->remote);
      return n >= AIONET_SCRATCH_SIZE;
    }
  if (n == 0)
    _aionet_pipe_end_of_stream (self);
  else if (code != EAGAIN && code != EWOULDBLOCK && code != EINTR)
    {
      error = _aionet_pipe_new_socket_error (self, code);
      _aionet_pipe_end (self, error, TRUE);
    }
  return FALSE;
}

static void
read_stream (AionetPipe *self, guint8 *buffer)
{
  for (guint i = 0; i < MAX_STREAM_READS && may_read (self); i++)
    if (!read_stream_once (self, buffer))
      return;
}

/* Who sends on through a relay would not hear of it before the slowest reader is done. */
static gboolean
is_broken (AionetPipe *self, GIOCondition condition)
{
  return self->state == AIONET_PIPE_OPEN && self->protocol == G_SOCKET_PROTOCOL_TCP &&
         ((condition & G_IO_ERR) != 0 || ((condition & G_IO_HUP) != 0 && self->send_error != NULL));
}

static void
end_broken (AionetPipe *self)
{
  int       code = 0;
  socklen_t size = sizeof code;
  g_autoptr (GError) error = NULL;

  if (self->send_error != NULL)
    error = g_error_copy (self->send_error);
  else if (getsockopt (self->fd, SOL_SOCKET, SO_ERROR, &code, &size) == 0)
    error = _aionet_pipe_new_socket_error (self, code != 0 ? code : ECONNRESET);
  _aionet_pipe_end (self, error, TRUE);
}

void
_aionet_pipe_read (AionetPipe *self, GIOCondition condition)
{
  gboolean is_udp = self->protocol == G_SOCKET_PROTOCOL_UDP;
  guint8  *buffer;

  if (is_udp && (condition & G_IO_ERR) != 0)
    _aionet_pipe_take_reports (self);
  if (!may_read (self) && self->relay != NULL && is_broken (self, condition))
    {
      end_broken (self);
      return;
    }
  if (!may_read (self))
    {
      /* What waits for the reader would be reported in every turn until it comes. */
      self->hung_up = (condition & (G_IO_ERR | G_IO_HUP)) != 0;
      _aionet_pipe_update_watch (self);
      return;
    }
  if (is_udp)
    {
      _aionet_pipe_read_datagrams (self);
      return;
    }
  buffer = _aionet_scratch_acquire ();
  if (_aionet_pipe_is_secure (self))
    _aionet_pipe_tls_read (self, buffer);
  else
    read_stream (self, buffer);
  _aionet_scratch_release (buffer);
}
