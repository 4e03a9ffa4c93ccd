/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#include "config.h"

#include "discovery/aionet-nat-observations-private.h"

AionetNatObservations *
_aionet_nat_observations_new (GSocketProtocol protocol, GInetSocketAddress *local)
{
  AionetNatObservations *self = g_new0 (AionetNatObservations, 1);

  self->protocol = protocol;
  self->local = _aionet_nat_endpoint_make (local);
  self->operators = g_array_new (FALSE, TRUE, sizeof (AionetNatOperator));
  return self;
}

void
_aionet_nat_observations_free (AionetNatObservations *self)
{
  g_array_unref (self->operators);
  g_free (self);
}

guint
_aionet_nat_observations_add (AionetNatObservations *self, GInetSocketAddress *primary)
{
  AionetNatOperator server = { .primary = _aionet_nat_endpoint_make (primary) };

  g_array_append_val (self->operators, server);
  return self->operators->len - 1;
}

AionetNatOperator *
_aionet_nat_observations_get (const AionetNatObservations *self, guint index)
{
  g_return_val_if_fail (index < self->operators->len, NULL);

  return &g_array_index (self->operators, AionetNatOperator, index);
}

AionetNatEndpoint
_aionet_nat_endpoint_make (GInetSocketAddress *address)
{
  AionetNatEndpoint endpoint = { .family = G_SOCKET_FAMILY_INVALID };
  GInetAddress     *inet;

  if (address == NULL)
    return endpoint;
  inet = g_inet_socket_address_get_address (address);
  endpoint.bits = _aionet_address_bits_from_address (inet);
  endpoint.family = g_inet_address_get_family (inet);
  endpoint.port = g_inet_socket_address_get_port (address);
  return endpoint;
}

GSocketAddress *
_aionet_nat_endpoint_to_address (AionetNatEndpoint endpoint)
{
  g_autoptr (GInetAddress) inet = NULL;

  if (endpoint.family == G_SOCKET_FAMILY_INVALID)
    return NULL;
  inet = _aionet_address_bits_to_address (endpoint.bits, endpoint.family);
  return g_inet_socket_address_new (inet, endpoint.port);
}

gboolean
_aionet_nat_endpoint_same_address (AionetNatEndpoint a, AionetNatEndpoint b)
{
  return a.family == b.family && _aionet_address_bits_equal (a.bits, b.bits);
}

gboolean
_aionet_nat_endpoint_equal (AionetNatEndpoint a, AionetNatEndpoint b)
{
  return a.port == b.port && _aionet_nat_endpoint_same_address (a, b);
}

static gboolean
has_alternate (const AionetNatOperator *self)
{
  return self->alternate.family == self->primary.family && self->alternate.port != 0 &&
         self->alternate.port != self->primary.port &&
         !_aionet_nat_endpoint_same_address (self->alternate, self->primary);
}

AionetNatEndpoint
_aionet_nat_operator_get_place (const AionetNatOperator *self, AionetNatPlace place)
{
  AionetNatEndpoint none = { .family = G_SOCKET_FAMILY_INVALID };
  AionetNatEndpoint endpoint = self->primary;

  if (place == AIONET_NAT_PLACE_PRIMARY)
    return endpoint;
  if (!has_alternate (self))
    return none;
  if (place != AIONET_NAT_PLACE_ALTERNATE_PORT)
    endpoint = self->alternate;
  endpoint.port =
      place == AIONET_NAT_PLACE_ALTERNATE_ADDRESS ? self->primary.port : self->alternate.port;
  return endpoint;
}
