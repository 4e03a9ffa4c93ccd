/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#include "config.h"

#include "fuzz-entry.h"

#include <aionet.h>

/* What parses prints to something that parses equal; the rest is refused with an error. */

static void
check_error (const GError *error)
{
  g_assert_error (error, AIONET_ERROR, AIONET_ERROR_INVALID_ADDRESS);
  g_assert_true (g_utf8_validate (error->message, -1, NULL));
}

static void
check_index (AionetIpRange *range, guint64 index)
{
  g_autoptr (GInetAddress) address = aionet_ip_range_get_address_at (range, index);
  guint64 found;

  g_assert_nonnull (address);
  g_assert_true (aionet_ip_range_contains (range, address));
  g_assert_true (aionet_ip_range_get_index_of (range, address, &found));
  g_assert_cmpuint (found, ==, index);
}

static void
check_range (AionetIpRange *range)
{
  guint64          n_addresses = aionet_ip_range_get_n_addresses (range);
  g_autofree char *text = aionet_ip_range_to_string (range);
  g_autoptr (GError) error = NULL;
  g_autoptr (AionetIpRange) again = aionet_ip_range_new_from_string (text, &error);

  g_assert_no_error (error);
  g_assert_true (aionet_ip_range_equal (range, again));
  g_assert_cmpuint (aionet_ip_range_hash (range), ==, aionet_ip_range_hash (again));
  g_assert_true (aionet_ip_range_contains (range, aionet_ip_range_get_address (range)));
  g_assert_true (!aionet_ip_range_is_public (range) || !aionet_ip_range_is_private (range));
  check_index (range, 0);
  check_index (range, n_addresses / 2);
  check_index (range, n_addresses - 1);
  g_assert_null (aionet_ip_range_get_address_at (range, n_addresses));
}

/* A normal form is its own normal form. */
static void
check_normal (const char *text, char *(*normalize) (const char *, GError **) )
{
  g_autoptr (GError) error = NULL;
  g_autofree char *normal = normalize (text, &error);
  g_autofree char *again = NULL;

  if (normal == NULL)
    {
      check_error (error);
      return;
    }
  again = normalize (normal, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (normal, ==, again);
}

static void
check_netmask (const char *text)
{
  g_autoptr (GError) error = NULL;
  guint prefix_length;

  if (aionet_prefix_length_from_netmask (text, &prefix_length, &error))
    g_assert_cmpuint (prefix_length, <=, 128);
  else
    check_error (error);
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  g_autofree char *text = g_strndup ((const char *) data, size);
  g_autoptr (GError) error = NULL;
  g_autoptr (AionetIpRange) range = aionet_ip_range_new_from_string (text, &error);

  if (range != NULL)
    check_range (range);
  else
    check_error (error);
  check_normal (text, aionet_address_normalize);
  check_normal (text, aionet_hardware_address_normalize);
  check_netmask (text);
  return 0;
}
