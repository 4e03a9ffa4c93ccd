/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#include "config.h"
#include "aionet-nice-schedule.h"

void
aionet_nice_schedule_init (AionetNiceSchedule *self, guint rto_ms, gint64 now_us, gint64 end_us)
{
  self->rto_ms = rto_ms;
  self->n_sent = 0;
  self->next_us = now_us;
  self->end_us = end_us > 0 ? end_us : G_MAXINT64;
}

AionetNiceStep
aionet_nice_schedule_step (AionetNiceSchedule *self, gint64 now_us)
{
  gint64 rto_us = (gint64) self->rto_ms * 1000;
  gint64 wait_us;

  if (now_us >= self->end_us)
    return AIONET_NICE_STEP_GIVE_UP;
  if (now_us < self->next_us)
    return AIONET_NICE_STEP_WAIT;
  if (self->n_sent == AIONET_NICE_MAX_SENDS)
    return AIONET_NICE_STEP_GIVE_UP;
  wait_us = rto_us << self->n_sent;
  self->n_sent++;
  if (self->n_sent == AIONET_NICE_MAX_SENDS)
    wait_us = rto_us * AIONET_NICE_LAST_WAIT;
  /* Counted from now, not from when it was due: a loop that was late must not send a burst. */
  self->next_us = MIN (now_us + wait_us, self->end_us);
  return AIONET_NICE_STEP_SEND;
}
