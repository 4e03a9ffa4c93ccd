/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#include "config.h"

#include "daemon-helpers.h"

#include <string.h>

#include "topology/aionet-interface.h"

void
echo_func (
    AionetPipe *pipe, const guint8 *data, gsize length, GSocketAddress *sender, gpointer user_data)
{
  g_autoptr (GError) error = NULL;

  if (!aionet_pipe_send_data (pipe, data, length, sender, &error))
    g_test_message ("Cannot answer: %s", error->message);
}

void
on_echo_message (AionetDaemon *daemon, AionetPipe *pipe, AionetMessage *message, gpointer user_data)
{
  g_autoptr (GError) error = NULL;

  aionet_pipe_send (pipe, aionet_message_get_bytes (message), aionet_message_get_sender (message),
                    &error);
  g_assert_no_error (error);
}

AionetDaemon *
echo_func_daemon (void)
{
  AionetDaemon *daemon = aionet_daemon_new ();

  aionet_daemon_set_message_func (daemon, echo_func, NULL, NULL);
  return daemon;
}

AionetRoute *
bound_route (const char *address, guint16 port)
{
  g_autoptr (AionetInterface) nic = aionet_interface_new_default ();
  g_autoptr (GError) error = NULL;
  g_autoptr (AionetRoute) route = aionet_interface_get_route (
      nic, strchr (address, ':') != NULL ? G_SOCKET_FAMILY_IPV6 : G_SOCKET_FAMILY_IPV4, &error);
  AionetRoute *bound;

  g_assert_no_error (error);
  bound = aionet_route_bind_to (route, address, port, &error);
  g_assert_no_error (error);
  return bound;
}

AionetPipe *
connect_to (GSocketProtocol protocol, const char *host, guint16 port, GError **error)
{
  g_autofree char *target = g_strdup_printf ("%s:%u", host, port);
  g_autoptr (AionetPipe) pipe = aionet_pipe_new (protocol, target, NULL);

  return open_pipe (pipe, NULL, error) ? g_steal_pointer (&pipe) : NULL;
}

void
assert_echo (GSocketProtocol protocol, const char *host, guint16 port)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (AionetPipe) client = connect_to (protocol, host, port, &error);

  g_assert_no_error (error);
  send_text (client, host, NULL);
  assert_receives (client, host);
}

void
assert_refused (GSocketProtocol protocol, const char *host, guint16 port)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (AionetPipe) client = connect_to (protocol, host, port, &error);

  g_assert_null (client);
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CONNECTION_REFUSED);
}

void
turn_until_clients (AionetDaemon *daemon, guint n_clients)
{
  while (aionet_daemon_get_n_clients (daemon) != n_clients)
    g_main_context_iteration (NULL, TRUE);
}
