/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#include "config.h"

#include "topology/aionet-link-choice-private.h"

const GSocketFamily _aionet_families[AIONET_N_FAMILIES] = { G_SOCKET_FAMILY_IPV4,
                                                            G_SOCKET_FAMILY_IPV6 };

/* RT_TABLE_MAIN; backends that do not know tables say 0. */
#define MAIN_TABLE 254

int
_aionet_family_position (GSocketFamily family)
{
  for (int i = 0; i < AIONET_N_FAMILIES; i++)
    if (_aionet_families[i] == family)
      return i;
  return -1;
}

static AionetLink *
link_at (GListModel *links, guint position)
{
  g_autoptr (AionetLink) link = g_list_model_get_item (links, position);

  /* The list keeps it. */
  return link;
}

static gboolean
has_address (AionetLink *link, GSocketFamily family, gboolean link_local)
{
  GListModel *lists[] = { aionet_link_get_addresses (link), aionet_link_get_blocks (link) };

  for (guint k = 0; k < G_N_ELEMENTS (lists); k++)
    for (guint i = 0; i < g_list_model_get_n_items (lists[k]); i++)
      {
        g_autoptr (AionetIpRange) range = g_list_model_get_item (lists[k], i);

        if (aionet_ip_range_get_family (range) == family &&
            aionet_ip_range_is_link_local (range) == link_local)
          return TRUE;
      }
  return FALSE;
}

static gboolean
has_gateway (AionetLink *link, GSocketFamily family)
{
  GListModel *gateways = aionet_link_get_gateways (link);

  for (guint i = 0; i < g_list_model_get_n_items (gateways); i++)
    {
      g_autoptr (AionetGateway) gateway = g_list_model_get_item (gateways, i);

      if (aionet_gateway_get_family (gateway) == family)
        return TRUE;
    }
  return FALSE;
}

static gboolean
is_card (AionetLink *link)
{
  return aionet_link_get_kind (link) == AIONET_LINK_KIND_ETHERNET ||
         aionet_link_get_kind (link) == AIONET_LINK_KIND_WIRELESS;
}

gboolean
_aionet_link_is_usable (AionetLink *link)
{
  if (!aionet_link_get_is_up (link) || aionet_link_get_kind (link) == AIONET_LINK_KIND_LOOPBACK)
    return FALSE;
  for (int i = 0; i < AIONET_N_FAMILIES; i++)
    if (has_address (link, _aionet_families[i], FALSE) || has_gateway (link, _aionet_families[i]) ||
        (is_card (link) && has_address (link, _aionet_families[i], TRUE)))
      return TRUE;
  return FALSE;
}

gboolean
_aionet_link_has_family (AionetLink *link, GSocketFamily family)
{
  return has_address (link, family, FALSE) || has_address (link, family, TRUE);
}

/* Lowest metric among the link's default gateways of the main table; G_MAXUINT64: none */
static guint64
best_metric (AionetLink *link, GSocketFamily family)
{
  GListModel *gateways = aionet_link_get_gateways (link);
  guint64     best = G_MAXUINT64;

  if (!aionet_link_get_is_up (link))
    return G_MAXUINT64;
  for (guint i = 0; i < g_list_model_get_n_items (gateways); i++)
    {
      g_autoptr (AionetGateway) gateway = g_list_model_get_item (gateways, i);
      guint table = aionet_gateway_get_table (gateway);

      if (aionet_gateway_get_family (gateway) == family && (table == MAIN_TABLE || table == 0))
        best = MIN (best, aionet_gateway_get_metric (gateway));
    }
  return best;
}

static AionetLink *
get_only_link (GListModel *links, GSocketFamily family)
{
  AionetLink *only = NULL;

  for (guint i = 0; i < g_list_model_get_n_items (links); i++)
    {
      AionetLink *link = link_at (links, i);

      if (has_gateway (link, family))
        return NULL;
      if (!_aionet_link_is_usable (link) || !has_address (link, family, FALSE))
        continue;
      if (only != NULL)
        return NULL;
      only = link;
    }
  return only;
}

AionetLink *
_aionet_links_get_default (GListModel *links, GSocketFamily family)
{
  AionetLink *best = NULL;
  guint64     metric = G_MAXUINT64;

  for (guint i = 0; i < g_list_model_get_n_items (links); i++)
    {
      AionetLink *link = link_at (links, i);
      guint64     link_metric = best_metric (link, family);

      if (link_metric < metric)
        {
          best = link;
          metric = link_metric;
        }
    }
  return best != NULL ? best : get_only_link (links, family);
}

AionetLink *
_aionet_links_get_preferred (GListModel *links)
{
  for (int i = 0; i < AIONET_N_FAMILIES; i++)
    {
      AionetLink *link = _aionet_links_get_default (links, _aionet_families[i]);

      if (link != NULL)
        return link;
    }
  for (guint i = 0; i < g_list_model_get_n_items (links); i++)
    if (_aionet_link_is_usable (link_at (links, i)))
      return link_at (links, i);
  return NULL;
}

AionetLink *
_aionet_links_find (GListModel *links, const char *name)
{
  for (guint i = 0; i < g_list_model_get_n_items (links); i++)
    if (g_strcmp0 (aionet_link_get_name (link_at (links, i)), name) == 0)
      return link_at (links, i);
  return NULL;
}

char *
_aionet_links_describe (GListModel *links)
{
  g_autoptr (GString) text = g_string_new (NULL);

  for (guint i = 0; i < g_list_model_get_n_items (links); i++)
    g_string_append_printf (text, "%s%s", i > 0 ? ", " : "",
                            aionet_link_get_name (link_at (links, i)));
  return g_strdup (text->len > 0 ? text->str : "none");
}
