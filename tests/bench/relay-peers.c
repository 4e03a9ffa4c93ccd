/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#include "relay-peers.h"

#include <aionet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <sys/epoll.h>
#include <unistd.h>

#define BUFFER (64 * 1024)
#define PIPE_SIZE (1024 * 1024)
#define N_EVENTS 64

/* ------------------------------------------------------------------ raw loops */

/* One of the two sockets of a client, and what it has for the other. */
typedef struct _Half
{
  struct _Half *other;
  int           fd;
  int           ends[2]; /* splice: the kernel pipe */
  guint8       *rest;    /* copy: what the other did not take */
  gsize         n_rest;
  gsize         offset;
} Half;

static int
connect_to (guint16 port)
{
  struct sockaddr_in address = { .sin_family = AF_INET, .sin_port = htons (port) };
  const int          on = 1;
  int                fd = socket (AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

  address.sin_addr.s_addr = htonl (INADDR_LOOPBACK);
  if (connect (fd, (struct sockaddr *) &address, sizeof address) != 0)
    g_error ("The target cannot be reached: %s", g_strerror (errno));
  setsockopt (fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  fcntl (fd, F_SETFL, O_NONBLOCK);
  return fd;
}

static Half *
half_new (int fd, gboolean splices)
{
  const int on = 1;
  Half     *half = g_new0 (Half, 1);

  half->fd = fd;
  setsockopt (fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  if (splices && pipe2 (half->ends, O_NONBLOCK | O_CLOEXEC) == 0)
    fcntl (half->ends[1], F_SETPIPE_SZ, PIPE_SIZE);
  else
    half->rest = g_malloc (BUFFER);
  return half;
}

static void
watch (int epoll, Half *half)
{
  struct epoll_event event = { .data.ptr = half };

  event.events = (half->n_rest == 0 ? EPOLLIN : 0) | (half->other->n_rest > 0 ? EPOLLOUT : 0);
  if (epoll_ctl (epoll, EPOLL_CTL_MOD, half->fd, &event) != 0)
    epoll_ctl (epoll, EPOLL_CTL_ADD, half->fd, &event);
}

static void
accept_client (int epoll, int listener, const RelayPeer *peer)
{
  int   fd = accept4 (listener, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
  Half *near, *far;

  if (fd < 0)
    return;
  near = half_new (fd, peer->splices);
  far = half_new (connect_to (peer->target_port), peer->splices);
  near->other = far;
  far->other = near;
  watch (epoll, near);
  watch (epoll, far);
}

static gssize
write_rest (Half *half)
{
  gssize n = half->rest != NULL ? send (half->other->fd, half->rest + half->offset, half->n_rest,
                                        MSG_DONTWAIT | MSG_NOSIGNAL)
                                : splice (half->ends[0], NULL, half->other->fd, NULL, half->n_rest,
                                          SPLICE_F_MOVE | SPLICE_F_NONBLOCK);

  if (n > 0)
    {
      half->n_rest -= (gsize) n;
      half->offset += (gsize) n;
    }
  return n;
}

/* Returns FALSE at the end. */
static gboolean
read_more (Half *half)
{
  gssize n = half->rest != NULL ? recv (half->fd, half->rest, BUFFER, MSG_DONTWAIT)
                                : splice (half->fd, NULL, half->ends[1], NULL, PIPE_SIZE,
                                          SPLICE_F_MOVE | SPLICE_F_NONBLOCK);

  if (n <= 0)
    return n < 0 && errno == EAGAIN;
  half->n_rest = (gsize) n;
  half->offset = 0;
  return TRUE;
}

static gboolean
serve_half (int epoll, Half *half, guint32 events)
{
  gboolean had_rest = half->n_rest > 0;
  gboolean other_had_rest = half->other->n_rest > 0;

  if ((events & EPOLLOUT) != 0 && half->other->n_rest > 0)
    write_rest (half->other);
  if ((events & (EPOLLIN | EPOLLHUP)) != 0 && half->n_rest == 0 && !read_more (half))
    return FALSE;
  while (half->n_rest > 0 && write_rest (half) > 0)
    ;
  if (had_rest == (half->n_rest > 0) && other_had_rest == (half->other->n_rest > 0))
    return TRUE;
  watch (epoll, half);
  watch (epoll, half->other);
  return TRUE;
}

/* The descriptors are all there is to give back: the process ends with the measurement. */
static void
drop (Half *half)
{
  Half *halves[] = { half, half->other };

  for (guint i = 0; i < 2; i++)
    {
      if (halves[i]->fd >= 0)
        close (halves[i]->fd);
      halves[i]->fd = -1;
      if (halves[i]->rest == NULL && halves[i]->ends[0] > 0)
        {
          close (halves[i]->ends[0]);
          close (halves[i]->ends[1]);
          halves[i]->ends[0] = 0;
        }
    }
}

void
serve_relay_raw (int fd, gpointer data)
{
  int                epoll = epoll_create1 (EPOLL_CLOEXEC);
  struct epoll_event event = { .events = EPOLLIN };
  struct epoll_event events[N_EVENTS];

  epoll_ctl (epoll, EPOLL_CTL_ADD, fd, &event);
  for (;;)
    {
      int n = epoll_wait (epoll, events, N_EVENTS, -1);

      for (int i = 0; i < n; i++)
        {
          Half *half = events[i].data.ptr;

          if (half == NULL)
            accept_client (epoll, fd, data);
          else if (half->fd >= 0 && !serve_half (epoll, half, events[i].events))
            drop (half);
        }
    }
}

/* ------------------------------------------------------------------ the library */

static void
on_client (AionetPipe *listener, AionetPipe *client, gpointer user_data)
{
  const RelayPeer *peer = user_data;
  g_autofree char *text = g_strdup_printf ("127.0.0.1:%u", peer->target_port);
  g_autoptr (AionetPipe) target = aionet_pipe_new (G_SOCKET_PROTOCOL_TCP, text, NULL);

  if (aionet_pipe_forward (client, target, NULL))
    aionet_pipe_open_async (target, NULL, NULL, NULL);
}

void
serve_relay_pipe (int fd, gpointer data)
{
  g_autoptr (GSocket) socket = g_socket_new_from_fd (fd, NULL);
  g_autoptr (AionetPipe) listener = aionet_pipe_new_for_socket (socket, NULL);
  g_autoptr (GMainLoop) loop = g_main_loop_new (NULL, FALSE);

  g_signal_connect (listener, "client", G_CALLBACK (on_client), data);
  g_main_loop_run (loop);
}

/* ------------------------------------------------------------------ programs */

/* Their logs are of no interest. Returns: the path of a file that holds text */
static char *
write_config (const char *text)
{
  char *path = g_strdup_printf ("%s/aionet-bench-relay-%d.conf", g_get_tmp_dir (), (int) getpid ());

  if (!g_file_set_contents (path, text, -1, NULL))
    g_error ("Cannot write %s", path);
  return path;
}

static void
run (const char *program, const char *const *arguments)
{
  if (freopen ("/dev/null", "w", stderr) != NULL)
    execv (program, (char *const *) arguments);
  _exit (1);
}

void
serve_relay_haproxy (int fd, gpointer data)
{
  const RelayPeer *peer = data;
  g_autofree char *text = g_strdup_printf (
      "global\n nbthread 1\n maxconn 4000\n maxpipes 2000\n tune.pipesize %d\n"
      "defaults\n mode tcp\n timeout connect 5s\n timeout client 60s\n timeout server 60s\n%s"
      "listen relay\n bind 127.0.0.1:%u\n server target 127.0.0.1:%u\n",
      PIPE_SIZE, peer->splices ? " option splice-request\n option splice-response\n" : "",
      peer->port, peer->target_port);
  g_autofree char *path = write_config (text);
  const char      *arguments[] = { peer->program, "-db", "-q", "-f", path, NULL };

  run (peer->program, arguments);
}

void
serve_relay_nginx (int fd, gpointer data)
{
  const RelayPeer *peer = data;
  g_autofree char *text = g_strdup_printf (
      "%sdaemon off;\nmaster_process off;\nerror_log /dev/null;\npid /dev/null;\n"
      "events { worker_connections 4000; }\n"
      "stream { server { listen 127.0.0.1:%u backlog=511; proxy_pass 127.0.0.1:%u;"
      " proxy_buffer_size 64k; tcp_nodelay on; } }\n",
      g_file_test ("/usr/lib/nginx/modules/ngx_stream_module.so", G_FILE_TEST_EXISTS)
          ? "load_module /usr/lib/nginx/modules/ngx_stream_module.so;\n"
          : "",
      peer->port, peer->target_port);
  g_autofree char *path = write_config (text);
  const char      *arguments[] = { peer->program, "-c", path, NULL };

  run (peer->program, arguments);
}

void
serve_relay_socat (int fd, gpointer data)
{
  const RelayPeer *peer = data;
  g_autofree char *from = g_strdup_printf (
      "TCP4-LISTEN:%u,bind=127.0.0.1,reuseaddr,fork,nodelay,backlog=511", peer->port);
  g_autofree char *to = g_strdup_printf ("TCP4:127.0.0.1:%u,nodelay", peer->target_port);
  const char      *arguments[] = { peer->program, "-b65536", from, to, NULL };

  run (peer->program, arguments);
}
