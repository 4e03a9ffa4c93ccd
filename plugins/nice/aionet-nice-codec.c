/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#include "config.h"
#include "aionet-nice-codec.h"

#include <string.h>
#include <stun/stunagent.h>

/* libnice's agent remembers 200 requests, forgets one at the first answer that names it (even a
 * useless one), and has no locks. So an agent lives here for the length of one call, on the stack,
 * and is told the question anew for each answer: 13 kB of memset against three ways to go wrong.
 *
 * Attributes of RFC 5780 that libnice's enum does not have go by number, which works. */

#define ATTRIBUTE_PADDING 0x0026
#define ATTRIBUTE_RESPONSE_PORT 0x0027
#define ATTRIBUTE_TRANSMIT_COUNTER 0x8025
#define ATTRIBUTE_RESPONSE_ORIGIN 0x802b
#define ATTRIBUTE_OTHER_ADDRESS 0x802c

/* A multiple of 4, since libnice forgets the padding when it checks bounds. */
#define REQUEST_SIZE 64
G_STATIC_ASSERT (REQUEST_SIZE % 4 == 0);
/* Header, CHANGE-REQUEST, counter. */
G_STATIC_ASSERT (REQUEST_SIZE >= AIONET_NICE_HEADER_LENGTH + 8 + 8);
G_STATIC_ASSERT (sizeof (StunTransactionId) == 4 + AIONET_NICE_ID_LENGTH);

/* Must be understood for an answer to be used. libnice's own list lacks those of RFC 5780. */
static const guint16 known_attributes[] = {
  STUN_ATTRIBUTE_MAPPED_ADDRESS,
  STUN_ATTRIBUTE_RESPONSE_ADDRESS,
  STUN_ATTRIBUTE_CHANGE_REQUEST,
  STUN_ATTRIBUTE_SOURCE_ADDRESS,
  STUN_ATTRIBUTE_CHANGED_ADDRESS,
  STUN_ATTRIBUTE_USERNAME,
  STUN_ATTRIBUTE_MESSAGE_INTEGRITY,
  STUN_ATTRIBUTE_ERROR_CODE,
  STUN_ATTRIBUTE_UNKNOWN_ATTRIBUTES,
  STUN_ATTRIBUTE_REFLECTED_FROM,
  STUN_ATTRIBUTE_REALM,
  STUN_ATTRIBUTE_NONCE,
  STUN_ATTRIBUTE_XOR_MAPPED_ADDRESS,
  ATTRIBUTE_PADDING,
  ATTRIBUTE_RESPONSE_PORT,
  0,
};

/* An agent that waits for the answer to one question, and that answer. */
typedef struct
{
  StunAgent   agent;
  StunMessage message;
} Reader;

static StunCompatibility
get_compatibility (AionetNiceMode mode)
{
  return mode == AIONET_NICE_MODE_RFC3489 ? STUN_COMPATIBILITY_RFC3489 : STUN_COMPATIBILITY_RFC5389;
}

static void
get_transaction_id (const AionetNiceQuestion *self, StunTransactionId id)
{
  memcpy (id, self->cookie, sizeof (self->cookie));
  memcpy (id + sizeof (self->cookie), self->id, sizeof (self->id));
}

static gsize
encode (const AionetNiceQuestion *self, StunAgent *agent, guint8 *buffer, gsize size)
{
  StunMessage       message = { .agent = agent, .buffer = buffer, .buffer_len = size };
  StunTransactionId id;

  get_transaction_id (self, id);
  if (!stun_message_init (&message, STUN_REQUEST, STUN_BINDING, id))
    return 0;
  if (self->change != AIONET_STUN_CHANGE_NONE)
    stun_message_append32 (&message, STUN_ATTRIBUTE_CHANGE_REQUEST, self->change);
  if (self->transmit_counter != 0)
    stun_message_append32 (&message, (StunAttribute) ATTRIBUTE_TRANSMIT_COUNTER,
                           self->transmit_counter);
  return stun_agent_finish_message (agent, &message, NULL, 0);
}

void
aionet_nice_question_init (AionetNiceQuestion *self,
                           AionetNiceMode      mode,
                           AionetStunChange    change,
                           const guint8       *id)
{
  StunTransactionId drawn;
  guint8            buffer[REQUEST_SIZE];
  StunAgent         agent;
  StunMessage       message;

  memset (self, 0, sizeof (*self));
  self->mode = mode;
  self->change = change;
  stun_agent_init (&agent, known_attributes, get_compatibility (mode), 0);
  stun_agent_init_request (&agent, &message, buffer, sizeof (buffer), STUN_BINDING);
  stun_message_id (&message, drawn);
  /* The constant keeps 128-bit ids from being taken for the cookie; 96 random bits are enough. */
  memcpy (self->cookie, mode == AIONET_NICE_MODE_RFC3489 ? (const guint8 *) "1234" : drawn, 4);
  memcpy (self->id, id != NULL ? id : drawn + 4, sizeof (self->id));
}

GBytes *
aionet_nice_question_encode (const AionetNiceQuestion *self)
{
  guint8    buffer[REQUEST_SIZE];
  StunAgent agent;
  gsize     length;

  stun_agent_init (&agent, known_attributes, get_compatibility (self->mode), 0);
  length = encode (self, &agent, buffer, sizeof (buffer));
  g_assert (length != 0);
  return g_bytes_new (buffer, length);
}

void
aionet_nice_answer_free (AionetNiceAnswer *self)
{
  g_clear_object (&self->mapped);
  g_clear_object (&self->origin);
  g_clear_object (&self->other_address);
  g_clear_object (&self->alternate_server);
  g_free (self->software);
  g_free (self->reason);
  g_free (self);
}

static const char *
describe (StunValidationStatus status)
{
  switch (status)
    {
    case STUN_VALIDATION_SUCCESS:
      return "is valid";
    case STUN_VALIDATION_NOT_STUN:
      return "is no STUN message";
    case STUN_VALIDATION_INCOMPLETE_STUN:
      return "is cut short";
    case STUN_VALIDATION_BAD_REQUEST:
      return "has no magic cookie or a wrong fingerprint";
    case STUN_VALIDATION_UNMATCHED_RESPONSE:
      return "belongs to another transaction";
    case STUN_VALIDATION_UNKNOWN_REQUEST_ATTRIBUTE:
    case STUN_VALIDATION_UNKNOWN_ATTRIBUTE:
      return "has an attribute that must be understood and is not";
    case STUN_VALIDATION_UNAUTHORIZED_BAD_REQUEST:
    case STUN_VALIDATION_UNAUTHORIZED:
    case STUN_VALIDATION_FORBIDDEN:
    default:
      return "is not authorised";
    }
}

static StunValidationStatus
validate (Reader                   *self,
          const AionetNiceQuestion *question,
          StunAgentUsageFlags       flags,
          const guint8             *data,
          gsize                     length)
{
  guint8 buffer[REQUEST_SIZE];

  /* Public servers sign nothing: there is no password to check a signature with. */
  stun_agent_init (&self->agent, known_attributes, get_compatibility (question->mode),
                   flags | STUN_AGENT_USAGE_IGNORE_CREDENTIALS);
  encode (question, &self->agent, buffer, sizeof (buffer));
  return stun_agent_validate (&self->agent, &self->message, data, length, NULL, NULL);
}

static gboolean
read_message (Reader                   *self,
              const AionetNiceQuestion *question,
              const guint8             *data,
              gsize                     length,
              GError                  **error)
{
  StunValidationStatus status = validate (self, question, 0, data, length);

  /* An agent that checks fingerprints wants one in every answer, and public servers send none. */
  if (status == STUN_VALIDATION_SUCCESS && question->mode == AIONET_NICE_MODE_RFC8489 &&
      stun_message_has_attribute (&self->message, STUN_ATTRIBUTE_FINGERPRINT))
    status = validate (self, question, STUN_AGENT_USAGE_USE_FINGERPRINT, data, length);
  if (status != STUN_VALIDATION_SUCCESS)
    {
      g_set_error (error, AIONET_ERROR, AIONET_ERROR_STUN_FAILED, "Answer %s", describe (status));
      return FALSE;
    }
  if (stun_message_get_method (&self->message) != STUN_BINDING ||
      (stun_message_get_class (&self->message) != STUN_RESPONSE &&
       stun_message_get_class (&self->message) != STUN_ERROR))
    {
      g_set_error_literal (error, AIONET_ERROR, AIONET_ERROR_STUN_FAILED,
                           "Answer is no Binding answer");
      return FALSE;
    }
  return TRUE;
}

static StunMessageReturn
find_address (const StunMessage   *message,
              int                  attribute,
              gboolean             xored,
              GInetSocketAddress **result)
{
  struct sockaddr_storage storage = { 0 };
  socklen_t               length = sizeof (storage);
  StunMessageReturn       found;
  g_autoptr (GSocketAddress) address = NULL;

  if (xored)
    found = stun_message_find_xor_addr (message, (StunAttribute) attribute, &storage, &length);
  else
    found = stun_message_find_addr (message, (StunAttribute) attribute, &storage, &length);
  if (found != STUN_MESSAGE_RETURN_SUCCESS)
    return found;
  address = g_socket_address_new_from_native (&storage, length);
  if (!G_IS_INET_SOCKET_ADDRESS (address))
    return STUN_MESSAGE_RETURN_INVALID;
  *result = G_INET_SOCKET_ADDRESS (g_steal_pointer (&address));
  return STUN_MESSAGE_RETURN_SUCCESS;
}

/* Attributes that only inform: absent and unreadable are the same. */
static GInetSocketAddress *
find_either (const StunMessage *message, int modern, int classic)
{
  GInetSocketAddress *address = NULL;

  if (find_address (message, modern, FALSE, &address) != STUN_MESSAGE_RETURN_SUCCESS &&
      classic != 0)
    find_address (message, classic, FALSE, &address);
  return address;
}

static char *
find_text (const StunMessage *message, int attribute, gsize skip)
{
  guint16          length = 0;
  const char      *text = stun_message_find (message, (StunAttribute) attribute, &length);
  g_autofree char *valid = NULL;

  if (text == NULL || length <= skip)
    return NULL;
  valid = g_utf8_make_valid (text + skip, length - skip);
  /* It ends up in messages, and those on terminals: no escape sequences, no second line. */
  for (char *c = valid; *c != '\0'; c++)
    if (g_ascii_iscntrl (*c))
      *c = ' ';
  return g_strdup (g_strstrip (valid));
}

static gboolean
is_sane (GInetSocketAddress *endpoint)
{
  GInetAddress *address = g_inet_socket_address_get_address (endpoint);
  const guint8 *bytes = g_inet_address_to_bytes (address);

  if (g_inet_socket_address_get_port (endpoint) == 0)
    return FALSE;
  if (g_inet_address_get_is_any (address) || g_inet_address_get_is_multicast (address))
    return FALSE;
  return g_inet_address_get_family (address) != G_SOCKET_FAMILY_IPV4 ||
         memcmp (bytes, "\xff\xff\xff\xff", 4) != 0;
}

static GInetSocketAddress *
find_mapped (const AionetNiceQuestion *question, const StunMessage *message, GError **error)
{
  static const struct
  {
    int      attribute;
    gboolean xored;
  } places[] = {
    { STUN_ATTRIBUTE_XOR_MAPPED_ADDRESS, TRUE },
    { STUN_ATTRIBUTE_MS_XOR_MAPPED_ADDRESS, TRUE },
    { STUN_ATTRIBUTE_MAPPED_ADDRESS, FALSE },
  };
  g_autoptr (GInetSocketAddress) mapped = NULL;
  g_autofree char  *text = NULL;
  StunMessageReturn found = STUN_MESSAGE_RETURN_NOT_FOUND;

  for (gsize i = 0; i < G_N_ELEMENTS (places) && found == STUN_MESSAGE_RETURN_NOT_FOUND; i++)
    {
      /* Without a cookie, what an address is XORed with is anybody's guess. */
      if (places[i].xored && question->mode == AIONET_NICE_MODE_RFC3489)
        continue;
      found = find_address (message, places[i].attribute, places[i].xored, &mapped);
    }
  if (found != STUN_MESSAGE_RETURN_SUCCESS)
    {
      g_set_error (error, AIONET_ERROR, AIONET_ERROR_STUN_FAILED,
                   found == STUN_MESSAGE_RETURN_NOT_FOUND
                       ? "Answer has no mapped address"
                       : "Answer has a malformed mapped address");
      return NULL;
    }
  if (is_sane (mapped))
    return g_steal_pointer (&mapped);
  text = g_socket_connectable_to_string (G_SOCKET_CONNECTABLE (mapped));
  g_set_error (error, AIONET_ERROR, AIONET_ERROR_STUN_FAILED,
               "Answer has %s as mapped address, which no socket can have", text);
  return NULL;
}

static gboolean
read_error_class (AionetNiceAnswer *self, const StunMessage *message, GError **error)
{
  int code = 0;

  self->is_error = TRUE;
  if (stun_message_find_error (message, &code) != STUN_MESSAGE_RETURN_SUCCESS || code < 300 ||
      code > 699)
    {
      g_set_error_literal (error, AIONET_ERROR, AIONET_ERROR_STUN_FAILED,
                           "Error answer has no valid error code");
      return FALSE;
    }
  self->error_code = (guint) code;
  self->reason = find_text (message, STUN_ATTRIBUTE_ERROR_CODE, 4);
  self->alternate_server = find_either (message, STUN_ATTRIBUTE_ALTERNATE_SERVER, 0);
  return TRUE;
}

AionetNiceAnswer *
aionet_nice_answer_decode (const AionetNiceQuestion *question,
                           const guint8             *data,
                           gsize                     length,
                           GError                  **error)
{
  g_autoptr (AionetNiceAnswer) self = g_new0 (AionetNiceAnswer, 1);
  const StunMessage *message;
  Reader             reader;

  if (length < AIONET_NICE_HEADER_LENGTH)
    {
      g_set_error_literal (error, AIONET_ERROR, AIONET_ERROR_STUN_FAILED,
                           "Answer is shorter than a STUN header");
      return NULL;
    }
  if (!read_message (&reader, question, data, length, error))
    return NULL;
  message = &reader.message;
  self->software = find_text (message, STUN_ATTRIBUTE_SOFTWARE, 0);
  self->origin = find_either (message, ATTRIBUTE_RESPONSE_ORIGIN, STUN_ATTRIBUTE_SOURCE_ADDRESS);
  self->other_address =
      find_either (message, ATTRIBUTE_OTHER_ADDRESS, STUN_ATTRIBUTE_CHANGED_ADDRESS);
  if (stun_message_get_class (message) == STUN_ERROR)
    return read_error_class (self, message, error) ? g_steal_pointer (&self) : NULL;
  self->mapped = find_mapped (question, message, error);
  return self->mapped != NULL ? g_steal_pointer (&self) : NULL;
}

gssize
aionet_nice_frame_length (const guint8 *data, gsize length)
{
  gsize claimed;
  int   found;

  if (length == 0)
    return 0;
  /* The type of an answer begins with 0000 0001: known from the first byte. */
  if ((data[0] & 0xfe) != 0)
    return -1;
  if (length < 4)
    return 0;
  claimed = (gsize) AIONET_NICE_HEADER_LENGTH + data[2] * 256u + data[3];
  if (claimed % 4 != 0 || claimed > AIONET_NICE_MAX_ANSWER)
    return -1;
  if (length < claimed)
    return 0;
  found = stun_message_validate_buffer_length (data, length, true);
  return found == (int) claimed ? found : -1;
}
