/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#include "config.h"

#include "link-text.h"

char *
ranges_to_string (GListModel *ranges)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < g_list_model_get_n_items (ranges); i++)
    {
      g_autoptr (AionetIpRange) range = g_list_model_get_item (ranges, i);
      g_autofree char *item = aionet_ip_range_to_string (range);

      g_string_append_printf (text, "%s%s", i == 0 ? "" : " ", item);
    }
  return g_string_free (text, FALSE);
}

char *
gateways_to_string (GListModel *gateways)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < g_list_model_get_n_items (gateways); i++)
    {
      g_autoptr (AionetGateway) gateway = g_list_model_get_item (gateways, i);
      GInetAddress    *address = aionet_gateway_get_address (gateway);
      AionetIpRange   *range = aionet_gateway_get_source (gateway);
      g_autofree char *router = address != NULL ? g_inet_address_to_string (address) : NULL;
      g_autofree char *source = range != NULL ? aionet_ip_range_to_string (range) : NULL;

      g_string_append_printf (text, "%s%d %s %u %u %s", i == 0 ? "" : "; ",
                              aionet_gateway_get_family (gateway) == G_SOCKET_FAMILY_IPV4 ? 4 : 6,
                              router != NULL ? router : "-", aionet_gateway_get_metric (gateway),
                              aionet_gateway_get_table (gateway), source != NULL ? source : "*");
    }
  return g_string_free (text, FALSE);
}

char *
addresses_to_string (AionetLink *link)
{
  GListModel *addresses = aionet_link_get_addresses (link);
  GString    *text = g_string_new (NULL);

  for (guint i = 0; i < g_list_model_get_n_items (addresses); i++)
    {
      g_autoptr (AionetIpRange) range = g_list_model_get_item (addresses, i);
      g_autofree char *item = aionet_ip_range_to_string (range);

      g_string_append_printf (text, "%s%s %u %x", i == 0 ? "" : "; ", item,
                              aionet_ip_range_get_subnet_length (range),
                              aionet_link_get_address_flags (link, i));
    }
  return g_string_free (text, FALSE);
}

AionetLink *
find_link (GListModel *links, const char *name)
{
  for (guint i = 0; i < g_list_model_get_n_items (links); i++)
    {
      g_autoptr (AionetLink) link = g_list_model_get_item (links, i);

      if (g_strcmp0 (aionet_link_get_name (link), name) == 0)
        return link;
    }
  g_assert_not_reached ();
}
