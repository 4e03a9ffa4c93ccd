/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#include "config.h"

#include "discovery/nat-simulator.h"

#include <string.h>

#define LOCAL "192.168.1.2:40000"
#define EXTERNAL "1.3.3.7:1"
#define LIE "1.2.3.4:6666"
#define FIRST_MAPPED 20000

/* A packet that went out: what mapping it took and whom it opened the filter for. */
typedef struct
{
  guint             socket;
  AionetNatEndpoint remote;
  AionetNatEndpoint mapped;
} Contact;

typedef struct
{
  const Network *network;
  GRand         *random;
  GArray        *contacts; /* (owned) (element-type Contact) */
  guint          n_sockets;
  guint          n_mapped;
} Simulator;

AionetNatEndpoint
endpoint_from_text (const char *text)
{
  g_autoptr (GSocketAddress) inet = NULL;
  g_autofree char *host = g_strndup (text, strrchr (text, ':') - text);

  inet = g_inet_socket_address_new_from_string (
      host, g_ascii_strtoull (strrchr (text, ':') + 1, NULL, 10));
  g_assert_nonnull (inet);
  return _aionet_nat_endpoint_make (G_INET_SOCKET_ADDRESS (inet));
}

static AionetNatEndpoint
make_local (guint socket)
{
  AionetNatEndpoint local = endpoint_from_text (LOCAL);

  local.port += socket;
  return local;
}

static gboolean
are_alike (AionetNatBehavior behavior, AionetNatEndpoint a, AionetNatEndpoint b)
{
  if (behavior == AIONET_NAT_BEHAVIOR_ENDPOINT_INDEPENDENT)
    return TRUE;
  if (behavior == AIONET_NAT_BEHAVIOR_ADDRESS_DEPENDENT)
    return _aionet_nat_endpoint_same_address (a, b);
  return _aionet_nat_endpoint_equal (a, b);
}

static AionetNatEndpoint
map (Simulator *self, guint socket, AionetNatEndpoint remote)
{
  Contact contact = { socket, remote, make_local (socket) };

  for (guint i = 0; i < self->contacts->len; i++)
    {
      Contact *other = &g_array_index (self->contacts, Contact, i);

      if (other->socket != socket || !are_alike (self->network->mapping, other->remote, remote))
        continue;
      contact.mapped = other->mapped;
      g_array_append_val (self->contacts, contact);
      return contact.mapped;
    }
  if (!self->network->is_open)
    {
      contact.mapped = endpoint_from_text (EXTERNAL);
      contact.mapped.port = FIRST_MAPPED + 7 * self->n_mapped++;
      if (self->network->is_pooled)
        contact.mapped.bits.high += (guint64) self->n_mapped << 32;
    }
  g_array_append_val (self->contacts, contact);
  return contact.mapped;
}

static gboolean
lets_in (Simulator *self, AionetNatEndpoint mapped, AionetNatEndpoint remote)
{
  for (guint i = 0; i < self->contacts->len; i++)
    {
      Contact *contact = &g_array_index (self->contacts, Contact, i);

      if (_aionet_nat_endpoint_equal (contact->mapped, mapped) &&
          are_alike (self->network->filtering, contact->remote, remote))
        return TRUE;
    }
  return FALSE;
}

static gboolean
is_lost (Simulator *self)
{
  return g_rand_double (self->random) < self->network->loss;
}

static AionetNatEndpoint
tell (Simulator *self, ServerFlags server, AionetNatEndpoint mapped)
{
  if (server & SERVER_COLLUDES)
    mapped = endpoint_from_text (server & SERVER_ELSEWHERE ? LIE : EXTERNAL);
  else if (server & SERVER_ELSEWHERE)
    mapped.bits = endpoint_from_text (LIE).bits;
  if (server & SERVER_SPREADS)
    mapped.port = g_rand_int_range (self->random, 1, 65536);
  if (server & SERVER_PRIVATE)
    mapped.bits = endpoint_from_text ("10.1.2.3:1").bits;
  if (server & SERVER_LOOPBACK)
    mapped.bits = endpoint_from_text ("127.0.0.1:1").bits;
  if (server & SERVER_INSANE)
    mapped.port = 0;
  return mapped;
}

/* Where the answer comes from; FALSE: there is none. */
static gboolean
find_origin (const AionetNatOperator *who,
             ServerFlags              server,
             AionetNatPlace           asked,
             AionetNatPlace           expected,
             AionetNatEndpoint       *origin)
{
  AionetNatOperator whole = *who;

  if ((server & SERVER_DEAD) || ((server & SERVER_DEAD_ALTERNATE) && expected != asked) ||
      ((server & SERVER_DEAD_ALTERNATE) && asked != AIONET_NAT_PLACE_PRIMARY) ||
      ((server & SERVER_DROPS_CHANGE) && expected != asked))
    return FALSE;
  *origin = whole.primary;
  if (((server & SERVER_IGNORES_CHANGE) && expected != asked) ||
      (server & SERVER_ALTERNATE_FROM_PRIMARY))
    return TRUE;
  /* With one address only, there is another port at most. */
  if (server & SERVER_SAME_ADDRESS)
    {
      if (expected != AIONET_NAT_PLACE_PRIMARY)
        origin->port = whole.alternate.port;
      return TRUE;
    }
  *origin = _aionet_nat_operator_get_place (who, expected);
  return TRUE;
}

static void
answer (Simulator               *self,
        AionetNatTest           *test,
        const AionetNatOperator *who,
        ServerFlags              server,
        AionetNatPlace           asked,
        AionetNatPlace           expected,
        AionetNatEndpoint        mapped)
{
  if (!find_origin (who, server, asked, expected, &test->origin) ||
      !lets_in (self, mapped, test->origin) || is_lost (self))
    return;
  test->mapped = tell (self, server, mapped);
  test->answer = AIONET_NAT_ANSWER_MAPPED;
  if ((server & SERVER_ERROR) || ((server & SERVER_REFUSES_CHANGE) && expected != asked))
    test->answer = AIONET_NAT_ANSWER_ERROR;
}

/* expected: where the answer is to come from; asked, unless it is a CHANGE-REQUEST */
static void
ask (Simulator               *self,
     AionetNatTest           *test,
     guint                    socket,
     const AionetNatOperator *who,
     ServerFlags              server,
     AionetNatPlace           asked,
     AionetNatPlace           expected)
{
  AionetNatEndpoint place = _aionet_nat_operator_get_place (who, asked);

  if (place.family == G_SOCKET_FAMILY_INVALID)
    return;
  test->answer = AIONET_NAT_ANSWER_SILENT;
  for (guint i = 0; i < self->network->n_sends && test->answer == AIONET_NAT_ANSWER_SILENT; i++)
    {
      AionetNatEndpoint mapped = map (self, socket, place);

      if (!self->network->is_blocked && !is_lost (self))
        answer (self, test, who, server, asked, expected, mapped);
      test->n_lost += test->answer == AIONET_NAT_ANSWER_SILENT;
    }
}

static void
ask_filter (Simulator               *self,
            AionetNatFilterTest     *test,
            const AionetNatOperator *who,
            ServerFlags              server,
            AionetNatPlace           expected)
{
  guint socket = ++self->n_sockets;

  /* Without a second address it can be asked all the same. */
  ask (self, &test->change, socket, who, server, AIONET_NAT_PLACE_PRIMARY, expected);
  if (self->network->has_controls)
    ask (self, &test->control, socket, who, server, AIONET_NAT_PLACE_PRIMARY,
         AIONET_NAT_PLACE_PRIMARY);
}

static void
ask_operator (Simulator *self, AionetNatOperator *who, ServerFlags server)
{
  for (AionetNatPlace place = 0; place < AIONET_NAT_N_PLACES; place++)
    {
      ask (self, &who->mapping[place], 0, who, server, place, place);
      ask (self, &who->alive[place], ++self->n_sockets, who, server, place, place);
    }
  if (server & SERVER_PLAIN)
    return;
  ask_filter (self, &who->change_both, who, server, AIONET_NAT_PLACE_ALTERNATE);
  ask_filter (self, &who->change_port, who, server, AIONET_NAT_PLACE_ALTERNATE_PORT);
}

static void
ask_hairpin (Simulator *self, AionetNatTest *test)
{
  test->answer = AIONET_NAT_ANSWER_SILENT;
  for (guint i = 0; i < self->network->n_sends && test->answer == AIONET_NAT_ANSWER_SILENT; i++)
    {
      if (self->network->hairpins && !is_lost (self))
        test->answer = AIONET_NAT_ANSWER_MAPPED;
      else
        test->n_lost++;
    }
}

AionetNatObservations *
simulate (const Network *network, const ServerFlags *servers, guint n_servers, guint32 seed)
{
  g_autoptr (GSocketAddress) local = _aionet_nat_endpoint_to_address (make_local (0));
  AionetNatObservations *observations =
      _aionet_nat_observations_new (G_SOCKET_PROTOCOL_UDP, G_INET_SOCKET_ADDRESS (local));
  Simulator self = { network, g_rand_new_with_seed (seed),
                     g_array_new (FALSE, FALSE, sizeof (Contact)), 0, 0 };

  for (guint i = 0; i < n_servers; i++)
    {
      g_autofree char *primary = g_strdup_printf ("9.%u.1.1", i);
      g_autofree char *alternate =
          g_strdup_printf ("9.%u.%s", i, servers[i] & SERVER_SAME_ADDRESS ? "1.1" : "2.2");
      g_autoptr (GSocketAddress) address = g_inet_socket_address_new_from_string (primary, 3478);
      g_autoptr (GSocketAddress) other = g_inet_socket_address_new_from_string (alternate, 3479);
      guint index = _aionet_nat_observations_add (observations, G_INET_SOCKET_ADDRESS (address));
      AionetNatOperator *who = _aionet_nat_observations_get (observations, index);

      if (!(servers[i] & SERVER_PLAIN))
        who->alternate = _aionet_nat_endpoint_make (G_INET_SOCKET_ADDRESS (other));
      ask_operator (&self, who, servers[i]);
    }
  ask_hairpin (&self, &observations->hairpin);
  g_array_unref (self.contacts);
  g_rand_free (self.random);
  return observations;
}
