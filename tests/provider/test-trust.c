/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#include "config.h"

#include <glib/gstdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "museum-fixture.h"

/* Which files in which directories are opened at all. */

static void
test_renamed (MuseumFixture *f, gconstpointer data)
{
  g_autofree char *path = museum_copy_as (f, "libaionet-good.so", "renamed", 0755);

  g_test_summary ("A good module whose file was renamed is refused");

  museum_scan (f);
  museum_assert_refused (f, "renamed", "not the plugin “renamed”");
}

static void
test_untrusted_files (MuseumFixture *f, gconstpointer data)
{
  static const struct
  {
    const char *name;
    guint       mode;
    const char *words;
  } cases[] = {
    { "everybody", 0757, "its file can be written by everybody" },
    { "group", 0775, "its file can be written by its group" },
    { "setuid", 04755, "setuid" },
    { "setgid", 02755, "setuid or setgid" },
  };

  g_test_summary ("Modules that others may write, or with special bits, are refused unopened");

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *path = museum_copy_as (f, "libaionet-good.so", cases[i].name, cases[i].mode);
    }
  museum_scan (f);
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    museum_assert_refused (f, cases[i].name, cases[i].words);
}

static void
test_foreign_owner (MuseumFixture *f, gconstpointer data)
{
  g_autofree char *path = museum_copy_as (f, "libaionet-good.so", "good", 0755);

  g_test_summary ("Modules of other users are refused");

  if (chown (path, 12345, 12345) < 0)
    {
      g_test_skip ("files cannot be given away here");
      return;
    }
  museum_scan (f);
  museum_assert_refused (f, "good", "its file belongs to user 12345");
}

static void
test_untrusted_directories (MuseumFixture *f, gconstpointer data)
{
  static const guint modes[] = { 0777, 01777, 0770 };

  g_test_summary ("Nothing is loaded from directories that others may write");

  museum_copy (f, "good");
  for (guint i = 0; i < G_N_ELEMENTS (modes); i++)
    {
      g_assert_cmpint (g_chmod (f->directory, modes[i]), ==, 0);
      museum_scan (f);
      museum_assert_refused (f, "good", "its directory can be written by");
    }
}

static void
test_no_modules (MuseumFixture *f, gconstpointer data)
{
  g_autofree char *text = g_build_filename (f->directory, "libaionet-text.so", NULL);
  g_autofree char *empty = g_build_filename (f->directory, "libaionet-empty.so", NULL);
  g_autofree char *fifo = g_build_filename (f->directory, "libaionet-fifo.so", NULL);
  g_autofree char *folder = g_build_filename (f->directory, "libaionet-folder.so", NULL);
  g_autofree char *upper = g_build_filename (f->directory, "libaionet-Upper.so", NULL);
  g_autofree char *other = g_build_filename (f->directory, "libother.so", NULL);
  guint            n_before = g_list_model_get_n_items (G_LIST_MODEL (f->registry));

  g_test_summary (
      "Texts, empty files, FIFOs and directories are refused; other names not looked at");

  museum_write (text, "This is no module.\n", -1, 0644);
  museum_write (empty, "", 0, 0644);
  museum_write (upper, "", 0, 0644);
  museum_write (other, "", 0, 0644);
  g_assert_cmpint (mkfifo (fifo, 0600), ==, 0);
  g_assert_cmpint (g_mkdir (folder, 0700), ==, 0);
  museum_scan (f);
  museum_assert_refused (f, "text", "it cannot be opened");
  museum_assert_refused (f, "empty", "it cannot be opened");
  museum_assert_refused (f, "fifo", "it is no regular file");
  museum_assert_refused (f, "folder", "it is no regular file");
  museum_assert_refused (f, "libaionet-Upper.so", "no valid name");
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (f->registry)), ==, n_before + 5);
}

static void
make_link (MuseumFixture *f, const char *name, const char *target)
{
  g_autofree char *path = g_build_filename (f->directory, name, NULL);

  g_assert_cmpint (symlink (target, path), ==, 0);
}

static void
test_symbolic_links (MuseumFixture *f, gconstpointer data)
{
  g_autofree char *outside =
      g_test_build_filename (G_TEST_BUILT, "provider", "museum", "libaionet-drops.so", NULL);
  g_autofree char *real = g_build_filename (f->directory, "libaionet-good.so", NULL);
  g_autofree char *versioned = g_build_filename (f->directory, "good.so.0", NULL);

  g_test_summary ("Symbolic links are followed within their directory only");

  museum_copy (f, "good");
  g_assert_cmpint (g_rename (real, versioned), ==, 0);
  make_link (f, "libaionet-good.so", "good.so.0");
  make_link (f, "libaionet-drops.so", outside);
  make_link (f, "libaionet-twice.so", "libaionet-drops.so");
  make_link (f, "libaionet-nowhere.so", "nowhere");
  make_link (f, "libaionet-up.so", "..");
  museum_scan (f);
  g_assert_cmpint (aionet_plugin_info_get_state (museum_find (f->registry, "good")), ==,
                   AIONET_PLUGIN_STATE_READY);
  museum_assert_refused (f, "drops", "symbolic link out of its directory");
  museum_assert_refused (f, "twice", "symbolic link to another one");
  museum_assert_refused (f, "nowhere", "cannot be read");
  museum_assert_refused (f, "up", "no regular file");
}

static void
test_scan_again (MuseumFixture *f, gconstpointer data)
{
  g_autoptr (AionetRegistry) other = aionet_registry_new ();
  g_autoptr (GError) error = NULL;

  g_test_summary ("A directory may be read again, by the same registry and by another");

  museum_copy (f, "good");
  museum_copy (f, "drops");
  museum_scan (f);
  museum_scan (f);
  g_assert_cmpint (aionet_plugin_info_get_state (museum_find (f->registry, "good")), ==,
                   AIONET_PLUGIN_STATE_SHADOWED);
  aionet_registry_scan (other, f->directory, &error);
  g_assert_no_error (error);
  g_assert_cmpint (aionet_plugin_info_get_state (museum_find (other, "good")), ==,
                   AIONET_PLUGIN_STATE_READY);
  g_assert_cmpstr (
      g_type_name (aionet_plugin_info_get_provider_type (museum_find (other, "drops"))), ==,
      "MuseumDrops");
}

static void
test_no_directory (MuseumFixture *f, gconstpointer data)
{
  g_autofree char *missing = g_build_filename (f->directory, "missing", NULL);
  g_autofree char *file = g_build_filename (f->directory, "file", NULL);
  g_autoptr (GError) error = NULL;

  g_test_summary ("A directory that cannot be read is an error");

  g_assert_false (aionet_registry_scan (f->registry, missing, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND);
  g_clear_error (&error);
  museum_write (file, "", 0, 0644);
  g_assert_false (aionet_registry_scan (f->registry, file, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NOT_DIRECTORY);
}

static void
test_default (MuseumFixture *f, gconstpointer data)
{
  g_autofree char *path = g_strdup_printf ("%s/missing::%s", f->directory, f->directory);
  AionetRegistry  *registry;

  g_test_summary ("The default registry reads the directories of AIONET_PLUGIN_PATH");

  museum_copy (f, "good");
  g_setenv ("AIONET_PLUGIN_PATH", path, TRUE);
  g_test_expect_message ("aionet", G_LOG_LEVEL_MESSAGE, "AIONET_PLUGIN_PATH: *missing*");
  registry = aionet_registry_get_default ();
  g_test_assert_expected_messages ();
  g_assert_true (registry == aionet_registry_get_default ());
  g_assert_nonnull (museum_find (registry, "good"));
  g_assert_null (museum_find (f->registry, "good"));
}

int
main (int argc, char *argv[])
{
  static const MuseumCase cases[] = {
    { "/aionet/trust/renamed", test_renamed },
    { "/aionet/trust/untrusted-files", test_untrusted_files },
    { "/aionet/trust/foreign-owner", test_foreign_owner },
    { "/aionet/trust/untrusted-directories", test_untrusted_directories },
    { "/aionet/trust/no-modules", test_no_modules },
    { "/aionet/trust/symbolic-links", test_symbolic_links },
    { "/aionet/trust/scan-again", test_scan_again },
    { "/aionet/trust/no-directory", test_no_directory },
    { "/aionet/trust/default", test_default },
    { NULL },
  };

  g_test_init (&argc, &argv, NULL);

  return museum_run (cases);
}
