/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#include "config.h"

#include "server/aionet-stun-responder-private.h"

#include <stun/stunagent.h>
#include <string.h>

/* libnice's agents keep nothing of what they answer, so that one of each kind does for all: making
 * one costs more than an answer. */

#define HEADER_LENGTH 20
#define COOKIE_OFFSET 4
#define FINGERPRINT_LENGTH 8
#define MAX_UNKNOWN 16
/* Of an answer with everything but PADDING. */
#define MAX_PLAIN_ANSWER 256
G_STATIC_ASSERT (AIONET_STUN_MAX_ANSWER % 4 == 0);
G_STATIC_ASSERT (AIONET_STUN_MAX_ANSWER >= AIONET_STUN_MAX_REQUEST + MAX_PLAIN_ANSWER);

/* RFC 5780, 9.1, and RFC 8489, 18.3: numbers that libnice has no names for. */
#define ATTRIBUTE_MESSAGE_INTEGRITY_SHA256 0x001c
#define ATTRIBUTE_PASSWORD_ALGORITHM 0x001d
#define ATTRIBUTE_USERHASH 0x001e
#define ATTRIBUTE_PADDING 0x0026
#define ATTRIBUTE_RESPONSE_PORT 0x0027
#define ATTRIBUTE_RESPONSE_ORIGIN 0x802b
#define ATTRIBUTE_OTHER_ADDRESS 0x802c

/* Credentials are understood and not looked at: this server has no users. RESPONSE-ADDRESS (RFC
 * 3489) is not among them: it would send answers to whomever. */
static const guint16 known_attributes[] = {
  STUN_ATTRIBUTE_CHANGE_REQUEST,
  STUN_ATTRIBUTE_USERNAME,
  STUN_ATTRIBUTE_MESSAGE_INTEGRITY,
  STUN_ATTRIBUTE_REALM,
  STUN_ATTRIBUTE_NONCE,
  ATTRIBUTE_MESSAGE_INTEGRITY_SHA256,
  ATTRIBUTE_PASSWORD_ALGORITHM,
  ATTRIBUTE_USERHASH,
  ATTRIBUTE_RESPONSE_PORT,
  ATTRIBUTE_PADDING,
  0,
};

struct _AionetStunResponder
{
  StunAgent modern;
  StunAgent fingerprinting; /* demands FINGERPRINT, and gives one */
  StunAgent classic;        /* RFC 3489 */
  char     *software;       /* (owned) (nullable) */
  gboolean  has_padding;
};

/* One request, and the answer to it that is being made. */
typedef struct
{
  AionetStunResponder      *responder;
  const AionetStunQuestion *question;
  AionetStunReply          *reply;
  StunAgent                *agent;
  StunMessage               request;
  StunMessage               answer;
  gboolean                  is_classic;
  guint                     change; /* CHANGE-REQUEST */
  gboolean                  is_bad; /* what it asks for makes no sense */
  gsize                     padding;
  guint16                   unknown[MAX_UNKNOWN + 1]; /* network order */
  guint                     n_unknown;
} Exchange;

AionetStunResponder *
_aionet_stun_responder_new (const char *software, gboolean has_padding)
{
  AionetStunResponder      *self = g_new0 (AionetStunResponder, 1);
  const StunAgentUsageFlags flags = STUN_AGENT_USAGE_IGNORE_CREDENTIALS;

  stun_agent_init (&self->modern, known_attributes, STUN_COMPATIBILITY_RFC5389, flags);
  stun_agent_init (&self->fingerprinting, known_attributes, STUN_COMPATIBILITY_RFC5389,
                   flags | STUN_AGENT_USAGE_USE_FINGERPRINT);
  stun_agent_init (&self->classic, known_attributes, STUN_COMPATIBILITY_RFC3489, flags);
  self->software = g_strdup (software);
  self->has_padding = has_padding;
  return self;
}

void
_aionet_stun_responder_free (AionetStunResponder *self)
{
  g_free (self->software);
  g_free (self);
}

static gboolean
is_known (const AionetStunResponder *self, guint16 type)
{
  if (type == ATTRIBUTE_PADDING)
    return self->has_padding;
  for (const guint16 *known = known_attributes; *known != 0; known++)
    if (*known == type)
      return TRUE;
  return FALSE;
}

static void
add_unknown (Exchange *self, guint16 type)
{
  for (guint i = 0; i < self->n_unknown; i++)
    if (self->unknown[i] == g_htons (type))
      return;
  if (self->n_unknown < MAX_UNKNOWN)
    self->unknown[self->n_unknown++] = g_htons (type);
}

/* RFC 5780 has 2 bytes and padding; coturn's client sends 4, of which the first 2 are the port. */
static void
read_response_port (Exchange *self, const guint8 *value, gsize size)
{
  if (size == 2 || size == 4)
    self->reply->port = (guint16) (value[0] << 8 | value[1]);
  if (self->reply->port == 0)
    self->is_bad = TRUE;
}

static void
read_attribute (Exchange *self, guint16 type, const guint8 *value, gsize size)
{
  if (type == STUN_ATTRIBUTE_CHANGE_REQUEST && size == 4)
    self->change = value[3] & 0x6;
  else if (type == STUN_ATTRIBUTE_CHANGE_REQUEST)
    self->is_bad = TRUE;
  else if (type == ATTRIBUTE_RESPONSE_PORT && !self->question->is_stream)
    read_response_port (self, value, size);
  else if (type == ATTRIBUTE_PADDING && self->responder->has_padding)
    self->padding = (size + 3) / 4 * 4;
  else if (!stun_optional (type) &&
           (type == ATTRIBUTE_RESPONSE_PORT || !is_known (self->responder, type)))
    add_unknown (self, type);
}

/* libnice has checked length against the attributes. What follows MESSAGE-INTEGRITY, of either
 * kind, does not count (RFC 8489, 14.5). */
static void
read_attributes (Exchange *self, const guint8 *data, gsize length)
{
  gsize offset = HEADER_LENGTH;

  while (offset + 4 <= length)
    {
      guint16 type = (guint16) (data[offset] << 8 | data[offset + 1]);
      gsize   size = (gsize) (data[offset + 2] << 8 | data[offset + 3]);

      if (type == STUN_ATTRIBUTE_MESSAGE_INTEGRITY || type == ATTRIBUTE_MESSAGE_INTEGRITY_SHA256 ||
          size > length - offset - 4)
        return;
      read_attribute (self, type, data + offset + 4, size);
      offset += 4 + (size + 3) / 4 * 4;
    }
}

static gboolean
validate (Exchange *self, StunAgent *agent)
{
  StunValidationStatus status;

  self->agent = agent;
  status = stun_agent_validate (self->agent, &self->request, self->question->data,
                                self->question->length, NULL, NULL);
  return status == STUN_VALIDATION_SUCCESS || status == STUN_VALIDATION_UNKNOWN_REQUEST_ATTRIBUTE;
}

static gboolean
read_request (Exchange *self)
{
  static const guint8       cookie[] = { 0x21, 0x12, 0xa4, 0x42 };
  AionetStunResponder      *responder = self->responder;
  const AionetStunQuestion *question = self->question;

  /* Two bytes tell most of what is no request. */
  if (question->length < HEADER_LENGTH || question->length > AIONET_STUN_MAX_REQUEST ||
      question->data[0] != 0 || question->data[1] != STUN_BINDING)
    return FALSE;
  self->is_classic = memcmp (question->data + COOKIE_OFFSET, cookie, sizeof (cookie)) != 0;
  if (!validate (self, self->is_classic ? &responder->classic : &responder->modern))
    return FALSE;
  if (question->length > HEADER_LENGTH && !self->is_classic &&
      stun_message_has_attribute (&self->request, STUN_ATTRIBUTE_FINGERPRINT) &&
      !validate (self, &responder->fingerprinting))
    return FALSE;
  read_attributes (self, question->data, question->length);
  return TRUE;
}

/* Dual-stack sockets show IPv4 clients as ::ffff:a.b.c.d, which is nobody's address. */
static void
unmap (AionetSockaddr *address)
{
  AionetSockaddr mapped = *address;

  if (mapped.any.sa_family != AF_INET6 || !IN6_IS_ADDR_V4MAPPED (&mapped.v6.sin6_addr))
    return;
  memset (address, 0, sizeof *address);
  address->v4.sin_family = AF_INET;
  address->v4.sin_port = mapped.v6.sin6_port;
  memcpy (&address->v4.sin_addr, mapped.v6.sin6_addr.s6_addr + 12, 4);
}

static void
begin (Exchange *self, StunClass klass)
{
  StunTransactionId id;

  stun_message_id (&self->request, id);
  self->answer = (StunMessage){
    .agent = self->agent,
    .buffer = self->reply->data,
    .buffer_len = sizeof (self->reply->data),
  };
  stun_message_init (&self->answer, klass, STUN_BINDING, id);
}

/* How long a value may be for the answer not to become longer than the request. */
static gsize
get_room (Exchange *self)
{
  gsize used = stun_message_length (&self->answer) + 4;

  if (self->agent == &self->responder->fingerprinting)
    used += FINGERPRINT_LENGTH;
  return self->question->length > used ? self->question->length - used : 0;
}

static gboolean
fits (Exchange *self, gsize size)
{
  return (size + 3) / 4 * 4 <= get_room (self);
}

static gsize
get_address_size (const AionetSockaddr *address)
{
  return address->any.sa_family == AF_INET6 ? 20 : 8;
}

static void
append_address (Exchange *self, guint type, const AionetSockaddr *address)
{
  stun_message_append_addr (&self->answer, (StunAttribute) type, &address->any,
                            _aionet_sockaddr_get_size (address));
}

static gboolean
is_served (Exchange *self, guint origin)
{
  return self->question->origins[origin].any.sa_family != AF_UNSPEC;
}

/* A server with an alternate address tells it, and where the answer comes from, to everybody:
 * clients look for it in the answer to a bare request (RFC 5780, 6.1). Without one this is a plain
 * STUN server (RFC 5780, 7.4: MUST NOT). */
static void
append_modern_origins (Exchange *self, const AionetSockaddr *origin)
{
  gboolean has_other = is_served (self, AIONET_STUN_ORIGIN_OTHER);

  if (origin->any.sa_family != AF_UNSPEC && (has_other || fits (self, get_address_size (origin))))
    append_address (self, ATTRIBUTE_RESPONSE_ORIGIN, origin);
  if (has_other)
    append_address (self, ATTRIBUTE_OTHER_ADDRESS,
                    &self->question->origins[AIONET_STUN_ORIGIN_OTHER]);
}

/* RFC 3489, 11.2 has both in every answer. A client that hears of no other address does without. */
static void
append_classic_origins (Exchange *self, const AionetSockaddr *origin)
{
  gboolean has_other = is_served (self, AIONET_STUN_ORIGIN_OTHER);

  if (origin->any.sa_family != AF_UNSPEC && (has_other || fits (self, get_address_size (origin))))
    append_address (self, STUN_ATTRIBUTE_SOURCE_ADDRESS, origin);
  if (has_other)
    append_address (self, STUN_ATTRIBUTE_CHANGED_ADDRESS,
                    &self->question->origins[AIONET_STUN_ORIGIN_OTHER]);
}

/* As much as was sent, less what the addresses of the answer take. */
static void
append_padding (Exchange *self)
{
  gsize size = MIN (self->padding, get_room (self) / 4 * 4);

  if (size > 0)
    memset (stun_message_append (&self->answer, (StunAttribute) ATTRIBUTE_PADDING, size), 0, size);
}

/* In the order in which they are missed: MAPPED-ADDRESS shows NATs that rewrite addresses in
 * payloads (RFC 5780, 3.6). */
static void
append_what_fits (Exchange *self, const AionetSockaddr *mapped)
{
  const char *software = self->responder->software;

  if (fits (self, get_address_size (mapped)))
    append_address (self, STUN_ATTRIBUTE_MAPPED_ADDRESS, mapped);
  append_padding (self);
  if (software != NULL && fits (self, strlen (software)))
    stun_message_append_string (&self->answer, STUN_ATTRIBUTE_SOFTWARE, software);
}

static void
make_success (Exchange *self)
{
  const AionetSockaddr *origin = &self->question->origins[self->reply->origin];
  AionetSockaddr        mapped = *self->question->source;

  unmap (&mapped);
  begin (self, STUN_RESPONSE);
  if (self->is_classic)
    {
      append_address (self, STUN_ATTRIBUTE_MAPPED_ADDRESS, &mapped);
      append_classic_origins (self, origin);
      return;
    }
  stun_message_append_xor_addr (&self->answer, STUN_ATTRIBUTE_XOR_MAPPED_ADDRESS,
                                (const struct sockaddr_storage *) (const void *) &mapped,
                                _aionet_sockaddr_get_size (&mapped));
  append_modern_origins (self, origin);
  append_what_fits (self, &mapped);
}

/* The phrase is for people, who are told if there is room. */
static void
append_code (Exchange *self, guint code)
{
  const char *phrase = stun_strerror ((StunError) code);
  gsize       length = MIN (strlen (phrase), 32);
  gsize       unknown = self->n_unknown > 0 ? 4 + (self->n_unknown * 2 + 3) / 4 * 4 : 0;
  guint8      value[4 + 32] = { 0, 0, (guint8) (code / 100), (guint8) (code % 100) };

  memcpy (value + 4, phrase, length);
  stun_message_append_bytes (&self->answer, STUN_ATTRIBUTE_ERROR_CODE, value,
                             fits (self, 4 + length + unknown) ? 4 + length : 4);
}

static void
make_error (Exchange *self, guint code)
{
  self->reply->is_error = TRUE;
  self->reply->origin = AIONET_STUN_ORIGIN_ASKED;
  self->reply->port = 0;
  begin (self, STUN_ERROR);
  append_code (self, code);
  if (self->n_unknown == 0)
    return;
  /* RFC 3489, 11.2.10: an odd one is told twice. */
  if (self->is_classic && self->n_unknown % 2 != 0)
    {
      self->unknown[self->n_unknown] = self->unknown[0];
      self->n_unknown++;
    }
  stun_message_append_bytes (&self->answer, STUN_ATTRIBUTE_UNKNOWN_ATTRIBUTES, self->unknown,
                             self->n_unknown * sizeof (self->unknown[0]));
}

/* Returns the error to answer with, 0 for none. */
static guint
judge (Exchange *self)
{
  if (self->change != 0 && (self->question->is_stream || !is_served (self, self->change / 2)))
    add_unknown (self, STUN_ATTRIBUTE_CHANGE_REQUEST);
  if (self->n_unknown > 0)
    return STUN_ERROR_UNKNOWN_ATTRIBUTE;
  if (self->is_bad || (self->padding > 0 && self->reply->port != 0))
    return STUN_ERROR_BAD_REQUEST;
  return 0;
}

gboolean
_aionet_stun_responder_answer (AionetStunResponder      *self,
                               const AionetStunQuestion *question,
                               AionetStunReply          *reply)
{
  Exchange exchange = { .responder = self, .question = question, .reply = reply };
  guint    code;

  reply->length = 0;
  reply->origin = AIONET_STUN_ORIGIN_ASKED;
  reply->port = 0;
  reply->is_error = FALSE;
  if (!read_request (&exchange))
    return FALSE;
  code = judge (&exchange);
  if (code == 0)
    {
      reply->origin = exchange.change / 2;
      make_success (&exchange);
    }
  else
    make_error (&exchange, code);
  reply->length = stun_agent_finish_message (exchange.agent, &exchange.answer, NULL, 0);
  return reply->length > 0;
}

gssize
_aionet_stun_responder_frame (const guint8 *data, gsize length)
{
  gsize claimed;

  if (length == 0)
    return 0;
  if ((data[0] & 0xc0) != 0)
    return -1;
  if (length < 4)
    return 0;
  claimed = (gsize) HEADER_LENGTH + data[2] * 256u + data[3];
  if (claimed % 4 != 0 || claimed > AIONET_STUN_MAX_REQUEST)
    return -1;
  return length < claimed ? 0 : (gssize) claimed;
}
