/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#include "config.h"

#include "lab/lab-namespace.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
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

/* Only a process outside may map more than one id, so root asks a child that stays outside. */
static pid_t
start_mapper (int *go)
{
  g_autofree char *users = identity_map ("/proc/self/uid_map");
  g_autofree char *groups = identity_map ("/proc/self/gid_map");
  g_autofree char *users_path = g_strdup_printf ("/proc/%d/uid_map", getpid ());
  g_autofree char *groups_path = g_strdup_printf ("/proc/%d/gid_map", getpid ());
  int              fds[2];
  char             byte;
  pid_t            pid;

  if (users == NULL || groups == NULL || pipe2 (fds, O_CLOEXEC) != 0)
    return -1;
  pid = fork ();
  if (pid == 0)
    {
      close (fds[1]);
      if (read (fds[0], &byte, 1) == 1 && write_file (users_path, users) &&
          write_file (groups_path, groups))
        _exit (EXIT_SUCCESS);
      _exit (EXIT_FAILURE);
    }
  close (fds[0]);
  *go = fds[1];
  return pid;
}

static gboolean
map_all_ids (pid_t mapper, int go)
{
  int status = -1;

  if (write (go, "", 1) != 1)
    return FALSE;
  while (waitpid (mapper, &status, 0) < 0 && errno == EINTR)
    ;
  return status == 0;
}

static gboolean
map_own_id (uid_t uid, gid_t gid)
{
  g_autofree char *user = g_strdup_printf ("0 %u 1\n", uid);
  g_autofree char *group = g_strdup_printf ("0 %u 1\n", gid);

  return write_file ("/proc/self/setgroups", "deny") && write_file ("/proc/self/gid_map", group) &&
         write_file ("/proc/self/uid_map", user);
}

gboolean
_lab_enter_namespaces (GError **error)
{
  uid_t    uid = geteuid ();
  gid_t    gid = getegid ();
  int      go = -1;
  pid_t    mapper = uid == 0 ? start_mapper (&go) : -1;
  gboolean mapped;

  if (unshare (CLONE_NEWUSER | SPACES) != 0)
    {
      int code = errno;

      if (go >= 0)
        close (go);
      if (mapper > 0)
        waitpid (mapper, NULL, 0);
      if (uid == 0 && unshare (SPACES) == 0)
        return TRUE;
      return refuse (error, code);
    }
  mapped = mapper > 0 ? map_all_ids (mapper, go) : map_own_id (uid, gid);
  if (go >= 0)
    close (go);
  return mapped || refuse (error, EPERM);
}

gboolean
_lab_mount_private (GError **error)
{
  if (mount ("none", "/", NULL, MS_REC | MS_PRIVATE, NULL) != 0)
    return set_errno_error (error, errno, "cannot keep mounts private");
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
