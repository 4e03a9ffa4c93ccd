/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#include "config.h"

#include "aionet-netlink-links.h"

#include "aionet-netlink-message.h"

#include <linux/if_addr.h>
#include <linux/rtnetlink.h>
#include <net/if_arp.h>
#include <string.h>
#include <sys/socket.h>

/* net/if.h stops short of it, linux/if.h cannot be included beside it. */
#define LOWER_UP (1u << 16)

#ifndef ARPHRD_RAWIP
#define ARPHRD_RAWIP 519
#endif
#ifndef ARPHRD_IP6GRE
#define ARPHRD_IP6GRE 823
#endif

typedef struct
{
  const char    *name;
  AionetLinkKind kind;
} NamedKind;

static const NamedKind named_kinds[] = {
  { "veth", AIONET_LINK_KIND_VIRTUAL },         { "vlan", AIONET_LINK_KIND_VIRTUAL },
  { "macvlan", AIONET_LINK_KIND_VIRTUAL },      { "macvtap", AIONET_LINK_KIND_VIRTUAL },
  { "ipvlan", AIONET_LINK_KIND_VIRTUAL },       { "ipvtap", AIONET_LINK_KIND_VIRTUAL },
  { "dummy", AIONET_LINK_KIND_VIRTUAL },        { "ifb", AIONET_LINK_KIND_VIRTUAL },
  { "vrf", AIONET_LINK_KIND_VIRTUAL },          { "macsec", AIONET_LINK_KIND_VIRTUAL },
  { "netkit", AIONET_LINK_KIND_VIRTUAL },       { "bridge", AIONET_LINK_KIND_BRIDGE },
  { "bond", AIONET_LINK_KIND_BRIDGE },          { "team", AIONET_LINK_KIND_BRIDGE },
  { "ppp", AIONET_LINK_KIND_POINT_TO_POINT },   { "wwan", AIONET_LINK_KIND_POINT_TO_POINT },
  { "rmnet", AIONET_LINK_KIND_POINT_TO_POINT }, { "tun", AIONET_LINK_KIND_TUNNEL },
  { "wireguard", AIONET_LINK_KIND_TUNNEL },     { "ovpn", AIONET_LINK_KIND_TUNNEL },
  { "gre", AIONET_LINK_KIND_TUNNEL },           { "gretap", AIONET_LINK_KIND_TUNNEL },
  { "erspan", AIONET_LINK_KIND_TUNNEL },        { "ip6gre", AIONET_LINK_KIND_TUNNEL },
  { "ip6gretap", AIONET_LINK_KIND_TUNNEL },     { "ip6erspan", AIONET_LINK_KIND_TUNNEL },
  { "ipip", AIONET_LINK_KIND_TUNNEL },          { "ip6tnl", AIONET_LINK_KIND_TUNNEL },
  { "sit", AIONET_LINK_KIND_TUNNEL },           { "vti", AIONET_LINK_KIND_TUNNEL },
  { "vti6", AIONET_LINK_KIND_TUNNEL },          { "xfrm", AIONET_LINK_KIND_TUNNEL },
  { "vxlan", AIONET_LINK_KIND_TUNNEL },         { "geneve", AIONET_LINK_KIND_TUNNEL },
  { "bareudp", AIONET_LINK_KIND_TUNNEL },       { "gtp", AIONET_LINK_KIND_TUNNEL },
  { "amt", AIONET_LINK_KIND_TUNNEL },
};

AionetLinkKind
aionet_netlink_link_get_kind (const AionetNetlinkLink *link)
{
  for (guint i = 0; i < G_N_ELEMENTS (named_kinds); i++)
    if (strcmp (link->kind, named_kinds[i].name) == 0)
      return named_kinds[i].kind;

  switch (link->hardware_type)
    {
    case ARPHRD_LOOPBACK:
      return AIONET_LINK_KIND_LOOPBACK;
    case ARPHRD_ETHER:
      return link->is_wireless ? AIONET_LINK_KIND_WIRELESS : AIONET_LINK_KIND_ETHERNET;
    case ARPHRD_PPP:
    case ARPHRD_SLIP:
    case ARPHRD_RAWIP:
      return AIONET_LINK_KIND_POINT_TO_POINT;
    case ARPHRD_TUNNEL:
    case ARPHRD_TUNNEL6:
    case ARPHRD_SIT:
    case ARPHRD_IPGRE:
    case ARPHRD_IP6GRE:
    case ARPHRD_NONE:
      return AIONET_LINK_KIND_TUNNEL;
    default:
      return AIONET_LINK_KIND_OTHER;
    }
}

/* text: three characters for each byte of the longest address there is. */
static const char *
write_hardware_address (const AionetNetlinkLink *link, char *text)
{
  static const char digits[] = "0123456789abcdef";
  char             *end = text;

  if (link->hardware_address_length == 0)
    return NULL;
  for (guint i = 0; i < link->hardware_address_length; i++)
    {
      *end++ = digits[link->hardware_address[i] >> 4];
      *end++ = digits[link->hardware_address[i] & 15];
      *end++ = ':';
    }
  end[-1] = '\0';
  return text;
}

static AionetLink *
build_link (const AionetNetlinkLink *record)
{
  char             text[3 * sizeof record->hardware_address];
  g_autofree char *name = g_utf8_make_valid (record->name, -1);
  AionetLink      *link = aionet_link_new (name, record->index);

  aionet_link_set_hardware_address (link, write_hardware_address (record, text));
  aionet_link_set_mtu (link, record->mtu);
  aionet_link_set_kind (link, aionet_netlink_link_get_kind (record));
  aionet_link_set_is_up (link, (record->flags & IFF_UP) != 0 && (record->flags & LOWER_UP) != 0);
  return link;
}

static GInetAddress *
build_inet_address (guint8 family, const guint8 *bytes)
{
  return g_inet_address_new_from_bytes (bytes, family == AF_INET ? G_SOCKET_FAMILY_IPV4
                                                                 : G_SOCKET_FAMILY_IPV6);
}

static AionetIpRange *
build_range (AionetLink *link, guint8 family, const guint8 *bytes, guint prefix_length)
{
  const gboolean is_scoped = family == AF_INET6 && bytes[0] == 0xfe && (bytes[1] & 0xc0) == 0x80;

  return aionet_ip_range_new_from_bytes (bytes, aionet_netlink_family_get_size (family),
                                         prefix_length,
                                         is_scoped ? aionet_link_get_name (link) : NULL);
}

/* An optimistic address (RFC 4429) is still being checked, yet may be used. */
static AionetAddressFlags
convert_flags (guint32 flags)
{
  AionetAddressFlags result = AIONET_ADDRESS_FLAGS_NONE;

  if (flags & IFA_F_TEMPORARY)
    result |= AIONET_ADDRESS_FLAGS_TEMPORARY;
  if (flags & IFA_F_DEPRECATED)
    result |= AIONET_ADDRESS_FLAGS_DEPRECATED;
  if ((flags & IFA_F_DADFAILED) ||
      (flags & (IFA_F_TENTATIVE | IFA_F_OPTIMISTIC)) == IFA_F_TENTATIVE)
    result |= AIONET_ADDRESS_FLAGS_TENTATIVE;
  return result;
}

/* NULL for a link that appeared between two dumps of one listing; its event makes for a new one. */
static AionetLink *
lookup_link (AionetNetlinkTables *self, GHashTable *links, guint index)
{
  AionetLink *link = g_hash_table_lookup (links, GUINT_TO_POINTER (index));

  self->n_strays += link == NULL ? 1 : 0;
  return link;
}

static void
add_addresses (AionetNetlinkTables *self, GHashTable *links)
{
  for (guint i = 0; i < self->addresses->len; i++)
    {
      const AionetNetlinkAddress *record =
          &g_array_index (self->addresses, AionetNetlinkAddress, i);
      AionetLink *link = lookup_link (self, links, record->index);

      if (link != NULL)
        {
          g_autoptr (AionetIpRange) range =
              build_range (link, record->family, record->bytes, record->prefix_length);

          aionet_link_add_address (link, range, convert_flags (record->flags));
        }
    }
}

static guint
hash_address (gconstpointer data)
{
  const AionetNetlinkAddress *address = data;
  guint                       hash = address->family;

  for (guint i = 0; i < sizeof address->bytes; i++)
    hash = hash * 31 + address->bytes[i];
  return hash;
}

static gboolean
equal_addresses (gconstpointer a, gconstpointer b)
{
  const AionetNetlinkAddress *address_a = a;
  const AionetNetlinkAddress *address_b = b;

  return address_a->family == address_b->family &&
         memcmp (address_a->bytes, address_b->bytes, sizeof address_a->bytes) == 0;
}

/* own: (inout) (nullable): made for the first that asks, since few hosts have such routes. */
static gboolean
is_own_address (AionetNetlinkTables *self, const AionetNetlinkRoute *route, GHashTable **own)
{
  AionetNetlinkAddress key = { .family = route->family };

  if (route->prefix_length < aionet_netlink_family_get_size (route->family) * 8)
    return FALSE;
  if (*own == NULL)
    {
      *own = g_hash_table_new (hash_address, equal_addresses);
      for (guint i = 0; i < self->addresses->len; i++)
        g_hash_table_add (*own, &g_array_index (self->addresses, AionetNetlinkAddress, i));
    }
  memcpy (key.bytes, route->destination, sizeof key.bytes);
  return g_hash_table_contains (*own, &key);
}

static void
add_blocks (AionetNetlinkTables *self, GHashTable *links)
{
  g_autoptr (GHashTable) own = NULL;

  for (guint i = 0; i < self->routes->len; i++)
    {
      const AionetNetlinkRoute *route = &g_array_index (self->routes, AionetNetlinkRoute, i);
      AionetLink               *link = NULL;

      if (route->type != RTN_LOCAL || is_own_address (self, route, &own))
        continue;
      link = lookup_link (self, links, route->index);
      if (link != NULL)
        {
          g_autoptr (AionetIpRange) range =
              build_range (link, route->family, route->destination, route->prefix_length);

          aionet_link_add_block (link, range);
        }
    }
}

static void
add_gateway (AionetLink *link, const AionetNetlinkRoute *route, const AionetNetlinkRule *rule)
{
  g_autoptr (GInetAddress) address = NULL;
  g_autoptr (AionetIpRange) source = NULL;
  g_autoptr (AionetGateway) gateway = NULL;

  if (route->gateway_family != 0)
    address = build_inet_address (route->gateway_family, route->gateway);
  if (rule->source_length > 0)
    source = aionet_ip_range_new_from_bytes (
        rule->source, aionet_netlink_family_get_size (rule->family), rule->source_length, NULL);
  gateway =
      aionet_gateway_new (route->family == AF_INET ? G_SOCKET_FAMILY_IPV4 : G_SOCKET_FAMILY_IPV6,
                          address, route->metric, route->table, source);
  aionet_link_add_gateway (link, gateway);
}

static void
add_gateways_of_rule (AionetNetlinkTables *self, GHashTable *links, const AionetNetlinkRule *rule)
{
  for (guint i = 0; i < self->routes->len; i++)
    {
      const AionetNetlinkRoute *route = &g_array_index (self->routes, AionetNetlinkRoute, i);
      AionetLink               *link = NULL;

      if (route->type != RTN_UNICAST || route->family != rule->family ||
          route->table != rule->table)
        continue;
      link = lookup_link (self, links, route->index);
      if (link != NULL && (rule->interface_name[0] == '\0' ||
                           strcmp (rule->interface_name, aionet_link_get_name (link)) == 0))
        add_gateway (link, route, rule);
    }
}

static int
compare_rules (gconstpointer a, gconstpointer b)
{
  const AionetNetlinkRule *rule_a = a;
  const AionetNetlinkRule *rule_b = b;

  return rule_a->priority < rule_b->priority ? -1 : rule_a->priority > rule_b->priority;
}

/* A kernel without policy routing has no rules to dump and looks in the main table. */
static void
add_missing_rule (AionetNetlinkTables *self, guint8 family)
{
  const AionetNetlinkRule rule = { .family = family, .priority = 32766, .table = RT_TABLE_MAIN };

  if (!self->has_rules[family == AF_INET6])
    g_array_append_val (self->rules, rule);
}

static void
add_gateways (AionetNetlinkTables *self, GHashTable *links)
{
  add_missing_rule (self, AF_INET);
  add_missing_rule (self, AF_INET6);
  g_array_sort (self->rules, compare_rules);
  for (guint i = 0; i < self->rules->len; i++)
    add_gateways_of_rule (self, links, &g_array_index (self->rules, AionetNetlinkRule, i));
}

GListModel *
aionet_netlink_tables_build_links (AionetNetlinkTables *self)
{
  g_autoptr (GHashTable) by_index = g_hash_table_new (NULL, NULL);
  g_autoptr (GPtrArray) links = g_ptr_array_new_with_free_func (g_object_unref);
  GListStore *store = g_list_store_new (AIONET_TYPE_LINK);

  for (guint i = 0; i < self->links->len; i++)
    {
      const AionetNetlinkLink *record = &g_array_index (self->links, AionetNetlinkLink, i);

      if (g_hash_table_contains (by_index, GUINT_TO_POINTER (record->index)))
        continue;
      g_ptr_array_add (links, build_link (record));
      g_hash_table_insert (by_index, GUINT_TO_POINTER (record->index),
                           g_ptr_array_index (links, links->len - 1));
    }
  add_addresses (self, by_index);
  add_blocks (self, by_index);
  add_gateways (self, by_index);
  if (self->n_strays > 0)
    g_debug ("Left out %u addresses, blocks or gateways of links not listed", self->n_strays);

  g_list_store_splice (store, 0, 0, links->pdata, links->len);
  return G_LIST_MODEL (store);
}
