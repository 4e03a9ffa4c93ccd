/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* Copies between a connection and two other streams in the default main context, for what is no
 * plain socket; aionet-copy.h does those. In the end the connection is closed. */
typedef void (*LanesDone) (const GError *error, gpointer user_data);

/* Between the connection and a command's standard input and output: until the command has ended and
 * what it said is sent, or the connection fails. error of done: (nullable) how the command ended
 * too. */
void _lanes_start_command (GIOStream   *connection,
                           GSubprocess *command,
                           LanesDone    done,
                           gpointer     user_data);

/* Between the connection and the standard streams, until both directions have ended; on a terminal
 * until the connection has. The end of the input ends what is sent only, that of the connection the
 * output. idle_ms: fail after so long without a byte either way; -1: never. Gives the exit status.
 */
int _lanes_standard_streams (GIOStream *connection, int idle_ms);

G_END_DECLS
