/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#include "config.h"

#include <gio/gio.h>

#include "daemon-helpers.h"
#include "pipe/aionet-client-limits-private.h"

#define TCP G_SOCKET_PROTOCOL_TCP
#define UDP G_SOCKET_PROTOCOL_UDP

static AionetDaemon *
echo_daemon (guint16 *port)
{
  AionetDaemon *daemon = aionet_daemon_new ();
  g_autoptr (GError) error = NULL;

  aionet_daemon_set_message_func (daemon, echo_func, NULL, NULL);
  *port = aionet_daemon_listen_loopback (daemon, G_SOCKET_PROTOCOL_DEFAULT, 0, NULL, &error);
  g_assert_no_error (error);
  return daemon;
}

static GPtrArray *
connect_many (guint n, const char *host, guint16 port)
{
  GPtrArray *clients = g_ptr_array_new_with_free_func (g_object_unref);
  g_autoptr (GError) error = NULL;

  for (guint i = 0; i < n; i++)
    {
      g_ptr_array_add (clients, connect_to (TCP, host, port, &error));
      g_assert_no_error (error);
    }
  return clients;
}

static void
assert_served (AionetPipe *client)
{
  send_text (client, "still here", NULL);
  assert_receives (client, "still here");
}

static void
test_max_clients (void)
{
  guint16 port;
  g_autoptr (AionetDaemon) daemon = echo_daemon (&port);
  g_autoptr (GPtrArray) clients = NULL;
  g_autoptr (AionetPipe) next = NULL;
  g_autoptr (GError) error = NULL;

  g_test_summary ("Those in excess are closed and counted; the others are served, and make room");

  aionet_daemon_set_max_clients (daemon, 3);
  clients = connect_many (5, "127.0.0.1", port);
  assert_closed (clients->pdata[3]);
  assert_closed (clients->pdata[4]);
  for (guint i = 0; i < 3; i++)
    assert_served (clients->pdata[i]);
  g_assert_cmpuint (aionet_daemon_get_n_clients (daemon), ==, 3);
  g_assert_cmpuint (aionet_daemon_get_n_refused (daemon), ==, 2);
  aionet_pipe_close (clients->pdata[0]);
  turn_until_clients (daemon, 2);
  next = connect_to (TCP, "127.0.0.1", port, &error);
  g_assert_no_error (error);
  assert_served (next);
  g_assert_cmpuint (aionet_daemon_get_n_refused (daemon), ==, 2);
}

static AionetPipe *
connect_from (const char *address, guint16 port)
{
  g_autofree char *target = g_strdup_printf ("127.0.0.1:%u", port);
  g_autoptr (AionetRoute) route = bound_route (address, 0);
  g_autoptr (GError) error = NULL;
  AionetPipe *pipe = aionet_pipe_new (TCP, target, route);

  open_pipe (pipe, NULL, &error);
  g_assert_no_error (error);
  return pipe;
}

static void
test_per_address (void)
{
  guint16 port;
  g_autoptr (AionetDaemon) daemon = echo_daemon (&port);
  g_autoptr (AionetPipe) first = NULL;
  g_autoptr (AionetPipe) second = NULL;
  g_autoptr (AionetPipe) other = NULL;

  g_test_summary ("One address may not have more than its share, whatever its ports; others may");

  aionet_daemon_set_max_clients_per_address (daemon, 1);
  first = connect_from ("127.0.0.2", port);
  assert_served (first);
  second = connect_from ("127.0.0.2", port);
  assert_closed (second);
  other = connect_from ("127.0.0.3", port);
  assert_served (other);
  assert_served (first);
  g_assert_cmpuint (aionet_daemon_get_n_refused (daemon), ==, 1);
}

static void
test_limits (void)
{
  AionetClientLimits  *limits = _aionet_client_limits_new ();
  const AionetSockaddr a = { .v4 = { .sin_family = AF_INET, .sin_port = 1, .sin_addr = { 1 } } };
  const AionetSockaddr b = { .v4 = { .sin_family = AF_INET, .sin_port = 1, .sin_addr = { 2 } } };

  g_test_summary ("Counting alone: both limits, and release makes room for the same address");

  _aionet_client_limits_set (limits, 3, 2);
  g_assert_true (_aionet_client_limits_admit (limits, &a));
  g_assert_true (_aionet_client_limits_admit (limits, &a));
  g_assert_false (_aionet_client_limits_admit (limits, &a));
  g_assert_true (_aionet_client_limits_admit (limits, &b));
  g_assert_false (_aionet_client_limits_admit (limits, &b));
  g_assert_cmpuint (_aionet_client_limits_get_n_clients (limits), ==, 3);
  g_assert_cmpuint (_aionet_client_limits_get_n_refused (limits), ==, 2);
  _aionet_client_limits_release (limits, &a);
  g_assert_true (_aionet_client_limits_admit (limits, &a));
  _aionet_client_limits_free (limits);
}

static void
on_closed (AionetDaemon *daemon, AionetPipe *client, const GError *error, gpointer user_data)
{
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_TIMED_OUT);
  ++*(guint *) user_data;
}

static void
test_idle (void)
{
  guint16 port;
  g_autoptr (AionetDaemon) daemon = echo_daemon (&port);
  g_autoptr (GPtrArray) clients = NULL;
  guint n_closed = 0;

  g_test_summary ("Who is silent for the time-out is closed with it as the reason");

  g_signal_connect (daemon, "client-closed", G_CALLBACK (on_closed), &n_closed);
  clients = connect_many (4, "127.0.0.1", port);
  turn_until_clients (daemon, 4);
  aionet_daemon_set_idle_timeout_ms (daemon, 100);
  for (guint i = 0; i < 4; i++)
    assert_closed (clients->pdata[i]);
  g_assert_cmpuint (n_closed, ==, 4);
  g_assert_cmpuint (aionet_daemon_get_n_clients (daemon), ==, 0);
}

#define IDLE_MS 500

static void
test_busy (void)
{
  guint16 port;
  g_autoptr (AionetDaemon) daemon = echo_daemon (&port);
  g_autoptr (GPtrArray) clients = NULL;
  guint  n_closed = 0;
  gint64 last = g_get_monotonic_time (), longest = 0;

  g_test_summary ("A client that goes on speaking outlives one that does not");

  g_signal_connect (daemon, "client-closed", G_CALLBACK (on_closed), &n_closed);
  aionet_daemon_set_idle_timeout_ms (daemon, IDLE_MS);
  clients = connect_many (2, "127.0.0.1", port);
  while (n_closed == 0)
    {
      gint64 now = g_get_monotonic_time ();

      longest = MAX (longest, now - last);
      last = now;
      if (longest > IDLE_MS / 2 * 1000)
        {
          g_test_skip ("The machine stood still");
          return;
        }
      assert_served (clients->pdata[1]);
      g_usleep (IDLE_MS / 50 * 1000);
    }
  assert_closed (clients->pdata[0]);
  assert_served (clients->pdata[1]);
}

typedef struct
{
  int      n_closed;
  GError  *error;
  gboolean done;
} Stopped;

static void
on_stopped (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Stopped *stopped = user_data;

  stopped->n_closed = aionet_daemon_stop_finish (AIONET_DAEMON (source), result, &stopped->error);
  stopped->done = TRUE;
}

static void
test_stop (void)
{
  guint16 port;
  g_autoptr (AionetDaemon) daemon = echo_daemon (&port);
  g_autoptr (GPtrArray) clients = connect_many (2, "127.0.0.1", port);
  Stopped stopped = { 0 };

  g_test_summary ("A graceful stop takes nobody new, serves those there are until they leave");

  turn_until_clients (daemon, 2);
  aionet_daemon_stop_async (daemon, -1, NULL, on_stopped, &stopped);
  assert_refused (TCP, "127.0.0.1", port);
  for (guint i = 0; i < 2; i++)
    {
      assert_served (clients->pdata[i]);
      g_assert_false (stopped.done);
      aionet_pipe_close (clients->pdata[i]);
    }
  turn_until (&stopped.done);
  g_assert_no_error (stopped.error);
  g_assert_cmpint (stopped.n_closed, ==, 0);
  g_assert_cmpuint (g_list_model_get_n_items (aionet_daemon_get_listeners (daemon)), ==, 0);
}

static void
test_stop_timeout (void)
{
  guint16 port;
  g_autoptr (AionetDaemon) daemon = echo_daemon (&port);
  g_autoptr (GPtrArray) clients = connect_many (2, "127.0.0.1", port);
  Stopped stopped = { 0 };

  g_test_summary ("When the time is over those that are left are closed, and counted");

  turn_until_clients (daemon, 2);
  aionet_pipe_close (clients->pdata[0]);
  turn_until_clients (daemon, 1);
  aionet_daemon_stop_async (daemon, 50, NULL, on_stopped, &stopped);
  assert_closed (clients->pdata[1]);
  turn_until (&stopped.done);
  g_assert_no_error (stopped.error);
  g_assert_cmpint (stopped.n_closed, ==, 1);
}

static void
test_stop_errors (void)
{
  guint16 port;
  g_autoptr (AionetDaemon) daemon = echo_daemon (&port);
  g_autoptr (GPtrArray) clients = connect_many (1, "127.0.0.1", port);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  Stopped first = { 0 }, second = { 0 }, third = { 0 };

  g_test_summary ("A second stop is busy, a cancelled one leaves the clients, closing ends it");

  turn_until_clients (daemon, 1);
  aionet_daemon_stop_async (daemon, -1, cancellable, on_stopped, &first);
  aionet_daemon_stop_async (daemon, -1, NULL, on_stopped, &second);
  turn_until (&second.done);
  g_assert_error (second.error, AIONET_ERROR, AIONET_ERROR_BUSY);
  g_assert_cmpint (second.n_closed, ==, -1);
  g_cancellable_cancel (cancellable);
  turn_until (&first.done);
  g_assert_error (first.error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  assert_served (clients->pdata[0]);
  aionet_daemon_stop_async (daemon, -1, NULL, on_stopped, &third);
  turn_a_little ();
  aionet_daemon_close (daemon);
  turn_until (&third.done);
  g_assert_no_error (third.error);
  g_assert_cmpint (third.n_closed, ==, 1);
  g_clear_error (&first.error);
  g_clear_error (&second.error);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/aionet/daemon-limits/max-clients", test_max_clients);
  g_test_add_func ("/aionet/daemon-limits/per-address", test_per_address);
  g_test_add_func ("/aionet/daemon-limits/counting", test_limits);
  g_test_add_func ("/aionet/daemon-limits/idle", test_idle);
  g_test_add_func ("/aionet/daemon-limits/busy", test_busy);
  g_test_add_func ("/aionet/daemon-limits/stop", test_stop);
  g_test_add_func ("/aionet/daemon-limits/stop-timeout", test_stop_timeout);
  g_test_add_func ("/aionet/daemon-limits/stop-errors", test_stop_errors);
  return g_test_run ();
}
