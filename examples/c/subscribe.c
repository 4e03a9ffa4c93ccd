/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */
/* Prints the datagrams on a port of this host that match a pattern and a sender:
 * subscribe PORT PATTERN SENDER */

#include <aionet.h>
#include <stdlib.h>

static void
on_message (GObject *source, GAsyncResult *result, gpointer loop)
{
  AionetSubscription *subscription = AIONET_SUBSCRIPTION (source);
  g_autoptr (GError) error = NULL;
  g_autoptr (AionetMessage) message =
      aionet_subscription_receive_finish (subscription, result, &error);

  if (message == NULL)
    {
      g_printerr ("%s\n", error->message);
      g_main_loop_quit (loop);
      return;
    }
  g_print ("%.*s\n", (int) g_bytes_get_size (aionet_message_get_bytes (message)),
           (const char *) g_bytes_get_data (aionet_message_get_bytes (message), NULL));
  aionet_subscription_receive_async (subscription, -1, NULL, on_message, loop);
}

static int
print_matching (guint16 port, const char *pattern, const char *from)
{
  g_autoptr (GMainLoop) loop = g_main_loop_new (NULL, FALSE);
  g_autoptr (AionetInterface) nic = aionet_interface_new_default ();
  g_autoptr (AionetRoute) any = aionet_interface_get_route (nic, G_SOCKET_FAMILY_IPV4, NULL);
  g_autoptr (AionetRoute) route = aionet_route_bind (any, port, NULL);
  g_autoptr (AionetPipe) pipe = aionet_pipe_new (G_SOCKET_PROTOCOL_UDP, NULL, route);
  /* Port 0: whatever port the sender uses. */
  g_autoptr (GSocketAddress) sender = g_inet_socket_address_new_from_string (from, 0);
  g_autoptr (GError) error = NULL;
  g_autoptr (AionetSubscription) subscription =
      aionet_pipe_subscribe (pipe, pattern, sender, &error);

  if (subscription == NULL)
    g_error ("%s", error->message);
  aionet_subscription_receive_async (subscription, -1, NULL, on_message, loop);
  /* Whoever waits for a message is told when this fails. */
  aionet_pipe_open_async (pipe, NULL, NULL, NULL);
  g_main_loop_run (loop);
  return 1;
}

int
main (int argc, char **argv)
{
  return argc == 4 ? print_matching ((guint16) atoi (argv[1]), argv[2], argv[3]) : 2;
}
