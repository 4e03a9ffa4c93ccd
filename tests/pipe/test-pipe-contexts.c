/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#include "config.h"

#include "daemon-helpers.h"
#include "engine/aionet-reactor-private.h"

/* Pipes and daemons live in the main context that was the thread-default one when they were made,
 * whichever that is and however many there are. */

#define TCP G_SOCKET_PROTOCOL_TCP
#define UDP G_SOCKET_PROTOCOL_UDP
#define N_THREADS 4
#define N_ECHOES 50

typedef struct
{
  GThread *thread;
  guint    n_opened;
  guint    n_echoes;
  guint    n_served;
  guint    n_closed;
} Party;

static void
assert_at_home (Party *party)
{
  g_assert_true (g_thread_self () == party->thread);
}

static void
on_opened (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Party *party = user_data;
  g_autoptr (GError) error = NULL;

  assert_at_home (party);
  aionet_pipe_open_finish (AIONET_PIPE (source), result, &error);
  g_assert_no_error (error);
  party->n_opened++;
  send_text (AIONET_PIPE (source), "0", NULL);
}

static void
on_echo (AionetPipe *pipe, AionetMessage *message, gpointer user_data)
{
  Party *party = user_data;

  assert_at_home (party);
  party->n_echoes++;
  send_text (pipe, "again", NULL);
}

static void
on_served (AionetDaemon *daemon, AionetPipe *pipe, AionetMessage *message, gpointer user_data)
{
  Party *party = user_data;

  assert_at_home (party);
  party->n_served++;
  on_echo_message (daemon, pipe, message, NULL);
}

static void
on_client_closed (AionetDaemon *daemon, AionetPipe *client, const GError *error, gpointer user_data)
{
  Party *party = user_data;

  assert_at_home (party);
  party->n_closed++;
}

static void
talk (Party *party, GMainContext *context, AionetDaemon *daemon, guint16 port, guint protocol)
{
  g_autofree char *target = g_strdup_printf ("127.0.0.1:%u", port);
  g_autoptr (AionetPipe) pipe = aionet_pipe_new (protocol, target, NULL);

  party->n_echoes = party->n_served = 0;
  g_signal_connect (pipe, "message", G_CALLBACK (on_echo), party);
  aionet_pipe_open_async (pipe, NULL, on_opened, party);
  while (party->n_echoes < N_ECHOES)
    g_main_context_iteration (context, TRUE);
  g_assert_cmpuint (party->n_served, >=, N_ECHOES);
}

/* A thread as a program has them: a context of its own, and everything in it. */
static gpointer
live (gpointer data)
{
  g_autoptr (GMainContext) context = g_main_context_new ();
  g_autoptr (AionetDaemon) daemon = NULL;
  g_autoptr (GError) error = NULL;
  Party   party = { .thread = g_thread_self () };
  guint16 port;

  g_main_context_push_thread_default (context);
  daemon = aionet_daemon_new ();
  g_signal_connect (daemon, "message", G_CALLBACK (on_served), &party);
  g_signal_connect (daemon, "client-closed", G_CALLBACK (on_client_closed), &party);
  port = aionet_daemon_listen_loopback (daemon, G_SOCKET_PROTOCOL_DEFAULT, 0, NULL, &error);
  g_assert_no_error (error);
  talk (&party, context, daemon, port, TCP);
  while (party.n_closed == 0)
    g_main_context_iteration (context, TRUE);
  talk (&party, context, daemon, port, UDP);
  g_assert_cmpuint (party.n_opened, ==, 2);
  g_clear_object (&daemon);
  g_main_context_pop_thread_default (context);
  g_assert_cmpuint (_aionet_reactor_get_n_watches (context), ==, 0);
  return NULL;
}

static void
test_threads (void)
{
  GThread *threads[N_THREADS];

  g_test_summary ("Threads with a context each have pipes and daemons; the global one is not used");

  for (guint i = 0; i < N_THREADS; i++)
    threads[i] = g_thread_new ("party", live, NULL);
  for (guint i = 0; i < N_THREADS; i++)
    g_thread_join (threads[i]);
  g_assert_cmpuint (_aionet_reactor_get_n_turns (g_main_context_default ()), ==, 0);
  g_assert_false (g_main_context_pending (NULL));
}

static void
on_answer (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GError) error = NULL;

  *(AionetMessage **) user_data = aionet_pipe_receive_finish (AIONET_PIPE (source), result, &error);
  g_assert_no_error (error);
}

static void
on_ready (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GError) error = NULL;

  aionet_pipe_open_finish (AIONET_PIPE (source), result, &error);
  g_assert_no_error (error);
  send_text (AIONET_PIPE (source), "now", NULL);
  aionet_pipe_receive_async (AIONET_PIPE (source), 10000, NULL, on_answer, user_data);
}

/* What a function does that a user interface calls and that has to return with the answer. */
static void
ask_and_wait (guint16 port)
{
  g_autoptr (GMainContext) context = g_main_context_new ();
  g_autofree char *target = g_strdup_printf ("127.0.0.1:%u", port);
  g_autoptr (AionetPipe) pipe = NULL;
  g_autoptr (AionetMessage) answer = NULL;

  g_main_context_push_thread_default (context);
  pipe = aionet_pipe_new (TCP, target, NULL);
  aionet_pipe_open_async (pipe, NULL, on_ready, &answer);
  while (answer == NULL)
    g_main_context_iteration (context, TRUE);
  g_clear_object (&pipe);
  g_main_context_pop_thread_default (context);
  g_assert_cmpuint (_aionet_reactor_get_n_watches (context), ==, 0);
}

static void
on_any (AionetPipe *pipe, AionetMessage *message, gpointer user_data)
{
  ++*(guint *) user_data;
}

static void
test_pushed (void)
{
  g_autoptr (AionetDaemon) daemon = aionet_daemon_new ();
  g_autoptr (AionetPipe) outer = NULL;
  g_autoptr (GError) error = NULL;
  guint   n_outer = 0;
  guint16 port;

  g_test_summary (
      "A pipe in a pushed context is waited for without those of the outer one running");

  aionet_daemon_set_n_workers (daemon, 1);
  aionet_daemon_set_message_func (daemon, echo_func, NULL, NULL);
  port = aionet_daemon_listen_loopback (daemon, TCP, 0, NULL, &error);
  g_assert_no_error (error);
  outer = connect_to (TCP, "127.0.0.1", port, &error);
  g_assert_no_error (error);
  g_signal_connect (outer, "message", G_CALLBACK (on_any), &n_outer);
  send_text (outer, "later", NULL);
  for (guint i = 0; i < 5; i++)
    ask_and_wait (port);
  g_assert_cmpuint (n_outer, ==, 0);
  while (n_outer == 0)
    g_main_context_iteration (NULL, TRUE);
}

static void
test_one_thread (void)
{
  GMainContext *contexts[2] = { g_main_context_new (), g_main_context_new () };
  AionetPipe   *pipes[2];
  guint         n_messages[2] = { 0, 0 };

  g_test_summary ("Contexts that one thread runs by turns do not serve each other");

  for (guint i = 0; i < 2; i++)
    {
      g_main_context_push_thread_default (contexts[i]);
      pipes[i] = loopback_server (UDP, G_SOCKET_FAMILY_IPV4);
      g_signal_connect (pipes[i], "message", G_CALLBACK (on_any), &n_messages[i]);
      g_main_context_pop_thread_default (contexts[i]);
    }
  for (guint i = 0; i < 2; i++)
    send_text (pipes[i], "hello", aionet_pipe_get_local_address (pipes[1 - i]));
  for (guint i = 0; i < 2; i++)
    {
      g_assert_cmpuint (n_messages[i], ==, 0);
      while (n_messages[i] == 0)
        g_main_context_iteration (contexts[i], TRUE);
    }
  for (guint i = 0; i < 2; i++)
    {
      g_assert_cmpuint (n_messages[i], ==, 1);
      g_object_unref (pipes[i]);
      g_main_context_unref (contexts[i]);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/aionet/pipe-contexts/threads", test_threads);
  g_test_add_func ("/aionet/pipe-contexts/pushed", test_pushed);
  g_test_add_func ("/aionet/pipe-contexts/one-thread", test_one_thread);
  return g_test_run ();
}
