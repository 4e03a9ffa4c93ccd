/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#include "config.h"

#include "engine/aionet-hairpin-private.h"

static void
on_back (GInetSocketAddress *from, gpointer user_data)
{
  GInetSocketAddress **place = user_data;

  g_assert_null (*place);
  *place = g_object_ref (from);
}

static AionetLocal *
make_local (void)
{
  g_autoptr (GInetAddress) loopback = g_inet_address_new_loopback (G_SOCKET_FAMILY_IPV4);

  return _aionet_local_new (loopback, G_SOCKET_FAMILY_IPV4, 0);
}

static GSocket *
make_socket (GInetSocketAddress **address)
{
  g_autoptr (AionetLocal) local = make_local ();
  GSocket *socket = _aionet_local_create_socket (local, G_SOCKET_PROTOCOL_UDP, NULL);

  g_assert_nonnull (socket);
  *address = G_INET_SOCKET_ADDRESS (g_socket_get_local_address (socket, NULL));
  return socket;
}

static AionetHairpin *
make_hairpin (GSocket *socket, GInetSocketAddress *external, GInetSocketAddress **from)
{
  g_autoptr (AionetLocal) local = make_local ();
  g_autoptr (GMainContext) context = g_main_context_ref_thread_default ();
  g_autoptr (GError) error = NULL;
  AionetHairpin *hairpin =
      _aionet_hairpin_new (context, socket, external, local, on_back, from, &error);

  g_assert_no_error (error);
  return hairpin;
}

static void
test_comes_back (void)
{
  g_autoptr (GInetSocketAddress) address = NULL;
  g_autoptr (GInetSocketAddress) from = NULL;
  GSocket *socket = make_socket (&address);
  g_autoptr (AionetHairpin) hairpin = make_hairpin (socket, address, &from);
  g_autoptr (GSocket) stranger = NULL;
  g_autoptr (GInetSocketAddress) stranger_address = NULL;

  g_test_summary ("What is sent to its endpoint arrives, told once, after its owner let go of it");

  g_clear_object (&socket);
  /* Strays are no proof. */
  stranger = make_socket (&stranger_address);
  g_assert_cmpint (
      g_socket_send_to (stranger, G_SOCKET_ADDRESS (address), "0123456789abcdef", 16, NULL, NULL),
      ==, 16);
  g_assert_cmpint (g_socket_send_to (stranger, G_SOCKET_ADDRESS (address), "", 0, NULL, NULL), ==,
                   0);
  _aionet_hairpin_send (hairpin);
  _aionet_hairpin_send (hairpin);
  while (from == NULL)
    g_main_context_iteration (NULL, TRUE);
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_assert_cmpuint (g_inet_socket_address_get_port (from), !=,
                    g_inet_socket_address_get_port (stranger_address));
}

static void
test_elsewhere (void)
{
  g_autoptr (GInetSocketAddress) address = NULL;
  g_autoptr (GInetSocketAddress) other_address = NULL;
  g_autoptr (GInetSocketAddress) from = NULL;
  g_autoptr (GSocket) socket = make_socket (&address);
  g_autoptr (GSocket) other = make_socket (&other_address);
  g_autoptr (AionetHairpin) hairpin = make_hairpin (socket, other_address, &from);
  char buffer[64];

  g_test_summary ("What arrives elsewhere has not come back");

  _aionet_hairpin_send (hairpin);
  g_assert_true (g_socket_condition_wait (other, G_IO_IN, NULL, NULL));
  g_assert_cmpint (g_socket_receive (other, buffer, sizeof (buffer), NULL, NULL), ==, 16);
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_assert_null (from);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/aionet/hairpin/comes-back", test_comes_back);
  g_test_add_func ("/aionet/hairpin/elsewhere", test_elsewhere);
  return g_test_run ();
}
