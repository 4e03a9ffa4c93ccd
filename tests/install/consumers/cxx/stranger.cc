/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

// What stranger.c does, in C++17.

#include <aionet.h>

#include <iostream>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>

namespace
{

constexpr int patience_ms = 30000;

struct Unref
{
  void operator() (gpointer object) const { g_object_unref (object); }
};
template <typename T> using Ref = std::unique_ptr<T, Unref>;

// Throws what a call left in it.
class Failure
{
public:
  ~Failure () { g_clear_error (&error); }
  operator GError ** () { return &error; }
  void check () const
  {
    if (error != nullptr)
      throw std::runtime_error (error->message);
  }

private:
  GError *error = nullptr;
};

// Begins a call, and waits for its result.
template <typename Begin>
Ref<GAsyncResult>
wait_for (Begin begin)
{
  GAsyncResult *result = nullptr;
  GAsyncReadyCallback on_ready = [] (GObject *, GAsyncResult *ended, gpointer place) {
    *static_cast<GAsyncResult **> (place) = G_ASYNC_RESULT (g_object_ref (ended));
  };

  begin (on_ready, &result);
  while (result == nullptr)
    g_main_context_iteration (nullptr, TRUE);
  return Ref<GAsyncResult> (result);
}

void
list_links ()
{
  Failure failure;
  auto    backend = aionet_host_get_address_backend (aionet_host_get_default (), failure);
  failure.check ();
  auto listed = wait_for ([&] (auto on_ready, auto data) {
    aionet_address_backend_list_links_async (backend, patience_ms, nullptr, on_ready, data);
  });
  Ref<GListModel> links (
      aionet_address_backend_list_links_finish (backend, listed.get (), failure));
  failure.check ();
  for (guint i = 0; i < g_list_model_get_n_items (links.get ()); i++)
    {
      Ref<AionetLink> link (AIONET_LINK (g_list_model_get_item (links.get (), i)));
      std::cout << "link " << aionet_link_get_name (link.get ()) << std::endl;
    }
}

void
load_interface (const char *name)
{
  Failure              failure;
  Ref<AionetInterface> nic (aionet_interface_new (name));
  auto                 loaded = wait_for ([&] (auto on_ready, auto data) {
    aionet_interface_load_async (nic.get (), nullptr, on_ready, data);
  });
  aionet_interface_load_finish (nic.get (), loaded.get (), failure);
  failure.check ();
  Ref<AionetRoute> route (aionet_interface_get_route (nic.get (), G_SOCKET_FAMILY_IPV4, failure));
  failure.check ();
  g_autofree char *external =
      g_inet_address_to_string (aionet_route_get_ext_address (route.get ()));
  std::cout << "external " << external << std::endl;
}

void
open (const Ref<AionetPipe> &pipe)
{
  Failure failure;
  auto    opened = wait_for ([&] (auto on_ready, auto data) {
    aionet_pipe_open_async (pipe.get (), nullptr, on_ready, data);
  });
  aionet_pipe_open_finish (pipe.get (), opened.get (), failure);
  failure.check ();
}

void
send_to_myself (std::string_view text)
{
  Failure              failure;
  Ref<AionetInterface> nic (aionet_interface_new_default ());
  Ref<AionetRoute>     any (aionet_interface_get_route (nic.get (), G_SOCKET_FAMILY_IPV4, failure));
  failure.check ();
  Ref<AionetRoute> local (aionet_route_bind_to (any.get (), "127.0.0.1", 0, failure));
  failure.check ();
  Ref<AionetPipe> server (aionet_pipe_new (G_SOCKET_PROTOCOL_TCP, nullptr, local.get ()));
  open (server);
  g_autofree char *target = g_socket_connectable_to_string (
      G_SOCKET_CONNECTABLE (aionet_pipe_get_local_address (server.get ())));
  Ref<AionetPipe> client (aionet_pipe_new (G_SOCKET_PROTOCOL_TCP, target, nullptr));
  open (client);
  g_autoptr (GBytes) bytes = g_bytes_new (text.data (), text.size ());
  aionet_pipe_send (client.get (), bytes, nullptr, failure);
  failure.check ();
  auto accepted = wait_for ([&] (auto on_ready, auto data) {
    aionet_pipe_accept_async (server.get (), patience_ms, nullptr, on_ready, data);
  });
  Ref<AionetPipe> visitor (aionet_pipe_accept_finish (server.get (), accepted.get (), failure));
  failure.check ();
  auto received = wait_for ([&] (auto on_ready, auto data) {
    aionet_pipe_receive_async (visitor.get (), patience_ms, nullptr, on_ready, data);
  });
  g_autoptr (AionetMessage) message =
      aionet_pipe_receive_finish (visitor.get (), received.get (), failure);
  failure.check ();
  gsize length;
  auto  data = static_cast<const char *> (
      g_bytes_get_data (aionet_message_get_bytes (message), &length));
  std::cout << "received " << std::string (data, length) << std::endl;
}

} // namespace

int
main ()
{
  list_links ();
  load_interface ("eth0");
  send_to_myself ("hello");
}
