/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#include "config.h"

#include "pipe/aionet-pipe-tls-private.h"

#include <errno.h>

#include "engine/aionet-scratch-private.h"
#include "engine/aionet-task-private.h"

/* The reactor watches the socket, as of any other pipe. But what the session has read from it and
 * not handed out yet raises no event: whoever stops before the session would block comes back by
 * itself, in the next turn or when there is room again. */

#define MAX_READS 16

gboolean
_aionet_pipe_is_secure (AionetPipe *self)
{
  return self->tls != NULL && self->tls->session != NULL;
}

void
_aionet_pipe_set_session (AionetPipe *self, AionetTlsSession *session)
{
  AionetPipeTls *tls = self->tls;

  tls->session = session;
  tls->has_more = TRUE;
  tls->protocol = g_strdup (_aionet_tls_session_get_protocol (session));
  g_set_object (&tls->peer_certificate, _aionet_tls_session_get_peer_certificate (session));
}

static gboolean
may_read (AionetPipe *self)
{
  return self->state == AIONET_PIPE_OPEN && self->n_stopped == 0 && !self->end_seen &&
         _aionet_pipe_is_secure (self);
}

/* Returns TRUE if there may be more. */
static gboolean
read_once (AionetPipe *self, guint8 *buffer)
{
  g_autoptr (GError) error = NULL;
  gssize n = _aionet_tls_session_read (self->tls->session, buffer, AIONET_SCRATCH_SIZE, &error);

  if (n > 0)
    _aionet_pipe_deliver (self, buffer, (gsize) n, &self->remote);
  else if (n == 0)
    _aionet_pipe_end_of_stream (self);
  else if (!g_error_matches (error, G_IO_ERROR, G_IO_ERROR_WOULD_BLOCK))
    _aionet_pipe_end (self, error, TRUE);
  return n > 0;
}

void
_aionet_pipe_tls_read (AionetPipe *self, guint8 *buffer)
{
  gboolean has_more = TRUE;

  for (guint i = 0; i < MAX_READS && has_more && may_read (self); i++)
    has_more = read_once (self, buffer);
  self->tls->has_more = has_more;
  _aionet_pipe_tls_update (self);
}

static gboolean
on_resume (gpointer user_data)
{
  g_autoptr (AionetPipe) self = g_object_ref (user_data);
  guint8 *buffer;

  _aionet_clear_source (&self->tls->resume);
  if (!may_read (self))
    return G_SOURCE_REMOVE;
  buffer = _aionet_scratch_acquire ();
  _aionet_pipe_tls_read (self, buffer);
  _aionet_scratch_release (buffer);
  return G_SOURCE_REMOVE;
}

void
_aionet_pipe_tls_update (AionetPipe *self)
{
  AionetPipeTls *tls = self->tls;

  if (tls->has_more && tls->resume == NULL && may_read (self))
    tls->resume = _aionet_idle_new (self->context, "[aionet] TLS read on", on_resume, self);
}

gssize
_aionet_pipe_tls_write (AionetPipe *self, const guint8 *data, gsize length)
{
  AionetPipeTls *tls = self->tls;
  gsize          n_sent = 0;

  g_clear_error (&tls->write_error);
  while (n_sent < length)
    {
      gssize n = _aionet_tls_session_write (tls->session, data + n_sent, length - n_sent,
                                            &tls->write_error);

      if (n < 0)
        break;
      n_sent += (gsize) n;
    }
  /* A failure after some progress is met again by the next write. */
  if (n_sent > 0 || length == 0)
    return (gssize) n_sent;
  errno = g_error_matches (tls->write_error, G_IO_ERROR, G_IO_ERROR_WOULD_BLOCK) ? EAGAIN : EIO;
  return -1;
}

GError *
_aionet_pipe_tls_steal_write_error (AionetPipe *self)
{
  return self->tls != NULL ? g_steal_pointer (&self->tls->write_error) : NULL;
}

/* Whoever hears a goodbye may rely on having heard everything before it. */
void
_aionet_pipe_tls_close (AionetPipe *self, gboolean in_order)
{
  AionetPipeTls *tls = self->tls;

  if (tls == NULL)
    return;
  _aionet_clear_source (&tls->resume);
  if (tls->session == NULL)
    return;
  _aionet_tls_session_close (tls->session, in_order && !_aionet_pipe_has_unsent (self) &&
                                               self->send_error == NULL);
  g_clear_pointer (&tls->session, _aionet_tls_session_free);
}

GIOStream *
_aionet_pipe_move_session_out (AionetPipe *self)
{
  _aionet_clear_source (&self->tls->resume);
  return _aionet_tls_session_free_to_stream (g_steal_pointer (&self->tls->session));
}
