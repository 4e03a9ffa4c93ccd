/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#include "config.h"

#include "pipe/aionet-listen-place-private.h"

#include <errno.h>
#include <sys/socket.h>

#include "topology/aionet-route-private.h"

/* From addresses to listening sockets: all of one call get the same port. */

/* With port 0 the first address gets a port that the others may find taken. */
#define MAX_ATTEMPTS 16

static void
place_free (gpointer data)
{
  AionetListenPlace *self = data;

  g_clear_pointer (&self->sockets, g_ptr_array_unref);
  g_clear_object (&self->listener);
  g_clear_error (&self->error);
  g_object_unref (self->route);
  g_free (self->text);
  g_free (self);
}

GPtrArray *
_aionet_listen_places_new (void)
{
  return g_ptr_array_new_with_free_func (place_free);
}

static AionetListenPlace *
add (GPtrArray *places, GSocketProtocol protocol, AionetRoute *route, const char *text)
{
  AionetListenPlace *place = g_new0 (AionetListenPlace, 1);

  place->protocol = protocol;
  place->route = g_object_ref (route);
  place->text = g_strdup (text);
  g_ptr_array_add (places, place);
  return place;
}

void
_aionet_listen_places_add (GPtrArray *places, GSocketProtocol protocol, AionetRoute *route)
{
  add (places, protocol, route, NULL);
}

void
_aionet_listen_places_add_address (GPtrArray       *places,
                                   GSocketProtocol  protocol,
                                   GSocketFamily    family,
                                   const char      *text,
                                   gboolean         from_block,
                                   AionetInterface *interface)
{
  g_autoptr (AionetRoute) route = _aionet_route_new_any (family, interface);

  if (protocol != G_SOCKET_PROTOCOL_UDP)
    add (places, G_SOCKET_PROTOCOL_TCP, route, text)->from_block = from_block;
  if (protocol != G_SOCKET_PROTOCOL_TCP)
    add (places, G_SOCKET_PROTOCOL_UDP, route, text)->from_block = from_block;
}

static AionetRoute *
place_bind (const AionetListenPlace *self, guint16 port, GError **error)
{
  if (self->text != NULL)
    return aionet_route_bind_to (self->route, self->text, port, error);
  if (aionet_route_get_is_bound (self->route))
    return g_object_ref (self->route);
  return aionet_route_bind (self->route, port, error);
}

char *
_aionet_listen_place_to_string (const AionetListenPlace *self, guint16 port)
{
  g_autoptr (AionetRoute) bound = place_bind (self, port, NULL);

  if (bound == NULL)
    return self->text != NULL ? g_strdup (self->text) : aionet_route_to_string (self->route);
  return g_socket_connectable_to_string (
      G_SOCKET_CONNECTABLE (aionet_route_get_local_address (bound)));
}

static guint16
get_port (GSocket *socket)
{
  g_autoptr (GSocketAddress) address = g_socket_get_local_address (socket, NULL);

  return address != NULL ? g_inet_socket_address_get_port (G_INET_SOCKET_ADDRESS (address)) : 0;
}

static gboolean
start_listening (GSocket *socket, GError **error)
{
  g_autoptr (GSocketAddress) address = NULL;
  g_autofree char *where = NULL;
  int              code;

  if (listen (g_socket_get_fd (socket), SOMAXCONN) == 0)
    return TRUE;
  code = errno;
  address = g_socket_get_local_address (socket, NULL);
  where = address != NULL ? g_socket_connectable_to_string (G_SOCKET_CONNECTABLE (address)) : NULL;
  g_set_error (error, G_IO_ERROR, g_io_error_from_errno (code), "Cannot listen on %s: %s",
               where != NULL ? where : "a socket", g_strerror (code));
  return FALSE;
}

/* Only the first is bound alone, so that the endpoint of somebody else is not shared. */
static GSocket *
make_socket (AionetListenPlace *self, AionetLocal *local, guint i, guint n, GError **error)
{
  g_autoptr (GSocket) socket = NULL;

  local->free_bind |= self->from_block;
  local->reuse_port = i > 0;
  socket = _aionet_local_create_socket (local, self->protocol, error);
  if (socket == NULL || (i == 0 && n > 1 && !_aionet_local_share (socket, error)))
    return NULL;
  if (self->protocol == G_SOCKET_PROTOCOL_TCP && !start_listening (socket, error))
    return NULL;
  return g_steal_pointer (&socket);
}

static gboolean
make_sockets (AionetListenPlace *self, AionetLocal *local, guint n, GError **error)
{
  g_autoptr (GPtrArray) sockets = g_ptr_array_new_with_free_func (g_object_unref);

  for (guint i = 0; i < n; i++)
    {
      GSocket *socket = make_socket (self, local, i, n, error);

      if (socket == NULL)
        return FALSE;
      g_ptr_array_add (sockets, socket);
      local->port = get_port (socket);
    }
  self->sockets = g_steal_pointer (&sockets);
  return TRUE;
}

/* Returns the port, 0 with the error of the place set. */
static guint16
place_open (AionetListenPlace *self, guint16 port, guint n)
{
  g_autoptr (AionetRoute) bound = NULL;
  g_autoptr (AionetLocal) local = NULL;

  g_clear_error (&self->error);
  g_clear_pointer (&self->sockets, g_ptr_array_unref);
  bound = place_bind (self, port, &self->error);
  if (bound == NULL)
    return 0;
  local = _aionet_route_dup_local (bound, &self->error);
  return local != NULL && make_sockets (self, local, n, &self->error) ? local->port : 0;
}

static gboolean
is_conflict (const AionetListenPlace *self)
{
  return g_error_matches (self->error, G_IO_ERROR, G_IO_ERROR_ADDRESS_IN_USE);
}

/* Returns the port, 0 if no place could be opened. retry: set if another port may do better. */
static guint16
open_places (GPtrArray *places, guint16 port, guint n, gboolean *retry)
{
  guint16 found = 0;

  *retry = FALSE;
  for (guint i = 0; i < places->len; i++)
    {
      AionetListenPlace *place = places->pdata[i];
      guint16            opened = place_open (place, port != 0 ? port : found, n);

      if (found == 0)
        found = opened;
      else if (opened == 0 && port == 0 && is_conflict (place))
        *retry = TRUE;
    }
  return found;
}

guint16
_aionet_listen_places_open (GPtrArray *places, guint16 port, guint n)
{
  guint16  found = 0;
  gboolean retry = TRUE;

  for (guint i = 0; i < MAX_ATTEMPTS && retry; i++)
    {
      /* All of an attempt are closed before the next. */
      for (guint k = 0; k < places->len; k++)
        g_clear_pointer (&((AionetListenPlace *) places->pdata[k])->sockets, g_ptr_array_unref);
      found = open_places (places, port, n, &retry);
    }
  return found;
}

gboolean
_aionet_listen_places_have (GPtrArray *places, const char *text)
{
  for (guint i = 0; i < places->len; i++)
    if (g_strcmp0 (((AionetListenPlace *) places->pdata[i])->text, text) == 0)
      return TRUE;
  return FALSE;
}

void
_aionet_listen_place_settle (AionetListenPlace *self, guint16 port)
{
  AionetRoute *bound = place_bind (self, port, NULL);

  if (bound == NULL)
    return;
  g_object_unref (self->route);
  self->route = bound;
}
