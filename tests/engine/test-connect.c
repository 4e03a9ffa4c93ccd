/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#include "config.h"

#include <gio/gio.h>
#include <sys/socket.h>

#include "engine/aionet-connect-private.h"
#include "engine/aionet-local-private.h"
#include "engine/aionet-reactor-private.h"

/* Over loopback: an endpoint that answers, one that refuses, one that is silent. */

static GSocket *
make_socket (GSocketAddress *to, gpointer user_data, GError **error)
{
  guint *n = user_data;
  g_autoptr (AionetLocal) local = _aionet_local_new (NULL, g_socket_address_get_family (to), 0);

  ++*n;
  return _aionet_local_create_socket (local, G_SOCKET_PROTOCOL_TCP, error);
}

static GSocket *
bound_socket (void)
{
  g_autoptr (GInetAddress) loopback = g_inet_address_new_loopback (G_SOCKET_FAMILY_IPV4);
  g_autoptr (AionetLocal) local = _aionet_local_new (loopback, G_SOCKET_FAMILY_IPV4, 0);
  g_autoptr (GError) error = NULL;
  GSocket *socket = _aionet_local_create_socket (local, G_SOCKET_PROTOCOL_TCP, &error);

  g_assert_no_error (error);
  return socket;
}

static GSocket *
listener (int backlog)
{
  GSocket *socket = bound_socket ();

  g_assert_cmpint (listen (g_socket_get_fd (socket), backlog), ==, 0);
  return socket;
}

/* Bound but not listening: refuses as long as it is held, and nobody else can take the port. */
static void
add_endpoint (GPtrArray *endpoints, GSocket *socket)
{
  g_ptr_array_add (endpoints, g_socket_get_local_address (socket, NULL));
}

/* A full backlog drops every further SYN. */
static GPtrArray *
fill (GSocket *socket)
{
  GPtrArray *fillers = g_ptr_array_new_with_free_func (g_object_unref);
  g_autoptr (GSocketAddress) address = g_socket_get_local_address (socket, NULL);

  for (guint i = 0; i < 4; i++)
    {
      GSocket *filler = bound_socket ();

      g_socket_connect (filler, address, NULL, NULL);
      g_ptr_array_add (fillers, filler);
    }
  return fillers;
}

typedef struct
{
  gboolean done;
  GSocket *socket;
  GError  *error;
} Outcome;

static void
on_connected (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Outcome *outcome = user_data;

  outcome->socket = _aionet_connect_finish (result, &outcome->error);
  outcome->done = TRUE;
}

static GSocket *
race (GPtrArray *endpoints, guint *n, GError **error)
{
  Outcome outcome = { 0 };

  *n = 0;
  _aionet_connect_async (endpoints, make_socket, n, NULL, on_connected, &outcome);
  g_assert_false (outcome.done);
  while (!outcome.done)
    g_main_context_iteration (NULL, TRUE);
  if (outcome.error != NULL)
    g_propagate_error (error, outcome.error);
  return outcome.socket;
}

static void
assert_peer (GSocket *socket, GSocketAddress *want)
{
  g_autoptr (GSocketAddress) peer = g_socket_get_remote_address (socket, NULL);

  g_assert_true (g_socket_is_connected (socket));
  g_assert_cmpuint (g_inet_socket_address_get_port (G_INET_SOCKET_ADDRESS (peer)), ==,
                    g_inet_socket_address_get_port (G_INET_SOCKET_ADDRESS (want)));
}

static void
test_first (void)
{
  g_autoptr (GPtrArray) endpoints = g_ptr_array_new_with_free_func (g_object_unref);
  g_autoptr (GSocket) good = listener (4);
  g_autoptr (GSocket) other = listener (4);
  g_autoptr (GSocket) socket = NULL;
  g_autoptr (GError) error = NULL;
  guint n;

  g_test_summary ("The first endpoint answers: the second is not bothered");

  add_endpoint (endpoints, good);
  add_endpoint (endpoints, other);
  socket = race (endpoints, &n, &error);
  g_assert_no_error (error);
  assert_peer (socket, endpoints->pdata[0]);
  g_assert_cmpuint (n, ==, 1);
}

static void
test_refused (void)
{
  g_autoptr (GPtrArray) endpoints = g_ptr_array_new_with_free_func (g_object_unref);
  g_autoptr (GSocket) bad = bound_socket ();
  g_autoptr (GSocket) good = listener (4);
  g_autoptr (GSocket) socket = NULL;
  g_autoptr (GSocket) none = NULL;
  g_autoptr (GError) error = NULL;
  guint n;

  g_test_summary ("A refusal is followed by the next at once; refused by all, it is an error");

  add_endpoint (endpoints, bad);
  add_endpoint (endpoints, bad);
  none = race (endpoints, &n, &error);
  g_assert_null (none);
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CONNECTION_REFUSED);
  g_assert_cmpuint (n, ==, 2);
  g_clear_error (&error);
  add_endpoint (endpoints, good);
  socket = race (endpoints, &n, &error);
  g_assert_no_error (error);
  assert_peer (socket, endpoints->pdata[2]);
  g_assert_cmpuint (n, ==, 3);
}

static void
test_silent (void)
{
  g_autoptr (GMainContext) context = g_main_context_ref_thread_default ();
  g_autoptr (GPtrArray) endpoints = g_ptr_array_new_with_free_func (g_object_unref);
  g_autoptr (GSocket) silent = listener (0);
  g_autoptr (GPtrArray) fillers = fill (silent);
  g_autoptr (GSocket) good = listener (4);
  g_autoptr (GSocket) socket = NULL;
  g_autoptr (GError) error = NULL;
  const gint64 begin = g_get_monotonic_time ();
  guint        n;

  g_test_summary ("A silent endpoint is overtaken after 250 ms, and its attempt closed");

  add_endpoint (endpoints, silent);
  add_endpoint (endpoints, good);
  socket = race (endpoints, &n, &error);
  g_assert_no_error (error);
  assert_peer (socket, endpoints->pdata[1]);
  g_assert_cmpint (g_get_monotonic_time () - begin, >=, 249 * 1000);
  g_assert_cmpuint (_aionet_reactor_get_n_watches (context), ==, 0);
}

static void
test_cancel (void)
{
  g_autoptr (GMainContext) context = g_main_context_ref_thread_default ();
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GPtrArray) endpoints = g_ptr_array_new_with_free_func (g_object_unref);
  g_autoptr (GSocket) silent = listener (0);
  g_autoptr (GPtrArray) fillers = fill (silent);
  Outcome outcome = { 0 };
  guint   n = 0;

  g_test_summary ("Cancelled, before or meanwhile, nothing is left");

  add_endpoint (endpoints, silent);
  _aionet_connect_async (endpoints, make_socket, &n, cancellable, on_connected, &outcome);
  g_assert_cmpuint (_aionet_reactor_get_n_watches (context), ==, 1);
  for (guint i = 0; i < 2; i++)
    {
      g_cancellable_cancel (cancellable);
      while (!outcome.done)
        g_main_context_iteration (NULL, TRUE);
      g_assert_error (outcome.error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
      g_clear_error (&outcome.error);
      g_assert_cmpuint (_aionet_reactor_get_n_watches (context), ==, 0);
      outcome.done = FALSE;
      if (i == 0)
        _aionet_connect_async (endpoints, make_socket, &n, cancellable, on_connected, &outcome);
    }
  g_assert_cmpuint (n, ==, 1);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/aionet/connect/first", test_first);
  g_test_add_func ("/aionet/connect/refused", test_refused);
  g_test_add_func ("/aionet/connect/silent", test_silent);
  g_test_add_func ("/aionet/connect/cancel", test_cancel);
  return g_test_run ();
}
