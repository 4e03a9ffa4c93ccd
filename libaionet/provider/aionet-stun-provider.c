/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#include "config.h"

#include "provider/aionet-stun-provider.h"
#include "provider/aionet-stun-provider-private.h"

#include "provider/aionet-provider-private.h"
#include "provider/aionet-request-private.h"
#include "value/aionet-error.h"

static const AionetProviderKind kind = {
  .name = "stun-provider",
  .environment = "AIONET_STUN_PROVIDER",
};

/**
 * AionetStunProvider:
 *
 * A kind of provider that learns from servers which external address a local one has (STUN,
 * RFC 8489).
 *
 * To write one, derive from this class and implement [vfunc@StunProvider.begin]: it gets a
 * [class@StunRequest] and completes it with a [class@Mapping].
 *
 * ```c
 * static void
 * known_provider_begin (AionetStunProvider *provider, AionetStunRequest *request)
 * {
 *   g_autoptr (GSocketAddress) external = g_inet_socket_address_new_from_string ("1.3.3.7", 40000);
 *   g_autoptr (AionetMapping) mapping = aionet_mapping_new (
 *       aionet_stun_request_get_protocol (request), aionet_stun_request_get_server (request),
 *       G_INET_SOCKET_ADDRESS (aionet_stun_request_get_local_address (request)),
 *       G_INET_SOCKET_ADDRESS (external));
 *
 *   aionet_request_complete (AIONET_REQUEST (request), G_OBJECT (mapping));
 * }
 * ```
 *
 * Since: 0.1
 */
G_DEFINE_ABSTRACT_TYPE_WITH_CODE (AionetStunProvider,
                                  aionet_stun_provider,
                                  AIONET_TYPE_PROVIDER,
                                  _aionet_provider_kind_register (g_define_type_id, &kind))

static GSocketFamily
endpoint_family (GInetSocketAddress *endpoint)
{
  return g_inet_address_get_family (g_inet_socket_address_get_address (endpoint));
}

static gboolean
check_families (AionetStunRequest *request, GError **error)
{
  GInetSocketAddress *server = aionet_stun_request_get_server (request);
  GSocketAddress     *local = aionet_stun_request_get_local_address (request);

  if (local == NULL || g_socket_address_get_family (local) == endpoint_family (server))
    return TRUE;
  g_set_error (error, AIONET_ERROR, AIONET_ERROR_UNSUPPORTED_FAMILY,
               "An %s server cannot be asked from an %s address",
               endpoint_family (server) == G_SOCKET_FAMILY_IPV6 ? "IPv6" : "IPv4",
               endpoint_family (server) == G_SOCKET_FAMILY_IPV6 ? "IPv4" : "IPv6");
  return FALSE;
}

static void
begin_cb (AionetProvider *provider, AionetRequest *request)
{
  AionetStunProvider      *self = AIONET_STUN_PROVIDER (provider);
  AionetStunProviderClass *klass = AIONET_STUN_PROVIDER_GET_CLASS (self);
  g_autoptr (GError) error = NULL;

  if (!check_families (AIONET_STUN_REQUEST (request), &error))
    aionet_request_fail (request, error);
  else if (klass->begin == NULL)
    _aionet_request_fail_unimplemented (request);
  else
    klass->begin (self, AIONET_STUN_REQUEST (request));
}

static void
aionet_stun_provider_class_init (AionetStunProviderClass *klass)
{
}

static void
aionet_stun_provider_init (AionetStunProvider *self)
{
}

static AionetLocal *
make_local (GInetSocketAddress *server, GSocketAddress *local_address, const char *interface_name)
{
  AionetLocal *local;

  if (local_address != NULL)
    {
      GInetSocketAddress *endpoint = G_INET_SOCKET_ADDRESS (local_address);

      local =
          _aionet_local_new (g_inet_socket_address_get_address (endpoint),
                             endpoint_family (endpoint), g_inet_socket_address_get_port (endpoint));
      if (endpoint_family (endpoint) == G_SOCKET_FAMILY_IPV6)
        local->scope_id = g_inet_socket_address_get_scope_id (endpoint);
    }
  else
    local = _aionet_local_new (NULL, endpoint_family (server), 0);
  local->interface_name = g_strdup (interface_name);
  local->pin = interface_name != NULL;
  /* Linux binds addresses out of a block by itself for IPv4 only. */
  local->free_bind = local->pin && local->family == G_SOCKET_FAMILY_IPV6;
  return local;
}

void
_aionet_stun_provider_ask_from_source_async (AionetStunProvider *self,
                                             GInetSocketAddress *server,
                                             GSocketProtocol     protocol,
                                             AionetStunChange    change,
                                             AionetSocketSource *source,
                                             guint               timeout_ms,
                                             GCancellable       *cancellable,
                                             GAsyncReadyCallback callback,
                                             gpointer            user_data)
{
  g_autoptr (AionetStunRequest) request = NULL;

  request = _aionet_stun_request_new (server, protocol, change, source);
  _aionet_request_run_async (AIONET_REQUEST (request), AIONET_PROVIDER (self), begin_cb, timeout_ms,
                             cancellable, callback, user_data);
}

/**
 * aionet_stun_provider_dup_servers:
 * @self: a provider
 *
 * Gets the servers that the provider wants to be asked when nobody has configured others: a replay
 * has those that were recorded.
 *
 * Returns: (transfer full) (nullable) (array zero-terminated=1): `host:port` or `[v6]:port` each;
 *   %NULL when the provider has none of its own
 *
 * Since: 0.1
 */
char **
aionet_stun_provider_dup_servers (AionetStunProvider *self)
{
  AionetStunProviderClass *klass;

  g_return_val_if_fail (AIONET_IS_STUN_PROVIDER (self), NULL);

  klass = AIONET_STUN_PROVIDER_GET_CLASS (self);
  return klass->dup_servers != NULL ? klass->dup_servers (self) : NULL;
}

/**
 * aionet_stun_provider_ask_async:
 * @self: a provider
 * @server: the server's endpoint to ask
 * @protocol: `G_SOCKET_PROTOCOL_UDP` or `G_SOCKET_PROTOCOL_TCP`
 * @local_address: (nullable): the local [class@Gio.InetSocketAddress] to ask from, with port 0 for
 *   any; %NULL to let the system choose. With @interface_name it may be out of a block of that
 *   interface
 * @interface_name: (nullable): name of the interface to ask through, %NULL to let the system choose
 * @change: what the server is to change about the endpoint it answers from
 * @timeout_ms: time to wait for the answer in milliseconds, 0 for no limit
 * @cancellable: (nullable): a cancellable
 * @callback: (scope async) (nullable): called with the result, in the main context that is
 *   thread-default now
 * @user_data: data for @callback
 *
 * Asks a STUN server which address it sees requests from here come from (RFC 8489; RFC 5780 for
 * @change). Each call asks from a socket of its own.
 *
 * Since: 0.1
 */
void
aionet_stun_provider_ask_async (AionetStunProvider *self,
                                GInetSocketAddress *server,
                                GSocketProtocol     protocol,
                                GSocketAddress     *local_address,
                                const char         *interface_name,
                                AionetStunChange    change,
                                guint               timeout_ms,
                                GCancellable       *cancellable,
                                GAsyncReadyCallback callback,
                                gpointer            user_data)
{
  g_autoptr (AionetLocal) local = NULL;
  g_autoptr (AionetSocketSource) source = NULL;

  g_return_if_fail (AIONET_IS_STUN_PROVIDER (self));
  g_return_if_fail (G_IS_INET_SOCKET_ADDRESS (server));
  g_return_if_fail (protocol == G_SOCKET_PROTOCOL_UDP || protocol == G_SOCKET_PROTOCOL_TCP);
  g_return_if_fail (local_address == NULL || G_IS_INET_SOCKET_ADDRESS (local_address));
  g_return_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable));

  local = make_local (server, local_address, interface_name);
  source = _aionet_socket_source_new (local);
  _aionet_stun_provider_ask_from_source_async (self, server, protocol, change, source, timeout_ms,
                                               cancellable, callback, user_data);
}

/**
 * aionet_stun_provider_ask_finish:
 * @self: a provider
 * @result: what the callback got
 * @error: return location for an error
 *
 * Gets the answer to [method@StunProvider.ask_async]. It is one server's word, no more: servers
 * lie and networks change; [class@Interface] asks several.
 *
 * Errors: `G_IO_ERROR_CANCELLED`, `G_IO_ERROR_TIMED_OUT`, `AIONET_ERROR_UNSUPPORTED_FAMILY` if
 * server and local address are of different families, `AIONET_ERROR_PROVIDER_DROPPED`,
 * `AIONET_ERROR_PROVIDER_MISBEHAVED`, and those of the provider: `AIONET_ERROR_STUN_FAILED` and
 * those of sockets.
 *
 * Returns: (transfer full): what the server saw; %NULL with @error set
 *
 * Since: 0.1
 */
AionetMapping *
aionet_stun_provider_ask_finish (AionetStunProvider *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (AIONET_IS_STUN_PROVIDER (self), NULL);
  g_return_val_if_fail (error == NULL || *error == NULL, NULL);

  return (AionetMapping *) _aionet_request_run_finish (AIONET_PROVIDER (self), result, error);
}
