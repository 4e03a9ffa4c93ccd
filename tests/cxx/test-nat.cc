/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#include "aionet-test.h"

static Ref<AionetNat>
nat (AionetNatType type, AionetDeltaType delta_type = AIONET_DELTA_TYPE_EQUAL, int delta = 0)
{
  return take (aionet_nat_new (type, delta_type, delta));
}

TEST (Nat, IsUntestedBeforeAnyTest)
{
  auto made = take (aionet_nat_new_untested ());

  EXPECT_EQ (aionet_nat_get_nat_type (made.get ()), AIONET_NAT_TYPE_PORT_RESTRICTED);
  EXPECT_EQ (aionet_nat_get_delta_type (made.get ()), AIONET_DELTA_TYPE_RANDOM);
  EXPECT_EQ (aionet_nat_get_delta_value (made.get ()), 0);
  EXPECT_FALSE (aionet_nat_get_tested (made.get ()));
  EXPECT_EQ (aionet_nat_get_mapping (made.get ()), AIONET_NAT_BEHAVIOR_UNKNOWN);
  EXPECT_EQ (aionet_nat_get_filtering (made.get ()), AIONET_NAT_BEHAVIOR_UNKNOWN);
  EXPECT_EQ (aionet_nat_get_hairpinning (made.get ()), AIONET_NAT_HAIRPINNING_UNKNOWN);
  EXPECT_EQ (aionet_nat_get_confidence (made.get ()), 0.0);
}

TEST (Nat, HasWhatItWasConstructedWith)
{
  const char *const reasons[] = { "two servers", "agree", nullptr };
  auto              made = take (static_cast<AionetNat *> (g_object_new (
                   AIONET_TYPE_NAT, "type", AIONET_NAT_TYPE_SYMMETRIC, "delta-type",
                   AIONET_DELTA_TYPE_INDEPENDENT, "delta-value", 3, "mapping",
                   AIONET_NAT_BEHAVIOR_ADDRESS_AND_PORT_DEPENDENT, "filtering",
                   AIONET_NAT_BEHAVIOR_ADDRESS_DEPENDENT, "hairpinning", AIONET_NAT_HAIRPINNING_YES, "tested",
                   TRUE, "confidence", 0.5, "protocol", G_SOCKET_PROTOCOL_TCP, "reasons", reasons, nullptr)));

  EXPECT_EQ (aionet_nat_get_nat_type (made.get ()), AIONET_NAT_TYPE_SYMMETRIC);
  EXPECT_EQ (aionet_nat_get_delta_value (made.get ()), 3);
  EXPECT_EQ (aionet_nat_get_mapping (made.get ()), AIONET_NAT_BEHAVIOR_ADDRESS_AND_PORT_DEPENDENT);
  EXPECT_EQ (aionet_nat_get_filtering (made.get ()), AIONET_NAT_BEHAVIOR_ADDRESS_DEPENDENT);
  EXPECT_EQ (aionet_nat_get_hairpinning (made.get ()), AIONET_NAT_HAIRPINNING_YES);
  EXPECT_TRUE (aionet_nat_get_tested (made.get ()));
  EXPECT_EQ (aionet_nat_get_confidence (made.get ()), 0.5);
  EXPECT_EQ (aionet_nat_get_protocol (made.get ()), G_SOCKET_PROTOCOL_TCP);
  ASSERT_NE (aionet_nat_get_reasons (made.get ()), nullptr);
  EXPECT_STREQ (aionet_nat_get_reasons (made.get ())[1], "agree");
}

TEST (Nat, ComparesByValue)
{
  EXPECT_TRUE (
      aionet_nat_equal (nat (AIONET_NAT_TYPE_OPEN).get (), nat (AIONET_NAT_TYPE_OPEN).get ()));
  EXPECT_FALSE (
      aionet_nat_equal (nat (AIONET_NAT_TYPE_OPEN).get (), nat (AIONET_NAT_TYPE_BLOCKED).get ()));
}

TEST (Nat, HasLabelsOfItsOwnForEveryTypeAndDelta)
{
  std::vector<std::string> labels;

  for (int type = AIONET_NAT_TYPE_OPEN; type <= AIONET_NAT_TYPE_BLOCKED; type++)
    labels.emplace_back (aionet_nat_type_get_label (AionetNatType (type)));
  for (int type = AIONET_DELTA_TYPE_NOT_APPLICABLE; type <= AIONET_DELTA_TYPE_RANDOM; type++)
    labels.emplace_back (aionet_delta_type_get_label (AionetDeltaType (type)));
  EXPECT_EQ (labels.size (), 13u);
  std::sort (labels.begin (), labels.end ());
  EXPECT_EQ (std::adjacent_find (labels.begin (), labels.end ()), labels.end ());
  EXPECT_STREQ (aionet_nat_get_info (nat (AIONET_NAT_TYPE_FULL_CONE).get ()),
                aionet_nat_type_get_label (AIONET_NAT_TYPE_FULL_CONE));
  EXPECT_STREQ (aionet_nat_get_delta_info (nat (AIONET_NAT_TYPE_OPEN).get ()),
                aionet_delta_type_get_label (AIONET_DELTA_TYPE_EQUAL));
}

/* ------------------------------------------------------------------ plans, by table */

struct PlanCase
{
  AionetNatType    first, second;
  bool             is_possible;
  AionetNatMethod  method;
  AionetNatStarter starter;
};

static std::ostream &
operator<< (std::ostream &stream, const PlanCase &expected)
{
  return stream << aionet_nat_type_get_label (expected.first) << ", "
                << aionet_nat_type_get_label (expected.second);
}

class Plans : public testing::TestWithParam<PlanCase>
{
};

TEST_P (Plans, SayHowTheTwoReachEachOther)
{
  const PlanCase &expected = GetParam ();
  auto            first = nat (expected.first, AIONET_DELTA_TYPE_RANDOM);
  auto            second = nat (expected.second, AIONET_DELTA_TYPE_RANDOM);
  auto            plan = take (aionet_nat_plan_new (first.get (), second.get ()));

  EXPECT_EQ (aionet_nat_plan_is_possible (plan.get ()), expected.is_possible);
  EXPECT_EQ (aionet_nat_can_connect (first.get (), second.get ()), expected.is_possible);
  EXPECT_EQ (aionet_nat_plan_get_method (plan.get ()), expected.method);
  EXPECT_EQ (aionet_nat_plan_get_starter (plan.get ()), expected.starter);
  EXPECT_STRNE (aionet_nat_plan_get_reason (plan.get ()), "");
  EXPECT_GE (aionet_nat_plan_get_confidence (plan.get ()), 0.0);
  EXPECT_LE (aionet_nat_plan_get_confidence (plan.get ()), 1.0);
}

INSTANTIATE_TEST_SUITE_P (
    Table,
    Plans,
    testing::Values (PlanCase{ AIONET_NAT_TYPE_SYMMETRIC, AIONET_NAT_TYPE_OPEN, true,
                               AIONET_NAT_METHOD_DIRECT, AIONET_NAT_STARTER_SELF },
                     PlanCase{ AIONET_NAT_TYPE_OPEN, AIONET_NAT_TYPE_SYMMETRIC, true,
                               AIONET_NAT_METHOD_DIRECT, AIONET_NAT_STARTER_OTHER },
                     PlanCase{ AIONET_NAT_TYPE_PORT_RESTRICTED, AIONET_NAT_TYPE_PORT_RESTRICTED,
                               true, AIONET_NAT_METHOD_HOLE_PUNCHING, AIONET_NAT_STARTER_BOTH },
                     PlanCase{ AIONET_NAT_TYPE_SYMMETRIC, AIONET_NAT_TYPE_PORT_RESTRICTED, false,
                               AIONET_NAT_METHOD_NONE, AIONET_NAT_STARTER_NONE },
                     PlanCase{ AIONET_NAT_TYPE_SYMMETRIC, AIONET_NAT_TYPE_SYMMETRIC, false,
                               AIONET_NAT_METHOD_NONE, AIONET_NAT_STARTER_NONE },
                     PlanCase{ AIONET_NAT_TYPE_BLOCKED, AIONET_NAT_TYPE_OPEN, false,
                               AIONET_NAT_METHOD_NONE, AIONET_NAT_STARTER_NONE }));

TEST (Nat, ForetellsPorts)
{
  auto  symmetric = nat (AIONET_NAT_TYPE_SYMMETRIC, AIONET_DELTA_TYPE_INDEPENDENT, 2);
  gsize n_ports = 0;
  std::unique_ptr<guint16[], decltype (&g_free)> ports (
      aionet_nat_predict_ports (symmetric.get (), 5000, 40000, 5001, 3, &n_ports), g_free);

  ASSERT_GE (n_ports, 1u);
  EXPECT_LE (n_ports, 3u);
  EXPECT_EQ (ports[0], 40002);
}
