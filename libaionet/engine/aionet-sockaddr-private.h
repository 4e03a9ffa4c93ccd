/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#pragma once

#include <gio/gio.h>
#include <netinet/in.h>
#include <sys/socket.h>

G_BEGIN_DECLS

/* An endpoint as the kernel writes it: 28 bytes, no allocation. Family AF_UNSPEC: none. */
typedef union
{
  struct sockaddr     any;
  struct sockaddr_in  v4;
  struct sockaddr_in6 v6;
} AionetSockaddr;

socklen_t _aionet_sockaddr_get_size (const AionetSockaddr *self);
guint16   _aionet_sockaddr_get_port (const AionetSockaddr *self);
void      _aionet_sockaddr_clear_port (AionetSockaddr *self);
/* Family, address and port; scope ids are compared by _matches () only. */
gboolean _aionet_sockaddr_equal (gconstpointer a, gconstpointer b);
guint    _aionet_sockaddr_hash (gconstpointer self);
/* pattern: port 0 is any port, scope id 0 any scope. */
gboolean _aionet_sockaddr_matches (const AionetSockaddr *self, const AionetSockaddr *pattern);

gboolean _aionet_sockaddr_set (AionetSockaddr *self, GSocketAddress *address, GError **error);
/* Returns: (transfer full) (nullable): NULL for AF_UNSPEC. */
GSocketAddress *_aionet_sockaddr_to_gio (const AionetSockaddr *self);
/* "127.0.0.1:80", "[fe80::1%3]:80" */
char *_aionet_sockaddr_to_string (const AionetSockaddr *self);

G_END_DECLS
