/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#include "config.h"
#include "server/aionet-stun-responder-private.h"
#include "../plugins/stun-bytes.h"
#include "../plugins/rfc5769-vectors.h"

#include <arpa/inet.h>
#include <string.h>

#define BINDING_REQUEST 0x0001
#define REQUEST_V4 "0101000c2112a442b7e7a701bc34d686fa87dfae002000080001a147e112a643"

/* Origins of a server at 192.0.2.2 and 192.0.2.3, or at one address, or on one port. */
typedef enum
{
  PAIR,
  ALONE,
  ONE_PORT,
} Place;

static void
fill (AionetSockaddr *endpoint, const char *address, guint port)
{
  /* GIO would make an IPv4 address of ::ffff:a.b.c.d by itself. */
  memset (endpoint, 0, sizeof *endpoint);
  endpoint->any.sa_family = strchr (address, ':') != NULL ? AF_INET6 : AF_INET;
  endpoint->v4.sin_port = g_htons ((guint16) port);
  g_assert_cmpint (inet_pton (endpoint->any.sa_family, address,
                              endpoint->any.sa_family == AF_INET6
                                  ? (void *) &endpoint->v6.sin6_addr
                                  : (void *) &endpoint->v4.sin_addr),
                   ==, 1);
}

static void
fill_origins (AionetSockaddr *origins, Place place, gboolean v6)
{
  memset (origins, 0, AIONET_STUN_N_ORIGINS * sizeof *origins);
  fill (&origins[0], v6 ? "2001:db8::2" : "192.0.2.2", 3478);
  if (place == ONE_PORT)
    return;
  fill (&origins[1], v6 ? "2001:db8::2" : "192.0.2.2", 3479);
  if (place == ALONE)
    return;
  fill (&origins[2], v6 ? "2001:db8::3" : "192.0.2.3", 3478);
  fill (&origins[3], v6 ? "2001:db8::3" : "192.0.2.3", 3479);
}

static gboolean
ask (AionetStunResponder *responder,
     Place                place,
     const char          *address,
     guint                port,
     const GByteArray    *request,
     AionetStunReply     *reply)
{
  AionetSockaddr     source;
  AionetSockaddr     origins[AIONET_STUN_N_ORIGINS];
  g_autofree guint8 *copy = g_memdup2 (request->data, MAX (request->len, 1));
  AionetStunQuestion question = { copy, request->len, &source, origins, FALSE };

  fill (&source, address, port);
  fill_origins (origins, place, strchr (address, ':') != NULL);
  return _aionet_stun_responder_answer (responder, &question, reply);
}

static void
assert_hex (const AionetStunReply *reply, const char *expected)
{
  g_autoptr (GString) hex = g_string_new (NULL);

  for (gsize i = 0; i < reply->length; i++)
    g_string_append_printf (hex, "%02x", reply->data[i]);
  g_assert_cmpstr (hex->str, ==, expected);
}

static GByteArray *
new_request (void)
{
  return stun_bytes_new (BINDING_REQUEST, STUN_BYTES_COOKIE, RFC5769_ID);
}

/* Returns the value of the first attribute of that type, NULL if there is none. */
static const guint8 *
find (const AionetStunReply *reply, guint type, gsize *length)
{
  for (gsize i = 20; i + 4 <= reply->length;)
    {
      gsize size = (gsize) (reply->data[i + 2] << 8 | reply->data[i + 3]);

      if ((guint) (reply->data[i] << 8 | reply->data[i + 1]) == type)
        {
          if (length != NULL)
            *length = size;
          return reply->data + i + 4;
        }
      i += 4 + (size + 3) / 4 * 4;
    }
  return NULL;
}

static void
assert_error (const AionetStunReply *reply, guint code)
{
  const guint8 *value = find (reply, 0x0009, NULL);

  g_assert_true (reply->is_error);
  g_assert_cmpmem (reply->data, 2, "\x01\x11", 2);
  g_assert_nonnull (value);
  g_assert_cmpuint (value[2] * 100u + value[3], ==, code);
  g_assert_cmpuint (reply->origin, ==, AIONET_STUN_ORIGIN_ASKED);
}

static void
test_modern (void)
{
  g_autoptr (AionetStunResponder) responder = _aionet_stun_responder_new (NULL, FALSE);
  g_autoptr (GByteArray) request = new_request ();
  AionetStunReply reply;

  g_test_summary (
      "Clients with the cookie get XOR-MAPPED-ADDRESS, from a plain server nothing else");
  g_assert_true (ask (responder, ALONE, "192.0.2.1", 32853, request, &reply));
  assert_hex (&reply, REQUEST_V4);
  g_assert_false (reply.is_error);
  g_assert_true (
      ask (responder, ALONE, "2001:db8:1234:5678:11:2233:4455:6677", 32853, request, &reply));
  assert_hex (&reply, "010100182112a442b7e7a701bc34d686fa87dfae"
                      "002000140002a1470113a9faa5d3f179bc25f4b5bed2b9d9");
  g_assert_true (ask (responder, ALONE, "::ffff:192.0.2.1", 32853, request, &reply));
  assert_hex (&reply, REQUEST_V4);
}

static void
test_with_alternate (void)
{
  g_autoptr (AionetStunResponder) responder = _aionet_stun_responder_new ("name", FALSE);
  g_autoptr (GByteArray) request = new_request ();
  AionetStunReply reply;

  g_test_summary ("A server with another address tells both to everybody (RFC 5780, 6.1)");
  g_assert_true (ask (responder, PAIR, "192.0.2.1", 32853, request, &reply));
  assert_hex (&reply, "010100242112a442b7e7a701bc34d686fa87dfae002000080001a147e112a643"
                      "802b000800010d96c0000202"
                      "802c000800010d97c0000203");
}

static void
test_classic (void)
{
  g_autoptr (AionetStunResponder) responder = _aionet_stun_responder_new ("name", FALSE);
  g_autoptr (GByteArray) request = stun_bytes_new (BINDING_REQUEST, "1234", STUN_BYTES_ID);
  AionetStunReply reply;

  g_test_summary ("Clients without the cookie get MAPPED-, SOURCE- and CHANGED-ADDRESS, unxored");
  g_assert_true (ask (responder, ALONE, "192.0.2.1", 32853, request, &reply));
  assert_hex (&reply, "0101000c3132333401010101010101010101010100010008000180"
                      "55c0000201");
  stun_bytes_append (request, 0x0003, "\0\0\0\6", 4);
  g_assert_true (ask (responder, PAIR, "192.0.2.1", 32853, request, &reply));
  assert_hex (&reply, "0101002431323334010101010101010101010101"
                      "0001000800018055c0000201"
                      "0004000800010d97c0000203"
                      "0005000800010d97c0000203");
  g_assert_cmpuint (reply.origin, ==, AIONET_STUN_ORIGIN_OTHER);
}

static void
test_classic_unknown (void)
{
  g_autoptr (AionetStunResponder) responder = _aionet_stun_responder_new (NULL, FALSE);
  g_autoptr (GByteArray) request = stun_bytes_new (BINDING_REQUEST, "1234", STUN_BYTES_ID);
  AionetStunReply reply;
  gsize           length;

  g_test_summary ("RESPONSE-ADDRESS is refused; old clients are told an even number of types");
  stun_bytes_append (request, 0x0002, "\0\1\0\1\300\0\2\11", 8);
  g_assert_true (ask (responder, PAIR, "192.0.2.1", 32853, request, &reply));
  assert_error (&reply, 420);
  g_assert_cmpmem (find (&reply, 0x000a, &length), 4, "\0\2\0\2", 4);
  g_assert_cmpuint (length, ==, 4);
}

typedef struct
{
  Place  place;
  guint8 change;
  gint   origin; /* -1: refused */
} ChangeCase;

static void
test_change (void)
{
  static const ChangeCase cases[] = {
    { PAIR, 0, 0 },     { PAIR, 2, 1 },      { PAIR, 4, 2 },      { PAIR, 6, 3 },
    { ALONE, 0, 0 },    { ALONE, 2, 1 },     { ALONE, 4, -1 },    { ALONE, 6, -1 },
    { ONE_PORT, 0, 0 }, { ONE_PORT, 2, -1 }, { ONE_PORT, 6, -1 }, { PAIR, 0xff, 3 },
  };
  g_autoptr (AionetStunResponder) responder = _aionet_stun_responder_new (NULL, FALSE);

  g_test_summary ("CHANGE-REQUEST chooses among the four endpoints; 420 if there is no such one");
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      const guint8 value[] = { 0, 0, 0, cases[i].change };
      g_autoptr (GByteArray) request = new_request ();
      AionetStunReply reply;
      AionetSockaddr  origins[AIONET_STUN_N_ORIGINS];
      const guint8   *told;
      guint           port;

      stun_bytes_append (request, 0x0003, value, sizeof (value));
      g_assert_true (ask (responder, cases[i].place, "192.0.2.1", 1, request, &reply));
      if (cases[i].origin < 0)
        {
          assert_error (&reply, 420);
          g_assert_cmpmem (find (&reply, 0x000a, NULL), 2, "\0\3", 2);
          continue;
        }
      g_assert_false (reply.is_error);
      g_assert_cmpint (reply.origin, ==, cases[i].origin);
      told = find (&reply, 0x802b, NULL);
      g_assert_true (told != NULL || cases[i].place != PAIR);
      fill_origins (origins, PAIR, FALSE);
      port = _aionet_sockaddr_get_port (&origins[reply.origin]);
      if (told != NULL)
        g_assert_cmpuint (told[2] * 256u + told[3], ==, port);
    }
}

static void
test_change_on_stream (void)
{
  g_autoptr (AionetStunResponder) responder = _aionet_stun_responder_new (NULL, FALSE);
  g_autoptr (GByteArray) request = new_request ();
  AionetSockaddr     source;
  AionetSockaddr     origins[AIONET_STUN_N_ORIGINS];
  AionetStunQuestion question = { NULL, 0, &source, origins, TRUE };
  AionetStunReply    reply;

  g_test_summary ("A connection cannot be answered from elsewhere, nor to another port");
  fill (&source, "192.0.2.1", 1);
  fill_origins (origins, PAIR, FALSE);
  stun_bytes_append (request, 0x0003, "\0\0\0\2", 4);
  stun_bytes_append (request, 0x0027, "\0\1", 2);
  question.data = request->data;
  question.length = request->len;
  g_assert_true (_aionet_stun_responder_answer (responder, &question, &reply));
  assert_error (&reply, 420);
  g_assert_cmpmem (find (&reply, 0x000a, NULL), 4, "\0\x27\0\3", 4);
}

static void
test_response_port (void)
{
  g_autoptr (AionetStunResponder) responder = _aionet_stun_responder_new (NULL, FALSE);
  static const struct
  {
    const char *value;
    guint       length, port; /* 0: 400 */
  } cases[] = { { "\x12\x34", 2, 0x1234 }, { "\x12\x34\0\0", 4, 0x1234 },
                { "\0\0", 2, 0 },          { "\1", 1, 0 },
                { "\1\2\3", 3, 0 },        { "", 0, 0 } };

  g_test_summary (
      "RESPONSE-PORT of 2 bytes and of coturn's 4; port 0 and other lengths are refused");
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GByteArray) request = new_request ();
      AionetStunReply reply;

      stun_bytes_append (request, 0x0027, cases[i].value, cases[i].length);
      g_assert_true (ask (responder, PAIR, "192.0.2.1", 9, request, &reply));
      g_assert_cmpuint (reply.port, ==, cases[i].port);
      if (cases[i].port == 0)
        assert_error (&reply, 400);
      else
        g_assert_false (reply.is_error);
    }
}

static void
test_padding (void)
{
  static const guint8 zeros[1500] = { 0 };
  g_autoptr (AionetStunResponder) with = _aionet_stun_responder_new (NULL, TRUE);
  g_autoptr (AionetStunResponder) without = _aionet_stun_responder_new (NULL, FALSE);
  g_autoptr (GByteArray) request = new_request ();
  g_autoptr (GByteArray) small = new_request ();
  AionetStunReply reply;
  gsize           length = 0;

  g_test_summary (
      "PADDING is answered with as much if that is wanted, and never with RESPONSE-PORT");
  stun_bytes_append (request, 0x0026, zeros, sizeof (zeros));
  stun_bytes_append (small, 0x0026, zeros, 4);
  g_assert_true (ask (without, PAIR, "192.0.2.1", 9, small, &reply));
  assert_error (&reply, 420);
  g_assert_true (ask (without, PAIR, "192.0.2.1", 9, request, &reply));
  assert_error (&reply, 420);
  /* The padding of the request has to hold the addresses of the answer, too. */
  g_assert_true (ask (with, PAIR, "192.0.2.1", 9, request, &reply));
  g_assert_cmpuint (reply.length, <=, request->len);
  g_assert_nonnull (find (&reply, 0x0026, &length));
  g_assert_cmpuint (length, >=, 1400);
  stun_bytes_append (request, 0x0027, "\0\1", 2);
  g_assert_true (ask (with, PAIR, "192.0.2.1", 9, request, &reply));
  assert_error (&reply, 400);
}

static void
test_what_fits (void)
{
  g_autoptr (AionetStunResponder) responder = _aionet_stun_responder_new ("abc", FALSE);
  static const guint8 name[112] = { 'n' };
  AionetStunReply     reply;

  g_test_summary ("No answer is longer than its request but for what clients need");
  for (guint size = 0; size <= sizeof (name); size += 4)
    for (guint i = 0; i < 4; i++)
      {
        g_autoptr (GByteArray) request = new_request ();
        const char *source = i % 2 == 0 ? "192.0.2.1" : "2001:db8::1";
        const Place place = i / 2 == 0 ? ALONE : PAIR;
        const gsize needed = (i % 2 == 0 ? 12u : 24u) * (place == PAIR ? 3u : 1u);

        if (size > 0)
          stun_bytes_append (request, 0x8022, name, size);
        g_assert_true (ask (responder, place, source, 1, request, &reply));
        g_assert_cmpuint (reply.length, <=, MAX (20 + needed, request->len));
        g_assert_cmpuint (reply.length, <=,
                          request->len + (i % 2 == 0 ? AIONET_STUN_MAX_EXCESS_IPV4
                                                     : AIONET_STUN_MAX_EXCESS_IPV6));
      }
  /* And it is told when there is room. */
  g_assert_nonnull (find (&reply, 0x8022, NULL));
}

static void
test_fingerprint (void)
{
  g_autoptr (AionetStunResponder) responder = _aionet_stun_responder_new (NULL, FALSE);
  GByteArray      vector = { (guint8 *) rfc5769_request, sizeof (rfc5769_request) };
  AionetStunReply reply;

  g_test_summary ("Who sends FINGERPRINT gets one; who sends a wrong one gets nothing (RFC 5769)");
  /* The vector has PRIORITY, which a plain Binding server need not understand: 420. */
  g_assert_true (ask (responder, PAIR, "192.0.2.1", 1, &vector, &reply));
  assert_error (&reply, 420);
  g_assert_cmpmem (reply.data + reply.length - 8, 4, "\x80\x28\x00\x04", 4);
  for (gsize i = 0; i < sizeof (rfc5769_request); i++)
    {
      g_autofree guint8 *copy = g_memdup2 (rfc5769_request, sizeof (rfc5769_request));
      GByteArray         flipped = { copy, sizeof (rfc5769_request) };

      /* Save the cookie and the type of FINGERPRINT, without which none is expected. */
      if ((i >= 4 && i < 8) || i / 2 == (sizeof (rfc5769_request) - 8) / 2)
        continue;
      copy[i] ^= 0x10;
      g_assert_false (ask (responder, PAIR, "192.0.2.1", 1, &flipped, &reply));
    }
}

static void
test_unknown_attribute (void)
{
  g_autoptr (AionetStunResponder) responder = _aionet_stun_responder_new (NULL, FALSE);
  g_autoptr (GByteArray) request = new_request ();
  AionetStunReply reply;
  gsize           length;

  g_test_summary ("Attributes that must be understood and are not: 420, each named once");
  stun_bytes_append (request, 0x7777, "x", 1);
  stun_bytes_append (request, 0x8777, "x", 1);
  stun_bytes_append (request, 0x0026, "\0\0\0\0", 4);
  stun_bytes_append (request, 0x7777, "", 0);
  g_assert_true (ask (responder, PAIR, "192.0.2.1", 1, request, &reply));
  assert_error (&reply, 420);
  g_assert_cmpmem (find (&reply, 0x000a, &length), 4, "\x77\x77\x00\x26", 4);
  g_assert_cmpuint (length, ==, 4);
  g_assert_cmpuint (reply.length, <=, request->len + 12);
}

static void
test_after_integrity (void)
{
  static const guint integrities[] = { 0x0008, 0x001c };
  g_autoptr (AionetStunResponder) responder = _aionet_stun_responder_new (NULL, FALSE);

  g_test_summary ("What follows MESSAGE-INTEGRITY does not count (RFC 8489, 14.5)");
  for (gsize i = 0; i < G_N_ELEMENTS (integrities); i++)
    {
      g_autoptr (GByteArray) request = new_request ();
      AionetStunReply reply;

      stun_bytes_append (request, integrities[i], "01234567890123456789", 20);
      stun_bytes_append (request, 0x0003, "\0\0\0\6", 4);
      g_assert_true (ask (responder, PAIR, "192.0.2.1", 1, request, &reply));
      g_assert_false (reply.is_error);
      g_assert_cmpuint (reply.origin, ==, AIONET_STUN_ORIGIN_ASKED);
    }
}

static void
test_transmit_counter (void)
{
  static const struct
  {
    const char *cookie;
    guint       mapped;
  } cases[] = { { "1234", 0x0001 }, { STUN_BYTES_COOKIE, 0x0020 } };
  g_autoptr (AionetStunResponder) responder = _aionet_stun_responder_new (NULL, FALSE);

  g_test_summary ("Cases W-01 and W-02: requests with a transmit counter, as of our own client");
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GByteArray) request =
          stun_bytes_new (BINDING_REQUEST, cases[i].cookie, STUN_BYTES_ID);
      AionetStunReply reply;

      stun_bytes_append (request, 0x8025, "\0\1\0\0", 4);
      g_assert_true (ask (responder, PAIR, "192.0.2.1", 1, request, &reply));
      g_assert_false (reply.is_error);
      g_assert_nonnull (find (&reply, cases[i].mapped, NULL));
    }
}

static void
test_ignored (void)
{
  static const guint types[] = { 0x0011, 0x0101, 0x0111, 0x0003, 0x3fff, 0x4001, 0x8001 };
  g_autoptr (AionetStunResponder) responder = _aionet_stun_responder_new (NULL, FALSE);
  AionetStunReply reply;

  g_test_summary ("Indications, answers, other methods and things that are not STUN: no answer");
  for (gsize i = 0; i < G_N_ELEMENTS (types); i++)
    {
      g_autoptr (GByteArray) request = stun_bytes_new (types[i], STUN_BYTES_COOKIE, RFC5769_ID);

      g_assert_false (ask (responder, PAIR, "192.0.2.1", 1, request, &reply));
    }
}

static void
test_cut (void)
{
  g_autoptr (AionetStunResponder) responder = _aionet_stun_responder_new (NULL, FALSE);
  AionetStunReply reply;

  g_test_summary ("Requests cut short, or with bytes to spare, get no answer");
  for (guint length = 0; length < sizeof (rfc5769_request); length++)
    {
      GByteArray cut = { (guint8 *) rfc5769_request, length };

      g_assert_false (ask (responder, PAIR, "192.0.2.1", 1, &cut, &reply));
    }
}

static void
test_frame (void)
{
  const guint8 huge[] = { 0x00, 0x01, 0xff, 0xfc };
  const guint  n = sizeof (rfc5769_request);

  g_test_summary ("Streams are framed byte by byte; what is none is known at once");
  for (gsize i = 0; i < n; i++)
    g_assert_cmpint (_aionet_stun_responder_frame (rfc5769_request, i), ==, 0);
  g_assert_cmpint (_aionet_stun_responder_frame (rfc5769_request, n), ==, n);
  g_assert_cmpint (_aionet_stun_responder_frame ((const guint8 *) "GET / HTTP/1.0", 14), ==, -1);
  g_assert_cmpint (_aionet_stun_responder_frame (huge, sizeof (huge)), ==, -1);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/aionet/stun-responder/modern", test_modern);
  g_test_add_func ("/aionet/stun-responder/with-alternate", test_with_alternate);
  g_test_add_func ("/aionet/stun-responder/classic", test_classic);
  g_test_add_func ("/aionet/stun-responder/classic-unknown", test_classic_unknown);
  g_test_add_func ("/aionet/stun-responder/change", test_change);
  g_test_add_func ("/aionet/stun-responder/change-on-stream", test_change_on_stream);
  g_test_add_func ("/aionet/stun-responder/response-port", test_response_port);
  g_test_add_func ("/aionet/stun-responder/padding", test_padding);
  g_test_add_func ("/aionet/stun-responder/what-fits", test_what_fits);
  g_test_add_func ("/aionet/stun-responder/fingerprint", test_fingerprint);
  g_test_add_func ("/aionet/stun-responder/unknown-attribute", test_unknown_attribute);
  g_test_add_func ("/aionet/stun-responder/after-integrity", test_after_integrity);
  g_test_add_func ("/aionet/stun-responder/transmit-counter", test_transmit_counter);
  g_test_add_func ("/aionet/stun-responder/ignored", test_ignored);
  g_test_add_func ("/aionet/stun-responder/cut", test_cut);
  g_test_add_func ("/aionet/stun-responder/frame", test_frame);
  return g_test_run ();
}
