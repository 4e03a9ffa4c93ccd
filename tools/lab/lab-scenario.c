/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#include "config.h"

#include "lab/lab-scenario.h"

#include <string.h>

/* ------------------------------------------------------------------ NATs */

#define EI AIONET_NAT_BEHAVIOR_ENDPOINT_INDEPENDENT
#define AD AIONET_NAT_BEHAVIOR_ADDRESS_DEPENDENT
#define APD AIONET_NAT_BEHAVIOR_ADDRESS_AND_PORT_DEPENDENT
#define NAT(mapping_, filtering_, delta_, ...)                                                     \
  {                                                                                                \
    .translates = TRUE, .mapping = mapping_, .filtering = filtering_,                              \
    .delta = AIONET_DELTA_TYPE_##delta_, __VA_ARGS__                                               \
  }

static const LabNat OPEN = { .mapping = EI,
                             .filtering = EI,
                             .delta = AIONET_DELTA_TYPE_NOT_APPLICABLE };
static const LabNat FIREWALL = { .mapping = EI,
                                 .filtering = APD,
                                 .delta = AIONET_DELTA_TYPE_NOT_APPLICABLE };
static const LabNat BLOCKED = { .delta = AIONET_DELTA_TYPE_NOT_APPLICABLE };

static const LabNat EI_EI = NAT (EI, EI, RANDOM);
static const LabNat EI_AD = NAT (EI, AD, RANDOM);
static const LabNat EI_APD = NAT (EI, APD, RANDOM);
static const LabNat AD_EI = NAT (AD, EI, RANDOM);
static const LabNat AD_AD = NAT (AD, AD, RANDOM);
static const LabNat AD_APD = NAT (AD, APD, RANDOM);
static const LabNat APD_EI = NAT (APD, EI, RANDOM);
static const LabNat APD_AD = NAT (APD, AD, RANDOM);
static const LabNat APD_APD = NAT (APD, APD, RANDOM);
static const LabNat HAIRPIN = NAT (EI, EI, RANDOM, .hairpins = TRUE);
static const LabNat SEQUENTIAL = NAT (APD, APD, INDEPENDENT, .delta_value = 1, .first_port = 5000);
static const LabNat EQUAL = NAT (EI, APD, EQUAL);
static const LabNat PRESERVING = NAT (EI, APD, PRESERVING);
static const LabNat PLUS_3 = NAT (EI, APD, INDEPENDENT, .delta_value = 3, .first_port = 5000);
static const LabNat MINUS_1 = NAT (EI, APD, INDEPENDENT, .delta_value = -1, .first_port = 30000);
/* Goes around the end of the number space within the first mappings. */
static const LabNat WRAPPING = NAT (EI, APD, INDEPENDENT, .delta_value = 2, .first_port = 65526);
static const LabNat DEPENDENT = NAT (EI, APD, DEPENDENT, .delta_value = 20);

/* ------------------------------------------------------------------ nodes and links */

#define CLIENT(...)                                                                                \
  {                                                                                                \
    .name = "client", .setup = __VA_ARGS__                                                         \
  }
#define ROUTER(name_, nat_, ...)                                                                   \
  {                                                                                                \
    .name = name_, .nat = nat_, .forwards = TRUE, .setup = __VA_ARGS__                             \
  }
#define WORLD(...)                                                                                 \
  {                                                                                                \
    .name = "world", .setup = __VA_ARGS__                                                          \
  }
#define LINK(node, interface, other_node, other_interface)                                         \
  {                                                                                                \
    .ends = { { node, interface }, { other_node, other_interface } }                               \
  }
#define OUTSIDE_LINK(node, interface, other_interface)                                             \
  {                                                                                                \
    .ends = { { node, interface }, { "world", other_interface } }, .outside = TRUE                 \
  }
#define CLIENT_NAT_WORLD                                                                           \
  {                                                                                                \
    LINK ("client", "eth0", "nat", "lan0"), OUTSIDE_LINK ("nat", "wan0", "net0")                   \
  }
#define CLIENT_WORLD                                                                               \
  {                                                                                                \
    OUTSIDE_LINK ("client", "eth0", "net0")                                                        \
  }

#define HOME_CLIENT                                                                                \
  "address add 192.168.21.21/24 dev eth0\n"                                                        \
  "route add default via 192.168.21.1\n"
#define HOME_LAN "address add 192.168.21.1/24 dev lan0\n"
#define HOME_WAN                                                                                   \
  "address add 1.3.3.7/24 dev wan0\n"                                                              \
  "route add default via 1.3.3.1\n"
#define HOME_NAT HOME_LAN HOME_WAN
#define HOME_WORLD "address add 1.3.3.1/24 dev net0\n"
#define PUBLIC_CLIENT                                                                              \
  "address add 1.3.3.7/24 dev eth0\n"                                                              \
  "route add default via 1.3.3.1\n"

#define HOME_CLIENT_IPV6                                                                           \
  "address add fe80::21/64 dev eth0 nodad\n"                                                       \
  "address add 2400:cafe:21::21/64 dev eth0 nodad\n"                                               \
  "route add default via fe80::1 dev eth0\n"
#define HOME_WAN_IPV6                                                                              \
  "address add 2400:cafe:7::7/64 dev wan0 nodad\n"                                                 \
  "route add default via 2400:cafe:7::1\n"
#define HOME_NAT_IPV6                                                                              \
  "address add fe80::1/64 dev lan0 nodad\n"                                                        \
  "address add 2400:cafe:21::1/64 dev lan0 nodad\n" HOME_WAN_IPV6
#define HOME_WORLD_IPV6                                                                            \
  "address add 2400:cafe:7::1/64 dev net0 nodad\n"                                                 \
  "route add 2400:cafe:21::/64 via 2400:cafe:7::7\n"
#define PROXY_ARP(interface)                                                                       \
  "net/ipv4/conf/" interface "/proxy_arp=1\n"                                                      \
  "net/ipv4/neigh/" interface "/proxy_delay=0\n"

/* The guide's home, behind any NAT. */
#define HOME(nat_)                                                                                 \
  .ipv4 = TRUE, .truth = &nat_, .links = CLIENT_NAT_WORLD,                                         \
  .nodes = { CLIENT (HOME_CLIENT), ROUTER ("nat", &nat_, HOME_NAT), WORLD (HOME_WORLD) }
/* The same for a NAT whose port formula has an end: the client keeps its own ports off it. */
#define HOME_WITH_PORTS(nat_, ports_)                                                              \
  .ipv4 = TRUE, .truth = &nat_, .links = CLIENT_NAT_WORLD,                                         \
  .nodes = { CLIENT (HOME_CLIENT, .sysctls = "net/ipv4/ip_local_port_range=" ports_ "\n"),         \
             ROUTER ("nat", &nat_, HOME_NAT), WORLD (HOME_WORLD) }
/* Behind the guide's NAT, with rules that keep packets from passing. */
#define HOME_THAT_BLOCKS(rules_)                                                                   \
  .ipv4 = TRUE, .truth = &BLOCKED, .links = CLIENT_NAT_WORLD,                                      \
  .nodes = { CLIENT (HOME_CLIENT),                                                                 \
             ROUTER ("nat", &EI_APD, HOME_NAT,                                                     \
                     .rules = "table inet pass { chain pass {\n"                                   \
                              "type filter hook forward priority filter;\n" rules_ "}\n}\n"),      \
             WORLD (HOME_WORLD) }
/* A NAT between whole addresses. */
#define ADDRESS_NAT(rules_)                                                                        \
  "table ip lab {\n"                                                                               \
  "chain out { type nat hook postrouting priority srcnat;\noifname wan0 " rules_ "}\n"             \
  "chain in { type filter hook input priority filter; iifname wan0 ct state new drop; }\n"         \
  "}\n"

/* ------------------------------------------------------------------ networks */

const LabScenario LAB_SCENARIOS[] = {
  {
      .name = "guide",
      .alias = "port-restricted",
      .summary = "192.168.21.21 behind 1.3.3.7: port-restricted NAT with random ports",
      HOME (EI_APD),
  },
  {
      .name = "open",
      .summary = "1.3.3.7 on the interface itself: no NAT, no firewall",
      .ipv4 = TRUE,
      .truth = &OPEN,
      .nodes = { CLIENT (PUBLIC_CLIENT), WORLD (HOME_WORLD) },
      .links = CLIENT_WORLD,
  },
  {
      .name = "udp-firewall",
      .summary = "1.3.3.7 on the interface itself, a firewall lets in only answers",
      .ipv4 = TRUE,
      .truth = &FIREWALL,
      /* Between two ends of one network, unseen: it answers for either on the other side. */
      .nodes = { CLIENT (PUBLIC_CLIENT),
                 ROUTER ("firewall",
                         &FIREWALL,
                         "address add 1.3.3.2/24 dev wan0\n"
                         "route add 1.3.3.7/32 dev lan0\n"
                         "route add default via 1.3.3.1\n",
                         .sysctls = PROXY_ARP ("lan0") PROXY_ARP ("wan0")),
                 WORLD (HOME_WORLD) },
      .links = { LINK ("client", "eth0", "firewall", "lan0"),
                 OUTSIDE_LINK ("firewall", "wan0", "net0") },
  },
  { .name = "full-cone",
    .alias = "ei-ei",
    .summary = "one mapping for all, anybody may use it",
    HOME (EI_EI) },
  { .name = "full-cone-hairpin",
    .summary = "as full-cone, and clients reach each other by outside addresses",
    HOME (HAIRPIN) },
  { .name = "address-restricted",
    .alias = "ei-ad",
    .summary = "one mapping for all, contacted addresses may use it",
    HOME (EI_AD) },
  { .name = "symmetric",
    .alias = "apd-apd",
    .summary = "a mapping for each address and port, random ports",
    HOME (APD_APD) },
  { .name = "symmetric-sequential",
    .summary = "a mapping for each address and port, each one port up",
    HOME (SEQUENTIAL) },
  { .name = "symmetric-address-dependent",
    .alias = "ad-apd",
    .summary = "a mapping for each address, random ports",
    HOME (AD_APD) },
  { .name = "ad-ei", .summary = "a mapping for each address, open to anybody", HOME (AD_EI) },
  { .name = "ad-ad", .summary = "a mapping for each address, open to that address", HOME (AD_AD) },
  { .name = "apd-ei",
    .summary = "a mapping for each address and port, open to anybody",
    HOME (APD_EI) },
  { .name = "apd-ad",
    .summary = "a mapping for each address and port, open to that address",
    HOME (APD_AD) },
  { .name = "equal-delta",
    .summary = "port-restricted, the outside port is the inside one",
    HOME (EQUAL) },
  { .name = "preserving-delta",
    .summary = "port-restricted, outside ports are as far apart as inside ones",
    HOME_WITH_PORTS (PRESERVING, "33792 60999") },
  { .name = "independent-delta",
    .summary = "port-restricted, each new mapping three ports up",
    HOME (PLUS_3) },
  { .name = "independent-delta-down",
    .summary = "port-restricted, each new mapping one port down",
    HOME (MINUS_1) },
  { .name = "independent-delta-wrap",
    .summary = "port-restricted, each new mapping two ports up, from 65535 on from 1",
    HOME (WRAPPING) },
  { .name = "dependent-delta",
    .summary = "port-restricted, twenty outside ports for one step of the inside port",
    HOME_WITH_PORTS (DEPENDENT, "40960 44159") },
  {
      .name = "cgnat",
      .summary = "a home router that keeps ports (100.64.0.7), and the provider's full cone",
      .ipv4 = TRUE,
      .truth = &EI_APD,
      .nodes = { CLIENT (HOME_CLIENT),
                 ROUTER ("nat",
                         &EQUAL,
                         HOME_LAN "address add 100.64.0.7/10 dev wan0\n"
                                  "route add default via 100.64.0.1\n"),
                 ROUTER ("carrier", &EI_EI, "address add 100.64.0.1/10 dev lan0\n" HOME_WAN),
                 WORLD (HOME_WORLD) },
      .links = { LINK ("client", "eth0", "nat", "lan0"), LINK ("nat", "wan0", "carrier", "lan0"),
                 OUTSIDE_LINK ("carrier", "wan0", "net0") },
  },
  {
      .name = "guide-example-1",
      .summary = "the guide's IPv4 example: blocks 193.168/16 (NAT) and 8.8/16 (public)",
      .ipv4 = TRUE,
      .truth = &EI_APD,
      .nodes = { CLIENT ("address add 192.168.0.20/24 dev eth0\n"
                         "route add local 193.168.0.0/16 dev eth0\n"
                         "address add 7.7.7.7/32 dev eth0\n"
                         "route add local 8.8.0.0/16 dev eth0\n"
                         "route add default via 192.168.0.1\n"),
                 ROUTER ("nat",
                         &EI_APD,
                         "address add 192.168.0.1/24 dev lan0\n" HOME_WAN
                         "route add 193.168.0.0/16 via 192.168.0.20\n"
                         "route add 7.7.7.7/32 via 192.168.0.20\n"
                         "route add 8.8.0.0/16 via 192.168.0.20\n",
                         .routed = "8.8.0.0/16"),
                 WORLD (HOME_WORLD "route add 8.8.0.0/16 via 1.3.3.7\n") },
      .links = CLIENT_NAT_WORLD,
  },
  {
      .name = "guide-example-2",
      .summary = "the guide's IPv6 example: 2020:deed:beef:: and the block 2020:deed:deed::/64",
      .ipv6 = TRUE,
      .truth = &OPEN,
      .nodes = { CLIENT ("address add fe80:deed:beef::/128 dev eth0 nodad\n"
                         "address add 2020:deed:beef::/128 dev eth0 nodad\n"
                         "route add local 2020:deed:deed::/64 dev eth0\n"
                         "route add default via fe80::1 dev eth0 onlink\n"),
                 ROUTER ("router",
                         NULL,
                         "address add fe80::1/64 dev lan0 nodad\n"
                         "address add 2020:1337::7/64 dev wan0 nodad\n"
                         "route add default via 2020:1337::1\n"
                         "route add 2020:deed:beef::/128 dev lan0\n"
                         "route add 2020:deed:deed::/64 via fe80:deed:beef:: dev lan0 onlink\n"),
                 WORLD ("address add 2020:1337::1/64 dev net0 nodad\n"
                        "route add 2020:deed::/32 via 2020:1337::7\n") },
      .links = { LINK ("client", "eth0", "router", "lan0"),
                 OUTSIDE_LINK ("router", "wan0", "net0") },
  },
  {
      .name = "dual-homed",
      .summary = "eth0 behind 1.3.3.7 with the default route, eth1 behind 5.5.5.5 without one",
      .ipv4 = TRUE,
      .truth = &EI_APD,
      .nodes = { CLIENT (HOME_CLIENT "address add 192.168.55.21/24 dev eth1\n"),
                 ROUTER ("nat", &EI_APD, HOME_NAT),
                 /* A socket pinned to eth1 finds no route and takes every address as on-link. */
                 ROUTER ("nat2",
                         &EI_APD,
                         "address add 192.168.55.1/24 dev lan0\n"
                         "address add 5.5.5.5/24 dev wan0\n"
                         "route add default via 5.5.5.1\n",
                         .sysctls = PROXY_ARP ("lan0")),
                 WORLD (HOME_WORLD "address add 5.5.5.1/24 dev net1\n") },
      .links = { LINK ("client", "eth0", "nat", "lan0"), LINK ("client", "eth1", "nat2", "lan0"),
                 OUTSIDE_LINK ("nat", "wan0", "net0"), OUTSIDE_LINK ("nat2", "wan0", "net1") },
  },
  {
      .name = "dual-stack",
      .summary = "IPv4 as in guide, IPv6 routed without NAT",
      .ipv4 = TRUE,
      .ipv6 = TRUE,
      .truth = &EI_APD,
      .nodes = { CLIENT (HOME_CLIENT HOME_CLIENT_IPV6),
                 ROUTER ("nat", &EI_APD, HOME_NAT HOME_NAT_IPV6),
                 WORLD (HOME_WORLD HOME_WORLD_IPV6) },
      .links = CLIENT_NAT_WORLD,
  },
  {
      .name = "ipv6-firewall",
      .summary = "2400:cafe:21::21 on the interface itself, a firewall lets in only answers",
      .ipv6 = TRUE,
      .truth = &FIREWALL,
      .nodes = { CLIENT (HOME_CLIENT_IPV6), ROUTER ("firewall", &FIREWALL, HOME_NAT_IPV6),
                 WORLD (HOME_WORLD_IPV6) },
      .links = { LINK ("client", "eth0", "firewall", "lan0"),
                 OUTSIDE_LINK ("firewall", "wan0", "net0") },
  },
  {
      .name = "nat66",
      .summary = "fd00:21::21 behind 2400:cafe:7::7: IPv6 with a NAT, no IPv4",
      .ipv6 = TRUE,
      .truth = &EI_APD,
      .nodes = { CLIENT ("address add fe80::21/64 dev eth0 nodad\n"
                         "address add fd00:21::21/64 dev eth0 nodad\n"
                         "route add default via fe80::1 dev eth0\n"),
                 ROUTER ("nat",
                         &EI_APD,
                         "address add fe80::1/64 dev lan0 nodad\n"
                         "address add fd00:21::1/64 dev lan0 nodad\n" HOME_WAN_IPV6),
                 WORLD ("address add 2400:cafe:7::1/64 dev net0 nodad\n") },
      .links = CLIENT_NAT_WORLD,
  },
  {
      .name = "two-subnets",
      .summary = "one interface, 192.168.21.21 behind 1.3.3.7 and, by policy route, 10.0.0.5 "
                 "behind 1.3.3.8",
      .ipv4 = TRUE,
      .truth = &EQUAL,
      .nodes = { CLIENT (HOME_CLIENT "address add 10.0.0.5/8 dev eth0\n"
                                     "route add default via 10.0.0.1 table 100\n"
                                     "rule add from 10.0.0.5 lookup 100\n"),
                 ROUTER ("nat",
                         NULL,
                         HOME_NAT "address add 10.0.0.1/8 dev lan0\n"
                                  "address add 1.3.3.8/24 dev wan0\n",
                         .rules = ADDRESS_NAT ("snat to ip saddr map { 10.0.0.0/8 : 1.3.3.8, "
                                               "192.168.21.0/24 : 1.3.3.7 }\n")),
                 WORLD (HOME_WORLD) },
      .links = CLIENT_NAT_WORLD,
  },
  {
      .name = "three-externals",
      .summary = "11.0.0.1, 11.0.0.2 and 11.0.0.3 mapped to 1.3.3.7, 1.3.3.8 and 1.3.3.9",
      .ipv4 = TRUE,
      .truth = &EQUAL,
      .nodes = { CLIENT ("address add 11.0.0.1/24 dev eth0\n"
                         "address add 11.0.0.2/24 dev eth0\n"
                         "address add 11.0.0.3/24 dev eth0\n"
                         "route add default via 11.0.0.254\n"),
                 ROUTER ("nat",
                         NULL,
                         "address add 11.0.0.254/24 dev lan0\n" HOME_WAN
                         "address add 1.3.3.8/24 dev wan0\n"
                         "address add 1.3.3.9/24 dev wan0\n",
                         .rules = ADDRESS_NAT ("snat to ip saddr map { 11.0.0.1 : 1.3.3.7, "
                                               "11.0.0.2 : 1.3.3.8, 11.0.0.3 : 1.3.3.9 }\n")),
                 WORLD (HOME_WORLD) },
      .links = CLIENT_NAT_WORLD,
  },
  {
      .name = "routed-block",
      .summary = "as guide, and the public block 1.3.4.8/29 (6 addresses) routed to the client",
      .ipv4 = TRUE,
      .truth = &EI_APD,
      .nodes = { CLIENT (HOME_CLIENT "route add local 1.3.4.8/29 dev eth0\n"),
                 ROUTER ("nat",
                         &EI_APD,
                         HOME_NAT "route add 1.3.4.8/29 via 192.168.21.21\n",
                         .routed = "1.3.4.8/29"),
                 WORLD (HOME_WORLD "route add 1.3.4.8/29 via 1.3.3.7\n") },
      .links = CLIENT_NAT_WORLD,
  },
  {
      .name = "private-external",
      .summary = "as guide, but the outside address 10.9.9.9 is private itself (a NAT in a NAT)",
      .ipv4 = TRUE,
      .truth = &EI_APD,
      .nodes = { CLIENT (HOME_CLIENT),
                 ROUTER ("nat",
                         &EI_APD,
                         HOME_LAN "address add 10.9.9.9/24 dev wan0\n"
                                  "route add default via 10.9.9.1\n"),
                 WORLD ("address add 10.9.9.1/24 dev net0\n") },
      .links = CLIENT_NAT_WORLD,
  },
  { .name = "udp-blocked",
    .summary = "as guide, but UDP is dropped without a word; TCP works",
    HOME_THAT_BLOCKS ("meta l4proto udp drop\n") },
  { .name = "udp-refused",
    .summary = "as guide, but UDP is refused by ICMP at once; TCP works",
    HOME_THAT_BLOCKS ("meta l4proto udp reject with icmp type port-unreachable\n") },
  { .name = "refused",
    .summary = "as guide, but UDP and TCP are both refused at once",
    HOME_THAT_BLOCKS ("meta l4proto udp reject with icmp type port-unreachable\n"
                      "meta l4proto tcp reject with tcp reset\n") },
  { .name = "no-internet",
    .summary = "addresses and a default route, but nothing ever answers",
    HOME_THAT_BLOCKS ("drop\n") },
  { NULL },
};

const LabScenario *
_lab_scenario_find (const char *name)
{
  for (const LabScenario *scenario = LAB_SCENARIOS; scenario->name != NULL; scenario++)
    if (strcmp (name, scenario->name) == 0 || g_strcmp0 (name, scenario->alias) == 0)
      return scenario;
  return NULL;
}
