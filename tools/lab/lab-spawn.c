/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#include "config.h"

#include "lab/lab-spawn.h"

#include "lab/lab-namespace.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

/* g_spawn has no way to hand in a namespace's open files and a text at once, and GSubprocess starts
 * threads, after which no user namespace can be made. */

#define STATUS_NOT_FOUND 127

static int
memory_file (const char *text)
{
  int   fd = memfd_create ("aionet-lab", MFD_CLOEXEC);
  gsize length = text != NULL ? strlen (text) : 0;

  if (fd < 0 || (write (fd, text, length) == (gssize) length && lseek (fd, 0, SEEK_SET) == 0))
    return fd;
  close (fd);
  return -1;
}

static char *
read_memory_file (int fd)
{
  char   text[1024];
  gssize length = pread (fd, text, sizeof text - 1, 0);

  return g_strstrip (g_strndup (text, MAX (length, 0)));
}

void
_lab_reset_signals (void)
{
  sigset_t none;

  sigemptyset (&none);
  sigprocmask (SIG_SETMASK, &none, NULL);
}

static G_NORETURN void
become_helper (const char *const *argv, int input, int output)
{
  g_autofree char *path = NULL;

  /* Debian keeps ip and nft where a normal user's PATH does not lead. */
  path = g_strconcat (g_getenv ("PATH") != NULL ? g_getenv ("PATH") : "/usr/bin:/bin",
                      ":/usr/sbin:/sbin", NULL);
  setenv ("PATH", path, TRUE);
  setenv ("LC_ALL", "C", TRUE);
  _lab_reset_signals ();
  if (dup2 (input, STDIN_FILENO) < 0 || dup2 (output, STDOUT_FILENO) < 0 ||
      dup2 (output, STDERR_FILENO) < 0)
    _exit (EXIT_FAILURE);
  execvp (argv[0], (char *const *) argv);
  _exit (STATUS_NOT_FOUND);
}

/* package: where Debian has it. */
static gboolean
run_helper (const char *const *argv, const char *package, const char *input, GError **error)
{
  int              in = memory_file (input);
  int              out = memory_file (NULL);
  g_autofree char *text = NULL;
  int              status = 0;
  pid_t            pid = in >= 0 && out >= 0 ? fork () : -1;

  if (pid == 0)
    become_helper (argv, in, out);
  if (pid > 0)
    {
      while (waitpid (pid, &status, 0) < 0 && errno == EINTR)
        ;
      text = read_memory_file (out);
    }
  if (pid < 0)
    g_set_error (error, G_IO_ERROR, g_io_error_from_errno (errno), "cannot start “%s”: %s", argv[0],
                 g_strerror (errno));
  else if (WIFEXITED (status) && WEXITSTATUS (status) == STATUS_NOT_FOUND)
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND,
                 "the lab needs the command “%s” (Debian package %s)", argv[0], package);
  else if (status != 0)
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_FAILED, "“%s” failed: %s", argv[0], text);
  close (in);
  close (out);
  return pid > 0 && status == 0;
}

gboolean
_lab_run_ip (const char *lines, GError **error)
{
  static const char *const argv[] = { "ip", "-batch", "-", NULL };

  return run_helper (argv, "iproute2", lines, error);
}

gboolean
_lab_run_nft (const char *rules, GError **error)
{
  static const char *const argv[] = { "nft", "-f", "-", NULL };

  return run_helper (argv, "nftables", rules, error);
}

typedef enum
{
  PART_OF_LAB,
  COMMAND_OF_USER
} Kind;

static pid_t
spawn (const char *const *argv, Kind kind, GError **error)
{
  pid_t pid = fork ();

  if (pid == 0)
    {
      int null_fd = open ("/dev/null", O_RDWR | O_CLOEXEC);

      _lab_reset_signals ();
      setsid ();
      dup2 (null_fd, STDIN_FILENO);
      dup2 (kind == COMMAND_OF_USER ? STDERR_FILENO : null_fd, STDOUT_FILENO);
      if (kind == COMMAND_OF_USER && unshare (CLONE_NEWNS) == 0)
        _lab_mount_sys ();
      execvp (argv[0], (char *const *) argv);
      g_printerr ("aionet: lab: cannot run “%s”: %s\n", argv[0], g_strerror (errno));
      _exit (STATUS_NOT_FOUND);
    }
  if (pid < 0)
    g_set_error (error, G_IO_ERROR, g_io_error_from_errno (errno), "cannot start “%s”: %s", argv[0],
                 g_strerror (errno));
  return pid;
}

pid_t
_lab_spawn_server (const char *const *argv, GError **error)
{
  return spawn (argv, PART_OF_LAB, error);
}

pid_t
_lab_spawn_command_line (const char *line, GError **error)
{
  g_auto (GStrv) argv = NULL;

  if (!g_shell_parse_argv (line, NULL, &argv, error))
    return -1;
  return spawn ((const char *const *) argv, COMMAND_OF_USER, error);
}
