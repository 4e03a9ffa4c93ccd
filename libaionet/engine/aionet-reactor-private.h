/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* One epoll descriptor in one GSource for all descriptors of a GMainContext. The reactor of a
 * context is made at the first watch and goes with the last. A turn dispatches a bounded batch, so
 * that other sources of the context never wait longer than that. Use from the context's thread. */

/* Events that a turn dispatches: more gains nothing, and delays the other sources. */
#define AIONET_REACTOR_BATCH 32

typedef struct _AionetWatch AionetWatch;

/* condition: G_IO_IN, G_IO_OUT, G_IO_ERR, G_IO_HUP as seen. May remove any watch, this one too. */
typedef void (*AionetWatchFunc) (GIOCondition condition, gpointer user_data);

/* condition: G_IO_IN and / or G_IO_OUT, or 0 (errors only). The descriptor stays the caller's and
 * must stay open until the watch is removed. Level-triggered. NULL: out of descriptors or memory,
 * or nothing that can be waited for; errors: G_IO_ERROR. */
AionetWatch *_aionet_reactor_add (GMainContext   *context,
                                  int             fd,
                                  GIOCondition    condition,
                                  AionetWatchFunc func,
                                  gpointer        user_data,
                                  GError        **error);
void         _aionet_watch_set_condition (AionetWatch *self, GIOCondition condition);
void         _aionet_watch_remove (AionetWatch *self);

/* For work that is cheaper for many events than for each. FALSE: the context does not dispatch a
 * batch now, do it at once. TRUE: func is called once, with the user data of the watch, when the
 * batch ends, or before if a callback of it runs the main loop; never for a removed watch. */
typedef void (*AionetDeferredFunc) (gpointer user_data);
gboolean _aionet_watch_defer (AionetWatch *self, AionetDeferredFunc func);

/* For tests: watches of the context, and turns taken. */
guint   _aionet_reactor_get_n_watches (GMainContext *context);
guint64 _aionet_reactor_get_n_turns (GMainContext *context);

G_END_DECLS
