/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#include "pipes.h"

bool
open (AionetPipe *pipe, Error &error, GCancellable *cancellable)
{
  auto result = await ([&] (GAsyncReadyCallback callback, gpointer data) {
    aionet_pipe_open_async (pipe, cancellable, callback, data);
  });

  return aionet_pipe_open_finish (pipe, result.get (), error.out ());
}

Ref<AionetPipe>
server (GSocketProtocol protocol)
{
  Error error;
  auto  made = take (aionet_pipe_new (protocol, nullptr, route_at ("127.0.0.1").get ()));

  EXPECT_TRUE (open (made.get (), error)) << error;
  return made;
}

std::string
target_of (AionetPipe *server)
{
  return to_text (aionet_pipe_get_local_address (server));
}

Ref<AionetPipe>
client_of (AionetPipe *server)
{
  Error error;
  auto  made = take (
       aionet_pipe_new (aionet_pipe_get_protocol (server), target_of (server).c_str (), nullptr));

  EXPECT_TRUE (open (made.get (), error)) << error;
  return made;
}

Ref<AionetPipe>
accept (AionetPipe *server)
{
  Error error;
  auto  result = await ([&] (GAsyncReadyCallback callback, gpointer data) {
    aionet_pipe_accept_async (server, PATIENCE_MS, nullptr, callback, data);
  });
  auto  client = take (aionet_pipe_accept_finish (server, result.get (), error.out ()));

  EXPECT_TRUE (client) << error;
  return client;
}

bool
send (AionetPipe *pipe, const std::string &text, GSocketAddress *to)
{
  Error error;
  bool  is_sent = aionet_pipe_send (pipe, bytes (text).get (), to, error.out ());

  EXPECT_TRUE (is_sent) << error;
  return is_sent;
}

bool
send_waiting (AionetPipe *pipe, const std::string &text, Error &error)
{
  auto sent = bytes (text);
  auto result = await ([&] (GAsyncReadyCallback callback, gpointer data) {
    aionet_pipe_send_async (pipe, sent.get (), nullptr, nullptr, callback, data);
  });

  return aionet_pipe_send_finish (pipe, result.get (), error.out ());
}

Ref<AionetMessage>
receive (AionetPipe *pipe, Error &error, int timeout_ms)
{
  auto result = await ([&] (GAsyncReadyCallback callback, gpointer data) {
    aionet_pipe_receive_async (pipe, timeout_ms, nullptr, callback, data);
  });

  return take (aionet_pipe_receive_finish (pipe, result.get (), error.out ()));
}

Ref<AionetMessage>
receive_n (AionetPipe *pipe, guint n, Error &error)
{
  auto result = await ([&] (GAsyncReadyCallback callback, gpointer data) {
    aionet_pipe_receive_n_async (pipe, n, PATIENCE_MS, nullptr, callback, data);
  });

  return take (aionet_pipe_receive_n_finish (pipe, result.get (), error.out ()));
}

Ref<AionetMessage>
receive (AionetSubscription *from, Error &error, int timeout_ms)
{
  auto result = await ([&] (GAsyncReadyCallback callback, gpointer data) {
    aionet_subscription_receive_async (from, timeout_ms, nullptr, callback, data);
  });

  return take (aionet_subscription_receive_finish (from, result.get (), error.out ()));
}

template <typename Source>
static std::string
text_from (Source *source)
{
  Error error;
  auto  message = receive (source, error);

  return message ? to_text (message.get ()) : "[" + error.message () + "]";
}

std::string
hear (AionetPipe *pipe)
{
  return text_from (pipe);
}

std::string
hear (AionetSubscription *subscription)
{
  return text_from (subscription);
}
