/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#include "config.h"

#include "stun-server-helpers.h"

#include <string.h>

void
answer_clear (Answer *self)
{
  g_clear_object (&self->from);
}

AionetStunServer *
server_new (const char *first, const char *second)
{
  AionetStunServer *server = aionet_stun_server_new ();
  g_autoptr (AionetRoute) route = bound_route (first, 0);
  g_autoptr (AionetRoute) alternate = second != NULL ? bound_route (second, 0) : NULL;
  g_autoptr (GError) error = NULL;

  g_object_set (server, "port", 0, "alternate-port", 0, "max-rate", 0, NULL);
  aionet_stun_server_listen (server, route, alternate, &error);
  g_assert_no_error (error);
  return server;
}

static gboolean
is_udp_at (AionetPipe *listener, const char *address)
{
  GInetSocketAddress *local = G_INET_SOCKET_ADDRESS (aionet_pipe_get_local_address (listener));
  g_autofree char    *text = g_inet_address_to_string (g_inet_socket_address_get_address (local));

  return aionet_pipe_get_protocol (listener) == G_SOCKET_PROTOCOL_UDP &&
         g_str_equal (text, address);
}

/* Those of the primary port come first. */
AionetPipe *
find_listener (AionetStunServer *server, const char *address, gboolean alternate)
{
  GListModel *listeners = aionet_daemon_get_listeners (AIONET_DAEMON (server));
  guint       n_before = 0;

  for (guint i = 0; i < g_list_model_get_n_items (listeners); i++)
    {
      g_autoptr (AionetPipe) listener = g_list_model_get_item (listeners, i);

      if (is_udp_at (listener, address) && n_before++ == (alternate ? 1 : 0))
        return listener;
    }
  g_assert_not_reached ();
}

char *
endpoint_text (GSocketAddress *address)
{
  return address != NULL ? g_socket_connectable_to_string (G_SOCKET_CONNECTABLE (address))
                         : g_strdup ("-");
}

char *
get_endpoint (AionetStunServer *server, AionetPipe *listener, AionetStunChange change)
{
  g_autoptr (GSocketAddress) address = aionet_stun_server_get_endpoint (server, listener, change);

  return endpoint_text (address);
}

GByteArray *
new_request (void)
{
  return stun_bytes_new (0x0001, STUN_BYTES_COOKIE, STUN_ID);
}

GByteArray *
new_change_request (guint8 change)
{
  const guint8 value[] = { 0, 0, 0, change };
  GByteArray  *request = new_request ();

  stun_bytes_append (request, STUN_CHANGE_REQUEST, value, sizeof (value));
  return request;
}

GSocket *
new_client (const char *address)
{
  g_autoptr (GSocketAddress) local = g_inet_socket_address_new_from_string (address, 0);
  g_autoptr (GError) error = NULL;
  GSocket *client = g_socket_new (g_socket_address_get_family (local), G_SOCKET_TYPE_DATAGRAM,
                                  G_SOCKET_PROTOCOL_UDP, &error);

  g_assert_no_error (error);
  g_socket_bind (client, local, FALSE, &error);
  g_assert_no_error (error);
  g_socket_set_blocking (client, FALSE);
  return client;
}

void
send_to (GSocket *client, GByteArray *request, AionetPipe *listener)
{
  g_autoptr (GError) error = NULL;

  g_socket_send_to (client, aionet_pipe_get_local_address (listener), (const char *) request->data,
                    request->len, NULL, &error);
  g_assert_no_error (error);
}

void
hear (GSocket *client, Answer *answer)
{
  answer_clear (answer);
  do
    {
      g_main_context_iteration (NULL, FALSE);
      answer->length = g_socket_receive_from (client, &answer->from, (char *) answer->data,
                                              sizeof (answer->data), NULL, NULL);
    }
  while (answer->length < 0);
}

/* What loopback was given is at the server by now, and what it answers is back when it has run. */
void
assert_silence (GSocket *client)
{
  char byte;

  turn_a_little ();
  g_assert_cmpint (g_socket_receive (client, &byte, 1, NULL, NULL), <, 0);
}

void
ask (GSocket *client, GByteArray *request, AionetPipe *listener, Answer *answer)
{
  send_to (client, request, listener);
  hear (client, answer);
}

static char *
read_address (const guint8 *value, gboolean is_xored, const guint8 *header)
{
  gsize  size = value[1] == 2 ? 16 : 4;
  guint8 bytes[18];
  g_autoptr (GInetAddress) address = NULL;
  g_autoptr (GSocketAddress) endpoint = NULL;

  memcpy (bytes, value + 2, 2 + size);
  for (gsize i = 0; is_xored && i < 2 + size; i++)
    bytes[i] ^= header[4 + (i < 2 ? i : i - 2)];
  address = g_inet_address_new_from_bytes (bytes + 2, size == 16 ? G_SOCKET_FAMILY_IPV6
                                                                 : G_SOCKET_FAMILY_IPV4);
  endpoint = g_inet_socket_address_new (address, (guint16) (bytes[0] << 8 | bytes[1]));
  return endpoint_text (endpoint);
}

char *
get_address (const Answer *answer, guint type)
{
  for (gssize i = 20; i + 4 <= answer->length;)
    {
      gssize size = answer->data[i + 2] << 8 | answer->data[i + 3];

      if ((guint) (answer->data[i] << 8 | answer->data[i + 1]) == type)
        return read_address (answer->data + i + 4, type == STUN_XOR_MAPPED, answer->data);
      i += 4 + (size + 3) / 4 * 4;
    }
  return NULL;
}
