/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#include "config.h"

#include "topology/aionet-route.h"

#include "topology/aionet-route-data-private.h"

/* The half of AionetRoute that compares: with addresses, with routes, and as text. */

/**
 * aionet_route_has_nic_address:
 * @self: a route
 * @address: (transfer none): an address
 *
 * Gets whether an address lies in one of the ranges of the local side.
 *
 * Returns: %TRUE if so
 *
 * Since: 0.1
 */
gboolean
aionet_route_has_nic_address (AionetRoute *self, GInetAddress *address)
{
  g_return_val_if_fail (AIONET_IS_ROUTE (self), FALSE);
  g_return_val_if_fail (G_IS_INET_ADDRESS (address), FALSE);

  return _aionet_route_data_has_address (aionet_route_get_nic_ranges (self), address);
}

/**
 * aionet_route_has_ext_address:
 * @self: a route
 * @address: (transfer none): an address
 *
 * Gets whether an address lies in one of the ranges of the external side.
 *
 * Returns: %TRUE if so
 *
 * Since: 0.1
 */
gboolean
aionet_route_has_ext_address (AionetRoute *self, GInetAddress *address)
{
  g_return_val_if_fail (AIONET_IS_ROUTE (self), FALSE);
  g_return_val_if_fail (G_IS_INET_ADDRESS (address), FALSE);

  return _aionet_route_data_has_address (aionet_route_get_ext_ranges (self), address);
}

static gboolean
lists_equal (GListModel *a, GListModel *b)
{
  guint n_ranges = g_list_model_get_n_items (a);

  if (a == b)
    return TRUE;
  if (n_ranges != g_list_model_get_n_items (b))
    return FALSE;
  for (guint i = 0; i < n_ranges; i++)
    {
      g_autoptr (AionetIpRange) left = _aionet_route_data_get_range (a, i);
      g_autoptr (AionetIpRange) right = _aionet_route_data_get_range (b, i);

      if (!aionet_ip_range_equal (left, right))
        return FALSE;
    }
  return TRUE;
}

/**
 * aionet_route_equal:
 * @self: a route
 * @other: (transfer none): another route
 *
 * Gets whether two routes map the same local ranges to the same external ones, in the same order.
 *
 * Interface, confirmation and what the routes are bound to do not matter.
 *
 * Returns: %TRUE if so
 *
 * Since: 0.1
 */
gboolean
aionet_route_equal (AionetRoute *self, AionetRoute *other)
{
  g_return_val_if_fail (AIONET_IS_ROUTE (self), FALSE);
  g_return_val_if_fail (AIONET_IS_ROUTE (other), FALSE);

  return self == other ||
         (self->data->family == other->data->family &&
          lists_equal (aionet_route_get_ext_ranges (self), aionet_route_get_ext_ranges (other)) &&
          lists_equal (aionet_route_get_nic_ranges (self), aionet_route_get_nic_ranges (other)));
}

static guint
hash_list (guint hash, GListModel *ranges)
{
  for (guint i = 0; i < g_list_model_get_n_items (ranges); i++)
    {
      g_autoptr (AionetIpRange) range = _aionet_route_data_get_range (ranges, i);

      hash = hash * 31 + aionet_ip_range_hash (range);
    }
  return hash;
}

/**
 * aionet_route_hash:
 * @self: a route
 *
 * Makes a hash value that is the same for routes that [method@Route.equal] finds equal.
 *
 * Returns: the hash value
 *
 * Since: 0.1
 */
guint
aionet_route_hash (AionetRoute *self)
{
  guint hash;

  g_return_val_if_fail (AIONET_IS_ROUTE (self), 0);

  hash = hash_list ((guint) self->data->family, aionet_route_get_nic_ranges (self));
  return hash_list (hash * 31, aionet_route_get_ext_ranges (self));
}

static void
append_list (GString *text, GListModel *ranges)
{
  guint n_ranges = g_list_model_get_n_items (ranges);

  g_string_append_c (text, '[');
  for (guint i = 0; i < n_ranges; i++)
    {
      g_autoptr (AionetIpRange) range = _aionet_route_data_get_range (ranges, i);
      g_autofree char *part = aionet_ip_range_to_string (range);

      g_string_append_printf (text, "%s%s", i > 0 ? ", " : "", part);
    }
  g_string_append (text, n_ranges > 0 ? "]" : "*]");
}

/**
 * aionet_route_to_string:
 * @self: a route
 *
 * Writes the route for people: `[192.168.0.20, 193.168.0.0/16] -> [1.3.3.7]`.
 *
 * The local address of a bound route follows, as in `… at 192.168.0.20:80`.
 *
 * Returns: (transfer full): the text
 *
 * Since: 0.1
 */
char *
aionet_route_to_string (AionetRoute *self)
{
  g_autoptr (GString) text = NULL;

  g_return_val_if_fail (AIONET_IS_ROUTE (self), NULL);

  text = g_string_new (NULL);
  append_list (text, aionet_route_get_nic_ranges (self));
  g_string_append (text, " -> ");
  append_list (text, aionet_route_get_ext_ranges (self));
  if (self->local_address != NULL)
    {
      g_autofree char *local =
          g_socket_connectable_to_string (G_SOCKET_CONNECTABLE (self->local_address));

      g_string_append_printf (text, " at %s", local);
    }
  return g_string_free (g_steal_pointer (&text), FALSE);
}
