/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#include "config.h"

#include "pipe-helpers.h"

static void
test_stream (void)
{
  g_autoptr (AionetPipe) server = loopback_server (G_SOCKET_PROTOCOL_TCP, G_SOCKET_FAMILY_IPV4);
  g_autoptr (AionetPipe) client = open_client (server);
  g_autoptr (AionetPipe) accepted = accept_client (server);
  g_autoptr (AionetMessage) read_before = NULL;
  g_autoptr (GSocket) socket = NULL;
  g_autoptr (GError) error = NULL;
  char buffer[8] = { 0 };

  g_test_summary (
      "A stolen socket goes on where the pipe stopped; what was read stays in the pipe");

  send_text (accepted, "one", NULL);
  while (aionet_pipe_get_n_received (client) == 0)
    g_main_context_iteration (NULL, TRUE);
  socket = aionet_pipe_steal_socket (client, &error);
  g_assert_no_error (error);
  g_assert_false (aionet_pipe_is_open (client));
  read_before = aionet_pipe_try_receive (client);
  g_assert_nonnull (read_before);
  g_assert_null (aionet_pipe_try_receive (client));
  send_text (accepted, "two", NULL);
  g_assert_cmpint (g_socket_receive (socket, buffer, sizeof buffer, NULL, &error), ==, 3);
  g_assert_cmpstr (buffer, ==, "two");
  g_assert_cmpint (g_socket_send (socket, "three", 5, NULL, &error), ==, 5);
  assert_receives (accepted, "three");
}

static void
test_refusals (void)
{
  g_autoptr (AionetPipe) pipe = aionet_pipe_new (G_SOCKET_PROTOCOL_UDP, NULL, NULL);
  g_autoptr (AionetPipe) server = loopback_server (G_SOCKET_PROTOCOL_UDP, G_SOCKET_FAMILY_IPV4);
  g_autoptr (GSocket) socket = NULL;
  g_autoptr (GError) error = NULL;

  g_test_summary ("Only an open pipe has a socket to steal, and only once");

  g_assert_null (aionet_pipe_steal_socket (pipe, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NOT_CONNECTED);
  g_clear_error (&error);
  socket = aionet_pipe_steal_socket (server, &error);
  g_assert_no_error (error);
  g_assert_null (aionet_pipe_steal_socket (server, &error));
  g_assert_error (error, AIONET_ERROR, AIONET_ERROR_CLOSED);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/aionet/pipe-steal/stream", test_stream);
  g_test_add_func ("/aionet/pipe-steal/refusals", test_refusals);
  return g_test_run ();
}
