/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#include "config.h"

#include "pipe/aionet-punch-run-private.h"

#include <string.h>

#include "engine/aionet-connect-private.h"
#include "engine/aionet-task-private.h"
#include "pipe/aionet-message.h"
#include "pipe/aionet-pipe-private.h"
#include "pipe/aionet-subscription.h"

/* A probe is PREFIX, the token of whom it is for, and what its sender knows of the endpoint that it
 * is sent to. Each that asks for it is answered at once, so that loss costs a round and no more.
 *
 * Where ports are foretold, hosts may hear each other by several pairs of endpoints. One of them,
 * the leader, chooses the first pair that works both ways; the other is done when it is told. The
 * leader goes on telling after that, since what it said may get lost. */

#define PREFIX "aionet "
#define ROUND_MS 100
/* Of a NAT that counts: so many of its mappings may be taken by somebody else. */
#define MAX_PORTS 8

typedef enum
{
  KNOWS_NOTHING = '0',
  HAS_HEARD = '1',  /* something from there */
  HAS_CHOSEN = '2', /* the leader: this pair it is */
} Knowledge;

typedef struct
{
  AionetPipe         *pipe;      /* (owned) while task is there, then it owns this */
  AionetSubscription *probes;    /* (owned) */
  GPtrArray          *endpoints; /* (owned) (element-type GSocketAddress) where the peer may be */
  GPtrArray          *heard;     /* (owned) (element-type GSocketAddress) where it was heard from */
  char               *greeting;  /* (owned) for the peer, without what is known */
  gboolean            starts;
  gboolean            leads;
  guint               timeout_ms;
  GTask              *task;         /* (owned) (nullable: over) */
  GSource            *round;        /* (owned) (nullable) */
  GSource            *end;          /* (owned) (nullable) */
  GSource            *cancellation; /* (owned) (nullable) */
} PunchRun;

static void
stop (PunchRun *self)
{
  _aionet_clear_source (&self->round);
  _aionet_clear_source (&self->end);
  _aionet_clear_source (&self->cancellation);
}

static void
run_free (PunchRun *self)
{
  stop (self);
  if (self->probes != NULL)
    {
      g_signal_handlers_disconnect_by_data (self->probes, self);
      aionet_subscription_cancel (self->probes);
    }
  g_clear_object (&self->probes);
  g_ptr_array_unref (self->heard);
  g_ptr_array_unref (self->endpoints);
  g_free (self->greeting);
  g_free (self);
}

static GQuark
run_quark (void)
{
  static GQuark quark;

  if (quark == 0)
    quark = g_quark_from_static_string ("aionet-punch-run");
  return quark;
}

/* Takes error. */
static void
fail (PunchRun *self, GError *error)
{
  g_autoptr (GTask) task = g_steal_pointer (&self->task);
  g_autoptr (AionetPipe) pipe = g_steal_pointer (&self->pipe);

  run_free (self);
  aionet_pipe_close (pipe);
  g_task_return_error (task, error);
}

/* ------------------------------------------------------------------ probes */

/* A NAT or host that refuses is as good as one that is silent: what decides is what comes in. */
static void
send_to (PunchRun *self, GSocketAddress *to, Knowledge knowledge)
{
  g_autofree char *probe = g_strdup_printf ("%s%c", self->greeting, (char) knowledge);
  g_autoptr (GError) error = NULL;

  if (!aionet_pipe_send_data (self->pipe, (const guint8 *) probe, strlen (probe), to, &error))
    g_debug ("Hole punching: %s", error->message);
}

static gboolean
on_round (gpointer user_data)
{
  PunchRun *self = user_data;

  for (guint i = 0; i < self->heard->len; i++)
    send_to (self, self->heard->pdata[i], HAS_HEARD);
  if (self->starts && self->heard->len == 0)
    for (guint i = 0; i < self->endpoints->len; i++)
      send_to (self, self->endpoints->pdata[i], KNOWS_NOTHING);
  return G_SOURCE_CONTINUE;
}

static gboolean
on_lingered (gpointer user_data)
{
  PunchRun *self = user_data;

  g_object_set_qdata (G_OBJECT (self->pipe), run_quark (), NULL);
  return G_SOURCE_REMOVE;
}

static void
finish (PunchRun *self, GSocketAddress *peer)
{
  g_autoptr (GTask) task = g_steal_pointer (&self->task);
  g_autoptr (AionetPipe) pipe = self->pipe;
  GError *error = NULL;

  stop (self);
  if (!_aionet_pipe_connect_to (pipe, peer, &error))
    {
      run_free (self);
      g_task_return_error (task, error);
      return;
    }
  self->end = _aionet_timer_new (pipe->context, "[aionet] hole punching answered", self->timeout_ms,
                                 on_lingered, self);
  g_object_set_qdata_full (G_OBJECT (pipe), run_quark (), self, (GDestroyNotify) run_free);
  g_task_return_pointer (task, g_steal_pointer (&pipe), g_object_unref);
}

static void
note_heard (PunchRun *self, GSocketAddress *sender)
{
  AionetSockaddr native;
  AionetSockaddr known;

  if (self->heard->len >= MAX_PORTS || !_aionet_sockaddr_set (&native, sender, NULL))
    return;
  for (guint i = 0; i < self->heard->len; i++)
    if (_aionet_sockaddr_set (&known, self->heard->pdata[i], NULL) &&
        _aionet_sockaddr_equal (&known, &native))
      return;
  g_ptr_array_add (self->heard, g_object_ref (sender));
}

static void
take_probe (PunchRun *self, GSocketAddress *sender, Knowledge known)
{
  note_heard (self, sender);
  if (self->leads && known == HAS_HEARD)
    {
      send_to (self, sender, HAS_CHOSEN);
      finish (self, sender);
    }
  else if (!self->leads && known == HAS_CHOSEN)
    finish (self, sender);
  else
    send_to (self, sender, HAS_HEARD);
}

static void
on_probe (AionetSubscription *probes, AionetMessage *message, gpointer user_data)
{
  PunchRun   *self = user_data;
  gsize       length;
  const char *data = g_bytes_get_data (aionet_message_get_bytes (message), &length);
  char        known = data[length - 1];

  if (length != strlen (self->greeting) + 1 || known < KNOWS_NOTHING || known > HAS_CHOSEN)
    return;
  if (self->task != NULL)
    take_probe (self, aionet_message_get_sender (message), (Knowledge) known);
  else if (self->leads)
    send_to (self, NULL, HAS_CHOSEN);
}

/* ------------------------------------------------------------------ beginning and end */

static gboolean
on_timeout (gpointer user_data)
{
  PunchRun *self = user_data;

  fail (self, g_error_new (G_IO_ERROR, G_IO_ERROR_TIMED_OUT,
                           self->heard->len == 0 ? "Nothing came from the peer within %u ms"
                                                 : "Nothing reached the peer within %u ms",
                           self->timeout_ms));
  return G_SOURCE_REMOVE;
}

static gboolean
on_cancelled (GCancellable *cancellable, gpointer user_data)
{
  fail (user_data,
        g_error_new_literal (G_IO_ERROR, G_IO_ERROR_CANCELLED, "Operation was cancelled"));
  return G_SOURCE_REMOVE;
}

static GPtrArray *
make_endpoints (const AionetPeerOffer *peer, AionetNatMethod method)
{
  GPtrArray          *endpoints = g_ptr_array_new_with_free_func (g_object_unref);
  gsize               n_ports;
  g_autofree guint16 *ports = _aionet_peer_offer_get_ports (peer, method, MAX_PORTS, &n_ports);

  for (gsize i = 0; i < n_ports; i++)
    g_ptr_array_add (endpoints, g_inet_socket_address_new (peer->address, ports[i]));
  return endpoints;
}

static AionetSubscription *
subscribe_probes (AionetPipe *pipe, const AionetPeerOffer *own, GError **error)
{
  g_autofree char *text = g_strconcat (PREFIX, own->token, NULL);
  g_autoptr (GBytes) literal = g_bytes_new (text, strlen (text));

  return aionet_pipe_subscribe_literal (pipe, literal, 0, NULL, error);
}

static void
start_sources (PunchRun *self)
{
  GMainContext *context = self->pipe->context;
  GCancellable *cancellable = g_task_get_cancellable (self->task);

  self->round = _aionet_timer_new (context, "[aionet] hole punching", ROUND_MS, on_round, self);
  self->end = _aionet_timer_new (context, "[aionet] hole punching timeout", self->timeout_ms,
                                 on_timeout, self);
  if (cancellable != NULL)
    self->cancellation = _aionet_cancel_source_new (
        context, cancellable, "[aionet] hole punching cancelled", on_cancelled, self);
}

void
_aionet_punch_run (GTask                 *task,
                   GSocket               *socket,
                   const AionetPeerOffer *own,
                   const AionetPeerOffer *peer,
                   AionetNatMethod        method,
                   gboolean               starts,
                   guint                  timeout_ms)
{
  PunchRun *self = g_new0 (PunchRun, 1);
  GError   *error = NULL;

  self->task = g_object_ref (task);
  self->pipe = aionet_pipe_new_for_socket (socket, NULL);
  self->endpoints = make_endpoints (peer, method);
  self->heard = g_ptr_array_new_with_free_func (g_object_unref);
  self->greeting = g_strconcat (PREFIX, peer->token, NULL);
  self->leads = strcmp (own->token, peer->token) < 0;
  self->starts = starts;
  self->timeout_ms = timeout_ms;
  self->probes = subscribe_probes (self->pipe, own, &error);
  if (self->probes == NULL)
    {
      fail (self, error);
      return;
    }
  g_signal_connect (self->probes, "message", G_CALLBACK (on_probe), self);
  start_sources (self);
  on_round (self);
}
