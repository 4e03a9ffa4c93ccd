/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#include "config.h"

#include "topology/aionet-host.h"

#include "engine/aionet-task-private.h"
#include "topology/aionet-host-private.h"
#include "topology/aionet-interface-private.h"

/* The part of AionetHost that lists links, finds interfaces and loads them. */

/* One run of a refresh or a load that several callers may share. */
typedef struct
{
  AionetHost   *host;        /* (owned) */
  AionetJoin   *join;        /* the host's */
  GCancellable *cancellable; /* (owned) the run's name */
  guint         n_pending;   /* interfaces that load */
  GError       *error;       /* (owned) (nullable) */
} Run;

static Run *
run_new (AionetHost *host, AionetJoin *join, GCancellable *cancellable)
{
  Run *run = g_new0 (Run, 1);

  run->host = g_object_ref (host);
  run->join = join;
  run->cancellable = cancellable;
  return run;
}

static void
run_end (Run *run)
{
  _aionet_join_return (run->join, run->cancellable, run->error);
  g_clear_error (&run->error);
  g_object_unref (run->cancellable);
  g_object_unref (run->host);
  g_free (run);
}

static void
on_links (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Run *run = user_data;
  g_autoptr (GListModel) links = aionet_address_backend_list_links_finish (
      AIONET_ADDRESS_BACKEND (source), result, &run->error);

  if (links != NULL)
    _aionet_host_take_links (run->host, links);
  run_end (run);
}

/**
 * aionet_host_refresh_async:
 * @self: the host
 * @cancellable: (nullable): a cancellable
 * @callback: (scope async) (nullable): called when the list is up to date, in the main context
 *   that is thread-default now
 * @user_data: data for @callback
 *
 * Lists the interfaces of the host as they are now.
 *
 * Interfaces whose name is still there keep their object and their routes. One that is gone leaves
 * the list; who still holds it sees it down and without addresses. No packet is sent. After
 * the first refresh or load the list is live: it follows changes that the address backend tells of,
 * in the main context that was the thread's default when the host was made.
 *
 * Since: 0.1
 */
void
aionet_host_refresh_async (AionetHost         *self,
                           GCancellable       *cancellable,
                           GAsyncReadyCallback callback,
                           gpointer            user_data)
{
  g_autoptr (GTask) task = NULL;
  AionetAddressBackend *backend;
  GCancellable         *run_cancellable;
  GError               *error = NULL;

  g_return_if_fail (AIONET_IS_HOST (self));
  g_return_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable));

  task = _aionet_task_new (self, cancellable, aionet_host_refresh_async, callback, user_data);
  if (g_task_return_error_if_cancelled (task))
    return;
  backend = aionet_host_get_address_backend (self, &error);
  if (backend == NULL)
    {
      g_task_return_error (task, error);
      return;
    }
  run_cancellable = _aionet_join_add (_aionet_host_get_refreshing (self), task);
  if (run_cancellable != NULL)
    aionet_address_backend_list_links_async (
        backend, aionet_host_get_timeout (self), run_cancellable, on_links,
        run_new (self, _aionet_host_get_refreshing (self), run_cancellable));
}

/**
 * aionet_host_refresh_finish:
 * @self: the host
 * @result: the result given to the callback
 * @error: return location for an error
 *
 * Ends a refresh that [method@Host.refresh_async] began.
 *
 * Errors: %AIONET_ERROR_NO_PROVIDER when no plugin lists addresses; the address backend's errors;
 * %G_IO_ERROR_TIMED_OUT; %G_IO_ERROR_CANCELLED. The list is then as it was before.
 *
 * Returns: %TRUE when the list is up to date, %FALSE with @error set
 *
 * Since: 0.1
 */
gboolean
aionet_host_refresh_finish (AionetHost *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (AIONET_IS_HOST (self), FALSE);
  g_return_val_if_fail (_aionet_task_is_valid (result, self, aionet_host_refresh_async), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}

static void
on_loaded (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Run *run = user_data;
  g_autoptr (GError) error = NULL;

  if (!_aionet_interface_load_in_finish (AIONET_INTERFACE (source), result, &error))
    {
      g_debug ("Interface “%s” was not loaded: %s",
               aionet_interface_get_name (AIONET_INTERFACE (source)), error->message);
      /* The others stay loaded; only giving up as a whole is told. */
      if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED) && run->error == NULL)
        run->error = g_steal_pointer (&error);
    }
  run->n_pending--;
  if (run->n_pending == 0)
    run_end (run);
}

static void
on_load_context (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Run                 *run = user_data;
  AionetInterfaceList *list = _aionet_host_get_list (run->host);
  g_autoptr (AionetLoadContext) context = _aionet_load_context_new_finish (result, &run->error);

  if (context == NULL)
    {
      run_end (run);
      return;
    }
  _aionet_host_take_links (run->host, context->links);
  run->n_pending = _aionet_interface_list_get_n_items (list);
  if (run->n_pending == 0)
    {
      run_end (run);
      return;
    }
  /* None of these calls back before it returns, so that neither run nor list can change here. */
  for (guint i = 0; i < _aionet_interface_list_get_n_items (list); i++)
    _aionet_interface_load_in_async (_aionet_interface_list_get (list, i), context,
                                     run->cancellable, on_loaded, run);
}

/**
 * aionet_host_load_all_async:
 * @self: the host
 * @cancellable: (nullable): a cancellable
 * @callback: (scope async) (nullable): called when all interfaces are loaded, in the main context
 *   that is thread-default now
 * @user_data: data for @callback
 *
 * Lists the interfaces of the host and loads all of them side by side, under one deadline.
 *
 * An interface without answers is loaded all the same, see [method@Interface.load_async], and
 * costs the others nothing; [method@Interface.get_unreachable] of each tells what is missing.
 *
 * Since: 0.1
 */
void
aionet_host_load_all_async (AionetHost         *self,
                            GCancellable       *cancellable,
                            GAsyncReadyCallback callback,
                            gpointer            user_data)
{
  g_autoptr (GTask) task = NULL;
  GCancellable *run_cancellable;

  g_return_if_fail (AIONET_IS_HOST (self));
  g_return_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable));

  task = _aionet_task_new (self, cancellable, aionet_host_load_all_async, callback, user_data);
  if (g_task_return_error_if_cancelled (task))
    return;
  run_cancellable = _aionet_join_add (_aionet_host_get_loading (self), task);
  if (run_cancellable != NULL)
    _aionet_load_context_new_async (
        self, run_cancellable, on_load_context,
        run_new (self, _aionet_host_get_loading (self), run_cancellable));
}

/**
 * aionet_host_load_all_finish:
 * @self: the host
 * @result: the result given to the callback
 * @error: return location for an error
 *
 * Ends a load that [method@Host.load_all_async] began.
 *
 * Errors: as of [method@Interface.load_finish], without %AIONET_ERROR_NO_INTERFACE.
 *
 * Returns: %TRUE when the interfaces are loaded, %FALSE with @error set
 *
 * Since: 0.1
 */
gboolean
aionet_host_load_all_finish (AionetHost *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (AIONET_IS_HOST (self), FALSE);
  g_return_val_if_fail (_aionet_task_is_valid (result, self, aionet_host_load_all_async), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}

/**
 * aionet_host_get_interface:
 * @self: the host
 * @name: the system's name of an interface
 *
 * Finds an interface of the list by its name.
 *
 * Returns: (transfer full) (nullable): the interface, or %NULL when there is none of that name, or
 *   the list was never refreshed
 *
 * Since: 0.1
 */
AionetInterface *
aionet_host_get_interface (AionetHost *self, const char *name)
{
  AionetInterface *item;

  g_return_val_if_fail (AIONET_IS_HOST (self), NULL);
  g_return_val_if_fail (name != NULL, NULL);

  item = _aionet_interface_list_find (_aionet_host_get_list (self), name);
  return item != NULL ? g_object_ref (item) : NULL;
}

static AionetInterface *
find_preferred (AionetHost *self)
{
  guint            n_items = _aionet_interface_list_get_n_items (_aionet_host_get_list (self));
  AionetInterface *first;

  for (int f = 0; f < AIONET_N_FAMILIES; f++)
    for (guint i = 0; i < n_items; i++)
      {
        AionetInterface *item = _aionet_interface_list_get (_aionet_host_get_list (self), i);

        if (aionet_interface_is_default (item, _aionet_families[f]))
          return item;
      }
  first = _aionet_interface_list_get (_aionet_host_get_list (self), 0);
  return first != NULL && aionet_interface_get_usable (first) ? first : NULL;
}

/**
 * aionet_host_get_preferred_interface:
 * @self: the host
 *
 * Finds the interface that the system prefers: that of the default route, of IPv4 or else of IPv6;
 * without any, the first that is usable.
 *
 * Returns: (transfer full) (nullable): the interface, or %NULL when there is none, or the list was
 *   never refreshed
 *
 * Since: 0.1
 */
AionetInterface *
aionet_host_get_preferred_interface (AionetHost *self)
{
  AionetInterface *item;

  g_return_val_if_fail (AIONET_IS_HOST (self), NULL);

  item = find_preferred (self);
  return item != NULL ? g_object_ref (item) : NULL;
}
