/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#include "config.h"

#include "discovery/aionet-delta-rounds-private.h"

#include <string.h>

#define N_PORTS AIONET_PORT_PLAN_N_PORTS
#define INTERVAL_US (AIONET_PORT_PLAN_INTERVAL_MS * G_GINT64_CONSTANT (1000))
#define DEFAULT_AGREEING 2
#define MIN_FOR_STRONG 4
#define MIN_FOR_WEAK (N_PORTS * 3 / 4)

typedef struct
{
  AionetPortProbe probes[N_PORTS]; /* local 0: could not be bound */
  gboolean        answered[N_PORTS];
  guint           n_sent;
  gint64          sent_us; /* the last one */
  gboolean        is_over;
  AionetPortDelta delta; /* once over */
} Round;

struct _AionetDeltaRounds
{
  GArray *rounds; /* (owned) (element-type Round) */
  guint64 random;
  guint   n_agreeing;
};

AionetDeltaRounds *
_aionet_delta_rounds_new (guint64 random)
{
  AionetDeltaRounds *self = g_new0 (AionetDeltaRounds, 1);

  self->rounds = g_array_new (FALSE, TRUE, sizeof (Round));
  self->random = random;
  self->n_agreeing = DEFAULT_AGREEING;
  return self;
}

void
_aionet_delta_rounds_free (AionetDeltaRounds *self)
{
  g_array_unref (self->rounds);
  g_free (self);
}

static Round *
get_round (const AionetDeltaRounds *self, guint index)
{
  return &g_array_index (self->rounds, Round, index);
}

static Round *
get_last (const AionetDeltaRounds *self)
{
  return self->rounds->len > 0 ? get_round (self, self->rounds->len - 1) : NULL;
}

/* Equal ports, and ports that count, do not come about by chance. That there is no pattern, or one
 * among neighbours only, is what a loss of probes looks like. */
static gboolean
counts (const Round *round)
{
  gboolean is_strong = round->delta.type == AIONET_DELTA_TYPE_EQUAL ||
                       round->delta.type == AIONET_DELTA_TYPE_INDEPENDENT;

  return round->is_over && round->delta.n_answered >= (is_strong ? MIN_FOR_STRONG : MIN_FOR_WEAK);
}

static gboolean
has_pattern (const Round *round)
{
  return round->is_over && round->delta.type != AIONET_DELTA_TYPE_RANDOM;
}

static gboolean
is_over (const Round *round)
{
  return round->is_over;
}

typedef gboolean (*RoundFunc) (const Round *round);

static guint
count_like (const AionetDeltaRounds *self, const AionetPortDelta *delta, RoundFunc is_voter)
{
  guint n = 0;

  for (guint i = 0; i < self->rounds->len; i++)
    {
      const Round *round = get_round (self, i);

      n += is_voter (round) && round->delta.type == delta->type &&
           round->delta.value == delta->value;
    }
  return n;
}

/* (nullable) the verdict that most rounds share; of as many, the first pattern */
static const Round *
find_best (const AionetDeltaRounds *self, RoundFunc is_voter, guint *n_like)
{
  const Round *best = NULL;

  *n_like = 0;
  for (guint i = 0; i < self->rounds->len; i++)
    {
      const Round *round = get_round (self, i);
      guint        n = is_voter (round) ? count_like (self, &round->delta, is_voter) : 0;

      if (n > *n_like || (n > 0 && n == *n_like && best->delta.type == AIONET_DELTA_TYPE_RANDOM))
        {
          best = round;
          *n_like = n;
        }
    }
  return best;
}

static guint
count_over (const AionetDeltaRounds *self)
{
  guint n = 0;

  for (guint i = 0; i < self->rounds->len; i++)
    n += get_round (self, i)->is_over;
  return n;
}

gboolean
_aionet_delta_rounds_is_settled (const AionetDeltaRounds *self)
{
  guint n_like;

  find_best (self, counts, &n_like);
  return n_like >= self->n_agreeing || count_over (self) == AIONET_DELTA_MAX_ROUNDS;
}

/* As many as have to agree at first, one behind the other; then one more each time those before are
 * over and differ. */
gboolean
_aionet_delta_rounds_wants (const AionetDeltaRounds *self)
{
  if (_aionet_delta_rounds_is_sending (self) || self->rounds->len == AIONET_DELTA_MAX_ROUNDS)
    return FALSE;
  if (self->rounds->len < self->n_agreeing)
    return TRUE;
  return count_over (self) == self->rounds->len && !_aionet_delta_rounds_is_settled (self);
}

void
_aionet_delta_rounds_begin (AionetDeltaRounds *self, gint64 now_us)
{
  Round   round = { .sent_us = now_us - INTERVAL_US };
  guint16 ports[N_PORTS];

  /* Knuth's MMIX generator: other ports each round, the same ones for the same seed. */
  self->random = self->random * G_GUINT64_CONSTANT (6364136223846793005) +
                 G_GUINT64_CONSTANT (1442695040888963407);
  _aionet_port_plan_fill (ports, self->random);
  for (guint i = 0; i < N_PORTS; i++)
    round.probes[i].local = ports[i];
  g_array_append_val (self->rounds, round);
}

void
_aionet_delta_rounds_set_agreeing (AionetDeltaRounds *self, guint n_agreeing)
{
  self->n_agreeing = MIN (n_agreeing, AIONET_DELTA_MAX_ROUNDS);
}

guint
_aionet_delta_rounds_get_n_rounds (const AionetDeltaRounds *self)
{
  return self->rounds->len;
}

gboolean
_aionet_delta_rounds_is_sending (const AionetDeltaRounds *self)
{
  const Round *last = get_last (self);

  return last != NULL && last->n_sent < N_PORTS;
}

gint64
_aionet_delta_rounds_get_due (const AionetDeltaRounds *self)
{
  return get_last (self)->sent_us + INTERVAL_US;
}

guint
_aionet_delta_rounds_send (AionetDeltaRounds *self, gint64 now_us, guint16 *port)
{
  Round *last = get_last (self);

  last->sent_us = now_us;
  *port = last->probes[last->n_sent].local;
  return last->n_sent++;
}

void
_aionet_delta_rounds_take (
    AionetDeltaRounds *self, guint round, guint probe, guint16 local, guint16 mapped)
{
  Round *it = get_round (self, round);

  if (it->is_over)
    return;
  it->answered[probe] = TRUE;
  it->probes[probe].local = local;
  it->probes[probe].mapped = mapped;
}

void
_aionet_delta_rounds_take_unbound (AionetDeltaRounds *self, guint round, guint probe)
{
  _aionet_delta_rounds_take (self, round, probe, 0, 0);
}

static void
end (Round *round)
{
  AionetPortProbe probes[N_PORTS];
  guint           n = 0;

  for (guint i = 0; i < N_PORTS; i++)
    if (round->probes[i].local != 0)
      probes[n++] = round->probes[i];
  round->is_over = TRUE;
  round->delta = _aionet_port_delta_find (probes, n, AIONET_PORT_DELTA_THRESHOLD);
}

static gboolean
is_complete (const Round *round)
{
  for (guint i = 0; i < N_PORTS; i++)
    if (!round->answered[i])
      return FALSE;
  return TRUE;
}

void
_aionet_delta_rounds_tick (AionetDeltaRounds *self, gint64 now_us, gint64 wait_us)
{
  for (guint i = 0; i < self->rounds->len; i++)
    {
      Round *round = get_round (self, i);

      if (!round->is_over && round->n_sent == N_PORTS &&
          (is_complete (round) || round->sent_us + wait_us <= now_us))
        end (round);
    }
}

gint64
_aionet_delta_rounds_get_next (const AionetDeltaRounds *self, gint64 wait_us)
{
  gint64 next_us = G_MAXINT64;

  for (guint i = 0; i < self->rounds->len; i++)
    {
      const Round *round = get_round (self, i);

      if (!round->is_over && round->n_sent == N_PORTS)
        next_us = MIN (next_us, round->sent_us + wait_us);
    }
  return next_us;
}

gboolean
_aionet_delta_rounds_is_over (const AionetDeltaRounds *self, guint round)
{
  return get_round (self, round)->is_over;
}

gboolean
_aionet_delta_rounds_get (const AionetDeltaRounds *self, AionetPortDelta *delta)
{
  guint        n_like;
  const Round *best = find_best (self, counts, &n_like);

  /* Rounds that lost too much to count still tell what was seen, and twice is no chance. */
  if (best == NULL)
    best = find_best (self, has_pattern, &n_like);
  if (best == NULL || (n_like < self->n_agreeing && !counts (best)))
    best = find_best (self, is_over, &n_like);
  if (best == NULL)
    return FALSE;
  *delta = best->delta;
  return TRUE;
}
