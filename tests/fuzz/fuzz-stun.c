/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#include "config.h"
#include "aionet-nice-codec.h"
#include "aionet-stun-responder.h"

#include <string.h>

int LLVMFuzzerTestOneInput (const guint8 *data, gsize size);

/* Any bytes as the answer to a question that has their id: whatever is accepted must be sane. */
static void
try_answer (AionetNiceMode mode, const guint8 *data, gsize size)
{
  static const guint8 zero[AIONET_NICE_ID_LENGTH] = { 0 };
  const guint8       *id = size >= 20 ? data + AIONET_NICE_ID_OFFSET : zero;
  g_autoptr (AionetNiceAnswer) answer = NULL;
  g_autoptr (GError) error = NULL;
  AionetNiceQuestion question;

  aionet_nice_question_init (&question, mode, AIONET_STUN_CHANGE_NONE, id);
  answer = aionet_nice_answer_decode (&question, data, size, &error);
  g_assert ((answer == NULL) == (error != NULL));
  if (answer == NULL)
    return;
  g_assert (answer->is_error == (answer->mapped == NULL));
  g_assert (answer->is_error == (answer->error_code != 0));
  g_assert (answer->mapped == NULL || g_inet_socket_address_get_port (answer->mapped) != 0);
  g_assert (answer->reason == NULL || g_utf8_validate (answer->reason, -1, NULL));
  g_assert (answer->software == NULL || g_utf8_validate (answer->software, -1, NULL));
}

/* Any bytes as a request: what is answered must be understood by our own client. */
static void
try_request (const guint8 *data, gsize size)
{
  static const AionetStunResponder responder = { .software = "fuzz" };
  AionetStunCounters               counters = { 0 };
  g_autoptr (GSocketAddress) source = g_inet_socket_address_new_from_string ("2001:db8::1", 1);
  g_autoptr (GBytes) bytes = aionet_stun_responder_answer (
      &responder, data, size, G_INET_SOCKET_ADDRESS (source), &counters);
  g_autoptr (AionetNiceAnswer) answer = NULL;
  AionetNiceQuestion question;
  gconstpointer      reply;
  gsize              length;

  g_assert (counters.n_answered + counters.n_errors + counters.n_ignored == 1);
  g_assert ((bytes == NULL) == (counters.n_ignored == 1));
  if (bytes == NULL)
    return;
  aionet_nice_question_init (&question, AIONET_NICE_MODE_RFC8489, AIONET_STUN_CHANGE_NONE,
                             data + AIONET_NICE_ID_OFFSET);
  if (memcmp (data + AIONET_NICE_COOKIE_OFFSET, question.cookie, 4) != 0)
    question.mode = AIONET_NICE_MODE_RFC3489;
  memcpy (question.cookie, data + AIONET_NICE_COOKIE_OFFSET, 4);
  reply = g_bytes_get_data (bytes, &length);
  answer = aionet_nice_answer_decode (&question, reply, length, NULL);
  g_assert (answer != NULL);
  g_assert (answer->is_error == (counters.n_errors == 1));
}

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  gssize framed = aionet_nice_frame_length (data, size);

  g_assert (framed <= (gssize) size);
  framed = aionet_stun_responder_frame (data, size);
  g_assert (framed <= (gssize) size);
  try_answer (AIONET_NICE_MODE_RFC8489, data, size);
  try_answer (AIONET_NICE_MODE_RFC3489, data, size);
  try_request (data, size);
  return 0;
}
