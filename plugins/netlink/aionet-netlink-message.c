/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#include "config.h"

#include "aionet-netlink-message.h"

#include <errno.h>
#include <libmnl/libmnl.h>
#include <string.h>
#include <sys/socket.h>

/* libmnl's iterators trust two things that a hostile sender controls: they compare nlmsg_len as a
 * signed number, and they end at the aligned length, up to three bytes past the last message. So
 * only its per-attribute checks are used here, against bounds of our own. */

const struct nlmsghdr *
aionet_netlink_bytes_next_message (AionetNetlinkBytes *rest)
{
  const struct nlmsghdr *message = (const void *) rest->data;
  gsize                  aligned = 0;

  if (rest->size < sizeof *message || message->nlmsg_len < sizeof *message ||
      message->nlmsg_len > rest->size)
    return NULL;

  aligned = MIN ((gsize) MNL_ALIGN ((guint64) message->nlmsg_len), rest->size);
  rest->data += aligned;
  rest->size -= aligned;
  return message;
}

gboolean
aionet_netlink_message_get_body (const struct nlmsghdr *message,
                                 gsize                  header_size,
                                 AionetNetlinkBytes    *body)
{
  const gsize offset = MNL_NLMSG_HDRLEN + MNL_ALIGN (header_size);

  if (header_size > message->nlmsg_len - MNL_NLMSG_HDRLEN)
    return FALSE;

  body->size = message->nlmsg_len > offset ? message->nlmsg_len - offset : 0;
  body->data = body->size > 0 ? (const guint8 *) message + offset : NULL;
  return TRUE;
}

gboolean
aionet_netlink_bytes_parse (AionetNetlinkBytes bytes, const struct nlattr **attributes, guint max)
{
  memset (attributes, 0, (max + 1) * sizeof *attributes);
  while (bytes.size > 0)
    {
      const struct nlattr *attribute = (const void *) bytes.data;
      gsize                aligned = 0;

      if (!mnl_attr_ok (attribute, (int) MIN (bytes.size, G_MAXINT)))
        return FALSE;
      if (mnl_attr_get_type (attribute) <= max)
        attributes[mnl_attr_get_type (attribute)] = attribute;

      aligned = MIN ((gsize) MNL_ALIGN (attribute->nla_len), bytes.size);
      bytes.data += aligned;
      bytes.size -= aligned;
    }
  return TRUE;
}

AionetNetlinkBytes
aionet_netlink_attribute_get_bytes (const struct nlattr *attribute)
{
  if (attribute == NULL)
    return (AionetNetlinkBytes){ NULL, 0 };
  return (AionetNetlinkBytes){ mnl_attr_get_payload (attribute),
                               mnl_attr_get_payload_len (attribute) };
}

gboolean
aionet_netlink_attribute_read_u32 (const struct nlattr *attribute, guint32 *value)
{
  const AionetNetlinkBytes bytes = aionet_netlink_attribute_get_bytes (attribute);

  if (attribute == NULL)
    return TRUE;
  if (bytes.size != sizeof *value)
    return FALSE;
  memcpy (value, bytes.data, sizeof *value);
  return TRUE;
}

gboolean
aionet_netlink_attribute_read_text (const struct nlattr *attribute, char *text, gsize size)
{
  const AionetNetlinkBytes bytes = aionet_netlink_attribute_get_bytes (attribute);
  gsize                    length = 0;

  if (attribute == NULL)
    return TRUE;
  /* Some kernels end names with a zero, some do not. */
  length = strnlen ((const char *) bytes.data, bytes.size);
  if (length == 0 || length >= size)
    return FALSE;
  memcpy (text, bytes.data, length);
  text[length] = '\0';
  return TRUE;
}

gboolean
aionet_netlink_attribute_read_address (const struct nlattr *attribute, guint8 family, guint8 *bytes)
{
  const AionetNetlinkBytes payload = aionet_netlink_attribute_get_bytes (attribute);

  if (attribute == NULL)
    return TRUE;
  if (payload.size == 0 || payload.size != aionet_netlink_family_get_size (family))
    return FALSE;
  memcpy (bytes, payload.data, payload.size);
  return TRUE;
}

gsize
aionet_netlink_family_get_size (guint8 family)
{
  return family == AF_INET ? 4 : family == AF_INET6 ? 16 : 0;
}

/* Where the attributes of an extended acknowledgement begin: after the errno, and in an
 * NLMSG_ERROR after the request it quotes, whole or (capped) only its header. */
static gsize
get_acknowledgement_size (const struct nlmsghdr *message)
{
  const struct nlmsgerr *refusal = mnl_nlmsg_get_payload (message);

  if (message->nlmsg_type == NLMSG_DONE)
    return sizeof (int);
  if (message->nlmsg_len < MNL_NLMSG_HDRLEN + sizeof *refusal)
    return G_MAXUINT32;
  if (message->nlmsg_flags & NLM_F_CAPPED)
    return sizeof *refusal;
  return sizeof (int) + MAX (refusal->msg.nlmsg_len, sizeof refusal->msg);
}

static char *
dup_acknowledgement_text (const struct nlmsghdr *message)
{
  const struct nlattr *attributes[NLMSGERR_ATTR_MSG + 1];
  AionetNetlinkBytes   body = { NULL, 0 };
  char                 text[256] = "";

  if (!(message->nlmsg_flags & NLM_F_ACK_TLVS) ||
      !aionet_netlink_message_get_body (message, get_acknowledgement_size (message), &body) ||
      !aionet_netlink_bytes_parse (body, attributes, NLMSGERR_ATTR_MSG) ||
      !aionet_netlink_attribute_read_text (attributes[NLMSGERR_ATTR_MSG], text, sizeof text) ||
      text[0] == '\0')
    return NULL;
  return g_utf8_make_valid (text, -1);
}

int
aionet_netlink_message_get_error (const struct nlmsghdr *message, char **text)
{
  int number = 0;

  *text = NULL;
  /* Old kernels end a dump with an empty NLMSG_DONE. */
  if (message->nlmsg_type == NLMSG_DONE && message->nlmsg_len == MNL_NLMSG_HDRLEN)
    return 0;
  if (message->nlmsg_len < MNL_NLMSG_HDRLEN + sizeof number)
    return EPROTO;

  memcpy (&number, mnl_nlmsg_get_payload (message), sizeof number);
  if (number == 0)
    return 0;
  *text = dup_acknowledgement_text (message);
  return number < 0 && number > -4096 ? -number : EPROTO;
}
