/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* Several callers of one operation share one run of it. Each may give up on its own; when all
 * have, the run is cancelled and the next caller starts a new one. One main context. */
typedef struct _AionetJoin AionetJoin;

AionetJoin                *_aionet_join_new (void);
/* All tasks that joined keep the owner alive, so there are none left. */
void _aionet_join_free (AionetJoin *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AionetJoin, _aionet_join_free)

/* (transfer full) (nullable) The cancellable of the run that the caller is to start now, and its
 * name to _aionet_join_return (). NULL: one is under way. */
GCancellable *_aionet_join_add (AionetJoin *self, GTask *task);
gboolean      _aionet_join_is_running (AionetJoin *self);
/* Ends the run: all tasks return TRUE, or a copy of error. Nothing for a run that was given up. */
void _aionet_join_return (AionetJoin *self, GCancellable *run, const GError *error);

G_END_DECLS
