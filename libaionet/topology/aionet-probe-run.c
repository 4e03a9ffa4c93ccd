/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#include "config.h"

#include "topology/aionet-probe-run-private.h"

#include "engine/aionet-task-private.h"
#include "topology/aionet-ballot-private.h"

/* TCP is tried when UDP brings too few answers to agree on: after TCP_AFTER_MS, or at once when
 * all UDP servers have refused. Late UDP answers still count: the two run side by side, each with
 * votes of its own, because a network may well send TCP through another address (a proxy). */

#define TCP_AFTER_MS 400

typedef enum
{
  STATE_NEW,
  STATE_WAITING, /* in the queue of the load */
  STATE_RUNNING,
  STATE_OVER,
} State;

struct _AionetProbeRun
{
  grefcount          ref_count;
  AionetLoadContext *context; /* (owned) */
  AionetLocal       *local;   /* (owned) */
  State              state;
  AionetBallot      *udp;       /* (owned) (nullable) */
  AionetBallot      *tcp;       /* (owned) (nullable) */
  GSource           *tcp_timer; /* (owned) (nullable) */
  AionetProbeResult *result;    /* (owned) (nullable) */
  gboolean           is_disputed;
  AionetProbeRunFunc func;
  gpointer           user_data;
};

static void begin (AionetProbeRun *self);

static void
run_unref (AionetProbeRun *self)
{
  if (!g_ref_count_dec (&self->ref_count))
    return;
  g_clear_pointer (&self->result, _aionet_probe_result_free);
  _aionet_local_free (self->local);
  _aionet_load_context_unref (self->context);
  g_free (self);
}

/* A run that ends as soon as it begins leaves its place at once: a loop, since as many calls in one
 * another as a host has addresses would end the stack. */
static void
fill_places (AionetLoadContext *context)
{
  if (context->is_filling)
    return;
  context->is_filling = TRUE;
  while (context->n_running < AIONET_PROBES_MAX && context->waiting.length > 0)
    begin (g_queue_pop_head (&context->waiting));
  context->is_filling = FALSE;
}

static void
leave (AionetProbeRun *self)
{
  g_autoptr (AionetLoadContext) context = _aionet_load_context_ref (self->context);
  State state = self->state;

  self->state = STATE_OVER;
  _aionet_clear_source (&self->tcp_timer);
  if (state == STATE_WAITING)
    g_queue_remove (&context->waiting, self);
  if (state != STATE_RUNNING)
    return;
  context->n_running--;
  fill_places (context);
}

static void
end (AionetProbeRun *self, AionetBallot *winner)
{
  AionetProbeResult *result = g_new0 (AionetProbeResult, 1);
  AionetBallot      *louder = self->udp;

  self->result = result;
  if (winner != NULL)
    {
      result->external = g_object_ref (_aionet_ballot_get_external (winner));
      result->confirmed = _aionet_ballot_is_confirmed (winner);
    }
  else if (louder == NULL)
    result->reason = g_strdup ("not asked, the time was over before its turn");
  else
    {
      if (self->tcp != NULL &&
          _aionet_ballot_get_n_heard (self->tcp) > _aionet_ballot_get_n_heard (self->udp))
        louder = self->tcp;
      result->reason = _aionet_ballot_explain (louder);
      self->is_disputed = _aionet_ballot_get_n_heard (louder) > 0;
    }
  leave (self);
  g_clear_pointer (&self->udp, _aionet_ballot_free);
  g_clear_pointer (&self->tcp, _aionet_ballot_free);
  self->func (self, self->user_data);
}

static void on_ballot (gpointer user_data);

static void
start_tcp (AionetProbeRun *self)
{
  _aionet_clear_source (&self->tcp_timer);
  if (self->tcp != NULL || _aionet_ballot_get_n_heard (self->udp) >= self->context->min_agree)
    return;
  self->tcp =
      _aionet_ballot_new (self->context, self->local, G_SOCKET_PROTOCOL_TCP, on_ballot, self);
  _aionet_ballot_start (self->tcp);
}

static gboolean
on_tcp_timer (gpointer user_data)
{
  AionetProbeRun *self = user_data;

  g_ref_count_inc (&self->ref_count);
  start_tcp (self);
  run_unref (self);
  return G_SOURCE_REMOVE;
}

static void
check_ballots (AionetProbeRun *self)
{
  if (_aionet_ballot_get_external (self->udp) != NULL)
    {
      end (self, self->udp);
      return;
    }
  if (self->tcp != NULL && _aionet_ballot_get_external (self->tcp) != NULL)
    {
      end (self, self->tcp);
      return;
    }
  if (_aionet_ballot_is_over (self->udp) && self->tcp == NULL)
    {
      /* Comes back here when there is nothing to ask by TCP. */
      start_tcp (self);
      if (self->state != STATE_RUNNING || self->tcp != NULL)
        return;
    }
  if (_aionet_ballot_is_over (self->udp) &&
      (self->tcp == NULL || _aionet_ballot_is_over (self->tcp)))
    end (self, NULL);
}

static void
on_ballot (gpointer user_data)
{
  AionetProbeRun *self = user_data;

  g_ref_count_inc (&self->ref_count);
  if (self->state == STATE_RUNNING)
    check_ballots (self);
  run_unref (self);
}

static void
begin (AionetProbeRun *self)
{
  self->state = STATE_RUNNING;
  self->context->n_running++;
  self->tcp_timer = _aionet_timer_new (self->context->main_context, "[aionet] STUN by TCP",
                                       TCP_AFTER_MS, on_tcp_timer, self);
  self->udp =
      _aionet_ballot_new (self->context, self->local, G_SOCKET_PROTOCOL_UDP, on_ballot, self);
  _aionet_ballot_start (self->udp);
}

AionetProbeRun *
_aionet_probe_run_new (AionetLoadContext *context,
                       const AionetLocal *local,
                       AionetProbeRunFunc func,
                       gpointer           user_data)
{
  AionetProbeRun *self = g_new0 (AionetProbeRun, 1);

  g_ref_count_init (&self->ref_count);
  self->context = _aionet_load_context_ref (context);
  self->local = _aionet_local_copy (local);
  self->func = func;
  self->user_data = user_data;
  return self;
}

void
_aionet_probe_run_start (AionetProbeRun *self)
{
  g_return_if_fail (self->state == STATE_NEW);

  if (self->context->n_running < AIONET_PROBES_MAX)
    begin (self);
  else
    {
      self->state = STATE_WAITING;
      g_queue_push_tail (&self->context->waiting, self);
    }
}

static gboolean
has_agreed_at_last (AionetBallot *ballot)
{
  if (ballot == NULL)
    return FALSE;
  _aionet_ballot_close (ballot);
  return _aionet_ballot_get_external (ballot) != NULL;
}

void
_aionet_probe_run_expire (AionetProbeRun *self)
{
  g_ref_count_inc (&self->ref_count);
  if (self->state != STATE_OVER)
    end (self, has_agreed_at_last (self->udp)   ? self->udp
               : has_agreed_at_last (self->tcp) ? self->tcp
                                                : NULL);
  run_unref (self);
}

void
_aionet_probe_run_free (AionetProbeRun *self)
{
  leave (self);
  g_clear_pointer (&self->udp, _aionet_ballot_free);
  g_clear_pointer (&self->tcp, _aionet_ballot_free);
  run_unref (self);
}

AionetProbeResult *
_aionet_probe_run_steal_result (AionetProbeRun *self)
{
  return g_steal_pointer (&self->result);
}

gboolean
_aionet_probe_run_is_disputed (AionetProbeRun *self)
{
  return self->is_disputed;
}
