/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#include "config.h"

#include <aionet.h>

/* Plans are carried out here, between two NATs that are simulated: what is said to be possible has
 * to work, and what is said to be impossible has to fail. */

#define EI AIONET_NAT_BEHAVIOR_ENDPOINT_INDEPENDENT
#define AD AIONET_NAT_BEHAVIOR_ADDRESS_DEPENDENT
#define APD AIONET_NAT_BEHAVIOR_ADDRESS_AND_PORT_DEPENDENT

#define STUN_ADDRESS 9
#define MAX_MAPPINGS 64
#define N_ROUNDS 8

typedef struct
{
  guint address;
  guint port;
} Endpoint;

typedef struct
{
  Endpoint remotes[MAX_MAPPINGS]; /* that packets went to */
  guint    n_remotes;
} Mapping;

/* Packets to and from a remote endpoint, whichever way the first of them went. */
typedef struct
{
  Endpoint remote;
  guint    index; /* of the mapping */
} Session;

/* A host with its NAT. External ports are the indexes of mappings, and 100. */
typedef struct
{
  guint             address;
  gboolean          is_blocked;
  AionetNatBehavior mapping;
  AionetNatBehavior filtering;
  Mapping           mappings[MAX_MAPPINGS];
  guint             n_mappings;
  Session           sessions[MAX_MAPPINGS];
  guint             n_sessions;
  Endpoint          peer; /* where it sends to */
  gboolean          is_sending;
  gboolean          has_received;
  guint             last_round; /* in which something came in */
} Host;

typedef enum
{
  POLICY_FIRST, /* answers to where the first packet came from, as plans ask for */
  POLICY_LATEST,
  N_POLICIES,
} Policy;

static gboolean
are_alike (AionetNatBehavior behavior, Endpoint a, Endpoint b)
{
  if (behavior == EI)
    return TRUE;
  return a.address == b.address && (behavior == AD || a.port == b.port);
}

static guint
find_session (const Host *self, Endpoint remote)
{
  guint i = 0;

  while (i < self->n_sessions && !are_alike (APD, self->sessions[i].remote, remote))
    i++;
  return i;
}

static void
note_session (Host *self, Endpoint remote, guint index)
{
  if (find_session (self, remote) < self->n_sessions)
    return;
  g_assert_cmpuint (self->n_sessions, <, MAX_MAPPINGS);
  self->sessions[self->n_sessions++] = (Session){ remote, index };
}

static guint
find_mapping (const Host *self, Endpoint remote)
{
  guint session = find_session (self, remote);
  guint index = 0;

  if (session < self->n_sessions)
    return self->sessions[session].index;
  while (index < self->n_mappings &&
         !are_alike (self->mapping, self->mappings[index].remotes[0], remote))
    index++;
  return index;
}

/* The external port for a packet to remote. */
static guint
map (Host *self, Endpoint remote)
{
  guint    index = find_mapping (self, remote);
  Mapping *mapping = &self->mappings[index];

  if (index == self->n_mappings)
    self->n_mappings++;
  g_assert_cmpuint (self->n_mappings, <, MAX_MAPPINGS);
  g_assert_cmpuint (mapping->n_remotes, <, MAX_MAPPINGS);
  mapping->remotes[mapping->n_remotes++] = remote;
  note_session (self, remote, index);
  return 100 + index;
}

static gboolean
lets_in (Host *self, guint port, Endpoint remote)
{
  Mapping *mapping = &self->mappings[port - 100];

  if (port - 100 >= self->n_mappings)
    return FALSE;
  for (guint i = 0; i < mapping->n_remotes; i++)
    {
      if (are_alike (self->filtering, mapping->remotes[i], remote))
        return TRUE;
    }
  return FALSE;
}

static void
send_packet (Host *self, Host *other, Policy policy, guint round)
{
  Endpoint source = { self->address, 0 };

  if (!self->is_sending)
    return;
  source.port = map (self, self->peer);
  if (self->is_blocked || other->is_blocked || self->peer.address != other->address ||
      !lets_in (other, self->peer.port, source))
    return;
  note_session (other, source, self->peer.port - 100);
  if (!other->has_received || policy == POLICY_LATEST)
    other->peer = source;
  other->has_received = TRUE;
  other->is_sending = TRUE;
  other->last_round = round;
}

/* What the host tells the other one to send to. */
static Endpoint
tell (Host *self, gboolean predicts)
{
  Endpoint stun = { STUN_ADDRESS, 1 };
  Endpoint told = { self->address, 100 };

  /* A fresh socket: its first mapping is the one foretold. */
  if (!predicts || self->mapping == EI)
    told.port = map (self, stun);
  return told;
}

static gboolean
attempt (Host             a,
         Host             b,
         gboolean         predicts_a,
         gboolean         predicts_b,
         AionetNatStarter starter,
         gboolean         b_is_quicker,
         Policy           policy)
{
  b.peer = tell (&a, predicts_a);
  a.peer = tell (&b, predicts_b);
  a.is_sending = starter != AIONET_NAT_STARTER_OTHER;
  b.is_sending = starter != AIONET_NAT_STARTER_SELF;
  for (guint round = 1; round <= N_ROUNDS; round++)
    {
      if (b_is_quicker)
        send_packet (&b, &a, policy, round);
      send_packet (&a, &b, policy, round);
      if (!b_is_quicker)
        send_packet (&b, &a, policy, round);
    }
  return a.last_round == N_ROUNDS && b.last_round == N_ROUNDS;
}

static const AionetNatBehavior behaviors[] = { EI, AD, APD };

static AionetDeltaType
get_delta (guint number)
{
  return number < 9 ? AIONET_DELTA_TYPE_RANDOM : AIONET_DELTA_TYPE_INDEPENDENT;
}

/* 0..8: mapping and filtering; 9..17: the same with a predictable delta; 18: blocked. */
#define N_NATS 19

static Host
make_host (guint number, guint address)
{
  Host host = { .address = address,
                .is_blocked = number == 18,
                .mapping = behaviors[number % 9 / 3],
                .filtering = behaviors[number % 3] };

  return host;
}

static AionetNat *
make_nat (guint number)
{
  static const AionetNatType types[] = { 3, 4, 5, 6, 6, 6, 6, 6, 6 };

  if (number == 18)
    return aionet_nat_new (AIONET_NAT_TYPE_BLOCKED, AIONET_DELTA_TYPE_RANDOM, 0);
  return g_object_new (AIONET_TYPE_NAT, "type", types[number % 9], "delta-type", get_delta (number),
                       "delta-value", number < 9 ? 0 : 1, "mapping", behaviors[number % 9 / 3],
                       "filtering", behaviors[number % 3], "confidence", 1.0, "tested", TRUE, NULL);
}

static void
assert_works (AionetNatPlan *plan, Host a, Host b, gboolean predicts_a, gboolean predicts_b)
{
  AionetNatStarter starter = aionet_nat_plan_get_starter (plan);
  gboolean is_predicted = aionet_nat_plan_get_method (plan) == AIONET_NAT_METHOD_PORT_PREDICTION;
  AionetNatStarter single[] = { AIONET_NAT_STARTER_SELF, AIONET_NAT_STARTER_OTHER,
                                AIONET_NAT_STARTER_BOTH };
  /* One that is to wait, lest its NAT pick another port than the one that was told. */
  gboolean must_wait = (starter == AIONET_NAT_STARTER_OTHER && a.mapping != EI) ||
                       (starter == AIONET_NAT_STARTER_SELF && b.mapping != EI);

  for (guint i = 0; i < 4; i++)
    {
      Policy policy = i % 2;

      g_assert_true (attempt (a, b, predicts_a && is_predicted, predicts_b && is_predicted, starter,
                              i / 2, policy));
      /* Either may start, and both may where one would do. */
      for (guint j = starter == AIONET_NAT_STARTER_EITHER ? 0 : 2; !must_wait && j < 3; j++)
        g_assert_true (attempt (a, b, predicts_a && is_predicted, predicts_b && is_predicted,
                                single[j], i / 2, policy));
    }
}

static void
assert_fails (Host a, Host b, gboolean predicts_a, gboolean predicts_b)
{
  for (guint i = 0; i < 16; i++)
    {
      gboolean foretells_a = (i & 1) && predicts_a;
      gboolean foretells_b = (i & 2) && predicts_b;

      g_assert_false (
          attempt (a, b, foretells_a, foretells_b, AIONET_NAT_STARTER_BOTH, i >> 2 & 1, i >> 3));
    }
}

/* The simplest method that works, tried one by one. */
static AionetNatMethod
find_method (Host a, Host b)
{
  if (attempt (a, b, FALSE, FALSE, AIONET_NAT_STARTER_SELF, FALSE, POLICY_FIRST) ||
      attempt (a, b, FALSE, FALSE, AIONET_NAT_STARTER_OTHER, FALSE, POLICY_FIRST))
    return AIONET_NAT_METHOD_DIRECT;
  if (attempt (a, b, FALSE, FALSE, AIONET_NAT_STARTER_BOTH, FALSE, POLICY_FIRST))
    return AIONET_NAT_METHOD_HOLE_PUNCHING;
  return AIONET_NAT_METHOD_PORT_PREDICTION;
}

static void
test_all_pairs (void)
{
  guint n_possible = 0;

  g_test_summary ("What is possible works as planned, and no simpler way; what is not fails");

  for (guint i = 0; i < N_NATS * N_NATS; i++)
    {
      guint a = i / N_NATS;
      guint b = i % N_NATS;
      g_autoptr (AionetNat) nat = make_nat (a);
      g_autoptr (AionetNat) other = make_nat (b);
      g_autoptr (AionetNatPlan) plan = aionet_nat_plan_new (nat, other);
      gboolean predicts_a = a >= 9;
      gboolean predicts_b = b >= 9;

      g_test_message ("%u %u: %s", a, b, aionet_nat_plan_get_reason (plan));
      g_assert_cmpint (aionet_nat_plan_is_possible (plan), ==, aionet_nat_can_connect (nat, other));
      n_possible += aionet_nat_plan_is_possible (plan);
      if (!aionet_nat_plan_is_possible (plan))
        {
          g_assert_cmpint (aionet_nat_plan_get_starter (plan), ==, AIONET_NAT_STARTER_NONE);
          assert_fails (make_host (a, 1), make_host (b, 2), predicts_a, predicts_b);
          continue;
        }
      assert_works (plan, make_host (a, 1), make_host (b, 2), predicts_a, predicts_b);
      g_assert_cmpint (aionet_nat_plan_get_method (plan), ==,
                       find_method (make_host (a, 1), make_host (b, 2)));
    }
  g_assert_cmpuint (n_possible, >, 200);
  g_assert_cmpuint (n_possible, <, 324);
}

static void
test_starters (void)
{
  static const struct
  {
    AionetNatType    type;
    AionetNatType    other;
    AionetNatMethod  method;
    AionetNatStarter starter;
  } rows[] = {
    { 1, 1, AIONET_NAT_METHOD_DIRECT, AIONET_NAT_STARTER_EITHER },
    { 1, 3, AIONET_NAT_METHOD_DIRECT, AIONET_NAT_STARTER_EITHER },
    { 1, 2, AIONET_NAT_METHOD_DIRECT, AIONET_NAT_STARTER_OTHER },
    { 2, 1, AIONET_NAT_METHOD_DIRECT, AIONET_NAT_STARTER_SELF },
    { 1, 6, AIONET_NAT_METHOD_DIRECT, AIONET_NAT_STARTER_OTHER },
    { 6, 3, AIONET_NAT_METHOD_DIRECT, AIONET_NAT_STARTER_SELF },
    { 2, 2, AIONET_NAT_METHOD_HOLE_PUNCHING, AIONET_NAT_STARTER_BOTH },
    { 4, 5, AIONET_NAT_METHOD_HOLE_PUNCHING, AIONET_NAT_STARTER_BOTH },
    { 5, 5, AIONET_NAT_METHOD_HOLE_PUNCHING, AIONET_NAT_STARTER_BOTH },
    { 4, 6, AIONET_NAT_METHOD_HOLE_PUNCHING, AIONET_NAT_STARTER_BOTH },
    { 5, 6, AIONET_NAT_METHOD_NONE, AIONET_NAT_STARTER_NONE },
    { 6, 2, AIONET_NAT_METHOD_NONE, AIONET_NAT_STARTER_NONE },
    { 6, 6, AIONET_NAT_METHOD_NONE, AIONET_NAT_STARTER_NONE },
    { 7, 1, AIONET_NAT_METHOD_NONE, AIONET_NAT_STARTER_NONE },
    { 3, 7, AIONET_NAT_METHOD_NONE, AIONET_NAT_STARTER_NONE },
  };

  g_test_summary ("Types alone: what they imply decides who starts");

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (AionetNat) nat = aionet_nat_new (rows[i].type, AIONET_DELTA_TYPE_RANDOM, 0);
      g_autoptr (AionetNat) other = aionet_nat_new (rows[i].other, AIONET_DELTA_TYPE_RANDOM, 0);
      g_autoptr (AionetNatPlan) plan = aionet_nat_plan_new (nat, other);

      g_test_message ("%d %d: %s", rows[i].type, rows[i].other, aionet_nat_plan_get_reason (plan));
      g_assert_cmpint (aionet_nat_plan_get_method (plan), ==, rows[i].method);
      g_assert_cmpint (aionet_nat_plan_get_starter (plan), ==, rows[i].starter);
      g_assert_cmpfloat (aionet_nat_plan_get_confidence (plan), ==, 1);
    }
}

static void
test_deltas (void)
{
  g_test_summary ("A pattern of ports makes symmetric NATs passable, no pattern does not");

  for (AionetDeltaType type = AIONET_DELTA_TYPE_NOT_APPLICABLE; type <= AIONET_DELTA_TYPE_RANDOM;
       type++)
    {
      g_autoptr (AionetNat) nat = aionet_nat_new (AIONET_NAT_TYPE_SYMMETRIC, type, 0);
      g_autoptr (AionetNat) strict =
          aionet_nat_new (AIONET_NAT_TYPE_PORT_RESTRICTED, AIONET_DELTA_TYPE_RANDOM, 0);
      gboolean expected =
          type != AIONET_DELTA_TYPE_NOT_APPLICABLE && type != AIONET_DELTA_TYPE_RANDOM;
      g_autoptr (AionetNatPlan) plan = aionet_nat_plan_new (strict, nat);

      g_assert_cmpint (aionet_nat_can_connect (nat, nat), ==, expected);
      g_assert_cmpint (aionet_nat_can_connect (nat, strict), ==, expected);
      g_assert_cmpint (aionet_nat_can_connect (strict, nat), ==, expected);
      g_assert_cmpint (aionet_nat_plan_get_method (plan), ==,
                       expected ? AIONET_NAT_METHOD_PORT_PREDICTION : AIONET_NAT_METHOD_NONE);
    }
}

static void
test_uncertain (void)
{
  g_autoptr (AionetNat) untested = aionet_nat_new_untested ();
  g_autoptr (AionetNat) open = aionet_nat_new (AIONET_NAT_TYPE_OPEN, 1, 0);
  g_autoptr (AionetNat) guess = g_object_new (AIONET_TYPE_NAT, "type", AIONET_NAT_TYPE_FULL_CONE,
                                              "tested", TRUE, "confidence", 0.4, NULL);
  g_autoptr (AionetNatPlan) assumed = aionet_nat_plan_new (untested, untested);
  g_autoptr (AionetNatPlan) guessed = aionet_nat_plan_new (guess, open);

  g_test_summary ("An untested NAT is port-restricted; where one is uncertain, both start");

  g_assert_cmpint (aionet_nat_plan_get_method (assumed), ==, AIONET_NAT_METHOD_HOLE_PUNCHING);
  g_assert_cmpfloat (aionet_nat_plan_get_confidence (assumed), ==, 0);
  g_assert_cmpint (aionet_nat_plan_get_starter (guessed), ==, AIONET_NAT_STARTER_BOTH);
  g_assert_cmpint (aionet_nat_plan_get_method (guessed), ==, AIONET_NAT_METHOD_DIRECT);
  g_assert_cmpfloat (aionet_nat_plan_get_confidence (guessed), ==, 0.4);
}

static void
test_properties (void)
{
  g_autoptr (AionetNat) nat = aionet_nat_new (AIONET_NAT_TYPE_OPEN, 1, 0);
  g_autoptr (AionetNat) other = aionet_nat_new (AIONET_NAT_TYPE_RESTRICTED, 6, 0);
  g_autoptr (AionetNatPlan) plan = aionet_nat_plan_new (nat, other);
  g_autofree char *reason = NULL;
  AionetNatMethod  method;
  AionetNatStarter starter;
  gboolean         possible;
  double           confidence;

  g_test_summary ("Properties say what the getters say");

  g_object_get (plan, "possible", &possible, "method", &method, "starter", &starter, "confidence",
                &confidence, "reason", &reason, NULL);
  g_assert_true (possible);
  g_assert_cmpint (method, ==, AIONET_NAT_METHOD_DIRECT);
  g_assert_cmpint (starter, ==, AIONET_NAT_STARTER_OTHER);
  g_assert_cmpfloat (confidence, ==, 1);
  g_assert_cmpstr (reason, ==, "The first NAT lets in anybody");
  g_assert_cmpstr (aionet_nat_plan_get_reason (plan), ==, reason);
}

static void
test_predict (void)
{
  static const struct
  {
    AionetDeltaType type;
    int             value;
    guint16         last_local;
    guint16         last_mapped;
    guint16         local;
    const char     *ports;
  } rows[] = {
    { AIONET_DELTA_TYPE_NOT_APPLICABLE, 0, 5000, 5000, 6000, "6000" },
    { AIONET_DELTA_TYPE_EQUAL, 0, 5000, 5000, 6000, "6000" },
    { AIONET_DELTA_TYPE_PRESERVING, 0, 5000, 7000, 6000, "8000" },
    { AIONET_DELTA_TYPE_PRESERVING, 0, 5000, 65000, 6000, "1488" },
    { AIONET_DELTA_TYPE_PRESERVING, 0, 6000, 1100, 5000, "64612" },
    { AIONET_DELTA_TYPE_INDEPENDENT, 2, 5000, 7000, 9, "7002 7004 7006" },
    { AIONET_DELTA_TYPE_INDEPENDENT, -1, 5000, 1025, 5000, "1024 65535 65534" },
    { AIONET_DELTA_TYPE_INDEPENDENT, 0, 5000, 7000, 9, "7000" },
    { AIONET_DELTA_TYPE_DEPENDENT, 20, 5000, 7000, 5001, "7020 7040 7060" },
    { AIONET_DELTA_TYPE_DEPENDENT, 20, 5000, 7000, 5002, "7040 7060 7080" },
    { AIONET_DELTA_TYPE_DEPENDENT, 20, 5000, 7000, 4999, NULL },
    { AIONET_DELTA_TYPE_DEPENDENT, -5, 5000, 65535, 5003, "65520 65515 65510" },
    { AIONET_DELTA_TYPE_RANDOM, 0, 5000, 7000, 5001, NULL },
  };

  g_test_summary ("Ports are foretold as the delta has it, and wrap around");

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (AionetNat) nat =
          aionet_nat_new (AIONET_NAT_TYPE_SYMMETRIC, rows[i].type, rows[i].value);
      gsize               n_ports = 99;
      g_autofree guint16 *ports = aionet_nat_predict_ports (
          nat, rows[i].last_local, rows[i].last_mapped, rows[i].local, 3, &n_ports);
      g_autoptr (GString) text = g_string_new (NULL);

      for (gsize j = 0; j < n_ports; j++)
        g_string_append_printf (text, "%s%u", j == 0 ? "" : " ", ports[j]);
      g_assert_cmpstr (text->str, ==, rows[i].ports != NULL ? rows[i].ports : "");
      g_assert_cmpint (ports == NULL, ==, rows[i].ports == NULL);
    }
}

static void
test_predict_kept (void)
{
  g_autoptr (AionetNat) nat =
      g_object_new (AIONET_TYPE_NAT, "mapping", EI, "tested", TRUE, "confidence", 1.0, NULL);
  gsize               n_ports;
  g_autofree guint16 *ports = aionet_nat_predict_ports (nat, 5000, 7000, 5000, 3, &n_ports);

  g_test_summary ("A mapping that is the same for all destinations needs no prophecy");

  g_assert_cmpuint (n_ports, ==, 1);
  g_assert_cmpuint (ports[0], ==, 7000);
  g_assert_null (aionet_nat_predict_ports (nat, 5000, 7000, 5001, 3, &n_ports));
  g_assert_null (aionet_nat_predict_ports (nat, 5000, 7000, 5000, 0, &n_ports));
  g_assert_cmpuint (n_ports, ==, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/nat-plan/all-pairs", test_all_pairs);
  g_test_add_func ("/nat-plan/starters", test_starters);
  g_test_add_func ("/nat-plan/deltas", test_deltas);
  g_test_add_func ("/nat-plan/uncertain", test_uncertain);
  g_test_add_func ("/nat-plan/properties", test_properties);
  g_test_add_func ("/nat-plan/predict", test_predict);
  g_test_add_func ("/nat-plan/predict-kept", test_predict_kept);

  return g_test_run ();
}
