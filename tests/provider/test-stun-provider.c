/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#include "config.h"

#include <gio/gio.h>

#include "provider/aionet-stun-provider-private.h"
#include "value/aionet-error.h"

/* A provider that looks at its request and answers with what the test prepared. */
G_DECLARE_FINAL_TYPE (FakeStun, fake_stun, FAKE, STUN, AionetStunProvider)

struct _FakeStun
{
  AionetStunProvider parent_instance;

  AionetStunRequest *seen;   /* (owned) (nullable) */
  GObject           *answer; /* (owned) (nullable): NULL to drop the request */
  guint              n_begun;
};

G_DEFINE_FINAL_TYPE (FakeStun, fake_stun, AIONET_TYPE_STUN_PROVIDER)

static void
fake_stun_begin (AionetStunProvider *provider, AionetStunRequest *request)
{
  FakeStun *self = FAKE_STUN (provider);

  self->n_begun++;
  g_set_object (&self->seen, request);
  if (self->answer != NULL)
    aionet_request_complete (AIONET_REQUEST (request), self->answer);
}

static void
fake_stun_finalize (GObject *object)
{
  FakeStun *self = FAKE_STUN (object);

  g_clear_object (&self->seen);
  g_clear_object (&self->answer);
  G_OBJECT_CLASS (fake_stun_parent_class)->finalize (object);
}

static void
fake_stun_class_init (FakeStunClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = fake_stun_finalize;
  AIONET_STUN_PROVIDER_CLASS (klass)->begin = fake_stun_begin;
}

static void
fake_stun_init (FakeStun *self)
{
}

static GInetSocketAddress *
endpoint (const char *host, guint port)
{
  return G_INET_SOCKET_ADDRESS (g_inet_socket_address_new_from_string (host, port));
}

static AionetMapping *
make_mapping (GSocketProtocol protocol, const char *server)
{
  g_autoptr (GInetSocketAddress) asked = endpoint (server, 3478);
  g_autoptr (GInetSocketAddress) local = endpoint ("127.0.0.1", 40000);
  g_autoptr (GInetSocketAddress) external = endpoint ("1.3.3.7", 40001);

  return aionet_mapping_new (protocol, asked, local, external);
}

static void
store (GObject *source, GAsyncResult *result, gpointer place)
{
  *(GAsyncResult **) place = g_object_ref (result);
}

static AionetMapping *
ask (FakeStun *stun, const char *local, const char *interface_name, GError **error)
{
  g_autoptr (GInetSocketAddress) server = endpoint ("192.0.2.1", 3478);
  g_autoptr (GInetSocketAddress) from = local != NULL ? endpoint (local, 0) : NULL;
  g_autoptr (GAsyncResult) result = NULL;

  aionet_stun_provider_ask_async (AIONET_STUN_PROVIDER (stun), server, G_SOCKET_PROTOCOL_UDP,
                                  (GSocketAddress *) from, interface_name, AIONET_STUN_CHANGE_PORT,
                                  0, NULL, store, &result);
  while (result == NULL)
    g_main_context_iteration (NULL, TRUE);
  return aionet_stun_provider_ask_finish (AIONET_STUN_PROVIDER (stun), result, error);
}

static void
test_request (void)
{
  g_autoptr (FakeStun) stun = g_object_new (fake_stun_get_type (), NULL);
  g_autoptr (AionetMapping) mapping = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *server = NULL;
  g_autofree char *local = NULL;

  g_test_summary ("A request tells what to ask, and from where; its mapping arrives");

  stun->answer = G_OBJECT (make_mapping (G_SOCKET_PROTOCOL_UDP, "192.0.2.1"));
  mapping = ask (stun, "127.0.0.1", "lo", &error);
  g_assert_no_error (error);
  g_assert_true (G_OBJECT (mapping) == stun->answer);

  server = g_socket_connectable_to_string (
      G_SOCKET_CONNECTABLE (aionet_stun_request_get_server (stun->seen)));
  local = g_socket_connectable_to_string (
      G_SOCKET_CONNECTABLE (aionet_stun_request_get_local_address (stun->seen)));
  g_assert_cmpstr (server, ==, "192.0.2.1:3478");
  g_assert_cmpstr (local, ==, "127.0.0.1");
  g_assert_cmpstr (aionet_stun_request_get_interface_name (stun->seen), ==, "lo");
  g_assert_cmpint (aionet_stun_request_get_protocol (stun->seen), ==, G_SOCKET_PROTOCOL_UDP);
  g_assert_cmpint (aionet_stun_request_get_change (stun->seen), ==, AIONET_STUN_CHANGE_PORT);
}

static void
test_anywhere (void)
{
  g_autoptr (FakeStun) stun = g_object_new (fake_stun_get_type (), NULL);
  g_autoptr (AionetMapping) mapping = NULL;
  g_autoptr (GError) error = NULL;

  g_test_summary ("Without a local address and interface the system chooses");

  stun->answer = G_OBJECT (make_mapping (G_SOCKET_PROTOCOL_UDP, "192.0.2.1"));
  mapping = ask (stun, NULL, NULL, &error);
  g_assert_no_error (error);
  g_assert_null (aionet_stun_request_get_local_address (stun->seen));
  g_assert_null (aionet_stun_request_get_interface_name (stun->seen));
}

static void
test_socket (void)
{
  g_autoptr (FakeStun) stun = g_object_new (fake_stun_get_type (), NULL);
  g_autoptr (AionetMapping) mapping = NULL;
  g_autoptr (GSocket) first = NULL;
  g_autoptr (GSocket) second = NULL;
  g_autoptr (GSocketAddress) bound = NULL;
  g_autoptr (GInetAddress) loopback = g_inet_address_new_from_string ("127.0.0.1");
  g_autoptr (GError) error = NULL;

  g_test_summary ("The socket of a request is bound to its local address, and stays the same");

  stun->answer = G_OBJECT (make_mapping (G_SOCKET_PROTOCOL_UDP, "192.0.2.1"));
  mapping = ask (stun, "127.0.0.1", NULL, &error);
  g_assert_no_error (error);
  first = aionet_stun_request_dup_socket (stun->seen, &error);
  g_assert_no_error (error);
  second = aionet_stun_request_dup_socket (stun->seen, &error);
  g_assert_no_error (error);
  g_assert_true (first == second);
  bound = g_socket_get_local_address (first, &error);
  g_assert_no_error (error);
  g_assert_true (g_inet_address_equal (
      g_inet_socket_address_get_address (G_INET_SOCKET_ADDRESS (bound)), loopback));
}

static void
test_no_socket (void)
{
  g_autoptr (FakeStun) stun = g_object_new (fake_stun_get_type (), NULL);
  g_autoptr (AionetMapping) mapping = NULL;
  g_autoptr (GSocket) socket = NULL;
  g_autoptr (GError) error = NULL;

  g_test_summary ("An interface that does not exist is an error, not silence");

  stun->answer = G_OBJECT (make_mapping (G_SOCKET_PROTOCOL_UDP, "192.0.2.1"));
  mapping = ask (stun, "127.0.0.1", "no-such-nic", &error);
  g_assert_no_error (error);
  socket = aionet_stun_request_dup_socket (stun->seen, &error);
  g_assert_nonnull (error);
  g_assert_null (socket);
}

static void
test_shared_source (void)
{
  g_autoptr (FakeStun) stun = g_object_new (fake_stun_get_type (), NULL);
  g_autoptr (GInetAddress) loopback = g_inet_address_new_from_string ("127.0.0.1");
  g_autoptr (AionetLocal) local = _aionet_local_new (loopback, G_SOCKET_FAMILY_IPV4, 0);
  g_autoptr (AionetSocketSource) source = _aionet_socket_source_new (local);
  GSocket *sockets[2] = { NULL, NULL };

  g_test_summary ("Requests of one source share its UDP socket");

  for (guint i = 0; i < 2; i++)
    {
      g_autoptr (GInetSocketAddress) server = endpoint (i == 0 ? "192.0.2.1" : "192.0.2.2", 3478);
      g_autoptr (GAsyncResult) result = NULL;

      _aionet_stun_provider_ask_from_source_async (AIONET_STUN_PROVIDER (stun), server,
                                                   G_SOCKET_PROTOCOL_UDP, AIONET_STUN_CHANGE_NONE,
                                                   source, 1, NULL, store, &result);
      sockets[i] = aionet_stun_request_dup_socket (stun->seen, NULL);
      while (result == NULL)
        g_main_context_iteration (NULL, TRUE);
    }
  g_assert_nonnull (sockets[0]);
  g_assert_true (sockets[0] == sockets[1]);
  g_object_unref (sockets[0]);
  g_object_unref (sockets[1]);
}

static void
test_bad_answers (void)
{
  GObject *answers[4];

  g_test_summary ("Mappings of another server or protocol, or without addresses, are refused");

  answers[0] = G_OBJECT (make_mapping (G_SOCKET_PROTOCOL_UDP, "192.0.2.2"));
  answers[1] = G_OBJECT (make_mapping (G_SOCKET_PROTOCOL_TCP, "192.0.2.1"));
  answers[2] = g_object_new (AIONET_TYPE_MAPPING, NULL);
  answers[3] = g_object_new (G_TYPE_OBJECT, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (answers); i++)
    {
      g_autoptr (FakeStun) stun = g_object_new (fake_stun_get_type (), "name", "fake", NULL);
      g_autoptr (AionetMapping) mapping = NULL;
      g_autoptr (GError) error = NULL;

      stun->answer = answers[i];
      mapping = ask (stun, NULL, NULL, &error);
      g_assert_error (error, AIONET_ERROR, AIONET_ERROR_PROVIDER_MISBEHAVED);
      g_assert_nonnull (strstr (error->message, "“fake”"));
      g_assert_null (mapping);
    }
}

static void
test_families (void)
{
  g_autoptr (FakeStun) stun = g_object_new (fake_stun_get_type (), NULL);
  g_autoptr (AionetMapping) mapping = NULL;
  g_autoptr (GError) error = NULL;

  g_test_summary ("An IPv4 server cannot be asked from an IPv6 address");

  mapping = ask (stun, "::1", NULL, &error);
  g_assert_error (error, AIONET_ERROR, AIONET_ERROR_UNSUPPORTED_FAMILY);
  g_assert_null (mapping);
  g_assert_cmpuint (stun->n_begun, ==, 0);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/aionet/stun-provider/request", test_request);
  g_test_add_func ("/aionet/stun-provider/anywhere", test_anywhere);
  g_test_add_func ("/aionet/stun-provider/socket", test_socket);
  g_test_add_func ("/aionet/stun-provider/no-socket", test_no_socket);
  g_test_add_func ("/aionet/stun-provider/shared-source", test_shared_source);
  g_test_add_func ("/aionet/stun-provider/bad-answers", test_bad_answers);
  g_test_add_func ("/aionet/stun-provider/families", test_families);
  return g_test_run ();
}
