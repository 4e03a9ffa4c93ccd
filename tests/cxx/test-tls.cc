/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#include "pipes.h"

/* Certificates of the tests; `G_TEST_SRCDIR` says where they are. */
class Tls : public testing::Test
{
protected:
  void
  SetUp () override
  {
    const char *tests = g_getenv ("G_TEST_SRCDIR");

    if (!g_tls_backend_supports_tls (g_tls_backend_get_default ()))
      GTEST_SKIP () << "GIO has no TLS backend here (package glib-networking)";
    if (tests == nullptr)
      GTEST_SKIP () << "G_TEST_SRCDIR names no directory of certificates";
    std::string folder = std::string (tests) + "/pipe/tls/";
    own = take (g_tls_certificate_new_from_file ((folder + "server.pem").c_str (), error.out ()));
    ASSERT_TRUE (own) << error;
    trusted = take (g_tls_file_database_new ((folder + "authority.pem").c_str (), error.out ()));
    ASSERT_TRUE (trusted) << error;
    daemon = take (aionet_daemon_new ());
    aionet_daemon_set_tls_certificate (daemon.get (), own.get ());
    EXPECT_EQ (aionet_daemon_get_tls_certificate (daemon.get ()), own.get ());
    g_signal_connect (daemon.get (), "message",
                      G_CALLBACK (+[] (AionetDaemon *, AionetPipe *pipe, AionetMessage *message) {
                        send (pipe, to_text (message));
                      }),
                      nullptr);
    port = aionet_daemon_listen_loopback (daemon.get (), TCP, 0, nullptr, error.out ());
    ASSERT_NE (port, 0) << error;
  }

  Ref<AionetPipe>
  visitor ()
  {
    auto pipe =
        take (aionet_pipe_new (TCP, ("127.0.0.1:" + std::to_string (port)).c_str (), nullptr));

    aionet_pipe_set_tls (pipe.get (), TRUE);
    return pipe;
  }

  Error                error;
  Ref<GTlsCertificate> own;
  Ref<GTlsDatabase>    trusted;
  Ref<AionetDaemon>    daemon;
  guint16              port = 0;
};

TEST_F (Tls, SpeaksWithWhomItTrusts)
{
  auto pipe = visitor ();

  aionet_pipe_set_tls_database (pipe.get (), trusted.get ());
  EXPECT_EQ (aionet_pipe_get_tls_database (pipe.get ()), trusted.get ());
  EXPECT_TRUE (aionet_pipe_get_tls (pipe.get ()));
  ASSERT_TRUE (open (pipe.get (), error)) << error;
  send (pipe.get (), "in secret");
  EXPECT_EQ (hear (pipe.get ()), "in secret");
  GTlsCertificate *peer = aionet_pipe_get_tls_peer_certificate (pipe.get ());
  ASSERT_NE (peer, nullptr);
  EXPECT_TRUE (g_tls_certificate_is_same (peer, own.get ()));
  EXPECT_EQ (aionet_pipe_get_tls_negotiated_protocol (pipe.get ()), nullptr);
}

TEST_F (Tls, RefusesAStranger)
{
  auto pipe = visitor ();

  EXPECT_FALSE (open (pipe.get (), error));
  ASSERT_TRUE (error);
  EXPECT_EQ (error.get ()->domain, G_TLS_ERROR) << error;
}

TEST_F (Tls, ChecksTheNameItIsTold)
{
  for (auto name : { "server.test", "other.test" })
    {
      auto pipe = visitor ();

      aionet_pipe_set_tls_database (pipe.get (), trusted.get ());
      aionet_pipe_set_tls_server_name (pipe.get (), name);
      EXPECT_STREQ (aionet_pipe_get_tls_server_name (pipe.get ()), name);
      EXPECT_EQ (open (pipe.get (), error), g_str_equal (name, "server.test")) << error;
    }
}

TEST_F (Tls, IsLaxIfToldTo)
{
  auto pipe = visitor ();

  EXPECT_EQ (aionet_pipe_get_tls_validation_flags (pipe.get ()), G_TLS_CERTIFICATE_VALIDATE_ALL);
  aionet_pipe_set_tls_validation_flags (pipe.get (), G_TLS_CERTIFICATE_NO_FLAGS);
  EXPECT_EQ (aionet_pipe_get_tls_validation_flags (pipe.get ()), G_TLS_CERTIFICATE_NO_FLAGS);
  EXPECT_TRUE (open (pipe.get (), error)) << error;
}

TEST_F (Tls, TakesItsSettings)
{
  auto              pipe = visitor ();
  const char *const protocols[] = { "h2", "http/1.1", nullptr };

  aionet_pipe_set_tls_alpn (pipe.get (), protocols);
  aionet_pipe_set_tls_certificate (pipe.get (), own.get ());
  aionet_pipe_set_tls_authentication_mode (pipe.get (), G_TLS_AUTHENTICATION_REQUIRED);
  ASSERT_NE (aionet_pipe_get_tls_alpn (pipe.get ()), nullptr);
  EXPECT_STREQ (aionet_pipe_get_tls_alpn (pipe.get ())[1], "http/1.1");
  EXPECT_EQ (aionet_pipe_get_tls_certificate (pipe.get ()), own.get ());
  EXPECT_EQ (aionet_pipe_get_tls_authentication_mode (pipe.get ()), G_TLS_AUTHENTICATION_REQUIRED);
}
