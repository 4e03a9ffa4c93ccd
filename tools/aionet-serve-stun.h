/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* `aionet serve stun`: argv[0] is its own name. Returns the exit status. */
int aionet_serve_stun_main (int argc, char *argv[]);

G_END_DECLS
