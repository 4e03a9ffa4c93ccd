/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#include "config.h"

#include "discovery/nat-world.h"

#define EI AIONET_NAT_BEHAVIOR_ENDPOINT_INDEPENDENT
#define AD AIONET_NAT_BEHAVIOR_ADDRESS_DEPENDENT
#define APD AIONET_NAT_BEHAVIOR_ADDRESS_AND_PORT_DEPENDENT
#define MS 1000
#define N_RUNS 50

typedef struct
{
  const char       *name;
  gboolean          is_translated;
  AionetNatBehavior mapping;
  AionetNatBehavior filtering;
  NatWorldPorts     ports;
  int               step;
  AionetNatType     type;
  AionetDeltaType   delta_type;
} Kind;

static const Kind kinds[] = {
  { "open", FALSE, EI, EI, NAT_WORLD_PORTS_EQUAL, 0, 1, 1 },
  { "firewall", FALSE, EI, APD, NAT_WORLD_PORTS_EQUAL, 0, 2, 1 },
  { "ei-ei", TRUE, EI, EI, NAT_WORLD_PORTS_EQUAL, 0, 3, 2 },
  { "ei-ad", TRUE, EI, AD, NAT_WORLD_PORTS_PRESERVING, 0, 4, 3 },
  { "ei-apd", TRUE, EI, APD, NAT_WORLD_PORTS_RANDOM, 0, 5, 6 },
  { "ad-ei", TRUE, AD, EI, NAT_WORLD_PORTS_RANDOM, 0, 6, 6 },
  { "ad-ad", TRUE, AD, AD, NAT_WORLD_PORTS_COUNTING, 2, 6, 4 },
  { "ad-apd", TRUE, AD, APD, NAT_WORLD_PORTS_COUNTING, -1, 6, 4 },
  { "apd-ei", TRUE, APD, EI, NAT_WORLD_PORTS_RANDOM, 0, 6, 6 },
  { "apd-ad", TRUE, APD, AD, NAT_WORLD_PORTS_COUNTING, 3, 6, 4 },
  { "apd-apd", TRUE, APD, APD, NAT_WORLD_PORTS_COUNTING, 1, 6, 4 },
  { "ei-apd-counting", TRUE, EI, APD, NAT_WORLD_PORTS_COUNTING, 10, 5, 4 },
};

typedef struct
{
  guint  n_right;
  guint  n_uncertain;
  guint  n_wrong;
  guint  n_right_delta;
  guint  n_max_packets;
  gint64 longest_us;
  gint64 sum_us;
} Tally;

static NatWorld
make_world (const Kind *kind)
{
  NatWorld world = {
    .is_translated = kind->is_translated,
    .mapping = kind->mapping,
    .filtering = kind->filtering,
    .ports = kind->ports,
    .step = kind->step,
    .round_trip_us = 50 * MS,
  };

  return world;
}

static void
count (const Kind *kind, const NatWorldRun *run, Tally *tally)
{
  gboolean right = run->verdict->type == kind->type &&
                   (!kind->is_translated || run->verdict->mapping == kind->mapping) &&
                   (run->verdict->filtering == kind->filtering ||
                    (kind->type == 6 && run->verdict->filtering == 0));
  gboolean right_delta =
      aionet_nat_get_delta_type (run->nat) == kind->delta_type &&
      aionet_nat_get_delta_value (run->nat) == (kind->delta_type == 4 ? kind->step : 0);

  tally->n_uncertain += run->verdict->confidence < 0.5;
  tally->n_right += run->verdict->confidence >= 0.5 && right;
  tally->n_wrong += run->verdict->confidence >= 0.5 && !right;
  tally->n_right_delta += right_delta;
  tally->n_max_packets = MAX (tally->n_max_packets, run->n_packets);
  tally->longest_us = MAX (tally->longest_us, run->took_us);
  tally->sum_us += run->took_us;
}

static Tally
run_many (const Kind *kind, const NatWorld *world, guint n)
{
  Tally tally = { 0 };

  for (guint i = 0; i < n; i++)
    {
      NatWorldRun run;

      nat_world_run (world, i, &run);
      count (kind, &run, &tally);
      nat_world_run_clear (&run);
    }
  g_test_message ("%-16s loss %2.0f %% liars %u: right %u uncertain %u wrong %u, delta right %u, "
                  "mean %.0f ms, longest %.0f ms, at most %u packets",
                  kind->name, world->loss * 100, world->n_liars, tally.n_right, tally.n_uncertain,
                  tally.n_wrong, tally.n_right_delta, (double) tally.sum_us / n / MS,
                  (double) tally.longest_us / MS, tally.n_max_packets);
  return tally;
}

static void
test_all (void)
{
  g_test_summary ("Without loss each NAT gets its type and delta, each time, within half a second");

  for (guint i = 0; i < G_N_ELEMENTS (kinds); i++)
    {
      NatWorld world = make_world (&kinds[i]);
      Tally    tally = run_many (&kinds[i], &world, 50);

      g_assert_cmpuint (tally.n_right, ==, 50);
      g_assert_cmpuint (tally.n_right_delta, ==, 50);
      /* By the clock of the made-up world, which no busy machine slows down. */
      g_assert_cmpint (tally.longest_us, <=, 500 * MS);
    }
}

static void
test_loss (void)
{
  g_test_summary ("At 10 % loss type and delta are right; at 30 % a type is right or uncertain");

  for (guint i = 0; i < G_N_ELEMENTS (kinds); i++)
    {
      NatWorld world = make_world (&kinds[i]);
      Tally    tally;

      world.loss = 0.1;
      tally = run_many (&kinds[i], &world, N_RUNS);
      g_assert_cmpuint (tally.n_wrong, ==, 0);
      g_assert_cmpuint (tally.n_right * 100, >=, N_RUNS * 99);
      g_assert_cmpuint (tally.n_right_delta * 100, >=, N_RUNS * 99);
      g_assert_cmpint (tally.longest_us, <=, 2000 * MS);
      world.loss = 0.3;
      tally = run_many (&kinds[i], &world, N_RUNS);
      g_assert_cmpuint (tally.n_wrong, ==, 0);
      g_assert_cmpuint (tally.n_right_delta * 100, >=, N_RUNS * 95);
    }
}

/* A fast network gives no time to think, a slow one no answer before a repetition. */
static void
test_round_trips (void)
{
  static const gint64 round_trips[] = { 100, 5 * MS, 300 * MS, 600 * MS };

  g_test_summary ("Neither 0.1 ms nor 600 ms of round trip change a verdict (N-10)");

  for (guint i = 0; i < G_N_ELEMENTS (kinds) * G_N_ELEMENTS (round_trips); i++)
    {
      const Kind *kind = &kinds[i / G_N_ELEMENTS (round_trips)];
      NatWorld    world = make_world (kind);
      Tally       tally;

      world.round_trip_us = round_trips[i % G_N_ELEMENTS (round_trips)];
      tally = run_many (kind, &world, 20);
      g_assert_cmpuint (tally.n_right, ==, 20);
      g_assert_cmpuint (tally.n_right_delta, ==, 20);
    }
}

static void
check_right (const Kind *kind, const NatWorld *world)
{
  Tally tally = run_many (kind, world, 20);

  g_assert_cmpuint (tally.n_right, ==, 20);
  g_assert_cmpuint (tally.n_right_delta, ==, 20);
}

static void
test_servers (void)
{
  g_test_summary ("Of five servers two may lie together, be dead, or ignore CHANGE-REQUEST (N-13)");

  for (guint i = 0; i < G_N_ELEMENTS (kinds); i++)
    for (guint n = 1; n <= 2; n++)
      {
        NatWorld lying = make_world (&kinds[i]);
        NatWorld dead = lying;
        NatWorld deaf = lying;

        lying.n_liars = n;
        check_right (&kinds[i], &lying);
        lying.lies_are_ports = TRUE;
        check_right (&kinds[i], &lying);
        dead.n_dead = n;
        check_right (&kinds[i], &dead);
        deaf.n_deaf = n;
        check_right (&kinds[i], &deaf);
      }
}

static void
test_blocked (void)
{
  NatWorld    world = make_world (&kinds[0]);
  NatWorldRun run;

  g_test_summary ("When nothing comes back, that is the verdict, and few packets were sent for it");

  world.is_dark = TRUE;
  nat_world_run (&world, 1, &run);
  g_assert_cmpint (run.verdict->type, ==, AIONET_NAT_TYPE_BLOCKED);
  g_assert_cmpfloat (run.verdict->confidence, >=, 0.5);
  g_assert_cmpuint (run.n_packets, <=, 60);
  nat_world_run_clear (&run);
}

static void
test_refused_once (void)
{
  g_test_summary ("A next hop that is found only after a while refuses what waits for it, no more");

  for (guint i = 0; i < G_N_ELEMENTS (kinds); i++)
    {
      NatWorld world = make_world (&kinds[i]);

      world.blind_us = 400 * MS;
      check_right (&kinds[i], &world);
    }
}

static void
test_collision (void)
{
  NatWorld world = make_world (&kinds[4]);

  g_test_summary ("A mapping that is taken at one server does not make a NAT symmetric");

  world.collides = TRUE;
  check_right (&kinds[4], &world);
}

static void
test_few (void)
{
  NatWorld    world = make_world (&kinds[4]);
  NatWorldRun run;

  g_test_summary ("One server alone is believed by nobody: the verdict is uncertain");

  world.n_dead = NAT_WORLD_N_SERVERS - 1;
  nat_world_run (&world, 1, &run);
  g_assert_cmpint (run.verdict->type, ==, AIONET_NAT_TYPE_PORT_RESTRICTED);
  g_assert_cmpfloat (run.verdict->confidence, <, 0.5);
  nat_world_run_clear (&run);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/aionet/nat-survey/all", test_all);
  g_test_add_func ("/aionet/nat-survey/loss", test_loss);
  g_test_add_func ("/aionet/nat-survey/round-trips", test_round_trips);
  g_test_add_func ("/aionet/nat-survey/servers", test_servers);
  g_test_add_func ("/aionet/nat-survey/blocked", test_blocked);
  g_test_add_func ("/aionet/nat-survey/refused-once", test_refused_once);
  g_test_add_func ("/aionet/nat-survey/collision", test_collision);
  g_test_add_func ("/aionet/nat-survey/few", test_few);
  return g_test_run ();
}
