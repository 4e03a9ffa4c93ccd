/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#include "config.h"

#include "engine/aionet-task-private.h"
#include "pipe/aionet-daemon-private.h"
#include "server/aionet-stun-server-private.h"
#include "topology/aionet-host.h"
#include "topology/aionet-route-private.h"
#include "value/aionet-error.h"

/* From interfaces to routes: load what is not loaded, then listen on what there is. */

typedef struct
{
  GListModel *interfaces; /* (owned) */
  guint       n_loading;
} Start;

static void
start_free (gpointer data)
{
  Start *self = data;

  g_object_unref (self->interfaces);
  g_free (self);
}

static void
add_pool (GListStore *routes, AionetRoutePool *pool, guint max_addresses)
{
  guint n = MIN (g_list_model_get_n_items (G_LIST_MODEL (pool)), max_addresses);

  for (guint i = 0; i < n; i++)
    {
      g_autoptr (AionetRoute) route = g_list_model_get_item (G_LIST_MODEL (pool), i);

      g_list_store_append (routes, route);
    }
}

/* Addresses of a network from where nobody can tell what they are outside. */
static void
add_addresses (GListStore *routes, AionetInterface *interface, GSocketFamily family)
{
  GListModel *ranges = aionet_interface_get_addresses (interface);
  g_autoptr (AionetRoute) any = _aionet_route_new_any (family, interface);

  for (guint i = 0; i < g_list_model_get_n_items (ranges); i++)
    {
      g_autoptr (AionetIpRange) range = g_list_model_get_item (ranges, i);
      g_autoptr (GInetAddress) address = aionet_ip_range_get_address_at (range, 0);
      g_autofree char *text = g_inet_address_to_string (address);
      g_autoptr (AionetRoute) route = NULL;

      if (aionet_ip_range_get_family (range) != family || aionet_ip_range_is_link_local (range))
        continue;
      route = aionet_route_bind_to (any, text, 0, NULL);
      if (route != NULL)
        g_list_store_append (routes, route);
    }
}

static void
add_interface (AionetStunServer *self,
               AionetInterface  *interface,
               GListStore       *routes,
               GListStore       *unmapped)
{
  static const GSocketFamily families[] = { G_SOCKET_FAMILY_IPV4, G_SOCKET_FAMILY_IPV6 };
  guint                      max = _aionet_stun_server_get_private (self)->max_addresses;

  for (guint i = 0; i < G_N_ELEMENTS (families); i++)
    {
      AionetRoutePool *pool = aionet_interface_get_route_pool (interface, families[i]);

      if (pool != NULL && aionet_route_pool_get_n_addresses (pool) > 0)
        add_pool (routes, pool, max);
      else
        add_addresses (unmapped, interface, families[i]);
    }
}

/* Addresses that the outside knows and those that it does not are no alternates of each other. */
static gboolean
listen_on_interfaces (AionetStunServer *self, GListModel *interfaces, GError **error)
{
  g_autoptr (GListStore) routes = g_list_store_new (AIONET_TYPE_ROUTE);
  g_autoptr (GListStore) unmapped = g_list_store_new (AIONET_TYPE_ROUTE);
  GListStore *lists[] = { routes, unmapped };
  gboolean    listening = FALSE;
  g_autoptr (GError) first_error = NULL;

  for (guint i = 0; i < g_list_model_get_n_items (interfaces); i++)
    {
      g_autoptr (AionetInterface) interface = g_list_model_get_item (interfaces, i);

      if (aionet_interface_get_loaded (interface) && aionet_interface_get_usable (interface))
        add_interface (self, interface, routes, unmapped);
    }
  for (guint i = 0; i < G_N_ELEMENTS (lists); i++)
    if (g_list_model_get_n_items (G_LIST_MODEL (lists[i])) > 0)
      listening |= aionet_stun_server_listen_routes (self, G_LIST_MODEL (lists[i]),
                                                     first_error == NULL ? &first_error : NULL);
  if (listening)
    return TRUE;
  if (first_error == NULL)
    g_set_error_literal (&first_error, AIONET_ERROR, AIONET_ERROR_NO_INTERFACE,
                         "There is no usable interface with an address");
  g_propagate_error (error, g_steal_pointer (&first_error));
  return FALSE;
}

static void
listen_and_return (GTask *task)
{
  AionetStunServer *self = g_task_get_source_object (task);
  Start            *start = g_task_get_task_data (task);
  GError           *error = NULL;

  if (g_task_return_error_if_cancelled (task))
    return;
  if (listen_on_interfaces (self, start->interfaces, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

static void
on_host_loaded (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  GError *error = NULL;

  if (aionet_host_load_all_finish (AIONET_HOST (source), result, &error))
    listen_and_return (task);
  else
    g_task_return_error (task, error);
}

static void
on_interface_loaded (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  AionetInterface *interface = AIONET_INTERFACE (source);
  Start           *start = g_task_get_task_data (task);
  g_autoptr (GError) error = NULL;

  if (!aionet_interface_load_finish (interface, result, &error) &&
      !g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    _aionet_daemon_fail (g_task_get_source_object (task), G_SOCKET_PROTOCOL_DEFAULT,
                         aionet_interface_get_name (interface), error);
  if (--start->n_loading == 0)
    listen_and_return (task);
}

static void
load_interfaces (GTask *task, Start *start)
{
  /* One more, so that all are asked before the first can be the last. */
  start->n_loading = 1;
  for (guint i = 0; i < g_list_model_get_n_items (start->interfaces); i++)
    {
      g_autoptr (AionetInterface) interface = g_list_model_get_item (start->interfaces, i);

      if (aionet_interface_get_loaded (interface))
        continue;
      start->n_loading++;
      aionet_interface_load_async (interface, g_task_get_cancellable (task), on_interface_loaded,
                                   g_object_ref (task));
    }
  if (--start->n_loading == 0)
    listen_and_return (task);
}

/**
 * aionet_stun_server_start_async:
 * @self: a server
 * @interfaces: (transfer none) (nullable): a list of [class@Interface], such as a [class@Host], or
 *   %NULL for [func@Host.get_default]
 * @cancellable: (transfer none) (nullable): a cancellable, or %NULL
 * @callback: (scope async) (nullable): called in the main context of the server
 * @user_data: (closure): data for @callback
 *
 * Listens on the external addresses of interfaces: loads those that are not loaded, all of a host,
 * and listens on the routes of their pools as [method@StunServer.listen_routes] does, so that the
 * alternate addresses are found among all of them.
 *
 * Where nobody could tell the external addresses of an interface, as in a network of its own, its
 * addresses are served as they are; they are alternates of each other only. Interfaces that cannot
 * be used are left out. One that cannot be loaded is told by [signal@Daemon::listener-failed] and
 * [method@Daemon.get_failures].
 *
 * Since: 0.1
 */
void
aionet_stun_server_start_async (AionetStunServer   *self,
                                GListModel         *interfaces,
                                GCancellable       *cancellable,
                                GAsyncReadyCallback callback,
                                gpointer            user_data)
{
  g_autoptr (GTask) task = NULL;
  Start *start;

  g_return_if_fail (AIONET_IS_STUN_SERVER (self));
  g_return_if_fail (interfaces == NULL || G_IS_LIST_MODEL (interfaces));
  g_return_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable));

  task = _aionet_task_new (self, cancellable, aionet_stun_server_start_async, callback, user_data);
  if (g_task_return_error_if_cancelled (task))
    return;
  start = g_new0 (Start, 1);
  if (interfaces == NULL)
    interfaces = G_LIST_MODEL (aionet_host_get_default ());
  start->interfaces = g_object_ref (interfaces);
  g_task_set_task_data (task, start, start_free);
  if (AIONET_IS_HOST (interfaces))
    aionet_host_load_all_async (AIONET_HOST (interfaces), cancellable, on_host_loaded,
                                g_steal_pointer (&task));
  else
    load_interfaces (task, start);
}

/**
 * aionet_stun_server_start_finish:
 * @self: a server
 * @result: (transfer none): the result given to the callback
 * @error: return location for an error
 *
 * Finishes [method@StunServer.start_async].
 *
 * Errors: those of [method@StunServer.listen_routes]; %AIONET_ERROR_NO_INTERFACE if there is no
 * interface with an address; those of [method@Host.load_all_async]; %G_IO_ERROR_CANCELLED.
 *
 * Returns: %TRUE if it listens on any of the endpoints, %FALSE with @error set
 *
 * Since: 0.1
 */
gboolean
aionet_stun_server_start_finish (AionetStunServer *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (AIONET_IS_STUN_SERVER (self), FALSE);
  g_return_val_if_fail (_aionet_task_is_valid (result, self, aionet_stun_server_start_async),
                        FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}
