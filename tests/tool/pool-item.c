/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#include "config.h"

#include <aionet.h>

#include <stdlib.h>
#include <unistd.h>

/* pool-item INTERFACE INDEX COMMAND...: loads an interface, binds a UDP socket to one item of its
 * IPv4 pool and runs the command with this socket as file descriptor 3. POOL_LENGTH and POOL_ITEM
 * tell it the number of items and the external address of this one. */

#define SOCKET_FD 3

static void
on_loaded (GObject *source, GAsyncResult *result, gpointer user_data)
{
  GAsyncResult **loaded = user_data;

  *loaded = g_object_ref (result);
}

static GSocket *
bind_item (AionetInterface *nic, guint64 index, GError **error)
{
  AionetRoutePool *pool = aionet_interface_get_route_pool (nic, G_SOCKET_FAMILY_IPV4);
  g_autoptr (AionetRoute) item = aionet_route_pool_get_route_at (pool, index);
  g_autoptr (AionetRoute) bound = NULL;
  g_autofree char *length = NULL;
  g_autofree char *external = NULL;

  if (item == NULL)
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND, "the pool has no such item");
      return NULL;
    }
  length = g_strdup_printf ("%" G_GUINT64_FORMAT, aionet_route_pool_get_n_addresses (pool));
  external = g_inet_address_to_string (aionet_route_get_ext_address (item));
  setenv ("POOL_LENGTH", length, TRUE);
  setenv ("POOL_ITEM", external, TRUE);
  bound = aionet_route_bind (item, 0, error);
  return bound != NULL ? aionet_route_create_socket (bound, G_SOCKET_PROTOCOL_UDP, error) : NULL;
}

int
main (int argc, char *argv[])
{
  g_autoptr (AionetInterface) nic = NULL;
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (GSocket) socket = NULL;

  if (argc < 4)
    return EXIT_FAILURE;
  nic = aionet_interface_new (argv[1]);
  aionet_interface_load_async (nic, NULL, on_loaded, &result);
  while (result == NULL)
    g_main_context_iteration (NULL, TRUE);
  if (aionet_interface_load_finish (nic, result, &error))
    socket = bind_item (nic, g_ascii_strtoull (argv[2], NULL, 10), &error);
  if (socket == NULL)
    {
      g_printerr ("%s\n", error->message);
      return EXIT_FAILURE;
    }
  if (dup2 (g_socket_get_fd (socket), SOCKET_FD) == SOCKET_FD)
    execvp (argv[3], argv + 3);
  return EXIT_FAILURE;
}
