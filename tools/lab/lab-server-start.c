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

#define READY_TIMEOUT_US (10 * G_USEC_PER_SEC)
#define RETRY_US 2000

/* (element-type utf8) what starts a server, but for the addresses. */
static GPtrArray *
command_for (const char *program)
{
  GPtrArray *argv = g_ptr_array_new_with_free_func (g_free);

  g_ptr_array_add (argv, g_strdup (program));
  g_ptr_array_add (argv, g_strdup ("serve"));
  g_ptr_array_add (argv, g_strdup ("stun"));
  g_ptr_array_add (argv, g_strdup_printf ("--port=%d", LAB_SERVER_PORT));
  g_ptr_array_add (argv, g_strdup_printf ("--alternate-port=%d", LAB_SERVER_ALTERNATE_PORT));
  /* A test may ask as much as it likes. */
  g_ptr_array_add (argv, g_strdup ("--rate=0"));
  return argv;
}

static void
add_addresses (GPtrArray *argv, const LabServer *server)
{
  g_ptr_array_add (argv, g_strdup_printf ("--address=%s,%s", server->address, server->alternate));
}

/* The arguments of its role, with what is its own. */
static void
add_role (GPtrArray *argv, const LabServer *server)
{
  gboolean is_ipv6 = server->family == G_SOCKET_FAMILY_IPV6;
  g_autoptr (GString) text = g_string_new (LAB_ROLES[server->role].arguments);
  g_autofree char *lie = g_strdup_printf (is_ipv6 ? "2606:6666::%x" : "6.6.6.%u", server->number);
  g_autofree char *alternate = g_strdup_printf (is_ipv6 ? "[%s]" : "%s", server->alternate);
  g_auto (GStrv) words = NULL;

  g_string_replace (text, "@l", lie, 0);
  g_string_replace (text, "@c", is_ipv6 ? "2606:6667::6" : "6.6.7.6", 0);
  g_string_replace (text, "@a", alternate, 0);
  words = g_strsplit (text->str, " ", -1);
  for (char **word = words; *word != NULL; word++)
    g_ptr_array_add (argv, g_strdup (*word));
}

static gboolean
spawn (GPtrArray *argv, GArray *pids, GError **error)
{
  pid_t pid;

  g_ptr_array_add (argv, NULL);
  pid = _lab_spawn_server ((const char *const *) argv->pdata, error);
  if (pid < 0)
    return FALSE;
  g_array_append_val (pids, pid);
  return TRUE;
}

/* Without its configuration, where Debian forbids RFC 5780, and without its complaints that the
 * kernel has no SCTP. */
static gboolean
spawn_coturn (const LabServer *server, GArray *pids, GError **error)
{
  static const char script[] =
      "exec turnserver -n --listening-ip $0 --listening-ip $1 --listening-port $2 "
      "--alt-listening-port $3 --no-auth --stun-only --no-tls --no-dtls --no-cli "
      "--log-file /dev/null --pidfile /dev/null --userdb /dev/null 2>/dev/null";
  g_autofree char *found = g_find_program_in_path ("turnserver");
  g_autoptr (GPtrArray) argv = g_ptr_array_new_with_free_func (g_free);

  if (found == NULL)
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND,
                   "--coturn needs the command “turnserver” (Debian package coturn)");
      return FALSE;
    }
  g_ptr_array_add (argv, g_strdup ("sh"));
  g_ptr_array_add (argv, g_strdup ("-c"));
  g_ptr_array_add (argv, g_strdup (script));
  g_ptr_array_add (argv, g_strdup (server->address));
  g_ptr_array_add (argv, g_strdup (server->alternate));
  g_ptr_array_add (argv, g_strdup_printf ("%d", LAB_SERVER_PORT));
  g_ptr_array_add (argv, g_strdup_printf ("%d", LAB_SERVER_ALTERNATE_PORT));
  return spawn (argv, pids, error);
}

/* Whoever has a role has a process of its own. */
static gboolean
spawn_role (const LabServer *server, const char *program, GArray *pids, GError **error)
{
  g_autoptr (GPtrArray) argv = NULL;

  if (server->role == LAB_SERVER_HONEST || !LAB_ROLES[server->role].runs)
    return TRUE;
  if (server->role == LAB_SERVER_COTURN)
    return spawn_coturn (server, pids, error);
  argv = command_for (program);
  add_addresses (argv, server);
  add_role (argv, server);
  return spawn (argv, pids, error);
}

/* All honest servers share one. */
static gboolean
spawn_all (GPtrArray *servers, const char *program, GArray *pids, GError **error)
{
  g_autoptr (GPtrArray) argv = command_for (program);
  gboolean any = FALSE;

  for (guint i = 0; i < servers->len; i++)
    {
      const LabServer *server = servers->pdata[i];

      if (!spawn_role (server, program, pids, error))
        return FALSE;
      if (server->role != LAB_SERVER_HONEST)
        continue;
      add_addresses (argv, server);
      any = TRUE;
    }
  return !any || spawn (argv, pids, error);
}

/* ------------------------------------------------------------------ readiness */

static int
connect_to (const char *host, guint16 port, GSocketType type)
{
  g_autoptr (GSocketAddress) address = g_inet_socket_address_new_from_string (host, port);
  struct sockaddr_storage native;
  int                     fd;

  g_socket_address_to_native (address, &native, sizeof native, NULL);
  fd = socket ((int) g_socket_address_get_family (address), (int) type | SOCK_CLOEXEC, 0);
  if (fd >= 0 && connect (fd, (struct sockaddr *) &native,
                          (socklen_t) g_socket_address_get_native_size (address)) == 0)
    return fd;
  if (fd >= 0)
    close (fd);
  return -1;
}

static gboolean
accepts (const char *host, guint16 port)
{
  int fd = connect_to (host, port, G_SOCKET_TYPE_STREAM);

  if (fd >= 0)
    close (fd);
  return fd >= 0;
}

/* On the loopback a refusal is there as soon as the request is sent. */
static gboolean
hears (const char *host, guint16 port, gboolean answers)
{
  static const guint8 request[20] = { 0x00, 0x01, 0x00, 0x00, 0x21, 0x12, 0xa4, 0x42, 'l', 'a' };
  guint8              answer[512];
  int                 fd = connect_to (host, port, G_SOCKET_TYPE_DATAGRAM);
  struct pollfd       polled = { fd, POLLIN, 0 };
  gboolean            heard = fd >= 0 && send (fd, request, sizeof request, 0) > 0;

  if (heard && answers)
    heard = poll (&polled, 1, 100) == 1 && recv (fd, answer, sizeof answer, 0) > 0;
  else if (heard)
    heard = recv (fd, answer, sizeof answer, MSG_DONTWAIT) > 0 || errno == EAGAIN;
  if (fd >= 0)
    close (fd);
  return heard;
}

static gboolean
is_ready (const LabServer *server)
{
  gboolean answers = server->role == LAB_SERVER_HONEST || LAB_ROLES[server->role].answers;

  if (!accepts (server->address, LAB_SERVER_PORT) ||
      !hears (server->address, LAB_SERVER_PORT, answers))
    return FALSE;
  return !answers || (hears (server->address, LAB_SERVER_ALTERNATE_PORT, TRUE) &&
                      hears (server->alternate, LAB_SERVER_PORT, TRUE) &&
                      hears (server->alternate, LAB_SERVER_ALTERNATE_PORT, TRUE));
}

static gboolean
wait_until_ready (const LabServer *server, GArray *pids, GError **error)
{
  gint64 deadline_us = g_get_monotonic_time () + READY_TIMEOUT_US;

  while (!is_ready (server))
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
  if (!spawn_all (servers, program, pids, error))
    return FALSE;
  for (guint i = 0; i < servers->len; i++)
    {
      const LabServer *server = servers->pdata[i];

      if ((server->role == LAB_SERVER_HONEST || LAB_ROLES[server->role].runs) &&
          !wait_until_ready (server, pids, error))
        return FALSE;
    }
  return TRUE;
}
