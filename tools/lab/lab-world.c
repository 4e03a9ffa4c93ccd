/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#include "config.h"

#include "lab/lab-world.h"

#include "lab/lab-namespace.h"
#include "lab/lab-server.h"
#include "lab/lab-spawn.h"
#include "lab/lab-wire.h"

#include <fcntl.h>
#include <string.h>
#include <sys/wait.h>
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

struct _LabWorld
{
  const LabPlan   *plan;                    /* (unowned) */
  int              networks[LAB_MAX_NODES]; /* as the nodes of the scenario */
  int              wires;                   /* network of the wires, -1 without */
  GPtrArray       *servers;                 /* (owned) (element-type LabServer) */
  char            *server_list;             /* (owned) */
  GArray          *pids;                    /* (owned) (element-type pid_t) */
  GArray          *command_pids;            /* (owned) (element-type pid_t) as in the plan */
  LabWireCounters *counters;                /* (nullable) one for each outside link */
  guint            n_wires;
};

static gboolean
has_ipv6 (void)
{
  return access ("/proc/sys/net/ipv6", F_OK) == 0;
}

static gboolean
run_ip (const char *lines, GError **error)
{
  static const char *const argv[] = { "ip", "-batch", "-", NULL };

  return _lab_run_helper (argv, "iproute2", lines, error);
}

static gboolean
run_nft (const char *rules, GError **error)
{
  static const char *const argv[] = { "nft", "-f", "-", NULL };

  return _lab_run_helper (argv, "nftables", rules, error);
}

/* (transfer full): what nft is told about a node. */
static GString *
rules_of (LabWorld *self, const LabNode *node)
{
  const char *family = self->plan->scenario->ipv4 ? "ip" : "ip6";
  GString    *rules = g_string_new (node->rules);

  if (node->nat != NULL)
    {
      g_autoptr (GRand) random = g_rand_new_with_seed (self->plan->seed);
      g_autofree char *text = _lab_nat_get_rules (node->nat, family, node->routed, random);

      g_string_append (rules, text);
    }
  return rules;
}

/* ------------------------------------------------------------------ networks and links */

static int
make_network (const char *sysctls, gboolean forwards, GError **error)
{
  int fd = _lab_new_network (error);

  if (fd < 0)
    return -1;
  if (_lab_write_sysctls (BASE_SYSCTLS, error) && _lab_write_sysctls (sysctls, error) &&
      (!forwards || _lab_write_sysctls (FORWARD_SYSCTLS, error)) &&
      (!has_ipv6 () || _lab_write_sysctls (BASE_SYSCTLS_IPV6, error)) &&
      (!has_ipv6 () || !forwards || _lab_write_sysctls (FORWARD_SYSCTLS_IPV6, error)))
    return fd;
  close (fd);
  return -1;
}

static gboolean
make_networks (LabWorld *self, GError **error)
{
  const LabNode *nodes = self->plan->scenario->nodes;

  if (self->n_wires > 0)
    {
      self->wires = make_network (has_ipv6 () ? NO_IPV6_SYSCTLS : "", FALSE, error);
      if (self->wires < 0)
        return FALSE;
    }
  for (guint i = 0; nodes[i].name != NULL; i++)
    {
      const char *more = i == 0 && has_ipv6 () ? CLIENT_SYSCTLS_IPV6 : "";

      self->networks[i] = make_network (more, nodes[i].forwards, error);
      if (self->networks[i] < 0)
        return FALSE;
    }
  return TRUE;
}

static int
network_of (LabWorld *self, const char *node)
{
  const LabNode *nodes = self->plan->scenario->nodes;

  for (guint i = 0; nodes[i].name != NULL; i++)
    if (strcmp (nodes[i].name, node) == 0)
      return self->networks[i];
  g_return_val_if_reached (-1);
}

static void
append_pair (GString *lines, int network, const char *name, int other_network, const char *other)
{
  g_string_append_printf (lines,
                          "link add name %s netns /proc/self/fd/%d type veth "
                          "peer name %s netns /proc/self/fd/%d\n",
                          name, network, other, other_network);
}

/* `ip` opens them by /proc/self/fd, so they have to survive its exec; nothing else may have them.
 */
static void
set_close_on_exec (LabWorld *self, int flags)
{
  for (guint i = 0; i < G_N_ELEMENTS (self->networks); i++)
    if (self->networks[i] >= 0)
      fcntl (self->networks[i], F_SETFD, flags);
  if (self->wires >= 0)
    fcntl (self->wires, F_SETFD, flags);
}

/* Both ends of a link with a wire lead to the wires' network instead of to each other. */
static gboolean
make_links (LabWorld *self, GError **error)
{
  const LabLink *links = self->plan->scenario->links;
  g_autoptr (GString) lines = g_string_new (NULL);
  guint    n_wires = 0;
  gboolean made;

  for (guint i = 0; links[i].ends[0].node != NULL; i++)
    {
      const LabEnd *ends = links[i].ends;
      int           first = network_of (self, ends[0].node);
      int           second = network_of (self, ends[1].node);

      if (self->wires >= 0 && links[i].outside)
        {
          g_autofree char *a = g_strdup_printf ("a%u", n_wires);
          g_autofree char *b = g_strdup_printf ("b%u", n_wires++);

          append_pair (lines, first, ends[0].name, self->wires, a);
          append_pair (lines, second, ends[1].name, self->wires, b);
        }
      else
        append_pair (lines, first, ends[0].name, second, ends[1].name);
    }
  set_close_on_exec (self, 0);
  made = run_ip (lines->str, error);
  set_close_on_exec (self, FD_CLOEXEC);
  return made;
}

static gboolean
set_up_node (LabWorld *self, guint position, GError **error)
{
  const LabNode *node = &self->plan->scenario->nodes[position];
  const LabLink *links = self->plan->scenario->links;
  gboolean       is_world = strcmp (node->name, WORLD) == 0;
  g_autoptr (GString) lines = g_string_new ("link set lo up\n");
  g_autoptr (GString) rules = rules_of (self, node);

  for (guint i = 0; links[i].ends[0].node != NULL; i++)
    for (guint end = 0; end < G_N_ELEMENTS (links[i].ends); end++)
      if (strcmp (links[i].ends[end].node, node->name) == 0)
        g_string_append_printf (lines, "link set %s up\n", links[i].ends[end].name);
  g_string_append (lines, node->setup);
  if (is_world)
    {
      g_autofree char *setup = _lab_servers_get_setup (self->servers);
      g_autofree char *silence = _lab_servers_get_rules (self->servers);

      g_string_append (lines, setup);
      g_string_append (rules, self->plan->n_silent > 0 ? silence : "");
    }
  return _lab_enter_network (self->networks[position], error) &&
         (node->sysctls == NULL || _lab_write_sysctls (node->sysctls, error)) &&
         run_ip (lines->str, error) && (rules->len == 0 || run_nft (rules->str, error));
}

/* ------------------------------------------------------------------ wires and servers */

static gboolean
needs_wire (const LabPlan *plan)
{
  return plan->rtt_ms > 0 || plan->loss_percent > 0 || plan->reorder_percent > 0;
}

static gboolean
start_wires (LabWorld *self, GError **error)
{
  g_autoptr (GString) lines = g_string_new (NULL);

  if (self->n_wires == 0)
    return TRUE;
  self->counters = _lab_wire_counters_new (self->n_wires);
  for (guint i = 0; i < self->n_wires; i++)
    g_string_append_printf (lines, "link set a%u up\nlink set b%u up\n", i, i);
  if (!_lab_enter_network (self->wires, error) || !run_ip (lines->str, error))
    return FALSE;
  for (guint i = 0; i < self->n_wires; i++)
    {
      g_autofree char *a = g_strdup_printf ("a%u", i);
      g_autofree char *b = g_strdup_printf ("b%u", i);
      LabWirePlan      plan = { .delay_us = (gint64) (self->plan->rtt_ms * 1000 / 2),
                                .loss_percent = self->plan->loss_percent,
                                .reorder_percent = self->plan->reorder_percent,
                                .seed = self->plan->seed + i };
      pid_t            pid = _lab_wire_start (a, b, &plan, &self->counters[i], error);

      if (pid < 0)
        return FALSE;
      g_array_append_val (self->pids, pid);
    }
  return TRUE;
}

static gboolean
build (LabWorld *self, const char *program, GError **error)
{
  const LabNode *nodes = self->plan->scenario->nodes;

  if (!make_networks (self, error) || !make_links (self, error))
    return FALSE;
  for (guint i = 0; nodes[i].name != NULL; i++)
    if (!set_up_node (self, i, error))
      return FALSE;
  return start_wires (self, error) && _lab_enter_network (network_of (self, WORLD), error) &&
         _lab_servers_start (self->servers, program, self->pids, error);
}

/* ------------------------------------------------------------------ for the runner */

LabWorld *
_lab_world_new (const LabPlan *plan, const char *program, GError **error)
{
  g_autoptr (LabWorld) self = g_new0 (LabWorld, 1);

  self->plan = plan;
  self->wires = -1;
  memset (self->networks, 0xff, sizeof self->networks);
  self->servers = _lab_servers_new (plan);
  self->server_list = _lab_servers_to_string (self->servers);
  self->pids = g_array_new (FALSE, FALSE, sizeof (pid_t));
  self->command_pids = g_array_new (FALSE, FALSE, sizeof (pid_t));
  for (guint i = 0; plan->scenario->links[i].ends[0].node != NULL; i++)
    if (plan->scenario->links[i].outside && needs_wire (plan))
      self->n_wires++;
  return build (self, program, error) ? g_steal_pointer (&self) : NULL;
}

void
_lab_world_free (LabWorld *self)
{
  for (guint i = 0; i < G_N_ELEMENTS (self->networks); i++)
    if (self->networks[i] >= 0)
      close (self->networks[i]);
  if (self->wires >= 0)
    close (self->wires);
  g_ptr_array_unref (self->servers);
  g_free (self->server_list);
  g_array_unref (self->pids);
  g_array_unref (self->command_pids);
  g_free (self);
}

gboolean
_lab_world_start_commands (LabWorld *self, GError **error)
{
  char **lines = self->plan->world_commands;

  if (lines == NULL)
    return TRUE;
  if (!_lab_enter_network (network_of (self, WORLD), error))
    return FALSE;
  for (; *lines != NULL; lines++)
    {
      g_auto (GStrv) argv = NULL;
      pid_t pid;

      if (!g_shell_parse_argv (*lines, NULL, &argv, error))
        return FALSE;
      pid = _lab_spawn_command ((const char *const *) argv, error);
      if (pid < 0)
        return FALSE;
      g_array_append_val (self->command_pids, pid);
    }
  return TRUE;
}

gboolean
_lab_world_enter_client (LabWorld *self, GError **error)
{
  return _lab_enter_network (self->networks[0], error);
}

const char *
_lab_world_get_servers (LabWorld *self)
{
  return self->server_list;
}

void
_lab_world_report (LabWorld *self)
{
  if (self->plan->verbose)
    g_printerr ("aionet: lab: --seed %u repeats what was left to chance\n", self->plan->seed);
  for (guint i = 0; i < self->n_wires; i++)
    {
      const LabWireCounters *counters = &self->counters[i];

      if (counters->n_overflow > 0)
        g_printerr ("aionet: lab: the wire could not carry %" G_GUINT64_FORMAT " frames\n",
                    counters->n_overflow);
      if (self->plan->verbose)
        g_printerr ("aionet: lab: the wire carried %" G_GUINT64_FORMAT
                    " frames, lost %" G_GUINT64_FORMAT " and reordered %" G_GUINT64_FORMAT
                    " as asked\n",
                    counters->n_forwarded, counters->n_lost, counters->n_reordered);
    }
}

void
_lab_world_note_exit (LabWorld *self, pid_t pid, int status)
{
  for (guint i = 0; i < self->pids->len; i++)
    if (g_array_index (self->pids, pid_t, i) == pid)
      g_printerr ("aionet: lab: a server or wire of the lab ended while the command ran\n");
  for (guint i = 0; i < self->command_pids->len && status != 0; i++)
    if (g_array_index (self->command_pids, pid_t, i) == pid)
      g_printerr ("aionet: lab: “%s” in the world ended with %s %d\n",
                  self->plan->world_commands[i], WIFSIGNALED (status) ? "signal" : "status",
                  WIFSIGNALED (status) ? WTERMSIG (status) : WEXITSTATUS (status));
}
