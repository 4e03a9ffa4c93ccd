/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#include "config.h"

#include "pipe/aionet-pipe-private.h"

#include <errno.h>
#include <sys/socket.h>

#include "engine/aionet-datagram-control-private.h"
#include "engine/aionet-icmp-private.h"
#include "engine/aionet-scratch-private.h"

/* How a UDP pipe is read: one datagram at a time as long as they come one at a time, and several
 * with one call when there are several. A batch has left the kernel, so all of it is handed out,
 * whatever back-pressure its first messages cause, or counted as dropped if the pipe is closed
 * meanwhile. */

#define MAX_REPORTS 32

/* Datagrams that the kernel has put together count as one read. More than this in a turn and the
 * next one reads less, so that the other sources of the context have theirs. */
#define MAX_DATAGRAMS_PER_TURN 256

/* So many reads a turn speak for a flood, in which putting together is worth its price. */
#define MERGING_BUDGET 8

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

gboolean
_aionet_pipe_take_reports (AionetPipe *self)
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

/* A failed receive tells of a datagram sent before, to whomever. */
static void
survive_error (AionetPipe *self, int code)
{
  g_autoptr (GError) error = NULL;

  if (code == EINTR || code == ENOMEM || code == ENOBUFS)
    return;
  if (_aionet_icmp_is_report (code))
    {
      if (!_aionet_pipe_take_reports (self) && self->state == AIONET_PIPE_OPEN)
        report_refusal (self, &self->remote, code);
      return;
    }
  error = _aionet_pipe_new_socket_error (self, code);
  _aionet_pipe_end (self, error, TRUE);
}

/* Before connect () took effect anybody could send to the port. */
static gboolean
is_foreign (AionetPipe *self, const AionetSockaddr *sender)
{
  return self->remote.any.sa_family != AF_UNSPEC && !_aionet_sockaddr_equal (sender, &self->remote);
}

typedef void (*DeliverFunc) (AionetPipe           *self,
                             const guint8         *data,
                             gsize                 length,
                             const AionetSockaddr *sender);

static void
deliver (AionetPipe *self, const AionetDatagram *datagram, DeliverFunc func)
{
  if (datagram->peer->any.sa_family == AF_UNSPEC || is_foreign (self, datagram->peer))
    self->n_dropped++;
  else
    {
      _aionet_pipe_note_asked (self, datagram);
      func (self, datagram->data, datagram->length, datagram->peer);
    }
}

/* Returns FALSE when nothing is left to be read. */
static gboolean
read_one (AionetPipe *self)
{
  guint8        *buffer = _aionet_scratch_acquire ();
  AionetSockaddr sender;
  socklen_t      size = sizeof sender;
  gssize n = recvfrom (self->fd, buffer, AIONET_SCRATCH_SIZE, MSG_DONTWAIT, &sender.any, &size);
  int    code = errno;
  AionetDatagram datagram = { buffer, (gsize) n, &sender, NULL };

  if (n >= 0 && size < sizeof sender.v4)
    sender.any.sa_family = AF_UNSPEC;
  if (n >= 0)
    deliver (self, &datagram, _aionet_pipe_deliver);
  _aionet_scratch_release (buffer);
  if (n >= 0)
    return TRUE;
  if (code == EAGAIN || code == EWOULDBLOCK)
    return FALSE;
  survive_error (self, code);
  return TRUE;
}

static gboolean
may_deliver (AionetPipe *self)
{
  return self->state == AIONET_PIPE_OPEN && !self->end_seen;
}

/* A callback that runs the main loop finds the rest of the batch there. Returns how many. */
static guint
hand_out (AionetPipe *self)
{
  AionetDatagram datagram;
  guint          n = 0;

  while (self->incoming != NULL && may_deliver (self) &&
         _aionet_datagram_batch_next (self->incoming, &datagram))
    {
      n++;
      if (self->watch != NULL && !_aionet_datagram_batch_is_empty (self->incoming))
        _aionet_watch_defer (self->watch, _aionet_pipe_run_deferred);
      deliver (self, &datagram, _aionet_pipe_deliver);
    }
  return n;
}

/* Not cheap for the kernel, and of no use to a pipe that hears a word now and then. */
static void
start_merging (AionetPipe *self)
{
  if (self->tried_merging || self->read_budget < MERGING_BUDGET)
    return;
  self->tried_merging = TRUE;
  self->is_merging = _aionet_control_set_merging (self->fd, TRUE);
}

static void
adapt_budget (AionetPipe *self, guint n_read, guint n_datagrams)
{
  guint budget = self->read_budget;

  if (n_read < budget || n_datagrams > MAX_DATAGRAMS_PER_TURN)
    self->read_budget = (guint8) MAX (1, budget / 2);
  else
    self->read_budget = (guint8) MIN (AIONET_MAX_BUFFERS, budget * 2);
}

static void
read_batch (AionetPipe *self)
{
  AionetDatagramBatch *outer = self->incoming;
  AionetDatagramBatch *batch = _aionet_datagram_batch_acquire ();
  AionetDatagram       datagram;
  int                  n = _aionet_datagram_batch_receive (batch, self->fd, self->read_budget);
  int                  code = errno;

  self->incoming = batch;
  adapt_budget (self, n > 0 ? (guint) n : 0, hand_out (self));
  self->incoming = outer;
  while (_aionet_datagram_batch_next (batch, &datagram))
    self->n_dropped++;
  _aionet_datagram_batch_release (batch);
  if (n < 0 && code != EAGAIN && code != EWOULDBLOCK)
    survive_error (self, code);
}

/* The failing read that finds the end of the queue costs as much as half an echo: a pipe that gets
 * one datagram a turn does not do it. */
void
_aionet_pipe_read_datagrams (AionetPipe *self)
{
  hand_out (self);
  if (!may_deliver (self) || self->n_stopped > 0)
    return;
  start_merging (self);
  if (self->read_budget > 1 || self->is_merging || self->asked != NULL)
    read_batch (self);
  else
    self->read_budget = read_one (self) ? 2 : 1;
}

static void
keep_all (AionetPipe *self, AionetDatagramBatch *batch)
{
  AionetDatagram datagram;

  while (_aionet_datagram_batch_next (batch, &datagram))
    deliver (self, &datagram, _aionet_pipe_keep);
}

/* Only while merging is on does the kernel tell where a datagram ends. */
static void
stop_merging (AionetPipe *self)
{
  AionetDatagramBatch *batch = _aionet_datagram_batch_acquire ();
  gboolean             is_deaf = _aionet_control_set_deaf (self->fd, TRUE);

  while (_aionet_datagram_batch_receive (batch, self->fd, AIONET_MAX_BUFFERS) > 0)
    keep_all (self, batch);
  self->is_merging = !_aionet_control_set_merging (self->fd, FALSE);
  if (is_deaf)
    _aionet_control_set_deaf (self->fd, FALSE);
  _aionet_datagram_batch_release (batch);
}

void
_aionet_pipe_retire_datagrams (AionetPipe *self)
{
  if (self->incoming != NULL)
    keep_all (self, self->incoming);
  if (self->is_merging)
    stop_merging (self);
  _aionet_pipe_stop_asked (self);
}

void
_aionet_pipe_run_deferred (gpointer user_data)
{
  g_autoptr (AionetPipe) self = g_object_ref (user_data);

  _aionet_pipe_flush_collected (self);
  _aionet_pipe_report_failures (self);
  hand_out (self);
}
