/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#include "config.h"
#include "aionet-nice-codec.h"
#include "rfc5769-vectors.h"

#include <stdlib.h>
#include <string.h>
#include <stun/stunagent.h>

static const guint16 known_attributes[] = {
  STUN_ATTRIBUTE_USERNAME,
  STUN_ATTRIBUTE_MESSAGE_INTEGRITY,
  STUN_ATTRIBUTE_REALM,
  STUN_ATTRIBUTE_NONCE,
  STUN_ATTRIBUTE_XOR_MAPPED_ADDRESS,
  STUN_ATTRIBUTE_PRIORITY,
  0,
};

static StunValidationStatus
validate_request (const guint8 *data, gsize length)
{
  StunDefaultValidaterData users[] = {
    { (guint8 *) "evtj:h6vY", 9, (guint8 *) RFC5769_PASSWORD, strlen (RFC5769_PASSWORD) },
    { NULL, 0, NULL, 0 },
  };
  StunAgent   agent;
  StunMessage message;

  stun_agent_init (&agent, known_attributes, STUN_COMPATIBILITY_RFC5389,
                   STUN_AGENT_USAGE_SHORT_TERM_CREDENTIALS | STUN_AGENT_USAGE_USE_FINGERPRINT);
  return stun_agent_validate (&agent, &message, data, length, stun_agent_default_validater, users);
}

static StunValidationStatus
validate_long_term (const guint8 *data, gsize length)
{
  StunDefaultValidaterData users[] = {
    { (guint8 *) RFC5769_LONG_TERM_USER, strlen (RFC5769_LONG_TERM_USER),
      (guint8 *) RFC5769_LONG_TERM_PASSWORD, strlen (RFC5769_LONG_TERM_PASSWORD) },
    { NULL, 0, NULL, 0 },
  };
  StunAgent            agent;
  StunMessage          message;
  StunValidationStatus status;

  stun_agent_init (&agent, known_attributes, STUN_COMPATIBILITY_RFC5389,
                   STUN_AGENT_USAGE_LONG_TERM_CREDENTIALS);
  status =
      stun_agent_validate (&agent, &message, data, length, stun_agent_default_validater, users);
  /* Indications are not signed with long-term credentials (RFC 8489, section 9.2), so the bit that
   * makes one of a request is not noticed; it is no request any more. */
  if (status == STUN_VALIDATION_SUCCESS && stun_message_get_class (&message) != STUN_REQUEST)
    return STUN_VALIDATION_BAD_REQUEST;
  return status;
}

static StunValidationStatus
validate_response (const guint8 *data, gsize length)
{
  guint8            buffer[128];
  StunAgent         agent;
  StunMessage       request = { .agent = &agent, .buffer = buffer, .buffer_len = sizeof (buffer) };
  StunMessage       message;
  StunTransactionId id;

  stun_agent_init (&agent, known_attributes, STUN_COMPATIBILITY_RFC5389,
                   STUN_AGENT_USAGE_SHORT_TERM_CREDENTIALS | STUN_AGENT_USAGE_USE_FINGERPRINT);
  memcpy (id, rfc5769_response_v4 + AIONET_NICE_COOKIE_OFFSET, sizeof (id));
  g_assert_true (stun_message_init (&request, STUN_REQUEST, STUN_BINDING, id));
  g_assert_cmpuint (stun_agent_finish_message (&agent, &request, (const guint8 *) RFC5769_PASSWORD,
                                               strlen (RFC5769_PASSWORD)),
                    >, 0);
  return stun_agent_validate (&agent, &message, data, length, NULL, NULL);
}

typedef struct
{
  const guint8 *data;
  gsize         length;
  StunValidationStatus (*validate) (const guint8 *data, gsize length);
} Vector;

static const Vector vectors[] = {
  { rfc5769_request, sizeof (rfc5769_request), validate_request },
  { rfc5769_response_v4, sizeof (rfc5769_response_v4), validate_response },
  { rfc5769_response_v6, sizeof (rfc5769_response_v6), validate_response },
  { rfc5769_long_term, sizeof (rfc5769_long_term), validate_long_term },
};

static void
test_valid (gconstpointer data)
{
  const Vector *vector = data;

  g_test_summary ("The RFC's message is valid with the RFC's credentials");
  g_assert_cmpint (vector->validate (vector->data, vector->length), ==, STUN_VALIDATION_SUCCESS);
}

static void
test_flipped (gconstpointer data)
{
  const Vector *vector = data;

  g_test_summary ("No message with one bit flipped is valid");
  for (gsize bit = 0; bit < vector->length * 8; bit++)
    {
      g_autofree guint8 *copy = g_memdup2 (vector->data, vector->length);

      copy[bit / 8] ^= (guint8) (1 << bit % 8);
      g_assert_cmpint (vector->validate (copy, vector->length), !=, STUN_VALIDATION_SUCCESS);
    }
}

static void
assert_mapped (const AionetNiceAnswer *answer, const char *expected)
{
  g_autofree char *text = NULL;

  g_assert_nonnull (answer->mapped);
  text = g_socket_connectable_to_string (G_SOCKET_CONNECTABLE (answer->mapped));
  g_assert_cmpstr (text, ==, expected);
}

static void
check_decoded (const guint8 *data, gsize length, const char *expected)
{
  g_autoptr (AionetNiceAnswer) answer = NULL;
  g_autoptr (GError) error = NULL;
  AionetNiceQuestion question;
  guint              n_refused = 0;

  aionet_nice_question_init (&question, AIONET_NICE_MODE_RFC8489, AIONET_STUN_CHANGE_NONE,
                             (const guint8 *) RFC5769_ID);
  answer = aionet_nice_answer_decode (&question, data, length, &error);
  g_assert_no_error (error);
  assert_mapped (answer, expected);
  g_assert_cmpstr (answer->software, ==, "test vector");
  for (gsize bit = 0; bit < length * 8; bit++)
    {
      g_autofree guint8 *copy = g_memdup2 (data, length);
      g_autoptr (AionetNiceAnswer) flipped = NULL;

      copy[bit / 8] ^= (guint8) (1 << bit % 8);
      flipped = aionet_nice_answer_decode (&question, copy, length, NULL);
      if (flipped != NULL)
        assert_mapped (flipped, expected);
      else
        n_refused++;
    }
  /* All but flips of the type of FINGERPRINT itself (W-04, W-05). */
  g_assert_cmpuint (n_refused, >=, length * 8 - 16);
}

static void
test_decoded (void)
{
  g_test_summary ("W-04, W-05: both answers decode; no flipped bit yields another mapped address");
  check_decoded (rfc5769_response_v4, sizeof (rfc5769_response_v4), "192.0.2.1:32853");
  check_decoded (rfc5769_response_v6, sizeof (rfc5769_response_v6),
                 "[2001:db8:1234:5678:11:2233:4455:6677]:32853");
}

static void
test_cut (void)
{
  AionetNiceQuestion question;

  g_test_summary ("W-08: no part of an answer is an answer");
  aionet_nice_question_init (&question, AIONET_NICE_MODE_RFC8489, AIONET_STUN_CHANGE_NONE,
                             (const guint8 *) RFC5769_ID);
  for (gsize length = 0; length < sizeof (rfc5769_response_v6); length++)
    {
      /* A copy of its own, so that a sanitizer sees any byte read too much. */
      g_autofree guint8 *copy = g_memdup2 (rfc5769_response_v6, MAX (length, 1));
      g_autoptr (GError) error = NULL;

      g_assert_null (aionet_nice_answer_decode (&question, copy, length, &error));
      g_assert_error (error, AIONET_ERROR, AIONET_ERROR_STUN_FAILED);
    }
}

int
main (int argc, char *argv[])
{
  static const char *names[] = { "2.1", "2.2", "2.3", "2.4" };

  g_test_init (&argc, &argv, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (vectors); i++)
    {
      g_autofree char *valid = g_strdup_printf ("/aionet/nice-vectors/%s/valid", names[i]);
      g_autofree char *flipped = g_strdup_printf ("/aionet/nice-vectors/%s/flipped", names[i]);

      g_test_add_data_func (valid, &vectors[i], test_valid);
      g_test_add_data_func (flipped, &vectors[i], test_flipped);
    }
  g_test_add_func ("/aionet/nice-vectors/decoded", test_decoded);
  g_test_add_func ("/aionet/nice-vectors/cut", test_cut);
  return g_test_run ();
}
