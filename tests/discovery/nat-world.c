/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#include "config.h"

#include "discovery/nat-world.h"

#define DEADLINE_US (3 * G_USEC_PER_SEC)
#define FIRST_LOCAL_PORT 40000
#define OUTSIDE "1.3.3.7"
#define INSIDE "192.168.0.20"
#define LIE "6.6.6.6"

typedef struct
{
  gint64             due_us;
  AionetNatQuestion *question;
  guint              sending;
  AionetMapping     *mapping; /* (owned) (nullable): NULL is a failure */
  AionetNatAnswer    failure;
} Answer;

typedef struct
{
  const NatWorld  *world;
  AionetNatSurvey *survey;
  GRand           *rand;
  GHashTable      *mappings; /* key of the mapping -> external port */
  GHashTable      *peers;    /* "port destination" that was sent to: set */
  guint16          last_port;
  GPtrArray       *answers; /* (element-type Answer) */
  gint64           now_us;
  NatWorldRun     *run;
} State;

static void
answer_free (gpointer data)
{
  Answer *answer = data;

  g_clear_object (&answer->mapping);
  g_free (answer);
}

static guint16
get_local_port (const AionetNatQuestion *question)
{
  return question->local_port != 0 ? question->local_port
                                   : (guint16) (FIRST_LOCAL_PORT + question->socket);
}

static char *
get_scope (AionetNatBehavior behavior, GInetSocketAddress *remote)
{
  g_autofree char *address = g_inet_address_to_string (g_inet_socket_address_get_address (remote));

  if (behavior == AIONET_NAT_BEHAVIOR_ENDPOINT_INDEPENDENT)
    return g_strdup ("");
  if (behavior == AIONET_NAT_BEHAVIOR_ADDRESS_DEPENDENT)
    return g_steal_pointer (&address);
  return g_strdup_printf ("%s %u", address, g_inet_socket_address_get_port (remote));
}

static guint16
pick_port (State *self, guint16 local)
{
  switch (self->world->ports)
    {
    case NAT_WORLD_PORTS_EQUAL:
      return local;
    case NAT_WORLD_PORTS_PRESERVING:
      return (guint16) (local + 1000);
    case NAT_WORLD_PORTS_COUNTING:
      return (guint16) (self->last_port += self->world->step);
    case NAT_WORLD_PORTS_RANDOM:
    default:
      return (guint16) g_rand_int_range (self->rand, 1024, 65536);
    }
}

/* Servers are asked in order, then their other places. */
static gboolean
is_after_collision (GInetSocketAddress *remote)
{
  g_autofree char *address = g_inet_address_to_string (g_inet_socket_address_get_address (remote));

  return g_str_equal (address, "9.5.1.1") || g_str_has_suffix (address, ".2.1") ||
         g_inet_socket_address_get_port (remote) != 3478;
}

static guint16
translate (State *self, guint16 local, GInetSocketAddress *remote)
{
  g_autofree char *scope = get_scope (self->world->mapping, remote);
  gboolean         late = self->world->collides && is_after_collision (remote);
  char            *key = g_strdup_printf ("%u %s%s", local, scope, late ? "late" : "");
  gpointer         port = g_hash_table_lookup (self->mappings, key);

  if (!self->world->is_translated)
    port = GUINT_TO_POINTER ((guint) local);
  else if (port == NULL)
    port = GUINT_TO_POINTER ((guint) pick_port (self, local));
  g_hash_table_replace (self->mappings, key, port);
  return (guint16) GPOINTER_TO_UINT (port);
}

/* Whether an answer from remote passes to the socket that asked. */
static gboolean
note_or_check_peer (State *self, guint16 local, GInetSocketAddress *remote, gboolean note)
{
  g_autofree char *scope = get_scope (self->world->filtering, remote);
  g_autofree char *key = g_strdup_printf ("%u %s", local, scope);

  if (!note)
    return g_hash_table_contains (self->peers, key);
  g_hash_table_add (self->peers, g_steal_pointer (&key));
  return TRUE;
}

static GInetSocketAddress *
endpoint_new (const char *address, guint port)
{
  return G_INET_SOCKET_ADDRESS (g_inet_socket_address_new_from_string (address, port));
}

/* Server i is at 9.i.1.1 and 9.i.2.1, ports 3478 and 3479. */
static GInetSocketAddress *
get_origin (const AionetNatQuestion *question)
{
  g_autofree char *other = g_strdup_printf ("9.%u.2.1", question->operator+ 1);
  g_autofree char *same = g_strdup_printf ("9.%u.1.1", question->operator+ 1);

  if (question->change == AIONET_STUN_CHANGE_NONE)
    return g_object_ref (question->server);
  return endpoint_new ((question->change & AIONET_STUN_CHANGE_IP) != 0 ? other : same, 3479);
}

static AionetMapping *
make_mapping (State *self, const AionetNatQuestion *question, guint16 port)
{
  gboolean lies = question->operator<self->world->n_liars;
  const char               *seen = lies && !self->world->lies_are_ports ? LIE
                                   : self->world->is_translated         ? OUTSIDE
                                                                        : INSIDE;
  g_autofree char          *other = g_strdup_printf ("9.%u.2.1", question->operator+ 1);
  g_autoptr (GInetSocketAddress) local = endpoint_new (INSIDE, get_local_port (question));
  g_autoptr (GInetSocketAddress) external = endpoint_new (seen, lies ? 666 : port);
  g_autoptr (GInetSocketAddress) alternate = endpoint_new (other, 3479);
  g_autoptr (GInetSocketAddress) origin = get_origin (question);

  return g_object_new (AIONET_TYPE_MAPPING, "protocol", G_SOCKET_PROTOCOL_UDP, "server",
                       question->server, "local", local, "external", external, "origin", origin,
                       "other-address", alternate, NULL);
}

static gboolean
is_lost (State *self)
{
  return g_rand_double (self->rand) < self->world->loss;
}

static void
deliver_later (State *self, AionetNatQuestion *question, AionetMapping *mapping)
{
  Answer *answer = g_new0 (Answer, 1);

  answer->due_us =
      self->now_us + self->world->round_trip_us + g_rand_int_range (self->rand, 0, 2000);
  answer->question = question;
  answer->sending = question->n_sent - 1;
  answer->mapping = mapping;
  answer->failure = AIONET_NAT_ANSWER_ERROR;
  g_ptr_array_add (self->answers, answer);
}

static void
refuse_later (State *self, AionetNatQuestion *question)
{
  Answer *answer = g_new0 (Answer, 1);

  answer->due_us = self->world->blind_us;
  answer->question = question;
  answer->sending = question->n_sent - 1;
  answer->failure = AIONET_NAT_ANSWER_REFUSED;
  g_ptr_array_add (self->answers, answer);
}

static void
send_packet (State *self, AionetNatQuestion *question)
{
  const NatWorld *world = self->world;
  guint16         local = get_local_port (question);
  guint from_end = NAT_WORLD_N_SERVERS - 1 - question->operator;
  guint16                                              port;
  g_autoptr (GInetSocketAddress) origin = get_origin (question);

  self->run->n_packets++;
  self->run->n_sockets = MAX (self->run->n_sockets, question->socket + 1);
  if (self->now_us < world->blind_us)
    {
      refuse_later (self, question);
      return;
    }
  /* Half of the loss is on this side of the NAT. */
  if (world->is_dark || (g_rand_boolean (self->rand) && is_lost (self)))
    return;
  port = translate (self, local, question->server);
  note_or_check_peer (self, local, question->server, TRUE);
  if (is_lost (self) || is_lost (self) || from_end < world->n_dead)
    return;
  if (question->change != AIONET_STUN_CHANGE_NONE && from_end < world->n_deaf)
    deliver_later (self, question, NULL);
  else if (note_or_check_peer (self, local, origin, FALSE))
    deliver_later (self, question, make_mapping (self, question, port));
}

static void
deliver (State *self)
{
  for (guint i = 0; i < self->answers->len;)
    {
      Answer *answer = self->answers->pdata[i];

      if (answer->due_us > self->now_us)
        {
          i++;
          continue;
        }
      if (answer->mapping != NULL)
        _aionet_nat_survey_take_mapping (self->survey, answer->question, answer->sending,
                                         answer->mapping, self->now_us);
      else
        _aionet_nat_survey_take_failure (self->survey, answer->question, answer->sending,
                                         answer->failure);
      g_ptr_array_remove_index (self->answers, i);
    }
}

static gint64
get_next_answer (State *self)
{
  gint64 next_us = G_MAXINT64;

  for (guint i = 0; i < self->answers->len; i++)
    next_us = MIN (next_us, ((Answer *) self->answers->pdata[i])->due_us);
  return next_us;
}

/* As a run does: until the verdict is settled, all is exhausted, or the time is over. */
static gboolean
is_over (State *self)
{
  g_autoptr (AionetNatVerdict) verdict =
      _aionet_nat_verdict_new (_aionet_nat_survey_get_observations (self->survey), NULL);

  return (verdict->is_settled && _aionet_nat_survey_is_thorough (self->survey) &&
          _aionet_nat_survey_has_delta (self->survey)) ||
         _aionet_nat_survey_is_exhausted (self->survey) || self->now_us >= DEADLINE_US;
}

static void
run (State *self)
{
  while (TRUE)
    {
      g_autoptr (GPtrArray) due = g_ptr_array_new ();
      gint64 next_us = _aionet_nat_survey_step (self->survey, self->now_us, due);

      for (guint i = 0; i < due->len; i++)
        send_packet (self, due->pdata[i]);
      if (is_over (self))
        return;
      next_us = MIN (MIN (next_us, get_next_answer (self)), DEADLINE_US);
      g_assert_cmpint (next_us, >=, self->now_us);
      self->now_us = next_us;
      deliver (self);
    }
}

void
nat_world_run (const NatWorld *world, guint32 seed, NatWorldRun *result)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (seed);
  g_autoptr (GHashTable) mappings = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autoptr (GHashTable) peers = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autoptr (GPtrArray) answers = g_ptr_array_new_with_free_func (answer_free);
  g_autoptr (GInetSocketAddress) local = endpoint_new (INSIDE, 0);
  g_autoptr (AionetNatSurvey) survey =
      _aionet_nat_survey_new (G_SOCKET_PROTOCOL_UDP, local, FALSE, g_rand_int (rand));
  AionetPortDelta delta;
  State           state = { world, survey, rand, mappings, peers, 50000, answers, 0, result };

  *result = (NatWorldRun){ 0 };
  state.last_port = (guint16) g_rand_int_range (rand, 1024, 65536);
  for (guint i = 0; i < NAT_WORLD_N_SERVERS; i++)
    {
      g_autofree char *address = g_strdup_printf ("9.%u.1.1", i + 1);
      g_autoptr (GInetSocketAddress) server = endpoint_new (address, 3478);

      _aionet_nat_survey_add_server (survey, server);
    }
  run (&state);
  _aionet_nat_survey_close (survey);
  result->verdict = _aionet_nat_verdict_new (_aionet_nat_survey_get_observations (survey), NULL);
  result->nat =
      _aionet_nat_verdict_to_nat (result->verdict, G_SOCKET_FAMILY_IPV4,
                                  _aionet_nat_survey_get_delta (survey, &delta) ? &delta : NULL);
  result->took_us = state.now_us;
}

void
nat_world_run_clear (NatWorldRun *self)
{
  g_clear_pointer (&self->verdict, _aionet_nat_verdict_free);
  g_clear_object (&self->nat);
}
