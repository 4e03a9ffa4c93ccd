/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#include "config.h"

#include "discovery/nat-simulator.h"

#define EI AIONET_NAT_BEHAVIOR_ENDPOINT_INDEPENDENT
#define AD AIONET_NAT_BEHAVIOR_ADDRESS_DEPENDENT
#define APD AIONET_NAT_BEHAVIOR_ADDRESS_AND_PORT_DEPENDENT

static AionetNatVerdict *
judge (const Network *network, const ServerFlags *servers, guint n_servers, guint32 seed)
{
  g_autoptr (AionetNatObservations) observations = simulate (network, servers, n_servers, seed);
  AionetNatVerdict *verdict = _aionet_nat_verdict_new (observations, NULL);

  for (guint i = 0; verdict->reasons[i] != NULL; i++)
    g_test_message ("%s", verdict->reasons[i]);
  return verdict;
}

static const struct
{
  AionetNatBehavior mapping;
  AionetNatBehavior filtering;
  AionetNatType     type;
} combinations[] = {
  { EI, EI, AIONET_NAT_TYPE_FULL_CONE },        { EI, AD, AIONET_NAT_TYPE_RESTRICTED },
  { EI, APD, AIONET_NAT_TYPE_PORT_RESTRICTED }, { AD, EI, AIONET_NAT_TYPE_SYMMETRIC },
  { AD, AD, AIONET_NAT_TYPE_SYMMETRIC },        { AD, APD, AIONET_NAT_TYPE_SYMMETRIC },
  { APD, EI, AIONET_NAT_TYPE_SYMMETRIC },       { APD, AD, AIONET_NAT_TYPE_SYMMETRIC },
  { APD, APD, AIONET_NAT_TYPE_SYMMETRIC },
};

static void
test_combinations (void)
{
  static const ServerFlags servers[3] = { SERVER_HONEST };

  g_test_summary ("All nine of mapping and filtering have their type (cases N-04 to N-08)");

  for (guint i = 0; i < G_N_ELEMENTS (combinations); i++)
    {
      Network network = { .mapping = combinations[i].mapping,
                          .filtering = combinations[i].filtering,
                          .n_sends = 3,
                          .has_controls = TRUE };
      g_autoptr (AionetNatVerdict) verdict = judge (&network, servers, 3, 1);

      g_assert_cmpint (verdict->type, ==, combinations[i].type);
      g_assert_cmpint (verdict->mapping, ==, combinations[i].mapping);
      g_assert_cmpint (verdict->filtering, ==, combinations[i].filtering);
      g_assert_cmpfloat (verdict->confidence, >, 0.9);
      g_assert_true (verdict->is_settled);
    }
}

static void
test_untranslated (void)
{
  static const ServerFlags       servers[3] = { SERVER_HONEST };
  static const AionetNatBehavior filtering[] = { EI, AD, APD };
  static const AionetNatType     types[] = { AIONET_NAT_TYPE_OPEN, AIONET_NAT_TYPE_FIREWALL,
                                             AIONET_NAT_TYPE_FIREWALL };

  g_test_summary ("Without NAT, filtering alone decides (cases N-01, N-02)");

  for (guint i = 0; i < G_N_ELEMENTS (filtering); i++)
    {
      Network network = { .is_open = TRUE,
                          .mapping = EI,
                          .filtering = filtering[i],
                          .n_sends = 3,
                          .has_controls = TRUE };
      g_autoptr (AionetNatVerdict) verdict = judge (&network, servers, 3, 1);
      AionetPortDelta delta = { AIONET_DELTA_TYPE_EQUAL, 0, 8 };
      g_autoptr (AionetNat) nat =
          _aionet_nat_verdict_to_nat (verdict, G_SOCKET_FAMILY_IPV4, &delta);

      g_assert_cmpint (verdict->type, ==, types[i]);
      g_assert_cmpint (verdict->filtering, ==, filtering[i]);
      g_assert_cmpfloat (verdict->confidence, >, 0.9);
      g_assert_cmpint (aionet_nat_get_delta_type (nat), ==, AIONET_DELTA_TYPE_NOT_APPLICABLE);
      g_assert_true (aionet_nat_get_tested (nat));
    }
}

static void
test_blocked (void)
{
  static const ServerFlags servers[3] = { SERVER_HONEST };
  Network network = { .is_blocked = TRUE, .mapping = EI, .filtering = EI, .n_sends = 5 };
  g_autoptr (AionetNatVerdict) verdict = judge (&network, servers, 3, 1);

  g_test_summary ("Nothing comes back: blocked");

  g_assert_cmpint (verdict->type, ==, AIONET_NAT_TYPE_BLOCKED);
  g_assert_cmpfloat (verdict->confidence, >, 0.9);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/nat-verdict/combinations", test_combinations);
  g_test_add_func ("/nat-verdict/untranslated", test_untranslated);
  g_test_add_func ("/nat-verdict/blocked", test_blocked);

  return g_test_run ();
}
