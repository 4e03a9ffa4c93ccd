/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#include "config.h"

#include "pipe/aionet-pipe-private.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>

#include "engine/aionet-icmp-private.h"
#include "engine/aionet-scratch-private.h"
#include "pipe/aionet-pipe-tls-private.h"
#include "pipe/aionet-relay-private.h"

/* A turn reads a bounded number of times, so that one busy peer never holds up the others. */
#define MAX_STREAM_READS 4
#define MAX_DATAGRAM_READS 32
#define MAX_REPORTS 32

static GError *
new_socket_error (AionetPipe *self, int code)
{
  g_autofree char *peer = _aionet_sockaddr_to_string (&self->remote);

  return g_error_new (G_IO_ERROR, g_io_error_from_errno (code), "Connection with %s: %s", peer,
                      g_strerror (code));
}

static void
report_refusal (AionetPipe *self, const AionetSockaddr *to, int code)
{
  g_autoptr (GSocketAddress) address = _aionet_sockaddr_to_gio (to);
  g_autofree char *text = _aionet_sockaddr_to_string (to);
  g_autoptr (GError) error = NULL;

  if (address == NULL)
    return;
  error = g_error_new (G_IO_ERROR, g_io_error_from_errno (code), "%s cannot be reached: %s", text,
                       g_strerror (code));
  _aionet_pipe_emit_refused (self, address, error);
}

/* Returns TRUE if there was anything. */
static gboolean
take_reports (AionetPipe *self)
{
  AionetSockaddr to;
  int            code = 0;
  guint          n = 0;

  while (n < MAX_REPORTS && self->state == AIONET_PIPE_OPEN &&
         _aionet_icmp_take (self->fd, &to, &code))
    {
      n++;
      /* A path with a smaller MTU is no refusal: the kernel has learnt it and fragments. */
      if (code != 0 && code != EMSGSIZE)
        report_refusal (self, &to, code);
    }
  return n > 0;
}

/* A failed receive tells of a datagram sent before, to whomever. Returns FALSE if the socket is
 * broken. */
static gboolean
survive_datagram_error (AionetPipe *self, int code)
{
  if (code == EINTR || code == ENOMEM || code == ENOBUFS)
    return TRUE;
  if (!_aionet_icmp_is_report (code))
    return FALSE;
  if (!take_reports (self) && self->state == AIONET_PIPE_OPEN)
    report_refusal (self, &self->remote, code);
  return TRUE;
}

static gboolean
may_read (AionetPipe *self)
{
  return self->state == AIONET_PIPE_OPEN && self->n_stopped == 0 && !self->end_seen;
}

/* Before connect () took effect anybody could send to the port. */
static gboolean
is_foreign (AionetPipe *self, const AionetSockaddr *sender)
{
  return self->remote.any.sa_family != AF_UNSPEC && !_aionet_sockaddr_equal (sender, &self->remote);
}

/* Returns FALSE when nothing is left to be read. */
static gboolean
read_datagram (AionetPipe *self, guint8 *buffer)
{
  AionetSockaddr sender;
  socklen_t      size = sizeof sender;
  gssize n = recvfrom (self->fd, buffer, AIONET_SCRATCH_SIZE, MSG_DONTWAIT, &sender.any, &size);
  int    code = errno;
  g_autoptr (GError) error = NULL;

  if (n >= 0 && size < sizeof sender.v4)
    return TRUE;
  if (n >= 0 && is_foreign (self, &sender))
    self->n_dropped++;
  else if (n >= 0)
    _aionet_pipe_deliver (self, buffer, (gsize) n, &sender);
  else if (code == EAGAIN || code == EWOULDBLOCK)
    return FALSE;
  else if (!survive_datagram_error (self, code))
    {
      error = new_socket_error (self, code);
      _aionet_pipe_end (self, error, TRUE);
    }
  return TRUE;
}

/* The failing read that finds the end of the queue costs as much as half an echo: a pipe that gets
 * one datagram a turn does not do it, one that gets many does it rarely. */
static void
read_datagrams (AionetPipe *self, guint8 *buffer)
{
  guint budget = self->read_budget;

  for (guint i = 0; i < budget; i++)
    {
      if (!may_read (self))
        return;
      if (read_datagram (self, buffer))
        continue;
      self->read_budget = (guint8) MAX (1, budget / 2);
      return;
    }
  self->read_budget = (guint8) MIN (MAX_DATAGRAM_READS, budget * 2);
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
      if (!is_bulk)
        _aionet_pipe_deliver (self, buffer, (gsize) n, &self->remote);
      return n >= AIONET_SCRATCH_SIZE;
    }
  if (n == 0)
    _aionet_pipe_end_of_stream (self);
  else if (code != EAGAIN && code != EWOULDBLOCK && code != EINTR)
    {
      error = new_socket_error (self, code);
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
    error = new_socket_error (self, code != 0 ? code : ECONNRESET);
  _aionet_pipe_end (self, error, TRUE);
}

void
_aionet_pipe_read (AionetPipe *self, GIOCondition condition)
{
  gboolean is_udp = self->protocol == G_SOCKET_PROTOCOL_UDP;
  guint8  *buffer;

  if (is_udp && (condition & G_IO_ERR) != 0)
    take_reports (self);
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
  buffer = _aionet_scratch_acquire ();
  if (is_udp)
    read_datagrams (self, buffer);
  else if (_aionet_pipe_is_secure (self))
    _aionet_pipe_tls_read (self, buffer);
  else
    read_stream (self, buffer);
  _aionet_scratch_release (buffer);
}
