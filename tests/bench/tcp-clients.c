/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#include "tcp-clients.h"

#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/prctl.h>
#include <signal.h>
#include <unistd.h>

#define N_EVENTS 256
#define N_BURST 64
#define WARM_UP_SECONDS 0.03
/* Each has spoken before the clock starts, and speaks several times while it runs. */
#define WARM_UP_PER_CONNECTION 20e-6
#define SECONDS_PER_CONNECTION 50e-6
/* Timers that the kernel has set for the first words of ten thousand. */
#define SETTLE_SECONDS 0.3
#define PATIENCE_SECONDS 20.0
#define GREETING_SIZE 64

/* What is left to read of the answer each connection waits for. */
typedef struct
{
  int    epoll;
  guint  n;
  guint  size; /* of a message */
  guint  n_waiting;
  int   *fds;
  guint *missing;
} Clients;

typedef struct
{
  guint  size;
  guint  n_busy;
  double seconds;
} Order;

static guint8 buffer[65536];

int
tcp_connect (const struct sockaddr *address, socklen_t size)
{
  const struct linger reset = { 1, 0 };
  const int           on = 1;
  int                 fd = socket (AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

  g_assert_cmpint (fd, >=, 0);
  if (connect (fd, address, size) != 0)
    g_error ("connect: %s", g_strerror (errno));
  setsockopt (fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  setsockopt (fd, SOL_SOCKET, SO_LINGER, &reset, sizeof reset);
  return fd;
}

static void
ask (Clients *self, guint i)
{
  self->missing[i] = self->size;
  self->n_waiting++;
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
  if (n <= 0 || self->missing[i] > 0)
    return FALSE;
  self->n_waiting--;
  return TRUE;
}

/* Until everybody is answered, or for so long. */
static guint64
talk (Clients *self, gboolean goes_on, double seconds)
{
  struct epoll_event events[N_EVENTS];
  guint64            n_answers = 0;
  double             end = bench_now () + seconds;

  while (self->n_waiting > 0 && bench_now () < end)
    {
      int n = epoll_wait (self->epoll, events, N_EVENTS, 100);

      for (int i = 0; i < n; i++)
        if (hear (self, events[i].data.u32))
          {
            n_answers++;
            if (goes_on)
              ask (self, events[i].data.u32);
          }
    }
  return n_answers;
}

/* No peer leaves work behind for the time of the next. */
static void
fall_silent (Clients *self)
{
  talk (self, FALSE, PATIENCE_SECONDS);
  if (self->n_waiting > 0)
    g_error ("%u connections were not answered", self->n_waiting);
}

static void
greet (Clients *self, guint first, guint end)
{
  self->size = GREETING_SIZE;
  for (guint i = first; i < end; i++)
    ask (self, i);
  fall_silent (self);
}

static void
clients_open (
    Clients *self, const struct sockaddr *address, socklen_t size, guint n, gboolean in_bursts)
{
  *self = (Clients){ .epoll = epoll_create1 (EPOLL_CLOEXEC), .n = n };
  self->fds = g_new (int, n);
  self->missing = g_new0 (guint, n);
  for (guint i = 0; i < n; i++)
    {
      struct epoll_event event = { .events = EPOLLIN, .data.u32 = i };

      self->fds[i] = tcp_connect (address, size);
      epoll_ctl (self->epoll, EPOLL_CTL_ADD, self->fds[i], &event);
      if (in_bursts && (i + 1) % N_BURST == 0)
        greet (self, i + 1 - N_BURST, i + 1);
    }
  for (guint i = in_bursts ? n - n % N_BURST : 0; i < n; i += N_BURST)
    greet (self, i, MIN (n, i + N_BURST));
  g_usleep ((gulong) (SETTLE_SECONDS * 1e6));
}

static TcpResult
obey (Clients *self, const Order *order, pid_t server)
{
  TcpResult result = { 0 };
  double    began;

  self->size = order->size;
  for (guint i = 0; i < order->n_busy; i++)
    ask (self, i * (self->n / order->n_busy));
  talk (self, TRUE, MAX (WARM_UP_SECONDS, order->n_busy * WARM_UP_PER_CONNECTION));
  result.cpu = bench_get_cpu (server);
  began = bench_now ();
  result.n_answers = talk (self, TRUE, order->seconds);
  result.seconds = bench_now () - began;
  result.cpu = bench_get_cpu (server) - result.cpu;
  fall_silent (self);
  return result;
}

static void
run_clients (int control, Clients *clients, pid_t server)
{
  Order order;

  while (read (control, &order, sizeof order) == (gssize) sizeof order)
    {
      TcpResult result = obey (clients, &order, server);

      if (write (control, &result, sizeof result) != (gssize) sizeof result)
        break;
    }
}

void
tcp_crowd_open (TcpCrowd *self, const BenchPeer *peer, guint n_connections, gboolean in_bursts)
{
  struct sockaddr_storage address;
  socklen_t               size = sizeof address;
  int                     fd = bench_listen (SOCK_STREAM, (struct sockaddr *) &address, &size);
  int                     ends[2];
  char                    ready = 0;
  Clients                 clients;

  g_assert_cmpint (socketpair (AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends), ==, 0);
  self->server = bench_start (peer, fd);
  close (fd);
  self->clients = fork ();
  if (self->clients == 0)
    {
      prctl (PR_SET_PDEATHSIG, SIGKILL);
      clients_open (&clients, (struct sockaddr *) &address, size, n_connections, in_bursts);
      if (write (ends[1], &ready, 1) == 1)
        run_clients (ends[1], &clients, self->server);
      _exit (0);
    }
  close (ends[1]);
  self->control = ends[0];
  if (read (self->control, &ready, 1) != 1)
    g_error ("%s: no %u connections", peer->name, n_connections);
}

void
tcp_crowd_close (TcpCrowd *self)
{
  close (self->control);
  bench_stop (self->clients);
  bench_stop (self->server);
}

TcpResult
tcp_crowd_talk (TcpCrowd *self, guint size, guint n_busy)
{
  const double seconds = bench_get_seconds ();
  const Order  order = { size, n_busy, MAX (seconds, n_busy * SECONDS_PER_CONNECTION) };
  TcpResult    result;

  if (write (self->control, &order, sizeof order) != (gssize) sizeof order ||
      read (self->control, &result, sizeof result) != (gssize) sizeof result)
    g_error ("The clients left");
  return result;
}
