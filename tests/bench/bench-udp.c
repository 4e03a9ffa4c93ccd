/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#include "bench.h"

#include <aionet.h>
#include <errno.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <signal.h>
#include <unistd.h>

/* UDP: echo under a flood of single datagrams, and bulk in one direction. */

#define N_AT_ONCE 32
#define N_UNDER_WAY 128
#define MAX_SIZE 1200
#define WARM_UP_SECONDS 0.05

static const guint     sizes[] = { 64, MAX_SIZE };

static const BenchPeer echo_peers[] = {
  { "raw", serve_udp_raw, NULL },
#ifdef HAVE_UV
  { "libuv", serve_udp_uv, NULL },
#endif
  { "pipe", serve_udp_pipe, NULL }, { "pipe-signal", serve_udp_pipe, GINT_TO_POINTER (TRUE) },
  { "gio", serve_udp_gio, NULL },
};

static guint8 content[MAX_SIZE];
static guint8 answers[N_AT_ONCE][MAX_SIZE];

static int
connect_client (const struct sockaddr *address, socklen_t size)
{
  const int large = 4 * 1024 * 1024;
  int       fd = socket (AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);

  setsockopt (fd, SOL_SOCKET, SO_RCVBUF, &large, sizeof large);
  setsockopt (fd, SOL_SOCKET, SO_SNDBUF, &large, sizeof large);
  g_assert_cmpint (connect (fd, address, size), ==, 0);
  return fd;
}

static guint
ask (int fd, guint size, guint n)
{
  struct mmsghdr messages[N_AT_ONCE] = { 0 };
  struct iovec   iov = { content, size };
  int            n_sent;

  for (guint i = 0; i < n; i++)
    messages[i].msg_hdr = (struct msghdr){ .msg_iov = &iov, .msg_iovlen = 1 };
  n_sent = sendmmsg (fd, messages, n, 0);
  return n_sent > 0 ? (guint) n_sent : 0;
}

static guint
hear (int fd)
{
  struct mmsghdr messages[N_AT_ONCE] = { 0 };
  struct iovec   iov[N_AT_ONCE];
  int            n_heard;

  for (guint i = 0; i < N_AT_ONCE; i++)
    {
      iov[i] = (struct iovec){ answers[i], MAX_SIZE };
      messages[i].msg_hdr = (struct msghdr){ .msg_iov = &iov[i], .msg_iovlen = 1 };
    }
  n_heard = recvmmsg (fd, messages, N_AT_ONCE, MSG_WAITFORONE, NULL);
  return n_heard > 0 ? (guint) n_heard : 0;
}

/* Keeps so many under way that the server never waits; what is lost is forgotten soon. */
static guint64
flood (int fd, guint size, double seconds)
{
  const struct timeval patience = { 0, 20000 };
  guint64              n_answers = 0;
  guint                n_under_way = 0;
  double               end = bench_now () + seconds;

  setsockopt (fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
  while (bench_now () < end)
    {
      guint n;

      while (n_under_way + N_AT_ONCE <= N_UNDER_WAY)
        n_under_way += ask (fd, size, N_AT_ONCE);
      n = hear (fd);
      n_answers += n;
      n_under_way = n > 0 && n_under_way >= n ? n_under_way - n : 0;
    }
  return n_answers;
}

static void
measure_echo (const char *name, guint datagram_size, const BenchPeer *peer)
{
  struct sockaddr_storage address;
  socklen_t               size = sizeof address;
  int                     server = bench_listen (SOCK_DGRAM, (struct sockaddr *) &address, &size);
  int                     fd = connect_client ((struct sockaddr *) &address, size);
  pid_t                   pid = bench_start (peer, server);
  double                  cpu, start;
  guint64                 n;

  flood (fd, datagram_size, WARM_UP_SECONDS);
  cpu = bench_get_cpu (pid);
  start = bench_now ();
  n = flood (fd, datagram_size, bench_get_seconds ());
  bench_record (name, peer->name, "us/msg", (bench_get_cpu (pid) - cpu) * 1e6 / (double) n);
  bench_record (name, peer->name, "msg/s", (double) n / (bench_now () - start));
  bench_stop (pid);
  close (server);
  close (fd);
}

static void
pour_raw (int fd, guint size)
{
  for (;;)
    if (send (fd, content, size, 0) < 0 && errno != ECONNREFUSED)
      return;
}

typedef struct
{
  AionetPipe *pipe;
  guint       size;
  GBytes     *messages[N_UNDER_WAY];
} Pouring;

static gboolean
on_turn (gpointer user_data)
{
  Pouring *self = user_data;

  for (guint i = 0; i < N_UNDER_WAY; i++)
    if (!aionet_pipe_send_data (self->pipe, content, self->size, NULL, NULL))
      break;
  return G_SOURCE_CONTINUE;
}

static gboolean
on_turn_many (gpointer user_data)
{
  Pouring *self = user_data;

  aionet_pipe_send_many (self->pipe, self->messages, N_UNDER_WAY, NULL, NULL);
  return G_SOURCE_CONTINUE;
}

static void
pour_pipe (int fd, guint size, gboolean many)
{
  g_autoptr (GMainLoop) loop = g_main_loop_new (NULL, FALSE);
  g_autoptr (GSocket) socket = g_socket_new_from_fd (fd, NULL);
  g_autoptr (AionetPipe) pipe = NULL;
  Pouring pouring = { NULL, size, { NULL } };

  g_socket_set_blocking (socket, FALSE);
  pipe = aionet_pipe_new_for_socket (socket, NULL);
  pouring.pipe = pipe;
  for (guint i = 0; i < N_UNDER_WAY; i++)
    pouring.messages[i] = g_bytes_new_static (content, size);
  g_idle_add_full (G_PRIORITY_DEFAULT, many ? on_turn_many : on_turn, &pouring, NULL);
  g_main_loop_run (loop);
}

static pid_t
start_pouring (int fd, guint size, const BenchPeer *peer)
{
  pid_t pid = fork ();

  if (pid > 0)
    return pid;
  prctl (PR_SET_PDEATHSIG, SIGKILL);
  if (peer->serve == serve_sink_raw)
    pour_raw (fd, size);
  else
    pour_pipe (fd, size, peer->data != NULL);
  _exit (0);
}

static void
measure_bulk (const char *name, guint datagram_size, const BenchPeer *peer)
{
  struct sockaddr_storage address;
  socklen_t               size = sizeof address;
  int                     server = bench_listen (SOCK_DGRAM, (struct sockaddr *) &address, &size);
  int                     fd = connect_client ((struct sockaddr *) &address, size);
  pid_t                   pid = bench_start (peer, server);
  pid_t                   sender = start_pouring (fd, datagram_size, peer);
  double                  cpu, sender_cpu, start;
  guint64                 n;

  g_usleep ((gulong) (WARM_UP_SECONDS * 1e6));
  n = bench_shared->n_received;
  cpu = bench_get_cpu (pid);
  sender_cpu = bench_get_cpu (sender);
  start = bench_now ();
  g_usleep ((gulong) (bench_get_seconds () * 1e6));
  n = bench_shared->n_received - n;
  bench_record (name, peer->name, "msg/s", (double) n / (bench_now () - start));
  bench_record (name, peer->name, "us/msg", (bench_get_cpu (pid) - cpu) * 1e6 / (double) n);
  bench_record (name, peer->name, "us/msg of the sender",
                (bench_get_cpu (sender) - sender_cpu) * 1e6 / (double) n);
  bench_stop (sender);
  bench_stop (pid);
  close (server);
  close (fd);
}

static void
measure_size (guint size)
{
  const BenchPeer sinks[] = {
    { "raw", serve_sink_raw, NULL },
    { "pipe", serve_sink_pipe, NULL },
    { "pipe-many", serve_sink_pipe, GINT_TO_POINTER (TRUE) },
  };
  g_autofree char *echo = g_strdup_printf ("udp echo flood %u B", size);
  g_autofree char *bulk = g_strdup_printf ("udp bulk %u B", size);

  for (guint round = 0; round < bench_get_n_rounds () && bench_wants (echo); round++)
    for (guint i = 0; i < G_N_ELEMENTS (echo_peers); i++)
      measure_echo (echo, size, &echo_peers[i]);
  bench_print ();
  for (guint round = 0; round < bench_get_n_rounds () && bench_wants (bulk); round++)
    for (guint i = 0; i < G_N_ELEMENTS (sinks); i++)
      measure_bulk (bulk, size, &sinks[i]);
  bench_print ();
}

int
main (int argc, char *argv[])
{
  bench_init (argc, argv);
  for (guint i = 0; i < G_N_ELEMENTS (sizes); i++)
    measure_size (sizes[i]);
  return 0;
}
