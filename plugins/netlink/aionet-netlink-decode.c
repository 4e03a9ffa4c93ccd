/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#include "config.h"

#include "aionet-netlink-decode.h"

#include "aionet-netlink-routes.h"

#include <libmnl/libmnl.h>
#include <linux/if_addr.h>
#include <linux/rtnetlink.h>
#include <string.h>
#include <sys/socket.h>

/* What a message must have to be believed is checked before anything is added: a record is made
 * on the stack and appended whole, or not at all. */

static gboolean
read_link_kind (const struct nlattr *attribute, AionetNetlinkLink *link)
{
  const struct nlattr *info[IFLA_INFO_KIND + 1];

  return aionet_netlink_bytes_parse (aionet_netlink_attribute_get_bytes (attribute), info,
                                     IFLA_INFO_KIND) &&
         aionet_netlink_attribute_read_text (info[IFLA_INFO_KIND], link->kind, sizeof link->kind);
}

static gboolean
read_hardware_address (const struct nlattr *attribute, AionetNetlinkLink *link)
{
  const AionetNetlinkBytes bytes = aionet_netlink_attribute_get_bytes (attribute);

  if (bytes.size > sizeof link->hardware_address)
    return FALSE;
  if (bytes.size > 0)
    memcpy (link->hardware_address, bytes.data, bytes.size);
  link->hardware_address_length = bytes.size;
  return TRUE;
}

static gboolean
add_link (AionetNetlinkTables *self, const struct nlmsghdr *message)
{
  const struct ifinfomsg *header = mnl_nlmsg_get_payload (message);
  const struct nlattr    *attributes[IFLA_LINKINFO + 1];
  AionetNetlinkBytes      body = { NULL, 0 };
  AionetNetlinkLink       link = { 0 };

  if (!aionet_netlink_message_get_body (message, sizeof *header, &body) ||
      !aionet_netlink_bytes_parse (body, attributes, IFLA_LINKINFO))
    return FALSE;
  /* Bridge ports are told of a second time, as AF_BRIDGE. */
  if (header->ifi_family != AF_UNSPEC)
    return TRUE;

  link.index = (guint) header->ifi_index;
  link.flags = header->ifi_flags;
  link.hardware_type = header->ifi_type;
  if (header->ifi_index <= 0 || attributes[IFLA_IFNAME] == NULL ||
      !aionet_netlink_attribute_read_text (attributes[IFLA_IFNAME], link.name, sizeof link.name) ||
      !aionet_netlink_attribute_read_u32 (attributes[IFLA_MTU], &link.mtu) ||
      !read_hardware_address (attributes[IFLA_ADDRESS], &link) ||
      !read_link_kind (attributes[IFLA_LINKINFO], &link))
    return FALSE;

  g_array_append_val (self->links, link);
  return TRUE;
}

/* On a point-to-point link IFA_ADDRESS is the other end, and the prefix is that of its network. */
static gboolean
read_own_address (const struct nlattr **attributes, AionetNetlinkAddress *address)
{
  const gsize size = aionet_netlink_family_get_size (address->family);
  guint8      other[16] = { 0 };

  if ((attributes[IFA_LOCAL] == NULL && attributes[IFA_ADDRESS] == NULL) ||
      address->prefix_length > size * 8 ||
      !aionet_netlink_attribute_read_address (attributes[IFA_ADDRESS], address->family, other))
    return FALSE;

  memcpy (address->bytes, other, size);
  if (!aionet_netlink_attribute_read_address (attributes[IFA_LOCAL], address->family,
                                              address->bytes))
    return FALSE;
  if (attributes[IFA_ADDRESS] != NULL && memcmp (address->bytes, other, size) != 0)
    address->prefix_length = size * 8;
  return TRUE;
}

static gboolean
add_address (AionetNetlinkTables *self, const struct nlmsghdr *message)
{
  const struct ifaddrmsg *header = mnl_nlmsg_get_payload (message);
  const struct nlattr    *attributes[IFA_FLAGS + 1];
  AionetNetlinkBytes      body = { NULL, 0 };
  AionetNetlinkAddress    address = { 0 };
  const guint8            unspecified[16] = { 0 };

  if (!aionet_netlink_message_get_body (message, sizeof *header, &body) ||
      !aionet_netlink_bytes_parse (body, attributes, IFA_FLAGS))
    return FALSE;
  if (aionet_netlink_family_get_size (header->ifa_family) == 0)
    return TRUE;

  address.index = header->ifa_index;
  address.family = header->ifa_family;
  address.prefix_length = header->ifa_prefixlen;
  /* The header has room for eight flags only; newer ones are in the attribute. */
  address.flags = header->ifa_flags;
  if (header->ifa_index == 0 ||
      !aionet_netlink_attribute_read_u32 (attributes[IFA_FLAGS], &address.flags) ||
      !read_own_address (attributes, &address))
    return FALSE;

  /* The unspecified address is on a link only for the moment a DHCP client needs it. */
  if (memcmp (address.bytes, unspecified, sizeof unspecified) != 0)
    g_array_append_val (self->addresses, address);
  return TRUE;
}

static gboolean
is_of_family (const struct nlmsghdr *message, guint8 family)
{
  /* Every rtnetlink header begins with the family. */
  return family == AF_UNSPEC || message->nlmsg_len <= MNL_NLMSG_HDRLEN ||
         *(const guint8 *) mnl_nlmsg_get_payload (message) == family;
}

gboolean
aionet_netlink_tables_add_message (AionetNetlinkTables   *self,
                                   const struct nlmsghdr *message,
                                   guint8                 family)
{
  gboolean well_formed = TRUE;

  self->n_messages++;
  if (!is_of_family (message, family))
    return TRUE;
  if (message->nlmsg_type == RTM_NEWLINK)
    well_formed = add_link (self, message);
  else if (message->nlmsg_type == RTM_NEWADDR)
    well_formed = add_address (self, message);
  else if (message->nlmsg_type == RTM_NEWROUTE)
    well_formed = aionet_netlink_tables_add_route (self, message);
  else if (message->nlmsg_type == RTM_NEWRULE)
    well_formed = aionet_netlink_tables_add_rule (self, message);

  self->n_malformed += well_formed ? 0 : 1;
  return well_formed;
}

void
aionet_netlink_tables_add_bytes (AionetNetlinkTables *self, AionetNetlinkBytes bytes)
{
  const struct nlmsghdr *message = NULL;

  while ((message = aionet_netlink_bytes_next_message (&bytes)) != NULL)
    aionet_netlink_tables_add_message (self, message, AF_UNSPEC);
  self->n_malformed += bytes.size > 0 ? 1 : 0;
}
