/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#include "config.h"

#include "neighbour.h"

#include <glib-unix.h>
#include <sched.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../plugins/netns.h"
#include "daemon-helpers.h"
#include "veth-fixture.h"

/* Requests and answers are packets of the socket pair: "tcp 10.9.0.1:80" and "echo". */
#define MAX_PACKET 512
/* Of a visit to UDP: a host that refuses says so, nothing waits as long unless it is broken. */
#define PATIENCE_MS 10000
#define N_KNOCKS 3

static int   wire = -1;
static pid_t pid;

static void
on_refused (AionetPipe *pipe, GSocketAddress *to, const GError *error, gpointer user_data)
{
  aionet_pipe_close (pipe);
}

static char *
visit (GSocketProtocol protocol, const char *target)
{
  g_autoptr (AionetPipe) pipe = aionet_pipe_new (protocol, target, NULL);
  g_autoptr (GError) error = NULL;

  g_signal_connect (pipe, "refused", G_CALLBACK (on_refused), NULL);
  open_pipe (pipe, NULL, &error);
  for (guint i = 0; i < N_KNOCKS && error == NULL; i++)
    {
      g_autofree char *text = NULL;

      send_text (pipe, "knock", NULL);
      text = receive (pipe, PATIENCE_MS, NULL, &error);
      if (error == NULL && !g_str_equal (text, "knock"))
        return g_steal_pointer (&text);
    }
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CONNECTION_REFUSED) ||
      (protocol == G_SOCKET_PROTOCOL_UDP &&
       g_error_matches (error, AIONET_ERROR, AIONET_ERROR_CLOSED)))
    return g_strdup ("refused");
  return g_strdup (error != NULL ? error->message : "echo");
}

static gboolean
on_request (int fd, GIOCondition condition, gpointer user_data)
{
  char             request[MAX_PACKET + 1] = { 0 };
  gssize           length = recv (fd, request, MAX_PACKET, 0);
  g_autofree char *answer = NULL;

  if (length <= 0)
    _exit (0);
  answer =
      visit (g_str_has_prefix (request, "tcp ") ? G_SOCKET_PROTOCOL_TCP : G_SOCKET_PROTOCOL_UDP,
             request + 4);
  g_assert_cmpint (send (fd, answer, strlen (answer), 0), >, 0);
  return G_SOURCE_CONTINUE;
}

static void
expect_word (const char *word)
{
  char   packet[MAX_PACKET + 1] = { 0 };
  gssize length = recv (wire, packet, MAX_PACKET, 0);

  g_assert_cmpint (length, >, 0);
  g_assert_cmpstr (packet, ==, word);
}

static void
say (const char *word)
{
  g_assert_cmpint (send (wire, word, strlen (word), 0), ==, (int) strlen (word));
}

static G_NORETURN void
live (void)
{
  g_autoptr (AionetDaemon) daemon = NULL;
  g_autoptr (GError) error = NULL;

  prctl (PR_SET_PDEATHSIG, SIGKILL);
  g_assert_cmpint (unshare (CLONE_NEWNET), ==, 0);
  say ("apart");
  expect_word ("connected");
  netns_run ("ip link set lo up");
  netns_run ("ip address add " NEIGHBOUR_IPV4 "/24 dev veth1");
  netns_run ("ip address add " NEIGHBOUR_LINK_LOCAL "/64 dev veth1 nodad");
  netns_run ("ip link set veth1 up");
  netns_run ("ip route add default via " VETH_IPV4);
  daemon = echo_func_daemon ();
  aionet_daemon_listen_all (daemon, G_SOCKET_PROTOCOL_DEFAULT, NEIGHBOUR_PORT, NULL, &error);
  g_assert_no_error (error);
  say ("ready");
  g_unix_fd_add (wire, G_IO_IN | G_IO_HUP, on_request, NULL);
  while (TRUE)
    g_main_context_iteration (NULL, TRUE);
}

void
neighbour_start (void)
{
  int ends[2];

  g_assert_cmpint (socketpair (AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends), ==, 0);
  pid = fork ();
  g_assert_cmpint (pid, >=, 0);
  wire = ends[pid == 0 ? 1 : 0];
  close (ends[pid == 0 ? 0 : 1]);
  if (pid == 0)
    live ();
  expect_word ("apart");
  netns_run ("ip link set veth1 netns %d", (int) pid);
  say ("connected");
  expect_word ("ready");
}

void
neighbour_stop (void)
{
  close (wire);
  g_assert_cmpint (waitpid (pid, NULL, 0), ==, pid);
}

static gboolean
on_answer (int fd, GIOCondition condition, gpointer user_data)
{
  *(gboolean *) user_data = TRUE;
  return G_SOURCE_REMOVE;
}

char *
neighbour_visits (GSocketProtocol protocol, const char *target)
{
  g_autofree char *request =
      g_strdup_printf ("%s %s", protocol == G_SOCKET_PROTOCOL_TCP ? "tcp" : "udp", target);
  char     answer[MAX_PACKET + 1] = { 0 };
  gboolean has_answered = FALSE;

  say (request);
  g_unix_fd_add (wire, G_IO_IN | G_IO_HUP, on_answer, &has_answered);
  turn_until (&has_answered);
  g_assert_cmpint (recv (wire, answer, MAX_PACKET, 0), >, 0);
  return g_strdup (answer);
}
