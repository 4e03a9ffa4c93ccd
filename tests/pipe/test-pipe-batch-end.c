/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#include "config.h"

#include <errno.h>
#include <unistd.h>

#include "batch-helpers.h"
#include "pipe-helpers.h"
#include "pipe/aionet-subscription.h"

/* Batches that do not go through as they are: full queues, failures, and handlers that end things
 * in the middle. */

static void
test_busy (void)
{
  Server server;

  g_test_summary ("What the kernel does not take is sent when it does, before what comes later");

  server_open (&server);
  aionet_pipe_set_message_func (server.pipe, echo, NULL, NULL);
  socket_calls.n_busy = 5;
  send_burst (&server, N_BURST, 100);
  turn_a_little ();
  g_assert_cmpuint (socket_calls.n_busy, ==, 0);
  assert_echo_of_burst (&server, N_BURST, 100);
  g_assert_cmpuint (aionet_pipe_get_n_dropped (server.pipe), ==, 0);
  server_close (&server);
}

/* Sends until there is no room. */
static void
fill (
    AionetPipe *pipe, const guint8 *data, gsize length, GSocketAddress *sender, gpointer user_data)
{
  Server *self = user_data;
  g_autoptr (GError) error = NULL;

  while (error == NULL)
    {
      g_autoptr (GBytes) bytes = new_numbered (self->n_calls, 100);

      if (aionet_pipe_send (pipe, bytes, sender, &error))
        self->n_calls++;
    }
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_WOULD_BLOCK);
}

static void
test_back_pressure (void)
{
  Server server;

  g_test_summary ("Past the high-water mark a handler is told so; what was taken before is sent");

  server_open (&server);
  aionet_pipe_set_message_func (server.pipe, fill, &server, NULL);
  aionet_pipe_set_send_queue_bytes (server.pipe, 20000);
  socket_calls.n_busy = G_MAXUINT;
  client_send (&server, 0, 1);
  while (server.n_calls == 0)
    g_main_context_iteration (NULL, TRUE);
  g_assert_cmpuint (server.n_calls, ==, 200);
  socket_calls.n_busy = 0;
  turn_a_little ();
  assert_echo_of_burst (&server, 200, 100);
  server_close (&server);
}

typedef struct
{
  Server         *server;
  GSocketAddress *dead; /* (owned) */
} Failing;

/* Numbers 0, 2, 4 to whoever asked, the others to nobody. */
static void
send_some_in_vain (
    AionetPipe *pipe, const guint8 *data, gsize length, GSocketAddress *sender, gpointer user_data)
{
  Failing *self = user_data;

  for (guint i = 0; i < 5; i++)
    {
      g_autoptr (GBytes) bytes = new_numbered (i, 100);

      g_assert_true (aionet_pipe_send (pipe, bytes, i % 2 == 0 ? sender : self->dead, NULL));
    }
  g_assert_cmpuint (self->server->failed->len, ==, 0);
}

static void
test_failing_later (void)
{
  Server         server;
  Failing        failing = { &server, closed_port (G_SOCKET_PROTOCOL_UDP) };
  AionetSockaddr native;

  g_test_summary ("A collected datagram that fails is counted and told; the others are sent");

  server_open (&server);
  g_assert_true (_aionet_sockaddr_set (&native, failing.dead, NULL));
  socket_calls.bad_port = _aionet_sockaddr_get_port (&native);
  socket_calls.bad_code = EPERM;
  aionet_pipe_set_message_func (server.pipe, send_some_in_vain, &failing, NULL);
  client_send (&server, 0, 1);
  turn_a_little ();
  for (guint i = 0; i < 5; i += 2)
    assert_heard_by (server.client, i, 100);
  g_assert_cmpuint (aionet_pipe_get_n_dropped (server.pipe), ==, 2);
  g_assert_cmpuint (server.failed->len, ==, 2);
  g_assert_error ((GError *) server.failed->pdata[0], G_IO_ERROR, G_IO_ERROR_PERMISSION_DENIED);
  g_assert_true (aionet_pipe_is_open (server.pipe));
  g_object_unref (failing.dead);
  server_close (&server);
}

/* In the middle of the batch of 32 that begins with the 32nd message of a burst. */
#define N_BEFORE_END 40
#define N_IN_BATCHES 63

typedef struct
{
  Server *server;
  guint   n_calls;
  void (*end) (Server *server);
} Ending;

static void
echo_and_end (
    AionetPipe *pipe, const guint8 *data, gsize length, GSocketAddress *sender, gpointer user_data)
{
  Ending *self = user_data;

  echo (pipe, data, length, sender, NULL);
  if (++self->n_calls == N_BEFORE_END)
    self->end (self->server);
}

static void
end_pipe (Server *server)
{
  aionet_pipe_close (server->pipe);
}

static void
drop_pipe (Server *server)
{
  g_signal_handlers_disconnect_by_data (server->pipe, server);
  g_clear_object (&server->pipe);
}

static void
listen_no_more (Server *server)
{
  aionet_pipe_set_message_func (server->pipe, NULL, NULL, NULL);
}

static void
run_ending (Server *server, void (*end) (Server *server), guint n_expected)
{
  Ending ending = { server, 0, end };

  server_open (server);
  aionet_pipe_set_message_func (server->pipe, echo_and_end, &ending, NULL);
  send_burst (server, N_BURST, 100);
  turn_a_little ();
  g_assert_cmpuint (ending.n_calls, ==, n_expected);
  assert_echo_of_burst (server, n_expected, 100);
}

static void
test_close (void)
{
  Server server;

  g_test_summary ("Closing in the middle sends the answers given, and counts what was not read");

  run_ending (&server, end_pipe, N_BEFORE_END);
  g_assert_cmpuint (aionet_pipe_get_n_dropped (server.pipe), ==, N_IN_BATCHES - N_BEFORE_END);
  server_close (&server);
}

static void
test_drop (void)
{
  Server server;

  g_test_summary ("A handler may drop the last reference: the batch is still answered");

  run_ending (&server, drop_pipe, N_IN_BATCHES);
  server_close (&server);
}

static void
test_listen_no_more (void)
{
  Server server;

  g_test_summary ("A function that goes in the middle leaves the rest to the queue");

  run_ending (&server, listen_no_more, N_BEFORE_END);
  for (guint i = N_BEFORE_END; i < N_BURST; i++)
    {
      g_autoptr (AionetMessage) message = aionet_pipe_try_receive (server.pipe);
      g_autoptr (GBytes) expected = new_numbered (i, 100);

      g_assert_nonnull (message);
      g_assert_true (g_bytes_equal (aionet_message_get_bytes (message), expected));
    }
  server_close (&server);
}

static void
on_message (AionetPipe *pipe, AionetMessage *message, gpointer user_data)
{
  Ending *self = user_data;

  if (++self->n_calls == N_BEFORE_END)
    self->end (self->server);
}

static AionetSubscription *subscription;

static void
unsubscribe (Server *server)
{
  aionet_subscription_cancel (subscription);
}

static void
test_unsubscribe (void)
{
  Server server;
  Ending ending = { &server, 0, unsubscribe };
  g_autoptr (GError) error = NULL;
  guint n = 0;

  g_test_summary ("A subscription that ends in the middle gets no more, the others all");

  server_open (&server);
  g_signal_connect (server.pipe, "message", G_CALLBACK (on_message), &ending);
  subscription = aionet_pipe_subscribe (server.pipe, NULL, NULL, &error);
  g_assert_no_error (error);
  send_burst (&server, N_BURST, 100);
  turn_a_little ();
  for (AionetMessage *message; (message = aionet_subscription_try_receive (subscription)) != NULL;
       n++)
    aionet_message_unref (message);
  g_assert_cmpuint (n, ==, N_BEFORE_END);
  g_assert_cmpuint (ending.n_calls, ==, N_BURST);
  g_clear_object (&subscription);
  server_close (&server);
}

/* Every call waits for the next one. */
static void
wait_for_next (
    AionetPipe *pipe, const guint8 *data, gsize length, GSocketAddress *sender, gpointer user_data)
{
  Server *self = user_data;
  guint   number = self->n_calls++;
  g_autoptr (GBytes) expected = new_numbered (number, 100);

  g_assert_cmpmem (data, length, g_bytes_get_data (expected, NULL), 100);
  echo (pipe, data, length, sender, NULL);
  while (self->n_calls == number + 1 && number + 1 < N_IN_BATCHES)
    g_main_context_iteration (NULL, TRUE);
  /* Still what it was. */
  g_assert_cmpmem (data, length, g_bytes_get_data (expected, NULL), 100);
}

static void
test_nested (void)
{
  Server server;

  g_test_summary ("A handler that runs the main loop gets the rest of the batch there, in order");

  server_open (&server);
  aionet_pipe_set_message_func (server.pipe, wait_for_next, &server, NULL);
  send_burst (&server, N_IN_BATCHES, 100);
  turn_a_little ();
  g_assert_cmpuint (server.n_calls, ==, N_IN_BATCHES);
  assert_echo_of_burst (&server, N_IN_BATCHES, 100);
  server_close (&server);
}

static void
wait_for_own_answer (
    AionetPipe *pipe, const guint8 *data, gsize length, GSocketAddress *sender, gpointer user_data)
{
  Server *self = user_data;
  char    byte;

  self->n_calls++;
  echo (pipe, data, length, sender, NULL);
  while (recv (self->client, &byte, 1, MSG_PEEK | MSG_DONTWAIT) < 0)
    g_main_context_iteration (NULL, TRUE);
}

static void
test_nested_send (void)
{
  Server server;

  g_test_summary ("What was sent before a handler runs the main loop is sent by then");

  server_open (&server);
  aionet_pipe_set_message_func (server.pipe, wait_for_own_answer, &server, NULL);
  client_send (&server, 0, 100);
  turn_a_little ();
  g_assert_cmpuint (server.n_calls, ==, 1);
  assert_heard_by (server.client, 0, 100);
  server_close (&server);
}

static void
test_relay (void)
{
  Server server;
  g_autoptr (AionetPipe) target = loopback_server (G_SOCKET_PROTOCOL_UDP, G_SOCKET_FAMILY_IPV4);
  g_autoptr (AionetPipe) other = open_client (target);
  g_autoptr (GError) error = NULL;

  g_test_summary ("A relay passes a burst on as one, in order, and the answers back");

  server_open (&server);
  aionet_pipe_set_message_func (target, echo, NULL, NULL);
  g_assert_true (aionet_pipe_forward (server.pipe, other, &error));
  g_assert_no_error (error);
  send_burst (&server, N_BURST, 100);
  turn_a_little ();
  assert_echo_of_burst (&server, N_BURST, 100);
  /* Four pipes' worth of calls. */
  g_assert_cmpuint (socket_calls.n_sends, <, N_BURST);
  server_close (&server);
}

#define N_MANY 150

static void
new_many (GBytes **messages, gsize length)
{
  for (guint i = 0; i < N_MANY; i++)
    messages[i] = new_numbered (i, length);
}

static void
clear_many (GBytes **messages)
{
  for (guint i = 0; i < N_MANY; i++)
    g_clear_pointer (&messages[i], g_bytes_unref);
}

static void
test_many (void)
{
  Server  server;
  GBytes *messages[N_MANY];
  g_autoptr (GSocketAddress) to = NULL;
  g_autoptr (GError) error = NULL;
  AionetSockaddr local = { 0 };
  socklen_t      size = sizeof local;

  g_test_summary ("Many messages at once are there, in order, when the call returns");

  server_open (&server);
  getsockname (server.client, &local.any, &size);
  to = _aionet_sockaddr_to_gio (&local);
  new_many (messages, 100);
  g_assert_cmpint (aionet_pipe_send_many (server.pipe, messages, N_MANY, to, &error), ==, N_MANY);
  g_assert_no_error (error);
  assert_echo_of_burst (&server, N_MANY, 100);
  g_assert_cmpuint (socket_calls.n_sends, ==,
                    (N_MANY + AIONET_MAX_DATAGRAMS - 1) / AIONET_MAX_DATAGRAMS);
  g_assert_cmpuint (aionet_pipe_get_n_sent (server.pipe), ==, N_MANY);
  g_assert_cmpuint (aionet_pipe_get_bytes_sent (server.pipe), ==, N_MANY * 100);
  g_assert_cmpint (aionet_pipe_send_many (server.pipe, NULL, 0, to, &error), ==, 0);
  g_assert_cmpint (aionet_pipe_send_many (server.pipe, messages, N_MANY, NULL, &error), ==, -1);
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT);
  clear_many (messages);
  server_close (&server);
}

static void
test_many_stopped (void)
{
  Server  server;
  GBytes *messages[N_MANY];
  g_autoptr (AionetPipe) target = loopback_server (G_SOCKET_PROTOCOL_UDP, G_SOCKET_FAMILY_IPV4);
  g_autoptr (AionetPipe) client = open_client (target);
  g_autoptr (GError) error = NULL;

  g_test_summary ("It tells how many were taken, and why only if none was");

  server_open (&server);
  new_many (messages, 100);
  g_bytes_unref (messages[70]);
  messages[70] = new_numbered (70, 70000);
  g_assert_cmpint (aionet_pipe_send_many (client, messages, N_MANY, NULL, &error), ==, 70);
  g_assert_no_error (error);
  g_assert_cmpint (aionet_pipe_send_many (client, &messages[70], N_MANY - 70, NULL, &error), ==,
                   -1);
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_MESSAGE_TOO_LARGE);
  g_clear_error (&error);
  /* The 20th finds 1900 bytes, and room. */
  aionet_pipe_set_send_queue_bytes (client, 1901);
  socket_calls.n_busy = 1;
  g_assert_cmpint (aionet_pipe_send_many (client, messages, 70, NULL, &error), ==, 20);
  g_assert_cmpint (aionet_pipe_send_many (client, messages, 70, NULL, &error), ==, -1);
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_WOULD_BLOCK);
  turn_a_little ();
  g_assert_cmpuint (aionet_pipe_get_n_received (target), ==, 90);
  g_assert_cmpuint (aionet_pipe_get_n_sent (client), ==, 90);
  clear_many (messages);
  server_close (&server);
}

static void
test_many_stream (void)
{
  g_autoptr (AionetPipe) server = loopback_server (G_SOCKET_PROTOCOL_TCP, G_SOCKET_FAMILY_IPV4);
  g_autoptr (AionetPipe) client = open_client (server);
  g_autoptr (AionetPipe) accepted = accept_client (server);
  g_autoptr (GBytes) hello = g_bytes_new_static ("hello ", 6);
  g_autoptr (GBytes) world = g_bytes_new_static ("world", 5);
  GBytes *messages[] = { hello, world };
  g_autoptr (GError) error = NULL;
  g_autofree char *text = NULL;

  g_test_summary ("On a stream they follow each other");

  g_assert_cmpint (aionet_pipe_send_many (client, messages, 2, NULL, &error), ==, 2);
  g_assert_no_error (error);
  text = receive_n (accepted, 11, -1, &error);
  g_assert_cmpstr (text, ==, "hello world");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/aionet/pipe-batch-end/busy", test_busy);
  g_test_add_func ("/aionet/pipe-batch-end/back-pressure", test_back_pressure);
  g_test_add_func ("/aionet/pipe-batch-end/failing-later", test_failing_later);
  g_test_add_func ("/aionet/pipe-batch-end/close", test_close);
  g_test_add_func ("/aionet/pipe-batch-end/drop", test_drop);
  g_test_add_func ("/aionet/pipe-batch-end/listen-no-more", test_listen_no_more);
  g_test_add_func ("/aionet/pipe-batch-end/unsubscribe", test_unsubscribe);
  g_test_add_func ("/aionet/pipe-batch-end/nested", test_nested);
  g_test_add_func ("/aionet/pipe-batch-end/nested-send", test_nested_send);
  g_test_add_func ("/aionet/pipe-batch-end/relay", test_relay);
  g_test_add_func ("/aionet/pipe-batch-end/many", test_many);
  g_test_add_func ("/aionet/pipe-batch-end/many-stopped", test_many_stopped);
  g_test_add_func ("/aionet/pipe-batch-end/many-stream", test_many_stream);
  return g_test_run ();
}
