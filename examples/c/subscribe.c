/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */
/* Prints the datagrams on a port of this host that match a pattern and come from one sender, until
 * Ctrl+C. The library sorts them out; the program never sees the others.
 *
 *   $ ./subscribe 7000 '^NEWS ' 192.0.2.10
 *   NEWS of a friend
 */

#include <aionet.h>
#include <stdlib.h>

static void
on_message (GObject *source, GAsyncResult *result, gpointer loop)
{
  AionetSubscription *news = AIONET_SUBSCRIPTION (source);
  g_autoptr (GError) error = NULL;
  g_autoptr (AionetMessage) message = aionet_subscription_receive_finish (news, result, &error);
  g_autofree char *text = message != NULL ? aionet_message_dup_text (message) : NULL;

  if (text == NULL)
    {
      g_printerr ("%s\n", error->message);
      g_main_loop_quit (loop);
      return;
    }
  g_print ("%s\n", text);
  aionet_subscription_receive_async (news, -1, NULL, on_message, loop);
}

int
main (int argc, char **argv)
{
  g_autoptr (GMainLoop) loop = g_main_loop_new (NULL, FALSE);
  g_autoptr (AionetInterface) nic = aionet_interface_new_default ();
  g_autoptr (AionetRoute) any = aionet_interface_get_route (nic, G_SOCKET_FAMILY_IPV4, NULL);
  g_autoptr (AionetRoute) route = NULL;
  g_autoptr (AionetPipe) pipe = NULL;
  g_autoptr (GSocketAddress) sender = NULL;
  g_autoptr (AionetSubscription) news = NULL;
  g_autoptr (GError) error = NULL;
  guint64 port = 0;

  if (argc == 4 && g_ascii_string_to_unsigned (argv[1], 10, 1, G_MAXUINT16, &port, NULL))
    sender = g_inet_socket_address_new_from_string (argv[3], 0); /* 0: from any of its ports */
  if (sender == NULL)
    {
      g_printerr ("usage: subscribe PORT PATTERN SENDER\n");
      return 2;
    }
  route = aionet_route_bind (any, (guint16) port, NULL);
  pipe = aionet_pipe_new (G_SOCKET_PROTOCOL_UDP, NULL, route);
  news = aionet_pipe_subscribe (pipe, argv[2], sender, &error);
  if (news == NULL)
    {
      g_printerr ("%s\n", error->message);
      return EXIT_FAILURE;
    }
  aionet_subscription_receive_async (news, -1, NULL, on_message, loop);
  /* Whoever waits for a message is told when this fails. */
  aionet_pipe_open_async (pipe, NULL, NULL, NULL);
  g_main_loop_run (loop);
  return EXIT_FAILURE;
}
