/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#include "bench.h"

#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

/* What one would write in C without any library, and cannot be undercut by much. */

#define N_EVENTS 256
#define BUFFER_SIZE 65536

static guint8 buffer[BUFFER_SIZE];

static void
watch (int epoll, int fd)
{
  struct epoll_event event = { .events = EPOLLIN, .data.fd = fd };

  g_assert_cmpint (epoll_ctl (epoll, EPOLL_CTL_ADD, fd, &event), ==, 0);
}

static void
accept_one (int epoll, int fd)
{
  const int on = 1;
  int       client = accept4 (fd, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);

  if (client < 0)
    return;
  setsockopt (client, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  watch (epoll, client);
}

static void
echo_stream (int fd)
{
  gssize n = recv (fd, buffer, sizeof buffer, MSG_DONTWAIT);

  if (n > 0)
    send (fd, buffer, (gsize) n, MSG_DONTWAIT | MSG_NOSIGNAL);
  else if (n == 0 || errno != EAGAIN)
    close (fd);
}

void
serve_tcp_raw (int fd, gpointer data)
{
  struct epoll_event events[N_EVENTS];
  int                epoll = epoll_create1 (EPOLL_CLOEXEC);

  watch (epoll, fd);
  for (;;)
    {
      int n = epoll_wait (epoll, events, N_EVENTS, -1);

      for (int i = 0; i < n; i++)
        if (events[i].data.fd == fd)
          accept_one (epoll, fd);
        else
          echo_stream (events[i].data.fd);
    }
}

void
serve_udp_raw (int fd, gpointer data)
{
  for (;;)
    {
      struct sockaddr_storage sender;
      socklen_t               size = sizeof sender;
      gssize n = recvfrom (fd, buffer, sizeof buffer, 0, (struct sockaddr *) &sender, &size);

      if (n >= 0)
        sendto (fd, buffer, (gsize) n, 0, (struct sockaddr *) &sender, size);
    }
}

void
serve_sink_raw (int fd, gpointer data)
{
  for (;;)
    if (recvfrom (fd, buffer, sizeof buffer, 0, NULL, NULL) >= 0)
      bench_shared->n_received++;
}
