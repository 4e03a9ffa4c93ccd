/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#include "tcp-clients.h"

#include <sys/socket.h>
#include <unistd.h>

/* TCP: echo over so many connections of which so many are busy, connections made, memory. */

#define MEMORY "memory of an idle TCP pipe"
#define ACCEPT "accept and first message"
#define IDLE "10 busy, without and with 10000 idle"
#define N_BURST 64
#define N_FEW 10
#define N_MANY 10000
#define WARM_UP_SECONDS 0.05

static const BenchPeer peers[] = {
  { "raw", serve_tcp_raw, NULL },
#ifdef HAVE_UV
  { "libuv", serve_tcp_uv, NULL },
#endif
  { "pipe", serve_tcp_pipe, NULL }, { "pipe-signal", serve_tcp_pipe, GINT_TO_POINTER (TRUE) },
  { "gio", serve_tcp_gio, NULL },
};

static const guint numbers[] = { 1, 100, 1000, N_MANY };
static const guint sizes[] = { 64, 16384 };

static guint8      buffer[65536];

static void
record (const char *name, const char *peer, const TcpResult *result)
{
  double n = (double) result->n_answers;

  bench_record (name, peer, "us/msg", result->cpu * 1e6 / n);
  bench_record (name, peer, "msg/s", n / result->seconds);
}

static void
measure_echo (TcpCrowd crowds[], guint size, guint n_connections, guint n_busy)
{
  g_autofree char *name = g_strdup_printf ("tcp echo %u B, %u (%u)", size, n_connections, n_busy);

  if (!bench_wants (name))
    return;
  if (n_busy == N_MANY)
    g_print ("# %s: gio is left out: it polls them all in every turn, a round takes seconds\n",
             name);
  for (guint round = 0; round < bench_get_n_rounds (); round++)
    for (guint i = 0; i < G_N_ELEMENTS (peers); i++)
      {
        TcpResult result;

        if (n_busy == N_MANY && peers[i].serve == serve_tcp_gio)
          continue;
        result = tcp_crowd_talk (&crowds[i], size, n_busy);
        record (name, peers[i].name, &result);
      }
  bench_print ();
}

static gboolean
wants_number (guint n)
{
  for (guint i = 0; i < G_N_ELEMENTS (sizes); i++)
    for (guint k = 0; k < 2; k++)
      {
        g_autofree char *name =
            g_strdup_printf ("tcp echo %u B, %u (%u)", sizes[i], n, k == 0 ? n : 8);

        if (bench_wants (name))
          return TRUE;
      }
  return FALSE;
}

static void
measure_number (guint n)
{
  TcpCrowd crowds[G_N_ELEMENTS (peers)];

  if (!wants_number (n))
    return;
  for (guint i = 0; i < G_N_ELEMENTS (peers); i++)
    tcp_crowd_open (&crowds[i], &peers[i], n, TRUE);
  for (guint i = 0; i < G_N_ELEMENTS (sizes); i++)
    {
      if (n > 8)
        measure_echo (crowds, sizes[i], n, 8);
      measure_echo (crowds, sizes[i], n, n);
    }
  for (guint i = 0; i < G_N_ELEMENTS (peers); i++)
    tcp_crowd_close (&crowds[i]);
}

/* The kernel's own share of many connections shows in the raw loop. */
static void
measure_idle (void)
{
  const BenchPeer crowd_peers[] = {
    { "raw", serve_tcp_raw, NULL },
    { "pipe", serve_tcp_pipe, NULL },
    { "raw, with idle", serve_tcp_raw, NULL },
    { "pipe, with idle", serve_tcp_pipe, NULL },
  };
  TcpCrowd crowds[G_N_ELEMENTS (crowd_peers)];

  for (guint i = 0; i < G_N_ELEMENTS (crowd_peers); i++)
    tcp_crowd_open (&crowds[i], &crowd_peers[i], i < 2 ? N_FEW : N_FEW + N_MANY, TRUE);
  for (guint round = 0; round < bench_get_n_rounds (); round++)
    for (guint i = 0; i < G_N_ELEMENTS (crowd_peers); i++)
      {
        TcpResult result = tcp_crowd_talk (&crowds[i], 64, N_FEW);

        record (IDLE, crowd_peers[i].name, &result);
      }
  for (guint i = 0; i < G_N_ELEMENTS (crowd_peers); i++)
    tcp_crowd_close (&crowds[i]);
  bench_print ();
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
  const BenchPeer peer = { "pipe", serve_tcp_pipe, NULL };
  TcpCrowd        crowd;

  bench_shared->n_noted = N_MANY;
  tcp_crowd_open (&crowd, &peer, N_MANY, FALSE);
  record_memory (N_MANY);
  tcp_crowd_close (&crowd);
  bench_print ();
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
          fds[i] = tcp_connect (address, size);
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
measure_accept_of (const BenchPeer *peer)
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

static void
measure_accept (void)
{
  for (guint round = 0; round < bench_get_n_rounds (); round++)
    for (guint i = 0; i < G_N_ELEMENTS (peers); i++)
      measure_accept_of (&peers[i]);
  bench_print ();
}

int
main (int argc, char *argv[])
{
  bench_init (argc, argv);
  for (guint i = 0; i < G_N_ELEMENTS (numbers); i++)
    measure_number (numbers[i]);
  if (bench_wants (IDLE))
    measure_idle ();
  if (bench_wants (ACCEPT))
    measure_accept ();
  if (bench_wants (MEMORY))
    measure_memory ();
  return 0;
}
