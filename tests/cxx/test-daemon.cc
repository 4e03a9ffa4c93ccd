/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#include "hosts.h"
#include "pipes.h"

/* ------------------------------------------------------------------ a daemon derived in C++ */

struct CxxEcho
{
  AionetDaemon parent_instance;
  guint        n_clients, n_gone;
};

struct CxxEchoClass
{
  AionetDaemonClass parent_class;
};

static GType cxx_echo_get_type ();

G_DEFINE_TYPE (CxxEcho, cxx_echo, AIONET_TYPE_DAEMON)

static void
cxx_echo_message (AionetDaemon *, AionetPipe *pipe, AionetMessage *message)
{
  aionet_pipe_send (pipe, aionet_message_get_bytes (message), aionet_message_get_sender (message),
                    nullptr);
}

static void
cxx_echo_client (AionetDaemon *self, AionetPipe *)
{
  reinterpret_cast<CxxEcho *> (self)->n_clients++;
}

static void
cxx_echo_client_closed (AionetDaemon *self, AionetPipe *, const GError *)
{
  reinterpret_cast<CxxEcho *> (self)->n_gone++;
}

static void
cxx_echo_class_init (CxxEchoClass *klass)
{
  klass->parent_class.message = cxx_echo_message;
  klass->parent_class.client = cxx_echo_client;
  klass->parent_class.client_closed = cxx_echo_client_closed;
}

static void
cxx_echo_init (CxxEcho *)
{
}

/* ------------------------------------------------------------------ cases */

class Daemons : public testing::Test
{
protected:
  Ref<AionetPipe>
  visit (GSocketProtocol protocol, guint16 port)
  {
    auto  target = "127.0.0.1:" + std::to_string (port);
    auto  visitor = take (aionet_pipe_new (protocol, target.c_str (), nullptr));
    Error failed;

    EXPECT_TRUE (open (visitor.get (), failed)) << failed;
    return visitor;
  }

  CxxEcho *
  echo ()
  {
    return reinterpret_cast<CxxEcho *> (daemon.get ());
  }

  Ref<AionetDaemon> daemon = take (AIONET_DAEMON (g_object_new (cxx_echo_get_type (), nullptr)));
  Error             error;
};

TEST_F (Daemons, EchoByAMethodOfCxx)
{
  auto    route = route_at ("127.0.0.1");
  guint16 tcp = aionet_daemon_add_listener (daemon.get (), TCP, route.get (), error.out ());
  guint16 udp = aionet_daemon_add_listener (daemon.get (), UDP, route.get (), error.out ());

  ASSERT_TRUE (tcp != 0 && udp != 0) << error;
  for (auto where : { std::make_pair (TCP, tcp), std::make_pair (UDP, udp) })
    {
      auto visitor = visit (where.first, where.second);

      send (visitor.get (), "echo");
      EXPECT_EQ (hear (visitor.get ()), "echo");
    }
  EXPECT_EQ (echo ()->n_clients, 1u);
  EXPECT_TRUE (turn_until ([this] { return echo ()->n_gone == 1; }));
  AionetPipe *listener =
      aionet_daemon_get_listener (daemon.get (), UDP, address ("127.0.0.1").get (), udp);
  ASSERT_NE (listener, nullptr);
  EXPECT_TRUE (aionet_pipe_is_server (listener));
  EXPECT_EQ (aionet_daemon_get_listener (daemon.get (), UDP, nullptr, 1), nullptr);
  EXPECT_EQ (items<AionetPipe> (aionet_daemon_get_listeners (daemon.get ())).size (), 2u);
}

TEST_F (Daemons, ListenInAllThreeWays)
{
  NEEDS_REPLAY ();
  auto host = replayed_host ();
  ASSERT_TRUE (load_all (host.get (), error)) << error;
  auto lo = take (aionet_host_get_interface (host.get (), "lo"));

  for (guint16 port :
       { aionet_daemon_listen_loopback (daemon.get (), TCP, 0, nullptr, error.out ()),
         aionet_daemon_listen_all (daemon.get (), TCP, 0, nullptr, error.out ()),
         aionet_daemon_listen_local (daemon.get (), TCP, 0, lo.get (), error.out ()) })
    {
      ASSERT_NE (port, 0) << error;
      auto visitor = visit (TCP, port);
      send (visitor.get (), "hello");
      EXPECT_EQ (hear (visitor.get ()), "hello");
    }
}

TEST_F (Daemons, TellWhatTheyCouldNotListenOn)
{
  auto    taken = server (TCP);
  guint16 port = port_of (aionet_pipe_get_local_address (taken.get ()));

  EXPECT_TRUE (to_strings (aionet_daemon_get_failures (daemon.get ())).empty ());
  EXPECT_EQ (aionet_daemon_add_listener (daemon.get (), TCP, route_at ("127.0.0.1", port).get (),
                                         error.out ()),
             0);
  EXPECT_TRUE (error.is (G_IO_ERROR_ADDRESS_IN_USE)) << error;
  if (has_ipv6 ())
    {
      EXPECT_EQ (aionet_daemon_listen_loopback (daemon.get (), TCP, port, nullptr, error.out ()),
                 port)
          << error;
      auto failures = to_strings (aionet_daemon_get_failures (daemon.get ()));
      ASSERT_EQ (failures.size (), 1u);
      EXPECT_EQ (failures[0].rfind ("tcp 127.0.0.1:", 0), 0u) << failures[0];
    }
}

TEST_F (Daemons, TurnAwayWhoIsTooMany)
{
  guint16 port = aionet_daemon_listen_loopback (daemon.get (), TCP, 0, nullptr, error.out ());

  aionet_daemon_set_max_clients (daemon.get (), 1);
  EXPECT_EQ (aionet_daemon_get_max_clients (daemon.get ()), 1u);
  auto first = visit (TCP, port);
  EXPECT_TRUE (turn_until ([this] { return aionet_daemon_get_n_clients (daemon.get ()) == 1; }));
  auto second = visit (TCP, port);
  EXPECT_FALSE (receive (second.get (), error));
  EXPECT_TRUE (error.is (AIONET_ERROR_CLOSED)) << error;
  EXPECT_EQ (aionet_daemon_get_n_refused (daemon.get ()), 1u);
  auto clients = take (aionet_daemon_list_clients (daemon.get ()));
  EXPECT_EQ (g_list_model_get_n_items (clients.get ()), 1u);
}

TEST_F (Daemons, HandMessagesToAFunction)
{
  std::string heard;
  guint16     port = aionet_daemon_listen_loopback (daemon.get (), UDP, 0, nullptr, error.out ());

  aionet_daemon_set_message_func (
      daemon.get (),
      [] (AionetPipe *, const guint8 *data, gsize length, GSocketAddress *, gpointer user_data) {
        static_cast<std::string *> (user_data)->assign (reinterpret_cast<const char *> (data),
                                                        length);
      },
      &heard, nullptr);
  auto visitor = visit (UDP, port);
  send (visitor.get (), "for the function");
  EXPECT_TRUE (turn_until ([&] { return !heard.empty (); }));
  EXPECT_EQ (heard, "for the function");
}

TEST_F (Daemons, StopWhenTheirClientsHaveLeftOrTheTimeIsOver)
{
  guint16 port = aionet_daemon_listen_loopback (daemon.get (), TCP, 0, nullptr, error.out ());
  auto    visitor = visit (TCP, port);

  send (visitor.get (), "here");
  EXPECT_EQ (hear (visitor.get ()), "here");
  auto result = await ([this] (GAsyncReadyCallback callback, gpointer data) {
    aionet_daemon_stop_async (daemon.get (), 0, nullptr, callback, data);
  });
  EXPECT_EQ (aionet_daemon_stop_finish (daemon.get (), result.get (), error.out ()), 1) << error;
  EXPECT_FALSE (receive (visitor.get (), error));
  EXPECT_TRUE (error.is (AIONET_ERROR_CLOSED)) << error;
  aionet_daemon_close (daemon.get ());
  EXPECT_EQ (items<AionetPipe> (aionet_daemon_get_listeners (daemon.get ())).size (), 0u);
}

TEST_F (Daemons, TakeTheirSettings)
{
  auto plain = take (aionet_daemon_new ());

  aionet_daemon_set_max_clients_per_address (plain.get (), 3);
  aionet_daemon_set_idle_timeout_ms (plain.get (), 4000);
  aionet_daemon_set_n_workers (plain.get (), 2);
  EXPECT_EQ (aionet_daemon_get_max_clients_per_address (plain.get ()), 3u);
  EXPECT_EQ (aionet_daemon_get_idle_timeout_ms (plain.get ()), 4000u);
  EXPECT_EQ (aionet_daemon_get_n_workers (plain.get ()), 2u);
  /* Workers call a function; without one there is nobody to take messages. */
  EXPECT_EQ (aionet_daemon_listen_loopback (plain.get (), TCP, 0, nullptr, error.out ()), 0);
  EXPECT_TRUE (error.is (G_IO_ERROR_INVALID_ARGUMENT)) << error;
}
