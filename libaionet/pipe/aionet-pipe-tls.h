/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#pragma once

#if !defined(AIONET_INSIDE) && !defined(AIONET_COMPILATION)
#error "Only <aionet.h> can be included directly."
#endif

#include <gio/gio.h>

#include <aionet-version.h>

#include <pipe/aionet-pipe.h>

G_BEGIN_DECLS

AIONET_AVAILABLE_IN_0_1
gboolean aionet_pipe_get_tls (AionetPipe *self);
AIONET_AVAILABLE_IN_0_1
void aionet_pipe_set_tls (AionetPipe *self, gboolean on);
AIONET_AVAILABLE_IN_0_1
GTlsCertificate *aionet_pipe_get_tls_certificate (AionetPipe *self);
AIONET_AVAILABLE_IN_0_1
void aionet_pipe_set_tls_certificate (AionetPipe *self, GTlsCertificate *certificate);
AIONET_AVAILABLE_IN_0_1
GTlsDatabase *aionet_pipe_get_tls_database (AionetPipe *self);
AIONET_AVAILABLE_IN_0_1
void aionet_pipe_set_tls_database (AionetPipe *self, GTlsDatabase *database);
AIONET_AVAILABLE_IN_0_1
GTlsCertificateFlags aionet_pipe_get_tls_validation_flags (AionetPipe *self);
AIONET_AVAILABLE_IN_0_1
void aionet_pipe_set_tls_validation_flags (AionetPipe *self, GTlsCertificateFlags flags);
AIONET_AVAILABLE_IN_0_1
GTlsAuthenticationMode aionet_pipe_get_tls_authentication_mode (AionetPipe *self);
AIONET_AVAILABLE_IN_0_1
void aionet_pipe_set_tls_authentication_mode (AionetPipe *self, GTlsAuthenticationMode mode);
AIONET_AVAILABLE_IN_0_1
const char *const *aionet_pipe_get_tls_alpn (AionetPipe *self);
AIONET_AVAILABLE_IN_0_1
void aionet_pipe_set_tls_alpn (AionetPipe *self, const char *const *protocols);
AIONET_AVAILABLE_IN_0_1
const char *aionet_pipe_get_tls_server_name (AionetPipe *self);
AIONET_AVAILABLE_IN_0_1
void aionet_pipe_set_tls_server_name (AionetPipe *self, const char *name);
AIONET_AVAILABLE_IN_0_1
const char *aionet_pipe_get_tls_negotiated_protocol (AionetPipe *self);
AIONET_AVAILABLE_IN_0_1
GTlsCertificate *aionet_pipe_get_tls_peer_certificate (AionetPipe *self);

G_END_DECLS
