/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#pragma once

#include <aionet.h>

G_BEGIN_DECLS

/* Copies between a connected socket and the standard streams until both directions have ended, and
 * gives the exit status; tells the user what failed.
 *
 * A stream: the end of standard input ends what is sent (half-close), the end of what is received
 * ends standard output; a person at a terminal is not asked for more once the peer has finished.
 * Datagrams: one read of standard input is one datagram; there is no end but silence.
 * idle_ms: end after so long without a byte either way, which is a failure for a stream; -1: never.
 * A signal ends the process as it does any other. */
int _copy_standard_streams (GSocket *socket, int idle_ms);

/* Writes what a pipe, or one message, holds to standard output, before the socket of the pipe takes
 * over. FALSE: it could not be written. */
gboolean _copy_received (AionetPipe *pipe);
gboolean _copy_write_message (AionetMessage *message);

/* Sends back all that comes, until the peer has finished. Blocks. FALSE: the connection broke. */
gboolean _copy_echo (GSocket *socket);

G_END_DECLS
