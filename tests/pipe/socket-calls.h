/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#pragma once

#include <glib.h>
#include <sys/socket.h>

/* Stands between the library and the system: counts what is asked of sockets, and fails as kernels
 * and paths do that are not there to be had. send () and recv () are left to the tests. */

typedef struct
{
  guint    n_sends; /* calls, however many datagrams each */
  guint    n_receives;
  guint    n_segmented; /* of the datagrams that were to be taken apart */

  int      fail_segments; /* errno for those, 0: none */
  guint    n_busy;        /* so many calls from now find that the kernel takes no more */
  guint16  bad_port;      /* what goes there fails, 0: nowhere */
  int      bad_code;      /* with this errno */
  gboolean is_slow;       /* the coarse clock ticks whenever it is looked at */
  guint    n_ticks;       /* of these */
} SocketCalls;

extern SocketCalls socket_calls;
