/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#include "config.h"

#include <gio/gio.h>
#include <sys/resource.h>
#include <sys/socket.h>

#include "engine/aionet-local-private.h"
#include "pipe-helpers.h"

static void
test_order (void)
{
  g_autoptr (AionetPipe) server = loopback_server (G_SOCKET_PROTOCOL_TCP, G_SOCKET_FAMILY_IPV4);
  g_autoptr (AionetPipe) first = open_client (server);
  g_autoptr (AionetPipe) second = open_client (server);
  g_autoptr (AionetPipe) first_peer = accept_client (server);
  g_autoptr (AionetPipe) second_peer = accept_client (server);

  g_test_summary ("Case C-14: two clients are two pipes, in order");

  g_assert_true (first_peer != second_peer);
  send_text (first, "first", NULL);
  send_text (second, "second", NULL);
  assert_receives (first_peer, "first");
  assert_receives (second_peer, "second");
}

static void
test_left (void)
{
  g_autoptr (AionetPipe) server = loopback_server (G_SOCKET_PROTOCOL_TCP, G_SOCKET_FAMILY_IPV4);
  g_autoptr (AionetPipe) gone = open_client (server);
  g_autoptr (AionetPipe) spoke = NULL;
  g_autoptr (AionetPipe) stays = NULL;
  g_autoptr (AionetPipe) first = NULL;
  g_autoptr (AionetPipe) second = NULL;

  g_test_summary ("Case C-16: who leaves without a word before being accepted is skipped");

  turn_a_little ();
  aionet_pipe_close (gone);
  turn_a_little ();
  spoke = open_client (server);
  send_text (spoke, "hello and bye", NULL);
  aionet_pipe_close (spoke);
  turn_a_little ();
  stays = open_client (server);
  turn_a_little ();
  first = accept_client (server);
  assert_receives (first, "hello and bye");
  assert_closed (first);
  second = accept_client (server);
  send_text (second, "you", NULL);
  assert_receives (stays, "you");
}

static void
on_client (AionetPipe *server, AionetPipe *client, gpointer user_data)
{
  g_ptr_array_add (user_data, g_object_ref (client));
}

static void
on_client_refuse (AionetPipe *server, AionetPipe *client, gpointer user_data)
{
  ++*(guint *) user_data;
}

static void
test_signal (void)
{
  g_autoptr (AionetPipe) server = loopback_server (G_SOCKET_PROTOCOL_TCP, G_SOCKET_FAMILY_IPV4);
  g_autoptr (GPtrArray) peers = g_ptr_array_new_with_free_func (g_object_unref);
  g_autoptr (AionetPipe) early = open_client (server);
  g_autoptr (AionetPipe) late = NULL;
  gulong id;

  g_test_summary ("A handler gets those that came before it too, and its own in order");

  turn_a_little ();
  id = g_signal_connect (server, "client", G_CALLBACK (on_client), peers);
  late = open_client (server);
  while (peers->len < 2)
    g_main_context_iteration (NULL, TRUE);
  send_text (early, "early", NULL);
  send_text (late, "late", NULL);
  assert_receives (peers->pdata[0], "early");
  assert_receives (peers->pdata[1], "late");
  g_assert_true (aionet_pipe_get_protocol (peers->pdata[0]) == G_SOCKET_PROTOCOL_TCP);
  g_assert_false (aionet_pipe_is_server (peers->pdata[0]));
  g_signal_handler_disconnect (server, id);
}

static void
test_refuse (void)
{
  g_autoptr (AionetPipe) server = loopback_server (G_SOCKET_PROTOCOL_TCP, G_SOCKET_FAMILY_IPV4);
  g_autoptr (AionetPipe) client = NULL;
  guint n = 0;

  g_test_summary ("A handler that takes no reference refuses the client");

  g_signal_connect (server, "client", G_CALLBACK (on_client_refuse), &n);
  client = open_client (server);
  assert_closed (client);
  g_assert_cmpuint (n, ==, 1);
}

typedef struct
{
  AionetPipe *client; /* (owned) */
  GError     *error;
  gboolean    done;
} Accepted;

static void
on_accepted (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Accepted *accepted = user_data;

  accepted->client = aionet_pipe_accept_finish (AIONET_PIPE (source), result, &accepted->error);
  accepted->done = TRUE;
}

static void
expect_accept_error (
    AionetPipe *server, int timeout_ms, GCancellable *cancellable, GQuark domain, int code)
{
  Accepted accepted = { 0 };

  aionet_pipe_accept_async (server, timeout_ms, cancellable, on_accepted, &accepted);
  turn_a_little ();
  if (cancellable != NULL)
    g_cancellable_cancel (cancellable);
  turn_until (&accepted.done);
  g_assert_error (accepted.error, domain, code);
  g_clear_error (&accepted.error);
}

static void
test_accept_errors (void)
{
  g_autoptr (AionetPipe) server = loopback_server (G_SOCKET_PROTOCOL_TCP, G_SOCKET_FAMILY_IPV4);
  g_autoptr (AionetPipe) datagrams = loopback_server (G_SOCKET_PROTOCOL_UDP, G_SOCKET_FAMILY_IPV4);
  g_autoptr (AionetPipe) client = NULL;
  g_autoptr (AionetPipe) peer = NULL;
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  Accepted accepted = { 0 };

  g_test_summary ("Waiting for a client ends by time, cancellation and closing, each by name");

  expect_accept_error (server, 0, NULL, G_IO_ERROR, G_IO_ERROR_TIMED_OUT);
  expect_accept_error (server, 10, NULL, G_IO_ERROR, G_IO_ERROR_TIMED_OUT);
  expect_accept_error (server, -1, cancellable, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  expect_accept_error (server, -1, cancellable, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  expect_accept_error (datagrams, 0, NULL, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED);
  client = open_client (server);
  peer = accept_client (server);
  aionet_pipe_accept_async (server, -1, NULL, on_accepted, &accepted);
  turn_a_little ();
  aionet_pipe_close (server);
  turn_until (&accepted.done);
  g_assert_error (accepted.error, AIONET_ERROR, AIONET_ERROR_CLOSED);
  g_clear_error (&accepted.error);
  g_assert_true (aionet_pipe_is_open (peer));
  expect_accept_error (server, -1, NULL, AIONET_ERROR, AIONET_ERROR_CLOSED);
}

static void
test_in_use (void)
{
  g_autoptr (AionetPipe) server = loopback_server (G_SOCKET_PROTOCOL_TCP, G_SOCKET_FAMILY_IPV4);
  GInetSocketAddress *address = G_INET_SOCKET_ADDRESS (aionet_pipe_get_local_address (server));
  g_autoptr (AionetLocal) local =
      _aionet_local_new (g_inet_socket_address_get_address (address), G_SOCKET_FAMILY_IPV4,
                         g_inet_socket_address_get_port (address));
  g_autoptr (AionetPipe) client = open_client (server);
  g_autoptr (AionetPipe) peer = accept_client (server);
  g_autoptr (GSocket) socket = NULL;
  g_autoptr (GError) error = NULL;

  g_test_summary ("A port in use stays in use; after closing the server it is free at once");

  socket = _aionet_local_create_socket (local, G_SOCKET_PROTOCOL_TCP, &error);
  g_assert_null (socket);
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_ADDRESS_IN_USE);
  g_clear_error (&error);
  aionet_pipe_close (peer);
  assert_closed (client);
  aionet_pipe_close (server);
  socket = _aionet_local_create_socket (local, G_SOCKET_PROTOCOL_TCP, &error);
  g_assert_no_error (error);
  g_assert_cmpint (listen (g_socket_get_fd (socket), 1), ==, 0);
}

static void
test_no_descriptors (void)
{
  g_autoptr (AionetPipe) server = loopback_server (G_SOCKET_PROTOCOL_TCP, G_SOCKET_FAMILY_IPV4);
  g_autoptr (GSocket) client = loopback_socket (G_SOCKET_PROTOCOL_TCP, G_SOCKET_FAMILY_IPV4);
  g_autoptr (AionetPipe) peer = NULL;
  struct rlimit limit, tight;

  g_test_summary ("Out of descriptors the server waits, without a busy loop, and then goes on");

  g_socket_set_blocking (client, TRUE);
  g_assert_true (g_socket_connect (client, aionet_pipe_get_local_address (server), NULL, NULL));
  g_assert_cmpint (getrlimit (RLIMIT_NOFILE, &limit), ==, 0);
  tight = limit;
  tight.rlim_cur = 3;
  g_assert_cmpint (setrlimit (RLIMIT_NOFILE, &tight), ==, 0);
  for (guint i = 0; i < 3; i++)
    g_main_context_iteration (NULL, FALSE);
  /* Paused: nothing of ours is ready although a client waits. */
  g_assert_false (g_main_context_pending (NULL));
  g_assert_cmpint (setrlimit (RLIMIT_NOFILE, &limit), ==, 0);
  peer = accept_client (server);
  g_assert_true (aionet_pipe_is_open (peer));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/aionet/pipe-server/order", test_order);
  g_test_add_func ("/aionet/pipe-server/left", test_left);
  g_test_add_func ("/aionet/pipe-server/signal", test_signal);
  g_test_add_func ("/aionet/pipe-server/refuse", test_refuse);
  g_test_add_func ("/aionet/pipe-server/accept-errors", test_accept_errors);
  g_test_add_func ("/aionet/pipe-server/in-use", test_in_use);
  g_test_add_func ("/aionet/pipe-server/no-descriptors", test_no_descriptors);
  return g_test_run ();
}
