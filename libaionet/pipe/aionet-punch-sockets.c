/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#include "config.h"

#include "pipe/aionet-punch-sockets-private.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "engine/aionet-task-private.h"
#include "provider/aionet-socket-source-private.h"
#include "provider/aionet-stun-provider-private.h"
#include "topology/aionet-host-private.h"
#include "topology/aionet-interface-private.h"
#include "topology/aionet-route-private.h"
#include "topology/aionet-server-set-private.h"
#include "value/aionet-error.h"

/* Servers are asked one after the other, not side by side: a NAT that takes a port for each
 * destination is to have taken as few as possible since the one that is told. */

#define ASK_TIMEOUT_MS 1000
#define MAX_TRIES 16

typedef struct
{
  AionetRoute        *route;    /* (owned) */
  AionetStunProvider *provider; /* (owned) (nullable) */
  AionetServerSet    *servers;  /* (owned) (nullable) */
  AionetSocketSource *source;   /* (owned) (nullable) of the socket that asks */
  GSocket            *fresh;    /* (owned) (nullable) */
  guint               next;     /* of servers */
  gboolean            is_asking;
  GTask              *task; /* (owned) (nullable: over) keeps this alive */
  gint64              deadline_us;
  GSource            *deadline;     /* (owned) (nullable) */
  GSource            *cancellation; /* (owned) (nullable) */
} Preparation;

void
_aionet_punch_sockets_free (AionetPunchSockets *self)
{
  g_clear_object (&self->known);
  g_clear_object (&self->fresh);
  g_clear_object (&self->mapping);
  g_free (self);
}

/* Returns: (transfer full) (nullable): the task, if nothing has been returned yet */
static GTask *
stop (Preparation *self)
{
  _aionet_clear_source (&self->deadline);
  _aionet_clear_source (&self->cancellation);
  if (self->servers != NULL)
    _aionet_server_set_stop (self->servers);
  return g_steal_pointer (&self->task);
}

static void
preparation_free (gpointer data)
{
  Preparation *self = data;

  g_clear_pointer (&self->servers, _aionet_server_set_unref);
  g_clear_pointer (&self->source, _aionet_socket_source_unref);
  g_clear_object (&self->provider);
  g_clear_object (&self->fresh);
  g_object_unref (self->route);
  g_free (self);
}

/* ------------------------------------------------------------------ sockets */

static guint16
get_port (GSocket *socket)
{
  g_autoptr (GSocketAddress) address = g_socket_get_local_address (socket, NULL);

  return G_IS_INET_SOCKET_ADDRESS (address)
             ? g_inet_socket_address_get_port (G_INET_SOCKET_ADDRESS (address))
             : 0;
}

/* Two neighbouring ports: near ones are what NATs treat alike. FALSE without error: the next port
 * is taken. */
static gboolean
try_sockets (Preparation *self, GError **error)
{
  g_autoptr (AionetLocal) local = _aionet_route_dup_local (self->route, error);
  g_autoptr (GSocket) known = NULL;
  g_autoptr (GError) local_error = NULL;

  if (local == NULL)
    return FALSE;
  g_clear_pointer (&self->source, _aionet_socket_source_unref);
  self->source = _aionet_socket_source_new (local);
  known = _aionet_socket_source_dup_socket (self->source, G_SOCKET_PROTOCOL_UDP, NULL, error);
  if (known == NULL)
    return FALSE;
  local->port = get_port (known) + 1;
  if (local->port == 0)
    return FALSE;
  self->fresh = _aionet_local_create_socket (local, G_SOCKET_PROTOCOL_UDP, &local_error);
  if (self->fresh == NULL && !g_error_matches (local_error, G_IO_ERROR, G_IO_ERROR_ADDRESS_IN_USE))
    g_propagate_error (error, g_steal_pointer (&local_error));
  return self->fresh != NULL;
}

static gboolean
make_sockets (Preparation *self, GError **error)
{
  g_autoptr (GError) local_error = NULL;

  for (guint i = 0; i < MAX_TRIES && local_error == NULL; i++)
    if (try_sockets (self, &local_error))
      return TRUE;
  if (local_error == NULL)
    g_set_error_literal (&local_error, G_IO_ERROR, G_IO_ERROR_ADDRESS_IN_USE,
                         "No two neighbouring UDP ports are free");
  g_propagate_error (error, g_steal_pointer (&local_error));
  return FALSE;
}

/* The provider watches the socket as long as it is there: what it gets is lost for others. */
static GSocket *
take_known (Preparation *self, GError **error)
{
  g_autoptr (GSocket) socket =
      _aionet_socket_source_dup_socket (self->source, G_SOCKET_PROTOCOL_UDP, NULL, error);
  GSocket *taken = NULL;
  int      fd = socket != NULL ? fcntl (g_socket_get_fd (socket), F_DUPFD_CLOEXEC, 0) : -1;

  if (fd >= 0)
    taken = g_socket_new_from_fd (fd, error);
  else if (socket != NULL)
    g_set_error (error, G_IO_ERROR, g_io_error_from_errno (errno), "Socket for hole punching: %s",
                 g_strerror (errno));
  if (fd >= 0 && taken == NULL)
    close (fd);
  g_clear_pointer (&self->source, _aionet_socket_source_unref);
  return taken;
}

/* ------------------------------------------------------------------ STUN */

/* Takes error. */
static void
fail (Preparation *self, GError *error)
{
  g_autoptr (GTask) task = stop (self);

  g_task_return_error (task, error);
}

static void
succeed (Preparation *self, AionetMapping *mapping)
{
  g_autoptr (AionetPunchSockets) sockets = g_new0 (AionetPunchSockets, 1);
  g_autoptr (GTask) task = NULL;
  GError *error = NULL;

  sockets->mapping = g_object_ref (mapping);
  sockets->fresh = g_steal_pointer (&self->fresh);
  sockets->known = take_known (self, &error);
  if (sockets->known == NULL)
    {
      fail (self, error);
      return;
    }
  task = stop (self);
  g_task_return_pointer (task, g_steal_pointer (&sockets),
                         (GDestroyNotify) _aionet_punch_sockets_free);
}

/* What several servers agreed on counts more than what one says. */
static gboolean
is_credible (Preparation *self, AionetMapping *mapping)
{
  GInetAddress *address = g_inet_socket_address_get_address (aionet_mapping_get_external (mapping));
  GListModel   *known = aionet_route_get_ext_ranges (self->route);

  return g_list_model_get_n_items (known) == 0 ||
         aionet_route_has_ext_address (self->route, address);
}

static void ask_next (Preparation *self);

static void
on_mapping (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  Preparation *self = g_task_get_task_data (task);
  g_autoptr (GError) error = NULL;
  g_autoptr (AionetMapping) mapping =
      aionet_stun_provider_ask_finish (AIONET_STUN_PROVIDER (source), result, &error);

  self->is_asking = FALSE;
  if (self->task == NULL)
    return;
  if (mapping != NULL && is_credible (self, mapping))
    succeed (self, mapping);
  else
    ask_next (self);
}

static void
give_up (Preparation *self)
{
  fail (self, g_error_new_literal (AIONET_ERROR, AIONET_ERROR_STUN_FAILED,
                                   "No STUN server told a credible external endpoint over UDP"));
}

static void
ask (Preparation *self, GInetSocketAddress *server)
{
  self->is_asking = TRUE;
  _aionet_stun_provider_ask_from_source_async (
      self->provider, server, G_SOCKET_PROTOCOL_UDP, AIONET_STUN_CHANGE_NONE, self->source,
      ASK_TIMEOUT_MS, g_task_get_cancellable (self->task), on_mapping, g_object_ref (self->task));
}

static void
ask_next (Preparation *self)
{
  guint n_servers = _aionet_server_set_get_n_servers (self->servers);

  if (self->is_asking || !_aionet_server_set_is_ready (self->servers))
    return;
  while (self->next < n_servers &&
         !_aionet_server_set_can_ask (self->servers, self->next, G_SOCKET_PROTOCOL_UDP))
    self->next++;
  if (self->next < n_servers)
    ask (self, _aionet_server_set_get_address (self->servers, self->next++));
  else if (_aionet_server_set_is_complete (self->servers))
    give_up (self);
}

static void
on_servers (gpointer user_data)
{
  ask_next (user_data);
}

/* ------------------------------------------------------------------ beginning and end */

static gboolean
on_deadline (gpointer user_data)
{
  give_up (user_data);
  return G_SOURCE_REMOVE;
}

static gboolean
on_cancelled (GCancellable *cancellable, gpointer user_data)
{
  fail (user_data,
        g_error_new_literal (G_IO_ERROR, G_IO_ERROR_CANCELLED, "Operation was cancelled"));
  return G_SOURCE_REMOVE;
}

static AionetHost *
dup_host (AionetRoute *route)
{
  AionetInterface *interface = aionet_route_get_interface (route);
  AionetHost      *host = NULL;

  if (interface != NULL && !_aionet_interface_get_state (interface)->is_wildcard)
    host = _aionet_interface_dup_host (interface);
  return host != NULL ? host : g_object_ref (aionet_host_get_default ());
}

static gboolean
prepare (Preparation *self, GError **error)
{
  g_autoptr (AionetHost) host = dup_host (self->route);
  guint               timeout_ms = aionet_host_get_timeout (host);
  gint64              deadline_us = g_get_monotonic_time () + timeout_ms * G_GINT64_CONSTANT (1000);
  AionetStunProvider *provider = aionet_host_get_stun_provider (host, error);
  g_autoptr (GPtrArray) servers = provider != NULL ? _aionet_host_dup_servers (host, error) : NULL;

  if (servers == NULL || !make_sockets (self, error))
    return FALSE;
  self->provider = g_object_ref (provider);
  self->servers = _aionet_server_set_new (servers, aionet_route_get_family (self->route),
                                          aionet_host_get_min_agree (host), deadline_us);
  self->deadline =
      _aionet_timer_new (g_task_get_context (self->task), "[aionet] hole punching prepared",
                         timeout_ms, on_deadline, self);
  return TRUE;
}

void
_aionet_punch_sockets_new_async (AionetRoute        *route,
                                 GCancellable       *cancellable,
                                 GAsyncReadyCallback callback,
                                 gpointer            user_data)
{
  g_autoptr (GTask) task =
      _aionet_task_new (route, cancellable, _aionet_punch_sockets_new_async, callback, user_data);
  Preparation *self = g_new0 (Preparation, 1);
  GError      *error = NULL;

  self->route = g_object_ref (route);
  self->task = g_object_ref (task);
  g_task_set_task_data (task, self, preparation_free);
  if (!prepare (self, &error))
    {
      fail (self, error);
      return;
    }
  if (cancellable != NULL)
    self->cancellation =
        _aionet_cancel_source_new (g_task_get_context (task), cancellable,
                                   "[aionet] hole punching cancelled", on_cancelled, self);
  _aionet_server_set_watch (self->servers, on_servers, self);
  ask_next (self);
}

AionetPunchSockets *
_aionet_punch_sockets_new_finish (GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}
