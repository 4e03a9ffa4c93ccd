/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#include "config.h"
#include "aionet-crooked-server.h"

#include "aionet-stun-bytes.h"

/* Answers that wait are bounded, as everything of a server is. */
#define MAX_DELAYED 1024

struct _AionetCrookedServer
{
  AionetStunServer         parent_instance;
  const AionetCrookedness *crookedness; /* (not owned) */
  GHashTable              *delayed;     /* (owned) (element-type Delayed) */
};

typedef struct
{
  AionetCrookedServer *server; /* (not owned) */
  AionetPipe          *from;   /* (owned) */
  GBytes              *bytes;  /* (owned) */
  GSocketAddress      *to;     /* (owned) */
  GSource             *timer;  /* (owned) */
} Delayed;

G_DEFINE_FINAL_TYPE (AionetCrookedServer, aionet_crooked_server, AIONET_TYPE_STUN_SERVER)

static void
delayed_free (gpointer data)
{
  Delayed *self = data;

  g_source_destroy (self->timer);
  g_source_unref (self->timer);
  g_object_unref (self->from);
  g_bytes_unref (self->bytes);
  g_object_unref (self->to);
  g_free (self);
}

static void
send_now (AionetCrookedServer *self, AionetPipe *from, GBytes *bytes, GSocketAddress *to)
{
  for (guint i = 0; i < MAX (self->crookedness->n_copies, 1); i++)
    {
      g_autoptr (GError) error = NULL;

      if (!aionet_pipe_send (from, bytes, to, &error))
        g_debug ("Answer lost: %s", error->message);
    }
}

static gboolean
on_delay_over (gpointer user_data)
{
  Delayed *delayed = user_data;

  send_now (delayed->server, delayed->from, delayed->bytes, delayed->to);
  g_hash_table_remove (delayed->server->delayed, delayed);
  return G_SOURCE_REMOVE;
}

static void
send_later (AionetCrookedServer *self, AionetPipe *from, GBytes *bytes, GSocketAddress *to)
{
  Delayed *delayed;

  if (g_hash_table_size (self->delayed) >= MAX_DELAYED)
    return;
  delayed = g_new0 (Delayed, 1);
  delayed->server = self;
  delayed->from = g_object_ref (from);
  delayed->bytes = g_bytes_ref (bytes);
  delayed->to = g_object_ref (to);
  delayed->timer = g_timeout_source_new (self->crookedness->delay_ms);
  g_source_set_callback (delayed->timer, on_delay_over, delayed, NULL);
  g_source_attach (delayed->timer, g_main_context_get_thread_default ());
  g_hash_table_add (self->delayed, delayed);
}

static void
replace (GBytes **bytes, GBytes *other)
{
  g_bytes_unref (*bytes);
  *bytes = other;
}

static void
set_address (GBytes **bytes, guint16 type, GInetSocketAddress *address)
{
  replace (bytes, aionet_stun_bytes_with_address (*bytes, type, address));
}

static void
set_other (GBytes **bytes, GInetSocketAddress *address)
{
  set_address (bytes,
               aionet_stun_bytes_is_classic (*bytes) ? AIONET_STUN_CHANGED_ADDRESS
                                                     : AIONET_STUN_OTHER_ADDRESS,
               address);
}

static void
set_origin (GBytes **bytes, GInetSocketAddress *address)
{
  set_address (bytes,
               aionet_stun_bytes_is_classic (*bytes) ? AIONET_STUN_SOURCE_ADDRESS
                                                     : AIONET_STUN_RESPONSE_ORIGIN,
               address);
}

static void
set_mapped (GBytes **bytes, GInetSocketAddress *lie, GInetSocketAddress *to)
{
  g_autoptr (GSocketAddress) with_port = NULL;

  if (g_inet_socket_address_get_port (lie) == 0)
    {
      with_port = g_inet_socket_address_new (g_inet_socket_address_get_address (lie),
                                             g_inet_socket_address_get_port (to));
      lie = G_INET_SOCKET_ADDRESS (with_port);
    }
  set_address (bytes,
               aionet_stun_bytes_is_classic (*bytes) ? AIONET_STUN_MAPPED_ADDRESS
                                                     : AIONET_STUN_XOR_MAPPED_ADDRESS,
               lie);
}

/* The listener on the other port of the same address. */
static AionetPipe *
find_other_port (AionetCrookedServer *self, AionetPipe *asked)
{
  AionetStunServer *server = AIONET_STUN_SERVER (self);
  g_autoptr (GSocketAddress) other =
      aionet_stun_server_get_endpoint (server, asked, AIONET_STUN_CHANGE_PORT);

  if (other == NULL)
    return NULL;
  return aionet_daemon_get_listener (
      AIONET_DAEMON (self), G_SOCKET_PROTOCOL_UDP,
      g_inet_socket_address_get_address (
          G_INET_SOCKET_ADDRESS (aionet_pipe_get_local_address (asked))),
      g_inet_socket_address_get_port (G_INET_SOCKET_ADDRESS (other)));
}

/* Refused is only who asks for an answer from elsewhere. */
static gboolean
is_refusal (AionetCrookedServer *self, GBytes *bytes)
{
  return aionet_stun_bytes_is_error (bytes) && self->crookedness->error_code == 0;
}

static void
ignore_change (AionetPipe *asked, AionetPipe **from, GBytes **bytes, GSocketAddress *to)
{
  *from = asked;
  if (aionet_stun_bytes_is_error (*bytes))
    replace (bytes, aionet_stun_bytes_new_success (*bytes, G_INET_SOCKET_ADDRESS (to)));
  set_origin (bytes, G_INET_SOCKET_ADDRESS (aionet_pipe_get_local_address (asked)));
}

static void
announce_other_port (AionetCrookedServer *self,
                     AionetPipe          *asked,
                     AionetPipe         **from,
                     GBytes             **bytes,
                     GSocketAddress      *to)
{
  AionetPipe *other = find_other_port (self, asked);

  if (other == NULL)
    return;
  if (is_refusal (self, *bytes))
    {
      *from = other;
      replace (bytes, aionet_stun_bytes_new_success (*bytes, G_INET_SOCKET_ADDRESS (to)));
    }
  set_origin (bytes, G_INET_SOCKET_ADDRESS (aionet_pipe_get_local_address (*from)));
  set_other (bytes, G_INET_SOCKET_ADDRESS (aionet_pipe_get_local_address (other)));
}

/* Returns FALSE if nothing is to be said. */
static gboolean
spoil (AionetCrookedServer *self,
       AionetPipe          *asked,
       AionetPipe         **from,
       GBytes             **bytes,
       GSocketAddress      *to)
{
  const AionetCrookedness *how = self->crookedness;
  gboolean                 is_udp = aionet_pipe_get_protocol (asked) == G_SOCKET_PROTOCOL_UDP;

  if (how->silent || (how->stalls && is_udp))
    return FALSE;
  /* Who believes in the other address would hear it answer, were it alive. */
  if (how->alternate != NULL && (*from != asked || is_refusal (self, *bytes)))
    return FALSE;
  if (how->ignores_change)
    ignore_change (asked, from, bytes, to);
  if (how->same_address && is_udp)
    announce_other_port (self, asked, from, bytes, to);
  if (how->answer != NULL && !aionet_stun_bytes_is_error (*bytes))
    set_mapped (bytes, how->answer, G_INET_SOCKET_ADDRESS (to));
  if (how->error_code != 0)
    replace (bytes, aionet_stun_bytes_new_error (*bytes, how->error_code));
  else if (how->alternate != NULL)
    set_other (bytes, how->alternate);
  if (how->from_elsewhere && is_udp && find_other_port (self, asked) != NULL)
    *from = find_other_port (self, asked);
  if (how->truncates || how->stalls)
    replace (bytes, g_bytes_new_from_bytes (*bytes, 0, g_bytes_get_size (*bytes) / 2));
  return TRUE;
}

static void
aionet_crooked_server_answer (AionetStunServer *server,
                              AionetPipe       *asked,
                              AionetPipe       *from,
                              GBytes           *bytes,
                              GSocketAddress   *to)
{
  AionetCrookedServer *self = AIONET_CROOKED_SERVER (server);
  g_autoptr (GBytes) spoilt = g_bytes_ref (bytes);

  if (!spoil (self, asked, &from, &spoilt, to))
    return;
  if (self->crookedness->delay_ms > 0)
    send_later (self, from, spoilt, to);
  else
    send_now (self, from, spoilt, to);
}

static void
aionet_crooked_server_dispose (GObject *object)
{
  g_hash_table_remove_all (AIONET_CROOKED_SERVER (object)->delayed);
  G_OBJECT_CLASS (aionet_crooked_server_parent_class)->dispose (object);
}

static void
aionet_crooked_server_finalize (GObject *object)
{
  g_hash_table_unref (AIONET_CROOKED_SERVER (object)->delayed);
  G_OBJECT_CLASS (aionet_crooked_server_parent_class)->finalize (object);
}

static void
aionet_crooked_server_class_init (AionetCrookedServerClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = aionet_crooked_server_dispose;
  object_class->finalize = aionet_crooked_server_finalize;
  AIONET_STUN_SERVER_CLASS (klass)->answer = aionet_crooked_server_answer;
}

static void
aionet_crooked_server_init (AionetCrookedServer *self)
{
  self->delayed = g_hash_table_new_full (NULL, NULL, delayed_free, NULL);
}

gboolean
aionet_crookedness_is_any (const AionetCrookedness *self)
{
  return self->answer != NULL || self->alternate != NULL || self->error_code != 0 ||
         self->delay_ms != 0 || self->n_copies > 1 || self->silent || self->stalls ||
         self->truncates || self->ignores_change || self->same_address || self->from_elsewhere;
}

AionetStunServer *
aionet_crooked_server_new (const AionetCrookedness *crookedness)
{
  AionetCrookedServer *self = g_object_new (AIONET_TYPE_CROOKED_SERVER, NULL);

  self->crookedness = crookedness;
  return AIONET_STUN_SERVER (self);
}
