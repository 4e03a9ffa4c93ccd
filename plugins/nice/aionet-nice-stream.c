/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#include "config.h"
#include "aionet-nice-stream.h"

#include "aionet-nice-codec.h"
#include "aionet-nice-timer.h"
#include "aionet-nice-verdict.h"

/* One question to one server over TCP. Nothing is sent twice, and nothing but an answer may come:
 * garbage, a giant or an early end of the connection is the end. Whatever follows the answer is
 * nobody's business.
 *
 * References: one for the start, given back by finish (), one for each operation under way. */
typedef struct
{
  AionetStunRequest  *request;    /* (owned) */
  AionetPipe         *pipe;       /* (owned) */
  GCancellable       *operations; /* (owned) ends what is under way */
  GSource            *timer;      /* (owned) (nullable) */
  GSource            *cancelled;  /* (owned) (nullable) */

  GInetSocketAddress *server; /* (owned) */
  AionetNiceQuestion  question;
  GByteArray         *received; /* (owned) */
  gint64              sent_us;
  gboolean            done;
} Stream;

static void
clear (gpointer data)
{
  Stream *self = data;

  g_object_unref (self->request);
  g_object_unref (self->pipe);
  g_object_unref (self->operations);
  g_object_unref (self->server);
  g_byte_array_unref (self->received);
}

static void
release (Stream *self)
{
  g_rc_box_release_full (self, clear);
}

/* Ends all that is under way. The caller must not touch self afterwards. */
static void
finish (Stream *self)
{
  if (self->done)
    return;
  self->done = TRUE;
  aionet_nice_clear_source (&self->timer);
  aionet_nice_clear_source (&self->cancelled);
  g_cancellable_cancel (self->operations);
  aionet_pipe_close (self->pipe);
  release (self);
}

/* Keeps domain and code of the cause, names the server. */
static void
fail_because (Stream *self, const GError *cause)
{
  g_autoptr (AionetStunRequest) request = g_object_ref (self->request);
  g_autofree char *name = aionet_nice_server_to_string (self->server);
  g_autoptr (GError) error = g_error_copy (cause);

  g_prefix_error (&error, "%s, over TCP: ", name);
  finish (self);
  if (!aionet_request_is_done (AIONET_REQUEST (request)))
    aionet_request_fail (AIONET_REQUEST (request), error);
}

static void
fail_with (Stream *self, GQuark domain, int code, const char *message)
{
  g_autoptr (GError) error = g_error_new_literal (domain, code, message);

  fail_because (self, error);
}

static gboolean
on_due (gpointer user_data)
{
  fail_with (user_data, G_IO_ERROR, G_IO_ERROR_TIMED_OUT, "no answer in time");
  return G_SOURCE_REMOVE;
}

static gboolean
on_cancelled (GCancellable *cancellable, gpointer user_data)
{
  /* The request has told its caller already; all that is left is to stop. */
  finish (user_data);
  return G_SOURCE_REMOVE;
}

static void
conclude (Stream *self, gsize length)
{
  g_autoptr (AionetStunRequest) request = g_object_ref (self->request);
  g_autoptr (AionetNiceAnswer) answer = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (AionetMapping) mapping = NULL;
  GSocketAddress *local = aionet_pipe_get_local_address (self->pipe);

  answer = aionet_nice_answer_decode (&self->question, self->received->data, length, &error);
  if (answer == NULL)
    {
      fail_because (self, error);
      return;
    }
  mapping = aionet_nice_mapping_new (request, answer, G_INET_SOCKET_ADDRESS (local), NULL,
                                     g_get_monotonic_time () - self->sent_us, 1, &error);
  finish (self);
  if (mapping != NULL)
    aionet_request_complete (AIONET_REQUEST (request), G_OBJECT (mapping));
  else
    aionet_request_fail (AIONET_REQUEST (request), error);
}

static void
take_bytes (Stream *self, GBytes *bytes)
{
  gsize         size;
  const guint8 *data = g_bytes_get_data (bytes, &size);
  gssize        length;

  /* More than one answer can be is not kept. */
  size = MIN (size, AIONET_NICE_MAX_ANSWER - self->received->len);
  g_byte_array_append (self->received, data, (guint) size);
  length = aionet_nice_frame_length (self->received->data, self->received->len);
  if (length > 0)
    conclude (self, (gsize) length);
  else if (length < 0)
    fail_with (self, AIONET_ERROR, AIONET_ERROR_STUN_FAILED, "sent something that is no answer");
}

static void receive (Stream *self);

static void
on_received (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Stream *self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (AionetMessage) message =
      aionet_pipe_receive_finish (AIONET_PIPE (source), result, &error);

  if (!self->done && message != NULL)
    take_bytes (self, aionet_message_get_bytes (message));
  else if (!self->done && g_error_matches (error, AIONET_ERROR, AIONET_ERROR_CLOSED))
    fail_with (self, AIONET_ERROR, AIONET_ERROR_STUN_FAILED,
               self->received->len > 0 ? "closed the connection in the middle of its answer"
                                       : "closed the connection without an answer");
  else if (!self->done)
    fail_because (self, error);
  if (!self->done)
    receive (self);
  release (self);
}

static void
receive (Stream *self)
{
  aionet_pipe_receive_async (self->pipe, -1, self->operations, on_received,
                             g_rc_box_acquire (self));
}

static void
on_opened (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Stream *self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) request = NULL;

  if (!aionet_pipe_open_finish (AIONET_PIPE (source), result, &error))
    {
      if (!self->done)
        fail_because (self, error);
    }
  else if (!self->done)
    {
      request = aionet_nice_question_encode (&self->question);
      self->sent_us = g_get_monotonic_time ();
      /* 28 bytes at most, the first of the connection: they fit into any buffer. */
      if (aionet_pipe_send (self->pipe, request, NULL, &error))
        receive (self);
      else
        fail_because (self, error);
    }
  release (self);
}

void
aionet_nice_stream_start (AionetStunRequest *request, GSocket *socket)
{
  Stream *self = g_rc_box_new0 (Stream);
  gint64  deadline_us = aionet_nice_get_end_us (AIONET_REQUEST (request));
  gint64  end_us = g_get_monotonic_time () + AIONET_NICE_STREAM_TIMEOUT_US;

  self->request = g_object_ref (request);
  self->operations = g_cancellable_new ();
  self->received = g_byte_array_new ();
  self->server = g_object_ref (aionet_stun_request_get_server (request));
  self->pipe = aionet_pipe_new_for_socket (socket, G_SOCKET_ADDRESS (self->server));
  aionet_nice_question_init (&self->question, AIONET_NICE_MODE_RFC8489,
                             aionet_stun_request_get_change (request), NULL);
  self->cancelled =
      aionet_nice_cancel_source_new (aionet_request_get_cancellable (AIONET_REQUEST (request)),
                                     "[aionet] STUN stream cancelled", on_cancelled, self);
  self->timer = aionet_nice_timer_new ("[aionet] STUN stream time-out", on_due, self);
  aionet_nice_timer_set (self->timer, deadline_us > 0 ? MIN (deadline_us, end_us) : end_us);
  aionet_pipe_open_async (self->pipe, self->operations, on_opened, g_rc_box_acquire (self));
}
