/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#pragma once

#include <gio/gio.h>
#include <sys/types.h>

G_BEGIN_DECLS

/* Shared with the process that relays. */
typedef struct
{
  guint64 n_forwarded;
  guint64 n_lost;      /* as asked for */
  guint64 n_reordered; /* likewise: overtaken by the next frame */
  guint64 n_overflow;  /* the queue was full, or the kernel refused the frame */
} LabWireCounters;

/* What becomes of the n-th frame of a direction depends on seed and n alone. */
typedef struct
{
  gint64  delay_us;
  double  loss_percent;
  double  reorder_percent;
  guint32 seed;
} LabWirePlan;

/* Starts a process that relays frames between two interfaces of the network namespace it is called
 * in, later, and loses and swaps some. ARP and neighbour discovery pass at once: on a real path
 * they do not travel. */
pid_t _lab_wire_start (const char        *first,
                       const char        *second,
                       const LabWirePlan *plan,
                       LabWireCounters   *counters,
                       GError           **error);

/* Counters that a child can write and this process can read. */
LabWireCounters *_lab_wire_counters_new (guint n);

G_END_DECLS
