/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#include "config.h"
#include "aionet-nice-provider.h"
#include "fake-stun-server.h"
#include "stun-asking.h"
#include "stun-bytes.h"

#include "engine/aionet-local-private.h"
#include "provider/aionet-stun-provider-private.h"
#include "provider/aionet-stun-request-private.h"

#define UDP G_SOCKET_PROTOCOL_UDP

static AionetStunProvider *
provider_new (guint initial_rto_ms)
{
  return g_object_new (AIONET_NICE_TYPE_PROVIDER, "initial-rto", initial_rto_ms, NULL);
}

static void
ask (AionetStunProvider *provider, FakeStunServer *server, AionetStunChange change, Asked *asked)
{
  ask_start (provider, server->endpoint, UDP, change, ASKING_LONG_MS, NULL, asked);
  asked_wait (asked);
}

static void
assert_same_endpoint (gpointer one, gpointer other)
{
  g_autofree char *text = g_socket_connectable_to_string (G_SOCKET_CONNECTABLE (one));
  g_autofree char *other_text = g_socket_connectable_to_string (G_SOCKET_CONNECTABLE (other));

  g_assert_cmpstr (text, ==, other_text);
}

/* The truth, once for each request. */
static void
answer (FakeStunServer *server,
        GSocket        *socket,
        const guint8   *request,
        GSocketAddress *sender,
        gpointer        user_data)
{
  g_autoptr (GByteArray) bytes = fake_stun_answer (request, sender);

  stun_bytes_append (bytes, 0x8022, "fake", 4);
  fake_stun_send (socket, bytes, sender);
}

static void
check_mapping (const char *address)
{
  g_autoptr (FakeStunServer) server = fake_stun_server_new (UDP, address, answer, NULL);
  g_autoptr (AionetStunProvider) provider = provider_new (10000);
  g_auto (Asked) asked = { 0 };

  ask (provider, server, AIONET_STUN_CHANGE_NONE, &asked);
  g_assert_no_error (asked.error);
  assert_same_endpoint (aionet_mapping_get_external (asked.mapping), server->senders->pdata[0]);
  assert_same_endpoint (aionet_mapping_get_local (asked.mapping), server->senders->pdata[0]);
  assert_same_endpoint (aionet_mapping_get_server (asked.mapping), server->endpoint);
  g_assert_cmpint (aionet_mapping_get_protocol (asked.mapping), ==, UDP);
  g_assert_cmpstr (aionet_mapping_get_software (asked.mapping), ==, "fake");
  g_assert_cmpuint (aionet_mapping_get_n_sent (asked.mapping), ==, 1);
  g_assert_cmpint (aionet_mapping_get_round_trip_us (asked.mapping), >=, 0);
  g_assert_null (aionet_mapping_get_origin (asked.mapping));
  g_assert_cmpuint (server->requests->len, ==, 1);
  g_assert_cmpuint (g_bytes_get_size (server->requests->pdata[0]), ==, 20);
}

static void
test_mapping_v4 (void)
{
  g_test_summary ("Over IPv4, a server tells the endpoint it saw");
  check_mapping ("127.0.0.1");
}

static void
test_mapping_v6 (void)
{
  g_test_summary ("Over IPv6, a server tells the endpoint it saw");
  check_mapping ("::1");
}

/* First something that must not count, then the truth. */
static void
answer_after (FakeStunServer *server,
              GSocket        *socket,
              const guint8   *request,
              GSocketAddress *sender,
              gpointer        user_data)
{
  const char *what = user_data;
  g_autoptr (GSocketAddress) lie = g_inet_socket_address_new_from_string ("6.6.6.6", 6);
  g_autoptr (GByteArray) bytes = fake_stun_answer (request, lie);
  GSocket *from = socket;

  if (g_str_equal (what, "wrong-source"))
    from = server->other;
  else if (g_str_equal (what, "not-stun"))
    bytes->data[0] = 0xff;
  else if (g_str_equal (what, "truncated"))
    g_byte_array_set_size (bytes, bytes->len - 4);
  else if (g_str_equal (what, "trailing"))
    g_byte_array_append (bytes, (const guint8 *) "more", 4);
  else if (g_str_equal (what, "unknown-attribute"))
    stun_bytes_append (bytes, 0x7777, "", 0);
  else if (g_str_equal (what, "other-id"))
    bytes->data[19] ^= 1;
  else if (g_str_equal (what, "empty"))
    g_byte_array_set_size (bytes, 0);
  fake_stun_send (from, bytes, sender);
  answer (server, socket, request, sender, NULL);
}

static void
test_useless_first (gconstpointer data)
{
  g_autoptr (FakeStunServer) server =
      fake_stun_server_new (UDP, "127.0.0.1", answer_after, (gpointer) data);
  g_autoptr (AionetStunProvider) provider = provider_new (10000);
  g_auto (Asked) asked = { 0 };

  g_test_summary (
      "W-10, W-11, trap 4: what must not count changes nothing, the answer after it does");
  ask (provider, server, AIONET_STUN_CHANGE_NONE, &asked);
  g_assert_no_error (asked.error);
  assert_same_endpoint (aionet_mapping_get_external (asked.mapping), server->senders->pdata[0]);
  g_assert_cmpuint (server->requests->len, ==, 1);
}

static void
answer_twice (FakeStunServer *server,
              GSocket        *socket,
              const guint8   *request,
              GSocketAddress *sender,
              gpointer        user_data)
{
  answer (server, socket, request, sender, NULL);
  answer (server, socket, request, sender, NULL);
}

static void
test_duplicate (void)
{
  g_autoptr (FakeStunServer) server = fake_stun_server_new (UDP, "127.0.0.1", answer_twice, NULL);
  g_autoptr (AionetStunProvider) provider = provider_new (10000);

  g_test_summary ("An answer that comes twice is one answer, and no trouble for the next question");
  for (guint i = 1; i <= 3; i++)
    {
      g_auto (Asked) asked = { 0 };

      ask (provider, server, AIONET_STUN_CHANGE_NONE, &asked);
      g_assert_no_error (asked.error);
      g_assert_cmpuint (server->requests->len, ==, i);
      settle ();
    }
}

static void
answer_with_error (FakeStunServer *server,
                   GSocket        *socket,
                   const guint8   *request,
                   GSocketAddress *sender,
                   gpointer        user_data)
{
  g_autoptr (GByteArray) bytes = stun_bytes_new (0x0111, (const char *) request + 4, request + 8);

  stun_bytes_append (bytes, 0x0009, user_data, 4 + 11);
  stun_bytes_append (bytes, 0x8023, "\x00\x01\x0d\x97\xcb\x00\x71\x02", 8);
  fake_stun_send (socket, bytes, sender);
}

static void
test_error_class (void)
{
  static char error_value[] = "\0\0\4\x14Go \x1b[1mAway"; /* 15 bytes and a NUL */
  g_autoptr (FakeStunServer) server =
      fake_stun_server_new (UDP, "127.0.0.1", answer_with_error, error_value);
  g_autoptr (AionetStunProvider) provider = provider_new (10000);
  g_auto (Asked) asked = { 0 };

  g_test_summary ("An error answer ends the question with the server's code and reason, made safe");
  ask (provider, server, AIONET_STUN_CHANGE_NONE, &asked);
  g_assert_error (asked.error, AIONET_ERROR, AIONET_ERROR_STUN_FAILED);
  g_assert_nonnull (g_strstr_len (asked.error->message, -1, "127.0.0.1:"));
  g_assert_nonnull (g_strstr_len (asked.error->message, -1, "420, Go  [1mAway"));
  g_assert_nonnull (g_strstr_len (asked.error->message, -1, "203.0.113.2:3479"));
  g_assert_cmpuint (server->requests->len, ==, 1);
}

static void
answer_third (FakeStunServer *server,
              GSocket        *socket,
              const guint8   *request,
              GSocketAddress *sender,
              gpointer        user_data)
{
  if (server->requests->len == 3)
    answer (server, socket, request, sender, NULL);
}

static void
test_retransmission (void)
{
  g_autoptr (FakeStunServer) server = fake_stun_server_new (UDP, "127.0.0.1", answer_third, NULL);
  g_autoptr (AionetStunProvider) provider = provider_new (20);
  g_auto (Asked) asked = { 0 };

  g_test_summary (
      "Two lost packets: the same request goes out again; no round trip by Karn's rule");
  ask (provider, server, AIONET_STUN_CHANGE_NONE, &asked);
  g_assert_no_error (asked.error);
  g_assert_cmpuint (aionet_mapping_get_n_sent (asked.mapping), >=, 3);
  g_assert_cmpint (aionet_mapping_get_round_trip_us (asked.mapping), ==, -1);
  g_assert_cmpuint (server->requests->len, >=, 3);
  for (guint i = 1; i < 3; i++)
    g_assert_true (g_bytes_equal (server->requests->pdata[0], server->requests->pdata[i]));
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
  g_autoptr (FakeStunServer) server = fake_stun_server_new (UDP, "127.0.0.1", stay_silent, NULL);
  g_autoptr (AionetStunProvider) provider = provider_new (1);
  g_auto (Asked) asked = { 0 };

  g_test_summary ("Silence: seven packets, then the end, before the deadline of the request");
  ask (provider, server, AIONET_STUN_CHANGE_NONE, &asked);
  g_assert_error (asked.error, G_IO_ERROR, G_IO_ERROR_TIMED_OUT);
  g_assert_nonnull (g_strstr_len (asked.error->message, -1, "127.0.0.1:"));
  settle ();
  g_assert_cmpuint (server->requests->len, ==, 7);
}

static void
test_deadline (void)
{
  g_autoptr (FakeStunServer) server = fake_stun_server_new (UDP, "127.0.0.1", stay_silent, NULL);
  g_autoptr (AionetStunProvider) provider = provider_new (10000);
  g_auto (Asked) asked = { 0 };

  g_test_summary ("The deadline of the request ends the question earlier");
  ask_start (provider, server->endpoint, UDP, AIONET_STUN_CHANGE_NONE, 50, NULL, &asked);
  asked_wait (&asked);
  g_assert_error (asked.error, G_IO_ERROR, G_IO_ERROR_TIMED_OUT);
  settle ();
  g_assert_cmpuint (server->requests->len, ==, 1);
}

static void
test_any_local (void)
{
  g_autoptr (FakeStunServer) server = fake_stun_server_new (UDP, "127.0.0.1", answer, NULL);
  g_autoptr (AionetStunProvider) provider = provider_new (10000);
  g_auto (Asked) asked = { 0 };

  g_test_summary ("From a socket bound to any address: the mapping tells which one it sent from");
  aionet_stun_provider_ask_async (provider, server->endpoint, UDP, NULL, NULL,
                                  AIONET_STUN_CHANGE_NONE, ASKING_LONG_MS, NULL, on_asked, &asked);
  asked_wait (&asked);
  g_assert_no_error (asked.error);
  assert_same_endpoint (aionet_mapping_get_local (asked.mapping), server->senders->pdata[0]);
}

static void
check_refused (const char *address)
{
  g_autoptr (GInetSocketAddress) closed = fake_stun_closed_endpoint (UDP, address);
  g_autoptr (AionetStunProvider) provider = provider_new (10000);
  g_auto (Asked) asked = { 0 };

  ask_start (provider, closed, UDP, AIONET_STUN_CHANGE_NONE, ASKING_LONG_MS, NULL, &asked);
  asked_wait (&asked);
  g_assert_error (asked.error, G_IO_ERROR, G_IO_ERROR_CONNECTION_REFUSED);
  g_assert_nonnull (g_strstr_len (asked.error->message, -1, "STUN server "));
}

static void
test_refused (void)
{
  g_test_summary ("A closed port ends the question by what ICMP says, not by waiting");
  check_refused ("127.0.0.1");
  check_refused ("::1");
}

static void
test_refused_other (void)
{
  g_autoptr (FakeStunServer) server = fake_stun_server_new (UDP, "127.0.0.1", answer, NULL);
  g_autoptr (GInetSocketAddress) closed = fake_stun_closed_endpoint (UDP, "127.0.0.1");
  g_autoptr (AionetStunProvider) provider = provider_new (10000);
  g_autoptr (GInetAddress) loopback = g_inet_address_new_from_string ("127.0.0.1");
  g_autoptr (AionetLocal) local = _aionet_local_new (loopback, G_SOCKET_FAMILY_IPV4, 0);
  g_autoptr (AionetSocketSource) source = _aionet_socket_source_new (local);
  g_auto (Asked) refused = { 0 };
  g_auto (Asked) good = { 0 };

  g_test_summary ("On a shared socket a refusal ends the question it belongs to, and no other");
  _aionet_stun_provider_ask_from_source_async (provider, closed, UDP, AIONET_STUN_CHANGE_NONE,
                                               source, ASKING_LONG_MS, NULL, on_asked, &refused);
  _aionet_stun_provider_ask_from_source_async (provider, server->endpoint, UDP,
                                               AIONET_STUN_CHANGE_NONE, source, ASKING_LONG_MS,
                                               NULL, on_asked, &good);
  asked_wait (&refused);
  asked_wait (&good);
  g_assert_error (refused.error, G_IO_ERROR, G_IO_ERROR_CONNECTION_REFUSED);
  g_assert_no_error (good.error);
}

static void
test_shared_socket (void)
{
  g_autoptr (FakeStunServer) one = fake_stun_server_new (UDP, "127.0.0.1", answer, NULL);
  g_autoptr (FakeStunServer) two = fake_stun_server_new (UDP, "127.0.0.2", answer, NULL);
  g_autoptr (AionetStunProvider) provider = provider_new (10000);
  g_autoptr (GInetAddress) loopback = g_inet_address_new_from_string ("127.0.0.1");
  g_autoptr (AionetLocal) local = _aionet_local_new (loopback, G_SOCKET_FAMILY_IPV4, 0);
  g_autoptr (AionetSocketSource) source = _aionet_socket_source_new (local);
  g_auto (Asked) asked_one = { 0 };
  g_auto (Asked) asked_two = { 0 };

  g_test_summary ("Two servers asked from one source see one endpoint");
  _aionet_stun_provider_ask_from_source_async (provider, one->endpoint, UDP,
                                               AIONET_STUN_CHANGE_NONE, source, ASKING_LONG_MS,
                                               NULL, on_asked, &asked_one);
  _aionet_stun_provider_ask_from_source_async (provider, two->endpoint, UDP,
                                               AIONET_STUN_CHANGE_NONE, source, ASKING_LONG_MS,
                                               NULL, on_asked, &asked_two);
  asked_wait (&asked_one);
  asked_wait (&asked_two);
  g_assert_no_error (asked_one.error);
  g_assert_no_error (asked_two.error);
  assert_same_endpoint (one->senders->pdata[0], two->senders->pdata[0]);
  assert_same_endpoint (aionet_mapping_get_external (asked_one.mapping),
                        aionet_mapping_get_external (asked_two.mapping));
}

/* More than the 200 that one agent of libnice holds, few enough for a receive buffer. */
#define MANY 220

/* Keeps all requests, then answers the last one first; again, if any was lost on the way. */
static void
answer_all_backwards (FakeStunServer *server,
                      GSocket        *socket,
                      const guint8   *request,
                      GSocketAddress *sender,
                      gpointer        user_data)
{
  if (server->requests->len < MANY)
    return;
  for (guint i = server->requests->len; i > 0; i--)
    answer (server, socket, g_bytes_get_data (server->requests->pdata[i - 1], NULL),
            server->senders->pdata[i - 1], NULL);
}

static void
test_many (void)
{
  g_autoptr (FakeStunServer) server =
      fake_stun_server_new (UDP, "127.0.0.1", answer_all_backwards, NULL);
  g_autoptr (AionetStunProvider) provider = provider_new (500);
  g_autoptr (GInetAddress) loopback = g_inet_address_new_from_string ("127.0.0.1");
  g_autoptr (AionetLocal) local = _aionet_local_new (loopback, G_SOCKET_FAMILY_IPV4, 0);
  g_autoptr (AionetSocketSource) source = _aionet_socket_source_new (local);
  g_autofree Asked *asked = g_new0 (Asked, MANY);

  g_test_summary ("Trap 5: 220 questions on one socket at once, answered last first");
  for (guint i = 0; i < MANY; i++)
    _aionet_stun_provider_ask_from_source_async (provider, server->endpoint, UDP,
                                                 AIONET_STUN_CHANGE_NONE, source, ASKING_LONG_MS,
                                                 NULL, on_asked, &asked[i]);
  for (guint i = 0; i < MANY; i++)
    {
      asked_wait (&asked[i]);
      g_assert_no_error (asked[i].error);
      asked_clear (&asked[i]);
    }
}

static void
test_cancel (void)
{
  g_autoptr (FakeStunServer) server = fake_stun_server_new (UDP, "127.0.0.1", stay_silent, NULL);
  g_autoptr (AionetStunProvider) provider = provider_new (1);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_auto (Asked) asked = { 0 };
  g_auto (Asked) before = { 0 };

  g_test_summary ("Cancelled: no packet leaves any more");
  ask_start (provider, server->endpoint, UDP, AIONET_STUN_CHANGE_NONE, ASKING_LONG_MS, cancellable,
             &asked);
  while (server->requests->len < 2)
    g_main_context_iteration (NULL, TRUE);
  g_cancellable_cancel (cancellable);
  asked_wait (&asked);
  settle ();
  g_assert_error (asked.error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_cmpuint (server->requests->len, <, 7);
  g_ptr_array_set_size (server->requests, 0);
  ask_start (provider, server->endpoint, UDP, AIONET_STUN_CHANGE_NONE, ASKING_LONG_MS, cancellable,
             &before);
  asked_wait (&before);
  settle ();
  g_assert_error (before.error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_cmpuint (server->requests->len, ==, 0);
}

static void
answer_from_other (FakeStunServer *server,
                   GSocket        *socket,
                   const guint8   *request,
                   GSocketAddress *sender,
                   gpointer        user_data)
{
  g_assert_cmpmem (request + 20, 8, "\0\3\0\4\0\0\0\2", 8);
  answer (server, server->other, request, sender, NULL);
}

static void
test_change_port (void)
{
  g_autoptr (FakeStunServer) server =
      fake_stun_server_new (UDP, "127.0.0.1", answer_from_other, NULL);
  g_autoptr (AionetStunProvider) provider = provider_new (10000);
  g_autoptr (GSocketAddress) other = g_socket_get_local_address (server->other, NULL);
  g_auto (Asked) asked = { 0 };

  g_test_summary ("Asked to answer from another port, the server does: that is the origin");
  ask (provider, server, AIONET_STUN_CHANGE_PORT, &asked);
  g_assert_no_error (asked.error);
  assert_same_endpoint (aionet_mapping_get_origin (asked.mapping), other);
  assert_same_endpoint (aionet_mapping_get_external (asked.mapping), server->senders->pdata[0]);
}

static void
test_change_ignored (void)
{
  g_autoptr (FakeStunServer) server = fake_stun_server_new (UDP, "127.0.0.1", answer, NULL);
  g_autoptr (AionetStunProvider) provider = provider_new (10000);
  g_auto (Asked) asked = { 0 };

  g_test_summary ("A server that ignores CHANGE-REQUEST proves nothing about a filter: an error");
  ask (provider, server, AIONET_STUN_CHANGE_IP, &asked);
  g_assert_error (asked.error, AIONET_ERROR, AIONET_ERROR_STUN_FAILED);
}

static void
answer_uselessly (FakeStunServer *server,
                  GSocket        *socket,
                  const guint8   *request,
                  GSocketAddress *sender,
                  gpointer        user_data)
{
  g_autoptr (GSocketAddress) nobody = g_inet_socket_address_new_from_string ("0.0.0.0", 1);
  g_autoptr (GByteArray) bytes = fake_stun_answer (request, nobody);

  fake_stun_send (socket, bytes, sender);
}

static void
test_only_useless (void)
{
  g_autoptr (FakeStunServer) server =
      fake_stun_server_new (UDP, "127.0.0.1", answer_uselessly, NULL);
  g_autoptr (AionetStunProvider) provider = provider_new (1);
  g_auto (Asked) asked = { 0 };

  g_test_summary ("Trap 8: a server that only says 0.0.0.0 fails, and the error says why");
  ask (provider, server, AIONET_STUN_CHANGE_NONE, &asked);
  g_assert_error (asked.error, AIONET_ERROR, AIONET_ERROR_STUN_FAILED);
  g_assert_nonnull (g_strstr_len (asked.error->message, -1, "0.0.0.0"));
}

int
main (int argc, char *argv[])
{
  static const char *useless[] = { "wrong-source",      "not-stun", "truncated", "trailing",
                                   "unknown-attribute", "other-id", "empty" };

  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/aionet/nice-provider/mapping-v4", test_mapping_v4);
  g_test_add_func ("/aionet/nice-provider/mapping-v6", test_mapping_v6);
  for (gsize i = 0; i < G_N_ELEMENTS (useless); i++)
    {
      g_autofree char *path = g_strconcat ("/aionet/nice-provider/after-", useless[i], NULL);

      g_test_add_data_func (path, useless[i], test_useless_first);
    }
  g_test_add_func ("/aionet/nice-provider/duplicate", test_duplicate);
  g_test_add_func ("/aionet/nice-provider/error-class", test_error_class);
  g_test_add_func ("/aionet/nice-provider/retransmission", test_retransmission);
  g_test_add_func ("/aionet/nice-provider/silence", test_silence);
  g_test_add_func ("/aionet/nice-provider/deadline", test_deadline);
  g_test_add_func ("/aionet/nice-provider/any-local", test_any_local);
  g_test_add_func ("/aionet/nice-provider/refused", test_refused);
  g_test_add_func ("/aionet/nice-provider/refused-other", test_refused_other);
  g_test_add_func ("/aionet/nice-provider/shared-socket", test_shared_socket);
  g_test_add_func ("/aionet/nice-provider/many", test_many);
  g_test_add_func ("/aionet/nice-provider/cancel", test_cancel);
  g_test_add_func ("/aionet/nice-provider/change-port", test_change_port);
  g_test_add_func ("/aionet/nice-provider/change-ignored", test_change_ignored);
  g_test_add_func ("/aionet/nice-provider/only-useless", test_only_useless);
  return g_test_run ();
}
