/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

/* What a program of somebody else is: the installed headers, pkg-config, nothing else. Prints the
 * plugins that it finds, and links of the backend that it is told to use, each on a line. */

#include <aionet.h>

static void
on_listed (GObject *source, GAsyncResult *result, gpointer user_data)
{
  GMainLoop *loop = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GListModel) links =
      aionet_address_backend_list_links_finish (AIONET_ADDRESS_BACKEND (source), result, &error);

  if (links == NULL)
    g_printerr ("%s\n", error->message);
  for (guint i = 0; links != NULL && i < g_list_model_get_n_items (links); i++)
    {
      g_autoptr (AionetLink) link = g_list_model_get_item (links, i);

      g_print ("link %s\n", aionet_link_get_name (link));
    }
  g_main_loop_quit (loop);
}

int
main (int argc, char *argv[])
{
  AionetRegistry *registry = aionet_registry_get_default ();
  g_autoptr (GMainLoop) loop = g_main_loop_new (NULL, FALSE);
  g_autoptr (AionetInterface) nic = aionet_interface_new_default ();
  g_autoptr (AionetProvider) backend = NULL;
  g_autoptr (GError) error = NULL;

  G_STATIC_ASSERT (AIONET_CHECK_VERSION (0, 1, 0));
  g_print ("version %s\n", AIONET_VERSION_STRING);
  g_print ("interface %s\n", aionet_interface_get_name (nic));
  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (registry)); i++)
    {
      g_autoptr (AionetPluginInfo) info = g_list_model_get_item (G_LIST_MODEL (registry), i);

      g_print ("plugin %s\n", aionet_plugin_info_get_name (info));
    }
  if (argc < 2)
    return 0;
  backend =
      aionet_registry_create_provider (registry, AIONET_TYPE_ADDRESS_BACKEND, argv[1], &error);
  if (backend == NULL)
    {
      g_printerr ("%s\n", error->message);
      return 1;
    }
  aionet_address_backend_list_links_async (AIONET_ADDRESS_BACKEND (backend), 1000, NULL, on_listed,
                                           loop);
  g_main_loop_run (loop);
  return 0;
}
