/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#include "config.h"

#include <gio/gio.h>

#include "provider/aionet-request-private.h"
#include "scripted-backend.h"
#include "value/aionet-error.h"

/* Requests are tested through the address backend: it is the thinnest kind there is. */

typedef struct
{
  GMainContext    *context;
  ScriptedBackend *backend;
  GCancellable    *cancellable;
  GAsyncResult    *result;
} Fixture;

static void
set_up (Fixture *f, gconstpointer data)
{
  f->context = g_main_context_new ();
  g_main_context_push_thread_default (f->context);
  f->backend = scripted_backend_new (scripted_answer);
  f->backend->answer = G_OBJECT (scripted_links ("lo", "eth0", NULL));
  f->cancellable = g_cancellable_new ();
}

/* Whatever happened, nothing stays behind. */
static void
tear_down (Fixture *f, gconstpointer data)
{
  g_clear_object (&f->result);
  g_clear_object (&f->backend->kept);
  while (g_main_context_iteration (f->context, FALSE))
    continue;
  g_assert_finalize_object (f->backend);
  g_assert_finalize_object (f->cancellable);
  g_main_context_pop_thread_default (f->context);
  g_main_context_unref (f->context);
}

static void
ask (Fixture *f, guint timeout_ms)
{
  aionet_address_backend_list_links_async (AIONET_ADDRESS_BACKEND (f->backend), timeout_ms,
                                           f->cancellable, scripted_store, &f->result);
}

static GListModel *
finish (Fixture *f, GError **error)
{
  return aionet_address_backend_list_links_finish (AIONET_ADDRESS_BACKEND (f->backend),
                                                   scripted_wait (&f->result), error);
}

static void
assert_fails (Fixture *f, GQuark domain, int code, const char *words)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GListModel) links = finish (f, &error);

  g_assert_error (error, domain, code);
  g_assert_null (links);
  if (words != NULL)
    g_assert_nonnull (strstr (error->message, words));
}

static void
assert_succeeds (Fixture *f, guint n_links)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GListModel) links = finish (f, &error);

  g_assert_no_error (error);
  g_assert_cmpuint (g_list_model_get_n_items (links), ==, n_links);
}

static void
test_success (Fixture *f, gconstpointer data)
{
  g_test_summary ("An answer given at once arrives, but not before the call returned");

  ask (f, 0);
  g_assert_cmpuint (f->backend->n_begun, ==, 1);
  g_assert_null (f->result);
  assert_succeeds (f, 2);
}

static void
test_later (Fixture *f, gconstpointer data)
{
  g_test_summary ("An answer may come later; until then the request waits");

  f->backend->script = scripted_keep;
  ask (f, 0);
  g_assert_false (g_main_context_iteration (f->context, FALSE));
  g_assert_false (aionet_request_is_done (f->backend->kept));
  g_assert_cmpint (aionet_request_get_deadline_us (f->backend->kept), ==, 0);
  g_assert_true (aionet_request_complete (f->backend->kept, f->backend->answer));
  g_assert_true (aionet_request_is_done (f->backend->kept));
  g_assert_false (g_cancellable_is_cancelled (aionet_request_get_cancellable (f->backend->kept)));
  assert_succeeds (f, 2);
}

static void
test_failure (Fixture *f, gconstpointer data)
{
  g_autoptr (GError) error = g_error_new_literal (G_IO_ERROR, G_IO_ERROR_BUSY, "No time");

  g_test_summary ("An error of the provider arrives as it is");

  f->backend->script = scripted_keep;
  ask (f, 0);
  g_assert_true (aionet_request_fail (f->backend->kept, error));
  assert_fails (f, G_IO_ERROR, G_IO_ERROR_BUSY, "No time");
}

static void
test_cancel_before (Fixture *f, gconstpointer data)
{
  g_test_summary ("A call that is cancelled already does not reach the provider");

  g_cancellable_cancel (f->cancellable);
  ask (f, 0);
  g_assert_null (f->result);
  assert_fails (f, G_IO_ERROR, G_IO_ERROR_CANCELLED, NULL);
  g_assert_cmpuint (f->backend->n_begun, ==, 0);
}

static void
test_cancel_during (Fixture *f, gconstpointer data)
{
  g_test_summary ("Cancelling ends a request whose provider is silent, and tells the provider");

  f->backend->script = scripted_keep;
  ask (f, 0);
  g_assert_false (g_main_context_iteration (f->context, FALSE));
  g_cancellable_cancel (f->cancellable);
  assert_fails (f, G_IO_ERROR, G_IO_ERROR_CANCELLED, NULL);
  g_assert_true (aionet_request_is_done (f->backend->kept));
  g_assert_true (g_cancellable_is_cancelled (aionet_request_get_cancellable (f->backend->kept)));
}

static void
test_deadline (Fixture *f, gconstpointer data)
{
  gint64 before = g_get_monotonic_time ();
  gint64 deadline;

  g_test_summary ("The deadline ends a request whose provider is silent, and tells the provider");

  f->backend->script = scripted_keep;
  ask (f, 20);
  deadline = aionet_request_get_deadline_us (f->backend->kept);
  g_assert_cmpint (deadline, >=, before + 20000);
  assert_fails (f, G_IO_ERROR, G_IO_ERROR_TIMED_OUT, "“scripted”");
  g_assert_cmpint (g_get_monotonic_time (), >=, before + 20000);
  g_assert_true (g_cancellable_is_cancelled (aionet_request_get_cancellable (f->backend->kept)));
  g_assert_false (g_cancellable_is_cancelled (f->cancellable));

  g_assert_false (aionet_request_complete (f->backend->kept, f->backend->answer));
  g_assert_cmpuint (_aionet_request_get_n_late_answers (f->backend->kept), ==, 1);
}

static void
test_dropped (Fixture *f, gconstpointer data)
{
  g_test_summary ("A provider that lets go of a request at once has failed");

  f->backend->script = scripted_ignore;
  ask (f, 60000);
  assert_fails (f, AIONET_ERROR, AIONET_ERROR_PROVIDER_DROPPED, "“scripted”");
}

static void
test_dropped_later (Fixture *f, gconstpointer data)
{
  g_test_summary ("A provider that lets go of a request later has failed then");

  f->backend->script = scripted_keep;
  ask (f, 60000);
  g_assert_false (g_main_context_iteration (f->context, FALSE));
  g_assert_finalize_object (g_steal_pointer (&f->backend->kept));
  assert_fails (f, AIONET_ERROR, AIONET_ERROR_PROVIDER_DROPPED, "“scripted”");
}

static void
test_twice (Fixture *f, gconstpointer data)
{
  g_autoptr (GError) error = g_error_new_literal (G_IO_ERROR, G_IO_ERROR_BUSY, "No time");

  g_test_summary ("The first answer counts; others are ignored and counted");

  f->backend->script = scripted_keep;
  ask (f, 0);
  g_assert_true (aionet_request_complete (f->backend->kept, f->backend->answer));
  g_assert_cmpuint (_aionet_request_get_n_late_answers (f->backend->kept), ==, 0);
  g_assert_false (aionet_request_fail (f->backend->kept, error));
  g_assert_false (aionet_request_complete (f->backend->kept, f->backend->answer));
  g_assert_false (aionet_request_complete (f->backend->kept, NULL));
  g_assert_cmpuint (_aionet_request_get_n_late_answers (f->backend->kept), ==, 3);
  g_assert_cmpuint (aionet_provider_get_n_late_answers (AIONET_PROVIDER (f->backend)), ==, 3);
  assert_succeeds (f, 2);
}

static gpointer
answer_in_thread (gpointer data)
{
  g_autoptr (AionetRequest) request = data;
  g_autoptr (GListModel) links = scripted_links ("a", "b", "c", NULL);

  g_assert_true (aionet_request_complete (request, G_OBJECT (links)));
  return NULL;
}

static void
store_with_thread (GObject *source, GAsyncResult *result, gpointer place)
{
  g_assert_true (g_main_context_is_owner (g_main_context_get_thread_default ()));
  scripted_store (source, result, place);
}

static void
test_thread (Fixture *f, gconstpointer data)
{
  GThread *thread;

  g_test_summary ("An answer may come from another thread, and arrives in the caller's context");

  f->backend->script = scripted_keep;
  aionet_address_backend_list_links_async (AIONET_ADDRESS_BACKEND (f->backend), 60000,
                                           f->cancellable, store_with_thread, &f->result);
  thread = g_thread_new ("answer", answer_in_thread, g_steal_pointer (&f->backend->kept));
  assert_succeeds (f, 3);
  g_thread_join (thread);
}

static gpointer
answer_and_wait (gpointer data)
{
  g_autoptr (AionetRequest) request = data;
  g_autoptr (GListModel) links = scripted_links ("a", NULL);

  /* Whoever sees the provider go in this thread has found a bug: see below. */
  g_assert_true (aionet_request_complete (request, G_OBJECT (links)));
  g_assert_false (aionet_request_complete (request, G_OBJECT (links)));
  return NULL;
}

static void
on_finalized (gpointer data, GObject *where_the_object_was)
{
  g_assert_true (g_thread_self () == data);
}

static void
let_go (GObject *source, GAsyncResult *result, gpointer n_left)
{
  --*(guint *) n_left;
}

static void
test_thread_provider (Fixture *f, gconstpointer data)
{
  guint n_left = 100;

  g_test_summary ("A provider that nobody else holds goes in its own thread");

  while (n_left > 0)
    {
      const guint      before = n_left;
      ScriptedBackend *backend = scripted_backend_new (scripted_keep);
      GThread         *thread;

      g_object_weak_ref (G_OBJECT (backend), on_finalized, g_thread_self ());
      aionet_address_backend_list_links_async (AIONET_ADDRESS_BACKEND (backend), 0, NULL, let_go,
                                               &n_left);
      thread = g_thread_new ("answer", answer_and_wait, g_steal_pointer (&backend->kept));
      g_object_unref (backend);
      while (n_left == before)
        g_main_context_iteration (f->context, TRUE);
      g_thread_join (thread);
    }
}

static gpointer
drop_in_thread (gpointer data)
{
  g_object_unref (data);
  return NULL;
}

static void
test_thread_drops (Fixture *f, gconstpointer data)
{
  GThread *thread;

  g_test_summary ("The last reference may go in another thread, as a garbage collector does it");

  f->backend->script = scripted_keep;
  ask (f, 60000);
  thread = g_thread_new ("drop", drop_in_thread, g_steal_pointer (&f->backend->kept));
  assert_fails (f, AIONET_ERROR, AIONET_ERROR_PROVIDER_DROPPED, NULL);
  g_thread_join (thread);
}

static void
test_thread_race (Fixture *f, gconstpointer data)
{
  g_test_summary ("When answer and deadline meet, exactly one of them wins");

  f->backend->script = scripted_keep;
  for (guint i = 0; i < 50; i++)
    {
      g_autoptr (GListModel) links = NULL;
      g_autoptr (GError) error = NULL;
      GThread *thread;

      ask (f, 1);
      g_usleep (i % 2 == 0 ? 900 : 0);
      thread = g_thread_new ("drop", drop_in_thread, g_steal_pointer (&f->backend->kept));
      links = finish (f, &error);
      g_assert_null (links);
      g_assert_true (g_error_matches (error, AIONET_ERROR, AIONET_ERROR_PROVIDER_DROPPED) ||
                     g_error_matches (error, G_IO_ERROR, G_IO_ERROR_TIMED_OUT));
      g_thread_join (thread);
      g_clear_object (&f->result);
    }
  g_assert_cmpuint (f->backend->n_begun, ==, 50);
}

static void
test_wrong_type (Fixture *f, gconstpointer data)
{
  g_test_summary ("An answer of a wrong type is refused, in words that name the provider");

  f->backend->script = scripted_keep;
  ask (f, 0);
  g_assert_false (aionet_request_complete (f->backend->kept, G_OBJECT (f->backend)));
  g_assert_true (aionet_request_is_done (f->backend->kept));
  assert_fails (f, AIONET_ERROR, AIONET_ERROR_PROVIDER_MISBEHAVED, "“scripted”");
}

static void
test_nothing (Fixture *f, gconstpointer data)
{
  g_test_summary ("No object is no answer");

  g_clear_object (&f->backend->answer);
  ask (f, 0);
  assert_fails (f, AIONET_ERROR, AIONET_ERROR_PROVIDER_MISBEHAVED, "“scripted”");
}

static void
test_no_callback (Fixture *f, gconstpointer data)
{
  g_test_summary ("A caller may not care for the result");

  aionet_address_backend_list_links_async (AIONET_ADDRESS_BACKEND (f->backend), 60000, NULL, NULL,
                                           NULL);
  g_assert_cmpuint (f->backend->n_begun, ==, 1);
}

static void
test_no_sources (Fixture *f, gconstpointer data)
{
  const guint n_references = G_OBJECT (f->cancellable)->ref_count;

  g_test_summary ("A request that has ended leaves no source and no reference behind");

  f->backend->script = scripted_keep;
  for (guint i = 0; i < 3; i++)
    {
      ask (f, 60000);
      g_assert_cmpuint (G_OBJECT (f->cancellable)->ref_count, >, n_references);
      if (i == 0)
        aionet_request_complete (f->backend->kept, f->backend->answer);
      else if (i == 1)
        g_clear_object (&f->backend->kept);
      else
        g_cancellable_cancel (f->cancellable);
      scripted_wait (&f->result);
      g_clear_object (&f->result);
      g_assert_cmpuint (G_OBJECT (f->cancellable)->ref_count, ==, n_references);
      g_assert_false (g_main_context_pending (f->context));
    }
}

static void
test_kept_for_ever (Fixture *f, gconstpointer data)
{
  AionetAddressBackend *backend = NULL;
  GAsyncResult         *result = NULL;

  g_test_summary ("A provider that keeps ended requests can go nevertheless");

  backend = AIONET_ADDRESS_BACKEND (scripted_backend_new (scripted_keep));
  aionet_address_backend_list_links_async (backend, 1, NULL, scripted_store, &result);
  scripted_wait (&result);
  g_clear_object (&result);
  g_assert_nonnull (SCRIPTED_BACKEND (backend)->kept);
  g_assert_finalize_object (backend);
}

int
main (int argc, char *argv[])
{
  static const struct
  {
    const char *path;
    void (*run) (Fixture *, gconstpointer);
  } cases[] = {
    { "/aionet/request/success", test_success },
    { "/aionet/request/later", test_later },
    { "/aionet/request/failure", test_failure },
    { "/aionet/request/cancel-before", test_cancel_before },
    { "/aionet/request/cancel-during", test_cancel_during },
    { "/aionet/request/deadline", test_deadline },
    { "/aionet/request/dropped", test_dropped },
    { "/aionet/request/dropped-later", test_dropped_later },
    { "/aionet/request/twice", test_twice },
    { "/aionet/request/thread", test_thread },
    { "/aionet/request/thread-drops", test_thread_drops },
    { "/aionet/request/thread-provider", test_thread_provider },
    { "/aionet/request/thread-race", test_thread_race },
    { "/aionet/request/wrong-type", test_wrong_type },
    { "/aionet/request/nothing", test_nothing },
    { "/aionet/request/no-callback", test_no_callback },
    { "/aionet/request/no-sources", test_no_sources },
    { "/aionet/request/kept-for-ever", test_kept_for_ever },
  };

  g_test_init (&argc, &argv, NULL);

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    g_test_add (cases[i].path, Fixture, NULL, set_up, cases[i].run, tear_down);
  return g_test_run ();
}
