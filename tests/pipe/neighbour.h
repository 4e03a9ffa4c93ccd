/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* A second host on the link: a process in a network namespace of its own, at the other end of
 * veth0. It echoes over TCP and UDP on NEIGHBOUR_PORT of all its addresses. */

#define NEIGHBOUR_PORT 7
#define NEIGHBOUR_IPV4 "10.9.0.2"
#define NEIGHBOUR_LINK_LOCAL "fe80::b"

/* After veth_enter (). It ends with this process. */
void neighbour_start (void);
void neighbour_stop (void);

/* What it gets for three messages in a row to there: "echo", "refused", or what the error says.
 * Returns: (transfer full) */
char *neighbour_visits (GSocketProtocol protocol, const char *target);

G_END_DECLS
