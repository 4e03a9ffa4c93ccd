/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#include "config.h"

#include "pipe/aionet-pipe-private.h"

#include <errno.h>
#include <sys/socket.h>

#include "engine/aionet-icmp-private.h"
#include "engine/aionet-task-private.h"
#include "pipe/aionet-pipe-tls-private.h"
#include "pipe/aionet-relay-private.h"

/* What the kernel does not take at once waits in order. Bytes of the synchronous calls count
 * against the high-water mark; an asynchronous one may always join the end of the line, because
 * its caller waits until it is through. */

#define MAX_ATTEMPTS 4

struct _AionetSendQueue
{
  GQueue items;   /* (owned) (element-type Item) */
  gsize  n_bytes; /* of the items without a task */
};

typedef struct
{
  AionetPipe    *pipe;   /* (not owned: ends its items) */
  GBytes        *bytes;  /* (owned) */
  gsize          n_sent; /* of them */
  AionetSockaddr to;     /* AF_UNSPEC: where the pipe is connected to */
  GTask         *task;   /* (owned) (nullable) */
  GSource       *cancel; /* (owned) (nullable) */
} Item;

static void
item_free (Item *self)
{
  _aionet_clear_source (&self->cancel);
  g_clear_object (&self->task);
  g_bytes_unref (self->bytes);
  g_free (self);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Item, item_free)

static AionetSendQueue *
ensure_sends (AionetPipe *self)
{
  if (self->sends == NULL)
    {
      self->sends = g_new0 (AionetSendQueue, 1);
      g_queue_init (&self->sends->items);
    }
  return self->sends;
}

gboolean
_aionet_pipe_has_unsent (AionetPipe *self)
{
  return self->sends != NULL && self->sends->items.length > 0;
}

gsize
_aionet_pipe_get_n_unsent_bytes (AionetPipe *self)
{
  return self->sends != NULL ? self->sends->n_bytes : 0;
}

gboolean
_aionet_pipe_is_busy (int code)
{
  return code == EAGAIN || code == EWOULDBLOCK || code == ENOBUFS || code == ENOMEM;
}

static gssize
answer_once (AionetPipe *self, const guint8 *data, gsize length, const AionetSockaddr *to)
{
  const AionetDatagram datagram = { data, length, to, _aionet_pipe_find_asked (self, to) };
  int                  code = 0;

  if (_aionet_datagrams_send (self->fd, &datagram, 1, &self->max_segment, &code) == 1)
    return (gssize) length;
  errno = code;
  return -1;
}

/* An ICMP report about an earlier datagram shows up as the failure of this one, once each. Those
 * that stay are this one's own. */
static gssize
write_once (AionetPipe *self, const guint8 *data, gsize length, const AionetSockaddr *to)
{
  const struct sockaddr *address = to->any.sa_family != AF_UNSPEC ? &to->any : NULL;
  socklen_t              size = address != NULL ? _aionet_sockaddr_get_size (to) : 0;
  gssize                 n = -1;

  if (_aionet_pipe_is_secure (self))
    return _aionet_pipe_tls_write (self, data, length);
  if (self->asked != NULL)
    return answer_once (self, data, length, to);
  for (guint i = 0; i < MAX_ATTEMPTS; i++)
    {
      n = sendto (self->fd, data, length, MSG_DONTWAIT | MSG_NOSIGNAL, address, size);
      if (n >= 0 || (errno != EINTR && !_aionet_icmp_is_report (errno)))
        break;
    }
  return n;
}

GError *
_aionet_pipe_new_send_error (AionetPipe *self, const AionetSockaddr *to, int code)
{
  g_autofree char *text =
      _aionet_sockaddr_to_string (to->any.sa_family != AF_UNSPEC ? to : &self->remote);
  gint io_code =
      code == EMSGSIZE ? G_IO_ERROR_MESSAGE_TOO_LARGE : (gint) g_io_error_from_errno (code);
  GError *error = _aionet_pipe_tls_steal_write_error (self);

  if (error != NULL)
    return error;
  return g_error_new (G_IO_ERROR, io_code, "Cannot send to %s: %s", text, g_strerror (code));
}

static void
item_done (AionetPipe *self, Item *item, GError *error)
{
  _aionet_clear_source (&item->cancel);
  if (item->task != NULL && error != NULL)
    g_task_return_error (item->task, error);
  else if (item->task != NULL)
    g_task_return_boolean (item->task, TRUE);
  else if (error != NULL)
    {
      self->n_dropped++;
      g_error_free (error);
    }
}

void
_aionet_pipe_send_end (AionetPipe *self, const GError *error)
{
  AionetSendQueue *sends = g_steal_pointer (&self->sends);

  if (sends == NULL)
    return;
  /* Their callbacks may run the loop: none may end a second time in there. */
  for (GList *link = sends->items.head; link != NULL; link = link->next)
    _aionet_clear_source (&((Item *) link->data)->cancel);
  while (sends->items.length > 0)
    {
      g_autoptr (Item) item = g_queue_pop_head (&sends->items);

      item_done (self, item, g_error_copy (error));
    }
  g_free (sends);
}

/* A stream with a hole is worth nothing, so nothing more is sent. What the peer had sent before can
 * still be read; the reader finds the end of it and closes the pipe. */
static void
fail_if_stream (AionetPipe *self, const GError *error)
{
  if (self->protocol != G_SOCKET_PROTOCOL_TCP || self->send_error != NULL)
    return;
  self->send_error = g_error_copy (error);
  _aionet_pipe_send_end (self, error);
}

void
_aionet_pipe_fail_stream (AionetPipe *self, int code)
{
  g_autoptr (GError) error = _aionet_pipe_new_send_error (self, &self->remote, code);

  fail_if_stream (self, error);
}

AionetWriteResult
_aionet_pipe_write (AionetPipe           *self,
                    const guint8         *data,
                    gsize                 length,
                    const AionetSockaddr *to,
                    gsize                *n_sent,
                    GError              **error)
{
  g_autoptr (GError) local_error = NULL;
  gssize n;

  *n_sent = 0;
  _aionet_pipe_flush_collected (self);
  if (_aionet_pipe_has_unsent (self))
    return AIONET_WRITE_PARTIAL;
  n = write_once (self, data, length, to);
  if (n >= 0)
    {
      *n_sent = (gsize) n;
      return *n_sent == length ? AIONET_WRITE_COMPLETE : AIONET_WRITE_PARTIAL;
    }
  if (_aionet_pipe_is_busy (errno))
    return AIONET_WRITE_PARTIAL;
  local_error = _aionet_pipe_new_send_error (self, to, errno);
  fail_if_stream (self, local_error);
  g_propagate_error (error, g_steal_pointer (&local_error));
  return AIONET_WRITE_FAILED;
}

AionetWriteResult
_aionet_pipe_write_message (AionetPipe           *self,
                            const guint8         *data,
                            gsize                 length,
                            const AionetSockaddr *to,
                            gsize                *n_sent,
                            GError              **error)
{
  if (self->protocol != G_SOCKET_PROTOCOL_UDP || _aionet_pipe_has_unsent (self) ||
      !_aionet_pipe_collect (self, data, length, to))
    return _aionet_pipe_write (self, data, length, to, n_sent, error);
  *n_sent = length;
  return AIONET_WRITE_COMPLETE;
}

static Item *
pop_item (AionetPipe *self)
{
  Item *item = g_queue_pop_head (&self->sends->items);

  if (item->task == NULL)
    self->sends->n_bytes -= g_bytes_get_size (item->bytes) - item->n_sent;
  return item;
}

static void
count_written (AionetPipe *self, Item *item, gsize n)
{
  item->n_sent += n;
  if (item->task == NULL)
    self->sends->n_bytes -= n;
}

/* Returns FALSE when the kernel takes no more, or the pipe is gone. */
static gboolean
flush_head (AionetPipe *self)
{
  Item *item = g_queue_peek_head (&self->sends->items);
  g_autoptr (Item) done = NULL;
  g_autoptr (GError) error = NULL;
  gsize         size;
  const guint8 *data = g_bytes_get_data (item->bytes, &size);
  gssize        n =
      write_once (self, data != NULL ? data + item->n_sent : NULL, size - item->n_sent, &item->to);
  int code = errno;

  if (n < 0 && _aionet_pipe_is_busy (code))
    return FALSE;
  if (n >= 0)
    count_written (self, item, (gsize) n);
  if (n >= 0 && item->n_sent < size)
    return TRUE;
  if (n < 0)
    error = _aionet_pipe_new_send_error (self, &item->to, code);
  else if (item->task != NULL)
    {
      self->n_sent++;
      self->bytes_sent += size;
    }
  done = pop_item (self);
  item_done (self, done, error != NULL ? g_error_copy (error) : NULL);
  if (error != NULL)
    fail_if_stream (self, error);
  return TRUE;
}

void
_aionet_pipe_flush (AionetPipe *self)
{
  while (self->state == AIONET_PIPE_OPEN && _aionet_pipe_has_unsent (self))
    if (!flush_head (self))
      break;
  if (self->state != AIONET_PIPE_OPEN)
    return;
  if (self->relay != NULL && !_aionet_pipe_has_unsent (self))
    _aionet_relay_flush (self);
  else if (self->end_seen && self->relay == NULL && !_aionet_pipe_has_unsent (self))
    _aionet_pipe_end (self, self->send_error, TRUE);
  else
    _aionet_pipe_update_watch (self);
}

/* Half a message cannot be taken back from a stream: that one is finished. A TLS session may have
 * taken the first in line already without saying so. */
static gboolean
is_under_way (AionetPipe *self, Item *item)
{
  return item->n_sent > 0 ||
         (_aionet_pipe_is_secure (self) && g_queue_peek_head (&self->sends->items) == item);
}

static gboolean
on_cancelled (GCancellable *cancellable, gpointer user_data)
{
  Item *item = user_data;
  g_autoptr (AionetPipe) self = g_object_ref (item->pipe);
  g_autoptr (Item) ended = NULL;
  GError *error = NULL;

  if (is_under_way (self, item))
    return G_SOURCE_REMOVE;
  ended = item;
  g_queue_remove (&self->sends->items, item);
  g_cancellable_set_error_if_cancelled (cancellable, &error);
  item_done (self, item, error);
  _aionet_pipe_flush (self);
  return G_SOURCE_REMOVE;
}

void
_aionet_pipe_queue_write (
    AionetPipe *self, GBytes *bytes, gsize n_sent, const AionetSockaddr *to, GTask *task)
{
  AionetSendQueue *sends = ensure_sends (self);
  GCancellable    *cancellable = task != NULL ? g_task_get_cancellable (task) : NULL;
  Item            *item = g_new0 (Item, 1);

  item->pipe = self;
  item->bytes = g_bytes_ref (bytes);
  item->n_sent = n_sent;
  item->to = *to;
  g_set_object (&item->task, task);
  if (task == NULL)
    sends->n_bytes += g_bytes_get_size (bytes) - n_sent;
  if (cancellable != NULL && n_sent == 0)
    item->cancel = _aionet_cancel_source_new (self->context, cancellable, "[aionet] send cancelled",
                                              on_cancelled, item);
  g_queue_push_tail (&sends->items, item);
  _aionet_pipe_update_watch (self);
}
