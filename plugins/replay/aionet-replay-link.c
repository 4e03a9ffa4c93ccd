/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#include "config.h"

#include "aionet-replay-link.h"

#define MAIN_TABLE 254

static const char *const link_members[] = { "name",     "index", "hardware_address", "mtu",
                                            "kind",     "is_up", "addresses",        "blocks",
                                            "gateways", NULL };
static const char *const address_members[] = { "ip", "cidr", "af", "flags", NULL };
static const char *const range_members[] = { "ip", "cidr", "af", NULL };
static const char *const gateway_members[] = { "af", "address", "metric", "table", "source", NULL };

/* The guide's form of a range: {ip, cidr, af}; cidr and af follow from ip when they are not there.
 */
static AionetIpRange *
read_range (AionetReplayReader *self, const char *scope_name, GError **error)
{
  g_autoptr (GInetAddress) address = NULL;
  GSocketFamily family = G_SOCKET_FAMILY_INVALID;
  guint         width = 0;
  guint         length = 0;

  if (!aionet_replay_reader_get_address (self, "ip", TRUE, &address, error) ||
      !aionet_replay_reader_get_family (self, "af", &family, error))
    return NULL;
  if (family != G_SOCKET_FAMILY_INVALID && family != g_inet_address_get_family (address))
    {
      aionet_replay_reader_refuse (self, "af", "is not the family of the address", error);
      return NULL;
    }
  width = g_inet_address_get_native_size (address) * 8;
  length = width;
  if (!aionet_replay_reader_get_uint (self, "cidr", 0, width, &length, error))
    return NULL;
  return aionet_ip_range_new_scoped (
      address, length,
      g_inet_address_get_is_link_local (address) && width == 128 ? scope_name : NULL);
}

static gboolean
add_address (JsonNode *node, const char *path, gpointer user_data, GError **error)
{
  AionetLink        *link = user_data;
  AionetReplayReader reader = { NULL, NULL };
  g_autoptr (AionetIpRange) range = NULL;
  guint flags = 0;

  if (!aionet_replay_reader_open (&reader, node, path, address_members, error) ||
      !aionet_replay_reader_get_flags (&reader, "flags", AIONET_TYPE_ADDRESS_FLAGS, &flags, error))
    return FALSE;
  range = read_range (&reader, aionet_link_get_name (link), error);
  if (range == NULL)
    return FALSE;
  aionet_link_add_address (link, range, flags);
  return TRUE;
}

static gboolean
add_block (JsonNode *node, const char *path, gpointer user_data, GError **error)
{
  AionetLink        *link = user_data;
  AionetReplayReader reader = { NULL, NULL };
  g_autoptr (AionetIpRange) range = NULL;

  if (!aionet_replay_reader_open (&reader, node, path, range_members, error))
    return FALSE;
  range = read_range (&reader, aionet_link_get_name (link), error);
  if (range == NULL)
    return FALSE;
  aionet_link_add_block (link, range);
  return TRUE;
}

static gboolean
read_source (AionetReplayReader *gateway, AionetIpRange **source, GError **error)
{
  JsonNode          *node = json_object_get_member (gateway->object, "source");
  g_autofree char   *path = g_strconcat (gateway->path, ".source", NULL);
  AionetReplayReader reader = { NULL, NULL };

  if (node == NULL || JSON_NODE_HOLDS_NULL (node))
    return TRUE;
  if (!aionet_replay_reader_open (&reader, node, path, range_members, error))
    return FALSE;
  *source = read_range (&reader, NULL, error);
  return *source != NULL;
}

static gboolean
add_gateway (JsonNode *node, const char *path, gpointer user_data, GError **error)
{
  AionetLink        *link = user_data;
  AionetReplayReader reader = { NULL, NULL };
  g_autoptr (GInetAddress) address = NULL;
  g_autoptr (AionetIpRange) source = NULL;
  g_autoptr (AionetGateway) gateway = NULL;
  GSocketFamily family = G_SOCKET_FAMILY_INVALID;
  guint         metric = 0;
  guint         table = MAIN_TABLE;

  if (!aionet_replay_reader_open (&reader, node, path, gateway_members, error) ||
      !aionet_replay_reader_get_address (&reader, "address", FALSE, &address, error) ||
      !aionet_replay_reader_get_family (&reader, "af", &family, error) ||
      !aionet_replay_reader_get_uint (&reader, "metric", 0, G_MAXUINT, &metric, error) ||
      !aionet_replay_reader_get_uint (&reader, "table", 0, G_MAXUINT, &table, error) ||
      !read_source (&reader, &source, error))
    return FALSE;

  /* They may differ: IPv4 through an IPv6 router. */
  if (family == G_SOCKET_FAMILY_INVALID && address != NULL)
    family = g_inet_address_get_family (address);
  if (family == G_SOCKET_FAMILY_INVALID)
    return aionet_replay_reader_refuse (&reader, "af", "is missing", error);
  if (source != NULL && aionet_ip_range_get_family (source) != family)
    return aionet_replay_reader_refuse (&reader, "source", "is of another family", error);

  gateway = aionet_gateway_new (family, address, metric, table, source);
  aionet_link_add_gateway (link, gateway);
  return TRUE;
}

static gboolean
read_facts (AionetReplayReader *reader, AionetLink *link, GError **error)
{
  const char *hardware_address = NULL;
  guint       mtu = 1500;
  int         kind = AIONET_LINK_KIND_OTHER;
  gboolean    is_up = TRUE;

  if (!aionet_replay_reader_get_string (reader, "hardware_address", FALSE, &hardware_address,
                                        error) ||
      !aionet_replay_reader_get_uint (reader, "mtu", 0, G_MAXINT, &mtu, error) ||
      !aionet_replay_reader_get_enum (reader, "kind", AIONET_TYPE_LINK_KIND, &kind, error) ||
      !aionet_replay_reader_get_boolean (reader, "is_up", &is_up, error))
    return FALSE;

  g_object_set (link, "hardware-address", hardware_address, "mtu", mtu, "kind", kind, "is-up",
                is_up, NULL);
  return hardware_address == NULL || aionet_link_get_hardware_address (link) != NULL ||
         aionet_replay_reader_refuse (reader, "hardware_address", "is no hardware address", error);
}

AionetLink *
aionet_replay_link_read (JsonNode *node, const char *path, guint default_index, GError **error)
{
  g_autoptr (AionetLink) link = NULL;
  AionetReplayReader reader = { NULL, NULL };
  const char        *name = NULL;
  guint              index = default_index;

  if (!aionet_replay_reader_open (&reader, node, path, link_members, error) ||
      !aionet_replay_reader_get_string (&reader, "name", TRUE, &name, error) ||
      !aionet_replay_reader_get_uint (&reader, "index", 1, G_MAXINT, &index, error))
    return NULL;

  link = aionet_link_new (name, index);
  if (!read_facts (&reader, link, error) ||
      !aionet_replay_reader_foreach (&reader, "addresses", add_address, link, error) ||
      !aionet_replay_reader_foreach (&reader, "blocks", add_block, link, error) ||
      !aionet_replay_reader_foreach (&reader, "gateways", add_gateway, link, error))
    return NULL;
  return g_steal_pointer (&link);
}
