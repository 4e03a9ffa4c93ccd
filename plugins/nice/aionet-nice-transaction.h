/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#pragma once

#include <aionet.h>

#include "aionet-nice-rto-cache.h"

G_BEGIN_DECLS

/* Answers request over UDP. pipe may carry any number of transactions at once. The transaction
 * keeps itself alive until it has answered, or the request ended for another reason. */
void aionet_nice_transaction_start (AionetStunRequest  *request,
                                    AionetPipe         *pipe,
                                    AionetNiceRtoCache *cache,
                                    guint               initial_rto_ms);

G_END_DECLS
