/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */
/* Sends a UDP request until it is answered: udp-retry HOST:PORT TEXT */

#include <aionet.h>
#include <string.h>

#define FIRST_TIMEOUT_MS 250
#define TRIES 5

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

static AionetMessage *
ask (AionetPipe *pipe, const char *text, int timeout_ms, GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  if (!aionet_pipe_send_data (pipe, (const guint8 *) text, strlen (text), NULL, error))
    return NULL;
  aionet_pipe_receive_async (pipe, timeout_ms, NULL, on_ready, &result);
  return aionet_pipe_receive_finish (pipe, wait_for (&result), error);
}

int
main (int argc, char **argv)
{
  g_autoptr (AionetPipe) pipe = aionet_pipe_new (G_SOCKET_PROTOCOL_UDP, argv[1], NULL);
  g_autoptr (GAsyncResult) opened = NULL;
  g_autoptr (AionetMessage) reply = NULL;
  g_autoptr (GError) error = NULL;
  gboolean again = argc == 3;

  aionet_pipe_open_async (pipe, NULL, on_ready, &opened);
  again = aionet_pipe_open_finish (pipe, wait_for (&opened), &error) && again;
  for (int try = 0; again && try < TRIES; try++)
    {
      g_clear_error (&error);
      reply = ask (pipe, argv[2], FIRST_TIMEOUT_MS << try, &error);
      again = g_error_matches (error, G_IO_ERROR, G_IO_ERROR_TIMED_OUT);
    }
  if (reply == NULL)
    g_printerr ("%s\n", error != NULL ? error->message : "udp-retry HOST:PORT TEXT");
  else
    g_print ("%.*s\n", (int) g_bytes_get_size (aionet_message_get_bytes (reply)),
             (const char *) g_bytes_get_data (aionet_message_get_bytes (reply), NULL));
  return reply != NULL ? 0 : 1;
}
