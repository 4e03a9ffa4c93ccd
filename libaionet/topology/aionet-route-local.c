/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#include "config.h"

#include "topology/aionet-route-local-private.h"

#include <net/if.h>
#include <string.h>

#include "topology/aionet-interface.h"
#include "value/aionet-decimal-private.h"
#include "value/aionet-error.h"

static gboolean
needs_scope (GInetAddress *address)
{
  return address != NULL && g_inet_address_get_family (address) == G_SOCKET_FAMILY_IPV6 &&
         (g_inet_address_get_is_link_local (address) ||
          g_inet_address_get_is_mc_link_local (address));
}

/* The wildcard route has no external address: it leaves the interface to the system. */
static const char *
get_own_name (AionetRouteData *data)
{
  return g_list_model_get_n_items (data->ext_ranges) > 0
             ? _aionet_route_data_get_interface_name (data)
             : NULL;
}

static guint
scope_to_index (AionetRouteData *data, const char *scope_name)
{
  const char *own_name = get_own_name (data);
  guint64     number;

  if (own_name != NULL && (scope_name == NULL || strcmp (scope_name, own_name) == 0))
    {
      g_autoptr (AionetInterface) interface = _aionet_route_data_dup_interface (data);
      guint index = interface != NULL ? aionet_interface_get_index (interface) : 0;

      if (index != 0)
        return index;
      scope_name = own_name;
    }
  if (scope_name == NULL)
    return 0;
  if (_aionet_decimal_parse (scope_name, G_MAXUINT32, &number) && number > 0)
    return (guint) number;
  return if_nametoindex (scope_name);
}

/* Ties local to the interface of the route, or to the one its scope names. */
static gboolean
tie (AionetLocal *local, AionetRouteData *data, const char *scope_name, GError **error)
{
  const char      *own_name = get_own_name (data);
  g_autofree char *text = NULL;

  /* The loopback interface has these; tied to another one nothing would ever arrive. */
  local->pin = own_name != NULL &&
               (local->address == NULL || !g_inet_address_get_is_loopback (local->address));
  local->interface_name = g_strdup (own_name);
  if (!needs_scope (local->address))
    return TRUE;

  local->scope_id = scope_to_index (data, scope_name);
  if (scope_name != NULL && g_strcmp0 (scope_name, own_name) != 0)
    local->pin = FALSE;
  if (local->scope_id != 0)
    return TRUE;

  text = g_inet_address_to_string (local->address);
  if (scope_name == NULL && own_name == NULL)
    g_set_error (error, AIONET_ERROR, AIONET_ERROR_INVALID_ADDRESS,
                 "“%s” is link-local and needs a scope, as in “%s%%eth0”", text, text);
  else
    g_set_error (error, AIONET_ERROR, AIONET_ERROR_NO_INTERFACE,
                 "There is no interface “%s” to use “%s” on",
                 scope_name != NULL ? scope_name : own_name, text);
  return FALSE;
}

static AionetLocal *
new_tied (AionetRouteData *data,
          GInetAddress    *address,
          const char      *scope_name,
          gboolean         free_bind,
          guint16          port,
          GError         **error)
{
  g_autoptr (AionetLocal) local = _aionet_local_new (address, data->family, port);

  local->free_bind = free_bind;
  return tie (local, data, scope_name, error) ? g_steal_pointer (&local) : NULL;
}

/* The NIC range to bind to: the first that is not link-local, else the first. */
static AionetIpRange *
dup_nic_range (AionetRouteData *data)
{
  guint n_ranges = g_list_model_get_n_items (data->nic_ranges);

  for (guint i = 0; i < n_ranges; i++)
    {
      g_autoptr (AionetIpRange) range = _aionet_route_data_get_range (data->nic_ranges, i);

      if (data->family == G_SOCKET_FAMILY_IPV4 || !aionet_ip_range_is_link_local (range))
        return g_steal_pointer (&range);
    }
  return _aionet_route_data_get_range (data->nic_ranges, 0);
}

gboolean
_aionet_route_local_owns (AionetRouteData *data, GInetAddress *external)
{
  g_autoptr (AionetIpRange) first = NULL;

  if (_aionet_route_data_has_address (data->nic_ranges, external))
    return TRUE;
  /* A global IPv6 address that is seen as itself leaves only link-locals on the NIC side. */
  first = dup_nic_range (data);
  return data->family == G_SOCKET_FAMILY_IPV6 && first != NULL &&
         aionet_ip_range_is_link_local (first);
}

/* Addresses out of a block are on no interface: the kernel has to be told that this is meant. */
static gboolean
is_in_block (GListModel *ranges, GInetAddress *address)
{
  guint n_ranges = g_list_model_get_n_items (ranges);

  for (guint i = 0; i < n_ranges; i++)
    {
      g_autoptr (AionetIpRange) range = _aionet_route_data_get_range (ranges, i);

      if (!aionet_ip_range_is_single (range) && aionet_ip_range_contains (range, address))
        return TRUE;
    }
  return FALSE;
}

AionetLocal *
_aionet_route_local_new (AionetRouteData *data,
                         GInetAddress    *external,
                         gboolean         from_block,
                         guint16          port,
                         GError         **error)
{
  g_autoptr (AionetIpRange) nic_range = NULL;
  g_autoptr (GInetAddress) address = NULL;

  if (external == NULL)
    return _aionet_local_new (NULL, data->family, port);
  if ((data->family == G_SOCKET_FAMILY_IPV6 || from_block) &&
      _aionet_route_local_owns (data, external))
    return new_tied (data, external, NULL, from_block || is_in_block (data->nic_ranges, external),
                     port, error);

  nic_range = dup_nic_range (data);
  address = aionet_ip_range_get_address_at (nic_range, 0);
  return new_tied (data, address, aionet_ip_range_get_scope_name (nic_range),
                   !aionet_ip_range_is_single (nic_range), port, error);
}

AionetLocal *
_aionet_route_local_new_from_text (AionetRouteData *data,
                                   const char      *text,
                                   guint16          port,
                                   GError         **error)
{
  g_autoptr (GInetAddress) address = NULL;
  g_autofree char *scope_name = NULL;
  gboolean         free_bind;

  if (!_aionet_local_parse_address (text, data->family, &address, &scope_name, error))
    return NULL;
  if (address != NULL && g_inet_address_get_family (address) != data->family)
    {
      g_set_error (error, AIONET_ERROR, AIONET_ERROR_UNSUPPORTED_FAMILY,
                   "“%s” is not of the route's address family", text);
      return NULL;
    }
  free_bind = address != NULL &&
              (is_in_block (data->nic_ranges, address) || is_in_block (data->ext_ranges, address));
  return new_tied (data, address, scope_name, free_bind, port, error);
}

AionetLocal *
_aionet_route_local_new_link_local (AionetRouteData *data, guint16 port, GError **error)
{
  g_autoptr (AionetIpRange) range = _aionet_route_data_get_range (data->link_locals, 0);

  if (range == NULL)
    {
      const char *name = _aionet_route_data_get_interface_name (data);

      g_set_error (error, AIONET_ERROR, AIONET_ERROR_NO_ROUTE,
                   "Interface “%s” has no link-local address", name != NULL ? name : "?");
      return NULL;
    }
  return new_tied (data, aionet_ip_range_get_address (range),
                   aionet_ip_range_get_scope_name (range), FALSE, port, error);
}
