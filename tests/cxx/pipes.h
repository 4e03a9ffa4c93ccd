/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

/* Pipes on loopback, and their calls that are waited for. */

#pragma once

#include "aionet-test.h"

constexpr auto TCP = G_SOCKET_PROTOCOL_TCP;
constexpr auto UDP = G_SOCKET_PROTOCOL_UDP;

/* A server on a free port of 127.0.0.1, open. */
Ref<AionetPipe> server (GSocketProtocol protocol);
/* "127.0.0.1:80" */
std::string target_of (AionetPipe *server);
/* A client of a server, open. */
Ref<AionetPipe> client_of (AionetPipe *server);
/* A server's next TCP client. */
Ref<AionetPipe>    accept (AionetPipe *server);

bool               open (AionetPipe *pipe, Error &error, GCancellable *cancellable = nullptr);
bool               send (AionetPipe *pipe, const std::string &text, GSocketAddress *to = nullptr);
bool               send_waiting (AionetPipe *pipe, const std::string &text, Error &error);
Ref<AionetMessage> receive (AionetPipe *pipe, Error &error, int timeout_ms = PATIENCE_MS);
Ref<AionetMessage> receive_n (AionetPipe *pipe, guint n, Error &error);
Ref<AionetMessage> receive (AionetSubscription *from, Error &error, int timeout_ms = PATIENCE_MS);
/* Text of the next message; what went wrong in brackets. */
std::string hear (AionetPipe *pipe);
std::string hear (AionetSubscription *subscription);
