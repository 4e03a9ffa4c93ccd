/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#include "bench.h"

#include <aionet.h>
#include <string.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

/* One UDP pipe with so many subscriptions, of which one gets every message and answers it. */

#define LITERAL_OFFSET 8
#define LITERAL_LENGTH 12
#define MESSAGE_LENGTH 64
#define N_UNDER_WAY 64
#define WARM_UP_SECONDS 0.05

typedef struct
{
  guint           n;
  gboolean        by_sender;
  GSocketAddress *client; /* (owned) who sends */
} Crowd;

static const guint numbers[] = { 10, 1000, 10000 };

static guint8      message[MESSAGE_LENGTH];

static void
on_message (AionetSubscription *subscription, AionetMessage *received, gpointer pipe)
{
  aionet_pipe_send (pipe, aionet_message_get_bytes (received), aionet_message_get_sender (received),
                    NULL);
}

static GBytes *
new_literal (guint i)
{
  guint8 literal[LITERAL_LENGTH] = { (guint8) (i >> 8), (guint8) i, 1, 2, 3, 4, 5, 6, 7 };

  return g_bytes_new (literal, sizeof literal);
}

static AionetSubscription *
subscribe (const Crowd *self, AionetPipe *pipe, guint i)
{
  g_autoptr (GInetAddress) other = NULL;
  g_autoptr (GSocketAddress) sender = NULL;
  g_autoptr (GBytes) literal = new_literal (i);
  const guint8 bytes[4] = { 10, 1, (guint8) (i >> 8), (guint8) i };

  if (!self->by_sender)
    return aionet_pipe_subscribe_literal (pipe, literal, LITERAL_OFFSET, NULL, NULL);
  other = g_inet_address_new_from_bytes (bytes, G_SOCKET_FAMILY_IPV4);
  sender = g_inet_socket_address_new (other, 4000);
  return aionet_pipe_subscribe (pipe, NULL, i == 0 ? self->client : sender, NULL);
}

static void
serve_crowd (int fd, gpointer data)
{
  const Crowd *self = data;
  g_autoptr (GMainLoop) loop = g_main_loop_new (NULL, FALSE);
  g_autoptr (GPtrArray) subscriptions = g_ptr_array_new_with_free_func (g_object_unref);
  g_autoptr (GSocket) socket = g_socket_new_from_fd (fd, NULL);
  g_autoptr (AionetPipe) pipe = NULL;

  g_socket_set_blocking (socket, FALSE);
  pipe = aionet_pipe_new_for_socket (socket, NULL);
  for (guint i = 0; i < self->n; i++)
    g_ptr_array_add (subscriptions, subscribe (self, pipe, i));
  g_signal_connect (subscriptions->pdata[0], "message", G_CALLBACK (on_message), pipe);
  g_main_loop_run (loop);
}

static guint64
flood (int fd, double seconds)
{
  const struct timeval patience = { 0, 20000 };
  guint64              n_answers = 0;
  guint                n_under_way = 0;
  double               end = bench_now () + seconds;

  setsockopt (fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
  while (bench_now () < end)
    {
      guint8 answer[MESSAGE_LENGTH];

      for (; n_under_way < N_UNDER_WAY; n_under_way++)
        send (fd, message, sizeof message, 0);
      if (recv (fd, answer, sizeof answer, 0) < 0)
        n_under_way = 0;
      else
        {
          n_answers++;
          n_under_way--;
        }
    }
  return n_answers;
}

static GSocketAddress *
get_name (int fd)
{
  struct sockaddr_storage address;
  socklen_t               size = sizeof address;

  getsockname (fd, (struct sockaddr *) &address, &size);
  return g_socket_address_new_from_native (&address, size);
}

static void
measure (guint n, gboolean by_sender)
{
  g_autofree char        *peer_name = g_strdup_printf ("%u", n);
  const char             *name = by_sender ? "subscriptions by sender" : "subscriptions by literal";
  struct sockaddr_storage address;
  socklen_t               size = sizeof address;
  int                     server = bench_listen (SOCK_DGRAM, (struct sockaddr *) &address, &size);
  int                     fd = socket (AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  Crowd                   crowd = { n, by_sender, NULL };
  const BenchPeer         peer = { peer_name, serve_crowd, &crowd };
  double                  cpu;
  guint64                 n_answers;
  pid_t                   pid;

  g_assert_cmpint (connect (fd, (struct sockaddr *) &address, size), ==, 0);
  crowd.client = get_name (fd);
  pid = bench_start (&peer, server);
  flood (fd, WARM_UP_SECONDS);
  cpu = bench_get_cpu (pid);
  n_answers = flood (fd, bench_get_seconds ());
  bench_record (name, peer_name, "us/msg", (bench_get_cpu (pid) - cpu) * 1e6 / (double) n_answers);
  bench_stop (pid);
  g_object_unref (crowd.client);
  close (server);
  close (fd);
}

static void
measure_kind (gboolean by_sender)
{
  for (guint round = 0; round < bench_get_n_rounds (); round++)
    for (guint i = 0; i < G_N_ELEMENTS (numbers); i++)
      measure (numbers[i], by_sender);
  bench_print ();
}

int
main (int argc, char *argv[])
{
  g_autoptr (GBytes) literal = new_literal (0);

  memcpy (message + LITERAL_OFFSET, g_bytes_get_data (literal, NULL), LITERAL_LENGTH);
  bench_init (argc, argv);
  measure_kind (FALSE);
  measure_kind (TRUE);
  return 0;
}
