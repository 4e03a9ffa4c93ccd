/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#include "hosts.h"

static Ref<AionetRoute>
route (const char *nic_ranges, const char *ext_ranges)
{
  Error error;
  auto  made = take (aionet_route_new (G_SOCKET_FAMILY_IPV4, ranges (nic_ranges).get (),
                                       ranges (ext_ranges).get (), nullptr, error.out ()));

  EXPECT_TRUE (made) << error;
  return made;
}

/* Two single addresses and a block of 254. */
class Pool : public testing::Test
{
protected:
  void
  SetUp () override
  {
    Error error;
    auto  list = take (g_list_store_new (AIONET_TYPE_ROUTE));

    for (const auto &one :
         { route ("10.0.0.1", "1.0.0.1").release (), route ("10.0.0.2", "1.0.0.2").release (),
           route ("8.8.8.0/24", "8.8.8.0/24").release () })
      {
        g_list_store_append (list.get (), one);
        g_object_unref (one);
      }
    pool = take (
        aionet_route_pool_new (G_SOCKET_FAMILY_IPV4, G_LIST_MODEL (list.get ()), error.out ()));
    ASSERT_TRUE (pool) << error;
  }

  std::string
  external (AionetRoute *of)
  {
    return to_text (aionet_route_get_ext_address (of));
  }

  Ref<AionetRoutePool> pool;
};

TEST_F (Pool, HasARouteForEachAddress)
{
  EXPECT_EQ (aionet_route_pool_get_family (pool.get ()), G_SOCKET_FAMILY_IPV4);
  EXPECT_EQ (aionet_route_pool_get_n_addresses (pool.get ()), 256u);
  EXPECT_EQ (g_list_model_get_n_items (G_LIST_MODEL (pool.get ())), 256u);
  EXPECT_EQ (g_list_model_get_n_items (aionet_route_pool_get_groups (pool.get ())), 3u);
  for (auto expected :
       { std::make_pair (0, "1.0.0.1"), { 1, "1.0.0.2" }, { 2, "8.8.8.1" }, { 255, "8.8.8.254" } })
    {
      auto at = take (aionet_route_pool_get_route_at (pool.get (), guint64 (expected.first)));

      ASSERT_TRUE (at);
      EXPECT_EQ (external (at.get ()), expected.second);
      EXPECT_EQ (aionet_route_get_n_addresses (at.get ()), 1u);
    }
  EXPECT_FALSE (take (aionet_route_pool_get_route_at (pool.get (), 256)));
}

TEST_F (Pool, FindsTheGroupOfAnAddress)
{
  guint64      index = 0;
  AionetRoute *found = aionet_route_pool_find (pool.get (), address ("8.8.8.4").get (), &index);

  ASSERT_NE (found, nullptr);
  EXPECT_EQ (aionet_route_get_n_addresses (found), 254u);
  EXPECT_EQ (index, 5u);
  auto single = take (aionet_route_pool_lookup (pool.get (), address ("8.8.8.4").get ()));
  ASSERT_TRUE (single);
  EXPECT_EQ (external (single.get ()), "8.8.8.4");
  EXPECT_EQ (aionet_route_get_n_addresses (single.get ()), 1u);
  EXPECT_FALSE (take (aionet_route_pool_lookup (pool.get (), address ("9.9.9.9").get ())));
  EXPECT_TRUE (aionet_route_pool_contains (pool.get (), address ("1.0.0.2").get ()));
  EXPECT_FALSE (aionet_route_pool_contains (pool.get (), address ("1.0.0.3").get ()));
  EXPECT_EQ (aionet_route_pool_find (pool.get (), address ("8.8.8.0").get (), nullptr), nullptr);
}

TEST_F (Pool, OffersAlternatives)
{
  auto first = take (aionet_route_pool_get_route_at (pool.get (), 255));
  auto other = take (aionet_route_pool_get_alternatives (pool.get (), first.get (), 2));
  std::vector<std::string> texts;

  for (const auto &one : items<AionetRoute> (other.get ()))
    texts.push_back (external (one.get ()));
  EXPECT_EQ (texts, (std::vector<std::string>{ "1.0.0.1", "1.0.0.2" }));
}

TEST_F (Pool, PicksOneOfItsOwn)
{
  auto picked = take (aionet_route_pool_pick_random (pool.get ()));

  ASSERT_TRUE (picked);
  EXPECT_TRUE (
      aionet_route_pool_contains (pool.get (), aionet_route_get_ext_address (picked.get ())));
}

TEST (EmptyPool, HasNothingToPick)
{
  auto pool = take (aionet_route_pool_new (G_SOCKET_FAMILY_IPV6, nullptr, nullptr));

  ASSERT_TRUE (pool);
  EXPECT_FALSE (take (aionet_route_pool_pick_random (pool.get ())));
  EXPECT_EQ (aionet_route_pool_get_n_addresses (pool.get ()), 0u);
}

/* ------------------------------------------------------------------ routes */

TEST (Route, KnowsItsRanges)
{
  auto made = route ("10.0.0.1 10.0.1.0/24", "1.0.0.1");

  EXPECT_EQ (aionet_route_get_family (made.get ()), G_SOCKET_FAMILY_IPV4);
  EXPECT_EQ (g_list_model_get_n_items (aionet_route_get_nic_ranges (made.get ())), 2u);
  EXPECT_EQ (g_list_model_get_n_items (aionet_route_get_ext_ranges (made.get ())), 1u);
  EXPECT_EQ (g_list_model_get_n_items (aionet_route_get_link_locals (made.get ())), 0u);
  EXPECT_EQ (to_text (aionet_route_get_nic_address (made.get ())), "10.0.0.1");
  EXPECT_EQ (to_text (aionet_route_get_ext_address (made.get ())), "1.0.0.1");
  EXPECT_TRUE (aionet_route_has_nic_address (made.get (), address ("10.0.1.7").get ()));
  EXPECT_FALSE (aionet_route_has_nic_address (made.get (), address ("10.0.2.7").get ()));
  EXPECT_TRUE (aionet_route_has_ext_address (made.get (), address ("1.0.0.1").get ()));
  EXPECT_EQ (aionet_route_get_interface (made.get ()), nullptr);
  EXPECT_EQ (aionet_route_get_n_addresses (made.get ()), 1u);
}

TEST (Route, ComparesAndHashes)
{
  auto made = route ("10.0.0.1", "1.0.0.1"), same = route ("10.0.0.1", "1.0.0.1");
  auto other = route ("10.0.0.1", "1.0.0.2");

  EXPECT_TRUE (aionet_route_equal (made.get (), same.get ()));
  EXPECT_EQ (aionet_route_hash (made.get ()), aionet_route_hash (same.get ()));
  EXPECT_FALSE (aionet_route_equal (made.get (), other.get ()));
}

TEST (Route, RefusesRangesOfTwoFamilies)
{
  Error error;

  EXPECT_FALSE (take (aionet_route_new (G_SOCKET_FAMILY_IPV4, ranges ("10.0.0.1").get (),
                                        ranges ("2a01::1").get (), nullptr, error.out ())));
  EXPECT_TRUE (error.is (AIONET_ERROR_INVALID_ROUTE)) << error;
}

TEST (Route, OfAnInterfaceKeepsIt)
{
  NEEDS_REPLAY ();
  auto  nic = guide_interface ();
  Error error;
  auto  made = take (aionet_interface_get_route (nic.get (), G_SOCKET_FAMILY_IPV4, error.out ()));

  ASSERT_TRUE (made) << error;
  AionetInterface *raw = nic.get ();
  nic.reset ();
  EXPECT_EQ (aionet_route_get_interface (made.get ()), raw);
  EXPECT_STREQ (aionet_interface_get_name (raw), "eth0");
  EXPECT_TRUE (aionet_route_get_confirmed (made.get ()));
}

TEST (Route, BindsToLoopbackAndMakesSockets)
{
  Error error;
  auto  bound = route_at ("127.0.0.1");

  EXPECT_TRUE (aionet_route_get_is_bound (bound.get ()));
  EXPECT_EQ (to_text (aionet_route_get_local_address (bound.get ())), "127.0.0.1");
  for (auto protocol : { G_SOCKET_PROTOCOL_TCP, G_SOCKET_PROTOCOL_UDP })
    {
      auto socket = take (aionet_route_create_socket (bound.get (), protocol, error.out ()));

      ASSERT_TRUE (socket) << error;
      auto local = take (g_socket_get_local_address (socket.get (), nullptr));
      EXPECT_EQ (to_text (g_inet_socket_address_get_address (G_INET_SOCKET_ADDRESS (local.get ()))),
                 "127.0.0.1");
      EXPECT_EQ (g_socket_get_protocol (socket.get ()), protocol);
    }
}

TEST (Route, IsBoundByEitherWay)
{
  Error error;
  auto  free_one = route ("127.0.0.1", "127.0.0.1");
  auto  bound = take (aionet_route_bind (free_one.get (), 7000, error.out ()));
  auto  towards = take (aionet_route_bind_towards (free_one.get (), address ("127.0.0.9").get (),
                                                   7001, error.out ()));

  ASSERT_TRUE (bound && towards) << error;
  EXPECT_FALSE (aionet_route_get_is_bound (free_one.get ()));
  EXPECT_EQ (aionet_route_get_local_address (free_one.get ()), nullptr);
  EXPECT_EQ (to_text (aionet_route_get_local_address (bound.get ())), "127.0.0.1:7000");
  EXPECT_EQ (to_text (aionet_route_get_local_address (towards.get ())), "127.0.0.1:7001");
  EXPECT_FALSE (
      take (aionet_route_bind_towards (free_one.get (), address ("::1").get (), 0, error.out ())));
  EXPECT_TRUE (error.is (AIONET_ERROR_UNSUPPORTED_FAMILY)) << error;
  EXPECT_FALSE (take (aionet_route_bind_to (free_one.get (), "nonsense", 0, error.out ())));
  EXPECT_TRUE (error.is (AIONET_ERROR_INVALID_ADDRESS)) << error;
}
