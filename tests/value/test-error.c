/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#include "config.h"

#include <gio/gio.h>

#include "value/aionet-error.h"

static void
test_domain (void)
{
  g_test_summary ("The domain has the name that bindings find it by");

  g_assert_cmpstr (g_quark_to_string (AIONET_ERROR), ==, "aionet-error-quark");
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/aionet/error/domain", test_domain);
  return g_test_run ();
}
