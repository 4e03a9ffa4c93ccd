/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#include "config.h"

#include "discovery/aionet-port-delta-private.h"

#include <string.h>

#define EQUAL AIONET_DELTA_TYPE_EQUAL
#define PRESERVING AIONET_DELTA_TYPE_PRESERVING
#define INDEPENDENT AIONET_DELTA_TYPE_INDEPENDENT
#define DEPENDENT AIONET_DELTA_TYPE_DEPENDENT
#define RANDOM AIONET_DELTA_TYPE_RANDOM

static void
test_cases (void)
{
  static const struct
  {
    const char     *name;
    AionetPortProbe probes[AIONET_PORT_DELTA_N_PROBES];
    AionetDeltaType type;
    int             value;
  } rows[] = {
    { "D-01",
      { { 4567, 4567 },
        { 48234, 48234 },
        { 6823, 6823 },
        { 60000, 60000 },
        { 50000, 50000 },
        { 60001, 60001 },
        { 5000, 5001 },
        { 5000, 5001 } },
      EQUAL,
      0 },
    { "D-02",
      { { 4000, 50000 },
        { 10000, 56000 },
        { 10200, 56200 },
        { 10400, 56400 },
        { 11000, 57000 },
        { 12000, 58000 },
        { 4620, 2333 },
        { 4630, 2334 } },
      PRESERVING,
      0 },
    { "D-04",
      { { 4560, 50000 },
        { 4561, 50020 },
        { 4562, 50040 },
        { 4563, 50060 },
        { 4564, 50080 },
        { 4565, 50100 },
        { 4566, 2333 },
        { 4567, 6000 } },
      DEPENDENT,
      20 },
    { "D-05",
      { { 4560, 4443 },
        { 4561, 50001 },
        { 4562, 63813 },
        { 4563, 64000 },
        { 4564, 2000 },
        { 4565, 6004 },
        { 4566, 2333 },
        { 4567, 8432 } },
      RANDOM,
      0 },
    { "D-07",
      { { 33000, 65530 },
        { 50200, 65532 },
        { 41000, 65534 },
        { 60300, 1 },
        { 38400, 3 },
        { 45500, 5 },
        { 52600, 7 },
        { 36700, 9 } },
      INDEPENDENT,
      2 },
    { "D-07, at 65536",
      { { 33000, 65530 },
        { 50200, 65532 },
        { 41000, 65534 },
        { 60300, 0 },
        { 38400, 2 },
        { 45500, 4 },
        { 52600, 6 },
        { 36700, 8 } },
      INDEPENDENT,
      2 },
    { "D-08",
      { { 33000, 3 },
        { 50200, 2 },
        { 41000, 1 },
        { 60300, 65535 },
        { 38400, 65534 },
        { 45500, 65533 },
        { 52600, 65532 },
        { 36700, 65531 } },
      INDEPENDENT,
      -1 },
  };

  g_test_summary ("The examples that have a number");

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      AionetPortDelta delta = _aionet_port_delta_find (rows[i].probes, AIONET_PORT_DELTA_N_PROBES,
                                                       AIONET_PORT_DELTA_THRESHOLD);

      g_test_message ("%s", rows[i].name);
      g_assert_cmpint (delta.type, ==, rows[i].type);
      g_assert_cmpint (delta.value, ==, rows[i].value);
    }
}

/* A NAT that picks ports. */
typedef struct
{
  AionetDeltaType type;
  int             value;
  guint           low; /* its range of ports */
  guint           high;
  guint           busy; /* one in so many probes comes after somebody else's; 0: none does */
  GRand          *random;
  guint           last_local;
  guint           last;
} Nat;

static guint
move_on (Nat *self, gint64 port)
{
  gint64 n_ports = self->high - self->low + 1;

  return self->low + ((port - self->low) % n_ports + n_ports) % n_ports;
}

static guint
map (Nat *self, guint local)
{
  if (self->busy > 0 && g_rand_int_range (self->random, 0, self->busy) == 0)
    self->last = move_on (self, (gint64) self->last + self->value * 3 + 1);
  switch (self->type)
    {
    case AIONET_DELTA_TYPE_EQUAL:
      self->last = local;
      break;
    case AIONET_DELTA_TYPE_PRESERVING:
      self->last = move_on (self, (gint64) local + self->value * 1000);
      break;
    case AIONET_DELTA_TYPE_INDEPENDENT:
      self->last = move_on (self, (gint64) self->last + self->value);
      break;
    case AIONET_DELTA_TYPE_DEPENDENT:
      if (local == self->last_local + 1)
        {
          self->last = move_on (self, (gint64) self->last + self->value);
          break;
        }
      self->last = g_rand_int_range (self->random, self->low, self->high + 1);
      break;
    case AIONET_DELTA_TYPE_RANDOM:
    case AIONET_DELTA_TYPE_NOT_APPLICABLE:
    default:
      self->last = g_rand_int_range (self->random, self->low, self->high + 1);
    }
  self->last_local = local;
  return self->last;
}

#define N_PORTS AIONET_PORT_PLAN_N_PORTS

/* Bits of lost: which probes are lost; of made: for which of those there is a mapping all the same.
 */
static AionetPortDelta
probe (Nat nat, guint32 lost, guint32 made, guint64 seed)
{
  guint16         ports[N_PORTS];
  AionetPortProbe probes[N_PORTS];
  AionetPortDelta delta;

  nat.random = g_rand_new_with_seed (seed);
  nat.last = g_rand_int_range (nat.random, nat.low, nat.high + 1);
  _aionet_port_plan_fill (ports, seed);
  for (guint i = 0; i < N_PORTS; i++)
    {
      guint mapped = 0;

      if (!(lost & 1u << i) || (made & 1u << i))
        mapped = map (&nat, ports[i]);
      probes[i] = (AionetPortProbe){ ports[i], lost & 1u << i ? 0 : mapped };
    }
  delta = _aionet_port_delta_find (probes, N_PORTS, AIONET_PORT_DELTA_THRESHOLD);
  g_rand_free (nat.random);
  return delta;
}

static gboolean
is_right (AionetPortDelta delta, Nat nat)
{
  gboolean has_value =
      nat.type == AIONET_DELTA_TYPE_INDEPENDENT || nat.type == AIONET_DELTA_TYPE_DEPENDENT;

  return delta.type == nat.type && delta.value == (has_value ? nat.value : 0);
}

static const guint ranges[][2] = {
  { 1, 65535 }, { 0, 65535 }, { 1024, 65535 }, { 1024, 32767 }, { 32768, 60999 }
};

typedef void (*NatFunc) (Nat nat);

/* Every type, with every value from -20 to 20, in every range. */
static void
for_each_nat (NatFunc func)
{
  for (AionetDeltaType type = EQUAL; type <= RANDOM; type++)
    {
      for (int value = -20; value <= 20; value++)
        {
          for (guint i = 0; i < G_N_ELEMENTS (ranges); i++)
            {
              Nat nat = { .type = type, .value = value, .low = ranges[i][0], .high = ranges[i][1] };

              /* Not translated is equal; where nothing is added, ports do not follow each other. A
               * NAT with fewer ports than there are local ones cannot preserve distances. */
              if (value == 0 || (type == PRESERVING && nat.high - nat.low < 64511))
                continue;
              func (nat);
            }
        }
    }
}

static void
check_loss (Nat nat)
{
  for (guint seed = 0; seed < 5; seed++)
    g_assert_true (is_right (probe (nat, 0, 0, seed), nat));
  for (guint i = 0; i < N_PORTS; i++)
    {
      for (guint j = 0; j <= i; j++)
        {
          guint32 lost = 1u << i | 1u << j;

          /* Of the pairs, a quarter for each value. */
          if (i != j && (i + 3 * j + nat.value + 20) % 4 != 0)
            continue;
          for (guint made = 0; made < 4; made++)
            {
              guint32         kept = (made & 1 ? 1u << i : 0) | (made & 2 ? 1u << j : 0);
              AionetPortDelta delta = probe (nat, lost, kept, i * 16 + j);

              if (!is_right (delta, nat))
                g_test_message ("type %d, value %d, %u-%u, lost %x, made %x: %d, %d", nat.type,
                                nat.value, nat.low, nat.high, lost, kept, delta.type, delta.value);
              g_assert_true (is_right (delta, nat));
            }
        }
    }
}

static void
test_loss (void)
{
  g_test_summary (
      "One or two of the probes lost, with a mapping made or not: type and value right");

  for_each_nat (check_loss);
}

static guint n_checked;
static guint n_wrong_values;
static guint n_missed;

static void
check_random_loss (Nat nat)
{
  g_autoptr (GRand) random = g_rand_new_with_seed (nat.value + 100 * nat.type);

  for (guint seed = 0; seed < 50; seed++)
    {
      guint32         lost = 0;
      guint32         made = 0;
      AionetPortDelta delta;

      for (guint i = 0; i < N_PORTS; i++)
        {
          gboolean is_request_lost = g_rand_double (random) < 0.1;
          gboolean is_answer_lost = g_rand_double (random) < 0.1;

          lost |= is_request_lost || is_answer_lost ? 1u << i : 0;
          made |= is_request_lost ? 0 : 1u << i;
        }
      delta = probe (nat, lost, made, seed);
      n_checked++;
      if (is_right (delta, nat))
        continue;
      g_test_message ("type %d, value %d, %u-%u, lost %x, made %x: %d, %d", nat.type, nat.value,
                      nat.low, nat.high, lost, made, delta.type, delta.value);
      if (delta.type == RANDOM)
        n_missed++;
      else
        n_wrong_values++;
    }
}

static void
test_random_loss (void)
{
  g_test_summary ("10 % of packets lost each way: right in 499 of 500, and no wrong pattern");

  for_each_nat (check_random_loss);
  g_test_message ("%u checked, %u missed, %u wrong", n_checked, n_missed, n_wrong_values);
  g_assert_cmpuint (n_missed * 500, <, n_checked);
  g_assert_cmpuint (n_wrong_values, ==, 0);
}

static void
test_busy (void)
{
  guint n_right = 0;

  g_test_summary (
      "Others behind the NAT take a port now and then: the value is right all the same");

  for (guint seed = 0; seed < 1000; seed++)
    {
      Nat nat = {
        .type = INDEPENDENT, .value = 1 + seed % 4, .low = 1024, .high = 65535, .busy = 8
      };
      AionetPortDelta delta = probe (nat, 0, 0, seed);

      n_right += is_right (delta, nat);
      /* Else it shows no pattern; another one it never shows. */
      g_assert_true (is_right (delta, nat) || delta.type == RANDOM || delta.type == DEPENDENT);
    }
  g_test_message ("%u of 1000", n_right);
  g_assert_cmpuint (n_right, >, 980);
}

static void
test_threshold (void)
{
  AionetPortProbe probes[AIONET_PORT_DELTA_N_PROBES];

  g_test_summary ("The threshold is where a pattern begins");

  for (guint n_equal = 0; n_equal <= AIONET_PORT_DELTA_N_PROBES; n_equal++)
    {
      guint mapped[] = { 9999, 50, 42000, 31, 27000, 60123, 1024, 33333 };

      for (guint i = 0; i < AIONET_PORT_DELTA_N_PROBES; i++)
        {
          probes[i].local = 20000 + i * i * 300;
          probes[i].mapped = i < n_equal ? probes[i].local : mapped[i];
        }
      for (guint threshold = 1; threshold <= AIONET_PORT_DELTA_N_PROBES; threshold++)
        {
          AionetPortDelta delta =
              _aionet_port_delta_find (probes, AIONET_PORT_DELTA_N_PROBES, threshold);

          g_assert_cmpint (delta.type == EQUAL, ==, n_equal >= threshold);
          g_assert_cmpuint (delta.n_answered, ==, AIONET_PORT_DELTA_N_PROBES);
        }
    }
}

static void
test_few (void)
{
  static const AionetPortProbe probes[] = { { 5000, 5000 }, { 6000, 6000 }, { 7000, 7000 } };
  static const AionetPortProbe silent[8] = { { 5000, 0 }, { 6000, 0 } };

  g_test_summary ("Too few answers show no pattern");

  for (guint n_probes = 0; n_probes <= 3; n_probes++)
    {
      AionetPortDelta delta = _aionet_port_delta_find (probes, n_probes, 5);

      g_assert_cmpint (delta.type, ==, RANDOM);
      g_assert_cmpuint (delta.n_answered, ==, n_probes);
    }
  g_assert_cmpint (_aionet_port_delta_find (silent, 8, 5).type, ==, RANDOM);
}

static void
test_torn_run (void)
{
  /* Two spread ports, then neighbours, of which six in a row were lost. */
  static const AionetPortProbe probes[] = {
    { 60000, 54144 }, { 50000, 17984 }, { 45000, 1024 }, { 45001, 1044 }, { 45002, 1064 },
    { 45003, 1084 },  { 45004, 0 },     { 45005, 0 },    { 45006, 0 },    { 45007, 0 },
    { 45008, 0 },     { 45009, 0 },     { 45010, 1224 }, { 45011, 1244 },
  };
  AionetPortDelta delta = _aionet_port_delta_find (probes, G_N_ELEMENTS (probes), 5);

  g_test_summary ("Both sides of a hole in the run do not count as spread ports");

  g_assert_cmpint (delta.type, ==, DEPENDENT);
  g_assert_cmpint (delta.value, ==, 20);
}

static void
test_plan (void)
{
  g_test_summary ("Plans: distinct ports, spread ones far apart, then a run; each seed its own");

  for (guint64 seed = 0; seed < 20000; seed++)
    {
      guint16 ports[N_PORTS];
      guint16 again[N_PORTS];
      guint16 other[N_PORTS];

      _aionet_port_plan_fill (ports, seed);
      _aionet_port_plan_fill (again, seed);
      _aionet_port_plan_fill (other, seed + 1);
      g_assert_cmpmem (ports, sizeof ports, again, sizeof again);
      g_assert_true (memcmp (ports, other, sizeof ports) != 0);
      for (guint i = 0; i < N_PORTS; i++)
        {
          g_assert_cmpuint (ports[i], >=, 16384);
          for (guint j = 0; j < i; j++)
            {
              gboolean is_run = j >= AIONET_PORT_PLAN_N_SPREAD;

              if (is_run)
                g_assert_cmpint (ports[i] - ports[j], ==, i - j);
              else if (i < AIONET_PORT_PLAN_N_SPREAD)
                g_assert_cmpint (ABS (ports[i] - ports[j]), >, 1000);
              else
                g_assert_cmpint (ABS (ports[i] - ports[j]), >, 1);
            }
        }
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/port-delta/cases", test_cases);
  g_test_add_func ("/port-delta/loss", test_loss);
  g_test_add_func ("/port-delta/random-loss", test_random_loss);
  g_test_add_func ("/port-delta/busy", test_busy);
  g_test_add_func ("/port-delta/threshold", test_threshold);
  g_test_add_func ("/port-delta/few", test_few);
  g_test_add_func ("/port-delta/torn-run", test_torn_run);
  g_test_add_func ("/port-delta/plan", test_plan);

  return g_test_run ();
}
