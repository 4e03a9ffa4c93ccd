/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#include "config.h"

#include "discovery/aionet-port-delta-private.h"

/* Steps, from one answered probe to the next, are judged one by one; a pattern is what enough of
 * them follow. Other users of the NAT, and the end of its range of ports, spoil single steps only.
 *
 * Where probes in between were lost, nobody knows which of them made a mapping: the external port
 * may have gone on by one delta, or by one more for each probe lost. */

#define MIN_STEPS 3
/* Nobody else's traffic takes a NAT backwards as far as this: its range of ports is at an end. */
#define MIN_WRAP 8192
/* Upwards as far is downwards in less than half of the ports. */
#define MAX_DELTA 32767
/* A run of neighbours with more of them lost than this is no run any more, and no spread ports. */
#define MAX_NEIGHBOUR_GAP 4

typedef struct
{
  int      n_probes; /* 1, and 1 more for each probe that was lost in between */
  int      local;    /* how far the local port went */
  int      mapped;   /* how far the external port went */
  gboolean is_run;   /* neighbours */
} Step;

/* What follows a pattern, of those steps that can say so. */
typedef struct
{
  guint n_matching;
  guint n_steps;
} Score;

/* What is added where port numbers end: at 65536, where 0 is left out, where the ports below 1024
 * are. Other ranges are found by their being jumps backwards. */
static const int wraps[] = { 0, 65536, -65536, 65535, -65535, 64512, -64512 };

static GArray *
make_steps (const AionetPortProbe *probes, guint n_probes)
{
  GArray *steps = g_array_new (FALSE, FALSE, sizeof (Step));
  guint   last = n_probes;

  for (guint i = 0; i < n_probes; i++)
    {
      if (probes[i].mapped == 0)
        continue;
      if (last < n_probes)
        {
          Step step = { i - last, probes[i].local - probes[last].local,
                        probes[i].mapped - probes[last].mapped, FALSE };

          step.is_run = step.local == step.n_probes;
          if (!step.is_run || step.n_probes <= MAX_NEIGHBOUR_GAP)
            g_array_append_val (steps, step);
        }
      last = i;
    }
  return steps;
}

static gboolean
goes_on_by (const Step *step, int delta)
{
  for (guint i = 0; i < G_N_ELEMENTS (wraps); i++)
    {
      for (int n = 1; n <= step->n_probes; n++)
        {
          if (step->mapped + wraps[i] == n * delta)
            return TRUE;
        }
    }
  return FALSE;
}

static gboolean
is_preserved (const Step *step)
{
  for (guint i = 0; i < G_N_ELEMENTS (wraps); i++)
    {
      if (step->mapped + wraps[i] == step->local)
        return TRUE;
    }
  return FALSE;
}

static gboolean
is_wrap (const Step *step, int delta)
{
  return (delta > 0 && step->mapped < -MIN_WRAP) || (delta < 0 && step->mapped > MIN_WRAP);
}

static Score
score_delta (GArray *steps, gboolean is_run, int delta)
{
  Score    score = { 0, 0 };
  gboolean has_wrapped = FALSE;

  for (guint i = 0; i < steps->len; i++)
    {
      const Step *step = &g_array_index (steps, Step, i);

      if (step->is_run != is_run)
        continue;
      if (goes_on_by (step, delta))
        {
          score.n_matching++;
          score.n_steps++;
        }
      /* A run ends where the NAT did not see one of its ports. */
      else if (is_run && step->n_probes > 1)
        continue;
      else if (!has_wrapped && is_wrap (step, delta))
        has_wrapped = TRUE;
      else
        score.n_steps++;
    }
  return score;
}

static Score
score_preserved (GArray *steps, gboolean is_run)
{
  Score score = { 0, 0 };

  for (guint i = 0; i < steps->len; i++)
    {
      const Step *step = &g_array_index (steps, Step, i);

      if (step->is_run != is_run)
        continue;
      score.n_matching += is_preserved (step);
      score.n_steps++;
    }
  return score;
}

/* threshold of N_PROBES - 1 steps, or the same share of fewer or more. */
static gboolean
is_enough (Score score, guint threshold)
{
  return score.n_steps >= MIN_STEPS &&
         score.n_matching * (AIONET_PORT_DELTA_N_PROBES - 1) >= threshold * score.n_steps;
}

static guint
count_steps (GArray *steps, gboolean is_run)
{
  guint n_steps = 0;

  for (guint i = 0; i < steps->len; i++)
    n_steps += g_array_index (steps, Step, i).is_run == is_run;
  return n_steps;
}

/* The delta that most steps follow, the smaller one of two. */
static int
find_delta (GArray *steps, gboolean is_run)
{
  int   best = 0;
  guint n_best = 0;

  for (guint i = 0; i < steps->len; i++)
    {
      const Step *step = &g_array_index (steps, Step, i);

      for (guint j = 0; j < G_N_ELEMENTS (wraps) * step->n_probes; j++)
        {
          int   mapped = step->mapped + wraps[j % G_N_ELEMENTS (wraps)];
          int   n = 1 + j / G_N_ELEMENTS (wraps);
          int   delta = mapped / n;
          guint n_matching;

          if (step->is_run != is_run || delta == 0 || mapped % n != 0 || ABS (delta) > MAX_DELTA)
            continue;
          n_matching = score_delta (steps, is_run, delta).n_matching;
          if (n_matching < n_best || (n_matching == n_best && ABS (delta) >= ABS (best)))
            continue;
          n_best = n_matching;
          best = delta;
        }
    }
  return best;
}

static gboolean
is_equal (const AionetPortProbe *probes, guint n_probes, guint threshold)
{
  guint n_answered = 0;
  guint n_equal = 0;

  for (guint i = 0; i < n_probes; i++)
    {
      n_answered += probes[i].mapped != 0;
      n_equal += probes[i].mapped != 0 && probes[i].mapped == probes[i].local;
    }
  return n_answered > MIN_STEPS && n_equal * AIONET_PORT_DELTA_N_PROBES >= threshold * n_answered;
}

static gboolean
try_delta (GArray *steps, gboolean is_run, guint threshold, int *value)
{
  *value = find_delta (steps, is_run);
  return *value != 0 && is_enough (score_delta (steps, is_run, *value), threshold);
}

/* A run follows delta. Where so many of the others were lost, or spoilt by other users, that they
 * show no pattern alone, it takes few of them to show the same one: chance hardly ever does. */
static gboolean
is_seen_outside (GArray *steps, int delta)
{
  Score score = score_delta (steps, FALSE, delta);

  return score.n_matching > 0 && 2 * score.n_matching >= score.n_steps;
}

static AionetDeltaType
find_type (GArray *steps, guint threshold, int *value)
{
  /* Neighbours alone cannot tell: there, preserving is a delta of one. */
  gboolean is_run_only = count_steps (steps, FALSE) < MIN_STEPS;

  if (is_enough (score_preserved (steps, is_run_only), threshold))
    return AIONET_DELTA_TYPE_PRESERVING;
  if (try_delta (steps, FALSE, threshold, value))
    return AIONET_DELTA_TYPE_INDEPENDENT;
  if (try_delta (steps, TRUE, threshold, value))
    return is_seen_outside (steps, *value) ? AIONET_DELTA_TYPE_INDEPENDENT
                                           : AIONET_DELTA_TYPE_DEPENDENT;
  *value = 0;
  return AIONET_DELTA_TYPE_RANDOM;
}

AionetPortDelta
_aionet_port_delta_find (const AionetPortProbe *probes, guint n_probes, guint threshold)
{
  AionetPortDelta delta = { AIONET_DELTA_TYPE_EQUAL, 0, 0 };
  g_autoptr (GArray) steps = make_steps (probes, n_probes);

  for (guint i = 0; i < n_probes; i++)
    delta.n_answered += probes[i].mapped != 0;
  if (!is_equal (probes, n_probes, threshold))
    delta.type = find_type (steps, threshold, &delta.value);
  return delta;
}

/* splitmix64: even seeds that are alike give ports that are not. */
static guint64
next_random (guint64 *state)
{
  guint64 z = *state += G_GUINT64_CONSTANT (0x9e3779b97f4a7c15);

  z = (z ^ (z >> 30)) * G_GUINT64_CONSTANT (0xbf58476d1ce4e5b9);
  z = (z ^ (z >> 27)) * G_GUINT64_CONSTANT (0x94d049bb133111eb);
  return z ^ (z >> 31);
}

/* The range is cut into as many parts as there are spread ports, each part into one place for a
 * spread port and one where the run may be: so no two ports meet, and none are neighbours that
 * ought not to be. */
#define FIRST_PORT 32768
#define PART_SIZE ((65536 - FIRST_PORT) / AIONET_PORT_PLAN_N_SPREAD)
#define SPREAD_SIZE (PART_SIZE - 1024)

void
_aionet_port_plan_fill (guint16 ports[AIONET_PORT_PLAN_N_PORTS], guint64 random)
{
  guint parts[AIONET_PORT_PLAN_N_SPREAD] = { 0 };
  guint run;

  for (guint i = 0; i < AIONET_PORT_PLAN_N_SPREAD; i++)
    {
      guint other = next_random (&random) % (i + 1);

      parts[i] = parts[other];
      parts[other] = i;
    }
  for (guint i = 0; i < AIONET_PORT_PLAN_N_SPREAD; i++)
    ports[i] = FIRST_PORT + parts[i] * PART_SIZE + next_random (&random) % SPREAD_SIZE;
  run = FIRST_PORT + (next_random (&random) % AIONET_PORT_PLAN_N_SPREAD) * PART_SIZE + SPREAD_SIZE +
        1 + next_random (&random) % (PART_SIZE - SPREAD_SIZE - AIONET_PORT_PLAN_N_RUN - 2);
  for (guint i = 0; i < AIONET_PORT_PLAN_N_RUN; i++)
    ports[AIONET_PORT_PLAN_N_SPREAD + i] = run + i;
}
