/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */
/* Lists the interfaces of this host, and the routes of the one that the system prefers. */

#include <aionet.h>

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
print_routes (AionetInterface *nic)
{
  AionetRoutePool *pool = aionet_interface_get_route_pool (nic, G_SOCKET_FAMILY_IPV4);
  GListModel      *groups = aionet_route_pool_get_groups (pool);

  g_print ("%" G_GUINT64_FORMAT " external addresses\n", aionet_route_pool_get_n_addresses (pool));
  for (guint i = 0; i < g_list_model_get_n_items (groups); i++)
    {
      g_autoptr (AionetRoute) route = g_list_model_get_item (groups, i);
      g_autofree char *text = aionet_route_to_string (route);
      g_print ("%s\n", text);
    }
}

int
main (void)
{
  AionetHost *host = aionet_host_get_default ();
  g_autoptr (AionetInterface) nic = aionet_interface_new (NULL);
  g_autoptr (GAsyncResult) listed = NULL;
  g_autoptr (GAsyncResult) loaded = NULL;
  g_autoptr (GError) error = NULL;

  aionet_host_refresh_async (host, NULL, on_ready, &listed);
  if (!aionet_host_refresh_finish (host, wait_for (&listed), &error))
    g_error ("%s", error->message);
  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (host)); i++)
    {
      g_autoptr (AionetInterface) one = g_list_model_get_item (G_LIST_MODEL (host), i);

      g_print ("%s\n", aionet_interface_get_name (one));
    }
  aionet_interface_load_async (nic, NULL, on_ready, &loaded);
  if (!aionet_interface_load_finish (nic, wait_for (&loaded), &error))
    g_error ("%s", error->message);
  print_routes (nic);
  return 0;
}
