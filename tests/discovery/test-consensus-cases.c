/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#include "config.h"

#include "discovery/aionet-consensus-private.h"

#include "discovery/consensus-fixture.h"

/* Properties of consensus, looked at in all cases of small sizes. */

#define MAX_SERVERS 6
#define TRUTH "1.3.3.7"
#define LIE "6.6.6.6"

typedef gboolean (*OrderFunc) (const guint *order, guint n_items, gpointer user_data);

/* All permutations; stops when func returns FALSE. */
static gboolean
permute (guint *order, guint n_fixed, guint n_items, OrderFunc func, gpointer user_data)
{
  if (n_fixed == n_items)
    return func (order, n_items, user_data);
  for (guint i = n_fixed; i < n_items; i++)
    {
      guint    swapped = order[n_fixed];
      gboolean go_on;

      order[n_fixed] = order[i];
      order[i] = swapped;
      go_on = permute (order, n_fixed + 1, n_items, func, user_data);
      order[i] = order[n_fixed];
      order[n_fixed] = swapped;
      if (!go_on)
        return FALSE;
    }
  return TRUE;
}

typedef struct
{
  const char *servers;
  const char *told[MAX_SERVERS]; /* NULL: fails */
  const char *expected;          /* at the end; NULL: none */
} Election;

static gboolean
hold_election (const guint *order, guint n_items, gpointer user_data)
{
  const Election *election = user_data;
  g_autoptr (AionetConsensus) consensus = consensus_from_text (election->servers, 2);

  for (guint i = 0; i < n_items; i++)
    {
      AionetConsensusState state;

      tell (consensus, order[i], election->told[order[i]]);
      state = _aionet_consensus_get_state (consensus);
      g_assert_cmpint (state == AIONET_CONSENSUS_AGREED, ==,
                       _aionet_consensus_get_external (consensus) != NULL);
      if (state == AIONET_CONSENSUS_AGREED)
        assert_external (consensus, TRUTH);
      if (state == AIONET_CONSENSUS_FAILED)
        g_assert_null (election->expected);
    }
  assert_external (consensus, election->expected);
  return TRUE;
}

static void
hold_elections (const Election *election, guint n_servers)
{
  guint order[MAX_SERVERS] = { 0, 1, 2, 3, 4, 5 };

  permute (order, 0, n_servers, hold_election, (gpointer) election);
}

static void
test_liar_and_silent (void)
{
  g_test_summary ("One liar and one silent of five change nothing, in every order of arrival");

  for (guint liar = 0; liar < 5; liar++)
    {
      for (guint silent = 0; silent < 5; silent++)
        {
          Election election = { FIVE, { TRUTH, TRUTH, TRUTH, TRUTH, TRUTH }, TRUTH };

          election.told[liar] = LIE;
          if (silent != liar)
            election.told[silent] = NULL;
          hold_elections (&election, 5);
        }
    }
}

static void
test_lying_network (void)
{
  Election liars_first = { "192.0.2.1 192.0.2.2 192.0.2.3 192.0.2.4 8.8.8.8 9.9.9.9",
                           { LIE, LIE, LIE, LIE, TRUTH, TRUTH },
                           TRUTH };
  Election mixed = { "192.0.2.1 8.8.8.8 192.0.2.2 9.9.9.9 1.1.1.1",
                     { LIE, TRUTH, TRUTH, TRUTH, TRUTH },
                     TRUTH };

  g_test_summary ("All servers of one network that lie together are one liar");

  hold_elections (&liars_first, 6);
  hold_elections (&mixed, 5);
}

/* One lying network of n: the verdict is the truth whenever two honest networks answer. */
static void
test_one_liar (void)
{
  g_test_summary ("Who lies alone is never believed, whoever else is silent");

  for (guint silent = 0; silent < 1 << 5; silent++)
    {
      for (guint liar = 0; liar < 5; liar++)
        {
          Election election = { FIVE, { NULL }, NULL };
          guint    n_honest = 0;

          for (guint i = 0; i < 5; i++)
            {
              gboolean is_silent = (silent & 1 << i) != 0;

              election.told[i] = is_silent ? NULL : i == liar ? LIE : TRUTH;
              n_honest += !is_silent && i != liar ? 1 : 0;
            }
          election.expected = n_honest >= 2 ? TRUTH : NULL;
          hold_elections (&election, 5);
        }
    }
}

/* What has happened to each server: nothing, a failure, or one of three answers. */
static const char *const outcomes[] = { NULL, "1.1.1.1", "2.2.2.2", "3.3.3.3" };

#define NOT_YET G_N_ELEMENTS (outcomes)

typedef struct
{
  const char *servers;
  guint       n_servers;
  guint       min_agree;
} Layout;

typedef struct
{
  const Layout *layout;
  guint         fate[MAX_SERVERS];  /* index in outcomes, or NOT_YET */
  guint         order[MAX_SERVERS]; /* in which fates came */
  guint         n_told;
} History;

static AionetConsensusState
replay (const History *history)
{
  g_autoptr (AionetConsensus) consensus =
      consensus_from_text (history->layout->servers, history->layout->min_agree);

  for (guint i = 0; i < history->n_told; i++)
    tell (consensus, history->order[i], outcomes[history->fate[history->order[i]]]);
  return _aionet_consensus_get_state (consensus);
}

/* Whether anything that is still to come leads to agreement, by trying everything. */
static gboolean
can_agree (History *history)
{
  if (replay (history) == AIONET_CONSENSUS_AGREED)
    return TRUE;
  for (guint server = 0; server < history->layout->n_servers; server++)
    {
      if (history->fate[server] != NOT_YET)
        continue;
      history->order[history->n_told++] = server;
      for (guint outcome = 0; outcome < NOT_YET; outcome++)
        {
          gboolean agrees;

          history->fate[server] = outcome;
          agrees = can_agree (history);
          history->fate[server] = NOT_YET;
          if (agrees)
            {
              history->n_told--;
              return TRUE;
            }
        }
      history->n_told--;
    }
  return FALSE;
}

/* All fates of the servers from next on, told in the order of the servers. */
static void
check_histories (History *history, guint next)
{
  if (next == history->layout->n_servers)
    {
      AionetConsensusState state = replay (history);

      g_assert_cmpint (state != AIONET_CONSENSUS_FAILED, ==, can_agree (history));
      return;
    }
  check_histories (history, next + 1);
  history->order[history->n_told++] = next;
  for (guint outcome = 0; outcome < NOT_YET; outcome++)
    {
      history->fate[next] = outcome;
      check_histories (history, next + 1);
    }
  history->fate[next] = NOT_YET;
  history->n_told--;
}

static void
test_states (void)
{
  static const Layout layouts[] = {
    { "192.0.2.1", 1, 2 },
    { "192.0.2.1 8.8.8.8", 2, 2 },
    { "192.0.2.1 192.0.2.2 192.0.2.3", 3, 2 },
    { "192.0.2.1 192.0.2.2 8.8.8.8", 3, 2 },
    { "192.0.2.1 8.8.8.8 9.9.9.9", 3, 2 },
    { "192.0.2.1 8.8.8.8 9.9.9.9", 3, 1 },
    { "192.0.2.1 8.8.8.8 9.9.9.9", 3, 3 },
    { "192.0.2.1 192.0.2.2 8.8.8.8 8.8.8.9", 4, 2 },
    { "192.0.2.1 8.8.8.8 9.9.9.9 1.1.1.1", 4, 2 },
    { "192.0.2.1 192.0.2.2 8.8.8.8 9.9.9.9", 4, 3 },
  };

  g_test_summary ("FAILED says exactly that nothing still to come could bring agreement");

  for (guint i = 0; i < G_N_ELEMENTS (layouts); i++)
    {
      History history = { .layout = &layouts[i] };

      for (guint j = 0; j < MAX_SERVERS; j++)
        history.fate[j] = NOT_YET;
      check_histories (&history, 0);
    }
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/aionet/consensus-cases/liar-and-silent", test_liar_and_silent);
  g_test_add_func ("/aionet/consensus-cases/lying-network", test_lying_network);
  g_test_add_func ("/aionet/consensus-cases/one-liar", test_one_liar);
  g_test_add_func ("/aionet/consensus-cases/states", test_states);

  return g_test_run ();
}
