/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#pragma once

#include "provider/aionet-mapping.h"
#include "topology/aionet-route.h"

G_BEGIN_DECLS

/* Two sockets of one route: one whose external endpoint a STUN server told, and one on the next
 * port, from which nothing has been sent. */
typedef struct
{
  GSocket       *known;   /* (owned) */
  GSocket       *fresh;   /* (owned) */
  AionetMapping *mapping; /* (owned) of known */
} AionetPunchSockets;

void _aionet_punch_sockets_free (AionetPunchSockets *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AionetPunchSockets, _aionet_punch_sockets_free)

void                _aionet_punch_sockets_new_async (AionetRoute        *route,
                                                     GCancellable       *cancellable,
                                                     GAsyncReadyCallback callback,
                                                     gpointer            user_data);
AionetPunchSockets *_aionet_punch_sockets_new_finish (GAsyncResult *result, GError **error);

G_END_DECLS
