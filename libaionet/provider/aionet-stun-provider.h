/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#pragma once

#if !defined(AIONET_INSIDE) && !defined(AIONET_COMPILATION)
#error "Only <aionet.h> can be included directly."
#endif

#include <gio/gio.h>

#include <aionet-version.h>

#include <provider/aionet-mapping.h>
#include <provider/aionet-provider.h>
#include <provider/aionet-stun-request.h>

G_BEGIN_DECLS

#define AIONET_TYPE_STUN_PROVIDER (aionet_stun_provider_get_type ())

AIONET_AVAILABLE_IN_0_1
G_DECLARE_DERIVABLE_TYPE (
    AionetStunProvider, aionet_stun_provider, AIONET, STUN_PROVIDER, AionetProvider)

/**
 * AionetStunProviderClass:
 * @parent_class: the parent class
 * @begin: starts to answer @request with a [class@Mapping]. Runs in the main context of the
 *   caller, must not block
 * @dup_servers: the servers to ask when nobody has configured others, as `host:port` or `[v6]:port`
 *   each; %NULL or unset: none of its own
 *
 * Class of STUN providers.
 *
 * Since: 0.1
 */
/**
 * AionetStunProviderClass::begin:
 * @self: a provider
 * @request: the question, to be kept until it is answered
 *
 * Starts to ask the server of a request, and to answer with a [class@Mapping].
 *
 * Runs in the main context of the caller and must not block. The answer may be given at once or
 * later, from any thread. A request whose server is silent needs no answer: it has a deadline.
 *
 * Since: 0.1
 */
struct _AionetStunProviderClass
{
  AionetProviderClass parent_class;

  void (*begin) (AionetStunProvider *self, AionetStunRequest *request);
  char **(*dup_servers) (AionetStunProvider *self);

  /*< private >*/
  gpointer padding[7];
};

AIONET_AVAILABLE_IN_0_1
char **aionet_stun_provider_dup_servers (AionetStunProvider *self);
/* (nullable) local and interface_name: the system chooses. */
AIONET_AVAILABLE_IN_0_1
void aionet_stun_provider_ask_async (AionetStunProvider *self,
                                     GInetSocketAddress *server,
                                     GSocketProtocol     protocol,
                                     GSocketAddress     *local_address,
                                     const char         *interface_name,
                                     AionetStunChange    change,
                                     guint               timeout_ms,
                                     GCancellable       *cancellable,
                                     GAsyncReadyCallback callback,
                                     gpointer            user_data);
AIONET_AVAILABLE_IN_0_1
AionetMapping *
aionet_stun_provider_ask_finish (AionetStunProvider *self, GAsyncResult *result, GError **error);

G_END_DECLS
