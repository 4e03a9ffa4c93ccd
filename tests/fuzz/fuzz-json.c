/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#include "config.h"

#include "fuzz-entry.h"

#include "value/aionet-error.h"
#include "value/aionet-json-private.h"

/* What is read is written so that it reads the same; the rest is refused with an error. */

static void
check_error (const GError *error)
{
  g_assert_error (error, AIONET_ERROR, AIONET_ERROR_INVALID_JSON);
  g_assert_true (g_utf8_validate (error->message, -1, NULL));
}

static JsonNode *
write_and_read (JsonNode *node, gboolean pretty)
{
  g_autofree char *text = _aionet_json_to_string (node, pretty);
  g_autoptr (GError) error = NULL;
  JsonNode *again = _aionet_json_parse (text, -1, &error);

  g_assert_no_error (error);
  return again;
}

static void
check_document (JsonNode *node)
{
  g_autoptr (JsonNode) terse = write_and_read (node, FALSE);
  g_autoptr (JsonNode) pretty = write_and_read (node, TRUE);

  g_assert_true (json_node_equal (node, terse));
  g_assert_true (json_node_equal (node, pretty));
}

static void
check_range (JsonNode *node)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (AionetIpRange) range = _aionet_ip_range_from_json (node, &error);
  g_autoptr (AionetIpRange) again = NULL;
  g_autoptr (JsonNode) written = NULL;
  g_autoptr (JsonNode) read = NULL;

  if (range == NULL)
    {
      check_error (error);
      return;
    }
  written = _aionet_ip_range_to_json (range);
  read = write_and_read (written, FALSE);
  again = _aionet_ip_range_from_json (read, &error);
  g_assert_no_error (error);
  g_assert_true (aionet_ip_range_equal (range, again));
}

static void
check_ranges (JsonNode *node)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) ranges = _aionet_ip_ranges_from_json (node, &error);

  if (ranges == NULL)
    check_error (error);
}

static void
check_nat (JsonNode *node)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (AionetNat) nat = _aionet_nat_from_json (node, &error);
  g_autoptr (AionetNat) again = NULL;
  g_autoptr (JsonNode) written = NULL;
  g_autoptr (JsonNode) read = NULL;

  if (nat == NULL)
    {
      check_error (error);
      return;
    }
  written = _aionet_nat_to_json (nat);
  read = write_and_read (written, TRUE);
  again = _aionet_nat_from_json (read, &error);
  g_assert_no_error (error);
  g_assert_true (aionet_nat_equal (nat, again));
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonNode) node = _aionet_json_parse ((const char *) data, size, &error);

  if (node == NULL)
    {
      check_error (error);
      return 0;
    }
  check_document (node);
  check_range (node);
  check_ranges (node);
  check_nat (node);
  return 0;
}
