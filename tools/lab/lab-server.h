/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#pragma once

#include "lab/lab-world.h"

G_BEGIN_DECLS

#define LAB_SERVER_PORT 3478
#define LAB_SERVER_ALTERNATE_PORT 3479

/* A STUN server of the world, with a second address and port as RFC 5780 has it. */
typedef struct
{
  char         *address;   /* (owned) every one on a network of its own */
  char         *alternate; /* (owned) on the same network */
  GSocketFamily family;
  guint         number; /* from 1, in each family */
  LabServerRole role;
} LabServer;

/* (element-type LabServer) those of IPv4 first. */
GPtrArray *_lab_servers_new (const LabPlan *plan);
/* `ip -batch` lines that give the world the addresses, and nft rules that silence some; these may
 * be empty. */
char *_lab_servers_get_setup (GPtrArray *servers);
char *_lab_servers_get_rules (GPtrArray *servers);
/* "192.0.2.10:3478,..." */
char *_lab_servers_to_string (GPtrArray *servers, gboolean ipv4, gboolean ipv6);

/* Starts them by `program serve stun` in the network namespace of the caller and waits until each
 * answers. pids: (element-type pid_t) appended to */
gboolean _lab_servers_start (GPtrArray *servers, const char *program, GArray *pids, GError **error);

G_END_DECLS
