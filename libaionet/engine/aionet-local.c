/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#include "config.h"

#include "engine/aionet-local-private.h"

#include <errno.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>

#include "engine/aionet-icmp-private.h"
#include "value/aionet-error.h"

/* glibc hides it behind a kernel header that clashes with netinet/in.h. */
#ifndef IPV6_FREEBIND
#define IPV6_FREEBIND 78
#endif

AionetLocal *
_aionet_local_new (GInetAddress *address, GSocketFamily family, guint16 port)
{
  AionetLocal *self = g_new0 (AionetLocal, 1);

  g_set_object (&self->address, address);
  self->family = address != NULL ? g_inet_address_get_family (address) : family;
  self->port = port;
  return self;
}

AionetLocal *
_aionet_local_copy (const AionetLocal *self)
{
  AionetLocal *copy = g_new (AionetLocal, 1);

  *copy = *self;
  if (copy->address != NULL)
    g_object_ref (copy->address);
  copy->interface_name = g_strdup (self->interface_name);
  return copy;
}

void
_aionet_local_free (AionetLocal *self)
{
  if (self == NULL)
    return;
  g_clear_object (&self->address);
  g_free (self->interface_name);
  g_free (self);
}

/* A public or unique-local address with a scope id is another address to some systems (B-07). */
static gboolean
wants_scope (GInetAddress *address)
{
  return g_inet_address_get_family (address) == G_SOCKET_FAMILY_IPV6 &&
         (g_inet_address_get_is_link_local (address) ||
          g_inet_address_get_is_mc_link_local (address));
}

GSocketAddress *
_aionet_local_to_socket_address (const AionetLocal *self)
{
  g_autoptr (GInetAddress) any = NULL;
  GInetAddress *address = self->address;

  if (address == NULL)
    address = any = g_inet_address_new_any (self->family);
  return g_object_new (G_TYPE_INET_SOCKET_ADDRESS, "address", address, "port", (guint) self->port,
                       "scope-id", wants_scope (address) ? self->scope_id : 0, NULL);
}

static const char *
family_name (GSocketFamily family)
{
  return family == G_SOCKET_FAMILY_IPV6 ? "IPv6" : "IPv4";
}

static gboolean
is_any_text (const char *text)
{
  return text == NULL || *text == '\0' || g_str_equal (text, "*");
}

static GInetAddress *
parse_literal (const char *text, GSocketFamily family, GError **error)
{
  g_autoptr (GInetAddress) address = NULL;

  if (g_ascii_strcasecmp (text, "localhost") == 0)
    return g_inet_address_new_loopback (family == G_SOCKET_FAMILY_IPV6 ? family
                                                                       : G_SOCKET_FAMILY_IPV4);
  address = g_inet_address_new_from_string (text);
  if (address == NULL)
    g_set_error (error, AIONET_ERROR, AIONET_ERROR_INVALID_ADDRESS, "“%s” is not an address", text);
  else if (family != G_SOCKET_FAMILY_INVALID && g_inet_address_get_family (address) != family)
    g_set_error (error, AIONET_ERROR, AIONET_ERROR_UNSUPPORTED_FAMILY, "“%s” is not an %s address",
                 text, family_name (family));
  else
    return g_steal_pointer (&address);
  return NULL;
}

/* Cuts `%scope` off an IPv6 address and `/0` off the any address. */
static char *
split_scope (const char *text, char **scope_name)
{
  const char *percent = strchr (text, '%');

  if (percent != NULL && percent[1] != '\0')
    {
      *scope_name = g_strdup (percent + 1);
      return g_strndup (text, percent - text);
    }
  if (g_str_equal (text, "::/0") || g_str_equal (text, "0.0.0.0/0"))
    return g_strndup (text, strlen (text) - 2);
  return g_strdup (text);
}

gboolean
_aionet_local_parse_address (const char    *text,
                             GSocketFamily  family,
                             GInetAddress **address,
                             char         **scope_name,
                             GError       **error)
{
  g_autofree char *host = NULL;
  g_autofree char *scope = NULL;
  g_autoptr (GInetAddress) parsed = NULL;

  *address = NULL;
  if (scope_name != NULL)
    *scope_name = NULL;
  if (is_any_text (text))
    return TRUE;
  host = split_scope (text, &scope);
  parsed = parse_literal (host, family, error);
  if (parsed == NULL)
    return FALSE;
  if (scope != NULL && !wants_scope (parsed))
    {
      g_set_error (error, AIONET_ERROR, AIONET_ERROR_INVALID_ADDRESS,
                   "“%s”: only link-local IPv6 addresses have a scope", text);
      return FALSE;
    }
  if (!g_inet_address_get_is_any (parsed))
    *address = g_steal_pointer (&parsed);
  if (scope_name != NULL)
    *scope_name = g_steal_pointer (&scope);
  return TRUE;
}

static gboolean
set_flag (int fd, int level, int option)
{
  const int on = 1;

  return setsockopt (fd, level, option, &on, sizeof on) == 0;
}

/* A TCP server cannot be restarted on its port without while its old connections are in TIME_WAIT,
 * and only if the one before had it too. Two listeners stay impossible, and with port 0 the system
 * never hands out a port that is in use. On UDP it shares the port, so only when asked. */
static gboolean
wants_reuse (const AionetLocal *self, GSocketProtocol protocol)
{
  return self->reuse_address || protocol == G_SOCKET_PROTOCOL_TCP;
}

static gboolean
set_options (const AionetLocal *self, GSocketProtocol protocol, int fd)
{
  gboolean v6 = self->family == G_SOCKET_FAMILY_IPV6;

  if (v6 && !set_flag (fd, IPPROTO_IPV6, IPV6_V6ONLY))
    return FALSE;
  if (wants_reuse (self, protocol) && !set_flag (fd, SOL_SOCKET, SO_REUSEADDR))
    return FALSE;
  if (self->reuse_port && !set_flag (fd, SOL_SOCKET, SO_REUSEPORT))
    return FALSE;
#ifdef IP_FREEBIND
  if (self->free_bind &&
      !set_flag (fd, v6 ? IPPROTO_IPV6 : IPPROTO_IP, v6 ? IPV6_FREEBIND : IP_FREEBIND))
    return FALSE;
#endif
  return TRUE;
}

static gboolean
pin (const AionetLocal *self, int fd)
{
  if (!self->pin || self->interface_name == NULL)
    return TRUE;
#ifdef SO_BINDTODEVICE
  return setsockopt (fd, SOL_SOCKET, SO_BINDTODEVICE, self->interface_name,
                     strlen (self->interface_name) + 1) == 0;
#else
  errno = EOPNOTSUPP;
  return FALSE;
#endif
}

static gboolean
bind_to (const AionetLocal *self, GSocketProtocol protocol, int fd)
{
  g_autoptr (GSocketAddress) address = NULL;
  struct sockaddr_storage native;

  /* An unbound TCP client takes its port when it connects, and shares it between destinations. */
  if (protocol == G_SOCKET_PROTOCOL_TCP && self->address == NULL && self->port == 0)
    return TRUE;
  address = _aionet_local_to_socket_address (self);
  if (!g_socket_address_to_native (address, &native, sizeof native, NULL))
    {
      errno = EAFNOSUPPORT;
      return FALSE;
    }
  return bind (fd, (struct sockaddr *) &native, g_socket_address_get_native_size (address)) == 0;
}

static gboolean
fail (const AionetLocal *self, const char *what, GError **error)
{
  int              code = errno;
  g_autofree char *host = self->address != NULL
                              ? g_inet_address_to_string (self->address)
                              : g_strdup_printf ("any %s address", family_name (self->family));
  g_autofree char *where = self->interface_name != NULL
                               ? g_strdup_printf (" on “%s”", self->interface_name)
                               : g_strdup ("");

  g_set_error (error, G_IO_ERROR, g_io_error_from_errno (code), "Cannot %s %s port %u%s: %s", what,
               host, self->port, where, g_strerror (code));
  return FALSE;
}

static gboolean
fail_pin (const AionetLocal *self, GError **error)
{
  int code = errno;

  g_set_error (error, G_IO_ERROR, g_io_error_from_errno (code),
               "Cannot tie a socket to interface “%s”: %s", self->interface_name,
               g_strerror (code));
  return FALSE;
}

static gboolean
prepare (const AionetLocal *self, GSocketProtocol protocol, int fd, GError **error)
{
  if (!set_options (self, protocol, fd))
    return fail (self, "prepare a socket for", error);
  if (!pin (self, fd))
    return fail_pin (self, error);
  if (!bind_to (self, protocol, fd))
    return fail (self, "bind to", error);
  if (protocol == G_SOCKET_PROTOCOL_UDP)
    _aionet_icmp_enable (fd, self->family);
  return TRUE;
}

GSocket *
_aionet_local_create_socket (const AionetLocal *self, GSocketProtocol protocol, GError **error)
{
  g_autoptr (GSocket) socket = NULL;

  g_return_val_if_fail (self != NULL, NULL);
  g_return_val_if_fail (protocol == G_SOCKET_PROTOCOL_TCP || protocol == G_SOCKET_PROTOCOL_UDP,
                        NULL);

  socket = g_socket_new (self->family,
                         protocol == G_SOCKET_PROTOCOL_TCP ? G_SOCKET_TYPE_STREAM
                                                           : G_SOCKET_TYPE_DATAGRAM,
                         protocol, error);
  if (socket == NULL)
    {
      g_prefix_error (error, "Cannot make an %s socket: ", family_name (self->family));
      return NULL;
    }
  g_socket_set_blocking (socket, FALSE);
  return prepare (self, protocol, g_socket_get_fd (socket), error) ? g_steal_pointer (&socket)
                                                                   : NULL;
}

gboolean
_aionet_local_share (GSocket *socket, GError **error)
{
  int code;

  if (set_flag (g_socket_get_fd (socket), SOL_SOCKET, SO_REUSEPORT))
    return TRUE;
  code = errno;
  g_set_error (error, G_IO_ERROR, g_io_error_from_errno (code), "Cannot share a port: %s",
               g_strerror (code));
  return FALSE;
}
