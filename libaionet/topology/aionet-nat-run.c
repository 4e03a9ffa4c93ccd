/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#include "config.h"

#include "topology/aionet-nat-run-private.h"

#include "discovery/aionet-nat-survey-private.h"
#include "discovery/aionet-nat-verdict-private.h"
#include "engine/aionet-task-private.h"
#include "provider/aionet-stun-provider-private.h"
#include "topology/aionet-hairpin-test-private.h"
#include "value/aionet-error.h"

/* Each repetition of a question is a request of its own, on the same socket: so that any provider
 * will do, whatever it knows of repeating, and so that it is known which one was answered. */

/* With nothing heard over UDP for so long, TCP is asked beside it. */
#define TCP_AFTER_MS 100
/* Requests outlive the run by this much, so that the load's deadline is what ends them. */
#define GRACE_MS 50

typedef enum
{
  WAY_UDP,
  WAY_TCP,
  N_WAYS,
} Way;

static const GSocketProtocol protocols[N_WAYS] = { G_SOCKET_PROTOCOL_UDP, G_SOCKET_PROTOCOL_TCP };

struct _AionetNatRun
{
  grefcount           ref_count;
  AionetLoadContext  *context;         /* (owned) */
  AionetLocal        *local;           /* (owned) */
  AionetServerSet    *servers;         /* (owned) */
  AionetNatSurvey    *surveys[N_WAYS]; /* (owned) (nullable: not begun) */
  guint               n_seen[N_WAYS];  /* servers of the set that a survey knows of */
  AionetSocketSource *mapping_source;  /* (owned) */
  GHashTable         *lines;           /* (owned) AionetNatQuestion -> Line */
  AionetHairpinTest  *hairpin;         /* (owned) (nullable: no socket for it yet) */
  gboolean            hairpin_is_over;
  GSource            *timer;     /* (owned) (nullable) */
  GSource            *tcp_timer; /* (owned) (nullable) */
  gboolean            is_over;
  AionetNat          *nat; /* (owned) (nullable: not over) */
  AionetNatRunFunc    func;
  gpointer            user_data;
};

/* What a question that may still be answered holds. */
typedef struct
{
  Way                 way;
  AionetSocketSource *source;      /* (owned) */
  GCancellable       *cancellable; /* (owned) */
} Line;

/* One request under way. */
typedef struct
{
  AionetNatRun      *run; /* (owned) */
  Way                way;
  AionetNatQuestion *question;
  guint              sending;
} Asking;

static void
line_free (gpointer data)
{
  Line *line = data;

  g_cancellable_cancel (line->cancellable);
  g_object_unref (line->cancellable);
  _aionet_socket_source_unref (line->source);
  g_free (line);
}

static void
run_unref (AionetNatRun *self)
{
  if (!g_ref_count_dec (&self->ref_count))
    return;
  g_hash_table_unref (self->lines);
  for (Way way = 0; way < N_WAYS; way++)
    g_clear_pointer (&self->surveys[way], _aionet_nat_survey_free);
  _aionet_socket_source_unref (self->mapping_source);
  _aionet_server_set_unref (self->servers);
  _aionet_local_free (self->local);
  _aionet_load_context_unref (self->context);
  g_clear_object (&self->nat);
  g_free (self);
}

static void
stop (AionetNatRun *self)
{
  self->is_over = TRUE;
  _aionet_clear_source (&self->timer);
  _aionet_clear_source (&self->tcp_timer);
  _aionet_server_set_unwatch (self->servers, self);
  g_clear_pointer (&self->hairpin, _aionet_hairpin_test_free);
  g_hash_table_remove_all (self->lines);
}

static AionetNatSurvey *
new_survey (AionetNatRun *self, Way way)
{
  g_autoptr (GSocketAddress) local = _aionet_local_to_socket_address (self->local);
  guint64 random = (guint64) g_random_int () << 32 | g_random_int ();

  return _aionet_nat_survey_new (protocols[way], G_INET_SOCKET_ADDRESS (local),
                                 self->context->allow_private, random);
}

static AionetNatVerdict *
make_verdict (AionetNatRun *self)
{
  return _aionet_nat_verdict_new (_aionet_nat_survey_get_observations (self->surveys[WAY_UDP]),
                                  self->surveys[WAY_TCP] != NULL
                                      ? _aionet_nat_survey_get_observations (self->surveys[WAY_TCP])
                                      : NULL);
}

static void
end (AionetNatRun *self)
{
  g_autoptr (AionetNatVerdict) verdict = NULL;
  AionetPortDelta delta;
  gboolean        has_delta;

  stop (self);
  for (Way way = 0; way < N_WAYS; way++)
    if (self->surveys[way] != NULL)
      _aionet_nat_survey_close (self->surveys[way]);
  verdict = make_verdict (self);
  has_delta = _aionet_nat_survey_get_delta (self->surveys[WAY_UDP], &delta);
  self->nat = _aionet_nat_verdict_to_nat (verdict, self->local->family, has_delta ? &delta : NULL);
  self->func (self, self->user_data);
}

static void     advance (AionetNatRun *self);
static gboolean on_timer (gpointer user_data);

static AionetNatAnswer
judge_failure (const GError *error)
{
  /* A server that answered, however badly, shows that packets come through. */
  return error->domain == AIONET_ERROR ? AIONET_NAT_ANSWER_ERROR : AIONET_NAT_ANSWER_REFUSED;
}

static void
take_failure (AionetNatRun *self, const Asking *asking, const GError *error)
{
  AionetNatSurvey *survey = self->surveys[asking->way];

  /* How long silence is to last is the survey's to say. */
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_TIMED_OUT) ||
      g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  if (asking->question->kind == AIONET_NAT_QUESTION_DELTA &&
      g_error_matches (error, G_IO_ERROR, G_IO_ERROR_ADDRESS_IN_USE))
    _aionet_nat_survey_take_unbound (survey, asking->question);
  else
    _aionet_nat_survey_take_failure (survey, asking->question, asking->sending,
                                     judge_failure (error));
}

static void
on_hairpin (gpointer user_data)
{
  on_timer (user_data);
}

/* A probe for the delta has a mapping of its own that nobody needs any more. Where a filter would
 * keep out what comes back, silence says nothing. */
static void
offer_to_hairpin (AionetNatRun *self, const Asking *asking, AionetMapping *mapping)
{
  const Line *line = g_hash_table_lookup (self->lines, asking->question);
  g_autoptr (GSocket) socket = NULL;

  if (self->hairpin != NULL || line == NULL ||
      asking->question->kind != AIONET_NAT_QUESTION_DELTA ||
      !_aionet_nat_survey_lets_in (self->surveys[WAY_UDP]))
    return;
  socket = _aionet_socket_source_dup_socket (line->source, G_SOCKET_PROTOCOL_UDP, NULL, NULL);
  if (socket != NULL)
    self->hairpin = _aionet_hairpin_test_new (self->context->main_context, socket,
                                              aionet_mapping_get_external (mapping), self->local,
                                              on_hairpin, self);
}

static void
on_answer (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autofree Asking *asking = user_data;
  AionetNatRun      *self = asking->run;
  g_autoptr (GError) error = NULL;
  g_autoptr (AionetMapping) mapping =
      aionet_stun_provider_ask_finish (AIONET_STUN_PROVIDER (source), result, &error);

  if (!self->is_over)
    {
      if (mapping != NULL)
        {
          _aionet_nat_survey_take_mapping (self->surveys[asking->way], asking->question,
                                           asking->sending, mapping, g_get_monotonic_time ());
          offer_to_hairpin (self, asking, mapping);
        }
      else
        take_failure (self, asking, error);
      advance (self);
    }
  run_unref (self);
}

static AionetSocketSource *
new_source (AionetNatRun *self, const AionetNatQuestion *question)
{
  g_autoptr (AionetLocal) local = NULL;

  if (question->kind == AIONET_NAT_QUESTION_MAPPING)
    return _aionet_socket_source_ref (self->mapping_source);
  local = _aionet_local_copy (self->local);
  local->port = question->local_port;
  return _aionet_socket_source_new (local);
}

static Line *
get_line (AionetNatRun *self, Way way, AionetNatQuestion *question)
{
  Line *line = g_hash_table_lookup (self->lines, question);

  if (line != NULL)
    return line;
  line = g_new0 (Line, 1);
  line->way = way;
  line->source = new_source (self, question);
  line->cancellable = g_cancellable_new ();
  g_hash_table_insert (self->lines, question, line);
  return line;
}

static void
ask (AionetNatRun *self, Way way, AionetNatQuestion *question)
{
  Line   *line = get_line (self, way, question);
  Asking *asking = g_new0 (Asking, 1);

  g_ref_count_inc (&self->ref_count);
  asking->run = self;
  asking->way = way;
  asking->question = question;
  asking->sending = question->n_sent - 1;
  _aionet_stun_provider_ask_from_source_async (
      self->context->stun_provider, question->server, protocols[way], question->change,
      line->source, _aionet_load_context_get_time_left (self->context) + GRACE_MS,
      line->cancellable, on_answer, asking);
}

/* Sockets go as soon as nothing can come in any more. */
static void
drop_lines (AionetNatRun *self)
{
  GHashTableIter iter;
  gpointer       question, line;

  g_hash_table_iter_init (&iter, self->lines);
  while (g_hash_table_iter_next (&iter, &question, &line))
    if (_aionet_nat_survey_is_over (self->surveys[((Line *) line)->way], question))
      g_hash_table_iter_remove (&iter);
}

static void
take_servers (AionetNatRun *self, Way way)
{
  guint n_servers = _aionet_server_set_get_n_servers (self->servers);

  for (; self->n_seen[way] < n_servers; self->n_seen[way]++)
    if (_aionet_server_set_can_ask (self->servers, self->n_seen[way], protocols[way]))
      _aionet_nat_survey_add_server (
          self->surveys[way], _aionet_server_set_get_address (self->servers, self->n_seen[way]));
}

static gint64
step (AionetNatRun *self, Way way)
{
  g_autoptr (GPtrArray) due = g_ptr_array_new ();
  gint64 next_us;

  if (self->surveys[way] == NULL)
    return G_MAXINT64;
  take_servers (self, way);
  next_us = _aionet_nat_survey_step (self->surveys[way], g_get_monotonic_time (), due);
  for (guint i = 0; i < due->len; i++)
    ask (self, way, due->pdata[i]);
  return next_us;
}

static gboolean
is_silent (AionetNatRun *self)
{
  return _aionet_nat_survey_get_n_heard (self->surveys[WAY_UDP]) == 0;
}

static gboolean
is_tcp_over (AionetNatRun *self)
{
  AionetNatSurvey *tcp = self->surveys[WAY_TCP];

  return tcp != NULL &&
         (_aionet_nat_survey_get_n_heard (tcp) > 0 || _aionet_nat_survey_is_exhausted (tcp));
}

static gboolean
is_exhausted (AionetNatRun *self)
{
  if (!_aionet_server_set_is_complete (self->servers))
    return FALSE;
  for (Way way = 0; way < N_WAYS; way++)
    if (self->surveys[way] != NULL && !_aionet_nat_survey_is_exhausted (self->surveys[way]))
      return FALSE;
  return TRUE;
}

static gboolean
is_finished (AionetNatRun *self)
{
  AionetNatSurvey *udp = self->surveys[WAY_UDP];
  g_autoptr (AionetNatVerdict) verdict = NULL;

  /* TCP is not given up before it was tried. */
  if (is_silent (self) && !is_tcp_over (self))
    return FALSE;
  if (self->hairpin != NULL && !self->hairpin_is_over)
    return FALSE;
  if (is_exhausted (self))
    return TRUE;
  if (!_aionet_nat_survey_has_delta (udp) || !_aionet_nat_survey_is_thorough (udp))
    return FALSE;
  verdict = make_verdict (self);
  return verdict->is_settled;
}

static gboolean
on_timer (gpointer user_data)
{
  AionetNatRun *self = user_data;

  g_ref_count_inc (&self->ref_count);
  advance (self);
  run_unref (self);
  return G_SOURCE_REMOVE;
}

/* Not beside probes for the delta: its sender takes a mapping, too. */
static gint64
step_hairpin (AionetNatRun *self)
{
  AionetNatSurvey *udp = self->surveys[WAY_UDP];
  AionetNatTest   *test = &_aionet_nat_survey_get_observations (udp)->hairpin;
  gint64           next_us;

  if (self->hairpin == NULL || self->hairpin_is_over || _aionet_nat_survey_is_holding (udp))
    return G_MAXINT64;
  next_us = _aionet_hairpin_test_step (self->hairpin, test, g_get_monotonic_time (),
                                       _aionet_nat_survey_get_wait (udp));
  self->hairpin_is_over = next_us == G_MAXINT64;
  return next_us;
}

static void
set_timer (AionetNatRun *self, gint64 next_us)
{
  gint64 wait_us = next_us - g_get_monotonic_time ();

  _aionet_clear_source (&self->timer);
  if (next_us != G_MAXINT64)
    self->timer = _aionet_timer_new (self->context->main_context, "[aionet] NAT test",
                                     (guint) (MAX (wait_us, 0) + 999) / 1000, on_timer, self);
}

static void
start_tcp (AionetNatRun *self)
{
  _aionet_clear_source (&self->tcp_timer);
  self->surveys[WAY_TCP] = new_survey (self, WAY_TCP);
}

static void
pass_on_round_trip (AionetNatRun *self)
{
  gint64 round_trip_us = _aionet_nat_survey_get_round_trip (self->surveys[WAY_TCP]);

  /* Connecting took one of its own. */
  if (round_trip_us > 0)
    _aionet_nat_survey_add_hint (self->surveys[WAY_UDP], round_trip_us / 2);
}

static void
advance (AionetNatRun *self)
{
  gint64 next_us;

  if (self->is_over || !_aionet_server_set_is_ready (self->servers))
    return;
  if (self->surveys[WAY_TCP] != NULL)
    pass_on_round_trip (self);
  next_us = step (self, WAY_UDP);
  /* Nobody is left to wait for: all refused. */
  if (self->surveys[WAY_TCP] == NULL && is_silent (self) && is_exhausted (self))
    start_tcp (self);
  next_us = MIN (next_us, step (self, WAY_TCP));
  next_us = MIN (next_us, step_hairpin (self));
  if (is_finished (self))
    {
      end (self);
      return;
    }
  drop_lines (self);
  set_timer (self, next_us);
}

static gboolean
on_tcp_timer (gpointer user_data)
{
  AionetNatRun *self = user_data;

  g_ref_count_inc (&self->ref_count);
  _aionet_clear_source (&self->tcp_timer);
  if (is_silent (self) && self->surveys[WAY_TCP] == NULL)
    {
      start_tcp (self);
      advance (self);
    }
  run_unref (self);
  return G_SOURCE_REMOVE;
}

static void
on_servers (gpointer user_data)
{
  on_timer (user_data);
}

AionetNatRun *
_aionet_nat_run_new (AionetLoadContext *context,
                     const AionetLocal *local,
                     AionetNatRunFunc   func,
                     gpointer           user_data)
{
  AionetNatRun *self = g_new0 (AionetNatRun, 1);

  g_ref_count_init (&self->ref_count);
  self->context = _aionet_load_context_ref (context);
  self->local = _aionet_local_copy (local);
  self->servers =
      _aionet_server_set_ref (_aionet_load_context_get_server_set (context, local->family));
  self->surveys[WAY_UDP] = new_survey (self, WAY_UDP);
  self->mapping_source = _aionet_socket_source_new (local);
  self->lines = g_hash_table_new_full (NULL, NULL, NULL, line_free);
  self->func = func;
  self->user_data = user_data;
  return self;
}

void
_aionet_nat_run_start (AionetNatRun *self)
{
  self->tcp_timer = _aionet_timer_new (self->context->main_context, "[aionet] NAT test by TCP",
                                       TCP_AFTER_MS, on_tcp_timer, self);
  _aionet_server_set_watch (self->servers, on_servers, self);
  on_timer (self);
}

void
_aionet_nat_run_expire (AionetNatRun *self)
{
  g_ref_count_inc (&self->ref_count);
  if (!self->is_over)
    end (self);
  run_unref (self);
}

void
_aionet_nat_run_free (AionetNatRun *self)
{
  stop (self);
  run_unref (self);
}

AionetNat *
_aionet_nat_run_get_nat (AionetNatRun *self)
{
  return self->nat;
}

char *
_aionet_nat_run_explain (AionetNatRun *self)
{
  return _aionet_server_set_explain (self->servers);
}
