/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#include "config.h"
#include "aionet-nice-provider.h"
#include "fake-stun-server.h"
#include "stun-asking.h"

#include <signal.h>

/* The same question to a server that others wrote. */

/* Nothing of it outlives a test that is cut short: it leaves no file, and /dev/null is no database. */
static GSubprocess *
start_turnserver (const char *program, guint port, const char *address)
{
  g_autofree char *port_text = g_strdup_printf ("%u", port);
  g_autoptr (GError) error = NULL;
  g_autoptr (GSubprocess) server = g_subprocess_new (
      G_SUBPROCESS_FLAGS_STDOUT_SILENCE | G_SUBPROCESS_FLAGS_STDERR_SILENCE, &error, program, "-n",
      "--stun-only", "--no-tls", "--no-dtls", "--no-cli", "--log-file=stdout", "--pidfile",
      "/dev/null", "--userdb", "/dev/null", "-L", address, "-p", port_text, NULL);

  g_assert_no_error (error);
  return g_steal_pointer (&server);
}

/* Asks until the server is up; each round is answered or refused at once. */
static void
ask_patiently (AionetStunProvider *provider,
               GInetSocketAddress *server,
               GSocketProtocol     protocol,
               Asked              *asked)
{
  for (guint round = 0; round < 100; round++)
    {
      asked_clear (asked);
      ask_start (provider, server, protocol, AIONET_STUN_CHANGE_NONE, 2000, NULL, asked);
      asked_wait (asked);
      if (asked->mapping != NULL)
        return;
      g_usleep (50000);
    }
}

static void
test_coturn (gconstpointer data)
{
  const char      *address = data;
  g_autofree char *program = g_find_program_in_path ("turnserver");
  g_autoptr (GInetSocketAddress) server =
      fake_stun_closed_endpoint (G_SOCKET_PROTOCOL_TCP, address);
  g_autoptr (AionetStunProvider) provider = g_object_new (AIONET_NICE_TYPE_PROVIDER, NULL);
  g_autoptr (GSubprocess) process = NULL;
  const GSocketProtocol protocols[] = { G_SOCKET_PROTOCOL_UDP, G_SOCKET_PROTOCOL_TCP };

  g_test_summary ("coturn on loopback tells our own endpoint, over UDP and TCP");
  if (program == NULL)
    {
      g_test_skip ("coturn (turnserver) is not installed");
      return;
    }
  process = start_turnserver (program, g_inet_socket_address_get_port (server), address);
  for (gsize i = 0; i < G_N_ELEMENTS (protocols); i++)
    {
      g_auto (Asked) asked = { 0 };
      g_autofree char *local = NULL;
      g_autofree char *external = NULL;

      ask_patiently (provider, server, protocols[i], &asked);
      g_assert_no_error (asked.error);
      local = g_socket_connectable_to_string (
          G_SOCKET_CONNECTABLE (aionet_mapping_get_local (asked.mapping)));
      external = g_socket_connectable_to_string (
          G_SOCKET_CONNECTABLE (aionet_mapping_get_external (asked.mapping)));
      g_assert_cmpstr (local, ==, external);
      g_assert_nonnull (g_strstr_len (aionet_mapping_get_software (asked.mapping), -1, "oturn"));
      g_test_message ("%s", aionet_mapping_get_software (asked.mapping));
    }
  g_subprocess_send_signal (process, SIGTERM);
  g_subprocess_wait (process, NULL, NULL);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_data_func ("/aionet/nice-coturn/v4", "127.0.0.1", test_coturn);
  g_test_add_data_func ("/aionet/nice-coturn/v6", "::1", test_coturn);
  return g_test_run ();
}
