/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#include "config.h"

#include <string.h>

#include "server/aionet-stun-server-private.h"

AionetStunSite *
_aionet_stun_site_new (AionetStunServer *server)
{
  AionetStunSite *self = g_new0 (AionetStunSite, 1);

  for (guint i = 0; i < AIONET_STUN_N_PORTS; i++)
    self->endpoints[i] = (AionetStunEndpoint){ .server = server, .site = self, .position = i };
  return self;
}

void
_aionet_stun_site_free (gpointer data)
{
  AionetStunSite *self = data;

  for (guint i = 0; i < AIONET_STUN_N_PORTS; i++)
    {
      g_clear_object (&self->udp[i]);
      g_clear_object (&self->tcp[i]);
    }
  g_free (self);
}

/* Towards the outside the address is the external one of the route, unless the route was bound to
 * an address that has nothing to do with it. The port is taken to be the same. */
static void
find_external (AionetRoute *route, const AionetSockaddr *local, AionetSockaddr *external)
{
  GInetAddress *ext_address = aionet_route_get_ext_address (route);
  g_autoptr (GSocketAddress) at = _aionet_sockaddr_to_gio (local);
  g_autoptr (GSocketAddress) outside = NULL;

  *external = *local;
  if (ext_address == NULL ||
      !aionet_route_has_nic_address (
          route, g_inet_socket_address_get_address (G_INET_SOCKET_ADDRESS (at))))
    return;
  outside = g_inet_socket_address_new (ext_address, _aionet_sockaddr_get_port (local));
  _aionet_sockaddr_set (external, outside, NULL);
}

void
_aionet_stun_site_add (AionetStunSite *self,
                       AionetPipe     *listener,
                       AionetRoute    *route,
                       guint           position)
{
  gboolean     is_udp = aionet_pipe_get_protocol (listener) == G_SOCKET_PROTOCOL_UDP;
  AionetPipe **pipe = is_udp ? &self->udp[position] : &self->tcp[position];

  g_set_object (pipe, listener);
  _aionet_sockaddr_set (&self->local[position], aionet_pipe_get_local_address (listener), NULL);
  find_external (route, &self->local[position], &self->external[position]);
  if (is_udp)
    aionet_pipe_set_message_func (listener, _aionet_stun_server_on_datagram,
                                  &self->endpoints[position], NULL);
}

static gboolean
is_alternate (const AionetStunSite *self, const AionetStunSite *other)
{
  AionetSockaddr a = self->external[0];
  AionetSockaddr b = other->external[0];

  _aionet_sockaddr_clear_port (&a);
  _aionet_sockaddr_clear_port (&b);
  return a.any.sa_family == b.any.sa_family && a.any.sa_family != AF_UNSPEC &&
         !_aionet_sockaddr_equal (&a, &b);
}

void
_aionet_stun_sites_join (GPtrArray *sites)
{
  for (guint i = 0; i < sites->len; i++)
    {
      AionetStunSite *site = sites->pdata[i];

      for (guint k = 1; k < sites->len && site->other == NULL; k++)
        if (is_alternate (site, sites->pdata[(i + k) % sites->len]))
          site->other = sites->pdata[(i + k) % sites->len];
    }
}

static void
forget_closed (AionetPipe **pipe)
{
  if (*pipe != NULL && !aionet_pipe_is_open (*pipe))
    g_clear_object (pipe);
}

static void
drop_closed (AionetStunSite *self)
{
  for (guint i = 0; i < AIONET_STUN_N_PORTS; i++)
    {
      forget_closed (&self->udp[i]);
      forget_closed (&self->tcp[i]);
      if (self->udp[i] == NULL && self->tcp[i] == NULL)
        self->local[i].any.sa_family = self->external[i].any.sa_family = AF_UNSPEC;
    }
}

static void
tell (AionetStunSite *self, gboolean behavior_discovery)
{
  const AionetStunSite *sites[] = { self, self->other };

  for (guint i = 0; i < AIONET_STUN_N_PORTS; i++)
    for (guint k = 0; k < AIONET_STUN_N_ORIGINS; k++)
      {
        const AionetStunSite *site = sites[k >> 1];
        guint                 position = i ^ (k & 1);
        AionetSockaddr       *origin = &self->endpoints[i].origins[k];

        origin->any.sa_family = AF_UNSPEC;
        if (k == AIONET_STUN_ORIGIN_ASKED ||
            (behavior_discovery && site != NULL && site->udp[position] != NULL))
          *origin = site->external[position];
      }
}

void
_aionet_stun_sites_update (GPtrArray *sites, gboolean behavior_discovery)
{
  for (guint i = 0; i < sites->len; i++)
    drop_closed (sites->pdata[i]);
  for (guint i = 0; i < sites->len; i++)
    tell (sites->pdata[i], behavior_discovery);
}

AionetStunEndpoint *
_aionet_stun_sites_find (GPtrArray *sites, const AionetSockaddr *local)
{
  for (guint i = 0; i < sites->len; i++)
    for (guint k = 0; k < AIONET_STUN_N_PORTS; k++)
      {
        AionetStunSite *site = sites->pdata[i];

        if (_aionet_sockaddr_equal (&site->local[k], local))
          return &site->endpoints[k];
      }
  return NULL;
}

gboolean
_aionet_stun_sites_own (GPtrArray *sites, const AionetSockaddr *endpoint)
{
  for (guint i = 0; i < sites->len; i++)
    for (guint k = 0; k < AIONET_STUN_N_PORTS; k++)
      {
        const AionetStunSite *site = sites->pdata[i];

        if (_aionet_sockaddr_get_port (&site->local[k]) == _aionet_sockaddr_get_port (endpoint) &&
            (_aionet_sockaddr_equal (&site->local[k], endpoint) ||
             _aionet_sockaddr_equal (&site->external[k], endpoint)))
          return TRUE;
      }
  return FALSE;
}
