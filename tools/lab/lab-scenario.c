/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#include "config.h"

#include "lab/lab-scenario.h"

#include <string.h>

/* The inside ports of a mapping (32768-60999) lie outside the range, so that each gets a random
 * outside port; the kernel keeps it for every destination, as it looks for a mapping of the same
 * source first. Nothing but answers comes in: port-restricted, random delta. */
#define MASQUERADE                                                                                 \
  "oifname wan0 meta l4proto { tcp, udp } masquerade to :1024-32767\n"                             \
  "oifname wan0 masquerade\n"

#define NAT_TABLE(family, rules)                                                                   \
  "table " family " lab {\n"                                                                       \
  "chain out { type nat hook postrouting priority srcnat;\n" rules "}\n"                           \
  "chain in { type filter hook input priority filter; iifname wan0 ct state new drop; }\n"         \
  "}\n"

#define PASS_TABLE(rules)                                                                          \
  "table inet pass { chain pass { type filter hook forward priority filter;\n" rules "}\n}\n"

#define HOME_CLIENT                                                                                \
  "address add 192.168.21.21/24 dev eth0\n"                                                        \
  "route add default via 192.168.21.1\n"
#define HOME_NAT                                                                                   \
  "address add 192.168.21.1/24 dev lan0\n"                                                         \
  "address add 1.3.3.7/24 dev wan0\n"                                                              \
  "route add default via 1.3.3.1\n"
#define HOME_WORLD "address add 1.3.3.1/24 dev net0\n"

#define CLIENT_NAT_WORLD                                                                           \
  {                                                                                                \
    { .ends = { { "client", "eth0" }, { "nat", "lan0" } } },                                       \
    {                                                                                              \
      .ends = { { "nat", "wan0" }, { "world", "net0" } }, .outside = TRUE                          \
    }                                                                                              \
  }

const LabScenario LAB_SCENARIOS[] = {
  {
      .name = "guide",
      .alias = "port-restricted",
      .summary = "192.168.21.21 behind 1.3.3.7: port-restricted NAT with random ports",
      .ipv4 = TRUE,
      .nodes = { { .name = "client", .setup = HOME_CLIENT },
                 { .name = "nat",
                   .forwards = TRUE,
                   .setup = HOME_NAT,
                   .rules = NAT_TABLE ("ip", MASQUERADE) },
                 { .name = "world", .setup = HOME_WORLD } },
      .links = CLIENT_NAT_WORLD,
  },
  {
      .name = "open",
      .summary = "1.3.3.7 on the interface itself: no NAT, no firewall",
      .ipv4 = TRUE,
      .nodes = { { .name = "client",
                   .setup = "address add 1.3.3.7/24 dev eth0\n"
                            "route add default via 1.3.3.1\n" },
                 { .name = "world", .setup = HOME_WORLD } },
      .links = { { .ends = { { "client", "eth0" }, { "world", "net0" } }, .outside = TRUE } },
  },
  {
      .name = "guide-example-1",
      .summary = "the guide's IPv4 example: blocks 193.168/16 (NAT) and 8.8/16 (public)",
      .ipv4 = TRUE,
      .nodes = { { .name = "client",
                   .setup = "address add 192.168.0.20/24 dev eth0\n"
                            "route add local 193.168.0.0/16 dev eth0\n"
                            "address add 7.7.7.7/32 dev eth0\n"
                            "route add local 8.8.0.0/16 dev eth0\n"
                            "route add default via 192.168.0.1\n" },
                 { .name = "nat",
                   .forwards = TRUE,
                   .setup = "address add 192.168.0.1/24 dev lan0\n"
                            "address add 1.3.3.7/24 dev wan0\n"
                            "route add default via 1.3.3.1\n"
                            "route add 193.168.0.0/16 via 192.168.0.20\n"
                            "route add 7.7.7.7/32 via 192.168.0.20\n"
                            "route add 8.8.0.0/16 via 192.168.0.20\n",
                   .rules = NAT_TABLE ("ip", "ip saddr 8.8.0.0/16 accept\n" MASQUERADE) },
                 { .name = "world", .setup = HOME_WORLD "route add 8.8.0.0/16 via 1.3.3.7\n" } },
      .links = CLIENT_NAT_WORLD,
  },
  {
      .name = "guide-example-2",
      .summary = "the guide's IPv6 example: 2020:deed:beef:: and the block 2020:deed:deed::/64",
      .ipv6 = TRUE,
      .nodes = { { .name = "client",
                   .setup = "address add fe80:deed:beef::/128 dev eth0 nodad\n"
                            "address add 2020:deed:beef::/128 dev eth0 nodad\n"
                            "route add local 2020:deed:deed::/64 dev eth0\n"
                            "route add default via fe80::1 dev eth0 onlink\n" },
                 { .name = "router",
                   .forwards = TRUE,
                   .setup =
                       "address add fe80::1/64 dev lan0 nodad\n"
                       "address add 2020:1337::7/64 dev wan0 nodad\n"
                       "route add default via 2020:1337::1\n"
                       "route add 2020:deed:beef::/128 dev lan0\n"
                       "route add 2020:deed:deed::/64 via fe80:deed:beef:: dev lan0 onlink\n" },
                 { .name = "world",
                   .setup = "address add 2020:1337::1/64 dev net0 nodad\n"
                            "route add 2020:deed::/32 via 2020:1337::7\n" } },
      .links = { { .ends = { { "client", "eth0" }, { "router", "lan0" } } },
                 { .ends = { { "router", "wan0" }, { "world", "net0" } }, .outside = TRUE } },
  },
  {
      .name = "dual-homed",
      .summary = "eth0 behind 1.3.3.7 with the default route, eth1 behind 5.5.5.5 without one",
      .ipv4 = TRUE,
      .nodes = { { .name = "client",
                   .setup = HOME_CLIENT "address add 192.168.55.21/24 dev eth1\n" },
                 { .name = "nat",
                   .forwards = TRUE,
                   .setup = HOME_NAT,
                   .rules = NAT_TABLE ("ip", MASQUERADE) },
                 /* A socket pinned to eth1 finds no route and takes every address as on-link. */
                 { .name = "nat2",
                   .forwards = TRUE,
                   .sysctls = "net/ipv4/conf/lan0/proxy_arp=1\n"
                              "net/ipv4/neigh/lan0/proxy_delay=0\n",
                   .setup = "address add 192.168.55.1/24 dev lan0\n"
                            "address add 5.5.5.5/24 dev wan0\n"
                            "route add default via 5.5.5.1\n",
                   .rules = NAT_TABLE ("ip", MASQUERADE) },
                 { .name = "world", .setup = HOME_WORLD "address add 5.5.5.1/24 dev net1\n" } },
      .links = { { .ends = { { "client", "eth0" }, { "nat", "lan0" } } },
                 { .ends = { { "client", "eth1" }, { "nat2", "lan0" } } },
                 { .ends = { { "nat", "wan0" }, { "world", "net0" } }, .outside = TRUE },
                 { .ends = { { "nat2", "wan0" }, { "world", "net1" } }, .outside = TRUE } },
  },
  {
      .name = "dual-stack",
      .summary = "IPv4 as in guide, IPv6 routed without NAT",
      .ipv4 = TRUE,
      .ipv6 = TRUE,
      .nodes = { { .name = "client",
                   .setup = HOME_CLIENT "address add fe80::21/64 dev eth0 nodad\n"
                                        "address add 2400:cafe:21::21/64 dev eth0 nodad\n"
                                        "route add default via fe80::1 dev eth0\n" },
                 { .name = "nat",
                   .forwards = TRUE,
                   .setup = HOME_NAT "address add fe80::1/64 dev lan0 nodad\n"
                                     "address add 2400:cafe:21::1/64 dev lan0 nodad\n"
                                     "address add 2400:cafe:7::7/64 dev wan0 nodad\n"
                                     "route add default via 2400:cafe:7::1\n",
                   .rules = NAT_TABLE ("ip", MASQUERADE) },
                 { .name = "world",
                   .setup = HOME_WORLD "address add 2400:cafe:7::1/64 dev net0 nodad\n"
                                       "route add 2400:cafe:21::/64 via 2400:cafe:7::7\n" } },
      .links = CLIENT_NAT_WORLD,
  },
  {
      .name = "nat66",
      .summary = "fd00:21::21 behind 2400:cafe:7::7: IPv6 with a NAT, no IPv4",
      .ipv6 = TRUE,
      .nodes = { { .name = "client",
                   .setup = "address add fe80::21/64 dev eth0 nodad\n"
                            "address add fd00:21::21/64 dev eth0 nodad\n"
                            "route add default via fe80::1 dev eth0\n" },
                 { .name = "nat",
                   .forwards = TRUE,
                   .setup = "address add fe80::1/64 dev lan0 nodad\n"
                            "address add fd00:21::1/64 dev lan0 nodad\n"
                            "address add 2400:cafe:7::7/64 dev wan0 nodad\n"
                            "route add default via 2400:cafe:7::1\n",
                   .rules = NAT_TABLE ("ip6", MASQUERADE) },
                 { .name = "world", .setup = "address add 2400:cafe:7::1/64 dev net0 nodad\n" } },
      .links = CLIENT_NAT_WORLD,
  },
  {
      .name = "two-subnets",
      .summary = "one interface, 192.168.21.21 behind 1.3.3.7 and, by policy route, 10.0.0.5 "
                 "behind 1.3.3.8",
      .ipv4 = TRUE,
      .nodes = { { .name = "client",
                   .setup = HOME_CLIENT "address add 10.0.0.5/8 dev eth0\n"
                                        "route add default via 10.0.0.1 table 100\n"
                                        "rule add from 10.0.0.5 lookup 100\n" },
                 { .name = "nat",
                   .forwards = TRUE,
                   .setup = HOME_NAT "address add 10.0.0.1/8 dev lan0\n"
                                     "address add 1.3.3.8/24 dev wan0\n",
                   .rules = NAT_TABLE ("ip",
                                       "oifname wan0 ip saddr 10.0.0.0/8 snat to 1.3.3.8\n"
                                       "oifname wan0 snat to 1.3.3.7\n") },
                 { .name = "world", .setup = HOME_WORLD } },
      .links = CLIENT_NAT_WORLD,
  },
  {
      .name = "three-externals",
      .summary = "11.0.0.1, 11.0.0.2 and 11.0.0.3 mapped to 1.3.3.7, 1.3.3.8 and 1.3.3.9",
      .ipv4 = TRUE,
      .nodes = { { .name = "client",
                   .setup = "address add 11.0.0.1/24 dev eth0\n"
                            "address add 11.0.0.2/24 dev eth0\n"
                            "address add 11.0.0.3/24 dev eth0\n"
                            "route add default via 11.0.0.254\n" },
                 { .name = "nat",
                   .forwards = TRUE,
                   .setup = "address add 11.0.0.254/24 dev lan0\n"
                            "address add 1.3.3.7/24 dev wan0\n"
                            "address add 1.3.3.8/24 dev wan0\n"
                            "address add 1.3.3.9/24 dev wan0\n"
                            "route add default via 1.3.3.1\n",
                   .rules = NAT_TABLE ("ip",
                                       "oifname wan0 snat to ip saddr map { 11.0.0.1 : 1.3.3.7, "
                                       "11.0.0.2 : 1.3.3.8, 11.0.0.3 : 1.3.3.9 }\n") },
                 { .name = "world", .setup = HOME_WORLD } },
      .links = CLIENT_NAT_WORLD,
  },
  {
      .name = "routed-block",
      .summary = "as guide, and the public block 1.3.4.8/29 (6 addresses) routed to the client",
      .ipv4 = TRUE,
      .nodes = { { .name = "client", .setup = HOME_CLIENT "route add local 1.3.4.8/29 dev eth0\n" },
                 { .name = "nat",
                   .forwards = TRUE,
                   .setup = HOME_NAT "route add 1.3.4.8/29 via 192.168.21.21\n",
                   .rules = NAT_TABLE ("ip", "ip saddr 1.3.4.8/29 accept\n" MASQUERADE) },
                 { .name = "world", .setup = HOME_WORLD "route add 1.3.4.8/29 via 1.3.3.7\n" } },
      .links = CLIENT_NAT_WORLD,
  },
  {
      .name = "private-external",
      .summary = "as guide, but the outside address 10.9.9.9 is private itself (a NAT in a NAT)",
      .ipv4 = TRUE,
      .nodes = { { .name = "client", .setup = HOME_CLIENT },
                 { .name = "nat",
                   .forwards = TRUE,
                   .setup = "address add 192.168.21.1/24 dev lan0\n"
                            "address add 10.9.9.9/24 dev wan0\n"
                            "route add default via 10.9.9.1\n",
                   .rules = NAT_TABLE ("ip", MASQUERADE) },
                 { .name = "world", .setup = "address add 10.9.9.1/24 dev net0\n" } },
      .links = CLIENT_NAT_WORLD,
  },
  {
      .name = "udp-blocked",
      .summary = "as guide, but UDP is dropped without a word; TCP works",
      .ipv4 = TRUE,
      .nodes = { { .name = "client", .setup = HOME_CLIENT },
                 { .name = "nat",
                   .forwards = TRUE,
                   .setup = HOME_NAT,
                   .rules = NAT_TABLE ("ip", MASQUERADE) PASS_TABLE ("meta l4proto udp drop\n") },
                 { .name = "world", .setup = HOME_WORLD } },
      .links = CLIENT_NAT_WORLD,
  },
  {
      .name = "udp-refused",
      .summary = "as guide, but UDP is refused by ICMP at once; TCP works",
      .ipv4 = TRUE,
      .nodes = { { .name = "client", .setup = HOME_CLIENT },
                 { .name = "nat",
                   .forwards = TRUE,
                   .setup = HOME_NAT,
                   .rules = NAT_TABLE ("ip", MASQUERADE)
                       PASS_TABLE ("meta l4proto udp reject with icmp type port-unreachable\n") },
                 { .name = "world", .setup = HOME_WORLD } },
      .links = CLIENT_NAT_WORLD,
  },
  {
      .name = "refused",
      .summary = "as guide, but UDP and TCP are both refused at once",
      .ipv4 = TRUE,
      .nodes = { { .name = "client", .setup = HOME_CLIENT },
                 { .name = "nat",
                   .forwards = TRUE,
                   .setup = HOME_NAT,
                   .rules = NAT_TABLE ("ip", MASQUERADE)
                       PASS_TABLE ("meta l4proto udp reject with icmp type port-unreachable\n"
                                   "meta l4proto tcp reject with tcp reset\n") },
                 { .name = "world", .setup = HOME_WORLD } },
      .links = CLIENT_NAT_WORLD,
  },
  {
      .name = "no-internet",
      .summary = "addresses and a default route, but nothing ever answers",
      .ipv4 = TRUE,
      .nodes = { { .name = "client", .setup = HOME_CLIENT },
                 { .name = "nat",
                   .forwards = TRUE,
                   .setup = HOME_NAT,
                   .rules = NAT_TABLE ("ip", MASQUERADE) PASS_TABLE ("drop\n") },
                 { .name = "world", .setup = HOME_WORLD } },
      .links = CLIENT_NAT_WORLD,
  },
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
