/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#pragma once

#include "topology/aionet-host.h"

G_BEGIN_DECLS

/* The interfaces of a host in the order they are listed: usable ones first, then by index. An
 * interface whose name is still there keeps its object. */
typedef struct _AionetInterfaceList AionetInterfaceList;

typedef void (*AionetInterfaceListFunc) (guint    position,
                                         guint    n_removed,
                                         guint    n_added,
                                         gpointer user_data);

/* func: told after each change, once, about the smallest stretch that differs */
AionetInterfaceList *_aionet_interface_list_new (AionetInterfaceListFunc func, gpointer user_data);
void                 _aionet_interface_list_free (AionetInterfaceList *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AionetInterfaceList, _aionet_interface_list_free)

/* New interfaces know host weakly. Of several links of one name, the first counts. */
void _aionet_interface_list_update (AionetInterfaceList *self, AionetHost *host, GListModel *links);

guint            _aionet_interface_list_get_n_items (AionetInterfaceList *self);
AionetInterface *_aionet_interface_list_get (AionetInterfaceList *self, guint position);
/* (nullable) (transfer none) */
AionetInterface *_aionet_interface_list_find (AionetInterfaceList *self, const char *name);

G_END_DECLS
