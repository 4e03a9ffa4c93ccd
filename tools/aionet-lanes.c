/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#include "config.h"

#include "aionet-lanes.h"

#include "aionet-commands.h"

#include <gio/gunixinputstream.h>
#include <gio/gunixoutputstream.h>
#include <limits.h>
#include <unistd.h>

#define BUFFER_SIZE 65536

typedef struct _Lanes Lanes;

typedef struct
{
  Lanes         *lanes; /* (not owned) */
  GInputStream  *from;  /* (owned) */
  GOutputStream *to;    /* (owned) */
  gsize          max_write;
  gboolean       ended;
  gsize          begin, end; /* of what waits in data */
  guint8         data[BUFFER_SIZE];
} Lane;

/* Every operation under way holds a reference. */
struct _Lanes
{
  gatomicrefcount refs;
  GIOStream      *connection;     /* (owned) */
  gboolean        is_command;     /* at the other side */
  gboolean        is_reader_gone; /* it has ended: nobody takes what the connection says */
  GCancellable   *cancellable;    /* (owned) ends what is under way when one lane fails */
  Lane            out;            /* towards the connection */
  Lane            in;
  gboolean        leaves_early;
  int             idle_ms;
  guint           idle_id;
  GError         *error; /* (owned) (nullable) the first */
  LanesDone       done;  /* NULL once called */
  gpointer        user_data;
};

static Lane *
hold (Lane *lane)
{
  g_atomic_ref_count_inc (&lane->lanes->refs);
  return lane;
}

static void
lane_clear (Lane *self)
{
  g_object_unref (self->from);
  g_object_unref (self->to);
}

static void
release (Lanes *self)
{
  if (!g_atomic_ref_count_dec (&self->refs))
    return;
  lane_clear (&self->out);
  lane_clear (&self->in);
  /* Whoever is at the other end need not be the one that closes. */
  g_io_stream_close_async (self->connection, G_PRIORITY_DEFAULT, NULL, NULL, NULL);
  g_object_unref (self->connection);
  g_object_unref (self->cancellable);
  g_clear_error (&self->error);
  g_free (self);
}

static void
end (Lanes *self)
{
  LanesDone done = g_steal_pointer (&self->done);

  if (done == NULL)
    return;
  g_clear_handle_id (&self->idle_id, g_source_remove);
  g_cancellable_cancel (self->cancellable);
  done (self->error, self->user_data);
}

/* Takes error. */
static void
fail (Lanes *self, const char *what, GError *error)
{
  if (self->error == NULL && self->done != NULL)
    {
      self->error = error;
      g_prefix_error (&self->error, "%s: ", what);
    }
  else
    g_error_free (error);
  end (self);
}

static gboolean
on_idle (gpointer user_data)
{
  Lanes *self = user_data;

  self->idle_id = 0;
  fail (self, "the connection",
        g_error_new (G_IO_ERROR, G_IO_ERROR_TIMED_OUT, "no data for %g s",
                     (double) self->idle_ms / 1000));
  return G_SOURCE_REMOVE;
}

static void
restart_clock (Lanes *self)
{
  g_clear_handle_id (&self->idle_id, g_source_remove);
  if (self->idle_ms >= 0)
    self->idle_id = g_timeout_add ((guint) self->idle_ms, on_idle, self);
}

static void
end_if_over (Lanes *self)
{
  if ((self->in.ended || self->is_reader_gone) && (self->out.ended || self->leaves_early))
    end (self);
}

static void read_more (Lane *lane);
static void write_more (Lane *lane);

static void
on_closed (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Lane  *lane = user_data;
  Lanes *self = lane->lanes;

  /* The reader may be gone before it is told of the end. */
  g_output_stream_close_finish (G_OUTPUT_STREAM (source), result, NULL);
  lane->ended = TRUE;
  end_if_over (self);
  release (self);
}

static void
on_written (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Lane  *lane = user_data;
  Lanes *self = lane->lanes;
  g_autoptr (GError) error = NULL;
  gssize n = g_output_stream_write_finish (G_OUTPUT_STREAM (source), result, &error);

  if (n < 0 && lane == &self->in && g_error_matches (error, G_IO_ERROR, G_IO_ERROR_BROKEN_PIPE) &&
      self->is_command)
    {
      /* A command need not read what it is told; what it says counts all the same. */
      lane->ended = TRUE;
      end_if_over (self);
    }
  else if (n < 0)
    fail (self, lane == &self->out ? "cannot send" : "cannot write the output",
          g_steal_pointer (&error));
  else if (self->done != NULL)
    {
      restart_clock (self);
      lane->begin += (gsize) n;
      if (lane->begin < lane->end)
        write_more (lane);
      else
        read_more (lane);
    }
  release (self);
}

static void
write_more (Lane *lane)
{
  g_output_stream_write_async (lane->to, lane->data + lane->begin,
                               MIN (lane->end - lane->begin, lane->max_write), G_PRIORITY_DEFAULT,
                               lane->lanes->cancellable, on_written, hold (lane));
}

static void
on_read (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Lane  *lane = user_data;
  Lanes *self = lane->lanes;
  g_autoptr (GError) error = NULL;
  gssize n = g_input_stream_read_finish (G_INPUT_STREAM (source), result, &error);

  if (n < 0)
    fail (self, lane == &self->out ? "cannot read the input" : "cannot receive",
          g_steal_pointer (&error));
  else if (self->done != NULL && n == 0)
    g_output_stream_close_async (lane->to, G_PRIORITY_DEFAULT, self->cancellable, on_closed,
                                 hold (lane));
  else if (self->done != NULL)
    {
      lane->begin = 0;
      lane->end = (gsize) n;
      write_more (lane);
    }
  release (self);
}

static void
read_more (Lane *lane)
{
  g_input_stream_read_async (lane->from, lane->data, BUFFER_SIZE, G_PRIORITY_DEFAULT,
                             lane->lanes->cancellable, on_read, hold (lane));
}

static void
lane_init (Lane *self, Lanes *lanes, GInputStream *from, GOutputStream *to)
{
  /* A pipe that is ready takes so much without blocking, and the other lane goes on. */
  self->max_write = G_IS_UNIX_OUTPUT_STREAM (to) ? PIPE_BUF : BUFFER_SIZE;
  self->lanes = lanes;
  self->from = g_object_ref (from);
  self->to = g_object_ref (to);
}

static Lanes *
lanes_new (GIOStream     *connection,
           GInputStream  *input,
           GOutputStream *output,
           gboolean       leaves_early,
           int            idle_ms,
           LanesDone      done,
           gpointer       user_data)
{
  Lanes *self = g_new0 (Lanes, 1);

  g_atomic_ref_count_init (&self->refs);
  self->connection = g_object_ref (connection);
  self->cancellable = g_cancellable_new ();
  self->leaves_early = leaves_early;
  self->idle_ms = idle_ms;
  self->done = done;
  self->user_data = user_data;
  lane_init (&self->out, self, input, g_io_stream_get_output_stream (connection));
  lane_init (&self->in, self, g_io_stream_get_input_stream (connection), output);
  return self;
}

static void
start (Lanes *self)
{
  restart_clock (self);
  read_more (&self->out);
  read_more (&self->in);
  release (self);
}

static void
on_command_ended (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Lanes *self = user_data;
  g_autoptr (GError) error = NULL;

  if (!g_subprocess_wait_check_finish (G_SUBPROCESS (source), result, &error) &&
      self->error == NULL)
    self->error = g_steal_pointer (&error);
  self->is_reader_gone = TRUE;
  end_if_over (self);
  release (self);
}

void
_lanes_start_command (GIOStream   *connection,
                      GSubprocess *command,
                      LanesDone    done,
                      gpointer     user_data)
{
  Lanes *self = lanes_new (connection, g_subprocess_get_stdout_pipe (command),
                           g_subprocess_get_stdin_pipe (command), FALSE, -1, done, user_data);

  self->is_command = TRUE;
  g_atomic_ref_count_inc (&self->refs);
  g_subprocess_wait_check_async (command, NULL, on_command_ended, self);
  start (self);
}

typedef struct
{
  gboolean done;
  int      status;
} Outcome;

static void
on_standard_done (const GError *error, gpointer user_data)
{
  Outcome *outcome = user_data;

  outcome->done = TRUE;
  outcome->status = error != NULL ? _cmd_fail_error (error) : EXIT_DONE;
}

int
_lanes_standard_streams (GIOStream *connection, int idle_ms)
{
  g_autoptr (GInputStream) input = g_unix_input_stream_new (STDIN_FILENO, FALSE);
  g_autoptr (GOutputStream) output = g_unix_output_stream_new (STDOUT_FILENO, FALSE);
  Outcome outcome = { FALSE, EXIT_DONE };

  start (lanes_new (connection, input, output, isatty (STDIN_FILENO), idle_ms, on_standard_done,
                    &outcome));
  while (!outcome.done)
    g_main_context_iteration (NULL, TRUE);
  /* Who left early has not said good-bye yet. */
  if (outcome.status == EXIT_DONE)
    g_io_stream_close (connection, NULL, NULL);
  return outcome.status;
}
