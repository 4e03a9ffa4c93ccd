/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#include "config.h"
#include "aionet-nice-codec.h"
#include "stun-bytes.h"

#include <string.h>

static void
assert_encodes (AionetNiceMode mode, AionetStunChange change, guint32 counter, const char *hex)
{
  AionetNiceQuestion question;
  g_autoptr (GBytes) bytes = NULL;
  g_autoptr (GString) text = g_string_new (NULL);
  const guint8 *data;
  gsize         length;

  aionet_nice_question_init (&question, mode, change, (const guint8 *) STUN_BYTES_ID);
  question.transmit_counter = counter;
  bytes = aionet_nice_question_encode (&question);
  data = g_bytes_get_data (bytes, &length);
  for (gsize i = 0; i < length; i++)
    g_string_append_printf (text, "%02x", data[i]);
  g_assert_cmpstr (text->str, ==, hex);
}

static void
test_request_rfc3489 (void)
{
  g_test_summary ("W-01: a request in RFC 3489 mode, with and without the transmit counter");
  assert_encodes (AIONET_NICE_MODE_RFC3489, AIONET_STUN_CHANGE_NONE, 0x00010000,
                  "00010008"
                  "31323334"
                  "010101010101010101010101"
                  "80250004"
                  "00010000");
  assert_encodes (AIONET_NICE_MODE_RFC3489, AIONET_STUN_CHANGE_NONE, 0,
                  "00010000"
                  "31323334"
                  "010101010101010101010101");
}

static void
test_request_rfc8489 (void)
{
  g_test_summary ("W-02: a request with the magic cookie, with and without the transmit counter");
  assert_encodes (AIONET_NICE_MODE_RFC8489, AIONET_STUN_CHANGE_NONE, 0x00010000,
                  "00010008"
                  "2112a442"
                  "010101010101010101010101"
                  "80250004"
                  "00010000");
  assert_encodes (AIONET_NICE_MODE_RFC8489, AIONET_STUN_CHANGE_NONE, 0,
                  "00010000"
                  "2112a442"
                  "010101010101010101010101");
}

static void
test_request_change (void)
{
  g_test_summary ("CHANGE-REQUEST carries the flags of RFC 5780, and is left out without any");
  assert_encodes (AIONET_NICE_MODE_RFC8489, AIONET_STUN_CHANGE_IP | AIONET_STUN_CHANGE_PORT, 0,
                  "00010008"
                  "2112a442"
                  "010101010101010101010101"
                  "00030004"
                  "00000006");
  assert_encodes (AIONET_NICE_MODE_RFC8489, AIONET_STUN_CHANGE_PORT, 0,
                  "00010008"
                  "2112a442"
                  "010101010101010101010101"
                  "00030004"
                  "00000002");
}

static AionetNiceAnswer *
decode (AionetNiceMode mode, const GByteArray *bytes, GError **error)
{
  AionetNiceQuestion question;
  g_autofree guint8 *copy = g_memdup2 (bytes->data, MAX (bytes->len, 1));

  aionet_nice_question_init (&question, mode, AIONET_STUN_CHANGE_NONE,
                             (const guint8 *) STUN_BYTES_ID);
  return aionet_nice_answer_decode (&question, copy, bytes->len, error);
}

static void
assert_endpoint (GInetSocketAddress *endpoint, const char *expected)
{
  g_autofree char *text = NULL;

  g_assert_nonnull (endpoint);
  text = g_socket_connectable_to_string (G_SOCKET_CONNECTABLE (endpoint));
  g_assert_cmpstr (text, ==, expected);
}

static void
test_classic_reply (void)
{
  g_autoptr (GByteArray) bytes = stun_bytes_new (STUN_BYTES_SUCCESS, "1234", STUN_BYTES_ID);
  g_autoptr (AionetNiceAnswer) answer = NULL;
  g_autoptr (GError) error = NULL;

  g_test_summary ("W-07: an RFC 3489 reply tells mapped, source and changed address");
  stun_bytes_append (bytes, 0x0001, "\x00\x01\xe1\x26\x9f\xc4\xc1\xb7", 8);
  stun_bytes_append (bytes, 0x0004, "\x00\x01\x0d\x96\x58\x63\xd3\xd8", 8);
  stun_bytes_append (bytes, 0x0005, "\x00\x01\x0d\x97\x58\x63\xd3\xd3", 8);
  answer = decode (AIONET_NICE_MODE_RFC3489, bytes, &error);
  g_assert_no_error (error);
  assert_endpoint (answer->mapped, "159.196.193.183:57638");
  assert_endpoint (answer->origin, "88.99.211.216:3478");
  assert_endpoint (answer->other_address, "88.99.211.211:3479");
}

static void
test_classic_reply_with_cookie (void)
{
  g_autoptr (GByteArray) bytes =
      stun_bytes_new (STUN_BYTES_SUCCESS, STUN_BYTES_COOKIE, STUN_BYTES_ID);
  g_autoptr (AionetNiceAnswer) answer = NULL;
  g_autoptr (GError) error = NULL;

  g_test_summary ("An old server that echoes the cookie and sends MAPPED-ADDRESS alone is heard");
  stun_bytes_append (bytes, 0x0001, "\x00\x01\xe1\x26\x9f\xc4\xc1\xb7", 8);
  answer = decode (AIONET_NICE_MODE_RFC8489, bytes, &error);
  g_assert_no_error (error);
  assert_endpoint (answer->mapped, "159.196.193.183:57638");
  g_assert_null (answer->origin);
  g_assert_null (answer->software);
}

static void
test_preference (void)
{
  g_autoptr (GByteArray) bytes =
      stun_bytes_new (STUN_BYTES_SUCCESS, STUN_BYTES_COOKIE, STUN_BYTES_ID);
  g_autoptr (AionetNiceAnswer) answer = NULL;
  g_autoptr (AionetNiceAnswer) better = NULL;

  g_test_summary ("XOR-MAPPED-ADDRESS goes before its 0x8020 form, that before MAPPED-ADDRESS");
  stun_bytes_append (bytes, 0x0001, "\x00\x01\x00\x50\x0a\x00\x00\x01", 8);
  /* 198.51.100.7:1024 */
  stun_bytes_append (bytes, 0x8020, "\x00\x01\x25\x12\xe7\x21\xc0\x45", 8);
  answer = decode (AIONET_NICE_MODE_RFC8489, bytes, NULL);
  assert_endpoint (answer->mapped, "198.51.100.7:1024");
  stun_bytes_append (bytes, 0x0020, "\x00\x01\xa1\x47\xe1\x12\xa6\x43", 8);
  better = decode (AIONET_NICE_MODE_RFC8489, bytes, NULL);
  assert_endpoint (better->mapped, "192.0.2.1:32853");
}

static void
test_rfc5780 (void)
{
  g_autoptr (GByteArray) bytes =
      stun_bytes_new (STUN_BYTES_SUCCESS, STUN_BYTES_COOKIE, STUN_BYTES_ID);
  g_autoptr (AionetNiceAnswer) answer = NULL;

  g_test_summary ("RESPONSE-ORIGIN and OTHER-ADDRESS, by number, go before their old forms");
  stun_bytes_append (bytes, 0x0020, "\x00\x01\xa1\x47\xe1\x12\xa6\x43", 8);
  stun_bytes_append (bytes, 0x0004, "\x00\x01\x0d\x96\x0a\x00\x00\x01", 8);
  stun_bytes_append (bytes, 0x0005, "\x00\x01\x0d\x96\x0a\x00\x00\x02", 8);
  stun_bytes_append (bytes, 0x802b, "\x00\x01\x0d\x96\xcb\x00\x71\x01", 8);
  stun_bytes_append (bytes, 0x802c, "\x00\x01\x0d\x97\xcb\x00\x71\x02", 8);
  answer = decode (AIONET_NICE_MODE_RFC8489, bytes, NULL);
  g_assert_nonnull (answer);
  assert_endpoint (answer->origin, "203.0.113.1:3478");
  assert_endpoint (answer->other_address, "203.0.113.2:3479");
}

static void
test_other_family (void)
{
  g_autoptr (GByteArray) bytes =
      stun_bytes_new (STUN_BYTES_SUCCESS, STUN_BYTES_COOKIE, STUN_BYTES_ID);
  g_autoptr (AionetNiceAnswer) answer = NULL;

  g_test_summary ("W-13: the family is that of the attribute, whatever the question went over");
  stun_bytes_append (bytes, 0x0020, "\x00\x01\xa1\x47\xe1\x12\xa6\x43", 8);
  stun_bytes_append (bytes, 0x802b,
                     "\x00\x02\x0d\x96\x20\x01\x0d\xb8\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00"
                     "\x01",
                     20);
  answer = decode (AIONET_NICE_MODE_RFC8489, bytes, NULL);
  g_assert_nonnull (answer);
  g_assert_cmpint (g_socket_address_get_family (G_SOCKET_ADDRESS (answer->mapped)), ==,
                   G_SOCKET_FAMILY_IPV4);
  assert_endpoint (answer->origin, "[2001:db8::1]:3478");
}

static void
test_error_class (void)
{
  g_autoptr (GByteArray) bytes =
      stun_bytes_new (STUN_BYTES_ERROR, STUN_BYTES_COOKIE, STUN_BYTES_ID);
  g_autoptr (AionetNiceAnswer) answer = NULL;

  g_test_summary ("An error answer tells its code, reason and the server to try instead");
  stun_bytes_append (bytes, 0x0009,
                     "\0\0\3\0Try \xff"
                     "lternate",
                     17);
  stun_bytes_append (bytes, 0x8023, "\x00\x01\x0d\x97\xcb\x00\x71\x02", 8);
  answer = decode (AIONET_NICE_MODE_RFC8489, bytes, NULL);
  g_assert_nonnull (answer);
  g_assert_true (answer->is_error);
  g_assert_null (answer->mapped);
  g_assert_cmpuint (answer->error_code, ==, 300);
  g_assert_true (g_utf8_validate (answer->reason, -1, NULL));
  g_assert_true (g_str_has_prefix (answer->reason, "Try "));
  assert_endpoint (answer->alternate_server, "203.0.113.2:3479");
}

static void
assert_refused (const GByteArray *bytes)
{
  g_autoptr (AionetNiceAnswer) answer = NULL;
  g_autoptr (GError) error = NULL;

  answer = decode (AIONET_NICE_MODE_RFC8489, bytes, &error);
  g_assert_error (error, AIONET_ERROR, AIONET_ERROR_STUN_FAILED);
  g_assert_null (answer);
}

static void
test_error_without_code (void)
{
  g_autoptr (GByteArray) bytes =
      stun_bytes_new (STUN_BYTES_ERROR, STUN_BYTES_COOKIE, STUN_BYTES_ID);

  g_test_summary ("An error answer without a code, or with one out of range, is refused");
  assert_refused (bytes);
  stun_bytes_append (bytes, 0x0009, "\0\0\1\0", 4);
  assert_refused (bytes);
}

static void
test_malformed (void)
{
  static const struct
  {
    guint       type;
    const char *value;
    guint       length;
  } broken[] = {
    { 0x0020, "\x00\x01\xa1\x47", 4 },                                  /* v4 without an address */
    { 0x0020, "\x00\x02\xa1\x47\xe1\x12\xa6\x43", 8 },                  /* v6 of 4 bytes */
    { 0x0020, "\x00\x07\xa1\x47\xe1\x12\xa6\x43", 8 },                  /* family nobody has */
    { 0x0020, "", 0 },                                                  /* nothing */
    { 0x0020, "\x00\x01\xa1\x47\xe1\x12\xa6\x43\x00\x00\x00\x00", 12 }, /* too long */
    { 0x0001, "\x00\x01\xa1", 3 },
  };

  g_test_summary ("W-08: malformed mapped addresses are refused, a good one after them or not");
  for (gsize i = 0; i < G_N_ELEMENTS (broken); i++)
    {
      g_autoptr (GByteArray) bytes =
          stun_bytes_new (STUN_BYTES_SUCCESS, STUN_BYTES_COOKIE, STUN_BYTES_ID);

      stun_bytes_append (bytes, broken[i].type, broken[i].value, broken[i].length);
      assert_refused (bytes);
    }
}

static void
test_lengths (void)
{
  static const guint lengths[] = { 0, 1, 4, 8, 11, 13, 16, 0x100, 0xffff };

  g_test_summary ("W-08: a header or attribute that lies about its length is refused");
  for (gsize i = 0; i < G_N_ELEMENTS (lengths); i++)
    {
      for (guint place = 2; place <= 22; place += 20)
        {
          g_autoptr (GByteArray) bytes =
              stun_bytes_new (STUN_BYTES_SUCCESS, STUN_BYTES_COOKIE, STUN_BYTES_ID);

          stun_bytes_append (bytes, 0x0020, "\x00\x01\xa1\x47\xe1\x12\xa6\x43", 8);
          if (lengths[i] == (place == 2 ? 12u : 8u))
            continue;
          bytes->data[place] = (guint8) (lengths[i] >> 8);
          bytes->data[place + 1] = (guint8) lengths[i];
          assert_refused (bytes);
        }
    }
}

static void
test_not_stun (void)
{
  g_autoptr (GByteArray) bytes =
      stun_bytes_new (STUN_BYTES_SUCCESS, STUN_BYTES_COOKIE, STUN_BYTES_ID);

  g_test_summary ("W-11: the id inside something that is not STUN is nothing");
  stun_bytes_append (bytes, 0x0020, "\x00\x01\xa1\x47\xe1\x12\xa6\x43", 8);
  bytes->data[0] = 0x80;
  assert_refused (bytes);
  bytes->data[0] = 0x01;
  bytes->data[4] ^= 1;
  assert_refused (bytes);
  g_byte_array_set_size (bytes, 0);
  assert_refused (bytes);
}

static void
test_frame (void)
{
  g_autoptr (GByteArray) bytes =
      stun_bytes_new (STUN_BYTES_SUCCESS, STUN_BYTES_COOKIE, STUN_BYTES_ID);
  const guint8 garbage[] = "HTTP/1.1 400 Bad Request";
  const guint8 large[] = { 0x01, 0x01, 0x7f, 0xfc };
  const guint8 odd[] = { 0x01, 0x01, 0x00, 0x05 };

  g_test_summary ("W-14: a stream is framed byte by byte; garbage and giants are known at once");
  stun_bytes_append (bytes, 0x0020, "\x00\x01\xa1\x47\xe1\x12\xa6\x43", 8);
  for (gsize length = 0; length < bytes->len; length++)
    {
      g_autofree guint8 *copy = g_memdup2 (bytes->data, MAX (length, 1));

      g_assert_cmpint (aionet_nice_frame_length (copy, length), ==, 0);
    }
  g_assert_cmpint (aionet_nice_frame_length (bytes->data, bytes->len), ==, bytes->len);
  g_byte_array_append (bytes, (const guint8 *) "more", 4);
  g_assert_cmpint (aionet_nice_frame_length (bytes->data, bytes->len), ==, bytes->len - 4);
  g_assert_cmpint (aionet_nice_frame_length (garbage, 1), ==, -1);
  g_assert_cmpint (aionet_nice_frame_length (large, sizeof (large)), ==, -1);
  g_assert_cmpint (aionet_nice_frame_length (odd, sizeof (odd)), ==, -1);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/aionet/nice-codec/request-rfc3489", test_request_rfc3489);
  g_test_add_func ("/aionet/nice-codec/request-rfc8489", test_request_rfc8489);
  g_test_add_func ("/aionet/nice-codec/request-change", test_request_change);
  g_test_add_func ("/aionet/nice-codec/classic-reply", test_classic_reply);
  g_test_add_func ("/aionet/nice-codec/classic-reply-with-cookie", test_classic_reply_with_cookie);
  g_test_add_func ("/aionet/nice-codec/preference", test_preference);
  g_test_add_func ("/aionet/nice-codec/rfc5780", test_rfc5780);
  g_test_add_func ("/aionet/nice-codec/other-family", test_other_family);
  g_test_add_func ("/aionet/nice-codec/error-class", test_error_class);
  g_test_add_func ("/aionet/nice-codec/error-without-code", test_error_without_code);
  g_test_add_func ("/aionet/nice-codec/malformed", test_malformed);
  g_test_add_func ("/aionet/nice-codec/lengths", test_lengths);
  g_test_add_func ("/aionet/nice-codec/not-stun", test_not_stun);
  g_test_add_func ("/aionet/nice-codec/frame", test_frame);
  return g_test_run ();
}
