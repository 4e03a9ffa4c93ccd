/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#include "config.h"

#include "engine/aionet-enumerate-private.h"

#include "engine/aionet-task-private.h"
#include "value/aionet-error.h"

/* A connectable of somebody else's may have no end. */
#define MAX_ENDPOINTS 64
#define PATIENCE_MS 250

typedef struct
{
  GSocketConnectable       *connectable; /* (owned) */
  GSocketAddressEnumerator *enumerator;  /* (owned) */
  GSocketFamily             family;
  guint32                   scope_id;
  GPtrArray                *endpoints; /* (owned) */
  GSource                  *patience;  /* (owned) (nullable) */
  gboolean                  done;
} Enumeration;

static void
enumeration_free (Enumeration *self)
{
  _aionet_clear_source (&self->patience);
  g_object_unref (self->enumerator);
  g_object_unref (self->connectable);
  g_ptr_array_unref (self->endpoints);
  g_free (self);
}

/* Takes error (nullable). */
static void
finish (GTask *task, GError *error)
{
  Enumeration     *self = g_task_get_task_data (task);
  g_autofree char *name = NULL;

  self->done = TRUE;
  _aionet_clear_source (&self->patience);
  if (self->endpoints->len > 0)
    {
      g_clear_error (&error);
      g_task_return_pointer (task, g_ptr_array_ref (self->endpoints),
                             (GDestroyNotify) g_ptr_array_unref);
      return;
    }
  name = g_socket_connectable_to_string (self->connectable);
  if (error == NULL)
    error = g_error_new (AIONET_ERROR, AIONET_ERROR_UNSUPPORTED_FAMILY,
                         "“%s” has no address that can be used", name);
  g_task_return_error (task, error);
}

static gboolean
on_patience_over (gpointer user_data)
{
  g_autoptr (GTask) task = g_object_ref (user_data);

  finish (task, NULL);
  return G_SOURCE_REMOVE;
}

/* Returns: (transfer full) address itself, unless it lacks its scope */
static GSocketAddress *
with_scope (GSocketAddress *address, guint32 scope_id)
{
  GInetSocketAddress *inet = G_INET_SOCKET_ADDRESS (address);
  GInetAddress       *host = g_inet_socket_address_get_address (inet);

  if (!g_inet_address_get_is_link_local (host) ||
      g_socket_address_get_family (address) != G_SOCKET_FAMILY_IPV6 ||
      g_inet_socket_address_get_scope_id (inet) != 0)
    return g_object_ref (address);
  return g_object_new (G_TYPE_INET_SOCKET_ADDRESS, "address", host, "port",
                       (guint) g_inet_socket_address_get_port (inet), "scope-id", scope_id, NULL);
}

static void
keep (GTask *task, GSocketAddress *address)
{
  Enumeration  *self = g_task_get_task_data (task);
  GSocketFamily family = g_socket_address_get_family (address);

  if (!G_IS_INET_SOCKET_ADDRESS (address) ||
      (self->family != G_SOCKET_FAMILY_INVALID && self->family != family))
    return;
  g_ptr_array_add (self->endpoints, with_scope (address, self->scope_id));
  if (self->patience == NULL)
    self->patience = _aionet_timer_new (g_task_get_context (task), "[aionet] further endpoints",
                                        PATIENCE_MS, on_patience_over, task);
}

static void
on_next (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  Enumeration *self = g_task_get_task_data (task);
  GError      *error = NULL;
  g_autoptr (GSocketAddress) address = g_socket_address_enumerator_next_finish (
      G_SOCKET_ADDRESS_ENUMERATOR (source), result, &error);

  if (self->done)
    {
      g_clear_error (&error);
      return;
    }
  if (address != NULL)
    keep (task, address);
  if (address == NULL || self->endpoints->len >= MAX_ENDPOINTS)
    finish (task, error);
  else
    g_socket_address_enumerator_next_async (self->enumerator, g_task_get_cancellable (task),
                                            on_next, g_object_ref (task));
}

void
_aionet_enumerate_async (GSocketConnectable *connectable,
                         GSocketFamily       family,
                         guint32             scope_id,
                         GCancellable       *cancellable,
                         GAsyncReadyCallback callback,
                         gpointer            user_data)
{
  g_autoptr (GTask) task =
      _aionet_task_new (NULL, cancellable, _aionet_enumerate_async, callback, user_data);
  Enumeration *self = g_new0 (Enumeration, 1);

  self->connectable = g_object_ref (connectable);
  self->enumerator = g_socket_connectable_enumerate (connectable);
  self->family = family;
  self->scope_id = scope_id;
  self->endpoints = g_ptr_array_new_with_free_func (g_object_unref);
  g_task_set_task_data (task, self, (GDestroyNotify) enumeration_free);
  g_socket_address_enumerator_next_async (self->enumerator, cancellable, on_next,
                                          g_object_ref (task));
}

GPtrArray *
_aionet_enumerate_finish (GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (_aionet_task_is_valid (result, NULL, _aionet_enumerate_async), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}
