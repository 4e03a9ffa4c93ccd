/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#pragma once

#include "aionet-nice-codec.h"

G_BEGIN_DECLS

/* What an answer is worth: pure decisions between the bytes and the request. */

typedef enum
{
  AIONET_NICE_SENDER_EXPECTED,
  AIONET_NICE_SENDER_FOREIGN,   /* somebody else: as if nothing had come */
  AIONET_NICE_SENDER_UNCHANGED, /* asked to answer from elsewhere, the server did not */
} AionetNiceSender;

AionetNiceSender aionet_nice_judge_sender (GInetSocketAddress *server,
                                           GInetSocketAddress *sender,
                                           AionetStunChange    change);

/* TRUE for one endpoint; a scope id counts only where both have one. */
gboolean aionet_nice_endpoint_equal (GInetSocketAddress *one, GInetSocketAddress *other);

/* sender: (nullable) where the answer really came from, if that is to be reported.
 * Returns: (transfer full) (nullable) NULL with AIONET_ERROR_STUN_FAILED for answers of the error
 * class, with the server's code and reason */
AionetMapping *aionet_nice_mapping_new (AionetStunRequest      *request,
                                        const AionetNiceAnswer *answer,
                                        GInetSocketAddress     *local,
                                        GInetSocketAddress     *sender,
                                        gint64                  round_trip_us,
                                        guint                   n_sent,
                                        GError                **error);

/* Keeps domain and code of the cause, and names the server unless the cause does.
 * Returns: (transfer full) */
GError *aionet_nice_error_new (GInetSocketAddress *server, const GError *cause);

/* "STUN server 192.0.2.1:3478", for messages. Returns: (transfer full) */
char *aionet_nice_server_to_string (GInetSocketAddress *server);

G_END_DECLS
