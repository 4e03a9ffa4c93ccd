/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#include "config.h"

#include <string.h>
#include <sys/socket.h>

#include "pipe/aionet-pipe-private.h"
#include "pipe/aionet-pipe-tls.h"
#include "tls-fixture.h"

static void
on_refused (AionetPipe *server, GSocketAddress *address, const GError *error, gpointer user_data)
{
  GError **reason = user_data;

  g_assert_true (G_IS_INET_SOCKET_ADDRESS (address));
  g_assert_null (*reason);
  *reason = g_error_copy (error);
}

static void
on_closed (AionetPipe *pipe, const GError *error, gpointer user_data)
{
  GError **reason = user_data;

  *reason = error != NULL ? g_error_copy (error) : NULL;
}

static void
wait_until_closed (AionetPipe *pipe)
{
  while (aionet_pipe_is_open (pipe))
    g_main_context_iteration (NULL, TRUE);
}

static void
test_accepted (void)
{
  Pair pair;

  g_test_summary ("Messages go both ways over a verified connection; closing reaches the peer");

  pair_init (&pair);
  send_text (pair.client, "to the server", NULL);
  assert_receives (pair.peer, "to the server");
  send_text (pair.peer, "to the client", NULL);
  assert_receives (pair.client, "to the client");
  g_assert_cmpuint (aionet_pipe_get_bytes_sent (pair.client), ==, strlen ("to the server"));
  g_assert_true (G_IS_TLS_CERTIFICATE (aionet_pipe_get_tls_peer_certificate (pair.client)));
  g_assert_null (aionet_pipe_get_tls_peer_certificate (pair.peer));
  g_assert_null (aionet_pipe_get_tls_negotiated_protocol (pair.client));
  pair_clear (&pair);
}

static void
test_close (void)
{
  g_autoptr (GError) reason = g_error_new_literal (G_IO_ERROR, G_IO_ERROR_FAILED, "not called");
  Pair pair;

  g_test_summary ("What was sent before closing arrives, and the end is no error");

  pair_init (&pair);
  g_clear_error (&reason);
  g_signal_connect (pair.client, "closed", G_CALLBACK (on_closed), &reason);
  send_text (pair.peer, "last words", NULL);
  aionet_pipe_close (pair.peer);
  assert_receives (pair.client, "last words");
  assert_closed (pair.client);
  g_assert_no_error (reason);
  pair_clear (&pair);
}

static void
test_truncated (void)
{
  g_autoptr (GError) reason = NULL;
  Pair pair;

  g_test_summary ("A connection cut off without a goodbye is told from one that ended");

  pair_init (&pair);
  g_signal_connect (pair.client, "closed", G_CALLBACK (on_closed), &reason);
  send_text (pair.peer, "half", NULL);
  g_assert_cmpint (shutdown (pair.peer->fd, SHUT_WR), ==, 0);
  assert_receives (pair.client, "half");
  wait_until_closed (pair.client);
  g_assert_error (reason, G_TLS_ERROR, G_TLS_ERROR_EOF);
  pair_clear (&pair);
}

/* Opening fails with a certificate error that says words. */
static void
assert_rejects (AionetPipe *client, const char *words)
{
  g_autoptr (GError) error = NULL;

  g_assert_false (open_pipe (client, NULL, &error));
  g_assert_error (error, G_TLS_ERROR, G_TLS_ERROR_BAD_CERTIFICATE);
  if (strstr (error->message, words) == NULL)
    g_error ("“%s” does not say “%s”", error->message, words);
  g_assert_false (aionet_pipe_is_open (client));
}

static void
test_unknown_authority (void)
{
  g_autoptr (AionetPipe) server = tls_server ("server.pem");
  g_autoptr (AionetPipe) client = tls_client (server);
  g_autoptr (GError) reason = NULL;

  g_test_summary ("An unknown authority is refused by default; the server hears of it and goes on");

  g_signal_connect (server, "refused", G_CALLBACK (on_refused), &reason);
  aionet_pipe_set_tls_database (client, NULL);
  assert_rejects (client, "no known authority");
  while (reason == NULL)
    g_main_context_iteration (NULL, TRUE);
  g_assert_cmpuint (aionet_pipe_get_n_dropped (server), ==, 1);
  g_assert_true (aionet_pipe_is_open (server));
}

static void
test_wrong_host (void)
{
  g_autoptr (AionetPipe) server = tls_server ("server.pem");
  g_autoptr (AionetPipe) wrong = tls_client (server);
  g_autoptr (AionetPipe) right = tls_client (server);
  g_autoptr (GError) error = NULL;

  g_test_summary ("A certificate for another host is refused, for the server name asked for taken");

  aionet_pipe_set_tls_server_name (wrong, "other.test");
  assert_rejects (wrong, "another host");
  aionet_pipe_set_tls_server_name (right, "server.test");
  open_pipe (right, NULL, &error);
  g_assert_no_error (error);
}

static void
test_flags (void)
{
  g_autoptr (AionetPipe) server = tls_server ("expired.pem");
  g_autoptr (AionetPipe) strict = tls_client (server);
  g_autoptr (AionetPipe) lax = tls_client (server);
  g_autoptr (GError) error = NULL;

  g_test_summary ("An expired certificate is refused, unless the flags leave that fault out");

  assert_rejects (strict, "expired");
  aionet_pipe_set_tls_validation_flags (lax, G_TLS_CERTIFICATE_VALIDATE_ALL &
                                                 ~G_TLS_CERTIFICATE_EXPIRED);
  open_pipe (lax, NULL, &error);
  g_assert_no_error (error);
}

static void
test_alpn (void)
{
  const char *server_offers[] = { "h2", "http/1.1", NULL };
  const char *client_offers[] = { "other", "http/1.1", NULL };
  Pair        pair = { 0 };

  g_test_summary ("Both sides agree on an application protocol");

  pair.server = tls_server ("server.pem");
  pair.client = tls_client (pair.server);
  aionet_pipe_set_tls_alpn (pair.server, server_offers);
  aionet_pipe_set_tls_alpn (pair.client, client_offers);
  pair_open (&pair);
  g_assert_cmpstr (aionet_pipe_get_tls_negotiated_protocol (pair.client), ==, "http/1.1");
  g_assert_cmpstr (aionet_pipe_get_tls_negotiated_protocol (pair.peer), ==, "http/1.1");
  pair_clear (&pair);
}

static void
test_client_certificate (void)
{
  Pair pair = { 0 };
  g_autoptr (GTlsCertificate) own = certificate ("client.pem");
  g_autoptr (GTlsDatabase) database = authorities ();
  g_autoptr (AionetPipe) without = NULL;
  g_autoptr (GError) reason = NULL;

  g_test_summary ("A server that requires certificates takes clients that have one, no others");

  pair.server = tls_server ("server.pem");
  g_object_set (pair.server, "tls-authentication-mode", G_TLS_AUTHENTICATION_REQUIRED,
                "tls-database", database, NULL);
  g_signal_connect (pair.server, "refused", G_CALLBACK (on_refused), &reason);
  without = tls_client (pair.server);
  open_pipe (without, NULL, NULL);
  while (reason == NULL)
    g_main_context_iteration (NULL, TRUE);
  g_assert_error (reason, G_TLS_ERROR, G_TLS_ERROR_CERTIFICATE_REQUIRED);
  pair.client = tls_client (pair.server);
  aionet_pipe_set_tls_certificate (pair.client, own);
  pair_open (&pair);
  g_assert_true (g_tls_certificate_is_same (aionet_pipe_get_tls_peer_certificate (pair.peer), own));
  pair_clear (&pair);
}

static void
test_no_certificate (void)
{
  g_autoptr (AionetPipe) closed = aionet_pipe_new (G_SOCKET_PROTOCOL_TCP, NULL, NULL);
  g_autoptr (AionetPipe) server = tls_server (NULL);
  g_autoptr (AionetPipe) client = tls_client (server);
  g_autoptr (GError) error = NULL;
  g_autoptr (GError) reason = NULL;

  g_test_summary ("A server without a certificate does not open, or refuses its clients");

  aionet_pipe_set_tls (closed, TRUE);
  g_assert_false (open_pipe (closed, NULL, &error));
  g_assert_error (error, G_TLS_ERROR, G_TLS_ERROR_CERTIFICATE_REQUIRED);
  g_clear_error (&error);
  g_signal_connect (server, "refused", G_CALLBACK (on_refused), &reason);
  g_assert_false (open_pipe (client, NULL, &error));
  g_assert_nonnull (error);
  g_assert_error (reason, G_TLS_ERROR, G_TLS_ERROR_CERTIFICATE_REQUIRED);
}

static void
test_udp (void)
{
  g_autoptr (AionetPipe) pipe = aionet_pipe_new (G_SOCKET_PROTOCOL_UDP, "127.0.0.1:9", NULL);
  g_autoptr (GError) error = NULL;

  g_test_summary ("TLS over UDP is refused, not ignored");

  aionet_pipe_set_tls (pipe, TRUE);
  g_assert_false (open_pipe (pipe, NULL, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED);
}

static void
greet (AionetPipe *server, AionetPipe *client, gpointer user_data)
{
  AionetPipe **kept = user_data;

  *kept = g_object_ref (client);
  send_text (client, "220 mail.test ready, and it is not TLS\r\n", NULL);
}

static void
test_not_tls (void)
{
  g_autoptr (AionetPipe) plain_server =
      loopback_server (G_SOCKET_PROTOCOL_TCP, G_SOCKET_FAMILY_IPV4);
  g_autoptr (AionetPipe) client = tls_client (plain_server);
  g_autoptr (AionetPipe) server = tls_server ("server.pem");
  g_autoptr (AionetPipe) plain_client = open_client (server);
  g_autoptr (AionetPipe) kept = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (GError) reason = NULL;

  g_test_summary ("A server that does not speak TLS, and a client that does not, are refused");

  g_signal_connect (plain_server, "client", G_CALLBACK (greet), &kept);
  g_assert_false (open_pipe (client, NULL, &error));
  g_assert_cmpint (error->domain, ==, G_TLS_ERROR);
  g_signal_connect (server, "refused", G_CALLBACK (on_refused), &reason);
  send_text (plain_client, "GET / HTTP/1.0\r\n\r\n", NULL);
  while (reason == NULL)
    g_main_context_iteration (NULL, TRUE);
  g_assert_cmpint (reason->domain, ==, G_TLS_ERROR);
}

static void
test_silent_server (void)
{
  g_autoptr (AionetPipe) server = loopback_server (G_SOCKET_PROTOCOL_TCP, G_SOCKET_FAMILY_IPV4);
  g_autoptr (AionetPipe) client = tls_client (server);
  g_autoptr (AionetPipe) peer = NULL;
  g_autoptr (GError) error = NULL;

  g_test_summary ("A handshake nobody answers ends with the connect time-out");

  aionet_pipe_set_connect_timeout_ms (client, 300);
  g_assert_false (open_pipe (client, NULL, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_TIMED_OUT);
  peer = accept_client (server);
  /* The socket goes with the handshake's thread: the peer hears of it. */
  wait_until_closed (peer);
}

static void
test_silent_client (void)
{
  g_autoptr (AionetPipe) server = tls_server ("server.pem");
  g_autoptr (AionetPipe) plain = NULL;
  g_autoptr (AionetPipe) client = NULL;
  g_autoptr (AionetPipe) peer = NULL;
  g_autoptr (GError) reason = NULL;
  g_autoptr (GError) error = NULL;

  g_test_summary ("A client that says nothing holds up nobody, and is refused in the end");

  aionet_pipe_set_connect_timeout_ms (server, 1000);
  g_signal_connect (server, "refused", G_CALLBACK (on_refused), &reason);
  plain = open_client (server);
  client = tls_client (server);
  open_pipe (client, NULL, &error);
  g_assert_no_error (error);
  peer = accept_client (server);
  wait_until_closed (plain);
  g_assert_error (reason, G_IO_ERROR, G_IO_ERROR_TIMED_OUT);
  send_text (client, "still there", NULL);
  assert_receives (peer, "still there");
}

static void
on_opened (GObject *source, GAsyncResult *result, gpointer user_data)
{
  GError **error = user_data;

  g_assert_false (aionet_pipe_open_finish (AIONET_PIPE (source), result, error));
}

static void
test_cancel (void)
{
  g_autoptr (AionetPipe) server = loopback_server (G_SOCKET_PROTOCOL_TCP, G_SOCKET_FAMILY_IPV4);
  g_autoptr (AionetPipe) client = tls_client (server);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (AionetPipe) peer = NULL;
  g_autoptr (GError) error = NULL;
  guint n_descriptors = count_descriptors ();

  g_test_summary ("A handshake can be cancelled, and leaves no descriptor");

  aionet_pipe_open_async (client, cancellable, on_opened, &error);
  peer = accept_client (server);
  /* The first message of the handshake. */
  g_free (receive (peer, 10000, NULL, NULL));
  g_assert_no_error (error);
  g_cancellable_cancel (cancellable);
  while (error == NULL)
    g_main_context_iteration (NULL, TRUE);
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  wait_until_closed (peer);
  g_assert_cmpuint (count_descriptors (), <=, n_descriptors);
}

static void
test_server_closes (void)
{
  AionetPipe *server = tls_server ("server.pem");
  g_autoptr (AionetPipe) silent = open_client (server);
  g_autoptr (AionetPipe) speaking = open_client (server);

  g_test_summary ("A server that closes takes the handshakes under way with it");

  /* Enough for a handshake to begin, not for one to go on. */
  send_text (speaking, "\x16\x03\x01\x02", NULL);
  turn_a_little ();
  g_object_unref (server);
  wait_until_closed (silent);
  wait_until_closed (speaking);
}

static void
test_own_socket (void)
{
  g_autoptr (AionetPipe) server = tls_server ("server.pem");
  g_autoptr (GSocketAddress) address = g_object_ref (aionet_pipe_get_local_address (server));
  g_autoptr (GSocket) socket = loopback_socket (G_SOCKET_PROTOCOL_TCP, G_SOCKET_FAMILY_IPV4);
  g_autoptr (AionetPipe) plain = aionet_pipe_new_for_socket (socket, address);
  g_autoptr (GTlsDatabase) database = authorities ();
  g_autoptr (AionetPipe) peer = NULL;
  g_autoptr (GError) error = NULL;

  g_test_summary ("A socket of the program's own becomes a secure pipe, too");

  g_object_set (plain, "tls", TRUE, "tls-database", database, "connect-timeout-ms", 10000, NULL);
  open_pipe (plain, NULL, &error);
  g_assert_no_error (error);
  peer = accept_client (server);
  send_text (plain, "mine", NULL);
  assert_receives (peer, "mine");
}

int
main (int argc, char *argv[])
{
  static const struct
  {
    const char *path;
    GTestFunc   func;
  } cases[] = {
    { "/aionet/pipe-tls/accepted", test_accepted },
    { "/aionet/pipe-tls/close", test_close },
    { "/aionet/pipe-tls/truncated", test_truncated },
    { "/aionet/pipe-tls/unknown-authority", test_unknown_authority },
    { "/aionet/pipe-tls/wrong-host", test_wrong_host },
    { "/aionet/pipe-tls/flags", test_flags },
    { "/aionet/pipe-tls/alpn", test_alpn },
    { "/aionet/pipe-tls/client-certificate", test_client_certificate },
    { "/aionet/pipe-tls/no-certificate", test_no_certificate },
    { "/aionet/pipe-tls/udp", test_udp },
    { "/aionet/pipe-tls/not-tls", test_not_tls },
    { "/aionet/pipe-tls/silent-server", test_silent_server },
    { "/aionet/pipe-tls/silent-client", test_silent_client },
    { "/aionet/pipe-tls/cancel", test_cancel },
    { "/aionet/pipe-tls/server-closes", test_server_closes },
    { "/aionet/pipe-tls/own-socket", test_own_socket },
  };

  g_test_init (&argc, &argv, NULL);
  if (!has_tls ())
    return 0;
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    g_test_add_func (cases[i].path, cases[i].func);
  return g_test_run ();
}
