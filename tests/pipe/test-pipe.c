/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#include "config.h"

#include <gio/gio.h>
#include <string.h>

#include "engine/aionet-reactor-private.h"
#include "pipe-helpers.h"

/* What both protocols and both sides have in common, over loopback. */

static void
echo (GSocketProtocol protocol, GSocketFamily family)
{
  g_autoptr (AionetPipe) server = loopback_server (protocol, family);
  g_autoptr (AionetPipe) client = open_client (server);
  g_autoptr (AionetPipe) peer = NULL;
  g_autoptr (GSocketAddress) sender = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *text = NULL;

  send_text (client, "hello", NULL);
  peer = protocol == G_SOCKET_PROTOCOL_TCP ? accept_client (server) : g_object_ref (server);
  text = receive (peer, -1, &sender, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (text, ==, "hello");
  g_assert_cmpint (g_socket_address_get_family (sender), ==, family);
  send_text (peer, text, protocol == G_SOCKET_PROTOCOL_TCP ? NULL : sender);
  assert_receives (client, "hello");
  g_assert_cmpuint (aionet_pipe_get_n_sent (client), ==, 1);
  g_assert_cmpuint (aionet_pipe_get_n_received (client), ==, 1);
  g_assert_cmpuint (aionet_pipe_get_bytes_sent (client), ==, 5);
  g_assert_cmpuint (aionet_pipe_get_bytes_received (client), ==, 5);
  g_assert_cmpuint (aionet_pipe_get_n_dropped (client), ==, 0);
  g_assert_false (aionet_pipe_is_server (client));
}

static void
test_echo_tcp (void)
{
  g_test_summary ("Case C-01: TCP echo over IPv4");

  echo (G_SOCKET_PROTOCOL_TCP, G_SOCKET_FAMILY_IPV4);
}

static void
test_echo_udp (void)
{
  g_test_summary ("Case C-02: UDP echo over IPv4");

  echo (G_SOCKET_PROTOCOL_UDP, G_SOCKET_FAMILY_IPV4);
}

static void
test_echo_tcp_ipv6 (void)
{
  g_test_summary ("Case C-01: TCP echo over IPv6");

  if (has_ipv6 ())
    echo (G_SOCKET_PROTOCOL_TCP, G_SOCKET_FAMILY_IPV6);
}

static void
test_echo_udp_ipv6 (void)
{
  g_test_summary ("Case C-02: UDP echo over IPv6");

  if (has_ipv6 ())
    echo (G_SOCKET_PROTOCOL_UDP, G_SOCKET_FAMILY_IPV6);
}

static void
test_receive_timeout (void)
{
  g_autoptr (AionetPipe) server = loopback_server (G_SOCKET_PROTOCOL_UDP, G_SOCKET_FAMILY_IPV4);
  g_autoptr (GError) error = NULL;
  gint64 begin = g_get_monotonic_time ();

  g_test_summary ("Cases C-04, C-05: a time without a message is an error, 0 is at once");

  g_assert_null (receive (server, 0, NULL, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_TIMED_OUT);
  g_clear_error (&error);
  begin = g_get_monotonic_time ();
  g_assert_null (receive (server, 300, NULL, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_TIMED_OUT);
  g_assert_cmpint (g_get_monotonic_time () - begin, >=, 299 * 1000);
}

static void
test_receive_n (void)
{
  g_autoptr (AionetPipe) server = loopback_server (G_SOCKET_PROTOCOL_UDP, G_SOCKET_FAMILY_IPV4);
  g_autoptr (AionetPipe) client = open_client (server);
  g_autoptr (GError) error = NULL;
  g_autofree char *first = NULL;
  g_autofree char *rest = NULL;

  g_test_summary ("Case C-13: 4 of ab, cd, e");

  send_text (client, "ab", NULL);
  send_text (client, "cd", NULL);
  send_text (client, "e", NULL);
  first = receive_n (server, 4, -1, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (first, ==, "abcd");
  rest = receive_n (server, 4, 50, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (rest, ==, "e");
}

typedef struct
{
  guint    n_closed;
  gboolean had_error;
  char    *peer;
} Ending;

static void
on_closed (AionetPipe *pipe, const GError *error, gpointer user_data)
{
  Ending         *ending = user_data;
  GSocketAddress *peer = aionet_pipe_get_remote_address (pipe);

  g_assert_false (aionet_pipe_is_open (pipe));
  ending->n_closed++;
  ending->had_error = error != NULL;
  g_free (ending->peer);
  ending->peer = peer != NULL ? g_socket_connectable_to_string (G_SOCKET_CONNECTABLE (peer)) : NULL;
}

static void
test_remote_closes (void)
{
  g_autoptr (AionetPipe) server = loopback_server (G_SOCKET_PROTOCOL_TCP, G_SOCKET_FAMILY_IPV4);
  g_autoptr (AionetPipe) client = open_client (server);
  g_autoptr (AionetPipe) peer = accept_client (server);
  g_autofree char *target = target_of (server);
  g_autoptr (GError) error = NULL;
  Ending ending = { 0 };

  g_test_summary ("Cases C-17, C-20: the end comes once, without error; sending fails then");

  g_signal_connect (client, "closed", G_CALLBACK (on_closed), &ending);
  send_text (peer, "last", NULL);
  aionet_pipe_close (peer);
  aionet_pipe_close (peer);
  assert_receives (client, "last");
  assert_closed (client);
  g_assert_cmpuint (ending.n_closed, ==, 1);
  g_assert_false (ending.had_error);
  g_assert_cmpstr (ending.peer, ==, target);
  g_assert_false (aionet_pipe_send_data (client, (const guint8 *) "x", 1, NULL, &error));
  g_assert_error (error, AIONET_ERROR, AIONET_ERROR_CLOSED);
  aionet_pipe_close (client);
  g_assert_cmpuint (ending.n_closed, ==, 1);
  g_assert_nonnull (aionet_pipe_get_local_address (client));
  g_free (ending.peer);
}

static void
on_woken (GObject *source, GAsyncResult *result, gpointer user_data)
{
  GError **error = user_data;

  g_assert_null (aionet_pipe_receive_finish (AIONET_PIPE (source), result, error));
}

static void
test_close_wakes (void)
{
  g_autoptr (AionetPipe) server = loopback_server (G_SOCKET_PROTOCOL_UDP, G_SOCKET_FAMILY_IPV4);
  g_autoptr (GError) error = NULL;

  g_test_summary ("Case C-19: a receive under way wakes with closed");

  aionet_pipe_receive_async (server, -1, NULL, on_woken, &error);
  turn_a_little ();
  g_assert_no_error (error);
  aionet_pipe_close (server);
  turn_a_little ();
  g_assert_error (error, AIONET_ERROR, AIONET_ERROR_CLOSED);
}

static void
test_dropped (void)
{
  g_autoptr (AionetPipe) server = loopback_server (G_SOCKET_PROTOCOL_TCP, G_SOCKET_FAMILY_IPV4);
  AionetPipe *client = open_client (server);
  g_autoptr (AionetPipe) peer = accept_client (server);
  guint n_watches;
  guint n_descriptors = count_descriptors ();
  g_autoptr (GMainContext) context = g_main_context_ref_thread_default ();

  g_test_summary ("A pipe that is dropped while open closes its socket");

  n_watches = _aionet_reactor_get_n_watches (context);
  g_object_unref (client);
  g_assert_cmpuint (_aionet_reactor_get_n_watches (context), ==, n_watches - 1);
  g_assert_cmpuint (count_descriptors (), ==, n_descriptors - 1);
  assert_closed (peer);
}

static void
drop_in_message (AionetPipe *pipe, AionetMessage *message, gpointer user_data)
{
  AionetPipe **place = user_data;

  g_clear_object (place);
}

static void
test_dropped_in_callback (void)
{
  g_autoptr (AionetPipe) server = loopback_server (G_SOCKET_PROTOCOL_UDP, G_SOCKET_FAMILY_IPV4);
  AionetPipe *client = open_client (server);
  gpointer    watched = client;

  g_test_summary ("A handler may drop the last reference to its pipe");

  g_object_add_weak_pointer (G_OBJECT (client), &watched);
  g_signal_connect (client, "message", G_CALLBACK (drop_in_message), &client);
  send_text (server, "a", aionet_pipe_get_local_address (client));
  send_text (server, "b", aionet_pipe_get_local_address (client));
  while (watched != NULL)
    g_main_context_iteration (NULL, TRUE);
  g_assert_null (client);
}

typedef struct
{
  GString *text;
  guint    n_destroyed;
  gboolean closes;
} Reader;

static void
on_data (
    AionetPipe *pipe, const guint8 *data, gsize length, GSocketAddress *sender, gpointer user_data)
{
  Reader *reader = user_data;

  g_assert_nonnull (sender);
  g_string_append_len (reader->text, (const char *) data, (gssize) length);
  g_string_append_c (reader->text, '|');
  if (reader->closes)
    aionet_pipe_close (pipe);
}

static void
on_destroy (gpointer user_data)
{
  ((Reader *) user_data)->n_destroyed++;
}

static void
test_message_func (void)
{
  g_autoptr (AionetPipe) server = loopback_server (G_SOCKET_PROTOCOL_UDP, G_SOCKET_FAMILY_IPV4);
  g_autoptr (AionetPipe) client = open_client (server);
  g_autoptr (GError) error = NULL;
  Reader reader = { g_string_new (NULL), 0, FALSE };

  g_test_summary ("A function that comes late gets what waited, then what arrives, then nothing");

  send_text (client, "a", NULL);
  send_text (client, "b", NULL);
  while (aionet_pipe_get_n_received (server) < 2)
    g_main_context_iteration (NULL, TRUE);
  aionet_pipe_set_message_func (server, on_data, &reader, on_destroy);
  g_assert_cmpstr (reader.text->str, ==, "");
  while (reader.text->len < 4)
    g_main_context_iteration (NULL, TRUE);
  send_text (client, "c", NULL);
  send_text (client, "", NULL);
  while (aionet_pipe_get_n_received (server) < 4)
    g_main_context_iteration (NULL, TRUE);
  g_assert_cmpstr (reader.text->str, ==, "a|b|c||");
  aionet_pipe_set_message_func (server, on_data, &reader, on_destroy);
  g_assert_cmpuint (reader.n_destroyed, ==, 1);
  reader.closes = TRUE;
  send_text (client, "d", NULL);
  send_text (client, "e", NULL);
  while (aionet_pipe_is_open (server))
    g_main_context_iteration (NULL, TRUE);
  turn_a_little ();
  g_assert_cmpstr (reader.text->str, ==, "a|b|c||d|");
  g_clear_object (&server);
  g_assert_cmpuint (reader.n_destroyed, ==, 2);
  g_string_free (reader.text, TRUE);
}

static void
on_message (AionetPipe *pipe, AionetMessage *message, gpointer user_data)
{
  Reader *reader = user_data;
  GBytes *bytes = aionet_message_get_bytes (message);

  on_data (pipe, g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes),
           aionet_message_get_sender (message), reader);
}

static void
test_message_signal (void)
{
  g_autoptr (AionetPipe) server = loopback_server (G_SOCKET_PROTOCOL_UDP, G_SOCKET_FAMILY_IPV4);
  g_autoptr (AionetPipe) client = open_client (server);
  Reader reader = { g_string_new (NULL), 0, FALSE };
  gulong id;

  g_test_summary ("Handlers of the signal take messages; without one the queue does again");

  id = g_signal_connect (server, "message", G_CALLBACK (on_message), &reader);
  send_text (client, "a", NULL);
  while (aionet_pipe_get_n_received (server) < 1)
    g_main_context_iteration (NULL, TRUE);
  g_assert_cmpstr (reader.text->str, ==, "a|");
  g_signal_handler_disconnect (server, id);
  send_text (client, "b", NULL);
  assert_receives (server, "b");
  g_assert_cmpstr (reader.text->str, ==, "a|");
  g_string_free (reader.text, TRUE);
}

static void
run_loop (AionetPipe *pipe, AionetMessage *message, gpointer user_data)
{
  guint *depth = user_data;

  if (++*depth > 3)
    return;
  while (*depth <= 3)
    g_main_context_iteration (NULL, TRUE);
}

static void
test_nested_loop (void)
{
  g_autoptr (AionetPipe) server = loopback_server (G_SOCKET_PROTOCOL_UDP, G_SOCKET_FAMILY_IPV4);
  g_autoptr (AionetPipe) client = open_client (server);
  guint depth = 0;

  g_test_summary ("A handler may run the main loop and read more messages in there");

  g_signal_connect (server, "message", G_CALLBACK (run_loop), &depth);
  for (guint i = 0; i < 4; i++)
    send_text (client, "x", NULL);
  while (depth < 4)
    g_main_context_iteration (NULL, TRUE);
  g_assert_cmpuint (aionet_pipe_get_n_received (server), ==, 4);
}

static gpointer
drop_elsewhere (gpointer pipe)
{
  g_object_unref (pipe);
  return NULL;
}

static void
test_dropped_in_thread (void)
{
  g_autoptr (GMainContext) context = g_main_context_ref_thread_default ();
  AionetPipe *server = loopback_server (G_SOCKET_PROTOCOL_UDP, G_SOCKET_FAMILY_IPV4);
  gpointer    watched = server;

  g_test_summary ("A pipe dropped in a foreign thread while its context runs ends in its own");

  g_object_add_weak_pointer (G_OBJECT (server), &watched);
  g_assert_true (g_main_context_acquire (context));
  g_thread_join (g_thread_new ("foreign", drop_elsewhere, server));
  g_assert_nonnull (watched);
  turn_a_little ();
  g_main_context_release (context);
  g_assert_null (watched);
  g_assert_cmpuint (_aionet_reactor_get_n_watches (context), ==, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/aionet/pipe/echo/tcp", test_echo_tcp);
  g_test_add_func ("/aionet/pipe/echo/udp", test_echo_udp);
  g_test_add_func ("/aionet/pipe/echo/tcp-ipv6", test_echo_tcp_ipv6);
  g_test_add_func ("/aionet/pipe/echo/udp-ipv6", test_echo_udp_ipv6);
  g_test_add_func ("/aionet/pipe/receive/timeout", test_receive_timeout);
  g_test_add_func ("/aionet/pipe/receive/n", test_receive_n);
  g_test_add_func ("/aionet/pipe/close/remote", test_remote_closes);
  g_test_add_func ("/aionet/pipe/close/wakes", test_close_wakes);
  g_test_add_func ("/aionet/pipe/close/dropped", test_dropped);
  g_test_add_func ("/aionet/pipe/close/dropped-in-callback", test_dropped_in_callback);
  g_test_add_func ("/aionet/pipe/close/dropped-in-thread", test_dropped_in_thread);
  g_test_add_func ("/aionet/pipe/message/func", test_message_func);
  g_test_add_func ("/aionet/pipe/message/signal", test_message_signal);
  g_test_add_func ("/aionet/pipe/message/nested-loop", test_nested_loop);
  return g_test_run ();
}
