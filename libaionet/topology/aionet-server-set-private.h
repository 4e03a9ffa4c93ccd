/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* The STUN servers of one family as addresses, for one load: literals are there at once, names
 * join as they are resolved, all looked up side by side. All probes of a load share it. A name
 * that does not resolve is a server less, never a failed load. One main context. */
typedef struct _AionetServerSet AionetServerSet;

/* Called when the set becomes ready, grows, or is complete. May unwatch. */
typedef void (*AionetServerSetFunc) (gpointer user_data);

/* servers: (element-type AionetServer). Look-ups begin at once. */
AionetServerSet *_aionet_server_set_new (GPtrArray    *servers,
                                         GSocketFamily family,
                                         guint         min_agree,
                                         gint64        deadline_us);
AionetServerSet *_aionet_server_set_ref (AionetServerSet *self);
void             _aionet_server_set_unref (AionetServerSet *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AionetServerSet, _aionet_server_set_unref)

/* Ends look-ups; nobody is told any more. */
void _aionet_server_set_stop (AionetServerSet *self);

/* Worth a first round: servers on three networks, or all that will ever be known, or fewer after
 * some patience. Complete: no server will join any more. */
gboolean            _aionet_server_set_is_ready (AionetServerSet *self);
gboolean            _aionet_server_set_is_complete (AionetServerSet *self);

guint               _aionet_server_set_get_n_servers (AionetServerSet *self);
GInetSocketAddress *_aionet_server_set_get_address (AionetServerSet *self, guint index);
gboolean _aionet_server_set_can_ask (AionetServerSet *self, guint index, GSocketProtocol protocol);
/* Why there is no server to ask; without full stop */
char *_aionet_server_set_explain (AionetServerSet *self);

void _aionet_server_set_watch (AionetServerSet *self, AionetServerSetFunc func, gpointer user_data);
void _aionet_server_set_unwatch (AionetServerSet *self, gpointer user_data);

G_END_DECLS
