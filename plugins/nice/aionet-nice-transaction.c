/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#include "config.h"
#include "aionet-nice-transaction.h"

#include "aionet-nice-codec.h"
#include "aionet-nice-local.h"
#include "aionet-nice-schedule.h"
#include "aionet-nice-timer.h"
#include "aionet-nice-verdict.h"

/* One question to one server over UDP, from the first packet to the verdict.
 *
 * What comes in passes three gates before it ends the transaction: the subscription (transaction id
 * and, save with CHANGE-REQUEST, sender), the sender once more, the codec. Whatever fails at one of
 * them changes nothing: a forger who guesses the id from the wrong address achieves nothing.
 *
 * Two owners hold references: the start, given back by finish (), and the receive under way. */
typedef struct
{
  AionetStunRequest  *request;      /* (owned) */
  AionetPipe         *pipe;         /* (owned) */
  AionetNiceRtoCache *cache;        /* (owned) */
  AionetSubscription *subscription; /* (owned) (nullable) */
  GCancellable       *receiving;    /* (owned) ends the receive under way */
  GSource            *timer;        /* (owned) (nullable) */
  GSource            *cancelled;    /* (owned) (nullable) */
  gulong              refused_id;

  GInetSocketAddress *server; /* (owned) */
  AionetNiceQuestion  question;
  GBytes             *bytes; /* (owned) */
  AionetNiceSchedule  schedule;
  gint64              sent_us; /* when the first packet left */
  char               *fault;   /* (owned) (nullable) why the last answer was of no use */
  gboolean            done;
} Transaction;

static void
clear (gpointer data)
{
  Transaction *self = data;

  g_object_unref (self->request);
  g_object_unref (self->pipe);
  aionet_nice_rto_cache_unref (self->cache);
  g_clear_object (&self->subscription);
  g_object_unref (self->receiving);
  g_object_unref (self->server);
  g_bytes_unref (self->bytes);
  g_free (self->fault);
}

static void
release (Transaction *self)
{
  g_rc_box_release_full (self, clear);
}

/* Ends all that is under way. The caller must not touch self afterwards. */
static void
finish (Transaction *self)
{
  if (self->done)
    return;
  self->done = TRUE;
  aionet_nice_clear_source (&self->timer);
  aionet_nice_clear_source (&self->cancelled);
  g_clear_signal_handler (&self->refused_id, self->pipe);
  g_cancellable_cancel (self->receiving);
  if (self->subscription != NULL)
    aionet_subscription_cancel (self->subscription);
  release (self);
}

static void
fail (Transaction *self, const GError *error)
{
  g_autoptr (AionetStunRequest) request = g_object_ref (self->request);

  finish (self);
  if (!aionet_request_is_done (AIONET_REQUEST (request)))
    aionet_request_fail (AIONET_REQUEST (request), error);
}

static void
fail_because (Transaction *self, const GError *cause)
{
  g_autoptr (GError) error = aionet_nice_error_new (self->server, cause);

  fail (self, error);
}

static void
give_up (Transaction *self)
{
  g_autofree char *name = aionet_nice_server_to_string (self->server);
  g_autoptr (GError) error = NULL;

  if (self->fault != NULL)
    error = g_error_new (AIONET_ERROR, AIONET_ERROR_STUN_FAILED, "%s sent no usable answer: %s",
                         name, self->fault);
  else
    error = g_error_new (G_IO_ERROR, G_IO_ERROR_TIMED_OUT, "%s did not answer %u requests", name,
                         self->schedule.n_sent);
  fail (self, error);
}

static gboolean
send_request (Transaction *self, GError **error)
{
  g_autoptr (GError) cause = NULL;

  if (aionet_pipe_send (self->pipe, self->bytes, G_SOCKET_ADDRESS (self->server), &cause))
    return TRUE;
  /* A full queue loses packets like any router on the way. */
  if (g_error_matches (cause, G_IO_ERROR, G_IO_ERROR_WOULD_BLOCK))
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&cause));
  return FALSE;
}

static gboolean
on_due (gpointer user_data)
{
  Transaction *self = user_data;
  g_autoptr (GError) error = NULL;
  gint64         now_us = g_get_monotonic_time ();
  AionetNiceStep step = aionet_nice_schedule_step (&self->schedule, now_us);

  if (step == AIONET_NICE_STEP_GIVE_UP)
    {
      give_up (self);
      return G_SOURCE_REMOVE;
    }
  if (step == AIONET_NICE_STEP_SEND)
    {
      if (self->schedule.n_sent == 1)
        self->sent_us = now_us;
      if (!send_request (self, &error))
        {
          fail_because (self, error);
          return G_SOURCE_REMOVE;
        }
    }
  aionet_nice_timer_set (self->timer, self->schedule.next_us);
  return G_SOURCE_CONTINUE;
}

static gboolean
on_cancelled (GCancellable *cancellable, gpointer user_data)
{
  /* The request has told its caller already; all that is left is to stop. */
  finish (user_data);
  return G_SOURCE_REMOVE;
}

static void
on_refused (AionetPipe *pipe, GSocketAddress *destination, const GError *cause, gpointer user_data)
{
  Transaction *self = user_data;

  if (!G_IS_INET_SOCKET_ADDRESS (destination) ||
      !aionet_nice_endpoint_equal (self->server, G_INET_SOCKET_ADDRESS (destination)))
    return;
  fail_because (self, cause);
}

static void
note_fault (Transaction *self, const char *fault)
{
  g_debug ("Ignored: %s", fault);
  g_free (self->fault);
  self->fault = g_strdup (fault);
}

static void
conclude (Transaction *self, const AionetNiceAnswer *answer, GInetSocketAddress *sender)
{
  g_autoptr (AionetStunRequest) request = g_object_ref (self->request);
  g_autoptr (GInetSocketAddress) local = NULL;
  g_autoptr (AionetMapping) mapping = NULL;
  g_autoptr (GError) error = NULL;
  gint64 now_us = g_get_monotonic_time ();
  /* Karn: after a second packet nobody can tell which one was answered. */
  gint64 round_trip_us = self->schedule.n_sent == 1 ? now_us - self->sent_us : -1;

  if (self->question.change == AIONET_STUN_CHANGE_NONE)
    aionet_nice_rto_cache_add (self->cache, g_inet_socket_address_get_address (self->server),
                               round_trip_us, now_us);
  local = aionet_nice_local_new (request, aionet_pipe_get_local_address (self->pipe));
  mapping = aionet_nice_mapping_new (
      request, answer, local, self->question.change != AIONET_STUN_CHANGE_NONE ? sender : NULL,
      round_trip_us, self->schedule.n_sent, &error);
  finish (self);
  if (mapping != NULL)
    aionet_request_complete (AIONET_REQUEST (request), G_OBJECT (mapping));
  else
    aionet_request_fail (AIONET_REQUEST (request), error);
}

static void
take_message (Transaction *self, AionetMessage *message)
{
  GSocketAddress *sender = aionet_message_get_sender (message);
  g_autoptr (AionetNiceAnswer) answer = NULL;
  g_autoptr (GError) error = NULL;
  AionetNiceSender judgement;
  gconstpointer    data;
  gsize            length;

  if (!G_IS_INET_SOCKET_ADDRESS (sender))
    return;
  judgement = aionet_nice_judge_sender (self->server, G_INET_SOCKET_ADDRESS (sender),
                                        self->question.change);
  if (judgement == AIONET_NICE_SENDER_FOREIGN)
    return;
  data = g_bytes_get_data (aionet_message_get_bytes (message), &length);
  answer = aionet_nice_answer_decode (&self->question, data, length, &error);
  if (answer == NULL)
    note_fault (self, error->message);
  else if (judgement == AIONET_NICE_SENDER_UNCHANGED && !answer->is_error)
    {
      g_set_error_literal (&error, AIONET_ERROR, AIONET_ERROR_STUN_FAILED,
                           "answered from the address asked, although asked to use another");
      fail_because (self, error);
    }
  else
    conclude (self, answer, G_INET_SOCKET_ADDRESS (sender));
}

static void receive (Transaction *self);

static void
on_received (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Transaction *self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (AionetMessage) message =
      aionet_subscription_receive_finish (AIONET_SUBSCRIPTION (source), result, &error);

  if (!self->done && message != NULL)
    take_message (self, message);
  else if (!self->done)
    fail_because (self, error);
  if (!self->done)
    receive (self);
  release (self);
}

static void
receive (Transaction *self)
{
  aionet_subscription_receive_async (self->subscription, -1, self->receiving, on_received,
                                     g_rc_box_acquire (self));
}

static gboolean
subscribe (Transaction *self, GError **error)
{
  g_autoptr (GBytes) id = g_bytes_new (self->question.id, sizeof (self->question.id));
  GSocketAddress *sender = NULL;

  if (self->question.change == AIONET_STUN_CHANGE_NONE)
    sender = G_SOCKET_ADDRESS (self->server);
  self->subscription =
      aionet_pipe_subscribe_literal (self->pipe, id, AIONET_NICE_ID_OFFSET, sender, error);
  return self->subscription != NULL;
}

void
aionet_nice_transaction_start (AionetStunRequest  *request,
                               AionetPipe         *pipe,
                               AionetNiceRtoCache *cache,
                               guint               initial_rto_ms)
{
  Transaction *self = g_rc_box_new0 (Transaction);
  g_autoptr (GError) error = NULL;
  gint64 now_us = g_get_monotonic_time ();
  guint  rto_ms;

  self->request = g_object_ref (request);
  self->pipe = g_object_ref (pipe);
  self->cache = aionet_nice_rto_cache_ref (cache);
  self->receiving = g_cancellable_new ();
  self->server = g_object_ref (aionet_stun_request_get_server (request));
  aionet_nice_question_init (&self->question, AIONET_NICE_MODE_RFC8489,
                             aionet_stun_request_get_change (request), NULL);
  self->bytes = aionet_nice_question_encode (&self->question);
  if (!subscribe (self, &error))
    {
      fail_because (self, error);
      return;
    }
  rto_ms = aionet_nice_rto_cache_get (cache, g_inet_socket_address_get_address (self->server),
                                      initial_rto_ms, now_us);
  aionet_nice_schedule_init (&self->schedule, rto_ms, now_us,
                             aionet_nice_get_end_us (AIONET_REQUEST (request)));
  self->refused_id = g_signal_connect (pipe, "refused", G_CALLBACK (on_refused), self);
  self->cancelled =
      aionet_nice_cancel_source_new (aionet_request_get_cancellable (AIONET_REQUEST (request)),
                                     "[aionet] STUN transaction cancelled", on_cancelled, self);
  self->timer = aionet_nice_timer_new ("[aionet] STUN retransmission", on_due, self);
  receive (self);
  on_due (self);
}
