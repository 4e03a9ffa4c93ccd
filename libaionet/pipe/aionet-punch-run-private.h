/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#pragma once

#include "pipe/aionet-peer-offer-private.h"
#include "pipe/aionet-pipe.h"

G_BEGIN_DECLS

/* Sends to a peer over socket until both have heard each other, or timeout_ms are over. task:
 * returns the pipe, connected to where the peer was heard from. starts: sends without having heard
 * anything. */
void _aionet_punch_run (GTask                 *task,
                        GSocket               *socket,
                        const AionetPeerOffer *own,
                        const AionetPeerOffer *peer,
                        AionetNatMethod        method,
                        gboolean               starts,
                        guint                  timeout_ms);

G_END_DECLS
