/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#include "config.h"
#include "aionet-stun-responder.h"
#include "../plugins/stun-bytes.h"
#include "../plugins/rfc5769-vectors.h"

#include <string.h>

#define BINDING_REQUEST 0x0001

static GBytes *
answer_from (const AionetStunResponder *responder,
             const char                *address,
             guint                      port,
             const GByteArray          *request,
             AionetStunCounters        *counters)
{
  g_autoptr (GSocketAddress) source = g_inet_socket_address_new_from_string (address, port);
  g_autofree guint8 *copy = g_memdup2 (request->data, MAX (request->len, 1));

  return aionet_stun_responder_answer (responder, copy, request->len,
                                       G_INET_SOCKET_ADDRESS (source), counters);
}

static void
assert_hex (GBytes *bytes, const char *expected)
{
  g_autoptr (GString) hex = g_string_new (NULL);
  gsize         length;
  const guint8 *data;

  g_assert_nonnull (bytes);
  data = g_bytes_get_data (bytes, &length);
  for (gsize i = 0; i < length; i++)
    g_string_append_printf (hex, "%02x", data[i]);
  g_assert_cmpstr (hex->str, ==, expected);
}

static void
test_modern (void)
{
  const AionetStunResponder responder = { 0 };
  AionetStunCounters        counters = { 0 };
  g_autoptr (GByteArray) request = stun_bytes_new (BINDING_REQUEST, STUN_BYTES_COOKIE, RFC5769_ID);
  g_autoptr (GBytes) v4 = answer_from (&responder, "192.0.2.1", 32853, request, &counters);
  g_autoptr (GBytes) v6 =
      answer_from (&responder, "2001:db8:1234:5678:11:2233:4455:6677", 32853, request, &counters);

  g_test_summary ("Clients with the cookie get XOR-MAPPED-ADDRESS and nothing else");
  assert_hex (v4, "0101000c2112a442b7e7a701bc34d686fa87dfae002000080001a147e112a643");
  assert_hex (v6, "010100182112a442b7e7a701bc34d686fa87dfae"
                  "002000140002a1470113a9faa5d3f179bc25f4b5bed2b9d9");
  g_assert_cmpuint (counters.n_answered, ==, 2);
}

static void
test_classic (void)
{
  const AionetStunResponder responder = { .software = "name" };
  AionetStunCounters        counters = { 0 };
  g_autoptr (GByteArray) request = stun_bytes_new (BINDING_REQUEST, "1234", STUN_BYTES_ID);
  g_autoptr (GByteArray) with_change = stun_bytes_new (BINDING_REQUEST, "1234", STUN_BYTES_ID);
  g_autoptr (GBytes) answer = NULL;
  g_autoptr (GBytes) same = NULL;

  g_test_summary ("Clients without the cookie get MAPPED-ADDRESS, and no SOFTWARE");
  answer = answer_from (&responder, "192.0.2.1", 32853, request, &counters);
  assert_hex (answer, "0101000c3132333401010101010101010101010100010008000180"
                      "55c0000201");
  stun_bytes_append (with_change, 0x0003, "\0\0\0\0", 4);
  same = answer_from (&responder, "192.0.2.1", 32853, with_change, &counters);
  g_assert_true (g_bytes_equal (answer, same));
}

static void
test_software (void)
{
  const AionetStunResponder responder = { .software = "abc" };
  AionetStunCounters        counters = { 0 };
  g_autoptr (GByteArray) request = stun_bytes_new (BINDING_REQUEST, STUN_BYTES_COOKIE, RFC5769_ID);
  g_autoptr (GBytes) answer = answer_from (&responder, "192.0.2.1", 32853, request, &counters);
  const guint8 *data;
  gsize         length;

  g_test_summary ("SOFTWARE goes to those who know RFC 8489");
  data = g_bytes_get_data (answer, &length);
  g_assert_cmpuint (length, ==, 20 + 12 + 8);
  /* Not the padding byte: what it is depends on libnice's version. */
  g_assert_cmpmem (data + 20, 7,
                   "\x80\x22\x00\x03"
                   "abc",
                   7);
}

static void
test_fingerprint (void)
{
  const AionetStunResponder responder = { 0 };
  AionetStunCounters        counters = { 0 };
  GByteArray                vector = { (guint8 *) rfc5769_request, sizeof (rfc5769_request) };
  g_autoptr (GBytes) answer = answer_from (&responder, "192.0.2.1", 1, &vector, &counters);
  const guint8 *data;
  gsize         length;

  g_test_summary ("Who sends FINGERPRINT gets one; who sends a wrong one gets nothing (RFC 5769)");
  /* The vector has PRIORITY, which a plain Binding server need not understand: 420. */
  g_assert_cmpuint (counters.n_errors, ==, 1);
  data = g_bytes_get_data (answer, &length);
  g_assert_cmpmem (data + length - 8, 4, "\x80\x28\x00\x04", 4);
  for (gsize i = 0; i < sizeof (rfc5769_request); i++)
    {
      g_autofree guint8 *copy = g_memdup2 (rfc5769_request, sizeof (rfc5769_request));
      GByteArray         flipped = { copy, sizeof (rfc5769_request) };
      g_autoptr (GBytes) none = NULL;

      /* Save the cookie and the type of FINGERPRINT, without which none is expected. */
      if ((i >= 4 && i < 8) || i / 2 == (sizeof (rfc5769_request) - 8) / 2)
        continue;
      copy[i] ^= 0x10;
      none = answer_from (&responder, "192.0.2.1", 1, &flipped, &counters);
      g_assert_null (none);
    }
}

static void
test_unknown_attribute (void)
{
  const AionetStunResponder responder = { 0 };
  AionetStunCounters        counters = { 0 };
  g_autoptr (GByteArray) request = stun_bytes_new (BINDING_REQUEST, STUN_BYTES_COOKIE, RFC5769_ID);
  g_autoptr (GBytes) answer = NULL;
  const guint8 *data;
  gsize         length;

  g_test_summary ("Attributes that must be understood and are not: 420, each named once");
  stun_bytes_append (request, 0x7777, "x", 1);
  stun_bytes_append (request, 0x8777, "x", 1);
  stun_bytes_append (request, 0x0026, "\0\0\0\0", 4);
  stun_bytes_append (request, 0x7777, "", 0);
  answer = answer_from (&responder, "192.0.2.1", 1, request, &counters);
  g_assert_nonnull (answer);
  data = g_bytes_get_data (answer, &length);
  g_assert_cmpmem (data, 2, "\x01\x11", 2);
  g_assert_cmpmem (data + 20, 2, "\x00\x09", 2);
  g_assert_cmpmem (data + 24, 4, "\x00\x00\x04\x14", 4);
  g_assert_cmpmem (data + length - 8, 8, "\x00\x0a\x00\x04\x77\x77\x00\x26", 8);
  g_assert_cmpuint (counters.n_errors, ==, 1);
}

static void
test_change_request (void)
{
  const AionetStunResponder responder = { 0 };
  AionetStunCounters        counters = { 0 };
  g_autoptr (GByteArray) request = stun_bytes_new (BINDING_REQUEST, STUN_BYTES_COOKIE, RFC5769_ID);
  g_autoptr (GBytes) answer = NULL;

  g_test_summary ("Being asked to answer from elsewhere: 420, since there is no elsewhere");
  stun_bytes_append (request, 0x0003, "\0\0\0\6", 4);
  answer = answer_from (&responder, "192.0.2.1", 1, request, &counters);
  g_assert_nonnull (answer);
  g_assert_cmpuint (counters.n_errors, ==, 1);
}

static void
test_ignored (void)
{
  static const guint        types[] = { 0x0011, 0x0101, 0x0111, 0x0003, 0x3fff, 0x4001, 0x8001 };
  const AionetStunResponder responder = { 0 };
  AionetStunCounters        counters = { 0 };

  g_test_summary ("Indications, answers, other methods and things that are not STUN: no answer");
  for (gsize i = 0; i < G_N_ELEMENTS (types); i++)
    {
      g_autoptr (GByteArray) request = stun_bytes_new (types[i], STUN_BYTES_COOKIE, RFC5769_ID);
      g_autoptr (GBytes) none = answer_from (&responder, "192.0.2.1", 1, request, &counters);

      g_assert_null (none);
    }
  g_assert_cmpuint (counters.n_ignored, ==, G_N_ELEMENTS (types));
}

static void
test_cut (void)
{
  const AionetStunResponder responder = { 0 };
  AionetStunCounters        counters = { 0 };

  g_test_summary ("Requests cut short, or with bytes to spare, get no answer");
  for (guint length = 0; length < sizeof (rfc5769_request); length++)
    {
      GByteArray cut = { (guint8 *) rfc5769_request, length };
      g_autoptr (GBytes) none = answer_from (&responder, "192.0.2.1", 1, &cut, &counters);

      g_assert_null (none);
    }
  g_assert_cmpuint (counters.n_ignored, ==, sizeof (rfc5769_request));
}

static void
test_lies (void)
{
  g_autoptr (GSocketAddress) lie = g_inet_socket_address_new_from_string ("192.0.2.1", 0);
  const AionetStunResponder liar = { .answer = G_INET_SOCKET_ADDRESS (lie) };
  const AionetStunResponder broken = { .error_code = 500 };
  AionetStunCounters        counters = { 0 };
  g_autoptr (GByteArray) request = stun_bytes_new (BINDING_REQUEST, STUN_BYTES_COOKIE, RFC5769_ID);
  g_autoptr (GBytes) told = answer_from (&liar, "198.51.100.1", 32853, request, &counters);
  g_autoptr (GBytes) error = answer_from (&broken, "198.51.100.1", 32853, request, &counters);

  g_test_summary ("For the lab: tells any address, or any error");
  assert_hex (told, "0101000c2112a442b7e7a701bc34d686fa87dfae002000080001a147e112a643");
  g_assert_nonnull (error);
  g_assert_cmpmem ((const guint8 *) g_bytes_get_data (error, NULL) + 24, 4, "\0\0\5\0", 4);
}

static void
test_unmapped (void)
{
  const AionetStunResponder responder = { 0 };
  AionetStunCounters        counters = { 0 };
  g_autoptr (GByteArray) request = stun_bytes_new (BINDING_REQUEST, STUN_BYTES_COOKIE, RFC5769_ID);
  g_autoptr (GBytes) answer =
      answer_from (&responder, "::ffff:192.0.2.1", 32853, request, &counters);

  g_test_summary ("IPv4 clients on a dual-stack socket are told their IPv4 address");
  assert_hex (answer, "0101000c2112a442b7e7a701bc34d686fa87dfae002000080001a147e112a643");
}

static void
test_frame (void)
{
  const guint8 huge[] = { 0x00, 0x01, 0xff, 0xfc };

  g_test_summary ("Streams are framed byte by byte; what is none is known at once");
  for (gsize i = 0; i < sizeof (rfc5769_request); i++)
    g_assert_cmpint (aionet_stun_responder_frame (rfc5769_request, i), ==, 0);
  g_assert_cmpint (aionet_stun_responder_frame (rfc5769_request, sizeof (rfc5769_request)), ==,
                   sizeof (rfc5769_request));
  g_assert_cmpint (aionet_stun_responder_frame ((const guint8 *) "GET / HTTP/1.0", 14), ==, -1);
  g_assert_cmpint (aionet_stun_responder_frame (huge, sizeof (huge)), ==, -1);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/aionet/stun-responder/modern", test_modern);
  g_test_add_func ("/aionet/stun-responder/classic", test_classic);
  g_test_add_func ("/aionet/stun-responder/software", test_software);
  g_test_add_func ("/aionet/stun-responder/fingerprint", test_fingerprint);
  g_test_add_func ("/aionet/stun-responder/unknown-attribute", test_unknown_attribute);
  g_test_add_func ("/aionet/stun-responder/change-request", test_change_request);
  g_test_add_func ("/aionet/stun-responder/ignored", test_ignored);
  g_test_add_func ("/aionet/stun-responder/cut", test_cut);
  g_test_add_func ("/aionet/stun-responder/lies", test_lies);
  g_test_add_func ("/aionet/stun-responder/unmapped", test_unmapped);
  g_test_add_func ("/aionet/stun-responder/frame", test_frame);
  return g_test_run ();
}
