/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#pragma once

#include <gio/gio.h>

#include "engine/aionet-sockaddr-private.h"

G_BEGIN_DECLS

/* What ICMP says about datagrams a UDP socket sent. A connected socket hears of refusals by
 * itself; an unconnected one (a STUN client asking many servers) only through the error queue,
 * which also tells the destination each of them concerns. */

/* Harmless where the system has no such queue. */
void _aionet_icmp_enable (int fd, GSocketFamily family);

/* For who takes the socket over and knows nothing of such a queue; empties it. */
void _aionet_icmp_disable (int fd, GSocketFamily family);

/* Takes one report. FALSE: none left. code: an errno (ECONNREFUSED, EHOSTUNREACH…). destination:
 * where the datagram had been sent to. */
gboolean _aionet_icmp_take (int fd, AionetSockaddr *destination, int *code);

/* TRUE: errno of a failed send or receive that (also) is how a queued report shows up, whoever it
 * concerns; the call is worth repeating. */
gboolean _aionet_icmp_is_report (int code);

G_END_DECLS
