/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#include "config.h"

#include "engine/aionet-sockaddr-private.h"

#include <arpa/inet.h>
#include <string.h>

socklen_t
_aionet_sockaddr_get_size (const AionetSockaddr *self)
{
  return self->any.sa_family == AF_INET6 ? sizeof self->v6 : sizeof self->v4;
}

/* sin_port and sin6_port lie at the same place. */
guint16
_aionet_sockaddr_get_port (const AionetSockaddr *self)
{
  return g_ntohs (self->v4.sin_port);
}

void
_aionet_sockaddr_clear_port (AionetSockaddr *self)
{
  self->v4.sin_port = 0;
}

static gboolean
equal_address (const AionetSockaddr *a, const AionetSockaddr *b)
{
  if (a->any.sa_family != b->any.sa_family)
    return FALSE;
  if (a->any.sa_family == AF_INET6)
    return memcmp (&a->v6.sin6_addr, &b->v6.sin6_addr, sizeof a->v6.sin6_addr) == 0;
  return a->v4.sin_addr.s_addr == b->v4.sin_addr.s_addr;
}

gboolean
_aionet_sockaddr_equal (gconstpointer a, gconstpointer b)
{
  const AionetSockaddr *left = a;
  const AionetSockaddr *right = b;

  return left->v4.sin_port == right->v4.sin_port && equal_address (left, right);
}

guint
_aionet_sockaddr_hash (gconstpointer self)
{
  const AionetSockaddr *address = self;
  guint32               words[4] = { 0, 0, 0, 0 };
  guint64               hash = address->v4.sin_port;

  if (address->any.sa_family == AF_INET6)
    memcpy (words, &address->v6.sin6_addr, sizeof words);
  else
    words[0] = address->v4.sin_addr.s_addr;
  for (guint i = 0; i < G_N_ELEMENTS (words); i++)
    hash = (hash ^ words[i]) * G_GUINT64_CONSTANT (0x9e3779b97f4a7c15);
  return (guint) (hash >> 32);
}

gboolean
_aionet_sockaddr_matches (const AionetSockaddr *self, const AionetSockaddr *pattern)
{
  if (!equal_address (self, pattern))
    return FALSE;
  if (pattern->v4.sin_port != 0 && pattern->v4.sin_port != self->v4.sin_port)
    return FALSE;
  return pattern->any.sa_family != AF_INET6 || pattern->v6.sin6_scope_id == 0 ||
         pattern->v6.sin6_scope_id == self->v6.sin6_scope_id;
}

gboolean
_aionet_sockaddr_set (AionetSockaddr *self, GSocketAddress *address, GError **error)
{
  GSocketFamily family = g_socket_address_get_family (address);

  if (family != G_SOCKET_FAMILY_IPV4 && family != G_SOCKET_FAMILY_IPV6)
    {
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED,
                           "Only IPv4 and IPv6 endpoints can be used");
      return FALSE;
    }
  memset (self, 0, sizeof *self);
  return g_socket_address_to_native (address, self, sizeof *self, error);
}

GSocketAddress *
_aionet_sockaddr_to_gio (const AionetSockaddr *self)
{
  AionetSockaddr copy = *self;

  if (copy.any.sa_family != AF_INET && copy.any.sa_family != AF_INET6)
    return NULL;
  return g_socket_address_new_from_native (&copy, _aionet_sockaddr_get_size (&copy));
}

char *
_aionet_sockaddr_to_string (const AionetSockaddr *self)
{
  char text[INET6_ADDRSTRLEN] = "";

  if (self->any.sa_family == AF_INET)
    {
      inet_ntop (AF_INET, &self->v4.sin_addr, text, sizeof text);
      return g_strdup_printf ("%s:%u", text, _aionet_sockaddr_get_port (self));
    }
  if (self->any.sa_family != AF_INET6)
    return g_strdup ("nowhere");
  inet_ntop (AF_INET6, &self->v6.sin6_addr, text, sizeof text);
  if (self->v6.sin6_scope_id != 0)
    return g_strdup_printf ("[%s%%%u]:%u", text, self->v6.sin6_scope_id,
                            _aionet_sockaddr_get_port (self));
  return g_strdup_printf ("[%s]:%u", text, _aionet_sockaddr_get_port (self));
}
