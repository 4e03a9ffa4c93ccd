/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* What a STUN server of the world is like. The first servers have the first roles. */
typedef enum
{
  LAB_SERVER_LYING,
  LAB_SERVER_COLLUDING,
  LAB_SERVER_SILENT,
  LAB_SERVER_DEAD,
  LAB_SERVER_FAILING,
  LAB_SERVER_STALLING,
  LAB_SERVER_TRUNCATING,
  LAB_SERVER_FLOODING,
  LAB_SERVER_ELSEWHERE,
  LAB_SERVER_IGNORING_CHANGE,
  LAB_SERVER_DEAD_ALTERNATE,
  LAB_SERVER_SAME_ALTERNATE,
  LAB_SERVER_PLAIN,
  LAB_SERVER_COTURN,
  LAB_SERVER_HONEST,
  LAB_N_SERVER_ROLES = LAB_SERVER_HONEST
} LabServerRole;

typedef struct
{
  const char *option; /* of `aionet lab run`, which counts them */
  const char *description;
  const char *arguments; /* (nullable) of `aionet serve stun`; @n the number of the server, @a its
                          * alternate address */
  gboolean runs;         /* there is a process */
  gboolean answers;      /* as a STUN server should, at the address asked first */
} LabRole;

/* By LabServerRole. */
extern const LabRole LAB_ROLES[LAB_N_SERVER_ROLES];

G_END_DECLS
