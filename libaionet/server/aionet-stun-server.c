/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#include "config.h"

#include "server/aionet-stun-server-private.h"

/**
 * AionetStunServer:
 *
 * A STUN server over the routes of a host: it tells clients the address and port their requests
 * come from, and helps them to find out what kind of NAT is in between.
 *
 * Binding of RFC 8489 over UDP and TCP, IPv4 and IPv6, and of RFC 3489 for clients that are old.
 * With two external addresses of one family, each served on two ports, it also answers from
 * another port or address when it is asked to (`CHANGE-REQUEST`), tells where an answer comes from
 * and where the other endpoint is (`RESPONSE-ORIGIN`, `OTHER-ADDRESS`), and answers to another port
 * of the client (`RESPONSE-PORT`), as RFC 5780 has it. The second address is found in the routes
 * that it listens on; what it announces is the external address of a route, not the one that its
 * socket is bound to. Alone on an address it announces no other, and refuses to answer from one.
 *
 * Requests with attributes that have to be understood and are not get an error 420. Nothing else is
 * ever answered: no answers, no indications, no other methods, nothing from port 0, from multicast,
 * broadcast or its own endpoints. So no two servers keep each other busy.
 *
 * It is not worth much to whoever forges source addresses. An answer goes to the address that the
 * request came from, whatever its attributes say. It exceeds the request by no more than 12 bytes
 * (IPv6: 24) on a server without an alternate address, and by 36 (72) on one with: the mapped
 * address, `RESPONSE-ORIGIN` and `OTHER-ADDRESS`, which clients look for in the answer to a bare
 * request. Everything else, such as `SOFTWARE`, is left out unless it fits. And the addresses of
 * one prefix together get [property@StunServer:max-rate] answers a second.
 *
 * It is a [class@Daemon]: [method@Daemon.stop_async] and [method@Daemon.close] end it,
 * [method@Daemon.get_failures] tells which addresses could not be listened on. It limits TCP
 * clients to 1024, and to 64 an address, and closes those that are idle for 15 s; all of that can
 * be changed. What a program has it listen on by the daemon's own methods is answered without an
 * alternate. It has neither workers nor TLS: [property@Daemon:n-workers] must stay 0, and
 * [property@Daemon:tls-certificate] %NULL.
 *
 * Everything happens in the main context that was the thread-default one when the server was made;
 * use it in the thread of that context.
 *
 * ```c
 * static void
 * on_started (GObject *source, GAsyncResult *result, gpointer user_data)
 * {
 *   g_autoptr (GError) error = NULL;
 *
 *   if (!aionet_stun_server_start_finish (AIONET_STUN_SERVER (source), result, &error))
 *     g_printerr ("%s\n", error->message);
 * }
 *
 * static void
 * serve (AionetStunServer *server, AionetHost *host)
 * {
 *   aionet_stun_server_start_async (server, G_LIST_MODEL (host), NULL, on_started, NULL);
 * }
 * ```
 *
 * Since: 0.1
 */

#define DEFAULT_MAX_CLIENTS 1024
#define DEFAULT_MAX_CLIENTS_PER_ADDRESS 64
#define DEFAULT_IDLE_TIMEOUT_MS 15000

G_DEFINE_TYPE_WITH_PRIVATE (AionetStunServer, aionet_stun_server, AIONET_TYPE_DAEMON)

AionetStunServerPrivate *
_aionet_stun_server_get_private (AionetStunServer *self)
{
  return aionet_stun_server_get_instance_private (self);
}

static AionetStunResponder *
get_responder (AionetStunServer *self)
{
  AionetStunServerPrivate *priv = aionet_stun_server_get_instance_private (self);

  if (priv->responder == NULL)
    priv->responder = _aionet_stun_responder_new (priv->software, priv->echo_padding);
  return priv->responder;
}

static gboolean
is_within_rate (AionetStunServerPrivate *priv, const AionetSockaddr *source)
{
  if (priv->max_rate == 0)
    return TRUE;
  if (priv->limiter == NULL)
    priv->limiter = _aionet_stun_limiter_new (priv->max_rate);
  return _aionet_stun_limiter_admit (priv->limiter, source, g_get_monotonic_time ());
}

/* 0.0.0.0/8, multicast and 240.0.0.0/4 with the broadcast address. */
static gboolean
is_single_ipv4 (guint32 address)
{
  return address >> 24 != 0 && address >> 28 < 0xe;
}

static gboolean
may_answer (AionetStunServerPrivate *priv, const AionetSockaddr *to)
{
  const struct in6_addr *v6 = &to->v6.sin6_addr;

  if (_aionet_sockaddr_get_port (to) == 0)
    return FALSE;
  if (to->any.sa_family == AF_INET && !is_single_ipv4 (g_ntohl (to->v4.sin_addr.s_addr)))
    return FALSE;
  if (to->any.sa_family == AF_INET6 && (IN6_IS_ADDR_MULTICAST (v6) || IN6_IS_ADDR_UNSPECIFIED (v6)))
    return FALSE;
  return !_aionet_stun_sites_own (priv->sites, to);
}

static AionetPipe *
choose_pipe (AionetStunEndpoint *endpoint, AionetPipe *asked, guint origin)
{
  AionetStunSite *site = endpoint->site;

  if (origin == AIONET_STUN_ORIGIN_ASKED)
    return asked;
  if ((origin & AIONET_STUN_ORIGIN_OTHER_ADDRESS) != 0)
    site = site->other;
  return site->udp[endpoint->position ^ (origin & AIONET_STUN_ORIGIN_OTHER_PORT)];
}

/* A UDP client that does not read its answers loses them, one of TCP its connection. */
static void
send_now (AionetStunServer      *self,
          AionetPipe            *from,
          const AionetStunReply *reply,
          GSocketAddress        *to)
{
  AionetStunServerPrivate *priv = aionet_stun_server_get_instance_private (self);
  gboolean                 is_udp = aionet_pipe_get_protocol (from) == G_SOCKET_PROTOCOL_UDP;
  AionetStunCounters      *counters = is_udp ? &priv->udp : &priv->tcp;

  if (!aionet_pipe_send_data (from, reply->data, reply->length, to, NULL))
    {
      counters->n_lost++;
      if (!is_udp)
        aionet_pipe_close (from);
    }
  else if (reply->is_error)
    counters->n_errors++;
  else
    counters->n_answered++;
}

static void
send_by_method (AionetStunServer      *self,
                AionetPipe            *asked,
                AionetPipe            *from,
                const AionetStunReply *reply,
                GSocketAddress        *to)
{
  AionetStunServerPrivate *priv = aionet_stun_server_get_instance_private (self);
  gboolean                 is_udp = aionet_pipe_get_protocol (from) == G_SOCKET_PROTOCOL_UDP;
  AionetStunCounters      *counters = is_udp ? &priv->udp : &priv->tcp;
  g_autoptr (AionetStunServer) alive = g_object_ref (self);
  g_autoptr (GBytes) bytes = g_bytes_new (reply->data, reply->length);

  if (reply->is_error)
    counters->n_errors++;
  else
    counters->n_answered++;
  AIONET_STUN_SERVER_GET_CLASS (self)->answer (self, asked, from, bytes, to);
}

static void
send_reply (AionetStunEndpoint    *endpoint,
            AionetPipe            *asked,
            const AionetStunReply *reply,
            GSocketAddress        *to)
{
  AionetPipe *from = choose_pipe (endpoint, asked, reply->origin);

  if (AIONET_STUN_SERVER_GET_CLASS (endpoint->server)->answer != NULL)
    send_by_method (endpoint->server, asked, from, reply, to);
  else
    send_now (endpoint->server, from, reply, to);
}

gboolean
_aionet_stun_server_serve (AionetStunEndpoint *endpoint,
                           AionetPipe         *pipe,
                           const guint8       *data,
                           gsize               length,
                           GSocketAddress     *sender)
{
  AionetSockaddr     source;
  AionetStunReply    reply;
  AionetStunQuestion question = {
    .data = data,
    .length = length,
    .source = &source,
    .origins = endpoint->origins,
    .is_stream = TRUE,
  };

  if (!_aionet_sockaddr_set (&source, sender, NULL) ||
      !_aionet_stun_responder_answer (get_responder (endpoint->server), &question, &reply))
    {
      _aionet_stun_server_get_private (endpoint->server)->tcp.n_ignored++;
      return FALSE;
    }
  send_reply (endpoint, pipe, &reply, sender);
  return TRUE;
}

static void
send_to_port (AionetStunEndpoint    *endpoint,
              AionetPipe            *asked,
              const AionetStunReply *reply,
              const AionetSockaddr  *source)
{
  AionetStunServerPrivate *priv = aionet_stun_server_get_instance_private (endpoint->server);
  AionetSockaddr           target = *source;
  g_autoptr (GSocketAddress) to = NULL;

  target.v4.sin_port = g_htons (reply->port);
  if (!may_answer (priv, &target))
    {
      priv->udp.n_ignored++;
      return;
    }
  to = _aionet_sockaddr_to_gio (&target);
  send_reply (endpoint, asked, reply, to);
}

void
_aionet_stun_server_on_datagram (
    AionetPipe *pipe, const guint8 *data, gsize length, GSocketAddress *sender, gpointer user_data)
{
  AionetStunEndpoint      *endpoint = user_data;
  AionetStunServerPrivate *priv = aionet_stun_server_get_instance_private (endpoint->server);
  AionetSockaddr           source;
  AionetStunReply          reply;
  AionetStunQuestion       question = {
          .data = data,
          .length = length,
          .source = &source,
          .origins = endpoint->origins,
  };

  if (!_aionet_sockaddr_set (&source, sender, NULL) || !may_answer (priv, &source) ||
      !_aionet_stun_responder_answer (get_responder (endpoint->server), &question, &reply))
    priv->udp.n_ignored++;
  else if (!is_within_rate (priv, &source))
    priv->udp.n_limited++;
  else if (reply.port != 0)
    send_to_port (endpoint, pipe, &reply, &source);
  else
    send_reply (endpoint, pipe, &reply, sender);
}

/* UDP listeners that are of no site: those that the program added. */
static void
aionet_stun_server_message (AionetDaemon *daemon, AionetPipe *pipe, AionetMessage *message)
{
  AionetStunServerPrivate *priv =
      aionet_stun_server_get_instance_private (AIONET_STUN_SERVER (daemon));
  gsize         length;
  const guint8 *data = g_bytes_get_data (aionet_message_get_bytes (message), &length);

  if (aionet_pipe_get_protocol (pipe) == G_SOCKET_PROTOCOL_UDP)
    _aionet_stun_server_on_datagram (pipe, data, length, aionet_message_get_sender (message),
                                     &priv->lone);
}

static void
aionet_stun_server_client (AionetDaemon *daemon, AionetPipe *client)
{
  if (aionet_pipe_is_open (client))
    _aionet_stun_stream_start (AIONET_STUN_SERVER (daemon), client);
}

static void
aionet_stun_server_client_closed (AionetDaemon *daemon, AionetPipe *client, const GError *error)
{
  AionetStunServerPrivate *priv =
      aionet_stun_server_get_instance_private (AIONET_STUN_SERVER (daemon));

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_TIMED_OUT))
    priv->n_cut_off++;
}

static void
on_listeners_changed (
    GListModel *listeners, guint position, guint removed, guint added, gpointer data)
{
  AionetStunServerPrivate *priv = aionet_stun_server_get_instance_private (data);

  if (removed == 0)
    return;
  _aionet_stun_sites_update (priv->sites, priv->behavior_discovery);
  if (g_list_model_get_n_items (listeners) == 0)
    g_ptr_array_set_size (priv->sites, 0);
}

static void
aionet_stun_server_finalize (GObject *object)
{
  AionetStunServerPrivate *priv =
      aionet_stun_server_get_instance_private (AIONET_STUN_SERVER (object));

  g_signal_handlers_disconnect_by_func (aionet_daemon_get_listeners (AIONET_DAEMON (object)),
                                        on_listeners_changed, object);
  g_clear_pointer (&priv->responder, _aionet_stun_responder_free);
  g_clear_pointer (&priv->limiter, _aionet_stun_limiter_free);
  g_ptr_array_unref (priv->sites);
  g_free (priv->software);
  G_OBJECT_CLASS (aionet_stun_server_parent_class)->finalize (object);
}

static void
aionet_stun_server_class_init (AionetStunServerClass *klass)
{
  GObjectClass      *object_class = G_OBJECT_CLASS (klass);
  AionetDaemonClass *daemon_class = AIONET_DAEMON_CLASS (klass);

  object_class->finalize = aionet_stun_server_finalize;
  daemon_class->message = aionet_stun_server_message;
  daemon_class->client = aionet_stun_server_client;
  daemon_class->client_closed = aionet_stun_server_client_closed;
  _aionet_stun_server_install_properties (object_class);
}

static void
aionet_stun_server_init (AionetStunServer *self)
{
  AionetStunServerPrivate *priv = aionet_stun_server_get_instance_private (self);
  AionetDaemon            *daemon = AIONET_DAEMON (self);

  priv->sites = g_ptr_array_new_with_free_func (_aionet_stun_site_free);
  priv->lone.server = self;
  aionet_daemon_set_max_clients (daemon, DEFAULT_MAX_CLIENTS);
  aionet_daemon_set_max_clients_per_address (daemon, DEFAULT_MAX_CLIENTS_PER_ADDRESS);
  aionet_daemon_set_idle_timeout_ms (daemon, DEFAULT_IDLE_TIMEOUT_MS);
  g_signal_connect (aionet_daemon_get_listeners (daemon), "items-changed",
                    G_CALLBACK (on_listeners_changed), self);
}

/**
 * aionet_stun_server_new:
 *
 * Creates a server that listens nowhere yet. Does no I/O.
 *
 * Returns: (transfer full): a new server
 *
 * Since: 0.1
 */
AionetStunServer *
aionet_stun_server_new (void)
{
  return g_object_new (AIONET_TYPE_STUN_SERVER, NULL);
}
