/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#include "config.h"

#include "pipe-helpers.h"

#include <string.h>
#include <sys/socket.h>

#include "engine/aionet-local-private.h"

/* Long enough for the slowest machine; nothing waits for it unless it is broken. */
#define PATIENCE_MS 10000

typedef struct
{
  gboolean done;
  gboolean success;
  gpointer value;
  GError  *error;
} Outcome;

void
turn_until (const gboolean *done)
{
  while (!*done)
    g_main_context_iteration (NULL, TRUE);
}

void
turn_a_little (void)
{
  while (g_main_context_iteration (NULL, FALSE))
    ;
}

gboolean
has_ipv6 (void)
{
  g_autoptr (GInetAddress) address = g_inet_address_new_loopback (G_SOCKET_FAMILY_IPV6);
  g_autoptr (AionetLocal) local = _aionet_local_new (address, G_SOCKET_FAMILY_IPV6, 0);
  g_autoptr (GError) error = NULL;
  g_autoptr (GSocket) socket = _aionet_local_create_socket (local, G_SOCKET_PROTOCOL_UDP, &error);

  if (socket == NULL)
    g_test_skip (error->message);
  return socket != NULL;
}

GSocket *
loopback_socket (GSocketProtocol protocol, GSocketFamily family)
{
  g_autoptr (GInetAddress) address = g_inet_address_new_loopback (family);
  g_autoptr (AionetLocal) local = _aionet_local_new (address, family, 0);
  g_autoptr (GError) error = NULL;
  GSocket *socket = _aionet_local_create_socket (local, protocol, &error);

  g_assert_no_error (error);
  return socket;
}

AionetPipe *
loopback_server (GSocketProtocol protocol, GSocketFamily family)
{
  g_autoptr (GSocket) socket = loopback_socket (protocol, family);
  AionetPipe *server;

  if (protocol == G_SOCKET_PROTOCOL_TCP)
    g_assert_cmpint (listen (g_socket_get_fd (socket), 16), ==, 0);
  server = aionet_pipe_new_for_socket (socket, NULL);
  g_assert_true (aionet_pipe_is_open (server));
  g_assert_true (aionet_pipe_is_server (server));
  return server;
}

char *
target_of (AionetPipe *server)
{
  GInetSocketAddress *address = G_INET_SOCKET_ADDRESS (aionet_pipe_get_local_address (server));
  GInetAddress       *host = g_inet_socket_address_get_address (address);
  g_autofree char    *text = g_inet_address_to_string (host);
  gboolean            is_v6 = g_inet_address_get_family (host) == G_SOCKET_FAMILY_IPV6;

  return g_strdup_printf (is_v6 ? "[%s]:%u" : "%s:%u", text,
                          g_inet_socket_address_get_port (address));
}

GSocketAddress *
closed_port (GSocketProtocol protocol)
{
  g_autoptr (GSocket) socket = loopback_socket (protocol, G_SOCKET_FAMILY_IPV4);

  return g_socket_get_local_address (socket, NULL);
}

static void
on_opened (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Outcome *outcome = user_data;

  outcome->success = aionet_pipe_open_finish (AIONET_PIPE (source), result, &outcome->error);
  outcome->done = TRUE;
}

gboolean
open_pipe (AionetPipe *pipe, GCancellable *cancellable, GError **error)
{
  Outcome outcome = { 0 };

  aionet_pipe_open_async (pipe, cancellable, on_opened, &outcome);
  turn_until (&outcome.done);
  g_assert_cmpint (outcome.success, ==, outcome.error == NULL);
  if (outcome.error != NULL)
    g_propagate_error (error, outcome.error);
  return outcome.success;
}

AionetPipe *
open_client (AionetPipe *server)
{
  g_autofree char *target = target_of (server);
  g_autoptr (GError) error = NULL;
  AionetPipe *client = aionet_pipe_new (aionet_pipe_get_protocol (server), target, NULL);

  open_pipe (client, NULL, &error);
  g_assert_no_error (error);
  return client;
}

static void
on_accepted (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Outcome *outcome = user_data;

  outcome->value = aionet_pipe_accept_finish (AIONET_PIPE (source), result, &outcome->error);
  outcome->done = TRUE;
}

AionetPipe *
accept_client (AionetPipe *server)
{
  Outcome outcome = { 0 };

  aionet_pipe_accept_async (server, PATIENCE_MS, NULL, on_accepted, &outcome);
  turn_until (&outcome.done);
  g_assert_no_error (outcome.error);
  return outcome.value;
}

static void
on_sent (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Outcome *outcome = user_data;

  outcome->success = aionet_pipe_send_finish (AIONET_PIPE (source), result, &outcome->error);
  outcome->done = TRUE;
}

gboolean
send_all (AionetPipe *pipe, GBytes *bytes, GSocketAddress *to, GError **error)
{
  Outcome outcome = { 0 };

  aionet_pipe_send_async (pipe, bytes, to, NULL, on_sent, &outcome);
  turn_until (&outcome.done);
  if (outcome.error != NULL)
    g_propagate_error (error, outcome.error);
  return outcome.success;
}

static char *
to_text (Outcome *outcome, GSocketAddress **sender, GError **error)
{
  g_autoptr (AionetMessage) message = outcome->value;
  GBytes *bytes;

  g_assert_cmpint (message != NULL, ==, outcome->error == NULL);
  if (message == NULL)
    {
      g_propagate_error (error, outcome->error);
      return NULL;
    }
  if (sender != NULL)
    *sender = g_object_ref (aionet_message_get_sender (message));
  bytes = aionet_message_get_bytes (message);
  return g_strndup (g_bytes_get_size (bytes) > 0 ? g_bytes_get_data (bytes, NULL) : "",
                    g_bytes_get_size (bytes));
}

static void
on_received (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Outcome *outcome = user_data;

  outcome->value = aionet_pipe_receive_finish (AIONET_PIPE (source), result, &outcome->error);
  outcome->done = TRUE;
}

char *
receive (AionetPipe *pipe, int timeout_ms, GSocketAddress **sender, GError **error)
{
  Outcome outcome = { 0 };

  aionet_pipe_receive_async (pipe, timeout_ms, NULL, on_received, &outcome);
  turn_until (&outcome.done);
  return to_text (&outcome, sender, error);
}

static void
on_received_n (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Outcome *outcome = user_data;

  outcome->value = aionet_pipe_receive_n_finish (AIONET_PIPE (source), result, &outcome->error);
  outcome->done = TRUE;
}

char *
receive_n (AionetPipe *pipe, guint n, int timeout_ms, GError **error)
{
  Outcome outcome = { 0 };

  aionet_pipe_receive_n_async (pipe, n, timeout_ms, NULL, on_received_n, &outcome);
  turn_until (&outcome.done);
  return to_text (&outcome, NULL, error);
}

static void
on_subscription_received (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Outcome *outcome = user_data;

  outcome->value =
      aionet_subscription_receive_finish (AIONET_SUBSCRIPTION (source), result, &outcome->error);
  outcome->done = TRUE;
}

char *
receive_from (AionetSubscription *subscription, int timeout_ms, GError **error)
{
  Outcome outcome = { 0 };

  aionet_subscription_receive_async (subscription, timeout_ms, NULL, on_subscription_received,
                                     &outcome);
  turn_until (&outcome.done);
  return to_text (&outcome, NULL, error);
}

void
send_text (AionetPipe *pipe, const char *text, GSocketAddress *to)
{
  g_autoptr (GError) error = NULL;
  gboolean success = aionet_pipe_send_text (pipe, text, to, &error);

  g_assert_no_error (error);
  g_assert_true (success);
}

void
assert_receives (AionetPipe *pipe, const char *text)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *received = receive (pipe, PATIENCE_MS, NULL, &error);

  g_assert_no_error (error);
  g_assert_cmpstr (received, ==, text);
}

void
assert_closed (AionetPipe *pipe)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (receive (pipe, PATIENCE_MS, NULL, &error));
  g_assert_error (error, AIONET_ERROR, AIONET_ERROR_CLOSED);
  g_assert_false (aionet_pipe_is_open (pipe));
}

guint
count_descriptors (void)
{
  g_autoptr (GDir) dir = g_dir_open ("/proc/self/fd", 0, NULL);
  guint n = 0;

  g_assert_nonnull (dir);
  while (g_dir_read_name (dir) != NULL)
    n++;
  return n;
}
