/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#pragma once

#include "topology/aionet-host.h"
#include "topology/aionet-interface-state-private.h"
#include "topology/aionet-interface.h"
#include "topology/aionet-join-private.h"
#include "topology/aionet-load-context-private.h"

G_BEGIN_DECLS

/* For the parts of the class. put_state () takes state, and notifies what differs. */
AionetInterfaceState *_aionet_interface_get_state (AionetInterface *self);
void        _aionet_interface_put_state (AionetInterface *self, AionetInterfaceState *state);
AionetJoin *_aionet_interface_get_loading (AionetInterface *self);
AionetJoin *_aionet_interface_get_nat_loading (AionetInterface *self);
/* (transfer none) (nullable): NULL with error */
AionetLink *
_aionet_interface_find_link (AionetInterface *self, AionetLoadContext *context, GError **error);
/* (transfer full) (nullable) The one it came from; the default of the thread that made it */
AionetHost *_aionet_interface_dup_host (AionetInterface *self);

/* Knows host weakly. */
AionetInterface *
_aionet_interface_new_for_link (AionetHost *host, AionetLink *link, GListModel *links);
/* Takes over what link says now; routes stay until the next load. */
void _aionet_interface_refresh (AionetInterface *self, AionetLink *link, GListModel *links);

/* Loads as part of a load that has begun: finds its link in the context's listing. */
void _aionet_interface_load_in_async (AionetInterface    *self,
                                      AionetLoadContext  *context,
                                      GCancellable       *cancellable,
                                      GAsyncReadyCallback callback,
                                      gpointer            user_data);
gboolean
_aionet_interface_load_in_finish (AionetInterface *self, GAsyncResult *result, GError **error);

G_END_DECLS
