/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#pragma once

#if !defined(AIONET_INSIDE) && !defined(AIONET_COMPILATION)
#error "Only <aionet.h> can be included directly."
#endif

#include <gio/gio.h>

#include <aionet-version.h>

#include <provider/aionet-provider.h>
#include <provider/aionet-request.h>

G_BEGIN_DECLS

#define AIONET_TYPE_ADDRESS_BACKEND (aionet_address_backend_get_type ())

AIONET_AVAILABLE_IN_0_1
G_DECLARE_DERIVABLE_TYPE (
    AionetAddressBackend, aionet_address_backend, AIONET, ADDRESS_BACKEND, AionetProvider)

/**
 * AionetAddressBackendClass:
 * @parent_class: the parent class
 * @begin: starts to answer @request with a [iface@Gio.ListModel] of [class@Link]: all of the
 *   host's links, as they are now. Runs in the main context of the caller, must not block
 * @can_watch: whether the backend emits [signal@AddressBackend::changed] for every change of what
 *   it lists; unset: it does not
 *
 * Class of address backends.
 *
 * Since: 0.1
 */
/**
 * AionetAddressBackendClass::begin:
 * @self: a backend
 * @request: the question, to be kept until it is answered
 *
 * Starts to answer a request with all of the host's links, as they are now: a
 * [iface@Gio.ListModel] of [class@Link] for [method@Request.complete].
 *
 * Runs in the main context of the caller and must not block. The answer may be given at once or
 * later, from any thread.
 *
 * Since: 0.1
 */
struct _AionetAddressBackendClass
{
  AionetProviderClass parent_class;

  void (*begin) (AionetAddressBackend *self, AionetRequest *request);
  gboolean (*can_watch) (AionetAddressBackend *self);

  /*< private >*/
  gpointer padding[7];
};

AIONET_AVAILABLE_IN_0_1
void aionet_address_backend_list_links_async (AionetAddressBackend *self,
                                              guint                 timeout_ms,
                                              GCancellable         *cancellable,
                                              GAsyncReadyCallback   callback,
                                              gpointer              user_data);
AIONET_AVAILABLE_IN_0_1
GListModel *aionet_address_backend_list_links_finish (AionetAddressBackend *self,
                                                      GAsyncResult         *result,
                                                      GError              **error);
AIONET_AVAILABLE_IN_0_1
gboolean aionet_address_backend_can_watch (AionetAddressBackend *self);
AIONET_AVAILABLE_IN_0_1
void aionet_address_backend_emit_changed (AionetAddressBackend *self);

G_END_DECLS
