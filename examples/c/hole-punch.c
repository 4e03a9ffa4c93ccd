/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */
/* Speaks with a host behind another NAT, without a relay: hole-punch RENDEZVOUS:PORT TEXT */

#include <aionet.h>

#include "await.h"

static char *
swap (AionetPipe *pipe, const char *text, GError **error)
{
  g_autoptr (GBytes) bytes = g_bytes_new (text, strlen (text));
  g_autoptr (AionetMessage) reply = NULL;
  if (!aionet_pipe_send (pipe, bytes, NULL, error))
    return NULL;
  aionet_pipe_receive_async (pipe, 20000, NULL, await_ready, NULL);
  reply = aionet_pipe_receive_finish (pipe, await_result (), error);
  return reply == NULL ? NULL
                       : g_strndup (g_bytes_get_data (aionet_message_get_bytes (reply), NULL),
                                    g_bytes_get_size (aionet_message_get_bytes (reply)));
}

static AionetPipe *
reach (AionetPipe *third, GError **error)
{
  GSocketFamily family = g_socket_address_get_family (aionet_pipe_get_remote_address (third));
  g_autoptr (AionetInterface) nic = aionet_interface_new_default ();
  g_autoptr (AionetRoute) route = aionet_interface_get_route (nic, family, error);
  g_autoptr (AionetHolePunch) punch = aionet_hole_punch_new (route, NULL);
  g_autofree char *offer = NULL, *peer = NULL;

  aionet_hole_punch_prepare_async (punch, NULL, await_ready, NULL);
  offer = aionet_hole_punch_prepare_finish (punch, await_result (), error);
  peer = offer != NULL ? swap (third, offer, error) : NULL;
  if (peer == NULL)
    return NULL;
  aionet_hole_punch_open_async (punch, peer, 3000, NULL, await_ready, NULL);
  return aionet_hole_punch_open_finish (punch, await_result (), error);
}

int
main (int argc, char **argv)
{
  g_autoptr (AionetPipe) third = aionet_pipe_new (G_SOCKET_PROTOCOL_TCP, argv[1], NULL), pipe = NULL;
  g_autofree char *reply = NULL;
  g_autoptr (GError) error = NULL;

  aionet_pipe_open_async (third, NULL, await_ready, NULL);
  if (aionet_pipe_open_finish (third, await_result (), &error) && argc == 3)
    pipe = reach (third, &error);
  if (pipe != NULL)
    reply = swap (pipe, argv[2], &error);
  if (reply != NULL)
    g_print ("%s\n", reply);
  else
    g_printerr ("%s\n", error != NULL ? error->message : "hole-punch RENDEZVOUS:PORT TEXT");
  return reply != NULL ? 0 : 1;
}
