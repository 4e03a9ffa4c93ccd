/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#pragma once

#include <string.h>

#include "discovery/aionet-route-set-private.h"

/* Links, plans and route sets from and to text, for tests. */

/* "192.168.0.20/24", with a sign before it: ? tentative, ~ temporary, ! deprecated */
static inline AionetIpRange *
range_from_text (const char *text, AionetAddressFlags *flags)
{
  g_autoptr (GError) error = NULL;
  AionetIpRange *range;

  *flags = AIONET_ADDRESS_FLAGS_NONE;
  for (; strchr ("?~!", *text) != NULL; text++)
    *flags |= *text == '?'   ? AIONET_ADDRESS_FLAGS_TENTATIVE
              : *text == '~' ? AIONET_ADDRESS_FLAGS_TEMPORARY
                             : AIONET_ADDRESS_FLAGS_DEPRECATED;
  range = aionet_ip_range_new_from_string (text, &error);
  g_assert_no_error (error);
  return range;
}

/* Both: ranges separated by blanks, or NULL */
static inline AionetLink *
link_from_text (const char *addresses, const char *blocks)
{
  AionetLink *link = aionet_link_new ("eth0", 2);
  g_auto (GStrv) address_texts = g_strsplit (addresses != NULL ? addresses : "", " ", -1);
  g_auto (GStrv) block_texts = g_strsplit (blocks != NULL ? blocks : "", " ", -1);
  AionetAddressFlags flags;

  for (guint i = 0; address_texts[i] != NULL && address_texts[i][0] != '\0'; i++)
    {
      g_autoptr (AionetIpRange) range = range_from_text (address_texts[i], &flags);

      aionet_link_add_address (link, range, flags);
    }
  for (guint i = 0; block_texts[i] != NULL && block_texts[i][0] != '\0'; i++)
    {
      g_autoptr (AionetIpRange) range = range_from_text (block_texts[i], &flags);

      aionet_link_add_block (link, range);
    }
  return link;
}

/* address and source: text or NULL */
static inline void
add_gateway (AionetLink *link, const char *address, guint metric, guint table, const char *source)
{
  g_autoptr (GInetAddress) hop = address != NULL ? g_inet_address_new_from_string (address) : NULL;
  g_autoptr (AionetIpRange) from =
      source != NULL ? aionet_ip_range_new_from_string (source, NULL) : NULL;
  g_autoptr (AionetGateway) gateway = NULL;
  GSocketFamily family = hop != NULL ? g_inet_address_get_family (hop) : G_SOCKET_FAMILY_IPV4;

  gateway = aionet_gateway_new (family, hop, metric, table, from);
  aionet_link_add_gateway (link, gateway);
}

static inline void
append_ranges_text (GString *text, GPtrArray *ranges)
{
  g_string_append_c (text, '[');
  for (guint i = 0; i < ranges->len; i++)
    {
      g_autofree char *part = aionet_ip_range_to_string (g_ptr_array_index (ranges, i));

      g_string_append_printf (text, "%s%s", i > 0 ? ", " : "", part);
    }
  g_string_append_c (text, ']');
}

/* "SOURCE[*] [MEMBERS]; …": * for a source that is out of a block */
static inline char *
plan_to_text (const AionetProbePlan *plan)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < plan->probes->len; i++)
    {
      const AionetProbe *probe = g_ptr_array_index (plan->probes, i);
      g_autofree char   *source = g_inet_address_to_string (probe->source);

      g_string_append_printf (text, "%s%s%s ", i > 0 ? "; " : "", source,
                              probe->free_bind ? "*" : "");
      append_ranges_text (text, probe->members);
    }
  return g_string_free (text, FALSE);
}

/* "[NIC] -> [EXT]; …", then " - RANGE (REASON)" for what is unreachable */
static inline char *
route_set_to_text (const AionetRouteSet *set)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < set->routes->len; i++)
    {
      const AionetRouteParts *parts = g_ptr_array_index (set->routes, i);

      g_string_append (text, i > 0 ? "; " : "");
      append_ranges_text (text, parts->nic_ranges);
      g_string_append (text, " -> ");
      append_ranges_text (text, parts->ext_ranges);
    }
  for (guint i = 0; i < set->unreachable->len; i++)
    {
      const AionetUnreachable *unreachable = g_ptr_array_index (set->unreachable, i);
      g_autofree char         *range = aionet_ip_range_to_string (unreachable->range);

      g_string_append_printf (text, " - %s (%s)", range, unreachable->reason);
    }
  return g_string_free (text, FALSE);
}

static inline AionetProbeResult *
result_new (const char *external, gboolean confirmed, const char *reason)
{
  AionetProbeResult *result = g_new0 (AionetProbeResult, 1);

  result->external = external != NULL ? g_inet_address_new_from_string (external) : NULL;
  result->confirmed = external != NULL && confirmed;
  result->reason = g_strdup (reason);
  return result;
}
