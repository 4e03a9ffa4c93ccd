/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#include "config.h"

#include "aionet-relay-server.h"

#include "aionet-commands.h"

#include <netinet/in.h>

/* A client of TCP is a pipe that is joined with its pipe to the target. All clients of UDP share
 * the pipe they come to, so each is known by its endpoint, and datagrams are handed over here. */

#define BACKLOG 512
/* What a client of UDP may say before its pipe to the target is open. */
#define MAX_EARLY 32

struct _AionetRelayServer
{
  const AionetRelayOptions *options;
  GPtrArray                *listeners; /* (owned) (element-type AionetPipe) */
  GHashTable               *streams;   /* (owned) (element-type Client) of TCP */
  GHashTable               *endpoints; /* (owned) GSocketAddress -> Client, of UDP */
  AionetRelayCounters       ended;     /* of the clients that are gone */
};

typedef struct
{
  AionetRelayServer *server;   /* (unowned) */
  AionetPipe        *pipe;     /* (owned) where it is: its own, or one that listens */
  GSocketAddress    *endpoint; /* (owned) (nullable) of UDP */
  AionetPipe        *target;   /* (owned) */
  GQueue             early;    /* (owned) (element-type GBytes) */
} Client;

static guint
endpoint_hash (gconstpointer key)
{
  GInetSocketAddress *endpoint = G_INET_SOCKET_ADDRESS (key);
  GInetAddress       *address = g_inet_socket_address_get_address (endpoint);
  const guint8       *bytes = g_inet_address_to_bytes (address);
  guint               hash = g_inet_socket_address_get_port (endpoint);

  for (gsize i = 0; i < g_inet_address_get_native_size (address); i++)
    hash = hash * 31 + bytes[i];
  return hash;
}

static gboolean
endpoint_equal (gconstpointer a, gconstpointer b)
{
  GInetSocketAddress *left = G_INET_SOCKET_ADDRESS (a);
  GInetSocketAddress *right = G_INET_SOCKET_ADDRESS (b);

  return g_inet_socket_address_get_port (left) == g_inet_socket_address_get_port (right) &&
         g_inet_address_equal (g_inet_socket_address_get_address (left),
                               g_inet_socket_address_get_address (right));
}

/* What the client said is what was, or will be, sent to the target. */
static void
add_bytes (AionetRelayCounters *counters, Client *client)
{
  gboolean is_stream = client->endpoint == NULL;

  counters->bytes_in += is_stream ? aionet_pipe_get_bytes_received (client->pipe)
                                  : aionet_pipe_get_bytes_sent (client->target);
  counters->bytes_out += is_stream ? aionet_pipe_get_bytes_sent (client->pipe)
                                   : aionet_pipe_get_bytes_received (client->target);
}

static void
client_free (gpointer data)
{
  Client *client = data;

  add_bytes (&client->server->ended, client);
  client->server->ended.n_dropped += client->early.length;
  g_signal_handlers_disconnect_by_data (client->pipe, client);
  g_signal_handlers_disconnect_by_data (client->target, client);
  aionet_pipe_set_message_func (client->target, NULL, NULL, NULL);
  if (client->endpoint == NULL)
    aionet_pipe_close (client->pipe);
  aionet_pipe_close (client->target);
  g_queue_clear_full (&client->early, (GDestroyNotify) g_bytes_unref);
  g_object_unref (client->pipe);
  g_object_unref (client->target);
  g_clear_object (&client->endpoint);
  g_free (client);
}

static guint
count_clients (AionetRelayServer *self)
{
  return g_hash_table_size (self->streams) + g_hash_table_size (self->endpoints);
}

static gboolean
is_full (AionetRelayServer *self)
{
  if (self->options->max_clients == 0 || count_clients (self) < self->options->max_clients)
    return FALSE;
  self->ended.n_refused++;
  return TRUE;
}

static void
tell_failure (Client *client, const GError *error)
{
  /* Silence is how UDP ends. */
  if (error == NULL || g_error_matches (error, G_IO_ERROR, G_IO_ERROR_TIMED_OUT))
    return;
  client->server->ended.n_failed++;
  _cmd_fail ("%s", error->message);
}

static Client *
client_new (AionetRelayServer *self, AionetPipe *pipe, GSocketAddress *endpoint)
{
  const AionetRelayOptions *options = self->options;
  Client                   *client = g_new0 (Client, 1);

  client->server = self;
  client->pipe = g_object_ref (pipe);
  client->endpoint = endpoint != NULL ? g_object_ref (endpoint) : NULL;
  client->target = aionet_pipe_new (options->protocol, options->target, options->route);
  if (endpoint != NULL || options->protocol == G_SOCKET_PROTOCOL_UDP)
    aionet_pipe_set_idle_timeout_ms (client->target, options->idle_timeout_ms);
  g_queue_init (&client->early);
  self->ended.n_clients++;
  return client;
}

/* ------------------------------------------------------------------ clients of TCP */

static void
on_stream_closed (AionetPipe *pipe, const GError *error, gpointer user_data)
{
  Client *client = user_data;

  tell_failure (client, error);
  g_hash_table_remove (client->server->streams, client);
}

static void
on_client (AionetPipe *listener, AionetPipe *pipe, gpointer user_data)
{
  AionetRelayServer *self = user_data;
  g_autoptr (GError) error = NULL;
  Client *client;

  if (is_full (self))
    return;
  client = client_new (self, pipe, NULL);
  g_hash_table_add (self->streams, client);
  g_signal_connect (pipe, "closed", G_CALLBACK (on_stream_closed), client);
  /* The client waits for the target to open, and hears it if that fails. */
  if (aionet_pipe_forward (pipe, client->target, &error))
    aionet_pipe_open_async (client->target, NULL, NULL, NULL);
  else
    {
      tell_failure (client, error);
      g_hash_table_remove (self->streams, client);
    }
}

/* ------------------------------------------------------------------ clients of UDP */

static void
on_target_closed (AionetPipe *target, const GError *error, gpointer user_data)
{
  Client *client = user_data;

  tell_failure (client, error);
  g_hash_table_remove (client->server->endpoints, client->endpoint);
}

static void
on_answer (AionetPipe     *target,
           const guint8   *data,
           gsize           length,
           GSocketAddress *sender,
           gpointer        user_data)
{
  Client *client = user_data;

  if (!aionet_pipe_send_data (client->pipe, data, length, client->endpoint, NULL))
    client->server->ended.n_dropped++;
}

static void
send_to_target (Client *client, const guint8 *data, gsize length)
{
  if (!aionet_pipe_send_data (client->target, data, length, NULL, NULL))
    client->server->ended.n_dropped++;
}

typedef struct
{
  AionetRelayServer *server;   /* (unowned) */
  GSocketAddress    *endpoint; /* (owned) */
} Opening;

static void
on_target_opened (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Opening *opening = user_data;
  g_autoptr (GSocketAddress) endpoint = opening->endpoint;
  AionetRelayServer *self = opening->server;
  g_autoptr (GError) error = NULL;
  Client *client = NULL;

  g_free (opening);
  /* The server, and with it the client, may be gone. */
  if (!aionet_pipe_open_finish (AIONET_PIPE (source), result, &error) &&
      g_error_matches (error, AIONET_ERROR, AIONET_ERROR_CLOSED))
    return;
  client = g_hash_table_lookup (self->endpoints, endpoint);
  if (client == NULL || client->target != AIONET_PIPE (source))
    return;
  if (error != NULL)
    {
      tell_failure (client, error);
      g_hash_table_remove (self->endpoints, endpoint);
      return;
    }
  while (client->early.length > 0)
    {
      g_autoptr (GBytes) bytes = g_queue_pop_head (&client->early);
      gsize         length;
      gconstpointer data = g_bytes_get_data (bytes, &length);

      send_to_target (client, data, length);
    }
}

static Client *
add_endpoint (AionetRelayServer *self, AionetPipe *listener, GSocketAddress *endpoint)
{
  Client  *client = client_new (self, listener, endpoint);
  Opening *opening = g_new (Opening, 1);

  *opening = (Opening){ self, g_object_ref (endpoint) };
  g_hash_table_insert (self->endpoints, client->endpoint, client);
  g_signal_connect (client->target, "closed", G_CALLBACK (on_target_closed), client);
  aionet_pipe_set_message_func (client->target, on_answer, client, NULL);
  aionet_pipe_open_async (client->target, NULL, on_target_opened, opening);
  return client;
}

static void
on_datagram (AionetPipe     *listener,
             const guint8   *data,
             gsize           length,
             GSocketAddress *sender,
             gpointer        user_data)
{
  AionetRelayServer *self = user_data;
  Client            *client = g_hash_table_lookup (self->endpoints, sender);

  if (client == NULL && is_full (self))
    return;
  if (client == NULL)
    client = add_endpoint (self, listener, sender);
  if (aionet_pipe_is_open (client->target))
    send_to_target (client, data, length);
  else if (client->early.length < MAX_EARLY)
    g_queue_push_tail (&client->early, g_bytes_new (data, length));
  else
    self->ended.n_dropped++;
}

/* ------------------------------------------------------------------ */

static GSocket *
create_socket (GSocketProtocol protocol, GSocketAddress *endpoint, GError **error)
{
  GSocketFamily family = g_socket_address_get_family (endpoint);
  gboolean      is_tcp = protocol == G_SOCKET_PROTOCOL_TCP;
  g_autoptr (GSocket) socket = g_socket_new (
      family, is_tcp ? G_SOCKET_TYPE_STREAM : G_SOCKET_TYPE_DATAGRAM, protocol, error);

  if (socket == NULL)
    return NULL;
  /* So that IPv4 and IPv6 can have the same port. */
  if (family == G_SOCKET_FAMILY_IPV6 &&
      !g_socket_set_option (socket, IPPROTO_IPV6, IPV6_V6ONLY, TRUE, error))
    return NULL;
  if (!g_socket_bind (socket, endpoint, is_tcp, error))
    return NULL;
  g_socket_set_listen_backlog (socket, BACKLOG);
  if (is_tcp && !g_socket_listen (socket, error))
    return NULL;
  return g_steal_pointer (&socket);
}

AionetRelayServer *
aionet_relay_server_new (const AionetRelayOptions *options)
{
  AionetRelayServer *self = g_new0 (AionetRelayServer, 1);

  self->options = options;
  self->listeners = g_ptr_array_new_with_free_func (g_object_unref);
  self->streams = g_hash_table_new_full (NULL, NULL, client_free, NULL);
  self->endpoints = g_hash_table_new_full (endpoint_hash, endpoint_equal, NULL, client_free);
  return self;
}

void
aionet_relay_server_free (AionetRelayServer *self)
{
  for (guint i = 0; i < self->listeners->len; i++)
    {
      AionetPipe *listener = g_ptr_array_index (self->listeners, i);

      g_signal_handlers_disconnect_by_data (listener, self);
      aionet_pipe_set_message_func (listener, NULL, NULL, NULL);
      aionet_pipe_close (listener);
    }
  g_hash_table_unref (self->streams);
  g_hash_table_unref (self->endpoints);
  g_ptr_array_unref (self->listeners);
  g_free (self);
}

GSocketAddress *
aionet_relay_server_listen (AionetRelayServer *self,
                            GSocketProtocol    protocol,
                            GSocketAddress    *endpoint,
                            GError           **error)
{
  g_autoptr (GSocket) socket = create_socket (protocol, endpoint, error);
  g_autoptr (AionetPipe) listener = NULL;

  if (socket == NULL)
    return NULL;
  listener = aionet_pipe_new_for_socket (socket, NULL);
  if (protocol == G_SOCKET_PROTOCOL_TCP)
    g_signal_connect (listener, "client", G_CALLBACK (on_client), self);
  else
    aionet_pipe_set_message_func (listener, on_datagram, self, NULL);
  g_ptr_array_add (self->listeners, g_object_ref (listener));
  return g_object_ref (aionet_pipe_get_local_address (listener));
}

AionetRelayCounters
aionet_relay_server_count (AionetRelayServer *self)
{
  AionetRelayCounters counters = self->ended;
  GHashTable         *tables[] = { self->streams, self->endpoints };

  for (guint i = 0; i < G_N_ELEMENTS (tables); i++)
    {
      GHashTableIter iter;
      gpointer       key, value;

      g_hash_table_iter_init (&iter, tables[i]);
      while (g_hash_table_iter_next (&iter, &key, &value))
        add_bytes (&counters, value);
    }
  counters.n_now = count_clients (self);
  return counters;
}
