/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#include "bench.h"

#include <uv.h>

/* libuv, as its guide teaches it; one buffer suffices, as nothing is ever kept. */

static char shared_buffer[65536];

static void
on_alloc (uv_handle_t *handle, size_t suggested, uv_buf_t *buffer)
{
  *buffer = uv_buf_init (shared_buffer, sizeof shared_buffer);
}

static void
on_closed (uv_handle_t *handle)
{
  g_free (handle);
}

static void
on_read (uv_stream_t *stream, ssize_t n, const uv_buf_t *buffer)
{
  uv_buf_t answer = uv_buf_init (buffer->base, n > 0 ? (unsigned) n : 0);

  if (n > 0)
    uv_try_write (stream, &answer, 1);
  else if (n < 0)
    uv_close ((uv_handle_t *) stream, on_closed);
}

static void
on_connection (uv_stream_t *server, int status)
{
  uv_tcp_t *client = g_new (uv_tcp_t, 1);

  uv_tcp_init (server->loop, client);
  if (uv_accept (server, (uv_stream_t *) client) != 0)
    {
      uv_close ((uv_handle_t *) client, on_closed);
      return;
    }
  uv_tcp_nodelay (client, 1);
  uv_read_start ((uv_stream_t *) client, on_alloc, on_read);
}

void
serve_tcp_uv (int fd, gpointer data)
{
  uv_loop_t loop;
  uv_tcp_t  server;

  uv_loop_init (&loop);
  uv_tcp_init (&loop, &server);
  uv_tcp_open (&server, fd);
  uv_listen ((uv_stream_t *) &server, 4096, on_connection);
  uv_run (&loop, UV_RUN_DEFAULT);
}

static void
on_datagram (uv_udp_t              *handle,
             ssize_t                n,
             const uv_buf_t        *buffer,
             const struct sockaddr *sender,
             unsigned               flags)
{
  uv_buf_t answer = uv_buf_init (buffer->base, n > 0 ? (unsigned) n : 0);

  if (n > 0 && sender != NULL)
    uv_udp_try_send (handle, &answer, 1, sender);
}

void
serve_udp_uv (int fd, gpointer data)
{
  uv_loop_t loop;
  uv_udp_t  server;

  uv_loop_init (&loop);
  uv_udp_init (&loop, &server);
  uv_udp_open (&server, fd);
  uv_udp_recv_start (&server, on_alloc, on_datagram);
  uv_run (&loop, UV_RUN_DEFAULT);
}
