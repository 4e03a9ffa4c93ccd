/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#include "config.h"

#include <gio/gio.h>

#include "daemon-helpers.h"

#define TCP G_SOCKET_PROTOCOL_TCP
#define UDP G_SOCKET_PROTOCOL_UDP
#define N_WORKERS 3
#define N_CLIENTS 96

/* Which thread answered: counted per thread with atomics, as there are several. */
typedef struct
{
  GThread *threads[N_WORKERS];    /* (atomic) */
  int      n_messages[N_WORKERS]; /* (atomic) */
} Tally;

static guint
find_slot (Tally *tally)
{
  for (guint i = 0; i < N_WORKERS; i++)
    {
      if (g_atomic_pointer_get (&tally->threads[i]) == g_thread_self ())
        return i;
      if (g_atomic_pointer_compare_and_exchange (&tally->threads[i], NULL, g_thread_self ()))
        return i;
    }
  g_assert_not_reached ();
}

static void
tally_func (
    AionetPipe *pipe, const guint8 *data, gsize length, GSocketAddress *sender, gpointer user_data)
{
  Tally *tally = user_data;

  g_atomic_int_inc (&tally->n_messages[find_slot (tally)]);
  echo_func (pipe, data, length, sender, NULL);
}

static AionetDaemon *
worker_daemon (Tally *tally, guint16 *port)
{
  AionetDaemon *daemon = aionet_daemon_new ();
  g_autoptr (GError) error = NULL;

  aionet_daemon_set_n_workers (daemon, N_WORKERS);
  aionet_daemon_set_message_func (daemon, tally_func, tally, NULL);
  *port = aionet_daemon_listen_loopback (daemon, G_SOCKET_PROTOCOL_DEFAULT, 0, NULL, &error);
  g_assert_no_error (error);
  return daemon;
}

static void
wait_for_clients (AionetDaemon *daemon, guint n_clients)
{
  while (aionet_daemon_get_n_clients (daemon) != n_clients)
    g_usleep (1000);
}

static void
assert_spread (Tally *tally)
{
  int n = 0;

  for (guint i = 0; i < N_WORKERS; i++)
    {
      g_assert_cmpint (g_atomic_int_get (&tally->n_messages[i]), >, 0);
      g_assert_true (g_atomic_pointer_get (&tally->threads[i]) != g_thread_self ());
      n += g_atomic_int_get (&tally->n_messages[i]);
    }
  g_assert_cmpint (n, ==, N_CLIENTS);
}

static void
test_spread (gconstpointer data)
{
  GSocketProtocol protocol = (GSocketProtocol) GPOINTER_TO_INT (data);
  Tally           tally = { 0 };
  guint16         port;
  g_autoptr (AionetDaemon) daemon = worker_daemon (&tally, &port);
  g_autoptr (GPtrArray) clients = g_ptr_array_new_with_free_func (g_object_unref);
  g_autoptr (GError) error = NULL;

  g_test_summary ("Clients are spread over all workers, and served in their threads");

  for (guint i = 0; i < N_CLIENTS; i++)
    {
      g_ptr_array_add (clients, connect_to (protocol, "127.0.0.1", port, &error));
      g_assert_no_error (error);
      send_text (clients->pdata[i], "hello", NULL);
    }
  for (guint i = 0; i < N_CLIENTS; i++)
    assert_receives (clients->pdata[i], "hello");
  assert_spread (&tally);
  g_assert_cmpuint (aionet_daemon_get_n_clients (daemon), ==, protocol == TCP ? N_CLIENTS : 0);
  g_assert_cmpuint (g_list_model_get_n_items (aionet_daemon_get_listeners (daemon)), ==, 0);
  g_ptr_array_set_size (clients, 0);
  wait_for_clients (daemon, 0);
}

static void
test_in_use (void)
{
  Tally   tally = { 0 };
  guint16 port;
  g_autoptr (AionetDaemon) daemon = worker_daemon (&tally, &port);
  g_autoptr (AionetDaemon) other = aionet_daemon_new ();
  g_autoptr (GError) error = NULL;

  g_test_summary ("The workers of another daemon do not get in on the port; free after closing");

  aionet_daemon_set_n_workers (other, N_WORKERS);
  aionet_daemon_set_message_func (other, tally_func, &tally, NULL);
  for (guint i = 0; i < 2; i++)
    {
      g_assert_cmpuint (
          aionet_daemon_listen_loopback (other, i == 0 ? TCP : UDP, port, NULL, &error), ==, 0);
      g_assert_error (error, G_IO_ERROR, G_IO_ERROR_ADDRESS_IN_USE);
      g_clear_error (&error);
    }
  aionet_daemon_close (daemon);
  g_assert_cmpuint (aionet_daemon_listen_loopback (other, TCP, port, NULL, &error), ==, port);
  g_assert_no_error (error);
  assert_echo (TCP, "127.0.0.1", port);
}

static void
test_no_function (void)
{
  g_autoptr (AionetDaemon) daemon = aionet_daemon_new ();
  g_autoptr (GError) error = NULL;

  g_test_summary ("Workers without a message function are an error");

  aionet_daemon_set_n_workers (daemon, 1);
  g_assert_cmpuint (aionet_daemon_listen_loopback (daemon, TCP, 0, NULL, &error), ==, 0);
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT);
}

static void
test_limits (void)
{
  Tally   tally = { 0 };
  guint16 port;
  g_autoptr (AionetDaemon) daemon = worker_daemon (&tally, &port);
  g_autoptr (GPtrArray) clients = g_ptr_array_new_with_free_func (g_object_unref);
  g_autoptr (GError) error = NULL;

  g_test_summary ("Limits hold for all workers together, and the idle time-out in each");

  aionet_daemon_set_max_clients (daemon, 10);
  for (guint i = 0; i < 30; i++)
    {
      g_ptr_array_add (clients, connect_to (TCP, "127.0.0.1", port, &error));
      g_assert_no_error (error);
    }
  while (aionet_daemon_get_n_clients (daemon) + aionet_daemon_get_n_refused (daemon) < 30)
    g_usleep (1000);
  g_assert_cmpuint (aionet_daemon_get_n_clients (daemon), ==, 10);
  g_assert_cmpuint (aionet_daemon_get_n_refused (daemon), ==, 20);
  aionet_daemon_set_idle_timeout_ms (daemon, 50);
  for (guint i = 0; i < 30; i++)
    assert_closed (clients->pdata[i]);
  /* The peer hears of the end before the worker has counted it. */
  wait_for_clients (daemon, 0);
}

static void
on_stopped (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GError) error = NULL;

  *(int *) user_data = aionet_daemon_stop_finish (AIONET_DAEMON (source), result, &error);
  g_assert_no_error (error);
}

static void
test_stop (void)
{
  Tally   tally = { 0 };
  guint16 port;
  g_autoptr (AionetDaemon) daemon = worker_daemon (&tally, &port);
  g_autoptr (AionetPipe) leaves = NULL;
  g_autoptr (AionetPipe) stays = NULL;
  g_autoptr (GError) error = NULL;
  int n_closed = -2;

  g_test_summary ("A graceful stop closes the clients of all workers that are left in the end");

  leaves = connect_to (TCP, "127.0.0.1", port, &error);
  g_assert_no_error (error);
  stays = connect_to (TCP, "127.0.0.1", port, &error);
  g_assert_no_error (error);
  wait_for_clients (daemon, 2);
  aionet_pipe_close (leaves);
  wait_for_clients (daemon, 1);
  aionet_daemon_stop_async (daemon, 100, NULL, on_stopped, &n_closed);
  assert_refused (TCP, "127.0.0.1", port);
  assert_closed (stays);
  while (n_closed == -2)
    g_main_context_iteration (NULL, TRUE);
  g_assert_cmpint (n_closed, ==, 1);
}

static void
test_again (void)
{
  guint n_descriptors = count_descriptors ();

  g_test_summary ("Daemons come and go with clients connected; no descriptor stays");

  for (guint i = 0; i < 20; i++)
    {
      Tally   tally = { 0 };
      guint16 port;
      g_autoptr (AionetDaemon) daemon = worker_daemon (&tally, &port);
      g_autoptr (AionetPipe) client = NULL;
      g_autoptr (GError) error = NULL;

      client = connect_to (TCP, "127.0.0.1", port, &error);
      g_assert_no_error (error);
      send_text (client, "hello", NULL);
      if (i % 2 == 0)
        assert_receives (client, "hello");
      g_clear_object (&daemon);
      if (i % 2 == 0)
        assert_closed (client);
    }
  turn_a_little ();
  g_assert_cmpuint (count_descriptors (), ==, n_descriptors);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_data_func ("/aionet/daemon-workers/spread/tcp", GINT_TO_POINTER (TCP), test_spread);
  g_test_add_data_func ("/aionet/daemon-workers/spread/udp", GINT_TO_POINTER (UDP), test_spread);
  g_test_add_func ("/aionet/daemon-workers/in-use", test_in_use);
  g_test_add_func ("/aionet/daemon-workers/no-function", test_no_function);
  g_test_add_func ("/aionet/daemon-workers/limits", test_limits);
  g_test_add_func ("/aionet/daemon-workers/stop", test_stop);
  g_test_add_func ("/aionet/daemon-workers/again", test_again);
  return g_test_run ();
}
