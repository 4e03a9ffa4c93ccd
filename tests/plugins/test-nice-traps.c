/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#include "config.h"
#include "aionet-nice-codec.h"
#include "stun-bytes.h"

#include <string.h>
#include <stun/stunagent.h>

/* What libnice's stun/ API does to those who do not expect it. Each trap has a test of what we do
 * about it and, where libnice alone can show it, one line that shows that it is still there. */

static AionetNiceQuestion
ask (void)
{
  AionetNiceQuestion question;

  aionet_nice_question_init (&question, AIONET_NICE_MODE_RFC8489, AIONET_STUN_CHANGE_NONE,
                             (const guint8 *) STUN_BYTES_ID);
  return question;
}

static GByteArray *
answer_to (const AionetNiceQuestion *question)
{
  GByteArray *bytes =
      stun_bytes_new (STUN_BYTES_SUCCESS, (const char *) question->cookie, question->id);

  stun_bytes_append (bytes, 0x0020, "\x00\x01\xa1\x47\xe1\x12\xa6\x43", 8);
  return bytes;
}

static gboolean
is_accepted (const AionetNiceQuestion *question, const GByteArray *bytes)
{
  g_autofree guint8 *copy = g_memdup2 (bytes->data, MAX (bytes->len, 1));
  g_autoptr (AionetNiceAnswer) answer =
      aionet_nice_answer_decode (question, copy, bytes->len, NULL);

  return answer != NULL;
}

static void
test_1_fingerprint (void)
{
  AionetNiceQuestion question = ask ();
  g_autoptr (GByteArray) bytes = answer_to (&question);

  g_test_summary ("Answers without FINGERPRINT are taken; with a wrong one they are not");
  g_assert_true (is_accepted (&question, bytes));
  stun_bytes_append (bytes, 0x8028, "\1\2\3\4", 4);
  g_assert_false (is_accepted (&question, bytes));
}

static void
test_2_exact_length (void)
{
  AionetNiceQuestion question = ask ();
  g_autoptr (GByteArray) bytes = answer_to (&question);
  gssize length;

  g_test_summary ("Trailing bytes spoil a datagram; in a stream the frame leaves them out");
  g_byte_array_append (bytes, (const guint8 *) "\0\0\0\0", 4);
  g_assert_false (is_accepted (&question, bytes));
  length = aionet_nice_frame_length (bytes->data, bytes->len);
  g_assert_cmpint (length, ==, bytes->len - 4);
  g_byte_array_set_size (bytes, (guint) length);
  g_assert_true (is_accepted (&question, bytes));
}

static void
test_3_known_attributes (void)
{
  AionetNiceQuestion question = ask ();
  g_autoptr (GByteArray) known = answer_to (&question);
  g_autoptr (GByteArray) unknown = answer_to (&question);

  g_test_summary ("PADDING and RESPONSE-PORT are known to us, unlike to libnice; 0x7777 is not");
  stun_bytes_append (known, 0x0026, "\0\0\0\0", 4);
  stun_bytes_append (known, 0x0027, "\0\1", 2);
  stun_bytes_append (known, 0x9999, "optional", 8);
  g_assert_true (is_accepted (&question, known));
  stun_bytes_append (unknown, 0x7777, "", 0);
  g_assert_false (is_accepted (&question, unknown));
}

static void
test_4_not_consumed (void)
{
  AionetNiceQuestion question = ask ();
  g_autoptr (GByteArray) useless = answer_to (&question);
  g_autoptr (GByteArray) bytes = answer_to (&question);

  g_test_summary ("A useless answer, a duplicate or an error does not use up the transaction");
  stun_bytes_append (useless, 0x7777, "", 0);
  g_assert_false (is_accepted (&question, useless));
  g_assert_true (is_accepted (&question, bytes));
  g_assert_true (is_accepted (&question, bytes));
}

static void
test_4_libnice_consumes (void)
{
  AionetNiceQuestion question = ask ();
  g_autoptr (GByteArray) bytes = answer_to (&question);
  guint16     known[] = { 0x0020, 0 };
  guint8      buffer[64];
  StunAgent   agent;
  StunMessage message;

  g_test_summary (
      "libnice's agent forgets a transaction at the first answer: why ours lives short");
  stun_agent_init (&agent, known, STUN_COMPATIBILITY_RFC5389, 0);
  g_assert_true (stun_agent_init_request (&agent, &message, buffer, sizeof (buffer), STUN_BINDING));
  g_assert_cmpuint (stun_agent_finish_message (&agent, &message, NULL, 0), ==, 20);
  memcpy (bytes->data + 4, buffer + 4, 16);
  g_assert_cmpint (stun_agent_validate (&agent, &message, bytes->data, bytes->len, NULL, NULL), ==,
                   STUN_VALIDATION_SUCCESS);
  g_assert_cmpint (stun_agent_validate (&agent, &message, bytes->data, bytes->len, NULL, NULL), ==,
                   STUN_VALIDATION_UNMATCHED_RESPONSE);
}

static void
test_5_saved_ids (void)
{
  g_autofree AionetNiceQuestion *questions = g_new (AionetNiceQuestion, 1000);

  g_test_summary ("1000 questions at once are told apart: no agent's 200 places run out");
  for (guint i = 0; i < 1000; i++)
    {
      g_autoptr (GBytes) request = NULL;

      aionet_nice_question_init (&questions[i], AIONET_NICE_MODE_RFC8489, AIONET_STUN_CHANGE_NONE,
                                 NULL);
      request = aionet_nice_question_encode (&questions[i]);
      g_assert_cmpuint (g_bytes_get_size (request), ==, 20);
    }
  for (guint i = 0; i < 1000; i++)
    {
      g_autoptr (GByteArray) bytes = answer_to (&questions[i]);

      g_assert_true (is_accepted (&questions[i], bytes));
      g_assert_false (is_accepted (&questions[(i + 1) % 1000], bytes));
    }
}

static void
test_6_buffer_sizes (void)
{
  AionetNiceQuestion question = ask ();
  g_autoptr (GBytes) request = NULL;

  g_test_summary ("The largest request we make fits its buffer, and is a multiple of 4 long");
  question.change = AIONET_STUN_CHANGE_IP | AIONET_STUN_CHANGE_PORT;
  question.transmit_counter = 0x00010000;
  request = aionet_nice_question_encode (&question);
  g_assert_cmpuint (g_bytes_get_size (request), ==, 36);
  g_assert_cmpuint (g_bytes_get_size (request) % 4, ==, 0);
}

static void
test_7_padding (void)
{
  static const guint8 paddings[] = { 0x00, 0x20, 0xff };

  g_test_summary ("Padding bytes mean nothing, whatever they are");
  for (gsize i = 0; i < G_N_ELEMENTS (paddings); i++)
    {
      for (guint length = 1; length <= 4; length++)
        {
          AionetNiceQuestion question = ask ();
          g_autoptr (GByteArray) bytes = answer_to (&question);
          g_autoptr (AionetNiceAnswer) answer = NULL;

          stun_bytes_append_padded (bytes, 0x8022, "abcd", length, paddings[i]);
          answer = aionet_nice_answer_decode (&question, bytes->data, bytes->len, NULL);
          g_assert_nonnull (answer);
          g_assert_cmpuint (strlen (answer->software), ==, length);
        }
    }
}

static void
test_8_sanity (void)
{
  static const char *insane[] = {
    "\x00\x01\x10\x00\x00\x00\x00\x00", /* 0.0.0.0 */
    "\x00\x01\x10\x00\xff\xff\xff\xff", /* broadcast */
    "\x00\x01\x10\x00\xe0\x00\x00\x01", /* multicast */
    "\x00\x01\x00\x00\xc0\x00\x02\x01", /* port 0 */
  };
  g_autoptr (GByteArray) any_v6 =
      stun_bytes_new (STUN_BYTES_SUCCESS, STUN_BYTES_COOKIE, STUN_BYTES_ID);
  AionetNiceQuestion question = ask ();

  g_test_summary ("Mapped addresses that no socket can have are refused");
  for (gsize i = 0; i < G_N_ELEMENTS (insane); i++)
    {
      g_autoptr (GByteArray) bytes =
          stun_bytes_new (STUN_BYTES_SUCCESS, STUN_BYTES_COOKIE, STUN_BYTES_ID);

      stun_bytes_append (bytes, 0x0001, insane[i], 8);
      g_assert_false (is_accepted (&question, bytes));
    }
  stun_bytes_append (any_v6, 0x0001, "\x00\x02\x10\x00\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0", 20);
  g_assert_false (is_accepted (&question, any_v6));
}

static void
test_9_method (void)
{
  static const guint types[] = { 0x0115, 0x0103, 0x0113, 0x0001, 0x0011, 0x0102, 0x3fff };

  g_test_summary ("Only Binding answers count; 0x0115, which libnice takes for data, is none");
  for (gsize i = 0; i < G_N_ELEMENTS (types); i++)
    {
      AionetNiceQuestion question = ask ();
      g_autoptr (GByteArray) bytes = answer_to (&question);

      bytes->data[0] = (guint8) (types[i] >> 8);
      bytes->data[1] = (guint8) types[i];
      g_assert_false (is_accepted (&question, bytes));
    }
}

static void
test_10_ids (void)
{
  AionetNiceQuestion first;
  AionetNiceQuestion second;
  AionetNiceQuestion classic;

  g_test_summary ("Ids differ from question to question; only RFC 8489 has the cookie");
  aionet_nice_question_init (&first, AIONET_NICE_MODE_RFC8489, AIONET_STUN_CHANGE_NONE, NULL);
  aionet_nice_question_init (&second, AIONET_NICE_MODE_RFC8489, AIONET_STUN_CHANGE_NONE, NULL);
  aionet_nice_question_init (&classic, AIONET_NICE_MODE_RFC3489, AIONET_STUN_CHANGE_NONE, NULL);
  g_assert_cmpmem (first.cookie, 4, STUN_BYTES_COOKIE, 4);
  g_assert_cmpmem (second.cookie, 4, STUN_BYTES_COOKIE, 4);
  g_assert_cmpint (memcmp (classic.cookie, STUN_BYTES_COOKIE, 4), !=, 0);
  g_assert_cmpint (memcmp (first.id, second.id, sizeof (first.id)), !=, 0);
  g_assert_cmpint (memcmp (first.id, classic.id, sizeof (first.id)), !=, 0);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/aionet/nice-traps/1-fingerprint", test_1_fingerprint);
  g_test_add_func ("/aionet/nice-traps/2-exact-length", test_2_exact_length);
  g_test_add_func ("/aionet/nice-traps/3-known-attributes", test_3_known_attributes);
  g_test_add_func ("/aionet/nice-traps/4-not-consumed", test_4_not_consumed);
  g_test_add_func ("/aionet/nice-traps/4-libnice-consumes", test_4_libnice_consumes);
  g_test_add_func ("/aionet/nice-traps/5-saved-ids", test_5_saved_ids);
  g_test_add_func ("/aionet/nice-traps/6-buffer-sizes", test_6_buffer_sizes);
  g_test_add_func ("/aionet/nice-traps/7-padding", test_7_padding);
  g_test_add_func ("/aionet/nice-traps/8-sanity", test_8_sanity);
  g_test_add_func ("/aionet/nice-traps/9-method", test_9_method);
  g_test_add_func ("/aionet/nice-traps/10-ids", test_10_ids);
  return g_test_run ();
}
