/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#include <sys/socket.h>

#include "pipes.h"

/* ------------------------------------------------------------------ every option, by table */

struct NumberOption
{
  const char *name;
  guint (*get) (AionetPipe *);
  void (*set) (AionetPipe *, guint);
  guint value;
};

static std::ostream &
operator<< (std::ostream &stream, const NumberOption &option)
{
  return stream << option.name;
}

class NumberOptions : public testing::TestWithParam<NumberOption>
{
};

TEST_P (NumberOptions, AreGotAsTheyAreSet)
{
  const NumberOption &option = GetParam ();
  auto                pipe = take (aionet_pipe_new (TCP, "127.0.0.1:1", nullptr));
  guint               n_notified = 0, read = 0;

  g_signal_connect_swapped (pipe.get (), (std::string ("notify::") + option.name).c_str (),
                            G_CALLBACK (+[] (guint *n) { ++*n; }), &n_notified);
  EXPECT_NE (option.get (pipe.get ()), option.value);
  option.set (pipe.get (), option.value);
  option.set (pipe.get (), option.value);
  EXPECT_EQ (option.get (pipe.get ()), option.value);
  g_object_get (pipe.get (), option.name, &read, nullptr);
  EXPECT_EQ (read, option.value);
  EXPECT_EQ (n_notified, 1u);
}

#define NUMBER(name, member, value)                                                                \
  NumberOption { name, aionet_pipe_get_##member, aionet_pipe_set_##member, value }

INSTANTIATE_TEST_SUITE_P (
    Table,
    NumberOptions,
    testing::Values (NUMBER ("connect-timeout-ms", connect_timeout_ms, 1234),
                     NUMBER ("receive-timeout-ms", receive_timeout_ms, 77),
                     NUMBER ("idle-timeout-ms", idle_timeout_ms, 5000),
                     NUMBER ("keep-alive-idle-s", keep_alive_idle_s, 33),
                     NUMBER ("keep-alive-interval-s", keep_alive_interval_s, 7),
                     NUMBER ("receive-queue-bytes", receive_queue_bytes, 4096),
                     NUMBER ("receive-queue-messages", receive_queue_messages, 9),
                     NUMBER ("send-queue-bytes", send_queue_bytes, 8192),
                     NUMBER ("send-buffer-bytes", send_buffer_bytes, 20000),
                     NUMBER ("receive-buffer-bytes", receive_buffer_bytes, 30000),
                     NUMBER ("multicast-ttl", multicast_ttl, 4),
                     NUMBER ("ttl", ttl, 9),
                     NUMBER ("tos", tos, 0x48)));

struct SwitchOption
{
  const char *name;
  gboolean (*get) (AionetPipe *);
  void (*set) (AionetPipe *, gboolean);
};

static std::ostream &
operator<< (std::ostream &stream, const SwitchOption &option)
{
  return stream << option.name;
}

class SwitchOptions : public testing::TestWithParam<SwitchOption>
{
};

TEST_P (SwitchOptions, AreTurnedOverAndBack)
{
  const SwitchOption &option = GetParam ();
  auto                pipe = take (aionet_pipe_new (UDP, "127.0.0.1:1", nullptr));
  gboolean            before = option.get (pipe.get ()), read = before;

  option.set (pipe.get (), !before);
  EXPECT_EQ (option.get (pipe.get ()), !before);
  g_object_get (pipe.get (), option.name, &read, nullptr);
  EXPECT_EQ (read, !before);
  option.set (pipe.get (), before);
  EXPECT_EQ (option.get (pipe.get ()), before);
}

#define SWITCH(name, member)                                                                       \
  SwitchOption { name, aionet_pipe_get_##member, aionet_pipe_set_##member }

INSTANTIATE_TEST_SUITE_P (Table,
                          SwitchOptions,
                          testing::Values (SWITCH ("keep-alive", keep_alive),
                                           SWITCH ("reuse-address", reuse_address),
                                           SWITCH ("broadcast", broadcast),
                                           SWITCH ("multicast-loopback", multicast_loopback),
                                           SWITCH ("no-delay", no_delay),
                                           SWITCH ("tls", tls)));

/* ------------------------------------------------------------------ what they do */

TEST (PipeOptions, ReachTheSocket)
{
  Error error;
  auto  listening = server (TCP);
  auto  client = take (aionet_pipe_new (TCP, target_of (listening.get ()).c_str (), nullptr));
  int   on = 0;

  aionet_pipe_set_keep_alive (client.get (), TRUE);
  aionet_pipe_set_ttl (client.get (), 9);
  ASSERT_TRUE (open (client.get (), error)) << error;
  auto socket = take (aionet_pipe_steal_socket (client.get (), error.out ()));
  ASSERT_TRUE (socket) << error;
  EXPECT_TRUE (g_socket_get_option (socket.get (), SOL_SOCKET, SO_KEEPALIVE, &on, nullptr));
  EXPECT_NE (on, 0);
  EXPECT_EQ (g_socket_get_ttl (socket.get ()), 9u);
}

TEST (PipeOptions, LingerOfNoTimeResetsTheConnection)
{
  Error error;
  auto  listening = server (TCP);
  auto  client = client_of (listening.get ()), peer = accept (listening.get ());

  EXPECT_EQ (aionet_pipe_get_linger_ms (client.get ()), -1);
  aionet_pipe_set_linger_ms (client.get (), 0);
  EXPECT_EQ (aionet_pipe_get_linger_ms (client.get ()), 0);
  aionet_pipe_close (client.get ());
  EXPECT_FALSE (receive (peer.get (), error));
  EXPECT_TRUE (error.is (AIONET_ERROR_CLOSED)) << error;
  EXPECT_NE (error.message ().find (g_strerror (ECONNRESET)), std::string::npos) << error;
}

TEST (PipeOptions, AGroupIsJoinedAndLeft)
{
  Error error;
  auto  group = address ("239.255.77.78");
  auto  member = server (UDP);
  auto  stream = take (aionet_pipe_new (TCP, nullptr, route_at ("127.0.0.1").get ()));

  EXPECT_FALSE (aionet_pipe_join_group (stream.get (), group.get (), nullptr, error.out ()));
  EXPECT_TRUE (error.is (G_IO_ERROR_NOT_SUPPORTED)) << error;
  EXPECT_FALSE (
      aionet_pipe_join_group (member.get (), address ("127.0.0.1").get (), nullptr, error.out ()));
  EXPECT_TRUE (error.is (AIONET_ERROR_INVALID_ADDRESS)) << error;
  EXPECT_FALSE (aionet_pipe_leave_group (member.get (), group.get (), nullptr, error.out ()));
  EXPECT_TRUE (error);
}
