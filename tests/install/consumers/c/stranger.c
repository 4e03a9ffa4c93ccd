/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

/* A stranger's program: lists the links of a host, loads one of its interfaces, and sends a text
 * to itself over TCP. */

#include <aionet.h>
#include <string.h>

#define PATIENCE_MS 30000

static void
on_ready (GObject *source, GAsyncResult *result, gpointer user_data)
{
  *(GAsyncResult **) user_data = g_object_ref (result);
}

static GAsyncResult *
wait_for (GAsyncResult **result)
{
  while (*result == NULL)
    g_main_context_iteration (NULL, TRUE);
  return *result;
}

static void
list_links (AionetHost *host)
{
  g_autoptr (GAsyncResult) listed = NULL;
  g_autoptr (GError) error = NULL;
  AionetAddressBackend *backend = aionet_host_get_address_backend (host, &error);
  g_autoptr (GListModel) links = NULL;

  g_assert_no_error (error);
  aionet_address_backend_list_links_async (backend, PATIENCE_MS, NULL, on_ready, &listed);
  links = aionet_address_backend_list_links_finish (backend, wait_for (&listed), &error);
  g_assert_no_error (error);
  for (guint i = 0; i < g_list_model_get_n_items (links); i++)
    {
      g_autoptr (AionetLink) link = g_list_model_get_item (links, i);

      g_print ("link %s\n", aionet_link_get_name (link));
    }
}

static void
load_interface (const char *name)
{
  g_autoptr (GAsyncResult) loaded = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (AionetInterface) nic = aionet_interface_new (name);
  g_autoptr (AionetRoute) route = NULL;
  g_autofree char *external = NULL;

  aionet_interface_load_async (nic, NULL, on_ready, &loaded);
  aionet_interface_load_finish (nic, wait_for (&loaded), &error);
  g_assert_no_error (error);
  route = aionet_interface_get_route (nic, G_SOCKET_FAMILY_IPV4, &error);
  g_assert_no_error (error);
  external = g_inet_address_to_string (aionet_route_get_ext_address (route));
  g_print ("external %s\n", external);
}

static void
open_pipe (AionetPipe *pipe)
{
  g_autoptr (GAsyncResult) opened = NULL;
  g_autoptr (GError) error = NULL;

  aionet_pipe_open_async (pipe, NULL, on_ready, &opened);
  aionet_pipe_open_finish (pipe, wait_for (&opened), &error);
  g_assert_no_error (error);
}

static void
send_to_myself (const char *text)
{
  g_autoptr (GAsyncResult) accepted = NULL;
  g_autoptr (GAsyncResult) received = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (AionetInterface) nic = aionet_interface_new_default ();
  g_autoptr (AionetRoute) route = aionet_interface_get_route (nic, G_SOCKET_FAMILY_IPV4, &error);
  g_autoptr (AionetRoute) local = aionet_route_bind_to (route, "127.0.0.1", 0, &error);
  g_autoptr (AionetPipe) server = aionet_pipe_new (G_SOCKET_PROTOCOL_TCP, NULL, local);
  g_autoptr (AionetPipe) client = NULL;
  g_autoptr (AionetPipe) visitor = NULL;
  g_autoptr (AionetMessage) message = NULL;
  g_autoptr (GBytes) bytes = g_bytes_new (text, strlen (text));
  g_autofree char *target = NULL;
  gsize            length;
  const char      *data;

  g_assert_no_error (error);
  open_pipe (server);
  target = g_socket_connectable_to_string (
      G_SOCKET_CONNECTABLE (aionet_pipe_get_local_address (server)));
  client = aionet_pipe_new (G_SOCKET_PROTOCOL_TCP, target, NULL);
  open_pipe (client);
  aionet_pipe_send (client, bytes, NULL, &error);
  g_assert_no_error (error);
  aionet_pipe_accept_async (server, PATIENCE_MS, NULL, on_ready, &accepted);
  visitor = aionet_pipe_accept_finish (server, wait_for (&accepted), &error);
  g_assert_no_error (error);
  aionet_pipe_receive_async (visitor, PATIENCE_MS, NULL, on_ready, &received);
  message = aionet_pipe_receive_finish (visitor, wait_for (&received), &error);
  g_assert_no_error (error);
  data = g_bytes_get_data (aionet_message_get_bytes (message), &length);
  g_print ("received %.*s\n", (int) length, data);
}

int
main (void)
{
  list_links (aionet_host_get_default ());
  load_interface ("eth0");
  send_to_myself ("hello");
  return 0;
}
