/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#include "config.h"

#include "netns.h"

#include <errno.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static gboolean
write_file (const char *path, const char *text)
{
  FILE    *file = fopen (path, "w");
  gboolean ok = file != NULL && fputs (text, file) >= 0;

  if (file != NULL && fclose (file) != 0)
    ok = FALSE;
  return ok;
}

gboolean
netns_enter (char **reason)
{
  g_autofree char *uid_map = g_strdup_printf ("0 %u 1", (unsigned) geteuid ());
  g_autofree char *gid_map = g_strdup_printf ("0 %u 1", (unsigned) getegid ());
  g_autofree char *ip = g_find_program_in_path ("ip");

  if (ip == NULL)
    *reason = g_strdup ("there is no ip command");
  else if (unshare (CLONE_NEWUSER | CLONE_NEWNET) != 0)
    *reason = g_strdup_printf ("no namespaces: %s", g_strerror (errno));
  else if (!write_file ("/proc/self/setgroups", "deny") ||
           !write_file ("/proc/self/uid_map", uid_map) ||
           !write_file ("/proc/self/gid_map", gid_map))
    *reason = g_strdup ("the users of the new namespace cannot be mapped");
  else if (!netns_try ("ip link set lo up"))
    *reason = g_strdup ("the new namespace cannot be configured");
  return *reason == NULL;
}

static gboolean
run (const char *command, char **output)
{
  g_autoptr (GError) error = NULL;
  g_auto (GStrv) argv = NULL;
  int status = 0;

  g_assert_true (g_shell_parse_argv (command, NULL, &argv, NULL));
  if (!g_spawn_sync (NULL, argv, NULL, G_SPAWN_SEARCH_PATH | G_SPAWN_STDOUT_TO_DEV_NULL, NULL, NULL,
                     NULL, output, &status, &error))
    g_error ("%s: %s", command, error->message);
  return g_spawn_check_wait_status (status, NULL);
}

gboolean
netns_try (const char *format, ...)
{
  g_autofree char *command = NULL;
  g_autofree char *output = NULL;
  va_list          arguments;

  va_start (arguments, format);
  command = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  return run (command, &output);
}

void
netns_run (const char *format, ...)
{
  g_autofree char *command = NULL;
  g_autofree char *output = NULL;
  va_list          arguments;

  va_start (arguments, format);
  command = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  if (!run (command, &output))
    g_error ("%s: %s", command, output);
}

void
netns_run_batch (const char *lines)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *path = NULL;
  int              fd = g_file_open_tmp ("aionet-batch-XXXXXX", &path, &error);

  g_assert_no_error (error);
  close (fd);
  g_assert_true (g_file_set_contents (path, lines, -1, NULL));
  netns_run ("ip -batch %s", path);
  unlink (path);
}

void
keep_result (GObject *source, GAsyncResult *result, gpointer user_data)
{
  GAsyncResult **kept = user_data;

  g_assert_null (*kept);
  *kept = g_object_ref (result);
}

void
wait_for (gpointer pointer)
{
  gpointer *slot = pointer;

  while (*slot == NULL)
    g_main_context_iteration (NULL, TRUE);
}

static gboolean
set_flag (gpointer user_data)
{
  *(gpointer *) user_data = user_data;
  return G_SOURCE_REMOVE;
}

void
run_for (guint ms)
{
  gpointer done = NULL;

  g_timeout_add (ms, set_flag, &done);
  wait_for (&done);
}

void
count_emission (gpointer instance, guint *n_emissions)
{
  ++*n_emissions;
}

GListModel *
netns_list_links (AionetAddressBackend *backend)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  GListModel *links = NULL;

  aionet_address_backend_list_links_async (backend, 10000, NULL, keep_result, &result);
  wait_for (&result);
  links = aionet_address_backend_list_links_finish (backend, result, &error);
  g_assert_no_error (error);
  return links;
}

void
netns_add_eth0 (gpointer *fixture, gconstpointer data)
{
  netns_run ("ip link add eth0 address 02:00:00:00:00:0a mtu 1400 type veth peer name far");
  netns_run ("ip link set eth0 addrgenmode none");
  netns_run ("ip link set far addrgenmode none");
  netns_run ("ip link set far up");
  netns_run ("ip link set eth0 up");
}

void
netns_remove_eth0 (gpointer *fixture, gconstpointer data)
{
  netns_run ("ip link del eth0");
}
