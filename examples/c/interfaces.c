/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */
/* Loads all interfaces of this host, and prints their routes: which addresses of an interface the
 * outside sees as which.
 *
 *   $ ./interfaces
 *   eth0
 *     [192.168.21.21] -> [1.3.3.7]
 *   lo
 */

#include <aionet.h>
#include <stdlib.h>

static int status = EXIT_FAILURE;

static void
print_routes (AionetRoutePool *pool)
{
  GListModel *routes = aionet_route_pool_get_groups (pool);

  for (guint i = 0; i < g_list_model_get_n_items (routes); i++)
    {
      g_autoptr (AionetRoute) route = g_list_model_get_item (routes, i);
      g_autofree char *text = aionet_route_to_string (route);

      g_print ("  %s\n", text);
    }
}

static void
print_interfaces (GListModel *interfaces)
{
  for (guint i = 0; i < g_list_model_get_n_items (interfaces); i++)
    {
      g_autoptr (AionetInterface) nic = g_list_model_get_item (interfaces, i);

      g_print ("%s\n", aionet_interface_get_name (nic));
      print_routes (aionet_interface_get_route_pool (nic, G_SOCKET_FAMILY_IPV4));
      print_routes (aionet_interface_get_route_pool (nic, G_SOCKET_FAMILY_IPV6));
    }
}

static void
on_loaded (GObject *source, GAsyncResult *result, gpointer loop)
{
  g_autoptr (GError) error = NULL;

  if (aionet_host_load_all_finish (AIONET_HOST (source), result, &error))
    {
      print_interfaces (G_LIST_MODEL (source));
      status = EXIT_SUCCESS;
    }
  else
    g_printerr ("%s\n", error->message);
  g_main_loop_quit (loop);
}

int
main (int argc, char **argv)
{
  g_autoptr (GMainLoop) loop = g_main_loop_new (NULL, FALSE);

  if (argc != 1)
    {
      g_printerr ("usage: interfaces\n");
      return 2;
    }
  aionet_host_load_all_async (aionet_host_get_default (), NULL, on_loaded, loop);
  g_main_loop_run (loop);
  return status;
}
