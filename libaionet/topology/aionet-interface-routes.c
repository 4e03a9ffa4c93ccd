/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#include "config.h"

#include "topology/aionet-interface.h"

#include "topology/aionet-interface-private.h"
#include "topology/aionet-route-private.h"
#include "value/aionet-error.h"

/* The part of AionetInterface that answers questions about families and routes. */

/**
 * aionet_interface_is_default:
 * @self: the interface
 * @family: %G_SOCKET_FAMILY_IPV4 or %G_SOCKET_FAMILY_IPV6
 *
 * Tells whether the system sends packets of @family by this interface when a program does not say
 * which one to use.
 *
 * Returns: %TRUE when it does
 *
 * Since: 0.1
 */
gboolean
aionet_interface_is_default (AionetInterface *self, GSocketFamily family)
{
  int position = _aionet_family_position (family);

  g_return_val_if_fail (AIONET_IS_INTERFACE (self), FALSE);

  return position >= 0 && _aionet_interface_get_state (self)->is_default[position];
}

static gboolean
has_family (GPtrArray *ranges, GSocketFamily family)
{
  for (guint i = 0; i < ranges->len; i++)
    if (aionet_ip_range_get_family (ranges->pdata[i]) == family)
      return TRUE;
  return FALSE;
}

/**
 * aionet_interface_supports:
 * @self: the interface
 * @family: an address family
 *
 * Tells whether the interface has addresses of @family, link-local ones included, or routes.
 *
 * The `default` interface supports IPv4 and IPv6.
 *
 * Returns: %TRUE when it has
 *
 * Since: 0.1
 */
gboolean
aionet_interface_supports (AionetInterface *self, GSocketFamily family)
{
  int position = _aionet_family_position (family);

  g_return_val_if_fail (AIONET_IS_INTERFACE (self), FALSE);

  if (position < 0)
    return FALSE;
  return _aionet_interface_get_state (self)->is_wildcard ||
         has_family (_aionet_interface_get_state (self)->addresses, family) ||
         has_family (_aionet_interface_get_state (self)->link_locals, family) ||
         aionet_route_pool_get_n_addresses (_aionet_interface_get_state (self)->pools[position]) >
             0;
}

/**
 * aionet_interface_get_families:
 * @self: the interface
 * @n_families: (out): return location for the number of families
 *
 * Gets the address families that [method@Interface.supports], IPv4 first.
 *
 * Returns: (transfer full) (array length=n_families): the families
 *
 * Since: 0.1
 */
GSocketFamily *
aionet_interface_get_families (AionetInterface *self, gsize *n_families)
{
  GSocketFamily *families;

  g_return_val_if_fail (AIONET_IS_INTERFACE (self), NULL);
  g_return_val_if_fail (n_families != NULL, NULL);

  families = g_new0 (GSocketFamily, AIONET_N_FAMILIES);
  *n_families = 0;
  for (int i = 0; i < AIONET_N_FAMILIES; i++)
    if (aionet_interface_supports (self, _aionet_families[i]))
      families[(*n_families)++] = _aionet_families[i];
  return families;
}

/**
 * aionet_interface_get_route_pool:
 * @self: the interface
 * @family: %G_SOCKET_FAMILY_IPV4 or %G_SOCKET_FAMILY_IPV6
 *
 * Gets the routes of one address family.
 *
 * The pool is empty before the first load, when nothing answered, and on the `default` interface.
 * Pools are immutable; a load makes new ones.
 *
 * Returns: (transfer none) (nullable): the pool, or %NULL for other families
 *
 * Since: 0.1
 */
AionetRoutePool *
aionet_interface_get_route_pool (AionetInterface *self, GSocketFamily family)
{
  int position = _aionet_family_position (family);

  g_return_val_if_fail (AIONET_IS_INTERFACE (self), NULL);

  return position >= 0 ? _aionet_interface_get_state (self)->pools[position] : NULL;
}

static AionetRoute *
dup_first_route (AionetInterface *self, int position)
{
  g_autoptr (AionetRoute) group = NULL;

  if (_aionet_interface_get_state (self)->is_wildcard)
    group = _aionet_route_new_any (_aionet_families[position], self);
  else
    group = g_list_model_get_item (
        aionet_route_pool_get_groups (_aionet_interface_get_state (self)->pools[position]), 0);
  return group != NULL ? _aionet_route_new_copy (group) : NULL;
}

static const char *
get_reason (AionetInterface *self, GSocketFamily family)
{
  if (!_aionet_interface_get_state (self)->loaded)
    return "it is not loaded";
  for (guint i = 0; i < _aionet_interface_get_state (self)->unreachable->len; i++)
    {
      AionetUnreachable *item = _aionet_interface_get_state (self)->unreachable->pdata[i];

      if (family == G_SOCKET_FAMILY_INVALID || aionet_ip_range_get_family (item->range) == family)
        return item->reason;
    }
  return "it has only link-local addresses";
}

static void
set_no_route (AionetInterface *self, GSocketFamily family, GError **error)
{
  const char *name = _aionet_interface_get_state (self)->name != NULL
                         ? _aionet_interface_get_state (self)->name
                         : "(preferred)";
  const char *family_name = family == G_SOCKET_FAMILY_IPV4 ? "IPv4" : "IPv6";

  if (family == G_SOCKET_FAMILY_INVALID)
    g_set_error (error, AIONET_ERROR, AIONET_ERROR_NO_ROUTE, "Interface “%s” has no route: %s",
                 name, get_reason (self, family));
  else if (_aionet_family_position (family) < 0)
    g_set_error (error, AIONET_ERROR, AIONET_ERROR_UNSUPPORTED_FAMILY,
                 "Interface “%s”: address family %d is neither IPv4 nor IPv6", name, (int) family);
  else if (_aionet_interface_get_state (self)->loaded && !aionet_interface_supports (self, family))
    g_set_error (error, AIONET_ERROR, AIONET_ERROR_UNSUPPORTED_FAMILY,
                 "Interface “%s” has no address of %s", name, family_name);
  else
    g_set_error (error, AIONET_ERROR, AIONET_ERROR_NO_ROUTE,
                 "Interface “%s” has no route for %s: %s", name, family_name,
                 get_reason (self, family));
}

/**
 * aionet_interface_get_route:
 * @self: the interface
 * @family: %G_SOCKET_FAMILY_IPV4, %G_SOCKET_FAMILY_IPV6, or %G_SOCKET_FAMILY_INVALID for the first
 *   family that has a route, IPv4 first
 * @error: return location for an error
 *
 * Gets a route for programs that do not care which: the first one of the pool.
 *
 * The route is a copy that keeps the interface alive. On the `default` interface it binds to any
 * address.
 *
 * Errors: %AIONET_ERROR_NO_ROUTE when the interface has none, with the reason;
 * %AIONET_ERROR_UNSUPPORTED_FAMILY when it has no address of @family.
 *
 * Returns: (transfer full): a route, or %NULL with @error set
 *
 * Since: 0.1
 */
AionetRoute *
aionet_interface_get_route (AionetInterface *self, GSocketFamily family, GError **error)
{
  g_return_val_if_fail (AIONET_IS_INTERFACE (self), NULL);

  for (int i = 0; i < AIONET_N_FAMILIES; i++)
    if (family == _aionet_families[i] || family == G_SOCKET_FAMILY_INVALID)
      {
        AionetRoute *route = dup_first_route (self, i);

        if (route != NULL)
          return route;
      }
  set_no_route (self, family, error);
  return NULL;
}

/**
 * aionet_interface_get_unreachable:
 * @self: the interface
 *
 * Gets the addresses that are in no route because no external address was found, and why.
 *
 * Returns: (transfer full): texts as in `192.168.0.20: no answer from 5 servers`
 *
 * Since: 0.1
 */
char **
aionet_interface_get_unreachable (AionetInterface *self)
{
  g_autoptr (GStrvBuilder) builder = NULL;

  g_return_val_if_fail (AIONET_IS_INTERFACE (self), NULL);

  builder = g_strv_builder_new ();
  for (guint i = 0; i < _aionet_interface_get_state (self)->unreachable->len; i++)
    {
      AionetUnreachable *item = _aionet_interface_get_state (self)->unreachable->pdata[i];
      g_autofree char   *range = aionet_ip_range_to_string (item->range);
      g_autofree char   *text = g_strdup_printf ("%s: %s", range, item->reason);

      g_strv_builder_add (builder, text);
    }
  return g_strv_builder_end (builder);
}
