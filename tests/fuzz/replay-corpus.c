/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#include "config.h"

#include "fuzz-entry.h"

#include <glib.h>
#include <string.h>

/* Stands in for libFuzzer: a test case for each file of the corpus directory. */

static void
test_file (gconstpointer user_data)
{
  const char *path = user_data;
  g_autoptr (GError) error = NULL;
  g_autofree char    *contents = NULL;
  g_autofree uint8_t *exact = NULL;
  gsize               length;

  g_test_summary ("An input that once mattered is still handled");

  g_file_get_contents (path, &contents, &length, &error);
  g_assert_no_error (error);
  /* Without the NUL that GLib adds, so that a sanitizer sees the first byte too far. */
  exact = g_malloc (MAX (length, 1));
  memcpy (exact, contents, length);
  g_assert_cmpint (LLVMFuzzerTestOneInput (exact, length), ==, 0);
}

int
main (int argc, char **argv)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GDir) dir = NULL;
  g_autofree char *target = NULL;
  const char      *name;
  guint            n_files = 0;

  g_test_init (&argc, &argv, NULL);
  g_assert_cmpint (argc, ==, 2);
  dir = g_dir_open (argv[1], 0, &error);
  g_assert_no_error (error);
  target = g_path_get_basename (argv[1]);
  for (name = g_dir_read_name (dir); name != NULL; name = g_dir_read_name (dir))
    {
      g_autofree char *test_path = g_strdup_printf ("/aionet/%s/%s", target, name);

      g_test_add_data_func_full (test_path, g_build_filename (argv[1], name, NULL), test_file,
                                 g_free);
      n_files++;
    }
  g_assert_cmpuint (n_files, >, 0);
  return g_test_run ();
}
