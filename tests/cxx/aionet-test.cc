/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#include "aionet-test.h"

#include <sstream>

std::string
to_string (char *owned)
{
  std::string text = owned != nullptr ? owned : "";

  g_free (owned);
  return text;
}

std::vector<std::string>
to_strings (char **owned)
{
  std::vector<std::string> texts;

  for (char **text = owned; text != nullptr && *text != nullptr; text++)
    texts.emplace_back (*text);
  g_strfreev (owned);
  return texts;
}

std::ostream &
operator<< (std::ostream &stream, const Error &error)
{
  return error ? stream << g_quark_to_string (error.get ()->domain) << ' ' << error.get ()->code
                        << ": " << error.message ()
               : stream << "no error";
}

static gboolean
mark (gpointer data)
{
  *static_cast<bool *> (data) = true;
  return G_SOURCE_REMOVE;
}

bool
turn_until (const std::function<bool ()> &condition)
{
  bool  is_late = false;
  guint timer = g_timeout_add (PATIENCE_MS, mark, &is_late);

  while (!is_late && !condition ())
    g_main_context_iteration (nullptr, TRUE);
  if (!is_late)
    g_source_remove (timer);
  EXPECT_FALSE (is_late) << "what the test waited for did not come";
  return !is_late;
}

void
turn_a_little ()
{
  while (g_main_context_iteration (nullptr, FALSE))
    ;
}

static void
keep_result (GObject *, GAsyncResult *result, gpointer data)
{
  *static_cast<Ref<GAsyncResult> *> (data) = take (G_ASYNC_RESULT (g_object_ref (result)));
}

Ref<GAsyncResult>
await (const std::function<void (GAsyncReadyCallback, gpointer)> &start)
{
  Ref<GAsyncResult> result;

  start (keep_result, &result);
  /* A call that never calls back would write to what is gone: no test goes on after that. */
  if (!turn_until ([&result] { return result != nullptr; }))
    abort ();
  return result;
}

Ref<GInetAddress>
address (const char *text)
{
  return take (g_inet_address_new_from_string (text));
}

Ref<GSocketAddress>
endpoint (const char *text, guint16 port)
{
  return take (g_inet_socket_address_new_from_string (text, port));
}

std::string
to_text (GInetAddress *address)
{
  return address != nullptr ? to_string (g_inet_address_to_string (address)) : "none";
}

std::string
to_text (GSocketAddress *endpoint)
{
  return endpoint != nullptr
             ? to_string (g_socket_connectable_to_string (G_SOCKET_CONNECTABLE (endpoint)))
             : "none";
}

guint16
port_of (GSocketAddress *endpoint)
{
  return g_inet_socket_address_get_port (G_INET_SOCKET_ADDRESS (endpoint));
}

Ref<GBytes>
bytes (const std::string &text)
{
  return take (g_bytes_new (text.data (), text.size ()));
}

std::string
to_text (GBytes *bytes)
{
  gsize size;
  auto  data = static_cast<const char *> (g_bytes_get_data (bytes, &size));

  return size > 0 ? std::string (data, size) : std::string ();
}

std::string
to_text (AionetMessage *message)
{
  return message != nullptr ? to_text (aionet_message_get_bytes (message)) : "no message";
}

Ref<AionetIpRange>
range (const char *text)
{
  Error error;
  auto  made = take (aionet_ip_range_new_from_string (text, error.out ()));

  EXPECT_TRUE (made) << text << ": " << error;
  return made;
}

Ref<GListModel>
ranges (const std::string &texts)
{
  GListStore        *store = g_list_store_new (AIONET_TYPE_IP_RANGE);
  std::istringstream stream (texts);
  std::string        text;

  while (stream >> text)
    g_list_store_append (store, range (text.c_str ()).get ());
  return take (G_LIST_MODEL (store));
}

bool
has_ipv6 ()
{
  auto socket = take (
      g_socket_new (G_SOCKET_FAMILY_IPV6, G_SOCKET_TYPE_DATAGRAM, G_SOCKET_PROTOCOL_UDP, nullptr));

  return socket && g_socket_bind (socket.get (), endpoint ("::1", 0).get (), FALSE, nullptr);
}

Ref<AionetRoute>
route_at (const char *address, guint16 port)
{
  Error error;
  auto  nic = take (aionet_interface_new_default ());
  auto  family = strchr (address, ':') != nullptr ? G_SOCKET_FAMILY_IPV6 : G_SOCKET_FAMILY_IPV4;
  auto  any = take (aionet_interface_get_route (nic.get (), family, error.out ()));
  auto  route = take (aionet_route_bind_to (any.get (), address, port, error.out ()));

  EXPECT_TRUE (route) << error;
  return route;
}
