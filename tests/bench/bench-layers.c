/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#include "bench.h"

#include <aionet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <unistd.h>

#include "engine/aionet-reactor-private.h"
#include "tcp-clients.h"

/* What each layer adds to the path of a message, in instructions of user space: callgrind counts
 * them while layer_turn () runs, so that neither the clients, which are in the same thread, nor the
 * kernel nor the machine's mood have a part in it. */

#define MAX_BATCH 32
#define N_IDLE 1000
#define N_TURNS 1000
#define MESSAGE_SIZE 64

typedef struct
{
  const char *name;
  void (*serve) (const int *fds, guint n);
  void (*step) (void);
} Layer;

static int    server_fds[MAX_BATCH + N_IDLE];
static int    client_fds[MAX_BATCH + N_IDLE];
static guint8 message[MESSAGE_SIZE];
static guint  n_echoed;
static int    epoll_fd;
static guint8 buffer[65536];

void          layer_turn (const Layer *layer, guint n) G_GNUC_NO_INLINE;

static void
echo_raw (int fd)
{
  gssize n = recv (fd, buffer, sizeof buffer, MSG_DONTWAIT);

  if (n > 0)
    send (fd, buffer, (gsize) n, MSG_DONTWAIT | MSG_NOSIGNAL);
  n_echoed++;
}

static void
serve_raw (const int *fds, guint n)
{
  epoll_fd = epoll_create1 (EPOLL_CLOEXEC);
  for (guint i = 0; i < n; i++)
    {
      struct epoll_event event = { .events = EPOLLIN, .data.fd = fds[i] };

      epoll_ctl (epoll_fd, EPOLL_CTL_ADD, fds[i], &event);
    }
}

static void
step_raw (void)
{
  struct epoll_event events[MAX_BATCH];
  int                n = epoll_wait (epoll_fd, events, MAX_BATCH, -1);

  for (int i = 0; i < n; i++)
    echo_raw (events[i].data.fd);
}

static void
step_main_loop (void)
{
  g_main_context_iteration (NULL, TRUE);
}

static void
on_ready (GIOCondition condition, gpointer user_data)
{
  echo_raw (GPOINTER_TO_INT (user_data));
}

static void
serve_reactor (const int *fds, guint n)
{
  for (guint i = 0; i < n; i++)
    _aionet_reactor_add (g_main_context_default (), fds[i], G_IO_IN, on_ready,
                         GINT_TO_POINTER (fds[i]), NULL);
}

static void
on_data (
    AionetPipe *pipe, const guint8 *data, gsize length, GSocketAddress *sender, gpointer user_data)
{
  aionet_pipe_send_data (pipe, data, length, sender, NULL);
  n_echoed++;
}

static void
on_message (AionetPipe *pipe, AionetMessage *received, gpointer user_data)
{
  aionet_pipe_send (pipe, aionet_message_get_bytes (received), aionet_message_get_sender (received),
                    NULL);
  n_echoed++;
}

static AionetPipe *
new_pipe (int fd)
{
  g_autoptr (GSocket) socket = g_socket_new_from_fd (fd, NULL);
  AionetPipe *pipe;

  g_socket_set_blocking (socket, FALSE);
  pipe = aionet_pipe_new_for_socket (socket, NULL);
  g_assert_true (aionet_pipe_is_open (pipe));
  return pipe;
}

static void
serve_func (const int *fds, guint n)
{
  for (guint i = 0; i < n; i++)
    aionet_pipe_set_message_func (new_pipe (fds[i]), on_data, NULL, NULL);
}

static void
serve_func_and_idle (const int *fds, guint n)
{
  serve_func (fds, n);
  serve_func (server_fds + MAX_BATCH, N_IDLE);
}

static void
serve_subscribed (const int *fds, guint n)
{
  g_autoptr (GBytes) other = g_bytes_new_static ("no such message", 15);

  for (guint i = 0; i < n; i++)
    {
      AionetPipe *pipe = new_pipe (fds[i]);

      aionet_pipe_set_message_func (pipe, on_data, NULL, NULL);
      aionet_pipe_subscribe_literal (pipe, other, 0, NULL, NULL);
    }
}

static void
serve_signal (const int *fds, guint n)
{
  for (guint i = 0; i < n; i++)
    g_signal_connect (new_pipe (fds[i]), "message", G_CALLBACK (on_message), NULL);
}

static const Layer layers[] = {
  { "raw: epoll, recv, send", serve_raw, step_raw },
  { "+ main loop and reactor", serve_reactor, step_main_loop },
  { "+ pipe, message func", serve_func, step_main_loop },
  { "the same, 1000 pipes idle", serve_func_and_idle, step_main_loop },
  { "+ subscription that does not match", serve_subscribed, step_main_loop },
  { "signal instead of the func", serve_signal, step_main_loop },
};

/* What callgrind counts. */
void
layer_turn (const Layer *layer, guint n)
{
  for (n_echoed = 0; n_echoed < n;)
    layer->step ();
}

static void
ask (guint n)
{
  for (guint i = 0; i < n; i++)
    g_assert_cmpint (send (client_fds[i], message, sizeof message, 0), ==, sizeof message);
}

static void
hear (guint n)
{
  for (guint i = 0; i < n; i++)
    g_assert_cmpint (recv (client_fds[i], message, sizeof message, MSG_WAITALL), ==,
                     sizeof message);
}

static void
connect_all (void)
{
  struct sockaddr_storage address;
  socklen_t               size = sizeof address;
  int                     fd = bench_listen (SOCK_STREAM, (struct sockaddr *) &address, &size);

  for (guint i = 0; i < G_N_ELEMENTS (client_fds); i++)
    {
      client_fds[i] = tcp_connect ((struct sockaddr *) &address, size);
      server_fds[i] = accept4 (fd, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
    }
}

/* The process that callgrind watches. */
static void
run_layer (const Layer *layer, guint n)
{
  connect_all ();
  layer->serve (server_fds, n);
  for (guint i = 0; i < N_TURNS + 2; i++)
    {
      ask (n);
      /* What is done once is no part of the path. */
      if (i < 2)
        for (n_echoed = 0; n_echoed < n;)
          layer->step ();
      else
        layer_turn (layer, n);
      hear (n);
    }
}

static double
read_total (const char *path)
{
  g_autofree char *text = NULL;
  const char      *total;

  if (!g_file_get_contents (path, &text, NULL, NULL))
    return -1;
  total = strstr (text, "\nsummary:");
  return total != NULL ? g_ascii_strtod (total + strlen ("\nsummary:"), NULL) : -1;
}

static void
measure (const char *valgrind, const char *self, guint layer, guint n)
{
  g_autofree char *path =
      g_strdup_printf ("%s/aionet-bench-layers-%d", g_get_tmp_dir (), (int) getpid ());
  g_autofree char *out = g_strconcat ("--callgrind-out-file=", path, NULL);
  g_autofree char *name = g_strdup_printf ("layers, %u message%s a turn", n, n == 1 ? "" : "s");
  g_autofree char *index = g_strdup_printf ("%u", layer);
  g_autofree char *batch = g_strdup_printf ("%u", n);
  g_autofree char *messages = NULL;
  g_autoptr (GError) error = NULL;
  const char *command[] = { valgrind, "-q", "--tool=callgrind", "--toggle-collect=layer_turn",
                            out,      self, "--layer",          index,
                            batch,    NULL };
  int         status = 0;
  double      total;

  if (!g_spawn_sync (NULL, (char **) command, NULL, G_SPAWN_DEFAULT, NULL, NULL, NULL, &messages,
                     &status, &error) ||
      !g_spawn_check_wait_status (status, &error))
    g_error ("%s: %s\n%s", layers[layer].name, error->message, messages);
  total = read_total (path);
  unlink (path);
  if (total <= 0)
    g_error ("%s: callgrind counted nothing", layers[layer].name);
  bench_record (name, layers[layer].name, "instructions/msg", total / N_TURNS / n);
  bench_print ();
}

int
main (int argc, char *argv[])
{
  g_autofree char   *valgrind = g_find_program_in_path ("valgrind");
  static const guint batches[] = { 1, MAX_BATCH };

  if (argc == 4 && g_str_equal (argv[1], "--layer"))
    {
      run_layer (&layers[MIN ((guint) atoi (argv[2]), G_N_ELEMENTS (layers) - 1)],
                 CLAMP ((guint) atoi (argv[3]), 1, MAX_BATCH));
      return 0;
    }
  if (valgrind == NULL)
    {
      g_print ("skipped: valgrind is not installed\n");
      return 77;
    }
  g_setenv ("LD_BIND_NOW", "1", TRUE);
  bench_init (argc, argv);
  for (guint i = 0; i < G_N_ELEMENTS (batches); i++)
    for (guint layer = 0; layer < G_N_ELEMENTS (layers); layer++)
      measure (valgrind, argv[0], layer, batches[i]);
  return 0;
}
