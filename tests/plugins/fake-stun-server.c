/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#include "config.h"
#include "fake-stun-server.h"

#include "stun-bytes.h"

#include <string.h>

typedef struct
{
  FakeStunServer *server; /* (unowned) */
  GSocket        *socket; /* (owned) */
  GByteArray     *bytes;  /* (owned) */
} Connection;

static void
connection_free (gpointer data)
{
  Connection *connection = data;

  g_object_unref (connection->socket);
  g_byte_array_unref (connection->bytes);
  g_free (connection);
}

static void
watch (FakeStunServer   *self,
       GSocket          *socket,
       GSocketSourceFunc func,
       gpointer          user_data,
       GDestroyNotify    destroy)
{
  GSource *source = g_socket_create_source (socket, G_IO_IN, NULL);

  g_source_set_callback (source, G_SOURCE_FUNC (func), user_data, destroy);
  g_source_attach (source, self->context);
  g_ptr_array_add (self->sources, source);
}

static void
take_request (
    FakeStunServer *self, GSocket *socket, const guint8 *data, gsize length, GSocketAddress *sender)
{
  g_ptr_array_add (self->requests, g_bytes_new (data, length));
  g_ptr_array_add (self->senders, g_object_ref (sender));
  self->func (self, socket, data, sender, self->user_data);
}

static gboolean
on_datagram (GSocket *socket, GIOCondition condition, gpointer user_data)
{
  guint8 data[2048];
  g_autoptr (GSocketAddress) sender = NULL;
  gssize length = g_socket_receive_from (socket, &sender, (char *) data, sizeof (data), NULL, NULL);

  if (length >= 20)
    take_request (user_data, socket, data, (gsize) length, sender);
  return G_SOURCE_CONTINUE;
}

static gboolean
on_bytes (GSocket *socket, GIOCondition condition, gpointer user_data)
{
  Connection *connection = user_data;
  guint8      data[2048];
  g_autoptr (GSocketAddress) sender = NULL;
  gssize length = g_socket_receive (socket, (char *) data, sizeof (data), NULL, NULL);

  if (length <= 0)
    return G_SOURCE_REMOVE;
  g_byte_array_append (connection->bytes, data, (guint) length);
  if (connection->bytes->len < 20)
    return G_SOURCE_CONTINUE;
  sender = g_socket_get_remote_address (socket, NULL);
  if (sender != NULL)
    take_request (connection->server, socket, connection->bytes->data, connection->bytes->len,
                  sender);
  return G_SOURCE_REMOVE;
}

static gboolean
on_client (GSocket *socket, GIOCondition condition, gpointer user_data)
{
  FakeStunServer *self = user_data;
  Connection     *connection;
  GSocket        *client = g_socket_accept (socket, NULL, NULL);

  if (client == NULL)
    return G_SOURCE_CONTINUE;
  connection = g_new0 (Connection, 1);
  connection->server = self;
  connection->socket = client;
  connection->bytes = g_byte_array_new ();
  g_socket_set_blocking (client, FALSE);
  watch (self, client, on_bytes, connection, connection_free);
  return G_SOURCE_CONTINUE;
}

static GSocket *
bind_socket (GSocketProtocol protocol, const char *address)
{
  g_autoptr (GSocketAddress) any_port = g_inet_socket_address_new_from_string (address, 0);
  g_autoptr (GError) error = NULL;
  GSocket *socket;

  socket = g_socket_new (g_socket_address_get_family (any_port),
                         protocol == G_SOCKET_PROTOCOL_TCP ? G_SOCKET_TYPE_STREAM
                                                           : G_SOCKET_TYPE_DATAGRAM,
                         protocol, &error);
  g_assert_no_error (error);
  g_socket_set_blocking (socket, FALSE);
  g_socket_bind (socket, any_port, FALSE, &error);
  g_assert_no_error (error);
  return socket;
}

static void
source_free (gpointer data)
{
  g_source_destroy (data);
  g_source_unref (data);
}

FakeStunServer *
fake_stun_server_new (GSocketProtocol protocol,
                      const char     *address,
                      FakeStunFunc    func,
                      gpointer        user_data)
{
  FakeStunServer *self = g_new0 (FakeStunServer, 1);
  g_autoptr (GError) error = NULL;

  self->context = g_main_context_ref_thread_default ();
  self->sources = g_ptr_array_new_with_free_func (source_free);
  self->requests = g_ptr_array_new_with_free_func ((GDestroyNotify) g_bytes_unref);
  self->senders = g_ptr_array_new_with_free_func (g_object_unref);
  self->func = func;
  self->user_data = user_data;
  self->socket = bind_socket (protocol, address);
  self->endpoint = G_INET_SOCKET_ADDRESS (g_socket_get_local_address (self->socket, &error));
  g_assert_no_error (error);
  if (protocol == G_SOCKET_PROTOCOL_TCP)
    {
      g_socket_listen (self->socket, &error);
      g_assert_no_error (error);
      watch (self, self->socket, on_client, self, NULL);
    }
  else
    {
      self->other = bind_socket (protocol, address);
      watch (self, self->socket, on_datagram, self, NULL);
    }
  return self;
}

void
fake_stun_server_free (FakeStunServer *self)
{
  g_ptr_array_unref (self->sources);
  g_ptr_array_unref (self->requests);
  g_ptr_array_unref (self->senders);
  g_object_unref (self->endpoint);
  g_object_unref (self->socket);
  g_clear_object (&self->other);
  g_main_context_unref (self->context);
  g_free (self);
}

GByteArray *
fake_stun_answer (const guint8 *request, GSocketAddress *mapped)
{
  GByteArray         *answer = stun_bytes_new (0x0101, (const char *) request + 4, request + 8);
  GInetSocketAddress *endpoint = G_INET_SOCKET_ADDRESS (mapped);
  GInetAddress       *address = g_inet_socket_address_get_address (endpoint);
  gsize               size = g_inet_address_get_native_size (address);
  guint               port = g_inet_socket_address_get_port (endpoint);
  guint8              value[20] = { 0, size == 4 ? 1 : 2, (guint8) (port >> 8), (guint8) port };

  memcpy (value + 4, g_inet_address_to_bytes (address), size);
  for (gsize i = 0; i < 2; i++)
    value[2 + i] ^= request[4 + i];
  for (gsize i = 0; i < size; i++)
    value[4 + i] ^= request[4 + i];
  stun_bytes_append (answer, 0x0020, value, (guint) (4 + size));
  return answer;
}

void
fake_stun_send (GSocket *socket, const GByteArray *bytes, GSocketAddress *to)
{
  g_autoptr (GError) error = NULL;

  g_socket_send_to (socket, to, (const char *) bytes->data, bytes->len, NULL, &error);
  g_assert_no_error (error);
}

GInetSocketAddress *
fake_stun_closed_endpoint (GSocketProtocol protocol, const char *address)
{
  g_autoptr (GSocket) socket = bind_socket (protocol, address);
  g_autoptr (GError) error = NULL;
  GSocketAddress *endpoint = g_socket_get_local_address (socket, &error);

  g_assert_no_error (error);
  return G_INET_SOCKET_ADDRESS (endpoint);
}
