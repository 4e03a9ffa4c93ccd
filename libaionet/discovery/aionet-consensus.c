/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#include "config.h"

#include "discovery/aionet-consensus-private.h"

#include "value/aionet-special-purpose-private.h"

/* Who asks many servers of one network has asked one witness. So networks vote, and each has one
 * vote for an address however many of its servers say so.
 *
 * An address is accepted when min_agree networks say so, when these are more than half of the
 * networks heard, and when no other address has as many (a network whose servers differ votes for
 * several). With fewer networks than min_agree there is no such vote: then all servers are waited
 * for, and all that answer have to say the same. */

#define FIRST_ROUND 3
#define MAX_ROUND 16
#define NO_EXTERNAL G_MAXUINT

typedef struct
{
  GInetSocketAddress *address; /* (owned) */
  guint               network;
  guint               external; /* index in externals, or NO_EXTERNAL */
  gboolean            is_asked;
  gboolean            has_answered;
  gboolean            has_failed;
} Server;

struct _AionetConsensus
{
  GArray    *servers;   /* (owned) (element-type Server) */
  GPtrArray *externals; /* (owned) (element-type GInetAddress) all that were told, each once */
  guint      n_networks;
  guint      min_agree;
  gboolean   has_hedged;
  guint      agreed; /* index in externals, or NO_EXTERNAL; final */
  gboolean   is_confirmed;
};

static Server *
get_server (AionetConsensus *self, guint index)
{
  return &g_array_index (self->servers, Server, index);
}

static void
server_clear (gpointer server)
{
  g_object_unref (((Server *) server)->address);
}

static guint
find_network (AionetConsensus *self, GInetSocketAddress *address)
{
  for (guint i = 0; i < self->servers->len; i++)
    {
      Server *server = get_server (self, i);

      if (_aionet_inet_address_same_network (g_inet_socket_address_get_address (server->address),
                                             g_inet_socket_address_get_address (address)))
        return server->network;
    }
  return self->n_networks++;
}

void
_aionet_consensus_add_server (AionetConsensus *self, GInetSocketAddress *address)
{
  Server server = { .external = NO_EXTERNAL };

  server.network = find_network (self, address);
  server.address = g_object_ref (address);
  g_array_append_val (self->servers, server);
}

AionetConsensus *
_aionet_consensus_new (GPtrArray *servers, guint min_agree)
{
  AionetConsensus *self = g_new0 (AionetConsensus, 1);

  self->servers = g_array_sized_new (FALSE, FALSE, sizeof (Server), servers->len);
  g_array_set_clear_func (self->servers, server_clear);
  self->externals = g_ptr_array_new_with_free_func (g_object_unref);
  self->min_agree = MAX (min_agree, 1);
  self->agreed = NO_EXTERNAL;
  for (guint i = 0; i < servers->len; i++)
    _aionet_consensus_add_server (self, g_ptr_array_index (servers, i));
  return self;
}

void
_aionet_consensus_free (AionetConsensus *self)
{
  g_array_unref (self->servers);
  g_ptr_array_unref (self->externals);
  g_free (self);
}

/* Fewer networks than have to agree: nothing can be confirmed. */
static gboolean
is_lone (AionetConsensus *self)
{
  return self->n_networks < self->min_agree;
}

static void
ask (AionetConsensus *self, guint index, GArray *indexes)
{
  get_server (self, index)->is_asked = TRUE;
  g_array_append_val (indexes, index);
}

/* Servers on networks that none was asked on come first. */
static void
ask_some (AionetConsensus *self, guint n_wanted, gboolean any_network, GArray *indexes)
{
  g_autofree gboolean *is_used = g_new0 (gboolean, self->n_networks + 1);
  guint                end = indexes->len + n_wanted;

  for (guint i = 0; i < self->servers->len; i++)
    is_used[get_server (self, i)->network] |= get_server (self, i)->is_asked;
  for (guint i = 0; i < self->servers->len && indexes->len < end; i++)
    {
      if (is_used[get_server (self, i)->network])
        continue;
      is_used[get_server (self, i)->network] = TRUE;
      ask (self, i, indexes);
    }
  for (guint i = 0; any_network && i < self->servers->len && indexes->len < end; i++)
    {
      if (!get_server (self, i)->is_asked)
        ask (self, i, indexes);
    }
}

static gboolean
is_any_asked (AionetConsensus *self)
{
  for (guint i = 0; i < self->servers->len; i++)
    {
      if (get_server (self, i)->is_asked)
        return TRUE;
    }
  return FALSE;
}

void
_aionet_consensus_next_round (AionetConsensus *self, GArray *indexes)
{
  guint n_wanted = MAX_ROUND;
  guint n_before = indexes->len;

  if (!is_any_asked (self))
    {
      n_wanted = CLAMP (self->min_agree, FIRST_ROUND, MAX_ROUND);
      /* All of a lone network are waited for anyway. */
      ask_some (self, n_wanted, is_lone (self), indexes);
      return;
    }
  /* When the dead half of all servers are the preferred ones, those of the first round that live
   * and this hedge are still enough. */
  if (!self->has_hedged)
    n_wanted = MIN (MAX ((self->servers->len + 1) / 2, self->min_agree), MAX_ROUND);
  ask_some (self, n_wanted, TRUE, indexes);
  self->has_hedged |= indexes->len > n_before;
}

typedef gboolean (*ServerTest) (const Server *server, guint external);

static gboolean
is_remaining (const Server *server)
{
  return !server->has_answered && !server->has_failed;
}

static gboolean
says (const Server *server, guint external)
{
  return server->external == external;
}

static gboolean
may_say (const Server *server, guint external)
{
  return server->external == external || is_remaining (server);
}

static gboolean
is_heard (const Server *server, guint external)
{
  return server->external != NO_EXTERNAL;
}

static gboolean
may_be_heard (const Server *server, guint external)
{
  return server->external != NO_EXTERNAL || is_remaining (server);
}

static guint
count_networks (AionetConsensus *self, ServerTest test, guint external)
{
  g_autofree gboolean *is_counted = g_new0 (gboolean, self->n_networks + 1);
  guint                n_networks = 0;

  for (guint i = 0; i < self->servers->len; i++)
    {
      Server *server = get_server (self, i);

      if (is_counted[server->network] || !test (server, external))
        continue;
      is_counted[server->network] = TRUE;
      n_networks++;
    }
  return n_networks;
}

/* The most votes that any address but external has. */
static guint
count_rival (AionetConsensus *self, guint external)
{
  guint most = 0;

  for (guint i = 0; i < self->externals->len; i++)
    {
      if (i != external)
        most = MAX (most, count_networks (self, says, i));
    }
  return most;
}

static gboolean
is_accepted (AionetConsensus *self, guint external, guint n_votes, guint n_heard)
{
  return n_votes >= self->min_agree && 2 * n_votes > n_heard &&
         n_votes > count_rival (self, external);
}

/* If all that is still to come said the same. external may be one that nobody told yet. */
static gboolean
could_be_accepted (AionetConsensus *self, guint external)
{
  guint n_votes = count_networks (self, may_say, external);

  return is_accepted (self, external, n_votes, count_networks (self, may_be_heard, external));
}

static guint
count_servers (AionetConsensus *self, ServerTest test, guint external)
{
  guint n_servers = 0;

  for (guint i = 0; i < self->servers->len; i++)
    n_servers += test (get_server (self, i), external) ? 1 : 0;
  return n_servers;
}

static gboolean
test_remaining (const Server *server, guint external)
{
  return is_remaining (server);
}

static gboolean
test_pending (const Server *server, guint external)
{
  return server->is_asked && is_remaining (server);
}

static gboolean
test_asked (const Server *server, guint external)
{
  return server->is_asked;
}

static gboolean
test_answered (const Server *server, guint external)
{
  return server->has_answered;
}

/* Different addresses that servers which did not contradict themselves told. */
static guint
count_externals (AionetConsensus *self, guint *last)
{
  guint n_externals = 0;

  for (guint i = 0; i < self->externals->len; i++)
    {
      if (count_servers (self, says, i) == 0)
        continue;
      n_externals++;
      *last = i;
    }
  return n_externals;
}

static guint
find_lone_agreement (AionetConsensus *self)
{
  guint external = NO_EXTERNAL;

  if (count_servers (self, test_remaining, 0) > 0 || count_externals (self, &external) != 1)
    return NO_EXTERNAL;
  return external;
}

static guint
find_agreement (AionetConsensus *self)
{
  guint n_heard = count_networks (self, is_heard, 0);

  if (is_lone (self))
    return find_lone_agreement (self);
  for (guint i = 0; i < self->externals->len; i++)
    {
      if (is_accepted (self, i, count_networks (self, says, i), n_heard))
        return i;
    }
  return NO_EXTERNAL;
}

static void
settle (AionetConsensus *self)
{
  if (self->agreed != NO_EXTERNAL)
    return;
  self->agreed = find_agreement (self);
  self->is_confirmed = self->agreed != NO_EXTERNAL && !is_lone (self);
}

static guint
intern_external (AionetConsensus *self, GInetAddress *external)
{
  for (guint i = 0; i < self->externals->len; i++)
    {
      if (g_inet_address_equal (g_ptr_array_index (self->externals, i), external))
        return i;
    }
  g_ptr_array_add (self->externals, g_object_ref (external));
  return self->externals->len - 1;
}

void
_aionet_consensus_add_answer (AionetConsensus *self, guint server_index, GInetAddress *external)
{
  Server *server;
  guint   told;

  g_return_if_fail (server_index < self->servers->len);
  g_return_if_fail (G_IS_INET_ADDRESS (external));

  server = get_server (self, server_index);
  told = intern_external (self, external);
  /* One that contradicts itself is not believed any more; a duplicate changes nothing. */
  if (server->has_answered && server->external != told)
    server->external = NO_EXTERNAL;
  else
    server->external = told;
  server->is_asked = TRUE;
  server->has_answered = TRUE;
  settle (self);
}

void
_aionet_consensus_add_failure (AionetConsensus *self, guint server_index)
{
  g_return_if_fail (server_index < self->servers->len);

  get_server (self, server_index)->is_asked = TRUE;
  get_server (self, server_index)->has_failed = TRUE;
  settle (self);
}

void
_aionet_consensus_close (AionetConsensus *self)
{
  for (guint i = 0; i < self->servers->len; i++)
    get_server (self, i)->has_failed = TRUE;
  settle (self);
}

AionetConsensusState
_aionet_consensus_get_state (AionetConsensus *self)
{
  guint external;

  if (self->agreed != NO_EXTERNAL)
    return AIONET_CONSENSUS_AGREED;
  if (is_lone (self))
    return count_externals (self, &external) < 2 && count_servers (self, test_remaining, 0) > 0
               ? AIONET_CONSENSUS_OPEN
               : AIONET_CONSENSUS_FAILED;
  /* One more than were told: an address that nobody told yet. */
  for (external = 0; external <= self->externals->len; external++)
    {
      if (could_be_accepted (self, external))
        return AIONET_CONSENSUS_OPEN;
    }
  return AIONET_CONSENSUS_FAILED;
}

GInetAddress *
_aionet_consensus_get_external (AionetConsensus *self)
{
  return self->agreed != NO_EXTERNAL ? g_ptr_array_index (self->externals, self->agreed) : NULL;
}

gboolean
_aionet_consensus_is_confirmed (AionetConsensus *self)
{
  return self->is_confirmed;
}

guint
_aionet_consensus_get_n_pending (AionetConsensus *self)
{
  return count_servers (self, test_pending, 0);
}

guint
_aionet_consensus_get_n_heard (AionetConsensus *self)
{
  return count_servers (self, test_answered, 0);
}

static const char *
plural (guint number)
{
  return number == 1 ? "" : "s";
}

static char *
explain_few (AionetConsensus *self, guint n_heard)
{
  guint n_networks = count_networks (self, is_heard, 0);

  if (n_heard > n_networks)
    return g_strdup_printf ("%u servers answered, but on %u network%s only, %u must agree", n_heard,
                            n_networks, plural (n_networks), self->min_agree);
  return g_strdup_printf ("only %u of %u server%s answered, %u must agree", n_heard,
                          self->servers->len, plural (self->servers->len), self->min_agree);
}

char *
_aionet_consensus_explain (AionetConsensus *self)
{
  guint n_asked = count_servers (self, test_asked, 0);
  guint n_answered = count_servers (self, test_answered, 0);
  guint n_heard = count_servers (self, is_heard, 0);
  guint external = 0;
  guint n_externals = count_externals (self, &external);

  if (n_asked == 0)
    return g_strdup ("no server was asked");
  if (n_answered == 0)
    return g_strdup_printf ("no answer from %u server%s", n_asked, plural (n_asked));
  if (n_externals == 0)
    return g_strdup_printf ("%u server%s contradicted %s", n_answered, plural (n_answered),
                            n_answered == 1 ? "itself" : "themselves");
  if (n_externals > 1)
    return g_strdup_printf ("%u servers gave %u different addresses", n_heard, n_externals);
  if (self->agreed != NO_EXTERNAL)
    return g_strdup_printf ("%u server%s gave the same address", n_heard, plural (n_heard));
  return explain_few (self, n_heard);
}

gboolean
_aionet_consensus_is_sane (GInetSocketAddress *external,
                           GSocketFamily       family,
                           gboolean            allow_private)
{
  GInetAddress      *address = g_inet_socket_address_get_address (external);
  AionetAddressClass address_class = _aionet_inet_address_classify (address);

  if (g_inet_address_get_family (address) != family ||
      g_inet_socket_address_get_port (external) == 0)
    return FALSE;
  return address_class == AIONET_ADDRESS_CLASS_PUBLIC ||
         (allow_private && address_class == AIONET_ADDRESS_CLASS_PRIVATE);
}
