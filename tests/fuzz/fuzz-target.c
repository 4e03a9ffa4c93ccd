/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#include "config.h"

#include "fuzz-entry.h"

#include <aionet.h>

#include <string.h>

#define DEFAULT_PORT 80

/* What parses prints to something that parses equal; the rest is refused with an error. */

static void
check_error (const GError *error)
{
  g_assert_error (error, AIONET_ERROR, AIONET_ERROR_INVALID_ADDRESS);
  g_assert_true (g_utf8_validate (error->message, -1, NULL));
}

static void
check_target (AionetTarget *target)
{
  g_autofree char *text = aionet_target_to_string (target);
  const char      *hostname = aionet_target_get_hostname (target);
  g_autoptr (GError) error = NULL;
  g_autoptr (AionetTarget) again = aionet_target_new_from_string (text, 0, &error);

  g_assert_no_error (error);
  g_assert_true (aionet_target_equal (target, again));
  g_assert_cmpuint (aionet_target_hash (target), ==, aionet_target_hash (again));
  g_assert_true (g_str_is_ascii (hostname));
  g_assert_cmpuint (strlen (hostname), >, 0);
  g_assert_cmpuint (strlen (hostname), <=, 254);
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  g_autofree char *text = g_strndup ((const char *) data, size);
  g_autoptr (GError) error = NULL;
  g_autoptr (GError) strict_error = NULL;
  g_autoptr (AionetTarget) target = aionet_target_new_from_string (text, DEFAULT_PORT, &error);
  g_autoptr (AionetTarget) strict = aionet_target_new_from_string (text, 0, &strict_error);

  if (target != NULL)
    check_target (target);
  else
    check_error (error);
  /* A default port helps out where a port is missing, and changes nothing else. */
  if (strict == NULL)
    check_error (strict_error);
  else
    g_assert_true (target != NULL && aionet_target_equal (target, strict));
  if (target != NULL && strict == NULL)
    g_assert_cmpuint (aionet_target_get_port (target), ==, DEFAULT_PORT);
  return 0;
}
