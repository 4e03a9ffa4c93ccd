/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#include "config.h"
#include "aionet-nice-provider.h"
#include "fake-stun-server.h"
#include "stun-asking.h"
#include "stun-bytes.h"

#define TCP G_SOCKET_PROTOCOL_TCP

static void
ask (GInetSocketAddress *server, guint timeout_ms, Asked *asked)
{
  g_autoptr (AionetStunProvider) provider = g_object_new (AIONET_NICE_TYPE_PROVIDER, NULL);

  ask_start (provider, server, TCP, AIONET_STUN_CHANGE_NONE, timeout_ms, NULL, asked);
  asked_wait (asked);
}

static void
answer (FakeStunServer *server,
        GSocket        *socket,
        const guint8   *request,
        GSocketAddress *sender,
        gpointer        user_data)
{
  g_autoptr (GByteArray) bytes = fake_stun_answer (request, sender);

  fake_stun_send (socket, bytes, NULL);
}

static void
assert_right (FakeStunServer *server, const Asked *asked)
{
  g_autofree char *external = NULL;
  g_autofree char *local = NULL;
  g_autofree char *sender = NULL;

  g_assert_no_error (asked->error);
  external = g_socket_connectable_to_string (
      G_SOCKET_CONNECTABLE (aionet_mapping_get_external (asked->mapping)));
  local = g_socket_connectable_to_string (
      G_SOCKET_CONNECTABLE (aionet_mapping_get_local (asked->mapping)));
  sender = g_socket_connectable_to_string (G_SOCKET_CONNECTABLE (server->senders->pdata[0]));
  g_assert_cmpstr (external, ==, sender);
  g_assert_cmpstr (local, ==, sender);
  g_assert_cmpint (aionet_mapping_get_protocol (asked->mapping), ==, TCP);
  g_assert_cmpuint (aionet_mapping_get_n_sent (asked->mapping), ==, 1);
  g_assert_cmpint (aionet_mapping_get_round_trip_us (asked->mapping), >=, 0);
}

static void
test_mapping (gconstpointer data)
{
  g_autoptr (FakeStunServer) server = fake_stun_server_new (TCP, data, answer, NULL);
  g_auto (Asked) asked = { 0 };

  g_test_summary ("Over TCP, a server tells the endpoint it saw");
  ask (server->endpoint, ASKING_LONG_MS, &asked);
  assert_right (server, &asked);
}

/* The rest of an answer that goes out byte by byte. */
typedef struct
{
  GSocket    *socket; /* (owned) */
  GByteArray *bytes;  /* (owned) */
} Drip;

static void
drip_free (gpointer data)
{
  Drip *drip = data;

  g_object_unref (drip->socket);
  g_byte_array_unref (drip->bytes);
  g_free (drip);
}

static gboolean
on_drip (gpointer user_data)
{
  Drip *drip = user_data;
  g_autoptr (GByteArray) first = g_byte_array_new ();

  g_byte_array_append (first, drip->bytes->data, 1);
  fake_stun_send (drip->socket, first, NULL);
  g_byte_array_remove_index (drip->bytes, 0);
  return drip->bytes->len > 0;
}

static void
answer_dripping (FakeStunServer *server,
                 GSocket        *socket,
                 const guint8   *request,
                 GSocketAddress *sender,
                 gpointer        user_data)
{
  Drip    *drip = g_new0 (Drip, 1);
  GSource *source = g_timeout_source_new (1);

  g_socket_set_option (socket, 6 /* IPPROTO_TCP */, 1 /* TCP_NODELAY */, 1, NULL);
  drip->socket = g_object_ref (socket);
  drip->bytes = fake_stun_answer (request, sender);
  g_source_set_callback (source, on_drip, drip, drip_free);
  g_source_attach (source, server->context);
  g_ptr_array_add (server->sources, source);
}

static void
test_split (void)
{
  g_autoptr (FakeStunServer) server =
      fake_stun_server_new (TCP, "127.0.0.1", answer_dripping, NULL);
  g_auto (Asked) asked = { 0 };

  g_test_summary ("W-14: an answer that comes byte by byte is put together");
  ask (server->endpoint, ASKING_LONG_MS, &asked);
  assert_right (server, &asked);
}

static void
misbehave (FakeStunServer *server,
           GSocket        *socket,
           const guint8   *request,
           GSocketAddress *sender,
           gpointer        user_data)
{
  const char *how = user_data;
  g_autoptr (GByteArray) bytes = fake_stun_answer (request, sender);

  if (g_str_equal (how, "trailing"))
    g_byte_array_append (bytes, (const guint8 *) "more than asked", 15);
  else if (g_str_equal (how, "half"))
    g_byte_array_set_size (bytes, 25);
  else if (g_str_equal (how, "nothing"))
    g_byte_array_set_size (bytes, 0);
  else if (g_str_equal (how, "garbage"))
    bytes->data[0] = 'H';
  else if (g_str_equal (how, "giant"))
    bytes->data[2] = 0xff;
  else if (g_str_equal (how, "other-id"))
    bytes->data[19] ^= 1;
  else if (g_str_equal (how, "error"))
    {
      g_byte_array_set_size (bytes, 20);
      bytes->data[1] = 0x11;
      stun_bytes_append (bytes, 0x0009, "\0\0\5\0Busy", 8);
    }
  if (bytes->len > 0)
    fake_stun_send (socket, bytes, NULL);
  if (g_str_equal (how, "half") || g_str_equal (how, "nothing"))
    g_socket_shutdown (socket, TRUE, TRUE, NULL);
}

static void
test_trailing (void)
{
  g_autoptr (FakeStunServer) server =
      fake_stun_server_new (TCP, "127.0.0.1", misbehave, (gpointer) "trailing");
  g_auto (Asked) asked = { 0 };

  g_test_summary ("Trap 2: what follows the answer does not spoil it");
  ask (server->endpoint, ASKING_LONG_MS, &asked);
  assert_right (server, &asked);
}

static void
test_failure (gconstpointer data)
{
  g_autoptr (FakeStunServer) server =
      fake_stun_server_new (TCP, "127.0.0.1", misbehave, (gpointer) data);
  g_auto (Asked) asked = { 0 };

  g_test_summary ("What is no answer ends the question at once, with the server's name");
  ask (server->endpoint, ASKING_LONG_MS, &asked);
  g_assert_error (asked.error, AIONET_ERROR, AIONET_ERROR_STUN_FAILED);
  g_assert_nonnull (g_strstr_len (asked.error->message, -1, "STUN server 127.0.0.1:"));
}

static void
test_refused (void)
{
  g_autoptr (GInetSocketAddress) closed = fake_stun_closed_endpoint (TCP, "127.0.0.1");
  g_auto (Asked) asked = { 0 };

  g_test_summary ("A closed port ends the question at once");
  ask (closed, ASKING_LONG_MS, &asked);
  g_assert_error (asked.error, G_IO_ERROR, G_IO_ERROR_CONNECTION_REFUSED);
  g_assert_nonnull (g_strstr_len (asked.error->message, -1, "STUN server 127.0.0.1:"));
}

static void
stay_silent (FakeStunServer *server,
             GSocket        *socket,
             const guint8   *request,
             GSocketAddress *sender,
             gpointer        user_data)
{
}

static void
test_silence (void)
{
  g_autoptr (FakeStunServer) server = fake_stun_server_new (TCP, "127.0.0.1", stay_silent, NULL);
  g_auto (Asked) asked = { 0 };

  g_test_summary ("A server that accepts and says nothing costs no more than the deadline");
  ask (server->endpoint, 50, &asked);
  g_assert_error (asked.error, G_IO_ERROR, G_IO_ERROR_TIMED_OUT);
  g_assert_cmpuint (server->requests->len, <=, 1);
}

static void
test_cancel (void)
{
  g_autoptr (FakeStunServer) server = fake_stun_server_new (TCP, "127.0.0.1", stay_silent, NULL);
  g_autoptr (AionetStunProvider) provider = g_object_new (AIONET_NICE_TYPE_PROVIDER, NULL);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_auto (Asked) connecting = { 0 };
  g_auto (Asked) waiting = { 0 };

  g_test_summary ("Cancelled while connecting, and while waiting for the answer");
  ask_start (provider, server->endpoint, TCP, AIONET_STUN_CHANGE_NONE, ASKING_LONG_MS, cancellable,
             &connecting);
  g_cancellable_cancel (cancellable);
  asked_wait (&connecting);
  g_assert_error (connecting.error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_cancellable_reset (cancellable);
  g_ptr_array_set_size (server->requests, 0);
  ask_start (provider, server->endpoint, TCP, AIONET_STUN_CHANGE_NONE, ASKING_LONG_MS, cancellable,
             &waiting);
  while (server->requests->len == 0)
    g_main_context_iteration (NULL, TRUE);
  g_cancellable_cancel (cancellable);
  asked_wait (&waiting);
  g_assert_error (waiting.error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  settle ();
}

int
main (int argc, char *argv[])
{
  static const char *failures[] = { "half", "nothing", "garbage", "giant", "other-id", "error" };

  g_test_init (&argc, &argv, NULL);
  g_test_add_data_func ("/aionet/nice-stream/mapping-v4", "127.0.0.1", test_mapping);
  g_test_add_data_func ("/aionet/nice-stream/mapping-v6", "::1", test_mapping);
  g_test_add_func ("/aionet/nice-stream/split", test_split);
  g_test_add_func ("/aionet/nice-stream/trailing", test_trailing);
  for (gsize i = 0; i < G_N_ELEMENTS (failures); i++)
    {
      g_autofree char *path = g_strconcat ("/aionet/nice-stream/failure-", failures[i], NULL);

      g_test_add_data_func (path, failures[i], test_failure);
    }
  g_test_add_func ("/aionet/nice-stream/refused", test_refused);
  g_test_add_func ("/aionet/nice-stream/silence", test_silence);
  g_test_add_func ("/aionet/nice-stream/cancel", test_cancel);
  return g_test_run ();
}
