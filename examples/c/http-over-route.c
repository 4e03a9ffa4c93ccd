/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */
/* Fetches a page over each of some external addresses, by libsoup: http-over-route URL ADDRESS… */

#include <aionet.h>
#include <libsoup/soup.h>

static void
on_loaded (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GError) error = NULL;

  if (!aionet_interface_load_finish (AIONET_INTERFACE (source), result, &error))
    g_printerr ("%s\n", error->message);
  g_main_loop_quit (user_data);
}

static gboolean
fetch (AionetInterface *nic, const char *address, const char *url, GError **error)
{
  g_autoptr (GInetAddress) external = g_inet_address_new_from_string (address);
  AionetRoutePool *pool = aionet_interface_get_route_pool (nic, G_SOCKET_FAMILY_IPV4);
  guint64          index = G_MAXUINT64;
  gboolean known = external != NULL && aionet_route_pool_find (pool, external, &index) != NULL;
  g_autoptr (AionetRoute) route = known ? aionet_route_pool_get_route_at (pool, index) : NULL;
  g_autoptr (AionetRoute) bound = route != NULL ? aionet_route_bind (route, 0, error) : NULL;
  g_autoptr (SoupMessage) message = soup_message_new (SOUP_METHOD_GET, url);
  g_autoptr (SoupSession) session = NULL;
  g_autoptr (GBytes) page = NULL;

  if (bound == NULL)
    return FALSE;
  session =
      soup_session_new_with_options ("local-address", aionet_route_get_local_address (bound), NULL);
  page = soup_session_send_and_read (session, message, NULL, error);
  if (page != NULL)
    g_print ("%.*s\n", (int) g_bytes_get_size (page), (char *) g_bytes_get_data (page, NULL));
  return page != NULL;
}

int
main (int argc, char *argv[])
{
  g_autoptr (AionetInterface) nic = aionet_interface_new (NULL);
  g_autoptr (GMainLoop) loop = g_main_loop_new (NULL, FALSE);
  g_autoptr (GError) error = NULL;

  aionet_interface_load_async (nic, NULL, on_loaded, loop);
  g_main_loop_run (loop);
  for (int i = 2; i < argc; i++)
    {
      if (fetch (nic, argv[i], argv[1], &error))
        continue;
      g_printerr ("%s: %s\n", argv[i], error != NULL ? error->message : "not of this host");
      return 1;
    }
  return 0;
}
