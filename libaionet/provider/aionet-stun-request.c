/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#include "config.h"

#include "provider/aionet-stun-request.h"
#include "provider/aionet-stun-request-private.h"

#include "provider/aionet-mapping.h"
#include "value/aionet-error.h"

/**
 * AionetStunRequest:
 *
 * What a [class@StunProvider] is asked: which address a server sees requests come from. It is to
 * be completed with a [class@Mapping].
 *
 * The provider sends from the socket that [method@StunRequest.dup_socket] gives it, which is bound
 * to the right address and interface; it needs none of its own, and none if it can tell without.
 *
 * Since: 0.1
 */
struct _AionetStunRequest
{
  AionetRequest       parent_instance;

  GInetSocketAddress *server; /* (owned) */
  GSocketProtocol     protocol;
  AionetStunChange    change;
  AionetSocketSource *source;        /* (owned) */
  GSocketAddress     *local_address; /* (owned) (nullable) */
  GMutex              lock;
  GSocket            *socket; /* (owned) (nullable) (mutex lock) */
};

G_DEFINE_FINAL_TYPE (AionetStunRequest, aionet_stun_request, AIONET_TYPE_REQUEST)

static char *
endpoint_to_string (GInetSocketAddress *endpoint)
{
  return endpoint != NULL ? g_socket_connectable_to_string (G_SOCKET_CONNECTABLE (endpoint))
                          : g_strdup ("nothing");
}

static gboolean
check_server (AionetStunRequest *self, GInetSocketAddress *server, GError **error)
{
  g_autofree char *asked = endpoint_to_string (self->server);
  g_autofree char *told = endpoint_to_string (server);

  if (g_str_equal (asked, told))
    return TRUE;
  g_set_error (error, AIONET_ERROR, AIONET_ERROR_PROVIDER_MISBEHAVED,
               "it was to ask %s, and tells of %s", asked, told);
  return FALSE;
}

static gboolean
check_mapping (AionetStunRequest *self, AionetMapping *mapping, GError **error)
{
  if (!check_server (self, aionet_mapping_get_server (mapping), error))
    return FALSE;
  if (aionet_mapping_get_protocol (mapping) != self->protocol)
    {
      g_set_error_literal (error, AIONET_ERROR, AIONET_ERROR_PROVIDER_MISBEHAVED,
                           "it asked by another protocol");
      return FALSE;
    }
  if (aionet_mapping_get_local (mapping) == NULL || aionet_mapping_get_external (mapping) == NULL)
    {
      g_set_error_literal (error, AIONET_ERROR, AIONET_ERROR_PROVIDER_MISBEHAVED,
                           "its mapping has no local or no external address");
      return FALSE;
    }
  return TRUE;
}

static GObject *
aionet_stun_request_check_result (AionetRequest *request, GObject *result, GError **error)
{
  if (!AIONET_IS_MAPPING (result))
    {
      g_set_error (error, AIONET_ERROR, AIONET_ERROR_PROVIDER_MISBEHAVED,
                   "it answered with a %s, not with a mapping", G_OBJECT_TYPE_NAME (result));
      return NULL;
    }
  if (!check_mapping (AIONET_STUN_REQUEST (request), AIONET_MAPPING (result), error))
    return NULL;
  return g_object_ref (result);
}

static void
aionet_stun_request_finalize (GObject *object)
{
  AionetStunRequest *self = AIONET_STUN_REQUEST (object);

  g_clear_object (&self->server);
  g_clear_object (&self->local_address);
  g_clear_object (&self->socket);
  g_clear_pointer (&self->source, _aionet_socket_source_unref);
  g_mutex_clear (&self->lock);

  G_OBJECT_CLASS (aionet_stun_request_parent_class)->finalize (object);
}

static void
aionet_stun_request_class_init (AionetStunRequestClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = aionet_stun_request_finalize;
  AIONET_REQUEST_CLASS (klass)->check_result = aionet_stun_request_check_result;
}

static void
aionet_stun_request_init (AionetStunRequest *self)
{
  g_mutex_init (&self->lock);
}

AionetStunRequest *
_aionet_stun_request_new (GInetSocketAddress *server,
                          GSocketProtocol     protocol,
                          AionetStunChange    change,
                          AionetSocketSource *source)
{
  AionetStunRequest *self = g_object_new (AIONET_TYPE_STUN_REQUEST, NULL);
  const AionetLocal *local = _aionet_socket_source_get_local (source);

  self->server = g_object_ref (server);
  self->protocol = protocol;
  self->change = change;
  self->source = _aionet_socket_source_ref (source);
  if (local->address != NULL || local->port != 0)
    self->local_address = _aionet_local_to_socket_address (local);
  return self;
}

/**
 * aionet_stun_request_get_server:
 * @self: a request
 *
 * Gets the server's endpoint to ask.
 *
 * Returns: (transfer none): the endpoint
 *
 * Since: 0.1
 */
GInetSocketAddress *
aionet_stun_request_get_server (AionetStunRequest *self)
{
  g_return_val_if_fail (AIONET_IS_STUN_REQUEST (self), NULL);

  return self->server;
}

/**
 * aionet_stun_request_get_protocol:
 * @self: a request
 *
 * Gets the protocol to ask by.
 *
 * Returns: UDP or TCP
 *
 * Since: 0.1
 */
GSocketProtocol
aionet_stun_request_get_protocol (AionetStunRequest *self)
{
  g_return_val_if_fail (AIONET_IS_STUN_REQUEST (self), G_SOCKET_PROTOCOL_UNKNOWN);

  return self->protocol;
}

/**
 * aionet_stun_request_get_change:
 * @self: a request
 *
 * Gets what the server is to change about the endpoint it answers from (RFC 5780, section 7.2).
 *
 * Returns: the flags of CHANGE-REQUEST
 *
 * Since: 0.1
 */
AionetStunChange
aionet_stun_request_get_change (AionetStunRequest *self)
{
  g_return_val_if_fail (AIONET_IS_STUN_REQUEST (self), AIONET_STUN_CHANGE_NONE);

  return self->change;
}

/**
 * aionet_stun_request_get_local_address:
 * @self: a request
 *
 * Gets the local endpoint to ask from. Its port is 0 if the system chooses one.
 *
 * Returns: (transfer none) (nullable): the endpoint, or %NULL if the system chooses the address too
 *
 * Since: 0.1
 */
GSocketAddress *
aionet_stun_request_get_local_address (AionetStunRequest *self)
{
  g_return_val_if_fail (AIONET_IS_STUN_REQUEST (self), NULL);

  return self->local_address;
}

/**
 * aionet_stun_request_get_interface_name:
 * @self: a request
 *
 * Gets the name of the interface to ask through.
 *
 * Returns: (transfer none) (nullable): the name, or %NULL if the system chooses
 *
 * Since: 0.1
 */
const char *
aionet_stun_request_get_interface_name (AionetStunRequest *self)
{
  g_return_val_if_fail (AIONET_IS_STUN_REQUEST (self), NULL);

  return self->source != NULL ? _aionet_socket_source_get_local (self->source)->interface_name
                              : NULL;
}

/**
 * aionet_stun_request_dup_socket:
 * @self: a request
 * @error: return location for an error
 *
 * Gets the socket to ask from: non-blocking, bound to the local address and tied to the interface,
 * made at the first call. UDP: shared with the other requests of one probe, so expect answers that
 * are not for this request; do not connect it. TCP: of this request alone, not connected yet.
 *
 * May be called from any thread.
 *
 * Errors: those of [error@Gio.IOErrorEnum] that making and binding a socket has.
 *
 * Returns: (transfer full): the socket; %NULL with @error set
 *
 * Since: 0.1
 */
GSocket *
aionet_stun_request_dup_socket (AionetStunRequest *self, GError **error)
{
  GSocket *socket;

  g_return_val_if_fail (AIONET_IS_STUN_REQUEST (self), NULL);
  g_return_val_if_fail (self->source != NULL, NULL);
  g_return_val_if_fail (error == NULL || *error == NULL, NULL);

  g_mutex_lock (&self->lock);
  if (self->socket == NULL)
    self->socket =
        _aionet_socket_source_dup_socket (self->source, self->protocol, self->server, error);
  socket = self->socket != NULL ? g_object_ref (self->socket) : NULL;
  g_mutex_unlock (&self->lock);
  return socket;
}
