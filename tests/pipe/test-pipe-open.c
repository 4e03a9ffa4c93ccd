/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#include "config.h"

#include <gio/gio.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>

#include "engine/aionet-reactor-private.h"
#include "pipe-helpers.h"
#include "topology/aionet-route-private.h"

static void
test_refused (void)
{
  g_autoptr (GSocketAddress) dead = closed_port (G_SOCKET_PROTOCOL_TCP);
  g_autofree char *target = g_socket_connectable_to_string (G_SOCKET_CONNECTABLE (dead));
  g_autoptr (AionetPipe) pipe = aionet_pipe_new (G_SOCKET_PROTOCOL_TCP, target, NULL);
  g_autoptr (GError) error = NULL;

  g_test_summary ("Case C-25: a closed port is connection refused, and the pipe closed for good");

  g_assert_false (open_pipe (pipe, NULL, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CONNECTION_REFUSED);
  g_assert_nonnull (strstr (error->message, target));
  g_clear_error (&error);
  g_assert_false (open_pipe (pipe, NULL, &error));
  g_assert_error (error, AIONET_ERROR, AIONET_ERROR_CLOSED);
  assert_closed (pipe);
}

/* A listener whose backlog is full drops every SYN: on loopback nothing else is as silent. */
typedef struct
{
  GSocket   *listener; /* (owned) */
  GPtrArray *fillers;  /* (owned) */
  char      *target;   /* (owned) */
} Silence;

static void
silence_init (Silence *self)
{
  g_autoptr (GSocketAddress) address = NULL;

  self->listener = loopback_socket (G_SOCKET_PROTOCOL_TCP, G_SOCKET_FAMILY_IPV4);
  g_assert_cmpint (listen (g_socket_get_fd (self->listener), 0), ==, 0);
  address = g_socket_get_local_address (self->listener, NULL);
  self->target = g_socket_connectable_to_string (G_SOCKET_CONNECTABLE (address));
  self->fillers = g_ptr_array_new_with_free_func (g_object_unref);
  for (guint i = 0; i < 4; i++)
    {
      GSocket *filler = loopback_socket (G_SOCKET_PROTOCOL_TCP, G_SOCKET_FAMILY_IPV4);

      g_socket_connect (filler, address, NULL, NULL);
      g_ptr_array_add (self->fillers, filler);
    }
}

static void
silence_clear (Silence *self)
{
  g_ptr_array_unref (self->fillers);
  g_object_unref (self->listener);
  g_free (self->target);
}

static void
test_timeout (void)
{
  g_autoptr (AionetPipe) pipe = NULL;
  g_autoptr (GError) error = NULL;
  Silence silence;
  gint64  begin = g_get_monotonic_time ();

  g_test_summary ("Case C-26: silence is a time-out after connect-timeout-ms, 2000 unless set");

  silence_init (&silence);
  pipe = aionet_pipe_new (G_SOCKET_PROTOCOL_TCP, silence.target, NULL);
  g_assert_cmpuint (aionet_pipe_get_connect_timeout_ms (pipe), ==, 2000);
  aionet_pipe_set_connect_timeout_ms (pipe, 200);
  g_assert_false (open_pipe (pipe, NULL, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_TIMED_OUT);
  g_assert_cmpint (g_get_monotonic_time () - begin, >=, 199 * 1000);
  silence_clear (&silence);
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
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GMainContext) context = g_main_context_ref_thread_default ();
  g_autoptr (AionetPipe) early = NULL;
  g_autoptr (AionetPipe) late = NULL;
  g_autoptr (GError) error = NULL;
  Silence silence;

  g_test_summary ("Cancelled before or during, opening ends at once and leaves no watch");

  silence_init (&silence);
  late = aionet_pipe_new (G_SOCKET_PROTOCOL_TCP, silence.target, NULL);
  aionet_pipe_open_async (late, cancellable, on_opened, &error);
  turn_a_little ();
  g_assert_no_error (error);
  g_assert_cmpuint (_aionet_reactor_get_n_watches (context), ==, 1);
  g_cancellable_cancel (cancellable);
  turn_a_little ();
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_cmpuint (_aionet_reactor_get_n_watches (context), ==, 0);
  g_clear_error (&error);
  early = aionet_pipe_new (G_SOCKET_PROTOCOL_TCP, silence.target, NULL);
  g_assert_false (open_pipe (early, cancellable, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  silence_clear (&silence);
}

static void
test_close_while_opening (void)
{
  g_autoptr (AionetPipe) pipe = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (GError) busy = NULL;
  Silence silence;

  g_test_summary ("Closing ends an opening; a second one at the same time is refused");

  silence_init (&silence);
  pipe = aionet_pipe_new (G_SOCKET_PROTOCOL_TCP, silence.target, NULL);
  aionet_pipe_open_async (pipe, NULL, on_opened, &error);
  g_assert_false (open_pipe (pipe, NULL, &busy));
  g_assert_error (busy, AIONET_ERROR, AIONET_ERROR_BUSY);
  g_assert_no_error (error);
  aionet_pipe_close (pipe);
  turn_a_little ();
  g_assert_error (error, AIONET_ERROR, AIONET_ERROR_CLOSED);
  silence_clear (&silence);
}

static void
test_bad_target (void)
{
  static const char *const targets[] = { "",        "127.0.0.1", "[::1]", "127.0.0.1:0",
                                         "[::1:80", "a b:80" };

  g_test_summary ("A target that is none, or has no port, is an invalid address");

  for (gsize i = 0; i < G_N_ELEMENTS (targets); i++)
    {
      g_autoptr (AionetPipe) pipe = aionet_pipe_new (G_SOCKET_PROTOCOL_TCP, targets[i], NULL);
      g_autoptr (GError) error = NULL;

      g_assert_false (open_pipe (pipe, NULL, &error));
      g_assert_error (error, AIONET_ERROR, AIONET_ERROR_INVALID_ADDRESS);
    }
}

static void
test_not_open (void)
{
  g_autoptr (AionetPipe) pipe = aionet_pipe_new (G_SOCKET_PROTOCOL_TCP, "127.0.0.1:9", NULL);
  g_autoptr (GError) error = NULL;

  g_test_summary ("Before it is open a pipe does nothing, and knows no endpoints");

  g_assert_false (aionet_pipe_is_open (pipe));
  g_assert_false (aionet_pipe_is_server (pipe));
  g_assert_null (aionet_pipe_get_local_address (pipe));
  g_assert_null (aionet_pipe_get_remote_address (pipe));
  g_assert_false (aionet_pipe_send_data (pipe, (const guint8 *) "x", 1, NULL, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NOT_CONNECTED);
}

static void
test_localhost (void)
{
  g_autoptr (AionetPipe) server = loopback_server (G_SOCKET_PROTOCOL_TCP, G_SOCKET_FAMILY_IPV4);
  GSocketAddress  *address = aionet_pipe_get_local_address (server);
  g_autofree char *target = g_strdup_printf (
      "localhost:%u", g_inet_socket_address_get_port (G_INET_SOCKET_ADDRESS (address)));
  g_autoptr (AionetPipe) client = aionet_pipe_new (G_SOCKET_PROTOCOL_TCP, target, NULL);
  g_autoptr (AionetPipe) peer = NULL;
  g_autoptr (GError) error = NULL;

  g_test_summary ("A name with two endpoints reaches the one that answers (RFC 8305)");

  open_pipe (client, NULL, &error);
  g_assert_no_error (error);
  send_text (client, "hello", NULL);
  peer = accept_client (server);
  assert_receives (peer, "hello");
}

static void
test_for_socket_connect (void)
{
  g_autoptr (AionetPipe) server = loopback_server (G_SOCKET_PROTOCOL_TCP, G_SOCKET_FAMILY_IPV4);
  g_autoptr (GSocket) socket = loopback_socket (G_SOCKET_PROTOCOL_TCP, G_SOCKET_FAMILY_IPV4);
  g_autoptr (AionetPipe) client =
      aionet_pipe_new_for_socket (socket, aionet_pipe_get_local_address (server));
  g_autoptr (AionetPipe) peer = NULL;
  g_autoptr (GError) error = NULL;

  g_test_summary ("A TCP socket is connected by opening, and closed with its pipe");

  g_assert_false (aionet_pipe_is_open (client));
  open_pipe (client, NULL, &error);
  g_assert_no_error (error);
  open_pipe (client, NULL, &error);
  g_assert_no_error (error);
  peer = accept_client (server);
  send_text (peer, "hello", NULL);
  assert_receives (client, "hello");
  aionet_pipe_close (client);
  g_assert_true (g_socket_is_closed (socket));
}

static void
test_for_socket_connected (void)
{
  g_autoptr (AionetPipe) server = loopback_server (G_SOCKET_PROTOCOL_TCP, G_SOCKET_FAMILY_IPV4);
  GSocketAddress *address = aionet_pipe_get_local_address (server);
  g_autoptr (GSocket) socket = loopback_socket (G_SOCKET_PROTOCOL_TCP, G_SOCKET_FAMILY_IPV4);
  g_autoptr (AionetPipe) client = NULL;
  g_autoptr (AionetPipe) peer = NULL;
  g_autoptr (GError) error = NULL;

  g_test_summary ("A connected TCP socket is open at once, and opening it succeeds");

  g_socket_set_blocking (socket, TRUE);
  g_assert_true (g_socket_connect (socket, address, NULL, &error));
  g_assert_no_error (error);
  client = aionet_pipe_new_for_socket (socket, NULL);
  g_assert_true (aionet_pipe_is_open (client));
  g_assert_false (aionet_pipe_is_server (client));
  open_pipe (client, NULL, &error);
  g_assert_no_error (error);
  peer = accept_client (server);
  send_text (peer, "hello", NULL);
  assert_receives (client, "hello");
}

static void
test_for_socket_useless (void)
{
  g_autoptr (GSocket) socket = loopback_socket (G_SOCKET_PROTOCOL_TCP, G_SOCKET_FAMILY_IPV4);
  g_autoptr (AionetPipe) pipe = aionet_pipe_new_for_socket (socket, NULL);
  g_autoptr (GSocket) datagrams = loopback_socket (G_SOCKET_PROTOCOL_UDP, G_SOCKET_FAMILY_IPV4);
  g_autoptr (GSocketAddress) alien = g_inet_socket_address_new_from_string ("::1", 9);
  g_autoptr (AionetPipe) mixed = aionet_pipe_new_for_socket (datagrams, alien);
  g_autoptr (GError) error = NULL;

  g_test_summary ("A socket that cannot do what is asked says why when it is opened");

  g_assert_false (aionet_pipe_is_open (pipe));
  g_assert_false (open_pipe (pipe, NULL, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NOT_CONNECTED);
  g_clear_error (&error);
  g_assert_false (open_pipe (mixed, NULL, &error));
  g_assert_nonnull (error);
  g_assert_true (error->domain == G_IO_ERROR);
}

static void
test_server_without_route (void)
{
  g_autoptr (AionetPipe) server = aionet_pipe_new (G_SOCKET_PROTOCOL_TCP, NULL, NULL);
  g_autoptr (AionetPipe) client = NULL;
  g_autoptr (AionetPipe) peer = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char    *target = NULL;
  GInetSocketAddress *local;

  g_test_summary ("A server without a route listens everywhere, on a port of the system's choice");

  g_assert_true (aionet_pipe_is_server (server));
  open_pipe (server, NULL, &error);
  g_assert_no_error (error);
  local = G_INET_SOCKET_ADDRESS (aionet_pipe_get_local_address (server));
  g_assert_true (g_inet_address_get_is_any (g_inet_socket_address_get_address (local)));
  g_assert_cmpuint (g_inet_socket_address_get_port (local), !=, 0);
  target = g_strdup_printf ("127.0.0.1:%u", g_inet_socket_address_get_port (local));
  client = aionet_pipe_new (G_SOCKET_PROTOCOL_TCP, target, NULL);
  open_pipe (client, NULL, &error);
  g_assert_no_error (error);
  peer = accept_client (server);
  send_text (peer, "hello", NULL);
  assert_receives (client, "hello");
}

static AionetRoute *
loopback_route (guint16 port)
{
  g_autoptr (AionetRoute) any = _aionet_route_new_any (G_SOCKET_FAMILY_IPV4, NULL);
  g_autoptr (GError) error = NULL;
  AionetRoute *route = aionet_route_bind_to (any, "127.0.0.1", port, &error);

  g_assert_no_error (error);
  return route;
}

static void
test_route (GSocketProtocol protocol)
{
  g_autoptr (AionetRoute) route = loopback_route (0);
  g_autoptr (AionetRoute) any = _aionet_route_new_any (G_SOCKET_FAMILY_IPV4, NULL);
  g_autoptr (AionetPipe) server = aionet_pipe_new (protocol, NULL, route);
  g_autoptr (AionetPipe) alien = aionet_pipe_new (protocol, "[::1]:9", route);
  g_autoptr (AionetPipe) client = NULL;
  g_autoptr (AionetPipe) peer = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *target = NULL;

  open_pipe (server, NULL, &error);
  g_assert_no_error (error);
  g_assert_true (aionet_pipe_is_server (server));
  g_assert_true (aionet_pipe_get_route (server) == route);
  target = target_of (server);
  g_assert_true (g_str_has_prefix (target, "127.0.0.1:"));
  client = aionet_pipe_new (protocol, target, any);
  open_pipe (client, NULL, &error);
  g_assert_no_error (error);
  send_text (client, "hello", NULL);
  peer = protocol == G_SOCKET_PROTOCOL_TCP ? accept_client (server) : g_object_ref (server);
  assert_receives (peer, "hello");
  g_assert_true (aionet_pipe_get_route (peer) == route);
  g_assert_false (open_pipe (alien, NULL, &error));
  g_assert_error (error, AIONET_ERROR, AIONET_ERROR_UNSUPPORTED_FAMILY);
}

static void
test_route_tcp (void)
{
  g_test_summary (
      "TCP: a server and a client use the routes they are given, and their family only");

  test_route (G_SOCKET_PROTOCOL_TCP);
}

static void
test_route_udp (void)
{
  g_test_summary (
      "UDP: a server and a client use the routes they are given, and their family only");

  test_route (G_SOCKET_PROTOCOL_UDP);
}

static void
test_restart (void)
{
  g_autoptr (AionetRoute) first_route = loopback_route (0);
  g_autoptr (AionetPipe) first = aionet_pipe_new (G_SOCKET_PROTOCOL_TCP, NULL, first_route);
  g_autoptr (AionetPipe) client = NULL;
  g_autoptr (AionetPipe) peer = NULL;
  g_autoptr (AionetRoute) route = NULL;
  g_autoptr (AionetPipe) second = NULL;
  g_autoptr (AionetPipe) third = NULL;
  g_autoptr (GError) error = NULL;
  GInetSocketAddress *local;

  g_test_summary ("Cases M-02, M-05: a port in use is named in the error, and free after closing");

  open_pipe (first, NULL, &error);
  g_assert_no_error (error);
  local = G_INET_SOCKET_ADDRESS (aionet_pipe_get_local_address (first));
  route = loopback_route (g_inet_socket_address_get_port (local));
  client = open_client (first);
  peer = accept_client (first);
  second = aionet_pipe_new (G_SOCKET_PROTOCOL_TCP, NULL, route);
  g_assert_false (open_pipe (second, NULL, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_ADDRESS_IN_USE);
  g_clear_error (&error);
  aionet_pipe_close (peer);
  assert_closed (client);
  aionet_pipe_close (first);
  third = aionet_pipe_new (G_SOCKET_PROTOCOL_TCP, NULL, route);
  open_pipe (third, NULL, &error);
  g_assert_no_error (error);
}

static void
on_notify (AionetPipe *pipe, GParamSpec *pspec, gpointer user_data)
{
  g_string_append_c (user_data, aionet_pipe_is_open (pipe) ? '1' : '0');
}

static void
test_properties (void)
{
  g_autoptr (AionetPipe) server = loopback_server (G_SOCKET_PROTOCOL_TCP, G_SOCKET_FAMILY_IPV4);
  g_autofree char *target = target_of (server);
  g_autoptr (AionetPipe) client = g_object_new (
      AIONET_TYPE_PIPE, "protocol", G_SOCKET_PROTOCOL_TCP, "target", target, "connect-timeout-ms",
      1000, "receive-queue-bytes", 10, "receive-queue-messages", 2, "send-queue-bytes", 30, NULL);
  g_autoptr (GString) notified = g_string_new (NULL);
  g_autofree char *got_target = NULL;
  guint            timeout, bytes, messages, send_bytes;
  guint64          n_received;
  gboolean         is_open;

  g_test_summary ("Properties are what they were set to, and is-open is notified");

  g_signal_connect (client, "notify::is-open", G_CALLBACK (on_notify), notified);
  g_object_get (client, "target", &got_target, "connect-timeout-ms", &timeout,
                "receive-queue-bytes", &bytes, "receive-queue-messages", &messages,
                "send-queue-bytes", &send_bytes, "n-received", &n_received, "is-open", &is_open,
                NULL);
  g_assert_cmpstr (got_target, ==, target);
  g_assert_cmpuint (timeout, ==, 1000);
  g_assert_cmpuint (bytes, ==, 10);
  g_assert_cmpuint (messages, ==, 2);
  g_assert_cmpuint (send_bytes, ==, 30);
  g_assert_cmpuint (n_received, ==, 0);
  g_assert_false (is_open);
  g_assert_true (open_pipe (client, NULL, NULL));
  aionet_pipe_close (client);
  g_assert_cmpstr (notified->str, ==, "10");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/aionet/pipe-open/refused", test_refused);
  g_test_add_func ("/aionet/pipe-open/timeout", test_timeout);
  g_test_add_func ("/aionet/pipe-open/cancel", test_cancel);
  g_test_add_func ("/aionet/pipe-open/close", test_close_while_opening);
  g_test_add_func ("/aionet/pipe-open/bad-target", test_bad_target);
  g_test_add_func ("/aionet/pipe-open/not-open", test_not_open);
  g_test_add_func ("/aionet/pipe-open/localhost", test_localhost);
  g_test_add_func ("/aionet/pipe-open/for-socket/connect", test_for_socket_connect);
  g_test_add_func ("/aionet/pipe-open/for-socket/connected", test_for_socket_connected);
  g_test_add_func ("/aionet/pipe-open/for-socket/useless", test_for_socket_useless);
  g_test_add_func ("/aionet/pipe-open/server-without-route", test_server_without_route);
  g_test_add_func ("/aionet/pipe-open/route/tcp", test_route_tcp);
  g_test_add_func ("/aionet/pipe-open/route/udp", test_route_udp);
  g_test_add_func ("/aionet/pipe-open/route/restart", test_restart);
  g_test_add_func ("/aionet/pipe-open/properties", test_properties);
  return g_test_run ();
}
