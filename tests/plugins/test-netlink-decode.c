/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#include "config.h"

#include "aionet-netlink-decode.h"
#include "aionet-netlink-links.h"
#include "link-text.h"

#include <errno.h>
#include <libmnl/libmnl.h>
#include <linux/fib_rules.h>
#include <linux/if_link.h>
#include <linux/rtnetlink.h>
#include <net/if_arp.h>
#include <string.h>
#include <sys/socket.h>

/* host.bin is what a kernel said of the host in netlink/record.py. */

typedef struct
{
  guint8 *data;
  gsize   size;
} Recording;

static Recording
load_recording (void)
{
  g_autofree char *path =
      g_test_build_filename (G_TEST_DIST, "plugins", "netlink", "host.bin", NULL);
  g_autoptr (GError) error = NULL;
  Recording recording = { NULL, 0 };

  g_file_get_contents (path, (char **) &recording.data, &recording.size, &error);
  g_assert_no_error (error);
  return recording;
}

static GListModel *
decode (const guint8 *data, gsize size, guint *n_malformed)
{
  g_autoptr (AionetNetlinkTables) tables = aionet_netlink_tables_new ();

  aionet_netlink_tables_add_bytes (tables, (AionetNetlinkBytes){ data, size });
  if (n_malformed != NULL)
    *n_malformed = tables->n_malformed;
  return aionet_netlink_tables_build_links (tables);
}

static GListModel *
load_links (void)
{
  Recording   recording = load_recording ();
  guint       n_malformed = 1;
  GListModel *links = decode (recording.data, recording.size, &n_malformed);

  g_assert_cmpuint (n_malformed, ==, 0);
  g_free (recording.data);
  return links;
}

static void
test_links (void)
{
  g_autoptr (GListModel) links = load_links ();
  AionetLink *eth0 = NULL;

  g_test_summary ("A recorded dump gives the links of its host with all their facts");

  g_assert_cmpuint (g_list_model_get_n_items (links), ==, 5);

  eth0 = find_link (links, "eth0");
  g_assert_cmpuint (aionet_link_get_index (eth0), ==, 10);
  g_assert_cmpuint (aionet_link_get_mtu (eth0), ==, 1400);
  g_assert_cmpstr (aionet_link_get_hardware_address (eth0), ==, "02:00:00:00:00:0a");
  g_assert_cmpint (aionet_link_get_kind (eth0), ==, AIONET_LINK_KIND_VIRTUAL);
  g_assert_true (aionet_link_get_is_up (eth0));

  g_assert_cmpint (aionet_link_get_kind (find_link (links, "lo")), ==, AIONET_LINK_KIND_LOOPBACK);
  g_assert_cmpint (aionet_link_get_kind (find_link (links, "br0")), ==, AIONET_LINK_KIND_BRIDGE);
  g_assert_cmpint (aionet_link_get_kind (find_link (links, "tun0")), ==, AIONET_LINK_KIND_TUNNEL);
  g_assert_null (aionet_link_get_hardware_address (find_link (links, "tun0")));
  g_assert_false (aionet_link_get_is_up (find_link (links, "br0")));
}

static void
test_addresses (void)
{
  g_autoptr (GListModel) links = load_links ();
  g_autofree char *eth0 = addresses_to_string (find_link (links, "eth0"));

  g_test_summary ("Addresses have prefix, scope and flags; peers and blocks are told apart");

  g_assert_cmpstr (eth0, ==,
                   "192.168.21.21 24 0; 193.168.0.0/16 16 0; 10.9.9.1 32 0; 192.168.21.22 24 1; "
                   "2001:db8:1::22 64 2; 2001:db8:1::21 64 0; fe80::21%eth0 64 0; "
                   "fe80::ff:fe00:a%eth0 64 4");
}

static void
test_blocks (void)
{
  g_autoptr (GListModel) links = load_links ();
  g_autofree char *eth0 = ranges_to_string (aionet_link_get_blocks (find_link (links, "eth0")));
  g_autofree char *lo = ranges_to_string (aionet_link_get_blocks (find_link (links, "lo")));

  g_test_summary ("Blocks are local routes that an operator made, on the link they name");

  g_assert_cmpstr (eth0, ==, "8.8.0.0/16");
  g_assert_cmpstr (lo, ==, "7.7.7.7 2001:db8:8::/48");
}

static void
test_gateways (void)
{
  g_autoptr (GListModel) links = load_links ();
  g_autofree char *eth0 = gateways_to_string (aionet_link_get_gateways (find_link (links, "eth0")));
  g_autofree char *lo = gateways_to_string (aionet_link_get_gateways (find_link (links, "lo")));

  g_test_summary ("Gateways: multipath, RTA_VIA, on-link, and those a rule leads to");

  g_assert_cmpstr (eth0, ==,
                   "4 192.168.21.3 0 1001 192.168.21.22; 4 192.168.21.1 5 254 *; "
                   "4 192.168.21.2 5 254 *; 4 fe80::1 7 254 *; 4 - 9 254 *; 6 fe80::1 100 254 *");
  g_assert_cmpstr (lo, ==, "");
}

/* Exactly as many bytes as there are, so that the sanitizer sees each one read too many. */
static void
decode_copy (const guint8 *data, gsize size, guint *n_malformed)
{
  g_autofree guint8 *copy = g_memdup2 (data, size);
  g_autoptr (GListModel) links = decode (copy, size, n_malformed);

  g_assert_cmpuint (g_list_model_get_n_items (links), <=, 5);
}

static void
test_truncated (void)
{
  Recording          recording = load_recording ();
  AionetNetlinkBytes rest = { recording.data, recording.size };
  g_autoptr (GHashTable) ends = g_hash_table_new (NULL, NULL);

  g_test_summary ("A dump cut off anywhere is malformed, unless cut between two messages");

  g_hash_table_add (ends, GSIZE_TO_POINTER (0));
  while (aionet_netlink_bytes_next_message (&rest) != NULL)
    g_hash_table_add (ends, GSIZE_TO_POINTER (recording.size - rest.size));
  for (gsize size = 0; size <= recording.size; size++)
    {
      guint n_malformed = 0;

      decode_copy (recording.data, size, &n_malformed);
      /* Up to three bytes of padding belong to nobody. */
      if (g_hash_table_contains (ends, GSIZE_TO_POINTER ((size + 3) & ~(gsize) 3)))
        g_assert_cmpuint (n_malformed, <=, 1);
      else
        g_assert_cmpuint (n_malformed, ==, 1);
      if (g_hash_table_contains (ends, GSIZE_TO_POINTER (size)))
        g_assert_cmpuint (n_malformed, ==, 0);
    }
  g_free (recording.data);
}

static void
test_flipped (void)
{
  Recording recording = load_recording ();
  guint     n_refused = 0;

  g_test_summary ("Random damage is refused or read as something else, and hurts nobody");

  for (guint i = 0; i < 3000; i++)
    {
      g_autofree guint8 *copy = g_memdup2 (recording.data, recording.size);
      g_autoptr (GListModel) links = NULL;
      const guint n_flips = (guint) g_test_rand_int_range (1, 20);
      guint       n_malformed = 0;

      for (guint j = 0; j < n_flips; j++)
        copy[g_test_rand_int_range (0, (gint32) recording.size)] ^=
            (guint8) (1 << g_test_rand_int_range (0, 8));
      links = decode (copy, recording.size, &n_malformed);
      n_refused += n_malformed > 0 ? 1 : 0;
    }
  g_assert_cmpuint (n_refused, >, 0);
  g_free (recording.data);
}

/* Messages made by hand. */
static struct nlmsghdr *
begin_message (guint8 *buffer, guint16 type, const void *header, gsize size)
{
  struct nlmsghdr *message = mnl_nlmsg_put_header (buffer);

  message->nlmsg_type = type;
  memcpy (mnl_nlmsg_put_extra_header (message, size), header, size);
  return message;
}

static void
test_hostile_lengths (void)
{
  /* What nlmsg_len claims; the bytes there are 64. */
  const guint32 lengths[] = { 0, 1, 15, 65, 0x7fffffff, 0x80000000, 0x80000010, 0xffffffff };

  g_test_summary ("A length that is smaller than the header or larger than the rest ends it all");

  for (guint i = 0; i < G_N_ELEMENTS (lengths); i++)
    {
      guint8          *data = g_malloc0 (64);
      struct nlmsghdr *message = (void *) data;
      guint            n_malformed = 0;
      g_autoptr (GListModel) links = NULL;

      message->nlmsg_len = lengths[i];
      message->nlmsg_type = RTM_NEWLINK;
      links = decode (data, 64, &n_malformed);
      g_assert_cmpuint (n_malformed, ==, 1);
      g_assert_cmpuint (g_list_model_get_n_items (links), ==, 0);
      g_free (data);
    }
}

static void
test_wrong_sizes (void)
{
  const struct ifinfomsg header = { .ifi_index = 7, .ifi_type = ARPHRD_ETHER };
  const char             long_name[] = "a-name-of-sixteen";
  struct
  {
    guint16     type;
    const void *data;
    guint16     size;
  } rows[] = {
    { IFLA_MTU, "\1\2\3", 3 },
    { IFLA_MTU, "\1\2\3\4\5", 5 },
    { IFLA_MTU, "", 0 },
    { IFLA_IFNAME, long_name, sizeof long_name },
    { IFLA_IFNAME, "", 0 },
    { IFLA_IFNAME, "\0\0\0", 4 },
    { IFLA_ADDRESS, long_name, 17 },
    { IFLA_LINKINFO, "\x40\0\1\0vet", 7 },
    { IFLA_LINKINFO, "\3\0\1\0", 4 },
  };

  g_test_summary ("An attribute of the wrong size refuses its message, which is counted");

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      guint8           buffer[512] = { 0 };
      struct nlmsghdr *message = begin_message (buffer, RTM_NEWLINK, &header, sizeof header);
      guint            n_malformed = 0;
      g_autoptr (GListModel) links = NULL;

      mnl_attr_put_strz (message, IFLA_IFNAME, "eth7");
      mnl_attr_put (message, rows[i].type, rows[i].size, rows[i].data);
      links = decode (buffer, message->nlmsg_len, &n_malformed);
      /* A hardware address of 17 bytes is odd, not malformed. */
      g_assert_cmpuint (n_malformed, ==, rows[i].type == IFLA_ADDRESS ? 0 : 1);
      g_assert_cmpuint (g_list_model_get_n_items (links), ==, 1 - n_malformed);
    }
}

static void
test_unknown_attributes (void)
{
  const struct ifinfomsg header = { .ifi_index = 7, .ifi_type = ARPHRD_ETHER };
  guint8                 buffer[512] = { 0 };
  struct nlmsghdr       *message = begin_message (buffer, RTM_NEWLINK, &header, sizeof header);
  guint                  n_malformed = 0;
  g_autoptr (GListModel) links = NULL;

  g_test_summary ("Attributes and messages nobody knows yet are passed over");

  mnl_attr_put_strz (message, 0x3ff0, "from the future");
  mnl_attr_put_strz (message, IFLA_IFNAME, "eth7");
  links = decode (buffer, message->nlmsg_len, &n_malformed);
  g_assert_cmpuint (n_malformed, ==, 0);
  g_assert_cmpint (aionet_link_get_kind (find_link (links, "eth7")), ==, AIONET_LINK_KIND_ETHERNET);

  g_clear_object (&links);
  message->nlmsg_type = 4711;
  links = decode (buffer, message->nlmsg_len, &n_malformed);
  g_assert_cmpuint (n_malformed, ==, 0);
  g_assert_cmpuint (g_list_model_get_n_items (links), ==, 0);
}

typedef struct
{
  const char *name;
  guint8      action;
  guint8      dst_len;
  guint8      tos;
  guint32     flags;
  guint16     type; /* 0: none */
  const char *data;
  guint16     size;
  guint       want; /* rules that are followed */
} RuleRow;

static const RuleRow rule_rows[] = {
  { "all", FR_ACT_TO_TBL, 0, 0, 0, 0, NULL, 0, 1 },
  { "unreachable", FR_ACT_UNREACHABLE, 0, 0, 0, 0, NULL, 0, 0 },
  { "tos", FR_ACT_TO_TBL, 0, 8, 0, 0, NULL, 0, 0 },
  { "mark", FR_ACT_TO_TBL, 0, 0, 0, FRA_FWMARK, "\5\0\0\0", 4, 0 },
  { "not mark", FR_ACT_TO_TBL, 0, 0, FIB_RULE_INVERT, FRA_FWMARK, "\5\0\0\0", 4, 1 },
  { "nothing inverted", FR_ACT_TO_TBL, 0, 0, FIB_RULE_INVERT, 0, NULL, 0, 0 },
  { "suppressed", FR_ACT_TO_TBL, 0, 0, 0, FRA_SUPPRESS_PREFIXLEN, "\0\0\0\0", 4, 0 },
  { "not suppressed", FR_ACT_TO_TBL, 0, 0, 0, FRA_SUPPRESS_PREFIXLEN, "\377\377\377\377", 4, 1 },
  { "forwarded", FR_ACT_TO_TBL, 0, 0, 0, FRA_IIFNAME, "eth0", 5, 0 },
  { "own", FR_ACT_TO_TBL, 0, 0, 0, FRA_IIFNAME, "lo", 3, 1 },
  { "out", FR_ACT_TO_TBL, 0, 0, 0, FRA_OIFNAME, "eth0", 5, 1 },
  { "users", FR_ACT_TO_TBL, 0, 0, 0, FRA_UID_RANGE, "\0\0\0\0\0\0\0\0", 8, 0 },
  { "protocol", FR_ACT_TO_TBL, 0, 0, 0, FRA_IP_PROTO, "\6", 1, 0 },
  { "future selector", FR_ACT_TO_TBL, 0, 0, 0, 26, "\6", 1, 0 },
};

static void
test_rules (void)
{
  g_test_summary ("A rule is followed when this host's ordinary traffic matches it");

  for (guint i = 0; i < G_N_ELEMENTS (rule_rows); i++)
    {
      const RuleRow            *row = &rule_rows[i];
      const struct fib_rule_hdr header = { .family = AF_INET,
                                           .dst_len = row->dst_len,
                                           .tos = row->tos,
                                           .table = 100,
                                           .action = row->action,
                                           .flags = row->flags };
      guint8                    buffer[512] = { 0 };
      struct nlmsghdr *message = begin_message (buffer, RTM_NEWRULE, &header, sizeof header);
      g_autoptr (AionetNetlinkTables) tables = aionet_netlink_tables_new ();

      if (row->type != 0)
        mnl_attr_put (message, row->type, row->size, row->data);
      g_test_message ("%s", row->name);
      g_assert_true (aionet_netlink_tables_add_message (tables, message, AF_UNSPEC));
      g_assert_cmpuint (tables->rules->len, ==, row->want);
      g_assert_true (tables->has_rules[0]);
      g_assert_false (tables->has_rules[1]);
    }
}

static void
test_dead_next_hop (void)
{
  const struct rtmsg header = { .rtm_family = AF_INET,
                                .rtm_table = RT_TABLE_MAIN,
                                .rtm_type = RTN_UNICAST };
  guint8             buffer[512] = { 0 };
  struct nlmsghdr   *message = begin_message (buffer, RTM_NEWROUTE, &header, sizeof header);
  struct rtnexthop   hops[3] = {
      { .rtnh_len = sizeof hops[0], .rtnh_ifindex = 2 },
      { .rtnh_len = sizeof hops[0], .rtnh_flags = RTNH_F_DEAD, .rtnh_ifindex = 3 },
      { .rtnh_len = sizeof hops[0] - 1, .rtnh_ifindex = 4 }
  };
  g_autoptr (AionetNetlinkTables) tables = aionet_netlink_tables_new ();

  g_test_summary ("Dead next hops lead nowhere; one malformed next hop refuses all of them");

  mnl_attr_put (message, RTA_MULTIPATH, 2 * sizeof hops[0], hops);
  g_assert_true (aionet_netlink_tables_add_message (tables, message, AF_UNSPEC));
  g_assert_cmpuint (tables->routes->len, ==, 1);
  g_assert_cmpuint (g_array_index (tables->routes, AionetNetlinkRoute, 0).index, ==, 2);

  message = begin_message (buffer, RTM_NEWROUTE, &header, sizeof header);
  mnl_attr_put (message, RTA_MULTIPATH, sizeof hops, hops);
  g_assert_false (aionet_netlink_tables_add_message (tables, message, AF_UNSPEC));
  g_assert_cmpuint (tables->routes->len, ==, 1);
  g_assert_cmpuint (tables->n_malformed, ==, 1);
}

static void
test_errors (void)
{
  const struct nlmsgerr header = { .error = -ENOENT, .msg = { .nlmsg_len = 28 } };
  guint8                buffer[512] = { 0 };
  struct nlmsghdr      *message = begin_message (buffer, NLMSG_ERROR, &header, sizeof header);
  g_autofree char      *text = NULL;
  g_autofree char      *none = NULL;

  g_test_summary ("An error gives its number and, where there are any, the kernel's words");

  message->nlmsg_flags = NLM_F_CAPPED | NLM_F_ACK_TLVS;
  mnl_attr_put_strz (message, NLMSGERR_ATTR_MSG, "FIB table does not exist");
  g_assert_cmpint (aionet_netlink_message_get_error (message, &text), ==, ENOENT);
  g_assert_cmpstr (text, ==, "FIB table does not exist");

  /* It claims to quote more than there is. */
  message->nlmsg_flags = NLM_F_ACK_TLVS;
  ((struct nlmsgerr *) mnl_nlmsg_get_payload (message))->msg.nlmsg_len = 0xfffffff0;
  g_assert_cmpint (aionet_netlink_message_get_error (message, &none), ==, ENOENT);
  g_assert_null (none);
  message->nlmsg_len = NLMSG_HDRLEN + 3;
  g_assert_cmpint (aionet_netlink_message_get_error (message, &none), ==, EPROTO);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/aionet/netlink-decode/links", test_links);
  g_test_add_func ("/aionet/netlink-decode/addresses", test_addresses);
  g_test_add_func ("/aionet/netlink-decode/blocks", test_blocks);
  g_test_add_func ("/aionet/netlink-decode/gateways", test_gateways);
  g_test_add_func ("/aionet/netlink-decode/truncated", test_truncated);
  g_test_add_func ("/aionet/netlink-decode/flipped", test_flipped);
  g_test_add_func ("/aionet/netlink-decode/hostile-lengths", test_hostile_lengths);
  g_test_add_func ("/aionet/netlink-decode/wrong-sizes", test_wrong_sizes);
  g_test_add_func ("/aionet/netlink-decode/unknown-attributes", test_unknown_attributes);
  g_test_add_func ("/aionet/netlink-decode/rules", test_rules);
  g_test_add_func ("/aionet/netlink-decode/dead-next-hop", test_dead_next_hop);
  g_test_add_func ("/aionet/netlink-decode/errors", test_errors);
  return g_test_run ();
}
