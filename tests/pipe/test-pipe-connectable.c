/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#include "config.h"

#include <gio/gio.h>

#include "pipe-helpers.h"
#include "topology/aionet-route-private.h"

static guint16
port_of (AionetPipe *pipe)
{
  return g_inet_socket_address_get_port (
      G_INET_SOCKET_ADDRESS (aionet_pipe_get_local_address (pipe)));
}

static void
assert_reaches (AionetPipe *server, GSocketConnectable *connectable)
{
  GSocketProtocol protocol = aionet_pipe_get_protocol (server);
  g_autoptr (AionetPipe) client = aionet_pipe_new_for_connectable (protocol, connectable, NULL);
  g_autoptr (GSocketConnectable) told = NULL;
  g_autoptr (AionetPipe) peer = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_false (aionet_pipe_is_server (client));
  g_object_get (client, "connectable", &told, NULL);
  g_assert_true (told == connectable);
  open_pipe (client, NULL, &error);
  g_assert_no_error (error);
  send_text (client, "hello", NULL);
  if (protocol == G_SOCKET_PROTOCOL_TCP)
    peer = accept_client (server);
  assert_receives (peer != NULL ? peer : server, "hello");
}

static void
test_reaches (GSocketProtocol protocol)
{
  g_autoptr (AionetPipe) server = loopback_server (protocol, G_SOCKET_FAMILY_IPV4);
  g_autoptr (GSocketConnectable) name = g_network_address_new ("localhost", port_of (server));
  g_autoptr (GSocketConnectable) literal = g_network_address_new ("127.0.0.1", port_of (server));

  assert_reaches (server, G_SOCKET_CONNECTABLE (aionet_pipe_get_local_address (server)));
  assert_reaches (server, literal);
  if (protocol == G_SOCKET_PROTOCOL_TCP)
    assert_reaches (server, name);
}

static void
test_tcp (void)
{
  g_test_summary ("TCP connects to an address, a literal and a name, whatever family answers");

  test_reaches (G_SOCKET_PROTOCOL_TCP);
}

static void
test_udp (void)
{
  g_test_summary ("UDP connects to an address and a literal");

  test_reaches (G_SOCKET_PROTOCOL_UDP);
}

static void
test_family (void)
{
  g_autoptr (AionetRoute) route = _aionet_route_new_any (G_SOCKET_FAMILY_IPV6, NULL);
  g_autoptr (GSocketConnectable) literal = g_network_address_new ("127.0.0.1", 9);
  g_autoptr (AionetPipe) pipe =
      aionet_pipe_new_for_connectable (G_SOCKET_PROTOCOL_TCP, literal, route);
  g_autoptr (GError) error = NULL;

  g_test_summary ("Case A-13: without an address of the route's family there is an error");

  g_assert_false (open_pipe (pipe, NULL, &error));
  g_assert_error (error, AIONET_ERROR, AIONET_ERROR_UNSUPPORTED_FAMILY);
}

static void
test_refused (void)
{
  g_autoptr (GSocketAddress) dead = closed_port (G_SOCKET_PROTOCOL_TCP);
  g_autoptr (AionetPipe) pipe =
      aionet_pipe_new_for_connectable (G_SOCKET_PROTOCOL_TCP, G_SOCKET_CONNECTABLE (dead), NULL);
  g_autoptr (GError) error = NULL;

  g_test_summary ("A closed port is connection refused");

  g_assert_false (open_pipe (pipe, NULL, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CONNECTION_REFUSED);
}

/* A connectable that never comes to an end, or never begins. */
#define TEST_TYPE_ENDLESS (test_endless_get_type ())
G_DECLARE_FINAL_TYPE (TestEndless, test_endless, TEST, ENDLESS, GSocketAddressEnumerator)

struct _TestEndless
{
  GSocketAddressEnumerator parent_instance;
  guint16                  port; /* 0: silence */
};

static void test_endless_connectable_init (GSocketConnectableIface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (TestEndless,
                               test_endless,
                               G_TYPE_SOCKET_ADDRESS_ENUMERATOR,
                               G_IMPLEMENT_INTERFACE (G_TYPE_SOCKET_CONNECTABLE,
                                                      test_endless_connectable_init))

static void
on_cancelled (GCancellable *cancellable, gpointer user_data)
{
  g_task_return_error_if_cancelled (user_data);
}

static void
next_async (GSocketAddressEnumerator *enumerator,
            GCancellable             *cancellable,
            GAsyncReadyCallback       callback,
            gpointer                  user_data)
{
  TestEndless *self = TEST_ENDLESS (enumerator);
  g_autoptr (GTask) task = g_task_new (self, cancellable, callback, user_data);

  if (self->port != 0)
    g_task_return_pointer (task, g_inet_socket_address_new_from_string ("127.0.0.1", self->port),
                           g_object_unref);
  else
    g_cancellable_connect (cancellable, G_CALLBACK (on_cancelled), g_object_ref (task),
                           g_object_unref);
}

static GSocketAddress *
next_finish (GSocketAddressEnumerator *enumerator, GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

static GSocketAddressEnumerator *
enumerate (GSocketConnectable *connectable)
{
  return g_object_ref (G_SOCKET_ADDRESS_ENUMERATOR (connectable));
}

static void
test_endless_connectable_init (GSocketConnectableIface *iface)
{
  iface->enumerate = enumerate;
}

static void
test_endless_class_init (TestEndlessClass *klass)
{
  GSocketAddressEnumeratorClass *enumerator_class = G_SOCKET_ADDRESS_ENUMERATOR_CLASS (klass);

  enumerator_class->next_async = next_async;
  enumerator_class->next_finish = next_finish;
}

static void
test_endless_init (TestEndless *self)
{
}

static void
test_without_end (void)
{
  g_autoptr (AionetPipe) server = loopback_server (G_SOCKET_PROTOCOL_TCP, G_SOCKET_FAMILY_IPV4);
  g_autoptr (TestEndless) endless = g_object_new (TEST_TYPE_ENDLESS, NULL);

  g_test_summary ("A connectable without an end is asked for so many addresses only");

  endless->port = port_of (server);
  assert_reaches (server, G_SOCKET_CONNECTABLE (endless));
}

static void
test_silent (void)
{
  g_autoptr (TestEndless) silent = g_object_new (TEST_TYPE_ENDLESS, NULL);
  g_autoptr (AionetPipe) pipe =
      aionet_pipe_new_for_connectable (G_SOCKET_PROTOCOL_TCP, G_SOCKET_CONNECTABLE (silent), NULL);
  g_autoptr (GError) error = NULL;

  g_test_summary ("A connectable that never answers is a time-out");

  aionet_pipe_set_connect_timeout_ms (pipe, 50);
  g_assert_false (open_pipe (pipe, NULL, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_TIMED_OUT);
  turn_a_little ();
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/aionet/pipe-connectable/tcp", test_tcp);
  g_test_add_func ("/aionet/pipe-connectable/udp", test_udp);
  g_test_add_func ("/aionet/pipe-connectable/family", test_family);
  g_test_add_func ("/aionet/pipe-connectable/refused", test_refused);
  g_test_add_func ("/aionet/pipe-connectable/without-end", test_without_end);
  g_test_add_func ("/aionet/pipe-connectable/silent", test_silent);
  return g_test_run ();
}
