/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#pragma once

#include <gio/gio.h>
#include <sys/types.h>

G_BEGIN_DECLS

/* As fork (), but the child is process 1 of user, PID, mount, network and host name namespaces of
 * its own; this process, which must be single-threaded, stays outside. Root that may not have a
 * user namespace goes on without. The error names the setting that forbids it. */
pid_t _lab_fork_into_namespaces (GError **error);

/* For process 1: nothing it mounts is seen outside; /proc shows its own processes. */
gboolean _lab_mount_private (GError **error);
/* /sys of the network namespace this process is in. FALSE when the system forbids it. */
gboolean _lab_mount_sys (void);

/* A new network namespace, which this process is in afterwards. Closed on exec. */
int      _lab_new_network (GError **error);
gboolean _lab_enter_network (int fd, GError **error);

/* Writes lines "net/ipv4/ip_forward=1" below /proc/sys. */
gboolean _lab_write_sysctls (const char *lines, GError **error);

G_END_DECLS
