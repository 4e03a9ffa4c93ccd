/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#include "config.h"

#include "engine/aionet-hairpin-private.h"

#include "engine/aionet-task-private.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#define TOKEN_LENGTH 16
/* Strays that wait in front of it are read over. */
#define MAX_READ 64

struct _AionetHairpin
{
  GSocket            *target;   /* (owned) */
  GSocket            *sender;   /* (owned) */
  GInetSocketAddress *external; /* (owned) */
  guint8              token[TOKEN_LENGTH];
  GSource            *readable; /* (owned) (nullable: it came back) */
  AionetHairpinFunc   func;
  gpointer            user_data;
};

static GSocket *
duplicate (GSocket *socket, GError **error)
{
  GSocket *copy;
  int      fd = fcntl (g_socket_get_fd (socket), F_DUPFD_CLOEXEC, 0);

  if (fd < 0)
    {
      int code = errno;

      g_set_error (error, G_IO_ERROR, g_io_error_from_errno (code), "Socket: %s",
                   g_strerror (code));
      return NULL;
    }
  copy = g_socket_new_from_fd (fd, error);
  if (copy == NULL)
    close (fd);
  else
    g_socket_set_blocking (copy, FALSE);
  return copy;
}

static gboolean
on_readable (GSocket *socket, GIOCondition condition, gpointer user_data)
{
  AionetHairpin *self = user_data;

  for (guint i = 0; i < MAX_READ; i++)
    {
      char buffer[TOKEN_LENGTH + 1];
      g_autoptr (GSocketAddress) from = NULL;
      gssize length =
          g_socket_receive_from (self->target, &from, buffer, sizeof (buffer), NULL, NULL);

      if (length < 0)
        return G_SOURCE_CONTINUE;
      if (length != TOKEN_LENGTH || memcmp (buffer, self->token, TOKEN_LENGTH) != 0)
        continue;
      _aionet_clear_source (&self->readable);
      self->func (G_INET_SOCKET_ADDRESS (from), self->user_data);
      return G_SOURCE_REMOVE;
    }
  return G_SOURCE_CONTINUE;
}

static void
watch (AionetHairpin *self, GMainContext *context)
{
  self->readable = g_socket_create_source (self->target, G_IO_IN, NULL);
  g_source_set_static_name (self->readable, "[aionet] hairpin");
  g_source_set_callback (self->readable, G_SOURCE_FUNC (on_readable), self, NULL);
  g_source_attach (self->readable, context);
}

AionetHairpin *
_aionet_hairpin_new (GMainContext       *context,
                     GSocket            *socket,
                     GInetSocketAddress *external,
                     const AionetLocal  *local,
                     AionetHairpinFunc   func,
                     gpointer            user_data,
                     GError            **error)
{
  g_autoptr (AionetLocal) any_port = _aionet_local_copy (local);
  g_autoptr (GSocket) target = NULL;
  g_autoptr (GSocket) sender = NULL;
  AionetHairpin *self;

  any_port->port = 0;
  target = duplicate (socket, error);
  if (target == NULL)
    return NULL;
  sender = _aionet_local_create_socket (any_port, G_SOCKET_PROTOCOL_UDP, error);
  if (sender == NULL)
    return NULL;
  self = g_new0 (AionetHairpin, 1);
  self->target = g_steal_pointer (&target);
  self->sender = g_steal_pointer (&sender);
  self->external = g_object_ref (external);
  for (guint i = 0; i < TOKEN_LENGTH; i++)
    self->token[i] = (guint8) g_random_int_range (0, 256);
  self->func = func;
  self->user_data = user_data;
  watch (self, context);
  return self;
}

void
_aionet_hairpin_free (AionetHairpin *self)
{
  _aionet_clear_source (&self->readable);
  g_object_unref (self->target);
  g_object_unref (self->sender);
  g_object_unref (self->external);
  g_free (self);
}

void
_aionet_hairpin_send (AionetHairpin *self)
{
  g_autoptr (GError) error = NULL;

  if (g_socket_send_to (self->sender, G_SOCKET_ADDRESS (self->external), (const char *) self->token,
                        TOKEN_LENGTH, NULL, &error) < 0)
    g_debug ("Hairpin: %s", error->message);
}
