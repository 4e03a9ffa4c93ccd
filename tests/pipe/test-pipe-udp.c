/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#include "config.h"

#include <gio/gio.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "pipe-helpers.h"

static GBytes *
new_pattern (gsize length)
{
  guint8 *data = g_malloc (length);

  for (gsize i = 0; i < length; i++)
    data[i] = (guint8) (i * 7);
  return g_bytes_new_take (data, length);
}

static void
on_received (GObject *source, GAsyncResult *result, gpointer user_data)
{
  AionetMessage **message = user_data;
  g_autoptr (GError) error = NULL;

  *message = aionet_pipe_receive_finish (AIONET_PIPE (source), result, &error);
  g_assert_no_error (error);
}

static void
test_sizes (void)
{
  static const gsize sizes[] = { 0, 1, 1472, 65000, 65507 };
  g_autoptr (AionetPipe) server = loopback_server (G_SOCKET_PROTOCOL_UDP, G_SOCKET_FAMILY_IPV4);
  g_autoptr (AionetPipe) client = open_client (server);

  g_test_summary ("Case C-28: datagrams of every size arrive intact, the empty one too");

  for (gsize i = 0; i < G_N_ELEMENTS (sizes); i++)
    {
      g_autoptr (GBytes) bytes = new_pattern (sizes[i]);
      g_autoptr (AionetMessage) message = NULL;
      g_autoptr (GError) error = NULL;

      g_assert_true (aionet_pipe_send (client, bytes, NULL, &error));
      g_assert_no_error (error);
      aionet_pipe_receive_async (server, -1, NULL, on_received, &message);
      while (message == NULL)
        g_main_context_iteration (NULL, TRUE);
      g_assert_true (g_bytes_equal (aionet_message_get_bytes (message), bytes));
    }
}

static void
test_too_large (void)
{
  g_autoptr (AionetPipe) server = loopback_server (G_SOCKET_PROTOCOL_UDP, G_SOCKET_FAMILY_IPV4);
  g_autoptr (AionetPipe) client = open_client (server);
  g_autoptr (GBytes) bytes = new_pattern (70000);
  g_autoptr (GError) error = NULL;

  g_test_summary ("Case C-29: 70000 bytes are an error, and no harm to the pipe");

  g_assert_false (aionet_pipe_send (client, bytes, NULL, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_MESSAGE_TOO_LARGE);
  g_clear_error (&error);
  g_assert_false (send_all (client, bytes, NULL, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_MESSAGE_TOO_LARGE);
  send_text (client, "fits", NULL);
  assert_receives (server, "fits");
}

typedef struct
{
  guint           n;
  GSocketAddress *to; /* (owned) */
  GError         *error;
} Refusal;

static void
on_refused (AionetPipe *pipe, GSocketAddress *to, const GError *error, gpointer user_data)
{
  Refusal *refusal = user_data;

  refusal->n++;
  g_set_object (&refusal->to, to);
  g_clear_error (&refusal->error);
  refusal->error = g_error_copy (error);
}

static void
assert_refused (Refusal *refusal, GSocketAddress *to)
{
  g_assert_error (refusal->error, G_IO_ERROR, G_IO_ERROR_CONNECTION_REFUSED);
  g_assert_cmpuint (g_inet_socket_address_get_port (G_INET_SOCKET_ADDRESS (refusal->to)), ==,
                    g_inet_socket_address_get_port (G_INET_SOCKET_ADDRESS (to)));
  g_clear_object (&refusal->to);
  g_clear_error (&refusal->error);
}

static void
test_refused (void)
{
  g_autoptr (GSocket) socket = loopback_socket (G_SOCKET_PROTOCOL_UDP, G_SOCKET_FAMILY_IPV4);
  g_autoptr (AionetPipe) pipe = aionet_pipe_new_for_socket (socket, NULL);
  g_autoptr (AionetPipe) server = loopback_server (G_SOCKET_PROTOCOL_UDP, G_SOCKET_FAMILY_IPV4);
  g_autoptr (GSocketAddress) dead = closed_port (G_SOCKET_PROTOCOL_UDP);
  Refusal refusal = { 0 };

  g_test_summary ("An unconnected socket learns which destination refused; the others go on");

  g_signal_connect (pipe, "refused", G_CALLBACK (on_refused), &refusal);
  for (guint i = 0; i < 5; i++)
    {
      send_text (pipe, "to nobody", dead);
      send_text (pipe, "to somebody", aionet_pipe_get_local_address (server));
    }
  while (refusal.n < 1)
    g_main_context_iteration (NULL, TRUE);
  assert_refused (&refusal, dead);
  for (guint i = 0; i < 5; i++)
    assert_receives (server, "to somebody");
  turn_a_little ();
  g_assert_true (aionet_pipe_is_open (pipe));
  send_text (server, "answer", aionet_pipe_get_local_address (pipe));
  assert_receives (pipe, "answer");
  g_clear_object (&refusal.to);
  g_clear_error (&refusal.error);
}

static void
test_refused_connected (void)
{
  g_autoptr (GSocketAddress) dead = closed_port (G_SOCKET_PROTOCOL_UDP);
  g_autofree char *target = g_socket_connectable_to_string (G_SOCKET_CONNECTABLE (dead));
  g_autoptr (AionetPipe) pipe = aionet_pipe_new (G_SOCKET_PROTOCOL_UDP, target, NULL);
  g_autoptr (GError) error = NULL;
  Refusal refusal = { 0 };

  g_test_summary ("A client whose target refuses hears of it and stays open");

  open_pipe (pipe, NULL, &error);
  g_assert_no_error (error);
  g_signal_connect (pipe, "refused", G_CALLBACK (on_refused), &refusal);
  for (guint round = 1; round <= 3; round++)
    {
      send_text (pipe, "anybody?", NULL);
      while (refusal.n < round)
        g_main_context_iteration (NULL, TRUE);
      assert_refused (&refusal, dead);
    }
  turn_a_little ();
  g_assert_cmpuint (refusal.n, ==, 3);
  g_assert_true (aionet_pipe_is_open (pipe));
}

static void
on_refused_close (AionetPipe *pipe, GSocketAddress *to, const GError *error, gpointer user_data)
{
  guint *n = user_data;

  ++*n;
  aionet_pipe_close (pipe);
}

static void
test_refused_close (void)
{
  g_autoptr (GSocket) socket = loopback_socket (G_SOCKET_PROTOCOL_UDP, G_SOCKET_FAMILY_IPV4);
  g_autoptr (AionetPipe) pipe = aionet_pipe_new_for_socket (socket, NULL);
  g_autoptr (GSocketAddress) dead = closed_port (G_SOCKET_PROTOCOL_UDP);
  guint n = 0;

  g_test_summary ("A handler of a refusal may close the pipe: the other refusals are nothing then");

  g_signal_connect (pipe, "refused", G_CALLBACK (on_refused_close), &n);
  for (guint i = 0; i < 3; i++)
    send_text (pipe, "to nobody", dead);
  while (n == 0)
    g_main_context_iteration (NULL, TRUE);
  turn_a_little ();
  g_assert_cmpuint (n, ==, 1);
}

static void
test_only_target (void)
{
  g_autoptr (AionetPipe) server = loopback_server (G_SOCKET_PROTOCOL_UDP, G_SOCKET_FAMILY_IPV4);
  g_autoptr (AionetPipe) stranger = loopback_server (G_SOCKET_PROTOCOL_UDP, G_SOCKET_FAMILY_IPV4);
  g_autoptr (AionetPipe) client = open_client (server);
  g_autoptr (GError) error = NULL;

  g_test_summary ("A client hears its target only, and sends to it only");

  send_text (stranger, "spoofed", aionet_pipe_get_local_address (client));
  send_text (server, "real", aionet_pipe_get_local_address (client));
  assert_receives (client, "real");
  g_assert_null (receive (client, 0, NULL, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_TIMED_OUT);
  g_clear_error (&error);
  g_assert_false (aionet_pipe_send_data (client, (const guint8 *) "x", 1,
                                         aionet_pipe_get_local_address (stranger), &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT);
  g_clear_error (&error);
  g_assert_false (aionet_pipe_send_data (server, (const guint8 *) "x", 1, NULL, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT);
}

static void
test_foreign_before_connect (void)
{
  g_autoptr (GSocket) socket = loopback_socket (G_SOCKET_PROTOCOL_UDP, G_SOCKET_FAMILY_IPV4);
  g_autoptr (AionetPipe) server = loopback_server (G_SOCKET_PROTOCOL_UDP, G_SOCKET_FAMILY_IPV4);
  g_autoptr (AionetPipe) stranger = loopback_server (G_SOCKET_PROTOCOL_UDP, G_SOCKET_FAMILY_IPV4);
  g_autoptr (GSocketAddress) local = g_socket_get_local_address (socket, NULL);
  g_autoptr (AionetPipe) client = NULL;

  g_test_summary ("What a stranger sent before the socket was connected is dropped and counted");

  send_text (stranger, "early", local);
  client = aionet_pipe_new_for_socket (socket, aionet_pipe_get_local_address (server));
  g_assert_true (aionet_pipe_is_open (client));
  g_assert_false (aionet_pipe_is_server (client));
  send_text (server, "real", local);
  assert_receives (client, "real");
  g_assert_cmpuint (aionet_pipe_get_n_dropped (client), ==, 1);
}

static void
test_queue_limit (void)
{
  g_autoptr (AionetPipe) server = loopback_server (G_SOCKET_PROTOCOL_UDP, G_SOCKET_FAMILY_IPV4);
  g_autoptr (AionetPipe) client = open_client (server);

  g_test_summary ("A queue nobody reads drops the newest and counts it");

  aionet_pipe_set_receive_queue_messages (server, 3);
  for (guint i = 0; i < 5; i++)
    {
      g_autofree char *text = g_strdup_printf ("%u", i);

      send_text (client, text, NULL);
    }
  while (aionet_pipe_get_n_received (server) < 5)
    g_main_context_iteration (NULL, TRUE);
  g_assert_cmpuint (aionet_pipe_get_n_dropped (server), ==, 2);
  assert_receives (server, "0");
  assert_receives (server, "1");
  assert_receives (server, "2");
}

static void
test_many_senders (void)
{
  g_autoptr (AionetPipe) server = loopback_server (G_SOCKET_PROTOCOL_UDP, G_SOCKET_FAMILY_IPV4);
  g_autoptr (GPtrArray) clients = g_ptr_array_new_with_free_func (g_object_unref);

  g_test_summary ("Every message names its own sender, however many there are");

  for (guint i = 0; i < 150; i++)
    g_ptr_array_add (clients, open_client (server));
  for (guint round = 0; round < 2; round++)
    for (guint i = 0; i < clients->len; i++)
      {
        g_autoptr (GSocketAddress) sender = NULL;
        g_autoptr (GError) error = NULL;
        g_autofree char *text = NULL;
        GSocketAddress  *local = aionet_pipe_get_local_address (clients->pdata[i]);

        send_text (clients->pdata[i], "me", NULL);
        text = receive (server, -1, &sender, &error);
        g_assert_no_error (error);
        g_assert_cmpuint (g_inet_socket_address_get_port (G_INET_SOCKET_ADDRESS (sender)), ==,
                          g_inet_socket_address_get_port (G_INET_SOCKET_ADDRESS (local)));
      }
}

static void
answer (
    AionetPipe *pipe, const guint8 *data, gsize length, GSocketAddress *sender, gpointer user_data)
{
  g_assert_true (aionet_pipe_send_data (pipe, data, length, sender, NULL));
}

static int
connect_to_second_address (AionetPipe *server)
{
  GSocketAddress    *local = aionet_pipe_get_local_address (server);
  struct sockaddr_in to = { .sin_family = AF_INET };
  int                fd = socket (AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);

  to.sin_addr.s_addr = g_htonl (INADDR_LOOPBACK + 1);
  to.sin_port = g_htons (g_inet_socket_address_get_port (G_INET_SOCKET_ADDRESS (local)));
  g_assert_cmpint (connect (fd, (struct sockaddr *) &to, sizeof to), ==, 0);
  return fd;
}

static void
test_answers_from_asked (void)
{
  g_autoptr (AionetPipe) server = aionet_pipe_new (G_SOCKET_PROTOCOL_UDP, NULL, NULL);
  g_autoptr (GSocketAddress) sender = NULL;
  g_autoptr (GBytes) many = g_bytes_new_static ("many", 4);
  g_autoptr (GError) error = NULL;
  g_autofree char *text = NULL;
  char             byte[8];
  int              fd;

  g_test_summary ("A server on the wildcard answers from the address it was asked at");

  open_pipe (server, NULL, &error);
  g_assert_no_error (error);
  fd = connect_to_second_address (server);
  g_assert_cmpint (send (fd, "q", 1, 0), ==, 1);
  text = receive (server, -1, &sender, &error);
  g_assert_no_error (error);
  send_text (server, "answer", sender);
  g_assert_cmpint (recv (fd, byte, sizeof byte, MSG_DONTWAIT), ==, 6);
  g_assert_cmpint (aionet_pipe_send_many (server, &many, 1, sender, &error), ==, 1);
  g_assert_cmpint (recv (fd, byte, sizeof byte, MSG_DONTWAIT), ==, 4);
  aionet_pipe_set_message_func (server, answer, NULL, NULL);
  for (guint i = 0; i < 3; i++)
    g_assert_cmpint (send (fd, "q", 1, 0), ==, 1);
  turn_a_little ();
  for (guint i = 0; i < 3; i++)
    g_assert_cmpint (recv (fd, byte, sizeof byte, MSG_DONTWAIT), ==, 1);
  close (fd);
}

static void
test_answers_from_asked_v6 (void)
{
  g_autoptr (GSocket) socket = NULL;
  g_autoptr (GInetAddress) any = g_inet_address_new_any (G_SOCKET_FAMILY_IPV6);
  g_autoptr (GSocketAddress) place = g_inet_socket_address_new (any, 0);
  g_autoptr (AionetPipe) server = NULL;
  g_autoptr (AionetPipe) client = NULL;
  g_autofree char *target = NULL;
  g_autoptr (GError) error = NULL;

  g_test_summary ("So does one of IPv6");

  if (!has_ipv6 ())
    return;
  socket = g_socket_new (G_SOCKET_FAMILY_IPV6, G_SOCKET_TYPE_DATAGRAM, G_SOCKET_PROTOCOL_UDP, NULL);
  g_assert_true (g_socket_bind (socket, place, FALSE, NULL));
  server = aionet_pipe_new_for_socket (socket, NULL);
  aionet_pipe_set_message_func (server, answer, NULL, NULL);
  target = g_strdup_printf ("[::1]:%u", g_inet_socket_address_get_port (G_INET_SOCKET_ADDRESS (
                                            aionet_pipe_get_local_address (server))));
  client = aionet_pipe_new (G_SOCKET_PROTOCOL_UDP, target, NULL);
  open_pipe (client, NULL, &error);
  g_assert_no_error (error);
  send_text (client, "q", NULL);
  assert_receives (client, "q");
  g_assert_cmpuint (aionet_pipe_get_n_dropped (server), ==, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/aionet/pipe-udp/sizes", test_sizes);
  g_test_add_func ("/aionet/pipe-udp/too-large", test_too_large);
  g_test_add_func ("/aionet/pipe-udp/refused", test_refused);
  g_test_add_func ("/aionet/pipe-udp/refused-connected", test_refused_connected);
  g_test_add_func ("/aionet/pipe-udp/refused-close", test_refused_close);
  g_test_add_func ("/aionet/pipe-udp/only-target", test_only_target);
  g_test_add_func ("/aionet/pipe-udp/foreign-before-connect", test_foreign_before_connect);
  g_test_add_func ("/aionet/pipe-udp/queue-limit", test_queue_limit);
  g_test_add_func ("/aionet/pipe-udp/many-senders", test_many_senders);
  g_test_add_func ("/aionet/pipe-udp/answers-from-asked", test_answers_from_asked);
  g_test_add_func ("/aionet/pipe-udp/answers-from-asked-v6", test_answers_from_asked_v6);
  return g_test_run ();
}
