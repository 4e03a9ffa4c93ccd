/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#include "config.h"

#include "museum-fixture.h"

#include <glib/gstdio.h>
#include <unistd.h>

/* Where the copies are made. */
static MuseumFixture shop;

void
museum_set_up (MuseumFixture *f, gconstpointer data)
{
  f->directory = g_dir_make_tmp ("aionet-museum-XXXXXX", NULL);
  g_assert_nonnull (f->directory);
  f->registry = aionet_registry_new ();
}

static void
remove_all (const char *path)
{
  g_autoptr (GDir) dir = g_dir_open (path, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *child = g_build_filename (path, name, NULL);

      if (g_file_test (child, G_FILE_TEST_IS_DIR) && !g_file_test (child, G_FILE_TEST_IS_SYMLINK))
        remove_all (child);
      else
        g_unlink (child);
    }
  g_rmdir (path);
}

void
museum_tear_down (MuseumFixture *f, gconstpointer data)
{
  g_assert_finalize_object (f->registry);
  remove_all (f->directory);
  g_free (f->directory);
}

void
museum_write (const char *path, const char *contents, gssize length, guint mode)
{
  g_autoptr (GError) error = NULL;

  g_file_set_contents (path, contents, length, &error);
  g_assert_no_error (error);
  g_assert_cmpint (g_chmod (path, mode), ==, 0);
}

char *
museum_copy_as (MuseumFixture *f, const char *museum, const char *name, guint mode)
{
  g_autofree char *from = g_test_build_filename (G_TEST_BUILT, "provider", "museum", museum, NULL);
  g_autofree char *file_name = g_strdup_printf ("libaionet-%s.so", name);
  g_autofree char *contents = NULL;
  g_autoptr (GError) error = NULL;
  char *to = g_build_filename (f->directory, file_name, NULL);
  gsize length;

  g_file_get_contents (from, &contents, &length, &error);
  g_assert_no_error (error);
  museum_write (to, contents, length, mode);
  return to;
}

void
museum_copy (MuseumFixture *f, const char *name)
{
  g_autofree char *file_name = g_strdup_printf ("libaionet-%s.so", name);
  g_autofree char *first = g_build_filename (shop.directory, file_name, NULL);
  g_autofree char *path = g_build_filename (f->directory, file_name, NULL);

  if (!g_file_test (first, G_FILE_TEST_EXISTS))
    g_free (museum_copy_as (&shop, file_name, name, 0755));
  g_assert_cmpint (link (first, path), ==, 0);
}

void
museum_scan (MuseumFixture *f)
{
  g_autoptr (GError) error = NULL;

  aionet_registry_scan (f->registry, f->directory, &error);
  g_assert_no_error (error);
}

AionetPluginInfo *
museum_find (AionetRegistry *registry, const char *name)
{
  AionetPluginInfo *found = NULL;

  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (registry)); i++)
    {
      g_autoptr (AionetPluginInfo) info = g_list_model_get_item (G_LIST_MODEL (registry), i);

      if (g_strcmp0 (aionet_plugin_info_get_name (info), name) == 0)
        found = info;
    }
  return found;
}

void
museum_assert_refused (MuseumFixture *f, const char *name, const char *words)
{
  AionetPluginInfo *info = museum_find (f->registry, name);

  g_assert_nonnull (info);
  g_test_message ("%s: %s", aionet_plugin_info_get_path (info),
                  aionet_plugin_info_get_reason (info));
  g_assert_cmpint (aionet_plugin_info_get_state (info), ==, AIONET_PLUGIN_STATE_REFUSED);
  g_assert_cmpint (aionet_plugin_info_get_origin (info), ==, AIONET_PLUGIN_ORIGIN_MODULE);
  g_assert_true (aionet_plugin_info_get_provider_type (info) == G_TYPE_INVALID);
  g_assert_true (g_str_has_prefix (aionet_plugin_info_get_path (info), f->directory));
  g_assert_nonnull (strstr (aionet_plugin_info_get_reason (info), words));
}

int
museum_run (const MuseumCase *cases)
{
  int result;

  for (; cases->path != NULL; cases++)
    g_test_add (cases->path, MuseumFixture, NULL, museum_set_up, cases->run, museum_tear_down);
  museum_set_up (&shop, NULL);
  result = g_test_run ();
  museum_tear_down (&shop, NULL);
  return result;
}
