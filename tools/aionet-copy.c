/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#include "config.h"

#include "aionet-copy.h"

#include "aionet-commands.h"

#include <errno.h>
#include <limits.h>
#include <poll.h>
#include <stdio.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

/* Holds the largest datagram. */
#define BUFFER_SIZE 65536

typedef struct
{
  guint8   data[BUFFER_SIZE];
  gsize    begin;
  gsize    end;
  gboolean full;   /* something waits to be written, an empty datagram perhaps */
  gboolean ended;  /* nothing more will be read */
  gboolean closed; /* the writer knows */
} Flow;

typedef struct
{
  int      fd;
  gboolean is_stream;
  gboolean is_interactive;
  gsize    max_output; /* what standard output takes at once without blocking when it is ready */
  Flow     out;        /* standard input to the socket */
  Flow     in;         /* the socket to standard output */
  int      status;     /* -1: go on */
} Copy;

static gboolean
is_transient (int code)
{
  return code == EAGAIN || code == EWOULDBLOCK || code == EINTR;
}

static void
fail (Copy *self, const char *what, int code)
{
  self->status = _cmd_fail ("%s: %s", what, g_strerror (code));
}

static void
flow_fill (Flow *self, gssize n)
{
  self->begin = 0;
  self->end = (gsize) n;
  self->full = TRUE;
}

static void
flow_advance (Flow *self, gssize n)
{
  self->begin += (gsize) n;
  self->full = self->begin < self->end;
}

/* ------------------------------------------------------------------ one step of each kind */

static void
read_input (Copy *self)
{
  gssize n = read (STDIN_FILENO, self->out.data, BUFFER_SIZE);

  if (n > 0)
    flow_fill (&self->out, n);
  else if (n == 0)
    self->out.ended = TRUE;
  else if (!is_transient (errno))
    fail (self, "cannot read standard input", errno);
}

static void
send_out (Copy *self)
{
  gsize  length = self->out.end - self->out.begin;
  gssize n = send (self->fd, self->out.data + self->out.begin, length, MSG_NOSIGNAL | MSG_DONTWAIT);

  if (n >= 0)
    flow_advance (&self->out, n);
  else if (!is_transient (errno))
    fail (self, "cannot send", errno);
}

static void
receive_in (Copy *self)
{
  gssize n = recv (self->fd, self->in.data, BUFFER_SIZE, MSG_DONTWAIT);

  if (n > 0 || (n == 0 && !self->is_stream))
    flow_fill (&self->in, n);
  else if (n == 0)
    self->in.ended = TRUE;
  else if (!is_transient (errno))
    fail (self, "cannot receive", errno);
}

static void
write_output (Copy *self)
{
  gsize  length = MIN (self->in.end - self->in.begin, self->max_output);
  gssize n = write (STDOUT_FILENO, self->in.data + self->in.begin, length);

  if (n >= 0)
    flow_advance (&self->in, n);
  else if (!is_transient (errno))
    fail (self, "cannot write the output", errno);
}

/* ------------------------------------------------------------------ the loop */

static void
end_directions (Copy *self)
{
  if (self->out.ended && !self->out.full && !self->out.closed)
    {
      self->out.closed = TRUE;
      if (self->is_stream)
        shutdown (self->fd, SHUT_WR);
    }
  if (self->in.ended && !self->in.full && (self->out.closed || self->is_interactive))
    self->status = EXIT_DONE;
}

static short
when (gboolean wanted, short events)
{
  return wanted ? events : 0;
}

/* poll () reports a hang-up whether it was asked for or not: who has nothing to do is left out. */
static void
prepare (Copy *self, struct pollfd *polled)
{
  polled[0].events = when (!self->out.full && !self->out.ended, POLLIN);
  polled[1].events =
      when (self->out.full, POLLOUT) | when (!self->in.full && !self->in.ended, POLLIN);
  polled[2].events = when (self->in.full, POLLOUT);
  polled[0].fd = polled[0].events != 0 ? STDIN_FILENO : -1;
  polled[1].fd = polled[1].events != 0 ? self->fd : -1;
  polled[2].fd = polled[2].events != 0 ? STDOUT_FILENO : -1;
}

static void
step (Copy *self, const struct pollfd *polled)
{
  const short broken = POLLERR | POLLHUP | POLLNVAL;

  if ((polled[2].revents & (POLLOUT | broken)) != 0)
    write_output (self);
  if (self->status < 0 && (polled[1].events & POLLOUT) != 0 &&
      (polled[1].revents & (POLLOUT | broken)) != 0)
    send_out (self);
  if (self->status < 0 && (polled[1].events & POLLIN) != 0 &&
      (polled[1].revents & (POLLIN | broken)) != 0)
    receive_in (self);
  if (self->status < 0 && (polled[0].revents & (POLLIN | broken)) != 0)
    read_input (self);
}

static void
idle_too_long (Copy *self, int idle_ms)
{
  self->status =
      self->is_stream ? _cmd_fail ("no data for %g s", (double) idle_ms / 1000) : EXIT_DONE;
}

static gsize
find_max_output (void)
{
  struct stat about;

  return fstat (STDOUT_FILENO, &about) == 0 && S_ISREG (about.st_mode) ? BUFFER_SIZE : PIPE_BUF;
}

int
_copy_standard_streams (GSocket *socket, int idle_ms)
{
  g_autofree Copy *self = g_new0 (Copy, 1);
  struct pollfd    polled[3] = { { 0 } };

  self->fd = g_socket_get_fd (socket);
  self->is_stream = g_socket_get_socket_type (socket) == G_SOCKET_TYPE_STREAM;
  self->is_interactive = isatty (STDIN_FILENO);
  self->max_output = find_max_output ();
  self->status = -1;
  while (TRUE)
    {
      int n;

      end_directions (self);
      if (self->status >= 0)
        return self->status;
      prepare (self, polled);
      n = poll (polled, G_N_ELEMENTS (polled), idle_ms);
      if (n == 0)
        idle_too_long (self, idle_ms);
      else if (n > 0)
        step (self, polled);
    }
}

gboolean
_copy_write_message (AionetMessage *message)
{
  gsize       length;
  const char *data = g_bytes_get_data (aionet_message_get_bytes (message), &length);

  while (length > 0)
    {
      gssize n = write (STDOUT_FILENO, data, length);

      if (n < 0 && !is_transient (errno))
        return FALSE;
      data += MAX (n, 0);
      length -= (gsize) MAX (n, 0);
    }
  return TRUE;
}

gboolean
_copy_received (AionetPipe *pipe)
{
  while (TRUE)
    {
      g_autoptr (AionetMessage) message = aionet_pipe_try_receive (pipe);

      if (message == NULL)
        return TRUE;
      if (!_copy_write_message (message))
        return FALSE;
    }
}

static gboolean
send_back (int fd, const guint8 *data, gsize length)
{
  while (length > 0)
    {
      gssize n = send (fd, data, length, MSG_NOSIGNAL);

      if (n < 0 && errno != EINTR)
        return FALSE;
      data += MAX (n, 0);
      length -= (gsize) MAX (n, 0);
    }
  return TRUE;
}

gboolean
_copy_echo (GSocket *socket)
{
  g_autofree guint8 *buffer = g_malloc (BUFFER_SIZE);
  int                fd = g_socket_get_fd (socket);
  gssize             n;

  do
    {
      n = recv (fd, buffer, BUFFER_SIZE, 0);
      if (n > 0 && !send_back (fd, buffer, (gsize) n))
        return FALSE;
    }
  while (n > 0 || (n < 0 && errno == EINTR));
  return n == 0;
}
