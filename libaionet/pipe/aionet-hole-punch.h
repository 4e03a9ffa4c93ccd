/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#pragma once

#if !defined(AIONET_INSIDE) && !defined(AIONET_COMPILATION)
#error "Only <aionet.h> can be included directly."
#endif

#include <gio/gio.h>

#include <aionet-version.h>

#include <pipe/aionet-pipe.h>
#include <topology/aionet-route.h>
#include <value/aionet-nat-plan.h>

G_BEGIN_DECLS

#define AIONET_TYPE_HOLE_PUNCH (aionet_hole_punch_get_type ())

AIONET_AVAILABLE_IN_0_1
G_DECLARE_FINAL_TYPE (AionetHolePunch, aionet_hole_punch, AIONET, HOLE_PUNCH, GObject)

AIONET_AVAILABLE_IN_0_1
AionetHolePunch *aionet_hole_punch_new (AionetRoute *route, AionetNat *nat);

AIONET_AVAILABLE_IN_0_1
void aionet_hole_punch_prepare_async (AionetHolePunch    *self,
                                      GCancellable       *cancellable,
                                      GAsyncReadyCallback callback,
                                      gpointer            user_data);
AIONET_AVAILABLE_IN_0_1
char *
aionet_hole_punch_prepare_finish (AionetHolePunch *self, GAsyncResult *result, GError **error);
AIONET_AVAILABLE_IN_0_1
AionetNatPlan *aionet_hole_punch_plan (AionetHolePunch *self, const char *offer, GError **error);
AIONET_AVAILABLE_IN_0_1
void aionet_hole_punch_open_async (AionetHolePunch    *self,
                                   const char         *offer,
                                   guint               timeout_ms,
                                   GCancellable       *cancellable,
                                   GAsyncReadyCallback callback,
                                   gpointer            user_data);
AIONET_AVAILABLE_IN_0_1
AionetPipe *
aionet_hole_punch_open_finish (AionetHolePunch *self, GAsyncResult *result, GError **error);

G_END_DECLS
