/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#include "bench.h"

#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

/* TCP: echo over so many connections of which so many are busy, connections made, memory. */

#define MEMORY "memory of an idle TCP pipe"
#define ACCEPT "accept and first message"
#define N_EVENTS 256
#define N_BURST 64
#define WARM_UP_SECONDS 0.05

typedef struct
{
  guint size;
  guint n_connections;
  guint n_busy;
  guint max_slow_rounds; /* of the peer that polls every socket */
} Load;

static const Load loads[] = {
  { 64, 1, 1, 5 },        { 64, 10, 10, 5 },     { 64, 100, 8, 5 },      { 64, 100, 100, 5 },
  { 64, 1000, 8, 2 },     { 64, 1000, 1000, 2 }, { 64, 10000, 8, 1 },    { 64, 10000, 10000, 1 },
  { 64, 10010, 10, 0 },   { 16384, 1, 1, 5 },    { 16384, 100, 100, 5 }, { 16384, 1000, 1000, 1 },
  { 16384, 10000, 8, 0 },
};

static const BenchPeer peers[] = {
  { "raw", serve_tcp_raw, NULL },
#ifdef HAVE_UV
  { "libuv", serve_tcp_uv, NULL },
#endif
  { "pipe", serve_tcp_pipe, NULL }, { "pipe-signal", serve_tcp_pipe, GINT_TO_POINTER (TRUE) },
  { "gio", serve_tcp_gio, NULL },
};

static guint8 buffer[65536];

/* What is left to read of the answer each connection waits for. */
typedef struct
{
  int    epoll;
  guint  n;
  guint  size;
  int   *fds;
  guint *missing;
} Clients;

static int
connect_one (const struct sockaddr *address, socklen_t size)
{
  const struct linger reset = { 1, 0 };
  const int           on = 1;
  int                 fd = socket (AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

  g_assert_cmpint (fd, >=, 0);
  if (connect (fd, address, size) != 0)
    g_error ("connect: %s", g_strerror (errno));
  setsockopt (fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  /* No TIME_WAIT: the next peer needs the ports. */
  setsockopt (fd, SOL_SOCKET, SO_LINGER, &reset, sizeof reset);
  return fd;
}

static void
clients_open (Clients *self, const Load *load, const struct sockaddr *address, socklen_t size)
{
  self->epoll = epoll_create1 (EPOLL_CLOEXEC);
  self->n = load->n_connections;
  self->size = load->size;
  self->fds = g_new (int, self->n);
  self->missing = g_new0 (guint, self->n);
  for (guint i = 0; i < self->n; i++)
    {
      struct epoll_event event = { .events = EPOLLIN, .data.u32 = i };

      self->fds[i] = connect_one (address, size);
      epoll_ctl (self->epoll, EPOLL_CTL_ADD, self->fds[i], &event);
    }
}

static void
clients_close (Clients *self)
{
  for (guint i = 0; i < self->n; i++)
    close (self->fds[i]);
  close (self->epoll);
  g_free (self->fds);
  g_free (self->missing);
}

static void
ask (Clients *self, guint i)
{
  self->missing[i] = self->size;
  if (send (self->fds[i], buffer, self->size, 0) != (gssize) self->size)
    g_error ("send: %s", g_strerror (errno));
}

/* Returns TRUE once the answer is complete. */
static gboolean
hear (Clients *self, guint i)
{
  gssize n = recv (self->fds[i], buffer, sizeof buffer, MSG_DONTWAIT);

  if (n == 0 || (n < 0 && errno != EAGAIN))
    g_error ("The server left");
  if (n > 0)
    self->missing[i] -= (guint) n;
  return n > 0 && self->missing[i] == 0;
}

static guint64
talk (Clients *self, double seconds)
{
  struct epoll_event events[N_EVENTS];
  guint64            n_answers = 0;
  double             end = bench_now () + seconds;

  while (bench_now () < end)
    {
      int n = epoll_wait (self->epoll, events, N_EVENTS, 100);

      for (int i = 0; i < n; i++)
        if (hear (self, events[i].data.u32))
          {
            n_answers++;
            ask (self, events[i].data.u32);
          }
    }
  return n_answers;
}

/* Everybody gets one answer, so that all are accepted and no peer has anything to catch up. */
static void
greet (Clients *self)
{
  struct epoll_event events[N_EVENTS];

  for (guint first = 0; first < self->n; first += N_BURST)
    {
      guint end = MIN (first + N_BURST, self->n);
      guint n_waiting = end - first;

      for (guint i = first; i < end; i++)
        ask (self, i);
      while (n_waiting > 0)
        {
          int n = epoll_wait (self->epoll, events, N_EVENTS, -1);

          for (int i = 0; i < n; i++)
            n_waiting -= (guint) hear (self, events[i].data.u32);
        }
    }
}

static void
measure_echo (const char *name, const Load *load, const BenchPeer *peer)
{
  struct sockaddr_storage address;
  socklen_t               size = sizeof address;
  int                     fd = bench_listen (SOCK_STREAM, (struct sockaddr *) &address, &size);
  pid_t                   pid = bench_start (peer, fd);
  Clients                 clients;
  double                  cpu, start;
  guint64                 n;

  close (fd);
  clients_open (&clients, load, (struct sockaddr *) &address, size);
  greet (&clients);
  for (guint i = 0; i < load->n_busy; i++)
    ask (&clients, i * (load->n_connections / load->n_busy));
  talk (&clients, WARM_UP_SECONDS);
  cpu = bench_get_cpu (pid);
  start = bench_now ();
  n = talk (&clients, bench_get_seconds ());
  bench_record (name, peer->name, "us/msg", (bench_get_cpu (pid) - cpu) * 1e6 / (double) n);
  bench_record (name, peer->name, "msg/s", (double) n / (bench_now () - start));
  bench_stop (pid);
  clients_close (&clients);
}

static void
record_memory (guint n)
{
  const BenchShared *shared = bench_shared;
  double             others = n - 1;

  bench_record (MEMORY, "never used", "heap bytes",
                (double) (shared->bytes_all - shared->bytes_first) / others);
  bench_record (MEMORY, "used before", "heap bytes",
                (double) (shared->bytes_used - shared->bytes_first) / others);
  bench_record (MEMORY, "never used", "resident bytes",
                (double) (shared->pages_all - shared->pages_first) * (double) getpagesize () /
                    others);
}

static void
measure_memory (void)
{
  const Load              load = { 64, 10000, 1, 0 };
  const BenchPeer         peer = { "pipe", serve_tcp_pipe, NULL };
  struct sockaddr_storage address;
  socklen_t               size = sizeof address;
  int                     fd = bench_listen (SOCK_STREAM, (struct sockaddr *) &address, &size);
  pid_t                   pid = bench_start (&peer, fd);
  Clients                 clients;

  close (fd);
  clients_open (&clients, &load, (struct sockaddr *) &address, size);
  greet (&clients);
  record_memory (load.n_connections);
  bench_stop (pid);
  clients_close (&clients);
}

/* Connects, says something, hears the answer and goes, so many at once. */
static guint64
come_and_go (const struct sockaddr *address, socklen_t size, double seconds)
{
  int     fds[N_BURST];
  guint64 n = 0;

  for (double end = bench_now () + seconds; bench_now () < end; n += N_BURST)
    {
      for (guint i = 0; i < N_BURST; i++)
        {
          fds[i] = connect_one (address, size);
          send (fds[i], buffer, 64, 0);
        }
      for (guint i = 0; i < N_BURST; i++)
        {
          g_assert_cmpint (recv (fds[i], buffer, 64, 0), ==, 64);
          close (fds[i]);
        }
    }
  return n;
}

static void
measure_accept (const BenchPeer *peer)
{
  struct sockaddr_storage address;
  socklen_t               size = sizeof address;
  int                     fd = bench_listen (SOCK_STREAM, (struct sockaddr *) &address, &size);
  pid_t                   pid = bench_start (peer, fd);
  double                  cpu, start;
  guint64                 n;

  close (fd);
  come_and_go ((struct sockaddr *) &address, size, WARM_UP_SECONDS);
  cpu = bench_get_cpu (pid);
  start = bench_now ();
  n = come_and_go ((struct sockaddr *) &address, size, bench_get_seconds ());
  bench_record (ACCEPT, peer->name, "us/connection",
                (bench_get_cpu (pid) - cpu) * 1e6 / (double) n);
  bench_record (ACCEPT, peer->name, "connections/s", (double) n / (bench_now () - start));
  bench_stop (pid);
}

/* The peer that polls every socket takes minutes to accept ten thousand. */
static gboolean
is_worth_it (const Load *load, const BenchPeer *peer, guint round)
{
  if (peer->serve != serve_tcp_gio)
    return TRUE;
  return bench_is_quick () ? load->n_connections <= 1000 : round < load->max_slow_rounds;
}

static void
measure_load (const Load *load, guint round)
{
  g_autofree char *name =
      g_strdup_printf ("tcp echo %u B, %u (%u)", load->size, load->n_connections, load->n_busy);

  if (!bench_wants (name))
    return;
  for (guint i = 0; i < G_N_ELEMENTS (peers); i++)
    if (is_worth_it (load, &peers[i], round))
      measure_echo (name, load, &peers[i]);
}

int
main (int argc, char *argv[])
{
  bench_init (argc, argv);
  for (guint round = 0; round < bench_get_n_rounds (); round++)
    {
      for (guint i = 0; i < G_N_ELEMENTS (loads); i++)
        measure_load (&loads[i], round);
      for (guint j = 0; j < G_N_ELEMENTS (peers) && bench_wants (ACCEPT); j++)
        measure_accept (&peers[j]);
    }
  if (bench_wants (MEMORY))
    measure_memory ();
  bench_print ();
  return 0;
}
