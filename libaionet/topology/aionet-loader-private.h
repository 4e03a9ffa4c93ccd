/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#pragma once

#include "discovery/aionet-probe-plan-private.h"
#include "discovery/aionet-route-set-private.h"
#include "engine/aionet-local-private.h"
#include "topology/aionet-load-context-private.h"

G_BEGIN_DECLS

/* All probes of all families of one link, side by side, until the deadline of the load. Loopback,
 * links that are down and links without addresses are not probed. A family without a gateway is:
 * policy routes may lead out, and if none does, sending fails at once. */

typedef struct
{
  AionetRouteSet *sets[AIONET_N_FAMILIES]; /* (owned) never NULL */
  gboolean        is_disputed;             /* somewhere servers answered but did not agree */
} AionetLoadResult;

void _aionet_load_result_free (AionetLoadResult *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AionetLoadResult, _aionet_load_result_free)

/* Fails by cancellation only: a probe that fails is a reason in its set. */
void              _aionet_loader_run_async (AionetLoadContext  *context,
                                            AionetLink         *link,
                                            GCancellable       *cancellable,
                                            GAsyncReadyCallback callback,
                                            gpointer            user_data);
AionetLoadResult *_aionet_loader_run_finish (GAsyncResult *result, GError **error);

/* (transfer full) Where probe is sent from */
AionetLocal *
_aionet_loader_make_local (AionetLoadContext *context, AionetLink *link, const AionetProbe *probe);
/* (nullable) Why link is not probed, without full stop; NULL: it is */
const char *_aionet_loader_get_reason_to_skip (AionetLink *link);

G_END_DECLS
