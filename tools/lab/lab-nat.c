/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#include "config.h"

#include "lab/lab-nat.h"

/* The kernel's own NAT keeps one mapping for all destinations of a source (a source port range) or
 * takes a new one for each (fully-random), and lets in nothing but answers. All else is made of
 * three tables that a chain behind the NAT fills from what the NAT did to a packet that leaves:
 *
 *   mappings   inside endpoint [and remote address] -> outside port
 *   inbound    outside port -> inside endpoint
 *   contacted  outside port and remote address
 *
 * All are keyed by the mapping, never by the remote side alone: one socket opens nothing for
 * another.
 *
 * Outside ports that no formula of nft gives come from a fourth table, "ports": the n-th new
 * mapping, or the low bits of the inside port, to the outside port. Its ports are distinct, so that
 * no two mappings share one before all have been used. An unprivileged nft cannot send the kernel
 * much more than this at once. */

#define N_PORTS 4096
#define NUMBER "numgen inc mod " G_STRINGIFY (N_PORTS)
#define LOW_BITS "th sport & 0x0fff"
/* Outside the range that a client takes its own ports from: no port is the same by chance. */
#define RANDOM_FIRST 1024
#define RANDOM_LAST 32767
/* Their number has no divisor in common with 20: no two inside ports get the same outside port. */
#define NEIGHBOUR_FIRST 1024
#define NEIGHBOUR_LAST 65534

typedef enum
{
  PORTS_KEPT,        /* the inside port */
  PORTS_SHIFTED,     /* the inside port plus half of the number space, all that nft can add */
  PORTS_OF_KERNEL,   /* at random */
  PORTS_BY_NUMBER,   /* the n-th of a table for the n-th mapping */
  PORTS_BY_NEIGHBOUR /* of a table by the inside port */
} PortSource;

AionetNatType
_lab_nat_get_type (const LabNat *self)
{
  if (self->mapping == AIONET_NAT_BEHAVIOR_UNKNOWN)
    return AIONET_NAT_TYPE_BLOCKED;
  if (!self->translates)
    return self->filtering == AIONET_NAT_BEHAVIOR_ENDPOINT_INDEPENDENT ? AIONET_NAT_TYPE_OPEN
                                                                       : AIONET_NAT_TYPE_FIREWALL;
  if (self->mapping != AIONET_NAT_BEHAVIOR_ENDPOINT_INDEPENDENT)
    return AIONET_NAT_TYPE_SYMMETRIC;
  if (self->filtering == AIONET_NAT_BEHAVIOR_ENDPOINT_INDEPENDENT)
    return AIONET_NAT_TYPE_FULL_CONE;
  return self->filtering == AIONET_NAT_BEHAVIOR_ADDRESS_DEPENDENT ? AIONET_NAT_TYPE_RESTRICTED
                                                                  : AIONET_NAT_TYPE_PORT_RESTRICTED;
}

static gboolean
lets_others_in (const LabNat *self)
{
  return self->filtering != AIONET_NAT_BEHAVIOR_ADDRESS_AND_PORT_DEPENDENT;
}

static PortSource
port_source (const LabNat *self)
{
  switch (self->delta)
    {
    case AIONET_DELTA_TYPE_EQUAL:
      return PORTS_KEPT;
    case AIONET_DELTA_TYPE_PRESERVING:
      return PORTS_SHIFTED;
    case AIONET_DELTA_TYPE_DEPENDENT:
      return PORTS_BY_NEIGHBOUR;
    case AIONET_DELTA_TYPE_INDEPENDENT:
      return PORTS_BY_NUMBER;
    case AIONET_DELTA_TYPE_RANDOM:
    case AIONET_DELTA_TYPE_NOT_APPLICABLE:
    default:
      /* The kernel may give one port to two sources with different destinations, which does no
       * harm as long as only these answer. */
      return lets_others_in (self) || self->mapping == AIONET_NAT_BEHAVIOR_ADDRESS_DEPENDENT
                 ? PORTS_BY_NUMBER
                 : PORTS_OF_KERNEL;
    }
}

/* Only ports that depend on nothing but the source stay the same by themselves. */
static gboolean
remembers_mappings (const LabNat *self)
{
  return port_source (self) == PORTS_BY_NUMBER &&
         self->mapping != AIONET_NAT_BEHAVIOR_ADDRESS_AND_PORT_DEPENDENT;
}

/* ------------------------------------------------------------------ ports */

static int
wrap (int value, int first, int last)
{
  int size = last - first + 1;

  return first + ((value - first) % size + size) % size;
}

static void
choose_random_ports (GRand *random, guint16 ports[N_PORTS])
{
  guint16 all[RANDOM_LAST - RANDOM_FIRST + 1];

  for (guint i = 0; i < G_N_ELEMENTS (all); i++)
    all[i] = (guint16) (RANDOM_FIRST + i);
  for (guint i = 0; i < N_PORTS; i++)
    {
      guint other = (guint) g_rand_int_range (random, (gint32) i, G_N_ELEMENTS (all));

      ports[i] = all[other];
      all[other] = all[i];
    }
}

static void
choose_ports (const LabNat *self, GRand *random, guint16 ports[N_PORTS])
{
  if (self->delta == AIONET_DELTA_TYPE_RANDOM)
    choose_random_ports (random, ports);
  else if (self->delta == AIONET_DELTA_TYPE_INDEPENDENT)
    for (int i = 0; i < N_PORTS; i++)
      ports[i] = (guint16) wrap (self->first_port + i * self->delta_value, 1, G_MAXUINT16);
  else
    for (int i = 0; i < N_PORTS; i++)
      ports[i] =
          (guint16) wrap (NEIGHBOUR_FIRST + i * self->delta_value, NEIGHBOUR_FIRST, NEIGHBOUR_LAST);
}

static void
append_ports (GString *rules, const LabNat *self, GRand *random)
{
  guint16 ports[N_PORTS];

  choose_ports (self, random, ports);
  g_string_append_printf (rules, "map ports { typeof %s : th dport\nelements = {",
                          port_source (self) == PORTS_BY_NUMBER ? NUMBER : "th sport");
  for (guint i = 0; i < N_PORTS; i++)
    g_string_append_printf (rules, "%s%u : %u", i > 0 ? ", " : " ", i, ports[i]);
  g_string_append (rules, " }\n}\n");
}

/* ------------------------------------------------------------------ tables and chains */

/* As the inside sees a packet, or as it left the inside once it is translated. */
static char *
mapping_key (const LabNat *self, const char *family, gboolean translated)
{
  g_autofree char *remote = self->mapping == AIONET_NAT_BEHAVIOR_ADDRESS_DEPENDENT
                                ? g_strdup_printf (" . %s daddr", family)
                                : g_strdup ("");

  return g_strdup_printf (translated
                              ? "meta l4proto . ct original %s saddr . ct original proto-src%s"
                              : "meta l4proto . %s saddr . th sport%s",
                          family, remote);
}

static void
append_tables (GString *rules, const LabNat *self, const char *family, GRand *random)
{
  static const char kept[] = "; flags dynamic,timeout; timeout 5m; size 65535; }\n";
  g_autofree char  *key = mapping_key (self, family, FALSE);
  PortSource        source = port_source (self);

  if (source == PORTS_BY_NUMBER || source == PORTS_BY_NEIGHBOUR)
    append_ports (rules, self, random);
  if (remembers_mappings (self))
    g_string_append_printf (rules, "map mappings { typeof %s : th dport%s", key, kept);
  if (!lets_others_in (self))
    return;
  g_string_append_printf (
      rules, "map inbound { typeof meta l4proto . th dport : %s saddr . th sport%s", family, kept);
  g_string_append_printf (rules, "set contacted { typeof meta l4proto . th sport . %s daddr%s",
                          family, kept);
}

/* which: the packets. translate: the statement without ports, and with, up to the colon */
static void
append_translation (GString           *rules,
                    const LabNat      *self,
                    const char        *which,
                    const char *const *translate,
                    const char        *key)
{
  static const char *const ports[] = {
    [PORTS_KEPT] = "",
    [PORTS_SHIFTED] = "th sport ^ 0x8000",
    [PORTS_OF_KERNEL] = G_STRINGIFY (RANDOM_FIRST) "-" G_STRINGIFY (RANDOM_LAST),
    [PORTS_BY_NUMBER] = NUMBER " map @ports",
    [PORTS_BY_NEIGHBOUR] = LOW_BITS " map @ports",
  };
  static const char *const protocols[] = { "udp", "tcp" };
  PortSource               source = port_source (self);
  const char              *anew =
      source == PORTS_OF_KERNEL && self->mapping == AIONET_NAT_BEHAVIOR_ADDRESS_AND_PORT_DEPENDENT
                       ? " fully-random"
                       : "";

  /* A rule, hence a counter, for each protocol. */
  for (guint i = 0; i < G_N_ELEMENTS (protocols); i++)
    {
      if (remembers_mappings (self))
        g_string_append_printf (rules, "%s meta l4proto %s %s:%s map @mappings\n", which,
                                protocols[i], translate[1], key);
      g_string_append_printf (rules, "%s meta l4proto %s %s%s%s%s\n", which, protocols[i],
                              translate[source == PORTS_KEPT ? 0 : 1],
                              source == PORTS_KEPT ? "" : ":", ports[source], anew);
    }
}

static void
append_out (GString *rules, const LabNat *self, const char *family, const char *routed)
{
  static const char *const outside[] = { "masquerade", "masquerade to " };
  g_autofree char         *original = g_strdup_printf ("snat to ct original %s daddr", family);
  const char *const        hairpin[] = { original, original };
  g_autofree char         *key = mapping_key (self, family, FALSE);

  g_string_append (rules, "chain out { type nat hook postrouting priority srcnat;\n");
  if (routed != NULL)
    g_string_append_printf (rules, "%s saddr %s accept\n", family, routed);
  if (self->hairpins)
    append_translation (rules, self, "oifname lan0 ct mark 1", hairpin, key);
  append_translation (rules, self, "oifname wan0", outside, key);
  g_string_append (rules, "oifname wan0 masquerade\n}\n");
}

/* What the NAT did, read off the packets that it sends. Those that answer an unasked one are left
 * out: they are of a mapping that is known. */
static void
append_learning (GString *rules, const LabNat *self, const char *family, const char *which)
{
  g_autofree char *key = mapping_key (self, family, TRUE);
  g_autofree char *sent =
      g_strdup_printf ("%s ct direction original meta l4proto { tcp, udp }", which);

  if (remembers_mappings (self))
    g_string_append_printf (rules, "%s update @mappings { %s : th sport }\n", sent, key);
  if (!lets_others_in (self))
    return;
  g_string_append_printf (rules,
                          "%s update @inbound { meta l4proto . th sport : ct original %s saddr . "
                          "ct original proto-src }\n",
                          sent, family);
  g_string_append_printf (rules, "%s update @contacted { meta l4proto . th sport . %s daddr }\n",
                          sent, family);
}

static void
append_learn (GString *rules, const LabNat *self, const char *family)
{
  g_string_append (rules, "chain learn { type filter hook postrouting priority srcnat + 10;\n");
  append_learning (rules, self, family, "oifname wan0");
  if (self->hairpins)
    append_learning (rules, self, family, "oifname lan0 ct mark 1");
  g_string_append (rules, "}\n");
}

static void
append_in (GString *rules, const LabNat *self, const char *family)
{
  static const char to_inside[] =
      "meta l4proto { tcp, udp } dnat to meta l4proto . th dport map @inbound\n";
  g_autofree char *contacted =
      self->filtering == AIONET_NAT_BEHAVIOR_ADDRESS_DEPENDENT
          ? g_strdup_printf ("meta l4proto . th dport . %s saddr @contacted ", family)
          : g_strdup ("");

  g_string_append (rules, "chain in { type nat hook prerouting priority dstnat;\n");
  g_string_append_printf (rules, "iifname wan0 %s%s", contacted, to_inside);
  if (self->hairpins)
    g_string_append_printf (rules, "iifname lan0 fib daddr type local ct mark set 1 %s", to_inside);
  g_string_append (rules, "}\n");
}

char *
_lab_nat_get_rules (const LabNat *self, const char *family, const char *routed, GRand *random)
{
  GString *rules = g_string_new (NULL);

  g_string_append_printf (rules, "table %s lab {\n", family);
  if (self->translates)
    {
      append_tables (rules, self, family, random);
      append_out (rules, self, family, routed);
      append_learn (rules, self, family);
      if (lets_others_in (self))
        append_in (rules, self, family);
      /* Dropped before it is confirmed: a refused packet leaves no trace that a later mapping would
       * have to avoid. */
      g_string_append (rules, "chain local { type filter hook input priority filter;\n");
    }
  else
    g_string_append (rules, "chain pass { type filter hook forward priority filter;\n");
  g_string_append (rules, "iifname wan0 ct state new drop\n}\n}\n");
  return g_string_free (rules, FALSE);
}
