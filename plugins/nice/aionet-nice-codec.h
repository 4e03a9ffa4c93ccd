/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#pragma once

#include <aionet.h>

G_BEGIN_DECLS

/* STUN Binding messages: bytes to plain data and back. Pure: no socket, no clock, no state between
 * two calls, so that no message can use up or spoil anything a later one needs. */

typedef enum
{
  AIONET_NICE_MODE_RFC8489,
  AIONET_NICE_MODE_RFC3489, /* no magic cookie: 128 bits of id */
} AionetNiceMode;

#define AIONET_NICE_COOKIE_OFFSET 4
#define AIONET_NICE_ID_OFFSET 8
#define AIONET_NICE_ID_LENGTH 12
#define AIONET_NICE_HEADER_LENGTH 20
/* A Binding answer is some 100 bytes; a peer may claim 65 552 (facts: TCP framing). */
#define AIONET_NICE_MAX_ANSWER 2048

/* What is asked; enough to know the answer by. */
typedef struct
{
  AionetNiceMode   mode;
  AionetStunChange change;
  guint32          transmit_counter; /* value of attribute 0x8025 (RFC 7982); 0: without */
  guint8           cookie[4];
  guint8           id[AIONET_NICE_ID_LENGTH];
} AionetNiceQuestion;

/* id: (array fixed-size=12) (nullable) NULL draws a random one */
void    aionet_nice_question_init (AionetNiceQuestion *self,
                                   AionetNiceMode      mode,
                                   AionetStunChange    change,
                                   const guint8       *id);
GBytes *aionet_nice_question_encode (const AionetNiceQuestion *self);

/* What a server said. */
typedef struct
{
  gboolean            is_error;
  GInetSocketAddress *mapped;           /* (owned) (nullable) NULL in errors only */
  GInetSocketAddress *origin;           /* (owned) (nullable) RESPONSE-ORIGIN, SOURCE-ADDRESS */
  GInetSocketAddress *other_address;    /* (owned) (nullable) OTHER-ADDRESS, CHANGED-ADDRESS */
  GInetSocketAddress *alternate_server; /* (owned) (nullable) */
  char               *software;         /* (owned) (nullable) UTF-8 */
  guint               error_code;       /* 300..699, 0: none */
  char               *reason;           /* (owned) (nullable) UTF-8 */
} AionetNiceAnswer;

void aionet_nice_answer_free (AionetNiceAnswer *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AionetNiceAnswer, aionet_nice_answer_free)

/* data: exactly one message. Everything that is not a sane answer to the question is refused with
 * AIONET_ERROR_STUN_FAILED; an answer of the error class is an answer. Who sent the bytes is not
 * known here: check that first. Returns: (transfer full) (nullable) */
AionetNiceAnswer *aionet_nice_answer_decode (const AionetNiceQuestion *question,
                                             const guint8             *data,
                                             gsize                     length,
                                             GError                  **error);

/* Length of the message that a stream begins with; 0: more bytes are needed; -1: no STUN answer
 * begins so, or one larger than a Binding answer has reason to be. */
gssize aionet_nice_frame_length (const guint8 *data, gsize length);

G_END_DECLS
