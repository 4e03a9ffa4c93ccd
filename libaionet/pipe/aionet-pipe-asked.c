/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#include "config.h"

#include "pipe/aionet-pipe-private.h"

#include <string.h>

#include "engine/aionet-datagram-control-private.h"

/* A UDP server on the wildcard address is asked at many addresses, and who asked one accepts no
 * answer from another. So it remembers who asked where, for the last that did: an answer given at
 * once is always right, one to somebody whom a flood of others has pushed out leaves from where the
 * system chooses. */

#define N_ENTRIES 64

struct _AionetAsked
{
  struct
  {
    AionetSockaddr peer; /* AF_UNSPEC: none */
    AionetSockaddr local;
  } entries[N_ENTRIES];
};

static gboolean
is_wildcard (const AionetSockaddr *address)
{
  if (address->any.sa_family == AF_INET6)
    return IN6_IS_ADDR_UNSPECIFIED (&address->v6.sin6_addr);
  return address->any.sa_family == AF_INET && address->v4.sin_addr.s_addr == INADDR_ANY;
}

void
_aionet_pipe_start_asked (AionetPipe *self)
{
  if (self->protocol != G_SOCKET_PROTOCOL_UDP || self->remote.any.sa_family != AF_UNSPEC)
    return;
  _aionet_pipe_find_local (self);
  if (is_wildcard (&self->local) &&
      _aionet_control_set_local (self->fd, self->local.any.sa_family, TRUE))
    self->asked = g_new0 (AionetAsked, 1);
}

void
_aionet_pipe_stop_asked (AionetPipe *self)
{
  if (self->asked == NULL)
    return;
  _aionet_control_set_local (self->fd, self->local.any.sa_family, FALSE);
  g_clear_pointer (&self->asked, g_free);
}

void
_aionet_pipe_note_asked (AionetPipe *self, const AionetDatagram *datagram)
{
  guint i = _aionet_sockaddr_hash (datagram->peer) % N_ENTRIES;

  if (self->asked == NULL || datagram->local == NULL)
    return;
  self->asked->entries[i].peer = *datagram->peer;
  self->asked->entries[i].local = *datagram->local;
}

const AionetSockaddr *
_aionet_pipe_find_asked (AionetPipe *self, const AionetSockaddr *to)
{
  guint i;

  if (self->asked == NULL || to->any.sa_family == AF_UNSPEC)
    return NULL;
  i = _aionet_sockaddr_hash (to) % N_ENTRIES;
  return self->asked->entries[i].peer.any.sa_family != AF_UNSPEC &&
                 _aionet_sockaddr_equal (&self->asked->entries[i].peer, to)
             ? &self->asked->entries[i].local
             : NULL;
}
