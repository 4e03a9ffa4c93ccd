/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#pragma once

#include <json-glib/json-glib.h>

#include "discovery/aionet-route-set-private.h"
#include "topology/aionet-interface.h"
#include "topology/aionet-link-choice-private.h"
#include "topology/aionet-loader-private.h"

G_BEGIN_DECLS

/* All that an interface knows, as plain data: made anew as a whole and then put in place, so that
 * a load or a document that fails half way changes nothing. */
typedef struct
{
  char            *name; /* (owned) (nullable: the preferred one, not known yet) */
  guint            index;
  char            *hardware_address; /* (owned) (nullable) */
  guint            mtu;
  AionetLinkKind   kind;
  gboolean         is_up;
  gboolean         usable;
  gboolean         is_default[AIONET_N_FAMILIES];
  gboolean         is_wildcard; /* "default": the system chooses, nothing is looked up */
  gboolean         loaded;
  gboolean         confirmed;
  AionetNat       *nat;                      /* (owned) */
  AionetRoutePool *pools[AIONET_N_FAMILIES]; /* (owned) */
  GPtrArray       *addresses;   /* (owned) (element-type AionetIpRange) beyond link-local scope */
  GPtrArray       *link_locals; /* (owned) (element-type AionetIpRange) of both families */
  GPtrArray       *unreachable; /* (owned) (element-type AionetUnreachable) */
  JsonObject      *extra;       /* (owned) (nullable) members of a document that are not ours */
  AionetLink      *link;        /* (owned) (nullable: from no listing) */
  GListModel      *links;       /* (owned) (nullable: from no listing) the listing it came with */
  gint64           listed_us;   /* when the listing arrived */
} AionetInterfaceState;

AionetInterfaceState *_aionet_interface_state_new (const char *name);
void                  _aionet_interface_state_free (AionetInterfaceState *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AionetInterfaceState, _aionet_interface_state_free)

/* What link says now, and what old knew about routes. links: all links of the host */
AionetInterfaceState *_aionet_interface_state_new_refreshed (const AionetInterfaceState *old,
                                                             AionetLink                 *link,
                                                             GListModel                 *links);
/* What link says in the listing of context, and the routes that were found. The routes know
 * interface weakly. */
AionetInterfaceState *_aionet_interface_state_new_loaded (AionetInterface         *interface,
                                                          AionetLink              *link,
                                                          const AionetLoadContext *context,
                                                          const AionetLoadResult  *result);

/* The same addresses, and nothing known of external ones that has changed. */
gboolean _aionet_interface_state_same_addresses (const AionetInterfaceState *one,
                                                 const AionetInterfaceState *other);

/* Takes routes: (element-type AionetRoute). */
gboolean           _aionet_interface_state_set_routes (AionetInterfaceState *self,
                                                       int                   position,
                                                       GPtrArray            *routes,
                                                       GError              **error);
AionetUnreachable *_aionet_unreachable_new (AionetIpRange *range, const char *reason);

G_END_DECLS
