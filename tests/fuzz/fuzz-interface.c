/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#include "config.h"

#include "fuzz-entry.h"

#include "topology/aionet-interface.h"
#include "value/aionet-error.h"

/* An interface that reads is written so that it reads as an equal one, gives routes or a reason,
 * and never more than a document can hold. The rest is refused with an error. */

static void
check_routes (AionetInterface *nic, GSocketFamily family)
{
  AionetRoutePool *pool = aionet_interface_get_route_pool (nic, family);
  g_autoptr (GError) error = NULL;
  g_autoptr (AionetRoute) route = aionet_interface_get_route (nic, family, &error);
  g_autoptr (AionetRoute) last = NULL;
  guint64 n_addresses = aionet_route_pool_get_n_addresses (pool);

  g_assert_true ((route != NULL) != (error != NULL));
  if (n_addresses > 0)
    {
      g_assert_nonnull (route);
      last = aionet_route_pool_get_route_at (pool, n_addresses - 1);
      g_assert_nonnull (last);
      g_assert_cmpuint (aionet_route_get_n_addresses (last), ==, 1);
    }
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  g_autofree char *text = g_strndup ((const char *) data, size);
  g_autoptr (GError) error = NULL;
  g_autoptr (AionetInterface) nic = aionet_interface_new_from_json_string (text, &error);
  g_autoptr (AionetInterface) again = NULL;
  g_autofree char *written = NULL;
  g_auto (GStrv) unreachable = NULL;

  if (nic == NULL)
    {
      g_assert_error (error, AIONET_ERROR, AIONET_ERROR_INVALID_JSON);
      g_assert_true (g_utf8_validate (error->message, -1, NULL));
      return 0;
    }
  written = aionet_interface_to_string (nic);
  again = aionet_interface_new_from_json_string (written, &error);
  g_assert_no_error (error);
  g_assert_true (aionet_interface_equal (nic, again));
  check_routes (nic, G_SOCKET_FAMILY_IPV4);
  check_routes (nic, G_SOCKET_FAMILY_IPV6);
  unreachable = aionet_interface_get_unreachable (nic);
  g_assert_nonnull (unreachable);
  return 0;
}
