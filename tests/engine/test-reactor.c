/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#include "config.h"

#include <fcntl.h>
#include <gio/gio.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include "engine/aionet-reactor-private.h"

/* Built twice: with the poller of this system, and with the portable one. */

typedef struct
{
  GMainContext *context; /* (not owned) */
  AionetWatch  *watch;   /* (owned) (nullable) */
  int           fds[2];  /* (owned) watched end, other end */
  guint         n_calls;
  GIOCondition  seen;
  void (*on_ready) (gpointer);
  gpointer on_ready_data;
} End;

static void
on_ready (GIOCondition condition, gpointer user_data)
{
  End *end = user_data;

  end->n_calls++;
  end->seen = condition;
  if (end->on_ready != NULL)
    end->on_ready (end->on_ready_data);
}

static void
end_watch (End *end, GIOCondition condition)
{
  g_autoptr (GError) error = NULL;

  end->watch = _aionet_reactor_add (end->context, end->fds[0], condition, on_ready, end, &error);
  g_assert_no_error (error);
  g_assert_nonnull (end->watch);
}

static void
end_open (End *end, GMainContext *context, GIOCondition condition)
{
  *end = (End){ .context = context };
  g_assert_cmpint (socketpair (AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, end->fds),
                   ==, 0);
  end_watch (end, condition);
}

static void
end_close (End *end)
{
  g_clear_pointer (&end->watch, _aionet_watch_remove);
  close (end->fds[0]);
  if (end->fds[1] >= 0)
    close (end->fds[1]);
}

static void
end_poke (End *end)
{
  g_assert_cmpint (write (end->fds[1], "x", 1), ==, 1);
}

static void
end_drain (End *end)
{
  char byte;

  while (read (end->fds[0], &byte, 1) == 1)
    ;
}

static void
turn (GMainContext *context)
{
  while (g_main_context_iteration (context, FALSE))
    ;
}

static void
test_conditions (void)
{
  g_autoptr (GMainContext) context = g_main_context_new ();
  End end;

  g_test_summary ("Reports what is asked for, again and again while it lasts, and hang-ups always");

  end_open (&end, context, G_IO_IN);
  turn (context);
  g_assert_cmpuint (end.n_calls, ==, 0);
  end_poke (&end);
  g_main_context_iteration (context, FALSE);
  g_main_context_iteration (context, FALSE);
  g_assert_cmpuint (end.n_calls, ==, 2);
  g_assert_cmpint (end.seen, ==, G_IO_IN);
  _aionet_watch_set_condition (end.watch, 0);
  turn (context);
  g_assert_cmpuint (end.n_calls, ==, 2);
  _aionet_watch_set_condition (end.watch, G_IO_OUT);
  g_main_context_iteration (context, FALSE);
  g_assert_cmpint (end.seen, ==, G_IO_OUT);
  _aionet_watch_set_condition (end.watch, 0);
  close (end.fds[1]);
  end.fds[1] = -1;
  g_main_context_iteration (context, FALSE);
  g_assert_true (end.seen & G_IO_HUP);
  end_close (&end);
}

static guint
count_reactors (GMainContext *context)
{
  return _aionet_reactor_get_n_watches (context) > 0 ? 1 : 0;
}

static void
allow_descriptors (guint n)
{
  struct rlimit limit;

  g_assert_cmpint (getrlimit (RLIMIT_NOFILE, &limit), ==, 0);
  if (limit.rlim_cur < n)
    limit.rlim_cur = MIN ((rlim_t) n, limit.rlim_max);
  g_assert_cmpint (setrlimit (RLIMIT_NOFILE, &limit), ==, 0);
}

static guint
affordable (guint n)
{
  struct rlimit limit;

  g_assert_cmpint (getrlimit (RLIMIT_NOFILE, &limit), ==, 0);
  return (guint) MIN ((rlim_t) n, (limit.rlim_cur - 64) / 2);
}

static void
test_many (void)
{
  g_autoptr (GMainContext) context = g_main_context_new ();
  g_autofree End *ends = NULL;
  guint           n, n_watched = 0, n_seen = 0;

  g_test_summary ("Thousands of watches live in one source that goes with the last of them");

  allow_descriptors (2 * 4000 + 64);
  n = affordable (4000);
  ends = g_new0 (End, n);
  for (guint i = 0; i < n; i++)
    end_open (&ends[i], context, G_IO_IN);
  for (guint id = 1; id <= 8; id++)
    {
      GSource *source = g_main_context_find_source_by_id (context, id);

      n_watched += source != NULL && g_str_equal (g_source_get_name (source), "[aionet] reactor");
    }
  g_assert_cmpuint (n_watched, ==, 1);
  g_assert_cmpuint (_aionet_reactor_get_n_watches (context), ==, n);
  for (guint i = 0; i < n; i += 500)
    end_poke (&ends[i]);
  g_main_context_iteration (context, FALSE);
  for (guint i = 0; i < n; i++)
    n_seen += ends[i].n_calls;
  g_assert_cmpuint (n_seen, ==, (n + 499) / 500);
  for (guint i = 0; i < n; i++)
    end_close (&ends[i]);
  g_assert_cmpuint (count_reactors (context), ==, 0);
  g_assert_null (g_main_context_find_source_by_id (context, 1));
}

static gboolean
count_turn (gpointer user_data)
{
  guint *n = user_data;

  ++*n;
  return G_SOURCE_CONTINUE;
}

static void
test_fair (void)
{
  g_autoptr (GMainContext) context = g_main_context_new ();
  g_autoptr (GSource) other = g_idle_source_new ();
  End   ends[200];
  guint n_other = 0, n_calls, n_served = 0;

  g_test_summary ("A busy reactor takes one batch a turn; others wait no longer, and none starves");

  for (guint i = 0; i < G_N_ELEMENTS (ends); i++)
    {
      end_open (&ends[i], context, G_IO_IN);
      end_poke (&ends[i]);
    }
  g_source_set_priority (other, G_PRIORITY_DEFAULT);
  g_source_set_callback (other, count_turn, &n_other, NULL);
  g_source_attach (other, context);
  for (guint round = 1; round <= 20; round++)
    {
      g_main_context_iteration (context, FALSE);
      n_calls = 0;
      for (guint i = 0; i < G_N_ELEMENTS (ends); i++)
        n_calls += ends[i].n_calls;
      g_assert_cmpuint (n_other, ==, round);
      g_assert_cmpuint (n_calls, <=, 32 * round);
      g_assert_cmpuint (n_calls, >=, round);
    }
  for (guint i = 0; i < G_N_ELEMENTS (ends); i++)
    n_served += ends[i].n_calls > 0;
  g_assert_cmpuint (n_served, ==, G_N_ELEMENTS (ends));
  g_assert_cmpuint (_aionet_reactor_get_n_turns (context), ==, 20);
  g_source_destroy (other);
  for (guint i = 0; i < G_N_ELEMENTS (ends); i++)
    end_close (&ends[i]);
}

typedef struct
{
  End  *ends;
  guint n;
} Group;

static void
remove_all (gpointer user_data)
{
  Group *group = user_data;

  for (guint i = 0; i < group->n; i++)
    g_clear_pointer (&group->ends[i].watch, _aionet_watch_remove);
}

static void
test_remove_inside (void)
{
  g_autoptr (GMainContext) context = g_main_context_new ();
  End   ends[8];
  Group group = { ends, G_N_ELEMENTS (ends) };
  guint n_calls = 0;

  g_test_summary ("The first callback of a batch removes everybody: nobody else is called");

  for (guint i = 0; i < group.n; i++)
    {
      end_open (&ends[i], context, G_IO_IN);
      ends[i].on_ready = remove_all;
      ends[i].on_ready_data = &group;
      end_poke (&ends[i]);
    }
  turn (context);
  for (guint i = 0; i < group.n; i++)
    n_calls += ends[i].n_calls;
  g_assert_cmpuint (n_calls, ==, 1);
  g_assert_cmpuint (_aionet_reactor_get_n_watches (context), ==, 0);
  for (guint i = 0; i < group.n; i++)
    end_close (&ends[i]);
}

typedef struct
{
  End *victim;
  End *heir;
} Inheritance;

/* Closes the victim's descriptor and watches a silent one under the same number. */
static void
inherit (gpointer user_data)
{
  Inheritance *self = user_data;

  if (self->victim->watch == NULL)
    return;
  g_clear_pointer (&self->victim->watch, _aionet_watch_remove);
  g_assert_cmpint (dup3 (self->heir->fds[0], self->victim->fds[0], O_CLOEXEC), ==,
                   self->victim->fds[0]);
  _aionet_watch_remove (g_steal_pointer (&self->heir->watch));
  close (self->heir->fds[0]);
  self->heir->fds[0] = self->victim->fds[0];
  end_watch (self->heir, G_IO_IN);
}

static void
test_number_reused (void)
{
  g_autoptr (GMainContext) context = g_main_context_new ();
  End         ends[2], heir;
  Inheritance plans[2] = { { &ends[1], &heir }, { &ends[0], &heir } };
  guint       survivor;

  g_test_summary ("A descriptor number taken over within a batch does not inherit its events");

  end_open (&heir, context, G_IO_IN);
  for (guint i = 0; i < 2; i++)
    {
      end_open (&ends[i], context, G_IO_IN);
      ends[i].on_ready = inherit;
      ends[i].on_ready_data = &plans[i];
    }
  end_poke (&ends[0]);
  end_poke (&ends[1]);
  g_main_context_iteration (context, FALSE);
  g_assert_cmpuint (ends[0].n_calls + ends[1].n_calls, ==, 1);
  survivor = ends[0].n_calls == 1 ? 0 : 1;
  end_drain (&ends[survivor]);
  turn (context);
  g_assert_cmpuint (heir.n_calls, ==, 0);
  end_poke (&heir);
  g_main_context_iteration (context, FALSE);
  g_assert_cmpuint (heir.n_calls, ==, 1);
  end_close (&heir);
  close (ends[1 - survivor].fds[1]);
  end_close (&ends[survivor]);
  g_assert_cmpuint (_aionet_reactor_get_n_watches (context), ==, 0);
}

typedef struct
{
  End     *end;
  guint    n_deferred; /* times it was done */
  guint    n_inside;   /* of them, while the callback was still running */
  guint    n_refused;
  gboolean turns;       /* the callback runs the main loop */
  gboolean removes;     /* the callback removes its watch */
  gboolean defers_more; /* the work is never done */
} Deferral;

static void
on_deferred (gpointer user_data)
{
  Deferral *self = ((End *) user_data)->on_ready_data;

  self->n_deferred++;
  if (self->defers_more && !_aionet_watch_defer (self->end->watch, on_deferred))
    self->n_refused++;
}

static void
defer_twice (gpointer user_data)
{
  Deferral *self = user_data;

  end_drain (self->end);
  g_assert_true (_aionet_watch_defer (self->end->watch, on_deferred));
  g_assert_true (_aionet_watch_defer (self->end->watch, on_deferred));
  g_assert_cmpuint (self->n_deferred, ==, 0);
  if (self->turns)
    g_main_context_iteration (self->end->context, TRUE);
  self->n_inside = self->n_deferred;
  if (self->removes)
    g_clear_pointer (&self->end->watch, _aionet_watch_remove);
}

static void
defer (Deferral *self)
{
  g_autoptr (GMainContext) context = g_main_context_new ();
  End end;

  end_open (&end, context, G_IO_IN);
  end.on_ready = defer_twice;
  end.on_ready_data = self;
  self->end = &end;
  g_assert_false (_aionet_watch_defer (end.watch, on_deferred));
  end_poke (&end);
  g_main_context_iteration (context, FALSE);
  g_assert_false (g_main_context_pending (context));
  end_close (&end);
}

static void
test_defer (void)
{
  Deferral plain = { 0 };
  Deferral turning = { .turns = TRUE };
  Deferral removing = { .removes = TRUE };
  Deferral endless = { .defers_more = TRUE };

  g_test_summary ("Deferred work is done once when the batch ends, or in a loop a callback runs");

  defer (&plain);
  g_assert_cmpuint (plain.n_deferred, ==, 1);
  g_assert_cmpuint (plain.n_inside, ==, 0);
  defer (&turning);
  g_assert_cmpuint (turning.n_deferred, ==, 1);
  g_assert_cmpuint (turning.n_inside, ==, 1);
  defer (&removing);
  g_assert_cmpuint (removing.n_deferred, ==, 0);
  defer (&endless);
  g_assert_cmpuint (endless.n_deferred, ==, 1);
  g_assert_cmpuint (endless.n_refused, ==, 1);
}

static void
iterate_once (gpointer user_data)
{
  End *end = user_data;

  if (end->n_calls >= 3)
    {
      g_clear_pointer (&end->watch, _aionet_watch_remove);
      return;
    }
  g_main_context_iteration (end->context, FALSE);
}

static void
test_nested (void)
{
  g_autoptr (GMainContext) context = g_main_context_new ();
  End end;

  g_test_summary ("A callback may run the main loop, and the watch may end in there");

  end_open (&end, context, G_IO_IN);
  end.on_ready = iterate_once;
  end.on_ready_data = &end;
  end_poke (&end);
  g_main_context_iteration (context, FALSE);
  g_assert_cmpuint (end.n_calls, ==, 3);
  g_assert_cmpuint (_aionet_reactor_get_n_watches (context), ==, 0);
  end_close (&end);
}

static gpointer
run_thread (gpointer user_data)
{
  g_autoptr (GMainContext) context = g_main_context_new ();
  End   ends[50];
  guint n_calls = 0;

  for (guint round = 0; round < 20; round++)
    {
      for (guint i = 0; i < G_N_ELEMENTS (ends); i++)
        {
          end_open (&ends[i], context, G_IO_IN);
          end_poke (&ends[i]);
        }
      g_assert_cmpuint (_aionet_reactor_get_n_watches (context), ==, G_N_ELEMENTS (ends));
      g_main_context_iteration (context, FALSE);
      for (guint i = 0; i < G_N_ELEMENTS (ends); i++)
        {
          n_calls += ends[i].n_calls;
          end_close (&ends[i]);
        }
    }
  g_assert_cmpuint (_aionet_reactor_get_n_watches (context), ==, 0);
  return GUINT_TO_POINTER (n_calls);
}

static void
test_threads (void)
{
  GThread *threads[2];

  g_test_summary ("Contexts in two threads have reactors of their own");

  for (guint i = 0; i < 2; i++)
    threads[i] = g_thread_new ("reactor", run_thread, NULL);
  for (guint i = 0; i < 2; i++)
    g_assert_cmpuint (GPOINTER_TO_UINT (g_thread_join (threads[i])), >=, 20);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/aionet/reactor/conditions", test_conditions);
  g_test_add_func ("/aionet/reactor/many", test_many);
  g_test_add_func ("/aionet/reactor/fair", test_fair);
  g_test_add_func ("/aionet/reactor/remove-inside", test_remove_inside);
  g_test_add_func ("/aionet/reactor/number-reused", test_number_reused);
  g_test_add_func ("/aionet/reactor/nested", test_nested);
  g_test_add_func ("/aionet/reactor/defer", test_defer);
  g_test_add_func ("/aionet/reactor/threads", test_threads);
  return g_test_run ();
}
