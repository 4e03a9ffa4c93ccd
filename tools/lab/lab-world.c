/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#include "config.h"

#include "lab/lab-world.h"

#include "lab/lab-namespace.h"
#include "lab/lab-server.h"
#include "lab/lab-side.h"
#include "lab/lab-spawn.h"
#include "lab/lab-wire.h"

#include <fcntl.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

/* Where nothing of the lab listens, for servers of the user's. */
#define WORLD_ADDRESS "198.18.0.1"
#define WORLD_ADDRESS_IPV6 "2001:db8::1"

typedef struct
{
  pid_t       pid;
  const char *line;  /* (unowned) */
  const char *where; /* (unowned) */
} Command;

struct _LabWorld
{
  const LabPlan   *plan;     /* (unowned) */
  LabSide          sides[2]; /* the client's and the peer's */
  int              wires;    /* network of the wires, -1 without */
  GPtrArray       *servers;  /* (owned) (element-type LabServer) */
  GArray          *pids;     /* (owned) (element-type pid_t) */
  GArray          *commands; /* (owned) (element-type Command) */
  LabWireCounters *counters; /* (nullable) one for each outside link */
  guint            n_wires;
};

/* ------------------------------------------------------------------ networks and links */

static gboolean
make_networks (LabWorld *self, GError **error)
{
  if (self->n_wires > 0)
    {
      self->wires = _lab_new_network_of_kind (LAB_NETWORK_WIRES, error);
      if (self->wires < 0)
        return FALSE;
    }
  return _lab_side_make_networks (&self->sides[0], -1, error) &&
         (self->sides[1].scenario == NULL ||
          _lab_side_make_networks (&self->sides[1], _lab_side_get_world (&self->sides[0]), error));
}

static void
set_close_on_exec (LabWorld *self, gboolean close_on_exec)
{
  for (guint i = 0; i < G_N_ELEMENTS (self->sides); i++)
    _lab_side_set_close_on_exec (&self->sides[i], close_on_exec);
  if (self->wires >= 0)
    fcntl (self->wires, F_SETFD, close_on_exec ? FD_CLOEXEC : 0);
}

/* Only the one `ip` that makes the links may have the networks. */
static gboolean
make_links (LabWorld *self, GError **error)
{
  g_autoptr (GString) lines = g_string_new (NULL);
  guint    n_wires = 0;
  gboolean made;

  for (guint i = 0; i < G_N_ELEMENTS (self->sides); i++)
    if (self->sides[i].scenario != NULL)
      _lab_side_append_links (&self->sides[i], lines, self->wires, &n_wires);
  set_close_on_exec (self, FALSE);
  made = _lab_run_ip (lines->str, error);
  set_close_on_exec (self, TRUE);
  return made;
}

static gboolean
has_ipv6 (const LabPlan *plan)
{
  return plan->scenario->ipv6 || (plan->peer != NULL && plan->peer->ipv6);
}

static gboolean
set_up_sides (LabWorld *self, GError **error)
{
  g_autofree char *servers = _lab_servers_get_setup (self->servers);
  const char      *ipv6 =
      has_ipv6 (self->plan) ? "address add " WORLD_ADDRESS_IPV6 "/128 dev lo nodad\n" : NULL;
  g_autofree char *setup =
      g_strconcat (servers, "address add " WORLD_ADDRESS "/32 dev lo\n", ipv6, NULL);
  g_autofree char *rules = _lab_servers_get_rules (self->servers);

  return _lab_side_set_up (&self->sides[0], self->plan->seed, setup, rules, error) &&
         (self->sides[1].scenario == NULL ||
          _lab_side_set_up (&self->sides[1], self->plan->seed, NULL, NULL, error));
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
  if (!_lab_enter_network (self->wires, error) || !_lab_run_ip (lines->str, error))
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

static guint
count_wires (const LabPlan *plan, const LabScenario *scenario)
{
  guint n = 0;

  for (guint i = 0; scenario != NULL && scenario->links[i].ends[0].node != NULL; i++)
    if (scenario->links[i].outside && needs_wire (plan))
      n++;
  return n;
}

static gboolean
build (LabWorld *self, const char *program, GError **error)
{
  return make_networks (self, error) && make_links (self, error) && set_up_sides (self, error) &&
         start_wires (self, error) &&
         _lab_enter_network (_lab_side_get_world (&self->sides[0]), error) &&
         _lab_servers_start (self->servers, program, self->pids, error);
}

/* ------------------------------------------------------------------ commands */

/* What a command that is started next finds in its environment. */
static void
tell (LabWorld *self, const LabSide *side)
{
  const LabScenario *scenario = side->scenario;
  g_autofree char *servers = _lab_servers_to_string (self->servers, scenario->ipv4, scenario->ipv6);

  setenv ("AIONET_STUN_SERVERS", servers, TRUE);
  setenv ("AIONET_LAB", scenario->name, TRUE);
  setenv ("AIONET_LAB_WORLD", scenario->ipv4 ? WORLD_ADDRESS : WORLD_ADDRESS_IPV6, TRUE);
}

static gboolean
start_command (LabWorld *self, const char *line, const char *where, GError **error)
{
  Command command = { _lab_spawn_command_line (line, error), line, where };

  if (command.pid < 0)
    return FALSE;
  g_array_append_val (self->commands, command);
  return TRUE;
}

gboolean
_lab_world_start_commands (LabWorld *self, GError **error)
{
  LabSide *peer = &self->sides[1];

  tell (self, &self->sides[0]);
  if (!_lab_enter_network (_lab_side_get_world (&self->sides[0]), error))
    return FALSE;
  for (char **line = self->plan->world_commands; line != NULL && *line != NULL; line++)
    if (!start_command (self, *line, "in the world", error))
      return FALSE;
  if (peer->scenario == NULL)
    return TRUE;
  tell (self, peer);
  return _lab_enter_network (_lab_side_get_client (peer), error) &&
         start_command (self, self->plan->peer_command, "of the peer", error);
}

gboolean
_lab_world_enter_client (LabWorld *self, GError **error)
{
  tell (self, &self->sides[0]);
  return _lab_enter_network (_lab_side_get_client (&self->sides[0]), error);
}

/* ------------------------------------------------------------------ for the runner */

LabWorld *
_lab_world_new (const LabPlan *plan, const char *program, GError **error)
{
  g_autoptr (LabWorld) self = g_new0 (LabWorld, 1);

  self->plan = plan;
  self->wires = -1;
  _lab_side_init (&self->sides[0], plan->scenario, FALSE);
  _lab_side_init (&self->sides[1], plan->peer, TRUE);
  self->servers = _lab_servers_new (plan);
  self->pids = g_array_new (FALSE, FALSE, sizeof (pid_t));
  self->commands = g_array_new (FALSE, FALSE, sizeof (Command));
  self->n_wires = count_wires (plan, plan->scenario) + count_wires (plan, plan->peer);
  return build (self, program, error) ? g_steal_pointer (&self) : NULL;
}

void
_lab_world_free (LabWorld *self)
{
  for (guint i = 0; i < G_N_ELEMENTS (self->sides); i++)
    _lab_side_clear (&self->sides[i]);
  if (self->wires >= 0)
    close (self->wires);
  g_ptr_array_unref (self->servers);
  g_array_unref (self->pids);
  g_array_unref (self->commands);
  g_free (self);
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
  for (guint i = 0; i < self->commands->len && status != 0; i++)
    {
      const Command *command = &g_array_index (self->commands, Command, i);

      if (command->pid == pid)
        g_printerr ("aionet: lab: “%s” %s ended with %s %d\n", command->line, command->where,
                    WIFSIGNALED (status) ? "signal" : "status",
                    WIFSIGNALED (status) ? WTERMSIG (status) : WEXITSTATUS (status));
    }
}
