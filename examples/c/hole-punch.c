/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */
/* Swaps a text with a host behind another NAT, without a relay; rendezvous lets both meet.
 *
 *   $ ./hole-punch 192.0.2.10:9000 hello
 *   good day
 */

#include <aionet.h>

static GAsyncResult *last_result;

static void
on_ready (GObject *source, GAsyncResult *result, gpointer user_data)
{
  last_result = g_object_ref (result);
}

/* For five steps in a row. A program with a main loop goes on in callbacks, as tcp-request does. */
static GAsyncResult *
await_result (void)
{
  g_clear_object (&last_result);
  while (last_result == NULL)
    g_main_context_iteration (NULL, TRUE);
  return last_result;
}

static char *
swap (AionetPipe *pipe, const char *text, GError **error)
{
  g_autoptr (AionetMessage) reply = NULL;

  if (!aionet_pipe_send_text (pipe, text, NULL, error))
    return NULL;
  aionet_pipe_receive_async (pipe, 20000, NULL, on_ready, NULL);
  reply = aionet_pipe_receive_finish (pipe, await_result (), error);
  return reply != NULL ? aionet_message_dup_text (reply) : NULL;
}

static AionetPipe *
reach (AionetPipe *third, GError **error)
{
  GSocketFamily family = g_socket_address_get_family (aionet_pipe_get_remote_address (third));
  g_autoptr (AionetInterface) nic = aionet_interface_new_default ();
  g_autoptr (AionetRoute) route = aionet_interface_get_route (nic, family, error);
  g_autoptr (AionetHolePunch) punch = aionet_hole_punch_new (route, NULL);
  g_autofree char *own = NULL, *other = NULL;

  aionet_hole_punch_prepare_async (punch, NULL, on_ready, NULL);
  own = aionet_hole_punch_prepare_finish (punch, await_result (), error);
  other = own != NULL ? swap (third, own, error) : NULL;
  if (other != NULL)
    aionet_hole_punch_open_async (punch, other, 3000, NULL, on_ready, NULL);
  return other != NULL ? aionet_hole_punch_open_finish (punch, await_result (), error) : NULL;
}

int
main (int argc, char **argv)
{
  g_autoptr (AionetPipe) third = NULL, pipe = NULL;
  g_autofree char *reply = NULL;
  g_autoptr (GError) error = NULL;

  if (argc != 3)
    {
      g_printerr ("usage: hole-punch RENDEZVOUS:PORT TEXT\n");
      return 2;
    }
  third = aionet_pipe_new (G_SOCKET_PROTOCOL_TCP, argv[1], NULL);
  aionet_pipe_open_async (third, NULL, on_ready, NULL);
  pipe = aionet_pipe_open_finish (third, await_result (), &error) ? reach (third, &error) : NULL;
  reply = pipe != NULL ? swap (pipe, argv[2], &error) : NULL;
  if (reply != NULL)
    g_print ("%s\n", reply);
  else
    g_printerr ("%s\n", error->message);
  return reply != NULL ? 0 : 1;
}
