/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#pragma once

#include "discovery/aionet-route-set-private.h"
#include "engine/aionet-local-private.h"
#include "topology/aionet-load-context-private.h"

G_BEGIN_DECLS

/* One probe: what is the external address of one local address? UDP first; TCP joins when UDP is
 * silent or refused, and whichever agrees first wins. At most AIONET_PROBES_MAX of a load run at a
 * time, the others wait for their turn. One main context. */
typedef struct _AionetProbeRun AionetProbeRun;

/* Called once, when the result is there. May be called out of start (). */
typedef void (*AionetProbeRunFunc) (AionetProbeRun *run, gpointer user_data);

AionetProbeRun *_aionet_probe_run_new (AionetLoadContext *context,
                                       const AionetLocal *local,
                                       AionetProbeRunFunc func,
                                       gpointer           user_data);
void            _aionet_probe_run_start (AionetProbeRun *self);
/* The time is over: ends with what is known, func is called. Nothing when it has ended. */
void _aionet_probe_run_expire (AionetProbeRun *self);
void _aionet_probe_run_free (AionetProbeRun *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AionetProbeRun, _aionet_probe_run_free)

/* (transfer full) Once, after the end */
AionetProbeResult *_aionet_probe_run_steal_result (AionetProbeRun *self);
/* Servers answered, but did not agree. */
gboolean _aionet_probe_run_is_disputed (AionetProbeRun *self);

G_END_DECLS
