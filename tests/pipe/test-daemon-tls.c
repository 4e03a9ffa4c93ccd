/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#include "config.h"

#include <gio/gio.h>
#include <sys/socket.h>

#include "daemon-helpers.h"
#include "pipe/aionet-pipe-tls.h"
#include "tls-fixture.h"

#define TCP G_SOCKET_PROTOCOL_TCP
#define N_WORKERS 3

static AionetDaemon *
tls_daemon (guint n_workers, guint16 *port)
{
  g_autoptr (GTlsCertificate) own = certificate ("server.pem");
  AionetDaemon *daemon = g_object_new (AIONET_TYPE_DAEMON, "tls-certificate", own, NULL);
  g_autoptr (GError) error = NULL;

  g_assert_true (aionet_daemon_get_tls_certificate (daemon) == own);
  aionet_daemon_set_n_workers (daemon, n_workers);
  aionet_daemon_set_message_func (daemon, echo_func, NULL, NULL);
  *port = aionet_daemon_listen_loopback (daemon, TCP, 0, NULL, &error);
  g_assert_no_error (error);
  return daemon;
}

/* Not open yet. Knows the authority of the tests. */
static AionetPipe *
client_of (guint16 port)
{
  g_autofree char *target = g_strdup_printf ("127.0.0.1:%u", port);
  g_autoptr (GTlsDatabase) database = authorities ();
  AionetPipe *client = aionet_pipe_new (TCP, target, NULL);

  g_object_set (client, "tls", TRUE, "tls-database", database, "connect-timeout-ms", 10000, NULL);
  return client;
}

static void
assert_secure_echo (guint16 port)
{
  g_autoptr (AionetPipe) client = client_of (port);
  g_autoptr (GError) error = NULL;

  open_pipe (client, NULL, &error);
  g_assert_no_error (error);
  g_assert_nonnull (aionet_pipe_get_tls_peer_certificate (client));
  for (guint i = 0; i < 3; i++)
    {
      g_autofree char *text = g_strdup_printf ("message %u", i);

      send_text (client, text, NULL);
      assert_receives (client, text);
    }
}

static void
test_echo (gconstpointer data)
{
  guint16 port;
  g_autoptr (AionetDaemon) daemon = tls_daemon (GPOINTER_TO_UINT (data), &port);

  g_test_summary ("Clients of a daemon with a certificate get their echo over TLS");

  for (guint i = 0; i < 4; i++)
    assert_secure_echo (port);
}

static void
count_client (AionetDaemon *daemon, AionetPipe *client, gpointer user_data)
{
  ++*(guint *) user_data;
}

static void
on_refused (AionetPipe *listener, GSocketAddress *from, const GError *error, gpointer user_data)
{
  g_set_error_literal (user_data, error->domain, error->code, error->message);
}

static void
test_in_the_clear (void)
{
  guint16 port;
  g_autoptr (AionetDaemon) daemon = tls_daemon (0, &port);
  g_autoptr (AionetPipe) plain = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (GError) reason = NULL;
  guint n_clients = 0;

  g_test_summary ("Who does not speak TLS never becomes a client; the others are not concerned");

  g_signal_connect (daemon, "client", G_CALLBACK (count_client), &n_clients);
  g_signal_connect (aionet_daemon_get_listener (daemon, TCP, NULL, port), "refused",
                    G_CALLBACK (on_refused), &reason);
  plain = connect_to (TCP, "127.0.0.1", port, &error);
  g_assert_no_error (error);
  send_text (plain, "GET / HTTP/1.0\r\n\r\n", NULL);
  while (reason == NULL)
    g_main_context_iteration (NULL, TRUE);
  g_assert_true (reason->domain == G_TLS_ERROR);
  g_assert_cmpuint (n_clients, ==, 0);
  g_assert_cmpuint (aionet_daemon_get_n_clients (daemon), ==, 0);
  assert_secure_echo (port);
  g_assert_cmpuint (n_clients, ==, 1);
}

static void
test_datagrams (void)
{
  static const GSocketProtocol protocols[] = { G_SOCKET_PROTOCOL_UDP, G_SOCKET_PROTOCOL_DEFAULT };
  g_autoptr (GTlsCertificate) own = certificate ("server.pem");
  g_autoptr (AionetDaemon) daemon = aionet_daemon_new ();

  g_test_summary ("Datagrams in the clear beside TLS are refused, not sent");

  aionet_daemon_set_tls_certificate (daemon, own);
  for (guint i = 0; i < G_N_ELEMENTS (protocols); i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_cmpuint (aionet_daemon_listen_loopback (daemon, protocols[i], 0, NULL, &error), ==,
                        0);
      g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED);
      g_assert_cmpuint (g_list_model_get_n_items (aionet_daemon_get_listeners (daemon)), ==, 0);
    }
}

/* What a server may want more: a listener has all properties of a pipe. */
static void
test_client_certificate (void)
{
  guint16 port;
  g_autoptr (AionetDaemon) daemon = tls_daemon (0, &port);
  AionetPipe *listener = aionet_daemon_get_listener (daemon, TCP, NULL, port);
  g_autoptr (GTlsDatabase) database = authorities ();
  g_autoptr (GTlsCertificate) own = certificate ("client.pem");
  g_autoptr (AionetPipe) client = client_of (port);
  g_autoptr (GListModel) clients = NULL;
  g_autoptr (AionetPipe) peer = NULL;
  g_autoptr (GError) error = NULL;

  g_test_summary ("A listener can ask for certificates of its clients");

  g_object_set (listener, "tls-database", database, "tls-authentication-mode",
                G_TLS_AUTHENTICATION_REQUIRED, NULL);
  aionet_pipe_set_tls_certificate (client, own);
  open_pipe (client, NULL, &error);
  g_assert_no_error (error);
  send_text (client, "hello", NULL);
  assert_receives (client, "hello");
  clients = aionet_daemon_list_clients (daemon);
  peer = g_list_model_get_item (clients, 0);
  g_assert_true (g_tls_certificate_is_same (aionet_pipe_get_tls_peer_certificate (peer), own));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  if (!has_tls ())
    return 0;
  g_test_add_data_func ("/aionet/daemon-tls/echo", GUINT_TO_POINTER (0), test_echo);
  g_test_add_data_func ("/aionet/daemon-tls/echo-of-workers", GUINT_TO_POINTER (N_WORKERS),
                        test_echo);
  g_test_add_func ("/aionet/daemon-tls/in-the-clear", test_in_the_clear);
  g_test_add_func ("/aionet/daemon-tls/datagrams", test_datagrams);
  g_test_add_func ("/aionet/daemon-tls/client-certificate", test_client_certificate);
  return g_test_run ();
}
