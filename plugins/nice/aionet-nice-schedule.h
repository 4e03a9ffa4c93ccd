/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* When to send a request over UDP (RFC 8489, section 6.2.1): at 0, RTO, 3 RTO, 7 RTO …, seven times
 * in all, and when to give up: 16 RTO after the last. Pure: the caller tells the time, in us. */

#define AIONET_NICE_MAX_SENDS 7  /* Rc */
#define AIONET_NICE_LAST_WAIT 16 /* Rm */
#define AIONET_NICE_DEFAULT_RTO_MS 500

typedef enum
{
  AIONET_NICE_STEP_WAIT,
  AIONET_NICE_STEP_SEND,
  AIONET_NICE_STEP_GIVE_UP,
} AionetNiceStep;

typedef struct
{
  guint  rto_ms;
  guint  n_sent;
  gint64 next_us; /* when to step again */
  gint64 end_us;  /* G_MAXINT64: only by the rules above */
} AionetNiceSchedule;

/* end_us: nothing is sent at or after that time. 0: no such time */
void
aionet_nice_schedule_init (AionetNiceSchedule *self, guint rto_ms, gint64 now_us, gint64 end_us);
/* SEND counts as sent: the caller sends, or loses the packet as a network might. */
AionetNiceStep aionet_nice_schedule_step (AionetNiceSchedule *self, gint64 now_us);

G_END_DECLS
