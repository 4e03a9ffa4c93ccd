/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#pragma once

#include "pipe/aionet-filter-table-private.h"
#include "pipe/aionet-message-queue-private.h"
#include "pipe/aionet-subscription.h"

G_BEGIN_DECLS

/* filter: its members are taken over. table: must outlive the subscription or end it. flow: called
 * when a lossless queue fills up and empties, until the subscription ends. */
AionetSubscription *_aionet_subscription_new (GMainContext       *context,
                                              AionetFilterTable  *table,
                                              const AionetFilter *filter,
                                              AionetQueueLimits   limits,
                                              gboolean            lossless,
                                              AionetFlowFunc      flow,
                                              gpointer            flow_data);
void                _aionet_subscription_deliver (AionetSubscription *self, AionetMessage *message);
void                _aionet_subscription_end (AionetSubscription *self, const GError *error);

G_END_DECLS
