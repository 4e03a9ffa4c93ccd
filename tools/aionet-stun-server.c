/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#include "config.h"
#include "aionet-stun-server.h"

#include <netinet/in.h>
#include <string.h>

/* Every endpoint has a socket of its own: answers leave from the address that was asked, which a
 * socket bound to any address does not promise on a host with several. */

/* Ports the system may offer for UDP that are taken for TCP. */
#define MAX_PORT_TRIES 32
#define MAX_CLIENTS 256
#define MAX_DELAYED 1024
#define MAX_CLIENT_BYTES 65536
#define IDLE_TIMEOUT_S 15
#define BACKLOG 64

struct _AionetStunServer
{
  const AionetStunServerOptions *options;
  GMainContext                  *context;   /* (owned) */
  GPtrArray                     *listeners; /* (owned) (element-type AionetPipe) */
  GHashTable                    *clients;   /* (owned) (element-type AionetPipe Client) */
  GHashTable                    *delayed;   /* (owned) (element-type Delayed) */
  AionetStunCounters             counters;
  guint64                        n_cut_off;
};

/* One TCP connection. */
typedef struct
{
  AionetStunServer *server; /* (unowned) */
  AionetPipe       *pipe;   /* (owned) */
  GByteArray       *bytes;  /* (owned): the beginning of the next request */
  gsize             n_bytes;
  GSource          *idle; /* (owned) */
} Client;

/* An answer that waits. */
typedef struct
{
  AionetStunServer *server; /* (unowned) */
  AionetPipe       *pipe;   /* (owned) */
  GBytes           *answer; /* (owned) */
  GSocketAddress   *to;     /* (owned) (nullable): TCP */
  GSource          *timer;  /* (owned) */
} Delayed;

static GSource *
start_timer (AionetStunServer *self,
             guint             delay_ms,
             const char       *static_name,
             GSourceFunc       func,
             gpointer          user_data)
{
  GSource *source = g_timeout_source_new (delay_ms);

  g_source_set_static_name (source, static_name);
  g_source_set_callback (source, func, user_data, NULL);
  g_source_attach (source, self->context);
  return source;
}

static void
stop_timer (GSource *source)
{
  g_source_destroy (source);
  g_source_unref (source);
}

static void
client_free (gpointer data)
{
  Client *client = data;

  stop_timer (client->idle);
  g_signal_handlers_disconnect_by_data (client->pipe, client->server);
  aionet_pipe_set_message_func (client->pipe, NULL, NULL, NULL);
  aionet_pipe_close (client->pipe);
  g_object_unref (client->pipe);
  g_byte_array_unref (client->bytes);
  g_free (client);
}

static void
delayed_free (gpointer data)
{
  Delayed *delayed = data;

  stop_timer (delayed->timer);
  g_object_unref (delayed->pipe);
  g_bytes_unref (delayed->answer);
  g_clear_object (&delayed->to);
  g_free (delayed);
}

static void
cut_off (AionetStunServer *self, AionetPipe *pipe)
{
  self->n_cut_off++;
  g_hash_table_remove (self->clients, pipe);
}

/* A client that does not read its answers loses them (UDP) or its connection (TCP). */
static void
send_now (AionetStunServer *self, AionetPipe *pipe, GBytes *answer, GSocketAddress *to)
{
  g_autoptr (GError) error = NULL;

  if (aionet_pipe_send (pipe, answer, to, &error))
    return;
  g_debug ("Answer lost: %s", error->message);
  if (to == NULL)
    cut_off (self, pipe);
}

static gboolean
on_delay_over (gpointer user_data)
{
  Delayed          *delayed = user_data;
  AionetStunServer *self = delayed->server;

  g_hash_table_steal (self->delayed, delayed);
  send_now (self, delayed->pipe, delayed->answer, delayed->to);
  delayed_free (delayed);
  return G_SOURCE_REMOVE;
}

static void
send_later (AionetStunServer *self, AionetPipe *pipe, GBytes *answer, GSocketAddress *to)
{
  Delayed *delayed;

  if (g_hash_table_size (self->delayed) >= MAX_DELAYED)
    return;
  delayed = g_new0 (Delayed, 1);
  delayed->server = self;
  delayed->pipe = g_object_ref (pipe);
  delayed->answer = g_bytes_ref (answer);
  delayed->to = to != NULL ? g_object_ref (to) : NULL;
  delayed->timer = start_timer (self, self->options->delay_ms, "[aionet] delayed STUN answer",
                                on_delay_over, delayed);
  g_hash_table_add (self->delayed, delayed);
}

/* to: (nullable): TCP. FALSE: no request */
static gboolean
serve (AionetStunServer *self,
       AionetPipe       *pipe,
       const guint8     *data,
       gsize             length,
       GSocketAddress   *source,
       GSocketAddress   *to)
{
  g_autoptr (GBytes) answer = aionet_stun_responder_answer (
      &self->options->responder, data, length, G_INET_SOCKET_ADDRESS (source), &self->counters);

  if (answer == NULL)
    return FALSE;
  if (self->options->silent)
    return TRUE;
  if (self->options->delay_ms > 0)
    send_later (self, pipe, answer, to);
  else
    send_now (self, pipe, answer, to);
  return TRUE;
}

static void
on_datagram (
    AionetPipe *pipe, const guint8 *data, gsize length, GSocketAddress *sender, gpointer user_data)
{
  if (G_IS_INET_SOCKET_ADDRESS (sender))
    serve (user_data, pipe, data, length, sender, sender);
}

static gboolean
on_idle (gpointer user_data)
{
  Client *client = user_data;

  cut_off (client->server, client->pipe);
  return G_SOURCE_REMOVE;
}

static void
restart_idle_timer (Client *client)
{
  g_source_set_ready_time (client->idle,
                           g_get_monotonic_time () + IDLE_TIMEOUT_S * G_TIME_SPAN_SECOND);
}

/* FALSE: the client is gone. */
static gboolean
serve_first (Client *client, gsize length)
{
  AionetStunServer *self = client->server;
  g_autoptr (AionetPipe) pipe = g_object_ref (client->pipe);
  g_autoptr (GByteArray) bytes = g_byte_array_ref (client->bytes);
  GSocketAddress *remote = aionet_pipe_get_remote_address (pipe);

  if (!G_IS_INET_SOCKET_ADDRESS (remote) || !serve (self, pipe, bytes->data, length, remote, NULL))
    cut_off (self, pipe);
  g_byte_array_remove_range (bytes, 0, (guint) length);
  return g_hash_table_contains (self->clients, pipe);
}

static void
on_bytes (
    AionetPipe *pipe, const guint8 *data, gsize length, GSocketAddress *sender, gpointer user_data)
{
  AionetStunServer *self = user_data;
  Client           *client = g_hash_table_lookup (self->clients, pipe);
  gssize            framed;

  if (client == NULL)
    return;
  client->n_bytes += length;
  if (client->n_bytes > MAX_CLIENT_BYTES)
    {
      cut_off (self, pipe);
      return;
    }
  g_byte_array_append (client->bytes, data, (guint) length);
  while ((framed = aionet_stun_responder_frame (client->bytes->data, client->bytes->len)) > 0)
    {
      restart_idle_timer (client);
      if (!serve_first (client, (gsize) framed))
        return;
    }
  if (framed < 0)
    {
      self->counters.n_ignored++;
      cut_off (self, pipe);
    }
}

static void
on_client_closed (AionetPipe *pipe, const GError *error, gpointer user_data)
{
  AionetStunServer *self = user_data;

  g_hash_table_remove (self->clients, pipe);
}

static void
on_client (AionetPipe *listener, AionetPipe *pipe, gpointer user_data)
{
  AionetStunServer *self = user_data;
  Client           *client;

  if (g_hash_table_size (self->clients) >= MAX_CLIENTS)
    {
      self->n_cut_off++;
      aionet_pipe_close (pipe);
      return;
    }
  client = g_new0 (Client, 1);
  client->server = self;
  client->pipe = g_object_ref (pipe);
  client->bytes = g_byte_array_new ();
  client->idle =
      start_timer (self, IDLE_TIMEOUT_S * 1000, "[aionet] idle STUN client", on_idle, client);
  g_hash_table_insert (self->clients, pipe, client);
  g_signal_connect (pipe, "closed", G_CALLBACK (on_client_closed), self);
  aionet_pipe_set_message_func (pipe, on_bytes, self, NULL);
}

static GSocket *
create_socket (GSocketProtocol protocol, GInetSocketAddress *endpoint, GError **error)
{
  GSocketFamily family = g_socket_address_get_family (G_SOCKET_ADDRESS (endpoint));
  gboolean      tcp = protocol == G_SOCKET_PROTOCOL_TCP;
  g_autoptr (GSocket) socket =
      g_socket_new (family, tcp ? G_SOCKET_TYPE_STREAM : G_SOCKET_TYPE_DATAGRAM, protocol, error);

  if (socket == NULL)
    return NULL;
  g_socket_set_blocking (socket, FALSE);
  /* So that IPv4 and IPv6 can have the same port. */
  if (family == G_SOCKET_FAMILY_IPV6 &&
      !g_socket_set_option (socket, IPPROTO_IPV6, IPV6_V6ONLY, TRUE, error))
    return NULL;
  if (!g_socket_bind (socket, G_SOCKET_ADDRESS (endpoint), tcp, error))
    return NULL;
  g_socket_set_listen_backlog (socket, BACKLOG);
  if (tcp && !g_socket_listen (socket, error))
    return NULL;
  return g_steal_pointer (&socket);
}

AionetStunServer *
aionet_stun_server_new (const AionetStunServerOptions *options)
{
  AionetStunServer *self = g_new0 (AionetStunServer, 1);

  self->options = options;
  self->context = g_main_context_ref_thread_default ();
  self->listeners = g_ptr_array_new_with_free_func (g_object_unref);
  self->clients = g_hash_table_new_full (NULL, NULL, NULL, client_free);
  self->delayed = g_hash_table_new_full (NULL, NULL, delayed_free, NULL);
  return self;
}

void
aionet_stun_server_free (AionetStunServer *self)
{
  for (guint i = 0; i < self->listeners->len; i++)
    {
      AionetPipe *pipe = g_ptr_array_index (self->listeners, i);

      g_signal_handlers_disconnect_by_data (pipe, self);
      aionet_pipe_set_message_func (pipe, NULL, NULL, NULL);
      aionet_pipe_close (pipe);
    }
  g_hash_table_unref (self->delayed);
  g_hash_table_unref (self->clients);
  g_ptr_array_unref (self->listeners);
  g_main_context_unref (self->context);
  g_free (self);
}

static void
add_listener (AionetStunServer *self, GSocketProtocol protocol, GSocket *socket)
{
  AionetPipe *pipe = aionet_pipe_new_for_socket (socket, NULL);

  if (protocol == G_SOCKET_PROTOCOL_TCP)
    g_signal_connect (pipe, "client", G_CALLBACK (on_client), self);
  else
    aionet_pipe_set_message_func (pipe, on_datagram, self, NULL);
  g_ptr_array_add (self->listeners, pipe);
}

GInetSocketAddress *
aionet_stun_server_listen (AionetStunServer   *self,
                           GSocketProtocol     protocol,
                           GInetSocketAddress *endpoint,
                           GError            **error)
{
  g_autoptr (GSocket) socket = create_socket (protocol, endpoint, error);
  g_autoptr (GSocketAddress) local = NULL;

  if (socket == NULL)
    return NULL;
  local = g_socket_get_local_address (socket, error);
  if (local == NULL)
    return NULL;
  add_listener (self, protocol, socket);
  return G_INET_SOCKET_ADDRESS (g_steal_pointer (&local));
}

/* One try at a port that is free for both; FALSE without error: TCP of the port is taken. */
static gboolean
try_any_port (AionetStunServer    *self,
              GInetSocketAddress  *endpoint,
              GInetSocketAddress **local,
              GError             **error)
{
  g_autoptr (GSocket) udp = create_socket (G_SOCKET_PROTOCOL_UDP, endpoint, error);
  g_autoptr (GSocket) tcp = NULL;
  g_autoptr (GSocketAddress) given = NULL;
  g_autoptr (GError) fault = NULL;

  if (udp == NULL)
    return FALSE;
  given = g_socket_get_local_address (udp, error);
  if (given == NULL)
    return FALSE;
  tcp = create_socket (G_SOCKET_PROTOCOL_TCP, G_INET_SOCKET_ADDRESS (given), &fault);
  if (tcp == NULL)
    {
      if (!g_error_matches (fault, G_IO_ERROR, G_IO_ERROR_ADDRESS_IN_USE))
        g_propagate_error (error, g_steal_pointer (&fault));
      return FALSE;
    }
  add_listener (self, G_SOCKET_PROTOCOL_UDP, udp);
  add_listener (self, G_SOCKET_PROTOCOL_TCP, tcp);
  *local = G_INET_SOCKET_ADDRESS (g_steal_pointer (&given));
  return TRUE;
}

GInetSocketAddress *
aionet_stun_server_listen_any_port (AionetStunServer   *self,
                                    GInetSocketAddress *endpoint,
                                    GError            **error)
{
  GError             *fault = NULL;
  GInetSocketAddress *local = NULL;

  for (guint i = 0; i < MAX_PORT_TRIES; i++)
    {
      if (try_any_port (self, endpoint, &local, &fault))
        return local;
      if (fault != NULL)
        {
          g_propagate_error (error, fault);
          return NULL;
        }
    }
  g_set_error (error, G_IO_ERROR, G_IO_ERROR_ADDRESS_IN_USE,
               "no port that is free for UDP and TCP in %d tries", MAX_PORT_TRIES);
  return NULL;
}

const AionetStunCounters *
aionet_stun_server_get_counters (AionetStunServer *self)
{
  return &self->counters;
}

guint64
aionet_stun_server_get_n_cut_off (AionetStunServer *self)
{
  return self->n_cut_off;
}
