/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#include "config.h"

#include "relay-helpers.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/* Of no power of two: what is repeated or left out by blocks shows. */
#define PATTERN_SIZE 1000003
#define PIECE 65536

static const guint8 *
get_pattern (void)
{
  static guint8 *pattern;

  if (pattern != NULL)
    return pattern;
  pattern = g_malloc (PATTERN_SIZE);
  for (guint32 i = 0, state = 1; i < PATTERN_SIZE; i++)
    {
      state = state * 1664525 + 1013904223;
      pattern[i] = (guint8) (state >> 24);
    }
  return pattern;
}

static int
connect_to (GSocketAddress *address, int type)
{
  struct sockaddr_storage native;
  gssize                  size = g_socket_address_get_native_size (address);
  int                     fd;

  g_assert_true (g_socket_address_to_native (address, &native, sizeof native, NULL));
  fd = socket (native.ss_family, type | SOCK_CLOEXEC, 0);
  g_assert_cmpint (connect (fd, (struct sockaddr *) &native, (socklen_t) size), ==, 0);
  fcntl (fd, F_SETFL, O_NONBLOCK);
  return fd;
}

AionetPipe *
stream_with_peer (int *peer, GSocketFamily family)
{
  g_autoptr (GSocket) listener = loopback_socket (G_SOCKET_PROTOCOL_TCP, family);
  g_autoptr (GSocketAddress) address = g_socket_get_local_address (listener, NULL);
  g_autoptr (GSocket) socket = NULL;
  g_autoptr (GError) error = NULL;
  AionetPipe *pipe;

  g_assert_cmpint (listen (g_socket_get_fd (listener), 1), ==, 0);
  *peer = connect_to (address, SOCK_STREAM);
  g_socket_set_blocking (listener, TRUE);
  socket = g_socket_accept (listener, NULL, &error);
  g_assert_no_error (error);
  pipe = aionet_pipe_new_for_socket (socket, NULL);
  g_assert_true (aionet_pipe_is_open (pipe));
  return pipe;
}

AionetPipe *
datagrams_with_peer (int *peer)
{
  g_autoptr (GSocket) socket = loopback_socket (G_SOCKET_PROTOCOL_UDP, G_SOCKET_FAMILY_IPV4);
  g_autoptr (GSocketAddress) address = g_socket_get_local_address (socket, NULL);
  g_autoptr (GSocketAddress) peer_address = NULL;
  struct sockaddr_storage native;
  socklen_t               size = sizeof native;

  *peer = connect_to (address, SOCK_DGRAM);
  g_assert_cmpint (getsockname (*peer, (struct sockaddr *) &native, &size), ==, 0);
  peer_address = g_socket_address_new_from_native (&native, size);
  return aionet_pipe_new_for_socket (socket, peer_address);
}

void
flow_push (Flow *self, gsize n_max)
{
  while (self->n_in < self->n_total && n_max > 0)
    {
      gsize  offset = self->n_in % PATTERN_SIZE;
      gsize  length = MIN (MIN (n_max, PATTERN_SIZE - offset), self->n_total - self->n_in);
      gssize n = send (self->in, get_pattern () + offset, length, MSG_DONTWAIT | MSG_NOSIGNAL);

      if (n < 0)
        {
          g_assert_cmpint (errno, ==, EAGAIN);
          return;
        }
      self->n_in += (gsize) n;
      n_max -= (gsize) n;
    }
}

void
flow_pull (Flow *self, gsize n_max)
{
  static guint8 buffer[PIECE];

  while (n_max > 0)
    {
      gsize  offset = self->n_out % PATTERN_SIZE;
      gsize  length = MIN (MIN (n_max, PATTERN_SIZE - offset), sizeof buffer);
      gssize n = recv (self->out, buffer, length, MSG_DONTWAIT);

      if (n < 0)
        g_assert_cmpint (errno, ==, EAGAIN);
      else if (n == 0)
        g_assert_cmpuint (self->n_out, ==, self->n_total);
      if (n <= 0)
        return;
      g_assert_cmpint (memcmp (buffer, get_pattern () + offset, (gsize) n), ==, 0);
      self->n_out += (gsize) n;
      n_max -= (gsize) n;
    }
}

void
run_flows (Flow *flows, guint n_flows)
{
  guint n_done = 0;

  while (n_done < n_flows)
    {
      n_done = 0;
      for (guint i = 0; i < n_flows; i++)
        {
          flow_push (&flows[i], G_MAXSIZE);
          flow_pull (&flows[i], G_MAXSIZE);
          g_assert_cmpuint (flows[i].n_out, <=, flows[i].n_total);
          n_done += flows[i].n_out == flows[i].n_total;
        }
      g_main_context_iteration (NULL, FALSE);
    }
}

void
run_until_closed (AionetPipe *pipe)
{
  while (aionet_pipe_is_open (pipe))
    g_main_context_iteration (NULL, TRUE);
}

void
write_text (int fd, const char *text)
{
  g_assert_cmpint (send (fd, text, strlen (text), MSG_NOSIGNAL), ==, strlen (text));
}

char *
read_text (int fd, gsize length)
{
  char *text = g_malloc0 (length + 1);
  gsize n_read = 0;

  while (n_read < length)
    {
      gssize n = recv (fd, text + n_read, length - n_read, MSG_DONTWAIT);

      if (n == 0)
        break;
      if (n > 0)
        n_read += (gsize) n;
      else
        g_assert_cmpint (errno, ==, EAGAIN);
      g_main_context_iteration (NULL, FALSE);
    }
  return text;
}

gboolean
reads_end (int fd)
{
  char   byte;
  gssize n;

  do
    {
      g_main_context_iteration (NULL, FALSE);
      n = recv (fd, &byte, 1, MSG_DONTWAIT);
    }
  while (n > 0 || (n < 0 && errno == EAGAIN));
  if (n < 0)
    g_assert_cmpint (errno, ==, ECONNRESET);
  return n == 0;
}

void
reset_peer (int *fd)
{
  const struct linger reset = { .l_onoff = 1 };

  setsockopt (*fd, SOL_SOCKET, SO_LINGER, &reset, sizeof reset);
  close (*fd);
  *fd = -1;
}

static void
on_closed (AionetPipe *pipe, const GError *error, gpointer user_data)
{
  Ending *ending = user_data;

  ending->n_closed++;
  if (error != NULL)
    ending->error = g_error_copy (error);
}

void
watch_ending (AionetPipe *pipe, Ending *ending)
{
  g_signal_connect (pipe, "closed", G_CALLBACK (on_closed), ending);
}

void
ending_clear (Ending *ending)
{
  g_clear_error (&ending->error);
  ending->n_closed = 0;
}
