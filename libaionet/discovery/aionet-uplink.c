/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#include "config.h"

#include "discovery/aionet-uplink-private.h"

#include "value/aionet-address-bits-private.h"

/* RT_TABLE_MAIN of Linux; 0 where a system has no tables. */
#define MAIN_TABLE 254

/* How well a gateway fits, by the three steps of the header; 0: not at all. */
typedef struct
{
  guint step;
  guint prefix_length;
  guint metric;
} Fit;

static gboolean
is_on_link (AionetIpRange *range, GInetAddress *gateway)
{
  guint length = aionet_ip_range_is_single (range) ? aionet_ip_range_get_subnet_length (range)
                                                   : aionet_ip_range_get_prefix_length (range);

  return gateway != NULL &&
         g_inet_address_get_family (gateway) == aionet_ip_range_get_family (range) &&
         _aionet_address_bits_match (
             _aionet_address_bits_from_address (aionet_ip_range_get_address (range)),
             _aionet_address_bits_from_address (gateway), length);
}

static Fit
get_fit (AionetGateway *gateway, AionetIpRange *range)
{
  AionetIpRange *source = aionet_gateway_get_source (gateway);
  guint          table = aionet_gateway_get_table (gateway);
  Fit            fit = { .metric = aionet_gateway_get_metric (gateway) };

  if (aionet_gateway_get_family (gateway) != aionet_ip_range_get_family (range))
    return fit;
  if (source != NULL)
    {
      fit.step = aionet_ip_range_contains (source, aionet_ip_range_get_address (range)) ? 4 : 0;
      fit.prefix_length = aionet_ip_range_get_prefix_length (source);
    }
  else if (is_on_link (range, aionet_gateway_get_address (gateway)))
    fit.step = 3;
  else
    fit.step = table == MAIN_TABLE || table == 0 ? 2 : 1;
  return fit;
}

static gboolean
is_better (Fit a, Fit b)
{
  if (a.step != b.step)
    return a.step > b.step;
  if (a.prefix_length != b.prefix_length)
    return a.prefix_length > b.prefix_length;
  return a.metric < b.metric;
}

AionetGateway *
_aionet_uplink_find (GListModel *gateways, AionetIpRange *range)
{
  AionetGateway *best = NULL;
  Fit            best_fit = { 0 };

  for (guint i = 0; i < g_list_model_get_n_items (gateways); i++)
    {
      g_autoptr (AionetGateway) gateway = g_list_model_get_item (gateways, i);
      Fit fit = get_fit (gateway, range);

      if (fit.step == 0 || (best != NULL && !is_better (fit, best_fit)))
        continue;
      best = gateway;
      best_fit = fit;
    }
  return best;
}

static gboolean
same_address (GInetAddress *a, GInetAddress *b)
{
  return a == NULL || b == NULL ? a == b : g_inet_address_equal (a, b);
}

gboolean
_aionet_uplink_same (AionetGateway *a, AionetGateway *b)
{
  if (a == NULL || b == NULL)
    return a == b;
  return aionet_gateway_get_table (a) == aionet_gateway_get_table (b) &&
         same_address (aionet_gateway_get_address (a), aionet_gateway_get_address (b));
}
