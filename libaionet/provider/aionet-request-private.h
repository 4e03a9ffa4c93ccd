/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#pragma once

#include "provider/aionet-provider.h"
#include "provider/aionet-request.h"

G_BEGIN_DECLS

/* What the core does with requests. The one call site of a provider's begin() vfunc is
 * _aionet_request_run_async (): it calls begin once, and whichever of complete, fail, deadline,
 * cancellation or the provider dropping its last reference comes first ends the request; what
 * comes later is counted and ignored. The result arrives in the main context that was
 * thread-default at the call, never before the call returns. */

typedef void (*AionetRequestBegin) (AionetProvider *provider, AionetRequest *request);

/* timeout_ms 0: no deadline of its own. */
void _aionet_request_run_async (AionetRequest      *self,
                                AionetProvider     *provider,
                                AionetRequestBegin  begin,
                                guint               timeout_ms,
                                GCancellable       *cancellable,
                                GAsyncReadyCallback callback,
                                gpointer            user_data);
/* source_object of the callback is the provider. Returns: (transfer full) the result object. */
/* Public finish functions of the kinds are made of it. */
GObject *
_aionet_request_run_finish (AionetProvider *provider, GAsyncResult *result, GError **error);

/* For begin functions: the provider's class has none of its own. */
void _aionet_request_fail_unimplemented (AionetRequest *self);

/* Answers that came after the request had ended; for tests and reports. */
guint _aionet_request_get_n_late_answers (AionetRequest *self);

G_END_DECLS
