/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#include "bench.h"

#include <aionet.h>
#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <stun/stunagent.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "../plugins/netns.h"

/* STUN answers by UDP under a flood of requests: this library's server, alone on an address and
 * with an alternate, between what cannot be undercut and what there is. "echo" is the floor of the
 * kernel; "bare" a loop of recvfrom and sendto around libnice's codec, which does nothing but the
 * answer; coturn takes part where it is installed. */

#define PORT 3478
#define N_AT_ONCE 32
#define N_UNDER_WAY 128
#define WARM_UP_SECONDS 0.1
#define MAX_RATE 1000000

static const guint8 request[20] = { 0x00, 0x01, 0x00, 0x00, 0x21, 0x12, 0xa4, 0x42, 'b', 'e' };
static guint8       answers[N_AT_ONCE][256];

static int
open_socket (void)
{
  struct sockaddr_in local = { .sin_family = AF_INET, .sin_port = htons (PORT) };
  int                fd = socket (AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);

  local.sin_addr.s_addr = htonl (INADDR_LOOPBACK);
  g_assert_cmpint (bind (fd, (struct sockaddr *) &local, sizeof local), ==, 0);
  return fd;
}

static void
serve_echo (int unused, gpointer data)
{
  int fd = open_socket ();

  for (;;)
    {
      struct sockaddr_storage from;
      socklen_t               size = sizeof from;
      guint8                  buffer[2048];
      gssize n = recvfrom (fd, buffer, sizeof buffer, 0, (struct sockaddr *) &from, &size);

      if (n >= 0)
        sendto (fd, buffer, (gsize) n, 0, (struct sockaddr *) &from, size);
    }
}

static gsize
answer (StunAgent               *agent,
        guint8                  *data,
        gsize                    length,
        struct sockaddr_storage *from,
        socklen_t                size,
        guint8                  *reply,
        gsize                    capacity)
{
  StunMessage question, message;

  if (stun_agent_validate (agent, &question, data, length, NULL, NULL) != STUN_VALIDATION_SUCCESS ||
      stun_message_get_class (&question) != STUN_REQUEST ||
      stun_message_get_method (&question) != STUN_BINDING ||
      !stun_agent_init_response (agent, &message, reply, capacity, &question))
    return 0;
  stun_message_append_xor_addr (&message, STUN_ATTRIBUTE_XOR_MAPPED_ADDRESS, from, size);
  return stun_agent_finish_message (agent, &message, NULL, 0);
}

static void
serve_bare (int unused, gpointer data)
{
  static const guint16 known[] = { 0 };
  int                  fd = open_socket ();
  StunAgent            agent;

  stun_agent_init (&agent, known, STUN_COMPATIBILITY_RFC5389, STUN_AGENT_USAGE_IGNORE_CREDENTIALS);
  for (;;)
    {
      struct sockaddr_storage from;
      socklen_t               size = sizeof from;
      guint8                  buffer[2048], reply[512];
      gssize n = recvfrom (fd, buffer, sizeof buffer, 0, (struct sockaddr *) &from, &size);
      gsize  length =
          n > 0 ? answer (&agent, buffer, (gsize) n, &from, size, reply, sizeof reply) : 0;

      if (length > 0)
        sendto (fd, reply, length, 0, (struct sockaddr *) &from, size);
    }
}

static AionetRoute *
new_route (const char *address)
{
  g_autoptr (AionetInterface) any = aionet_interface_new_default ();
  g_autoptr (AionetRoute) route = aionet_interface_get_route (any, G_SOCKET_FAMILY_IPV4, NULL);

  return aionet_route_bind_to (route, address, 0, NULL);
}

static void
serve_aionet (int unused, gpointer has_alternate)
{
  g_autoptr (GMainLoop) loop = g_main_loop_new (NULL, FALSE);
  g_autoptr (AionetStunServer) server = aionet_stun_server_new ();
  g_autoptr (AionetRoute) route = new_route ("127.0.0.1");
  g_autoptr (AionetRoute) alternate = has_alternate != NULL ? new_route ("127.0.0.2") : NULL;
  g_autoptr (GError) error = NULL;

  /* Not 0: each answer is to be accounted for. */
  aionet_stun_server_set_max_rate (server, MAX_RATE);
  aionet_stun_server_listen (server, route, alternate, &error);
  g_assert_no_error (error);
  g_main_loop_run (loop);
}

static void
serve_coturn (int unused, gpointer program)
{
  int null = open ("/dev/null", O_RDWR);

  dup2 (null, STDOUT_FILENO);
  dup2 (null, STDERR_FILENO);
  execl (program, program, "-n", "--stun-only", "--no-tls", "--no-dtls", "--no-cli", "-L",
         "127.0.0.1", "-p", G_STRINGIFY (PORT), "--pidfile", "/dev/null", "--userdb", "/dev/null",
         "--log-file=stdout", "--relay-threads", "1", NULL);
}

static int
connect_client (void)
{
  struct sockaddr_in   server = { .sin_family = AF_INET, .sin_port = htons (PORT) };
  const struct timeval patience = { 0, 20000 };
  const int            large = 4 * 1024 * 1024;
  int                  fd = socket (AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);

  server.sin_addr.s_addr = htonl (INADDR_LOOPBACK);
  setsockopt (fd, SOL_SOCKET, SO_RCVBUF, &large, sizeof large);
  setsockopt (fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
  g_assert_cmpint (connect (fd, (struct sockaddr *) &server, sizeof server), ==, 0);
  return fd;
}

static guint
ask (int fd)
{
  struct mmsghdr messages[N_AT_ONCE] = { 0 };
  struct iovec   iov = { (void *) request, sizeof request };
  int            n_sent;

  for (guint i = 0; i < N_AT_ONCE; i++)
    messages[i].msg_hdr = (struct msghdr){ .msg_iov = &iov, .msg_iovlen = 1 };
  n_sent = sendmmsg (fd, messages, N_AT_ONCE, 0);
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
      iov[i] = (struct iovec){ answers[i], sizeof answers[i] };
      messages[i].msg_hdr = (struct msghdr){ .msg_iov = &iov[i], .msg_iovlen = 1 };
    }
  n_heard = recvmmsg (fd, messages, N_AT_ONCE, MSG_WAITFORONE, NULL);
  return n_heard > 0 ? (guint) n_heard : 0;
}

/* Keeps so many under way that the server never waits; what is lost is forgotten soon. */
static guint64
flood (int fd, double seconds)
{
  guint64 n_answers = 0;
  guint   n_under_way = 0;
  double  end = bench_now () + seconds;

  while (bench_now () < end)
    {
      guint n;

      while (n_under_way + N_AT_ONCE <= N_UNDER_WAY)
        n_under_way += ask (fd);
      n = hear (fd);
      n_answers += n;
      n_under_way = n > 0 && n_under_way >= n ? n_under_way - n : 0;
    }
  return n_answers;
}

static void
wait_for_server (int fd)
{
  guint8 byte;

  for (guint i = 0; i < 500; i++)
    {
      if (send (fd, request, sizeof request, 0) > 0 && recv (fd, &byte, 1, 0) > 0)
        return;
      g_usleep (10000);
    }
  g_error ("A server does not answer");
}

static void
measure (const BenchPeer *peer)
{
  const char *name = "stun answers";
  pid_t       pid = bench_start (peer, -1);
  int         fd = connect_client ();
  double      cpu, start;
  guint64     n;

  wait_for_server (fd);
  flood (fd, WARM_UP_SECONDS);
  cpu = bench_get_cpu (pid);
  start = bench_now ();
  n = flood (fd, bench_get_seconds ());
  bench_record (name, peer->name, "answers/s", (double) n / (bench_now () - start));
  bench_record (name, peer->name, "us/answer", (bench_get_cpu (pid) - cpu) * 1e6 / (double) n);
  bench_stop (pid);
  close (fd);
}

int
main (int argc, char *argv[])
{
  g_autofree char *coturn = g_find_program_in_path ("turnserver");
  /* The first is what the others are measured by. */
  const BenchPeer peers[] = {
    { "bare", serve_bare, NULL },
    { "echo", serve_echo, NULL },
    { "aionet", serve_aionet, NULL },
    { "aionet-alternate", serve_aionet, GINT_TO_POINTER (TRUE) },
    { "coturn", serve_coturn, coturn },
  };
  const guint n_peers = G_N_ELEMENTS (peers) - (coturn == NULL);

  bench_init (argc, argv);
  netns_run ("ip link set lo up");
  for (guint round = 0; round < bench_get_n_rounds (); round++)
    for (guint i = 0; i < n_peers; i++)
      measure (&peers[i]);
  bench_print ();
  return 0;
}
