/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#include "config.h"

#include "fuzz-entry.h"

#include "aionet-netlink-decode.h"
#include "aionet-netlink-links.h"

#include <errno.h>

/* Any bytes become links, of which none is there twice and none has a part that contradicts its
 * family; every message is counted once. */

static void
check_link (AionetLink *link)
{
  GListModel *addresses = aionet_link_get_addresses (link);

  g_assert_cmpuint (aionet_link_get_index (link), >, 0);
  g_assert_true (g_utf8_validate (aionet_link_get_name (link), -1, NULL));
  for (guint i = 0; i < g_list_model_get_n_items (addresses); i++)
    {
      g_autoptr (AionetIpRange) range = g_list_model_get_item (addresses, i);
      g_autofree char *text = aionet_ip_range_to_string (range);

      g_assert_nonnull (text);
    }
}

static void
check_errors (AionetNetlinkBytes bytes)
{
  const struct nlmsghdr *message = NULL;

  while ((message = aionet_netlink_bytes_next_message (&bytes)) != NULL)
    {
      g_autofree char *text = NULL;
      const int        number = aionet_netlink_message_get_error (message, &text);

      g_assert_cmpint (number, >=, 0);
      g_assert_cmpint (number, <, 4096);
      g_assert_true (text == NULL || g_utf8_validate (text, -1, NULL));
    }
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  /* Aligned, and as long as the input. */
  g_autofree guint8       *copy = g_memdup2 (data, size);
  const AionetNetlinkBytes bytes = { copy, size };
  g_autoptr (AionetNetlinkTables) tables = aionet_netlink_tables_new ();
  g_autoptr (GHashTable) indexes = g_hash_table_new (NULL, NULL);
  g_autoptr (GListModel) links = NULL;

  aionet_netlink_tables_add_bytes (tables, bytes);
  g_assert_cmpuint (tables->n_malformed, <=, tables->n_messages + 1);
  links = aionet_netlink_tables_build_links (tables);
  g_assert_cmpuint (g_list_model_get_n_items (links), <=, tables->n_messages);
  for (guint i = 0; i < g_list_model_get_n_items (links); i++)
    {
      g_autoptr (AionetLink) link = g_list_model_get_item (links, i);

      g_assert_true (g_hash_table_add (indexes, GUINT_TO_POINTER (aionet_link_get_index (link))));
      check_link (link);
    }
  check_errors (bytes);
  return 0;
}
