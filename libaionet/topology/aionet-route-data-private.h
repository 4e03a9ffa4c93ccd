/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#pragma once

#include "engine/aionet-local-private.h"
#include "topology/aionet-route.h"

G_BEGIN_DECLS

/* What the route of a group, its host routes and all their bound copies share: immutable,
 * reference-counted, usable from any thread.
 *
 * An interface owns its pools and a pool its routes, so these routes must not own the interface.
 * The data knows it weakly; a route that is handed out as a copy adds a strong reference of its
 * own. The name is kept beside the weak reference: a socket of a route whose interface object is
 * gone is still pinned to that interface. */

typedef struct _AionetInterfaceLink AionetInterfaceLink;

typedef struct
{
  GSocketFamily        family;
  gboolean             confirmed;
  GListModel          *nic_ranges;  /* (owned) */
  GListModel          *ext_ranges;  /* (owned) */
  GListModel          *link_locals; /* (owned) */
  AionetInterfaceLink *owner;       /* (owned) (nullable) */
} AionetRouteData;

/* A route is a view of such data: of the whole group, or of one external address of it; bound or
 * not. What only some users of the view need is made at its first use and set once, so that a pool
 * can hand out host routes cheaply. */
struct _AionetRoute
{
  GObject          parent_instance;

  AionetRouteData *data;          /* (owned) */
  AionetInterface *interface;     /* (owned) (nullable) */
  AionetIpRange   *item_range;    /* (unowned) (nullable) of data->ext_ranges: a host route */
  guint64          item_index;    /* in item_range */
  AionetLocal     *local;         /* (owned) (nullable) bound to */
  GSocketAddress  *local_address; /* (owned) (nullable) the same */

  /* (owned) (nullable) (atomic) */
  GListModel   *nic_ranges;
  GListModel   *ext_ranges;
  GInetAddress *nic_address;
  GInetAddress *ext_address;
};

/* A view of the whole group, not bound. Keeps interface, if any, alive. */
AionetRoute *_aionet_route_new_view (AionetRouteData *data, AionetInterface *interface);
/* A view of the same addresses, not bound. Keeps the interface alive, if it still is. */
AionetRoute *_aionet_route_dup_view (AionetRoute *self);

/* link_locals NULL: the link-local ones among nic_ranges. */
AionetRouteData *_aionet_route_data_new (GSocketFamily    family,
                                         GListModel      *nic_ranges,
                                         GListModel      *ext_ranges,
                                         GListModel      *link_locals,
                                         gboolean         confirmed,
                                         AionetInterface *interface);
AionetRouteData *_aionet_route_data_ref (AionetRouteData *self);
void             _aionet_route_data_unref (AionetRouteData *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AionetRouteData, _aionet_route_data_unref)

/* AIONET_ERROR_UNSUPPORTED_FAMILY or AIONET_ERROR_INVALID_ROUTE (case R-26). */
gboolean _aionet_route_data_check (GSocketFamily family,
                                   GListModel   *nic_ranges,
                                   GListModel   *ext_ranges,
                                   GError      **error);

/* (transfer full) (nullable) */
AionetInterface *_aionet_route_data_dup_interface (AionetRouteData *self);
/* (nullable) the name of the interface, also when it is gone; interned */
const char *_aionet_route_data_get_interface_name (AionetRouteData *self);

/* (transfer full) (nullable) the item of a list of ranges */
AionetIpRange *_aionet_route_data_get_range (GListModel *ranges, guint position);
gboolean       _aionet_route_data_has_address (GListModel *ranges, GInetAddress *address);

G_END_DECLS
