/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#pragma once

#include <aionet.h>

G_BEGIN_DECLS

/* How long a server may take over a reliable transport (RFC 8489, section 6.2.2: Ti). */
#define AIONET_NICE_STREAM_TIMEOUT_US (39500 * G_TIME_SPAN_MILLISECOND)

/* Answers request over TCP: connects socket, asks once, and takes the one answer however it is cut
 * into segments. Keeps itself alive until it has answered, or the request ended. */
void aionet_nice_stream_start (AionetStunRequest *request, GSocket *socket);

G_END_DECLS
