/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */
/* Asks a UDP server until it answers, as datagrams get lost, and waits longer each time; prints the
 * answer. udp-reply is such a server.
 *
 *   $ ./udp-request 192.0.2.10:7000 hello
 *   1.3.3.7:40312 said hello
 */

#include <aionet.h>
#include <stdlib.h>

static const int  timeouts_ms[] = { 250, 500, 1000, 2000, 4000 };

static GMainLoop *loop;
static int        status;
static guint      n_tries;

static void
end (const GError *error)
{
  if (error != NULL)
    g_printerr ("%s\n", error->message);
  status = error != NULL ? EXIT_FAILURE : EXIT_SUCCESS;
  g_main_loop_quit (loop);
}

static void on_reply (GObject *source, GAsyncResult *result, gpointer text);

/* When the pipe is open; and again, without a result, when a reply has not come in time. */
static void
ask (GObject *source, GAsyncResult *opened, gpointer text)
{
  AionetPipe *pipe = AIONET_PIPE (source);
  g_autoptr (GError) error = NULL;

  if ((opened == NULL || aionet_pipe_open_finish (pipe, opened, &error)) &&
      aionet_pipe_send_text (pipe, text, NULL, &error))
    aionet_pipe_receive_async (pipe, timeouts_ms[n_tries++], NULL, on_reply, text);
  else
    end (error);
}

static void
on_reply (GObject *source, GAsyncResult *result, gpointer text)
{
  AionetPipe *pipe = AIONET_PIPE (source);
  g_autoptr (GError) error = NULL;
  g_autoptr (AionetMessage) reply = aionet_pipe_receive_finish (pipe, result, &error);
  g_autofree char *answer = reply != NULL ? aionet_message_dup_text (reply) : NULL;

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_TIMED_OUT) &&
      n_tries < G_N_ELEMENTS (timeouts_ms))
    {
      ask (source, NULL, text);
      return;
    }
  if (answer != NULL)
    g_print ("%s\n", answer);
  end (error);
}

int
main (int argc, char **argv)
{
  g_autoptr (AionetPipe) pipe = NULL;

  if (argc != 3)
    {
      g_printerr ("usage: udp-request HOST:PORT TEXT\n");
      return 2;
    }
  loop = g_main_loop_new (NULL, FALSE);
  pipe = aionet_pipe_new (G_SOCKET_PROTOCOL_UDP, argv[1], NULL);
  aionet_pipe_open_async (pipe, NULL, ask, argv[2]);
  g_main_loop_run (loop);
  g_main_loop_unref (loop);
  return status;
}
