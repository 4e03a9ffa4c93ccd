/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <signal.h>
#include <stddef.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "topology/aionet-interface.h"

/* "default" does no input or output whatsoever. A seccomp filter makes the kernel report each
 * system call that opens a file or touches a socket; what the main loop needs stays allowed, as do
 * threads (GTask starts one). The filter cannot be taken off again, so that each case runs in a
 * process of its own, which leaves with _exit (): the libraries' exit handlers may open what they
 * like. */

#define COUNT(name)                                                                                \
  BPF_JUMP (BPF_JMP | BPF_JEQ | BPF_K, __NR_##name, 0, 1),                                         \
      BPF_STMT (BPF_RET | BPF_K, SECCOMP_RET_TRAP)

static volatile sig_atomic_t n_calls;

static void
on_trap (int signal_number, siginfo_t *info, void *context)
{
  n_calls++;
}

static gboolean
count_calls (void)
{
  struct sock_filter filter[] = {
    BPF_STMT (BPF_LD | BPF_W | BPF_ABS, offsetof (struct seccomp_data, nr)),
    COUNT (socket),
    COUNT (socketpair),
    COUNT (connect),
    COUNT (bind),
    COUNT (listen),
    COUNT (sendto),
    COUNT (sendmsg),
    COUNT (sendmmsg),
    COUNT (recvfrom),
    COUNT (recvmsg),
    COUNT (recvmmsg),
    COUNT (getsockopt),
    COUNT (setsockopt),
    COUNT (getsockname),
    COUNT (openat),
    COUNT (openat2),
#ifdef __NR_open
    COUNT (open),
    COUNT (creat),
    COUNT (stat),
    COUNT (access),
    COUNT (readlink),
#endif
    COUNT (newfstatat),
    COUNT (statx),
    COUNT (faccessat),
    COUNT (readlinkat),
    COUNT (getdents64),
    COUNT (ioctl),
    COUNT (execve),
    BPF_STMT (BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
  };
  struct sock_fprog program = { .len = G_N_ELEMENTS (filter), .filter = filter };
  struct sigaction  action = { .sa_sigaction = on_trap, .sa_flags = SA_SIGINFO };

  if (sigaction (SIGSYS, &action, NULL) != 0 || prctl (PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0)
    return FALSE;
  return prctl (PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) == 0;
}

static void
on_loaded (GObject *source, GAsyncResult *result, gpointer user_data)
{
  gboolean *loaded = user_data;

  *loaded = aionet_interface_load_finish (AIONET_INTERFACE (source), result, NULL);
}

static gboolean
use_default (void)
{
  g_autoptr (AionetInterface) nic = aionet_interface_new ("default");
  g_autoptr (AionetRoute) route = aionet_interface_get_route (nic, G_SOCKET_FAMILY_IPV4, NULL);
  g_autoptr (AionetRoute) v6 = aionet_interface_get_route (nic, G_SOCKET_FAMILY_IPV6, NULL);
  g_autoptr (AionetRoute) bound = NULL;
  gboolean loaded = FALSE;

  if (route == NULL || v6 == NULL)
    return FALSE;
  bound = aionet_route_bind (route, 0, NULL);
  aionet_interface_load_async (nic, NULL, on_loaded, &loaded);
  while (g_main_context_iteration (NULL, FALSE))
    ;
  return loaded && bound != NULL && aionet_interface_is_default (nic, G_SOCKET_FAMILY_IPV4) &&
         aionet_interface_supports (nic, G_SOCKET_FAMILY_IPV6) &&
         aionet_interface_get_loaded (nic) &&
         aionet_route_pool_get_n_addresses (
             aionet_interface_get_route_pool (nic, G_SOCKET_FAMILY_IPV4)) == 0;
}

enum
{
  EXIT_NO_CALLS,
  EXIT_CALLS = 3,
  EXIT_WRONG = 4,
  EXIT_NO_FILTER = 5,
};

static void
run_in_child (gboolean (*func) (void))
{
  gboolean good;

  /* GLib's own first time: its main context opens a descriptor to wake up by. */
  g_main_context_iteration (NULL, FALSE);
  if (!count_calls ())
    _exit (EXIT_NO_FILTER);
  good = func ();
  if (!good)
    _exit (EXIT_WRONG);
  _exit (n_calls == 0 ? EXIT_NO_CALLS : EXIT_CALLS);
}

static gboolean
touch_network (void)
{
  int fd = socket (AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);

  (void) fd;
  return TRUE;
}

static gboolean
touch_file (void)
{
  int fd = open ("/dev/null", O_RDONLY | O_CLOEXEC);

  (void) fd;
  return TRUE;
}

static int
fork_and_run (gboolean (*func) (void))
{
  pid_t pid = fork ();
  int   status = 0;

  g_assert_cmpint (pid, >=, 0);
  if (pid == 0)
    run_in_child (func);
  g_assert_cmpint (waitpid (pid, &status, 0), ==, pid);
  g_assert_true (WIFEXITED (status));
  return WEXITSTATUS (status);
}

static gboolean
skip_without_filter (void)
{
  if (fork_and_run (touch_file) != EXIT_NO_FILTER)
    return FALSE;
  g_test_skip ("this kernel, or who started the test, allows no seccomp filter");
  return TRUE;
}

static void
test_no_calls (void)
{
  g_test_summary ("Making, loading, routes and binding of “default”: no call (S62, S63, S64)");

  if (!skip_without_filter ())
    g_assert_cmpint (fork_and_run (use_default), ==, EXIT_NO_CALLS);
}

static void
test_counts (void)
{
  g_test_summary ("The count is one: a socket and a file are seen by it");

  if (skip_without_filter ())
    return;
  g_assert_cmpint (fork_and_run (touch_network), ==, EXIT_CALLS);
  g_assert_cmpint (fork_and_run (touch_file), ==, EXIT_CALLS);
}

static void
test_usable (void)
{
  g_autoptr (AionetInterface) nic = aionet_interface_new_default ();
  g_autoptr (AionetRoute) route = NULL;
  g_autoptr (GSocket) socket = NULL;
  g_autoptr (GError) error = NULL;

  g_test_summary ("The default interface is usable at once (S65)");

  g_assert_cmpstr (aionet_interface_get_name (nic), ==, "default");
  g_assert_true (aionet_interface_get_usable (nic));
  route = aionet_interface_get_route (nic, G_SOCKET_FAMILY_INVALID, &error);
  g_assert_no_error (error);
  g_assert_cmpint (aionet_route_get_family (route), ==, G_SOCKET_FAMILY_IPV4);
  g_assert_true (aionet_route_get_interface (route) == nic);
  socket = aionet_route_create_socket (route, G_SOCKET_PROTOCOL_UDP, &error);
  g_assert_no_error (error);
  g_assert_nonnull (socket);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/aionet/default-interface/no-calls", test_no_calls);
  g_test_add_func ("/aionet/default-interface/counts", test_counts);
  g_test_add_func ("/aionet/default-interface/usable", test_usable);
  return g_test_run ();
}
