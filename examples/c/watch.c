/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */
/* Follows the interfaces of this host until Ctrl+C: prints each with its addresses, and again
 * whenever that has changed. One that is gone is down. No packet is sent.
 *
 *   $ ./watch
 *   eth0 up 192.168.21.21
 *   eth0 up 192.168.21.21 192.168.21.50
 */

#include <aionet.h>
#include <stdlib.h>

static void
show (AionetInterface *nic)
{
  GListModel *addresses = aionet_interface_get_addresses (nic);
  g_autoptr (GString) line = g_string_new (aionet_interface_get_name (nic));

  g_string_append (line, aionet_interface_get_is_up (nic) ? " up" : " down");
  for (guint i = 0; i < g_list_model_get_n_items (addresses); i++)
    {
      g_autoptr (AionetIpRange) range = g_list_model_get_item (addresses, i);
      g_autofree char *text = aionet_ip_range_to_string (range);

      g_string_append_printf (line, " %s", text);
    }
  /* Several signals may come of one change. */
  if (g_strcmp0 (line->str, g_object_get_data (G_OBJECT (nic), "shown")) == 0)
    return;
  g_print ("%s\n", line->str);
  g_object_set_data_full (G_OBJECT (nic), "shown", g_strdup (line->str), g_free);
}

static void
on_interfaces_changed (GListModel *host, guint position, guint n_removed, guint n_added)
{
  for (guint i = position; i < position + n_added; i++)
    {
      g_autoptr (AionetInterface) nic = g_list_model_get_item (host, i);

      /* One that has only changed its place in the list is watched already. */
      if (g_object_get_data (G_OBJECT (nic), "shown") != NULL)
        continue;
      show (nic);
      g_signal_connect (nic, "notify::is-up", G_CALLBACK (show), NULL);
      g_signal_connect_swapped (aionet_interface_get_addresses (nic), "items-changed",
                                G_CALLBACK (show), nic);
    }
}

static void
on_listed (GObject *host, GAsyncResult *result, gpointer loop)
{
  g_autoptr (GError) error = NULL;

  if (aionet_host_refresh_finish (AIONET_HOST (host), result, &error))
    return;
  g_printerr ("%s\n", error->message);
  g_main_loop_quit (loop);
}

int
main (int argc, char **argv)
{
  g_autoptr (GMainLoop) loop = g_main_loop_new (NULL, FALSE);
  AionetHost *host = aionet_host_get_default ();

  if (argc != 1)
    {
      g_printerr ("usage: watch\n");
      return 2;
    }
  g_signal_connect (host, "items-changed", G_CALLBACK (on_interfaces_changed), NULL);
  /* From its first refresh on the list follows what happens. */
  aionet_host_refresh_async (host, NULL, on_listed, loop);
  g_main_loop_run (loop);
  return EXIT_FAILURE;
}
