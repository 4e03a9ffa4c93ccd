/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#include "config.h"

#include "topology/aionet-ballot-private.h"

#include "discovery/aionet-consensus-private.h"
#include "engine/aionet-task-private.h"
#include "provider/aionet-stun-provider-private.h"

/* A healthy network answers the first round within one round trip, so that the hedge timer only
 * fires on slow or lossy ones. All requests share one socket source: a NAT with several external
 * addresses would show each socket another one, and honest servers would disagree. */

#define HEDGE_MS 100
/* Requests outlive the load by this much, so that the load's deadline is what ends them. */
#define GRACE_MS 50

struct _AionetBallot
{
  grefcount           ref_count;
  AionetLoadContext  *context; /* (owned) */
  AionetServerSet    *servers; /* (owned) */
  GSocketProtocol     protocol;
  AionetSocketSource *source;    /* (owned) */
  AionetConsensus    *consensus; /* (owned) (nullable: no round yet) */
  GArray             *members;   /* (owned) (element-type guint) consensus index -> server */
  guint               n_seen;    /* servers of the set that were looked at */
  GSource            *hedge;     /* (owned) (nullable) */
  GCancellable       *cancellable;
  AionetBallotFunc    func; /* (nullable: over or freed) */
  gpointer            user_data;
  char               *failure; /* (owned) (nullable) first error that was no silence */
  char               *refused; /* (owned) (nullable) first address that was told but is none */
};

typedef struct
{
  AionetBallot *ballot; /* (owned) */
  guint         index;  /* in the consensus */
} Vote;

static void advance (AionetBallot *self);

static void
ballot_unref (AionetBallot *self)
{
  if (!g_ref_count_dec (&self->ref_count))
    return;
  g_clear_pointer (&self->consensus, _aionet_consensus_free);
  g_array_unref (self->members);
  _aionet_socket_source_unref (self->source);
  _aionet_server_set_unref (self->servers);
  _aionet_load_context_unref (self->context);
  g_object_unref (self->cancellable);
  g_free (self->failure);
  g_free (self->refused);
  g_free (self);
}

static void
stop (AionetBallot *self)
{
  self->func = NULL;
  _aionet_clear_source (&self->hedge);
  _aionet_server_set_unwatch (self->servers, self);
  g_cancellable_cancel (self->cancellable);
}

static void
take_answer (AionetBallot *self, guint index, AionetMapping *mapping)
{
  GInetSocketAddress *external = aionet_mapping_get_external (mapping);
  guint               server = g_array_index (self->members, guint, index);
  GSocketFamily       family = g_socket_address_get_family (
            G_SOCKET_ADDRESS (_aionet_server_set_get_address (self->servers, server)));

  if (external != NULL &&
      _aionet_consensus_is_sane (external, family, self->context->allow_private))
    {
      _aionet_consensus_add_answer (self->consensus, index,
                                    g_inet_socket_address_get_address (external));
      return;
    }
  if (self->refused == NULL && external != NULL)
    self->refused = g_inet_address_to_string (g_inet_socket_address_get_address (external));
  _aionet_consensus_add_failure (self->consensus, index);
}

static void
on_answer (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Vote         *vote = user_data;
  AionetBallot *self = vote->ballot;
  guint         index = vote->index;
  g_autoptr (GError) error = NULL;
  g_autoptr (AionetMapping) mapping =
      aionet_stun_provider_ask_finish (AIONET_STUN_PROVIDER (source), result, &error);

  g_free (vote);
  if (self->func != NULL)
    {
      if (mapping != NULL)
        take_answer (self, index, mapping);
      else
        {
          if (self->failure == NULL && !g_error_matches (error, G_IO_ERROR, G_IO_ERROR_TIMED_OUT))
            self->failure = g_strdup (error->message);
          _aionet_consensus_add_failure (self->consensus, index);
        }
      advance (self);
    }
  ballot_unref (self);
}

static void
ask (AionetBallot *self, guint index)
{
  Vote *vote = g_new0 (Vote, 1);
  guint server = g_array_index (self->members, guint, index);

  g_ref_count_inc (&self->ref_count);
  vote->ballot = self;
  vote->index = index;
  _aionet_stun_provider_ask_from_source_async (
      self->context->stun_provider, _aionet_server_set_get_address (self->servers, server),
      self->protocol, AIONET_STUN_CHANGE_NONE, self->source,
      _aionet_load_context_get_time_left (self->context) + GRACE_MS, self->cancellable, on_answer,
      vote);
}

/* FALSE: all servers that are known were asked. */
static gboolean
ask_round (AionetBallot *self)
{
  g_autoptr (GArray) indexes = g_array_new (FALSE, FALSE, sizeof (guint));

  _aionet_consensus_next_round (self->consensus, indexes);
  for (guint i = 0; i < indexes->len; i++)
    ask (self, g_array_index (indexes, guint, i));
  return indexes->len > 0;
}

static gboolean
on_hedge (gpointer user_data)
{
  AionetBallot *self = user_data;

  if (ask_round (self) || !_aionet_server_set_is_complete (self->servers))
    return G_SOURCE_CONTINUE;
  _aionet_clear_source (&self->hedge);
  return G_SOURCE_REMOVE;
}

/* Servers that were resolved since the last look join the consensus. */
static void
take_servers (AionetBallot *self)
{
  guint n_servers = _aionet_server_set_get_n_servers (self->servers);

  for (; self->n_seen < n_servers; self->n_seen++)
    {
      if (!_aionet_server_set_can_ask (self->servers, self->n_seen, self->protocol))
        continue;
      g_array_append_val (self->members, self->n_seen);
      _aionet_consensus_add_server (self->consensus,
                                    _aionet_server_set_get_address (self->servers, self->n_seen));
    }
}

static void
first_round (AionetBallot *self)
{
  g_autoptr (GPtrArray) none = g_ptr_array_new ();

  self->consensus = _aionet_consensus_new (none, self->context->min_agree);
  take_servers (self);
  if (!ask_round (self) && _aionet_server_set_is_complete (self->servers))
    return;
  self->hedge = _aionet_timer_new (self->context->main_context, "[aionet] STUN hedge", HEDGE_MS,
                                   on_hedge, self);
}

/* TRUE: nothing that may still happen could change the verdict. */
static gboolean
is_decided (AionetBallot *self)
{
  switch (_aionet_consensus_get_state (self->consensus))
    {
    case AIONET_CONSENSUS_AGREED:
      return TRUE;
    case AIONET_CONSENSUS_FAILED:
      return _aionet_server_set_is_complete (self->servers);
    case AIONET_CONSENSUS_OPEN:
    default:
      return FALSE;
    }
}

static void
advance (AionetBallot *self)
{
  AionetBallotFunc func = self->func;

  if (func == NULL)
    return;
  if (self->consensus == NULL)
    {
      if (!_aionet_server_set_is_ready (self->servers))
        return;
      first_round (self);
    }
  else
    take_servers (self);
  if (!is_decided (self))
    {
      if (_aionet_consensus_get_n_pending (self->consensus) > 0 || ask_round (self) ||
          !_aionet_server_set_is_complete (self->servers))
        return;
    }
  stop (self);
  func (self->user_data);
}

static void
on_servers (gpointer user_data)
{
  AionetBallot *self = user_data;

  g_ref_count_inc (&self->ref_count);
  advance (self);
  ballot_unref (self);
}

AionetBallot *
_aionet_ballot_new (AionetLoadContext *context,
                    const AionetLocal *local,
                    GSocketProtocol    protocol,
                    AionetBallotFunc   func,
                    gpointer           user_data)
{
  AionetBallot *self = g_new0 (AionetBallot, 1);

  g_ref_count_init (&self->ref_count);
  self->context = _aionet_load_context_ref (context);
  self->servers =
      _aionet_server_set_ref (_aionet_load_context_get_server_set (context, local->family));
  self->protocol = protocol;
  self->source = _aionet_socket_source_new (local);
  self->members = g_array_new (FALSE, FALSE, sizeof (guint));
  self->cancellable = g_cancellable_new ();
  self->func = func;
  self->user_data = user_data;
  return self;
}

void
_aionet_ballot_start (AionetBallot *self)
{
  _aionet_server_set_watch (self->servers, on_servers, self);
  on_servers (self);
}

void
_aionet_ballot_free (AionetBallot *self)
{
  stop (self);
  ballot_unref (self);
}

void
_aionet_ballot_close (AionetBallot *self)
{
  if (self->consensus != NULL)
    _aionet_consensus_close (self->consensus);
}

gboolean
_aionet_ballot_is_over (AionetBallot *self)
{
  return self->func == NULL;
}

GInetAddress *
_aionet_ballot_get_external (AionetBallot *self)
{
  return self->consensus != NULL ? _aionet_consensus_get_external (self->consensus) : NULL;
}

gboolean
_aionet_ballot_is_confirmed (AionetBallot *self)
{
  return self->consensus != NULL && _aionet_consensus_is_confirmed (self->consensus);
}

guint
_aionet_ballot_get_n_heard (AionetBallot *self)
{
  return self->consensus != NULL ? _aionet_consensus_get_n_heard (self->consensus) : 0;
}

char *
_aionet_ballot_explain (AionetBallot *self)
{
  g_autofree char *text = NULL;

  if (self->consensus == NULL || self->members->len == 0)
    return _aionet_server_set_explain (self->servers);
  if (self->refused != NULL && _aionet_consensus_get_n_heard (self->consensus) == 0)
    return g_strdup_printf ("%s was told, which cannot be an external address", self->refused);
  text = _aionet_consensus_explain (self->consensus);
  if (self->failure == NULL)
    return g_steal_pointer (&text);
  return g_strdup_printf ("%s (%s)", text, self->failure);
}
