/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#include "config.h"

#include <string.h>

#include "pipe/aionet-pipe-tls.h"
#include "tls-fixture.h"
#include "topology/aionet-route-private.h"

static void
write_text (GIOStream *stream, const char *text)
{
  g_autoptr (GError) error = NULL;

  g_output_stream_write_all (g_io_stream_get_output_stream (stream), text, strlen (text), NULL,
                             NULL, &error);
  g_assert_no_error (error);
}

static void
on_read (GObject *source, GAsyncResult *result, gpointer user_data)
{
  gssize *n = user_data;
  g_autoptr (GError) error = NULL;

  *n = g_input_stream_read_finish (G_INPUT_STREAM (source), result, &error);
  g_assert_no_error (error);
}

/* Reads through the main context, so that the other end, a pipe, may work meanwhile. */
static void
assert_reads (GIOStream *stream, const char *text)
{
  GInputStream *input = g_io_stream_get_input_stream (stream);
  char          buffer[64] = "";
  gsize         n_read = 0;

  while (n_read < strlen (text))
    {
      gssize n = -1;

      g_input_stream_read_async (input, buffer + n_read, strlen (text) - n_read, G_PRIORITY_DEFAULT,
                                 NULL, on_read, &n);
      while (n < 0)
        g_main_context_iteration (NULL, TRUE);
      g_assert_cmpint (n, >, 0);
      n_read += (gsize) n;
    }
  g_assert_cmpstr (buffer, ==, text);
}

static GIOStream *
stream_of (AionetPipe *pipe)
{
  g_autoptr (GError) error = NULL;
  GIOStream *stream = aionet_pipe_get_io_stream (pipe, &error);

  g_assert_no_error (error);
  g_assert_false (aionet_pipe_is_open (pipe));
  g_assert_nonnull (aionet_pipe_get_local_address (pipe));
  return stream;
}

/* Either end becomes a stream in turn; the other stays a pipe. */
static void
check_stream (AionetPipe **moved, AionetPipe *other, GType type)
{
  g_autoptr (GIOStream) stream = stream_of (*moved);
  g_autoptr (GError) error = NULL;

  g_assert_true (g_type_is_a (G_OBJECT_TYPE (stream), type));
  if (G_IS_SOCKET_CONNECTION (stream))
    {
      g_autoptr (GSocketAddress) remote =
          g_socket_connection_get_remote_address (G_SOCKET_CONNECTION (stream), &error);

      g_assert_no_error (error);
      g_assert_nonnull (remote);
    }
  assert_closed (*moved);
  g_assert_null (aionet_pipe_get_io_stream (*moved, &error));
  g_assert_error (error, AIONET_ERROR, AIONET_ERROR_CLOSED);
  g_clear_object (moved);
  write_text (stream, "from the stream");
  assert_receives (other, "from the stream");
  send_text (other, "to the stream", NULL);
  assert_reads (stream, "to the stream");
  g_io_stream_close (stream, NULL, &error);
  assert_closed (other);
}

static void
test_plain (void)
{
  g_autoptr (AionetPipe) server = loopback_server (G_SOCKET_PROTOCOL_TCP, G_SOCKET_FAMILY_IPV4);

  g_test_summary ("Either end of a TCP connection becomes a stream of GIO's, and the pipe is over");

  for (guint i = 0; i < 2; i++)
    {
      g_autoptr (AionetPipe) client = open_client (server);
      g_autoptr (AionetPipe) peer = accept_client (server);

      check_stream (i == 0 ? &client : &peer, i == 0 ? peer : client, G_TYPE_SOCKET_CONNECTION);
    }
}

static void
test_tls (void)
{
  Pair pair;

  g_test_summary ("A secure pipe becomes a GTlsConnection");

  if (!g_tls_backend_supports_tls (g_tls_backend_get_default ()))
    {
      g_test_skip ("GIO has no TLS backend here (package glib-networking)");
      return;
    }
  pair_init (&pair);
  check_stream (&pair.client, pair.peer, G_TYPE_TLS_CONNECTION);
  pair_clear (&pair);
}

static void
test_received_before (void)
{
  g_autoptr (AionetPipe) server = loopback_server (G_SOCKET_PROTOCOL_TCP, G_SOCKET_FAMILY_IPV4);
  g_autoptr (AionetPipe) client = open_client (server);
  g_autoptr (AionetPipe) peer = accept_client (server);
  g_autoptr (GIOStream) stream = NULL;
  g_autoptr (GDataInputStream) lines = NULL;
  g_autofree char *first = NULL;
  g_autofree char *second = NULL;
  g_autoptr (GError) error = NULL;
  GInputStream *input;

  g_test_summary ("What the pipe had received comes first, then the rest; lines go through");

  send_text (peer, "220 ready\r\n250-", NULL);
  while (aionet_pipe_get_n_received (client) == 0)
    g_main_context_iteration (NULL, TRUE);
  stream = stream_of (client);
  input = g_io_stream_get_input_stream (stream);
  g_assert_true (g_pollable_input_stream_can_poll (G_POLLABLE_INPUT_STREAM (input)));
  g_assert_true (g_pollable_input_stream_is_readable (G_POLLABLE_INPUT_STREAM (input)));
  assert_reads (stream, "220");
  send_text (peer, "hello\r\n", NULL);
  lines = g_data_input_stream_new (input);
  g_data_input_stream_set_newline_type (lines, G_DATA_STREAM_NEWLINE_TYPE_CR_LF);
  first = g_data_input_stream_read_line (lines, NULL, NULL, &error);
  g_assert_cmpstr (first, ==, " ready");
  second = g_data_input_stream_read_line (lines, NULL, NULL, &error);
  g_assert_cmpstr (second, ==, "250-hello");
  g_assert_no_error (error);
}

static void
test_refused (void)
{
  g_autoptr (AionetPipe) udp = loopback_server (G_SOCKET_PROTOCOL_UDP, G_SOCKET_FAMILY_IPV4);
  g_autoptr (AionetPipe) server = loopback_server (G_SOCKET_PROTOCOL_TCP, G_SOCKET_FAMILY_IPV4);
  g_autoptr (AionetPipe) fresh = aionet_pipe_new (G_SOCKET_PROTOCOL_TCP, "127.0.0.1:9", NULL);
  g_autoptr (GError) error = NULL;

  g_test_summary ("UDP, servers and pipes that are not open are no streams, and stay as they are");

  g_assert_null (aionet_pipe_get_io_stream (udp, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED);
  g_clear_error (&error);
  g_assert_null (aionet_pipe_get_io_stream (server, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED);
  g_clear_error (&error);
  g_assert_null (aionet_pipe_get_io_stream (fresh, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NOT_CONNECTED);
  g_assert_true (aionet_pipe_is_open (udp));
  g_assert_true (aionet_pipe_is_open (server));
}

typedef struct
{
  gboolean done;
  GError  *error;
} Handshake;

static void
on_shaken (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Handshake *self = user_data;

  g_tls_connection_handshake_finish (G_TLS_CONNECTION (source), result, &self->error);
  self->done = TRUE;
}

/* Both ends have said that TLS begins. Returns: (transfer full) */
static GTlsConnection *
start_tls (AionetPipe *pipe, gboolean is_server)
{
  g_autoptr (GIOStream) plain = stream_of (pipe);
  g_autoptr (GTlsCertificate) own = certificate ("server.pem");
  g_autoptr (GTlsDatabase) database = authorities ();
  g_autoptr (GSocketConnectable) name = g_network_address_new ("server.test", 0);
  g_autoptr (GError) error = NULL;
  GIOStream *secure = is_server ? g_tls_server_connection_new (plain, own, &error)
                                : g_tls_client_connection_new (plain, name, &error);

  g_assert_no_error (error);
  if (!is_server)
    g_tls_connection_set_database (G_TLS_CONNECTION (secure), database);
  return G_TLS_CONNECTION (secure);
}

static void
shake_hands (GTlsConnection *client, GTlsConnection *server, Handshake outcomes[2])
{
  g_tls_connection_handshake_async (client, G_PRIORITY_DEFAULT, NULL, on_shaken, &outcomes[0]);
  g_tls_connection_handshake_async (server, G_PRIORITY_DEFAULT, NULL, on_shaken, &outcomes[1]);
  turn_until (&outcomes[0].done);
  /* A client that gives up leaves, and the server hears of it. */
  if (outcomes[0].error != NULL)
    g_io_stream_close (G_IO_STREAM (client), NULL, NULL);
  turn_until (&outcomes[1].done);
}

typedef struct
{
  AionetPipe *server, *client, *peer; /* (owned) */
} Plain;

/* A protocol that begins in the clear: until both know that TLS comes next. */
static void
plain_init (Plain *self)
{
  self->server = loopback_server (G_SOCKET_PROTOCOL_TCP, G_SOCKET_FAMILY_IPV4);
  self->client = open_client (self->server);
  self->peer = accept_client (self->server);
  send_text (self->client, "STARTTLS\r\n", NULL);
  assert_receives (self->peer, "STARTTLS\r\n");
  send_text (self->peer, "220 go ahead\r\n", NULL);
  assert_receives (self->client, "220 go ahead\r\n");
}

static void
plain_clear (Plain *self)
{
  g_object_unref (self->client);
  g_object_unref (self->peer);
  g_object_unref (self->server);
}

static void
test_starttls (void)
{
  Plain     plain;
  Handshake outcomes[2] = { 0 };
  g_autoptr (GTlsConnection) client = NULL;
  g_autoptr (GTlsConnection) server = NULL;

  g_test_summary ("STARTTLS: an open connection becomes a secure one, at either end");

  if (!g_tls_backend_supports_tls (g_tls_backend_get_default ()))
    {
      g_test_skip ("GIO has no TLS backend here (package glib-networking)");
      return;
    }
  plain_init (&plain);
  client = start_tls (plain.client, FALSE);
  server = start_tls (plain.peer, TRUE);
  shake_hands (client, server, outcomes);
  g_assert_no_error (outcomes[0].error);
  g_assert_no_error (outcomes[1].error);
  write_text (G_IO_STREAM (client), "secret");
  assert_reads (G_IO_STREAM (server), "secret");
  write_text (G_IO_STREAM (server), "more of it");
  assert_reads (G_IO_STREAM (client), "more of it");
  plain_clear (&plain);
}

static void
test_starttls_injected (void)
{
  Plain     plain;
  Handshake outcomes[2] = { 0 };
  g_autoptr (GTlsConnection) client = NULL;
  g_autoptr (GTlsConnection) server = NULL;

  g_test_summary (
      "What somebody slips in before the handshake fails it, and is not taken as secure");

  if (!g_tls_backend_supports_tls (g_tls_backend_get_default ()))
    {
      g_test_skip ("GIO has no TLS backend here (package glib-networking)");
      return;
    }
  plain_init (&plain);
  send_text (plain.peer, "250 as if it were secure\r\n", NULL);
  while (aionet_pipe_get_n_received (plain.client) < 2)
    g_main_context_iteration (NULL, TRUE);
  client = start_tls (plain.client, FALSE);
  server = start_tls (plain.peer, TRUE);
  shake_hands (client, server, outcomes);
  g_assert_true (outcomes[0].error != NULL && outcomes[0].error->domain == G_TLS_ERROR);
  g_assert_nonnull (outcomes[1].error);
  g_clear_error (&outcomes[0].error);
  g_clear_error (&outcomes[1].error);
  plain_clear (&plain);
}

static void
on_connected (GObject *source, GAsyncResult *result, gpointer user_data)
{
  GSocketConnection **connection = user_data;
  g_autoptr (GError) error = NULL;

  *connection = g_socket_client_connect_finish (G_SOCKET_CLIENT (source), result, &error);
  g_assert_no_error (error);
}

static gboolean
on_incoming (GSocketService *service, GSocketConnection *connection, GObject *from, gpointer kept)
{
  *(GSocketConnection **) kept = g_object_ref (connection);
  return TRUE;
}

/* The other direction: sockets of GSocketClient and GSocketService become pipes. */
static void
test_gio_sockets (void)
{
  g_autoptr (GSocketService) service = g_socket_service_new ();
  g_autoptr (GSocketClient) client = g_socket_client_new ();
  g_autoptr (GSocketAddress) any = g_inet_socket_address_new_from_string ("127.0.0.1", 0);
  g_autoptr (GSocketAddress) address = NULL;
  g_autoptr (GSocketConnection) out = NULL;
  g_autoptr (GSocketConnection) in = NULL;
  g_autoptr (AionetPipe) mine = NULL;
  g_autoptr (AionetPipe) theirs = NULL;
  g_autoptr (AionetRoute) everywhere = _aionet_route_new_any (G_SOCKET_FAMILY_IPV4, NULL);
  g_autoptr (AionetRoute) route = NULL;
  g_autofree char *source = NULL;
  g_autoptr (GError) error = NULL;

  g_test_summary ("A GSocketClient takes a route; its sockets and a GSocketService's become pipes");

  route = aionet_route_bind_to (everywhere, "127.0.0.2", 0, &error);
  g_assert_no_error (error);
  g_socket_client_set_local_address (client, aionet_route_get_local_address (route));

  g_socket_listener_add_address (G_SOCKET_LISTENER (service), any, G_SOCKET_TYPE_STREAM,
                                 G_SOCKET_PROTOCOL_TCP, NULL, &address, &error);
  g_assert_no_error (error);
  g_signal_connect (service, "incoming", G_CALLBACK (on_incoming), &in);
  g_socket_client_connect_async (client, G_SOCKET_CONNECTABLE (address), NULL, on_connected, &out);
  while (in == NULL || out == NULL)
    g_main_context_iteration (NULL, TRUE);
  mine = aionet_pipe_new_for_socket (g_socket_connection_get_socket (out), NULL);
  theirs = aionet_pipe_new_for_socket (g_socket_connection_get_socket (in), NULL);
  g_assert_true (aionet_pipe_is_open (mine));
  source = g_inet_address_to_string (g_inet_socket_address_get_address (
      G_INET_SOCKET_ADDRESS (aionet_pipe_get_remote_address (theirs))));
  g_assert_cmpstr (source, ==, "127.0.0.2");
  send_text (mine, "there", NULL);
  assert_receives (theirs, "there");
  send_text (theirs, "and back", NULL);
  assert_receives (mine, "and back");
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/aionet/pipe-stream/plain", test_plain);
  g_test_add_func ("/aionet/pipe-stream/tls", test_tls);
  g_test_add_func ("/aionet/pipe-stream/received-before", test_received_before);
  g_test_add_func ("/aionet/pipe-stream/starttls", test_starttls);
  g_test_add_func ("/aionet/pipe-stream/starttls-injected", test_starttls_injected);
  g_test_add_func ("/aionet/pipe-stream/refused", test_refused);
  g_test_add_func ("/aionet/pipe-stream/gio-sockets", test_gio_sockets);
  return g_test_run ();
}
