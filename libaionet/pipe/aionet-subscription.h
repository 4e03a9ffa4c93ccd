/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#pragma once

#if !defined(AIONET_INSIDE) && !defined(AIONET_COMPILATION)
#error "Only <aionet.h> can be included directly."
#endif

#include <gio/gio.h>

#include <aionet-version.h>

#include <pipe/aionet-message.h>

G_BEGIN_DECLS

#define AIONET_TYPE_SUBSCRIPTION (aionet_subscription_get_type ())

AIONET_AVAILABLE_IN_0_1
G_DECLARE_FINAL_TYPE (AionetSubscription, aionet_subscription, AIONET, SUBSCRIPTION, GObject)

/* timeout_ms: 0 looks and returns at once, negative waits for ever. */
AIONET_AVAILABLE_IN_0_1
void aionet_subscription_receive_async (AionetSubscription *self,
                                        int                 timeout_ms,
                                        GCancellable       *cancellable,
                                        GAsyncReadyCallback callback,
                                        gpointer            user_data);
AIONET_AVAILABLE_IN_0_1
AionetMessage *
aionet_subscription_receive_finish (AionetSubscription *self, GAsyncResult *result, GError **error);
AIONET_AVAILABLE_IN_0_1
AionetMessage *aionet_subscription_try_receive (AionetSubscription *self);
AIONET_AVAILABLE_IN_0_1
void aionet_subscription_cancel (AionetSubscription *self);
AIONET_AVAILABLE_IN_0_1
guint aionet_subscription_get_n_queued (AionetSubscription *self);
AIONET_AVAILABLE_IN_0_1
guint64 aionet_subscription_get_n_dropped (AionetSubscription *self);

G_END_DECLS
