/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#include "providers.h"

/* ------------------------------------------------------------------ links and gateways */

TEST (Link, HasWhatWasSet)
{
  auto made = link ("eth0", 2, "192.168.0.20/24 fe80::1/64");
  auto source = range ("192.168.0.0/24");
  auto gateway = take (aionet_gateway_new (G_SOCKET_FAMILY_IPV4, address ("192.168.0.1").get (),
                                           100, 254, source.get ()));

  aionet_link_add_block (made.get (), range ("8.8.0.0/16").get ());
  aionet_link_add_gateway (made.get (), gateway.get ());
  EXPECT_STREQ (aionet_link_get_name (made.get ()), "eth0");
  EXPECT_EQ (aionet_link_get_index (made.get ()), 2u);
  EXPECT_STREQ (aionet_link_get_hardware_address (made.get ()), "02:00:00:00:00:01");
  EXPECT_EQ (aionet_link_get_mtu (made.get ()), 1500u);
  EXPECT_EQ (aionet_link_get_kind (made.get ()), AIONET_LINK_KIND_ETHERNET);
  EXPECT_TRUE (aionet_link_get_is_up (made.get ()));
  EXPECT_EQ (items<AionetIpRange> (aionet_link_get_addresses (made.get ())).size (), 2u);
  EXPECT_EQ (items<AionetIpRange> (aionet_link_get_blocks (made.get ())).size (), 1u);
  EXPECT_EQ (items<AionetGateway> (aionet_link_get_gateways (made.get ())).at (0), gateway);
  EXPECT_TRUE (aionet_link_equal (made.get (), made.get ()));
  EXPECT_FALSE (aionet_link_equal (made.get (), link ("eth0", 2, "192.168.0.20/24").get ()));
}

TEST (Link, FlagsAreAFlagAgainInCxx)
{
  auto made = link ("eth0", 2, "");
  auto flags = AIONET_ADDRESS_FLAGS_TEMPORARY | AIONET_ADDRESS_FLAGS_DEPRECATED;

  aionet_link_add_address (made.get (), range ("2a01::1").get (), flags);
  aionet_link_add_address (made.get (), range ("2a01::1").get (), AIONET_ADDRESS_FLAGS_TENTATIVE);
  flags |= AIONET_ADDRESS_FLAGS_TENTATIVE;
  EXPECT_EQ (aionet_link_get_address_flags (made.get (), 0), flags);
  flags &= AIONET_ADDRESS_FLAGS_DEPRECATED;
  EXPECT_EQ (flags, AIONET_ADDRESS_FLAGS_DEPRECATED);
  EXPECT_EQ (aionet_link_get_address_flags (made.get (), 1), AIONET_ADDRESS_FLAGS_NONE);
}

TEST (Gateway, HasWhatItWasMadeWith)
{
  auto source = range ("10.0.0.0/8");
  auto via = address ("10.0.0.1");
  auto made = take (aionet_gateway_new (G_SOCKET_FAMILY_IPV4, via.get (), 7, 100, source.get ()));
  auto other = take (aionet_gateway_new (G_SOCKET_FAMILY_IPV4, nullptr, 7, 100, nullptr));

  EXPECT_EQ (aionet_gateway_get_family (made.get ()), G_SOCKET_FAMILY_IPV4);
  EXPECT_EQ (to_text (aionet_gateway_get_address (made.get ())), "10.0.0.1");
  EXPECT_EQ (aionet_gateway_get_metric (made.get ()), 7u);
  EXPECT_EQ (aionet_gateway_get_table (made.get ()), 100u);
  EXPECT_TRUE (aionet_ip_range_equal (aionet_gateway_get_source (made.get ()), source.get ()));
  EXPECT_EQ (aionet_gateway_get_address (other.get ()), nullptr);
  EXPECT_FALSE (aionet_gateway_equal (made.get (), other.get ()));
  EXPECT_TRUE (aionet_gateway_equal (made.get (), made.get ()));
}

/* ------------------------------------------------------------------ address backends */

static Ref<GListModel>
list (AionetAddressBackend *backend,
      Error                &error,
      guint                 timeout_ms = PATIENCE_MS,
      GCancellable         *cancellable = nullptr)
{
  auto result = await ([=] (GAsyncReadyCallback callback, gpointer data) {
    aionet_address_backend_list_links_async (backend, timeout_ms, cancellable, callback, data);
  });

  return take (aionet_address_backend_list_links_finish (backend, result.get (), error.out ()));
}

TEST (AddressBackend, AnswersFromCxx)
{
  Error error;
  auto  answering = backend ();
  auto  listed = list (answering.get (), error);

  ASSERT_TRUE (listed) << error;
  EXPECT_STREQ (aionet_link_get_name (items<AionetLink> (listed.get ()).at (0).get ()), "cxx0");
  EXPECT_STREQ (aionet_provider_get_name (AIONET_PROVIDER (answering.get ())), "cxx");
  EXPECT_TRUE (aionet_provider_is_supported (AIONET_PROVIDER (answering.get ()), nullptr));
  EXPECT_FALSE (aionet_address_backend_can_watch (answering.get ()));
}

TEST (AddressBackend, FailsWithItsOwnError)
{
  Error error;
  auto  failing = backend ([] (AionetRequest *request) {
    g_autoptr (GError) refused =
        g_error_new_literal (G_IO_ERROR, G_IO_ERROR_PERMISSION_DENIED, "Not for you");

    EXPECT_TRUE (aionet_request_fail (request, refused));
    EXPECT_FALSE (aionet_request_fail (request, refused));
    EXPECT_TRUE (aionet_request_is_done (request));
  });

  EXPECT_FALSE (list (failing.get (), error));
  EXPECT_TRUE (error.is (G_IO_ERROR_PERMISSION_DENIED)) << error;
  EXPECT_EQ (error.message (), "Not for you");
  EXPECT_EQ (aionet_provider_get_n_late_answers (AIONET_PROVIDER (failing.get ())), 1u);
}

TEST (AddressBackend, IsToldOfWhatItForgets)
{
  Error error;

  EXPECT_FALSE (list (backend ([] (AionetRequest *) {}).get (), error));
  EXPECT_TRUE (error.is (AIONET_ERROR_PROVIDER_DROPPED)) << error;
}

TEST (AddressBackend, IsNotBelievedEverything)
{
  Error error;
  auto  odd = backend ([] (AionetRequest *request) {
    auto wrong = take (g_list_store_new (AIONET_TYPE_IP_RANGE));

    g_list_store_append (wrong.get (), range ("10.0.0.1").get ());
    EXPECT_FALSE (aionet_request_complete (request, G_OBJECT (wrong.get ())));
  });

  EXPECT_FALSE (list (odd.get (), error));
  EXPECT_TRUE (error.is (AIONET_ERROR_PROVIDER_MISBEHAVED)) << error;
}

TEST (AddressBackend, IsCutOffAtTheDeadline)
{
  Error              error;
  Ref<AionetRequest> kept;
  bool               had_deadline = false;
  auto               silent = backend ([&] (AionetRequest *request) {
    had_deadline = aionet_request_get_deadline_us (request) > 0;
    kept = take (AIONET_REQUEST (g_object_ref (request)));
  });

  EXPECT_FALSE (list (silent.get (), error, 1));
  EXPECT_TRUE (error.is (G_IO_ERROR_TIMED_OUT)) << error;
  EXPECT_TRUE (had_deadline);
  ASSERT_TRUE (kept);
  EXPECT_TRUE (aionet_request_is_done (kept.get ()));
  EXPECT_TRUE (g_cancellable_is_cancelled (aionet_request_get_cancellable (kept.get ())));
}

TEST (AddressBackend, IsCancelled)
{
  Error                            error;
  auto                             cancellable = take (g_cancellable_new ());
  std::vector<Ref<AionetRequest> > kept;
  auto                             silent = backend ([&] (AionetRequest *request) {
    kept.push_back (take (AIONET_REQUEST (g_object_ref (request))));
    g_cancellable_cancel (cancellable.get ());
  });

  EXPECT_FALSE (list (silent.get (), error, 0, cancellable.get ()));
  EXPECT_TRUE (error.is (G_IO_ERROR_CANCELLED)) << error;
  EXPECT_EQ (kept.size (), 1u);
}

/* ------------------------------------------------------------------ STUN providers */

static Ref<AionetMapping>
ask (AionetStunProvider *provider, AionetStunChange change, Error &error)
{
  auto server = endpoint ("127.0.0.1", 3478), local = endpoint ("127.0.0.1", 0);
  auto result = await ([&] (GAsyncReadyCallback callback, gpointer data) {
    aionet_stun_provider_ask_async (provider, G_INET_SOCKET_ADDRESS (server.get ()),
                                    G_SOCKET_PROTOCOL_UDP, local.get (), nullptr, change,
                                    PATIENCE_MS, nullptr, callback, data);
  });

  return take (aionet_stun_provider_ask_finish (provider, result.get (), error.out ()));
}

TEST (StunProvider, SeesWhatItIsAsked)
{
  Error error;
  auto  provider = stun_provider ([] (AionetStunRequest *request) {
    EXPECT_EQ (aionet_stun_request_get_change (request),
                AIONET_STUN_CHANGE_IP | AIONET_STUN_CHANGE_PORT);
    EXPECT_EQ (aionet_stun_request_get_protocol (request), G_SOCKET_PROTOCOL_UDP);
    EXPECT_EQ (aionet_stun_request_get_interface_name (request), nullptr);
    EXPECT_EQ (to_text (G_SOCKET_ADDRESS (aionet_stun_request_get_server (request))),
                "127.0.0.1:3478");
    aionet_request_complete (AIONET_REQUEST (request),
                              G_OBJECT (mapping (request, "192.0.2.1").get ()));
  });
  auto  seen = ask (provider.get (), AIONET_STUN_CHANGE_IP | AIONET_STUN_CHANGE_PORT, error);

  ASSERT_TRUE (seen) << error;
  EXPECT_EQ (
      to_text (g_inet_socket_address_get_address (aionet_mapping_get_external (seen.get ()))),
      "192.0.2.1");
}

TEST (StunProvider, AnswersWithTheSocketOfTheRequest)
{
  Error error;
  auto  seen = ask (stun_provider ().get (), AIONET_STUN_CHANGE_NONE, error);

  ASSERT_TRUE (seen) << error;
  EXPECT_EQ (to_text (G_SOCKET_ADDRESS (aionet_mapping_get_local (seen.get ()))),
             to_text (G_SOCKET_ADDRESS (aionet_mapping_get_external (seen.get ()))));
  EXPECT_NE (port_of (G_SOCKET_ADDRESS (aionet_mapping_get_local (seen.get ()))), 0);
}

TEST (StunProvider, HasServersOfItsOwn)
{
  EXPECT_EQ (to_strings (aionet_stun_provider_dup_servers (stun_provider ().get ())),
             (std::vector<std::string>{ "192.0.2.1:3478", "[2001:db8::1]:3478" }));
}

TEST (StunProvider, FailsWithItsOwnError)
{
  Error error;
  auto  provider = stun_provider ([] (AionetStunRequest *request) {
    g_autoptr (GError) failed =
        g_error_new_literal (AIONET_ERROR, AIONET_ERROR_STUN_FAILED, "Nobody there");

    aionet_request_fail (AIONET_REQUEST (request), failed);
  });

  EXPECT_FALSE (ask (provider.get (), AIONET_STUN_CHANGE_NONE, error));
  EXPECT_TRUE (error.is (AIONET_ERROR_STUN_FAILED)) << error;
}

TEST (Mapping, HasWhatItWasMadeWith)
{
  auto server = endpoint ("9.1.1.1", 3478), local = endpoint ("10.0.0.1", 5000);
  auto external = endpoint ("1.3.3.7", 6000), other = endpoint ("9.1.1.2", 3479);
  auto made = take (static_cast<AionetMapping *> (g_object_new (
      AIONET_TYPE_MAPPING, "protocol", G_SOCKET_PROTOCOL_TCP, "server", server.get (), "local",
      local.get (), "external", external.get (), "origin", server.get (), "other-address",
      other.get (), "software", "a server", "round-trip-us", gint64 (1500), "n-sent", 2, nullptr)));

  EXPECT_EQ (aionet_mapping_get_protocol (made.get ()), G_SOCKET_PROTOCOL_TCP);
  EXPECT_EQ (to_text (G_SOCKET_ADDRESS (aionet_mapping_get_server (made.get ()))), "9.1.1.1:3478");
  EXPECT_EQ (to_text (G_SOCKET_ADDRESS (aionet_mapping_get_origin (made.get ()))), "9.1.1.1:3478");
  EXPECT_EQ (to_text (G_SOCKET_ADDRESS (aionet_mapping_get_other_address (made.get ()))),
             "9.1.1.2:3479");
  EXPECT_STREQ (aionet_mapping_get_software (made.get ()), "a server");
  EXPECT_EQ (aionet_mapping_get_round_trip_us (made.get ()), 1500);
  EXPECT_EQ (aionet_mapping_get_n_sent (made.get ()), 2u);
}
