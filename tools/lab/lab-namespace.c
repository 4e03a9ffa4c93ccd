/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#include "config.h"

#include "lab/lab-namespace.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#define SPACES (CLONE_NEWNS | CLONE_NEWNET | CLONE_NEWPID | CLONE_NEWUTS)

static gboolean
set_errno_error (GError **error, int code, const char *what)
{
  g_set_error (error, G_IO_ERROR, g_io_error_from_errno (code), "%s: %s", what, g_strerror (code));
  return FALSE;
}

static gboolean
write_file (const char *path, const char *text)
{
  int      fd = open (path, O_WRONLY | O_CLOEXEC);
  gboolean written = fd >= 0 && write (fd, text, strlen (text)) == (gssize) strlen (text);
  int      saved = errno;

  if (fd >= 0)
    close (fd);
  errno = saved;
  return written;
}

static gint64
read_number (const char *path)
{
  g_autofree char *text = NULL;

  return g_file_get_contents (path, &text, NULL, NULL) ? g_ascii_strtoll (text, NULL, 10) : -1;
}

/* Which setting of which distribution stands in the way. */
static const char *
explain_refusal (void)
{
  if (read_number ("/proc/sys/kernel/apparmor_restrict_unprivileged_userns") > 0)
    return "kernel.apparmor_restrict_unprivileged_userns is 1 (Ubuntu 24.04); run it with sudo, or "
           "“sudo sysctl kernel.apparmor_restrict_unprivileged_userns=0”";
  if (read_number ("/proc/sys/kernel/unprivileged_userns_clone") == 0)
    return "kernel.unprivileged_userns_clone is 0; run it with sudo, or “sudo sysctl "
           "kernel.unprivileged_userns_clone=1”";
  if (read_number ("/proc/sys/user/max_user_namespaces") == 0)
    return "user.max_user_namespaces is 0; run it with sudo, or “sudo sysctl "
           "user.max_user_namespaces=10000”";
  return geteuid () == 0 ? "not even root may (a container needs CAP_SYS_ADMIN)"
                         : "run it with sudo";
}

static gboolean
refuse (GError **error, int code)
{
  g_set_error (error, G_IO_ERROR, G_IO_ERROR_PERMISSION_DENIED,
               "namespaces are forbidden here (%s): %s", g_strerror (code), explain_refusal ());
  return FALSE;
}

/* Every id this process can name, as itself: servers that drop root must find their user. */
static char *
identity_map (const char *path)
{
  g_autofree char *text = NULL;
  g_autoptr (GString) map = g_string_new (NULL);
  g_auto (GStrv) lines = NULL;

  if (!g_file_get_contents (path, &text, NULL, NULL))
    return NULL;
  lines = g_strsplit (text, "\n", -1);
  for (char **line = lines; *line != NULL; line++)
    {
      guint64 inside, outside, count;

      if (sscanf (*line, "%" G_GUINT64_FORMAT "%" G_GUINT64_FORMAT "%" G_GUINT64_FORMAT, &inside,
                  &outside, &count) == 3)
        g_string_append_printf (
            map, "%" G_GUINT64_FORMAT " %" G_GUINT64_FORMAT " %" G_GUINT64_FORMAT "\n", inside,
            inside, count);
    }
  return g_string_free (g_steal_pointer (&map), FALSE);
}

/* Written from outside: a process inside may only map its own id. */
static gboolean
map_ids (pid_t child)
{
  g_autofree char *uid_path = g_strdup_printf ("/proc/%d/uid_map", (int) child);
  g_autofree char *gid_path = g_strdup_printf ("/proc/%d/gid_map", (int) child);
  g_autofree char *setgroups_path = g_strdup_printf ("/proc/%d/setgroups", (int) child);
  g_autofree char *uids = NULL;
  g_autofree char *gids = NULL;

  if (geteuid () == 0)
    {
      uids = identity_map ("/proc/self/uid_map");
      gids = identity_map ("/proc/self/gid_map");
      return uids != NULL && gids != NULL && write_file (uid_path, uids) &&
             write_file (gid_path, gids);
    }
  uids = g_strdup_printf ("0 %u 1\n", geteuid ());
  gids = g_strdup_printf ("0 %u 1\n", getegid ());
  return write_file (setgroups_path, "deny") && write_file (gid_path, gids) &&
         write_file (uid_path, uids);
}

/* fork () has no flags, and unshare () would leave this process unable to start anything else once
 * process 1 has ended. */
static pid_t
fork_with_flags (unsigned long flags)
{
  return (pid_t) syscall (SYS_clone, flags | SIGCHLD, NULL, NULL, NULL, 0);
}

/* The child waits for a byte that says its ids are mapped; no byte: its parent has given up. */
static void
wait_for_ids (const int *go)
{
  char byte;

  close (go[1]);
  if (read (go[0], &byte, 1) != 1)
    _exit (EXIT_FAILURE);
  close (go[0]);
}

pid_t
_lab_fork_into_namespaces (GError **error)
{
  int      go[2];
  pid_t    child;
  gboolean has_users = TRUE;
  int      code;

  if (pipe2 (go, O_CLOEXEC) != 0)
    {
      set_errno_error (error, errno, "cannot make a pipe");
      return -1;
    }
  child = fork_with_flags (CLONE_NEWUSER | SPACES);
  code = errno;
  if (child < 0 && geteuid () == 0)
    {
      has_users = FALSE;
      child = fork_with_flags (SPACES);
    }
  if (child == 0)
    {
      wait_for_ids (go);
      return 0;
    }
  close (go[0]);
  if (child > 0 && ((has_users && !map_ids (child)) || write (go[1], "", 1) != 1))
    {
      code = errno;
      kill (child, SIGKILL);
      waitpid (child, NULL, 0);
      child = -1;
    }
  close (go[1]);
  if (child < 0)
    refuse (error, code);
  return child;
}

gboolean
_lab_mount_private (GError **error)
{
  if (mount ("none", "/", NULL, MS_REC | MS_PRIVATE, NULL) != 0)
    /* The first thing that needs power inside: Ubuntu's AppArmor gives a user namespace without. */
    return refuse (error, errno);
  /* Containers that hide parts of /proc forbid a fresh one; theirs works too, only with more
   * processes to be seen. */
  mount ("proc", "/proc", "proc", MS_NOSUID | MS_NODEV | MS_NOEXEC, NULL);
  return TRUE;
}

gboolean
_lab_mount_sys (void)
{
  return mount ("sysfs", "/sys", "sysfs", MS_NOSUID | MS_NODEV | MS_NOEXEC | MS_RDONLY, NULL) == 0;
}

int
_lab_new_network (GError **error)
{
  int fd = -1;

  if (unshare (CLONE_NEWNET) == 0)
    fd = open ("/proc/self/ns/net", O_RDONLY | O_CLOEXEC);
  if (fd < 0)
    set_errno_error (error, errno, "cannot make a network namespace");
  return fd;
}

gboolean
_lab_enter_network (int fd, GError **error)
{
  return setns (fd, CLONE_NEWNET) == 0 ||
         set_errno_error (error, errno, "cannot enter a network namespace");
}

gboolean
_lab_write_sysctls (const char *lines, GError **error)
{
  g_auto (GStrv) all = g_strsplit (lines, "\n", -1);

  for (char **line = all; *line != NULL; line++)
    {
      g_auto (GStrv) parts = g_strsplit (*line, "=", 2);
      g_autofree char *path = NULL;

      if (g_strv_length (parts) != 2)
        continue;
      path = g_strconcat ("/proc/sys/", parts[0], NULL);
      if (!write_file (path, parts[1]))
        return set_errno_error (error, errno, path);
    }
  return TRUE;
}
