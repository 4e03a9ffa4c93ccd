/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#include "config.h"

#include "server/aionet-stun-server-private.h"

/* A client that sends anything but requests, or them too slowly or without end, is closed: the
 * server has a bounded number of clients, and each a bounded number of bytes. */

#define MAX_BYTES 65536
#define MAX_REQUEST_US (30 * G_TIME_SPAN_SECOND)

typedef struct
{
  AionetStunServer *server; /* (not owned: closes its clients before it goes) */
  GByteArray       *bytes;  /* (owned): the beginning of the next request */
  gsize             n_bytes;
  gint64            begun_us; /* when the first of bytes came */
} Stream;

static void
stream_free (gpointer data)
{
  Stream *self = data;

  g_byte_array_unref (self->bytes);
  g_free (self);
}

static void
cut_off (AionetStunServer *server, AionetPipe *client)
{
  _aionet_stun_server_get_private (server)->n_cut_off++;
  aionet_pipe_close (client);
}

static AionetStunEndpoint *
find_endpoint (AionetStunServer *server, AionetPipe *client)
{
  AionetStunServerPrivate *priv = _aionet_stun_server_get_private (server);
  AionetSockaddr           local;
  AionetStunEndpoint      *endpoint = NULL;

  if (_aionet_sockaddr_set (&local, aionet_pipe_get_local_address (client), NULL))
    endpoint = _aionet_stun_sites_find (priv->sites, &local);
  return endpoint != NULL ? endpoint : &priv->lone;
}

/* Returns FALSE if there is none, or the client is gone. */
static gboolean
serve_first (AionetStunServer *server, AionetPipe *client, GByteArray *bytes, GSocketAddress *from)
{
  gssize framed = _aionet_stun_responder_frame (bytes->data, bytes->len);

  if (framed == 0)
    return FALSE;
  if (framed < 0 || !_aionet_stun_server_serve (find_endpoint (server, client), client, bytes->data,
                                                (gsize) framed, from))
    {
      if (framed < 0)
        _aionet_stun_server_get_private (server)->tcp.n_ignored++;
      cut_off (server, client);
      return FALSE;
    }
  g_byte_array_remove_range (bytes, 0, (guint) framed);
  return aionet_pipe_is_open (client);
}

static void
on_bytes (AionetPipe     *client,
          const guint8   *data,
          gsize           length,
          GSocketAddress *sender,
          gpointer        user_data)
{
  Stream *self = user_data;
  g_autoptr (AionetStunServer) server = g_object_ref (self->server);
  g_autoptr (GByteArray) bytes = g_byte_array_ref (self->bytes);
  gint64 now_us = g_get_monotonic_time ();

  if (bytes->len == 0)
    self->begun_us = now_us;
  self->n_bytes += length;
  if (self->n_bytes > MAX_BYTES || now_us - self->begun_us > MAX_REQUEST_US)
    {
      cut_off (server, client);
      return;
    }
  g_byte_array_append (bytes, data, (guint) length);
  while (bytes->len > 0 && serve_first (server, client, bytes, sender))
    self->begun_us = now_us;
}

void
_aionet_stun_stream_start (AionetStunServer *server, AionetPipe *client)
{
  Stream *self = g_new0 (Stream, 1);

  self->server = server;
  self->bytes = g_byte_array_new ();
  aionet_pipe_set_message_func (client, on_bytes, self, stream_free);
}
