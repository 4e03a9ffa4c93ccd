/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#include "config.h"

#include "discovery/nat-simulator.h"

/* Many simulated networks with loss and liars; seeds are fixed. */

#define EI AIONET_NAT_BEHAVIOR_ENDPOINT_INDEPENDENT
#define AD AIONET_NAT_BEHAVIOR_ADDRESS_DEPENDENT
#define APD AIONET_NAT_BEHAVIOR_ADDRESS_AND_PORT_DEPENDENT

static const struct
{
  gboolean          is_open;
  AionetNatBehavior mapping;
  AionetNatBehavior filtering;
  AionetNatType     type;
} kinds[] = {
  { TRUE, EI, EI, 1 },   { TRUE, EI, AD, 2 },   { TRUE, EI, APD, 2 },  { FALSE, EI, EI, 3 },
  { FALSE, EI, AD, 4 },  { FALSE, EI, APD, 5 }, { FALSE, AD, EI, 6 },  { FALSE, AD, AD, 6 },
  { FALSE, AD, APD, 6 }, { FALSE, APD, EI, 6 }, { FALSE, APD, AD, 6 }, { FALSE, APD, APD, 6 },
};

typedef struct
{
  guint n_right;
  guint n_certain;
  guint n_wrong; /* and certain of it */
} Result;

static Result
run (guint              kind,
     double             loss,
     guint              n_sends,
     const ServerFlags *servers,
     guint              n_servers,
     guint              n_runs)
{
  Network network = { .is_open = kinds[kind].is_open,
                      .mapping = kinds[kind].mapping,
                      .filtering = kinds[kind].filtering,
                      .loss = loss,
                      .n_sends = n_sends,
                      .has_controls = TRUE };
  Result  result = { 0, 0, 0 };

  for (guint seed = 0; seed < n_runs; seed++)
    {
      g_autoptr (AionetNatObservations) observations =
          simulate (&network, servers, n_servers, seed);
      g_autoptr (AionetNatVerdict) verdict = _aionet_nat_verdict_new (observations, NULL);
      gboolean is_right = verdict->type == kinds[kind].type;
      gboolean is_certain = verdict->confidence >= 0.5;

      /* What is said of mapping and filtering beside a certain type is meant as well. */
      if (is_certain && verdict->is_settled &&
          (verdict->mapping != kinds[kind].mapping || verdict->filtering != kinds[kind].filtering))
        is_right = FALSE;
      result.n_right += is_right;
      result.n_certain += is_certain;
      result.n_wrong += is_certain && !is_right;
      if (is_certain && !is_right)
        for (guint i = 0; verdict->reasons[i] != NULL; i++)
          g_test_message ("seed %u: %s", seed, verdict->reasons[i]);
    }
  g_test_message ("kind %u, loss %g: %u right, %u certain, %u of them wrong, of %u", kind, loss,
                  result.n_right, result.n_certain, result.n_wrong, n_runs);
  return result;
}

static void
test_loss (void)
{
  static const ServerFlags servers[3] = { SERVER_HONEST };

  g_test_summary ("With loss right, or not certain; hardly ever uncertain at 10 %");

  for (guint kind = 0; kind < G_N_ELEMENTS (kinds); kind++)
    {
      Result none = run (kind, 0, 2, servers, 3, 20);
      Result some = run (kind, 0.1, 5, servers, 3, 500);
      Result much = run (kind, 0.3, 7, servers, 3, 500);

      g_assert_cmpuint (none.n_right, ==, 20);
      g_assert_cmpuint (none.n_certain, ==, 20);
      g_assert_cmpuint (some.n_right, >=, 495);
      g_assert_cmpuint (some.n_certain, >=, 495);
      g_assert_cmpuint (some.n_wrong, ==, 0);
      g_assert_cmpuint (much.n_wrong, ==, 0);
      g_assert_cmpuint (much.n_certain, >=, 400);
    }
}

static void
test_port_restricted (void)
{
  static const ServerFlags servers[3] = { SERVER_HONEST };

  g_test_summary ("30 % loss, EI/APD, 200 runs: type 5 in 99 % of them (case N-11)");

  for (guint n_sends = 2; n_sends <= 7; n_sends++)
    {
      Result result = run (5, 0.3, n_sends, servers, 3, 200);

      g_assert_cmpuint (result.n_right, >=, 198);
      g_assert_cmpuint (result.n_wrong, ==, 0);
    }
}

static void
test_few_requests (void)
{
  static const ServerFlags servers[3] = { SERVER_HONEST };

  g_test_summary ("However few requests there are: right, or not certain");

  for (guint kind = 0; kind < G_N_ELEMENTS (kinds); kind++)
    {
      for (guint n_sends = 1; n_sends <= 4; n_sends++)
        {
          for (guint loss = 1; loss <= 4; loss++)
            g_assert_cmpuint (run (kind, loss / 10.0, n_sends, servers, 3, 200).n_wrong, ==, 0);
        }
    }
}

/* What a liar may do, alone or with another one. */
static const ServerFlags lies[] = {
  SERVER_PLAIN,
  SERVER_IGNORES_CHANGE,
  SERVER_DROPS_CHANGE,
  SERVER_REFUSES_CHANGE,
  SERVER_DEAD_ALTERNATE,
  SERVER_SAME_ADDRESS,
  SERVER_PRIVATE,
  SERVER_ERROR,
  SERVER_DEAD,
  SERVER_SPREADS,
  SERVER_COLLUDES,
  SERVER_ELSEWHERE,
  SERVER_ALTERNATE_FROM_PRIMARY,
  SERVER_INSANE,
  SERVER_LOOPBACK,
  SERVER_COLLUDES | SERVER_PLAIN,
  SERVER_COLLUDES | SERVER_ELSEWHERE,
  SERVER_COLLUDES | SERVER_ELSEWHERE | SERVER_DROPS_CHANGE,
  SERVER_COLLUDES | SERVER_DROPS_CHANGE,
  SERVER_SPREADS | SERVER_DROPS_CHANGE,
  SERVER_SPREADS | SERVER_PLAIN,
  SERVER_SPREADS | SERVER_ELSEWHERE,
  SERVER_SPREADS | SERVER_PRIVATE,
};

static void
assert_unmoved (guint kind, const ServerFlags *servers, double loss)
{
  Result result = run (kind, loss, loss > 0 ? 6 : 2, servers, 5, loss > 0 ? 3 : 1);

  g_assert_cmpuint (result.n_wrong, ==, 0);
  if (loss > 0)
    return;
  g_assert_cmpuint (result.n_right, ==, 1);
  g_assert_cmpuint (result.n_certain, ==, 1);
}

static void
test_liars (void)
{
  g_test_summary ("One liar of five, and two of five, change no verdict (case N-13)");

  for (guint kind = 0; kind < G_N_ELEMENTS (kinds); kind++)
    {
      for (guint i = 0; i < G_N_ELEMENTS (lies) * 5; i++)
        {
          ServerFlags servers[5] = { SERVER_HONEST };

          servers[i % 5] = lies[i / 5];
          assert_unmoved (kind, servers, 0);
          assert_unmoved (kind, servers, 0.1);
          for (guint j = 0; j < G_N_ELEMENTS (lies); j++)
            {
              ServerFlags two[5] = { SERVER_HONEST };

              two[i % 5] = lies[i / 5];
              two[(i + 1 + j % 4) % 5] = lies[j];
              assert_unmoved (kind, two, 0);
              if ((i + j) % 5 == 0)
                assert_unmoved (kind, two, 0.1);
            }
        }
    }
}

/* Plain servers only tell whether a mapping is shared: they are all that there is of most kinds. */
static void
test_liars_among_plain (void)
{
  g_test_summary ("Liars among servers of one address each move the mapping neither");

  for (guint kind = 0; kind < G_N_ELEMENTS (kinds); kind++)
    {
      for (guint i = 0; i < G_N_ELEMENTS (lies) * G_N_ELEMENTS (lies); i++)
        {
          ServerFlags servers[5] = { SERVER_PLAIN, SERVER_PLAIN, SERVER_PLAIN, SERVER_PLAIN,
                                     SERVER_PLAIN };
          Network     network = { .is_open = kinds[kind].is_open,
                                  .mapping = kinds[kind].mapping,
                                  .filtering = kinds[kind].filtering,
                                  .n_sends = 1 };
          g_autoptr (AionetNatObservations) observations = NULL;
          g_autoptr (AionetNatVerdict) verdict = NULL;

          servers[i % 5] = lies[i / G_N_ELEMENTS (lies)] | SERVER_PLAIN;
          servers[(i + 2) % 5] = lies[i % G_N_ELEMENTS (lies)] | SERVER_PLAIN;
          observations = simulate (&network, servers, 5, i);
          verdict = _aionet_nat_verdict_new (observations, NULL);
          g_assert_cmpint (verdict->mapping == EI, ==, kinds[kind].mapping == EI);
          g_assert_cmpint (verdict->type == AIONET_NAT_TYPE_SYMMETRIC, ==,
                           kinds[kind].mapping != EI);
        }
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/nat-random/loss", test_loss);
  g_test_add_func ("/nat-random/port-restricted", test_port_restricted);
  g_test_add_func ("/nat-random/few-requests", test_few_requests);
  g_test_add_func ("/nat-random/liars", test_liars);
  g_test_add_func ("/nat-random/liars-among-plain", test_liars_among_plain);

  return g_test_run ();
}
