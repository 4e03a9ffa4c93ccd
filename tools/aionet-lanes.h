/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* Copies between a connection and two other streams in the default main context, for what is no
 * plain socket; aionet-copy.h does those.
 *
 * The end of @input ends what is sent, but not the connection; that of the connection ends
 * @output. It is over when both have ended, or as soon as the connection has if @leaves_early.
 * idle_ms: fail after so long without a byte either way; -1: never. */
typedef void (*LanesDone) (const GError *error, gpointer user_data);

void _lanes_start (GIOStream     *connection,
                   GInputStream  *input,
                   GOutputStream *output,
                   gboolean       leaves_early,
                   int            idle_ms,
                   LanesDone      done,
                   gpointer       user_data);

/* The same with the standard streams, until it is over. Gives the exit status. */
int _lanes_standard_streams (GIOStream *connection, int idle_ms);

G_END_DECLS
