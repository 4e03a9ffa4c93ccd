/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#pragma once

#if !defined(AIONET_INSIDE) && !defined(AIONET_COMPILATION)
#error "Only <aionet.h> can be included directly."
#endif

#include <gio/gio.h>

#include <aionet-version.h>

G_BEGIN_DECLS

#define AIONET_TYPE_TARGET (aionet_target_get_type ())

AIONET_AVAILABLE_IN_0_1
G_DECLARE_FINAL_TYPE (AionetTarget, aionet_target, AIONET, TARGET, GObject)

AIONET_AVAILABLE_IN_0_1
AionetTarget *aionet_target_new (const char *hostname, guint16 port);
AIONET_AVAILABLE_IN_0_1
AionetTarget *
aionet_target_new_from_string (const char *text, guint16 default_port, GError **error);
AIONET_AVAILABLE_IN_0_1
const char *aionet_target_get_hostname (AionetTarget *self);
AIONET_AVAILABLE_IN_0_1
guint16 aionet_target_get_port (AionetTarget *self);
AIONET_AVAILABLE_IN_0_1
GInetAddress *aionet_target_get_address (AionetTarget *self);
AIONET_AVAILABLE_IN_0_1
const char *aionet_target_get_scope_name (AionetTarget *self);
AIONET_AVAILABLE_IN_0_1
gboolean aionet_target_equal (AionetTarget *self, AionetTarget *other);
AIONET_AVAILABLE_IN_0_1
guint aionet_target_hash (AionetTarget *self);
AIONET_AVAILABLE_IN_0_1
char *aionet_target_to_string (AionetTarget *self);

G_END_DECLS
