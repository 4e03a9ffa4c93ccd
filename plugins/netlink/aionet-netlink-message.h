/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#pragma once

#include <aionet.h>

#include <linux/netlink.h>

G_BEGIN_DECLS

/* Walking through netlink bytes without ever leaving them, whatever the lengths in them claim.
 * The bytes must begin at a multiple of four, as those of malloc () do. */

typedef struct
{
  const guint8 *data;
  gsize         size;
} AionetNetlinkBytes;

/* The next whole message, which is taken off rest; NULL at the end. What does not frame a message
 * is left in rest: rest->size is 0 only when all of it was well formed. */
const struct nlmsghdr *aionet_netlink_bytes_next_message (AionetNetlinkBytes *rest);

/* What follows the first header_size bytes (aligned) of a message; FALSE when it is shorter. */
gboolean aionet_netlink_message_get_body (const struct nlmsghdr *message,
                                          gsize                  header_size,
                                          AionetNetlinkBytes    *body);

/* Fills attributes[0..max] by type; higher types are ignored, of several of one type the last
 * counts. FALSE when the bytes are not a sequence of attributes. */
gboolean
aionet_netlink_bytes_parse (AionetNetlinkBytes bytes, const struct nlattr **attributes, guint max);

AionetNetlinkBytes aionet_netlink_attribute_get_bytes (const struct nlattr *attribute);

/* An attribute that is absent (NULL) leaves the value alone and is no fault; one of the wrong size
 * is: FALSE. */
gboolean aionet_netlink_attribute_read_u32 (const struct nlattr *attribute, guint32 *value);
gboolean
aionet_netlink_attribute_read_text (const struct nlattr *attribute, char *text, gsize size);
gboolean aionet_netlink_attribute_read_address (const struct nlattr *attribute,
                                                guint8               family,
                                                guint8              *bytes);

/* 4, 16, or 0 when the family is neither IPv4 nor IPv6. */
gsize aionet_netlink_family_get_size (guint8 family);

/* The error that an NLMSG_ERROR or NLMSG_DONE carries: an errno, 0 for none, EPROTO when the
 * message is too short to say. *text: (out) (nullable) (transfer full): the kernel's own words. */
int aionet_netlink_message_get_error (const struct nlmsghdr *message, char **text);

G_END_DECLS
