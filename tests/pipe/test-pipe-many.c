/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#include "config.h"

#include <arpa/inet.h>
#include <sys/ioctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "engine/aionet-reactor-private.h"
#include "pipe-helpers.h"
#include "pipe/aionet-pipe-private.h"

/* What a message costs does not depend on how many pipes are idle. What GLib does in a turn depends
 * on the sources of the context and on the descriptors it polls, so these are counted, and the
 * turns; time is only reported. */

#define TCP G_SOCKET_PROTOCOL_TCP
#define N_BUSY 10
#define N_IDLE 10000
#define N_ROUNDS 500
#define SIZE 64

typedef struct
{
  AionetPipe *server;        /* (owned) */
  GPtrArray  *clients;       /* (owned) */
  int         peers[N_BUSY]; /* of the first clients */
  guint       n_messages;
} Crowd;

typedef struct
{
  guint64 n_polls;
  guint64 n_polled;
  guint64 n_turns;
  guint   n_sources;
  gint64  cpu_ns;
} Work;

static guint64 n_polls, n_polled;

static int
poll_and_count (GPollFD *fds, guint n_fds, int timeout_ms)
{
  n_polls++;
  n_polled += n_fds;
  return g_poll (fds, n_fds, timeout_ms);
}

static void
echo (
    AionetPipe *pipe, const guint8 *data, gsize length, GSocketAddress *sender, gpointer user_data)
{
  g_autoptr (GBytes) bytes = g_bytes_new (data, length);

  g_assert_cmpuint (length, ==, SIZE);
  ((Crowd *) user_data)->n_messages++;
  g_assert_true (aionet_pipe_send (pipe, bytes, NULL, NULL));
}

static void
on_client (AionetPipe *server, AionetPipe *client, gpointer user_data)
{
  g_ptr_array_add (((Crowd *) user_data)->clients, g_object_ref (client));
}

static int
connect_raw (guint16 port)
{
  const struct sockaddr_in to = { .sin_family = AF_INET,
                                  .sin_port = htons (port),
                                  .sin_addr.s_addr = htonl (INADDR_LOOPBACK) };
  int                      fd = socket (AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

  if (fd >= 0 && connect (fd, (const struct sockaddr *) &to, sizeof to) == 0)
    return fd;
  if (fd >= 0)
    close (fd);
  return -1;
}

static guint16
get_port (AionetPipe *server)
{
  return g_inet_socket_address_get_port (
      G_INET_SOCKET_ADDRESS (aionet_pipe_get_local_address (server)));
}

static void
crowd_init (Crowd *self)
{
  g_autoptr (GSocket) socket = loopback_socket (TCP, G_SOCKET_FAMILY_IPV4);

  *self = (Crowd){ .clients = g_ptr_array_new_with_free_func (g_object_unref) };
  g_assert_cmpint (listen (g_socket_get_fd (socket), 4096), ==, 0);
  self->server = aionet_pipe_new_for_socket (socket, NULL);
  g_signal_connect (self->server, "client", G_CALLBACK (on_client), self);
  for (guint i = 0; i < N_BUSY; i++)
    {
      self->peers[i] = connect_raw (get_port (self->server));
      g_assert_cmpint (self->peers[i], >=, 0);
      while (self->clients->len <= i)
        g_main_context_iteration (NULL, TRUE);
      aionet_pipe_set_message_func (self->clients->pdata[i], echo, self, NULL);
    }
}

static void
crowd_clear (Crowd *self)
{
  g_object_unref (self->server);
  g_ptr_array_unref (self->clients);
  for (guint i = 0; i < N_BUSY; i++)
    close (self->peers[i]);
  g_assert_cmpuint (_aionet_reactor_get_n_watches (g_main_context_default ()), ==, 0);
}

/* The other ends of idle pipes live in a process of their own: one alone may not have as many
 * descriptors as both take. */
static void
be_idle (guint16 port, guint n, int control)
{
  guint n_connected = 0;
  char  byte;

  while (n_connected < n && connect_raw (port) >= 0)
    n_connected++;
  if (write (control, &n_connected, sizeof n_connected) == sizeof n_connected)
    while (read (control, &byte, 1) > 0)
      ;
  _exit (0);
}

/* As many descriptors as may be had. */
static guint
allow_idle (guint n)
{
  struct rlimit limit;

  g_assert_cmpint (getrlimit (RLIMIT_NOFILE, &limit), ==, 0);
  limit.rlim_cur = limit.rlim_max;
  g_assert_cmpint (setrlimit (RLIMIT_NOFILE, &limit), ==, 0);
  return (guint) MIN ((rlim_t) n, limit.rlim_cur - 100);
}

static void
accept_idle (Crowd *self, int control)
{
  guint n_connected = G_MAXUINT;

  while (self->clients->len < N_BUSY + (gsize) n_connected)
    {
      if (n_connected == G_MAXUINT)
        recv (control, &n_connected, sizeof n_connected, MSG_DONTWAIT);
      if (!g_main_context_iteration (NULL, FALSE))
        g_usleep (100);
    }
}

static pid_t
start_idle (Crowd *self, int *control)
{
  const guint n = allow_idle (N_IDLE);
  int         ends[2];
  pid_t       child;

  g_assert_cmpint (socketpair (AF_UNIX, SOCK_STREAM, 0, ends), ==, 0);
  child = fork ();
  g_assert_cmpint (child, >=, 0);
  if (child == 0)
    {
      close (ends[0]);
      be_idle (get_port (self->server), n, ends[1]);
    }
  close (ends[1]);
  *control = ends[0];
  accept_idle (self, *control);
  if (self->clients->len < N_BUSY + N_IDLE)
    g_test_message ("scaled down: no more than %u descriptors", n);
  return child;
}

static void
stop_idle (pid_t child, int control)
{
  close (control);
  g_assert_cmpint (waitpid (child, NULL, 0), ==, child);
}

/* A softirq may deliver later on a busy machine, and make two turns of one. */
static void
wait_until_readable (AionetPipe *pipe)
{
  int n = 0;

  while (ioctl (pipe->fd, FIONREAD, &n) == 0 && n < SIZE)
    g_thread_yield ();
}

static void
play_round (Crowd *self)
{
  char        buffer[SIZE] = { 0 };
  const guint n_before = self->n_messages;

  for (guint i = 0; i < N_BUSY; i++)
    g_assert_cmpint (write (self->peers[i], buffer, SIZE), ==, SIZE);
  for (guint i = 0; i < N_BUSY; i++)
    wait_until_readable (self->clients->pdata[i]);
  while (self->n_messages < n_before + N_BUSY)
    g_main_context_iteration (NULL, TRUE);
  for (guint i = 0; i < N_BUSY; i++)
    g_assert_cmpint (recv (self->peers[i], buffer, SIZE, MSG_WAITALL), ==, SIZE);
}

static gint64
get_cpu_ns (void)
{
  struct timespec now;

  clock_gettime (CLOCK_THREAD_CPUTIME_ID, &now);
  return now.tv_sec * G_GINT64_CONSTANT (1000000000) + now.tv_nsec;
}

static gboolean
do_nothing (gpointer user_data)
{
  return G_SOURCE_REMOVE;
}

static guint
count_sources (void)
{
  g_autoptr (GSource) last = g_idle_source_new ();
  guint n = 0, last_id;

  g_source_set_callback (last, do_nothing, NULL, NULL);
  last_id = g_source_attach (last, NULL);
  for (guint id = 1; id < last_id; id++)
    n += g_main_context_find_source_by_id (NULL, id) != NULL;
  g_source_destroy (last);
  return n;
}

static Work
measure (Crowd *self)
{
  Work work = { .n_sources = count_sources () };

  play_round (self);
  work.n_polls = n_polls;
  work.n_polled = n_polled;
  work.n_turns = _aionet_reactor_get_n_turns (g_main_context_default ());
  work.cpu_ns = get_cpu_ns ();
  for (guint i = 0; i < N_ROUNDS; i++)
    play_round (self);
  work.n_polls = n_polls - work.n_polls;
  work.n_polled = n_polled - work.n_polled;
  work.n_turns = _aionet_reactor_get_n_turns (g_main_context_default ()) - work.n_turns;
  work.cpu_ns = get_cpu_ns () - work.cpu_ns;
  g_test_message ("%u pipes: %u sources; per 1000 messages %" G_GUINT64_FORMAT
                  " polls of %" G_GUINT64_FORMAT " descriptors, %" G_GUINT64_FORMAT
                  " turns; %" G_GINT64_FORMAT " ns of CPU a message, both ends",
                  self->clients->len, work.n_sources, work.n_polls * 1000 / (N_ROUNDS * N_BUSY),
                  work.n_polled * 1000 / (N_ROUNDS * N_BUSY),
                  work.n_turns * 1000 / (N_ROUNDS * N_BUSY), work.cpu_ns / (N_ROUNDS * N_BUSY));
  return work;
}

static void
test_idle_cost_nothing (void)
{
  Crowd crowd;
  Work  few, many;
  pid_t child;
  int   control;

  g_test_summary ("10 000 idle pipes add no work to a message of the 10 busy ones");

  g_main_context_set_poll_func (NULL, poll_and_count);
  crowd_init (&crowd);
  few = measure (&crowd);
  child = start_idle (&crowd, &control);
  many = measure (&crowd);
  g_assert_cmpuint (many.n_sources, ==, few.n_sources);
  /* One turn serves all that is ready; the slack is for a signal or two. */
  g_assert_cmpuint (few.n_turns, <=, N_ROUNDS + N_ROUNDS / 20);
  g_assert_cmpuint (many.n_turns, <=, N_ROUNDS + N_ROUNDS / 20);
  g_assert_cmpuint (many.n_polls, <=, few.n_polls + few.n_polls / 20);
  g_assert_cmpuint (many.n_polled, <=, few.n_polled + few.n_polled / 20);
  crowd_clear (&crowd);
  stop_idle (child, control);
  g_main_context_set_poll_func (NULL, NULL);
}

/* Every pipe is ready again as soon as it was served. */
typedef struct
{
  GPtrArray *pipes; /* (owned) */
  int       *peers; /* (owned) */
  gint64     due_us;
  guint      n_late; /* events since the timer was due */
  guint      n_max_late;
  guint      n_fired;
} Flood;

#define N_FLOODED 100
#define N_TIMERS 300

static void
on_flood (
    AionetPipe *pipe, const guint8 *data, gsize length, GSocketAddress *sender, gpointer user_data)
{
  Flood *flood = user_data;
  guint  i;

  if (flood->due_us > 0 && g_get_monotonic_time () >= flood->due_us)
    flood->n_late++;
  g_assert_true (g_ptr_array_find (flood->pipes, pipe, &i));
  g_assert_cmpint (write (flood->peers[i], "x", 1), ==, 1);
}

static gboolean
on_timer (gpointer user_data)
{
  Flood *flood = user_data;

  flood->n_max_late = MAX (flood->n_max_late, flood->n_late);
  flood->n_fired++;
  flood->due_us = 0;
  return G_SOURCE_REMOVE;
}

static void
flood_init (Flood *self)
{
  Crowd crowd;

  crowd_init (&crowd);
  *self = (Flood){ .pipes = g_ptr_array_new_with_free_func (g_object_unref),
                   .peers = g_new (int, N_FLOODED) };
  for (guint i = 0; i < N_FLOODED; i++)
    {
      self->peers[i] = connect_raw (get_port (crowd.server));
      while (crowd.clients->len <= N_BUSY + i)
        g_main_context_iteration (NULL, TRUE);
      g_ptr_array_add (self->pipes, g_object_ref (crowd.clients->pdata[N_BUSY + i]));
      aionet_pipe_set_message_func (self->pipes->pdata[i], on_flood, self, NULL);
      g_assert_cmpint (write (self->peers[i], "x", 1), ==, 1);
    }
  g_object_unref (crowd.server);
  g_ptr_array_unref (crowd.clients);
  for (guint i = 0; i < N_BUSY; i++)
    close (crowd.peers[i]);
}

static void
test_timer_is_not_late (void)
{
  Flood   flood;
  guint64 n_turns;

  g_test_summary ("A timer waits for one batch of a flood at most");

  flood_init (&flood);
  for (guint i = 0; i < N_TIMERS; i++)
    {
      g_autoptr (GSource) timer = g_timeout_source_new (1 + i % 3);

      g_source_set_callback (timer, on_timer, &flood, NULL);
      g_source_attach (timer, NULL);
      flood.n_late = 0;
      flood.due_us = g_source_get_ready_time (timer);
      while (flood.n_fired == i)
        g_main_context_iteration (NULL, TRUE);
    }
  n_turns = _aionet_reactor_get_n_turns (g_main_context_default ());
  g_test_message ("%u timers in %" G_GUINT64_FORMAT " turns: at most %u events late", N_TIMERS,
                  n_turns, flood.n_max_late);
  g_assert_cmpuint (n_turns, >, N_TIMERS);
  g_assert_cmpuint (flood.n_max_late, <=, AIONET_REACTOR_BATCH);
  g_ptr_array_unref (flood.pipes);
  for (guint i = 0; i < N_FLOODED; i++)
    close (flood.peers[i]);
  g_free (flood.peers);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/aionet/pipe-many/idle-cost-nothing", test_idle_cost_nothing);
  g_test_add_func ("/aionet/pipe-many/timer-is-not-late", test_timer_is_not_late);
  return g_test_run ();
}
