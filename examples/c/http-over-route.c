/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */
/* Fetches a page once over each of some external addresses of this host, with libsoup: the server
 * sees a different client each time.
 *
 *   $ ./http-over-route http://192.0.2.10:8080/ 1.3.3.7 1.3.3.8
 *   You are 1.3.3.7
 *   You are 1.3.3.8
 */

#include <aionet.h>
#include <libsoup/soup.h>

static void
on_loaded (GObject *nic, GAsyncResult *result, gpointer loop)
{
  g_autoptr (GError) error = NULL;

  if (!aionet_interface_load_finish (AIONET_INTERFACE (nic), result, &error))
    g_printerr ("%s\n", error->message);
  g_main_loop_quit (loop);
}

static AionetRoute *
find_route (AionetInterface *nic, const char *text, GError **error)
{
  g_autoptr (GInetAddress) address = g_inet_address_new_from_string (text);
  g_autoptr (AionetRoute) route = NULL;

  if (address != NULL)
    route = aionet_route_pool_lookup (
        aionet_interface_get_route_pool (nic, g_inet_address_get_family (address)), address);
  if (route != NULL)
    return aionet_route_bind (route, 0, error);
  g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND, "not an address of this host");
  return NULL;
}

static gboolean
fetch (AionetInterface *nic, const char *address, const char *url)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (AionetRoute) route = find_route (nic, address, &error);
  g_autoptr (SoupSession) session = NULL;
  g_autoptr (SoupMessage) message = soup_message_new (SOUP_METHOD_GET, url);
  g_autoptr (GBytes) page = NULL;

  if (route != NULL)
    {
      session = soup_session_new_with_options ("local-address",
                                               aionet_route_get_local_address (route), NULL);
      page = soup_session_send_and_read (session, message, NULL, &error);
    }
  if (page != NULL)
    g_print ("%.*s\n", (int) g_bytes_get_size (page), (char *) g_bytes_get_data (page, NULL));
  else
    g_printerr ("%s: %s\n", address, error->message);
  return page != NULL;
}

int
main (int argc, char *argv[])
{
  g_autoptr (AionetInterface) nic = aionet_interface_new (NULL); /* that the system prefers */
  g_autoptr (GMainLoop) loop = g_main_loop_new (NULL, FALSE);
  gboolean succeeded;

  if (argc < 3 || !g_uri_is_valid (argv[1], G_URI_FLAGS_NONE, NULL))
    {
      g_printerr ("usage: http-over-route URL ADDRESS...\n");
      return 2;
    }
  aionet_interface_load_async (nic, NULL, on_loaded, loop);
  g_main_loop_run (loop);
  succeeded = aionet_interface_get_loaded (nic);
  for (int i = 2; i < argc && succeeded; i++)
    succeeded = fetch (nic, argv[i], argv[1]);
  return succeeded ? 0 : 1;
}
