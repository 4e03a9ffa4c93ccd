/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#pragma once

#if !defined(AIONET_INSIDE) && !defined(AIONET_COMPILATION)
#error "Only <aionet.h> can be included directly."
#endif

#include <gio/gio.h>

#include <aionet-version.h>

#include <provider/aionet-request.h>

G_BEGIN_DECLS

/**
 * AionetStunChange:
 * @AIONET_STUN_CHANGE_NONE: answer from the address that was asked
 * @AIONET_STUN_CHANGE_PORT: answer from another port
 * @AIONET_STUN_CHANGE_IP: answer from another address
 *
 * Flags of the CHANGE-REQUEST attribute (RFC 5780, section 7.2), with the values they have on the
 * wire.
 *
 * Since: 0.1
 */
typedef enum /*< flags >*/
{
  AIONET_STUN_CHANGE_NONE = 0,
  AIONET_STUN_CHANGE_PORT = 1 << 1,
  AIONET_STUN_CHANGE_IP = 1 << 2,
} AionetStunChange;

AIONET_DECLARE_FLAGS (AionetStunChange)

#define AIONET_TYPE_STUN_REQUEST (aionet_stun_request_get_type ())

AIONET_AVAILABLE_IN_0_1
G_DECLARE_FINAL_TYPE (AionetStunRequest, aionet_stun_request, AIONET, STUN_REQUEST, AionetRequest)

AIONET_AVAILABLE_IN_0_1
GInetSocketAddress *aionet_stun_request_get_server (AionetStunRequest *self);
AIONET_AVAILABLE_IN_0_1
GSocketProtocol aionet_stun_request_get_protocol (AionetStunRequest *self);
AIONET_AVAILABLE_IN_0_1
AionetStunChange aionet_stun_request_get_change (AionetStunRequest *self);
AIONET_AVAILABLE_IN_0_1
GSocketAddress *aionet_stun_request_get_local_address (AionetStunRequest *self);
AIONET_AVAILABLE_IN_0_1
const char *aionet_stun_request_get_interface_name (AionetStunRequest *self);
AIONET_AVAILABLE_IN_0_1
GSocket *aionet_stun_request_dup_socket (AionetStunRequest *self, GError **error);

G_END_DECLS
