/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#include "config.h"

#include "provider/aionet-socket-source-private.h"

#include <sys/socket.h>

struct _AionetSocketSource
{
  gatomicrefcount ref_count;
  AionetLocal    *local; /* (owned) */
  GMutex          lock;

  GSocket        *udp;       /* (owned) (nullable) (mutex lock) */
  GError         *udp_error; /* (owned) (nullable) (mutex lock) */
  GError         *tcp_error; /* (owned) (nullable) (mutex lock) */
  guint16         tcp_port;  /* (mutex lock): shared by TCP sockets; 0 before the first */
  GHashTable     *remotes;   /* (owned) (element-type utf8 utf8) (mutex lock): have a socket */
};

AionetSocketSource *
_aionet_socket_source_new (const AionetLocal *local)
{
  AionetSocketSource *self = g_new0 (AionetSocketSource, 1);

  g_atomic_ref_count_init (&self->ref_count);
  g_mutex_init (&self->lock);
  self->local = _aionet_local_copy (local);
  self->remotes = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  return self;
}

AionetSocketSource *
_aionet_socket_source_ref (AionetSocketSource *self)
{
  g_atomic_ref_count_inc (&self->ref_count);
  return self;
}

void
_aionet_socket_source_unref (AionetSocketSource *self)
{
  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;
  g_clear_object (&self->udp);
  g_clear_error (&self->udp_error);
  g_clear_error (&self->tcp_error);
  g_clear_pointer (&self->remotes, g_hash_table_unref);
  g_clear_pointer (&self->local, _aionet_local_free);
  g_mutex_clear (&self->lock);
  g_free (self);
}

const AionetLocal *
_aionet_socket_source_get_local (AionetSocketSource *self)
{
  return self->local;
}

/* The first failure stands for all: trying again would tell requests of one probe different
 * things. */
static GSocket *
create_socket (AionetSocketSource *self, GSocketProtocol protocol, GError **kept, GError **error)
{
  GSocket *socket = NULL;

  if (*kept == NULL)
    socket = _aionet_local_create_socket (self->local, protocol, kept);
  if (socket == NULL)
    g_propagate_error (error, g_error_copy (*kept));
  return socket;
}

static GSocket *
dup_udp (AionetSocketSource *self, GError **error)
{
  if (self->udp == NULL)
    self->udp = create_socket (self, G_SOCKET_PROTOCOL_UDP, &self->udp_error, error);
  return self->udp != NULL ? g_object_ref (self->udp) : NULL;
}

/* The option comes after binding, where it cannot make the system pick a port that is taken. */
static guint16
share_port (GSocket *socket)
{
  g_autoptr (GSocketAddress) address = NULL;

  if (!g_socket_set_option (socket, SOL_SOCKET, SO_REUSEADDR, 1, NULL))
    return 0;
  address = g_socket_get_local_address (socket, NULL);
  return G_IS_INET_SOCKET_ADDRESS (address)
             ? g_inet_socket_address_get_port (G_INET_SOCKET_ADDRESS (address))
             : 0;
}

static GSocket *
try_shared_port (AionetSocketSource *self)
{
  g_autoptr (AionetLocal) local = _aionet_local_copy (self->local);
  g_autoptr (GError) error = NULL;
  GSocket *socket;

  local->port = self->tcp_port;
  local->reuse_address = TRUE;
  socket = _aionet_local_create_socket (local, G_SOCKET_PROTOCOL_TCP, &error);
  if (socket == NULL)
    g_debug ("TCP sockets cannot share port %u: %s", self->tcp_port, error->message);
  return socket;
}

/* Returns: whether remote has no socket from the shared port yet */
static gboolean
take_remote (AionetSocketSource *self, GInetSocketAddress *remote)
{
  if (remote == NULL)
    return TRUE;
  return g_hash_table_add (self->remotes,
                           g_socket_connectable_to_string (G_SOCKET_CONNECTABLE (remote)));
}

static GSocket *
dup_tcp (AionetSocketSource *self, GInetSocketAddress *remote, GError **error)
{
  gboolean fresh = take_remote (self, remote);
  GSocket *socket = NULL;

  if (fresh && self->tcp_port != 0)
    socket = try_shared_port (self);
  if (socket != NULL)
    return socket;
  socket = create_socket (self, G_SOCKET_PROTOCOL_TCP, &self->tcp_error, error);
  if (socket != NULL && self->tcp_port == 0)
    self->tcp_port = share_port (socket);
  return socket;
}

GSocket *
_aionet_socket_source_dup_socket (AionetSocketSource *self,
                                  GSocketProtocol     protocol,
                                  GInetSocketAddress *remote,
                                  GError            **error)
{
  GSocket *socket;

  g_return_val_if_fail (protocol == G_SOCKET_PROTOCOL_TCP || protocol == G_SOCKET_PROTOCOL_UDP,
                        NULL);

  g_mutex_lock (&self->lock);
  socket =
      protocol == G_SOCKET_PROTOCOL_UDP ? dup_udp (self, error) : dup_tcp (self, remote, error);
  g_mutex_unlock (&self->lock);
  return socket;
}
