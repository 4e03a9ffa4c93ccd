/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#include "config.h"

#include "fuzz-entry.h"

#include "aionet-replay-document.h"

/* A document is read, or refused with an error that says where; what was read answers questions. */

static void
check_mappings (AionetReplayDocument *document)
{
  g_autoptr (GInetAddress) local = g_inet_address_new_from_string ("192.168.21.21");
  g_autoptr (GSocketAddress) server = g_inet_socket_address_new_from_string ("203.0.113.1", 3478);
  const AionetReplayMapping *mapping = aionet_replay_document_find_mapping (
      document, local, G_INET_SOCKET_ADDRESS (server), G_SOCKET_PROTOCOL_UDP);
  const char *const *servers = aionet_replay_document_get_servers (document);

  for (; servers != NULL && *servers != NULL; servers++)
    {
      g_autoptr (AionetTarget) target = aionet_target_new_from_string (*servers, 3478, NULL);

      g_assert_nonnull (aionet_target_get_address (target));
    }

  if (mapping == NULL)
    return;
  g_assert_true (g_inet_address_equal (mapping->local, local));
  g_assert_true ((mapping->external == NULL) == (mapping->failure != NULL));
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (AionetReplayDocument) document =
      aionet_replay_document_new ((const char *) data, size, &error);

  if (document == NULL)
    {
      g_assert_error (error, AIONET_ERROR, (int) AIONET_ERROR_INVALID_JSON);
      g_assert_true (g_utf8_validate (error->message, -1, NULL));
      return 0;
    }
  g_assert_true (G_IS_LIST_MODEL (aionet_replay_document_get_links (document)));
  check_mappings (document);
  return 0;
}
