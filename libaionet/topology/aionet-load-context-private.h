/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#pragma once

#include "provider/aionet-stun-provider.h"
#include "topology/aionet-host.h"
#include "topology/aionet-link-choice-private.h"
#include "topology/aionet-server-set-private.h"

G_BEGIN_DECLS

/* Each probe has a socket of its own, and processes may have as few as 1024 descriptors. */
#define AIONET_PROBES_MAX 256

/* What all interfaces that are loaded together share: one listing of links, one deadline, the
 * servers by family, and the number of probes in flight. One main context. */
typedef struct
{
  gatomicrefcount     ref_count;
  GMainContext       *main_context;                   /* (owned) */
  GListModel         *links;                          /* (owned) (item-type AionetLink) */
  gint64              listed_us;                      /* when they arrived */
  AionetStunProvider *stun_provider;                  /* (owned) */
  GPtrArray          *servers;                        /* (owned) (element-type AionetServer) */
  AionetServerSet    *server_sets[AIONET_N_FAMILIES]; /* (owned) (nullable: not needed yet) */
  guint               min_agree;
  gboolean            allow_private;
  gint64              deadline_us;
  guint               n_running; /* probes in flight, at most AIONET_PROBES_MAX */
  GQueue              waiting;   /* (element-type AionetProbeRun) */
  gboolean            is_filling;
} AionetLoadContext;

/* Begins a load: takes the host's settings, starts its clock and lists the links. Errors are those
 * of the providers and of the configured servers. */
void               _aionet_load_context_new_async (AionetHost         *host,
                                                   GCancellable       *cancellable,
                                                   GAsyncReadyCallback callback,
                                                   gpointer            user_data);
AionetLoadContext *_aionet_load_context_new_finish (GAsyncResult *result, GError **error);
AionetLoadContext *_aionet_load_context_ref (AionetLoadContext *self);
void               _aionet_load_context_unref (AionetLoadContext *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AionetLoadContext, _aionet_load_context_unref)

guint            _aionet_load_context_get_time_left (AionetLoadContext *self); /* ms */
AionetServerSet *_aionet_load_context_get_server_set (AionetLoadContext *self,
                                                      GSocketFamily      family);

G_END_DECLS
