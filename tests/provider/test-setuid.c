/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#include "config.h"

#include <gio/gio.h>
#include <glib/gstdio.h>
#include <sys/stat.h>
#include <unistd.h>
#ifdef __linux__
#include <sys/auxv.h>
#endif

#include "provider/aionet-registry.h"

/* A program that runs with raised rights must not load what the caller's environment names. The
 * test is run by root, and lowers the rights of a copy of itself: the kernel calls that raised too.
 */

#define NOBODY 65534

static gboolean
is_secure (void)
{
#ifdef __linux__
  return getauxval (AT_SECURE) != 0;
#else
  return getuid () != geteuid ();
#endif
}

/* What the copy does: it tells how many modules of the directory it has looked at. */
static int
run_copy (const char *directory)
{
  AionetRegistry *registry = aionet_registry_get_default ();
  guint           n = 0;

  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (registry)); i++)
    {
      g_autoptr (AionetPluginInfo) info = g_list_model_get_item (G_LIST_MODEL (registry), i);
      const char *path = aionet_plugin_info_get_path (info);

      n += path != NULL && g_str_has_prefix (path, directory);
    }
  g_print ("secure %d, modules %u\n", is_secure (), n);
  fflush (stdout);
  /* A leak sanitizer cannot look into a process with raised rights. */
  _exit (0);
}

static char *
make_copy (const char *directory, const char *name, uid_t owner, guint mode)
{
  char            *path = g_build_filename (directory, name, NULL);
  g_autofree char *contents = NULL;
  g_autoptr (GError) error = NULL;
  gsize length;

  g_file_get_contents ("/proc/self/exe", &contents, &length, &error);
  g_assert_no_error (error);
  g_file_set_contents (path, contents, length, &error);
  g_assert_no_error (error);
  g_assert_cmpint (chown (path, owner, owner), ==, 0);
  g_assert_cmpint (g_chmod (path, mode), ==, 0);
  return path;
}

static char *
run (const char *program, const char *directory)
{
  const char *argv[] = { program, "--copy", directory, NULL };
  g_auto (GStrv) environment = g_get_environ ();
  g_autoptr (GError) error = NULL;
  char *output = NULL;

  environment = g_environ_setenv (environment, "AIONET_PLUGIN_PATH", directory, TRUE);
  g_spawn_sync (NULL, (char **) argv, environment, G_SPAWN_DEFAULT, NULL, NULL, &output, NULL, NULL,
                &error);
  g_assert_no_error (error);
  return output;
}

static void
test_setuid (void)
{
  g_autofree char *directory = g_dir_make_tmp ("aionet-setuid-XXXXXX", NULL);
  g_autofree char *module = g_build_filename (directory, "libaionet-text.so", NULL);
  g_autofree char *plain = NULL;
  g_autofree char *raised = NULL;
  g_autofree char *plain_output = NULL;
  g_autofree char *raised_output = NULL;

  g_test_summary ("AIONET_PLUGIN_PATH is for programs that run with the rights of their caller");

  g_assert_cmpint (g_chmod (directory, 0755), ==, 0);
  g_assert_true (g_file_set_contents (module, "no module", -1, NULL));
  if (geteuid () != 0 || chown (module, NOBODY, NOBODY) < 0)
    {
      g_unlink (module);
      g_rmdir (directory);
      g_test_skip ("files cannot be given away here");
      return;
    }
  plain = make_copy (directory, "plain", 0, 0755);
  raised = make_copy (directory, "raised", NOBODY, 04755);
  plain_output = run (plain, directory);
  raised_output = run (raised, directory);
  g_unlink (module);
  g_unlink (plain);
  g_unlink (raised);
  g_rmdir (directory);

  g_assert_cmpstr (plain_output, ==, "secure 0, modules 1\n");
  if (g_str_has_prefix (raised_output, "secure 0"))
    g_test_skip ("setuid has no effect in the directory for temporary files");
  else
    g_assert_cmpstr (raised_output, ==, "secure 1, modules 0\n");
}

int
main (int argc, char *argv[])
{
  if (argc == 3 && g_str_equal (argv[1], "--copy"))
    return run_copy (argv[2]);
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/aionet/registry/setuid", test_setuid);
  return g_test_run ();
}
