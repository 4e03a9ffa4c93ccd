/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#include "config.h"

#include "topology/aionet-interface.h"

#include "engine/aionet-task-private.h"
#include "topology/aionet-interface-private.h"
#include "value/aionet-error.h"

/* The part of AionetInterface that loads: alone (a load context of its own), or together with
 * others of a host. */

AionetLink *
_aionet_interface_find_link (AionetInterface *self, AionetLoadContext *context, GError **error)
{
  const char      *name = aionet_interface_get_name (self);
  AionetLink      *link;
  g_autofree char *all = NULL;

  link = name != NULL ? _aionet_links_find (context->links, name)
                      : _aionet_links_get_preferred (context->links);
  if (link != NULL)
    return link;
  all = _aionet_links_describe (context->links);
  if (name != NULL)
    g_set_error (error, AIONET_ERROR, AIONET_ERROR_NO_INTERFACE,
                 "There is no interface “%s”; this host has: %s", name, all);
  else
    g_set_error (error, AIONET_ERROR, AIONET_ERROR_NO_INTERFACE,
                 "The system prefers no interface; this host has: %s", all);
  return NULL;
}

typedef struct
{
  AionetLoadContext *context; /* (owned) */
  AionetLink        *link;    /* (owned) */
} LoadIn;

static void
load_in_free (gpointer data)
{
  LoadIn *load = data;

  _aionet_load_context_unref (load->context);
  g_object_unref (load->link);
  g_free (load);
}

/* The list of the host lives on while a load runs. What it says of the interface by now, that it is
 * gone even, counts more than the listing that the load began with. */
static AionetInterfaceState *
state_new_loaded (AionetInterface *self, const LoadIn *load, const AionetLoadResult *result)
{
  const AionetInterfaceState *current = _aionet_interface_get_state (self);
  AionetInterfaceState       *newer;
  g_autoptr (AionetInterfaceState) loaded =
      _aionet_interface_state_new_loaded (self, load->link, load->context, result);

  /* A test holds for as long as what was tested is there. */
  if (_aionet_interface_state_same_addresses (current, loaded))
    g_set_object (&loaded->nat, current->nat);
  if (current->links == NULL || current->links == load->context->links ||
      current->listed_us <= load->context->listed_us)
    return g_steal_pointer (&loaded);
  newer = _aionet_interface_state_new_refreshed (loaded, current->link, current->links);
  newer->listed_us = current->listed_us;
  return newer;
}

static void
on_loader (GObject *source, GAsyncResult *async_result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  AionetInterface *self = g_task_get_source_object (task);
  LoadIn          *load = g_task_get_task_data (task);
  GError          *error = NULL;
  g_autoptr (AionetLoadResult) result = _aionet_loader_run_finish (async_result, &error);

  if (result == NULL)
    {
      g_task_return_error (task, error);
      return;
    }
  _aionet_interface_put_state (self, state_new_loaded (self, load, result));
  g_task_return_boolean (task, TRUE);
}

void
_aionet_interface_load_in_async (AionetInterface    *self,
                                 AionetLoadContext  *context,
                                 GCancellable       *cancellable,
                                 GAsyncReadyCallback callback,
                                 gpointer            user_data)
{
  g_autoptr (GTask) task =
      _aionet_task_new (self, cancellable, _aionet_interface_load_in_async, callback, user_data);
  GError     *error = NULL;
  LoadIn     *load;
  AionetLink *link = _aionet_interface_find_link (self, context, &error);

  if (link == NULL)
    {
      g_task_return_error (task, error);
      return;
    }
  load = g_new0 (LoadIn, 1);
  load->context = _aionet_load_context_ref (context);
  load->link = g_object_ref (link);
  g_task_set_task_data (task, load, load_in_free);
  _aionet_loader_run_async (context, link, cancellable, on_loader, g_steal_pointer (&task));
}

gboolean
_aionet_interface_load_in_finish (AionetInterface *self, GAsyncResult *result, GError **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}

/* One run of a load that several callers may share. */
typedef struct
{
  AionetInterface *interface;   /* (owned) */
  GCancellable    *cancellable; /* (owned) the run's name */
} LoadRun;

static void
load_run_end (LoadRun *run, const GError *error)
{
  _aionet_join_return (_aionet_interface_get_loading (run->interface), run->cancellable, error);
  g_object_unref (run->interface);
  g_object_unref (run->cancellable);
  g_free (run);
}

static void
on_loaded (GObject *source, GAsyncResult *result, gpointer user_data)
{
  LoadRun *run = user_data;
  g_autoptr (GError) error = NULL;

  _aionet_interface_load_in_finish (run->interface, result, &error);
  load_run_end (run, error);
}

static void
on_load_context (GObject *source, GAsyncResult *result, gpointer user_data)
{
  LoadRun *run = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (AionetLoadContext) context = _aionet_load_context_new_finish (result, &error);

  if (context == NULL)
    load_run_end (run, error);
  else
    _aionet_interface_load_in_async (run->interface, context, run->cancellable, on_loaded, run);
}

/**
 * aionet_interface_load_async:
 * @self: the interface
 * @cancellable: (nullable): a cancellable
 * @callback: (scope async) (nullable): called when the interface is loaded, in the main context
 *   that is thread-default now
 * @user_data: data for @callback
 *
 * Looks up addresses and facts of the interface and asks STUN servers (RFC 8489) for its external
 * addresses.
 *
 * Uses the [class@Host] the interface came from, or that [func@Host.get_default] gave where it was
 * made, for providers, servers and the deadline ([property@Host:timeout], in milliseconds); an
 * interface does not keep its host. All addresses of both
 * families are asked for side by side. When nothing answers the load still succeeds: addresses are
 * known, pools are empty, and [method@Interface.get_unreachable] tells why.
 *
 * A load while another one is under way shares it. On the `default` interface it is done at once.
 *
 * Since: 0.1
 */
void
aionet_interface_load_async (AionetInterface    *self,
                             GCancellable       *cancellable,
                             GAsyncReadyCallback callback,
                             gpointer            user_data)
{
  g_autoptr (GTask) task = NULL;
  g_autoptr (AionetHost) host = NULL;
  g_autoptr (GCancellable) cancellable_of_run = NULL;
  LoadRun *run;

  g_return_if_fail (AIONET_IS_INTERFACE (self));
  g_return_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable));

  task = _aionet_task_new (self, cancellable, aionet_interface_load_async, callback, user_data);
  if (_aionet_interface_get_state (self)->is_wildcard)
    {
      g_task_return_boolean (task, TRUE);
      return;
    }
  if (g_task_return_error_if_cancelled (task))
    return;
  host = _aionet_interface_dup_host (self);
  if (host == NULL)
    {
      /* Another host might ask other servers than the program chose. */
      g_task_return_new_error (task, AIONET_ERROR, AIONET_ERROR_NO_PROVIDER,
                               "The host that interface “%s” came from is gone",
                               aionet_interface_get_name (self));
      return;
    }
  cancellable_of_run = _aionet_join_add (_aionet_interface_get_loading (self), task);
  if (cancellable_of_run == NULL)
    return;
  run = g_new0 (LoadRun, 1);
  run->interface = g_object_ref (self);
  run->cancellable = g_steal_pointer (&cancellable_of_run);
  _aionet_load_context_new_async (host, run->cancellable, on_load_context, run);
}

/**
 * aionet_interface_load_finish:
 * @self: the interface
 * @result: the result given to the callback
 * @error: return location for an error
 *
 * Ends a load that [method@Interface.load_async] began.
 *
 * Errors: %AIONET_ERROR_NO_INTERFACE when there is no interface of that name, or none is preferred;
 * %AIONET_ERROR_NO_PROVIDER when no plugin lists addresses or speaks STUN, or the host is gone;
 * %AIONET_ERROR_INVALID_ADDRESS or %AIONET_ERROR_INVALID_JSON when the configured STUN servers
 * cannot be read; the address backend's errors; %G_IO_ERROR_CANCELLED. The interface is then as it
 * was before.
 *
 * Returns: %TRUE when the interface is loaded, %FALSE with @error set
 *
 * Since: 0.1
 */
gboolean
aionet_interface_load_finish (AionetInterface *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (AIONET_IS_INTERFACE (self), FALSE);
  g_return_val_if_fail (_aionet_task_is_valid (result, self, aionet_interface_load_async), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}
