/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */
/* Sends a text to a TCP server and prints the reply: tcp-request HOST:PORT TEXT */

#include <aionet.h>
#include <string.h>

#define REPLY_TIMEOUT_MS 5000

static void
on_ready (GObject *source, GAsyncResult *result, gpointer user_data)
{
  *(GAsyncResult **) user_data = g_object_ref (result);
}

/* Enough for a program that does one thing; others go on in the callback. */
static GAsyncResult *
wait_for (GAsyncResult **result)
{
  while (*result == NULL)
    g_main_context_iteration (NULL, TRUE);
  return *result;
}

static AionetMessage *
request (AionetPipe *pipe, const char *text, GError **error)
{
  g_autoptr (GAsyncResult) opened = NULL;
  g_autoptr (GAsyncResult) replied = NULL;
  g_autoptr (GBytes) bytes = g_bytes_new (text, strlen (text));

  aionet_pipe_open_async (pipe, NULL, on_ready, &opened);
  if (!aionet_pipe_open_finish (pipe, wait_for (&opened), error) ||
      !aionet_pipe_send (pipe, bytes, NULL, error))
    return NULL;
  aionet_pipe_receive_async (pipe, REPLY_TIMEOUT_MS, NULL, on_ready, &replied);
  return aionet_pipe_receive_finish (pipe, wait_for (&replied), error);
}

int
main (int argc, char **argv)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (AionetInterface) nic = aionet_interface_new_default ();
  g_autoptr (AionetRoute) route = aionet_interface_get_route (nic, G_SOCKET_FAMILY_IPV4, &error);
  g_autoptr (AionetPipe) pipe = aionet_pipe_new (G_SOCKET_PROTOCOL_TCP, argv[1], route);
  g_autoptr (AionetMessage) reply = argc == 3 ? request (pipe, argv[2], &error) : NULL;
  gsize       length;
  const char *data;

  if (reply == NULL)
    {
      g_printerr ("%s\n", error != NULL ? error->message : "tcp-request HOST:PORT TEXT");
      return 1;
    }
  data = g_bytes_get_data (aionet_message_get_bytes (reply), &length);
  g_print ("%.*s\n", (int) length, data);
  return 0;
}
