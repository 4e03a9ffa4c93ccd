/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#include "config.h"

#include "../plugins/netns.h"
#include "../plugins/rfc5769-vectors.h"
#include "stun-server-helpers.h"

#include <string.h>

/* Datagrams of every kind of malice, from the one who asks and from everybody in 127/8 at once.
 * AIONET_STUN_HOSTILE sets how many there are. */

#define DEFAULT_DATAGRAMS 100000
#define BATCH 64
#define N_CLIENTS 32
#define MAX_SIZE 2100

typedef struct
{
  AionetStunServer *server;
  AionetPipe       *listeners[2];
  GSocket          *clients[N_CLIENTS];
  guint64           n_sent;
} Siege;

static guint
pick (guint n)
{
  return (guint) g_test_rand_int_range (0, (gint32) n);
}

static guint
make_request (guint8 *data)
{
  g_autoptr (GByteArray) request =
      stun_bytes_new (0x0001, pick (4) > 0 ? STUN_BYTES_COOKIE : "1234", STUN_ID);
  static const guint16 types[] = { 0x0002, 0x0003, 0x0006, 0x0008, 0x0020, 0x0026,
                                   0x0027, 0x7777, 0x8022, 0x8028, 0x802c };
  guint8               value[64];

  for (guint i = 0; i < pick (5); i++)
    {
      for (guint k = 0; k < sizeof (value); k++)
        value[k] = (guint8) pick (256);
      stun_bytes_append (request, types[pick (G_N_ELEMENTS (types))], value,
                         pick (2) > 0 ? 4 : pick (sizeof (value)));
    }
  memcpy (data, request->data, request->len);
  return request->len;
}

/* Requests, requests with bytes changed or missing, answers, the vectors, and noise. */
static guint
make_datagram (guint8 *data)
{
  guint kind = pick (8);
  guint length;

  if (kind == 0)
    {
      length = pick (MAX_SIZE);
      for (guint i = 0; i < length; i++)
        data[i] = (guint8) pick (256);
      return length;
    }
  if (kind == 1)
    {
      length = sizeof (rfc5769_request);
      memcpy (data, rfc5769_request, length);
    }
  else
    length = make_request (data);
  for (guint i = 0; i < kind / 2; i++)
    data[pick (length)] = (guint8) pick (256);
  return kind == 7 ? pick (length + 1) : length;
}

static void
throw_batch (Siege *self)
{
  guint8 data[MAX_SIZE];

  for (guint i = 0; i < BATCH; i++)
    {
      guint length = make_datagram (data);

      if (g_socket_send_to (self->clients[pick (N_CLIENTS)],
                            aionet_pipe_get_local_address (self->listeners[pick (2)]),
                            (const char *) data, length, NULL, NULL) >= 0)
        self->n_sent++;
    }
  turn_a_little ();
  for (guint i = 0; i < N_CLIENTS; i++)
    while (g_socket_receive (self->clients[i], (char *) data, sizeof (data), NULL, NULL) >= 0)
      ;
}

static gsize
get_resident_pages (void)
{
  g_autofree char *text = NULL;
  g_auto (GStrv) fields = NULL;

  g_assert_true (g_file_get_contents ("/proc/self/statm", &text, NULL, NULL));
  fields = g_strsplit (text, " ", -1);
  return (gsize) g_ascii_strtoull (fields[1], NULL, 10);
}

static guint64
count_all (AionetStunServer *server)
{
  const GSocketProtocol all = G_SOCKET_PROTOCOL_DEFAULT;

  return aionet_stun_server_get_n_answered (server, all) +
         aionet_stun_server_get_n_errors (server, all) +
         aionet_stun_server_get_n_ignored (server, all) +
         aionet_stun_server_get_n_limited (server, all) +
         aionet_stun_server_get_n_lost (server, all);
}

static void
assert_serves (AionetStunServer *server, AionetPipe *listener)
{
  g_autoptr (GSocket) client = new_client ("127.200.0.1");
  g_autoptr (GByteArray) request = new_change_request (6);
  g_auto (Answer) answer = { 0 };
  g_autofree char *from = NULL;
  g_autofree char *expected = get_endpoint (server, listener, 6);

  ask (client, request, listener, &answer);
  from = endpoint_text (answer.from);
  g_assert_cmpstr (from, ==, expected);
}

static void
siege_begin (Siege *self)
{
  self->server = server_new ("127.0.0.1", "127.0.0.2");
  /* So that all of it is gone through, the table of prefixes too. */
  aionet_stun_server_set_max_rate (self->server, 500);
  aionet_stun_server_set_echo_padding (self->server, TRUE);
  self->listeners[0] = find_listener (self->server, "127.0.0.1", FALSE);
  self->listeners[1] = find_listener (self->server, "127.0.0.2", TRUE);
  for (guint i = 0; i < N_CLIENTS; i++)
    {
      g_autofree char *address = g_strdup_printf ("127.%u.%u.1", 1 + i / 2, i);

      self->clients[i] = new_client (address);
    }
}

static void
test_siege (void)
{
  const char *wanted = g_getenv ("AIONET_STUN_HOSTILE");
  guint64     n = wanted != NULL ? g_ascii_strtoull (wanted, NULL, 10) : DEFAULT_DATAGRAMS;
  Siege       siege = { 0 };
  gsize       pages = 0;

  g_test_summary ("Hostile datagrams without end: it serves on, counts each, and grows by nothing");
  siege_begin (&siege);
  while (siege.n_sent < n)
    {
      throw_batch (&siege);
      /* By then everything that is made once is there. */
      if (pages == 0 && siege.n_sent >= n / 10)
        pages = get_resident_pages ();
    }
  g_test_message (
      "%" G_GUINT64_FORMAT " sent, %" G_GUINT64_FORMAT " answered, resident %" G_GSIZE_FORMAT
      " pages after a tenth, %" G_GSIZE_FORMAT " now",
      siege.n_sent, aionet_stun_server_get_n_answered (siege.server, G_SOCKET_PROTOCOL_UDP), pages,
      get_resident_pages ());
  g_assert_cmpuint (count_all (siege.server), ==, siege.n_sent);
#ifndef __SANITIZE_ADDRESS__ /* which keeps what was freed for a while */
  g_assert_cmpuint (get_resident_pages (), <=, pages + 64);
#endif
  assert_serves (siege.server, siege.listeners[0]);
  for (guint i = 0; i < N_CLIENTS; i++)
    g_object_unref (siege.clients[i]);
  g_object_unref (siege.server);
}

int
main (int argc, char *argv[])
{
  g_autofree char *reason = NULL;

  g_test_init (&argc, &argv, NULL);
  if (!netns_enter (&reason))
    {
      g_print ("1..0 # SKIP %s\n", reason);
      return 0;
    }
  netns_run ("ip link set lo up");
  g_test_add_func ("/aionet/stun-hostile/siege", test_siege);
  return g_test_run ();
}
