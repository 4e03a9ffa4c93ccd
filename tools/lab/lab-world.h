/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#pragma once

#include <gio/gio.h>

#include "lab/lab-role.h"
#include "lab/lab-scenario.h"

G_BEGIN_DECLS

/* What the user asks of the network between the NAT and the world, and of its servers. */
typedef struct
{
  const LabScenario *scenario;
  const LabScenario *peer;         /* (nullable) */
  const char        *peer_command; /* (unowned) (nullable) command line, with peer */
  double             rtt_ms;
  double             loss_percent;
  double             reorder_percent;
  guint              n_servers;
  guint              n_of_role[LAB_N_SERVER_ROLES];
  guint32            seed; /* of all that the lab leaves to chance */
  gboolean           verbose;
  char             **world_commands; /* (unowned) (nullable) command lines */
} LabPlan;

typedef struct _LabWorld LabWorld;

/* Builds the nodes and links of a plan and starts its wires and servers; everything ends with this
 * process, which must be process 1 of a PID namespace. */
LabWorld *_lab_world_new (const LabPlan *plan, const char *program, GError **error);
void      _lab_world_free (LabWorld *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (LabWorld, _lab_world_free)

/* Starts the commands of the plan in the world and in the peer; nobody waits for them. */
gboolean _lab_world_start_commands (LabWorld *self, GError **error);
/* The environment, too, is the client's afterwards. */
gboolean _lab_world_enter_client (LabWorld *self, GError **error);
/* What went wrong with the lab itself while the command ran, on standard error. */
void _lab_world_report (LabWorld *self);
/* Tells on standard error when pid was a part of the lab that should not have ended so. status: as
 * waitpid () gives it. */
void _lab_world_note_exit (LabWorld *self, pid_t pid, int status);

G_END_DECLS
