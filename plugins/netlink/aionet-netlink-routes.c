/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#include "config.h"

#include "aionet-netlink-routes.h"

#include <libmnl/libmnl.h>
#include <linux/fib_rules.h>
#include <linux/rtnetlink.h>
#include <string.h>
#include <sys/socket.h>

/* Selectors newer than the headers this was compiled with are seen up to this number. */
#define RULE_ATTRIBUTES_MAX 63

/* A gateway of the other family (RFC 5549: IPv4 through an IPv6 router) comes as RTA_VIA: its
 * family in two bytes, then the address. */
static gboolean
read_via (const struct nlattr *attribute, AionetNetlinkRoute *route)
{
  const AionetNetlinkBytes bytes = aionet_netlink_attribute_get_bytes (attribute);
  const struct rtvia      *via = (const void *) bytes.data;
  gsize                    size = 0;

  if (attribute == NULL)
    return TRUE;
  if (bytes.size <= sizeof *via)
    return FALSE;
  size = aionet_netlink_family_get_size ((guint8) via->rtvia_family);
  if (size == 0 || bytes.size != sizeof *via + size)
    return FALSE;

  route->gateway_family = (guint8) via->rtvia_family;
  memcpy (route->gateway, via->rtvia_addr, size);
  return TRUE;
}

static gboolean
read_gateway (const struct nlattr **attributes, AionetNetlinkRoute *route)
{
  route->gateway_family = 0;
  if (!aionet_netlink_attribute_read_address (attributes[RTA_GATEWAY], route->family,
                                              route->gateway))
    return FALSE;
  if (attributes[RTA_GATEWAY] != NULL)
    route->gateway_family = route->family;
  return read_via (attributes[RTA_VIA], route);
}

static gboolean
walk_next_hops (AionetNetlinkBytes bytes, AionetNetlinkRoute *route, GArray *routes)
{
  while (bytes.size > 0)
    {
      const struct rtnexthop *hop = (const void *) bytes.data;
      const struct nlattr    *attributes[RTA_VIA + 1];
      AionetNetlinkBytes      body = { NULL, 0 };
      gsize                   aligned = 0;

      if (bytes.size < sizeof *hop || hop->rtnh_len < sizeof *hop || hop->rtnh_len > bytes.size)
        return FALSE;
      body.size = hop->rtnh_len - sizeof *hop;
      body.data = body.size > 0 ? bytes.data + sizeof *hop : NULL;
      if (hop->rtnh_ifindex < 0 || !aionet_netlink_bytes_parse (body, attributes, RTA_VIA) ||
          !read_gateway (attributes, route))
        return FALSE;

      route->index = (guint) hop->rtnh_ifindex;
      if (!(hop->rtnh_flags & RTNH_F_DEAD))
        g_array_append_val (routes, *route);
      aligned = MIN ((gsize) RTNH_ALIGN (hop->rtnh_len), bytes.size);
      bytes.data += aligned;
      bytes.size -= aligned;
    }
  return TRUE;
}

static gboolean
add_next_hops (AionetNetlinkTables  *self,
               const struct nlattr **attributes,
               guint                 flags,
               AionetNetlinkRoute   *route)
{
  const guint n_before = self->routes->len;
  guint32     index = 0;

  if (attributes[RTA_MULTIPATH] != NULL)
    {
      if (walk_next_hops (aionet_netlink_attribute_get_bytes (attributes[RTA_MULTIPATH]), route,
                          self->routes))
        return TRUE;
      g_array_set_size (self->routes, n_before);
      return FALSE;
    }

  if (!aionet_netlink_attribute_read_u32 (attributes[RTA_OIF], &index) ||
      !read_gateway (attributes, route))
    return FALSE;
  route->index = index;
  if (index != 0 && !(flags & RTNH_F_DEAD))
    g_array_append_val (self->routes, *route);
  return TRUE;
}

/* Default routes; and of the local table what no address brought with it (AnyIP). A local default
 * route (transparent proxies) makes everything local and names no address of this host. */
static gboolean
is_of_interest (const struct rtmsg *header, guint32 table)
{
  if (header->rtm_flags & RTM_F_CLONED)
    return FALSE;
  if (table == RT_TABLE_LOCAL)
    return header->rtm_type == RTN_LOCAL && header->rtm_protocol != RTPROT_KERNEL &&
           header->rtm_dst_len > 0;
  return header->rtm_type == RTN_UNICAST && header->rtm_dst_len == 0 && header->rtm_src_len == 0;
}

gboolean
aionet_netlink_tables_add_route (AionetNetlinkTables *self, const struct nlmsghdr *message)
{
  const struct rtmsg  *header = mnl_nlmsg_get_payload (message);
  const struct nlattr *attributes[RTA_VIA + 1];
  AionetNetlinkBytes   body = { NULL, 0 };
  AionetNetlinkRoute   route = { 0 };

  if (!aionet_netlink_message_get_body (message, sizeof *header, &body))
    return FALSE;
  /* Most of a large table ends here, before its attributes are looked at. */
  if (aionet_netlink_family_get_size (header->rtm_family) == 0 ||
      (header->rtm_table != RT_TABLE_COMPAT && !is_of_interest (header, header->rtm_table)))
    return TRUE;
  if (!aionet_netlink_bytes_parse (body, attributes, RTA_VIA))
    return FALSE;

  route.family = header->rtm_family;
  route.type = header->rtm_type;
  route.prefix_length = header->rtm_dst_len;
  route.table = header->rtm_table;
  if (!aionet_netlink_attribute_read_u32 (attributes[RTA_TABLE], &route.table) ||
      !aionet_netlink_attribute_read_u32 (attributes[RTA_PRIORITY], &route.metric) ||
      !aionet_netlink_attribute_read_address (attributes[RTA_DST], route.family,
                                              route.destination) ||
      route.prefix_length > aionet_netlink_family_get_size (route.family) * 8 ||
      (route.prefix_length > 0 && attributes[RTA_DST] == NULL))
    return FALSE;
  if (!is_of_interest (header, route.table))
    return TRUE;
  return add_next_hops (self, attributes, header->rtm_flags, &route);
}

static gboolean
has_any (const struct nlattr **attributes, guint first, guint last)
{
  for (guint i = first; i <= last; i++)
    if (attributes[i] != NULL)
      return TRUE;
  return FALSE;
}

/* Whether the rule, apart from the source address and the interface a socket is bound to, lets
 * ordinary traffic through that this host sends itself: not marked, not forwarded, of any user and
 * protocol. "Not marked so and so" (wg-quick) does, a rule for a mark does not. */
static gboolean
matches_own_traffic (const struct fib_rule_hdr *header, const struct nlattr **attributes)
{
  const gboolean is_inverted = (header->flags & FIB_RULE_INVERT) != 0;
  const gboolean has_mark = has_any (attributes, FRA_FWMARK, FRA_FWMARK);
  guint32        mark = 0;
  guint32        suppressed = G_MAXUINT32;
  char           incoming[IF_NAMESIZE] = "lo";

  aionet_netlink_attribute_read_u32 (attributes[FRA_FWMARK], &mark);
  aionet_netlink_attribute_read_u32 (attributes[FRA_SUPPRESS_PREFIXLEN], &suppressed);
  if (!aionet_netlink_attribute_read_text (attributes[FRA_IIFNAME], incoming, sizeof incoming))
    return FALSE;

  if (header->dst_len > 0 || header->tos != 0 || (int) suppressed >= 0 ||
      strcmp (incoming, "lo") != 0 || attributes[FRA_TUN_ID] != NULL ||
      attributes[FRA_L3MDEV] != NULL || attributes[FRA_UID_RANGE] != NULL ||
      has_any (attributes, FRA_IP_PROTO, RULE_ATTRIBUTES_MAX))
    return FALSE;
  if (is_inverted)
    return mark != 0 && header->src_len == 0 && attributes[FRA_OIFNAME] == NULL &&
           attributes[FRA_IIFNAME] == NULL;
  return !has_mark;
}

gboolean
aionet_netlink_tables_add_rule (AionetNetlinkTables *self, const struct nlmsghdr *message)
{
  const struct fib_rule_hdr *header = mnl_nlmsg_get_payload (message);
  const struct nlattr       *attributes[RULE_ATTRIBUTES_MAX + 1];
  AionetNetlinkBytes         body = { NULL, 0 };
  AionetNetlinkRule          rule = { 0 };

  if (!aionet_netlink_message_get_body (message, sizeof *header, &body) ||
      !aionet_netlink_bytes_parse (body, attributes, RULE_ATTRIBUTES_MAX))
    return FALSE;
  if (aionet_netlink_family_get_size (header->family) == 0)
    return TRUE;
  self->has_rules[header->family == AF_INET6] = TRUE;
  if (header->action != FR_ACT_TO_TBL)
    return TRUE;

  rule.family = header->family;
  rule.source_length = header->src_len;
  rule.table = header->table;
  if (!aionet_netlink_attribute_read_u32 (attributes[FRA_TABLE], &rule.table) ||
      !aionet_netlink_attribute_read_u32 (attributes[FRA_PRIORITY], &rule.priority) ||
      !aionet_netlink_attribute_read_address (attributes[FRA_SRC], rule.family, rule.source) ||
      !aionet_netlink_attribute_read_text (attributes[FRA_OIFNAME], rule.interface_name,
                                           sizeof rule.interface_name) ||
      rule.source_length > aionet_netlink_family_get_size (rule.family) * 8 ||
      (rule.source_length > 0 && attributes[FRA_SRC] == NULL))
    return FALSE;

  if (rule.table != RT_TABLE_LOCAL && rule.table != RT_TABLE_UNSPEC &&
      matches_own_traffic (header, attributes))
    g_array_append_val (self->rules, rule);
  return TRUE;
}
