/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#include "config.h"
#include "aionet-stun-responder.h"

#include <string.h>
#include <stun/stunagent.h>

/* Nothing is remembered between two requests, so that no client can fill anything up. The agent is
 * made anew for each: libnice keeps state in it only for requests it sends.
 *
 * Sizes are multiples of 4, since libnice forgets the padding when it checks bounds. */

#define HEADER_LENGTH 20
#define COOKIE_OFFSET 4
/* Header, ERROR-CODE with its text or an address, UNKNOWN-ATTRIBUTES of 16 types, SOFTWARE of 128
 * bytes, FINGERPRINT. */
#define MAX_ANSWER 512
#define MAX_UNKNOWN 16
G_STATIC_ASSERT (MAX_ANSWER % 4 == 0);

/* Credentials are understood and not looked at: this server has no users. CHANGE-REQUEST is only
 * understood as far as it asks for nothing. */
static const guint16 known_attributes[] = {
  STUN_ATTRIBUTE_CHANGE_REQUEST,
  STUN_ATTRIBUTE_USERNAME,
  STUN_ATTRIBUTE_MESSAGE_INTEGRITY,
  STUN_ATTRIBUTE_REALM,
  STUN_ATTRIBUTE_NONCE,
  0x001c, /* MESSAGE-INTEGRITY-SHA256 */
  0x001d, /* PASSWORD-ALGORITHM */
  0x001e, /* USERHASH */
  0,
};

/* One request, and the answer to it that is being made. */
typedef struct
{
  StunAgent   agent;
  StunMessage request;
  StunMessage answer;
  gboolean    classic; /* RFC 3489: no cookie */
  guint16     unknown[MAX_UNKNOWN];
  guint       n_unknown;
  guint8      buffer[MAX_ANSWER];
} Exchange;

static gboolean
is_known (guint16 type)
{
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

/* length has been checked against the attributes by libnice. */
static void
find_unknown (Exchange *self, const guint8 *data, gsize length)
{
  guint32 change = 0;
  gsize   offset = HEADER_LENGTH;

  while (offset + 4 <= length)
    {
      guint16 type = (guint16) (data[offset] << 8 | data[offset + 1]);
      gsize   size = (gsize) (data[offset + 2] << 8 | data[offset + 3]);

      if (!stun_optional (type) && !is_known (type))
        add_unknown (self, type);
      offset += 4 + (size + 3) / 4 * 4;
    }
  /* There is one address and one port to answer from. */
  if (stun_message_find32 (&self->request, STUN_ATTRIBUTE_CHANGE_REQUEST, &change) ==
          STUN_MESSAGE_RETURN_SUCCESS &&
      change != 0)
    add_unknown (self, STUN_ATTRIBUTE_CHANGE_REQUEST);
}

static StunValidationStatus
validate (Exchange *self, StunAgentUsageFlags flags, const guint8 *data, gsize length)
{
  stun_agent_init (&self->agent, known_attributes,
                   self->classic ? STUN_COMPATIBILITY_RFC3489 : STUN_COMPATIBILITY_RFC5389,
                   flags | STUN_AGENT_USAGE_IGNORE_CREDENTIALS);
  return stun_agent_validate (&self->agent, &self->request, data, length, NULL, NULL);
}

static gboolean
read_request (Exchange *self, const guint8 *data, gsize length)
{
  static const guint8  cookie[] = { 0x21, 0x12, 0xa4, 0x42 };
  StunValidationStatus status;

  if (length < HEADER_LENGTH || length > AIONET_STUN_MAX_REQUEST)
    return FALSE;
  self->classic = memcmp (data + COOKIE_OFFSET, cookie, sizeof (cookie)) != 0;
  status = validate (self, 0, data, length);
  /* An agent that checks fingerprints also puts one into the answer: for those who sent one. */
  if ((status == STUN_VALIDATION_SUCCESS || status == STUN_VALIDATION_UNKNOWN_REQUEST_ATTRIBUTE) &&
      !self->classic && stun_message_has_attribute (&self->request, STUN_ATTRIBUTE_FINGERPRINT))
    status = validate (self, STUN_AGENT_USAGE_USE_FINGERPRINT, data, length);
  if (status != STUN_VALIDATION_SUCCESS && status != STUN_VALIDATION_UNKNOWN_REQUEST_ATTRIBUTE)
    return FALSE;
  if (stun_message_get_class (&self->request) != STUN_REQUEST ||
      stun_message_get_method (&self->request) != STUN_BINDING)
    return FALSE;
  find_unknown (self, data, length);
  return TRUE;
}

/* Dual-stack sockets show IPv4 clients as ::ffff:a.b.c.d, which is nobody's address. */
static GInetSocketAddress *
unmap (GInetSocketAddress *source)
{
  static const guint8 prefix[12] = { 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff };
  GInetAddress       *address = g_inet_socket_address_get_address (source);
  const guint8       *bytes = g_inet_address_to_bytes (address);
  g_autoptr (GInetAddress) v4 = NULL;

  if (g_inet_address_get_family (address) != G_SOCKET_FAMILY_IPV6 ||
      memcmp (bytes, prefix, sizeof (prefix)) != 0)
    return g_object_ref (source);
  v4 = g_inet_address_new_from_bytes (bytes + sizeof (prefix), G_SOCKET_FAMILY_IPV4);
  return G_INET_SOCKET_ADDRESS (
      g_inet_socket_address_new (v4, g_inet_socket_address_get_port (source)));
}

static GInetSocketAddress *
choose_mapped (const AionetStunResponder *self, GInetSocketAddress *source)
{
  if (self->answer == NULL)
    return unmap (source);
  if (g_inet_socket_address_get_port (self->answer) != 0)
    return g_object_ref (self->answer);
  return G_INET_SOCKET_ADDRESS (g_inet_socket_address_new (
      g_inet_socket_address_get_address (self->answer), g_inet_socket_address_get_port (source)));
}

static gboolean
make_success (Exchange *self, GInetSocketAddress *mapped)
{
  struct sockaddr_storage native = { 0 };
  gssize                  size = g_socket_address_get_native_size (G_SOCKET_ADDRESS (mapped));
  StunMessageReturn       result;

  if (size < 0 ||
      !g_socket_address_to_native (G_SOCKET_ADDRESS (mapped), &native, sizeof (native), NULL) ||
      !stun_agent_init_response (&self->agent, &self->answer, self->buffer, sizeof (self->buffer),
                                 &self->request))
    return FALSE;
  if (self->classic)
    result = stun_message_append_addr (&self->answer, STUN_ATTRIBUTE_MAPPED_ADDRESS,
                                       (const struct sockaddr *) &native, (socklen_t) size);
  else
    result = stun_message_append_xor_addr (&self->answer, STUN_ATTRIBUTE_XOR_MAPPED_ADDRESS,
                                           &native, (socklen_t) size);
  return result == STUN_MESSAGE_RETURN_SUCCESS;
}

static gboolean
make_error (Exchange *self, guint code)
{
  if (!stun_agent_init_error (&self->agent, &self->answer, self->buffer, sizeof (self->buffer),
                              &self->request, (StunError) code))
    return FALSE;
  return code != STUN_ERROR_UNKNOWN_ATTRIBUTE || self->n_unknown == 0 ||
         stun_message_append_bytes (&self->answer, STUN_ATTRIBUTE_UNKNOWN_ATTRIBUTES, self->unknown,
                                    self->n_unknown * sizeof (self->unknown[0])) ==
             STUN_MESSAGE_RETURN_SUCCESS;
}

GBytes *
aionet_stun_responder_answer (const AionetStunResponder *self,
                              const guint8              *data,
                              gsize                      length,
                              GInetSocketAddress        *source,
                              AionetStunCounters        *counters)
{
  g_autoptr (GInetSocketAddress) mapped = choose_mapped (self, source);
  Exchange exchange = { 0 };
  guint    code = self->error_code;
  gsize    size = 0;

  if (!read_request (&exchange, data, length))
    {
      counters->n_ignored++;
      return NULL;
    }
  if (code == 0 && exchange.n_unknown > 0)
    code = STUN_ERROR_UNKNOWN_ATTRIBUTE;
  if (self->software != NULL && !exchange.classic)
    stun_agent_set_software (&exchange.agent, self->software);
  if (code == 0 ? make_success (&exchange, mapped) : make_error (&exchange, code))
    size = stun_agent_finish_message (&exchange.agent, &exchange.answer, NULL, 0);
  if (size == 0)
    {
      counters->n_ignored++;
      return NULL;
    }
  if (code == 0)
    counters->n_answered++;
  else
    counters->n_errors++;
  return g_bytes_new (exchange.buffer, size);
}

gssize
aionet_stun_responder_frame (const guint8 *data, gsize length)
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
