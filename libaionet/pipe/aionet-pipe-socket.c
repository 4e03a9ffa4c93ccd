/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#include "config.h"

#include "pipe/aionet-pipe-private.h"

#include <errno.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include "engine/aionet-connect-private.h"
#include "engine/aionet-icmp-private.h"
#include "pipe/aionet-message.h"
#include "pipe/aionet-pipe-options-private.h"
#include "pipe/aionet-pipe-tls-private.h"
#include "pipe/aionet-relay-private.h"
#include "value/aionet-error.h"

/* The descriptor: adopted once, watched while the pipe is open, closed once. */

GError *
_aionet_pipe_new_closed_error (const GError *cause)
{
  if (cause == NULL)
    return g_error_new_literal (AIONET_ERROR, AIONET_ERROR_CLOSED, "The pipe is closed");
  return g_error_new (AIONET_ERROR, AIONET_ERROR_CLOSED, "The pipe is closed: %s", cause->message);
}

static gboolean
has_unsent (AionetPipe *self)
{
  return _aionet_pipe_has_unsent (self) || (self->relay != NULL && _aionet_relay_has_unsent (self));
}

static void
on_ready (GIOCondition condition, gpointer user_data)
{
  g_autoptr (AionetPipe) self = g_object_ref (user_data);

  if (self->is_listener)
    {
      _aionet_pipe_accept (self);
      return;
    }
  if ((condition & (G_IO_IN | G_IO_ERR | G_IO_HUP)) != 0)
    _aionet_pipe_read (self, condition);
  if (self->state == AIONET_PIPE_OPEN && has_unsent (self) &&
      (condition & (G_IO_OUT | G_IO_ERR | G_IO_HUP)) != 0)
    _aionet_pipe_flush (self);
}

static GIOCondition
get_wanted (AionetPipe *self)
{
  GIOCondition wanted = 0;

  if (self->is_listener)
    return self->accept_paused ? 0 : G_IO_IN;
  if (self->n_stopped == 0 && !self->end_seen)
    wanted |= G_IO_IN;
  if (has_unsent (self))
    wanted |= G_IO_OUT;
  return wanted;
}

static gboolean
watch_again (AionetPipe *self, GIOCondition wanted, GError **error)
{
  self->watch = _aionet_reactor_add (self->context, self->fd, wanted, on_ready, self, error);
  return self->watch != NULL;
}

void
_aionet_pipe_update_watch (AionetPipe *self)
{
  GIOCondition wanted = get_wanted (self);
  g_autoptr (GError) error = NULL;

  if (self->state != AIONET_PIPE_OPEN)
    return;
  if (wanted != 0)
    self->hung_up = FALSE;
  if (self->hung_up)
    {
      _aionet_pipe_flush_collected (self);
      g_clear_pointer (&self->watch, _aionet_watch_remove);
    }
  else if (self->watch != NULL)
    _aionet_watch_set_condition (self->watch, wanted);
  else if (!watch_again (self, wanted, &error))
    _aionet_pipe_end (self, error, TRUE);
  if (_aionet_pipe_is_secure (self))
    _aionet_pipe_tls_update (self);
}

gboolean
_aionet_pipe_is_plain (AionetPipe *self)
{
  return !_aionet_pipe_is_secure (self);
}

static gboolean
get_flag (int fd, int level, int name)
{
  int       value = 0;
  socklen_t size = sizeof value;

  return getsockopt (fd, level, name, &value, &size) == 0 && value != 0;
}

static gboolean
find_peer (int fd, AionetSockaddr *peer)
{
  AionetSockaddr found = { 0 };
  socklen_t      size = sizeof found;

  if (getpeername (fd, &found.any, &size) != 0)
    return FALSE;
  *peer = found;
  return TRUE;
}

void
_aionet_pipe_find_local (AionetPipe *self)
{
  socklen_t size = sizeof self->local;

  if (self->local.any.sa_family == AF_UNSPEC && self->fd >= 0 &&
      getsockname (self->fd, &self->local.any, &size) != 0)
    self->local.any.sa_family = AF_UNSPEC;
}

/* A client that was accepted has all this from its listener. */
static gboolean
examine_socket (AionetPipe *self, GSocket *socket, GError **error)
{
  const int no_delay = _aionet_pipe_get_option (self, AIONET_OPTION_NO_DELAY);
  int       fd = g_socket_get_fd (socket);
  gboolean  is_connected = find_peer (fd, &self->remote);

  if (self->protocol == G_SOCKET_PROTOCOL_UDP)
    {
      _aionet_icmp_enable (fd, g_socket_get_family (socket));
      return TRUE;
    }
  self->is_listener = get_flag (fd, SOL_SOCKET, SO_ACCEPTCONN);
  if (!self->is_listener && !is_connected)
    {
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_NOT_CONNECTED,
                           "The socket is neither connected nor listening");
      return FALSE;
    }
  /* Messages are for now: what is worth collecting, the program collects. */
  setsockopt (fd, IPPROTO_TCP, TCP_NODELAY, &no_delay, sizeof no_delay);
  return TRUE;
}

gboolean
_aionet_pipe_adopt (AionetPipe *self, GSocket *socket, int fd, GError **error)
{
  if (socket != NULL && (!examine_socket (self, socket, error) ||
                         !_aionet_pipe_apply_options (self, g_socket_get_fd (socket), error)))
    return FALSE;
  self->fd = socket != NULL ? g_socket_get_fd (socket) : fd;
  if (!watch_again (self, get_wanted (self), error))
    {
      self->fd = -1;
      return FALSE;
    }
  if (socket != NULL)
    g_set_object (&self->socket, socket);
  if (!_aionet_pipe_join_groups (self, error))
    return FALSE;
  self->is_server = self->remote.any.sa_family == AF_UNSPEC;
  _aionet_pipe_start_asked (self);
  self->state = AIONET_PIPE_OPEN;
  _aionet_pipe_update_idle (self);
  _aionet_pipe_notify_is_open (self);
  if (self->relay != NULL)
    _aionet_relay_flush (self);
  return TRUE;
}

static gboolean
is_from (AionetMessage *message, const AionetSockaddr *remote)
{
  AionetSockaddr  sender;
  GSocketAddress *address = aionet_message_get_sender (message);

  return address != NULL && _aionet_sockaddr_set (&sender, address, NULL) &&
         _aionet_sockaddr_equal (&sender, remote);
}

static void
drop_strangers (AionetPipe *self)
{
  g_autoptr (GPtrArray) waiting =
      g_ptr_array_new_with_free_func ((GDestroyNotify) aionet_message_unref);
  AionetMessage *message;

  while ((message = aionet_pipe_try_receive (self)) != NULL)
    g_ptr_array_add (waiting, message);
  for (guint i = 0; i < waiting->len; i++)
    if (is_from (waiting->pdata[i], &self->remote))
      _aionet_message_queue_push (self->queue, waiting->pdata[i]);
    else
      self->n_dropped++;
}

gboolean
_aionet_pipe_connect_to (AionetPipe *self, GSocketAddress *address, GError **error)
{
  AionetSockaddr remote;

  if (!_aionet_sockaddr_set (&remote, address, error) ||
      !_aionet_connect_socket (self->socket, address, error))
    return FALSE;
  self->remote = remote;
  self->is_server = FALSE;
  /* A wildcard address has become one of the host's. */
  self->local.any.sa_family = AF_UNSPEC;
  g_clear_object (&self->local_address);
  g_clear_object (&self->remote_address);
  drop_strangers (self);
  return TRUE;
}

static void
close_socket (AionetPipe *self, gboolean in_order)
{
  _aionet_pipe_find_local (self);
  _aionet_pipe_apply_linger (self);
  g_clear_pointer (&self->watch, _aionet_watch_remove);
  _aionet_pipe_tls_close (self, in_order);
  if (self->socket != NULL)
    g_socket_close (self->socket, NULL);
  else if (self->fd >= 0)
    close (self->fd);
  g_clear_object (&self->socket);
  self->fd = -1;
}

void
_aionet_pipe_end (AionetPipe *self, const GError *error, gboolean emit)
{
  g_autoptr (AionetPipe) alive = NULL;
  g_autoptr (GError) cause = error != NULL ? g_error_copy (error) : NULL;
  g_autoptr (GError) closed = NULL;
  GPtrArray *orphans;
  gboolean   was_open = self->state == AIONET_PIPE_OPEN;

  alive = g_object_ref (self);
  _aionet_pipe_flush_collected (self);
  if (self->state == AIONET_PIPE_CLOSED)
    return;
  closed = _aionet_pipe_new_closed_error (cause);
  self->state = AIONET_PIPE_CLOSED;
  self->end_error = error != NULL ? g_error_copy (error) : NULL;
  _aionet_pipe_update_idle (self);
  close_socket (self, cause == NULL);
  orphans = _aionet_relay_leave (self);
  /* From here on user code runs. */
  _aionet_pipe_opening_end (self, cause != NULL ? cause : closed);
  _aionet_pipe_send_end (self, closed);
  _aionet_pipe_accept_end (self, closed);
  _aionet_pipe_deliver_end (self, closed);
  if (was_open)
    _aionet_pipe_notify_is_open (self);
  if (was_open && self->owner_funcs != NULL)
    self->owner_funcs->closed (self->owner, self, cause);
  if (was_open && emit)
    _aionet_pipe_emit_closed (self, cause);
  _aionet_relay_end_orphans (orphans, cause);
}

void
_aionet_pipe_refuse (AionetPipe *self, GError *error)
{
  self->open_error = error;
  _aionet_pipe_end (self, error, FALSE);
}
