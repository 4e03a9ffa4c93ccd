/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#include "pipes.h"
#include "providers.h"

/* Over loopback, where the STUN provider sees everybody as they are. The default host is what a
 * punch asks, so it gets the provider for as long as a case lasts. */
class HolePunches : public testing::Test
{
protected:
  void
  SetUp () override
  {
    aionet_host_set_stun_provider (aionet_host_get_default (), mirror.get ());
    one = punch ();
    other = punch ();
  }

  void
  TearDown () override
  {
    aionet_host_set_stun_provider (aionet_host_get_default (), nullptr);
  }

  Ref<AionetHolePunch>
  punch ()
  {
    auto nat = take (aionet_nat_new (AIONET_NAT_TYPE_PORT_RESTRICTED, AIONET_DELTA_TYPE_EQUAL, 0));

    return take (aionet_hole_punch_new (route_at ("127.0.0.1").get (), nat.get ()));
  }

  std::string
  prepare (AionetHolePunch *punch)
  {
    auto result = await ([=] (GAsyncReadyCallback callback, gpointer data) {
      aionet_hole_punch_prepare_async (punch, nullptr, callback, data);
    });

    return to_string (aionet_hole_punch_prepare_finish (punch, result.get (), error.out ()));
  }

  Error                   error;
  Ref<AionetStunProvider> mirror = stun_provider ();
  Ref<AionetHolePunch>    one, other;
};

static void
keep (GObject *source, GAsyncResult *result, gpointer data)
{
  Error error;
  auto  pipe =
      take (aionet_hole_punch_open_finish (AIONET_HOLE_PUNCH (source), result, error.out ()));

  EXPECT_TRUE (pipe) << error;
  *static_cast<Ref<AionetPipe> *> (data) = std::move (pipe);
}

TEST_F (HolePunches, GiveEachAPipeToTheOther)
{
  auto            offer = prepare (one.get ()), answer = prepare (other.get ());
  Ref<AionetPipe> here, there;

  ASSERT_FALSE (offer.empty () || answer.empty ()) << error;
  aionet_hole_punch_open_async (one.get (), answer.c_str (), PATIENCE_MS, nullptr, keep, &here);
  aionet_hole_punch_open_async (other.get (), offer.c_str (), PATIENCE_MS, nullptr, keep, &there);
  ASSERT_TRUE (turn_until ([&] { return here && there; }));
  send (here.get (), "through the hole");
  EXPECT_EQ (hear (there.get ()), "through the hole");
}

TEST_F (HolePunches, PlanBeforeTheyTry)
{
  auto offer = prepare (other.get ());
  ASSERT_FALSE (prepare (one.get ()).empty ()) << error;
  auto plan = take (aionet_hole_punch_plan (one.get (), offer.c_str (), error.out ()));

  ASSERT_TRUE (plan) << error;
  EXPECT_EQ (aionet_nat_plan_get_method (plan.get ()), AIONET_NAT_METHOD_HOLE_PUNCHING);
  EXPECT_FALSE (take (aionet_hole_punch_plan (one.get (), "{}", error.out ())));
  EXPECT_TRUE (error.is (AIONET_ERROR_INVALID_JSON)) << error;
}

TEST_F (HolePunches, ArePreparedOnce)
{
  ASSERT_FALSE (prepare (one.get ()).empty ()) << error;
  EXPECT_TRUE (prepare (one.get ()).empty ());
  EXPECT_TRUE (error.is (AIONET_ERROR_BUSY)) << error;
}
