/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#pragma once

#include "pipe-helpers.h"

/* A pipe, and the descriptor its peer uses: TCP over loopback. */
AionetPipe *stream_with_peer (int *peer, GSocketFamily family);
/* The same over UDP; the pipe is connected to the peer and the peer to the pipe. */
AionetPipe *datagrams_with_peer (int *peer);

/* Bytes that go in at one descriptor and have to come out at another, unchanged. */
typedef struct
{
  int     in, out;
  guint64 n_total;
  guint64 n_in, n_out;
} Flow;

/* Moves what can be moved now, at most n_max bytes at either end. */
void flow_push (Flow *self, gsize n_max);
void flow_pull (Flow *self, gsize n_max);
/* Until all is through, the loop running. */
void run_flows (Flow *flows, guint n_flows);

void run_until_closed (AionetPipe *pipe);
void write_text (int fd, const char *text);
/* Runs the loop until so much has come, or the end. */
char    *read_text (int fd, gsize length);
gboolean reads_end (int fd); /* TRUE: the end; FALSE: a reset */
void     reset_peer (int *fd);

/* Counts `closed`, and keeps the reason. */
typedef struct
{
  guint   n_closed;
  GError *error; /* (owned) (nullable) */
} Ending;

void watch_ending (AionetPipe *pipe, Ending *ending);
void ending_clear (Ending *ending);
