/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#pragma once

#include "discovery/aionet-consensus-private.h"

/* addresses: separated by blanks */
static inline AionetConsensus *
consensus_from_text (const char *addresses, guint min_agree)
{
  g_autoptr (GPtrArray) servers = g_ptr_array_new_with_free_func (g_object_unref);
  g_auto (GStrv) texts = g_strsplit (addresses, " ", -1);

  for (guint i = 0; texts[i] != NULL && texts[i][0] != '\0'; i++)
    {
      GSocketAddress *server = g_inet_socket_address_new_from_string (texts[i], 3478);

      g_assert_nonnull (server);
      g_ptr_array_add (servers, server);
    }
  return _aionet_consensus_new (servers, min_agree);
}

/* external: NULL for a failure */
static inline void
tell (AionetConsensus *consensus, guint server, const char *external)
{
  g_autoptr (GInetAddress) address = NULL;

  if (external == NULL)
    {
      _aionet_consensus_add_failure (consensus, server);
      return;
    }
  address = g_inet_address_new_from_string (external);
  _aionet_consensus_add_answer (consensus, server, address);
}

static inline void
assert_external (AionetConsensus *consensus, const char *expected)
{
  GInetAddress    *external = _aionet_consensus_get_external (consensus);
  g_autofree char *text = external != NULL ? g_inet_address_to_string (external) : NULL;

  g_assert_cmpstr (text, ==, expected);
}

#define FIVE "192.0.2.1 198.51.100.1 203.0.113.1 8.8.8.8 9.9.9.9"
