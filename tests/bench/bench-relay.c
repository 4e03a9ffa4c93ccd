/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#include "bench.h"

#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <sys/epoll.h>
#include <sys/wait.h>
#include <unistd.h>

#include "relay-peers.h"

/* TCP relays: bulk in one direction, and 64-byte round trips. This process is client and target
 * alike, on one core; the relay has the other. */

#define MAX_STREAMS 100
#define N_EVENTS 128
#define CHUNK (256 * 1024)
#define PING 64
#define WARM_UP_SECONDS 0.1
#define START_SECONDS 5.0
#define GIB 1073741824.0

typedef struct
{
  const char *name;
  BenchServe  serve;
  gboolean    splices;
  gboolean    is_forking; /* its time cannot be told */
  const char *program;    /* (nullable) */
} Relay;

typedef struct
{
  const char *name;
  guint       n_streams;
  gboolean    is_ping;
} Load;

static const Load loads[] = {
  { "relay bulk, 1 stream", 1, FALSE },
  { "relay bulk, 16 streams", 16, FALSE },
  { "relay ping, 100 connections", 100, TRUE },
};

static const Relay relays[] = {
  { "raw-splice", serve_relay_raw, TRUE, FALSE, NULL },
  { "raw-copy", serve_relay_raw, FALSE, FALSE, NULL },
  { "pipe", serve_relay_pipe, FALSE, FALSE, NULL },
  { "haproxy-splice", serve_relay_haproxy, TRUE, FALSE, "haproxy" },
  { "haproxy", serve_relay_haproxy, FALSE, FALSE, "haproxy" },
  { "nginx", serve_relay_nginx, FALSE, FALSE, "nginx" },
  { "socat", serve_relay_socat, FALSE, TRUE, "socat" },
};

/* Both ends of every connection through the relay. */
typedef struct
{
  int     epoll;
  guint   n;
  int     clients[MAX_STREAMS];
  int     targets[MAX_STREAMS];
  guint64 n_bytes; /* that reached their end */
} Ends;

static guint8 buffer[CHUNK];

static int
connect_when_ready (const struct sockaddr_in *address)
{
  const int    on = 1;
  const double end = bench_now () + START_SECONDS;

  while (bench_now () < end)
    {
      int fd = socket (AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

      if (connect (fd, (const struct sockaddr *) address, sizeof *address) == 0)
        {
          setsockopt (fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
          fcntl (fd, F_SETFL, O_NONBLOCK);
          return fd;
        }
      close (fd);
      g_usleep (10000);
    }
  return -1;
}

static void
watch (int epoll, int fd, guint32 events, guint32 index, gboolean is_target)
{
  struct epoll_event event = { .events = events, .data.u64 = index * 2 + (is_target ? 1 : 0) };

  epoll_ctl (epoll, EPOLL_CTL_ADD, fd, &event);
}

static gboolean
ends_open (Ends *self, const Load *load, int target, const struct sockaddr_in *relay)
{
  const int on = 1;

  *self = (Ends){ .epoll = epoll_create1 (EPOLL_CLOEXEC) };
  for (guint i = 0; i < load->n_streams; i++)
    {
      self->clients[i] = connect_when_ready (relay);
      if (self->clients[i] < 0)
        return FALSE;
      /* A relay may connect at the first byte only; none does so later. */
      self->targets[i] = accept4 (target, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
      setsockopt (self->targets[i], IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
      self->n++;
      watch (self->epoll, self->clients[i], load->is_ping ? EPOLLIN : EPOLLOUT, i, FALSE);
      watch (self->epoll, self->targets[i], EPOLLIN, i, TRUE);
    }
  return TRUE;
}

static void
ends_close (Ends *self)
{
  for (guint i = 0; i < self->n; i++)
    {
      close (self->clients[i]);
      close (self->targets[i]);
    }
  close (self->epoll);
}

static void
push_bulk (Ends *self, guint64 key)
{
  gssize n;

  if (key % 2 == 0)
    send (self->clients[key / 2], buffer, CHUNK, MSG_DONTWAIT | MSG_NOSIGNAL);
  else
    {
      /* TCP: thrown away where it is. */
      n = recv (self->targets[key / 2], NULL, 4 * CHUNK, MSG_DONTWAIT | MSG_TRUNC);
      self->n_bytes += n > 0 ? (guint64) n : 0;
    }
}

static void
push_ping (Ends *self, guint64 key)
{
  int    fd = key % 2 == 0 ? self->clients[key / 2] : self->targets[key / 2];
  gssize n = recv (fd, buffer, PING, MSG_DONTWAIT);

  if (n <= 0)
    return;
  self->n_bytes += key % 2 == 0 ? (guint64) n : 0;
  send (fd, buffer, (gsize) n, MSG_DONTWAIT | MSG_NOSIGNAL);
}

static void
drive (Ends *self, const Load *load, double seconds)
{
  struct epoll_event events[N_EVENTS];
  const double       end = bench_now () + seconds;

  while (bench_now () < end)
    {
      int n = epoll_wait (self->epoll, events, N_EVENTS, 100);

      for (int i = 0; i < n; i++)
        if (load->is_ping)
          push_ping (self, events[i].data.u64);
        else
          push_bulk (self, events[i].data.u64);
    }
}

static void
measure (Ends *ends, const Load *load, const Relay *relay, pid_t pid)
{
  double began, cpu, n;

  for (guint i = 0; load->is_ping && i < ends->n; i++)
    send (ends->clients[i], buffer, PING, MSG_NOSIGNAL);
  drive (ends, load, WARM_UP_SECONDS);
  ends->n_bytes = 0;
  began = bench_now ();
  cpu = bench_get_cpu (pid);
  drive (ends, load, bench_get_seconds () * 2);
  cpu = bench_get_cpu (pid) - cpu;
  n = (double) ends->n_bytes / (load->is_ping ? PING : GIB);
  bench_record (load->name, relay->name, load->is_ping ? "round trips/s" : "GiB/s",
                n / (bench_now () - began));
  if (!relay->is_forking && n > 0)
    bench_record (load->name, relay->name, load->is_ping ? "CPU us/round trip" : "CPU s/GiB",
                  load->is_ping ? cpu / n * 1e6 : cpu / n);
}

static void
remove_config (pid_t pid)
{
  g_autofree char *path =
      g_strdup_printf ("%s/aionet-bench-relay-%d.conf", g_get_tmp_dir (), (int) pid);

  unlink (path);
}

static void
run_relay (const Relay *relay, const Load *load, const char *program)
{
  struct sockaddr_in target_address, address;
  socklen_t          size = sizeof target_address;
  int       target = bench_listen (SOCK_STREAM, (struct sockaddr *) &target_address, &size);
  int       fd = bench_listen (SOCK_STREAM, (struct sockaddr *) &address, &size);
  RelayPeer data = { ntohs (address.sin_port), ntohs (target_address.sin_port), relay->splices,
                     program };
  BenchPeer peer = { relay->name, relay->serve, &data };
  pid_t     pid;
  Ends      ends;

  /* Who connects before the program listens must not be let in by this. */
  if (program != NULL)
    close (fd);
  pid = bench_start (&peer, program != NULL ? -1 : fd);
  if (program == NULL)
    close (fd);
  if (ends_open (&ends, load, target, &address))
    measure (&ends, load, relay, pid);
  else
    g_print ("# %s does not start\n", relay->name);
  ends_close (&ends);
  close (target);
  bench_stop (pid);
  remove_config (pid);
}

static void
measure_load (const Load *load)
{
  for (guint round = 0; round < bench_get_n_rounds (); round++)
    for (guint i = 0; i < G_N_ELEMENTS (relays); i++)
      {
        g_autofree char *program =
            relays[i].program != NULL ? g_find_program_in_path (relays[i].program) : NULL;

        if (program != NULL || relays[i].program == NULL)
          run_relay (&relays[i], load, program);
      }
  bench_print ();
}

int
main (int argc, char *argv[])
{
  bench_init (argc, argv);
  for (guint i = 0; i < G_N_ELEMENTS (loads); i++)
    if (bench_wants (loads[i].name))
      measure_load (&loads[i]);
  return 0;
}
