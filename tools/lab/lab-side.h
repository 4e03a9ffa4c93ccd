/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#pragma once

#include <gio/gio.h>

#include "lab/lab-scenario.h"

G_BEGIN_DECLS

typedef enum
{
  LAB_NETWORK_CLIENT,
  LAB_NETWORK_ROUTER,
  LAB_NETWORK_WORLD,
  LAB_NETWORK_WIRES
} LabNetworkKind;

int _lab_new_network_of_kind (LabNetworkKind kind, GError **error);

/* A client with its NATs, made from a scenario. A lab has one, or two in the same world: the peer's
 * has outside addresses of its own, inside both look as the scenario says. */
typedef struct
{
  const LabScenario *scenario; /* NULL: there is no such side */
  gboolean           is_peer;
  int                networks[LAB_MAX_NODES]; /* (owned) as the nodes of the scenario */
} LabSide;

void _lab_side_init (LabSide *self, const LabScenario *scenario, gboolean is_peer);
void _lab_side_clear (LabSide *self);

/* world: of the other side, -1 to make one. */
gboolean _lab_side_make_networks (LabSide *self, int world, GError **error);
int      _lab_side_get_client (LabSide *self);
int      _lab_side_get_world (LabSide *self);

/* Lines for `ip -batch`, which opens the networks: they must not be closed on exec. wires: network
 * that both ends of an outside link lead to instead, as a0 and b0, a1 and b1…, -1 for none.
 * n_wires: counted up */
void _lab_side_append_links (LabSide *self, GString *lines, int wires, guint *n_wires);
void _lab_side_set_close_on_exec (LabSide *self, gboolean close_on_exec);

/* Addresses, routes and rules of every node; leaves the caller in a network of the side.
 * world_setup and world_rules: (nullable) more for the world */
gboolean _lab_side_set_up (
    LabSide *self, guint32 seed, const char *world_setup, const char *world_rules, GError **error);

G_END_DECLS
