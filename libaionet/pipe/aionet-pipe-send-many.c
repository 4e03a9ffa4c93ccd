/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#include "config.h"

#include "pipe/aionet-pipe-private.h"

#include <errno.h>

/* Bulk from a program that has many messages at once: datagrams go to the kernel from where they
 * are, many with each call. */

/* Returns how many of the first messages are short enough to be datagrams; none: error is set. */
static guint
gather (AionetPipe           *self,
        GBytes              **messages,
        gsize                 n,
        const AionetSockaddr *to,
        AionetDatagram       *datagrams,
        GError              **error)
{
  guint i;

  for (i = 0; i < MIN (n, AIONET_MAX_DATAGRAMS); i++)
    {
      gsize         length;
      const guint8 *data = g_bytes_get_data (messages[i], &length);

      if (!_aionet_pipe_check_length (self, length, to, i == 0 ? error : NULL))
        break;
      datagrams[i] = (AionetDatagram){ data, length, to, _aionet_pipe_find_asked (self, to) };
    }
  return i;
}

static void
count_sent (AionetPipe *self, const AionetDatagram *datagrams, guint n)
{
  for (guint i = 0; i < n; i++)
    self->bytes_sent += datagrams[i].length;
  self->n_sent += n;
}

/* Returns how many there was room for. */
static guint
queue_some (AionetPipe *self, GBytes **messages, guint n, const AionetSockaddr *to, GError **error)
{
  guint i;

  for (i = 0; i < n && _aionet_pipe_has_room (self, error); i++)
    _aionet_pipe_queue_write (self, messages[i], 0, to, NULL);
  return i;
}

/* Returns how many were sent or queued; none: error is set. */
static guint
send_some (AionetPipe *self, GBytes **messages, gsize n, const AionetSockaddr *to, GError **error)
{
  AionetDatagram datagrams[AIONET_MAX_DATAGRAMS];
  guint          n_valid = gather (self, messages, n, to, datagrams, error);
  guint          n_sent = 0;
  int            code = EAGAIN;

  if (n_valid > 0 && !_aionet_pipe_has_unsent (self))
    n_sent = _aionet_datagrams_send (self->fd, datagrams, n_valid, &self->max_segment, &code);
  if (n_sent < n_valid && _aionet_pipe_is_busy (code))
    n_sent += queue_some (self, &messages[n_sent], n_valid - n_sent, to, error);
  else if (n_sent < n_valid)
    g_propagate_error (error, _aionet_pipe_new_send_error (self, to, code));
  count_sent (self, datagrams, n_sent);
  return n_sent;
}

static gsize
send_datagrams (
    AionetPipe *self, GBytes **messages, gsize n, const AionetSockaddr *to, GError **error)
{
  g_autoptr (AionetPipe) alive = g_object_ref (self);
  gsize n_taken = 0;

  _aionet_pipe_flush_collected (self);
  while (n_taken < n && self->state == AIONET_PIPE_OPEN && *error == NULL)
    n_taken += send_some (self, &messages[n_taken], n - n_taken, to, error);
  return n_taken;
}

static gsize
send_stream (AionetPipe *self, GBytes **messages, gsize n, GSocketAddress *to, GError **error)
{
  gsize i;

  for (i = 0; i < n && aionet_pipe_send (self, messages[i], to, error); i++)
    ;
  return i;
}

/**
 * aionet_pipe_send_many:
 * @self: a pipe
 * @messages: (array length=n_messages) (transfer none): what to send, in this
 *   order; on UDP each is one datagram, which may be empty
 * @n_messages: number of messages
 * @to: (transfer none) (nullable): where to send them to; %NULL for the target of the pipe,
 * required if it has none
 * @error: return location for an error
 *
 * Sends as many calls of [method@Pipe.send] do, at a fraction of the cost for UDP: the way to send
 * in bulk.
 *
 * Datagrams go to the system many at a time and are not copied before. Where system and path allow
 * (UDP_SEGMENT of Linux), up to 64 in a row that are equally large are handed over as one: who has
 * much to send cuts it into datagrams of one size. Nothing is collected: what the system takes is
 * sent when the call returns.
 *
 * What stops it, a full queue or an error, is reported only if not one message was taken. Otherwise
 * the messages from the returned number on are still the caller's; sending those shows the error.
 *
 * Errors: those of [method@Pipe.send].
 *
 * Returns: how many of @messages, from the first, were sent or queued, or -1 with @error set if
 *   that is none, but for an empty array
 *
 * Since: 0.1
 */
gssize
aionet_pipe_send_many (
    AionetPipe *self, GBytes **messages, gsize n_messages, GSocketAddress *to, GError **error)
{
  g_autoptr (GError) local_error = NULL;
  AionetSockaddr native;
  gsize          n_taken;

  g_return_val_if_fail (AIONET_IS_PIPE (self), -1);
  g_return_val_if_fail (messages != NULL || n_messages == 0, -1);
  g_return_val_if_fail (n_messages <= G_MAXSSIZE, -1);
  g_return_val_if_fail (to == NULL || G_IS_SOCKET_ADDRESS (to), -1);

  if (!_aionet_pipe_check_send (self, to, &native, error))
    return -1;
  if (self->protocol == G_SOCKET_PROTOCOL_UDP)
    n_taken = send_datagrams (self, messages, n_messages, &native, &local_error);
  else
    n_taken = send_stream (self, messages, n_messages, to, &local_error);
  if (n_taken > 0 || n_messages == 0)
    return (gssize) n_taken;
  g_propagate_error (error, g_steal_pointer (&local_error));
  return -1;
}
