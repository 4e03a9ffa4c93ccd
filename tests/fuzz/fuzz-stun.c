/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#include "config.h"
#include "aionet-nice-codec.h"
#include "server/aionet-stun-responder-private.h"

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

static AionetStunResponder *responders[2];

static void
fill (AionetSockaddr *endpoint, const char *address, guint port)
{
  g_autoptr (GSocketAddress) gio = g_inet_socket_address_new_from_string (address, port);

  _aionet_sockaddr_set (endpoint, gio, NULL);
}

/* What is answered must be understood by our own client. */
static void
check_reply (const guint8 *data, const AionetStunReply *reply)
{
  AionetNiceQuestion question;
  g_autoptr (AionetNiceAnswer) answer = NULL;

  aionet_nice_question_init (&question, AIONET_NICE_MODE_RFC8489, AIONET_STUN_CHANGE_NONE,
                             data + AIONET_NICE_ID_OFFSET);
  if (memcmp (data + AIONET_NICE_COOKIE_OFFSET, question.cookie, 4) != 0)
    question.mode = AIONET_NICE_MODE_RFC3489;
  memcpy (question.cookie, data + AIONET_NICE_COOKIE_OFFSET, 4);
  answer = aionet_nice_answer_decode (&question, reply->data, reply->length, NULL);
  g_assert (answer != NULL);
  g_assert (answer->is_error == reply->is_error);
}

/* Any bytes as a request, to a server with one address and to one with two. */
static void
try_request (const guint8 *data, gsize size, guint variant)
{
  AionetSockaddr     source;
  AionetSockaddr     origins[AIONET_STUN_N_ORIGINS] = { 0 };
  AionetStunQuestion question = { data, size, &source, origins, (variant & 4) != 0 };
  AionetStunReply    reply;

  if (responders[0] == NULL)
    for (guint i = 0; i < G_N_ELEMENTS (responders); i++)
      responders[i] = _aionet_stun_responder_new ("fuzz", i > 0);
  fill (&source, "2001:db8::1", 1);
  for (guint i = 0; i < ((variant & 1) != 0 ? AIONET_STUN_N_ORIGINS : 2); i++)
    fill (&origins[i], i < 2 ? "2001:db8::2" : "2001:db8::3", 3478 + i % 2);
  if (!_aionet_stun_responder_answer (responders[variant >> 1 & 1], &question, &reply))
    return;
  g_assert (reply.length >= 20 && reply.length % 4 == 0);
  /* Alone it adds the mapped address only. */
  g_assert (reply.length <= size + ((variant & 1) != 0 ? AIONET_STUN_MAX_EXCESS_IPV6 : 24));
  g_assert (origins[reply.origin].any.sa_family != AF_UNSPEC);
  check_reply (data, &reply);
}

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  gssize framed = aionet_nice_frame_length (data, size);

  g_assert (framed <= (gssize) size);
  try_answer (AIONET_NICE_MODE_RFC8489, data, size);
  try_answer (AIONET_NICE_MODE_RFC3489, data, size);
  for (guint variant = 0; variant < 8; variant++)
    try_request (data, size, variant);
  framed = _aionet_stun_responder_frame (data, size);
  g_assert (framed <= (gssize) size);
  return 0;
}
