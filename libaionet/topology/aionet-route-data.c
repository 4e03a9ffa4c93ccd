/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#include "config.h"

#include "topology/aionet-route-data-private.h"

#include "topology/aionet-interface.h"
#include "value/aionet-error.h"
#include "value/aionet-frozen-list-private.h"
#include "value/aionet-special-purpose-private.h"

/* One for all routes of an interface: GLib keeps the weak references of an object in a list that
 * it walks at each clear, so one a route would make freeing a large pool quadratic.
 *
 * The name follows that of the interface, which may learn it after its routes were made. */
struct _AionetInterfaceLink
{
  GWeakRef    interface;
  const char *name; /* (nullable) (atomic) interned */
};

static GQuark
interface_link_quark (void)
{
  return g_quark_from_static_string ("aionet-interface-link");
}

static void
interface_link_clear (gpointer data)
{
  g_weak_ref_clear (&((AionetInterfaceLink *) data)->interface);
}

static void
interface_link_unref (gpointer data)
{
  g_atomic_rc_box_release_full (data, interface_link_clear);
}

static void
interface_link_closure_unref (gpointer data, GClosure *closure)
{
  interface_link_unref (data);
}

static gpointer
interface_link_dup (gpointer data, gpointer user_data)
{
  return data != NULL ? g_atomic_rc_box_acquire (data) : NULL;
}

static void
on_name (AionetInterface *interface, GParamSpec *pspec, AionetInterfaceLink *self)
{
  g_atomic_pointer_set (&self->name, g_intern_string (aionet_interface_get_name (interface)));
}

static AionetInterfaceLink *
interface_link_get (AionetInterface *interface)
{
  GObject             *object = (GObject *) interface;
  AionetInterfaceLink *self =
      g_object_dup_qdata (object, interface_link_quark (), interface_link_dup, NULL);

  if (self != NULL)
    return self;
  self = g_atomic_rc_box_new0 (AionetInterfaceLink);
  g_weak_ref_init (&self->interface, object);
  on_name (interface, NULL, self);
  g_signal_connect_data (object, "notify::name", G_CALLBACK (on_name),
                         g_atomic_rc_box_acquire (self), interface_link_closure_unref,
                         G_CONNECT_DEFAULT);
  g_object_set_qdata_full (object, interface_link_quark (), g_atomic_rc_box_acquire (self),
                           interface_link_unref);
  return self;
}

AionetIpRange *
_aionet_route_data_get_range (GListModel *ranges, guint position)
{
  return g_list_model_get_item (ranges, position);
}

gboolean
_aionet_route_data_has_address (GListModel *ranges, GInetAddress *address)
{
  guint n_ranges = g_list_model_get_n_items (ranges);

  for (guint i = 0; i < n_ranges; i++)
    {
      g_autoptr (AionetIpRange) range = _aionet_route_data_get_range (ranges, i);

      if (aionet_ip_range_contains (range, address))
        return TRUE;
    }
  return FALSE;
}

static gboolean
check_range (gpointer item, GSocketFamily family, const char *side, GError **error)
{
  AionetAddressClass address_class;
  g_autofree char   *text = NULL;

  if (!AIONET_IS_IP_RANGE (item))
    {
      g_set_error (error, AIONET_ERROR, AIONET_ERROR_INVALID_ROUTE,
                   "The %s side of a route holds a %s instead of an IP range", side,
                   G_OBJECT_TYPE_NAME (item));
      return FALSE;
    }
  address_class = _aionet_inet_address_classify (aionet_ip_range_get_address (item));
  if (aionet_ip_range_get_family (item) == family &&
      address_class != AIONET_ADDRESS_CLASS_UNUSABLE &&
      address_class != AIONET_ADDRESS_CLASS_MULTICAST)
    return TRUE;

  text = aionet_ip_range_to_string (item);
  g_set_error (error, AIONET_ERROR, AIONET_ERROR_INVALID_ROUTE,
               "“%s” cannot be on the %s side of an %s route", text, side,
               family == G_SOCKET_FAMILY_IPV4 ? "IPv4" : "IPv6");
  return FALSE;
}

static gboolean
check_side (GListModel *ranges, GSocketFamily family, const char *side, GError **error)
{
  guint n_ranges = g_list_model_get_n_items (ranges);

  for (guint i = 0; i < n_ranges; i++)
    {
      g_autoptr (GObject) item = g_list_model_get_item (ranges, i);

      if (!check_range (item, family, side, error))
        return FALSE;
    }
  if (n_ranges == 0)
    g_set_error (error, AIONET_ERROR, AIONET_ERROR_INVALID_ROUTE, "The %s side of a route is empty",
                 side);
  return n_ranges > 0;
}

gboolean
_aionet_route_data_check (GSocketFamily family,
                          GListModel   *nic_ranges,
                          GListModel   *ext_ranges,
                          GError      **error)
{
  if (family != G_SOCKET_FAMILY_IPV4 && family != G_SOCKET_FAMILY_IPV6)
    {
      g_set_error (error, AIONET_ERROR, AIONET_ERROR_UNSUPPORTED_FAMILY,
                   "A route cannot be of address family %d", (int) family);
      return FALSE;
    }
  return check_side (nic_ranges, family, "NIC", error) &&
         check_side (ext_ranges, family, "external", error);
}

static GListModel *
pick_link_locals (GSocketFamily family, GListModel *nic_ranges)
{
  g_autoptr (GPtrArray) picked = g_ptr_array_new_with_free_func (g_object_unref);
  guint n_ranges = family == G_SOCKET_FAMILY_IPV6 ? g_list_model_get_n_items (nic_ranges) : 0;

  for (guint i = 0; i < n_ranges; i++)
    {
      g_autoptr (AionetIpRange) range = _aionet_route_data_get_range (nic_ranges, i);

      if (aionet_ip_range_is_link_local (range))
        g_ptr_array_add (picked, g_steal_pointer (&range));
    }
  return _aionet_frozen_list_new_take (AIONET_TYPE_IP_RANGE, g_steal_pointer (&picked));
}

AionetRouteData *
_aionet_route_data_new (GSocketFamily    family,
                        GListModel      *nic_ranges,
                        GListModel      *ext_ranges,
                        GListModel      *link_locals,
                        gboolean         confirmed,
                        AionetInterface *interface)
{
  AionetRouteData *self = g_atomic_rc_box_new0 (AionetRouteData);

  self->family = family;
  self->confirmed = confirmed;
  self->nic_ranges = _aionet_frozen_list_new_from_model (AIONET_TYPE_IP_RANGE, nic_ranges);
  self->ext_ranges = _aionet_frozen_list_new_from_model (AIONET_TYPE_IP_RANGE, ext_ranges);
  self->link_locals = link_locals != NULL
                          ? _aionet_frozen_list_new_from_model (AIONET_TYPE_IP_RANGE, link_locals)
                          : pick_link_locals (family, self->nic_ranges);
  if (interface != NULL)
    self->owner = interface_link_get (interface);
  return self;
}

AionetRouteData *
_aionet_route_data_ref (AionetRouteData *self)
{
  return g_atomic_rc_box_acquire (self);
}

static void
route_data_clear (gpointer data)
{
  AionetRouteData *self = data;

  g_object_unref (self->nic_ranges);
  g_object_unref (self->ext_ranges);
  g_object_unref (self->link_locals);
  g_clear_pointer (&self->owner, interface_link_unref);
}

void
_aionet_route_data_unref (AionetRouteData *self)
{
  g_atomic_rc_box_release_full (self, route_data_clear);
}

AionetInterface *
_aionet_route_data_dup_interface (AionetRouteData *self)
{
  return self->owner != NULL ? g_weak_ref_get (&self->owner->interface) : NULL;
}

const char *
_aionet_route_data_get_interface_name (AionetRouteData *self)
{
  return self->owner != NULL ? g_atomic_pointer_get (&self->owner->name) : NULL;
}
