/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#pragma once

#if !defined(AIONET_INSIDE) && !defined(AIONET_COMPILATION)
#error "Only <aionet.h> can be included directly."
#endif

#include <gio/gio.h>

#include <aionet-version.h>

G_BEGIN_DECLS

#define AIONET_TYPE_REQUEST (aionet_request_get_type ())

/* Derivable inside the library only: the class struct is private. */
AIONET_AVAILABLE_IN_0_1
G_DECLARE_DERIVABLE_TYPE (AionetRequest, aionet_request, AIONET, REQUEST, GObject)

/**
 * AionetRequestClass:
 * @parent_class: the parent class
 *
 * Class of requests.
 *
 * Since: 0.1
 */
/**
 * AionetRequestClass::check_result: (skip)
 * @self: a request
 * @result: what a provider hands in
 * @error: return location for an error
 *
 * Checks a result in the thread of the provider. Private: kinds of requests are the library's own.
 *
 * Returns: (transfer full): what to hand out for it; %NULL with @error set, which is then the
 *   answer
 *
 * Since: 0.1
 */
struct _AionetRequestClass
{
  GObjectClass parent_class;

  /*< private >*/
  GObject *(*check_result) (AionetRequest *self, GObject *result, GError **error);

  gpointer padding[8];
};

AIONET_AVAILABLE_IN_0_1
gboolean aionet_request_complete (AionetRequest *self, GObject *result);
AIONET_AVAILABLE_IN_0_1
gboolean aionet_request_fail (AionetRequest *self, const GError *error);
AIONET_AVAILABLE_IN_0_1
gboolean aionet_request_is_done (AionetRequest *self);
AIONET_AVAILABLE_IN_0_1
GCancellable *aionet_request_get_cancellable (AionetRequest *self);
AIONET_AVAILABLE_IN_0_1
gint64 aionet_request_get_deadline_us (AionetRequest *self);

G_END_DECLS
