/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#include "config.h"

#include <gio/gio.h>
#include <string.h>
#include <sys/socket.h>

#include "daemon-helpers.h"
#include "engine/aionet-local-private.h"
#include "engine/aionet-reactor-private.h"

#define TCP G_SOCKET_PROTOCOL_TCP
#define UDP G_SOCKET_PROTOCOL_UDP

static AionetDaemon *
echo_daemon (void)
{
  AionetDaemon *daemon = aionet_daemon_new ();

  g_signal_connect (daemon, "message", G_CALLBACK (on_echo_message), NULL);
  return daemon;
}

static void
test_port (void)
{
  static const GSocketProtocol protocols[] = { TCP, UDP };
  g_autoptr (AionetDaemon) daemon = echo_daemon ();
  g_autoptr (GInetAddress) loopback = g_inet_address_new_loopback (G_SOCKET_FAMILY_IPV4);
  g_autoptr (AionetRoute) route = bound_route ("127.0.0.1", 0);
  g_autoptr (GError) error = NULL;

  g_test_summary ("Case M-01: port 0 returns the real one, by which the listener is found");

  for (guint i = 0; i < 2; i++)
    {
      guint16     port = aionet_daemon_add_listener (daemon, protocols[i], route, &error);
      AionetPipe *listener;

      g_assert_no_error (error);
      g_assert_cmpuint (port, !=, 0);
      listener = aionet_daemon_get_listener (daemon, protocols[i], loopback, port);
      g_assert_nonnull (listener);
      g_assert_true (listener == aionet_daemon_get_listener (daemon, protocols[i], NULL, port));
      g_assert_null (aionet_daemon_get_listener (daemon, protocols[1 - i], loopback, port));
      g_assert_true (aionet_pipe_is_server (listener));
      g_assert_nonnull (aionet_route_get_local_address (aionet_pipe_get_route (listener)));
      assert_echo (protocols[i], "127.0.0.1", port);
    }
  g_assert_cmpuint (g_list_model_get_n_items (aionet_daemon_get_listeners (daemon)), ==, 2);
}

static void
test_in_use (gconstpointer data)
{
  GSocketProtocol protocol = (GSocketProtocol) GPOINTER_TO_INT (data);
  g_autoptr (AionetDaemon) first = echo_daemon ();
  g_autoptr (AionetDaemon) second = echo_daemon ();
  g_autoptr (AionetRoute) route = bound_route ("127.0.0.1", 0);
  g_autoptr (AionetRoute) taken = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *number = NULL;
  guint16          port = aionet_daemon_add_listener (first, protocol, route, &error);

  g_test_summary ("Cases M-02, M-04, M-05: an address in use says so, with its name; after closing "
                  "it is free at once");

  g_assert_no_error (error);
  taken = bound_route ("127.0.0.1", port);
  number = g_strdup_printf ("%u", port);
  for (guint i = 0; i < 2; i++)
    {
      g_assert_cmpuint (
          aionet_daemon_add_listener (i == 0 ? first : second, protocol, taken, &error), ==, 0);
      g_assert_error (error, G_IO_ERROR, G_IO_ERROR_ADDRESS_IN_USE);
      g_assert_nonnull (strstr (error->message, "127.0.0.1"));
      g_assert_nonnull (strstr (error->message, number));
      g_clear_error (&error);
    }
  assert_echo (protocol, "127.0.0.1", port);
  aionet_daemon_close (first);
  g_assert_cmpuint (g_list_model_get_n_items (aionet_daemon_get_listeners (first)), ==, 0);
  g_assert_cmpuint (aionet_daemon_add_listener (second, protocol, taken, &error), ==, port);
  g_assert_no_error (error);
  assert_echo (protocol, "127.0.0.1", port);
}

static void
test_restart (void)
{
  g_autoptr (AionetDaemon) daemon = echo_daemon ();
  g_autoptr (GError) error = NULL;
  guint16 port = aionet_daemon_listen_loopback (daemon, TCP, 0, NULL, &error);

  g_test_summary ("Case M-05: closed with clients, which leaves connections in TIME_WAIT, the same "
                  "daemon listens again at once");

  for (guint i = 0; i < 3; i++)
    {
      g_autoptr (AionetPipe) client = connect_to (TCP, "127.0.0.1", port, &error);

      g_assert_no_error (error);
      turn_until_clients (daemon, 1);
      aionet_daemon_close (daemon);
      g_assert_cmpuint (aionet_daemon_get_n_clients (daemon), ==, 0);
      assert_closed (client);
      g_assert_cmpuint (aionet_daemon_listen_loopback (daemon, TCP, port, NULL, &error), ==, port);
      g_assert_no_error (error);
    }
}

static void
test_all (void)
{
  g_autoptr (AionetDaemon) daemon = echo_daemon ();
  g_autoptr (AionetInterface) nic = aionet_interface_new_default ();
  g_autoptr (GError) error = NULL;
  guint16 port;

  g_test_summary ("Case M-07: listen_all is reached by loopback, each family and protocol at one "
                  "port");

  port = aionet_daemon_listen_all (daemon, G_SOCKET_PROTOCOL_DEFAULT, 0, nic, &error);
  g_assert_no_error (error);
  assert_echo (TCP, "127.0.0.1", port);
  assert_echo (UDP, "127.0.0.1", port);
  if (has_ipv6 ())
    {
      g_assert_cmpuint (g_list_model_get_n_items (aionet_daemon_get_listeners (daemon)), ==, 4);
      assert_echo (TCP, "[::1]", port);
      assert_echo (UDP, "[::1]", port);
    }
}

/* Takes a port of one family only. */
static GSocket *
occupy (GSocketFamily family, guint16 *port)
{
  g_autoptr (GSocketAddress) address = NULL;
  GSocket *socket = loopback_socket (TCP, family);

  g_assert_cmpint (listen (g_socket_get_fd (socket), 1), ==, 0);
  address = g_socket_get_local_address (socket, NULL);
  *port = g_inet_socket_address_get_port (G_INET_SOCKET_ADDRESS (address));
  return socket;
}

static void
on_failed (AionetDaemon *daemon, const char *where, const GError *error, gpointer user_data)
{
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_ADDRESS_IN_USE);
  g_ptr_array_add (user_data, g_strdup (where));
}

static void
test_one_fails (void)
{
  g_autoptr (AionetDaemon) daemon = NULL;
  g_autoptr (GPtrArray) failed = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GSocket) v6 = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *where = NULL;
  g_auto (GStrv) lines = NULL;
  guint16 port;

  g_test_summary ("Case M-11: one family fails, which is told; the other stays. Both: an error");

  if (!has_ipv6 ())
    return;
  daemon = echo_daemon ();
  v6 = occupy (G_SOCKET_FAMILY_IPV6, &port);
  where = g_strdup_printf ("tcp [::1]:%u", port);
  g_signal_connect (daemon, "listener-failed", G_CALLBACK (on_failed), failed);
  g_assert_cmpuint (aionet_daemon_listen_loopback (daemon, TCP, port, NULL, &error), ==, port);
  g_assert_no_error (error);
  g_assert_cmpuint (failed->len, ==, 1);
  g_assert_cmpstr (failed->pdata[0], ==, where);
  lines = aionet_daemon_get_failures (daemon);
  g_assert_cmpuint (g_strv_length (lines), ==, 1);
  g_assert_true (g_str_has_prefix (lines[0], where));
  assert_echo (TCP, "127.0.0.1", port);

  g_assert_cmpuint (aionet_daemon_listen_loopback (daemon, TCP, port, NULL, &error), ==, 0);
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_ADDRESS_IN_USE);
  g_assert_cmpuint (failed->len, ==, 1);
}

static void
test_conflict (void)
{
  g_autoptr (GPtrArray) taken = g_ptr_array_new_with_free_func (g_object_unref);
  g_autoptr (GError) error = NULL;

  g_test_summary ("Port 0 tries again when the other family's is taken: nothing fails");

  if (!has_ipv6 ())
    return;
  for (guint i = 0; i < 800; i++)
    {
      guint16 port;

      g_ptr_array_add (taken, occupy (G_SOCKET_FAMILY_IPV6, &port));
    }
  for (guint i = 0; i < 150; i++)
    {
      g_autoptr (AionetDaemon) daemon = aionet_daemon_new ();
      g_auto (GStrv) lines = NULL;

      g_assert_cmpuint (aionet_daemon_listen_loopback (daemon, TCP, 0, NULL, &error), !=, 0);
      g_assert_no_error (error);
      lines = aionet_daemon_get_failures (daemon);
      g_assert_cmpuint (g_strv_length (lines), ==, 0);
    }
}

typedef struct
{
  guint n_clients;
  guint n_closed;
} Counts;

static void
on_client (AionetDaemon *daemon, AionetPipe *client, gpointer user_data)
{
  g_assert_true (aionet_pipe_is_open (client));
  ((Counts *) user_data)->n_clients++;
}

static void
on_client_closed (AionetDaemon *daemon, AionetPipe *client, const GError *error, gpointer user_data)
{
  g_assert_false (aionet_pipe_is_open (client));
  g_assert_no_error (error);
  ((Counts *) user_data)->n_closed++;
}

#define N_CLIENTS 200

static void
test_many (void)
{
  g_autoptr (AionetDaemon) daemon = echo_daemon ();
  g_autoptr (GPtrArray) clients = g_ptr_array_new_with_free_func (g_object_unref);
  g_autoptr (GListModel) listed = NULL;
  g_autoptr (GError) error = NULL;
  Counts  counts = { 0 };
  guint16 port = aionet_daemon_listen_loopback (daemon, TCP, 0, NULL, &error);

  g_test_summary ("200 clients: each gets its own echo, is told of when it comes and when it goes");

  g_signal_connect (daemon, "client", G_CALLBACK (on_client), &counts);
  g_signal_connect (daemon, "client-closed", G_CALLBACK (on_client_closed), &counts);
  for (guint i = 0; i < N_CLIENTS; i++)
    {
      g_ptr_array_add (clients, connect_to (TCP, "127.0.0.1", port, &error));
      g_assert_no_error (error);
    }
  for (guint round = 0; round < 3; round++)
    {
      for (guint i = 0; i < N_CLIENTS; i++)
        {
          g_autofree char *text = g_strdup_printf ("%u in %u", i, round);

          send_text (clients->pdata[i], text, NULL);
        }
      for (guint i = 0; i < N_CLIENTS; i++)
        {
          g_autofree char *text = g_strdup_printf ("%u in %u", i, round);

          assert_receives (clients->pdata[i], text);
        }
    }
  g_assert_cmpuint (aionet_daemon_get_n_clients (daemon), ==, N_CLIENTS);
  g_assert_cmpuint (counts.n_clients, ==, N_CLIENTS);
  listed = aionet_daemon_list_clients (daemon);
  g_assert_cmpuint (g_list_model_get_n_items (listed), ==, N_CLIENTS);
  g_ptr_array_set_size (clients, 0);
  turn_until_clients (daemon, 0);
  g_assert_cmpuint (counts.n_closed, ==, N_CLIENTS);
}

static void
on_queueing_client (AionetDaemon *daemon, AionetPipe *client, gpointer user_data)
{
  g_set_object ((AionetPipe **) user_data, client);
}

static void
test_nobody (void)
{
  g_autoptr (AionetDaemon) daemon = aionet_daemon_new ();
  g_autoptr (AionetPipe) client = NULL;
  g_autoptr (AionetPipe) peer = NULL;
  g_autoptr (GError) error = NULL;
  guint16 port = aionet_daemon_listen_loopback (daemon, TCP, 0, NULL, &error);

  g_test_summary ("Messages that no handler takes wait in the queue of their pipe; a handler that "
                  "comes late gets those first");

  g_signal_connect (daemon, "client", G_CALLBACK (on_queueing_client), &peer);
  client = connect_to (TCP, "127.0.0.1", port, &error);
  g_assert_no_error (error);
  turn_until_clients (daemon, 1);
  send_text (client, "one", NULL);
  assert_receives (peer, "one");
  send_text (client, "two", NULL);
  while (aionet_pipe_get_n_received (peer) < 2)
    g_main_context_iteration (NULL, TRUE);
  g_signal_connect (daemon, "message", G_CALLBACK (on_echo_message), NULL);
  send_text (client, "three", NULL);
  {
    g_autofree char *text = receive_n (client, 8, 10000, &error);

    g_assert_no_error (error);
    g_assert_cmpstr (text, ==, "twothree");
  }
}

static void
count_func (
    AionetPipe *pipe, const guint8 *data, gsize length, GSocketAddress *sender, gpointer user_data)
{
  ++*(guint *) user_data;
}

static void
test_own_function (void)
{
  g_autoptr (AionetDaemon) daemon = echo_daemon ();
  g_autoptr (AionetPipe) client = NULL;
  g_autoptr (GListModel) clients = NULL;
  g_autoptr (AionetPipe) peer = NULL;
  g_autoptr (GError) error = NULL;
  guint   n_daemon = 0, n_pipe = 0;
  guint16 port = aionet_daemon_listen_loopback (daemon, TCP, 0, NULL, &error);

  g_test_summary ("The message function stands for the signal, that of a pipe for the daemon's");

  aionet_daemon_set_message_func (daemon, count_func, &n_daemon, NULL);
  client = connect_to (TCP, "127.0.0.1", port, &error);
  g_assert_no_error (error);
  send_text (client, "to the daemon", NULL);
  while (n_daemon == 0)
    g_main_context_iteration (NULL, TRUE);
  clients = aionet_daemon_list_clients (daemon);
  peer = g_list_model_get_item (clients, 0);
  aionet_pipe_set_message_func (peer, count_func, &n_pipe, NULL);
  send_text (client, "to the pipe", NULL);
  while (n_pipe == 0)
    g_main_context_iteration (NULL, TRUE);
  aionet_pipe_set_message_func (peer, NULL, NULL, NULL);
  aionet_daemon_set_message_func (daemon, NULL, NULL, NULL);
  send_text (client, "to the signal", NULL);
  assert_receives (client, "to the signal");
  g_assert_cmpuint (n_daemon, ==, 1);
  g_assert_cmpuint (n_pipe, ==, 1);
}

static void
drop_func (
    AionetPipe *pipe, const guint8 *data, gsize length, GSocketAddress *sender, gpointer user_data)
{
  g_clear_object ((AionetDaemon **) user_data);
}

static void
on_drop_client (AionetDaemon *daemon, AionetPipe *client, gpointer user_data)
{
  g_clear_object ((AionetDaemon **) user_data);
}

static void
test_dropped (void)
{
  g_autoptr (GMainContext) context = g_main_context_ref_thread_default ();
  guint n_descriptors;

  g_test_summary ("A daemon may be dropped by what it calls: all its pipes are closed");

  g_main_context_iteration (context, FALSE);
  g_type_ensure (G_TYPE_TASK);
  n_descriptors = count_descriptors ();
  for (guint i = 0; i < 2; i++)
    {
      AionetDaemon *daemon = aionet_daemon_new ();
      g_autoptr (AionetPipe) client = NULL;
      g_autoptr (GError) error = NULL;
      guint16 port = aionet_daemon_listen_all (daemon, G_SOCKET_PROTOCOL_DEFAULT, 0, NULL, &error);

      g_assert_no_error (error);
      if (i == 0)
        aionet_daemon_set_message_func (daemon, drop_func, &daemon, NULL);
      else
        g_signal_connect (daemon, "client", G_CALLBACK (on_drop_client), &daemon);
      client = connect_to (TCP, "127.0.0.1", port, &error);
      g_assert_no_error (error);
      send_text (client, "go", NULL);
      assert_closed (client);
      g_assert_null (daemon);
    }
  turn_a_little ();
  g_assert_cmpuint (_aionet_reactor_get_n_watches (context), ==, 0);
  g_assert_cmpuint (count_descriptors (), ==, n_descriptors);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/aionet/daemon/port", test_port);
  g_test_add_data_func ("/aionet/daemon/in-use/tcp", GINT_TO_POINTER (TCP), test_in_use);
  g_test_add_data_func ("/aionet/daemon/in-use/udp", GINT_TO_POINTER (UDP), test_in_use);
  g_test_add_func ("/aionet/daemon/restart", test_restart);
  g_test_add_func ("/aionet/daemon/all", test_all);
  g_test_add_func ("/aionet/daemon/one-fails", test_one_fails);
  g_test_add_func ("/aionet/daemon/conflict", test_conflict);
  g_test_add_func ("/aionet/daemon/many", test_many);
  g_test_add_func ("/aionet/daemon/nobody", test_nobody);
  g_test_add_func ("/aionet/daemon/own-function", test_own_function);
  g_test_add_func ("/aionet/daemon/dropped", test_dropped);
  return g_test_run ();
}
