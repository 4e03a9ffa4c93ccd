/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#include "config.h"

#include <arpa/inet.h>
#include <malloc.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "daemon-helpers.h"
#include "engine/aionet-reactor-private.h"
#include "pipe/aionet-pipe-private.h"
#include "soak-steps.h"

/* Everything at once: pipes, subscriptions and relays, a daemon with signals and limits, one with
 * workers, both protocols; opened, cancelled, flooded, half-closed, reset, closed, dropped here and
 * in other threads, also from callbacks. Nothing is expected of a step; what counts is what is left
 * after each round: nothing.
 *
 * --seed repeats what the main thread does. AIONET_SOAK_SECONDS: at least so long. */

#define TCP G_SOCKET_PROTOCOL_TCP
#define UDP G_SOCKET_PROTOCOL_UDP
#define N_ROUNDS 5
#define N_STEPS 800
#define MAX_RAW 12
#define N_WORKERS 3
/* What tables keep differs a little; meson.build turns the caches of the allocators off. */
#define MAX_GROWTH (128 * 1024)

typedef struct
{
  SoakPool      pool;
  AionetDaemon *daemons[2]; /* (owned) with signals, with workers */
  guint16       ports[2];
  GPtrArray    *threads;      /* (owned) that drop pipes */
  int           raw[MAX_RAW]; /* -1: none */
  guint         n_clients;    /* of the daemon with signals */
  guint         n_gone;
} Soak;

/* Of the whole run. */
static guint n_opened, n_messages;
/* Of other threads too. (atomic) */
static int n_alive, n_worker_messages, n_resets, n_joined, n_refused;

static void
on_gone (gpointer user_data, GObject *where)
{
  g_atomic_int_add (&n_alive, -1);
}

static void
count_alive (AionetPipe *pipe)
{
  g_atomic_int_inc (&n_alive);
  g_object_weak_ref (G_OBJECT (pipe), on_gone, NULL);
}

/* A relay keeps its pipes until one of them ends. */
static void
leave (SoakPool *pool, AionetPipe *pipe)
{
  if (pipe->relay != NULL)
    aionet_pipe_close (pipe);
  g_ptr_array_remove_fast (pool->pipes, pipe);
}

static gpointer
drop (gpointer pipe)
{
  g_object_unref (pipe);
  return NULL;
}

static void
drop_elsewhere (Soak *soak, AionetPipe *pipe)
{
  g_object_ref (pipe);
  leave (&soak->pool, pipe);
  g_ptr_array_add (soak->threads, g_thread_new ("dropper", drop, pipe));
}

static void
disturb (SoakPool *pool, AionetPipe *pipe)
{
  Soak       *soak = (Soak *) pool;
  AionetPipe *other = soak_pick_pipe (pool);

  switch (soak_pick (4))
    {
    case 0:
      aionet_pipe_close (pipe);
      break;
    case 1:
      leave (pool, pipe);
      break;
    case 2:
      if (other != NULL && soak->threads->len < 50)
        drop_elsewhere (soak, other);
      break;
    default:
      if (other == NULL || !g_ptr_array_find (pool->pipes, pipe, NULL))
        break;
      if (soak_pick (3) == 0)
        aionet_pipe_unforward (pipe, other);
      else if (aionet_pipe_forward (pipe, other, NULL))
        g_atomic_int_inc (&n_joined);
    }
}

static void
maybe_disturb (SoakPool *pool, AionetPipe *pipe)
{
  if (soak_pick (30) == 0)
    disturb (pool, pipe);
}

static void
on_client (AionetDaemon *daemon, AionetPipe *client, gpointer user_data)
{
  ((Soak *) user_data)->n_clients++;
  count_alive (client);
  if (soak_pick (20) == 0)
    aionet_pipe_close (client);
}

static void
on_client_closed (AionetDaemon *daemon, AionetPipe *client, const GError *error, gpointer user_data)
{
  ((Soak *) user_data)->n_gone++;
}

static void
on_daemon_message (AionetDaemon *daemon, AionetPipe *pipe, AionetMessage *message, gpointer data)
{
  aionet_pipe_send (pipe, aionet_message_get_bytes (message), aionet_message_get_sender (message),
                    NULL);
  if (soak_pick (50) == 0 && !aionet_pipe_is_server (pipe))
    aionet_pipe_close (pipe);
}

/* In the threads of the workers. */
static void
on_worker_message (
    AionetPipe *pipe, const guint8 *data, gsize length, GSocketAddress *sender, gpointer user_data)
{
  int n = g_atomic_int_add (&n_worker_messages, 1);

  if (g_object_get_data (G_OBJECT (pipe), "seen") == NULL)
    {
      g_object_set_data (G_OBJECT (pipe), "seen", pipe);
      count_alive (pipe);
    }
  aionet_pipe_send_data (pipe, data, length, sender, NULL);
  if (n % 50 == 0 && !aionet_pipe_is_server (pipe))
    aionet_pipe_close (pipe);
}

static void
step_open (Soak *soak)
{
  g_autofree char *target = g_strdup_printf ("127.0.0.1:%u", soak->ports[soak_pick (2)]);
  gboolean         is_dead = soak_pick (8) == 0;
  g_autoptr (AionetPipe) pipe = NULL;

  if (soak_is_full (&soak->pool))
    return;
  pipe = aionet_pipe_new (soak_pick (3) == 0 ? UDP : TCP, is_dead ? "127.0.0.1:1" : target, NULL);
  count_alive (pipe);
  soak_open (&soak->pool, pipe);
}

static void
step_limits (Soak *soak)
{
  AionetDaemon *daemon = soak->daemons[soak_pick (2)];

  aionet_daemon_set_max_clients (daemon, soak_pick (2) == 0 ? 0 : 4 + soak_pick (20));
  aionet_daemon_set_max_clients_per_address (daemon, soak_pick (2) == 0 ? 0 : 4 + soak_pick (20));
  aionet_daemon_set_idle_timeout_ms (daemon, soak_pick (2) == 0 ? 0 : 5 + soak_pick (50));
}

static void
raw_close (int *fd, gboolean reset)
{
  const struct linger linger = { .l_onoff = 1 };

  if (*fd < 0)
    return;
  if (reset)
    {
      setsockopt (*fd, SOL_SOCKET, SO_LINGER, &linger, sizeof linger);
      g_atomic_int_inc (&n_resets);
    }
  close (*fd);
  *fd = -1;
}

/* Never waits: a full backlog would hold up the connection. */
static int
raw_connect (Soak *soak)
{
  const struct sockaddr_in to = { .sin_family = AF_INET,
                                  .sin_port = htons (soak->ports[soak_pick (2)]),
                                  .sin_addr.s_addr = htonl (INADDR_LOOPBACK) };
  int fd = socket (AF_INET, (soak_pick (5) == 0 ? SOCK_DGRAM : SOCK_STREAM) | SOCK_NONBLOCK, 0);

  g_assert_cmpint (fd, >=, 0);
  connect (fd, (const struct sockaddr *) &to, sizeof to);
  return fd;
}

static void
raw_flood (int fd)
{
  static const char bytes[20000];

  for (guint i = soak_pick (40); i > 0; i--)
    if (send (fd, bytes, soak_pick (3) == 0 ? soak_pick (sizeof bytes) : soak_pick (50),
              MSG_NOSIGNAL) < 0)
      return;
}

static void
step_raw (Soak *soak)
{
  static char buffer[65536];
  int        *fd = &soak->raw[soak_pick (MAX_RAW)];

  if (*fd < 0)
    *fd = raw_connect (soak);
  switch (soak_pick (8))
    {
    case 0:
      raw_close (fd, soak_pick (2) == 0);
      break;
    case 1:
      shutdown (*fd, SHUT_WR);
      break;
    case 2:
    case 3:
      while (recv (*fd, buffer, sizeof buffer, 0) > 0)
        ;
      break;
    default:
      raw_flood (*fd);
    }
}

static void
step (Soak *soak)
{
  static void (*const of_pool[]) (SoakPool *) = { soak_send,      soak_send,    soak_send,
                                                  soak_send,      soak_receive, soak_receive,
                                                  soak_subscribe, soak_cancel };
  static void (*const of_all[]) (Soak *) = { step_open, step_open, step_open, step_limits,
                                             step_raw,  step_raw,  step_raw,  step_raw };
  guint       i = soak_pick (G_N_ELEMENTS (of_pool) + G_N_ELEMENTS (of_all) + 1);
  AionetPipe *pipe = soak_pick_pipe (&soak->pool);

  if (i < G_N_ELEMENTS (of_pool))
    of_pool[i](&soak->pool);
  else if (i < G_N_ELEMENTS (of_pool) + G_N_ELEMENTS (of_all))
    of_all[i - G_N_ELEMENTS (of_pool)](soak);
  else if (pipe != NULL && soak_pick (2) == 0)
    disturb (&soak->pool, pipe);
}

static void
start_daemons (Soak *soak)
{
  g_autoptr (GError) error = NULL;

  for (guint i = 0; i < 2; i++)
    soak->daemons[i] = aionet_daemon_new ();
  g_signal_connect (soak->daemons[0], "client", G_CALLBACK (on_client), soak);
  g_signal_connect (soak->daemons[0], "client-closed", G_CALLBACK (on_client_closed), soak);
  g_signal_connect (soak->daemons[0], "message", G_CALLBACK (on_daemon_message), soak);
  aionet_daemon_set_n_workers (soak->daemons[1], N_WORKERS);
  aionet_daemon_set_message_func (soak->daemons[1], on_worker_message, NULL, NULL);
  for (guint i = 0; i < 2; i++)
    {
      soak->ports[i] = aionet_daemon_listen_loopback (soak->daemons[i], G_SOCKET_PROTOCOL_DEFAULT,
                                                      0, NULL, &error);
      g_assert_no_error (error);
    }
}

static void
on_stopped (GObject *source, GAsyncResult *result, gpointer user_data)
{
  ((Soak *) user_data)->pool.n_pending--;
  g_assert_cmpint (aionet_daemon_stop_finish (AIONET_DAEMON (source), result, NULL), >=, 0);
}

/* Clients of workers leave without a word to this thread. */
static void
turn_until_left (AionetDaemon *daemon)
{
  while (aionet_daemon_get_n_clients (daemon) > 0)
    if (!g_main_context_iteration (NULL, FALSE))
      g_usleep (1000);
}

/* Closed with clients connected, stopped, left by all clients, or dropped. */
static void
end_daemon (Soak *soak, guint i)
{
  AionetDaemon *daemon = soak->daemons[i];
  guint         n_left = 0;

  g_atomic_int_add (&n_refused, (int) aionet_daemon_get_n_refused (daemon));
  switch (soak_pick (4))
    {
    case 0:
      aionet_daemon_close (daemon);
      break;
    case 1:
      soak->pool.n_pending++;
      aionet_daemon_stop_async (daemon, (int) soak_pick (30), NULL, on_stopped, soak);
      soak_pool_end (&soak->pool);
      break;
    case 2:
      for (guint k = 0; k < MAX_RAW; k++)
        raw_close (&soak->raw[k], soak_pick (2) == 0);
      turn_until_left (daemon);
      break;
    default:
      n_left = aionet_daemon_get_n_clients (daemon);
    }
  if (n_left == 0)
    g_assert_cmpuint (aionet_daemon_get_n_clients (daemon), ==, 0);
  if (i == 0)
    g_assert_cmpuint (soak->n_clients, ==, soak->n_gone + n_left);
  g_clear_object (&soak->daemons[i]);
}

static void
join (gpointer thread)
{
  g_thread_join (thread);
}

static void
soak_init (Soak *soak)
{
  *soak = (Soak){ .threads = g_ptr_array_new_with_free_func (join) };
  soak_pool_init (&soak->pool, maybe_disturb);
  for (guint i = 0; i < MAX_RAW; i++)
    soak->raw[i] = -1;
  start_daemons (soak);
}

static void
soak_clear (Soak *soak)
{
  soak_pool_end (&soak->pool);
  for (guint i = 0; i < 2; i++)
    end_daemon (soak, i);
  for (guint i = 0; i < MAX_RAW; i++)
    raw_close (&soak->raw[i], FALSE);
  g_ptr_array_unref (soak->threads);
  turn_a_little ();
  soak_pool_clear (&soak->pool);
  turn_a_little ();
}

static guint
count_sources (void)
{
  g_autoptr (GSource) last = g_idle_source_new ();
  guint n = 0, last_id;

  last_id = g_source_attach (last, NULL);
  for (guint id = 1; id < last_id; id++)
    n += g_main_context_find_source_by_id (NULL, id) != NULL;
  g_source_destroy (last);
  return n;
}

/* Returns: bytes in use afterwards; 0 where a sanitizer has replaced the allocator */
static gsize
run_round (void)
{
  Soak soak;

  soak_init (&soak);
  for (guint i = 0; i < N_STEPS; i++)
    {
      step (&soak);
      for (guint k = soak_pick (4); k > 0; k--)
        g_main_context_iteration (NULL, FALSE);
    }
  soak_clear (&soak);
  n_opened += soak.pool.n_opened;
  n_messages += soak.pool.n_messages;
  g_assert_cmpint (g_atomic_int_get (&n_alive), ==, 0);
  g_assert_cmpuint (_aionet_reactor_get_n_watches (g_main_context_default ()), ==, 0);
  return mallinfo2 ().uordblks;
}

static void
test_soak (void)
{
  const char  *seconds = g_getenv ("AIONET_SOAK_SECONDS");
  const gint64 end = g_get_monotonic_time () +
                     (seconds != NULL ? strtoll (seconds, NULL, 10) : 0) * G_USEC_PER_SEC;
  guint n_descriptors, n_sources, n_rounds;
  gsize in_use = 0;

  g_test_summary ("After any life nothing is left: pipes, sockets, sources, bytes, clients");

  /* What GLib keeps for itself comes with the first round. */
  run_round ();
  n_descriptors = count_descriptors ();
  n_sources = count_sources ();
  for (n_rounds = 1; n_rounds < N_ROUNDS || g_get_monotonic_time () < end; n_rounds++)
    {
      gsize after = run_round ();

      in_use = in_use != 0 ? in_use : after;
      g_assert_cmpuint (after, <=, in_use + MAX_GROWTH);
      g_assert_cmpuint (count_descriptors (), ==, n_descriptors);
      g_assert_cmpuint (count_sources (), ==, n_sources);
    }
  g_test_message ("%u rounds: %u opened, %u messages, %d in workers, %d resets, %d joined, %d "
                  "refused; %" G_GSIZE_FORMAT " bytes in use, %" G_GSIZE_FORMAT " at first",
                  n_rounds, n_opened, n_messages, n_worker_messages, n_resets, n_joined, n_refused,
                  (gsize) mallinfo2 ().uordblks, in_use);
  g_assert_cmpuint (n_opened, >, 0);
  g_assert_cmpuint (n_messages, >, 0);
  g_assert_cmpint (n_worker_messages, >, 0);
  g_assert_cmpint (n_resets, >, 0);
  g_assert_cmpint (n_joined, >, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/aionet/soak/everything", test_soak);
  return g_test_run ();
}
