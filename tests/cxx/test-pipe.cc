/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#include "pipes.h"

/* ------------------------------------------------------------------ both protocols alike */

class Pipes : public testing::TestWithParam<GSocketProtocol>
{
protected:
  void
  SetUp () override
  {
    listening = server (GetParam ());
    client = client_of (listening.get ());
    send (client.get (), "hello");
    peer = GetParam () == TCP ? accept (listening.get ()) : nullptr;
  }

  /* Who receives what the client sends. */
  AionetPipe *
  receiver ()
  {
    return peer ? peer.get () : listening.get ();
  }

  Ref<AionetPipe> listening, client, peer;
};

TEST_P (Pipes, RequestAndReply)
{
  Error error;
  auto  request = receive (receiver (), error);

  ASSERT_TRUE (request) << error;
  EXPECT_EQ (to_text (request.get ()), "hello");
  EXPECT_EQ (to_text (aionet_message_get_sender (request.get ())),
             to_text (aionet_pipe_get_local_address (client.get ())));
  send (receiver (), "good day", aionet_message_get_sender (request.get ()));
  EXPECT_EQ (hear (client.get ()), "good day");
}

TEST_P (Pipes, KnowWhatTheyAre)
{
  EXPECT_EQ (aionet_pipe_get_protocol (client.get ()), GetParam ());
  EXPECT_TRUE (aionet_pipe_is_open (client.get ()));
  EXPECT_FALSE (aionet_pipe_is_server (client.get ()));
  EXPECT_TRUE (aionet_pipe_is_server (listening.get ()));
  EXPECT_EQ (to_text (aionet_pipe_get_remote_address (client.get ())),
             target_of (listening.get ()));
  EXPECT_NE (aionet_pipe_get_route (listening.get ()), nullptr);
}

TEST_P (Pipes, CountWhatPasses)
{
  EXPECT_EQ (hear (receiver ()), "hello");
  EXPECT_EQ (aionet_pipe_get_n_sent (client.get ()), 1u);
  EXPECT_EQ (aionet_pipe_get_bytes_sent (client.get ()), 5u);
  EXPECT_EQ (aionet_pipe_get_n_received (receiver ()), 1u);
  EXPECT_EQ (aionet_pipe_get_bytes_received (receiver ()), 5u);
  EXPECT_EQ (aionet_pipe_get_n_dropped (receiver ()), 0u);
}

TEST_P (Pipes, SendInFourMoreWays)
{
  const std::string text = "by bytes";
  Error             error;
  auto              one = bytes ("one"), two = bytes ("two");
  GBytes           *both[] = { one.get (), two.get () };
  const std::string expected = "helloby bytesby textonetwoand waiting";
  std::string       heard;

  EXPECT_TRUE (aionet_pipe_send_data (client.get (),
                                      reinterpret_cast<const guint8 *> (text.data ()), text.size (),
                                      nullptr, error.out ()))
      << error;
  EXPECT_TRUE (aionet_pipe_send_text (client.get (), "by text", nullptr, error.out ())) << error;
  EXPECT_EQ (aionet_pipe_send_many (client.get (), both, 2, nullptr, error.out ()), 2) << error;
  EXPECT_TRUE (send_waiting (client.get (), "and waiting", error)) << error;
  while (heard.size () < expected.size ())
    heard += hear (receiver ());
  EXPECT_EQ (heard, expected);
}

TEST_P (Pipes, ReceiveExactlyAsManyBytesAsAsked)
{
  Error error;

  send (client.get (), " world");
  EXPECT_EQ (to_text (receive_n (receiver (), 4, error).get ()), "hell") << error;
  EXPECT_EQ (to_text (receive_n (receiver (), 7, error).get ()), "o world") << error;
}

TEST_P (Pipes, CloseOnceAndSaySo)
{
  Error error;
  guint n_closed = 0;

  g_signal_connect_swapped (client.get (), "closed", G_CALLBACK (+[] (guint *n) { ++*n; }),
                            &n_closed);
  aionet_pipe_close (client.get ());
  aionet_pipe_close (client.get ());
  EXPECT_EQ (n_closed, 1u);
  EXPECT_FALSE (aionet_pipe_is_open (client.get ()));
  EXPECT_FALSE (aionet_pipe_send (client.get (), bytes ("x").get (), nullptr, error.out ()));
  EXPECT_TRUE (error.is (AIONET_ERROR_CLOSED)) << error;
  EXPECT_FALSE (receive (client.get (), error));
  EXPECT_TRUE (error.is (AIONET_ERROR_CLOSED)) << error;
}

TEST_P (Pipes, GiveTheirSocketAway)
{
  Error error;
  auto  socket = take (aionet_pipe_steal_socket (client.get (), error.out ()));

  ASSERT_TRUE (socket) << error;
  EXPECT_FALSE (aionet_pipe_is_open (client.get ()));
  auto again = take (aionet_pipe_new_for_socket (socket.get (), nullptr));
  EXPECT_TRUE (open (again.get (), error)) << error;
  send (again.get (), "!", aionet_pipe_get_local_address (listening.get ()));
  EXPECT_EQ (to_text (receive_n (receiver (), 6, error).get ()), "hello!") << error;
}

TEST_P (Pipes, HandMessagesToAFunctionWithoutCopies)
{
  std::string heard;

  aionet_pipe_set_message_func (
      receiver (),
      [] (AionetPipe *, const guint8 *data, gsize length, GSocketAddress *, gpointer user_data) {
        static_cast<std::string *> (user_data)->append (reinterpret_cast<const char *> (data),
                                                        length);
      },
      &heard, nullptr);
  send (client.get (), " world");
  EXPECT_TRUE (turn_until ([&] { return heard.size () >= 11; }));
  EXPECT_EQ (heard, "hello world");
  aionet_pipe_set_message_func (receiver (), nullptr, nullptr, nullptr);
}

INSTANTIATE_TEST_SUITE_P (Both, Pipes, testing::Values (TCP, UDP), [] (const auto &info) {
  return info.param == TCP ? "Tcp" : "Udp";
});

/* ------------------------------------------------------------------ the rest */

TEST (Pipe, ReportsAPortThatIsClosed)
{
  Error error;
  auto  gone = server (TCP);
  auto  target = target_of (gone.get ());

  aionet_pipe_close (gone.get ());
  auto client = take (aionet_pipe_new (TCP, target.c_str (), nullptr));
  EXPECT_FALSE (open (client.get (), error));
  EXPECT_TRUE (error.is (G_IO_ERROR_CONNECTION_REFUSED)) << error;
}

TEST (Pipe, OpensAConnectable)
{
  Error error;
  auto  listening = server (TCP);
  auto  where = take (g_network_address_new (
       "127.0.0.1", port_of (aionet_pipe_get_local_address (listening.get ()))));
  auto  client =
      take (aionet_pipe_new_for_connectable (TCP, G_SOCKET_CONNECTABLE (where.get ()), nullptr));

  EXPECT_TRUE (open (client.get (), error)) << error;
}

TEST (Pipe, ReceivesNothingInNoTime)
{
  Error error;
  auto  silent = server (UDP);

  EXPECT_FALSE (receive (silent.get (), error, 0));
  EXPECT_TRUE (error.is (G_IO_ERROR_TIMED_OUT)) << error;
  EXPECT_FALSE (take (aionet_pipe_try_receive (silent.get ())));
  send (silent.get (), "to myself", aionet_pipe_get_local_address (silent.get ()));
  Ref<AionetMessage> message;
  EXPECT_TRUE (turn_until ([&] {
    message = take (aionet_pipe_try_receive (silent.get ()));
    return message != nullptr;
  }));
  EXPECT_EQ (to_text (message.get ()), "to myself");
}

TEST (Pipe, DropsWhatNobodyTakesAndCountsIt)
{
  auto listening = server (UDP);
  auto client = client_of (listening.get ());

  aionet_pipe_set_receive_queue_messages (listening.get (), 2);
  for (int i = 0; i < 5; i++)
    send (client.get (), std::to_string (i));
  EXPECT_TRUE (turn_until ([&] {
    return aionet_pipe_get_n_received (listening.get ()) +
               aionet_pipe_get_n_dropped (listening.get ()) >=
           5;
  }));
  EXPECT_EQ (aionet_pipe_get_n_dropped (listening.get ()), 3u);
  EXPECT_EQ (hear (listening.get ()), "0");
  EXPECT_EQ (hear (listening.get ()), "1");
}

TEST (Pipe, BecomesAStreamOfGio)
{
  Error error;
  auto  listening = server (TCP);
  auto  client = client_of (listening.get ());
  auto  peer = accept (listening.get ());
  auto  stream = take (aionet_pipe_get_io_stream (client.get (), error.out ()));

  ASSERT_TRUE (stream) << error;
  EXPECT_TRUE (g_output_stream_write_all (g_io_stream_get_output_stream (stream.get ()), "stream",
                                          6, nullptr, nullptr, error.out ()))
      << error;
  EXPECT_EQ (to_text (receive_n (peer.get (), 6, error).get ()), "stream") << error;
  EXPECT_FALSE (take (aionet_pipe_get_io_stream (listening.get (), error.out ())));
  EXPECT_TRUE (error.is (G_IO_ERROR_NOT_SUPPORTED)) << error;
}

TEST (Message, KeepsBytesAndSender)
{
  auto text = bytes ("bytes");
  auto sender = endpoint ("127.0.0.1", 5000);
  auto message = take (aionet_message_new (text.get (), sender.get ()));
  auto again = take (aionet_message_ref (message.get ()));

  EXPECT_EQ (message.get (), again.get ());
  message.reset ();
  EXPECT_EQ (aionet_message_get_bytes (again.get ()), text.get ());
  EXPECT_EQ (aionet_message_get_sender (again.get ()), sender.get ());
}

TEST (Message, IsTextWhateverItsBytes)
{
  auto odd = bytes ("caf\xc3\xa9 \xff");
  auto message = take (aionet_message_new (odd.get (), nullptr));

  EXPECT_EQ (to_string (aionet_message_dup_text (message.get ())), "caf\u00e9 \ufffd");
}
