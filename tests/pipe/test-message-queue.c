/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#include "config.h"

#include <gio/gio.h>
#include <string.h>

#include "pipe/aionet-message-queue-private.h"

/* What waits for the queue, and what became of it. */
typedef struct
{
  gboolean done;
  char    *text;
  GError  *error;
} Outcome;

static void
outcome_clear (Outcome *self)
{
  g_clear_pointer (&self->text, g_free);
  g_clear_error (&self->error);
  self->done = FALSE;
}

static void
on_received (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Outcome *outcome = user_data;
  g_autoptr (AionetMessage) message = g_task_propagate_pointer (G_TASK (result), &outcome->error);

  g_assert_false (outcome->done);
  if (message != NULL)
    outcome->text = g_strndup (g_bytes_get_data (aionet_message_get_bytes (message), NULL),
                               g_bytes_get_size (aionet_message_get_bytes (message)));
  outcome->done = TRUE;
}

static void
start (AionetMessageQueue *queue,
       gsize               n_bytes,
       int                 timeout_ms,
       GCancellable       *cancellable,
       Outcome            *outcome)
{
  g_autoptr (GTask) task = g_task_new (NULL, cancellable, on_received, outcome);

  _aionet_message_queue_receive (queue, task, n_bytes, timeout_ms);
}

static void
turn (void)
{
  while (g_main_context_iteration (NULL, FALSE))
    ;
}

static void
wait_for (Outcome *outcome)
{
  while (!outcome->done)
    g_main_context_iteration (NULL, TRUE);
}

static gboolean
push (AionetMessageQueue *queue, const char *text)
{
  g_autoptr (GBytes) bytes = g_bytes_new (text, strlen (text));
  g_autoptr (AionetMessage) message = aionet_message_new (bytes, NULL);

  return _aionet_message_queue_push (queue, message);
}

static AionetMessageQueue *
queue_new (guint max_messages, gsize max_bytes, gboolean lossless)
{
  const AionetQueueLimits limits = { max_messages, max_bytes };
  g_autoptr (GMainContext) context = g_main_context_ref_thread_default ();

  return _aionet_message_queue_new (context, limits, lossless);
}

static void
test_order (void)
{
  AionetMessageQueue *queue = queue_new (8, 100, FALSE);
  Outcome             outcomes[3] = { 0 };

  g_test_summary ("Messages and readers meet in the order they came");

  push (queue, "a");
  for (guint i = 0; i < 3; i++)
    start (queue, 0, -1, NULL, &outcomes[i]);
  push (queue, "b");
  push (queue, "c");
  turn ();
  g_assert_cmpstr (outcomes[0].text, ==, "a");
  g_assert_cmpstr (outcomes[1].text, ==, "b");
  g_assert_cmpstr (outcomes[2].text, ==, "c");
  g_assert_cmpuint (_aionet_message_queue_get_n_queued (queue), ==, 0);
  for (guint i = 0; i < 3; i++)
    outcome_clear (&outcomes[i]);
  _aionet_message_queue_free (queue);
}

static void
test_timeout (void)
{
  AionetMessageQueue *queue = queue_new (8, 100, FALSE);
  Outcome             outcome = { 0 };
  gint64              begin;

  g_test_summary ("Cases C-04, C-05: 0 looks, a time passes, and the queue works afterwards");

  start (queue, 0, 0, NULL, &outcome);
  turn ();
  g_assert_error (outcome.error, G_IO_ERROR, G_IO_ERROR_TIMED_OUT);
  outcome_clear (&outcome);
  begin = g_get_monotonic_time ();
  start (queue, 0, 30, NULL, &outcome);
  wait_for (&outcome);
  g_assert_error (outcome.error, G_IO_ERROR, G_IO_ERROR_TIMED_OUT);
  g_assert_cmpint (g_get_monotonic_time () - begin, >=, 29 * 1000);
  outcome_clear (&outcome);
  push (queue, "a");
  start (queue, 0, 0, NULL, &outcome);
  turn ();
  g_assert_cmpstr (outcome.text, ==, "a");
  outcome_clear (&outcome);
  _aionet_message_queue_free (queue);
}

static void
test_gather (void)
{
  AionetMessageQueue *queue = queue_new (8, 100, FALSE);
  Outcome             outcome = { 0 };

  g_test_summary ("Case C-13: 4 bytes of ab, cd, e are abcd, then e when the time is over");

  start (queue, 4, -1, NULL, &outcome);
  push (queue, "ab");
  turn ();
  g_assert_false (outcome.done);
  push (queue, "cd");
  push (queue, "e");
  turn ();
  g_assert_cmpstr (outcome.text, ==, "abcd");
  outcome_clear (&outcome);
  start (queue, 4, 1, NULL, &outcome);
  wait_for (&outcome);
  g_assert_cmpstr (outcome.text, ==, "e");
  outcome_clear (&outcome);
  push (queue, "fghij");
  start (queue, 3, 0, NULL, &outcome);
  turn ();
  g_assert_cmpstr (outcome.text, ==, "fgh");
  outcome_clear (&outcome);
  start (queue, 0, 0, NULL, &outcome);
  turn ();
  g_assert_cmpstr (outcome.text, ==, "ij");
  outcome_clear (&outcome);
  _aionet_message_queue_free (queue);
}

static void
test_cancel (void)
{
  AionetMessageQueue *queue = queue_new (8, 100, FALSE);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  Outcome outcomes[2] = { 0 };

  g_test_summary (
      "A cancelled reader leaves what it gathered to the next; before, it takes nothing");

  start (queue, 4, -1, cancellable, &outcomes[0]);
  start (queue, 0, -1, NULL, &outcomes[1]);
  push (queue, "ab");
  turn ();
  g_assert_false (outcomes[0].done || outcomes[1].done);
  g_cancellable_cancel (cancellable);
  turn ();
  g_assert_error (outcomes[0].error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_cmpstr (outcomes[1].text, ==, "ab");
  outcome_clear (&outcomes[0]);
  outcome_clear (&outcomes[1]);
  push (queue, "c");
  start (queue, 0, -1, cancellable, &outcomes[0]);
  turn ();
  g_assert_error (outcomes[0].error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_cmpuint (_aionet_message_queue_get_n_queued (queue), ==, 1);
  outcome_clear (&outcomes[0]);
  _aionet_message_queue_free (queue);
}

static void
test_cancel_too_late (void)
{
  AionetMessageQueue *queue = queue_new (8, 100, FALSE);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  Outcome outcome = { 0 };

  g_test_summary ("A message that was taken out is delivered though its reader is cancelled then");

  push (queue, "a");
  start (queue, 0, -1, cancellable, &outcome);
  g_cancellable_cancel (cancellable);
  turn ();
  g_assert_cmpstr (outcome.text, ==, "a");
  outcome_clear (&outcome);
  _aionet_message_queue_free (queue);
}

static void
test_cancel_before_it_is_told (void)
{
  AionetMessageQueue *queue = queue_new (8, 100, FALSE);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  Outcome outcomes[2] = { 0 };

  g_test_summary ("A reader that is cancelled, but does not know it yet, takes nothing");

  start (queue, 0, -1, cancellable, &outcomes[0]);
  turn ();
  g_cancellable_cancel (cancellable);
  push (queue, "a");
  start (queue, 0, -1, NULL, &outcomes[1]);
  turn ();
  g_assert_error (outcomes[0].error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_cmpstr (outcomes[1].text, ==, "a");
  outcome_clear (&outcomes[0]);
  outcome_clear (&outcomes[1]);
  _aionet_message_queue_free (queue);
}

static void
test_lossy (void)
{
  AionetMessageQueue *queue = queue_new (2, 100, FALSE);
  AionetMessageQueue *small = queue_new (100, 3, FALSE);
  Outcome             outcome = { 0 };

  g_test_summary ("A full queue of datagrams drops the newest and counts it");

  g_assert_true (push (queue, "a"));
  g_assert_true (push (queue, "b"));
  g_assert_false (push (queue, "c"));
  g_assert_cmpuint (_aionet_message_queue_get_n_dropped (queue), ==, 1);
  start (queue, 0, 0, NULL, &outcome);
  turn ();
  g_assert_cmpstr (outcome.text, ==, "a");
  outcome_clear (&outcome);
  g_assert_true (push (queue, "d"));
  g_assert_true (push (small, "ab"));
  g_assert_true (push (small, "cd"));
  g_assert_false (push (small, ""));
  _aionet_message_queue_free (queue);
  _aionet_message_queue_free (small);
}

static void
on_flow (gboolean stop, gpointer user_data)
{
  g_string_append_c (user_data, stop ? 'S' : 'G');
}

static void
test_lossless (void)
{
  AionetMessageQueue *queue = queue_new (4, 100, TRUE);
  g_autoptr (GString) flow = g_string_new (NULL);

  g_test_summary ("A full queue of a stream loses nothing and stops its producer until half empty");

  _aionet_message_queue_set_flow_func (queue, on_flow, flow);
  for (guint i = 0; i < 6; i++)
    g_assert_true (push (queue, "x"));
  g_assert_cmpstr (flow->str, ==, "S");
  for (guint i = 0; i < 3; i++)
    aionet_message_unref (_aionet_message_queue_pop (queue));
  g_assert_cmpstr (flow->str, ==, "S");
  aionet_message_unref (_aionet_message_queue_pop (queue));
  g_assert_cmpstr (flow->str, ==, "SG");
  _aionet_message_queue_set_limits (queue, (AionetQueueLimits){ 1, 100 });
  g_assert_cmpstr (flow->str, ==, "SGS");
  g_assert_cmpuint (_aionet_message_queue_get_n_dropped (queue), ==, 0);
  _aionet_message_queue_free (queue);
}

static void
test_close (void)
{
  AionetMessageQueue *queue = queue_new (4, 100, TRUE);
  g_autoptr (GError) closed = g_error_new_literal (G_IO_ERROR, G_IO_ERROR_CLOSED, "over");
  g_autoptr (GString) flow = g_string_new (NULL);
  Outcome outcomes[2] = { 0 };

  g_test_summary ("Closing wakes readers, lets the producer go, and leaves what was queued");

  _aionet_message_queue_set_flow_func (queue, on_flow, flow);
  start (queue, 9, -1, NULL, &outcomes[0]);
  start (queue, 0, -1, NULL, &outcomes[1]);
  push (queue, "ab");
  _aionet_message_queue_close (queue, closed);
  turn ();
  g_assert_cmpstr (outcomes[0].text, ==, "ab");
  g_assert_error (outcomes[1].error, G_IO_ERROR, G_IO_ERROR_CLOSED);
  outcome_clear (&outcomes[0]);
  outcome_clear (&outcomes[1]);
  g_assert_false (push (queue, "late"));
  start (queue, 0, -1, NULL, &outcomes[0]);
  turn ();
  g_assert_error (outcomes[0].error, G_IO_ERROR, G_IO_ERROR_CLOSED);
  outcome_clear (&outcomes[0]);
  _aionet_message_queue_free (queue);

  queue = queue_new (1, 100, TRUE);
  _aionet_message_queue_set_flow_func (queue, on_flow, flow);
  push (queue, "kept");
  _aionet_message_queue_close (queue, closed);
  g_assert_cmpstr (flow->str, ==, "SG");
  start (queue, 0, -1, NULL, &outcomes[0]);
  turn ();
  g_assert_cmpstr (outcomes[0].text, ==, "kept");
  outcome_clear (&outcomes[0]);
  _aionet_message_queue_free (queue);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/aionet/message-queue/order", test_order);
  g_test_add_func ("/aionet/message-queue/timeout", test_timeout);
  g_test_add_func ("/aionet/message-queue/gather", test_gather);
  g_test_add_func ("/aionet/message-queue/cancel", test_cancel);
  g_test_add_func ("/aionet/message-queue/cancel-too-late", test_cancel_too_late);
  g_test_add_func ("/aionet/message-queue/cancel-before-it-is-told", test_cancel_before_it_is_told);
  g_test_add_func ("/aionet/message-queue/lossy", test_lossy);
  g_test_add_func ("/aionet/message-queue/lossless", test_lossless);
  g_test_add_func ("/aionet/message-queue/close", test_close);
  return g_test_run ();
}
