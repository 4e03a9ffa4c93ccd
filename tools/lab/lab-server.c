/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#include "config.h"

#include "lab/lab-server.h"

#include "lab/lab-spawn.h"

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#define READY_TIMEOUT_US (5 * G_USEC_PER_SEC)
#define RETRY_US 2000

static void
server_free (LabServer *server)
{
  g_free (server->address);
  g_free (server->answer);
  g_free (server);
}

static LabServerRole
role_of (const LabPlan *plan, guint position)
{
  if (position < plan->n_lying)
    return LAB_SERVER_LYING;
  if (position < plan->n_lying + plan->n_silent)
    return LAB_SERVER_SILENT;
  if (position < plan->n_lying + plan->n_silent + plan->n_dead)
    return LAB_SERVER_DEAD;
  return LAB_SERVER_HONEST;
}

static LabServer *
server_new (const LabPlan *plan, GSocketFamily family, guint position)
{
  static const char *const documented[] = { "192.0.2.10", "198.51.100.10", "203.0.113.10" };
  LabServer               *server = g_new0 (LabServer, 1);

  server->family = family;
  server->role = role_of (plan, position);
  if (family == G_SOCKET_FAMILY_IPV6)
    server->address = g_strdup_printf ("2001:db8:%x::10", position + 1);
  else if (position < G_N_ELEMENTS (documented))
    server->address = g_strdup (documented[position]);
  else
    server->address = g_strdup_printf ("198.18.%u.10", position + 1);
  if (server->role == LAB_SERVER_LYING)
    server->answer = g_strdup_printf (family == G_SOCKET_FAMILY_IPV6 ? "2606:6666::%x" : "6.6.6.%u",
                                      position + 1);
  return server;
}

GPtrArray *
_lab_servers_new (const LabPlan *plan)
{
  GPtrArray *servers = g_ptr_array_new_with_free_func ((GDestroyNotify) server_free);

  gboolean   ipv4 = plan->scenario->ipv4 || (plan->peer != NULL && plan->peer->ipv4);
  gboolean   ipv6 = plan->scenario->ipv6 || (plan->peer != NULL && plan->peer->ipv6);

  for (guint i = 0; ipv4 && i < plan->n_servers; i++)
    g_ptr_array_add (servers, server_new (plan, G_SOCKET_FAMILY_IPV4, i));
  for (guint i = 0; ipv6 && i < plan->n_servers; i++)
    g_ptr_array_add (servers, server_new (plan, G_SOCKET_FAMILY_IPV6, i));
  return servers;
}

char *
_lab_servers_get_setup (GPtrArray *servers)
{
  GString *setup = g_string_new (NULL);

  for (guint i = 0; i < servers->len; i++)
    {
      const LabServer *server = servers->pdata[i];

      g_string_append_printf (setup, "address add %s/%u dev lo%s\n", server->address,
                              server->family == G_SOCKET_FAMILY_IPV6 ? 128 : 32,
                              server->family == G_SOCKET_FAMILY_IPV6 ? " nodad" : "");
    }
  return g_string_free (setup, FALSE);
}

char *
_lab_servers_get_rules (GPtrArray *servers)
{
  GString *rules = g_string_new ("table inet silent { chain in {"
                                 " type filter hook input priority filter;\n");

  for (guint i = 0; i < servers->len; i++)
    {
      const LabServer *server = servers->pdata[i];

      if (server->role == LAB_SERVER_SILENT)
        g_string_append_printf (rules, "%s daddr %s drop\n",
                                server->family == G_SOCKET_FAMILY_IPV6 ? "ip6" : "ip",
                                server->address);
    }
  return g_string_free (g_string_append (rules, "}\n}\n"), FALSE);
}

char *
_lab_servers_to_string (GPtrArray *servers, gboolean ipv4, gboolean ipv6)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < servers->len; i++)
    {
      const LabServer *server = servers->pdata[i];
      gboolean         is_ipv6 = server->family == G_SOCKET_FAMILY_IPV6;

      if (is_ipv6 ? ipv6 : ipv4)
        g_string_append_printf (text, is_ipv6 ? "%s[%s]:%u" : "%s%s:%u", text->len > 0 ? "," : "",
                                server->address, LAB_SERVER_PORT);
    }
  return g_string_free (text, FALSE);
}

/* Honest servers share one process; whoever tells a tale of its own has its own. */
static gboolean
spawn (const char *program, GPtrArray *members, const char *answer, GArray *pids, GError **error)
{
  g_autofree char *port = g_strdup_printf ("%d", LAB_SERVER_PORT);
  g_autoptr (GPtrArray) argv = g_ptr_array_new ();
  pid_t pid;

  g_ptr_array_add (argv, (char *) program);
  g_ptr_array_add (argv, (char *) "serve");
  g_ptr_array_add (argv, (char *) "stun");
  g_ptr_array_add (argv, (char *) "--port");
  g_ptr_array_add (argv, port);
  for (guint i = 0; i < members->len; i++)
    {
      g_ptr_array_add (argv, (char *) "--address");
      g_ptr_array_add (argv, ((LabServer *) members->pdata[i])->address);
    }
  if (answer != NULL)
    {
      g_ptr_array_add (argv, (char *) "--answer");
      g_ptr_array_add (argv, (char *) answer);
    }
  g_ptr_array_add (argv, NULL);
  pid = _lab_spawn_server ((const char *const *) argv->pdata, error);
  if (pid < 0)
    return FALSE;
  g_array_append_val (pids, pid);
  return TRUE;
}

static int
connect_to (const LabServer *server, GSocketType type)
{
  g_autoptr (GSocketAddress) address = NULL;
  struct sockaddr_storage native;
  int                     fd = -1;

  address = g_inet_socket_address_new_from_string (server->address, LAB_SERVER_PORT);
  g_socket_address_to_native (address, &native, sizeof native, NULL);
  fd = socket ((int) server->family, (int) type | SOCK_CLOEXEC, 0);
  if (fd >= 0 && connect (fd, (struct sockaddr *) &native,
                          (socklen_t) g_socket_address_get_native_size (address)) == 0)
    return fd;
  if (fd >= 0)
    close (fd);
  return -1;
}

static gboolean
answers (const LabServer *server)
{
  static const guint8 request[20] = { 0x00, 0x01, 0x00, 0x00, 0x21, 0x12, 0xa4, 0x42, 'l', 'a' };
  guint8              answer[512];
  int                 tcp = connect_to (server, G_SOCKET_TYPE_STREAM);
  int                 udp = tcp >= 0 ? connect_to (server, G_SOCKET_TYPE_DATAGRAM) : -1;
  struct pollfd       polled = { udp, POLLIN, 0 };
  gboolean            heard;

  heard = udp >= 0 && send (udp, request, sizeof request, 0) == (gssize) sizeof request &&
          poll (&polled, 1, 100) == 1 && recv (udp, answer, sizeof answer, 0) > 0;
  if (tcp >= 0)
    close (tcp);
  if (udp >= 0)
    close (udp);
  return heard;
}

static gboolean
wait_until_ready (const LabServer *server, GArray *pids, GError **error)
{
  gint64 deadline_us = g_get_monotonic_time () + READY_TIMEOUT_US;

  while (!answers (server))
    {
      for (guint i = 0; i < pids->len; i++)
        if (waitpid (g_array_index (pids, pid_t, i), NULL, WNOHANG) > 0)
          {
            g_set_error (error, G_IO_ERROR, G_IO_ERROR_FAILED,
                         "the STUN server of the lab ended at once");
            return FALSE;
          }
      if (g_get_monotonic_time () > deadline_us)
        {
          g_set_error (error, G_IO_ERROR, G_IO_ERROR_TIMED_OUT,
                       "the STUN server at %s did not answer", server->address);
          return FALSE;
        }
      g_usleep (RETRY_US);
    }
  return TRUE;
}

gboolean
_lab_servers_start (GPtrArray *servers, const char *program, GArray *pids, GError **error)
{
  g_autoptr (GPtrArray) honest = g_ptr_array_new ();

  for (guint i = 0; i < servers->len; i++)
    {
      LabServer *server = servers->pdata[i];
      g_autoptr (GPtrArray) alone = g_ptr_array_new ();

      if (server->role == LAB_SERVER_HONEST)
        g_ptr_array_add (honest, server);
      g_ptr_array_add (alone, server);
      if (server->role == LAB_SERVER_LYING && !spawn (program, alone, server->answer, pids, error))
        return FALSE;
    }
  if (honest->len > 0 && !spawn (program, honest, NULL, pids, error))
    return FALSE;
  for (guint i = 0; i < servers->len; i++)
    {
      const LabServer *server = servers->pdata[i];

      if ((server->role == LAB_SERVER_HONEST || server->role == LAB_SERVER_LYING) &&
          !wait_until_ready (server, pids, error))
        return FALSE;
    }
  return TRUE;
}
