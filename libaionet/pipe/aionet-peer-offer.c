/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#include "config.h"

#include "pipe/aionet-peer-offer-private.h"

#include <string.h>

#include "value/aionet-error.h"
#include "value/aionet-json-private.h"

AionetPeerOffer *
_aionet_peer_offer_new (void)
{
  AionetPeerOffer *self = g_new0 (AionetPeerOffer, 1);

  g_snprintf (self->token, sizeof self->token, "%08x%08x", g_random_int (), g_random_int ());
  return self;
}

void
_aionet_peer_offer_free (AionetPeerOffer *self)
{
  g_clear_object (&self->nat);
  g_clear_object (&self->address);
  g_free (self);
}

char *
_aionet_peer_offer_to_string (const AionetPeerOffer *self)
{
  g_autoptr (JsonNode) node = json_node_new (JSON_NODE_OBJECT);
  g_autofree char *address = g_inet_address_to_string (self->address);
  JsonObject      *object = json_object_new ();

  json_object_set_string_member (object, "address", address);
  json_object_set_int_member (object, "port", self->port);
  json_object_set_int_member (object, "local_port", self->local_port);
  json_object_set_int_member (object, "next_port", self->next_port);
  json_object_set_string_member (object, "token", self->token);
  json_object_set_member (object, "nat", _aionet_nat_to_json (self->nat));
  json_node_take_object (node, object);
  return _aionet_json_to_string (node, FALSE);
}

static gboolean
fail (GError **error, const char *what)
{
  g_set_error (error, AIONET_ERROR, AIONET_ERROR_INVALID_JSON, "The offer of a host needs %s",
               what);
  return FALSE;
}

static gboolean
read_port (JsonObject *object, const char *member, guint16 *port, GError **error)
{
  gint64 value = 0;

  if (!_aionet_json_read_int (object, member, 0, G_MAXUINT16, &value, error))
    return FALSE;
  *port = (guint16) value;
  return value != 0 || fail (error, "ports from 1 to 65535");
}

/* Packets are sent there on the word of somebody else. */
static gboolean
is_unicast (GInetAddress *address)
{
  return !g_inet_address_get_is_any (address) && !g_inet_address_get_is_multicast (address) &&
         (g_inet_address_get_family (address) != G_SOCKET_FAMILY_IPV4 ||
          memcmp (g_inet_address_to_bytes (address), "\xff\xff\xff\xff", 4) != 0);
}

static gboolean
read_texts (JsonObject *object, AionetPeerOffer *self, GError **error)
{
  const char *address = NULL;
  const char *token = NULL;

  if (!_aionet_json_read_string (object, "address", &address, error) ||
      !_aionet_json_read_string (object, "token", &token, error))
    return FALSE;
  self->address = address != NULL ? g_inet_address_new_from_string (address) : NULL;
  if (self->address == NULL || !is_unicast (self->address))
    return fail (error, "the address of one host");
  if (token == NULL || strlen (token) != AIONET_PEER_TOKEN_LENGTH)
    return fail (error, "a token of " G_STRINGIFY (AIONET_PEER_TOKEN_LENGTH) " bytes");
  memcpy (self->token, token, AIONET_PEER_TOKEN_LENGTH);
  return TRUE;
}

AionetPeerOffer *
_aionet_peer_offer_new_from_string (const char *text, GError **error)
{
  g_autoptr (JsonNode) node = _aionet_json_parse (text, -1, error);
  g_autoptr (AionetPeerOffer) self = g_new0 (AionetPeerOffer, 1);
  JsonObject *object;

  if (node == NULL)
    return NULL;
  if (!JSON_NODE_HOLDS_OBJECT (node))
    {
      fail (error, "to be an object");
      return NULL;
    }
  object = json_node_get_object (node);
  if (!read_texts (object, self, error) || !read_port (object, "port", &self->port, error) ||
      !read_port (object, "local_port", &self->local_port, error) ||
      !read_port (object, "next_port", &self->next_port, error))
    return NULL;
  self->nat = _aionet_nat_from_json (json_object_get_member (object, "nat"), error);
  return self->nat != NULL ? g_steal_pointer (&self) : NULL;
}

static gboolean
keeps_port (AionetNat *nat)
{
  AionetNatBehavior mapping = aionet_nat_get_mapping (nat);

  return mapping == AIONET_NAT_BEHAVIOR_ENDPOINT_INDEPENDENT ||
         (mapping == AIONET_NAT_BEHAVIOR_UNKNOWN &&
          aionet_nat_get_nat_type (nat) != AIONET_NAT_TYPE_SYMMETRIC);
}

static guint16 *
foretell (const AionetPeerOffer *self, guint max_ports, gsize *n_ports)
{
  return aionet_nat_predict_ports (self->nat, self->local_port, self->port, self->next_port,
                                   max_ports, n_ports);
}

gboolean
_aionet_peer_offer_is_foretold (const AionetPeerOffer *self, AionetNatMethod method)
{
  g_autofree guint16 *ports = NULL;
  gsize               n_ports;

  /* Without a plan that works, what comes nearest to one is tried. */
  if (keeps_port (self->nat) ||
      (method != AIONET_NAT_METHOD_PORT_PREDICTION && method != AIONET_NAT_METHOD_NONE))
    return FALSE;
  ports = foretell (self, 1, &n_ports);
  return ports != NULL;
}

guint16 *
_aionet_peer_offer_get_ports (const AionetPeerOffer *self,
                              AionetNatMethod        method,
                              guint                  max_ports,
                              gsize                 *n_ports)
{
  if (_aionet_peer_offer_is_foretold (self, method))
    return foretell (self, max_ports, n_ports);
  *n_ports = 1;
  return g_memdup2 (&self->port, sizeof self->port);
}
