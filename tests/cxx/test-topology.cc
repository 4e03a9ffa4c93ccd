/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#include "hosts.h"
#include "providers.h"

/* ------------------------------------------------------------------ hosts */

TEST (Host, ListsInterfacesUsableOnesFirst)
{
  NEEDS_REPLAY ();
  Error                    error;
  auto                     host = replayed_host ();
  std::vector<std::string> names;

  ASSERT_TRUE (refresh (host.get (), error)) << error;
  for (const auto &nic : items<AionetInterface> (host.get ()))
    names.emplace_back (aionet_interface_get_name (nic.get ()));
  EXPECT_EQ (names, (std::vector<std::string>{ "eth0", "lo" }));
  auto preferred = take (aionet_host_get_preferred_interface (host.get ()));
  EXPECT_EQ (preferred, take (aionet_host_get_interface (host.get (), "eth0")));
  EXPECT_FALSE (take (aionet_host_get_interface (host.get (), "eth9")));
}

TEST (Host, LoadsTheGuidesExample)
{
  NEEDS_REPLAY ();
  auto             nic = guide_interface ();
  AionetRoutePool *pool = aionet_interface_get_route_pool (nic.get (), G_SOCKET_FAMILY_IPV4);
  std::vector<std::string> texts;

  EXPECT_EQ (aionet_route_pool_get_n_addresses (pool), 65025u);
  for (const auto &route : items<AionetRoute> (aionet_route_pool_get_groups (pool)))
    texts.push_back (to_string (aionet_route_to_string (route.get ())));
  ASSERT_EQ (texts.size (), 2u);
  EXPECT_NE (texts[0].find ("193.168.0.0/16"), std::string::npos) << texts[0];
  EXPECT_NE (texts[0].find ("1.3.3.7"), std::string::npos) << texts[0];
  EXPECT_NE (texts[1].find ("8.8.0.0/16"), std::string::npos) << texts[1];
}

TEST (Host, TakesItsSettings)
{
  auto              host = take (aionet_host_new ());
  auto              own_backend = backend ();
  auto              own_provider = stun_provider ();
  const char *const servers[] = { "9.1.1.1:3478", "[2a01::1]:3479", nullptr };

  aionet_host_set_address_backend (host.get (), own_backend.get ());
  aionet_host_set_stun_provider (host.get (), own_provider.get ());
  aionet_host_set_stun_servers (host.get (), servers);
  aionet_host_set_min_agree (host.get (), 1);
  aionet_host_set_timeout (host.get (), 1234);
  aionet_host_set_allow_private (host.get (), TRUE);
  EXPECT_EQ (aionet_host_get_address_backend (host.get (), nullptr), own_backend.get ());
  EXPECT_EQ (aionet_host_get_stun_provider (host.get (), nullptr), own_provider.get ());
  EXPECT_STREQ (aionet_host_get_stun_servers (host.get ())[1], "[2a01::1]:3479");
  EXPECT_EQ (aionet_host_get_min_agree (host.get ()), 1u);
  EXPECT_EQ (aionet_host_get_timeout (host.get ()), 1234u);
  EXPECT_TRUE (aionet_host_get_allow_private (host.get ()));
  EXPECT_EQ (aionet_host_get_registry (host.get ()), aionet_registry_get_default ());
}

TEST (Host, FollowsABackendWrittenInCxx)
{
  Error error;
  bool  has_second = false;
  auto  host = take (aionet_host_new ());
  auto  live = backend ([&] (AionetRequest *request) {
    auto first = link ("eth0", 2, "192.168.0.20/24"), second = link ("eth1", 3, "10.0.0.2/8");
    auto both = has_second ? links ({ first.get (), second.get () }) : links ({ first.get () });

    aionet_request_complete (request, G_OBJECT (both.get ()));
  });
  guint n_changes = 0;

  aionet_host_set_address_backend (host.get (), live.get ());
  ASSERT_TRUE (refresh (host.get (), error)) << error;
  g_signal_connect_swapped (host.get (), "items-changed", G_CALLBACK (+[] (guint *n) { ++*n; }),
                            &n_changes);
  has_second = true;
  aionet_address_backend_emit_changed (live.get ());
  EXPECT_TRUE (turn_until ([&] { return n_changes > 0; }));
  EXPECT_EQ (items<AionetInterface> (host.get ()).size (), 2u);
}

TEST (Host, ReportsABackendThatFails)
{
  Error error;
  auto  host = take (aionet_host_new ());
  auto  cancellable = take (g_cancellable_new ());
  auto  dropping = backend ([] (AionetRequest *) {});

  aionet_host_set_address_backend (host.get (), dropping.get ());
  EXPECT_FALSE (refresh (host.get (), error));
  EXPECT_TRUE (error.is (AIONET_ERROR_PROVIDER_DROPPED)) << error;
  g_cancellable_cancel (cancellable.get ());
  EXPECT_FALSE (load_all (host.get (), error, cancellable.get ()));
  EXPECT_TRUE (error.is (G_IO_ERROR_CANCELLED)) << error;
}

/* ------------------------------------------------------------------ interfaces */

TEST (Interface, HasTheFactsOfItsLink)
{
  NEEDS_REPLAY ();
  auto                                                 nic = guide_interface ();
  gsize                                                n_families = 0;
  std::unique_ptr<GSocketFamily[], decltype (&g_free)> families (
      aionet_interface_get_families (nic.get (), &n_families), g_free);

  EXPECT_STREQ (aionet_interface_get_name (nic.get ()), "eth0");
  EXPECT_EQ (aionet_interface_get_index (nic.get ()), 2u);
  EXPECT_STREQ (aionet_interface_get_hardware_address (nic.get ()), "02:00:00:00:00:02");
  EXPECT_EQ (aionet_interface_get_mtu (nic.get ()), 1500u);
  EXPECT_EQ (aionet_interface_get_kind (nic.get ()), AIONET_LINK_KIND_ETHERNET);
  EXPECT_TRUE (aionet_interface_get_is_up (nic.get ()));
  EXPECT_TRUE (aionet_interface_get_usable (nic.get ()));
  EXPECT_TRUE (aionet_interface_get_loaded (nic.get ()));
  EXPECT_TRUE (aionet_interface_get_confirmed (nic.get ()));
  EXPECT_TRUE (aionet_interface_is_default (nic.get (), G_SOCKET_FAMILY_IPV4));
  EXPECT_FALSE (aionet_interface_is_default (nic.get (), G_SOCKET_FAMILY_IPV6));
  ASSERT_EQ (n_families, 2u);
  EXPECT_EQ (families[0], G_SOCKET_FAMILY_IPV4);
  EXPECT_TRUE (aionet_interface_supports (nic.get (), G_SOCKET_FAMILY_IPV6));
  EXPECT_EQ (items<AionetIpRange> (aionet_interface_get_link_locals (nic.get ())).size (), 1u);
  EXPECT_GE (items<AionetIpRange> (aionet_interface_get_addresses (nic.get ())).size (), 4u);
  EXPECT_TRUE (to_strings (aionet_interface_get_unreachable (nic.get ())).empty ());
}

TEST (Interface, GoesThroughJsonUnchanged)
{
  NEEDS_REPLAY ();
  Error error;
  auto  nic = guide_interface ();
  auto  text = to_string (aionet_interface_to_json_string (nic.get ()));
  auto  node = take (aionet_interface_to_json (nic.get ()));
  auto  read = take (aionet_interface_new_from_json_string (text.c_str (), error.out ()));
  auto  same = take (aionet_interface_new_from_json (node.get (), error.out ()));

  ASSERT_TRUE (read && same) << error;
  EXPECT_TRUE (aionet_interface_equal (nic.get (), read.get ()));
  EXPECT_TRUE (aionet_interface_equal (nic.get (), same.get ()));
  EXPECT_EQ (to_string (aionet_interface_to_json_string (read.get ())), text);
  EXPECT_EQ (to_string (aionet_interface_to_string (nic.get ())),
             "Interface.from_dict(" + text + ")");
}

TEST (Interface, RefusesWhatIsNotItsJson)
{
  Error error;

  for (auto text : { "", "[]", "{\"name\":7}", "{" })
    {
      EXPECT_FALSE (take (aionet_interface_new_from_json_string (text, error.out ()))) << text;
      EXPECT_TRUE (error.is (AIONET_ERROR_INVALID_JSON)) << text << ' ' << error;
    }
}

TEST (Interface, TheDefaultOneIsThereAtOnce)
{
  Error error;
  auto  nic = take (aionet_interface_new_default ());

  EXPECT_STREQ (aionet_interface_get_name (nic.get ()), "default");
  EXPECT_TRUE (load (nic.get (), error)) << error;
  auto route = take (aionet_interface_get_route (nic.get (), G_SOCKET_FAMILY_IPV4, error.out ()));
  ASSERT_TRUE (route) << error;
  EXPECT_EQ (aionet_route_get_nic_address (route.get ()), nullptr);
}

TEST (Interface, WithoutALoadItHasNoRoutes)
{
  Error error;
  auto  nic = take (aionet_interface_new ("eth0"));

  EXPECT_FALSE (take (aionet_interface_get_route (nic.get (), G_SOCKET_FAMILY_IPV4, error.out ())));
  EXPECT_TRUE (error.is (AIONET_ERROR_NO_ROUTE)) << error;
  EXPECT_FALSE (take (aionet_interface_get_route (nic.get (), G_SOCKET_FAMILY_UNIX, error.out ())));
  EXPECT_TRUE (error.is (AIONET_ERROR_UNSUPPORTED_FAMILY)) << error;
  EXPECT_FALSE (aionet_nat_get_tested (aionet_interface_get_nat (nic.get ())));
}

TEST (Interface, IsTestedForItsNat)
{
  Error             error;
  auto              host = take (aionet_host_new ());
  auto              single = backend ([] (AionetRequest *request) {
    auto nic = link ("eth0", 2, "192.168.0.20/24");
    auto gateway = take (aionet_gateway_new (G_SOCKET_FAMILY_IPV4, nullptr, 0, 254, nullptr));

    aionet_link_add_gateway (nic.get (), gateway.get ());
    aionet_request_complete (request, G_OBJECT (links ({ nic.get () }).get ()));
  });
  auto              silent = stun_provider ([] (AionetStunRequest *request) {
    g_autoptr (GError) refused =
        g_error_new_literal (G_IO_ERROR, G_IO_ERROR_CONNECTION_REFUSED, "Nobody");

    aionet_request_fail (AIONET_REQUEST (request), refused);
  });
  const char *const servers[] = { "9.1.1.1:3478", nullptr };

  aionet_host_set_address_backend (host.get (), single.get ());
  aionet_host_set_stun_provider (host.get (), silent.get ());
  aionet_host_set_stun_servers (host.get (), servers);
  aionet_host_set_timeout (host.get (), 300);
  ASSERT_TRUE (load_all (host.get (), error)) << error;
  auto nic = take (aionet_host_get_interface (host.get (), "eth0"));
  EXPECT_FALSE (to_strings (aionet_interface_get_unreachable (nic.get ())).empty ());
  auto nat = load_nat (nic.get (), error);
  ASSERT_TRUE (nat) << error;
  EXPECT_EQ (aionet_nat_get_nat_type (nat.get ()), AIONET_NAT_TYPE_BLOCKED);
  EXPECT_TRUE (aionet_nat_equal (nat.get (), aionet_interface_get_nat (nic.get ())));
}
