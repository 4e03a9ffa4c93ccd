/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#include "config.h"

#include "../topology/route-fixture.h"
#include "stun-server-helpers.h"

#include <string.h>

#define ALL G_SOCKET_PROTOCOL_DEFAULT
#define UDP G_SOCKET_PROTOCOL_UDP

static void
assert_from (const Answer *answer, AionetStunServer *server, AionetPipe *asked, guint8 change)
{
  g_autofree char *from = endpoint_text (answer->from);
  g_autofree char *expected = get_endpoint (server, asked, change);
  g_autofree char *origin = get_address (answer, STUN_RESPONSE_ORIGIN);

  g_assert_cmpstr (from, ==, expected);
  g_assert_cmpstr (origin, ==, expected);
}

static void
check_four_answers (const char *first, const char *second)
{
  g_autoptr (AionetStunServer) server = server_new (first, second);
  g_autoptr (GSocket) client = new_client (first);
  g_autoptr (GSocketAddress) own = g_socket_get_local_address (client, NULL);
  g_autofree char *own_text = endpoint_text (own);
  const char      *addresses[] = { first, second };

  for (guint i = 0; i < 4; i++)
    for (guint8 change = 0; change <= 6; change += 2)
      {
        AionetPipe *asked = find_listener (server, addresses[i / 2], i % 2 != 0);
        g_autoptr (GByteArray) request = new_change_request (change);
        g_auto (Answer) answer = { 0 };
        g_autofree char *other = get_endpoint (server, asked, 6);
        g_autofree char *told_other = NULL;
        g_autofree char *mapped = NULL;

        ask (client, request, asked, &answer);
        assert_from (&answer, server, asked, change);
        told_other = get_address (&answer, STUN_OTHER_ADDRESS);
        mapped = get_address (&answer, STUN_XOR_MAPPED);
        g_assert_cmpstr (told_other, ==, other);
        g_assert_cmpstr (mapped, ==, own_text);
      }
  g_assert_cmpuint (aionet_stun_server_get_n_answered (server, UDP), ==, 16);
  g_assert_cmpuint (aionet_stun_server_get_n_answered (server, G_SOCKET_PROTOCOL_TCP), ==, 0);
}

static void
test_four_answers (void)
{
  g_test_summary ("From each of four endpoints, answers come from all four as CHANGE-REQUEST says");
  check_four_answers ("127.0.0.1", "127.0.0.2");
}

static void
test_one_address (void)
{
  g_autoptr (AionetStunServer) server = server_new ("127.0.0.1", NULL);
  g_autoptr (GSocket) client = new_client ("127.0.0.1");
  AionetPipe      *asked = find_listener (server, "127.0.0.1", FALSE);
  g_autofree char *other = get_endpoint (server, asked, 6);
  g_autoptr (GByteArray) bare = new_request ();
  g_autoptr (GByteArray) port = new_change_request (2);
  g_autoptr (GByteArray) both = new_change_request (6);
  g_auto (Answer) answer = { 0 };
  g_autofree char *from = NULL;
  g_autofree char *expected = get_endpoint (server, asked, 2);

  g_test_summary ("One address: no other one is told or answers; the other port does");
  g_assert_cmpstr (other, ==, "-");
  ask (client, bare, asked, &answer);
  g_assert_cmpint (answer.length, ==, 32);
  ask (client, port, asked, &answer);
  from = endpoint_text (answer.from);
  g_assert_cmpstr (from, ==, expected);
  ask (client, both, asked, &answer);
  g_assert_cmpmem (answer.data, 2, "\x01\x11", 2);
  g_assert_cmpuint (aionet_stun_server_get_n_errors (server, UDP), ==, 1);
}

static void
test_plain (void)
{
  g_autoptr (AionetStunServer) server = aionet_stun_server_new ();
  g_autoptr (AionetRoute) first = bound_route ("127.0.0.1", 0);
  g_autoptr (AionetRoute) second = bound_route ("127.0.0.2", 0);
  g_autoptr (GSocket) client = new_client ("127.0.0.1");
  g_autoptr (GByteArray) request = new_change_request (2);
  g_auto (Answer) answer = { 0 };

  g_test_summary ("Without behaviour discovery there are two endpoints that know of no other");
  g_object_set (server, "port", 0, "behavior-discovery", FALSE, NULL);
  g_assert_true (aionet_stun_server_listen (server, first, second, NULL));
  g_assert_cmpuint (g_list_model_get_n_items (aionet_daemon_get_listeners (AIONET_DAEMON (server))),
                    ==, 4);
  ask (client, request, find_listener (server, "127.0.0.1", FALSE), &answer);
  g_assert_cmpmem (answer.data, 2, "\x01\x11", 2);
}

static void
test_response_port (void)
{
  g_autoptr (AionetStunServer) server = server_new ("127.0.0.1", NULL);
  AionetPipe *asked = find_listener (server, "127.0.0.1", FALSE);
  g_autoptr (GSocket) client = new_client ("127.0.0.1");
  g_autoptr (GSocket) other = new_client ("127.0.0.1");
  g_autoptr (GSocket) elsewhere = new_client ("127.0.0.3");
  g_autoptr (GSocketAddress) local = g_socket_get_local_address (other, NULL);
  guint16 port = g_htons (g_inet_socket_address_get_port (G_INET_SOCKET_ADDRESS (local)));
  guint16 own = g_htons (g_inet_socket_address_get_port (
      G_INET_SOCKET_ADDRESS (aionet_pipe_get_local_address (asked))));
  g_autoptr (GByteArray) request = new_request ();
  g_autoptr (GByteArray) loop = new_request ();
  g_auto (Answer) answer = { 0 };

  g_test_summary ("RESPONSE-PORT: another port of the client, never of the server itself");
  stun_bytes_append (request, STUN_RESPONSE_PORT, &port, 2);
  send_to (client, request, asked);
  hear (other, &answer);
  assert_silence (client);
  /* The port of one address says nothing about another one's. */
  send_to (elsewhere, request, asked);
  assert_silence (other);
  stun_bytes_append (loop, STUN_RESPONSE_PORT, &own, 2);
  send_to (client, loop, asked);
  assert_silence (client);
  g_assert_cmpuint (aionet_stun_server_get_n_ignored (server, UDP), ==, 1);
}

static void
test_two_servers (void)
{
  g_autoptr (AionetStunServer) a = server_new ("127.0.0.1", "127.0.0.2");
  g_autoptr (AionetStunServer) b = server_new ("127.0.0.1", "127.0.0.2");
  AionetPipe *from = find_listener (a, "127.0.0.1", FALSE);
  AionetPipe *own_other = find_listener (a, "127.0.0.2", TRUE);
  AionetPipe *to = find_listener (b, "127.0.0.2", TRUE);
  g_autoptr (GByteArray) request = new_request ();

  g_test_summary ("A request forged in the name of a server ends there; one in its own, too");
  g_assert_true (aionet_pipe_send_data (from, request->data, request->len,
                                        aionet_pipe_get_local_address (to), NULL));
  g_assert_true (aionet_pipe_send_data (from, request->data, request->len,
                                        aionet_pipe_get_local_address (own_other), NULL));
  turn_a_little ();
  g_assert_cmpuint (aionet_stun_server_get_n_answered (b, ALL), ==, 1);
  g_assert_cmpuint (aionet_stun_server_get_n_answered (a, ALL), ==, 0);
  /* The answer of b, and the request from itself. */
  g_assert_cmpuint (aionet_stun_server_get_n_ignored (a, ALL), ==, 2);
}

static void
test_rate (void)
{
  g_autoptr (AionetStunServer) server = server_new ("127.0.0.1", NULL);
  AionetPipe *asked = find_listener (server, "127.0.0.1", FALSE);
  g_autoptr (GSocket) client = new_client ("127.0.0.1");
  g_autoptr (GByteArray) request = new_request ();
  guint64 n_answered, n_limited;

  g_test_summary ("Above the rate of a prefix nothing is answered, and everything counted");
  aionet_stun_server_set_max_rate (server, 1);
  for (guint i = 0; i < 50; i++)
    send_to (client, request, asked);
  turn_a_little ();
  n_answered = aionet_stun_server_get_n_answered (server, UDP);
  n_limited = aionet_stun_server_get_n_limited (server, UDP);
  g_assert_cmpuint (n_answered + n_limited, ==, 50);
  /* One at once, and one more for every second that the machine was busy with others. */
  g_assert_cmpuint (n_answered, >=, 1);
  g_assert_cmpuint (n_limited, >=, 1);
}

static void
test_external (void)
{
  g_autoptr (AionetStunServer) server = aionet_stun_server_new ();
  g_autoptr (AionetRoute) first = route_from_text ("127.0.0.1", "8.8.8.1");
  g_autoptr (AionetRoute) second = route_from_text ("127.0.0.2", "8.8.8.2");
  g_autoptr (AionetRoute) at = NULL;
  g_autoptr (AionetRoute) odd = aionet_route_bind_to (second, "127.0.0.3", 0, NULL);
  g_autoptr (GListStore) routes = g_list_store_new (AIONET_TYPE_ROUTE);
  g_autoptr (GSocket) client = new_client ("127.0.0.1");
  g_autoptr (GByteArray) request = new_request ();
  g_auto (Answer) answer = { 0 };
  g_autofree char *origin = NULL;
  g_autofree char *other = NULL;
  g_autofree char *of_odd = NULL;

  g_test_summary ("What is announced is the external address, where the route leads to it");
  at = aionet_route_bind_to (first, "127.0.0.1", 0, NULL);
  g_list_store_append (routes, at);
  g_list_store_append (routes, second);
  g_list_store_append (routes, odd);
  g_object_set (server, "port", 0, "alternate-port", 0, NULL);
  g_assert_true (aionet_stun_server_listen_routes (server, G_LIST_MODEL (routes), NULL));
  ask (client, request, find_listener (server, "127.0.0.1", FALSE), &answer);
  origin = get_address (&answer, STUN_RESPONSE_ORIGIN);
  other = get_address (&answer, STUN_OTHER_ADDRESS);
  g_assert_true (g_str_has_prefix (origin, "8.8.8.1:"));
  g_assert_true (g_str_has_prefix (other, "8.8.8.2:"));
  of_odd = get_endpoint (server, find_listener (server, "127.0.0.3", FALSE), 0);
  g_assert_true (g_str_has_prefix (of_odd, "127.0.0.3:"));
}

static void
test_alternate_in_use (void)
{
  g_autoptr (AionetStunServer) server = aionet_stun_server_new ();
  g_autoptr (GSocket) taken = new_client ("127.0.0.2");
  g_autoptr (GSocketAddress) at = g_socket_get_local_address (taken, NULL);
  guint16 port = g_inet_socket_address_get_port (G_INET_SOCKET_ADDRESS (at));
  g_autoptr (AionetRoute) first = bound_route ("127.0.0.1", 0);
  g_autoptr (AionetRoute) second = bound_route ("127.0.0.2", 0);
  g_auto (GStrv) failures = NULL;
  g_autofree char *other = NULL;

  g_test_summary ("An endpoint that somebody else has is told, and not announced");
  g_object_set (server, "port", 0, "alternate-port", (guint) port, NULL);
  g_assert_true (aionet_stun_server_listen (server, first, second, NULL));
  failures = aionet_daemon_get_failures (AIONET_DAEMON (server));
  g_assert_cmpuint (g_strv_length (failures), ==, 1);
  g_assert_true (g_str_has_prefix (failures[0], "udp 127.0.0.2:") ||
                 g_str_has_prefix (failures[0], "tcp 127.0.0.2:"));
  other = get_endpoint (server, find_listener (server, "127.0.0.1", FALSE), 6);
  g_assert_cmpstr (other, ==, "-");
  g_free (other);
  other = get_endpoint (server, find_listener (server, "127.0.0.1", TRUE), 6);
  g_assert_cmpstr (other, !=, "-");
}

static void
test_listener_lost (void)
{
  g_autoptr (AionetStunServer) server = server_new ("127.0.0.1", "127.0.0.2");
  AionetPipe *asked = find_listener (server, "127.0.0.1", FALSE);
  g_autoptr (GSocket) client = new_client ("127.0.0.1");
  g_autoptr (GByteArray) request = new_change_request (6);
  g_auto (Answer) answer = { 0 };
  g_autofree char *other = NULL;

  g_test_summary ("An endpoint that is lost is no more announced, and no answer comes from there");
  aionet_pipe_close (find_listener (server, "127.0.0.2", TRUE));
  other = get_endpoint (server, asked, 6);
  g_assert_cmpstr (other, ==, "-");
  ask (client, request, asked, &answer);
  g_assert_cmpmem (answer.data, 2, "\x01\x11", 2);
}

static void
test_again (void)
{
  g_autoptr (AionetStunServer) server = server_new ("127.0.0.1", "127.0.0.2");
  g_autoptr (AionetRoute) route = bound_route ("127.0.0.1", 0);
  g_autoptr (GSocket) client = new_client ("127.0.0.1");
  g_autoptr (GByteArray) request = new_request ();
  g_auto (Answer) answer = { 0 };

  g_test_summary ("Closed, it listens nowhere, and may listen again");
  aionet_daemon_close (AIONET_DAEMON (server));
  g_assert_cmpuint (g_list_model_get_n_items (aionet_daemon_get_listeners (AIONET_DAEMON (server))),
                    ==, 0);
  g_assert_true (aionet_stun_server_listen (server, route, NULL, NULL));
  ask (client, request, find_listener (server, "127.0.0.1", FALSE), &answer);
  g_assert_cmpint (answer.length, ==, 32);
}

static void
test_refused (void)
{
  g_autoptr (AionetStunServer) server = aionet_stun_server_new ();
  g_autoptr (AionetRoute) route = bound_route ("127.0.0.1", 0);
  g_autoptr (GListStore) none = g_list_store_new (AIONET_TYPE_ROUTE);
  g_autoptr (GError) error = NULL;

  g_test_summary ("No routes, and workers, are errors");
  g_assert_false (aionet_stun_server_listen_routes (server, G_LIST_MODEL (none), &error));
  g_assert_error (error, AIONET_ERROR, AIONET_ERROR_NO_ROUTE);
  g_clear_error (&error);
  aionet_daemon_set_n_workers (AIONET_DAEMON (server), 2);
  g_assert_false (aionet_stun_server_listen (server, route, NULL, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED);
}

static void
test_own_listener (void)
{
  g_autoptr (AionetStunServer) server = aionet_stun_server_new ();
  g_autoptr (GSocket) client = new_client ("127.0.0.1");
  g_autoptr (GByteArray) request = new_request ();
  g_auto (Answer) answer = { 0 };
  guint16 port = aionet_daemon_listen_loopback (AIONET_DAEMON (server), ALL, 0, NULL, NULL);

  g_test_summary ("Listeners that the daemon's own methods add answer, and know of no others");
  g_assert_cmpuint (port, !=, 0);
  ask (client, request, find_listener (server, "127.0.0.1", FALSE), &answer);
  g_assert_cmpint (answer.length, ==, 32);
  g_byte_array_unref (request);
  request = new_change_request (2);
  ask (client, request, find_listener (server, "127.0.0.1", FALSE), &answer);
  g_assert_cmpmem (answer.data, 2, "\x01\x11", 2);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/aionet/stun-server/four-answers", test_four_answers);
  g_test_add_func ("/aionet/stun-server/one-address", test_one_address);
  g_test_add_func ("/aionet/stun-server/plain", test_plain);
  g_test_add_func ("/aionet/stun-server/response-port", test_response_port);
  g_test_add_func ("/aionet/stun-server/two-servers", test_two_servers);
  g_test_add_func ("/aionet/stun-server/rate", test_rate);
  g_test_add_func ("/aionet/stun-server/external", test_external);
  g_test_add_func ("/aionet/stun-server/alternate-in-use", test_alternate_in_use);
  g_test_add_func ("/aionet/stun-server/listener-lost", test_listener_lost);
  g_test_add_func ("/aionet/stun-server/again", test_again);
  g_test_add_func ("/aionet/stun-server/refused", test_refused);
  g_test_add_func ("/aionet/stun-server/own-listener", test_own_listener);
  return g_test_run ();
}
