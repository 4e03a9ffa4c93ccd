/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */
/* Sends a text to a TCP server, and prints what it replies within five seconds.
 *
 *   $ ./tcp-request example.com:7 hello
 *   hello
 */

#include <aionet.h>
#include <stdlib.h>

#define REPLY_TIMEOUT_MS 5000

static GMainLoop *loop;
static int        status;

/* Ends the program; error is NULL when all went well. */
static void
end (const GError *error)
{
  if (error != NULL)
    g_printerr ("%s\n", error->message);
  status = error != NULL ? EXIT_FAILURE : EXIT_SUCCESS;
  g_main_loop_quit (loop);
}

static void
on_reply (GObject *source, GAsyncResult *result, gpointer user_data)
{
  AionetPipe *pipe = AIONET_PIPE (source);
  g_autoptr (GError) error = NULL;
  g_autoptr (AionetMessage) reply = aionet_pipe_receive_finish (pipe, result, &error);
  g_autofree char *text = reply != NULL ? aionet_message_dup_text (reply) : NULL;

  if (text != NULL)
    g_print ("%s\n", text);
  end (error);
}

static void
on_open (GObject *source, GAsyncResult *result, gpointer text)
{
  AionetPipe *pipe = AIONET_PIPE (source);
  g_autoptr (GError) error = NULL;

  if (aionet_pipe_open_finish (pipe, result, &error) &&
      aionet_pipe_send_text (pipe, text, NULL, &error))
    aionet_pipe_receive_async (pipe, REPLY_TIMEOUT_MS, NULL, on_reply, NULL);
  else
    end (error);
}

int
main (int argc, char **argv)
{
  g_autoptr (AionetPipe) pipe = NULL;

  if (argc != 3)
    {
      g_printerr ("usage: tcp-request HOST:PORT TEXT\n");
      return 2;
    }
  loop = g_main_loop_new (NULL, FALSE);
  pipe = aionet_pipe_new (G_SOCKET_PROTOCOL_TCP, argv[1], NULL);
  aionet_pipe_open_async (pipe, NULL, on_open, argv[2]);
  g_main_loop_run (loop);
  g_main_loop_unref (loop);
  return status;
}
