/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#pragma once

#if !defined(AIONET_INSIDE) && !defined(AIONET_COMPILATION)
#error "Only <aionet.h> can be included directly."
#endif

#include <gio/gio.h>

#include <aionet-version.h>

G_BEGIN_DECLS

#define AIONET_TYPE_MESSAGE (aionet_message_get_type ())

/**
 * AionetMessage:
 *
 * Bytes plus the endpoint they came from: a datagram (UDP), or what one read returned (TCP).
 *
 * Immutable and reference-counted; may be used from any thread.
 *
 * Since: 0.1
 */
typedef struct _AionetMessage AionetMessage;

AIONET_AVAILABLE_IN_0_1
GType aionet_message_get_type (void) G_GNUC_CONST;
AIONET_AVAILABLE_IN_0_1
AionetMessage *aionet_message_new (GBytes *bytes, GSocketAddress *sender);
AIONET_AVAILABLE_IN_0_1
AionetMessage *aionet_message_ref (AionetMessage *self);
AIONET_AVAILABLE_IN_0_1
void aionet_message_unref (AionetMessage *self);
AIONET_AVAILABLE_IN_0_1
GBytes *aionet_message_get_bytes (AionetMessage *self);
AIONET_AVAILABLE_IN_0_1
char *aionet_message_dup_text (AionetMessage *self);
AIONET_AVAILABLE_IN_0_1
GSocketAddress *aionet_message_get_sender (AionetMessage *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AionetMessage, aionet_message_unref)

G_END_DECLS
