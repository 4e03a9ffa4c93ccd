/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#include "config.h"

#include <errno.h>
#include <netinet/udp.h>
#include <string.h>
#include <unistd.h>

#include "batch-helpers.h"
#include "pipe-helpers.h"

static void
test_burst (void)
{
  Server server;

  g_test_summary ("The answers to a burst come in order, and neither reads nor sends one by one");

  server_open (&server);
  aionet_pipe_set_message_func (server.pipe, echo, NULL, NULL);
  send_burst (&server, N_BURST, 100);
  turn_a_little ();
  assert_echo_of_burst (&server, N_BURST, 100);
  g_assert_cmpuint (socket_calls.n_receives, <=, N_CALLS_OF_BURST);
  g_assert_cmpuint (socket_calls.n_sends, <=, N_CALLS_OF_BURST);
  g_assert_cmpuint (aionet_pipe_get_n_sent (server.pipe), ==, N_BURST);
  g_assert_cmpuint (aionet_pipe_get_bytes_sent (server.pipe), ==, N_BURST * 100);
  g_assert_cmpuint (aionet_pipe_get_n_dropped (server.pipe), ==, 0);
  server_close (&server);
}

static void
test_one_by_one (void)
{
  Server server;

  g_test_summary ("A pipe that hears one datagram a turn pays for one read and one send");

  server_open (&server);
  aionet_pipe_set_message_func (server.pipe, echo, NULL, NULL);
  for (guint i = 0; i < 50; i++)
    {
      client_send (&server, i, 64);
      turn_a_little ();
      assert_heard_by (server.client, i, 64);
    }
  g_assert_cmpuint (socket_calls.n_receives, ==, 50);
  g_assert_cmpuint (socket_calls.n_sends, ==, 50);
  g_assert_cmpuint (socket_calls.n_segmented, ==, 0);
  g_assert_false (server.pipe->is_merging);
  server_close (&server);
}

static void
test_slow_handler (void)
{
  Server server;

  g_test_summary ("What a handler has sent does not wait for long for the messages behind it");

  server_open (&server);
  aionet_pipe_set_message_func (server.pipe, echo, NULL, NULL);
  send_burst (&server, N_BURST, 100);
  /* Every call of the handler takes a tick of the clock. */
  socket_calls.is_slow = TRUE;
  turn_a_little ();
  g_assert_cmpuint (socket_calls.n_sends, ==, N_BURST);
  assert_echo_of_burst (&server, N_BURST, 100);
  server_close (&server);
}

/* What one message makes the pipe send: {to which of the others, length}. */
static const struct
{
  guint to;
  gsize length;
} mixture[] = {
  { 0, 100 },  { 0, 100 },  { 0, 100 },  { 0, 50 },    { 0, 100 },   { 1, 100 },
  { 1, 0 },    { 1, 0 },    { 0, 0 },    { 2, 7 },     { 2, 65507 }, { 2, 7 },
  { 0, 9000 }, { 0, 9000 }, { 1, 100 },  { 1, 101 },   { 1, 1 },     { 0, 1472 },
  { 0, 1472 }, { 0, 8192 }, { 0, 8192 }, { 0, 60000 }, { 1, 65507 }, { 2, 1 },
};

typedef struct
{
  int             fds[3];
  GSocketAddress *addresses[3];
} Others;

static void
send_mixture (
    AionetPipe *pipe, const guint8 *data, gsize length, GSocketAddress *sender, gpointer user_data)
{
  Others *others = user_data;

  for (guint i = 0; i < G_N_ELEMENTS (mixture); i++)
    {
      g_autoptr (GBytes) bytes = new_numbered (i, mixture[i].length);
      g_autoptr (GError) error = NULL;

      aionet_pipe_send (pipe, bytes, others->addresses[mixture[i].to], &error);
      g_assert_no_error (error);
    }
}

static void
test_mixture (void)
{
  Server server;
  Others others;

  g_test_summary ("Sizes from none to 65507 and destinations mix; each gets its own in order");

  server_open (&server);
  for (guint i = 0; i < 3; i++)
    {
      AionetSockaddr local = { 0 };
      socklen_t      size = sizeof local;

      others.fds[i] = connect_to (server.pipe);
      getsockname (others.fds[i], &local.any, &size);
      others.addresses[i] = _aionet_sockaddr_to_gio (&local);
    }
  aionet_pipe_set_message_func (server.pipe, send_mixture, &others, NULL);
  client_send (&server, 0, 1);
  turn_a_little ();
  for (guint i = 0; i < G_N_ELEMENTS (mixture); i++)
    assert_heard_by (others.fds[mixture[i].to], i, mixture[i].length);
  g_assert_cmpuint (socket_calls.n_sends, <, G_N_ELEMENTS (mixture));
  for (guint i = 0; i < 3; i++)
    {
      assert_nothing_left (others.fds[i]);
      close (others.fds[i]);
      g_object_unref (others.addresses[i]);
    }
  server_close (&server);
}

/* Returns FALSE and skips if this kernel does not put datagrams together. */
static gboolean
make_it_merge (Server *self)
{
  aionet_pipe_set_message_func (self->pipe, keep, self, NULL);
  send_burst (self, N_BURST, 1);
  turn_a_little ();
  g_assert_cmpuint (self->heard->len, ==, N_BURST);
  g_ptr_array_set_size (self->heard, 0);
  g_assert_true (self->pipe->tried_merging);
  if (!self->pipe->is_merging)
    g_test_skip ("This kernel has no UDP_GRO");
  return self->pipe->is_merging;
}

static void
client_send_segmented (Server *self, gsize length, guint16 segment)
{
  g_autofree guint8 *data = g_malloc (length);
  union
  {
    struct cmsghdr align;
    char           bytes[CMSG_SPACE (sizeof segment)];
  } control = { 0 };
  struct iovec    vector = { data, length };
  struct msghdr   message = { .msg_iov = &vector,
                              .msg_iovlen = 1,
                              .msg_control = control.bytes,
                              .msg_controllen = sizeof control.bytes };
  struct cmsghdr *item = CMSG_FIRSTHDR (&message);

  for (gsize i = 0; i < length; i++)
    data[i] = (guint8) (i / segment);
  item->cmsg_level = IPPROTO_UDP;
  item->cmsg_type = UDP_SEGMENT;
  item->cmsg_len = CMSG_LEN (sizeof segment);
  memcpy (CMSG_DATA (item), &segment, sizeof segment);
  g_assert_cmpint (sendmsg (self->client, &message, 0), ==, length);
}

static void
assert_kept (Server *self, guint i, guint number, gsize length)
{
  g_autoptr (GBytes) expected = new_numbered (number, length);

  g_assert_true (g_bytes_equal (self->heard->pdata[i], expected));
}

static void
assert_merged (Server *self, gsize length, guint16 segment)
{
  guint n = (guint) ((length + segment - 1) / segment);

  client_send_segmented (self, length, segment);
  client_send (self, 100, 0);
  client_send (self, 101, 65507);
  turn_a_little ();
  g_assert_cmpuint (self->heard->len, ==, n + 2);
  for (guint i = 0; i < n; i++)
    assert_kept (self, i, i, MIN (segment, length - (gsize) i * segment));
  assert_kept (self, n, 100, 0);
  assert_kept (self, n + 1, 101, 65507);
  g_ptr_array_set_size (self->heard, 0);
}

static void
test_merged (void)
{
  Server server;

  g_test_summary ("What the kernel put together is taken apart again, the short last one too");

  server_open (&server);
  if (make_it_merge (&server))
    {
      assert_merged (&server, 10300, 1000);
      assert_merged (&server, 10000, 1000);
      assert_merged (&server, 1001, 1000);
      assert_merged (&server, 64, 1);
      assert_merged (&server, 65507, 30000);
    }
  server_close (&server);
}

static void
test_stolen (void)
{
  Server server;
  g_autoptr (GSocket) socket = NULL;
  g_autoptr (GError) error = NULL;
  guint n = 0;

  g_test_summary ("Whoever takes the socket gets datagrams as they were sent");

  server_open (&server);
  if (make_it_merge (&server))
    {
      aionet_pipe_set_message_func (server.pipe, NULL, NULL, NULL);
      client_send_segmented (&server, 10300, 1000);
      socket = aionet_pipe_steal_socket (server.pipe, &error);
      g_assert_no_error (error);
      client_send_segmented (&server, 2500, 1000);
      for (AionetMessage *message; (message = aionet_pipe_try_receive (server.pipe)) != NULL; n++)
        {
          g_autoptr (GBytes) expected = new_numbered (n, n < 10 ? 1000 : 300);

          g_assert_true (g_bytes_equal (aionet_message_get_bytes (message), expected));
          aionet_message_unref (message);
        }
      g_assert_cmpuint (n, ==, 11);
      assert_heard_by (g_socket_get_fd (socket), 0, 1000);
      assert_heard_by (g_socket_get_fd (socket), 1, 1000);
      assert_heard_by (g_socket_get_fd (socket), 2, 500);
      assert_nothing_left (g_socket_get_fd (socket));
    }
  server_close (&server);
}

static void
test_segments_refused (void)
{
  static const int codes[] = { EIO, EINVAL, EMSGSIZE };

  g_test_summary ("A path that refuses segments gets datagrams, and is not tried again with them");

  for (guint i = 0; i < G_N_ELEMENTS (codes); i++)
    {
      Server server;

      server_open (&server);
      aionet_pipe_set_message_func (server.pipe, echo, NULL, NULL);
      socket_calls.fail_segments = codes[i];
      send_burst (&server, N_BURST, 1000);
      turn_a_little ();
      assert_echo_of_burst (&server, N_BURST, 1000);
      g_assert_cmpuint (socket_calls.n_segmented, ==, 1);
      g_assert_cmpuint (socket_calls.n_sends, <=, N_CALLS_OF_BURST + 1);
      g_assert_cmpuint (aionet_pipe_get_n_dropped (server.pipe), ==, 0);
      /* Smaller ones may still fit, unless it is not the size. */
      socket_calls.fail_segments = 0;
      send_burst (&server, N_BURST, 100);
      turn_a_little ();
      assert_echo_of_burst (&server, N_BURST, 100);
      if (codes[i] == EIO)
        g_assert_cmpuint (socket_calls.n_segmented, ==, 1);
      else
        g_assert_cmpuint (socket_calls.n_segmented, >, 1);
      server_close (&server);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/aionet/pipe-batch/burst", test_burst);
  g_test_add_func ("/aionet/pipe-batch/one-by-one", test_one_by_one);
  g_test_add_func ("/aionet/pipe-batch/slow-handler", test_slow_handler);
  g_test_add_func ("/aionet/pipe-batch/mixture", test_mixture);
  g_test_add_func ("/aionet/pipe-batch/merged", test_merged);
  g_test_add_func ("/aionet/pipe-batch/stolen", test_stolen);
  g_test_add_func ("/aionet/pipe-batch/segments-refused", test_segments_refused);
  return g_test_run ();
}
