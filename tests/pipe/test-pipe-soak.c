/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#include "config.h"

#include <gio/gio.h>
#include <string.h>

#include "engine/aionet-reactor-private.h"
#include "pipe-helpers.h"

/* Random opens, sends, receives, cancels and closes, from callbacks too. Nothing is expected of
 * single steps; what counts is that nothing is left. */

#define N_STEPS 4000
#define MAX_PIPES 24

typedef struct
{
  AionetPipe   *servers[2];    /* (owned) TCP, UDP */
  char         *targets[2];    /* (owned) */
  GPtrArray    *pipes;         /* (owned) */
  GPtrArray    *subscriptions; /* (owned) */
  GCancellable *cancellable;   /* (owned) */
  guint         n_pending;     /* callbacks to come */
  guint         n_opened;
  guint64       n_messages;
} Soak;

static guint
pick (guint n)
{
  return (guint) g_test_rand_int_range (0, (gint32) n);
}

static AionetPipe *
pick_pipe (Soak *soak)
{
  return soak->pipes->len > 0 ? soak->pipes->pdata[pick (soak->pipes->len)] : NULL;
}

static void
maybe_close (Soak *soak, AionetPipe *pipe)
{
  if (pick (40) == 0)
    aionet_pipe_close (pipe);
  if (pick (40) == 0)
    g_ptr_array_remove_fast (soak->pipes, pipe);
}

static void
on_closed (AionetPipe *pipe, const GError *error, gpointer user_data)
{
  g_ptr_array_remove_fast (((Soak *) user_data)->pipes, pipe);
}

static void
keep_pipe (Soak *soak, AionetPipe *pipe)
{
  g_signal_connect (pipe, "closed", G_CALLBACK (on_closed), soak);
  g_ptr_array_add (soak->pipes, g_object_ref (pipe));
}

static void
on_client (AionetPipe *server, AionetPipe *client, gpointer user_data)
{
  Soak *soak = user_data;

  if (soak->pipes->len < MAX_PIPES)
    keep_pipe (soak, client);
}

static void
on_message (AionetPipe *pipe, AionetMessage *message, gpointer user_data)
{
  Soak *soak = user_data;

  soak->n_messages++;
  if (aionet_pipe_get_protocol (pipe) == G_SOCKET_PROTOCOL_UDP && aionet_pipe_is_server (pipe))
    aionet_pipe_send (pipe, aionet_message_get_bytes (message), aionet_message_get_sender (message),
                      NULL);
  else if (!aionet_pipe_is_server (pipe))
    maybe_close (soak, pipe);
}

static void
on_opened (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Soak       *soak = user_data;
  AionetPipe *pipe = AIONET_PIPE (source);

  soak->n_pending--;
  if (aionet_pipe_open_finish (pipe, result, NULL))
    soak->n_opened++;
  maybe_close (soak, pipe);
}

static void
on_sent (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Soak *soak = user_data;

  soak->n_pending--;
  aionet_pipe_send_finish (AIONET_PIPE (source), result, NULL);
  maybe_close (soak, AIONET_PIPE (source));
}

static void
on_received (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Soak *soak = user_data;
  g_autoptr (AionetMessage) message =
      aionet_pipe_receive_finish (AIONET_PIPE (source), result, NULL);

  soak->n_pending--;
  soak->n_messages += message != NULL;
  maybe_close (soak, AIONET_PIPE (source));
}

static void
step_open (Soak *soak)
{
  guint    kind = pick (2);
  gboolean dead = pick (6) == 0;
  g_autoptr (AionetPipe) pipe = NULL;

  if (soak->pipes->len >= MAX_PIPES)
    return;
  pipe = aionet_pipe_new (kind == 0 ? G_SOCKET_PROTOCOL_TCP : G_SOCKET_PROTOCOL_UDP,
                          dead ? "127.0.0.1:1" : soak->targets[kind], NULL);
  keep_pipe (soak, pipe);
  if (pick (3) == 0)
    g_signal_connect (pipe, "message", G_CALLBACK (on_message), soak);
  soak->n_pending++;
  aionet_pipe_open_async (pipe, pick (4) == 0 ? soak->cancellable : NULL, on_opened, soak);
}

static void
step_send (Soak *soak)
{
  AionetPipe *pipe = pick_pipe (soak);
  gsize       size = pick (8) == 0 ? pick (60000) : pick (200);
  g_autoptr (GBytes) bytes = g_bytes_new_take (g_malloc0 (size), size);

  if (pipe == NULL)
    return;
  if (pick (2) == 0)
    {
      aionet_pipe_send (pipe, bytes, NULL, NULL);
      return;
    }
  soak->n_pending++;
  aionet_pipe_send_async (pipe, bytes, NULL, pick (3) == 0 ? soak->cancellable : NULL, on_sent,
                          soak);
}

static void
step_receive (Soak *soak)
{
  AionetPipe *pipe = pick_pipe (soak);

  if (pipe == NULL)
    return;
  soak->n_pending++;
  /* Never for ever: who waits keeps its pipe, which may be out of our hands. */
  aionet_pipe_receive_async (pipe, (int) pick (20), pick (3) == 0 ? soak->cancellable : NULL,
                             on_received, soak);
}

static void
step_subscribe (Soak *soak)
{
  AionetPipe         *pipe = pick_pipe (soak);
  AionetSubscription *subscription;

  if (soak->subscriptions->len > 10)
    g_ptr_array_remove_index_fast (soak->subscriptions, pick (soak->subscriptions->len));
  if (pipe == NULL)
    return;
  subscription = aionet_pipe_subscribe (pipe, pick (2) == 0 ? "^.x" : NULL, NULL, NULL);
  if (subscription != NULL)
    g_ptr_array_add (soak->subscriptions, subscription);
}

static void
step_cancel (Soak *soak)
{
  g_cancellable_cancel (soak->cancellable);
  g_object_unref (soak->cancellable);
  soak->cancellable = g_cancellable_new ();
}

static void
step (Soak *soak)
{
  AionetPipe *pipe;

  switch (pick (12))
    {
    case 0:
    case 1:
      step_open (soak);
      break;
    case 2:
    case 3:
    case 4:
    case 5:
      step_send (soak);
      break;
    case 6:
    case 7:
      step_receive (soak);
      break;
    case 8:
      step_subscribe (soak);
      break;
    case 9:
      step_cancel (soak);
      break;
    default:
      pipe = pick_pipe (soak);
      if (pipe != NULL)
        maybe_close (soak, pipe);
    }
}

static void
soak_init (Soak *soak)
{
  static const GSocketProtocol protocols[2] = { G_SOCKET_PROTOCOL_TCP, G_SOCKET_PROTOCOL_UDP };

  memset (soak, 0, sizeof *soak);
  soak->pipes = g_ptr_array_new_with_free_func (g_object_unref);
  soak->subscriptions = g_ptr_array_new_with_free_func (g_object_unref);
  soak->cancellable = g_cancellable_new ();
  for (guint i = 0; i < 2; i++)
    {
      soak->servers[i] = loopback_server (protocols[i], G_SOCKET_FAMILY_IPV4);
      soak->targets[i] = target_of (soak->servers[i]);
      g_signal_connect (soak->servers[i], "client", G_CALLBACK (on_client), soak);
      g_signal_connect (soak->servers[i], "message", G_CALLBACK (on_message), soak);
    }
}

static void
soak_clear (Soak *soak)
{
  g_cancellable_cancel (soak->cancellable);
  while (soak->pipes->len > 0)
    {
      g_autoptr (AionetPipe) pipe = g_object_ref (soak->pipes->pdata[0]);

      g_ptr_array_remove_fast (soak->pipes, pipe);
      aionet_pipe_close (pipe);
    }
  while (soak->n_pending > 0)
    g_main_context_iteration (NULL, TRUE);
  turn_a_little ();
  g_ptr_array_unref (soak->subscriptions);
  for (guint i = 0; i < 2; i++)
    {
      g_object_unref (soak->servers[i]);
      g_free (soak->targets[i]);
    }
  turn_a_little ();
  g_ptr_array_unref (soak->pipes);
  g_object_unref (soak->cancellable);
}

static void
test_soak (void)
{
  g_autoptr (GMainContext) context = g_main_context_ref_thread_default ();
  const gint64 end = g_get_monotonic_time () + 2 * G_USEC_PER_SEC;
  guint        n_descriptors;
  Soak         soak;

  g_test_summary (
      "After a random life every watch, descriptor, callback and pipe is accounted for");

  /* What GLib keeps for itself from the first turn and the first task on. */
  g_main_context_iteration (context, FALSE);
  g_type_ensure (G_TYPE_TASK);
  n_descriptors = count_descriptors ();
  soak_init (&soak);
  for (guint i = 0; i < N_STEPS && g_get_monotonic_time () < end; i++)
    {
      step (&soak);
      for (guint k = pick (4); k > 0; k--)
        g_main_context_iteration (context, FALSE);
    }
  g_test_message ("%u opened, %" G_GUINT64_FORMAT " messages", soak.n_opened, soak.n_messages);
  g_assert_cmpuint (soak.n_opened, >, 0);
  g_assert_cmpuint (soak.n_messages, >, 0);
  soak_clear (&soak);
  g_assert_cmpuint (soak.n_pending, ==, 0);
  g_assert_cmpuint (_aionet_reactor_get_n_watches (context), ==, 0);
  g_assert_cmpuint (count_descriptors (), ==, n_descriptors);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/aionet/pipe-soak/random", test_soak);
  return g_test_run ();
}
