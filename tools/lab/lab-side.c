/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#include "config.h"

#include "lab/lab-side.h"

#include "lab/lab-namespace.h"
#include "lab/lab-spawn.h"

#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#define WORLD "world"

/* Set before any interface exists, so that they hold from its first moment: nothing is filtered by
 * reverse path, IPv6 addresses are the ones a scenario names and usable at once, and refusals are
 * not rationed (a real host asks once an hour, a test a hundred times a second). */
static const char BASE_SYSCTLS[] = "net/ipv4/conf/all/rp_filter=0\n"
                                   "net/ipv4/conf/default/rp_filter=0\n"
                                   "net/ipv4/icmp_ratelimit=0\n";
static const char BASE_SYSCTLS_IPV6[] = "net/ipv6/conf/default/accept_dad=0\n"
                                        "net/ipv6/conf/default/accept_ra=0\n"
                                        "net/ipv6/icmp/ratelimit=0\n";
/* A client has the link-local addresses that its scenario names; routers need any. */
static const char CLIENT_SYSCTLS_IPV6[] = "net/ipv6/conf/default/addr_gen_mode=1\n";
static const char FORWARD_SYSCTLS[] = "net/ipv4/ip_forward=1\n";
static const char FORWARD_SYSCTLS_IPV6[] = "net/ipv6/conf/all/forwarding=1\n";
static const char NO_IPV6_SYSCTLS[] = "net/ipv6/conf/default/disable_ipv6=1\n"
                                      "net/ipv6/conf/all/disable_ipv6=1\n";

static gboolean
has_ipv6 (void)
{
  return access ("/proc/sys/net/ipv6", F_OK) == 0;
}

static gboolean
start_forwarding (GError **error)
{
  return _lab_write_sysctls (FORWARD_SYSCTLS, error) &&
         (!has_ipv6 () || _lab_write_sysctls (FORWARD_SYSCTLS_IPV6, error));
}

static gboolean
write_sysctls (LabNetworkKind kind, GError **error)
{
  return _lab_write_sysctls (BASE_SYSCTLS, error) &&
         (!has_ipv6 () || _lab_write_sysctls (BASE_SYSCTLS_IPV6, error)) &&
         (!has_ipv6 () || kind != LAB_NETWORK_WIRES ||
          _lab_write_sysctls (NO_IPV6_SYSCTLS, error)) &&
         (!has_ipv6 () || kind != LAB_NETWORK_CLIENT ||
          _lab_write_sysctls (CLIENT_SYSCTLS_IPV6, error)) &&
         (kind != LAB_NETWORK_ROUTER || start_forwarding (error));
}

int
_lab_new_network_of_kind (LabNetworkKind kind, GError **error)
{
  int fd = _lab_new_network (error);

  if (fd < 0 || write_sysctls (kind, error))
    return fd;
  close (fd);
  return -1;
}

/* ------------------------------------------------------------------ one side */

void
_lab_side_init (LabSide *self, const LabScenario *scenario, gboolean is_peer)
{
  self->scenario = scenario;
  self->is_peer = is_peer;
  memset (self->networks, 0xff, sizeof self->networks);
}

void
_lab_side_clear (LabSide *self)
{
  for (guint i = 0; i < G_N_ELEMENTS (self->networks); i++)
    if (self->networks[i] >= 0)
      close (self->networks[i]);
}

/* Two sides must differ where the world sees them. */
static char *
adapt (LabSide *self, const char *text)
{
  static const char *const names[][2] = {
    { "1.3.", "1.4." },     { "5.5.5.", "5.5.6." },   { "7.7.7.7", "7.7.7.8" },
    { "8.8.0.", "8.9.0." }, { "10.9.9.", "10.9.8." }, { "2020:", "2021:" },
    { "net0", "peer0" },    { "net1", "peer1" },      { "2400:cafe:", "2400:beef:" },
  };
  GString *adapted = g_string_new (text);

  for (guint i = 0; self->is_peer && i < G_N_ELEMENTS (names); i++)
    g_string_replace (adapted, names[i][0], names[i][1], 0);
  return g_string_free (adapted, FALSE);
}

/* ------------------------------------------------------------------ networks and links */

static int
network_of (LabSide *self, const char *node)
{
  const LabNode *nodes = self->scenario->nodes;

  for (guint i = 0; nodes[i].name != NULL; i++)
    if (strcmp (nodes[i].name, node) == 0)
      return self->networks[i];
  g_return_val_if_reached (-1);
}

int
_lab_side_get_client (LabSide *self)
{
  return self->networks[0];
}

int
_lab_side_get_world (LabSide *self)
{
  return network_of (self, WORLD);
}

static LabNetworkKind
kind_of (const LabNode *node, guint position)
{
  if (node->forwards)
    return LAB_NETWORK_ROUTER;
  return position == 0 ? LAB_NETWORK_CLIENT : LAB_NETWORK_WORLD;
}

gboolean
_lab_side_make_networks (LabSide *self, int world, GError **error)
{
  const LabNode *nodes = self->scenario->nodes;

  /* Between two sides it is a router. */
  if (world >= 0 && (!_lab_enter_network (world, error) || !start_forwarding (error)))
    return FALSE;
  for (guint i = 0; nodes[i].name != NULL; i++)
    {
      if (world >= 0 && strcmp (nodes[i].name, WORLD) == 0)
        self->networks[i] = fcntl (world, F_DUPFD_CLOEXEC, 0);
      else
        self->networks[i] = _lab_new_network_of_kind (kind_of (&nodes[i], i), error);
      if (self->networks[i] < 0)
        return FALSE;
    }
  return TRUE;
}

void
_lab_side_set_close_on_exec (LabSide *self, gboolean close_on_exec)
{
  for (guint i = 0; i < G_N_ELEMENTS (self->networks); i++)
    if (self->networks[i] >= 0)
      fcntl (self->networks[i], F_SETFD, close_on_exec ? FD_CLOEXEC : 0);
}

static void
append_pair (GString *lines, int network, const char *name, int other_network, const char *other)
{
  g_string_append_printf (lines,
                          "link add name %s netns /proc/self/fd/%d type veth "
                          "peer name %s netns /proc/self/fd/%d\n",
                          name, network, other, other_network);
}

void
_lab_side_append_links (LabSide *self, GString *lines, int wires, guint *n_wires)
{
  const LabLink *links = self->scenario->links;

  for (guint i = 0; links[i].ends[0].node != NULL; i++)
    {
      const LabEnd    *ends = links[i].ends;
      g_autofree char *name = adapt (self, ends[1].name);
      int              first = network_of (self, ends[0].node);
      int              second = network_of (self, ends[1].node);

      if (wires >= 0 && links[i].outside)
        {
          g_autofree char *a = g_strdup_printf ("a%u", *n_wires);
          g_autofree char *b = g_strdup_printf ("b%u", (*n_wires)++);

          append_pair (lines, first, ends[0].name, wires, a);
          append_pair (lines, second, name, wires, b);
        }
      else
        append_pair (lines, first, ends[0].name, second, name);
    }
}

/* ------------------------------------------------------------------ nodes */

static char *
setup_of (LabSide *self, const LabNode *node)
{
  const LabLink *links = self->scenario->links;
  g_autoptr (GString) lines = g_string_new ("link set lo up\n");

  for (guint i = 0; links[i].ends[0].node != NULL; i++)
    for (guint end = 0; end < G_N_ELEMENTS (links[i].ends); end++)
      if (strcmp (links[i].ends[end].node, node->name) == 0)
        g_string_append_printf (lines, "link set %s up\n", links[i].ends[end].name);
  g_string_append (lines, node->setup);
  return adapt (self, lines->str);
}

static char *
rules_of (LabSide *self, const LabNode *node, guint32 seed)
{
  g_autofree char *own = adapt (self, node->rules);
  g_autoptr (GString) rules = g_string_new (own);

  if (node->nat != NULL)
    {
      g_autofree char *routed = node->routed != NULL ? adapt (self, node->routed) : NULL;
      g_autoptr (GRand) random = g_rand_new_with_seed_array ((guint32[]){ seed, self->is_peer }, 2);
      g_autofree char *text =
          _lab_nat_get_rules (node->nat, self->scenario->ipv4 ? "ip" : "ip6", routed, random);

      g_string_append (rules, text);
    }
  return g_string_free (g_steal_pointer (&rules), FALSE);
}

static gboolean
set_up_node (LabSide *self, guint position, const char *setup, const char *rules, GError **error)
{
  const char *sysctls = self->scenario->nodes[position].sysctls;

  return _lab_enter_network (self->networks[position], error) &&
         (sysctls == NULL || _lab_write_sysctls (sysctls, error)) && _lab_run_ip (setup, error) &&
         (*rules == '\0' || _lab_run_nft (rules, error));
}

gboolean
_lab_side_set_up (
    LabSide *self, guint32 seed, const char *world_setup, const char *world_rules, GError **error)
{
  const LabNode *nodes = self->scenario->nodes;

  for (guint i = 0; nodes[i].name != NULL; i++)
    {
      gboolean         is_world = strcmp (nodes[i].name, WORLD) == 0;
      g_autofree char *own_setup = setup_of (self, &nodes[i]);
      g_autofree char *own_rules = rules_of (self, &nodes[i], seed);
      g_autofree char *setup = g_strconcat (own_setup, is_world ? world_setup : NULL, NULL);
      g_autofree char *rules = g_strconcat (own_rules, is_world ? world_rules : NULL, NULL);

      if (!set_up_node (self, i, setup, rules, error))
        return FALSE;
    }
  return TRUE;
}
