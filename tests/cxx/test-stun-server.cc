/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#include "pipes.h"

/* The server of the library, asked by its own plugin `nice`. */
class StunServers : public testing::Test
{
protected:
  void
  SetUp () override
  {
    auto made = take (aionet_registry_create_provider (
        aionet_registry_get_default (), AIONET_TYPE_STUN_PROVIDER, "nice", error.out ()));

    if (!made)
      GTEST_SKIP () << error.message ();
    provider = take (AIONET_STUN_PROVIDER (made.release ()));
    aionet_stun_server_set_port (stun.get (), 0);
    aionet_stun_server_set_alternate_port (stun.get (), 0);
    aionet_stun_server_set_max_rate (stun.get (), 0);
    ASSERT_TRUE (aionet_stun_server_listen (stun.get (), route_at ("127.0.0.1").get (),
                                            route_at ("127.0.0.2").get (), error.out ()))
        << error;
    listeners = items<AionetPipe> (aionet_daemon_get_listeners (AIONET_DAEMON (stun.get ())));
  }

  /* The first endpoint of a protocol: primary address and port. */
  AionetPipe *
  primary (GSocketProtocol protocol)
  {
    for (const auto &listener : listeners)
      if (aionet_pipe_get_protocol (listener.get ()) == protocol)
        return listener.get ();
    return nullptr;
  }

  Ref<AionetMapping>
  ask (GSocketProtocol protocol, AionetStunChange change, guint timeout_ms = PATIENCE_MS)
  {
    GSocketAddress *at = aionet_pipe_get_local_address (primary (protocol));
    auto            local = endpoint ("127.0.0.1", 0);
    auto            result = await ([&] (GAsyncReadyCallback callback, gpointer data) {
      aionet_stun_provider_ask_async (provider.get (), G_INET_SOCKET_ADDRESS (at), protocol,
                                                 local.get (), nullptr, change, timeout_ms, nullptr, callback,
                                                 data);
    });

    return take (aionet_stun_provider_ask_finish (provider.get (), result.get (), error.out ()));
  }

  Error                         error;
  Ref<AionetStunProvider>       provider;
  Ref<AionetStunServer>         stun = take (aionet_stun_server_new ());
  std::vector<Ref<AionetPipe> > listeners;
};

TEST_F (StunServers, TellWhereARequestCameFrom)
{
  for (auto protocol : { UDP, TCP })
    {
      auto mapping = ask (protocol, AIONET_STUN_CHANGE_NONE);

      ASSERT_TRUE (mapping) << error;
      EXPECT_EQ (to_text (G_SOCKET_ADDRESS (aionet_mapping_get_external (mapping.get ()))),
                 to_text (G_SOCKET_ADDRESS (aionet_mapping_get_local (mapping.get ()))));
      EXPECT_EQ (aionet_stun_server_get_n_answered (stun.get (), protocol), 1u);
    }
  EXPECT_EQ (aionet_stun_server_get_n_answered (stun.get (), G_SOCKET_PROTOCOL_DEFAULT), 2u);
}

TEST_F (StunServers, AnswerFromWhereTheyAreAskedTo)
{
  for (auto change : { AIONET_STUN_CHANGE_PORT, AIONET_STUN_CHANGE_IP,
                       AIONET_STUN_CHANGE_IP | AIONET_STUN_CHANGE_PORT })
    {
      auto mapping = ask (UDP, change);
      auto expected = take (aionet_stun_server_get_endpoint (stun.get (), primary (UDP), change));

      ASSERT_TRUE (mapping && expected) << error;
      EXPECT_EQ (to_text (G_SOCKET_ADDRESS (aionet_mapping_get_origin (mapping.get ()))),
                 to_text (expected.get ()));
    }
}

TEST_F (StunServers, CountWhatIsNoRequest)
{
  auto stranger = client_of (primary (UDP));

  send (stranger.get (), "not STUN at all, and long enough to be");
  EXPECT_TRUE (
      turn_until ([this] { return aionet_stun_server_get_n_ignored (stun.get (), UDP) == 1; }));
  EXPECT_EQ (aionet_stun_server_get_n_answered (stun.get (), UDP), 0u);
  EXPECT_EQ (aionet_stun_server_get_n_errors (stun.get (), UDP), 0u);
  EXPECT_EQ (aionet_stun_server_get_n_lost (stun.get (), UDP), 0u);
}

TEST_F (StunServers, CutOffWhoSpeaksSomethingElse)
{
  auto stranger = client_of (primary (TCP));

  send (stranger.get (), "GET / HTTP/1.0\r\n\r\nand so on");
  EXPECT_FALSE (receive (stranger.get (), error));
  EXPECT_TRUE (error.is (AIONET_ERROR_CLOSED)) << error;
  EXPECT_EQ (aionet_stun_server_get_n_cut_off (stun.get ()), 1u);
}

TEST_F (StunServers, LimitTheRateOfAPrefix)
{
  auto visitor = client_of (primary (UDP));
  /* A binding request: type, no attributes, the magic cookie, an id. */
  const std::string request ("\0\1\0\0\x21\x12\xa4\x42"
                             "0123456789ab",
                             20);

  aionet_stun_server_set_max_rate (stun.get (), 1);
  for (int i = 0; i < 50; i++)
    send (visitor.get (), request);
  EXPECT_TRUE (turn_until ([this] {
    return aionet_stun_server_get_n_answered (stun.get (), UDP) +
               aionet_stun_server_get_n_limited (stun.get (), UDP) ==
           50;
  }));
  EXPECT_GE (aionet_stun_server_get_n_limited (stun.get (), UDP), 1u);
}

TEST (StunServer, TakesItsSettings)
{
  auto made = take (aionet_stun_server_new ());

  aionet_stun_server_set_port (made.get (), 4000);
  aionet_stun_server_set_alternate_port (made.get (), 4001);
  aionet_stun_server_set_behavior_discovery (made.get (), FALSE);
  aionet_stun_server_set_echo_padding (made.get (), TRUE);
  aionet_stun_server_set_software (made.get (), "in C++");
  aionet_stun_server_set_max_rate (made.get (), 5);
  aionet_stun_server_set_max_addresses (made.get (), 6);
  EXPECT_EQ (aionet_stun_server_get_port (made.get ()), 4000u);
  EXPECT_EQ (aionet_stun_server_get_alternate_port (made.get ()), 4001u);
  EXPECT_FALSE (aionet_stun_server_get_behavior_discovery (made.get ()));
  EXPECT_TRUE (aionet_stun_server_get_echo_padding (made.get ()));
  EXPECT_STREQ (aionet_stun_server_get_software (made.get ()), "in C++");
  EXPECT_EQ (aionet_stun_server_get_max_rate (made.get ()), 5u);
  EXPECT_EQ (aionet_stun_server_get_max_addresses (made.get ()), 6u);
}

TEST (StunServer, NeedsRoutes)
{
  Error error;
  auto  made = take (aionet_stun_server_new ());
  auto  no_routes = take (g_list_store_new (AIONET_TYPE_ROUTE));
  auto  no_interfaces = take (g_list_store_new (AIONET_TYPE_INTERFACE));

  EXPECT_FALSE (aionet_stun_server_listen_routes (made.get (), G_LIST_MODEL (no_routes.get ()),
                                                  error.out ()));
  EXPECT_TRUE (error.is (AIONET_ERROR_NO_ROUTE)) << error;
  auto result = await ([&] (GAsyncReadyCallback callback, gpointer data) {
    aionet_stun_server_start_async (made.get (), G_LIST_MODEL (no_interfaces.get ()), nullptr,
                                    callback, data);
  });
  EXPECT_FALSE (aionet_stun_server_start_finish (made.get (), result.get (), error.out ()));
  EXPECT_TRUE (error.is (AIONET_ERROR_NO_INTERFACE)) << error;
}
