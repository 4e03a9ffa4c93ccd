/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#include "config.h"

#include "lab/lab-run.h"

#include "aionet-commands.h"
#include "lab/lab-namespace.h"
#include "lab/lab-spawn.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <unistd.h>

/* Two processes: the outer one, which the user started, and process 1 of the lab, which owns all
 * the rest. The kernel ends a PID namespace with its process 1, and process 1 with its parent
 * (PR_SET_PDEATHSIG), so nothing has to be cleaned up and nothing can be left.
 *
 * The command stays in the process group of the user's shell, as if there were no lab: the terminal
 * sends its signals to the command itself, job control works, and only what `kill` sent to the
 * outer process is handed on. */

#define STATUS_NOT_FOUND 127
#define STATUS_NOT_EXECUTABLE 126

typedef struct
{
  const LabPlan *plan;
  char         **command;
  char          *program; /* (owned) */
  int            signals;
  int            ready[2]; /* process 1 tells that the command waits for its start */
  int            alive[2]; /* a byte starts the command; closed by the end of the outer process */
} Lab;

static int
block_signals (void)
{
  static const int handled[] = { SIGCHLD, SIGINT,  SIGTERM, SIGHUP,
                                 SIGQUIT, SIGUSR1, SIGUSR2, SIGALRM };
  sigset_t         set;

  sigemptyset (&set);
  for (guint i = 0; i < G_N_ELEMENTS (handled); i++)
    sigaddset (&set, handled[i]);
  sigprocmask (SIG_BLOCK, &set, NULL);
  return signalfd (-1, &set, SFD_CLOEXEC);
}

static int
exit_status (int status)
{
  return WIFSIGNALED (status) ? 128 + WTERMSIG (status) : WEXITSTATUS (status);
}

/* The kernel made it, for the whole process group of the terminal: the command has it already. */
static gboolean
is_from_terminal (const struct signalfd_siginfo *info)
{
  return info->ssi_code > 0;
}

/* ------------------------------------------------------------------ process 1 */

/* Every command of the lab finds this very program. */
static void
set_path (Lab *self)
{
  g_autofree char *directory = g_path_get_dirname (self->program);
  const char      *path = g_getenv ("PATH");
  g_autofree char *new_path =
      g_strconcat (directory, ":", path != NULL ? path : "/usr/local/bin:/usr/bin:/bin", NULL);

  setenv ("PATH", new_path, TRUE);
}

static pid_t
start_command (Lab *self)
{
  pid_t pid = fork ();
  char  byte;
  int   code;

  if (pid != 0)
    return pid;
  if (read (self->alive[0], &byte, 1) != 1)
    _exit (EXIT_FAILED);
  _lab_reset_signals ();
  execvp (self->command[0], self->command);
  code = errno;
  _cmd_fail ("cannot run “%s”: %s", self->command[0], g_strerror (code));
  _exit (code == ENOENT ? STATUS_NOT_FOUND : STATUS_NOT_EXECUTABLE);
}

/* Process 1 inherits every orphan. TRUE when the command has ended. */
static gboolean
reap (LabWorld *world, pid_t command, int *status)
{
  gboolean ended = FALSE;
  int      child_status;
  pid_t    pid;

  while ((pid = waitpid (-1, &child_status, WNOHANG)) > 0)
    {
      if (pid == command)
        {
          *status = exit_status (child_status);
          ended = TRUE;
        }
      else
        _lab_world_note_exit (world, pid, child_status);
    }
  return ended;
}

static int
watch_command (Lab *self, LabWorld *world, pid_t command)
{
  struct signalfd_siginfo info;
  int                     status = EXIT_FAILED;

  while (TRUE)
    {
      if (read (self->signals, &info, sizeof info) != sizeof info)
        continue;
      if (info.ssi_signo == SIGCHLD)
        {
          if (reap (world, command, &status))
            return status;
        }
      else if (!is_from_terminal (&info))
        kill (command, (int) info.ssi_signo);
    }
}

static gboolean
is_abandoned (Lab *self)
{
  struct pollfd polled = { self->alive[0], 0, 0 };

  return poll (&polled, 1, 0) == 1;
}

static int
be_process_1 (Lab *self)
{
  g_autoptr (LabWorld) world = NULL;
  g_autoptr (GError) error = NULL;
  pid_t command;
  int   status;

  prctl (PR_SET_PDEATHSIG, SIGKILL);
  close (self->alive[1]);
  /* The parent may have ended before its death was asked for. */
  if (is_abandoned (self))
    return EXIT_FAILED;
  if (sethostname ("lab", 3) != 0 || !_lab_mount_private (&error))
    return _cmd_fail ("lab: %s", error != NULL ? error->message : g_strerror (errno));
  set_path (self);
  world = _lab_world_new (self->plan, self->program, &error);
  if (world == NULL || !_lab_world_start_commands (world, &error) ||
      !_lab_world_enter_client (world, &error))
    return _cmd_fail ("lab “%s”: %s", self->plan->scenario->name, error->message);
  if (!_lab_mount_sys () && self->plan->verbose)
    g_printerr ("aionet: lab: /sys cannot be mounted here and shows the network outside\n");
  command = start_command (self);
  if (command < 0)
    return _cmd_fail ("lab: cannot start the command: %s", g_strerror (errno));
  if (write (self->ready[1], "", 1) != 1)
    return EXIT_FAILED;
  status = watch_command (self, world, command);
  _lab_world_report (world);
  return status;
}

/* ------------------------------------------------------------------ the outer process */

/* A signal of the terminal reaches the command by itself once there is one: it waits for a byte
 * with its signals blocked, and gets the byte only when none came before it was there. Until then
 * nobody waits for a lab that is still being built. */
static void
hand_on (pid_t init, const struct signalfd_siginfo *info, gboolean started)
{
  if (!started)
    kill (init, SIGKILL);
  else if (!is_from_terminal (info))
    kill (init, (int) info->ssi_signo);
}

static gboolean
start_when_ready (Lab *self)
{
  char byte;

  return read (self->ready[0], &byte, 1) == 1 && write (self->alive[1], "", 1) == 1;
}

static int
watch_process_1 (Lab *self, pid_t init)
{
  struct pollfd polled[] = { { self->signals, POLLIN, 0 }, { self->ready[0], POLLIN, 0 } };
  struct signalfd_siginfo info;
  gboolean                started = FALSE;
  int                     status = 0;
  int                     ended_by = 0;

  while (waitpid (init, &status, WNOHANG) == 0)
    {
      poll (polled, started ? 1 : G_N_ELEMENTS (polled), -1);
      if ((polled[0].revents & POLLIN) == 0)
        started = start_when_ready (self);
      else if (read (self->signals, &info, sizeof info) == sizeof info && info.ssi_signo != SIGCHLD)
        {
          ended_by = (int) info.ssi_signo;
          hand_on (init, &info, started);
        }
    }
  if (!WIFSIGNALED (status))
    return WEXITSTATUS (status);
  if (!started && ended_by != 0)
    return 128 + ended_by;
  _cmd_fail ("lab: ended by signal %d", WTERMSIG (status));
  return exit_status (status);
}

/* An interactive shell inside leaves the terminal to a process group that is gone. */
static void
take_terminal_back (int terminal)
{
  if (terminal < 0)
    return;
  signal (SIGTTOU, SIG_IGN);
  tcsetpgrp (terminal, getpgrp ());
}

static int
find_terminal (void)
{
  for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++)
    if (isatty (fd) && tcgetpgrp (fd) == getpgrp ())
      return fd;
  return -1;
}

int
_lab_run (const LabPlan *plan, char *command[])
{
  g_autoptr (GError) error = NULL;
  g_autofree char *program = g_file_read_link ("/proc/self/exe", &error);
  Lab              self = { .plan = plan, .command = command, .program = program };
  int              terminal = find_terminal ();
  pid_t            init;
  int              status;

  if (program == NULL)
    return _cmd_fail ("lab: %s", error->message);
  if (pipe2 (self.ready, O_CLOEXEC) != 0 || pipe2 (self.alive, O_CLOEXEC) != 0)
    return _cmd_fail ("lab: %s", g_strerror (errno));
  self.signals = block_signals ();
  init = _lab_fork_into_namespaces (&error);
  if (init == 0)
    _exit (be_process_1 (&self));
  if (init < 0)
    return _cmd_fail ("lab: %s", error->message);
  close (self.alive[0]);
  close (self.ready[1]);
  status = watch_process_1 (&self, init);
  take_terminal_back (terminal);
  return status;
}
