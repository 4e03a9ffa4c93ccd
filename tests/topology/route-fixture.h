/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#pragma once

#include "topology/aionet-route-pool.h"

/* Routes and lists of ranges from text, for tests. Lists are separated by blanks. */

static inline GListModel *
ranges_from_text (const char *text)
{
  GListStore *store = g_list_store_new (AIONET_TYPE_IP_RANGE);
  g_auto (GStrv) parts = g_strsplit (text, " ", -1);

  for (guint i = 0; parts[i] != NULL; i++)
    {
      g_autoptr (AionetIpRange) range = NULL;
      g_autoptr (GError) error = NULL;

      if (parts[i][0] == '\0')
        continue;
      range = aionet_ip_range_new_from_string (parts[i], &error);
      g_assert_no_error (error);
      g_list_store_append (store, range);
    }
  return G_LIST_MODEL (store);
}

static inline AionetRoute *
route_from_text (const char *nic_ranges, const char *ext_ranges)
{
  g_autoptr (GListModel) nic = ranges_from_text (nic_ranges);
  g_autoptr (GListModel) ext = ranges_from_text (ext_ranges);
  g_autoptr (GError) error = NULL;
  AionetRoute *route = aionet_route_new (strchr (ext_ranges, ':') != NULL ? G_SOCKET_FAMILY_IPV6
                                                                          : G_SOCKET_FAMILY_IPV4,
                                         nic, ext, NULL, &error);

  g_assert_no_error (error);
  return route;
}

static inline void
assert_address (GInetAddress *address, const char *expected)
{
  g_autofree char *text = NULL;

  g_assert_nonnull (address);
  text = g_inet_address_to_string (address);
  g_assert_cmpstr (text, ==, expected);
}

static inline void
assert_ext_address (AionetRoute *route, const char *expected)
{
  g_assert_nonnull (route);
  assert_address (aionet_route_get_ext_address (route), expected);
}
